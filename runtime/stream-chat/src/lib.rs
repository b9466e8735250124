//! Stream Chat: the rules of its WebSocket API that no document states, and what servers of an application do with its
//! secret.
//!
//! Most users depend on the crate `eventwire`, which exports both modules as `profile::stream_chat` and
//! `stream_chat_server`.

#[cfg(feature = "client")]
pub mod profile;
#[cfg(feature = "server")]
pub mod server;
