//! What frames carry.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use eventwire_core::Bytes;

/// A received frame; fragmented messages are reassembled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text message.
    Text(Text),
    /// A binary message.
    Binary(Bytes),
    /// A ping, already answered.
    Ping,
    /// A pong.
    Pong,
    /// A close frame, already answered.
    Close(Option<CloseFrame>),
}

/// A frame to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Bytes),
    /// A ping without payload.
    Ping,
    /// A close frame. A reason is cut to the 123 bytes that fit, and a code that may not be sent, such as 1005, is left out.
    Close(CloseFrame),
}

/// The content of a close frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseFrame {
    /// The close code.
    pub code: u16,
    /// The explanation, often empty.
    pub reason: String,
}

impl CloseFrame {
    /// Creates a close frame without a reason.
    #[must_use]
    pub fn new(code: u16) -> Self {
        Self { code, reason: String::new() }
    }
}

/// The text of one message; cheap to clone.
///
/// It can be a part of a buffer with other texts, and then keeps the whole buffer in memory. To keep a text for long,
/// copy it into a `String`.
#[derive(Clone)]
pub struct Text {
    block: Arc<String>,
    range: Range<usize>,
}

impl Text {
    /// A part of what texts have in common.
    pub(crate) fn part(block: &Arc<String>, range: Range<usize>) -> Self {
        Self { block: Arc::clone(block), range }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        // Parts are whole texts, so there is one.
        self.block.get(self.range.clone()).unwrap_or_default()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl From<String> for Text {
    fn from(text: String) -> Self {
        let range = 0..text.len();
        Self { block: Arc::new(text), range }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
