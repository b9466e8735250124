//! Places in messages, as a document names them with runtime expressions.

use std::borrow::Cow;
use std::fmt;

use crate::json::scan::{self, Members};
use crate::{Encode, Json};

/// A place in a message: an AsyncAPI runtime expression such as `$message.payload#/request/id`.
///
/// ```
/// use eventwire::Expression;
///
/// const ID: Expression = Expression::payload("/request/id");
/// assert_eq!(ID.find(r#"{"request": {"id": 7}}"#).unwrap().text(), "7");
/// assert_eq!(ID.find(r#"{"request": {}}"#), None);
/// assert_eq!(ID.to_string(), "$message.payload#/request/id");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Expression {
    part: MessagePart,
    pointer: &'static str,
}

/// The parts of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessagePart {
    /// The headers. Not every transport carries them.
    Header,
    /// The payload.
    Payload,
}

impl Expression {
    /// Creates a place in the headers; the empty pointer means all of them.
    #[must_use]
    pub const fn header(pointer: &'static str) -> Self {
        Self { part: MessagePart::Header, pointer }
    }

    /// Creates a place in the payload; the empty pointer means all of it.
    #[must_use]
    pub const fn payload(pointer: &'static str) -> Self {
        Self { part: MessagePart::Payload, pointer }
    }

    /// Returns the part of the message.
    #[must_use]
    pub const fn part(self) -> MessagePart {
        self.part
    }

    /// Returns the way to the value in that part, a JSON pointer (RFC 6901).
    #[must_use]
    pub const fn pointer(self) -> &'static str {
        self.pointer
    }

    /// Returns the value at this place, out of the JSON text of the part; `None` where there is none, or the text is
    /// not JSON.
    #[must_use]
    pub fn find(self, text: &str) -> Option<Json> {
        self.locate(text).and_then(|value| Json::from_text(value).ok())
    }

    /// Returns the value at this place, out of the headers or the payload, whichever the [`part`](Self::part) is;
    /// `None` where there is none.
    pub fn evaluate<T: Encode + ?Sized>(self, part: &T) -> Option<Json> {
        self.find(&crate::to_json(part).ok()?)
    }

    /// Returns whether the JSON text of the part has this value at this place; strings may be escaped differently. The
    /// text around the value is not validated.
    #[must_use]
    pub fn is_at(self, text: &str, value: &Json) -> bool {
        self.locate(text).is_some_and(|found| scan::is_same(found, value.text()))
    }

    /// The text of the value at this place. The text around it is not validated.
    pub(crate) fn locate(self, text: &str) -> Option<&str> {
        let mut value = text.trim_matches([' ', '\n', '\r', '\t']);
        for segment in self.pointer.split('/').skip(1) {
            let key = if segment.contains('~') {
                Cow::Owned(segment.replace("~1", "/").replace("~0", "~"))
            } else {
                Cow::Borrowed(segment)
            };
            value = member(value, &key).or_else(|| scan::element(value, key.parse().ok()?))?;
        }
        (!value.is_empty()).then_some(value)
    }
}

/// The text of a member's value; of members with the same key that of the first.
fn member<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut members = Members::open(text)?;
    while let Some(member) = members.next() {
        let value = members.skip(&member)?;
        if member.is(key) {
            return Some(value);
        }
    }
    None
}

/// As a document writes it.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            MessagePart::Header => "header",
            MessagePart::Payload => "payload",
        };
        write!(f, "$message.{part}#{}", self.pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::Expression;

    #[test]
    fn values_are_found_by_pointer() {
        let text = r#" {"a":{"b/c":[10,{"~d":"x"}],"a":null},"":true,"0":{}} "#;
        for (pointer, expected) in [
            ("/a/b~1c/0", Some("10")),
            ("/a/b~1c/1/~0d", Some("\"x\"")),
            ("/a/a", Some("null")),
            ("/", Some("true")),
            ("/0", Some("{}")),
            ("/a/b~1c/2", None),
            ("/a/b~1c/x", None),
            ("/a/a/a", None),
            ("/b", None),
            ("", Some(text.trim())),
        ] {
            let found = Expression::payload(pointer).find(text);
            assert_eq!(found.as_ref().map(text_of), expected, "{pointer}");
        }
        assert_eq!(Expression::payload("/a").find("{\"a\":"), None);
        assert_eq!(Expression::payload("").find(" "), None);
    }

    fn text_of(json: &crate::Json) -> &str {
        json.text()
    }
}
