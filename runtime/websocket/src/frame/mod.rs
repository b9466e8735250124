//! The frames of RFC 6455, without a socket: [`Reader`] takes bytes and gives messages, [`Writer`] takes messages and gives
//! bytes.
//!
//! Neither logs anything. Both hold no more memory than what they are in the middle of: buffers for the bytes on their way
//! are lent by the thread ([`spare`]) and go back as soon as they are empty.
//!
//! No extension is spoken, so a reserved bit is refused in [`header`]. One that transforms payloads, as compression does,
//! has its place in [`Reader`], between unmasking a piece and appending it to the message.

mod close;
mod header;
mod input;
mod mask;
mod reader;
mod spare;
mod utf8;
mod writer;

use header::Opcode;
pub(super) use input::Input;
pub(super) use reader::{Message, Reader};
pub(super) use writer::Writer;

use super::super::Disconnect;

/// Which end of the connection this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Masks what it sends and refuses masked frames.
    Client,
    /// Masks nothing and refuses frames that are not masked.
    Server,
}

/// Why what the peer sends is of no use any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A violation of the protocol, close code 1002.
    Protocol(&'static str),
    /// Text that is not UTF-8, close code 1007.
    NotUtf8(&'static str),
    /// More than the limits allow, close code 1009.
    TooLarge,
}

impl From<Fault> for Disconnect {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Protocol(message) => Self::Protocol { code: 1002, message: message.to_owned() },
            Fault::NotUtf8(message) => Self::Protocol { code: 1007, message: message.to_owned() },
            Fault::TooLarge => Self::TooLarge,
        }
    }
}

/// The longest payload of a control frame (RFC 6455, section 5.5).
const MAX_CONTROL: usize = 125;

/// The payload of a control frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Control {
    bytes: [u8; MAX_CONTROL],
    len: usize,
}

impl Control {
    const EMPTY: Self = Self { bytes: [0; MAX_CONTROL], len: 0 };

    /// Appends as many bytes as fit.
    fn extend(&mut self, bytes: &[u8]) {
        for (to, from) in self.bytes.iter_mut().skip(self.len).zip(bytes) {
            *to = *from;
            self.len += 1;
        }
    }

    fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
