//! What opens a connection, as data.

pub(crate) mod api;
mod base64;
pub(crate) mod credential;
pub(crate) mod handshake;
