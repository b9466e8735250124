//! Strings.

use std::borrow::Cow;

use super::Reader;
use super::unescaped::find_special;
use crate::DecodeError;

/// What stands between the quotes of a string. Its escapes are well formed, but half a surrogate pair may be among them.
#[derive(Clone, Copy)]
pub(crate) struct RawStr<'a> {
    text: &'a str,
    escaped: bool,
}

impl<'a> RawStr<'a> {
    pub(crate) const EMPTY: Self = Self::of("");

    /// A text without escapes.
    #[inline]
    pub(crate) const fn of(text: &'a str) -> Self {
        Self { text, escaped: false }
    }

    /// The text that this means, if it has no escapes.
    #[inline]
    pub(crate) fn unescaped(self) -> Option<&'a str> {
        (!self.escaped).then_some(self.text)
    }

    /// How many bytes it has with its escapes.
    #[inline]
    pub(crate) const fn len(self) -> usize {
        self.text.len()
    }

    /// Whether this means a text.
    #[inline]
    pub(crate) fn is(self, text: &str) -> bool {
        if self.escaped { unescape(self.text).is_ok_and(|own| own == text) } else { self.text == text }
    }

    /// The text that this means; `None` if there is half a surrogate pair.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        if self.escaped { unescape(self.text).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(self.text)) }
    }
}

impl<'a> Reader<'a> {
    /// Reads the string that begins here.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        match self.unescaped_text(self.at + 1) {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.any_string(),
        }
    }

    #[inline(never)]
    fn any_string(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        let raw = self.raw()?;
        self.meaning(raw)
    }

    /// The text that the string just read means.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "measured: a call costs as much as a short key")]
    pub(crate) fn meaning(&self, raw: RawStr<'a>) -> Result<Cow<'a, str>, DecodeError> {
        if raw.escaped { self.unescaped(raw.text) } else { Ok(Cow::Borrowed(raw.text)) }
    }

    fn unescaped(&self, raw: &'a str) -> Result<Cow<'a, str>, DecodeError> {
        unescape(raw).map(Cow::Owned).map_err(|passed| {
            let start = self.at - 1 - raw.len();
            self.error("half a surrogate pair in a hex escape", start + passed)
        })
    }

    /// Passes by the string that begins here.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "measured: a call costs as much as a short key")]
    pub(crate) fn raw(&mut self) -> Result<RawStr<'a>, DecodeError> {
        let start = self.at + 1;
        let escaped = self.skip_string()?;
        Ok(RawStr { text: self.text.get(start..self.at - 1).unwrap_or_default(), escaped })
    }

    /// Passes by the string that begins here; whether it has escapes.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "measured: a call costs as much as a short key")]
    pub(super) fn skip_string(&mut self) -> Result<bool, DecodeError> {
        self.at = find_special(self.text.as_bytes(), self.at + 1);
        if self.byte() == Some(b'"') {
            self.at += 1;
            return Ok(false);
        }
        self.skip_escapes().map(|()| true)
    }

    /// Goes from an escape behind the closing quote.
    #[inline(never)]
    fn skip_escapes(&mut self) -> Result<(), DecodeError> {
        loop {
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.skip_escape()?,
                Some(_) => {
                    return Err(self.unexpected("control character (\\u0000-\\u001F) found while parsing a string"));
                }
                None => return Err(self.unexpected(STRING_ENDS)),
            }
            self.at = find_special(self.text.as_bytes(), self.at);
        }
    }

    fn skip_escape(&mut self) -> Result<(), DecodeError> {
        self.at += 1;
        let digits = match self.byte() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 0,
            Some(b'u') => 4,
            Some(_) => return Err(self.unexpected(NO_ESCAPE)),
            None => return Err(self.unexpected(STRING_ENDS)),
        };
        self.at += 1;
        for _ in 0..digits {
            match self.byte() {
                Some(byte) if byte.is_ascii_hexdigit() => self.at += 1,
                Some(_) => return Err(self.unexpected(NO_ESCAPE)),
                None => return Err(self.unexpected(STRING_ENDS)),
            }
        }
        Ok(())
    }
}

const STRING_ENDS: &str = "EOF while parsing a string";
const NO_ESCAPE: &str = "invalid escape";

/// The text that the inside of a string means, or how much of it was passed before half a surrogate pair.
fn unescape(raw: &str) -> Result<String, usize> {
    let mut rest = raw;
    let mut text = String::with_capacity(raw.len());
    while let Some((unescaped, escape)) = rest.split_once('\\') {
        text.push_str(unescaped);
        let (meaning, after) = read_escape(escape).ok_or(raw.len() - escape.len())?;
        text.push(meaning);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// The character that an escape means, without its backslash, and what follows it.
fn read_escape(escape: &str) -> Option<(char, &str)> {
    let mut chars = escape.chars();
    let meaning = match chars.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return read_unicode(chars.as_str()),
        unescaped => unescaped,
    };
    Some((meaning, chars.as_str()))
}

fn read_unicode(digits: &str) -> Option<(char, &str)> {
    let (first, rest) = read_hex(digits)?;
    if !(0xD800..0xDC00).contains(&first) {
        return Some((char::from_u32(first)?, rest));
    }
    let (second, rest) = read_hex(rest.strip_prefix("\\u")?)?;
    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
    Some((char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + low)?, rest))
}

fn read_hex(digits: &str) -> Option<(u32, &str)> {
    let (digits, rest) = digits.split_at_checked(4)?;
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}
