//! The request of a client, and the responses to it.

use std::io;

use httparse::Status;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::headers::HttpHeaders;
use super::key::accept_key;

const MAX_HEAD: usize = 64 << 10;
const MAX_HEADERS: usize = 128;

/// The head of a request.
pub(crate) struct Head {
    pub(crate) method: String,
    /// Returns the path and query as they were sent.
    pub(crate) target: String,
    pub(crate) headers: HttpHeaders,
    query: Vec<(String, String)>,
}

impl Head {
    /// Reads the head of a request; returns with it what was read beyond.
    pub(crate) async fn receive<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<(Self, Vec<u8>)> {
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
            let headers = HttpHeaders::read(request.headers);
            let (rest, query) = (received.split_off(length), read_query(&target));
            return Ok((Self { method, target, headers, query }, rest));
        }
    }

    /// Returns the decoded value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The response that ends the handshake (RFC 6455, section 4.2.2), with a subprotocol.
    pub(crate) fn switch_protocols(&self, protocol: Option<&str>) -> Result<String, BadRequest> {
        let accept = accept_key(self.key()?);
        let protocol = protocol.map(|name| format!("Sec-WebSocket-Protocol: {name}\r\n")).unwrap_or_default();
        Ok(format!(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Accept: {accept}\r\n{protocol}\r\n",
        ))
    }

    /// Checks that a WebSocket is asked for (RFC 6455, section 4.2.1).
    fn key(&self) -> Result<&str, BadRequest> {
        let upgrades = self.headers.lists("upgrade", "websocket") && self.headers.lists("connection", "upgrade");
        if self.method != "GET" || !upgrades {
            return Err(BadRequest { answer: BAD_REQUEST, why: "the request does not ask for a WebSocket" });
        }
        if self.headers.get("sec-websocket-version") != Some("13") {
            return Err(BadRequest {
                answer: UPGRADE_REQUIRED,
                why: "the request asks for another version of the protocol",
            });
        }
        // Sixteen bytes in base64.
        self.headers
            .get("sec-websocket-key")
            .filter(|key| key.len() == 24)
            .ok_or(BadRequest { answer: BAD_REQUEST, why: "the request has no key" })
    }
}

/// Why a request cannot become a WebSocket.
pub(crate) struct BadRequest {
    pub(crate) answer: &'static str,
    pub(crate) why: &'static str,
}

const BAD_REQUEST: &str = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const UPGRADE_REQUIRED: &str = "HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nUpgrade: websocket\r\n\
                                Sec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n";

/// A response that refuses a request.
pub(crate) fn rejection(status: u16, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} Refused\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
}

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
