//! What a server or proxy answers to a request, as far as opening a connection needs it.

use std::time::Duration;

use httparse::Status;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::headers::Headers;
use crate::lifecycle::{Disconnect, HttpAnswer};

/// The longest head of an answer.
const MAX_HEAD: usize = 64 << 10;
const MAX_HEADERS: usize = 128;
/// How much of the body of a refusal is kept.
const MAX_BODY: usize = 16 << 10;
/// How long to wait for the body of a refusal.
const BODY_WAIT: Duration = Duration::from_secs(1);

/// The head of an answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
}

/// Reads an answer; returns with it what was read beyond its head.
pub(crate) async fn receive<S: AsyncRead + Unpin>(stream: &mut S) -> Result<(Answer, Vec<u8>), Disconnect> {
    let mut received = Vec::with_capacity(1 << 10);
    loop {
        if stream.read_buf(&mut received).await.map_err(Disconnect::lost)? == 0 {
            return Err(Disconnect::Lost(None));
        }
        if let Some((answer, length)) = read_answer(&received)? {
            let rest = received.split_off(length);
            return Ok((answer, rest));
        }
        if received.len() > MAX_HEAD {
            return Err(wrong("the answer has no end"));
        }
    }
}

/// Reads the head of an answer and says how long it is; `None` if there is more to come.
fn read_answer(received: &[u8]) -> Result<Option<(Answer, usize)>, Disconnect> {
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
    let headers = Headers::read(response.headers);
    Ok(Some((Answer { status: response.code.unwrap_or_default(), headers }, length)))
}

impl Answer {
    fn content_length(&self) -> Option<usize> {
        self.headers.get("content-length")?.parse().ok()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.headers.get("retry-after")?.parse().ok().map(Duration::from_secs)
    }

    /// Reads the rest of an answer that is a refusal.
    pub(crate) async fn into_refusal<S: AsyncRead + Unpin>(self, stream: &mut S, rest: Vec<u8>) -> HttpAnswer {
        let body = read_body(stream, rest, self.content_length()).await;
        HttpAnswer {
            status: self.status,
            body: String::from_utf8_lossy(&body).into_owned(),
            retry_after: self.retry_after(),
        }
    }
}

pub(crate) fn wrong(what: impl Into<String>) -> Disconnect {
    Disconnect::Handshake(what.into())
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

    #[test]
    fn a_refusal_is_read() {
        let (answer, _) =
            read_answer(b"HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n").unwrap().unwrap();
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
}
