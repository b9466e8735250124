//! Reads messages.

use std::collections::BTreeSet;

use super::{Reader, is_deprecated};
use crate::asyncapi::{CorrelationId, Example, MediaType, Message};
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic};
use crate::extension;

/// AsyncAPI 2.0 to 3.1, Message Object: its keys, and `deprecated`.
const MESSAGE: [&str; 19] = [
    "$ref",
    "bindings",
    "contentType",
    "correlationId",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "headers",
    "messageId",
    "name",
    "oneOf",
    "payload",
    "schemaFormat",
    "summary",
    "tags",
    "title",
    "traits",
];

/// What a message may be called that has no name of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct MessageContext<'p> {
    /// The key that leads to it, if that is a name.
    pub(super) key: Option<&'p str>,
    /// A word for what it belongs to.
    pub(super) owner: &'p str,
    /// Its position among several.
    pub(super) position: Option<usize>,
}

impl<'s> Reader<'s, '_> {
    /// `components.messages`.
    pub(super) fn component_messages<'n>(&mut self, components: &Cursor<'n>)
    where
        's: 'n,
    {
        let Some(object) = components.object("messages", self.diagnostics()) else { return };
        for (name, cursor) in object.members() {
            self.alternatives(cursor, Some(name), name);
        }
    }

    /// One message, or several under `oneOf`; each once.
    pub(super) fn alternatives<'n>(&mut self, at: Cursor<'n>, key: Option<&str>, owner: &str) -> Vec<usize>
    where
        's: 'n,
    {
        let mut single = Vec::new();
        let mut open = vec![at];
        let mut passed = Vec::new();
        let mut several = false;
        while let Some(next) = open.pop() {
            let Some(next) = self.resolve(next) else { continue };
            let listed = if next.node.as_array().is_some() { Some(next.clone()) } else { next.member("oneOf") };
            match listed {
                Some(listed) if passed.contains(&listed.location) => {}
                Some(listed) => {
                    several = true;
                    if listed.node.as_array().is_none() || next.node.as_array().is_some() {
                        self.malformed(&listed, "several messages are a list under `oneOf`");
                    }
                    open.extend(listed.elements().into_iter().rev());
                    passed.push(listed.location);
                }
                None => single.push(next),
            }
        }
        let mut messages = Vec::new();
        let mut taken = BTreeSet::new();
        for (position, cursor) in single.into_iter().enumerate() {
            let context = if several {
                MessageContext { key: None, owner, position: Some(position + 1) }
            } else {
                MessageContext { key, owner, position: None }
            };
            messages.extend(self.message(cursor, context).filter(|index| taken.insert(*index)));
        }
        messages
    }

    /// Reads the message at a cursor, once; gives its index, or nothing when a reference leads nowhere.
    pub(super) fn message<'n>(&mut self, at: Cursor<'n>, context: MessageContext<'_>) -> Option<usize>
    where
        's: 'n,
    {
        let at = self.resolve(at)?;
        if let Some(index) = self.known.get(&at.location) {
            return Some(*index);
        }
        if at.node.as_object().is_none() && !at.node.is_null() {
            self.malformed(&at, "a message must be an object");
            return None;
        }
        let index = self.messages.len();
        let message = self.new_message(&at, context);
        self.known.insert(at.location, index);
        self.messages.push(message);
        Some(index)
    }

    fn new_message<'n>(&mut self, own: &Cursor<'n>, context: MessageContext<'_>) -> Message
    where
        's: 'n,
    {
        let merged = self.with_traits(own);
        let at = merged.cursor();
        at.check_keys(&MESSAGE, self.diagnostics());
        let payload = merged.member("payload").filter(|payload| !payload.node.is_null());
        let headers = merged.member("headers").filter(|headers| !headers.node.is_null());
        let name = self.text(&at, "name");
        let key = self.message_key(&at, context, name.as_deref());
        let content_type = self.content_type(&at, payload.as_ref());
        let format = self.text(&at, "schemaFormat");
        Message {
            key: Some(key),
            name,
            location: at.location.clone(),
            span: at.span,
            title: self.text(&at, "title"),
            summary: self.text(&at, "summary"),
            description: self.text(&at, "description"),
            payload: payload.and_then(|payload| self.schema(&payload, format.as_deref())),
            headers: headers.and_then(|headers| self.schema(&headers, None)),
            content_type,
            correlation_id: self.correlation_id(&at),
            examples: self.examples(&at),
            tags: self.tags(&at),
            external_docs: self.schemas.external_docs(&at),
            bindings: self.bindings(merged.member("bindings")),
            deprecated: is_deprecated(&at),
            rust_name: extension::name(&at, self.diagnostics()),
        }
    }

    /// The content type that holds for a message; what is not JSON is reported where there is a payload.
    fn content_type(&mut self, at: &Cursor<'_>, payload: Option<&Cursor<'_>>) -> Option<String> {
        let content = self.text(at, "contentType").or_else(|| self.default_content_type.clone());
        if let (Some(content), Some(payload)) =
            (content.as_ref().filter(|content| !MediaType::of(content).is_json()), payload)
        {
            let diagnostic = Diagnostic::new(Code::UnsupportedContentType, format!("`{content}` is not JSON"))
                .at(payload.span, "the type of this payload is generated with its JSON form")
                .help("set `contentType: application/json` if that is what is sent");
            self.diagnostics().push(diagnostic);
        }
        content
    }

    fn correlation_id<'n>(&mut self, at: &Cursor<'n>) -> Option<CorrelationId>
    where
        's: 'n,
    {
        let member = at.member("correlationId").filter(|member| !member.node.is_null())?;
        let at = self.resolve(member)?;
        self.mandatory(&at, "location");
        let expression = self.expression(&at, "location")?;
        let description = self.text(&at, "description");
        Some(CorrelationId { location: at.location, span: at.span, description, expression })
    }

    fn examples<'n>(&mut self, at: &Cursor<'n>) -> Vec<Example>
    where
        's: 'n,
    {
        let mut examples = Vec::new();
        for example in self.list(at, "examples") {
            let Some(example) = self.schemas.resolve_aside(example) else { continue };
            let part = |key: &str| example.node.get(key).cloned();
            let (payload, headers) = (part("payload"), part("headers"));
            if payload.is_none() && headers.is_none() {
                self.malformed(&example, "an example has `payload`, `headers` or both");
                continue;
            }
            examples.push(Example {
                name: self.text(&example, "name"),
                summary: self.text(&example, "summary"),
                location: example.location,
                payload,
                headers,
            });
        }
        examples
    }

    /// The names of `tags`.
    pub(super) fn tags<'n>(&mut self, at: &Cursor<'n>) -> Vec<String>
    where
        's: 'n,
    {
        let mut names = Vec::new();
        for tag in self.list(at, "tags") {
            let Some(tag) = self.schemas.resolve_aside(tag) else { continue };
            match tag.node.as_str() {
                Some(name) => names.push(name.to_owned()),
                None => names.extend(self.text(&tag, "name")),
            }
        }
        names
    }
}
