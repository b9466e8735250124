//! Servers, their variables and channel parameters.

use super::{Bindings, RuntimeExpression};
use crate::diagnostic::Span;
use crate::schema::{ExternalDocs, SchemaId};
use crate::source::Location;

/// A server.
#[derive(Debug)]
pub struct Server {
    /// Its key under `servers`.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// Host and port; may contain `{variables}`.
    pub host: String,
    /// The path after the host, with its slash; may be empty.
    pub pathname: String,
    /// `protocol`, as written.
    pub protocol: String,
    /// `protocolVersion`.
    pub protocol_version: Option<String>,
    /// `title`.
    pub title: Option<String>,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `variables`, in order: exactly those that occur in the host and path.
    pub variables: Vec<Variable>,
    /// `security`: alternatives; within one, all schemes are needed.
    pub security: Vec<Vec<String>>,
    /// `bindings.ws.query`, which the specification does not allow here but real documents write.
    pub query: Option<SchemaId>,
    /// The names of `tags`.
    pub tags: Vec<String>,
    /// `externalDocs`.
    pub external_docs: Option<ExternalDocs>,
    /// `bindings`.
    pub bindings: Bindings,
}

/// A server variable or a channel parameter.
#[derive(Debug)]
pub struct Variable {
    /// Its name between the braces.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// `description`.
    pub description: Option<String>,
    /// `default`.
    pub default: Option<String>,
    /// `enum`; empty where anything goes.
    pub values: Vec<String>,
    /// Whether its schema says that it is an integer.
    pub integer: bool,
    /// `examples`.
    pub examples: Vec<String>,
    /// `location` of a channel parameter: where in a message its value is found.
    pub expression: Option<RuntimeExpression>,
    /// `x-eventwire-name`
    pub rust_name: Option<String>,
}
