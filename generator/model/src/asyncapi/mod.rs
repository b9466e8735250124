//! AsyncAPI documents of every version as one shape.
//!
//! Comes in: [`Sources`]. Goes out: a [`Document`] that keeps what versions share and states it the way 3.x does:
//! operations refer to a channel and to messages, and say whether the described application sends or receives. Not done
//! here: turning that to the user's side (the IR does, by role), and reading schemas (the schema module does).
//!
//! A fault that leaves the meaning clear is a warning: what is understood is read, and the rest left out.

mod media_type;
mod operation;
mod read;
mod version;

#[cfg(test)]
mod tests;

pub use media_type::MediaType;
pub use operation::{Action, Operation, Reply, ReplyAddress};
pub use read::{
    Bindings, Channel, CorrelationId, Example, HttpBinding, Message, MessagePart, RuntimeExpression, SecurityKind,
    SecurityScheme, Server, Variable, WsBinding, read,
};
pub use version::Version;

use crate::cursor::Cursor;
use crate::diagnostic::Diagnostics;
use crate::schema::{ExternalDocs, SchemaId};
use crate::source::Sources;

/// A document, normalised.
#[derive(Debug)]
pub struct Document {
    /// `asyncapi`, as it is understood.
    pub version: Version,
    /// `info`.
    pub info: Info,
    /// `defaultContentType`.
    pub default_content_type: Option<String>,
    /// `servers`, in order.
    pub servers: Vec<Server>,
    /// `channels`, in order.
    pub channels: Vec<Channel>,
    /// `operations`, in order; in 2.x, in order of their channels.
    pub operations: Vec<Operation>,
    /// Every message that a channel, an operation or `components` names, once.
    pub messages: Vec<Message>,
    /// `components.schemas`, in order: their names and schemas.
    pub schemas: Vec<(String, SchemaId)>,
    /// `components.securitySchemes`, in order, and those that are written where they are needed.
    pub security_schemes: Vec<SecurityScheme>,
}

/// `info`.
#[derive(Debug, Clone, Default)]
pub struct Info {
    /// `title`.
    pub title: String,
    /// `version`.
    pub version: String,
    /// `description`.
    pub description: Option<String>,
    /// The names of `tags`; 2.x has them at the root.
    pub tags: Vec<String>,
    /// `externalDocs`; 2.x has them at the root.
    pub external_docs: Option<ExternalDocs>,
}

/// The version of a document; `None` for one that cannot be read.
#[must_use]
pub fn version(sources: &Sources) -> Option<Version> {
    version::read(&Cursor::root(sources), &mut Diagnostics::default())
}
