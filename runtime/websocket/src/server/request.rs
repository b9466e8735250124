use std::fmt;
use std::io;
use std::time::Duration;

use httparse::Status;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Options, Session};
use crate::client::{Role, Socket, Transport, accept_key};
use crate::headers::Headers;
use eventwire_core::{Api, Handshake};

const MAX_HEAD: usize = 64 << 10;
const MAX_HEADERS: usize = 128;
/// How long a client may take for its request.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request that waits for an answer. Dropped, the connection ends without one.
pub struct Request<S = TcpStream> {
    stream: S,
    /// What was read beyond the request.
    rest: Vec<u8>,
    method: String,
    target: String,
    query: Vec<(String, String)>,
    headers: Headers,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Request<S> {
    /// Reads the request of a client that has just connected, over TCP, TLS or anything else.
    ///
    /// # Errors
    ///
    /// When the connection breaks, sends no HTTP request, or takes longer than 10 s for it.
    pub async fn read(stream: S) -> io::Result<Self> {
        tokio::time::timeout(PATIENCE, Self::receive(stream)).await?
    }

    async fn receive(mut stream: S) -> io::Result<Self> {
        let mut received = Vec::new();
        loop {
            if stream.read_buf(&mut received).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
            let mut request = httparse::Request::new(&mut headers);
            let Status::Complete(length) = request.parse(&received).map_err(io::Error::other)? else {
                if received.len() > MAX_HEAD {
                    return Err(io::Error::other("the request has no end"));
                }
                continue;
            };
            let method = request.method.unwrap_or_default().to_owned();
            let target = request.path.unwrap_or_default().to_owned();
            let headers = Headers::read(request.headers);
            let (rest, query) = (received.split_off(length), read_query(&target));
            return Ok(Self { stream, rest, method, target, query, headers });
        }
    }

    /// Agrees to speak WebSocket, and gives the connection with the messages of an API.
    ///
    /// # Errors
    ///
    /// When the request does not ask for that, which is answered with status 400 or 426, or the connection breaks.
    pub async fn accept<A: Api>(self) -> io::Result<Session<A>>
    where
        S: Send + 'static,
    {
        self.accept_with(Options::default()).await
    }

    /// Agrees to speak WebSocket, like [`accept`](Self::accept), in a way of one's own.
    ///
    /// # Errors
    ///
    /// As for [`accept`](Self::accept).
    pub async fn accept_with<A: Api>(self, options: Options) -> io::Result<Session<A>>
    where
        S: Send + 'static,
    {
        let handshake = Handshake::new("ws", self.header("host").unwrap_or_default(), self.path());
        let transport = self.accept_transport(&options).await?;
        Session::start(handshake, transport, options).await
    }

    /// Agrees to speak WebSocket, and gives the connection frame by frame. Of the options only the limits and the
    /// subprotocol matter: no heartbeat is sent and nothing is queued.
    ///
    /// # Errors
    ///
    /// As for [`accept`](Self::accept).
    pub async fn accept_transport(mut self, options: &Options) -> io::Result<Box<dyn Transport>>
    where
        S: Send + 'static,
    {
        self.switch_protocols(options.protocol.as_deref()).await?;
        Ok(Box::new(Socket::new(self.stream, self.rest, Role::Server, &options.limits)))
    }

    /// Agrees to speak WebSocket and leaves the frames to the caller: writes the response that ends the handshake (RFC
    /// 6455, section 4.2.2) with this subprotocol. [`into_parts`](Self::into_parts) then gives the connection away.
    ///
    /// # Errors
    ///
    /// As for [`accept`](Self::accept).
    pub async fn switch_protocols(&mut self, protocol: Option<&str>) -> io::Result<()> {
        let key = match self.key() {
            Ok(key) => key,
            Err(Unfit { answer, why }) => {
                self.stream.write_all(answer.as_bytes()).await?;
                self.stream.shutdown().await?;
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
        };
        let accept = accept_key(key);
        let protocol = protocol.map(|name| format!("Sec-WebSocket-Protocol: {name}\r\n")).unwrap_or_default();
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Accept: {accept}\r\n{protocol}\r\n",
        );
        self.stream.write_all(answer.as_bytes()).await?;
        self.stream.flush().await
    }

    /// Checks that a WebSocket is asked for (RFC 6455, section 4.2.1).
    fn key(&self) -> Result<&str, Unfit> {
        let upgrades = self.headers.lists("upgrade", "websocket") && self.headers.lists("connection", "upgrade");
        if self.method != "GET" || !upgrades {
            return Err(Unfit { answer: BAD_REQUEST, why: "the request does not ask for a WebSocket" });
        }
        if self.header("sec-websocket-version") != Some("13") {
            return Err(Unfit {
                answer: UPGRADE_REQUIRED,
                why: "the request asks for another version of the protocol",
            });
        }
        // Sixteen bytes in base64.
        self.header("sec-websocket-key")
            .filter(|key| key.len() == 24)
            .ok_or(Unfit { answer: BAD_REQUEST, why: "the request has no key" })
    }

    /// Gives the connection away as it is, with the bytes that were read beyond the request.
    #[must_use]
    pub fn into_parts(self) -> (S, Vec<u8>) {
        (self.stream, self.rest)
    }

    /// Answers with an HTTP status and a body instead.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn refuse(mut self, status: u16, body: &str) -> io::Result<()> {
        let length = body.len();
        let answer =
            format!("HTTP/1.1 {status} Refused\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
        self.stream.write_all(answer.as_bytes()).await?;
        self.stream.shutdown().await
    }
}

impl<S> Request<S> {
    /// The method, `GET` for a WebSocket.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Path and query as they were sent.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The path as it was sent.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&*self.target, |(path, _)| path)
    }

    /// The value of a query parameter, decoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The value of a header; upper and lower case are the same in its name. Lines with one name are one list, separated by
    /// commas.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    /// The subprotocols that the client speaks, the best first.
    pub fn protocols(&self) -> impl Iterator<Item = &str> {
        self.headers.list("sec-websocket-protocol")
    }
}

/// Shows what was asked for, without values: they may be secrets.
impl<S> fmt::Debug for Request<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("path", &self.path()).finish_non_exhaustive()
    }
}

/// Why a request cannot become a WebSocket.
struct Unfit {
    answer: &'static str,
    why: &'static str,
}

const BAD_REQUEST: &str = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const UPGRADE_REQUIRED: &str = "HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nUpgrade: websocket\r\n\
                                Sec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n";

fn read_query(target: &str) -> Vec<(String, String)> {
    let Some((_, query)) = target.split_once('?') else {
        return Vec::new();
    };
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// Decodes `application/x-www-form-urlencoded`.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match after {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        (bytes.push(match (escaped, first) {
            (Some((high, low)), _) => high * 16 + low,
            (None, b'+') => b' ',
            (None, other) => *other,
        }));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| value.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let query = read_query("/a?json=%7B%22a%22%3A1%7D&b+c=d%20e&flag&bad=%zz%4");
        let expected = [("json", r#"{"a":1}"#), ("b c", "d e"), ("flag", ""), ("bad", "%zz%4")];
        assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
