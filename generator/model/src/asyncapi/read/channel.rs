//! Reads channels.

use super::Reader;
use crate::asyncapi::Channel;
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic};

/// AsyncAPI 2.0 to 3.1, Channel Object: its keys, and `deprecated`.
const CHANNEL: [&str; 14] = [
    "$ref",
    "address",
    "bindings",
    "deprecated",
    "description",
    "externalDocs",
    "messages",
    "parameters",
    "publish",
    "servers",
    "subscribe",
    "summary",
    "tags",
    "title",
];

impl<'s> Reader<'s, '_> {
    /// Reads a channel, still without messages, and gives its index.
    pub(super) fn channel<'n>(&mut self, name: &str, at: &Cursor<'n>, address: Option<String>) -> usize
    where
        's: 'n,
    {
        at.check_keys(&CHANNEL, self.diagnostics());
        let declared = self.variables(at, "parameters");
        let parameters = match &address {
            Some(address) => self.placed(declared, &[address], at, "parameters"),
            None => declared,
        };
        let bindings = self.bindings(at.member("bindings"));
        let channel = Channel {
            name: name.to_owned(),
            location: at.location.clone(),
            span: at.span,
            address,
            title: self.text(at, "title"),
            summary: self.text(at, "summary"),
            description: self.text(at, "description"),
            parameters,
            servers: self.channel_servers(at),
            messages: Vec::new(),
            named: !at.member("messages").iter().all(|messages| messages.members().is_empty()),
            query: bindings.ws.as_ref().and_then(|ws| ws.query),
            headers: bindings.ws.as_ref().and_then(|ws| ws.headers),
            tags: self.tags(at),
            external_docs: self.schemas.external_docs(at),
            bindings,
        };
        self.channels.push(channel);
        self.channels.len() - 1
    }

    /// `servers` of a channel: names in 2.x, references in 3.x.
    fn channel_servers<'n>(&mut self, at: &Cursor<'n>) -> Vec<usize>
    where
        's: 'n,
    {
        let mut servers: Vec<usize> = Vec::new();
        for listed in self.list(at, "servers") {
            let span = listed.node.span;
            let (name, index) = if let Some(name) = listed.node.as_str() {
                (name.to_owned(), self.servers.iter().position(|server| server.name == name))
            } else {
                let reference = listed.node.get("$ref").and_then(|reference| reference.as_str()).unwrap_or_default();
                let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
                (name, self.find(listed, |reader| &reader.server_at))
            };
            match index {
                Some(index) if servers.contains(&index) => {}
                Some(index) => servers.push(index),
                None => {
                    let diagnostic = Diagnostic::new(Code::UndeclaredServer, format!("no server is called `{name}`"))
                        .at(span, "this one")
                        .help("name one of the document's `servers`, or remove the entry");
                    self.diagnostics().push(diagnostic);
                }
            }
        }
        servers
    }

    /// Adds messages that the channel does not have yet.
    pub(super) fn carry(&mut self, channel: usize, messages: &[usize]) {
        for message in messages {
            if self.carried.insert((channel, *message)) {
                self.channels[channel].messages.push(*message);
            }
        }
    }
}
