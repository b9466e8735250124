//! The opening handshake of RFC 6455, section 4.1.

use std::fmt::Write as _;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::key::{accept_key, new_key};
use super::response::{self, Response, wrong};
use super::target::RequestTarget;
use crate::lifecycle::Disconnect;
use eventwire_core::Handshake;

/// Turns a byte stream into a WebSocket; returns what was read beyond the answer.
pub(crate) async fn upgrade<S>(
    stream: &mut S,
    target: &RequestTarget,
    handshake: &Handshake,
) -> Result<Vec<u8>, Disconnect>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let key = new_key().map_err(Disconnect::io)?;
    let request = request(target, handshake, &key)?;
    stream.write_all(request.as_bytes()).await.map_err(Disconnect::io)?;
    stream.flush().await.map_err(Disconnect::io)?;

    let (response, rest) = response::receive(stream).await?;
    if response.status == 101 {
        verify(&response, &accept_key(&key), wanted_protocols(handshake))?;
        return Ok(rest);
    }
    Err(Disconnect::Http(response.into_rejection(stream, rest).await))
}

fn request(target: &RequestTarget, handshake: &Handshake, key: &str) -> Result<String, Disconnect> {
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

/// RFC 6455, section 4.1, what the client must check.
fn verify(response: &Response, accept: &str, wanted: Option<&str>) -> Result<(), Disconnect> {
    let headers = &response.headers;
    if !headers.lists("upgrade", "websocket") {
        return Err(wrong("the answer does not upgrade to `websocket`"));
    }
    if !headers.lists("connection", "upgrade") {
        return Err(wrong("the answer has no `Connection: Upgrade`"));
    }
    if headers.get("sec-websocket-accept") != Some(accept) {
        return Err(wrong("the answer has another `Sec-WebSocket-Accept` than the key demands"));
    }
    if headers.list("sec-websocket-extensions").next().is_some() {
        return Err(wrong("the answer names an extension that was not asked for"));
    }
    match (wanted, headers.get("sec-websocket-protocol")) {
        (None, None) => Ok(()),
        (Some(wanted), Some(chosen)) if wanted.split(',').any(|name| name.trim() == chosen) => Ok(()),
        (Some(_), None) => Err(wrong("the server chose none of the subprotocols")),
        (_, Some(_)) => Err(wrong("the server chose a subprotocol that was not asked for")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn verify(headers: &str, wanted: Option<&str>) -> Result<(), String> {
        let response = format!("HTTP/1.1 101 Switching Protocols\r\n{headers}\r\n\r\n");
        let (response, _) = response::receive(&mut response.as_bytes()).await.unwrap();
        super::verify(&response, "key", wanted).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn an_answer_is_verified() {
        let good = "Upgrade: WebSocket\r\nconnection: keep-alive, upgrade\r\nSec-WebSocket-Accept: key";
        assert_eq!(verify(good, None).await, Ok(()));
        assert_eq!(verify(&format!("{good}\r\nSec-WebSocket-Protocol: b"), Some("a, b")).await, Ok(()));
        let lines = "Connection: keep-alive\r\nUpgrade: h2c\r\nCONNECTION: upgrade\r\nUpgrade: websocket";
        assert_eq!(verify(&format!("{lines}\r\nSec-WebSocket-Accept: key"), None).await, Ok(()));
        for (headers, wanted) in [
            ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: other", None),
            ("Connection: Upgrade\r\nSec-WebSocket-Accept: key", None),
            ("Upgrade: websocket\r\nSec-WebSocket-Accept: key", None),
            (good, Some("a")),
            (&format!("{good}\r\nSec-WebSocket-Protocol: b"), None),
            (&format!("{good}\r\nSec-WebSocket-Protocol: c"), Some("a, b")),
            (&format!("{good}\r\nSec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b"), Some("a, b")),
            (&format!("{good}\r\nSec-WebSocket-Extensions: \r\nSec-WebSocket-Extensions: x"), None),
            (&format!("{good}\r\nSec-WebSocket-Accept: key"), None),
            (&format!("{good}\r\nSec-WebSocket-Extensions: permessage-deflate"), None),
        ] {
            assert!(verify(headers, wanted).await.is_err(), "{headers}");
        }
    }

    #[test]
    fn headers_cannot_smuggle_lines() {
        let target = RequestTarget {
            tls: false,
            host: "h".to_owned(),
            port: 80,
            authority: "h".to_owned(),
            resource: "/".to_owned(),
        };
        for (name, value) in [("X-A", "secret\r\nX-B: c"), ("X A", "c"), ("", "c")] {
            let mut handshake = Handshake::new("ws", "h", "/");
            handshake.set_header(name, value);
            let error = request(&target, &handshake, "key").unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
