//! Messages, and those that travel together.

use super::{Direction, Dispatch, Documentation, Origin, Type};
use crate::asyncapi::RuntimeExpression;

/// A message.
#[derive(Debug)]
pub struct Message {
    /// Where it stands.
    pub origin: Origin,
    /// What it may be called.
    pub key: String,
    /// User-facing documentation.
    pub docs: Documentation,
    /// Its payload.
    pub payload: Type,
    /// Its headers.
    pub headers: Option<Type>,
    /// Its media type, if the document says one; else it is [`DEFAULT_CONTENT_TYPE`].
    pub content_type: Option<String>,
    /// The location of its correlation id.
    pub correlation: Option<RuntimeExpression>,
    /// The payloads of its examples, as JSON.
    pub examples: Vec<String>,
}

/// The media type of messages whose document says none.
pub const DEFAULT_CONTENT_TYPE: &str = "application/json";

/// Messages that can arrive, or be sent, at the same place.
#[derive(Debug)]
pub struct MessageSet {
    /// The key of the channel they travel on.
    pub channel: String,
    /// Where that channel stands.
    pub origin: Origin,
    /// Which way they travel.
    pub direction: Direction,
    /// Indexes into [`Api::messages`](super::Api::messages).
    pub members: Vec<usize>,
    /// How a frame is recognised as one of them.
    pub dispatch: Dispatch,
    /// The message that accepts what no other message claims.
    pub fallback: Option<Fallback>,
    /// Index into [`Api::operations`](super::Api::operations), where these are the replies to one; `None` for the messages of a channel. Such sets
    /// come last.
    pub reply_to: Option<usize>,
}

/// The message that accepts frames whose tag no other message claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallback {
    /// Index into [`Api::messages`](super::Api::messages).
    pub message: usize,
    /// The frame is not its own when the tag contains this text.
    pub tag_excludes: Option<String>,
}
