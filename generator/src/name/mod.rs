//! Names: the only place where Rust identifiers are decided.
//!
//! Comes in: an [`Api`] and the settings' `[rename]`. Goes out: [`Names`], a side table by position. A name follows from
//! the place it is for and the settings, never from what else is in the document. Where two places come to one name, the one
//! that gives way, and the setting that names it for good, are reported.

mod connect;
mod scope;
mod spell;

use std::collections::{BTreeMap, BTreeSet, HashSet};

pub use connect::{ConnectionNames, ParameterNames};
pub use eventwire_document::identifier::{camel, nested, shouting, snake};

use eventwire_document::config::Config;
use eventwire_document::diagnostic::Diagnostics;
use eventwire_document::ir::{
    Api, Direction, NameSource, Operation, Origin, ParameterValue, Shape, Type, TypeDef, TypeId,
};
use eventwire_document::source::Pointer;
use scope::{Claim, Scope};
use spell::Candidate;

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
    /// Returns the name of a type.
    #[must_use]
    pub fn type_name(&self, id: TypeId) -> &str {
        &self.types[id.0]
    }

    /// Returns the name of a struct's field.
    #[must_use]
    pub fn field(&self, id: TypeId, index: usize) -> &str {
        &self.fields[id.0][index]
    }

    /// Returns the variant of an enum's value or of a union's branch.
    #[must_use]
    pub fn value(&self, id: TypeId, index: usize) -> &str {
        &self.values[id.0][index]
    }

    /// Returns the variant of a message.
    #[must_use]
    pub fn message(&self, index: usize) -> &str {
        &self.messages[index]
    }

    /// Returns the enum of a set.
    #[must_use]
    pub fn set(&self, index: usize) -> &str {
        &self.sets[index]
    }

    /// Returns the trait of an operation.
    #[must_use]
    pub fn operation(&self, index: usize) -> &str {
        &self.operations[index]
    }

    /// Returns the names around a connection.
    #[must_use]
    pub fn connection(&self, index: usize) -> &ConnectionNames {
        &self.connections[index]
    }

    /// The names of a type, for crates that do not declare it.
    pub(crate) fn of(&self, id: TypeId) -> TypeNames {
        let TypeId(index) = id;
        let (fields, values) = (self.fields[index].clone(), self.values[index].clone());
        TypeNames { name: self.types[index].clone(), fields, values }
    }

    /// Returns whether all names are plain ASCII.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        let nested = self.fields.iter().chain(&self.values).flatten();
        let connections = self.connections.iter().flat_map(ConnectionNames::all);
        let own = self.types.iter().chain(nested).chain(&self.messages).chain(&self.sets).chain(&self.operations);
        own.chain(connections).all(|name| name.is_ascii())
    }

    /// Returns whether a type of the document has this name, so that a prelude name must be written in full.
    #[must_use]
    pub fn shadows(&self, name: &str) -> bool {
        self.known.contains(name)
    }
}

/// The names of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeNames {
    /// The type.
    pub name: String,
    /// The fields of a struct.
    pub fields: Vec<String>,
    /// The variants of an enum or union.
    pub values: Vec<String>,
}

/// Decides every name of an API; `shared` are those of types that another crate declares.
pub fn assign(
    api: &Api,
    shared: &BTreeMap<TypeId, TypeNames>,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Names {
    let mut renames = Renames::new(config, api);
    let mut root = Root { api, scope: Scope::default(), operations: vec![None; api.operations.len()] };
    for module in MODULES {
        root.scope.reserve(module);
    }
    let types = root.types(shared, &mut renames, diagnostics);
    let known = types.iter().cloned().collect();
    let mut names = Names { types, known, ..Names::default() };
    for (index, definition) in api.types.iter().enumerate() {
        if let Some(shared) = shared.get(&TypeId(index)) {
            names.fields.push(shared.fields.clone());
            names.values.push(shared.values.clone());
            continue;
        }
        names.fields.push(fields(definition, &mut renames, diagnostics));
        names.values.push(values(definition, &mut renames, diagnostics));
    }
    messages(api, &mut names, &mut renames, diagnostics);
    root.rest(config, &mut names, &mut renames, diagnostics);
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

    /// The name that the settings, or else the document, give to a place.
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
            let diagnostic = self.config.unused_setting(&["rename", pointer], "named place", offered);
            diagnostics.push(diagnostic);
        }
    }
}

