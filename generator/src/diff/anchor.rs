//! What a change is about: something in one of the documents.

use super::Side;
use crate::diagnostic::Span;
use crate::ir::{Origin, TypeId};
use crate::source::Location;

/// Something in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Tells it from everything else of its side.
    pub(super) key: String,
    /// Where it stands.
    pub(super) location: Location,
    /// What to point at.
    pub(super) span: Span,
}

impl Anchor {
    pub(super) fn new(key: String, origin: &Origin) -> Self {
        Self { key, location: origin.location.clone(), span: origin.span }
    }
}

impl Side {
    /// A type.
    pub(super) fn type_anchor(&self, id: TypeId) -> Anchor {
        Anchor::new(type_key(id), &self.api.get(id).origin)
    }

    /// A message of a set.
    pub(super) fn message_anchor(&self, set: usize, message: usize) -> Anchor {
        Anchor::new(message_key(set, message), &self.api.messages[message].origin)
    }

    /// A set.
    pub(super) fn set_anchor(&self, set: usize) -> Anchor {
        Anchor::new(set_key(set), &self.api.sets[set].origin)
    }

    /// An operation.
    pub(super) fn operation_anchor(&self, operation: usize) -> Anchor {
        Anchor::new(operation_key(operation), &self.api.operations[operation].origin)
    }

    /// A connection.
    pub(super) fn connection_anchor(&self, connection: usize) -> Anchor {
        Anchor::new(connection_key(connection), &self.api.connections[connection].origin)
    }
}

pub(super) fn type_key(id: TypeId) -> String {
    format!("type {}", id.0)
}

/// A member, value, branch or position of a type.
pub(super) fn part_key(id: TypeId, part: &str) -> String {
    format!("type {} {part}", id.0)
}

pub(super) fn set_key(set: usize) -> String {
    format!("set {set}")
}

pub(super) fn message_key(set: usize, message: usize) -> String {
    format!("set {set} message {message}")
}

pub(super) fn operation_key(operation: usize) -> String {
    format!("operation {operation}")
}

pub(super) fn connection_key(connection: usize) -> String {
    format!("connection {connection}")
}

/// A server, parameter or credential of a connection.
pub(super) fn handshake_key(connection: usize, part: &str) -> String {
    format!("connection {connection} {part}")
}
