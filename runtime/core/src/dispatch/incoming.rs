//! Messages as a transport hands them over.

use std::fmt;

use crate::DecodeError;
use crate::value::headers::HeaderMap;

/// A message as a transport hands it over, before anybody knows which it is.
///
/// ```
/// use eventwire::Incoming;
///
/// let mut incoming = Incoming::new(b"{}");
/// incoming.content_type = Some("application/json; charset=utf-8");
/// assert_eq!(incoming.json()?, "{}");
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Incoming<'a> {
    /// The payload.
    pub payload: &'a [u8],
    /// Its media type, if the transport says one.
    pub content_type: Option<&'a str>,
    /// The address that it came from; empty where the transport has none.
    pub address: &'a str,
    /// The headers.
    pub headers: &'a dyn HeaderMap,
}

impl<'a> Incoming<'a> {
    /// Creates a message of which nothing but the payload is known.
    #[must_use]
    pub fn new(payload: &'a [u8]) -> Self {
        Self { payload, content_type: None, address: "", headers: &() }
    }

    /// Returns the payload as the text of a JSON value, which is not validated.
    ///
    /// # Errors
    ///
    /// When the payload has a media type that is neither JSON nor text, or is not UTF-8.
    pub fn json(&self) -> Result<&'a str, DecodeError> {
        if let Some(content_type) = self.content_type
            && !is_text(content_type)
        {
            return Err(DecodeError::custom(format_args!("expected JSON, found `{content_type}`")));
        }
        simdutf8::compat::from_utf8(self.payload)
            .map_err(|error| DecodeError::custom(format_args!("invalid UTF-8 at byte {}", error.valid_up_to())))
    }
}

/// Whether a media type is JSON or text.
fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json") || essence.starts_with("text/")
}

/// Shows no header: it may be a secret.
impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { payload, content_type, address, headers: _ } = self;
        f.debug_struct("Incoming")
            .field("payload", &payload.len())
            .field("content_type", content_type)
            .field("address", address)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_media_type_of_json_or_text() {
        let read = |content_type| Incoming { content_type, ..Incoming::new(b"{}") }.json();
        for content_type in [
            None,
            Some("application/json"),
            Some("Application/JSON ; charset=utf-8"),
            Some("a/b+json"),
            Some("text/plain"),
        ] {
            assert_eq!(read(content_type), Ok("{}"), "{content_type:?}");
        }
        for content_type in ["application/octet-stream", "application/jsonl", "json", ""] {
            let error = read(Some(content_type)).unwrap_err();
            assert_eq!(error.to_string(), format!("expected JSON, found `{content_type}`"));
        }
        let error = Incoming::new(b"{\"\xff").json().unwrap_err();
        assert_eq!(error.to_string(), "invalid UTF-8 at byte 2");
    }
}
