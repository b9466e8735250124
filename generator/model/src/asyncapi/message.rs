//! Messages.

use super::{Bindings, RuntimeExpression};
use crate::diagnostic::Span;
use crate::schema::{ExternalDocs, SchemaId};
use crate::source::{Location, Node};

/// A message.
#[derive(Debug)]
pub struct Message {
    /// The key it has under `components.messages` or its channel, else `messageId` or `name`, else a word made of the
    /// place where it stands; never absent after reading. Where messages of several channels have one key, it begins with
    /// the channel.
    pub key: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// `title`.
    pub title: Option<String>,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `payload`, when its format is one that is read.
    pub payload: Option<SchemaId>,
    /// `headers`, when their format is one that is read.
    pub headers: Option<SchemaId>,
    /// `contentType`, or the document's `defaultContentType`.
    pub content_type: Option<String>,
    /// `correlationId`.
    pub correlation_id: Option<CorrelationId>,
    /// `examples`, in order.
    pub examples: Vec<Example>,
    /// The names of `tags`.
    pub tags: Vec<String>,
    /// `externalDocs`.
    pub external_docs: Option<ExternalDocs>,
    /// `bindings`.
    pub bindings: Bindings,
    /// `deprecated`, an extension seen in real documents.
    pub deprecated: bool,
    /// `x-eventwire-name`
    pub rust_name: Option<String>,
}

/// A correlation id.
#[derive(Debug)]
pub struct CorrelationId {
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// `description`.
    pub description: Option<String>,
    /// `location`: where in the message it is found.
    pub expression: RuntimeExpression,
}

/// An example of a message.
#[derive(Debug)]
pub struct Example {
    /// Where it stands.
    pub location: Location,
    /// `name`.
    pub name: Option<String>,
    /// `summary`.
    pub summary: Option<String>,
    /// `payload`.
    pub payload: Option<Node>,
    /// `headers`.
    pub headers: Option<Node>,
}
