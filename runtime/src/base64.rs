//! Bytes as text (RFC 4648).

/// Base64 with padding, section 4.
pub(crate) fn with_padding(bytes: &[u8]) -> String {
    let mut text = encode(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bytes);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Base64 for URLs and file names without padding, section 5.
#[cfg(feature = "stream-chat-server")]
pub(crate) fn for_urls(bytes: &[u8]) -> String {
    encode(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bytes)
}

fn encode(digits: &[u8; 64], bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..=chunk.len() {
            let digit = (group >> (18 - 6 * position)) & 63;
            text.push(char::from(digits[digit as usize]));
        }
    }
    text
}

/// Reads base64 of section 4; `None` if the text is none.
#[cfg(feature = "client")]
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut bits) = (0_u32, 0);
    for digit in text.trim_end_matches('=').bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        group = group << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            let [.., byte] = (group >> bits).to_be_bytes();
            bytes.push(byte);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(with_padding(bytes.as_bytes()), text);
            #[cfg(feature = "client")]
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
        #[cfg(feature = "client")]
        assert_eq!((decode("+/8=").as_deref(), decode("a b")), (Some(&[0xfb, 0xff][..]), None));
    }

    #[cfg(feature = "stream-chat-server")]
    #[test]
    fn urls_have_digits_of_their_own() {
        assert_eq!(with_padding(&[0xfb, 0xff]), "+/8=");
        assert_eq!(for_urls(&[0xfb, 0xff]), "-_8");
    }
}
