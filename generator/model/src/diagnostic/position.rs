//! From byte offsets to lines and columns.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{FileId, Files, Span};

/// A place between two characters.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Position {
    /// The line, from 1; only `\n` ends one.
    pub line: usize,
    /// The column, from 1, in Unicode scalar values.
    pub column: usize,
}

/// Looks up positions; each file is searched for lines once, however many of its positions are looked up.
#[derive(Debug)]
pub struct Positions<'f, F> {
    pub(super) files: &'f F,
    known: BTreeMap<FileId, Lines>,
}

impl<'f, F: Files> Positions<'f, F> {
    /// Returns a lookup in files, none of which was searched yet.
    #[must_use]
    pub const fn new(files: &'f F) -> Self {
        Self { files, known: BTreeMap::new() }
    }

    /// Returns the position at which a span begins.
    pub fn start(&mut self, span: Span) -> Position {
        self.at(span.file, range(self.files, span).start)
    }

    /// Returns the positions of a span's first byte and of the byte after its last one.
    pub(super) fn ends(&mut self, span: Span) -> (Position, Position) {
        let Range { start, end } = range(self.files, span);
        (self.at(span.file, start), self.at(span.file, end))
    }

    /// Returns the position of a byte offset inside the text of a file.
    pub(super) fn at(&mut self, file: FileId, offset: usize) -> Position {
        let text = self.files.text(file);
        self.known.entry(file).or_insert_with(|| Lines::of(text)).position(text, offset)
    }
}

/// Where the lines and characters of a text are.
#[derive(Debug)]
struct Lines {
    /// The offset of the first byte of each line.
    starts: Vec<usize>,
    /// How many characters begin before each [`STEP`]th byte; a line can be as long as the text.
    characters: Vec<usize>,
}

/// How many bytes are searched at most for one position.
const STEP: usize = 1024;

impl Lines {
    fn of(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(newlines.map(|(offset, _)| offset + 1)).collect();
        let mut before = 0;
        let characters = text.as_bytes().chunks(STEP).map(|chunk| {
            let known = before;
            before += count(chunk);
            known
        });
        Self { starts, characters: characters.collect() }
    }

    fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        Position { line, column: self.characters(text, offset) - self.characters(text, start) + 1 }
    }

    /// Returns how many characters begin before an offset.
    fn characters(&self, text: &str, offset: usize) -> usize {
        let mark = offset / STEP;
        let rest = text.as_bytes().get(mark * STEP..offset).unwrap_or_default();
        self.characters.get(mark).map_or_else(|| text.chars().count(), |before| before + count(rest))
    }
}

/// Counts the characters that begin in a part of a text.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count()
}

/// Returns the bytes of a span, moved onto character boundaries inside the file's text.
pub(super) fn range(files: &impl Files, span: Span) -> Range<usize> {
    let text = files.text(span.file);
    let start = floor(text, span.start as usize);
    let end = floor(text, span.end as usize);
    start..end.max(start)
}

/// Returns the last character boundary up to an offset.
pub(super) fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|&offset| text.is_char_boundary(offset)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Lines, Position};

    #[test]
    fn every_position_is_found() {
        for text in [String::new(), "a\nö\n\nb".to_owned(), format!("{}\nx{}", "ö".repeat(1500), "y\n".repeat(700))] {
            let lines = Lines::of(&text);
            let (mut line, mut column) = (1, 1);
            for (offset, character) in text.char_indices().chain([(text.len(), ' ')]) {
                assert_eq!(lines.position(&text, offset), Position { line, column }, "{offset}");
                (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
        }
    }
}
