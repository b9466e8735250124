//! The opening handshake of RFC 6455, section 4.1.
//!
//! It is written here because the library's own logs the whole request, and with it the secrets in the URL, and gives
//! only the beginning of a refusal's body.

use std::fmt::Write as _;
use std::time::Duration;

use httparse::Status;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::super::{Disconnect, HttpAnswer};
use super::dial::Target;
use crate::Handshake;

/// The longest head of an answer.
const MAX_HEAD: usize = 64 << 10;
const MAX_HEADERS: usize = 128;
/// How much of the body of a refusal is kept.
const MAX_BODY: usize = 16 << 10;
/// How long to wait for the body of a refusal.
const BODY_WAIT: Duration = Duration::from_secs(1);

/// Turns a byte stream into a WebSocket; returns what was read beyond the answer.
pub(super) async fn upgrade<S>(stream: &mut S, target: &Target, handshake: &Handshake) -> Result<Vec<u8>, Disconnect>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let key = generate_key();
    let request = request(target, handshake, &key)?;
    stream.write_all(request.as_bytes()).await.map_err(Disconnect::lost)?;
    stream.flush().await.map_err(Disconnect::lost)?;

    let mut received = Vec::with_capacity(1 << 10);
    let (answer, length) = loop {
        if stream.read_buf(&mut received).await.map_err(Disconnect::lost)? == 0 {
            return Err(Disconnect::Lost(None));
        }
        if let Some(answer) = read_answer(&received)? {
            break answer;
        }
        if received.len() > MAX_HEAD {
            return Err(wrong("the server's answer has no end"));
        }
    };
    let rest = received.split_off(length);
    if answer.status == 101 {
        answer.verify(&derive_accept_key(key.as_bytes()), wanted_protocols(handshake))?;
        return Ok(rest);
    }
    let body = read_body(stream, rest, answer.content_length()).await;
    Err(Disconnect::Http(HttpAnswer {
        status: answer.status,
        body: String::from_utf8_lossy(&body).into_owned(),
        retry_after: answer.retry_after(),
    }))
}

fn wrong(what: impl Into<String>) -> Disconnect {
    Disconnect::Handshake(what.into())
}

fn request(target: &Target, handshake: &Handshake, key: &str) -> Result<String, Disconnect> {
    if target.resource.contains(|c: char| c.is_ascii_control() || c == ' ') || !target.resource.is_ascii() {
        return Err(wrong("the URL has a character that must be percent-encoded"));
    }
    let mut request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: {key}\r\n",
        target.resource, target.authority,
    );
    for (name, value) in handshake.headers() {
        if !is_token(name) {
            return Err(wrong(format!("`{name}` cannot be the name of a header")));
        }
        if value.contains(|c: char| c.is_control() && c != '\t') {
            return Err(wrong(format!("the value of the header `{name}` has a control character")));
        }
        // Writing to a string does not fail.
        let _ = write!(request, "{name}: {value}\r\n");
    }
    request.push_str("\r\n");
    Ok(request)
}

/// RFC 9110, section 5.6.2.
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn wanted_protocols(handshake: &Handshake) -> Option<&str> {
    handshake.headers().find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-protocol")).map(|(_, value)| value)
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
}

