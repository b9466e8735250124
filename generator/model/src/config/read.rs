//! Text to settings: every mistake of a file in one run.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::edit::remove;
use super::entry_spans::{EntrySpans, dotted, settings_span};
use super::{Config, ConfigError, check};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::closest;

pub(super) fn read(path: &str, text: &str) -> Result<Config, ConfigError> {
    let mut diagnostics = Diagnostics::default();
    let (config, entry_spans) = entries::<Config>(path, text, &mut diagnostics);
    match config {
        Some(mut config) => {
            config.entry_spans = entry_spans;
            check::check(&config, &mut diagnostics);
            if diagnostics.is_empty() { Ok(config) } else { Err(error(diagnostics, config.entry_spans)) }
        }
        None => Err(error(diagnostics, entry_spans)),
    }
}

/// Reads what a file says, and where; nothing when something that has to be there is missing or cannot be read.
pub(super) fn entries<T: DeserializeOwned + JsonSchema>(
    path: &str,
    text: &str,
    diagnostics: &mut Diagnostics,
) -> (Option<T>, EntrySpans) {
    let schema = schemars::schema_for!(T).to_value();
    let mut entry_spans = EntrySpans::new(path, text);
    let (mut table, errors) = DeTable::parse_recoverable(text);
    entry_spans.add(&[], table.get_ref());
    if !errors.is_empty() {
        diagnostics.extend(errors.iter().map(syntax));
        return (None, entry_spans);
    }
    unknown(&mut table, &schema, diagnostics);
    let read = deserialize(table, &schema, &entry_spans, diagnostics);
    (read, entry_spans)
}

pub(super) fn error(diagnostics: Diagnostics, entry_spans: EntrySpans) -> ConfigError {
    ConfigError { diagnostics: diagnostics.into_sorted(), entry_spans: Box::new(entry_spans) }
}

fn syntax(error: &toml::de::Error) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::SettingsSyntax, "this is not TOML");
    match error.span() {
        Some(span) => diagnostic.at(settings_span(span), error.message()),
        None => diagnostic.note(error.message()),
    }
}

/// Reports the keys that the JSON Schema of the settings does not have, and takes them out.
fn unknown(table: &mut Spanned<DeTable<'_>>, root: &Value, diagnostics: &mut Diagnostics) {
    let mut found = Vec::new();
    collect_unknown(table.get_ref(), root, root, &[], &mut found, diagnostics);
    for path in &found {
        remove(table.get_mut(), path);
    }
}

fn collect_unknown(
    table: &DeTable<'_>,
    schema: &Value,
    root: &Value,
    above: &[String],
    found: &mut Vec<Vec<String>>,
    diagnostics: &mut Diagnostics,
) {
    let schema = resolve(schema, root);
    let closed = schema["additionalProperties"] == Value::Bool(false);
    let known: Vec<&str> =
        schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    for (key, value) in table {
        let path = [above, &[key.get_ref().clone().into_owned()]].concat();
        let inner = match schema["properties"].get(key.get_ref().as_ref()) {
            Some(inner) => inner,
            None if closed => {
                let span = settings_span(key.span());
                diagnostics.push(unknown_key(&path, &known).at(span, "not a setting"));
                found.push(path);
                continue;
            }
            None => &schema["additionalProperties"],
        };
        if let DeValue::Table(below) = value.get_ref() {
            collect_unknown(below, inner, root, &path, found, diagnostics);
        }
    }
}

fn unknown_key(path: &[String], known: &[&str]) -> Diagnostic {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let diagnostic = Diagnostic::new(Code::UnknownSetting, format!("`{}` is not a setting", dotted(&path)));
    match path.last().and_then(|key| closest(key, known)) {
        Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
        None => diagnostic.help(format!("settings here are `{}`", known.join("`, `"))),
    }
}

/// The schema that a schema refers to; of alternatives, the one that is not `null`.
fn resolve<'s>(schema: &'s Value, root: &'s Value) -> &'s Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return target.map_or(schema, |target| resolve(target, root));
    }
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    alternatives.into_iter().find(|one| one.get("$ref").is_some()).map_or(schema, |one| resolve(one, root))
}

/// Reads what is left; an entry that cannot be read is reported and taken out, until the rest can.
fn deserialize<T: DeserializeOwned>(
    mut table: Spanned<DeTable<'_>>,
    schema: &Value,
    entry_spans: &EntrySpans,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let mut removed: Vec<String> = Vec::new();
    loop {
        let error = match T::deserialize(toml::Deserializer::from(table.clone())) {
            Ok(config) => return Some(config),
            Err(error) => error,
        };
        let missing = missing_field(error.message());
        if let Some(name) = missing {
            // What was there and could not be read has been reported.
            if !removed.iter().any(|path| path == name) {
                diagnostics.push(missing_setting(name, &error, &table, schema, entry_spans));
            }
            return None;
        }
        let around = error.span().and_then(|span| entry_spans.around(&span)).map(<[String]>::to_vec);
        let Some(path) = around else {
            diagnostics.push(Diagnostic::new(Code::SettingType, "the settings cannot be read").note(error.message()));
            return None;
        };
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        let diagnostic = Diagnostic::new(Code::SettingType, format!("`{}` cannot be read", dotted(&words)));
        let span = error.span().map(settings_span);
        diagnostics.push(match span.or_else(|| entry_spans.value(&words)) {
            Some(span) => diagnostic.at(span, error.message()),
            None => diagnostic.note(error.message()),
        });
        remove(table.get_mut(), &path);
        removed.extend(path.last().cloned());
    }
}

/// The field that serde misses.
fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.strip_suffix('`')
}

fn missing_setting(
    name: &str,
    error: &toml::de::Error,
    table: &Spanned<DeTable<'_>>,
    schema: &Value,
    entry_spans: &EntrySpans,
) -> Diagnostic {
    // The span of the root covers the first table where nothing stands before it.
    let at_root = schema["properties"].get(name).is_some() && !table.get_ref().contains_key(name);
    let around = error.span().filter(|_| !at_root).and_then(|span| entry_spans.around(&span));
    let above: Vec<&str> = around.into_iter().flatten().map(String::as_str).collect();
    let path = [above.as_slice(), &[name]].concat();
    let diagnostic = Diagnostic::new(Code::MissingSetting, format!("`{}` is missing", dotted(&path)));
    match entry_spans.key(&above) {
        Some(span) => diagnostic.at(span, format!("`{name}` has to be given here")),
        None => diagnostic.help(format!("add `{name} = \"…\"` at the top of the file")),
    }
}
