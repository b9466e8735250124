//! Text of a document as a terminal may show it.

use std::borrow::Cow;

/// Returns text with `\u{…}` in place of characters that control a device, end lines or turn the direction of text. Line
/// ends and tabs stay.
///
/// A document may contain any character. Printed as they are, some let text look like other text, or command a terminal.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, |c, shown| shown.extend(c.escape_unicode()))
}

/// Returns text with one sign in place of each of those characters, so that columns stay what they are.
pub(super) fn in_columns(text: &str) -> Cow<'_, str> {
    replaced(text, |_, shown| shown.push('\u{fffd}'))
}

fn replaced(text: &str, show: impl Fn(char, &mut String)) -> Cow<'_, str> {
    if !text.contains(is_special) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let ends_line = c == '\r' && rest.peek() == Some(&'\n');
        if is_special(c) && !ends_line {
            show(c, &mut shown);
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

fn is_special(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || matches!(c, '\u{2028}' | '\u{2029}') || (c.is_control() && !matches!(c, '\n' | '\t'))
}
