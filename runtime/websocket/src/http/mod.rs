//! Heads of HTTP/1.1 messages, and the handshake that turns a connection into a WebSocket (RFC 6455, section 4): the
//! client's side in [`upgrade`], the server's in `request`.

mod headers;
mod key;
#[cfg(feature = "server")]
mod request;
mod response;
mod target;
mod upgrade;

#[cfg(feature = "server")]
pub(crate) use request::{BadRequest, Head, rejection};
pub(crate) use response::{receive, wrong};
pub(crate) use target::RequestTarget;
pub(crate) use upgrade::upgrade;
