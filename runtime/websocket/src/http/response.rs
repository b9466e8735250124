//! What a server or proxy answers to a request, as far as opening a connection needs it.

use std::time::Duration;

use httparse::Status;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::headers::HttpHeaders;
use crate::lifecycle::{Disconnect, HttpResponse};

/// The longest head of an answer.
const MAX_HEAD: usize = 64 << 10;
const MAX_HEADERS: usize = 128;
/// How much of the body of a refusal is kept.
const MAX_BODY: usize = 16 << 10;
/// How long to wait for the body of a refusal.
const BODY_WAIT: Duration = Duration::from_secs(1);

/// The head of an answer.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HttpHeaders,
}

/// Reads an answer; returns with it what was read beyond its head.
pub(crate) async fn receive<S: AsyncRead + Unpin>(stream: &mut S) -> Result<(Response, Vec<u8>), Disconnect> {
    let mut received = Vec::with_capacity(1 << 10);
    loop {
        if stream.read_buf(&mut received).await.map_err(Disconnect::io)? == 0 {
            return Err(Disconnect::Io(None));
        }
        if let Some((response, length)) = read_response(&received)? {
            let rest = received.split_off(length);
            return Ok((response, rest));
        }
        if received.len() > MAX_HEAD {
            return Err(wrong("the answer has no end"));
        }
    }
}

/// Reads the head of an answer and says how long it is; `None` if there is more to come.
fn read_response(received: &[u8]) -> Result<Option<(Response, usize)>, Disconnect> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let length = match response.parse(received) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(wrong("the answer has too many headers"));
        }
        Err(error) => return Err(wrong(format!("the answer is not HTTP: {error}"))),
    };
    let headers = HttpHeaders::read(response.headers);
    Ok(Some((Response { status: response.code.unwrap_or_default(), headers }, length)))
}

impl Response {
    fn content_length(&self) -> Option<usize> {
        self.headers.get("content-length")?.parse().ok()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.headers.get("retry-after")?.parse().ok().map(Duration::from_secs)
    }

    /// Reads the rest of an answer that is a refusal.
    pub(crate) async fn into_rejection<S: AsyncRead + Unpin>(self, stream: &mut S, rest: Vec<u8>) -> HttpResponse {
        let body = read_body(stream, rest, self.content_length()).await;
        HttpResponse {
            status: self.status,
            body: String::from_utf8_lossy(&body).into_owned(),
            retry_after: self.retry_after(),
        }
    }
}

pub(crate) fn wrong(what: impl Into<String>) -> Disconnect {
    Disconnect::Handshake(what.into())
}

/// Reads the body of a refusal as far as it is useful and comes soon; it only serves to explain.
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

    #[test]
    fn a_refusal_is_read() {
        let (response, _) =
            read_response(b"HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n").unwrap().unwrap();
        assert_eq!(
            (response.status, response.retry_after(), response.content_length()),
            (429, Some(Duration::from_secs(7)), Some(2))
        );
    }

    #[test]
    fn garbage_and_incomplete_responses_are_distinguished() {
        assert!(matches!(read_response(b"SSH-2.0-OpenSSH\r\n"), Err(Disconnect::Handshake(_))));
        assert!(matches!(read_response(b"HTTP/1.1 101 Swi"), Ok(None)));
    }
}
