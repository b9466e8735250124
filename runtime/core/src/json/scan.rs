//! Walks over JSON text without building values: finds members and skips what is not wanted.
//!
//! Nothing here recurses or panics. Text that is not JSON yields members up to where it stops being JSON, or none.

use std::borrow::Cow;

use crate::json::reader::{RawStr, Reader};

/// The members of an object, in order.
pub(crate) struct Members<'a> {
    reader: Reader<'a>,
    first: bool,
}

/// One member: its key, and where its value begins.
pub(crate) struct Member<'a> {
    key: RawStr<'a>,
    value: usize,
}

impl<'a> Members<'a> {
    /// Opens the object that the text begins with.
    pub(crate) fn open(text: &'a str) -> Option<Self> {
        Some(Self { reader: open(text, b'{')?, first: true })
    }

    /// The next member. The caller continues with [`Members::skip`] or stops.
    pub(crate) fn next(&mut self) -> Option<Member<'a>> {
        let key = match self.reader.unescaped_key(self.first) {
            Some(key) => RawStr::of(key),
            None => self.reader.key(self.first).ok()??,
        };
        self.first = false;
        self.reader.colon().ok()?;
        self.reader.value().ok()?;
        Some(Member { key, value: self.reader.at() })
    }

    /// Passes by the value of the member just returned and returns its text.
    pub(crate) fn skip(&mut self, _member: &Member<'a>) -> Option<&'a str> {
        self.reader.skip().ok()
    }

    /// Passes by the value of the member just returned, without a look at what is in it.
    pub(crate) fn skip_unchecked(&mut self, _member: &Member<'a>) -> Option<()> {
        self.reader.skip_unchecked()
    }

    /// The text from the value of a member on.
    pub(crate) fn at_value(&self, member: &Member<'a>) -> &'a str {
        self.reader.text().get(member.value..).unwrap_or_default()
    }
}

impl<'a> Member<'a> {
    /// Whether this is the key, compared without escapes.
    pub(crate) fn is(&self, key: &str) -> bool {
        self.key.is(key)
    }

    /// The key without escapes; `None` where they do not make sense.
    pub(crate) fn key(&self) -> Option<Cow<'a, str>> {
        self.key.text()
    }
}

/// The elements of an array, in order.
pub(crate) struct Elements<'a> {
    reader: Reader<'a>,
    first: bool,
}

impl<'a> Elements<'a> {
    /// Opens the array that the text begins with.
    pub(crate) fn open(text: &'a str) -> Option<Self> {
        Some(Self { reader: open(text, b'[')?, first: true })
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if !self.reader.element(self.first).ok()? {
            return None;
        }
        self.first = false;
        self.reader.skip().ok()
    }
}

/// A reader behind the bracket that the text begins with.
fn open(text: &str, bracket: u8) -> Option<Reader<'_>> {
    let mut reader = Reader::new(text);
    if reader.peek() != Some(bracket) {
        return None;
    }
    reader.open();
    Some(reader)
}

/// The value that the text begins with.
pub(crate) fn value(text: &str) -> Option<&str> {
    Reader::new(text).skip().ok()
}

/// The text as far as it is JSON: all of it, or what comes before the first fault.
pub(crate) fn valid_prefix(text: &str) -> &str {
    let mut reader = Reader::new(text);
    match reader.skip().and_then(|_| reader.end()) {
        Ok(()) => text,
        Err(_) => text.get(..reader.at()).unwrap_or_default(),
    }
}

/// The text of an element of the array that the text begins with, from 0.
pub(crate) fn element(text: &str, index: usize) -> Option<&str> {
    Elements::open(text)?.nth(index)
}

/// The string that the text begins with, without quotes and escapes.
pub(crate) fn string(text: &str) -> Option<Cow<'_, str>> {
    if !text.starts_with('"') {
        return None;
    }
    Reader::new(text).string().ok()
}

/// Whether two JSON texts are the same value; strings may be escaped differently.
pub(crate) fn is_same(left: &str, right: &str) -> bool {
    left == right || string(left).is_some_and(|left| string(right) == Some(left))
}

#[cfg(test)]
mod tests {
    use super::{is_same, valid_prefix};

    #[test]
    fn a_text_is_sound_up_to_its_fault() {
        for (text, expected) in [
            (r#" {"a":[1,"é"]} "#, r#" {"a":[1,"é"]} "#),
            (r#"{"a":1}}"#, r#"{"a":1}"#),
            (r#"{"a":{1},"b":2}"#, r#"{"a":{"#),
            (r#"{"a":[1},"b":2}"#, r#"{"a":[1"#),
            (r#"{"a":1"#, r#"{"a":1"#),
            ("x", ""),
            ("", ""),
        ] {
            assert_eq!(valid_prefix(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_not_text() {
        assert!(is_same("1", "1") && is_same(r#""é""#, r#""\u00e9""#));
        assert!(!is_same("1", "\"1\"") && !is_same("1", "2") && !is_same("{}", "[]"));
    }
}
