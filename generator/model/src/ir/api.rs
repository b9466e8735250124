//! All of an API.

use std::collections::BTreeSet;

use super::{Connection, Documentation, Message, MessageSet, Operation, Rules, TypeDef, TypeId};
use crate::diagnostic::FileId;

/// Everything that is generated for one document.
#[derive(Debug)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// User-facing documentation of the document.
    pub docs: Documentation,
    /// The types, components first, each after what mentions it first.
    pub types: Vec<TypeDef>,
    /// The messages, in document order.
    pub messages: Vec<Message>,
    /// The sets of messages that can be received or sent together.
    pub sets: Vec<MessageSet>,
    /// The operations, in document order.
    pub operations: Vec<Operation>,
    /// How connections are opened: one for each channel that travels over a WebSocket.
    pub connections: Vec<Connection>,
    /// The constraints of the document that types do not express.
    pub rules: Rules,
    /// The files whose schemas are types of another crate.
    pub shared: BTreeSet<FileId>,
}

impl Api {
    /// Returns the type of an id.
    #[must_use]
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }
}
