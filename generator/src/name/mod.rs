//! Names: the only place where Rust identifiers are decided.
//!
//! Comes in: an [`Api`] and the settings' `[rename]`. Goes out: [`Names`], a side table by position. A name follows from
//! the place it is for, never from what else is in the document; two places that come to one name are reported with both
//! spans and the setting that settles it.

mod connect;
mod scope;
mod spell;

use std::collections::{BTreeMap, HashSet};

pub use connect::{ConnectionNames, ParameterNames};
pub use eventwire_document::identifier::{camel, nested, shouting, snake};

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Api, Direction, NameSource, Origin, Shape, SharedNames, Type, TypeDef, TypeId, TypeRole};
use crate::source::Pointer;
use scope::Scope;
use spell::Place;

/// The Rust names of everything in an [`Api`], by position.
#[derive(Debug, Default)]
pub struct Names {
    types: Vec<String>,
    /// The names of the types, for looking one up.
    known: HashSet<String>,
    fields: Vec<Vec<String>>,
    values: Vec<Vec<String>>,
    messages: Vec<String>,
    sets: Vec<String>,
    operations: Vec<String>,
    connections: Vec<ConnectionNames>,
}

impl Names {
    /// The name of a type.
    #[must_use]
    pub fn type_name(&self, id: TypeId) -> &str {
        &self.types[id.0]
    }

    /// The name of a struct's field.
    #[must_use]
    pub fn field(&self, id: TypeId, index: usize) -> &str {
        &self.fields[id.0][index]
    }

    /// The variant of an enum's value or of a union's branch.
    #[must_use]
    pub fn value(&self, id: TypeId, index: usize) -> &str {
        &self.values[id.0][index]
    }

    /// The variant of a message.
    #[must_use]
    pub fn message(&self, index: usize) -> &str {
        &self.messages[index]
    }

    /// The enum of a set.
    #[must_use]
    pub fn set(&self, index: usize) -> &str {
        &self.sets[index]
    }

    /// The trait of an operation.
    #[must_use]
    pub fn operation(&self, index: usize) -> &str {
        &self.operations[index]
    }

    /// The names around a connection.
    #[must_use]
    pub fn connection(&self, index: usize) -> &ConnectionNames {
        &self.connections[index]
    }

    /// The names of a type, for crates that do not declare it.
    pub(crate) fn of(&self, id: TypeId) -> SharedNames {
        let TypeId(index) = id;
        let (fields, values) = (self.fields[index].clone(), self.values[index].clone());
        SharedNames { name: self.types[index].clone(), fields, values }
    }

    /// Whether all names are plain ASCII.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        let nested = self.fields.iter().chain(&self.values).flatten();
        let connections = self.connections.iter().flat_map(ConnectionNames::all);
        let own = self.types.iter().chain(nested).chain(&self.messages).chain(&self.sets).chain(&self.operations);
        own.chain(connections).all(|name| name.is_ascii())
    }

    /// Whether a type of the document has this name, so that a prelude name must be written in full.
    #[must_use]
    pub fn shadows(&self, name: &str) -> bool {
        self.known.contains(name)
    }
}

/// Decides every name of an API.
pub fn assign(api: &Api, config: &Config, diagnostics: &mut Diagnostics) -> Names {
    let mut renames = Renames::new(config, api);
    let types = types(api, &mut renames, diagnostics);
    let known = types.iter().cloned().collect();
    let mut names = Names { types, known, ..Names::default() };
    for definition in &api.types {
        names.fields.push(fields(definition, &mut renames, diagnostics));
        names.values.push(values(definition, &mut renames, diagnostics));
    }
    messages(api, &mut names, &mut renames, diagnostics);
    root(api, config, &mut names, &mut renames, diagnostics);
    renames.report(diagnostics);
    names
}

/// The `[rename]` table and which of its entries were used.
struct Renames<'c> {
    config: &'c Config,
    api: &'c Api,
    entries: &'c BTreeMap<String, String>,
    used: Vec<&'c str>,
    offered: Vec<Pointer>,
}

impl<'c> Renames<'c> {
    fn new(config: &'c Config, api: &'c Api) -> Self {
        Self { config, api, entries: &config.rename, used: Vec::new(), offered: Vec::new() }
    }

    fn of(&mut self, origin: &Origin) -> Option<String> {
        let usual = |names: &Self| names.shared(origin).or_else(|| origin.name.clone());
        if self.entries.is_empty() {
            return usual(self);
        }
        let pointer = &origin.location.pointer;
        let entry = self.entries.get_key_value(pointer.as_str());
        self.offered.push(pointer.clone());
        let Some((key, name)) = entry else { return usual(self) };
        self.used.push(key);
        Some(name.clone())
    }

    /// The name that a place in a shared file has in the crate of the shared types.
    fn shared(&self, origin: &Origin) -> Option<String> {
        let shared = self.config.shared.as_ref().filter(|_| self.api.shared.contains(&origin.location.file))?;
        shared.config.rename.get(origin.location.pointer.as_str()).cloned()
    }

