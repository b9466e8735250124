//! The error of sending a message.

use std::error::Error;
use std::fmt;

use eventwire_core::EncodeError;

/// The error of sending a message.
#[derive(Debug)]
#[non_exhaustive]
pub enum SendError {
    /// There is no connection at the moment, or it broke before the message was written.
    NotConnected,
    /// The outbound queue is full: messages are produced faster than the server takes them.
    Full,
    /// The client has ended or is shutting down.
    Closed,
    /// The message is longer than [`Limits::message`](crate::client::Limits::message).
    TooLarge,
    /// The message has no JSON form.
    Encode(EncodeError),
    /// The message is for another address than that of the connection, or has headers, which a WebSocket does not carry.
    Destination,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotConnected => "not connected",
            Self::Full => "the outbound queue is full",
            Self::Closed => "the client has ended",
            Self::TooLarge => "the message is longer than the limit",
            Self::Encode(_) => "the message has no JSON form",
            Self::Destination => "a WebSocket sends to its own address only, and without headers",
        })
    }
}

impl Error for SendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encode(error) => Some(error),
            Self::NotConnected | Self::Full | Self::Closed | Self::TooLarge | Self::Destination => None,
        }
    }
}
