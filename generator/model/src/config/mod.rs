//! The settings of one crate: a TOML file beside the document.
//!
//! Unknown keys are errors, and so are entries that match nothing in the document, so that a setting never does nothing
//! in silence. Every error points at its place in the file.

mod check;
mod edit;
mod entry_spans;
mod lint;
mod list;
mod read;
mod shared;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{self, Diagnostic, Record};
use crate::identifier::is_identifier;
use crate::source::SourceOptions;

pub use check::is_package_name;
pub use entry_spans::EntrySpans;
pub use list::DocumentList;
pub use shared::{SharedCrate, SharedCrateSettings};

/// Everything that decides what is generated.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// The document, relative to this file.
    pub document: String,
    /// The folder the crate is written to, relative to this file; by default one with the name of the package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Whose side the crate takes; by default the client's for AsyncAPI 2.x, where a document describes the service, and
    /// the application's for 3.x.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The parts that are generated; by default all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emit: Option<BTreeSet<OutputPart>>,
    /// Whether the payloads of the document's message examples become tests of the crate, in `tests/examples.rs`.
    #[serde(default)]
    pub tests: bool,
    /// The crate around the generated modules.
    #[serde(default)]
    pub package: PackageSettings,
    /// How the crate depends on the runtime.
    #[serde(default)]
    pub runtime: RuntimeSettings,
    /// Further dependencies of the crate, such as those that `replace` and `types.derive` name, as in a `Cargo.toml`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dependencies: BTreeMap<String, Dependency>,
    /// How types are written in Rust.
    #[serde(default)]
    pub types: TypeSettings,
    /// What the document says nothing about: the words that names are made of.
    #[serde(default)]
    pub names: NameSettings,
    /// Rust names by place in the document: `"/components/schemas/user" = "Person"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rename: BTreeMap<String, String>,
    /// Existing Rust types by place of a schema in the document: `"/components/schemas/Money" = "my_crate::Money"`. No
    /// type is generated there; the existing one has to implement `eventwire::Decode` and `eventwire::Encode`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replace: BTreeMap<String, String>,
    /// How messages that travel together are distinguished.
    #[serde(default)]
    pub event: EventSettings,
    /// The same for the messages of one channel, by the channel's key; what stands here wins.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sets: BTreeMap<String, SetSettings>,
    /// Local copies of referenced URLs, by URL; paths are relative to the document.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vendor: BTreeMap<String, String>,
    /// Whether `$ref` may leave the document's folder.
    #[serde(default)]
    pub allow_outside: bool,
    /// What becomes of warnings, by code: `EW0303 = "allow"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lint: BTreeMap<String, Lint>,
    /// Where the entries stand; empty for settings that come from no file.
    #[serde(skip)]
    pub entry_spans: EntrySpans,
    /// The types that the document shares with others, where it is in a list that says so.
    #[serde(skip)]
    pub shared: Option<Box<SharedCrate>>,
}

/// Whose side the generated crate takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The side that talks to the described application.
    Client,
    /// The described application itself.
    Application,
}

impl Role {
    /// As it stands in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Application => "application",
        }
    }
}

/// A part of what is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutputPart {
    /// The types of the document, with what reads and writes them.
    Types,
    /// The enums of messages that travel together; they need the types.
    Events,
    /// A trait per operation; they need the events.
    Operations,
    /// The request that opens a connection, and its credentials.
    Connect,
    /// `Cargo.toml`.
    Manifest,
}

impl OutputPart {
    /// Every part.
    pub const ALL: [Self; 5] = [Self::Types, Self::Events, Self::Operations, Self::Connect, Self::Manifest];

    /// Returns the word in the settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Types => "types",
            Self::Events => "events",
            Self::Operations => "operations",
            Self::Connect => "connect",
            Self::Manifest => "manifest",
        }
    }
}

