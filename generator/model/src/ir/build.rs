//! Documents to [`Api`]s.

use std::collections::BTreeSet;

use super::builder::Builder;
use super::key::last_segment;
use super::{
    Api, Direction, DocNote, Documentation, Fallback, Message, MessageSet, Operation, Origin, Scalar, Type, TypeDef,
    TypeRole, connect, decide, finalize, reply, rules,
};
use crate::asyncapi::{self, Action, Document, Version};
use crate::config::{Config, Role};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::{SchemaId, Schemas};
use crate::source::Sources;

/// Returns the default role: a 2.x document describes the service to its clients, a 3.x document an application to
/// those who write it.
#[must_use]
pub fn default_role(version: Version) -> Role {
    if version.major == 2 { Role::Client } else { Role::Application }
}

/// Decides what is generated for a document.
pub fn build(
    document: &Document,
    schemas: &Schemas,
    sources: &Sources,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Api {
    let mut builder = Builder::new(document, schemas, sources, config, diagnostics);
    builder.parts();
    builder.components();
    let messages: Vec<Message> = document.messages.iter().map(|message| builder.message(message)).collect();
    builder.report_unused();
    let Builder { mut types, .. } = builder;
    finalize::finalize_types(&mut types);
    let role = config.role.unwrap_or_else(|| default_role(document.version));
    let (mut sets, mut operations) = operations(document, role, diagnostics);
    reply::assign_sets(document, &mut sets, &mut operations);
    if let Some(fallback) = fallback(config, &messages, diagnostics) {
        for set in sets.iter_mut().filter(|set| set.direction == Direction::Received && set.reply_to.is_none()) {
            // It needs no tag.
            set.members.retain(|member| *member != fallback.message);
            set.fallback = Some(fallback.clone());
        }
    }
    let channels: Vec<&str> = document.channels.iter().map(|channel| channel.name.as_str()).collect();
    let settings = decide::TagSettings::new(config, &messages, &channels, diagnostics);
    for set in &mut sets {
        // Replies are documented on the channel.
        let mut silent = Diagnostics::default();
        let diagnostics = if set.reply_to.is_none() { &mut *diagnostics } else { &mut silent };
        set.dispatch = settings.decide_set(set, &messages, &types, diagnostics);
    }
    mark_usage(&mut types, &sets, &messages);
    let payloads: Vec<Option<SchemaId>> = document.messages.iter().map(|message| message.payload).collect();
    let rules = rules::rules(schemas, &types, &messages, &payloads);
    let connections = connect::connections(document, schemas, diagnostics);
    reply::report_headers(document, &connections, &sets, diagnostics);
    reply::report_addresses(document, &connections, diagnostics);
    Api {
        title: document.info.title.clone(),
        version: document.info.version.clone(),
        docs: Documentation {
            description: document.info.description.clone(),
            tags: document.info.tags.clone(),
            links: document.info.external_docs.iter().cloned().collect(),
            ..Documentation::default()
        },
        types,
        messages,
        sets,
        operations,
        connections,
        rules,
        shared: sources.shared_files().clone(),
    }
}

impl Builder<'_> {
    fn message(&mut self, message: &asyncapi::Message) -> Message {
        let key = message.key.clone().unwrap_or_else(|| {
            let diagnostic = Diagnostic::new(Code::UnnamedMessage, "this message has no name")
                .at(message.span, "no `messageId`, `name` or key under `components.messages`")
                .help("give it a `messageId`");
            self.diagnostics.push(diagnostic);
            last_segment(&message.location.pointer)
        });
        let payload = match message.payload {
            Some(id) => self.payload(id),
            None => Type::Scalar(Scalar::Json),
        };
        let headers = message.headers.map(|id| self.payload(id));
        self.declare_open();
        for used in [Some(&payload), headers.as_ref()].into_iter().flatten() {
            if let Some(id) = used.named() {
                self.types[id.0].role = TypeRole::Payload;
            }
        }
        Message {
            origin: Origin { location: message.location.clone(), span: message.span, name: message.rust_name.clone() },
            key,
            docs: Documentation {
                title: message.summary.clone().or_else(|| message.title.clone()),
                description: message.description.clone(),
                notes: Vec::new(),
                deprecated: message.deprecated,
                tags: message.tags.clone(),
                links: message.external_docs.iter().cloned().collect(),
            },
            payload,
            headers,
            examples: message
                .examples
                .iter()
                .filter_map(|example| Some(example.payload.as_ref()?.to_json().to_string()))
                .collect(),
            content_type: message.content_type.clone(),
            correlation: message.correlation_id.as_ref().map(|id| id.expression.clone()),
        }
    }

    /// The type of a message's payload or headers.
    fn payload(&mut self, id: SchemaId) -> Type {
        if let Some(known) = self.schemas.definition(&[id]).and_then(|definition| self.known.get(&definition)) {
            return known.clone();
        }
        let definition = self.schemas.definition(&[id]).unwrap_or(id);
        if let Some(path) = self.replacement(definition) {
            return path;
        }
        let source = self.name_source(definition);
        let target = self.reserve(definition, source);
        let used = self.declared(definition, target);
        self.known.insert(definition, used.clone());
        let intersection = self.schemas.flatten(&[id], self.diagnostics);
        self.declare(target, &intersection);
        used
    }
}

