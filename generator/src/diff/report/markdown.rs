//! The form for a pull request.

use std::fmt::Write as _;

use eventwire_document::diagnostic::visible;

use super::{first, sentence, wire};
use crate::diff::{Change, Diff, SourceLocation, Verdict};

/// How many changes a table shows before the rest is folded away.
const OPEN: usize = 20;

/// How many losses in code a cell of the table has.
const CELL_LOSSES: usize = 4;

impl Diff {
    /// Returns the changes as Markdown: a summary, what breaks in a table, the rest folded away, and an entry for a
    /// changelog.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = format!("**{}**\n", sentence(&self.summary()));
        let of = |verdict| self.changes.iter().filter(|change| change.verdict() == verdict).collect::<Vec<_>>();
        let breaking = of(Verdict::Breaking);
        let (open, rest) = breaking.split_at(breaking.len().min(OPEN));
        if !open.is_empty() {
            text.push_str(&table(open));
        }
        folded(&mut text, rest, |count| format!("{count} more that break something"));
        folded(&mut text, &of(Verdict::Tolerated), |count| {
            format!("{} that peers tolerate, although their document does not describe it", changes(count))
        });
        folded(&mut text, &of(Verdict::Compatible), |count| format!("{} without consequences", changes(count)));
        if !self.changes.is_empty() {
            fold(&mut text, "Changelog", &self.changelog());
        }
        visible(&text).into_owned()
    }
}

fn changes(count: usize) -> String {
    if count == 1 { "1 change".to_owned() } else { format!("{count} changes") }
}

/// A table that is shown on demand; nothing where there is nothing to show.
fn folded(text: &mut String, rows: &[&Change], summary: impl Fn(usize) -> String) {
    if !rows.is_empty() {
        fold(text, &summary(rows.len()), &table(rows));
    }
}

/// Writing to a string cannot fail.
fn fold(text: &mut String, summary: &str, body: &str) {
    let _ = write!(text, "\n<details><summary>{summary}</summary>\n\n{}\n\n</details>\n", body.trim());
}

fn table(rows: &[&Change]) -> String {
    let mut text = "\n| change | peers | code | place |\n|---|---|---|---|\n".to_owned();
    for change in rows {
        let cells = [sentence(&change.message), wire(change).join("\n"), code(change), place(change)];
        let _ = writeln!(text, "| {} |", cells.map(|text| cell(&text)).join(" | "));
    }
    text
}

fn code(change: &Change) -> String {
    if change.source.is_empty() {
        return "compiles".to_owned();
    }
    first(change.source.iter().map(|broken| broken.sentence.clone()), CELL_LOSSES).join("\n")
}

fn place(change: &Change) -> String {
    let line = |place: &SourceLocation| format!("`{}:{}`", place.path.replace('`', "'"), place.line);
    change.new.as_ref().or(change.old.as_ref()).map(line).unwrap_or_default()
}

/// Returns the text of a table cell: pipes are escaped, also in code.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', "<br>")
}
