//! Operations and their replies.

use super::{Documentation, Origin};
use crate::asyncapi::RuntimeExpression;

/// A direction, from the point of view of the generated crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The generated crate receives it.
    Received,
    /// The generated crate sends it.
    Sent,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Received => Self::Sent,
            Self::Sent => Self::Received,
        }
    }
}

/// An operation, seen from the generated crate.
#[derive(Debug)]
pub struct Operation {
    /// Where it stands.
    pub origin: Origin,
    /// `operationId`, or a name made from channel and direction.
    pub key: String,
    /// User-facing documentation.
    pub docs: Documentation,
    /// The direction of its messages.
    pub direction: Direction,
    /// Index into [`Api::sets`](super::Api::sets).
    pub set: usize,
    /// Indexes into [`Api::messages`](super::Api::messages).
    pub messages: Vec<usize>,
    /// Its reply, in the other direction.
    pub reply: Option<Reply>,
}

/// What answers an operation.
#[derive(Debug)]
pub struct Reply {
    /// Indexes into [`Api::messages`](super::Api::messages), at least one.
    pub messages: Vec<usize>,
    /// How it comes back.
    pub route: ReplyRoute,
    /// Index into [`Api::sets`](super::Api::sets), where there are several messages.
    pub set: Option<usize>,
}

/// How the reply to an operation comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyRoute {
    /// Over the connection of the request.
    Connection {
        /// Index into [`Api::sets`](super::Api::sets): what travels that way on this connection.
        set: usize,
    },
    /// Over another channel.
    Channel {
        /// Its key.
        key: String,
        /// Its address, if that is known.
        address: Option<String>,
    },
    /// To an address in the request.
    Dynamic(RuntimeExpression),
}

/// A message that can be the reply to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Index into [`Api::messages`](super::Api::messages): which message it is.
    pub message: usize,
    /// The path to the value in its payload that is copied from the request.
    pub correlation: Option<String>,
}
