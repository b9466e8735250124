//! A [`Sink`] that writes JSON text.

use crate::writer::{push_key, push_string};
use crate::{ArraySink, Encode, EncodeError, Json, Number, ObjectSink, Sink};

/// Writes a value.
pub(in crate::engine) fn write<T: Encode + ?Sized>(value: &T) -> Result<String, EncodeError> {
    let mut out = String::with_capacity(EXPECTED);
    value.encode(Writer { out: &mut out })?;
    Ok(out)
}

/// Room for a message of usual length, in bytes.
const EXPECTED: usize = 1024;

/// Where the next value is written.
struct Writer<'o> {
    out: &'o mut String,
}

impl<'o> Sink for Writer<'o> {
    type Ok = ();
    type Error = EncodeError;
    type Object = Members<'o>;
    type Array = Elements<'o>;

    #[inline]
    fn null(self) -> Result<(), EncodeError> {
        self.out.push_str("null");
        Ok(())
    }

    #[inline]
    fn bool(self, value: bool) -> Result<(), EncodeError> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    #[inline]
    fn i64(self, value: i64) -> Result<(), EncodeError> {
        self.out.push_str(itoa::Buffer::new().format(value));
        Ok(())
    }

    #[inline]
    fn u64(self, value: u64) -> Result<(), EncodeError> {
        self.out.push_str(itoa::Buffer::new().format(value));
        Ok(())
    }

    fn number(self, value: &Number) -> Result<(), EncodeError> {
        if let Some(integer) = value.as_plain_integer() {
            return self.i64(integer);
        }
        value.with_text(|text| self.out.push_str(text));
        Ok(())
    }

    #[inline]
    fn string(self, value: &str) -> Result<(), EncodeError> {
        push_string(self.out, value);
        Ok(())
    }

    #[inline]
    fn json(self, value: &Json) -> Result<(), EncodeError> {
        self.out.push_str(value.text());
        Ok(())
    }

    #[inline]
    fn object(self) -> Result<Members<'o>, EncodeError> {
        Ok(Members { out: self.out, first: true })
    }

    #[inline]
    fn array(self, _len: usize) -> Result<Elements<'o>, EncodeError> {
        self.out.push('[');
        Ok(Elements { out: self.out, first: true })
    }
}

struct Members<'o> {
    out: &'o mut String,
    /// Nothing has been written, not even the bracket.
    first: bool,
}

impl ObjectSink for Members<'_> {
    type Ok = ();
    type Error = EncodeError;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "measured: the text of a key that is known is written at once")]
    fn member<T: Encode + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), EncodeError> {
        push_key(self.out, self.first, key);
        self.first = false;
        value.encode(Writer { out: self.out })
    }

    #[inline]
    fn end(self) -> Result<(), EncodeError> {
        self.out.push_str(if self.first { "{}" } else { "}" });
        Ok(())
    }
}

struct Elements<'o> {
    out: &'o mut String,
    first: bool,
}

impl ArraySink for Elements<'_> {
    type Ok = ();
    type Error = EncodeError;

    #[inline]
    fn element<T: Encode + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        value.encode(Writer { out: self.out })
    }

    #[inline]
    fn end(self) -> Result<(), EncodeError> {
        self.out.push(']');
        Ok(())
    }
}
