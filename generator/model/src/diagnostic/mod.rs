//! Diagnostics: codes, places in files, and output formats.
//!
//! A stage reports a mistake by pushing a [`Diagnostic`] and continues. This module knows how a diagnostic looks; it
//! does not know what any of them is about.

mod code;
mod json;
mod line;
mod position;
mod record;
mod render;
mod visible;

use std::collections::BTreeSet;

pub use code::Code;
pub use json::to_json;
pub use line::to_lines;
pub use position::{Position, Positions};
pub use record::{Comment, FileRange, Record, RuleInfo, records};
pub use render::render;
pub use render::{Remark, remarks};
pub use visible::visible;

/// Identifies a file among those that were read for one document.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(u32);

impl FileId {
    /// The settings file, which is none of the files that a document reaches.
    pub const SETTINGS: Self = Self(u32::MAX);

    /// Returns the identifier of the file with this index.
    #[must_use]
    pub const fn new(index: u32) -> Self {
        Self(index)
    }

    /// Returns the index of the file, in the order of reading.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A half-open range of bytes in a file.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

/// The paths and texts that spans point into.
pub trait Files {
    /// Returns the path of a file as the user knows it, with forward slashes.
    fn path(&self, file: FileId) -> &str;

    /// Returns the text of a file; spans are offsets into it.
    fn text(&self, file: FileId) -> &str;
}

/// A place in a file and its label.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A fragment of a sentence; may be empty.
    pub text: String,
}

/// How bad something is that was found.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Nothing can be generated from the document as it is.
    Error,
    /// Code is generated; the user should know how the document was understood.
    Warning,
    /// Nothing is wrong; no diagnostic has this level, but what a diff finds has.
    Note,
}

impl Level {
    /// Returns the word that starts a printed diagnostic.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One message to the user.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Diagnostic {
    /// What kind of mistake it is.
    pub code: Code,
    /// What was found and what was expected, in one line.
    pub message: String,
    /// Where the mistake is; absent when it is in no file.
    pub primary: Option<Label>,
    /// Other places that explain the mistake.
    pub secondary: Vec<Label>,
    /// Facts that explain the mistake.
    pub notes: Vec<String>,
    /// Ways out.
    pub help: Vec<String>,
    /// Whether the settings make an error of it.
    pub denied: bool,
}

impl Diagnostic {
    /// Returns a diagnostic that points nowhere yet.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            primary: None,
            secondary: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            denied: false,
        }
    }

    /// Sets the place of the mistake.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        self.primary = Some(Label { span, text });
        self
    }

    /// Adds another place that explains the mistake.
    #[must_use]
    pub fn and(mut self, span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        self.secondary.push(Label { span, text });
        self
    }

    /// Adds a fact that explains the mistake.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Returns the level of the code, or that of an error where the settings say so.
    #[must_use]
    pub fn level(&self) -> Level {
        if self.denied { Level::Error } else { self.code.level() }
    }

    /// Sorts by file, offset and code; what has no place comes first.
    fn order(&self) -> (Option<Span>, Code) {
        (self.primary.as_ref().map(|label| label.span), self.code)
    }
}

/// The diagnostics of a run, in the order in which they were found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Returns the diagnostics in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Returns how many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether any of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.iter().any(|each| each.level() == Level::Error)
    }

    /// Returns the diagnostics by file, offset and code, each once.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut found = self.0;
        found.sort_by_key(Diagnostic::order);
        let mut seen = BTreeSet::new();
        let first: Vec<bool> = found.iter().map(|diagnostic| seen.insert(diagnostic)).collect();
        found.into_iter().zip(first).filter_map(|(diagnostic, first)| first.then_some(diagnostic)).collect()
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.0.extend(diagnostics);
    }
}

impl<'d> IntoIterator for &'d Diagnostics {
    type Item = &'d Diagnostic;
    type IntoIter = std::slice::Iter<'d, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests;
