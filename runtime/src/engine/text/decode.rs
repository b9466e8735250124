//! A [`Source`] over JSON text.

use std::borrow::Cow;

use serde::de::{Error as _, Expected, Unexpected, Visitor as _};

use crate::engine::decode::{Bool, Constant, Null, Signed, Text, Unsigned};
use crate::engine::depth::Level;
use crate::error::shorten;
use crate::reader::{Numeral, Raw, Reader};
use crate::{
    ArraySource, Decode, DecodeArray, DecodeError, DecodeObject, DecodeText, Extra, Json, JsonKind, Number,
    ObjectSource, Source, SourceError,
};

/// Reads the one value that a text is.
pub(in crate::engine) fn read<T: Decode>(text: &str) -> Result<T, DecodeError> {
    let mut reader = Reader::new(text);
    match T::decode(Value { reader: &mut reader }) {
        Ok(value) => reader.end().map(|()| value),
        Err(error) => Err(error.at(reader.place()).shortened()),
    }
}

/// The value that is next.
struct Value<'r, 'de> {
    reader: &'r mut Reader<'de>,
}

impl<'de> Source<'de> for Value<'_, 'de> {
    type Error = DecodeError;

    #[inline]
    fn null(self) -> Result<(), DecodeError> {
        match self.reader.peek() {
            Some(b'n') => self.reader.word("null"),
            _ => Err(mismatch(self.reader, &Null)),
        }
    }

    #[inline]
    fn bool(self) -> Result<bool, DecodeError> {
        match self.reader.peek() {
            Some(b't') => self.reader.word("true").map(|()| true),
            Some(b'f') => self.reader.word("false").map(|()| false),
            _ => Err(mismatch(self.reader, &Bool)),
        }
    }

    #[inline]
    fn i64(self) -> Result<i64, DecodeError> {
        signed(numeral(self.reader, &Signed)?)
    }

    #[inline]
    fn u64(self) -> Result<u64, DecodeError> {
        unsigned(numeral(self.reader, &Unsigned)?)
    }

    fn number(self) -> Result<Number, DecodeError> {
        let text = self.reader.skip()?;
        Number::read(text).ok_or_else(|| {
            let found = JsonKind::of(text.bytes().next());
            DecodeError::custom(format_args!("expected a number, found {found}"))
        })
    }

    #[inline]
    fn string(self) -> Result<Cow<'de, str>, DecodeError> {
        match self.reader.peek() {
            Some(b'"') => self.reader.string(),
            _ => Err(mismatch(self.reader, &Text)),
        }
    }

    #[inline]
    fn json(self) -> Result<Json, DecodeError> {
        self.reader.skip().map(Json::from_valid)
    }

    #[inline]
    fn skip(self) -> Result<(), DecodeError> {
        self.reader.skip().map(|_| ())
    }

    #[inline]
    fn nullable<T: Decode>(self) -> Result<Option<T>, DecodeError> {
        match self.reader.peek() {
            Some(b'n') => self.reader.word("null").map(|()| None),
            _ => T::decode(self).map(Some),
        }
    }

    fn object<T: DecodeObject>(self) -> Result<T, DecodeError> {
        let reader = self.reader;
        if reader.peek() != Some(b'{') {
            return Err(mismatch(reader, &&*format!("an object for `{}`", T::NAME)));
        }
        reader.open();
        let _level = Level::enter::<DecodeError>()?;
        let mut progress = Progress::Opened;
        let value = T::decode_object(Members { reader, progress: &mut progress, key: Raw::EMPTY })?;
        if progress == Progress::Ended || reader.key(progress.is_first())?.is_none() {
            return Ok(value);
        }
        Err(DecodeError::custom(NOT_READ))
    }

    fn array<T: DecodeArray>(self) -> Result<T, DecodeError> {
        let reader = self.reader;
        if reader.peek() != Some(b'[') {
            return Err(mismatch(reader, &&*format!("an array for `{}`", T::NAME)));
        }
        reader.open();
        let _level = Level::enter::<DecodeError>()?;
        let mut progress = Progress::Opened;
        let value = T::decode_array(Elements { reader, progress: &mut progress, index: 0 })?;
        if progress == Progress::Ended || !reader.element(progress.is_first())? {
            return Ok(value);
        }
        Err(DecodeError::custom(NOT_READ))
    }

    fn text<T: DecodeText>(self) -> Result<T, DecodeError> {
        let text = self.reader.skip()?;
        let _level = Level::enter::<DecodeError>()?;
        T::decode_text(text).map_err(|error| error.in_text(self.reader.place_before(text)))
    }
}

