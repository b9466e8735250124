//! The entities of the documents that changes are about.

use eventwire_document::diagnostic::Span;
use eventwire_document::ir::{Origin, TypeId};
use eventwire_document::source::Location;

use super::Side;
use crate::rust::GroupPart;

/// An entity of a document that can change, or that the crate can lose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EntityKey {
    Type(TypeId),
    /// A member, value, branch or position of a type.
    Part(TypeId, String),
    Set(usize),
    /// A message of a set.
    Message(usize, usize),
    Operation(usize),
    Connection(usize),
    /// A part of a connection request.
    Handshake(usize, HandshakeKey),
}

/// A part of a connection request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HandshakeKey {
    Credentials,
    /// The parameters at one location.
    Group(GroupKey),
    Parameter(GroupKey, String),
}

/// Where parameters stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GroupKey {
    Part(GroupPart),
    /// In the address of a server.
    Server(String),
}

/// An entity of one of the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entity {
    /// Identifies it within its side.
    pub(super) key: EntityKey,
    /// Where it stands.
    pub(super) location: Location,
    /// What to point at.
    pub(super) span: Span,
}

impl Entity {
    pub(super) fn new(key: EntityKey, origin: &Origin) -> Self {
        Self { key, location: origin.location.clone(), span: origin.span }
    }
}

/// An item of the old crate's API that was lost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AffectedItem {
    /// What it belongs to.
    pub(super) key: EntityKey,
    /// Which side of it.
    pub(super) aspect: Aspect,
}

/// An aspect of an item that code relies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aspect {
    /// What it is itself.
    Own,
    /// How it is made.
    Constructor,
    /// Its list of parts is complete.
    Complete,
    /// The messages of a set in its operations.
    Messages,
}

impl Side {
    /// A type.
    pub(super) fn type_entity(&self, id: TypeId) -> Entity {
        Entity::new(EntityKey::Type(id), &self.api.get(id).origin)
    }

    /// A message of a set.
    pub(super) fn message_entity(&self, set: usize, message: usize) -> Entity {
        Entity::new(EntityKey::Message(set, message), &self.api.messages[message].origin)
    }

    /// A set.
    pub(super) fn set_entity(&self, set: usize) -> Entity {
        Entity::new(EntityKey::Set(set), &self.api.sets[set].origin)
    }

    /// An operation.
    pub(super) fn operation_entity(&self, operation: usize) -> Entity {
        Entity::new(EntityKey::Operation(operation), &self.api.operations[operation].origin)
    }

    /// A connection.
    pub(super) fn connection_entity(&self, connection: usize) -> Entity {
        Entity::new(EntityKey::Connection(connection), &self.api.connections[connection].origin)
    }
}
