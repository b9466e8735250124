//! Behaviour that needs more than one crate of the workspace.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes the functions around the tests for production code"
)]

mod additions;
mod building_blocks;
mod cases;
mod circles;
mod faults;
mod hostile;
mod malformed;
mod packages;
mod round_trip;
mod serving;
mod shared;
mod sockets;
mod transports;
