//! The frames of RFC 6455, without a socket: [`Reader`] takes bytes and gives messages, [`Writer`] takes messages and gives
//! bytes.
//!
//! Neither logs anything. Both hold no more memory than what they are in the middle of: buffers for the bytes on their way
//! are lent by the thread ([`spare`]) and go back as soon as they are empty.
//!
//! No extension is spoken, so a reserved bit is refused in [`header`]. One that transforms payloads, as compression does,
//! has its place in [`Reader`], between unmasking a piece and appending it to the message.

mod close;
mod control;
mod header;
mod input;
mod mask;
mod message;
mod reader;
mod role;
mod spare;
mod utf8;
mod violation;
mod writer;

pub(crate) use input::ReadBuffer;
pub use message::{CloseFrame, Frame, Outgoing, Text};
pub(crate) use reader::{Message, Reader};
pub use role::Role;
pub(crate) use violation::Violation;
pub(crate) use writer::Writer;

#[cfg(test)]
mod tests;
