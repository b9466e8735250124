//! The WebSocket connection of Eventwire.
//!
//! [`client`] connects, stays connected and hands out events; rules of one API that no document states are a
//! [profile](protocol). The module `server`, behind the feature of that name, is the other end.
//!
//! Most users depend on the crate `eventwire`, which exports everything here.

// Each uses only those above it.
mod clock;
mod frame;
mod lifecycle;

mod http;
mod transport;

pub mod protocol;

mod machine;

mod delivery;

pub mod client;
#[cfg(feature = "server")]
pub mod server;
