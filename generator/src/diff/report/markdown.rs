//! The form for a pull request.

use std::fmt::Write as _;

use super::{sentence, source, verdict, wire};
use crate::diff::{Change, Diff, Place};

impl Diff {
    /// The changes as Markdown: a summary, a table, what breaks in code, and an entry for a changelog.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = format!("**{}**\n", sentence(&self.summary()));
        if self.changes.is_empty() {
            return text;
        }
        text.push_str("\n| | change | wire | source | place |\n|---|---|---|---|---|\n");
        for change in &self.changes {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} |",
                verdict(change),
                cell(&sentence(&change.message)),
                cell(&wire(change).join("<br>")),
                cell(&change.source.iter().map(source).collect::<Vec<_>>().join("<br>")),
                cell(&place(change)),
            );
        }
        let _ = write!(text, "\n<details><summary>Changelog</summary>\n\n{}\n</details>\n", self.changelog());
        text
    }
}

fn place(change: &Change) -> String {
    let line = |place: &Place| format!("{}:{}", place.path, place.line);
    match (&change.old, &change.new) {
        (_, Some(new)) => line(new),
        (Some(old), None) => line(old),
        (None, None) => String::new(),
    }
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
