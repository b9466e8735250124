//! Two documents and what is generated for them.

use eventwire_codegen::diff::{Diff, Side};
use eventwire_codegen::{Config, Index, MemoryLoader, Output, Workspace, compile, diagnostic::Diagnostics};
use eventwire_document::source::{SourceOptions, Sources};
use serde_json::Value;

/// Two documents.
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) old: String,
    pub(crate) new: String,
    /// Whether the wire verdict must be right about what is tolerated as well.
    pub(crate) exact: bool,
}

/// Whose side a crate takes.
pub(crate) const ROLES: [&str; 2] = ["client", "application"];

impl Pair {
    /// A pair that shows a rule.
    pub(crate) fn of_rule(name: String, old: String, new: String) -> Self {
        Self { name, old, new, exact: true }
    }

    /// A document and what became of it at random: whether values are as a document says depends on the values.
    pub(crate) fn of_mutation(name: String, old: String, new: String) -> Self {
        Self { name, old, new, exact: false }
    }

    /// What differs for one role.
    pub(crate) fn diff(&self, role: &str) -> Diff {
        Diff::new(&side(&self.old, role), &side(&self.new, role))
    }
}

fn config(role: &str) -> Config {
    let settings = format!("document = \"document.yaml\"\nrole = \"{role}\"\n[package]\nname = \"generated\"\n");
    Config::from_toml(&settings).unwrap()
}

fn loader(text: &str) -> MemoryLoader {
    [("document.yaml", text)].into_iter().collect()
}

fn side(text: &str, role: &str) -> Side {
    let (side, compiled) = Workspace::new(&config(role), &loader(text)).side();
    side.unwrap_or_else(|| panic!("{}\n{text}", compiled.render(false)))
}

/// Whether a crate can be generated from a document.
pub(crate) fn compiles(text: &str) -> bool {
    compile(&config("client"), &loader(text)).output.is_some()
}

/// The crate for a document.
pub(crate) fn generate(text: &str, role: &str) -> (Output, Index) {
    let compiled = compile(&config(role), &loader(text));
    let told = compiled.render(false);
    (compiled.output.unwrap_or_else(|| panic!("{told}\n{text}")), compiled.index)
}

/// A document as JSON.
pub(crate) fn json(text: &str) -> Value {
    let mut found = Diagnostics::default();
    let sources = Sources::read("document.yaml", &loader(text), &SourceOptions::default(), &mut found).unwrap();
    sources.root().to_json()
}
