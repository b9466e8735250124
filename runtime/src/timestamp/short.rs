//! Texts that are short enough to be kept in place.

use crate::reader::is_plain;

/// The longest text. Timestamps in UTC have up to 30 bytes.
const LONGEST: usize = 30;
/// How many bytes are copied at once.
const PIECE: usize = 16;

/// A text of at most [`LONGEST`] bytes that stands in JSON as it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Short {
    len: u8,
    /// The text, and quotes up to the end.
    bytes: [u8; LONGEST],
}

impl Short {
    /// `None` if the text is longer, or has escapes in JSON.
    #[inline]
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        let len = u8::try_from(text.len()).ok().filter(|len| usize::from(*len) <= LONGEST)?;
        if !is_plain(text) {
            return None;
        }
        let mut bytes = [b'"'; LONGEST];
        // Pieces of a fixed size are copied without a call; these two overlap.
        if let (Some(head), Some(tail)) = (text.first_chunk::<PIECE>(), text.last_chunk::<PIECE>()) {
            bytes.first_chunk_mut().map(|place| *place = *head)?;
            bytes.get_mut(text.len() - PIECE..text.len())?.copy_from_slice(tail);
        } else {
            bytes.get_mut(..text.len())?.copy_from_slice(text);
        }
        Some(Self { len, bytes })
    }

    pub(super) fn as_str(&self) -> &str {
        // Only whole texts are kept, so this does not fail.
        let text = self.bytes.get(..usize::from(self.len)).and_then(|text| std::str::from_utf8(text).ok());
        text.unwrap_or_default()
    }

    /// Appends it with quotes.
    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let end = out.len() + usize::from(self.len) + 2;
        let mut quoted = [b'"'; LONGEST + 2];
        quoted[1..=LONGEST].copy_from_slice(&self.bytes);
        out.extend_from_slice(&quoted);
        out.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_if_they_fit() {
        for text in ["é", "2", "2025-01-02T03:04:05.123456789Z, and more"] {
            for padding in 0..=LONGEST {
                let text = format!("{text}{}", "x".repeat(padding));
                let Some(short) = Short::new(&text) else {
                    assert!(text.len() > LONGEST, "{text}");
                    continue;
                };
                assert!(text.len() <= LONGEST, "{text}");
                assert_eq!(short.as_str(), text);
                let mut out = b"[".to_vec();
                short.write(&mut out);
                assert_eq!(String::from_utf8(out).unwrap(), format!("[\"{text}\""));
            }
        }
        for text in ["\"", "a\\", "2025-01-02T03:04:05.123\"Z", "\n2025-01-02T03:04:05Z"] {
            assert!(Short::new(text).is_none(), "{text:?}");
        }
        assert_eq!(Short::new("").map(|short| short.as_str().len()), Some(0));
    }
}
