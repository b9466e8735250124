//! Behaviour that needs more than one crate of the workspace.

mod cases;
mod malformed;
mod round_trip;
mod sockets;
