//! Messages that a document does not name.

use std::fmt;

use crate::{DecodeError, Encode, Json, Sink};

/// A message that the document does not name: its tag, and its whole text.
///
/// ```
/// use eventwire::UnknownMessage;
///
/// let text = r#"{"type": "poll.opened", "poll": {"id": 1.0}}"#;
/// let message = UnknownMessage::read("poll.opened", text)?;
/// assert_eq!(message.tag(), "poll.opened");
/// assert_eq!(message.json().get("poll").unwrap().text(), r#"{"id": 1.0}"#);
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownMessage {
    tag: Box<str>,
    json: Json,
}

impl UnknownMessage {
    /// Keeps a message whose tag is already known.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn read(tag: &str, text: &str) -> Result<Self, DecodeError> {
        Ok(Self { tag: tag.into(), json: Json::from_text(text)? })
    }

    /// What the message says it is.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The whole message.
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

impl Encode for UnknownMessage {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        self.json.encode(sink)
    }
}
