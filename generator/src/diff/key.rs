//! What a change is about: something in one of the documents.

use eventwire_document::diagnostic::Span;
use eventwire_document::ir::{Origin, TypeId};
use eventwire_document::source::Location;

use super::Side;
use crate::rust::GroupPart;

/// What can be changed in a document, or be lost of its crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Type(TypeId),
    /// A member, value, branch or position of a type.
    Part(TypeId, String),
    Set(usize),
    /// A message of a set.
    Message(usize, usize),
    Operation(usize),
    Connection(usize),
    /// A part of what opens a connection.
    Handshake(usize, Handshake),
}

/// A part of what opens a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Handshake {
    Credentials,
    /// The parameters that stand at one place.
    Group(Group),
    Parameter(Group, String),
}

/// Where parameters stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Part(GroupPart),
    /// In the address of a server.
    Server(String),
}

/// Something in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Distinguishes it from everything else of its side.
    pub(super) key: Key,
    /// Where it stands.
    pub(super) location: Location,
    /// What to point at.
    pub(super) span: Span,
}

impl Anchor {
    pub(super) fn new(key: Key, origin: &Origin) -> Self {
        Self { key, location: origin.location.clone(), span: origin.span }
    }
}

/// Something of the old crate's API that is lost.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Loss {
    /// What it belongs to.
    pub(super) key: Key,
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
    pub(super) fn type_anchor(&self, id: TypeId) -> Anchor {
        Anchor::new(Key::Type(id), &self.api.get(id).origin)
    }

    /// A message of a set.
    pub(super) fn message_anchor(&self, set: usize, message: usize) -> Anchor {
        Anchor::new(Key::Message(set, message), &self.api.messages[message].origin)
    }

    /// A set.
    pub(super) fn set_anchor(&self, set: usize) -> Anchor {
        Anchor::new(Key::Set(set), &self.api.sets[set].origin)
    }

    /// An operation.
    pub(super) fn operation_anchor(&self, operation: usize) -> Anchor {
        Anchor::new(Key::Operation(operation), &self.api.operations[operation].origin)
    }

    /// A connection.
    pub(super) fn connection_anchor(&self, connection: usize) -> Anchor {
        Anchor::new(Key::Connection(connection), &self.api.connections[connection].origin)
    }
}
