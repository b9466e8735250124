//! SARIF 2.1.0, the form that code scanning services take.

use std::fmt::Write as _;

use eventwire_codegen::diagnostic::{FileRange, Level, Record, RuleInfo};
use serde_json::{Value, json};

use super::root::Root;

/// Returns a log with one run: a result for each record that has a place, a notification for each that has none and for
/// each failure, which is why the tool could not do its work.
///
/// Paths are relative to the top of the repository, columns count Unicode scalar values.
pub(super) fn to_sarif(records: &[Record], failures: &[String], root: &Root) -> Value {
    let mut rules: Vec<RuleInfo> = Vec::new();
    for record in records {
        if !rules.contains(&record.rule) {
            rules.push(record.rule);
        }
    }
    let index = |record: &Record| rules.iter().position(|rule| *rule == record.rule);
    let results = records.iter().filter_map(|one| Some(result(one, index(one)?, one.place.as_ref()?, root)));
    let placeless = records.iter().filter(|record| record.place.is_none());
    let notices = placeless
        .map(notice)
        .chain(failures.iter().map(|failure| json!({ "level": Level::Error.name(), "message": { "text": failure } })));
    let successful = failures.is_empty() && records.iter().all(|record| record.place.is_some());
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "eventwire",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.iter().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": successful,
                "toolExecutionNotifications": notices.collect::<Vec<_>>(),
            }],
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn rule(rule: &RuleInfo) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.explanation },
        "help": { "text": rule.explanation },
        "defaultConfiguration": { "level": rule.level.name() },
    })
}

fn result(record: &Record, index: usize, place: &FileRange, root: &Root) -> Value {
    let main = record.labels.first().map(|label| label.text.as_str());
    let mut result = json!({
        "ruleId": record.rule.id,
        "ruleIndex": index,
        "level": record.level.name(),
        "message": { "text": record.text() },
        "locations": [location(place, main, root)],
    });
    let related = record.labels.iter().skip(1).enumerate().map(|(index, label)| {
        let mut location = location(&label.place, Some(&label.text), root);
        location["id"] = json!(index);
        location
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = Value::Array(related);
    }
    result
}

/// The notification for a record without a place.
fn notice(record: &Record) -> Value {
    json!({
        "level": record.level.name(),
        "message": { "text": record.text() },
        "descriptor": { "id": record.rule.id },
    })
}

fn location(place: &FileRange, text: Option<&str>, root: &Root) -> Value {
    let path = root.path(&place.file);
    let artifact = if path.starts_with('/') {
        json!({ "uri": format!("file://{}", uri(&path)) })
    } else {
        json!({ "uri": uri(&path), "uriBaseId": "%SRCROOT%" })
    };
    let mut location = json!({ "physicalLocation": {
        "artifactLocation": artifact,
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        },
    } });
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        location["message"] = json!({ "text": text });
    }
    location
}

/// A path as a part of a URI: whatever may not stand there is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
