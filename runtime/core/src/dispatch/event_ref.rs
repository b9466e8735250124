//! Messages that are looked into without being decoded.

use std::borrow::Cow;

use super::tag;
use crate::json::scan;
use crate::value::json;
use crate::{Decode, DecodeError, EventSet};

/// The text of a message of the set `E`, of which only what is asked for is read: for proxies, routers and filters.
///
/// Of what comes before a member only strings and brackets are followed, and what comes after it is not read at all, so an
/// answer says nothing about the rest of the text. Each question starts anew; whoever needs most of a message decodes it.
///
/// ```
/// use eventwire::{EventRef, NoMessages, Timestamp};
///
/// // With a generated crate, `EventRef<Event>`.
/// let text = r#"{"type":"message.new","cid":"team:boats","user":{"id":"ines"},"created_at":"2025-03-14T06:39:20Z"}"#;
/// let event = EventRef::<NoMessages>::new(text);
/// assert_eq!(event.str(&["cid"]).as_deref(), Some("team:boats"));
/// assert_eq!(event.str(&["user", "id"]).as_deref(), Some("ines"));
/// let sent: Option<Timestamp> = event.get(&["created_at"])?;
/// assert_eq!(sent.and_then(|sent| sent.unix_seconds()), Some(1_741_934_360));
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
#[derive(Debug)]
pub struct EventRef<'a, E: EventSet> {
    text: &'a str,
    kind: Option<E::Kind>,
}

impl<E: EventSet> Clone for EventRef<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: EventSet> Copy for EventRef<'_, E> {}

impl<'a, E: EventSet> EventRef<'a, E> {
    /// Finds out which message a text is, as [`EventSet::kind_of`] does.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, kind: E::kind_of(text) }
    }

    /// Returns which message it is; `None` for one that the document does not name.
    #[must_use]
    pub fn kind(&self) -> Option<E::Kind> {
        self.kind
    }

    /// Returns the whole text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the string at a path of members, borrowed where it has no escapes; `None` if there is no string.
    #[must_use]
    pub fn str(&self, path: &[&str]) -> Option<Cow<'a, str>> {
        scan::string(self.from(path)?)
    }

    /// Returns the value at a path of members; `None` if there is none. `null` is a value: an `Option` takes it.
    ///
    /// # Errors
    ///
    /// When the value is not a `T`, with its place in the whole text, or is cut off.
    pub fn get<T: Decode>(&self, path: &[&str]) -> Result<Option<T>, DecodeError> {
        let Some(rest) = self.from(path) else { return Ok(None) };
        let Some(value) = scan::value(rest) else { return json::check(self.text).map(|()| None) };
        match crate::from_json(value) {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                let error = error.in_text(value, self.text.len() - rest.len()).in_line_of(self.text);
                Err(path.iter().rev().fold(error, |error, key| error.in_member(key)))
            }
        }
    }

    /// Decodes the whole message.
    ///
    /// # Errors
    ///
    /// Those of [`EventSet::from_json`].
    pub fn decode(&self) -> Result<E, DecodeError> {
        E::from_json(self.text)
    }

    /// The text from a value on.
    fn from(&self, path: &[&str]) -> Option<&'a str> {
        let text = self.text.trim_start_matches([' ', '\n', '\r', '\t']);
        path.iter().try_fold(text, |text, key| tag::member(text, key).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Json, NoMessages};

    fn event(text: &str) -> EventRef<'_, NoMessages> {
        EventRef::new(text)
    }

    #[test]
    fn members_are_found_wherever_they_stand() {
        let text = r#" {"user":{"id":"in\u00e9s","teams":["a"]},"id":"x","n":3,"nothing":null,"id":"y"} "#;
        let event = event(text);
        assert_eq!(event.str(&["id"]), Some(Cow::Borrowed("x")));
        assert_eq!(event.str(&["user", "id"]).as_deref(), Some("inés"));
        assert_eq!(event.get::<u8>(&["n"]), Ok(Some(3)));
        assert_eq!(event.get::<Vec<String>>(&["user", "teams"]), Ok(Some(vec!["a".to_owned()])));
        assert_eq!(event.get::<Option<u8>>(&["nothing"]), Ok(Some(None)));
        assert_eq!(event.get::<Json>(&[]).unwrap().unwrap().text(), text.trim());
        for path in [&["n"][..], &["none"], &["user", "none"], &["n", "x"], &["nothing"], &["user"]] {
            assert_eq!(event.str(path), None, "{path:?}");
        }
        for path in [&["none"][..], &["user", "none"], &["n", "x"], &["user", "teams", "0"]] {
            assert_eq!(event.get::<Json>(path), Ok(None), "{path:?}");
        }
    }

    #[test]
    fn errors_carry_their_position_in_the_whole_text() {
        let error = event("{\"a\":{\n \"b\": [1,\n  \"x\"]}}").get::<Vec<u8>>(&["a", "b"]).unwrap_err();
        assert_eq!((error.path(), error.line(), error.column()), ("a.b[1]", Some(3), Some(5)), "{error}");
        let error = event("\n {").get::<u8>(&[]).unwrap_err();
        assert_eq!((error.line(), error.column()), (Some(2), Some(2)), "{error}");
        let error = event("\n \"x\"").get::<u8>(&[]).unwrap_err();
        assert_eq!((error.line(), error.column()), (Some(2), Some(4)), "{error}");
        let error = event("{\"a\":\n \"x\"}").get::<u8>(&["a"]).unwrap_err();
        assert_eq!((error.path(), error.line(), error.column()), ("a", Some(2), Some(4)), "{error}");
    }

    #[test]
    fn broken_texts_are_errors_only_where_they_are_read() {
        assert_eq!(event(r#"{"a":1,"b":{"#).get::<u8>(&["a"]), Ok(Some(1)));
        assert!(event(r#"{"a":1,"b":{"#).get::<Json>(&["b"]).is_err());
        assert!(event(r#"{"b":tru}"#).get::<bool>(&["b"]).is_err());
        for text in ["", "[]", "1", "{", r#"{"a""#, r#"{"a":"#] {
            assert_eq!(event(text).get::<Json>(&["a"]), Ok(None), "{text}");
        }
    }
}
