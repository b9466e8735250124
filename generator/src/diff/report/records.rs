//! The form for services that show findings at their lines.

use eventwire_document::diagnostic::{self, Comment, FileId, Files, Level, Positions, Record};

use super::{LOSSES, first, sentence, wire};
use crate::diff::{Change, ChangeKind, Diff, Texts, Verdict};

impl From<ChangeKind> for diagnostic::RuleInfo {
    fn from(rule: ChangeKind) -> Self {
        Self {
            id: rule.name(),
            level: Level::Warning,
            title: rule.description().trim_end_matches('.'),
            explanation: rule.explanation(),
        }
    }
}

impl Diff {
    /// Returns the changes as findings, the worst first: a change that is denied is an error, another one that breaks
    /// something a warning, any other a note.
    ///
    /// A finding is in the new document: what was removed is reported at its parent that is still there, else
    /// at its place in the old document, and, where that is one of a commit, at the top of the new one.
    #[must_use]
    pub fn records(&self, denied: impl Fn(&Change) -> bool) -> Vec<Record> {
        let level = |change: &Change| match change.verdict() {
            _ if denied(change) => Level::Error,
            Verdict::Breaking => Level::Warning,
            Verdict::Tolerated | Verdict::Compatible => Level::Note,
        };
        let mut positions = (Positions::new(&self.old), Positions::new(&self.new));
        let changes = self.by_verdict().into_iter();
        let mut records: Vec<Record> =
            changes.map(|change| self.record(change, level(change), &mut positions)).collect();
        records.sort_by_key(|record| record.level);
        records
    }

    fn record(
        &self,
        change: &Change,
        level: Level,
        (before, now): &mut (Positions<'_, Texts>, Positions<'_, Texts>),
    ) -> Record {
        let new = change.new.as_ref().map(|place| (diagnostic::FileRange::of(place.span, now), "now"));
        let around =
            change.around.as_ref().map(|place| (diagnostic::FileRange::of(place.span, now), "removed from here"));
        let old = change.old.as_ref().filter(|_| !self.old.committed);
        let old = old.map(|place| (diagnostic::FileRange::of(place.span, before), "before"));
        let labels: Vec<Comment> = new
            .into_iter()
            .chain(around)
            .chain(old)
            .map(|(place, text)| Comment { place, text: text.to_owned() })
            .collect();
        let top = || diagnostic::FileRange::line(self.new.path(FileId::new(0)).to_owned(), 1);
        let before = change.old.as_ref().map(|place| format!("before: {}:{}", place.path, place.line));
        let wire = wire(change).into_iter().map(|sentence| format!("wire: {sentence}"));
        let source = first(change.source.iter().map(|broken| format!("source: {}", broken.sentence)), LOSSES);
        Record {
            rule: change.rule.into(),
            level,
            message: sentence(&change.message),
            place: Some(labels.first().map_or_else(top, |label| label.place.clone())),
            labels,
            notes: wire.chain(source).chain(before).collect(),
            help: Vec::new(),
        }
    }
}
