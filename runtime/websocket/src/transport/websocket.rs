//! Real connections: TCP, TLS, the WebSocket handshake and its frames behind [`Transport`].

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::connection::{Connector, Opening, Transport};
use super::dial;
use super::proxy::Proxy;
use super::socket::Socket;
#[cfg(feature = "tls")]
use super::tls::{Source, Tls};
use crate::frame::Role;
use crate::http::{self, RequestTarget};
use crate::lifecycle::{Disconnect, Limits, SharedError};
use eventwire_core::Handshake;

/// A byte stream that is not TCP of our own.
trait ByteStream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> ByteStream for S {}

type Dial = Arc<dyn Fn(String, u16) -> Dialling + Send + Sync>;
type Dialling = Pin<Box<dyn Future<Output = io::Result<Box<dyn ByteStream>>> + Send>>;

/// Opens connections over TCP, with TLS for `wss`.
///
/// All addresses of a host are tried, each 250 ms after the previous one, and the first connection that succeeds is
/// used.
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
    tls: Source,
}

impl WebSocket {
    /// Creates a connector that looks up host names and trusts the authorities of the platform.
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

    /// Opens connections through a proxy, which looks up the server's name. Environment variables are not read.
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

    /// Sets the trusted authorities and the client certificate.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        Arc::make_mut(&mut self.settings).tls = Source::given(tls);
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
        let target = RequestTarget::of(handshake)?;
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
        target: &RequestTarget,
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
    Disconnect::Unreachable(SharedError::new(error))
}

async fn start<S>(
    mut stream: S,
    target: &RequestTarget,
    handshake: &Handshake,
    limits: &Limits,
) -> Result<Box<dyn Transport>, Disconnect>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let rest = http::upgrade(&mut stream, target, handshake).await?;
    Ok(Box::new(Socket::new(stream, rest, Role::Client, limits)))
}
