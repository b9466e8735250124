use std::fmt;
use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use eventwire_core::{Bytes, Handshake};
use eventwire_websocket::client::{CloseFrame, Disconnect, Frame, Limits, Outgoing, Role, Socket, Transport};
use eventwire_websocket::server;

/// The longest message that a peer takes.
const MAX_MESSAGE: usize = 64 << 20;

/// A server on the loopback interface that a test controls.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Listens on a free port.
    ///
    /// # Errors
    ///
    /// If the system has no free port.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Returns the address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns a handshake for a path of this server.
    #[must_use]
    pub fn handshake(&self, path: &str) -> Handshake {
        Handshake::new("ws", self.address.to_string(), path)
    }

    /// Accepts the next connection and reads its request, which then waits for a response.
    ///
    /// # Errors
    ///
    /// When the connection breaks or sends no HTTP request.
    pub async fn accept(&self) -> io::Result<PendingUpgrade> {
        PendingUpgrade::read(self.accept_stream().await?).await
    }

    /// Accepts the next connection without reading from it.
    ///
    /// # Errors
    ///
    /// When the system cannot accept connections.
    pub async fn accept_stream(&self) -> io::Result<TcpStream> {
        let (stream, _) = self.listener.accept().await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// The request of a connected client, with what a service sees of it and with faults for tests.
pub struct PendingUpgrade(server::UpgradeRequest);

impl fmt::Debug for PendingUpgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is asked for.
impl Deref for PendingUpgrade {
    type Target = server::UpgradeRequest;

    fn deref(&self) -> &server::UpgradeRequest {
        &self.0
    }
}

impl PendingUpgrade {
    /// Reads the request of a client that has just connected.
    ///
    /// # Errors
    ///
    /// When the connection breaks, sends no HTTP request, or takes longer than 10 s for it.
    pub async fn read(stream: TcpStream) -> io::Result<Self> {
        server::UpgradeRequest::read(stream).await.map(Self)
    }

    /// Accepts the upgrade, and returns the connection as frames.
    ///
    /// # Errors
    ///
    /// When the request does not ask for that, or the connection breaks.
    pub async fn upgrade(mut self) -> io::Result<Peer> {
        self.0.switch_protocols(None).await?;
        let (stream, rest) = self.0.into_parts();
        let limits = Limits { message: MAX_MESSAGE, frame: MAX_MESSAGE, ..Limits::default() };
        Ok(Peer { socket: Socket::new(stream, rest, Role::Server, &limits) })
    }

    /// Responds with any bytes and disconnects.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn answer(self, bytes: &[u8]) -> io::Result<()> {
        let mut stream = self.into_stream();
        stream.write_all(bytes).await?;
        stream.shutdown().await
    }

    /// Rejects the upgrade with an HTTP status and a body.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn reject(self, status: u16, body: &str) -> io::Result<()> {
        self.0.reject(status, body).await
    }

    /// Returns the request as a service gets it.
    #[must_use]
    pub fn into_inner(self) -> server::UpgradeRequest {
        self.0
    }

    /// Returns the connection.
    #[must_use]
    pub fn into_stream(self) -> TcpStream {
        self.0.into_parts().0
    }
}

/// The server's end of a WebSocket. Dropping it ends the stream without a close frame.
#[derive(Debug)]
pub struct Peer {
    socket: Socket<TcpStream>,
}

/// What a [`Peer`] receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeerMessage {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Bytes),
    /// A ping, already answered.
    Ping,
    /// A pong.
    Pong,
    /// A close frame, already answered.
    Close(Option<CloseFrame>),
    /// The end of the stream, orderly or not.
    End,
}

impl Peer {
    /// Sends a text message.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn send(&mut self, text: impl Into<String>) -> io::Result<()> {
        self.write(Outgoing::Text(text.into())).await
    }

    /// Sends a binary message.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn send_binary(&mut self, bytes: impl Into<Bytes>) -> io::Result<()> {
        self.write(Outgoing::Binary(bytes.into())).await
    }

    /// Sends a ping.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn ping(&mut self) -> io::Result<()> {
        self.write(Outgoing::Ping).await
    }

    /// Sends bytes that need not be a frame.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn send_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.socket.stream().write_all(bytes).await
    }

    /// Returns the next item.
    pub async fn next(&mut self) -> PeerMessage {
        let frame = poll_fn(|cx| self.socket.poll_frame(cx)).await;
        if let Ok(Some(Frame::Ping | Frame::Close(_))) = frame {
            // The answer is queued; it would leave with the next read. The client may be gone already.
            let _ = poll_fn(|cx| self.socket.poll_flush(cx)).await;
        }
        match frame {
            Ok(Some(Frame::Text(text))) => PeerMessage::Text(text.to_string()),
            Ok(Some(Frame::Binary(bytes))) => PeerMessage::Binary(bytes),
            Ok(Some(Frame::Ping)) => PeerMessage::Ping,
            Ok(Some(Frame::Pong)) => PeerMessage::Pong,
            Ok(Some(Frame::Close(close))) => PeerMessage::Close(close),
            Ok(None) | Err(_) => PeerMessage::End,
        }
    }

    /// Waits for the next text message; `None` when the client ends the connection before.
    pub async fn next_text(&mut self) -> Option<String> {
        loop {
            match self.next().await {
                PeerMessage::Text(text) => return Some(text),
                PeerMessage::Close(_) | PeerMessage::End => return None,
                PeerMessage::Binary(_) | PeerMessage::Ping | PeerMessage::Pong => {}
            }
        }
    }

    /// Sends a close frame, and waits for the client's close frame or for the end of the stream.
    ///
    /// # Errors
    ///
    /// When the connection breaks before the frame is written.
    pub async fn close(mut self, code: u16, reason: &str) -> io::Result<()> {
        self.write(Outgoing::Close(CloseFrame { code, reason: reason.to_owned() })).await?;
        while !matches!(self.next().await, PeerMessage::Close(_) | PeerMessage::End) {}
        Ok(())
    }

    /// Resets the connection, so that the client sees an error rather than an end.
    ///
    /// # Errors
    ///
    /// When the system does not allow that.
    pub fn reset(mut self) -> io::Result<()> {
        self.socket.stream().set_zero_linger()
    }

    async fn write(&mut self, frame: Outgoing) -> io::Result<()> {
        poll_fn(|cx| self.socket.poll_ready(cx)).await.map_err(broken)?;
        self.socket.start_send(frame).map_err(broken)?;
        poll_fn(|cx| self.socket.poll_flush(cx)).await.map_err(broken)
    }
}

fn broken(reason: Disconnect) -> io::Error {
    io::Error::other(reason)
}
