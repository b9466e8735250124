//! What is added to a document never renames what was there: code against the old crate compiles against the new one.
//!
//! `EVENTWIRE_ADDITIONS` takes another number of mutated documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use eventwire_codegen::diagnostic::Diagnostics;
use eventwire_codegen::diff::{Diff, Side};
use eventwire_codegen::{Config, compile};
use eventwire_codegen::{MemoryLoader, Workspace};
use eventwire_document::source::{SourceOptions, Sources};
use proptest::prelude::Strategy as _;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::{draw, mutation, runner, setting};

/// How many mutated documents are tried.
const RUNS: u64 = 400;

/// A document with the files and settings beside it. The document is JSON whose members are in alphabetical order, so that
/// something can be added before and after everything else.
struct Subject {
    config: Config,
    document: Value,
    files: MemoryLoader,
    side: Option<Side>,
    items: BTreeSet<String>,
}

impl Subject {
    /// Reads a document; `None` where nothing is generated from it.
    fn read(config: Config, files: MemoryLoader) -> Option<Self> {
        let sources = Sources::read(&config.document, &files, &SourceOptions::default(), &mut Diagnostics::default())?;
        let text = sources.is_readable().then(|| sources.root().to_json().to_string())?;
        let document = serde_json::from_str(&text).ok()?;
        let mut subject = Self { document, config, files, side: None, items: BTreeSet::new() };
        subject.items = subject.items(&subject.document);
        subject.side = subject.side(&subject.document);
        subject.side.is_some().then_some(subject)
    }

    /// The files with another document.
    fn with(&self, document: &Value) -> MemoryLoader {
        let mut files = self.files.clone();
        files.0.insert(self.config.document.clone(), format!("{document:#}"));
        files
    }

    fn side(&self, document: &Value) -> Option<Side> {
        Workspace::new(&self.config, &self.with(document)).side().0
    }

    /// What code can name in the crate of a document.
    fn items(&self, document: &Value) -> BTreeSet<String> {
        let output = compile(&self.config, &self.with(document)).output;
        let files = output.map(|output| output.files).unwrap_or_default();
        let files = files.iter().filter(|(path, _)| path.starts_with("src/") && !path.contains("/codec"));
        let mut items = BTreeSet::new();
        for (path, text) in files {
            for line in text.lines().filter_map(|line| line.trim_start().strip_prefix("pub ")) {
                let words = line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '#');
                let item: Vec<&str> = words.filter(|word| !word.is_empty()).take(2).collect();
                if ["enum", "mod", "struct", "trait", "type"].contains(&item[0]) {
                    items.insert(format!("{path}: {}", item.join(" ")));
                }
            }
        }
        items
    }

    /// What is wrong with an addition.
    fn check(&self, addition: &Addition) -> Option<String> {
        let Some(new) = self.side(&addition.document) else {
            let compiled = Workspace::new(&self.config, &self.with(&addition.document)).compile();
            return Some(format!("{}: nothing is generated\n{}", addition.what, compiled.render(false)));
        };
        let changes = Diff::new(self.side.as_ref()?, &new).changes;
        let breaks: Vec<String> = changes
            .iter()
            .flat_map(|change| &change.source)
            // Code that relies on nothing to be there knows no name that is another now.
            .filter(|broken| {
                broken.was.to_string() != "NoMessages" && !broken.item.to_string().ends_with("Kind::from_tag")
            })
            .map(|broken| {
                format!(
                    "  {} was `{}`, is {:?}\n",
                    broken.item,
                    broken.was,
                    broken.is.as_ref().map(ToString::to_string)
                )
            })
            .collect();
        let gone: Vec<String> =
            self.items.difference(&self.items(&addition.document)).map(|item| format!("  no {item}\n")).collect();
        let lines = [breaks, gone].concat().concat();
        (!lines.is_empty()).then(|| format!("{}:\n{lines}", addition.what))
    }
}

/// A document with something more.
struct Addition {
    what: String,
    document: Value,
}