/// The modules at the root of a crate.
const MODULES: [&str; 7] = ["client", "codec", "connect", "events", "messages", "operations", "types"];

/// Everything that the root of the crate exports, which is one namespace.
struct Root<'a> {
    api: &'a Api,
    scope: Scope,
    /// The names of the traits, once they are known.
    operations: Vec<Option<String>>,
}

impl Root<'_> {
    /// Names of types. What is named by the settings comes first, then what has a key, then what stands in something else.
    fn types(
        &mut self,
        shared: &BTreeMap<TypeId, TypeNames>,
        renames: &mut Renames<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<String> {
        let api = self.api;
        let mut names = vec![String::new(); api.types.len()];
        // What another crate declares has its name already.
        for (id, shared) in shared {
            names[id.0].clone_from(&shared.name);
            self.scope.claim(&shared.name, &api.get(*id).origin);
        }
        for id in (0..api.types.len()).map(TypeId).filter(|id| !shared.contains_key(id)) {
            let definition = api.get(id);
            let Some(name) = chosen(api, definition, renames) else { continue };
            names[id.0].clone_from(&name);
            if !is_same(definition, &name, shared) {
                names[id.0] =
                    self.scope.claim_first_free(&Claim::new("type", vec![name], &definition.origin), diagnostics);
            }
        }
        for (index, operation) in api.operations.iter().enumerate() {
            self.operations[index] =
                renames.of(&operation.origin).map(|name| self.operation(name, operation, diagnostics));
        }
        // What stands in the document itself comes before what stands in other files.
        for own in [true, false] {
            for (index, definition) in by_text(&api.types, |definition| definition.origin.location.pointer.as_str()) {
                let NameSource::Key { key, file } = &definition.name else { continue };
                if file.is_none() != own || !names[index].is_empty() {
                    continue;
                }
                let name = camel(key);
                names[index].clone_from(&name);
                if is_same(definition, &name, shared) {
                    continue;
                }
                let longer = file.as_ref().map(|file| format!("{}{name}", camel(file)));
                let claim = Claim::new("type", [name].into_iter().chain(longer.clone()).collect(), &definition.origin);
                let (name, holder) = self.scope.find_free(&claim);
                // The name of the file is enough of a reason.
                if longer.as_ref() != Some(&name) {
                    diagnostics.extend(scope::collision(&claim, &name, &holder));
                }
                names[index] = name;
            }
        }
        for index in 0..api.types.len() {
            if !names[index].is_empty() {
                continue;
            }
            let definition = api.get(TypeId(index));
            let candidates = match &definition.name {
                NameSource::Key { key, .. } => vec![camel(key)],
                NameSource::Message { key, part } => vec![camel(&format!("{key}-{part}"))],
                // A type comes after the one it stands in, so the name around it is known.
                NameSource::Member { parent, member } => {
                    let name = nested(&names[parent.0], member);
                    let other = format!("{name}Inline");
                    vec![name, other]
                }
            };
            names[index] =
                self.scope.claim_first_free(&Claim::new("type", candidates, &definition.origin), diagnostics);
        }
        names
    }

    /// The trait of an operation.
    fn operation(&mut self, name: String, operation: &Operation, diagnostics: &mut Diagnostics) -> String {
        let parts: &[&str] = match operation.direction {
            Direction::Received => &["", "Handler", "Responder", "Answers", "ReplyAddress"],
            Direction::Sent => &["", "Caller", "ReplyAddress"],
        };
        // Only an operation that is answered has more than its handler.
        let endings = match (operation.direction, &operation.reply) {
            (_, Some(_)) => parts,
            (Direction::Received, None) => &parts[..2],
            (Direction::Sent, None) => &parts[..1],
        };
        let other = format!("{name}Operation");
        let claim = Claim { endings, ..Claim::new("operation", vec![name, other], &operation.origin) };
        self.scope.claim_first_free(&claim, diagnostics)
    }

    /// Names of everything that gives way to types.
    fn rest(&mut self, config: &Config, names: &mut Names, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) {
        let api = self.api;
        let prefixes = prefixes(api, config, diagnostics);
        let prefix_of = |channel: &str| prefixes.get(channel).map_or("", String::as_str);
        for set in api.sets.iter().filter(|set| set.reply_to.is_none()) {
            let prefix = prefix_of(&set.channel);
            let name = match set.direction {
                Direction::Received => format!("{prefix}Event"),
                Direction::Sent => format!("{prefix}Command"),
            };
            let other = format!("Any{name}");
            let claim = Claim {
                endings: &["", "Kind"],
                lines: channel_line(&set.channel, prefix),
                ..Claim::new("enum of messages", vec![name, other], &set.origin)
            };
            names.sets.push(self.scope.claim_first_free(&claim, diagnostics));
        }
        let title = config.package.api.clone().unwrap_or_else(|| camel(&api.title));
        for connection in &api.connections {
            let (origin, prefix) = (&connection.origin, prefix_of(&connection.channel));
            let lines = channel_line(&connection.channel, prefix);
            let groups = [
                ("Parameters", &connection.parameters),
                ("Query", &connection.query),
                ("Headers", &connection.headers),
            ];
            let groups = groups.into_iter().filter(|(_, parameters)| !parameters.is_empty()).map(|(part, _)| part);
            let endings: Vec<&str> = [""].into_iter().chain(groups).collect();
            let mut take = |names: [String; 2], endings: &[&str]| {
                let claim = Claim { endings, lines: lines.clone(), ..Claim::new("connection", names.to_vec(), origin) };
                self.scope.claim_first_free(&claim, diagnostics)
            };
            let request = take([format!("{prefix}Connect"), format!("{prefix}ConnectRequest")], &endings);
            let server = take([format!("{prefix}Server"), format!("Any{prefix}Server")], &[""]);
            let credentials = take([format!("{prefix}Credentials"), format!("Any{prefix}Credentials")], &[""]);
            let suffixed = !prefix.is_empty() || PRELUDE.contains(&title.as_str());
            let name = match (prefix.is_empty(), suffixed) {
                (false, _) => format!("{prefix}Api"),
                (true, true) => format!("{title}Api"),
                (true, false) => title.clone(),
            };
            let other = if suffixed { format!("{name}Connection") } else { format!("{name}Api") };
            let api = take([name, other], &[""]);
            let mut own = connect::names(connection, (api, request, server, credentials), renames, diagnostics);
            let groups = connection.parameters.iter().chain(&connection.query).chain(&connection.headers);
            let kinds = own.parameters.iter_mut().chain(&mut own.query).chain(&mut own.headers);
            for (parameter, names) in groups.zip(kinds) {
                if matches!(parameter.value, ParameterValue::Values(_)) {
                    let kind = names.kind.clone();
                    let claim = Claim::new("parameter", vec![kind.clone(), format!("{kind}Value")], &parameter.origin);
                    names.kind = self.scope.claim_first_free(&claim, diagnostics);
                }
            }
            names.connections.push(own);
        }
        for (index, operation) in by_text(&api.operations, |operation| &operation.key) {
            if self.operations[index].is_none() {
                self.operations[index] = Some(self.operation(camel(&operation.key), operation, diagnostics));
            }
        }
        names.operations = self.operations.drain(..).flatten().collect();
        for set in &api.sets {
            // Sets of replies come last, so their names follow those of the channels.
            let Some(operation) = set.reply_to else { continue };
            let trait_name = &names.operations[operation];
            let candidates = ["Reply", "Replies"].map(|ending| format!("{trait_name}{ending}"));
            let claim =
                Claim { endings: &["", "Kind"], ..Claim::new("enum of replies", candidates.to_vec(), &set.origin) };
            names.sets.push(self.scope.claim_first_free(&claim, diagnostics));
        }
    }
}

