//! Characters that JSON allows in strings and the parser does not take.
//!
//! YAML 1.2.2, section 5.1: to be compatible with JSON, all characters but C0 controls are allowed inside quoted scalars.
//! The parser takes some of them as escapes only, so that is how it gets them.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A text as the parser takes it, and how its offsets relate to the text that was written.
pub(super) struct EscapedText<'t> {
    text: Cow<'t, str>,
    escapes: Vec<Escape>,
}

/// A character that was replaced by an escape.
struct Escape {
    /// Where the character stands in the text that was written.
    written: usize,
    /// How many bytes it has there.
    width: usize,
    /// Where the escape ends in the other text.
    end: usize,
}

impl<'t> EscapedText<'t> {
    pub(super) fn new(written: &'t str) -> Self {
        let mut escapes: Vec<Escape> = Vec::new();
        let mut text = String::new();
        let mut copied = 0;
        // Most texts are plain ASCII, which is seen fastest by looking at all of it.
        let is_plain = written.bytes().fold(0, u8::max) < 0x7f;
        for (at, character) in written.char_indices().filter(|(_, character)| !is_plain && needs_escape(*character)) {
            if is_escaped(&written[..at]) {
                continue;
            }
            text.push_str(&written[copied..at]);
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{:04X}", u32::from(character));
            copied = at + character.len_utf8();
            escapes.push(Escape { written: at, width: character.len_utf8(), end: text.len() });
        }
        if escapes.is_empty() {
            return Self { text: Cow::Borrowed(written), escapes };
        }
        text.push_str(&written[copied..]);
        Self { text: Cow::Owned(text), escapes }
    }

    /// The text for the parser.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// An offset of the parser in the text that was written.
    pub(super) fn written(&self, offset: usize) -> usize {
        let after = self.escapes.partition_point(|escape| escape.end <= offset);
        let start = after.checked_sub(1).map_or(offset, |last| {
            let Escape { written, width, end } = self.escapes[last];
            written + width + (offset - end)
        });
        // Inside of an escape, the character is meant.
        self.escapes.get(after).map_or(start, |next| start.min(next.written))
    }

    /// Where the replaced character of this number stands in the text that was written.
    pub(super) fn original(&self, number: usize) -> Option<usize> {
        self.escapes.get(number).map(|escape| escape.written)
    }
}

/// Returns whether a backslash at the end of a text makes an escape out of what follows.
fn is_escaped(before: &str) -> bool {
    before.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// Tells what the parser takes as an escape only, although it may stand in a string of JSON.
const fn needs_escape(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}