/// The package that is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PackageSettings {
    /// Its name; by default the title of the document in lower case with `-` between words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its version.
    #[serde(default = "initial_version")]
    pub version: String,
    /// One line about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// An SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Where its sources are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Its page on the web.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// Where its docs are; by default a registry shows those of docs.rs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
    /// A file to show on its page, relative to the output; cargo finds a `README.md` by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readme: Option<String>,
    /// Words to find it by, at most five.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Categories of the registry, at most five.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// The name of the type that stands for the whole API; by default the title in camel case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The command that generates it, named in the files; by default `eventwire generate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regenerate: Option<String>,
    /// Whether it may be published.
    #[serde(default = "yes")]
    pub publish: bool,
}

impl Default for PackageSettings {
    fn default() -> Self {
        Self {
            name: None,
            version: initial_version(),
            description: None,
            license: None,
            repository: None,
            homepage: None,
            documentation: None,
            readme: None,
            keywords: Vec::new(),
            categories: Vec::new(),
            api: None,
            regenerate: None,
            publish: yes(),
        }
    }
}

/// How the generated crate depends on the runtime.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuntimeSettings {
    /// Its version; by default the version of the generator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The folder of a local copy of its packages, relative to the output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A dependency as in a `Cargo.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Dependency {
    /// A version requirement.
    Version(String),
    /// A table such as `{ path = "../money", features = ["decimal"] }`; paths are relative to the output.
    Table(BTreeMap<String, serde_json::Value>),
}

/// How types are written in Rust.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TypeSettings {
    /// The type of strings with the format `date-time`.
    #[serde(default)]
    pub date_time: DateTime,
    /// Traits that the types of payloads and headers derive, structs and enums alike, besides `Debug`, `Clone`,
    /// `PartialEq` and, for structs where nothing is required, `Default`. All types that they contain have to implement them too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derive: Vec<String>,
    /// Whether the crate has a feature `schemars` with which its types implement `schemars::JsonSchema`. The types of
    /// `replace` have to implement it too; `time` has none for its own.
    #[serde(default)]
    pub schemars: bool,
}

/// The type of strings with the format `date-time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DateTime {
    /// `eventwire::Timestamp`: writes back the text it was read from, whatever it is.
    #[default]
    Eventwire,
    /// `String`.
    Text,
    /// `jiff::Timestamp`: written back in UTC with 0, 3, 6 or 9 fraction digits; texts that are not RFC 3339 do not
    /// decode.
    Jiff,
    /// `chrono::DateTime<chrono::FixedOffset>`: written back with 0, 3, 6 or 9 fraction digits; texts that are not
    /// RFC 3339 do not decode.
    Chrono,
    /// `time::OffsetDateTime`: written back with 0, 3, 6 or 9 fraction digits; texts that are not RFC 3339 do not decode.
    Time,
}

impl DateTime {
    /// Returns the word in the settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eventwire => "eventwire",
            Self::Text => "text",
            Self::Jiff => "jiff",
            Self::Chrono => "chrono",
            Self::Time => "time",
        }
    }

    /// Returns the feature of the runtime that the type needs.
    #[must_use]
    pub const fn feature(self) -> Option<&'static str> {
        match self {
            Self::Eventwire | Self::Text => None,
            Self::Jiff => Some("jiff"),
            Self::Chrono => Some("chrono"),
            Self::Time => Some("time"),
        }
    }
}

/// Words that names are made of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NameSettings {
    /// What the names around a channel begin with, by the channel's key: with `Orders` they are `OrdersEvent`, `OrdersConnect`
    /// and so on, with an empty text `Event` and `Connect`. By default the key in camel case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub channels: BTreeMap<String, String>,
}

/// How messages that travel together are distinguished.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EventSettings {
    /// The property of the payload that distinguishes messages: `"type"`, or `"data.type"` for one a level down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The value of that property by key of the message, where its schema does not say it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// The message that accepts what no other message claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<FallbackSettings>,
}

/// How the messages of one channel are distinguished.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SetSettings {
    /// The property of the payload that distinguishes messages: `"type"`, or `"data.type"` for one a level down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The value of that property by key of the message, where its schema does not say it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// The property that a `tag` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagPath<'c> {
    /// The property that holds the object around it; `None` for one at the top level.
    pub outer: Option<&'c str>,
    /// The property itself.
    pub property: &'c str,
}