/// Reads the head of an answer and says how long it is; `None` if there is more to come.
fn read_answer(received: &[u8]) -> Result<Option<(Answer, usize)>, Disconnect> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let length = match response.parse(received) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(wrong("the server's answer has too many headers"));
        }
        Err(error) => return Err(wrong(format!("the server's answer is not HTTP: {error}"))),
    };
    let headers = response
        .headers
        .iter()
        .map(|header| (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned()))
        .collect();
    Ok(Some((Answer { status: response.code.unwrap_or_default(), headers }, length)))
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    fn content_length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.header("retry-after")?.parse().ok().map(Duration::from_secs)
    }

    /// RFC 6455, section 4.1, what the client must check.
    fn verify(&self, accept: &str, wanted: Option<&str>) -> Result<(), Disconnect> {
        if !self.header("upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
            return Err(wrong("the answer does not upgrade to `websocket`"));
        }
        let connection = self.header("connection").unwrap_or_default();
        if !connection.split(',').any(|option| option.trim().eq_ignore_ascii_case("upgrade")) {
            return Err(wrong("the answer has no `Connection: Upgrade`"));
        }
        if self.header("sec-websocket-accept") != Some(accept) {
            return Err(wrong("the answer has another `Sec-WebSocket-Accept` than the key demands"));
        }
        if self.header("sec-websocket-extensions").is_some_and(|extensions| !extensions.is_empty()) {
            return Err(wrong("the answer names an extension that was not asked for"));
        }
        match (wanted, self.header("sec-websocket-protocol")) {
            (None, None) => Ok(()),
            (Some(wanted), Some(chosen)) if wanted.split(',').any(|name| name.trim() == chosen) => Ok(()),
            (Some(_), None) => Err(wrong("the server chose none of the subprotocols")),
            (_, Some(_)) => Err(wrong("the server chose a subprotocol that was not asked for")),
        }
    }
}

/// Reads the body of a refusal as far as it is of interest and comes soon; it only serves to explain.
async fn read_body<S: AsyncRead + Unpin>(stream: &mut S, mut body: Vec<u8>, length: Option<usize>) -> Vec<u8> {
    let enough = length.unwrap_or(MAX_BODY).min(MAX_BODY);
    let reading = async {
        while body.len() < enough {
            match stream.read_buf(&mut body).await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
    };
    // A body that is late is left out as one that is missing.
    let _ = tokio::time::timeout(BODY_WAIT, reading).await;
    body.truncate(enough);
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        read_answer(text.as_bytes()).unwrap().unwrap().0
    }

    fn verify(headers: &str, wanted: Option<&str>) -> Result<(), String> {
        answer(&format!("HTTP/1.1 101 Switching Protocols\r\n{headers}\r\n\r\n"))
            .verify("key", wanted)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_answer_is_verified() {
        let good = "Upgrade: WebSocket\r\nconnection: keep-alive, upgrade\r\nSec-WebSocket-Accept: key";
        assert_eq!(verify(good, None), Ok(()));
        assert_eq!(verify(&format!("{good}\r\nSec-WebSocket-Protocol: b"), Some("a, b")), Ok(()));
        for (headers, wanted) in [
            ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: other", None),
            ("Connection: Upgrade\r\nSec-WebSocket-Accept: key", None),
            ("Upgrade: websocket\r\nSec-WebSocket-Accept: key", None),
            (good, Some("a")),
            (&format!("{good}\r\nSec-WebSocket-Protocol: b"), None),
            (&format!("{good}\r\nSec-WebSocket-Protocol: c"), Some("a, b")),
            (&format!("{good}\r\nSec-WebSocket-Extensions: permessage-deflate"), None),
        ] {
            assert!(verify(headers, wanted).is_err(), "{headers}");
        }
    }

    #[test]
    fn a_refusal_is_read() {
        let answer = answer("HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n");
        assert_eq!(
            (answer.status, answer.retry_after(), answer.content_length()),
            (429, Some(Duration::from_secs(7)), Some(2))
        );
    }

    #[test]
    fn garbage_and_beginnings_are_told_apart() {
        assert!(matches!(read_answer(b"SSH-2.0-OpenSSH\r\n"), Err(Disconnect::Handshake(_))));
        assert!(matches!(read_answer(b"HTTP/1.1 101 Swi"), Ok(None)));
    }

    #[test]
    fn headers_cannot_smuggle_lines() {
        let target =
            Target { tls: false, host: "h".to_owned(), port: 80, authority: "h".to_owned(), resource: "/".to_owned() };
        for (name, value) in [("X-A", "secret\r\nX-B: c"), ("X A", "c"), ("", "c")] {
            let mut handshake = Handshake::new("ws", "h", "/");
            handshake.set_header(name, value);
            let error = request(&target, &handshake, "key").unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
