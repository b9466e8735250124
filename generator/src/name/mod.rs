//! Names: the only place where Rust identifiers are decided.
//!
//! Comes in: an [`Api`] and the settings' `[rename]`. Goes out: [`Names`], a side table by position. A name follows from
//! the place it is for, never from what else is in the document; two places that come to one name are reported with both
//! spans and the setting that settles it.

mod ident;
mod scope;

use std::collections::BTreeMap;

pub use ident::{camel, shouting, snake};

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Api, Connection, Direction, MessageSet, NameSource, Origin, Parameter, ParameterValue, Shape, TypeDef, TypeId};
use scope::Scope;

/// The Rust names of everything in an [`Api`], by position.
#[derive(Debug, Default)]
pub struct Names {
    types: Vec<String>,
    fields: Vec<Vec<String>>,
    values: Vec<Vec<String>>,
    messages: Vec<String>,
    sets: Vec<String>,
    operations: Vec<String>,
    connections: Vec<ConnectionNames>,
}

/// The names around one connection.
#[derive(Debug, Default)]
pub struct ConnectionNames {
    /// The type that stands for the API of the channel.
    pub api: String,
    /// The request, which also begins the names of its parts.
    pub request: String,
    /// The enum of servers.
    pub server: String,
    /// The enum of credentials.
    pub credentials: String,
    /// Variants of the server enum.
    pub servers: Vec<String>,
    /// Variants of the credentials enum.
    pub credential_sets: Vec<String>,
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

    /// The variant of an enum's value.
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

    /// Whether a type of the document has this name, so that a prelude name must be written in full.
    #[must_use]
    pub fn shadows(&self, name: &str) -> bool {
        self.types.iter().any(|known| known == name)
    }
}

/// Decides every name of an API.
pub fn assign(api: &Api, config: &Config, diagnostics: &mut Diagnostics) -> Names {
    let mut renames = Renames::new(config);
    let mut names = Names::default();
    let mut scope = Scope::new("type");
    for index in 0..api.types.len() {
        let name = type_name(api, TypeId(index), &mut renames);
        scope.claim(&name, &api.types[index].origin, diagnostics);
        names.types.push(name);
    }
    for definition in &api.types {
        names.fields.push(fields(definition, &mut renames, diagnostics));
        names.values.push(values(definition, diagnostics));
    }
    messages(api, &mut names, &mut renames, diagnostics);
    root(api, config, &mut names, &mut renames, diagnostics);
    renames.report(diagnostics);
    names
}

/// The `[rename]` table and which of its entries were used.
struct Renames<'c> {
    entries: &'c BTreeMap<String, String>,
    used: Vec<&'c str>,
}

impl<'c> Renames<'c> {
    fn new(config: &'c Config) -> Self {
        Self { entries: &config.rename, used: Vec::new() }
    }

    fn of(&mut self, origin: &Origin) -> Option<String> {
        let pointer = origin.location.pointer.to_string();
        let (key, name) = self.entries.get_key_value(&pointer)?;
        self.used.push(key);
        Some(name.clone())
    }

    fn report(&self, diagnostics: &mut Diagnostics) {
        for (pointer, name) in self.entries.iter().filter(|(pointer, _)| !self.used.contains(&pointer.as_str())) {
            let diagnostic = Diagnostic::new(Code::IdleSetting, format!("`rename.\"{pointer}\"` matches nothing"))
                .note(format!("`{name}` is used nowhere"))
                .help("correct the JSON pointer, or remove the entry");
            diagnostics.push(diagnostic);
        }
    }
}

fn type_name(api: &Api, id: TypeId, renames: &mut Renames<'_>) -> String {
    let definition = api.get(id);
    if let Some(name) = renames.of(&definition.origin) {
        return name;
    }
    match &definition.name {
        NameSource::Key(key) => camel(key),
        NameSource::Member { parent, member } => format!("{}{}", type_name(api, *parent, renames), camel(member)),
    }
}

/// A struct keeps the members that the document does not name in a field of this name.
pub const EXTRA: &str = "extra";

fn fields(definition: &TypeDef, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let Shape::Struct(object) = &definition.shape else { return Vec::new() };
    let mut scope = Scope::new("field");
    let mut names = Vec::new();
    for field in &object.fields {
        let name = renames.of(&field.origin).unwrap_or_else(|| snake(&field.wire));
        let name = if name == EXTRA { format!("{EXTRA}_") } else { name };
        scope.claim(&name, &field.origin, diagnostics);
        names.push(name);
    }
    names
}

