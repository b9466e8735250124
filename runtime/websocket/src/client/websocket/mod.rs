//! Real connections: TCP, TLS, the WebSocket handshake and `tungstenite` behind [`Transport`].

mod answer;
mod dial;
mod polled;
mod proxy;
#[cfg(feature = "tls")]
mod tls;
mod upgrade;

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame as WireClose;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error as WireError, Message, WebSocket as Wire};

pub use proxy::Proxy;
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};

use super::transport::{CloseFrame, Connector, Frame, Lingering, Opening, Outgoing, Text, Transport};
use super::{Cause, Disconnect, Limits};
use dial::Target;
use eventwire_core::Handshake;
use polled::Polled;

/// A byte stream that is not TCP of our own.
trait ByteStream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> ByteStream for S {}

type Dial = Arc<dyn Fn(String, u16) -> Dialling + Send + Sync>;
type Dialling = Pin<Box<dyn Future<Output = io::Result<Box<dyn ByteStream>>> + Send>>;

/// Opens connections over TCP, with TLS for `wss`.
///
/// All addresses of a host are tried, each a little after the one before, and the first that answers is taken.
///
/// ```
/// use eventwire::client::WebSocket;
///
/// // The name is in the request and in the certificate; the address is where it leads.
/// let connector = WebSocket::new().resolve("chat.example", ["192.0.2.7:443".parse().unwrap()]);
/// ```
#[derive(Clone, Default)]
pub struct WebSocket {
    settings: Arc<Settings>,
}

#[derive(Clone, Default)]
struct Settings {
    addresses: Vec<(String, Vec<SocketAddr>)>,
    proxy: Option<Proxy>,
    dial: Option<Dial>,
    #[cfg(feature = "tls")]
    tls: tls::Source,
}

impl WebSocket {
    /// Connections by name look-up, trusting the authorities that the platform trusts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Uses these addresses for a host instead of looking up its name.
    #[must_use]
    pub fn resolve(mut self, host: &str, addresses: impl IntoIterator<Item = SocketAddr>) -> Self {
        Arc::make_mut(&mut self.settings).addresses.push((host.to_owned(), addresses.into_iter().collect()));
        self
    }

    /// Opens connections through a proxy, which then looks up the server's name. The environment is not asked for one.
    #[must_use]
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        Arc::make_mut(&mut self.settings).proxy = Some(proxy);
        self
    }

    /// Opens byte streams with this function, which gets host and port, instead of TCP connections: over a Unix socket,
    /// through a proxy of another kind, within a simulated network. TLS and the WebSocket handshake go over what it opens.
    ///
    /// ```
    /// use eventwire::client::WebSocket;
    ///
    /// # #[cfg(unix)]
    /// let connector = WebSocket::new().dial_with(|_host, _port| tokio::net::UnixStream::connect("/run/chat.sock"));
    /// ```
    #[must_use]
    pub fn dial_with<F, D, S>(mut self, dial: F) -> Self
    where
        F: Fn(String, u16) -> D + Send + Sync + 'static,
        D: Future<Output = io::Result<S>> + Send + 'static,
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let dial = move |host, port| -> Dialling {
            let dialling = dial(host, port);
            Box::pin(async move { Ok(Box::new(dialling.await?) as Box<dyn ByteStream>) })
        };
        Arc::make_mut(&mut self.settings).dial = Some(Arc::new(dial));
        self
    }

    /// Sets whom to trust and who to be.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        Arc::make_mut(&mut self.settings).tls = tls::Source::given(tls);
        self
    }
}

impl fmt::Debug for WebSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { addresses, proxy, .. } = &*self.settings;
        f.debug_struct("WebSocket").field("addresses", addresses).field("proxy", proxy).finish_non_exhaustive()
    }
}

impl Connector for WebSocket {
    fn open(&self, handshake: Handshake, limits: &Limits) -> Opening {
        let settings = Arc::clone(&self.settings);
        let limits = limits.clone();
        Box::pin(async move { settings.open(&handshake, &limits).await })
    }
}

impl Settings {
    async fn open(&self, handshake: &Handshake, limits: &Limits) -> Result<Box<dyn Transport>, Disconnect> {
        let target = Target::of(handshake)?;
        let (host, port) = match &self.proxy {
            None => (&target.host, target.port),
            Some(proxy) => (&proxy.host, proxy.port),
        };
        match &self.dial {
            None => self.over(self.connect(host, port).await?, &target, handshake, limits).await,
            Some(dial) => {
                let stream = dial(host.clone(), port).await.map_err(unreachable)?;
                self.over(stream, &target, handshake, limits).await
            }
        }
    }

    /// From a byte stream to an open connection: through the proxy if there is one, with TLS if the URL says so.
    async fn over<S>(
        &self,
        mut stream: S,
        target: &Target,
        handshake: &Handshake,
        limits: &Limits,
    ) -> Result<Box<dyn Transport>, Disconnect>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        if let Some(proxy) = &self.proxy {
            proxy.tunnel(&mut stream, target).await?;
        }
        if !target.tls {
            return start(stream, target, handshake, limits).await;
        }
        #[cfg(feature = "tls")]
        {
            let stream = self.tls.connect(&target.host, stream).await?;
            start(stream, target, handshake, limits).await
        }
        #[cfg(not(feature = "tls"))]
        Err(Disconnect::Handshake("`wss` needs the feature `tls`".to_owned()))
    }

    async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, Disconnect> {
        let known = self.addresses.iter().find(|(known, _)| known == host).map(|(_, addresses)| &addresses[..]);
        let stream = dial::connect(host, port, known).await.map_err(unreachable)?;
        // Events are small and wanted at once.
        stream.set_nodelay(true).map_err(unreachable)?;
        Ok(stream)
    }
}

