//! From byte offsets to lines and columns.

use super::{Files, Span};

/// A place between two characters.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Position {
    /// The line, from 1; only `\n` ends one.
    pub(super) line: usize,
    /// The column, from 1, in Unicode scalar values.
    pub(super) column: usize,
}

/// Returns the position of a byte offset.
pub(super) fn position(text: &str, offset: usize) -> Position {
    let before = &text[..floor(text, offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Position {
        line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

/// Returns the bytes of a span, moved onto character boundaries inside the file's text.
pub(super) fn range(files: &impl Files, span: Span) -> std::ops::Range<usize> {
    let text = files.text(span.file);
    let start = floor(text, span.start as usize);
    let end = floor(text, span.end as usize);
    start..end.max(start)
}

fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|&offset| text.is_char_boundary(offset)).unwrap_or(0)
}
