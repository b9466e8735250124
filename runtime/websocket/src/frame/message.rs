//! The two seams to the network: a [`Connector`] opens a [`Transport`], a transport carries frames.

use std::fmt;
use std::ops::{Deref, Range};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::{Disconnect, Limits};
use eventwire_core::Handshake;

/// Opens connections. [`WebSocket`](super::WebSocket) is the one for real networks.
pub trait Connector: Send + Sync + 'static {
    /// Begins to open one connection. Dropping the future abandons the attempt.
    fn open(&self, handshake: Handshake, limits: &Limits) -> Opening;
}

/// A connection being opened.
pub type Opening = Pin<Box<dyn Future<Output = Result<Box<dyn Transport>, Disconnect>> + Send>>;

/// One open connection that carries frames.
///
/// Every method is cancel-safe: a call that returns `Pending` has neither taken nor lost anything. A transport answers pings
/// and close frames by itself.
pub trait Transport: Send {
    /// The next frame, or `None` when the stream ended without a close frame.
    ///
    /// # Errors
    ///
    /// Why the connection is unusable from now on.
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Frame>, Disconnect>>;

    /// How many bytes have arrived of a message that is not complete, `None` when there is none. A connection whose count
    /// grows is not silent. A transport that gets whole messages only has nothing to say, as by default.
    fn arriving(&self) -> Option<usize> {
        None
    }

    /// Whether [`start_send`](Self::start_send) may be called.
    ///
    /// # Errors
    ///
    /// Why the connection is unusable from now on.
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Disconnect>>;

    /// Takes one frame for sending; call [`poll_flush`](Self::poll_flush) afterwards.
    ///
    /// # Errors
    ///
    /// Why the connection is unusable from now on.
    fn start_send(&mut self, frame: Outgoing) -> Result<(), Disconnect>;

    /// Writes out what was taken for sending.
    ///
    /// # Errors
    ///
    /// Why the connection is unusable from now on.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Disconnect>>;

    /// Sees to it that the peer gets to read what was sent last, although nothing that it sends is of interest any more:
    /// writes that out and reads on, to nowhere, until the stream ends. The caller stops waiting at some time. `None`, the
    /// default, for a transport that can be dropped at once.
    #[must_use]
    fn linger(self: Box<Self>) -> Option<Lingering> {
        None
    }
}

/// What is left of a connection that one side has ended.
pub type Lingering = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A received frame; messages that came in fragments are put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text message.
    Text(Text),
    /// A binary message.
    Binary(Vec<u8>),
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
    Binary(Vec<u8>),
    /// A ping without payload.
    Ping,
    /// A close frame. A reason is cut to the 123 bytes that fit, and a code that may not be sent, such as 1005, is left out.
    Close(CloseFrame),
}

/// What a close frame says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseFrame {
    /// The close code.
    pub code: u16,
    /// The explanation, often empty.
    pub reason: String,
}

impl CloseFrame {
    /// A close frame without explanation.
    #[must_use]
    pub fn new(code: u16) -> Self {
        Self { code, reason: String::new() }
    }
}

/// The text of one message; cheap to clone.
///
/// It may be a part of a buffer with the texts that came with it, and then keeps the whole buffer: what is to be kept for
/// long is better copied into a `String`.
#[derive(Clone)]
pub struct Text {
    block: Arc<String>,
    range: Range<usize>,
}

impl Text {
    /// A part of what texts have in common.
    pub(super) fn part(block: &Arc<String>, range: Range<usize>) -> Self {
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
