//! Diagnostics with their places looked up, as the forms for programs show them.

use serde::{Serialize, Serializer};

use super::{Code, Diagnostic, Files, Label, Level, Positions, Span};

/// What kind of finding a [`Record`] is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct RuleInfo {
    /// Its identifier, such as `EW0301`.
    pub id: &'static str,
    /// How bad it is by itself.
    pub level: Level,
    /// What it is in a few words.
    pub title: &'static str,
    /// What it means and the way out, in a few sentences.
    pub explanation: &'static str,
}

impl RuleInfo {
    /// A generated file that is not what would be generated.
    pub const STALE: Self = Self {
        id: "stale",
        level: Level::Error,
        title: "a generated file is not fresh",
        explanation: "The document, its settings or the generator have changed since the file was written, or somebody \
                      has edited it. Generate again, and commit what changes.",
    };
}

impl From<Code> for RuleInfo {
    fn from(code: Code) -> Self {
        Self { id: code.id(), level: code.level(), title: code.title(), explanation: code.explanation() }
    }
}

impl Serialize for RuleInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A diagnostic that can be shown without the texts it points into.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Record {
    /// What kind of finding it is.
    #[serde(rename = "code")]
    pub rule: RuleInfo,
    /// How bad it is here: the settings may have made it worse.
    pub level: Level,
    /// What was found and what was expected, in one line.
    pub message: String,
    /// Where it is; absent when it is in no file.
    #[serde(flatten)]
    pub place: Option<FileRange>,
    /// Every place with its label, the primary one first.
    pub labels: Vec<Comment>,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// Ways out.
    pub help: Vec<String>,
}

impl Record {
    /// Returns the message with its notes and help below it, a line each.
    #[must_use]
    pub fn text(&self) -> String {
        let notes = self.notes.iter().map(|note| format!("\nnote: {note}"));
        let help = self.help.iter().map(|help| format!("\nhelp: {help}"));
        self.message.clone() + &notes.chain(help).collect::<String>()
    }
}

/// A label at a place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Comment {
    /// The place.
    #[serde(flatten)]
    pub place: FileRange,
    /// A fragment of a sentence; may be empty.
    pub text: String,
}

/// A range in a file. Lines and columns count from 1, columns in Unicode scalar values.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileRange {
    /// The path of the file as the user knows it, with forward slashes.
    pub file: String,
    /// The line of the first character.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// The line of the place after the last character.
    pub end_line: usize,
    /// The column of the place after the last character.
    pub end_column: usize,
}

impl FileRange {
    /// The place of a span.
    pub fn of(span: Span, positions: &mut Positions<'_, impl Files>) -> Self {
        let (start, end) = positions.ends(span);
        Self {
            file: positions.files.path(span.file).to_owned(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }

    /// The beginning of a line.
    #[must_use]
    pub const fn line(file: String, line: usize) -> Self {
        Self { file, line, column: 1, end_line: line, end_column: 1 }
    }
}

/// Returns a record for each diagnostic.
#[must_use]
pub fn records(diagnostics: &[Diagnostic], files: &impl Files) -> Vec<Record> {
    let mut positions = Positions::new(files);
    diagnostics.iter().map(|diagnostic| record(diagnostic, &mut positions)).collect()
}

fn record(diagnostic: &Diagnostic, positions: &mut Positions<'_, impl Files>) -> Record {
    let labels = diagnostic.primary.iter().chain(&diagnostic.secondary);
    Record {
        rule: diagnostic.code.into(),
        level: diagnostic.level(),
        message: diagnostic.message.clone(),
        place: diagnostic.primary.as_ref().map(|label| FileRange::of(label.span, positions)),
        labels: labels.map(|label| comment(label, positions)).collect(),
        notes: diagnostic.notes.clone(),
        help: diagnostic.help.clone(),
    }
}

fn comment(label: &Label, positions: &mut Positions<'_, impl Files>) -> Comment {
    Comment { place: FileRange::of(label.span, positions), text: label.text.clone() }
}
