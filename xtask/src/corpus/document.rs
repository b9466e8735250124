//! Documents of a folder, and what the generator makes of each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use eventwire_codegen::config::Config;
use eventwire_codegen::diagnostic::Level;
use eventwire_codegen::{Compiled, FileLoader, compile};
use eventwire_trial::{Bench, Subject};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Side, slashed};
use crate::Failure;

/// How long the generator may take for one document.
const PATIENCE: Duration = Duration::from_secs(60);

/// One document and its crate.
#[derive(Debug)]
pub(super) struct Document {
    /// Its path in the folder, with forward slashes.
    pub(super) path: String,
    /// Its crate, or why there is none.
    pub(super) subject: Result<Subject, String>,
    /// How many warnings it gives.
    pub(super) warnings: usize,
    /// How often each code occurs.
    pub(super) codes: BTreeMap<String, usize>,
}

/// The documents of a folder, at any depth, by their paths in it.
pub(super) fn find(folder: &Path, only: Option<&str>) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        let entries = fs::read_dir(&next).map_err(|error| format!("{}: {error}", next.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else if is_document(&path) {
                found.push(path.strip_prefix(folder)?.to_owned());
            }
        }
    }
    found.retain(|path| only.is_none_or(|text| slashed(path).contains(text)));
    found.sort();
    Ok(found)
}

/// Whether a file is YAML or JSON with the key `asyncapi` at its root.
fn is_document(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if !["yaml", "yml", "json"].contains(&extension.as_str()) {
        return false;
    }
    let Ok(bytes) = fs::read(path) else { return false };
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        let members = serde_json::from_str::<BTreeMap<String, &RawValue>>(text);
        return members.is_ok_and(|members| members.contains_key("asyncapi"));
    }
    ["asyncapi:", "\"asyncapi\":", "'asyncapi':"].iter().any(|key| text.lines().any(|line| line.starts_with(key)))
}

/// Generates the crate of one document, in memory, with default settings.
pub(super) fn generate(bench: &Bench, folder: &Path, path: &Path, role: Option<Side>) -> Result<Document, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let package = package(path);
    let config = Config::from_toml(&settings(&name, &package, role, bench))?;
    let loader = FileLoader::new(folder.join(path.parent().unwrap_or_else(|| Path::new(""))));
    let (sender, receiver) = mpsc::channel();
    // Its own thread, so that neither a panic nor a loop without end stops the other documents.
    let worker = thread::spawn(move || sender.send(compile(&config, &loader)).is_ok());
    let mut document =
        Document { path: slashed(path), subject: Err(String::new()), warnings: 0, codes: BTreeMap::new() };
    match receiver.recv_timeout(PATIENCE) {
        Ok(compiled) => document.take(compiled, package),
        Err(RecvTimeoutError::Timeout) => document.subject = Err(format!("no end after {} s", PATIENCE.as_secs())),
        Err(RecvTimeoutError::Disconnected) => document.subject = Err(format!("panic: {}", panic_text(worker))),
    }
    Ok(document)
}

/// A settings file that says no more than it must.
fn settings(document: &str, package: &str, role: Option<Side>, bench: &Bench) -> String {
    // The escapes of JSON are escapes of TOML as well.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let role = match role {
        None => "",
        Some(Side::Client) => "role = \"client\"\n",
        Some(Side::Application) => "role = \"application\"\n",
    };
    let (document, package) = (quoted(document), quoted(package));
    let runtime = quoted(&bench.runtime().to_string_lossy());
    format!("document = {document}\noutput = \".\"\n{role}[package]\nname = {package}\n[runtime]\npath = {runtime}\n")
}

fn panic_text(worker: thread::JoinHandle<bool>) -> String {
    match worker.join() {
        Ok(_) => "the worker ended without a result".to_owned(),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("not a text").to_owned()
        }
    }
}

impl Document {
    fn take(&mut self, compiled: Compiled, package: String) {
        let problems = compiled.to_json();
        let problems: Vec<Problem> = problems.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        self.warnings = compiled.count(Level::Warning);
        for problem in &problems {
            *self.codes.entry(problem.code.clone()).or_default() += 1;
        }
        let first = problems.iter().find(|problem| problem.level == Level::Error.name());
        self.subject = match (compiled.output, first) {
            (Some(output), _) => Ok(Subject { package, output, index: compiled.index }),
            (None, Some(first)) => {
                let errors = problems.iter().filter(|problem| problem.level == Level::Error.name()).count();
                Err(format!("{errors} errors; {}", first.headline()))
            }
            (None, None) => Err("internal error: no output and no diagnostic".to_owned()),
        };
    }

    /// The position of the message that an example names: a path in the folder, `#` and a JSON pointer.
    pub(super) fn message(&self, place: &str) -> Option<usize> {
        let (file, pointer) = place.split_once('#')?;
        let own = match self.path.rsplit_once('/') {
            Some((folder, _)) => file.strip_prefix(folder)?.strip_prefix('/')?,
            None => file,
        };
        let messages = &self.subject.as_ref().ok()?.index.messages;
        messages.iter().position(|message| message.file == own && message.pointer == pointer)
    }
}

/// What is needed of one diagnostic.
#[derive(Debug, Deserialize)]
struct Problem {
    code: String,
    level: String,
    message: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    line: usize,
}

impl Problem {
    fn headline(&self) -> String {
        format!("{}: {} ({}:{})", self.code, self.message, self.file, self.line)
    }
}

/// A package name that tells the path: `A+b/c.yaml` is `corpus-a-b-c-yaml`.
fn package(path: &Path) -> String {
    let mut name = "corpus".to_owned();
    let text = slashed(path).to_lowercase();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        name.push('-');
        name.push_str(word);
    }
    name
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn packages_report_their_path() {
        for (path, package) in [("a.yml", "corpus-a-yml"), ("A+b/c d__e.v1.JSON", "corpus-a-b-c-d-e-v1-json")] {
            assert_eq!(super::package(Path::new(path)), package);
        }
    }

    #[test]
    fn documents_have_the_key_at_their_root() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text, expected) in [
            ("a.yaml", "# x\nasyncapi: 2.6.0\n", true),
            ("b.yaml", "info:\n  asyncapi: 2.6.0\n", false),
            ("c.json", "{\"asyncapi\": \"3.0.0\"}", true),
            ("d.json", "{\"x\": {\"asyncapi\": 1}}", false),
            ("e.txt", "asyncapi: 2.6.0", false),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            assert_eq!(super::is_document(&path), expected, "{name}");
        }
        let found = super::find(folder.path(), None).unwrap();
        assert_eq!(found, ["a.yaml", "c.json"].map(std::path::PathBuf::from));
    }
}