/// Things with their positions, by a text: who keeps a name does not follow from the order of a document.
fn by_text<'a, T>(all: &'a [T], text: impl Fn(&'a T) -> &'a str) -> Vec<(usize, &'a T)> {
    let mut sorted: Vec<(usize, &T)> = all.iter().enumerate().collect();
    sorted.sort_by_key(|(_, one)| text(one));
    sorted
}

/// The name that the settings, or else the document, give to a type. What stands at the place of the type around it has none.
fn chosen(api: &Api, definition: &TypeDef, renames: &mut Renames<'_>) -> Option<String> {
    let inside = match &definition.name {
        NameSource::Member { parent, .. } => api.get(*parent).origin.location == definition.origin.location,
        NameSource::Key { .. } | NameSource::Message { .. } => false,
    };
    if inside { None } else { renames.of(&definition.origin) }
}

/// Whether a type is another name for one of another crate, and the name is the same.
fn is_same(definition: &TypeDef, name: &str, shared: &BTreeMap<TypeId, TypeNames>) -> bool {
    let Shape::Alias(Type::Named(target)) = &definition.shape else { return false };
    shared.get(target).is_some_and(|shared| shared.name == name)
}

/// A struct keeps the members that the document does not name in a field of this name.
pub const EXTRA: &str = "extra";

