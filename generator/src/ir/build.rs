//! Documents to [`Api`]s.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Api, Direction, Docs, Fallback, Message, MessageSet, NameSource, Operation, Origin, Scalar, Shape, Type,
    TypeDef, TypeId, TypeRole, Usage, connect, tell,
};
use crate::asyncapi::{self, Action, Document};
use crate::config::{Config, Role};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::{SchemaId, Schemas};

/// Decides what is generated for a document.
pub fn build(document: &Document, schemas: &Schemas, config: &Config, diagnostics: &mut Diagnostics) -> Api {
    let mut builder = Builder::new(document, schemas, diagnostics);
    builder.components();
    let messages: Vec<Message> = document.messages.iter().map(|message| builder.message(message)).collect();
    let Builder { mut types, .. } = builder;
    box_nested(&mut types);
    let role = config.role.unwrap_or(Role::Client);
    let (mut sets, operations) = operations(document, role, diagnostics);
    if let Some(fallback) = fallback(config, &messages, diagnostics) {
        for set in sets.iter_mut().filter(|set| set.direction == Direction::Received) {
            set.fallback = Some(fallback.clone());
        }
    }
    for set in &mut sets {
        set.tell = tell::decide(set, &messages, &types, diagnostics);
    }
    mark_usage(&mut types, &sets, &messages);
    Api {
        title: document.info.title.clone(),
        version: document.info.version.clone(),
        description: document.info.description.clone(),
        types,
        messages,
        sets,
        operations,
        connections: connect::connections(document, schemas, diagnostics),
    }
}

/// What building types carries along.
pub(super) struct Builder<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) types: Vec<TypeDef>,
    document: &'a Document,
    components: BTreeMap<SchemaId, TypeId>,
    known: BTreeMap<SchemaId, Type>,
    referenced: BTreeSet<SchemaId>,
}