/// What can be added to a document.
fn additions(Subject { document, config, .. }: &Subject) -> Vec<Addition> {
    // What is added says what it is where all else says it.
    let mut tags = BTreeSet::from(["type".to_owned()]);
    tags.extend(config.event.tag.clone());
    constants(document, &mut tags);
    let payload = |key: &str| payload(key, &tags);
    let newer = document["asyncapi"].as_str().is_some_and(|version| version.starts_with('3'));
    let mut found = Vec::new();
    let mut keys = vec!["AaaAdded".to_owned(), "zzz-added".to_owned()];
    // What is named like something of another kind gives way to it.
    keys.extend(members(&document["components"]["schemas"]).take(2).map(|(key, _)| key.clone()));
    for key in &keys {
        found.extend(channel(document, newer, key, &payload(key)));
        found.extend(operation(document, newer, key, &payload(key)));
        found.extend(server(document, key));
    }
    for key in &keys[..2] {
        found.extend(messages(document, newer, key, &payload(key)));
        found.extend(add(
            "schema",
            document,
            "/components/schemas",
            key,
            json!({ "type": "object", "properties": {
                "added": { "type": "object", "properties": { "inner": { "type": "string" } } },
            }}),
        ));
    }
    found
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The properties that are constants somewhere.
fn constants(value: &Value, found: &mut BTreeSet<String>) {
    for (key, inner) in members(&value["properties"]) {
        if inner.get("const").is_some_and(Value::is_string) {
            found.insert(key.clone());
        }
    }
    members(value).for_each(|(_, inner)| constants(inner, found));
    value.as_array().into_iter().flatten().for_each(|inner| constants(inner, found));
}

/// A payload that is told from all others.
fn payload(key: &str, tags: &BTreeSet<String>) -> Value {
    let constant = json!({ "type": "string", "const": format!("added.{key}") });
    let mut properties: Map<String, Value> = tags.iter().map(|tag| (tag.clone(), constant.clone())).collect();
    let more = json!({ "type": "object", "properties": { "more": { "type": "boolean" } } });
    properties.insert("added".to_owned(), more);
    json!({ "type": "object", "required": tags, "properties": properties })
}

/// The document with a member at a place; `None` where the member is there.
fn add(what: &str, document: &Value, pointer: &str, key: &str, value: Value) -> Option<Addition> {
    let mut document = document.clone();
    let mut place = &mut document;
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        place = place.as_object_mut()?.entry(segment).or_insert_with(|| Value::Object(Map::new()));
    }
    let place = place.as_object_mut()?;
    if place.contains_key(key) {
        return None;
    }
    place.insert(key.to_owned(), value);
    Some(Addition { what: format!("{what} `{key}` at `{pointer}`"), document })
}

fn channel(document: &Value, newer: bool, key: &str, payload: &Value) -> Option<Addition> {
    if !newer {
        let message = json!({ "name": format!("{key} news"), "payload": payload });
        return add("channel", document, "/channels", key, json!({ "subscribe": { "message": message } }));
    }
    let messages = json!({ format!("{key} news"): { "payload": payload } });
    let channel = json!({ "address": "/added", "messages": messages });
    add("channel", document, "/channels", key, channel)
}

fn operation(document: &Value, newer: bool, key: &str, payload: &Value) -> Option<Addition> {
    let (channel, value) = members(&document["channels"]).next()?;
    if newer {
        // The first operation of a channel says which way its messages go, and of two operations that send one message, the
        // first has the shorter method.
        let last = members(&document["operations"]).last().map(|(last, _)| last);
        if last.is_none_or(|last| last.as_str() > key) {
            return None;
        }
        let reference = format!("#/channels/{}", channel.replace('~', "~0").replace('/', "~1"));
        let operation = json!({ "action": "send", "channel": { "$ref": reference } });
        return add("operation", document, "/operations", key, operation);
    }
    let verb = ["publish", "subscribe"].into_iter().find(|verb| value.get(verb).is_none())?;
    let message = json!({ "name": format!("{key} news"), "payload": payload });
    let pointer = format!("/channels/{}", channel.replace('~', "~0").replace('/', "~1"));
    add("operation", document, &pointer, verb, json!({ "operationId": key, "message": message }))
}

fn server(document: &Value, key: &str) -> Option<Addition> {
    // Where there is a server, one like it; the first one makes connections of channels that had none.
    let known = members(&document["servers"]).map(|(_, server)| server.clone()).next();
    let newer = json!({ "url": "wss://added.example.com", "host": "added.example.com", "protocol": "wss" });
    add("server", document, "/servers", key, known.unwrap_or(newer))
}

