//! Operations.

use super::{Bindings, RuntimeExpression};
use crate::diagnostic::Span;
use crate::schema::ExternalDocs;
use crate::source::Location;

/// The action of the described application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It sends messages.
    Send,
    /// It receives messages.
    Receive,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`, or the key under `operations`; `None` where a 2.x document gives none.
    pub id: Option<String>,
    /// Where it stands.
    pub location: Location,
    /// What to point at.
    pub span: Span,
    /// Whether the application sends or receives.
    pub action: Action,
    /// Index into [`Document::channels`](super::Document::channels).
    pub channel: usize,
    /// Indexes into [`Document::messages`](super::Document::messages).
    pub messages: Vec<usize>,
    /// It names messages; when there are none even so, the reason has been reported.
    pub named: bool,
    /// `reply`, which 2.x does not have.
    pub reply: Option<Reply>,
    /// `security`: alternatives; within one, all schemes are needed.
    pub security: Vec<Vec<String>>,
    /// `title`.
    pub title: Option<String>,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// The names of `tags`.
    pub tags: Vec<String>,
    /// `externalDocs`.
    pub external_docs: Option<ExternalDocs>,
    /// `bindings`.
    pub bindings: Bindings,
    /// `deprecated`, an extension seen in real documents.
    pub deprecated: bool,
}

/// Where a request says to which address the answer goes.
#[derive(Debug)]
pub struct ReplyAddress {
    /// What to point at.
    pub span: Span,
    /// `location`: where in the request it is found.
    pub expression: RuntimeExpression,
}

/// The reply of an operation.
#[derive(Debug)]
pub struct Reply {
    /// Index into [`Document::channels`](super::Document::channels); `None` when it is only known at run time.
    pub channel: Option<usize>,
    /// Where the request says to which address the answer goes.
    pub address: Option<ReplyAddress>,
    /// Indexes into [`Document::messages`](super::Document::messages).
    pub messages: Vec<usize>,
}
