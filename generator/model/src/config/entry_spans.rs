//! Where the entries of a settings file stand.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::Config;
use crate::diagnostic::{Code, Diagnostic, FileId, Files, Span};
use crate::source::closest;

/// The text of a settings file, and where its entries stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntrySpans {
    path: String,
    text: String,
    entries: BTreeMap<Vec<String>, EntrySpan>,
    /// The table that paths begin at.
    above: Option<String>,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct EntrySpan {
    key: Span,
    value: Span,
}

impl EntrySpans {
    pub(super) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), entries: BTreeMap::new(), above: None }
    }

    /// Remembers the entries of a table, which stands at `above`, and those below it.
    pub(super) fn add(&mut self, above: &[String], table: &DeTable<'_>) {
        for (key, value) in table {
            let mut path = above.to_vec();
            path.push(key.get_ref().clone().into_owned());
            self.add_value(&path, key.span(), value.span(), value.get_ref());
        }
    }

    fn add_value(&mut self, path: &[String], key: Range<usize>, span: Range<usize>, value: &DeValue<'_>) {
        self.entries.insert(path.to_vec(), EntrySpan { key: settings_span(key), value: settings_span(span) });
        match value {
            DeValue::Table(table) => self.add(path, table),
            DeValue::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    let path = [path, &[index.to_string()]].concat();
                    self.add_value(&path, element.span(), element.span(), element.get_ref());
                }
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }

    /// The places of a table at the root, as if it were the whole.
    pub(super) fn below(&self, table: &str) -> Self {
        let entries = self.entries.iter().filter(|(path, _)| path.first().is_some_and(|key| key == table));
        let entries = entries.map(|(path, place)| (path[1..].to_vec(), *place)).collect();
        Self { entries, above: Some(table.to_owned()), ..self.clone() }
    }

    /// An entry as it is written at the root of the file: `rename."/components/schemas/user"`.
    pub(super) fn dotted(&self, path: &[&str]) -> String {
        dotted(&self.above.as_deref().into_iter().chain(path.iter().copied()).collect::<Vec<_>>())
    }

    /// Returns the path of the file; empty for settings that come from no file.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the place of an entry's key: `["rename", "/components/schemas/user"]`.
    #[must_use]
    pub fn key(&self, path: &[&str]) -> Option<Span> {
        self.get(path).map(|place| place.key)
    }

    /// Returns the place of an entry's value.
    #[must_use]
    pub fn value(&self, path: &[&str]) -> Option<Span> {
        self.get(path).map(|place| place.value)
    }

    fn get(&self, path: &[&str]) -> Option<EntrySpan> {
        let path: Vec<String> = path.iter().map(|&key| key.to_owned()).collect();
        self.entries.get(&path).copied()
    }

    /// The entry of a table whose value is, or contains, what a span covers; the innermost one.
    pub(super) fn around(&self, span: &Range<usize>) -> Option<&[String]> {
        let inside =
            |place: &EntrySpan| place.value.start as usize <= span.start && span.end <= place.value.end as usize;
        let in_array = |path: &[String]| path.last().is_some_and(|key| key.parse::<usize>().is_ok());
        let around = self.entries.iter().filter(|(path, place)| inside(place) && !in_array(path));
        around.max_by_key(|(path, _)| path.len()).map(|(path, _)| path.as_slice())
    }
}

impl Files for EntrySpans {
    fn path(&self, _file: FileId) -> &str {
        &self.path
    }

    fn text(&self, _file: FileId) -> &str {
        &self.text
    }
}

/// A span in the settings.
pub(super) fn settings_span(range: Range<usize>) -> Span {
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { file: FileId::SETTINGS, start: offset(range.start), end: offset(range.end) }
}

/// An entry as it is written at the root of the file: `rename."/components/schemas/user"`.
pub(super) fn dotted(path: &[&str]) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_bare = |key: &str| !key.is_empty() && key.chars().all(bare);
    let quoted = |key: &str| toml::Value::String(key.to_owned()).to_string();
    let written = |key: &&str| if is_bare(key) { (*key).to_owned() } else { quoted(key) };
    path.iter().map(written).collect::<Vec<_>>().join(".")
}

impl Config {
    /// Points a diagnostic that has no place yet at the value of an entry; other diagnostics get it as a second place.
    #[must_use]
    pub fn point(&self, diagnostic: Diagnostic, path: &[&str], text: &str) -> Diagnostic {
        match (self.entry_spans.value(path), &diagnostic.primary) {
            (Some(span), None) => diagnostic.at(span, text),
            (Some(span), Some(_)) => diagnostic.and(span, text),
            (None, _) => diagnostic,
        }
    }

    /// Returns the diagnostic for an entry whose key matches nothing: what the key should name, and the names there
    /// are.
    #[must_use]
    pub fn unused_setting<'k>(
        &self,
        path: &[&str],
        kind: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Diagnostic {
        let word = path.last().copied().unwrap_or_default();
        matches_nothing(&self.entry_spans.dotted(path), self.entry_spans.key(path), word, kind, known)
    }

    /// Returns the diagnostic for an entry whose value matches nothing: the value, what it should name, and the names
    /// there are.
    #[must_use]
    pub fn unused_value<'k>(
        &self,
        path: &[&str],
        value: &str,
        kind: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Diagnostic {
        matches_nothing(&self.entry_spans.dotted(path), self.entry_spans.value(path), value, kind, known)
    }
}

fn matches_nothing<'k>(
    entry: &str,
    place: Option<Span>,
    word: &str,
    kind: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnusedSetting, format!("`{entry}` matches nothing"));
    let said = format!("the document has no {kind} `{word}`");
    let diagnostic = match place {
        Some(span) => diagnostic.at(span, said),
        None => diagnostic.note(said),
    };
    let known: Vec<&str> = known.into_iter().collect();
    match closest(word, &known) {
        Some(close) => diagnostic.help(format!("did you mean `{close}`? Otherwise remove the entry")),
        None => diagnostic.help("correct it, or remove the entry"),
    }
}