/// What is said where a type leaves members or elements of its value unread.
const NOT_READ: &str = "trailing characters";

/// How far an object or array has been read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Nothing has been read.
    Opened,
    /// Something has been read.
    Within,
    /// Everything has been read.
    Ended,
}

impl Progress {
    #[inline]
    fn is_first(self) -> bool {
        self == Self::Opened
    }
}

struct Members<'r, 'de> {
    reader: &'r mut Reader<'de>,
    progress: &'r mut Progress,
    /// The key whose value is read next.
    key: Raw<'de>,
}

impl<'de> Members<'_, 'de> {
    /// The value of the key just returned.
    #[inline]
    fn next(&mut self) -> Result<Value<'_, 'de>, DecodeError> {
        self.reader.colon()?;
        Ok(Value { reader: self.reader })
    }

    /// The error of the value just read.
    #[cold]
    fn leave(&self, error: DecodeError) -> DecodeError {
        error.at(self.reader.place()).in_member(&self.key.text().unwrap_or_default())
    }
}

impl<'de> ObjectSource<'de> for Members<'_, 'de> {
    type Error = DecodeError;

    #[inline]
    fn key(&mut self) -> Result<Option<Cow<'de, str>>, DecodeError> {
        if *self.progress == Progress::Ended {
            return Ok(None);
        }
        let Some(key) = self.reader.key(self.progress.is_first())? else {
            *self.progress = Progress::Ended;
            return Ok(None);
        };
        *self.progress = Progress::Within;
        self.key = key;
        self.reader.meaning(key).map(Some)
    }

    #[inline]
    fn value<T: Decode>(&mut self) -> Result<T, DecodeError> {
        T::decode(self.next()?).map_err(|error| self.leave(error))
    }

    #[inline]
    fn constant(&mut self, key: &'static str, expected: &'static str, seen: &mut bool) -> Result<(), DecodeError> {
        if *seen {
            return Err(DecodeError::duplicate(key));
        }
        *seen = true;
        constant(self.next()?.reader, expected).map_err(|error| self.leave(error))
    }

    fn extra_of<T: Decode>(&mut self, key: Cow<'de, str>, extra: &mut Extra) -> Result<(), DecodeError> {
        let reader = self.next()?.reader;
        reader.value()?;
        let start = reader.at();
        T::decode(Value { reader }).map_err(|error| self.leave(error))?;
        extra.push(key, Json::from_valid(self.reader.since(start)));
        Ok(())
    }

    #[inline]
    fn skip(&mut self) -> Result<(), DecodeError> {
        self.next()?.skip().map_err(|error| self.leave(error))
    }
}

struct Elements<'r, 'de> {
    reader: &'r mut Reader<'de>,
    progress: &'r mut Progress,
    /// The position of the next element.
    index: usize,
}

impl Elements<'_, '_> {
    #[cold]
    fn leave(&self, error: DecodeError) -> DecodeError {
        error.at(self.reader.place()).in_element(self.index)
    }
}

impl<'de> ArraySource<'de> for Elements<'_, 'de> {
    type Error = DecodeError;

    #[inline]
    fn element<T: Decode>(&mut self) -> Result<Option<T>, DecodeError> {
        if *self.progress == Progress::Ended {
            return Ok(None);
        }
        if !self.reader.element(self.progress.is_first())? {
            *self.progress = Progress::Ended;
            return Ok(None);
        }
        *self.progress = Progress::Within;
        let element = T::decode(Value { reader: self.reader }).map_err(|error| self.leave(error))?;
        self.index += 1;
        Ok(Some(element))
    }
}