/// The document with one more message in each of its channels.
fn messages(document: &Value, newer: bool, key: &str, payload: &Value) -> Vec<Addition> {
    let message = json!({ "name": key, "payload": payload });
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let mut found = Vec::new();
    for (channel, value) in members(&document["channels"]) {
        let pointer = format!("/channels/{}", escape(channel));
        if newer {
            found.extend(add("message", document, &format!("{pointer}/messages"), key, message.clone()));
            continue;
        }
        for verb in ["publish", "subscribe"] {
            let Some(list) = value[verb]["message"]["oneOf"].as_array() else { continue };
            // What has no name is named by its place in the list.
            let named = |message: &Value| ["$ref", "messageId", "name"].iter().any(|key| message.get(key).is_some());
            let first = if list.iter().all(named) { 0 } else { list.len() };
            for at in [first, list.len()] {
                let mut document = document.clone();
                let place = document.pointer_mut(&format!("{pointer}/{verb}/message/oneOf"));
                place.and_then(Value::as_array_mut).unwrap().insert(at, message.clone());
                found.push(Addition { what: format!("message `{key}` at {pointer}/{verb} {at}"), document });
            }
        }
    }
    found
}

/// The documents of a folder and those below it, each with everything in its folder.
fn subjects(folder: &Path) -> Vec<(String, Subject)> {
    let mut files = BTreeMap::new();
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(subjects(&path));
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.insert(path.file_name().unwrap().to_string_lossy().into_owned(), text);
        }
    }
    let documents: Vec<&String> =
        files.keys().filter(|name| Path::new(name).extension().is_some_and(|end| end == "yaml")).collect();
    for document in documents {
        let settings = ["settings.toml".to_owned(), document.replace(".yaml", ".toml")];
        let settings = settings.iter().filter_map(|name| Config::from_toml(files.get(name)?).ok());
        let config = settings.into_iter().find(|config| config.document == *document);
        let config = config.unwrap_or_else(|| Config::for_document(document));
        let subject = Subject::read(config, files.clone().into_iter().collect());
        found.extend(subject.map(|subject| (folder.join(document).display().to_string(), subject)));
    }
    found
}

#[test]
fn additions_to_our_documents_rename_nothing() {
    let repository = eventwire_tests::folder().parent().unwrap();
    let folders = ["generator/tests/cases", "tests/shared", "tests/build-script", "spec"];
    let subjects: Vec<_> = folders.iter().flat_map(|folder| subjects(&repository.join(folder))).collect();
    assert!(subjects.len() > 40, "the documents have moved");
    let mut failures = Vec::new();
    for (name, subject) in &subjects {
        // A long document takes long each time, and has many places that are alike.
        let step = 1 + subject.document.to_string().len() / 10_000;
        let judged = additions(subject).into_iter().step_by(step).filter_map(|addition| subject.check(&addition));
        failures.extend(judged.map(|failure| format!("{name}: {failure}")));
    }
    assert!(failures.is_empty(), "{} additions break code:\n{}", failures.len(), failures.concat());
}

#[test]
fn additions_to_mutated_documents_rename_nothing() {
    let seed = setting("EVENTWIRE_SEED", 1);
    let runs = setting("EVENTWIRE_ADDITIONS", RUNS);
    let mut runner = runner(seed);
    let documents: Vec<_> = eventwire_tests::documents().into_iter().filter(|(_, text)| text.len() < 10_000).collect();
    let strategy = (select(documents), mutation::slips())
        .prop_map(|((path, text), slips)| (path, mutation::mutated(text, &slips)));
    let (mut tried, mut failures) = (0, Vec::new());
    for run in 0..runs {
        let (path, text) = draw(&strategy, &mut runner);
        let files = [("document.yaml", text)].into_iter().collect();
        let Some(subject) = Subject::read(Config::for_document("document.yaml"), files) else { continue };
        let additions = additions(&subject);
        if additions.is_empty() {
            continue;
        }
        tried += 1;
        let addition = &additions[usize::try_from(run).unwrap() % additions.len()];
        if let Some(failure) = subject.check(addition) {
            failures.push(format!("run {run}, {}: {failure}{:#}\n", path.display(), subject.document));
        }
    }
    assert!(tried * 5 > runs, "{tried} of {runs} documents were still good enough to add to");
    assert!(failures.is_empty(), "{} of {tried} additions break code:\n{}", failures.len(), failures.concat());
}