fn fields(definition: &TypeDef, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let Shape::Struct(object) = &definition.shape else { return Vec::new() };
    let mut candidates = Vec::new();
    for field in &object.fields {
        let name = renames.of(&field.origin).unwrap_or_else(|| snake(&field.wire));
        let name = if name == EXTRA { format!("{EXTRA}_") } else { name };
        candidates.push(Candidate { wire: &field.wire, name, origin: field.origin.clone() });
    }
    spell::fields(&candidates, diagnostics)
}

/// An open enum keeps what the document does not list in a variant of this name.
pub const UNRECOGNIZED: &str = "Unrecognized";

fn values(definition: &TypeDef, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
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
            branches.map(|branch| (branch.name.as_str(), UNKNOWN, branch.origin.clone(), branch.unnamed)).collect()
        }
        Shape::Struct(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => Vec::new(),
    };
    let candidates = texts.into_iter().map(|(wire, word, origin, named)| {
        // The place of a branch is also the place of its type, whose name the setting gives, and the variant's where it
        // has no other.
        let chosen = if named { renames.of(&origin) } else { None };
        Candidate { wire, name: chosen.unwrap_or_else(|| reserved(camel(wire), word)), origin }
    });
    spell::variants(&candidates.collect::<Vec<_>>(), diagnostics)
}

fn reserved(name: String, word: &str) -> String {
    if name == word { format!("{name}_") } else { name }
}

/// The variant that keeps messages the document does not name.
pub const UNKNOWN: &str = "Unknown";

fn messages(api: &Api, names: &mut Names, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) {
    let candidates = api.messages.iter().map(|message| {
        let name = renames.of(&message.origin).unwrap_or_else(|| camel(&message.key));
        Candidate { wire: &message.key, name: reserved(name, UNKNOWN), origin: message.origin.clone() }
    });
    let candidates: Vec<Candidate<'_>> = candidates.collect();
    // Messages of different channels may share a key; only those of one set must differ.
    names.messages = spell::disambiguate_sets(&candidates, &api.sets, diagnostics);
}

/// What the file of connections takes from the prelude.
const PRELUDE: [&str; 7] = ["AsRef", "Default", "Into", "None", "Option", "Some", "String"];

/// The keys of the channels around which something is named, with their places.
pub(crate) fn channels(api: &Api) -> Vec<(&str, &Origin)> {
    let in_sets = api.sets.iter().map(|set| (set.channel.as_str(), &set.origin));
    let in_connections = api.connections.iter().map(|connection| (connection.channel.as_str(), &connection.origin));
    let mut known = BTreeSet::new();
    in_sets.chain(in_connections).filter(|(key, _)| known.insert(*key)).collect()
}

/// What the names around each channel begin with: what the settings say, or else the key.
fn prefixes<'a>(api: &'a Api, config: &Config, diagnostics: &mut Diagnostics) -> BTreeMap<&'a str, String> {
    let channels = channels(api);
    let chosen = &config.names.channels;
    for key in chosen.keys().filter(|key| !channels.iter().any(|(known, _)| known == key)) {
        let known = channels.iter().map(|(known, _)| *known);
        diagnostics.push(config.unused_setting(&["names", "channels", key], "channel", known));
    }
    let mut prefixes = BTreeMap::new();
    let mut scope = Scope::default();
    let mut channels = channels;
    channels.sort_unstable_by_key(|(key, _)| *key);
    let (first, then): (Vec<_>, Vec<_>) = channels.into_iter().partition(|(key, _)| chosen.contains_key(*key));
    for (key, origin) in first.into_iter().chain(then) {
        let own = camel(key);
        let candidates = chosen.get(key).into_iter().chain([&own]).cloned().collect();
        let lines = channel_line(key, &own);
        let claim = Claim { lines, ..Claim::new("channel", candidates, origin) };
        prefixes.insert(key, scope.claim_first_free(&claim, diagnostics));
    }
    prefixes
}

/// The lines of the settings that give the names around a channel another prefix than this one.
fn channel_line(key: &str, prefix: &str) -> String {
    let other = if prefix.is_empty() { camel(key) } else { scope::other(prefix) };
    format!("[names.channels]\n{} = \"{other}\"", toml::Value::String(key.to_owned()))
}
