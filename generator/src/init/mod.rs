//! What somebody starts with: a settings file with every key explained, and a crate whose build script generates.
//!
//! Comes in: the names to fill in. Goes out: texts by path. Nothing is written here.

use std::collections::BTreeMap;

use eventwire_document::config::Role;

use crate::print::comment;

/// The settings file, with places to fill in between braces.
const SETTINGS: &str = include_str!("settings.toml");

/// What a settings file begins with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Start {
    /// The document, relative to the settings file.
    pub document: String,
    /// The folder of the crate, relative to the settings file.
    pub output: Option<String>,
    /// Whose side the crate takes.
    pub role: Option<Role>,
    /// The name of the package.
    pub name: Option<String>,
    /// A local copy of the runtime, relative to the output.
    pub runtime: Option<String>,
    /// What the names around each channel begin with, by its key.
    pub channels: Vec<(String, String)>,
}

/// Returns the text of a settings file: every key explained, defaults and examples as comments.
#[must_use]
pub fn settings(start: &Start) -> String {
    let Start { document, output, role, name, runtime, channels } = start;
    let file = document.rsplit('/').next().unwrap_or_default();
    let places = [
        ("document", comment(file)),
        ("document_value", quoted(document)),
        ("output", entry("output", output.as_deref(), "../events")),
        ("role", entry("role", role.map(Role::name), Role::Client.name())),
        ("name", entry("name", name.as_deref(), "chat-events")),
        ("channels", prefixes(channels)),
        ("runtime", entry("path", runtime.as_deref(), "../runtime")),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    fill(SETTINGS, &places)
}

/// Fills in the places of a template. What is filled in has none.
fn fill(template: &str, places: &[(&str, String)]) -> String {
    let mut pieces = template.split('{');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let filled = places.iter().find_map(|(name, value)| {
            let rest = piece.strip_prefix(name)?.strip_prefix('}')?;
            Some((value.as_str(), rest))
        });
        let (value, rest) = filled.unwrap_or(("{", piece));
        text.extend([value, rest]);
    }
    text
}

/// A key with its value, or with an example as a comment.
fn entry(key: &str, value: Option<&str>, example: &str) -> String {
    match value {
        Some(value) => format!("{key} = {}", quoted(value)),
        None => format!("#{key} = {}", quoted(example)),
    }
}

/// The entries of a table of prefixes, or an example as a comment.
fn prefixes(channels: &[(String, String)]) -> String {
    if channels.is_empty() {
        return "#\"orders\" = \"Orders\"".to_owned();
    }
    let lines = channels.iter().map(|(channel, prefix)| format!("{} = {}", quoted(channel), quoted(prefix)));
    lines.collect::<Vec<_>>().join("\n")
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Returns the files of a crate whose build script generates, by path.
///
/// `name` is the package's; `settings` the path of the settings file, or of a document, from the crate; `sources` the
/// folder with the sources of Eventwire, where the released packages should not be used.
#[must_use]
pub fn build_script_crate(name: &str, settings: &str, sources: Option<&str>) -> BTreeMap<String, String> {
    let file = settings.rsplit('/').next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let files =
        [("Cargo.toml", manifest(name, sources)), ("build.rs", build_script(settings)), ("src/lib.rs", library(stem))];
    files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect()
}

fn manifest(name: &str, sources: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let dependency = |folder: &str| match sources {
        Some(sources) => format!("path = {}", quoted(&format!("{sources}/{folder}"))),
        None => format!("version = {}", quoted(version)),
    };
    format!(
        "[package]\nname = {}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\neventwire = {{ {} }}\n\n\
         [build-dependencies]\neventwire-codegen = {{ {} }}\n",
        quoted(name),
        dependency("runtime"),
        dependency("generator"),
    )
}

fn build_script(settings: &str) -> String {
    format!(
        "//! Generates the events when the crate is built.\n\nfn main() -> std::process::ExitCode {{\n    \
         eventwire_codegen::build({settings:?})\n}}\n"
    )
}

fn library(stem: &str) -> String {
    let module = crate::name::snake(stem);
    let file = format!("/{stem}.rs");
    format!(
        "//! Events that are generated when the crate is built.\n\n/// Everything that the document describes.\n\
         pub mod {module} {{\n    include!(concat!(env!(\"OUT_DIR\"), {file:?}));\n}}\n"
    )
}

#[cfg(test)]
mod tests;
