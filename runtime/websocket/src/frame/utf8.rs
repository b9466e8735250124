//! Text that arrives in pieces, which may end within a character.

/// What of a character has arrived, after the text before it.
#[derive(Default)]
pub(super) struct Utf8 {
    /// The beginning of a character; it can still become one.
    begun: [u8; 4],
    len: usize,
}

/// Bytes that no text has, whatever follows them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotUtf8;

impl Utf8 {
    /// Appends a piece to the text before it, as far as it is whole characters.
    pub(super) fn push(&mut self, mut piece: &[u8], text: &mut String) -> Result<(), NotUtf8> {
        while self.len > 0 {
            let Some((byte, rest)) = piece.split_first() else {
                return Ok(());
            };
            piece = rest;
            self.begin(&[*byte])?;
            if let Ok(character) = str::from_utf8(self.begun()) {
                text.push_str(character);
                self.len = 0;
            }
        }
        let (whole, begun) = piece.split_at(piece.len() - unfinished(piece));
        text.push_str(simdutf8::basic::from_utf8(whole).map_err(|_| NotUtf8)?);
        self.begin(begun)
    }

    /// Ends the text.
    pub(super) fn end(&mut self) -> Result<(), NotUtf8> {
        if std::mem::take(&mut self.len) == 0 { Ok(()) } else { Err(NotUtf8) }
    }

    fn begun(&self) -> &[u8] {
        self.begun.get(..self.len).unwrap_or_default()
    }

    /// Takes further bytes of a character if it can still become one.
    fn begin(&mut self, bytes: &[u8]) -> Result<(), NotUtf8> {
        for (to, from) in self.begun.iter_mut().skip(self.len).zip(bytes) {
            *to = *from;
            self.len += 1;
        }
        match str::from_utf8(self.begun()) {
            Err(error) if error.error_len().is_some() => Err(NotUtf8),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

/// How many bytes at the end may be a character that continues.
fn unfinished(bytes: &[u8]) -> usize {
    for (back, byte) in bytes.iter().rev().take(3).enumerate() {
        let length = match byte {
            0x80..0xc0 => continue,
            0xc0..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0.. => 4,
            _ => 1,
        };
        return if length > back + 1 { back + 1 } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pushes the pieces and ends; says after how many pieces it was refused.
    fn read(pieces: &[&[u8]]) -> Result<String, usize> {
        let (mut utf8, mut text) = (Utf8::default(), String::new());
        for (at, piece) in pieces.iter().enumerate() {
            utf8.push(piece, &mut text).map_err(|NotUtf8| at)?;
        }
        utf8.end().map_err(|NotUtf8| pieces.len())?;
        Ok(text)
    }

    #[test]
    fn text_may_be_cut_anywhere() {
        let text = "a é ߿ ࠀ \u{d7ff}\u{e000} 語\u{10000}\u{10ffff} z";
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let bytes = text.as_bytes();
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                assert_eq!(read(&pieces).as_deref(), Ok(text), "cut at {first} and {second}");
            }
        }
        let single: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(read(&single).as_deref(), Ok(text));
    }

    /// The first byte with which no text can begin so, as the standard library has it.
    fn wrong_at(bytes: &[u8]) -> Option<usize> {
        (0..bytes.len()).find(|at| matches!(str::from_utf8(&bytes[..=*at]), Err(error) if error.error_len().is_some()))
    }

    #[test]
    fn wrong_bytes_are_refused_as_soon_as_they_are_there() {
        // Bytes on every edge of the table of well-formed sequences.
        let edges = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xec, 0xed, 0xee];
        let edges: Vec<u8> = edges.into_iter().chain([0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff]).collect();
        let mut bytes = [0; 5];
        for a in &edges {
            for b in &edges {
                for c in &edges {
                    for d in &edges {
                        bytes[1..].copy_from_slice(&[*a, *b, *c, *d]);
                        let single: Vec<&[u8]> = bytes.chunks(1).collect();
                        let expected = match (wrong_at(&bytes), str::from_utf8(&bytes)) {
                            (Some(at), _) => Err(at),
                            (None, Ok(text)) => Ok(text.to_owned()),
                            (None, Err(_)) => Err(bytes.len()),
                        };
                        assert_eq!(read(&single), expected, "{bytes:x?}");
                        for cut in 0..=bytes.len() {
                            let (first, second) = bytes.split_at(cut);
                            let expected = match expected.clone() {
                                Err(at) if at < cut => Err(0),
                                Err(at) if at < bytes.len() => Err(1),
                                Err(_) => Err(2),
                                whole => whole,
                            };
                            assert_eq!(read(&[first, second]), expected, "{bytes:x?} cut at {cut}");
                        }
                    }
                }
            }
        }
    }
}
