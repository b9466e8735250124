//! Workflow commands, with which GitHub Actions shows a message at its line in a pull request.

use eventwire_codegen::diagnostic::{FileRange, Level, Record, visible};

use super::root::Root;

/// Returns a line for each record: `::error file=chat.yaml,line=3,title=EW0301::message`.
pub(super) fn to_github(records: &[Record], root: &Root) -> String {
    records.iter().map(|record| command(record, root)).collect()
}

/// Returns the line for an error that is at no place: `::error::message`.
pub(super) fn message_to_github(message: &str) -> String {
    format!("::error::{}\n", data(message))
}

fn command(record: &Record, root: &Root) -> String {
    let title = format!("{}: {}", record.rule.id, record.rule.title);
    let place = record.place.iter().flat_map(|place| place_properties(place, root));
    let properties = place.chain([("title", title)]);
    let properties: Vec<String> = properties.map(|(key, value)| format!("{key}={}", property(&value))).collect();
    let level = match record.level {
        Level::Error | Level::Warning => record.level.name(),
        Level::Note => "notice",
    };
    format!("::{level} {}::{}\n", properties.join(","), data(&record.text()))
}

fn place_properties(place: &FileRange, root: &Root) -> Vec<(&'static str, String)> {
    let mut properties = vec![("file", root.path(&place.file)), ("line", place.line.to_string())];
    // GitHub takes columns only where a message covers a single line.
    if place.line == place.end_line {
        properties.push(("col", place.column.to_string()));
        properties.push(("endLine", place.end_line.to_string()));
        // The last character here, the place after it in a record.
        properties.push(("endColumn", place.end_column.saturating_sub(1).max(place.column).to_string()));
    } else {
        properties.push(("endLine", place.end_line.to_string()));
    }
    properties
}

/// Text as it may stand after the second `::`.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text as it may stand in a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
