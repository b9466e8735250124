//! Numbers.

use super::{Reader, VALUE_ENDS};
use crate::DecodeError;

/// The text of a number.
#[derive(Clone, Copy)]
pub(crate) struct NumberToken<'a> {
    pub(crate) text: &'a str,
    /// It has neither a fraction nor an exponent.
    pub(crate) integral: bool,
}

/// One more than the digits of every number that a 64-bit integer holds, signed or not.
const SHORT: usize = 19;

impl<'a> Reader<'a> {
    /// Passes by an integer without a sign that has few digits; otherwise passes by nothing.
    #[inline]
    pub(crate) fn short_integer(&mut self) -> Option<u64> {
        let bytes = self.text.as_bytes().get(self.at..)?;
        let mut value = 0;
        for (digits, byte) in bytes.iter().take(SHORT).enumerate() {
            let digit = byte.wrapping_sub(b'0');
            if digit < 10 {
                value = value * 10 + u64::from(digit);
                continue;
            }
            let longer = matches!(byte, b'.' | b'e' | b'E');
            if digits == 0 || longer || (digits > 1 && bytes.first() == Some(&b'0')) {
                return None;
            }
            self.at += digits;
            return Some(value);
        }
        None
    }

    /// Passes by the number that begins here.
    #[inline]
    pub(crate) fn number_token(&mut self) -> Result<NumberToken<'a>, DecodeError> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        if self.byte() == Some(b'0') {
            self.at += 1;
            if self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.unexpected(NO_NUMBER));
            }
        } else {
            self.digits()?;
        }
        let integral = !matches!(self.byte(), Some(b'.' | b'e' | b'E'));
        if !integral {
            self.fraction_and_exponent()?;
        }
        Ok(NumberToken { text: self.since(start), integral })
    }

    fn fraction_and_exponent(&mut self) -> Result<(), DecodeError> {
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Passes by one or more digits.
    #[inline]
    fn digits(&mut self) -> Result<(), DecodeError> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.unexpected(if self.byte().is_none() { VALUE_ENDS } else { NO_NUMBER }));
        }
        Ok(())
    }
}

const NO_NUMBER: &str = "invalid number";
