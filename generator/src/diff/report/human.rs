//! The form for people: like diagnostics.

use eventwire_document::diagnostic::{FileId, Files, Label, Level, Remark, Span, remarks};

use super::{LOSSES, first, wire};
use crate::diff::{Change, Diff, SourceLocation, Texts, Verdict};

/// The files of both sides: those of the old one first.
struct Both<'d> {
    old: &'d Texts,
    new: &'d Texts,
}

impl Files for Both<'_> {
    fn path(&self, file: FileId) -> &str {
        self.side(file, |texts, file| texts.path(file))
    }

    fn text(&self, file: FileId) -> &str {
        self.side(file, |texts, file| texts.text(file))
    }
}

impl<'d> Both<'d> {
    fn side(&self, file: FileId, get: impl Fn(&'d Texts, FileId) -> &'d str) -> &'d str {
        match file.index().checked_sub(self.old.files.len()) {
            None => get(self.old, file),
            Some(index) => get(self.new, id(index)),
        }
    }

    fn label(&self, place: &SourceLocation, is_new: bool) -> Label {
        let shift = if is_new { self.old.files.len() } else { 0 };
        let span = Span { file: id(place.span.file.index() + shift), ..place.span };
        Label { span, text: if is_new { "now" } else { "before" }.to_owned() }
    }
}

/// There are never more files than fit.
fn id(index: usize) -> FileId {
    FileId::new(u32::try_from(index).unwrap_or(u32::MAX))
}

impl Diff {
    /// Returns the changes as text like that of `rustc`, the worst first; empty where there are none. With `color`, it
    /// has ANSI escape codes.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let files = Both { old: &self.old, new: &self.new };
        remarks(self.by_verdict().into_iter().map(|change| remark(change, &files)), &files, color)
    }
}

fn level(verdict: Verdict) -> Level {
    match verdict {
        Verdict::Breaking => Level::Error,
        Verdict::Tolerated => Level::Warning,
        Verdict::Compatible => Level::Note,
    }
}

fn remark<'c>(change: &'c Change, files: &Both<'_>) -> Remark<'c> {
    let verdict = change.verdict();
    let (word, level) = (verdict.name(), level(verdict));
    let new = change.new.as_ref().map(|place| files.label(place, true));
    let old = change.old.as_ref().map(|place| files.label(place, false));
    let mut notes: Vec<(&str, String)> = wire(change).into_iter().map(|sentence| ("wire", sentence)).collect();
    notes.extend(
        first(change.source.iter().map(|broken| broken.sentence.clone()), LOSSES)
            .into_iter()
            .map(|text| ("source", text)),
    );
    let labels: Vec<Label> = new.into_iter().chain(old).collect();
    Remark { word, level, id: change.rule.name(), title: &change.message, labels, notes }
}
