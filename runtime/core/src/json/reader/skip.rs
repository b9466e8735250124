//! Values that are passed by.

use super::Reader;
use crate::DecodeError;
use crate::json::steps::{Counted, count};

impl<'a> Reader<'a> {
    /// Passes by one value, however deep it is, and returns its text.
    pub(crate) fn skip(&mut self) -> Result<&'a str, DecodeError> {
        let first = self.value()?;
        let start = self.at;
        if matches!(first, b'{' | b'[') {
            match self.valid.then(|| self.find_nested_end()).flatten() {
                Some(end) => self.at = end,
                None => self.skip_nested()?,
            }
        } else {
            self.skip_scalar(first)?;
        }
        Ok(self.since(start))
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "measured: a call costs as much as a short value")]
    fn skip_scalar(&mut self, first: u8) -> Result<(), DecodeError> {
        match first {
            b'"' => self.skip_string().map(|_| ()),
            b'-' | b'0'..=b'9' => self.number_token().map(|_| ()),
            b'n' => self.word("null"),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            _ => Err(self.unexpected("expected value")),
        }
    }

    fn skip_nested(&mut self) -> Result<(), DecodeError> {
        let (start, mut open) = (self.at, Open::default());
        loop {
            let first = self.value()?;
            let opens = matches!(first, b'{' | b'[');
            if opens {
                self.open();
                open.push(first == b'{');
            } else {
                self.skip_scalar(first)?;
            }
            if !self.next_nested(&mut open, opens)? {
                count(Counted::Byte, self.at - start);
                return Ok(());
            }
        }
    }

    /// Goes to the next value within what is open; `false` when all is closed.
    #[inline]
    fn next_nested(&mut self, open: &mut Open, mut first: bool) -> Result<bool, DecodeError> {
        loop {
            if open.is_object() {
                if self.unescaped_key(first).is_some() || self.key(first)?.is_some() {
                    return self.colon().map(|()| true);
                }
            } else if self.element(first)? {
                return Ok(true);
            }
            first = false;
            if !open.pop() {
                return Ok(false);
            }
        }
    }
}

/// Which of the objects and arrays around a value are objects. Up to 64 levels take no allocation.
#[derive(Default)]
struct Open {
    /// The innermost levels, the last one in the lowest bit.
    objects: u64,
    /// How many levels there are.
    depth: usize,
    /// The levels further out, in full words.
    outer: Vec<u64>,
}

impl Open {
    #[inline]
    fn push(&mut self, object: bool) {
        if self.depth != 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.objects);
        }
        self.objects = (self.objects << 1) | u64::from(object);
        self.depth += 1;
    }

    #[inline]
    fn is_object(&self) -> bool {
        self.objects & 1 == 1
    }

    /// Leaves the innermost level; `false` when it was the last one.
    #[inline]
    fn pop(&mut self) -> bool {
        self.depth -= 1;
        self.objects >>= 1;
        if self.depth != 0 && self.depth.is_multiple_of(64) {
            self.objects = self.outer.pop().unwrap_or_default();
        }
        self.depth != 0
    }
}