    fn report(&self, diagnostics: &mut Diagnostics) {
        for pointer in self.entries.keys().filter(|pointer| !self.used.contains(&pointer.as_str())) {
            let offered = self.offered.iter().map(Pointer::as_str);
            let diagnostic = self.config.idle(&["rename", pointer], "named place", offered);
            diagnostics.push(diagnostic);
        }
    }
}

/// Names of types: those with a key of their own first, so that what is nested gives way to them.
fn types(api: &Api, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let mut scope = Scope::new("type");
    let mut names = vec![String::new(); api.types.len()];
    // What another crate declares has its name already.
    let mut taken = HashSet::new();
    for (definition, name) in api.types.iter().zip(&mut names) {
        let Some(shared) = &definition.shared else { continue };
        name.clone_from(&shared.name);
        if taken.insert(name.clone()) {
            scope.claim(name, &definition.origin, diagnostics);
        }
    }
    let ids = || (0..api.types.len()).map(TypeId).filter(|id| api.get(*id).shared.is_none());
    // What stands in the document itself comes before what stands in other files.
    for own in [true, false] {
        for id in ids() {
            let definition = api.get(id);
            let NameSource::Key { key, file } = &definition.name else { continue };
            if file.is_none() != own {
                continue;
            }
            let name = renames.of(&definition.origin).unwrap_or_else(|| camel(key));
            if is_same(api, definition, &name) {
                names[id.0] = name;
                continue;
            }
            let other = match (file, definition.role) {
                (Some(file), _) => format!("{}{name}", camel(file)),
                (None, TypeRole::Payload) => format!("{name}Message"),
                (None, TypeRole::Part) => name.clone(),
            };
            names[id.0] = scope.take(&[name, other], &definition.origin, diagnostics);
        }
    }
    for id in ids() {
        let definition = api.get(id);
        // A type comes after the one it stands in, so the name around it is known.
        let NameSource::Member { parent, member } = &definition.name else { continue };
        let chosen = renames.of(&definition.origin);
        let name = chosen.unwrap_or_else(|| nested(&names[parent.0], member));
        let other = format!("{name}Inline");
        names[id.0] = scope.take(&[name, other], &definition.origin, diagnostics);
    }
    names
}

/// Whether a type is another name for one of another crate, and the name is the same.
fn is_same(api: &Api, definition: &TypeDef, name: &str) -> bool {
    let Shape::Alias(Type::Named(target)) = &definition.shape else { return false };
    api.get(*target).shared.as_ref().is_some_and(|shared| shared.name == name)
}

/// A struct keeps the members that the document does not name in a field of this name.
pub const EXTRA: &str = "extra";

fn fields(definition: &TypeDef, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    if let Some(shared) = &definition.shared {
        return shared.fields.clone();
    }
    let Shape::Struct(object) = &definition.shape else { return Vec::new() };
    let mut places = Vec::new();
    for field in &object.fields {
        let name = renames.of(&field.origin).unwrap_or_else(|| snake(&field.wire));
        let name = if name == EXTRA { format!("{EXTRA}_") } else { name };
        places.push(Place { wire: &field.wire, name, origin: field.origin.clone() });
    }
    spell::fields(&places, diagnostics)
}

/// An open enum keeps what the document does not list in a variant of this name.
pub const UNRECOGNIZED: &str = "Unrecognized";

