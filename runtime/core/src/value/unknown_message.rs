//! Messages that a document does not name.

use std::fmt;

use crate::{DecodeError, Json};

/// A message that the document does not name: its tag, where it has one, and its whole text.
///
/// ```
/// use eventwire::UnknownMessage;
///
/// let text = r#"{"type": "poll.opened", "poll": {"id": 1.0}}"#;
/// let message = UnknownMessage::read("Event", Some("poll.opened"), text)?;
/// assert_eq!(message.tag(), Some("poll.opened"));
/// assert_eq!(message.json().get("poll").unwrap().text(), r#"{"id": 1.0}"#);
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownMessage {
    tag: Option<Box<str>>,
    json: Json,
}

impl UnknownMessage {
    /// Keeps a message whose tag, if it has one, is already found; `set` is what it is none of.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn read(set: &'static str, tag: Option<&str>, text: &str) -> Result<Self, DecodeError> {
        let json = Json::from_text(text).map_err(|error| error.for_message(set))?;
        Ok(Self { tag: tag.map(Into::into), json })
    }

    /// Returns what the message says it is: a string without its quotes, a number or boolean as JSON. `None` when there
    /// is nothing of the kind where the document's messages have theirs, or when they are not distinguished by a tag.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// Returns the whole message.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }
}

impl fmt::Debug for UnknownMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownMessage").field("tag", &self.tag).field("json", &self.json).finish()
    }
}