#[inline]
fn numeral<'de>(reader: &mut Reader<'de>, expected: &dyn Expected) -> Result<Numeral<'de>, DecodeError> {
    match reader.peek() {
        Some(b'-' | b'0'..=b'9') => reader.numeral(),
        _ => Err(mismatch(reader, expected)),
    }
}

#[inline]
fn signed(number: Numeral<'_>) -> Result<i64, DecodeError> {
    match number.text.parse() {
        Ok(value) if number.plain => Ok(value),
        _ => signed_float(number),
    }
}

#[cold]
fn signed_float(number: Numeral<'_>) -> Result<i64, DecodeError> {
    let read = match number.text.parse() {
        Ok(value) => Signed.visit_u64(value),
        Err(_) => Signed.visit_f64(float(number)?),
    };
    read.map_err(|error: serde_json::Error| DecodeError::custom(error))
}

#[inline]
fn unsigned(number: Numeral<'_>) -> Result<u64, DecodeError> {
    match number.text.parse() {
        Ok(value) if number.plain => Ok(value),
        _ => unsigned_float(number),
    }
}

#[cold]
fn unsigned_float(number: Numeral<'_>) -> Result<u64, DecodeError> {
    let read = match number.text.parse() {
        Ok(value) => Unsigned.visit_i64(value),
        Err(_) => Unsigned.visit_f64(float(number)?),
    };
    read.map_err(|error: serde_json::Error| DecodeError::custom(error))
}

/// The nearest `f64`.
fn float(number: Numeral<'_>) -> Result<f64, DecodeError> {
    match number.text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(DecodeError::custom("number out of range")),
    }
}

/// Reads a string that the document fixes.
#[inline]
fn constant(reader: &mut Reader<'_>, expected: &'static str) -> Result<(), DecodeError> {
    if reader.peek() != Some(b'"') {
        return Err(mismatch(reader, &Constant(expected)));
    }
    let found = reader.raw()?;
    if found.is(expected) {
        return Ok(());
    }
    let (expected, found) = (format!("{expected:?}"), format!("{:?}", shorten(&reader.meaning(found)?)));
    Err(DecodeError::not_constant(&expected, &found))
}

/// The error about a value that is not of the expected kind; reads the value to tell what it is.
#[cold]
fn mismatch(reader: &mut Reader<'_>, expected: &dyn Expected) -> DecodeError {
    let error = |found: Unexpected<'_>| DecodeError::custom(serde_json::Error::invalid_type(found, expected));
    let read = match reader.peek() {
        Some(b'n') => reader.word("null").map(|()| error(Unexpected::Unit)),
        Some(b't') => reader.word("true").map(|()| error(Unexpected::Bool(true))),
        Some(b'f') => reader.word("false").map(|()| error(Unexpected::Bool(false))),
        Some(b'"') => reader.string().map(|text| error(Unexpected::Str(&text))),
        Some(b'-' | b'0'..=b'9') => reader.numeral().and_then(found_number).map(error),
        Some(bracket @ (b'{' | b'[')) => {
            reader.open();
            Ok(error(if bracket == b'{' { Unexpected::Map } else { Unexpected::Seq }))
        }
        Some(_) | None => reader.skip().map(|_| DecodeError::custom("expected value")),
    };
    read.unwrap_or_else(|fault| fault)
}

/// A number in the words of serde.
fn found_number(number: Numeral<'_>) -> Result<Unexpected<'static>, DecodeError> {
    if let (true, Ok(value)) = (number.plain, number.text.parse()) {
        return Ok(Unexpected::Unsigned(value));
    }
    match number.text.parse() {
        Ok(value) if number.plain && value != 0 => Ok(Unexpected::Signed(value)),
        _ => float(number).map(Unexpected::Float),
    }
}
