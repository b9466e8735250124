//! The client against peers on the loopback interface and in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes the functions around the tests for production code"
)]

mod api;
mod bytes;
mod cancellation;
mod clock;
mod delivery;
mod fairness;
mod herd;
mod lifetime;
mod loopback;
mod network;
mod proxy;
mod publishing;
mod recovery;
mod requests;
mod scopes;
mod secrets;
mod serving;
mod stalled;
mod stream_chat;
mod tls;