impl<'c> TagPath<'c> {
    /// Reads `property` or `outer.property`; nothing when a part is empty or there are more.
    #[must_use]
    pub fn parse(text: &'c str) -> Option<Self> {
        let (outer, property) = match text.split_once('.') {
            Some((outer, property)) => (Some(outer), property),
            None => (None, text),
        };
        let valid = !property.is_empty() && !property.contains('.') && outer != Some("");
        valid.then_some(Self { outer, property })
    }
}

/// A message that takes the frames whose tag no other message claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FallbackSettings {
    /// The message's key.
    pub message: String,
    /// A frame is not its own when the tag contains this text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_excludes: Option<String>,
}

/// What becomes of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lint {
    /// It is not shown.
    Allow,
    /// It is shown.
    Warn,
    /// It is an error: nothing is generated.
    Deny,
}

fn initial_version() -> String {
    "0.1.0".to_owned()
}

fn yes() -> bool {
    true
}

/// The name of a package for a text: ASCII words in lower case with `-` between them; nothing if there are none.
fn package_name(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    let first = name.chars().next()?;
    let name = if first.is_ascii_digit() { format!("api-{name}") } else { name };
    let reserved = ["alloc", "core", "eventwire", "proc-macro", "std", "test"].contains(&name.as_str());
    // Cargo refuses keywords.
    let keyword = !is_identifier(&name.replace('-', "_"));
    Some(if reserved || keyword { format!("{name}-events") } else { name })
}

impl Config {
    /// The settings that apply when a document has none.
    #[must_use]
    pub fn for_document(document: impl Into<String>) -> Self {
        Self { document: document.into(), ..Self::default() }
    }

    /// Reads settings from TOML.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, with the places, when the text is not TOML or not settings.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::read("settings", text)
    }

    /// Reads settings from the text of a file; the path is for messages only.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, with the places, when the text is not TOML or not settings.
    pub fn read(path: &str, text: &str) -> Result<Self, ConfigError> {
        read::read(path, text)
    }

    /// Returns the JSON Schema of the settings file.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// The same settings, where the package has no name with one made from the title of the document, or from its file.
    #[must_use]
    pub fn named(&self, title: &str) -> Self {
        let mut config = self.clone();
        if config.package.name.is_none() {
            let file = self.document.rsplit('/').next().unwrap_or_default();
            let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
            let name = package_name(title).or_else(|| package_name(stem));
            config.package.name = Some(name.unwrap_or_else(|| "events".to_owned()));
        }
        config
    }

    /// Returns which files the document may reach.
    #[must_use]
    pub fn options(&self) -> SourceOptions {
        let shared = self.shared.as_ref().map(|shared| shared.reach()).unwrap_or_default();
        SourceOptions { allow_outside: self.allow_outside, vendor: self.vendor.clone(), shared }
    }

    /// Returns whether a part is generated.
    #[must_use]
    pub fn emits(&self, part: OutputPart) -> bool {
        self.emit.as_ref().is_none_or(|parts| parts.contains(&part))
    }
}

/// Why settings cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Everything that is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    entry_spans: Box<EntrySpans>,
}

impl ConfigError {
    /// Returns what is wrong as rustc would show it.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        diagnostic::render(&self.diagnostics, self.entry_spans.as_ref(), color)
    }

    /// Returns what is wrong as JSON, one object a line.
    #[must_use]
    pub fn to_json(&self) -> String {
        diagnostic::to_json(&self.records())
    }

    /// Returns what is wrong with the places looked up, for other forms.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        diagnostic::records(&self.diagnostics, self.entry_spans.as_ref())
    }

    /// Returns what is wrong in a line each: `chat.toml:12:5: error[EW0411]: message`.
    #[must_use]
    pub fn to_lines(&self) -> Vec<String> {
        diagnostic::to_lines(&self.diagnostics, self.entry_spans.as_ref())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests;
