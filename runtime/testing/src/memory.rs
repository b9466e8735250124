use std::future::pending;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::sync::{mpsc, oneshot};

use eventwire_core::Handshake;
use eventwire_websocket::client::{Connector, Disconnect, Frame, Limits, Opening, Outgoing, SharedError, Transport};

/// A connector whose connections are accepted by the test, without a network.
///
/// ```
/// use eventwire::Api;
/// use eventwire::client::{Client, ConnectError};
/// use eventwire::testing::MemoryConnector;
/// use eventwire::Handshake;
///
/// # async fn run<A: Api>() -> Result<(), ConnectError> {
/// let (memory, mut lines) = MemoryConnector::new();
/// let connecting = Client::<A>::builder(Handshake::new("ws", "memory", "/")).connector(memory).connect();
/// let (client, line) = tokio::join!(connecting, async { lines.next().await.open() });
/// let mut events = client?.events();
/// line.send(r#"{"type":"hello"}"#);
/// // The connection breaks, and the client dials again:
/// drop(line);
/// let line = lines.next().await.open();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MemoryConnector {
    attempts: mpsc::UnboundedSender<ConnectAttempt>,
}

/// The listener of a [`MemoryConnector`], for the test.
#[derive(Debug)]
pub struct MemoryListener {
    attempts: mpsc::UnboundedReceiver<ConnectAttempt>,
}

impl MemoryConnector {
    /// Creates a connector and its listener.
    #[must_use]
    pub fn new() -> (Self, MemoryListener) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { attempts: sender }, MemoryListener { attempts: receiver })
    }
}

impl MemoryListener {
    /// Returns the next attempt to connect.
    pub async fn next(&mut self) -> ConnectAttempt {
        match self.attempts.recv().await {
            Some(dial) => dial,
            // No connector is left: nobody will ever dial.
            None => pending().await,
        }
    }

    /// Returns an attempt that was already made.
    pub fn try_next(&mut self) -> Option<ConnectAttempt> {
        self.attempts.try_recv().ok()
    }
}

/// An attempt to connect. Dropping it looks like an unreachable host.
#[derive(Debug)]
pub struct ConnectAttempt {
    handshake: Handshake,
    answer: oneshot::Sender<Result<MemoryTransport, Disconnect>>,
}

impl ConnectAttempt {
    /// Returns the request of the client.
    #[must_use]
    pub fn handshake(&self) -> &Handshake {
        &self.handshake
    }

    /// Accepts the connection.
    #[must_use]
    pub fn open(self) -> MemoryPeer {
        let (to_client, from_server) = mpsc::unbounded_channel();
        let (to_server, from_client) = mpsc::unbounded_channel();
        // The client may have given up.
        let _ = self.answer.send(Ok(MemoryTransport { from_server, to_server }));
        MemoryPeer { to_client, from_client }
    }

    /// Fails the attempt.
    pub fn fail(self, reason: Disconnect) {
        let _ = self.answer.send(Err(reason));
    }
}

/// The server's end of a connection. Dropping it ends the stream without a close frame.
#[derive(Debug)]
pub struct MemoryPeer {
    to_client: mpsc::UnboundedSender<Result<Frame, Disconnect>>,
    from_client: mpsc::UnboundedReceiver<Outgoing>,
}

impl MemoryPeer {
    /// Sends a text message; does nothing if the client has disconnected.
    pub fn send(&self, text: &str) {
        self.send_frame(Frame::Text(text.into()));
    }

    /// Sends a frame of any kind.
    pub fn send_frame(&self, frame: Frame) {
        let _ = self.to_client.send(Ok(frame));
    }

    /// Breaks the connection with a reason.
    pub fn fail(self, reason: Disconnect) {
        let _ = self.to_client.send(Err(reason));
    }

    /// Returns what the client sends next; `None` when it has disconnected.
    pub async fn next(&mut self) -> Option<Outgoing> {
        self.from_client.recv().await
    }

    /// Returns what the client has already sent.
    pub fn try_next(&mut self) -> Option<Outgoing> {
        self.from_client.try_recv().ok()
    }
}

impl Connector for MemoryConnector {
    fn open(&self, handshake: Handshake, _limits: &Limits) -> Opening {
        let (answer, answered) = oneshot::channel();
        let dialled = self.attempts.send(ConnectAttempt { handshake, answer });
        Box::pin(async move {
            let unreachable = || Disconnect::Unreachable(SharedError::new("nobody answers"));
            dialled.map_err(|_| unreachable())?;
            let wire = answered.await.map_err(|_| unreachable())??;
            Ok(Box::new(wire) as Box<dyn Transport>)
        })
    }
}

/// The client's end of a connection.
#[derive(Debug)]
struct MemoryTransport {
    from_server: mpsc::UnboundedReceiver<Result<Frame, Disconnect>>,
    to_server: mpsc::UnboundedSender<Outgoing>,
}

impl Transport for MemoryTransport {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Frame>, Disconnect>> {
        Poll::Ready(ready!(Pin::new(&mut self.from_server).poll_recv(cx)).transpose())
    }

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Disconnect>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(&mut self, frame: Outgoing) -> Result<(), Disconnect> {
        self.to_server.send(frame).map_err(|_| Disconnect::Io(None))
    }

    fn poll_flush(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Disconnect>> {
        Poll::Ready(Ok(()))
    }
}