fn unreachable(error: io::Error) -> Disconnect {
    Disconnect::Unreachable(Cause::new(error))
}

async fn start<S>(
    mut stream: S,
    target: &Target,
    handshake: &Handshake,
    limits: &Limits,
) -> Result<Box<dyn Transport>, Disconnect>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let rest = upgrade::upgrade(&mut stream, target, handshake).await?;
    Ok(wrap(stream, rest, Role::Client, limits))
}

/// The transport over a stream whose handshake is done, with what was read beyond it.
pub(crate) fn wrap<S>(stream: S, rest: Vec<u8>, role: Role, limits: &Limits) -> Box<dyn Transport>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let wire = Wire::from_partially_read(Polled::new(stream), rest, role, Some(config(limits)));
    Box::new(Socket { wire, blocked: false })
}

/// Buffers that suit one connection among many: the read buffer costs memory even when idle, and a peer that does not
/// read makes us wait after one message, so the write buffer holds at most that and what was in it.
fn config(limits: &Limits) -> WebSocketConfig {
    const BUFFER: usize = 16 << 10;
    WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(limits.message.saturating_add(8 * BUFFER))
        .max_message_size(Some(limits.message))
        .max_frame_size(Some(limits.frame))
}

/// An open connection.
struct Socket<S> {
    wire: Wire<Polled<S>>,
    /// Something that was taken for sending could not be written at once.
    blocked: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    fn flush(&mut self, cx: &Context<'_>) -> Poll<Result<(), Disconnect>> {
        self.wire.get_mut().wake(cx);
        let outcome = match self.wire.flush() {
            Err(error) if is_pending(&error) => return Poll::Pending,
            // What was to be sent was the end.
            Ok(()) | Err(WireError::ConnectionClosed) => Ok(()),
            Err(error) => Err(disconnect(error)),
        };
        self.blocked = false;
        Poll::Ready(outcome)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Transport for Socket<S> {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Frame>, Disconnect>> {
        self.wire.get_mut().wake(cx);
        loop {
            let message = match self.wire.read() {
                Ok(message) => message,
                Err(error) if is_pending(&error) => return Poll::Pending,
                Err(WireError::ConnectionClosed | WireError::AlreadyClosed) => return Poll::Ready(Ok(None)),
                Err(error) => return Poll::Ready(Err(disconnect(error))),
            };
            return Poll::Ready(Ok(Some(match message {
                Message::Text(text) => Frame::Text(Text::received(text)),
                Message::Binary(bytes) => Frame::Binary(bytes.into()),
                Message::Ping(_) => Frame::Ping,
                Message::Pong(_) => Frame::Pong,
                Message::Close(close) => Frame::Close(
                    close.map(|close| CloseFrame { code: close.code.into(), reason: close.reason.as_str().to_owned() }),
                ),
                // Raw frames are only ever written.
                Message::Frame(_) => continue,
            })));
        }
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Disconnect>> {
        if self.blocked { self.flush(cx) } else { Poll::Ready(Ok(())) }
    }

    fn start_send(&mut self, frame: Outgoing) -> Result<(), Disconnect> {
        let message = match frame {
            Outgoing::Text(text) => Message::Text(text.into()),
            Outgoing::Binary(bytes) => Message::Binary(bytes.into()),
            Outgoing::Ping => Message::Ping(Bytes::new()),
            Outgoing::Close(close) => {
                Message::Close(Some(WireClose { code: close.code.into(), reason: close.reason.into() }))
            }
        };
        match self.wire.write(message) {
            // It was taken all the same.
            Err(error) if is_pending(&error) => {
                self.blocked = true;
                Ok(())
            }
            outcome => outcome.map_err(disconnect),
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Disconnect>> {
        self.flush(cx)
    }

    /// A socket that is closed with bytes unread is reset, and the peer's system then discards what the peer has not read
    /// yet. The bytes are read past the library, which takes none after an error.
    fn linger(mut self: Box<Self>) -> Option<Lingering> {
        Some(Box::pin(async move {
            if poll_fn(|cx| self.poll_flush(cx)).await.is_ok() {
                // How the stream ends is of no interest.
                let _ = tokio::io::copy(&mut self.wire.get_mut().stream, &mut tokio::io::sink()).await;
            }
        }))
    }
}

/// Whether the library has to wait for the stream.
fn is_pending(error: &WireError) -> bool {
    matches!(error, WireError::Io(error) if error.kind() == io::ErrorKind::WouldBlock)
}

/// What an error of the library means. Its texts name no content of frames.
fn disconnect(error: WireError) -> Disconnect {
    match error {
        WireError::ConnectionClosed
        | WireError::AlreadyClosed
        | WireError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Disconnect::Lost(None),
        WireError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => Disconnect::Lost(None),
        WireError::Io(error) => Disconnect::lost(error),
        WireError::Capacity(_) => Disconnect::TooLarge,
        WireError::Utf8(_) => {
            Disconnect::Protocol { code: 1007, message: "a text message that is not UTF-8".to_owned() }
        }
        WireError::Protocol(error) => Disconnect::Protocol { code: 1002, message: error.to_string() },
        error => Disconnect::Protocol { code: 1002, message: error.to_string() },
    }
}
