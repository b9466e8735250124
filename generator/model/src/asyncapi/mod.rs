//! AsyncAPI documents of every version as one shape.
//!
//! Comes in: [`Sources`]. Goes out: a [`Document`] that keeps what versions share and states it the way 3.x does:
//! operations refer to a channel and to messages, and say whether the described application sends or receives. Not done
//! here: turning that to the user's side (the IR does, by role), and reading schemas (the schema module does).
//!
//! A fault that leaves the meaning clear is a warning: what is understood is read, and the rest left out.

mod bindings;
mod channel;
mod expression;
mod foreign;
mod key;
mod media_type;
mod message;
mod operation;
mod patch;
mod reader;
mod security;
mod server;
mod v2;
mod v3;
mod version;

#[cfg(test)]
mod tests;

pub use bindings::{Bindings, HttpBinding, WsBinding};
pub use channel::Channel;
pub use expression::{MessagePart, RuntimeExpression};
pub use media_type::MediaType;
pub use message::{CorrelationId, Example, Message};
pub use operation::{Action, Operation, Reply, ReplyAddress};
pub use security::{SecurityKind, SecurityScheme};
pub use server::{Server, Variable};
pub use version::Version;

use crate::cursor::Cursor;
use crate::diagnostic::Diagnostics;
use crate::schema::{ExternalDocs, SchemaId, Schemas};
use crate::source::Sources;
use reader::Reader;

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
    version::read(&Cursor::root(sources), sources.path_of(sources.root_file()), &mut Diagnostics::default())
}

/// Reads a document.
///
/// `None` when the root is no AsyncAPI document at all, or one of a version that cannot be read; everything else is
/// reported and read around.
pub fn read(sources: &Sources, diagnostics: &mut Diagnostics) -> Option<(Document, Schemas)> {
    let root = Cursor::root(sources);
    let version = version::read(&root, sources.path_of(sources.root_file()), diagnostics)?;
    let mut reader = Reader::new(sources, version, diagnostics);
    let info = reader.info(&root);
    reader.default_content_type = root.string("defaultContentType", reader.diagnostics());
    // Components first: a message or schema that has a name there keeps it.
    let components = root.object("components", reader.diagnostics());
    let mut schemas = Vec::new();
    if let Some(components) = &components {
        reader.security_schemes(components);
        schemas = reader.component_schemas(components);
        reader.component_messages(components);
    }
    reader.servers(&root);
    match version.major {
        2 => reader.channels_v2(&root),
        _ => reader.channels_v3(&root),
    }
    Some(reader.finish(info, schemas))
}
