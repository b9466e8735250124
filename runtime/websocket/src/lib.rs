//! The WebSocket connection of Eventwire.
//!
//! [`client`] connects, stays connected and hands out events; rules of one API that no document states are a [`profile`].
//! The module `server`, behind the feature of that name, is the other end.
//!
//! Most users depend on the crate `eventwire`, which exports everything here.

pub mod client;
mod headers;
pub mod profile;
#[cfg(feature = "server")]
pub mod server;
