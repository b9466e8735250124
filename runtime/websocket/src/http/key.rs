//! The key of a handshake (RFC 6455, section 1.3): it shows that the answer is an answer to this request.

use std::io;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha1::{Digest, Sha1};

/// A key that was not used before.
pub(super) fn new_key() -> io::Result<String> {
    let mut key = [0; 16];
    getrandom::fill(&mut key)?;
    Ok(BASE64_STANDARD.encode(key))
}

/// What `Sec-WebSocket-Accept` says to a key.
pub(super) fn accept_key(key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    BASE64_STANDARD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard() {
        assert_eq!(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn keys_are_sixteen_bytes_and_do_not_repeat() {
        let (first, second) = (new_key().unwrap(), new_key().unwrap());
        assert_eq!((first.len(), second.len()), (24, 24));
        assert_ne!(first, second);
    }
}
