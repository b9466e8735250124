//! Types that the documents of a list share.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entry_spans::EntrySpans;
use super::{Config, Dependency, Lint, OutputPart, PackageSettings, RuntimeSettings, TypeSettings};
use crate::source::SharedFiles;

/// Schemas that become types once, in a crate that the crates of the documents depend on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SharedCrateSettings {
    /// The files with the schemas, relative to this one: those under `components.schemas`, `definitions` and `$defs`, and a
    /// file that is a schema itself.
    pub files: Vec<String>,
    /// The folder the crate is written to, relative to this file; by default one with the name of the package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Whether schemas become types that no document uses.
    #[serde(default)]
    pub all: bool,
    /// The crate around the types. Its name is by default that of the first file; it has no `api`.
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
    /// Rust names by place in the files: `"/components/schemas/user" = "Person"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rename: BTreeMap<String, String>,
    /// Existing Rust types by place of a schema in the files: `"/components/schemas/Money" = "my_crate::Money"`. No type is
    /// generated there; the existing one has to implement `eventwire::Decode` and `eventwire::Encode`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replace: BTreeMap<String, String>,
    /// Local copies of referenced URLs, by URL; paths are relative to this file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vendor: BTreeMap<String, String>,
    /// Whether `$ref` may leave the folders of the files.
    #[serde(default)]
    pub allow_outside: bool,
    /// What becomes of warnings, by code: `EW0303 = "allow"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lint: BTreeMap<String, Lint>,
}

impl SharedCrateSettings {
    /// Returns the settings of the crate; `places` are those of the list.
    #[must_use]
    pub fn config(&self, entry_spans: &EntrySpans) -> Config {
        let Self {
            files,
            output,
            all: _,
            package,
            runtime,
            dependencies,
            types,
            rename,
            replace,
            vendor,
            allow_outside,
            lint,
        } = self.clone();
        let config = Config {
            document: files.into_iter().next().unwrap_or_default(),
            output,
            emit: Some([OutputPart::Types, OutputPart::Manifest].into()),
            package,
            runtime,
            dependencies,
            types,
            rename,
            replace,
            vendor,
            allow_outside,
            lint,
            entry_spans: entry_spans.below("shared"),
            ..Config::default()
        };
        config.named("")
    }
}

/// Shared types as one of the documents sees them. All paths are those that its loader knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedCrate {
    /// The settings of the crate that has the types; `document` is the first of the files.
    pub config: Config,
    /// The files with the schemas.
    pub files: Vec<String>,
    /// Whether schemas become types that no document uses.
    pub all: bool,
    /// The list of the documents.
    pub list: String,
    /// The folder of the crate.
    pub output: PathBuf,
    /// The same as it is written in the manifest of the document's crate.
    pub path: String,
}

impl SharedCrate {
    /// Returns the name of the crate in Rust.
    #[must_use]
    pub fn crate_name(&self) -> String {
        self.config.package.name.as_deref().unwrap_or_default().replace('-', "_")
    }
}

impl SharedCrate {
    /// Returns the files with the schemas, as a document may reach them.
    #[must_use]
    pub fn reach(&self) -> SharedFiles {
        SharedFiles { files: self.files.clone(), vendor: self.config.vendor.clone() }
    }
}
