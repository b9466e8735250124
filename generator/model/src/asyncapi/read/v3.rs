//! AsyncAPI 3.0 and 3.1: operations stand beside channels and refer to them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::message::MessageContext;
use super::v2::OPERATIONS;
use super::{Reader, is_deprecated};
use crate::asyncapi::{Action, Operation, Reply, ReplyAddress};
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic, Span};

/// AsyncAPI 3.0 and 3.1, Operation Object: its keys, and `deprecated`.
const KEYS: [&str; 14] = [
    "$ref",
    "action",
    "bindings",
    "channel",
    "deprecated",
    "description",
    "externalDocs",
    "messages",
    "reply",
    "security",
    "summary",
    "tags",
    "title",
    "traits",
];

impl<'s> Reader<'s, '_> {
    /// `channels` and `operations`.
    pub(super) fn channels_v3<'n>(&mut self, root: &Cursor<'n>)
    where
        's: 'n,
    {
        if let Some(object) = root.object("channels", self.diagnostics()) {
            for (name, cursor) in object.members() {
                let place = cursor.location.clone();
                let Some(cursor) = self.resolve(cursor) else { continue };
                let index = self.channel_v3(name, &cursor);
                self.channel_at.insert(place, index);
            }
        }
        if let Some(object) = root.object("operations", self.diagnostics()) {
            for (name, cursor) in object.members() {
                let Some(cursor) = self.resolve(cursor) else { continue };
                self.operation_v3(name, &cursor);
            }
        }
    }

    fn channel_v3<'n>(&mut self, name: &str, at: &Cursor<'n>) -> usize
    where
        's: 'n,
    {
        let address = self.text(at, "address");
        let index = self.channel(name, at, address);
        self.channel_at.entry(at.location.clone()).or_insert(index);
        let messages = at.member("messages").filter(|messages| !messages.node.is_null());
        if let Some(listed) = messages.as_ref().filter(|messages| messages.node.as_object().is_none()) {
            self.malformed(listed, "the `messages` of a channel must be an object");
        }
        for cursor in messages.iter().flat_map(Cursor::elements) {
            let messages = self.alternatives(cursor, None, name);
            self.carry(index, &messages);
        }
        for (key, cursor) in messages.iter().flat_map(Cursor::members) {
            let messages = self.alternatives(cursor, Some(key), name);
            self.carry(index, &messages);
        }
        for (key, _) in OPERATIONS {
            if let Some(member) = at.member(key).filter(|member| member.node.as_object().is_some()) {
                self.obsolete(key, member.span);
                self.operation_v2(at, key, index);
            }
        }
        index
    }

    fn obsolete(&mut self, word: &str, span: Span) {
        let (others, action) = if word == "publish" { ("publish", "receive") } else { ("subscribe", "send") };
        let diagnostic = Diagnostic::new(Code::ObsoleteOperation, format!("AsyncAPI 3 has no `{word}`"))
            .at(span, format!("read as: others {others}, so the application's action is `{action}`"))
            .help(format!("write an operation with `action: {action}` under `operations`"));
        self.diagnostics().push(diagnostic);
    }

    fn operation_v3<'n>(&mut self, name: &str, own: &Cursor<'n>)
    where
        's: 'n,
    {
        if own.node.as_object().is_none() {
            self.malformed(own, "an operation must be an object");
            return;
        }
        let merged = self.with_traits(own);
        let at = merged.cursor();
        at.check_keys(&KEYS, self.diagnostics());
        let Some(action) = self.action(&at) else { return };
        let Some(channel) = self.channel_of(&at, name) else { return };
        let messages = match at.member("messages").filter(|messages| !messages.node.is_null()) {
            Some(_) => self.messages_of(&at, name, Some(channel)),
            // AsyncAPI 3.0, Operation Object: without `messages`, all of the channel.
            None => self.channels[channel].messages.clone(),
        };
        let named = match at.member("messages").filter(|messages| !messages.node.is_null()) {
            Some(messages) => messages.node.as_array().is_none_or(|listed| !listed.is_empty()),
            None => self.channels[channel].named,
        };
        let operation = Operation {
            id: Some(name.to_owned()),
            location: at.location.clone(),
            span: at.span,
            action,
            channel,
            messages,
            named,
            reply: self.reply(&at, name),
            security: self.security(&at, name),
            title: self.text(&at, "title"),
            summary: self.text(&at, "summary"),
            description: self.text(&at, "description"),
            tags: self.tags(&at),
            external_docs: self.schemas.external_docs(&at),
            bindings: self.bindings(merged.member("bindings")),
            deprecated: is_deprecated(&at),
        };
        self.operations.push(operation);
    }

    fn action(&mut self, at: &Cursor<'_>) -> Option<Action> {
        let action = self.mandatory(at, "action");
        let member = at.member("action")?;
        match action.as_str() {
            "send" => Some(Action::Send),
            "receive" => Some(Action::Receive),
            word => {
                let obsolete = OPERATIONS.into_iter().find(|(known, _)| *known == word);
                if obsolete.is_some() {
                    self.obsolete(word, member.span);
                } else {
                    self.unknown_word(&member, "not an action", &["send", "receive"]);
                }
                obsolete.map(|(_, action)| action)
            }
        }
    }

    /// The channel that an operation or a reply refers to.
    fn channel_of<'n>(&mut self, at: &Cursor<'n>, owner: &str) -> Option<usize>
    where
        's: 'n,
    {
        self.mandatory_member(at, "channel");
        let member = at.member("channel").filter(|member| !member.node.is_null())?;
        if let Some(name) = member.node.as_str() {
            self.malformed(&member, "`channel` must be a `$ref`");
            return self.channels.iter().position(|channel| channel.name == name);
        }
        if let Some(index) = self.find(member.clone(), |reader| &reader.channel_at) {
            return Some(index);
        }
        // One that only `components` has, or that is written in place.
        let referred = member.member("$ref").is_some();
        let target = self.resolve(member)?;
        let name =
            target.location.pointer.last().filter(|_| referred).map_or_else(|| owner.to_owned(), Cow::into_owned);
        Some(self.channel_v3(&name, &target))
    }

    fn mandatory_member(&mut self, at: &Cursor<'_>, key: &str) {
        if at.member(key).is_none() {
            let diagnostic = Diagnostic::new(Code::MissingField, format!("`{key}` is missing"))
                .at(at.span, format!("this has no `{key}`"))
                .help(format!("add `{key}:` with a `$ref` to one of the document's channels"));
            self.diagnostics().push(diagnostic);
        }
    }

    /// `messages` of an operation or a reply.
    fn messages_of<'n>(&mut self, at: &Cursor<'n>, owner: &str, channel: Option<usize>) -> Vec<usize>
    where
        's: 'n,
    {
        let mut messages = Vec::new();
        let mut taken = BTreeSet::new();
        for listed in self.list(at, "messages") {
            let span = listed.node.span;
            let broken = self.is_broken(&listed);
            let found = self.listed_message(listed, owner, channel);
            if found.is_empty() && broken {
                continue;
            }
            if found.is_empty()
                || channel
                    .is_some_and(|channel| found.iter().any(|message| !self.carried.contains(&(channel, *message))))
            {
                self.foreign(span, found.is_empty(), channel);
            }
            if let Some(channel) = channel {
                self.carry(channel, &found);
            }
            messages.extend(found.into_iter().filter(|message| taken.insert(*message)));
        }
        messages
    }

    /// Whether an entry refers to a place that refers to nothing itself, which is reported there.
    fn is_broken(&mut self, at: &Cursor<'_>) -> bool {
        let sources = self.schemas.sources();
        let Some(reference) = at.node.get("$ref") else { return false };
        let target = reference.as_str().and_then(|text| sources.resolve(reference.span.file, text).ok());
        target.is_some_and(|target| {
            let span = target.span;
            let there = Cursor { node: target.node, span, location: target.location };
            self.resolve(there).is_none()
        })
    }

    /// The messages that an entry of `messages` means; none when there is no such message.
    fn listed_message<'n>(&mut self, at: Cursor<'n>, owner: &str, channel: Option<usize>) -> Vec<usize>
    where
        's: 'n,
    {
        if let Some(key) = at.node.as_str() {
            let own = channel.map(|channel| self.channels[channel].messages.as_slice()).unwrap_or_default();
            let named = |index: &usize| self.messages[*index].key.as_deref() == Some(key);
            return own.iter().copied().filter(named).collect();
        }
        let sources = self.schemas.sources();
        let mut silent = crate::diagnostic::Diagnostics::default();
        if at.member("$ref").is_some() {
            return match at.resolve(sources, &mut silent) {
                Some(target) => self.alternatives(target, None, owner),
                None => Vec::new(),
            };
        }
        self.message(at, MessageContext { key: None, owner, position: None }).into_iter().collect()
    }

    fn foreign(&mut self, span: Span, missing: bool, channel: Option<usize>) {
        let (message, label) = if missing {
            ("an operation names a message that does not exist", "it is left out")
        } else {
            (
                "an operation names a message that its channel does not have",
                "the channel is read as if it had this message",
            )
        };
        let mut diagnostic = Diagnostic::new(Code::ForeignMessage, message)
            .at(span, label)
            .help("refer to a message of the channel, as in `#/channels/user/messages/created`");
        if let Some(channel) = channel.map(|channel| &self.channels[channel]) {
            diagnostic = diagnostic.and(channel.span, "the channel of the operation");
        }
        self.diagnostics().push(diagnostic);
    }

    fn reply<'n>(&mut self, operation: &Cursor<'n>, owner: &str) -> Option<Reply>
    where
        's: 'n,
    {
        let member = operation.member("reply").filter(|member| !member.node.is_null())?;
        let at = self.resolve(member)?;
        let owner = format!("{owner}-reply");
        let channel = at.member("channel").and_then(|_| self.channel_of(&at, &owner));
        let messages = match at.member("messages").filter(|messages| !messages.node.is_null()) {
            Some(_) => self.messages_of(&at, &owner, channel),
            None => channel.map(|channel| self.channels[channel].messages.clone()).unwrap_or_default(),
        };
        let address = at.member("address").filter(|address| !address.node.is_null());
        let address = address.and_then(|address| self.resolve(address));
        let address = address.and_then(|address| {
            let expression = self.expression(&address, "location")?;
            Some(ReplyAddress { span: address.node.get("location").map_or(address.span, |node| node.span), expression })
        });
        Some(Reply { channel, address, messages })
    }
}
