//! Sets of messages that can be sent, and the set without messages.

use crate::{DecodeError, EncodeError, EventSet};

/// A set of messages that can be sent; implemented by generated enums.
pub trait Command: Send + 'static {
    /// Encodes the message as JSON.
    ///
    /// # Errors
    ///
    /// When a value has no JSON form.
    fn to_json(&self) -> Result<String, EncodeError>;
}

/// A set without messages: the command of an API that only receives, or the event of one that only sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoMessages {}

impl EventSet for NoMessages {
    type Kind = NoMessages;

    fn from_json(_text: &str) -> Result<Self, DecodeError> {
        Err(DecodeError::custom("no message is expected here"))
    }

    fn kind(&self) -> Option<Self::Kind> {
        match *self {}
    }

    fn kind_of(_text: &str) -> Option<Self::Kind> {
        None
    }
}

impl Command for NoMessages {
    fn to_json(&self) -> Result<String, EncodeError> {
        match *self {}
    }
}
