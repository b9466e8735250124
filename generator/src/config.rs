//! The settings of one crate: a TOML file beside the document.
//!
//! Unknown keys are errors, and so are entries that match nothing in the document, so that a setting never does nothing
//! in silence.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything that decides what is generated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// The document, relative to this file.
    pub document: String,
    /// The folder the crate is written to, relative to this file.
    pub output: String,
    /// Whose side the crate takes; by default the client's for AsyncAPI 2.x, where a document describes the service.
    #[serde(default)]
    pub role: Option<Role>,
    /// The crate around the generated modules.
    pub package: Package,
    /// How the crate depends on the runtime.
    #[serde(default)]
    pub runtime: Runtime,
    /// Rust names by place in the document: `"/components/schemas/user" = "Person"`.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// How received messages are told apart.
    #[serde(default)]
    pub event: Event,
    /// Local copies of referenced URLs, by URL; paths are relative to the document.
    #[serde(default)]
    pub vendor: BTreeMap<String, String>,
    /// Whether `$ref` may leave the document's folder.
    #[serde(default)]
    pub allow_outside: bool,
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

/// The package that is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default = "initial_version")]
    pub version: String,
    /// One line about it.
    #[serde(default)]
    pub description: Option<String>,
    /// An SPDX expression.
    #[serde(default)]
    pub license: Option<String>,
    /// Where its sources are.
    #[serde(default)]
    pub repository: Option<String>,
    /// The name of the type that stands for the whole API; by default the title in camel case.
    #[serde(default)]
    pub api: Option<String>,
    /// The command that generates it, told in the files; by default `eventwire generate`.
    #[serde(default)]
    pub regenerate: Option<String>,
    /// Whether it may be published.
    #[serde(default = "yes")]
    pub publish: bool,
}

/// How the generated crate depends on the runtime.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Runtime {
    /// Its version; by default the version of the generator.
    #[serde(default)]
    pub version: Option<String>,
    /// A local copy, relative to the output.
    #[serde(default)]
    pub path: Option<String>,
}

/// How received messages are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Event {
    /// A message that takes what no other claims.
    #[serde(default)]
    pub fallback: Option<Fallback>,
}

/// A message that takes the frames whose tag no other message claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fallback {
    /// The message's key.
    pub message: String,
    /// A frame is not its own when the tag contains this text.
    #[serde(default)]
    pub tag_excludes: Option<String>,
}

fn initial_version() -> String {
    "0.1.0".to_owned()
}

fn yes() -> bool {
    true
}

impl Config {
    /// Reads settings from TOML.
    ///
    /// # Errors
    ///
    /// What is wrong and at which line, when the text is not TOML or not settings.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError { message: error.to_string() })
    }

    /// The JSON Schema of the settings file.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

/// Why settings cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    message: String,
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.message.trim_end())
    }
}

impl std::error::Error for ConfigError {}
