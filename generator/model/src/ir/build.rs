//! Documents to [`Api`]s.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    Api, Direction, Docs, Fact, Fallback, Message, MessageSet, NameSource, Operation, Origin, Scalar, Shape, Type,
    TypeDef, TypeId, TypeRole, Usage, connect, reply, rules, settle, tell,
};
use crate::asyncapi::{self, Action, Document, Version};
use crate::config::{Config, Role};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::{Flat, SchemaId, Schemas, TypeSet};
use crate::source::{Location, Pointer, Sources};

/// Whose side is taken where the settings do not say it: a 2.x document describes the service to its clients, a 3.x
/// document an application to those who write it.
#[must_use]
pub fn usual_role(version: Version) -> Role {
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
    builder.report_idle();
    let Builder { mut types, .. } = builder;
    settle::settle(&mut types);
    let role = config.role.unwrap_or_else(|| usual_role(document.version));
    let (mut sets, mut operations) = operations(document, role, diagnostics);
    reply::place(document, &mut sets, &mut operations);
    if let Some(fallback) = fallback(config, &messages, diagnostics) {
        for set in sets.iter_mut().filter(|set| set.direction == Direction::Received && set.reply_to.is_none()) {
            // It needs nothing that sets it apart.
            set.members.retain(|member| *member != fallback.message);
            set.fallback = Some(fallback.clone());
        }
    }
    let channels: Vec<&str> = document.channels.iter().map(|channel| channel.name.as_str()).collect();
    let settings = tell::Settings::new(config, &messages, &channels, diagnostics);
    for set in &mut sets {
        // What there is to say of replies is said of the channel.
        let mut silent = Diagnostics::default();
        let diagnostics = if set.reply_to.is_none() { &mut *diagnostics } else { &mut silent };
        set.tell = settings.decide_set(set, &messages, &types, diagnostics);
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
        docs: Docs {
            description: document.info.description.clone(),
            tags: document.info.tags.clone(),
            links: document.info.external_docs.iter().cloned().collect(),
            ..Docs::default()
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

/// What building types carries along.
pub(super) struct Builder<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) types: Vec<TypeDef>,
    document: &'a Document,
    sources: &'a Sources,
    pub(super) config: &'a Config,
    replaced: BTreeSet<&'a str>,
    components: BTreeMap<SchemaId, TypeId>,
    known: BTreeMap<SchemaId, Type>,
    /// The messages that give payloads and headers their names, whether or not something else refers to these as well.
    parts: BTreeMap<SchemaId, NameSource>,
    /// Types without a key, by the schemas that they are the intersection of.
    anonymous: BTreeMap<(Vec<SchemaId>, Vec<SchemaId>, TypeSet), Type>,
    referenced: BTreeSet<SchemaId>,
    /// Types that references lead to and that are still to be declared: chains of them are longer than a stack is deep.
    open: VecDeque<(TypeId, Flat)>,
}

impl<'a> Builder<'a> {
    fn new(
        document: &'a Document,
        schemas: &'a Schemas,
        sources: &'a Sources,
        config: &'a Config,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            sources,
            config,
            replaced: BTreeSet::new(),
            schemas,
            diagnostics,
            types: Vec::new(),
            document,
            components: BTreeMap::new(),
            known: BTreeMap::new(),
            parts: BTreeMap::new(),
            anonymous: BTreeMap::new(),
            referenced: schemas.referenced(),
            open: VecDeque::new(),
        }
    }

    /// Notes which schemas are named by a message: those that stand in one, and those of other files that have no key there.
    fn parts(&mut self) {
        let document = self.document;
        for message in &document.messages {
            let key = message.key.clone().unwrap_or_else(|| place_key(&message.location.pointer));
            let payload = (message.rust_name.as_ref().unwrap_or(&key), message.payload, "payload");
            for (key, schema, part) in [payload, (&key, message.headers, "headers")] {
                let definition = schema.map(|id| self.schemas.definition(&[id]).unwrap_or(id));
                let named = |id: &SchemaId| self.place_name(*id).is_some() || self.is_in_table(*id);
                let Some(definition) = definition.filter(|id| !named(id)) else { continue };
                let source = NameSource::Message { key: key.clone(), part };
                self.parts.entry(definition).or_insert(source);
            }
        }
    }

    /// Gives every schema under `components.schemas` a type.
    fn components(&mut self) {
        for (name, id) in &self.document.schemas {
            if let Some(path) = self.replacement(*id) {
                self.known.insert(*id, path);
                continue;
            }
            let id_type = self.reserve(*id, NameSource::Key { key: name.clone(), file: self.other_file(*id) });
            self.components.insert(*id, id_type);
            let used = self.declared(*id, id_type);
            self.known.insert(*id, used);
        }
        for (_, id) in &self.document.schemas {
            if let Some(target) = self.components.get(id).copied() {
                self.fill(target, *id);
                self.declare_open();
            }
        }
    }

    /// The Rust type that the settings, or else the document, put in the place of a schema.
    fn replacement(&mut self, id: SchemaId) -> Option<Type> {
        let schema = self.schemas.get(id);
        let pointer = schema.location.pointer.as_str();
        if let Some(shared) = self.config.shared.as_ref().filter(|_| self.sources.is_shared(schema.location.file)) {
            let path = shared.config.replace.get(pointer).or(schema.further().rust_type.as_ref());
            return path.cloned().map(Type::External);
        }
        let Some((known, path)) = self.config.replace.get_key_value(pointer) else {
            return schema.further().rust_type.clone().map(Type::External);
        };
        self.replaced.insert(known);
        Some(Type::External(path.clone()))
    }

    /// Reports the replacements that no schema asked for.
    fn report_idle(&mut self) {
        for pointer in self.config.replace.keys().filter(|pointer| !self.replaced.contains(pointer.as_str())) {
            let known = self.document.schemas.iter().map(|(_, id)| self.schemas.get(*id).location.pointer.as_str());
            self.diagnostics.push(self.config.idle(&["replace", pointer], "schema that is used", known));
        }
    }

    fn reserve(&mut self, id: SchemaId, name: NameSource) -> TypeId {
        self.types.push(TypeDef {
            origin: self.origin(id),
            name,
            docs: Docs::default(),
            shape: Shape::Alias(Type::Scalar(Scalar::Json)),
            usage: Usage::default(),
            role: TypeRole::Part,
            schemas: Vec::new(),
            apart: Vec::new(),
            shared: false,
        });
        TypeId(self.types.len() - 1)
    }

    pub(super) fn origin(&self, id: SchemaId) -> Origin {
        let schema = self.schemas.get(id);
        // At a property, a name in lower case is the field's.
        let is_type = |name: &&String| name.starts_with(char::is_uppercase) || !is_property(&schema.location.pointer);
        let name = schema.further().rust_name.as_ref().filter(is_type).cloned();
        Origin { location: schema.location.clone(), span: schema.span, name }
    }

    /// A use of the type that is declared for a schema: an alias says itself that it can be `null`, anything else cannot.
    fn declared(&mut self, id: SchemaId, target: TypeId) -> Type {
        // A schema that only refers to another becomes an alias of it.
        if self.schemas.definition(&[id]).is_some_and(|definition| definition != id) {
            return Type::Named(target);
        }
        let flat = self.schemas.flatten(&[id], self.diagnostics);
        if self.is_alias(&flat) { Type::Named(target) } else { super::shape::nullable(&flat, Type::Named(target)) }
    }

    /// Decides the shape of the type that is reserved for a component.
    fn fill(&mut self, target: TypeId, id: SchemaId) {
        // Reports a circle of references, which has no definition at its end.
        let flat = self.schemas.flatten(&[id], self.diagnostics);
        // A component that only refers to another is an alias of it.
        match self.schemas.definition(&[id]).filter(|definition| *definition != id) {
            Some(definition) => {
                let aimed = self.use_of(&[definition], target, "");
                self.types[target.0].shape = Shape::Alias(aimed);
            }
            None => self.declare(target, &flat),
        }
    }

    fn declare(&mut self, target: TypeId, flat: &Flat) {
        self.types[target.0].docs = super::shape::docs(flat);
        self.types[target.0].schemas.clone_from(&flat.asked);
        self.types[target.0].apart.clone_from(&flat.apart);
        self.types[target.0].shape = self.shape(flat, target);
    }

    /// Declares what references lead to.
    fn declare_open(&mut self) {
        while let Some((target, flat)) = self.open.pop_front() {
            self.declare(target, &flat);
        }
    }

    /// The type for a use of schemas that all apply, inside `parent` under `member`.
    pub(super) fn use_of(&mut self, ids: &[SchemaId], parent: TypeId, member: &str) -> Type {
        if let Some(known) = self.known_use(ids, parent, member) {
            return known;
        }
        let flat = self.schemas.flatten(ids, self.diagnostics);
        let Some(first) = ids.first() else { return Type::Scalar(Scalar::Json) };
        self.place(&flat, *first, parent, member)
    }

    /// [`Builder::use_of`] for schemas of which everything but members and elements is met already.
    pub(super) fn use_of_bare(&mut self, bare: Flat, parent: TypeId, member: &str) -> Type {
        if let Some(known) = self.known_use(&bare.asked, parent, member) {
            return known;
        }
        let Some(first) = bare.asked.first().copied() else { return Type::Scalar(Scalar::Json) };
        let flat = self.schemas.complete(bare, self.diagnostics);
        self.place(&flat, first, parent, member)
    }

    /// The type for a use of schemas that need not be looked into.
    fn known_use(&mut self, ids: &[SchemaId], parent: TypeId, member: &str) -> Option<Type> {
        if let Some(path) = ids.iter().rev().find_map(|id| self.replacement(*id)) {
            return Some(path);
        }
        if let [only] = ids
            && let Some(target) = self.schemas.nullable_reference(*only)
        {
            return Some(super::union::make_nullable(self.use_of(&[target], parent, member)));
        }
        let definition = self.schemas.definition(ids)?;
        if let Some(known) = self.known.get(&definition) {
            return Some(known.clone());
        }
        if let Some(path) = self.replacement(definition) {
            return Some(path);
        }
        self.referenced.contains(&definition).then(|| self.referenced(definition, parent, member))
    }

    /// The type for a flattened schema that stands at `origin`, inside `parent` under `member`.
    pub(super) fn place(&mut self, flat: &Flat, origin: SchemaId, parent: TypeId, member: &str) -> Type {
        // Only what can contain itself has to be remembered before it is known.
        let key =
            (flat.parts.clone(), flat.unions.iter().map(|group| group.owner).collect(), super::shape::stated(flat));
        if let Some(known) = self.anonymous.get(&key) {
            return known.clone();
        }
        if let Some(simple) = self.simple(flat, parent, member) {
            return simple;
        }
        let target = self.reserve(origin, NameSource::Member { parent, member: member.to_owned() });
        let used = super::shape::nullable(flat, Type::Named(target));
        self.anonymous.insert(key, used.clone());
        self.declare(target, flat);
        used
    }

    /// A schema that some `$ref` aims at but that is no component: named by its own place, so that its name does not
    /// depend on who is met first.
    fn referenced(&mut self, definition: SchemaId, parent: TypeId, member: &str) -> Type {
        let flat = self.schemas.flatten(&[definition], self.diagnostics);
        if super::shape::is_plain(&flat) {
            return self.place(&flat, definition, parent, member);
        }
        let target = self.reserve(definition, self.name_source(definition));
        let used = self.declared(definition, target);
        self.known.insert(definition, used.clone());
        self.open.push_back((target, flat));
        used
    }

    /// The file that a schema stands in, by the name it lends to types, when that is not the document's own.
    fn other_file(&self, id: SchemaId) -> Option<String> {
        let file = self.schemas.get(id).location.file;
        if file == self.sources.root_file() {
            return None;
        }
        let path = self.sources.path_of(file);
        let name = path.rsplit('/').next().unwrap_or(path);
        Some(name.split('.').next().unwrap_or(name).to_owned())
    }

    /// The key that a schema is known by, if it has one.
    pub(super) fn key(&self, id: SchemaId) -> Option<String> {
        if let Some(target) = self.known.get(&id).and_then(Type::named)
            && let NameSource::Key { key, .. } = &self.types[target.0].name
        {
            return Some(key.clone());
        }
        if !self.referenced.contains(&id) {
            return None;
        }
        match self.parts.get(&id) {
            Some(NameSource::Message { key, part }) => Some(format!("{key}-{part}")),
            Some(NameSource::Key { .. } | NameSource::Member { .. }) | None => self.place_name(id),
        }
    }

    /// Where the name of a schema comes from that is no component and stands in no type that is known.
    fn name_source(&self, id: SchemaId) -> NameSource {
        if let Some(part) = self.parts.get(&id) {
            return part.clone();
        }
        let file = self.other_file(id);
        let way = self.way(id).join("-");
        let key = match (self.place_name(id), &file) {
            (Some(key), _) => key,
            (None, Some(file)) if !self.is_in_table(id) => format!("{file}-{way}"),
            (None, None) if way.is_empty() => place_key(&self.schemas.get(id).location.pointer),
            (None, _) => way,
        };
        NameSource::Key { key, file }
    }

    /// Whether a schema stands in one that has a key among schemas.
    fn is_in_table(&self, id: SchemaId) -> bool {
        let segments: Vec<_> = self.schemas.get(id).location.pointer.segments().collect();
        let (outer, _) = segments.split_at(segments.len().saturating_sub(1));
        outer.iter().any(|key| key != "messages" && TABLES.contains(&key.as_ref()))
    }

    /// The name that the place of a schema gives to it. `None` where the place has no key, as that of an alternative, and where
    /// it is a message's.
    fn place_name(&self, id: SchemaId) -> Option<String> {
        let pointer = &self.schemas.get(id).location.pointer;
        if pointer.as_str().is_empty() {
            // A file that is a schema is named by the file.
            return self.other_file(id);
        }
        let inside = Pointer::parse(pointer.as_str().trim_end_matches("/schema")).unwrap_or_default();
        let is_part = inside.last().is_some_and(|last| matches!(last.as_ref(), "payload" | "headers"));
        let is_part =
            is_part && inside.parent().is_some_and(|parent| !parent.as_str().is_empty() && !is_table(&parent));
        let is_numbered = pointer.last().is_some_and(|last| last.parse::<usize>().is_ok())
            && pointer.parent().is_some_and(|parent| !is_table(&parent));
        if is_part || is_numbered {
            return None;
        }
        Some(self.way(id).join("-")).filter(|way| !way.is_empty())
    }

    /// The way to a schema from the nearest key around it, in the words that name what stands in a type.
    fn way(&self, id: SchemaId) -> Vec<String> {
        let location = &self.schemas.get(id).location;
        let segments: Vec<String> = location.pointer.segments().map(Cow::into_owned).collect();
        let is_table = |index: &usize| {
            TABLES.contains(&segments[*index].as_str()) && (*index == 0 || segments[*index - 1] != "properties")
        };
        // The last segment is a key, whatever it is called.
        let table = (0..segments.len().saturating_sub(1)).rfind(is_table);
        let start = table.map_or(0, |table| table + 1);
        let mut words = Vec::new();
        for (index, key) in segments.iter().enumerate().skip(start) {
            let before = index.checked_sub(1).map_or("", |index| segments[index].as_str());
            match (before, key.as_str()) {
                (_, key) if before == "properties" || table.is_some() && index == start => words.push(key.to_owned()),
                ("oneOf" | "anyOf", number) => {
                    let list = segments[..index].iter().fold(Pointer::root(), |pointer, key| pointer.child(key));
                    let branch = |index: usize| Location { file: location.file, pointer: list.child(index) };
                    let position: usize = number.parse().unwrap_or_default();
                    let branches = (0..=position).map_while(|index| self.schemas.at(&branch(index)));
                    let branches: Vec<SchemaId> = branches.collect();
                    let name = self.inline_names(&branches).into_iter().nth(position);
                    words.push(name.map_or_else(|| format!("Variant{}", position.saturating_add(1)), |(name, _)| name));
                }
                ("allOf", number) => words.push(format!("part-{}", number.parse().unwrap_or(0) + 1)),
                (_, "items") => words.push("item".to_owned()),
                (_, "additionalProperties") => words.push("value".to_owned()),
                (_, "properties" | "allOf" | "oneOf" | "anyOf" | "schema") => {}
                (_, key) => words.push(key.to_owned()),
            }
        }
        words
    }

    fn message(&mut self, message: &asyncapi::Message) -> Message {
        let key = message.key.clone().unwrap_or_else(|| {
            let diagnostic = Diagnostic::new(Code::UnnamedMessage, "this message has no name")
                .at(message.span, "no `messageId`, `name` or key under `components.messages`")
                .help("give it a `messageId`");
            self.diagnostics.push(diagnostic);
            place_key(&message.location.pointer)
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
            docs: Docs {
                title: message.summary.clone().or_else(|| message.title.clone()),
                description: message.description.clone(),
                facts: Vec::new(),
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
        let flat = self.schemas.flatten(&[id], self.diagnostics);
        self.declare(target, &flat);
        used
    }
}

/// Whether a place is that of a property's schema.
pub(super) fn is_property(pointer: &crate::source::Pointer) -> bool {
    pointer.parent().is_some_and(|parent| parent.last().is_some_and(|key| key == "properties"))
}

/// What schemas and messages stand in under keys of their own.
const TABLES: [&str; 4] = ["schemas", "definitions", "$defs", "messages"];

/// Whether a place is that of such a table.
fn is_table(pointer: &Pointer) -> bool {
    pointer.last().is_some_and(|last| TABLES.contains(&last.as_ref()))
        && !pointer.parent().is_some_and(|above| is_property(&above))
}

/// The last segment of a place.
fn place_key(pointer: &Pointer) -> String {
    pointer.last().unwrap_or_default().into_owned()
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
        docs: Docs {
            title: operation.summary.clone().or_else(|| operation.title.clone()),
            description: operation.description.clone(),
            facts: (!operation.security.is_empty())
                .then(|| Fact::Security(operation.security.clone()))
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
        let diagnostic = config.idle_value(&["event", "fallback", "message"], &wanted.message, "message", known);
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
                        open.extend(settle::parts(&types[id.0].shape));
                    }
                }
            }
        }
    }
}
