//! What a change is about: something in one of the documents.

use eventwire_document::diagnostic::Span;
use eventwire_document::ir::{Origin, TypeId};
use eventwire_document::source::Location;

use super::Side;
use crate::rust::GroupPart;

/// What can be changed in a document, or be lost of its crate.
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
    /// A part of what opens a connection.
    Handshake(usize, HandshakeKey),
}

/// A part of what opens a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HandshakeKey {
    Credentials,
    /// The parameters that stand at one place.
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

/// Something in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entity {
    /// Distinguishes it from everything else of its side.
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

/// Something of the old crate's API that is lost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct AffectedItem {
    /// What it belongs to.
    pub(super) key: EntityKey,
    /// Which side of it.
    pub(super) aspect: Aspect,
}

/// A side of something that code relies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aspect {
    /// What it is itself.
    Own,
    /// How it is made.
    Constructor,
    /// That a list of its parts is complete.
    Complete,
    /// What its operations have of the messages of a set.
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