impl<'a> Builder<'a> {
    fn new(document: &'a Document, schemas: &'a Schemas, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            schemas,
            diagnostics,
            types: Vec::new(),
            document,
            components: BTreeMap::new(),
            known: BTreeMap::new(),
            referenced: schemas.referenced(),
        }
    }

    /// Gives every schema under `components.schemas` a type.
    fn components(&mut self) {
        for (name, id) in &self.document.schemas {
            let id_type = self.reserve(*id, NameSource::Key(name.clone()));
            self.components.insert(*id, id_type);
            self.known.insert(*id, Type::Named(id_type));
        }
        for (_, id) in &self.document.schemas {
            if let Some(target) = self.components.get(id).copied() {
                self.fill(target, &[*id]);
            }
        }
    }

    fn reserve(&mut self, id: SchemaId, name: NameSource) -> TypeId {
        let schema = self.schemas.get(id);
        self.types.push(TypeDef {
            origin: Origin { location: schema.location.clone(), span: schema.span },
            name,
            docs: Docs::default(),
            shape: Shape::Alias(Type::Scalar(Scalar::Json)),
            usage: Usage::default(),
            role: TypeRole::Part,
        });
        TypeId(self.types.len() - 1)
    }

    /// Decides the shape of a reserved type.
    fn fill(&mut self, target: TypeId, ids: &[SchemaId]) {
        let component = self.components.values().any(|known| *known == target);
        // A component that only refers to another is an alias of it.
        let alias = ids.first().and_then(|id| self.schemas.definition(&[*id]).filter(|definition| definition != id));
        if let Some(definition) = alias.filter(|_| component) {
            let aimed = self.use_of(&[definition], target, "");
            self.types[target.0].shape = Shape::Alias(aimed);
        } else {
            let flat = self.schemas.flatten(ids, self.diagnostics);
            self.types[target.0].docs = super::shape::docs(&flat);
            self.types[target.0].shape = self.shape(&flat, target);
        }
    }

    /// The type for a use of schemas that all apply, inside `parent` under `member`.
    pub(super) fn use_of(&mut self, ids: &[SchemaId], parent: TypeId, member: &str) -> Type {
        if let Some(definition) = self.schemas.definition(ids) {
            if let Some(known) = self.known.get(&definition) {
                return known.clone();
            }
            if self.referenced.contains(&definition) {
                return self.referenced(definition, parent, member);
            }
        }
        let flat = self.schemas.flatten(ids, self.diagnostics);
        if let Some(simple) = self.simple(&flat, parent, member) {
            return simple;
        }
        let Some(first) = ids.first() else { return Type::Scalar(Scalar::Json) };
        let target = self.reserve(*first, NameSource::Member { parent, member: member.to_owned() });
        self.types[target.0].docs = super::shape::docs(&flat);
        self.types[target.0].shape = self.shape(&flat, target);
        super::shape::nullable(&flat, Type::Named(target))
    }

    /// A schema that some `$ref` aims at but that is no component: named by its own place, so that its name does not
    /// depend on who is met first.
    fn referenced(&mut self, definition: SchemaId, parent: TypeId, member: &str) -> Type {
        let flat = self.schemas.flatten(&[definition], self.diagnostics);
        if let Some(simple) = self.simple(&flat, parent, member) {
            return simple;
        }
        let location = &self.schemas.get(definition).location;
        let key = location.pointer.last().unwrap_or(member).to_owned();
        let target = self.reserve(definition, NameSource::Key(key));
        let used = super::shape::nullable(&flat, Type::Named(target));
        self.known.insert(definition, used.clone());
        self.types[target.0].docs = super::shape::docs(&flat);
        self.types[target.0].shape = self.shape(&flat, target);
        used
    }

    fn message(&mut self, message: &asyncapi::Message) -> Message {
        let key = message.key.clone().unwrap_or_else(|| {
            let diagnostic = Diagnostic::new(Code::UnnamedMessage, "this message has no name")
                .at(message.span, "no `messageId`, `name` or key under `components.messages`")
                .help("give it a `messageId`");
            self.diagnostics.push(diagnostic);
            message.location.pointer.last().unwrap_or_default().to_owned()
        });
        let payload = match message.payload {
            Some(id) => self.payload(id, &key),
            None => Type::Scalar(Scalar::Json),
        };
        if let Type::Named(id) = payload {
            self.types[id.0].role = TypeRole::Payload;
        }
        Message {
            origin: Origin { location: message.location.clone(), span: message.span },
            key,
            docs: Docs {
                title: message.summary.clone().or_else(|| message.title.clone()),
                description: message.description.clone(),
                facts: Vec::new(),
                deprecated: message.deprecated,
            },
            payload,
        }
    }

    fn payload(&mut self, id: SchemaId, key: &str) -> Type {
        if let Some(known) = self.schemas.definition(&[id]).and_then(|definition| self.known.get(&definition)) {
            return known.clone();
        }
        let definition = self.schemas.definition(&[id]).unwrap_or(id);
        let target = self.reserve(definition, NameSource::Key(format!("{key}-payload")));
        self.known.insert(definition, Type::Named(target));
        self.fill(target, &[id]);
        Type::Named(target)
    }
}

/// Puts structs that stand in structs behind pointers: a payload stays small, and recursion ends.
fn box_nested(types: &mut [TypeDef]) {
    let structs: BTreeSet<TypeId> = types
        .iter()
        .enumerate()
        .filter(|(_, definition)| matches!(definition.shape, Shape::Struct(_)))
        .map(|(index, _)| TypeId(index))
        .collect();
    for definition in types {
        let Shape::Struct(object) = &mut definition.shape else { continue };
        for field in &mut object.fields {
            match &mut field.value {
                super::FieldValue::Constant(_) => {}
                super::FieldValue::Required(inner) | super::FieldValue::Optional(inner) => put_behind(inner, &structs),
            }
        }
    }
}

fn put_behind(inner: &mut Type, structs: &BTreeSet<TypeId>) {
    match inner {
        Type::Named(id) if structs.contains(id) => *inner = Type::Boxed(Box::new(Type::Named(*id))),
        Type::Nullable(some) => put_behind(some, structs),
        Type::Named(_) | Type::Boxed(_) | Type::Array(_) | Type::Map(_) | Type::Scalar(_) => {}
    }
}

