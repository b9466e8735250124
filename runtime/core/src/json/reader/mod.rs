//! The one reader of JSON text (RFC 8259).
//!
//! It moves over a text from token to token, checks all that it passes by and neither recurses nor panics. What the
//! tokens become is not decided here: the text engine makes values of them, [`scan`](crate::json::scan) finds members.

mod nested_end;
mod number;
mod skip;
mod string;
mod unescaped;

pub(crate) use self::nested_end::{find_nested_end, find_nested_ends};
pub(crate) use self::number::NumberToken;
pub(crate) use self::string::RawStr;
pub(crate) use self::unescaped::{CHUNK, count_unescaped, find_special, is_unescaped};
use crate::DecodeError;
use crate::json::valid::{is_valid, valid_end};

/// A position in a text.
pub(crate) struct Reader<'a> {
    text: &'a str,
    /// The byte that is read next.
    at: usize,
    /// Whether the text is known to be valid.
    valid: bool,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of a text.
    #[inline]
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, valid: is_valid(text) }
    }

    /// Whether the text is known to be valid: it is a part of one that has been read.
    pub(crate) const fn is_valid(&self) -> bool {
        self.valid
    }

    /// The byte that is read next.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// The whole text.
    pub(crate) const fn text(&self) -> &'a str {
        self.text
    }

    /// Goes on from a later position.
    #[inline]
    pub(crate) const fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// The text from a position up to here.
    #[inline]
    pub(crate) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space, without passing by it.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        match self.byte() {
            Some(byte) if byte > b' ' => Some(byte),
            _ => self.skip_blank(),
        }
    }

    #[inline(never)]
    fn skip_blank(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// The first byte of a value, which must follow.
    #[inline]
    pub(crate) fn value(&mut self) -> Result<u8, DecodeError> {
        self.peek().ok_or_else(|| self.unexpected(VALUE_ENDS))
    }

    /// Passes by `null`, `true` or `false`.
    #[inline]
    pub(crate) fn word(&mut self, word: &'static str) -> Result<(), DecodeError> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return Err(self.invalid_word(word));
        }
        self.at = end;
        Ok(())
    }

    #[cold]
    fn invalid_word(&mut self, word: &'static str) -> DecodeError {
        for byte in word.bytes() {
            match self.byte() {
                Some(found) if found == byte => self.at += 1,
                Some(_) => return self.unexpected("expected ident"),
                None => break,
            }
        }
        self.unexpected(VALUE_ENDS)
    }

    /// Passes by one value up to a tag; of what is in an object or array it follows only strings and brackets. `None` if
    /// this is not a value.
    pub(crate) fn skip_unchecked(&mut self) -> Option<()> {
        match self.peek()? {
            b'{' | b'[' => self.at = self.find_nested_end()?,
            _ => {
                self.skip().ok()?;
            }
        }
        Some(())
    }

    /// Where the object or array that is next ends, found by its strings and brackets only.
    fn find_nested_end(&self) -> Option<usize> {
        if self.valid { valid_end(self.text, self.at) } else { find_nested_end(self.text.as_bytes(), self.at) }
    }

    /// Passes by the bracket of an object or array.
    #[inline]
    pub(crate) fn open(&mut self) {
        self.at += 1;
    }

    /// The next key of an object, or `None` behind its end. `first` says whether the object has just been opened.
    #[inline]
    pub(crate) fn key(&mut self, first: bool) -> Result<Option<RawStr<'a>>, DecodeError> {
        if self.member(first)? { self.raw().map(Some) } else { Ok(None) }
    }

    /// [`Reader::key`] where the text has neither blanks before the key nor escapes in it; otherwise passes by nothing.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "measured: most of what is read are keys, and most keys are like this")]
    pub(crate) fn unescaped_key(&mut self, first: bool) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let start = if first {
            bytes.get(self.at).filter(|byte| **byte == b'"').map(|_| self.at + 1)
        } else {
            bytes.get(self.at..)?.first_chunk().filter(|chunk| **chunk == *b",\"").map(|_| self.at + 2)
        }?;
        self.unescaped_text(start)
    }

    /// The text up to the next quote, if it has no escapes; passes by the quote.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "measured: a call costs as much as a short text")]
    fn unescaped_text(&mut self, start: usize) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let end = find_special(bytes, start);
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        let text = self.text.get(start..)?.get(..end - start)?;
        self.at = end + 1;
        Some(text)
    }

    /// Passes by the end of an object, if it is the next byte.
    #[inline]
    pub(crate) fn close(&mut self) -> bool {
        let closes = self.byte() == Some(b'}');
        self.at += usize::from(closes);
        closes
    }

    /// Whether an object has another member, whose key is next; otherwise passes by its end.
    #[inline]
    fn member(&mut self, first: bool) -> Result<bool, DecodeError> {
        match self.peek() {
            Some(b',') if !first => {
                self.at += 1;
                match self.peek() {
                    Some(b'"') => {}
                    Some(b'}') => return Err(self.unexpected("trailing comma")),
                    Some(_) => return Err(self.unexpected(NO_KEY)),
                    None => return Err(self.unexpected(VALUE_ENDS)),
                }
            }
            Some(b'"') if first => {}
            Some(b'}') => {
                self.at += 1;
                return Ok(false);
            }
            Some(_) if first => return Err(self.unexpected(NO_KEY)),
            Some(_) => return Err(self.unexpected("expected `,` or `}`")),
            None => return Err(self.unexpected("EOF while parsing an object")),
        }
        Ok(true)
    }

    /// Passes by the colon behind a key.
    #[inline]
    pub(crate) fn colon(&mut self) -> Result<(), DecodeError> {
        if self.byte() == Some(b':') {
            self.at += 1;
            return Ok(());
        }
        self.spaced_colon()
    }

    #[inline(never)]
    fn spaced_colon(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.unexpected("expected `:`")),
            None => Err(self.unexpected("EOF while parsing an object")),
        }
    }

    /// Whether an array has another element, which is next; otherwise passes by its end. `first` says whether the array
    /// has just been opened.
    #[inline]
    pub(crate) fn element(&mut self, first: bool) -> Result<bool, DecodeError> {
        match self.peek() {
            Some(b']') => {
                self.at += 1;
                Ok(false)
            }
            Some(_) if first => Ok(true),
            Some(b',') => {
                self.at += 1;
                match self.peek() {
                    Some(b']') => Err(self.unexpected("trailing comma")),
                    Some(_) => Ok(true),
                    None => Err(self.unexpected(VALUE_ENDS)),
                }
            }
            Some(_) => Err(self.unexpected("expected `,` or `]`")),
            None => Err(self.unexpected("EOF while parsing a list")),
        }
    }

    /// Fails unless only white space follows.
    #[inline]
    pub(crate) fn end(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("trailing characters")),
        }
    }

    /// An error at the next byte, or at the last one if there is none.
    #[cold]
    pub(crate) fn unexpected(&self, cause: &'static str) -> DecodeError {
        self.error(cause, self.at)
    }

    #[cold]
    fn error(&self, cause: &'static str, at: usize) -> DecodeError {
        DecodeError::custom(cause).at((at + 1).min(self.text.len()))
    }
}

const NO_KEY: &str = "key must be a string";
const VALUE_ENDS: &str = "EOF while parsing a value";

#[cfg(test)]
mod tests;
