use std::fmt;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::session::{Session, SessionConfig};
use crate::frame::Role;
use crate::http::{BadRequest, Head, rejection};
use crate::transport::{Socket, Transport};
use eventwire_core::{Api, Handshake};

/// How long a client may take for its request.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request that waits for a response. Dropping it closes the connection without one.
pub struct UpgradeRequest<S = TcpStream> {
    stream: S,
    /// What was read beyond the request.
    rest: Vec<u8>,
    head: Head,
}

impl<S: AsyncRead + AsyncWrite + Unpin> UpgradeRequest<S> {
    /// Reads the request of a client that has just connected, over TCP, TLS or anything else.
    ///
    /// # Errors
    ///
    /// When the connection breaks, sends no HTTP request, or takes longer than 10 s for it.
    pub async fn read(stream: S) -> io::Result<Self> {
        tokio::time::timeout(PATIENCE, Self::receive(stream)).await?
    }

    async fn receive(mut stream: S) -> io::Result<Self> {
        let (head, rest) = Head::receive(&mut stream).await?;
        Ok(Self { stream, rest, head })
    }

    /// Accepts the upgrade, and returns a session with the messages of an API.
    ///
    /// # Errors
    ///
    /// When the request does not ask for that, which is answered with status 400 or 426, or the connection breaks.
    pub async fn accept<A: Api>(self) -> io::Result<Session<A>>
    where
        S: Send + 'static,
    {
        self.accept_with(SessionConfig::default()).await
    }

    /// Accepts the upgrade, like [`accept`](Self::accept), with a configuration.
    ///
    /// # Errors
    ///
    /// As for [`accept`](Self::accept).
    pub async fn accept_with<A: Api>(self, options: SessionConfig) -> io::Result<Session<A>>
    where
        S: Send + 'static,
    {
        let handshake = Handshake::new("ws", self.header("host").unwrap_or_default(), self.path());
        let transport = self.accept_transport(&options).await?;
        Session::start(handshake, transport, options).await
    }

    /// Accepts the upgrade, and returns the connection as frames. Only the limits and the subprotocol of the
    /// configuration apply: no heartbeat is sent and nothing is queued.
    ///
    /// # Errors
    ///
    /// As for [`accept`](Self::accept).
    pub async fn accept_transport(mut self, options: &SessionConfig) -> io::Result<Box<dyn Transport>>
    where
        S: Send + 'static,
    {
        self.switch_protocols(options.protocol.as_deref()).await?;
        Ok(Box::new(Socket::new(self.stream, self.rest, Role::Server, &options.limits)))
    }

    /// Accepts the upgrade and leaves the frames to the caller: writes the response that ends the handshake (RFC 6455,
    /// section 4.2.2) with this subprotocol. [`into_parts`](Self::into_parts) then returns the connection.
    ///
    /// # Errors
    ///
    /// As for [`accept`](Self::accept).
    pub async fn switch_protocols(&mut self, protocol: Option<&str>) -> io::Result<()> {
        let answer = match self.head.switch_protocols(protocol) {
            Ok(answer) => answer,
            Err(BadRequest { answer, why }) => {
                self.stream.write_all(answer.as_bytes()).await?;
                self.stream.shutdown().await?;
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
        };
        self.stream.write_all(answer.as_bytes()).await?;
        self.stream.flush().await
    }

    /// Returns the connection, and the bytes that were read after the request.
    #[must_use]
    pub fn into_parts(self) -> (S, Vec<u8>) {
        (self.stream, self.rest)
    }

    /// Rejects the upgrade with an HTTP status and a body.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn reject(mut self, status: u16, body: &str) -> io::Result<()> {
        self.stream.write_all(rejection(status, body).as_bytes()).await?;
        self.stream.shutdown().await
    }
}

impl<S> UpgradeRequest<S> {
    /// Returns the method, `GET` for a WebSocket.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.head.method
    }

    /// Returns the path and query as they were sent.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.head.target
    }

    /// Returns the path as it was sent.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target().split_once('?').map_or(self.target(), |(path, _)| path)
    }

    /// Returns the decoded value of a query parameter.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.head.query(name)
    }

    /// Returns the value of a header. Names are case-insensitive. Repeated headers are joined to a list, separated by
    /// commas.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.headers.get(name)
    }

    /// Returns the subprotocols that the client offers, in order of preference.
    pub fn protocols(&self) -> impl Iterator<Item = &str> {
        self.head.headers.list("sec-websocket-protocol")
    }
}

/// Shows what was asked for, without values: they may be secrets.
impl<S> fmt::Debug for UpgradeRequest<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("path", &self.path()).finish_non_exhaustive()
    }
}
