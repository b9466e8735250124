//! The form for programs: one JSON object a line.

use serde::Serialize;

use super::{Diagnostic, Files, Label, Span, position};

/// Returns one JSON object a line for each diagnostic.
///
/// Lines and columns count from 1, columns in Unicode scalar values; `endLine` and `endColumn` are those after the last
/// character. `file` and the four positions are those of the primary label, which `labels` repeats first; they are
/// absent when the diagnostic points nowhere.
#[must_use]
pub fn to_json(diagnostics: &[Diagnostic], files: &impl Files) -> String {
    diagnostics.iter().map(|diagnostic| line(diagnostic, files)).collect()
}

fn line(diagnostic: &Diagnostic, files: &impl Files) -> String {
    let labels = (diagnostic.primary.iter()).chain(&diagnostic.secondary);
    let record = Record {
        code: diagnostic.code.id(),
        level: diagnostic.level().name(),
        message: &diagnostic.message,
        place: diagnostic.primary.as_ref().map(|label| place(label.span, files)),
        labels: labels.map(|label| label_record(label, files)).collect(),
        notes: &diagnostic.notes,
        help: &diagnostic.help,
    };
    match serde_json::to_string(&record) {
        Ok(json) => json + "\n",
        Err(error) => unreachable!("strings, numbers and lists always have a JSON form: {error}"),
    }
}

#[derive(Serialize)]
struct Record<'d> {
    code: &'static str,
    level: &'static str,
    message: &'d str,
    #[serde(flatten)]
    place: Option<Place<'d>>,
    labels: Vec<LabelRecord<'d>>,
    notes: &'d [String],
    help: &'d [String],
}

#[derive(Serialize)]
struct LabelRecord<'d> {
    #[serde(flatten)]
    place: Place<'d>,
    text: &'d str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'d> {
    file: &'d str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

fn label_record<'d>(label: &'d Label, files: &'d impl Files) -> LabelRecord<'d> {
    LabelRecord { place: place(label.span, files), text: &label.text }
}

fn place(span: Span, files: &impl Files) -> Place<'_> {
    let text = files.text(span.file);
    let range = position::range(files, span);
    let start = position::position(text, range.start);
    let end = position::position(text, range.end);
    Place {
        file: files.path(span.file),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}
