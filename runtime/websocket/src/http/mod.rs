//! Heads of HTTP/1.1 messages, and the handshake that turns a connection into a WebSocket (RFC 6455, section 4): the
//! client's side in [`upgrade`], the server's in `request`.

mod answer;
mod headers;
mod key;
#[cfg(feature = "server")]
mod request;
mod target;
mod upgrade;

pub(crate) use answer::{receive, wrong};
#[cfg(feature = "server")]
pub(crate) use request::{Head, Unfit, refusal};
pub(crate) use target::Target;
pub(crate) use upgrade::upgrade;
