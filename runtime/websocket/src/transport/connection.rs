//! The two seams to the network: a [`Connector`] opens a [`Transport`], a transport carries frames.

use std::pin::Pin;
use std::task::{Context, Poll};

use crate::frame::{Frame, Outgoing};
use crate::lifecycle::{Disconnect, Limits};
use eventwire_core::Handshake;

/// Opens connections. [`WebSocket`](crate::client::WebSocket) is the one for real networks.
pub trait Connector: Send + Sync + 'static {
    /// Begins to open one connection. Dropping the future abandons the attempt.
    fn open(&self, handshake: Handshake, limits: &Limits) -> Opening;
}

/// A connection being opened.
pub type Opening = Pin<Box<dyn Future<Output = Result<Box<dyn Transport>, Disconnect>> + Send>>;

/// An open connection that transfers frames.
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
    fn drain(self: Box<Self>) -> Option<Draining> {
        None
    }
}

/// The rest of a connection that one side has closed.
pub type Draining = Pin<Box<dyn Future<Output = ()> + Send>>;
