//! A [`Sink`] that writes JSON text.

use crate::json::writer::{draft, push_string};
use crate::{ArraySink, Encode, EncodeError, Json, Key, Number, ObjectSink, Sink, Timestamp};

/// Writes a value.
pub(in crate::codec::engine) fn write<T: Encode + ?Sized>(value: &T) -> Result<String, EncodeError> {
    draft(|out| value.encode(Writer { out }))
}

/// Where the next value is written.
struct Writer<'o> {
    out: &'o mut Vec<u8>,
}

impl<'o> Sink for Writer<'o> {
    type Ok = ();
    type Error = EncodeError;
    type Object = Members<'o>;
    type Array = Elements<'o>;

    #[inline]
    fn null(self) -> Result<(), EncodeError> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    #[inline]
    fn bool(self, value: bool) -> Result<(), EncodeError> {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    #[inline]
    fn i64(self, value: i64) -> Result<(), EncodeError> {
        self.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        Ok(())
    }

    #[inline]
    fn u64(self, value: u64) -> Result<(), EncodeError> {
        self.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        Ok(())
    }

    fn number(self, value: &Number) -> Result<(), EncodeError> {
        if let Some(integer) = value.as_short_integer() {
            return self.i64(integer);
        }
        value.with_text(|text| self.out.extend_from_slice(text.as_bytes()));
        Ok(())
    }

    #[inline]
    fn string(self, value: &str) -> Result<(), EncodeError> {
        push_string(self.out, value);
        Ok(())
    }

    #[inline]
    fn timestamp(self, value: &Timestamp) -> Result<(), EncodeError> {
        value.write(self.out);
        Ok(())
    }

    #[inline]
    fn json(self, value: &Json) -> Result<(), EncodeError> {
        self.out.extend_from_slice(value.text().as_bytes());
        Ok(())
    }

    #[inline]
    fn object(self) -> Result<Members<'o>, EncodeError> {
        let start = self.out.len();
        Ok(Members { out: self.out, start })
    }

    #[inline]
    fn array(self, _len: usize) -> Result<Elements<'o>, EncodeError> {
        let start = self.out.len();
        Ok(Elements { out: self.out, start })
    }
}

/// Writes a comma before every member; the bracket takes the place of the first one.
struct Members<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
}

impl ObjectSink for Members<'_> {
    type Ok = ();
    type Error = EncodeError;

    #[inline]
    fn member<T: Encode + ?Sized>(&mut self, key: &'static Key, value: &T) -> Result<(), EncodeError> {
        key.write(self.out);
        value.encode(Writer { out: self.out })
    }

    fn entry<T: Encode + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), EncodeError> {
        self.out.push(b',');
        push_string(self.out, key);
        self.out.push(b':');
        value.encode(Writer { out: self.out })
    }

    #[inline]
    fn end(self) -> Result<(), EncodeError> {
        close(self.out, self.start, *b"{}");
        Ok(())
    }
}

/// Writes a comma before every element; the bracket takes the place of the first one.
struct Elements<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
}

impl ArraySink for Elements<'_> {
    type Ok = ();
    type Error = EncodeError;

    #[inline]
    fn element<T: Encode + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.out.push(b',');
        value.encode(Writer { out: self.out })
    }

    #[inline]
    fn end(self) -> Result<(), EncodeError> {
        close(self.out, self.start, *b"[]");
        Ok(())
    }
}

/// Puts brackets around what was written since `start`, the first one in the place of a comma.
#[inline]
fn close(out: &mut Vec<u8>, start: usize, [open, close]: [u8; 2]) {
    match out.get_mut(start) {
        Some(comma) => *comma = open,
        None => out.push(open),
    }
    out.push(close);
}
