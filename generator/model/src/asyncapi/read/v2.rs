//! AsyncAPI 2.0 to 2.6: operations stand in their channels, and the key of a channel is its address.

use super::{Reader, is_deprecated};
use crate::asyncapi::{Action, Operation};
use crate::cursor::Cursor;

/// AsyncAPI 2.0 to 2.6, Operation Object: its keys, and `deprecated`.
const KEYS: [&str; 12] = [
    "$ref",
    "bindings",
    "deprecated",
    "description",
    "externalDocs",
    "message",
    "operationId",
    "security",
    "summary",
    "tags",
    "title",
    "traits",
];

impl<'s> Reader<'s, '_> {
    /// `channels`, with the operations in them.
    pub(super) fn channels_v2<'n>(&mut self, root: &Cursor<'n>)
    where
        's: 'n,
    {
        let Some(object) = root.object("channels", self.diagnostics()) else { return };
        for (name, cursor) in object.members() {
            let Some(cursor) = self.resolve(cursor) else { continue };
            let channel = self.channel(name, &cursor, Some(name.to_owned()));
            for (key, _) in OPERATIONS {
                self.operation_v2(&cursor, key, channel);
            }
        }
    }

    /// The operation under `subscribe` or `publish` of a channel, if there is one.
    pub(super) fn operation_v2<'n>(&mut self, channel: &Cursor<'n>, key: &str, index: usize)
    where
        's: 'n,
    {
        let Some((_, action)) = OPERATIONS.into_iter().find(|(known, _)| *known == key) else { return };
        let Some(own) = channel.object(key, self.diagnostics()).and_then(|own| self.resolve(own)) else { return };
        let merged = self.with_traits(&own);
        let at = merged.cursor();
        at.check_keys(&KEYS, self.diagnostics());
        let id = self.text(&at, "operationId").filter(|id| !id.trim().is_empty());
        let owner = id.clone().unwrap_or_else(|| format!("{}-{key}", self.channels[index].name));
        let message = own.member("message").filter(|message| !message.node.is_null());
        let named = message.is_some();
        let messages = message.map(|message| self.alternatives(message, None, &owner)).unwrap_or_default();
        self.carry(index, &messages);
        let operation = Operation {
            id,
            location: at.location.clone(),
            span: at.span,
            action,
            channel: index,
            messages,
            named,
            reply: None,
            security: self.security(&at, &owner),
            title: None,
            summary: self.text(&at, "summary"),
            description: self.text(&at, "description"),
            tags: self.tags(&at),
            external_docs: self.schemas.external_docs(&at),
            bindings: self.bindings(merged.member("bindings")),
            deprecated: is_deprecated(&at),
        };
        self.operations.push(operation);
    }
}

/// AsyncAPI 2.6, Channel Item Object: others subscribe to what the application sends, and publish what it receives.
pub(super) const OPERATIONS: [(&str, Action); 2] = [("subscribe", Action::Send), ("publish", Action::Receive)];
