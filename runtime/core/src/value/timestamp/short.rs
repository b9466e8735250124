//! Texts that are short enough to be kept in place.

use std::hash::{Hash, Hasher};

use crate::json::reader::{CHUNK, count_unescaped, is_unescaped};

/// The longest text. Timestamps in UTC have up to 30 bytes.
const LONGEST: usize = 30;
/// How many bytes are copied at once.
const PIECE: usize = 16;

/// A text of at most [`LONGEST`] bytes that stands in JSON as it is.
#[derive(Clone, Copy)]
pub(super) struct Short {
    len: u8,
    /// The text, a quote, and whatever follows up to the end.
    bytes: [u8; LONGEST],
}

impl PartialEq for Short {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Short {}

impl Hash for Short {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl Short {
    /// `None` if the text is longer, or has escapes in JSON.
    #[inline]
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        let len = u8::try_from(text.len()).ok().filter(|len| usize::from(*len) <= LONGEST)?;
        if !is_unescaped(text) {
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

    /// The string of a JSON text whose inside begins at `start`; `None` if it is longer or has escapes.
    #[inline]
    pub(super) fn within(text: &[u8], start: usize) -> Option<Self> {
        match text.get(start..)?.first_chunk() {
            Some(bytes) => Self::read(bytes, text, start),
            None => Self::at_end(text, start),
        }
    }

    #[inline(never)]
    fn at_end(text: &[u8], start: usize) -> Option<Self> {
        let rest = text.get(start..)?;
        // Control characters end no string.
        let mut bytes = [0; LONGEST];
        bytes.get_mut(..rest.len())?.copy_from_slice(rest);
        Self::read(&bytes, text, start)
    }

    /// [`Short::within`], where `bytes` are those from `start` on.
    #[inline]
    fn read(bytes: &[u8; LONGEST], text: &[u8], start: usize) -> Option<Self> {
        let mut len = count_unescaped(bytes.first_chunk()?);
        if len == CHUNK {
            len = LONGEST - CHUNK + count_unescaped(bytes.last_chunk()?);
        }
        // What is not plain and no quote is an escape or an error.
        if text.get(start + len) != Some(&b'"') {
            return None;
        }
        Some(Self { len: u8::try_from(len).ok()?, bytes: *bytes })
    }

    /// How many bytes it has.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len.into()
    }

    pub(super) fn as_str(&self) -> &str {
        // Only whole texts are kept, so this does not fail.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len()).unwrap_or_default()
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
