//! Channels.

use super::{Bindings, Variable};
use crate::diagnostic::Span;
use crate::schema::{ExternalDocs, SchemaId};
use crate::source::Location;

/// A channel.
#[derive(Debug)]
pub struct Channel {
    /// Its key under `channels`.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// The address, with `{parameters}`; `None` when it is only known at run time.
    pub address: Option<String>,
    /// `title`.
    pub title: Option<String>,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `parameters`, in order: exactly those that occur in the address, if that is known.
    pub parameters: Vec<Variable>,
    /// Indexes into [`Document::servers`](super::Document::servers); empty means all.
    pub servers: Vec<usize>,
    /// Indexes into [`Document::messages`](super::Document::messages).
    pub messages: Vec<usize>,
    /// It has `messages` of its own, whether or not they can be read.
    pub named: bool,
    /// `bindings.ws.query`.
    pub query: Option<SchemaId>,
    /// `bindings.ws.headers`.
    pub headers: Option<SchemaId>,
    /// The names of `tags`.
    pub tags: Vec<String>,
    /// `externalDocs`.
    pub external_docs: Option<ExternalDocs>,
    /// `bindings`.
    pub bindings: Bindings,
}