/// Which way the messages of an operation travel, seen from the generated crate.
fn direction(action: Action, role: Role) -> Direction {
    match (action, role) {
        (Action::Send, Role::Application) | (Action::Receive, Role::Client) => Direction::Sent,
        (Action::Receive, Role::Application) | (Action::Send, Role::Client) => Direction::Received,
    }
}

fn operations(document: &Document, role: Role, diagnostics: &mut Diagnostics) -> (Vec<MessageSet>, Vec<Operation>) {
    let mut sets: Vec<MessageSet> = Vec::new();
    let mut operations = Vec::new();
    let shared = document.channels.len() == 1;
    for operation in &document.operations {
        if operation.messages.is_empty() {
            let diagnostic = Diagnostic::new(Code::EmptyOperation, "this operation has no message")
                .at(operation.span, "nothing is generated for it")
                .help("add `message:` with what it carries");
            diagnostics.push(diagnostic);
            continue;
        }
        let channel = &document.channels[operation.channel];
        let direction = direction(operation.action, role);
        let name = (!shared).then(|| channel.name.clone());
        let known = sets.iter().position(|set| set.channel == name && set.direction == direction);
        let set = known.unwrap_or_else(|| {
            sets.push(MessageSet {
                channel: name,
                direction,
                members: Vec::new(),
                tell: super::Tell::Only,
                fallback: None,
            });
            sets.len() - 1
        });
        for message in &operation.messages {
            if !sets[set].members.contains(message) {
                sets[set].members.push(*message);
            }
        }
        operations.push(lower(operation, channel, direction, set));
    }
    (sets, operations)
}

fn lower(
    operation: &asyncapi::Operation,
    channel: &asyncapi::Channel,
    direction: Direction,
    set: usize,
) -> Operation {
    let verb = match direction {
        Direction::Received => "receive",
        Direction::Sent => "send",
    };
    Operation {
        origin: Origin { location: operation.location.clone(), span: operation.span },
        key: operation.id.clone().unwrap_or_else(|| format!("{verb}-{}", channel.name)),
        docs: Docs {
            title: operation.summary.clone(),
            description: operation.description.clone(),
            facts: Vec::new(),
            deprecated: false,
        },
        direction,
        set,
        messages: operation.messages.clone(),
    }
}

fn fallback(config: &Config, messages: &[Message], diagnostics: &mut Diagnostics) -> Option<Fallback> {
    let wanted = config.event.fallback.as_ref()?;
    let Some(message) = messages.iter().position(|message| message.key == wanted.message) else {
        let diagnostic = Diagnostic::new(Code::IdleSetting, "`event.fallback` names no message of the document")
            .note(format!("no message has the key `{}`", wanted.message))
            .help("use a key of `components.messages`, or remove the setting");
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
                Type::Boxed(inner) | Type::Nullable(inner) | Type::Array(inner) | Type::Map(inner) => open.push(*inner),
                Type::Scalar(_) => {}
                Type::Named(id) => {
                    let usage = &mut types[id.0].usage;
                    let mark = match set.direction {
                        Direction::Received => &mut usage.received,
                        Direction::Sent => &mut usage.sent,
                    };
                    if !std::mem::replace(mark, true) {
                        open.extend(parts(&types[id.0].shape));
                    }
                }
            }
        }
    }
}

/// The types that a shape mentions.
fn parts(shape: &Shape) -> Vec<Type> {
    match shape {
        Shape::Struct(object) => object
            .fields
            .iter()
            .filter_map(|field| match &field.value {
                super::FieldValue::Constant(_) => None,
                super::FieldValue::Required(inner) | super::FieldValue::Optional(inner) => Some(inner.clone()),
            })
            .collect(),
        Shape::Enum(_) => Vec::new(),
        Shape::Alias(inner) => vec![inner.clone()],
    }
}
