//! Reads bindings.

use super::Reader;
use crate::asyncapi::{Bindings, HttpBinding, WsBinding};
use crate::cursor::Cursor;
use crate::schema::SchemaId;

impl<'s> Reader<'s, '_> {
    /// The bindings at a cursor, which may refer to others.
    pub(super) fn bindings<'n>(&mut self, at: Option<Cursor<'n>>) -> Bindings
    where
        's: 'n,
    {
        let mut bindings = Bindings::default();
        let Some(at) = at.and_then(|at| self.resolve(at)) else { return bindings };
        if at.node.as_object().is_none() && !at.node.is_null() {
            self.malformed(&at, "`bindings` must be an object");
        }
        for (protocol, cursor) in at.members() {
            let Some(cursor) = self.resolve(cursor) else { continue };
            bindings.protocols.push((protocol.to_owned(), cursor.node.clone()));
            match protocol {
                "ws" => bindings.ws = Some(self.ws(&cursor)),
                "http" => bindings.http = Some(self.http(&cursor)),
                _ => {}
            }
        }
        bindings
    }

    fn ws(&mut self, at: &Cursor<'_>) -> WsBinding {
        WsBinding {
            method: self.text(at, "method"),
            query: self.parameters(at, "query"),
            headers: self.parameters(at, "headers"),
        }
    }

    fn http(&mut self, at: &Cursor<'_>) -> HttpBinding {
        HttpBinding {
            method: self.text(at, "method"),
            query: self.parameters(at, "query"),
            headers: self.parameters(at, "headers"),
            status: self.text(at, "statusCode").and_then(|code| code.parse().ok()),
        }
    }

    fn parameters(&mut self, at: &Cursor<'_>, key: &str) -> Option<SchemaId> {
        at.member(key).filter(|schema| schema.node.as_object().is_some()).map(|schema| self.schemas.read(&schema))
    }
}