fn values(definition: &TypeDef, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    if let Some(shared) = &definition.shared {
        return shared.values.clone();
    }
    let texts: Vec<(&str, &str, Origin, bool)> = match &definition.shape {
        Shape::Enum(list) => {
            let place = definition.origin.location.child("enum");
            let values = list.values.iter().enumerate().map(|(index, value)| {
                let origin = Origin { location: place.child(index), span: value.span, name: None };
                (value.wire.as_str(), UNRECOGNIZED, origin, true)
            });
            values.collect()
        }
        Shape::Union(union) => {
            let branches = union.branches.iter();
            branches.map(|branch| (branch.name.as_str(), UNKNOWN, branch.origin.clone(), branch.positional)).collect()
        }
        Shape::Struct(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => Vec::new(),
    };
    let places = texts.into_iter().map(|(wire, word, origin, named)| {
        // The place of a branch is also the place of its type, whose name the setting gives, and the variant's where it
        // has no other.
        let chosen = if named { renames.of(&origin) } else { None };
        Place { wire, name: chosen.unwrap_or_else(|| reserved(camel(wire), word)), origin }
    });
    spell::variants(&places.collect::<Vec<_>>(), diagnostics)
}

fn reserved(name: String, word: &str) -> String {
    if name == word { format!("{name}_") } else { name }
}

/// The variant that keeps messages the document does not name.
pub const UNKNOWN: &str = "Unknown";

fn messages(api: &Api, names: &mut Names, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) {
    let places = api.messages.iter().map(|message| {
        let name = renames.of(&message.origin).unwrap_or_else(|| camel(&message.key));
        Place { wire: &message.key, name: reserved(name, UNKNOWN), origin: message.origin.clone() }
    });
    let places: Vec<Place<'_>> = places.collect();
    // Messages of different channels may share a key; only those of one set must differ.
    names.messages = spell::within(&places, &api.sets, diagnostics);
}

/// Names at the root of the crate that are not types of the document.
fn root(api: &Api, config: &Config, names: &mut Names, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) {
    let mut scope = Scope::new("item");
    let channels = channels(api, renames, diagnostics);
    let title = config.package.api.clone().unwrap_or_else(|| camel(&api.title));
    for set in api.sets.iter().filter(|set| set.reply_to.is_none()) {
        let prefix = set.channel.as_deref().and_then(|channel| channels.get(channel)).map_or("", String::as_str);
        let name = match set.direction {
            Direction::Received => format!("{prefix}Event"),
            Direction::Sent => format!("{prefix}Command"),
        };
        scope.reserve(&name);
        scope.reserve(&format!("{name}Kind"));
        names.sets.push(name);
    }
    for connection in &api.connections {
        let prefix = channels.get(connection.channel.as_str()).map_or("", String::as_str);
        let name = if prefix.is_empty() { title.clone() } else { format!("{prefix}Api") };
        let mut own = connect::names(connection, prefix, name, renames, diagnostics);
        let root = ["", "Parameters", "Query", "Headers"].map(|part| format!("{}{part}", own.request));
        let beside = root.contains(&own.api) || [&own.server, &own.credentials].contains(&&own.api);
        if beside || scope.is_reserved(&own.api) || PRELUDE.contains(&own.api.as_str()) {
            own.api.push_str("Api");
        }
        for name in [&own.api, &own.server, &own.credentials] {
            scope.reserve(name);
        }
        let groups = own.parameters.iter().chain(&own.query).chain(&own.headers);
        for name in root.iter().chain(groups.map(|parameter| &parameter.kind)) {
            scope.reserve(name);
        }
        names.connections.push(own);
    }
    for operation in &api.operations {
        let name = renames.of(&operation.origin).unwrap_or_else(|| camel(&operation.key));
        let other = format!("{name}Operation");
        let parts: &[&str] = match operation.direction {
            Direction::Received => &["", "Handler", "Responder", "Answers", "ReplyAddress"],
            Direction::Sent => &["", "Caller", "ReplyAddress"],
        };
        // Only an operation that is answered has more than its handler.
        let parts = match (operation.direction, &operation.reply) {
            (_, Some(_)) => parts,
            (Direction::Received, None) => &parts[..2],
            (Direction::Sent, None) => &parts[..1],
        };
        names.operations.push(scope.take_all(&[name, other], parts, &operation.origin, diagnostics));
    }
    for set in &api.sets {
        // Sets of replies come last, so their names follow those of the channels.
        let Some(operation) = set.reply_to else { continue };
        let name = format!("{}Reply", names.operations[operation]);
        let other = format!("{}Replies", names.operations[operation]);
        let candidates = if names.shadows(&name) { vec![other] } else { vec![name, other] };
        names.sets.push(scope.take(&candidates, &set.origin, diagnostics));
    }
}

/// What the file of connections takes from the prelude.
const PRELUDE: [&str; 7] = ["AsRef", "Default", "Into", "None", "Option", "Some", "String"];

/// A prefix for each channel, unless there is just one.
fn channels<'a>(api: &'a Api, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) -> BTreeMap<&'a str, String> {
    let in_sets = api.sets.iter().filter_map(|set| Some((set.channel.as_deref()?, &set.origin)));
    let in_connections = api.connections.iter().map(|connection| (connection.channel.as_str(), &connection.origin));
    let mut places: Vec<Place<'_>> = Vec::new();
    for (wire, origin) in in_sets.chain(in_connections) {
        if !places.iter().any(|known| known.wire == wire) {
            places.push(Place { wire, name: String::new(), origin: origin.clone() });
        }
    }
    if places.len() == 1 {
        return BTreeMap::new();
    }
    for place in &mut places {
        place.name = renames.of(&place.origin).unwrap_or_else(|| camel(place.wire));
    }
    let wires: Vec<&str> = places.iter().map(|place| place.wire).collect();
    let names = spell::apart("channel", &places, |name, word| format!("{name}{}", camel(word)), diagnostics);
    wires.into_iter().zip(names).collect()
}

/// The diagnostic for two places that come to one name.
fn collision(kind: &str, name: &str, origin: &Origin, first: &Origin) -> Diagnostic {
    Diagnostic::new(Code::NameCollision, format!("two places take the {kind} name `{name}`"))
        .at(origin.span, "this one")
        .and(first.span, "and this one")
        .help(format!(
            "give one of them another name in the settings:\n[rename]\n\"{}\" = \"{}\"",
            origin.location.pointer,
            spell::other(name)
        ))
}
