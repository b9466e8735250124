use std::fmt;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use crate::http::{self, RequestTarget, wrong};
use crate::lifecycle::{Disconnect, Secrets};
use eventwire_core::{Secret, basic};

/// An HTTP proxy for connections, with the method `CONNECT` (RFC 9110, section 9.3.6).
///
/// The proxy learns host and port; what goes through it is the connection as it would be without, with TLS to the server
/// for `wss`. A proxy that refuses is a [`Disconnect::Proxy`].
///
/// ```
/// use eventwire::client::{Proxy, WebSocket};
///
/// let proxy = Proxy::new("proxy.example", 3128).basic("ann", "s3cr3t");
/// assert!(!format!("{proxy:?}").contains("s3cr3t"));
/// let connector = WebSocket::new().proxy(proxy);
/// ```
#[derive(Clone)]
pub struct Proxy {
    pub(super) host: String,
    pub(super) port: u16,
    /// The value of the header `Proxy-Authorization`.
    authorization: Option<Secret>,
}

impl Proxy {
    /// Creates a proxy from a host name or address, and a port.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self { host: host.into(), port, authorization: None }
    }

    /// Sets the user and password that the proxy asks for (RFC 7617).
    #[must_use]
    pub fn basic(self, user: &str, password: impl Into<Secret>) -> Self {
        Self { authorization: Some(basic(user, &password.into())), ..self }
    }

    /// Asks the proxy for a connection to the target.
    pub(super) async fn tunnel<S>(&self, stream: &mut S, target: &RequestTarget) -> Result<(), Disconnect>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        stream.write_all(self.request(target).as_bytes()).await.map_err(Disconnect::io)?;
        stream.flush().await.map_err(Disconnect::io)?;
        let (answer, rest) = http::receive(stream).await?;
        if !(200..300).contains(&answer.status) {
            let refusal = Disconnect::Proxy(answer.into_rejection(stream, rest).await);
            let secrets = self.authorization.as_ref().map(|value| Secrets::authorization(value.expose()));
            return Err(secrets.unwrap_or_default().redact(refusal));
        }
        // The server speaks only when it is spoken to.
        if rest.is_empty() { Ok(()) } else { Err(wrong("the proxy's answer goes on where the connection begins")) }
    }

    fn request(&self, RequestTarget { host, port, .. }: &RequestTarget) -> String {
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
        if let Some(authorization) = &self.authorization {
            request.extend(["Proxy-Authorization: ", authorization.expose(), "\r\n"]);
        }
        request + "\r\n"
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, authorization } = self;
        f.debug_struct("Proxy").field("host", host).field("port", port).field("authorization", authorization).finish()
    }
}
