use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Sink, Stream};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame as WireClose;
use tokio_tungstenite::tungstenite::{Bytes, Error as WireError, Message};

use eventwire_core::Handshake;
use eventwire_websocket::client::CloseFrame;
use eventwire_websocket::server;

/// A server on the loopback interface that does nothing by itself.
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
    /// When the system has none.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A handshake that leads here.
    #[must_use]
    pub fn handshake(&self, path: &str) -> Handshake {
        Handshake::new("ws", self.address.to_string(), path)
    }

    /// Takes the next connection and reads its request, which then waits for an answer.
    ///
    /// # Errors
    ///
    /// When the connection breaks or sends no HTTP request.
    pub async fn accept(&self) -> io::Result<Request> {
        Request::read(self.accept_stream().await?).await
    }

    /// Takes the next connection and reads nothing from it.
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

/// The request of a client that has connected: all that a service sees of it, and what only a test does to a client.
pub struct Request(server::Request);

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is asked for.
impl Deref for Request {
    type Target = server::Request;

    fn deref(&self) -> &server::Request {
        &self.0
    }
}

impl Request {
    /// Reads the request of a client that has just connected.
    ///
    /// # Errors
    ///
    /// When the connection breaks, sends no HTTP request, or takes longer than 10 s for it.
    pub async fn read(stream: TcpStream) -> io::Result<Self> {
        server::Request::read(stream).await.map(Self)
    }

    /// Agrees to speak WebSocket, frame by frame.
    ///
    /// # Errors
    ///
    /// When the request does not ask for that, or the connection breaks.
    pub async fn upgrade(mut self) -> io::Result<Peer> {
        self.0.switch_protocols(None).await?;
        let (stream, rest) = self.0.into_parts();
        let stream = WebSocketStream::from_partially_read(stream, rest, Role::Server, None).await;
        Ok(Peer { stream })
    }

    /// Answers with any bytes and hangs up.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn answer(self, bytes: &[u8]) -> io::Result<()> {
        let mut stream = self.into_stream();
        stream.write_all(bytes).await?;
        stream.shutdown().await
    }

    /// Answers with an HTTP status and a body.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn refuse(self, status: u16, body: &str) -> io::Result<()> {
        self.0.refuse(status, body).await
    }

    /// The request as a service has it.
    #[must_use]
    pub fn into_inner(self) -> server::Request {
        self.0
    }

    /// Gives the connection away as it is.
    #[must_use]
    pub fn into_stream(self) -> TcpStream {
        self.0.into_parts().0
    }
}

/// The server's end of a WebSocket. Dropped, the stream ends without a close frame.
#[derive(Debug)]
pub struct Peer {
    stream: WebSocketStream<TcpStream>,
}

/// What a [`Peer`] receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
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
        self.write(Message::Text(text.into().into())).await
    }

    /// Sends a binary message.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn send_binary(&mut self, bytes: Vec<u8>) -> io::Result<()> {
        self.write(Message::Binary(bytes.into())).await
    }

    /// Sends a ping.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn ping(&mut self) -> io::Result<()> {
        self.write(Message::Ping(Bytes::new())).await
    }

    /// Sends bytes that need not be a frame.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn send_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes).await
    }

    /// Waits for whatever comes next.
    pub async fn next(&mut self) -> Received {
        loop {
            let message = std::future::poll_fn(|cx| Pin::new(&mut self.stream).poll_next(cx)).await;
            if let Some(Ok(Message::Ping(_) | Message::Close(_))) = message {
                // The answer is queued; it would leave with the next read. The client may be gone already.
                let _ = std::future::poll_fn(|cx| Pin::new(&mut self.stream).poll_flush(cx)).await;
            }
            return match message {
                Some(Ok(Message::Text(text))) => Received::Text(text.as_str().to_owned()),
                Some(Ok(Message::Binary(bytes))) => Received::Binary(bytes.into()),
                Some(Ok(Message::Ping(_))) => Received::Ping,
                Some(Ok(Message::Pong(_))) => Received::Pong,
                Some(Ok(Message::Close(close))) => Received::Close(
                    close.map(|close| CloseFrame { code: close.code.into(), reason: close.reason.as_str().to_owned() }),
                ),
                Some(Ok(Message::Frame(_))) => continue,
                Some(Err(_)) | None => Received::End,
            };
        }
    }

    /// Waits for the next text message; `None` when the client ends the connection before.
    pub async fn next_text(&mut self) -> Option<String> {
        loop {
            match self.next().await {
                Received::Text(text) => return Some(text),
                Received::Close(_) | Received::End => return None,
                Received::Binary(_) | Received::Ping | Received::Pong => {}
            }
        }
    }

    /// Sends a close frame, and waits for the client's answer or for the end of the stream.
    ///
    /// # Errors
    ///
    /// When the connection breaks before the frame is written.
    pub async fn close(mut self, code: u16, reason: &str) -> io::Result<()> {
        self.write(Message::Close(Some(WireClose { code: code.into(), reason: reason.into() }))).await?;
        while !matches!(self.next().await, Received::Close(_) | Received::End) {}
        Ok(())
    }

    /// Resets the connection, so that the client sees an error rather than an end.
    ///
    /// # Errors
    ///
    /// When the system does not allow that.
    pub fn reset(self) -> io::Result<()> {
        self.stream.get_ref().set_zero_linger()
    }

    async fn write(&mut self, message: Message) -> io::Result<()> {
        std::future::poll_fn(|cx| self.poll_ready(cx)).await?;
        Pin::new(&mut self.stream).start_send(message).map_err(broken)?;
        std::future::poll_fn(|cx| Pin::new(&mut self.stream).poll_flush(cx)).await.map_err(broken)
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_ready(cx).map_err(broken)
    }
}

fn broken(error: WireError) -> io::Error {
    match error {
        WireError::Io(error) => error,
        other => io::Error::other(other),
    }
}