/// The direction of an operation's messages, from the point of view of the generated crate.
fn direction(action: Action, role: Role) -> Direction {
    match (action, role) {
        (Action::Send, Role::Application) | (Action::Receive, Role::Client) => Direction::Sent,
        (Action::Receive, Role::Application) | (Action::Send, Role::Client) => Direction::Received,
    }
}

fn operations(document: &Document, role: Role, diagnostics: &mut Diagnostics) -> (Vec<MessageSet>, Vec<Operation>) {
    let mut sets: Vec<MessageSet> = Vec::new();
    let mut operations = Vec::new();
    // Messages by the set that they are in.
    let mut taken = BTreeSet::new();
    for operation in &document.operations {
        if operation.messages.is_empty() && operation.named {
            continue;
        }
        if operation.messages.is_empty() {
            let diagnostic = Diagnostic::new(Code::EmptyOperation, "this operation has no message")
                .at(operation.span, "nothing is generated for it")
                .help("add `message:` with what it carries");
            diagnostics.push(diagnostic);
            continue;
        }
        let channel = &document.channels[operation.channel];
        let direction = direction(operation.action, role);
        let known = sets.iter().position(|set| set.channel == channel.name && set.direction == direction);
        let set = known.unwrap_or_else(|| {
            let origin = Origin { location: channel.location.clone(), span: channel.span, name: None };
            sets.push(reply::empty(channel.name.clone(), origin, direction));
            sets.len() - 1
        });
        for message in &operation.messages {
            if taken.insert((set, *message)) {
                sets[set].members.push(*message);
            }
        }
        let reply = reply::reply(document, operation);
        operations.push(Operation { reply, ..lower(operation, channel, direction, set) });
    }
    (sets, operations)
}

fn lower(operation: &asyncapi::Operation, channel: &asyncapi::Channel, direction: Direction, set: usize) -> Operation {
    let verb = match direction {
        Direction::Received => "receive",
        Direction::Sent => "send",
    };
    Operation {
        origin: Origin { location: operation.location.clone(), span: operation.span, name: None },
        key: operation.id.clone().unwrap_or_else(|| format!("{verb}-{}", channel.name)),
        docs: Documentation {
            title: operation.summary.clone().or_else(|| operation.title.clone()),
            description: operation.description.clone(),
            notes: (!operation.security.is_empty())
                .then(|| DocNote::Security(operation.security.clone()))
                .into_iter()
                .collect(),
            deprecated: operation.deprecated,
            tags: operation.tags.clone(),
            links: operation.external_docs.iter().cloned().collect(),
        },
        direction,
        set,
        messages: operation.messages.clone(),
        reply: None,
    }
}

fn fallback(config: &Config, messages: &[Message], diagnostics: &mut Diagnostics) -> Option<Fallback> {
    let wanted = config.event.fallback.as_ref()?;
    let Some(message) = messages.iter().position(|message| message.key == wanted.message) else {
        let known = messages.iter().map(|message| message.key.as_str());
        let diagnostic = config.unused_value(&["event", "fallback", "message"], &wanted.message, "message", known);
        diagnostics.push(diagnostic);
        return None;
    };
    Some(Fallback { message, tag_excludes: wanted.tag_excludes.clone() })
}

/// Marks every type that messages of a set contain, at any depth.
fn mark_usage(types: &mut [TypeDef], sets: &[MessageSet], messages: &[Message]) {
    for set in sets {
        let members = set.members.iter().copied().chain(set.fallback.as_ref().map(|fallback| fallback.message));
        let mut open: Vec<Type> = members.map(|index| messages[index].payload.clone()).collect();
        while let Some(next) = open.pop() {
            match next {
                Type::Boxed(_, inner) | Type::Nullable(inner) | Type::Array(inner) | Type::Map(inner) => {
                    open.push(*inner);
                }
                Type::Scalar(_) | Type::External(_) => {}
                Type::Named(id) => {
                    let usage = &mut types[id.0].usage;
                    let mark = match set.direction {
                        Direction::Received => &mut usage.received,
                        Direction::Sent => &mut usage.sent,
                    };
                    if !std::mem::replace(mark, true) {
                        open.extend(types[id.0].shape.parts());
                    }
                }
            }
        }
    }
}