/// An open enum keeps what the document does not list in a variant of this name.
pub const UNRECOGNIZED: &str = "Unrecognized";

fn values(definition: &TypeDef, diagnostics: &mut Diagnostics) -> Vec<String> {
    let Shape::Enum(list) = &definition.shape else { return Vec::new() };
    let mut scope = Scope::new("variant");
    let mut names = Vec::new();
    for value in &list.values {
        let name = reserved(camel(&value.wire), UNRECOGNIZED);
        let origin = Origin { location: definition.origin.location.clone(), span: value.span };
        scope.claim(&name, &origin, diagnostics);
        names.push(name);
    }
    names
}

fn reserved(name: String, word: &str) -> String {
    if name == word { format!("{name}_") } else { name }
}

/// The variant that keeps messages the document does not name.
pub const UNKNOWN: &str = "Unknown";

fn messages(api: &Api, names: &mut Names, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) {
    for message in &api.messages {
        let name = renames.of(&message.origin).unwrap_or_else(|| camel(&message.key));
        names.messages.push(reserved(name, UNKNOWN));
    }
    for set in &api.sets {
        let mut scope = Scope::new("variant");
        for index in &set.members {
            scope.claim(&names.messages[*index], &api.messages[*index].origin, diagnostics);
        }
    }
}

/// Names at the root of the crate that are not types of the document.
fn root(api: &Api, config: &Config, names: &mut Names, renames: &mut Renames<'_>, diagnostics: &mut Diagnostics) {
    let mut scope = Scope::new("item");
    for set in &api.sets {
        names.sets.push(set_name(set));
    }
    for operation in &api.operations {
        let name = renames.of(&operation.origin).unwrap_or_else(|| camel(&operation.key));
        scope.claim(&name, &operation.origin, diagnostics);
        names.operations.push(name);
    }
    let only = api.connections.len() == 1;
    for connection in &api.connections {
        let prefix = if only { String::new() } else { camel(&connection.channel) };
        names.connections.push(connection_names(api, connection, config, &prefix));
    }
}

fn set_name(set: &MessageSet) -> String {
    let prefix = set.channel.as_deref().map(camel).unwrap_or_default();
    match set.direction {
        Direction::Received => format!("{prefix}Event"),
        Direction::Sent => format!("{prefix}Command"),
    }
}

fn connection_names(api: &Api, connection: &Connection, config: &Config, prefix: &str) -> ConnectionNames {
    let title = config.package.api.clone().unwrap_or_else(|| camel(&api.title));
    let credential_sets = connection.credentials.iter().map(|set| match set.schemes.as_slice() {
        [] => "Anonymous".to_owned(),
        schemes => schemes.iter().map(|scheme| camel(&scheme.key)).collect::<Vec<_>>().join("And"),
    });
    ConnectionNames {
        api: if prefix.is_empty() { title } else { format!("{prefix}Api") },
        request: format!("{prefix}Connect"),
        server: format!("{prefix}Server"),
        credentials: format!("{prefix}Credentials"),
        servers: connection.servers.iter().map(|server| reserved(camel(&server.key), "Custom")).collect(),
        credential_sets: credential_sets.collect(),
    }
}

/// Field names for parameters of a URL or header, and the variants of their values.
pub fn parameter(parameter: &Parameter) -> (String, Vec<String>) {
    let values = match &parameter.value {
        ParameterValue::Values(values) => values.iter().map(|value| camel(&value.wire)).collect(),
        ParameterValue::Text | ParameterValue::Integer | ParameterValue::Bool => Vec::new(),
    };
    (snake(&parameter.wire), values)
}

/// The diagnostic for two places that come to one name.
fn collision(kind: &str, name: &str, origin: &Origin, first: &Origin) -> Diagnostic {
    Diagnostic::new(Code::NameCollision, format!("two places take the {kind} name `{name}`"))
        .at(origin.span, "this one")
        .and(first.span, "and this one")
        .help(format!("give one of them another name in the settings:\n[rename]\n\"{}\" = \"Other{name}\"", origin.location.pointer))
}
