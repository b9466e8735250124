//! A [`Source`] over JSON text.

use std::borrow::Cow;
use std::sync::Arc;

use serde_core::de::{Error as _, Expected, Unexpected, Visitor as _};

use crate::codec::engine::decode::{Bool, Constant, Null, Signed, Unsigned};
use crate::codec::engine::depth::{DepthGuard, depth};
use crate::codec::engine::raw::Text;
use crate::dispatch::trial::{accept_deferred, defer};
use crate::json::error::shorten;
use crate::json::reader::{NumberToken, RawStr, Reader};
use crate::json::shared_str::SharedStr;
use crate::json::valid::Valid;
use crate::{
    ArraySource, Decode, DecodeArray, DecodeError, DecodeObject, DecodeText, Json, JsonKind, Maybe, Number,
    ObjectSource, Source, SourceError, Timestamp, UnknownFields,
};

/// Reads the one value that a text is.
pub(in crate::codec::engine) fn read<T: Decode>(text: &str) -> Result<T, DecodeError> {
    let mut input = Input::new(text);
    match T::decode(Value { input: &mut input }) {
        Ok(value) => match input.end() {
            Ok(()) => Ok(value),
            Err(error) => Err(input.fail(error)),
        },
        Err(error) => Err(input.fail(error)),
    }
}

/// A text that is being read.
struct Input<'de> {
    reader: Reader<'de>,
    /// How far the innermost open object or array has been read.
    progress: Progress,
    /// The last key that has escapes, without them.
    unescaped: String,
    /// The first error behind what a type took for the end of its object.
    left: Option<DecodeError>,
    /// The copy of the text that raw values share.
    whole: Option<Arc<str>>,
    /// Which members of the open objects are deferred, with the depth of the object. Elements have no name.
    deferred: Vec<(u32, &'static str)>,
    /// Whether a type ended because something in it is deferred, without reading what follows.
    is_aborted: bool,
}

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

impl<'de> Input<'de> {
    fn new(text: &'de str) -> Self {
        let reader = Reader::new(text);
        Self {
            reader,
            progress: Progress::Within,
            unescaped: String::new(),
            left: None,
            whole: None,
            deferred: Vec::new(),
            is_aborted: false,
        }
    }

    /// Ends the text.
    fn end(&mut self) -> Result<(), DecodeError> {
        match self.left.take() {
            None => self.reader.end(),
            Some(left) => Err(left),
        }
    }

    /// The error of the text. Where another text is around this one, its reader counts the lines.
    #[cold]
    fn fail(&self, error: DecodeError) -> DecodeError {
        if error.is_deferred() {
            return error;
        }
        let (error, text) = (error.at(self.reader.at()).shortened(), self.reader.text());
        if self.reader.is_valid() { error } else { error.in_line_of(text) }
    }

    /// Opens an object or array.
    #[inline]
    fn enter(&mut self) -> Result<DepthGuard, DecodeError> {
        self.reader.open();
        self.progress = Progress::Opened;
        DepthGuard::enter().map_err(DecodeError::custom)
    }

    /// Ends an object of which a type may have left members unread.
    #[cold]
    fn end_object(&mut self) {
        if std::mem::take(&mut self.is_aborted) {
            let mut is_first = self.progress.is_first();
            while matches!(self.reader.key(is_first), Ok(Some(_)))
                && self.reader.colon().is_ok()
                && self.reader.skip().is_ok()
            {
                is_first = false;
            }
            return;
        }
        let left = match self.reader.key(self.progress.is_first()) {
            Ok(None) => return,
            Ok(Some(_)) => DecodeError::custom(NOT_READ),
            Err(error) => error,
        };
        self.left.get_or_insert(left.at(self.reader.at()));
    }

    /// Ends an array in which something may be deferred.
    #[cold]
    fn end_array<T>(&mut self, value: Result<T, DecodeError>) -> Result<T, DecodeError> {
        let is_aborted = std::mem::take(&mut self.is_aborted);
        let is_deferred = self.forget_deferred();
        if value.as_ref().is_err_and(|error| !error.is_deferred()) {
            return value;
        }
        let mut is_first = self.progress.is_first();
        while self.progress != Progress::Ended && self.reader.element(is_first)? {
            if !is_aborted {
                value.map_or_else(|_| accept_deferred(), drop);
                return Err(DecodeError::custom(NOT_READ));
            }
            self.reader.skip()?;
            is_first = false;
        }
        self.progress = Progress::Within;
        if is_deferred && value.is_ok() { Err(defer()) } else { value }
    }

    /// Notes that something in the innermost open object or array is deferred; a member has a name.
    fn defer(&mut self, name: Option<&'static str>) -> Result<(), DecodeError> {
        accept_deferred();
        let Some(name) = name else {
            if !self.is_deferred() {
                self.deferred.push((depth(), ""));
            }
            return Ok(());
        };
        if self.has_deferred(name) {
            return Err(duplicate(name));
        }
        self.deferred.push((depth(), name));
        Ok(())
    }

    /// Whether something in the innermost open object or array is deferred.
    #[inline]
    fn is_deferred(&self) -> bool {
        self.deferred.last().is_some_and(|(at, _)| *at == depth())
    }

    /// Whether the member of this name of the innermost open object is deferred.
    fn has_deferred(&self, name: &str) -> bool {
        let depth = depth();
        self.deferred.iter().rev().take_while(|(at, _)| *at == depth).any(|(_, deferred)| *deferred == name)
    }

    /// Whether something in the object or array that ends was deferred, which is forgotten.
    #[cold]
    fn forget_deferred(&mut self) -> bool {
        let (depth, before) = (depth(), self.deferred.len());
        while self.deferred.pop_if(|(at, _)| *at >= depth).is_some() {}
        self.deferred.len() < before
    }

    /// Reads any value and keeps its text.
    fn raw(&mut self) -> Result<Json, DecodeError> {
        let len = self.reader.skip()?.len();
        Ok(self.keep(self.reader.at() - len))
    }

    /// Keeps the text of the value that begins at `start` and has just been read.
    #[inline]
    fn keep(&mut self, start: usize) -> Json {
        Json::from_part(SharedStr::of(self.reader.text(), start, self.reader.at(), &mut self.whole))
    }
}

/// The value that is next.
struct Value<'r, 'de> {
    input: &'r mut Input<'de>,
}

impl<'de> Source<'de> for Value<'_, 'de> {
    type Error = DecodeError;

    #[inline]
    fn null(self) -> Result<(), DecodeError> {
        let reader = &mut self.input.reader;
        match reader.peek() {
            Some(b'n') => reader.word("null"),
            _ => Err(mismatch(reader, &Null)),
        }
    }

    #[inline]
    fn bool(self) -> Result<bool, DecodeError> {
        let reader = &mut self.input.reader;
        match reader.peek() {
            Some(b't') => reader.word("true").map(|()| true),
            Some(b'f') => reader.word("false").map(|()| false),
            _ => Err(mismatch(reader, &Bool)),
        }
    }

    #[inline]
    fn i64(self) -> Result<i64, DecodeError> {
        let reader = &mut self.input.reader;
        match reader.short_integer() {
            Some(value) => Ok(value.cast_signed()),
            None => signed(reader),
        }
    }

    #[inline]
    fn u64(self) -> Result<u64, DecodeError> {
        let reader = &mut self.input.reader;
        match reader.short_integer() {
            Some(value) => Ok(value),
            None => unsigned(reader),
        }
    }

    fn number(self) -> Result<Number, DecodeError> {
        let text = self.input.reader.skip()?;
        Number::read(text).ok_or_else(|| {
            let found = JsonKind::of(text.bytes().next());
            DecodeError::custom(format_args!("expected a number, found {found}"))
        })
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "measured: a call costs as much as a short text")]
    fn string(self) -> Result<Cow<'de, str>, DecodeError> {
        let reader = &mut self.input.reader;
        match reader.peek() {
            Some(b'"') => reader.string(),
            _ => Err(mismatch(reader, &Text)),
        }
    }

    #[inline]
    fn timestamp(self) -> Result<Timestamp, DecodeError> {
        let reader = &mut self.input.reader;
        match reader.peek() {
            Some(b'"') => reader.timestamp(),
            _ => Err(mismatch(reader, &Text)),
        }
    }

    #[inline]
    fn json(self) -> Result<Json, DecodeError> {
        self.input.raw()
    }

    #[inline]
    fn skip(self) -> Result<(), DecodeError> {
        self.input.reader.skip().map(|_| ())
    }

    #[inline]
    fn nullable<T: Decode>(self) -> Result<Option<T>, DecodeError> {
        let reader = &mut self.input.reader;
        match reader.peek() {
            Some(b'n') => reader.word("null").map(|()| None),
            _ => T::decode(self).map(Some),
        }
    }

    fn object<T: DecodeObject>(self) -> Result<T, DecodeError> {
        let input = self.input;
        if input.reader.peek() != Some(b'{') {
            return Err(mismatch(&mut input.reader, &&*format!("an object for `{}`", T::NAME)));
        }
        match input.enter() {
            Ok(level) => members(input, level),
            Err(error) => Err(error),
        }
    }

    fn array<T: DecodeArray>(self) -> Result<T, DecodeError> {
        let input = self.input;
        if input.reader.peek() != Some(b'[') {
            return Err(mismatch(&mut input.reader, &&*format!("an array for `{}`", T::NAME)));
        }
        let _level = input.enter()?;
        let value = T::decode_array(Elements { input: &mut *input, index: 0 });
        if input.is_aborted || !input.deferred.is_empty() {
            return input.end_array(value);
        }
        if value.is_ok() && input.progress != Progress::Ended && input.reader.element(input.progress.is_first())? {
            return Err(DecodeError::custom(NOT_READ));
        }
        input.progress = Progress::Within;
        value
    }

    fn text<T: DecodeText>(self) -> Result<T, DecodeError> {
        let text = self.input.reader.skip()?;
        let start = self.input.reader.at() - text.len();
        let _level = DepthGuard::enter().map_err(DecodeError::custom)?;
        let _valid = Valid::new(text);
        T::decode_text(text).map_err(|error| error.in_text(text, start))
    }
}

/// Reads the members of the object just opened. The value is not moved, which large ones would feel.
fn members<T: DecodeObject>(input: &mut Input<'_>, level: DepthGuard) -> Result<T, DecodeError> {
    let inside = Inside { input, _level: level };
    T::decode_object(Members { input: &mut *inside.input, key: RawStr::EMPTY, defers: T::DEFERS })
}

/// The innermost open object, until it is dropped.
struct Inside<'r, 'de> {
    input: &'r mut Input<'de>,
    _level: DepthGuard,
}

impl Drop for Inside<'_, '_> {
    #[inline]
    fn drop(&mut self) {
        if self.input.progress != Progress::Ended {
            self.input.end_object();
        }
        if !self.input.deferred.is_empty() {
            self.input.forget_deferred();
        }
        self.input.progress = Progress::Within;
    }
}

/// What is said where a type leaves members or elements of its value unread.
const NOT_READ: &str = "trailing characters";

struct Members<'r, 'de> {
    input: &'r mut Input<'de>,
    /// The key whose value is read next.
    key: RawStr<'de>,
    /// Whether the type continues without the values of members that are deferred.
    defers: bool,
}

impl<'de> Members<'_, 'de> {
    /// The value of the key just returned.
    #[inline]
    fn next(&mut self) -> Result<Value<'_, 'de>, DecodeError> {
        self.input.reader.colon()?;
        Ok(Value { input: self.input })
    }

    /// The error of the value just read.
    #[cold]
    fn leave(&mut self, error: DecodeError) -> DecodeError {
        if error.is_deferred() {
            self.input.is_aborted = true;
            return error;
        }
        error.at(self.input.reader.at()).in_member(&self.key.text().unwrap_or_default())
    }

    /// Goes on without a value that is deferred; any other error is that of the value.
    #[cold]
    fn miss(&mut self, key: Option<&'static str>, error: DecodeError) -> Result<(), DecodeError> {
        if self.defers && error.is_deferred() { self.input.defer(key) } else { Err(self.leave(error)) }
    }

    /// Puts a value beside the key just returned, which begins at `start`.
    fn push(&self, extra: &mut UnknownFields, start: usize, value: Json) {
        match self.key.unescaped() {
            Some(key) => extra.push_beside(key, start, value),
            None => extra.push(self.key.text().unwrap_or_default(), value),
        }
    }

    #[cold]
    fn null(&mut self, key: &'static str, extra: &mut UnknownFields) -> Result<(), DecodeError> {
        self.input.reader.word("null").map_err(|error| self.leave(error))?;
        extra.remember_null(key);
        Ok(())
    }

    #[inline(never)]
    fn any_key(&mut self) -> Result<Option<&str>, DecodeError> {
        let input = &mut *self.input;
        if input.progress == Progress::Ended || input.reader.close() {
            input.progress = Progress::Ended;
            return Ok(None);
        }
        let Some(key) = input.reader.key(input.progress.is_first())? else {
            input.progress = Progress::Ended;
            return Ok(None);
        };
        input.progress = Progress::Within;
        self.key = key;
        if let Some(key) = key.unescaped() {
            return Ok(Some(key));
        }
        input.unescaped = input.reader.meaning(key)?.into_owned();
        Ok(Some(&input.unescaped))
    }
}

#[cold]
fn duplicate(key: &str) -> DecodeError {
    DecodeError::duplicate(key)
}

impl<'de> ObjectSource<'de> for Members<'_, 'de> {
    type Error = DecodeError;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "measured: there is one call in each type, and the key need not be stored")]
    fn key(&mut self) -> Result<Option<&str>, DecodeError> {
        let input = &mut *self.input;
        if input.progress != Progress::Ended
            && let Some(key) = input.reader.unescaped_key(input.progress.is_first())
        {
            input.progress = Progress::Within;
            self.key = RawStr::of(key);
            return Ok(Some(key));
        }
        self.any_key()
    }

    #[inline]
    fn value<T: Decode>(&mut self) -> Result<T, DecodeError> {
        T::decode(self.next()?).map_err(|error| self.leave(error))
    }

    fn required<T: Decode>(&mut self, key: &'static str, slot: &mut Option<T>) -> Result<(), DecodeError> {
        if slot.is_some() {
            return Err(duplicate(key));
        }
        match T::decode(self.next()?) {
            Ok(value) => *slot = Some(value),
            Err(error) => return self.miss(Some(key), error),
        }
        Ok(())
    }

    fn optional<T: Decode>(
        &mut self,
        key: &'static str,
        slot: &mut Option<T>,
        extra: &mut UnknownFields,
    ) -> Result<(), DecodeError> {
        if slot.is_some() || extra.is_null(key) {
            return Err(duplicate(key));
        }
        let value = self.next()?;
        if value.input.reader.peek() == Some(b'n') {
            return self.null(key, extra);
        }
        match T::decode(value) {
            Ok(value) => *slot = Some(value),
            Err(error) => return self.miss(Some(key), error),
        }
        Ok(())
    }

    #[inline]
    fn constant(&mut self, key: &'static str, expected: &'static str, seen: &mut bool) -> Result<(), DecodeError> {
        if *seen {
            return Err(duplicate(key));
        }
        *seen = true;
        constant(&mut self.next()?.input.reader, expected).map_err(|error| self.leave(error))
    }

    fn extra_of<T: Decode>(&mut self, extra: &mut UnknownFields) -> Result<(), DecodeError> {
        let key = self.input.reader.at() - 1 - self.key.len();
        self.input.reader.colon()?;
        self.input.reader.value()?;
        let start = self.input.reader.at();
        if let Err(error) = T::decode(Value { input: self.input }) {
            self.miss(None, error)?;
        }
        let value = self.input.keep(start);
        self.push(extra, key, value);
        Ok(())
    }

    fn extra(&mut self, extra: &mut UnknownFields) -> Result<(), DecodeError> {
        let key = self.input.reader.at() - 1 - self.key.len();
        self.input.reader.colon()?;
        let value = self.input.raw().map_err(|error| self.leave(error))?;
        self.push(extra, key, value);
        Ok(())
    }

    #[cold]
    fn unknown(&mut self) -> Result<(), DecodeError> {
        Err(DecodeError::unknown(&self.key.text().unwrap_or_default()))
    }

    #[inline]
    fn skip(&mut self) -> Result<(), DecodeError> {
        self.next()?.skip().map_err(|error| self.leave(error))
    }

    fn maybe<T: Decode>(&mut self, key: &'static str, slot: &mut Maybe<T>) -> Result<(), DecodeError> {
        if !slot.is_absent() {
            return Err(duplicate(key));
        }
        match Maybe::decode(self.next()?) {
            Ok(value) => *slot = value,
            Err(error) => return self.miss(Some(key), error),
        }
        Ok(())
    }

    fn entry<T: Decode>(&mut self) -> Result<Option<T>, DecodeError> {
        match T::decode(self.next()?) {
            Ok(value) => Ok(Some(value)),
            Err(error) => self.miss(None, error).map(|()| None),
        }
    }

    #[inline]
    fn is_deferred(&self) -> bool {
        self.input.is_deferred()
    }

    #[cold]
    fn deferral(&self, required: &[(&'static str, bool)]) -> DecodeError {
        let fault = required.iter().find_map(|(key, has_value)| match (has_value, self.input.has_deferred(key)) {
            (true, true) => Some(duplicate(key)),
            (false, false) => Some(DecodeError::missing(key)),
            (true, false) | (false, true) => None,
        });
        fault.unwrap_or_else(defer)
    }
}

struct Elements<'r, 'de> {
    input: &'r mut Input<'de>,
    /// The position of the next element.
    index: usize,
}

impl Elements<'_, '_> {
    #[cold]
    fn leave(&mut self, error: DecodeError) -> DecodeError {
        if error.is_deferred() {
            self.input.is_aborted = true;
            return error;
        }
        error.at(self.input.reader.at()).in_element(self.index)
    }

    /// Goes on without an element that is deferred; any other error is that of the element.
    #[cold]
    fn miss(&mut self, error: DecodeError) -> Result<(), DecodeError> {
        if error.is_deferred() { self.input.defer(None) } else { Err(self.leave(error)) }
    }

    /// Goes to the next element, if there is one.
    #[inline]
    fn has_next(&mut self) -> Result<bool, DecodeError> {
        let input = &mut *self.input;
        if input.progress == Progress::Ended {
            return Ok(false);
        }
        if !input.reader.element(input.progress.is_first())? {
            input.progress = Progress::Ended;
            return Ok(false);
        }
        input.progress = Progress::Within;
        Ok(true)
    }
}

impl<'de> ArraySource<'de> for Elements<'_, 'de> {
    type Error = DecodeError;

    #[inline]
    fn element<T: Decode>(&mut self) -> Result<Option<T>, DecodeError> {
        if !self.has_next()? {
            return Ok(None);
        }
        let element = T::decode(Value { input: self.input }).map_err(|error| self.leave(error))?;
        self.index += 1;
        Ok(Some(element))
    }

    #[inline]
    fn position<T: Decode>(&mut self) -> Result<Option<Option<T>>, DecodeError> {
        if !self.has_next()? {
            return Ok(None);
        }
        let element = match T::decode(Value { input: self.input }) {
            Ok(value) => Some(value),
            Err(error) => self.miss(error).map(|()| None)?,
        };
        self.index += 1;
        Ok(Some(element))
    }
}

fn number_token<'de>(reader: &mut Reader<'de>, expected: &dyn Expected) -> Result<NumberToken<'de>, DecodeError> {
    match reader.peek() {
        Some(b'-' | b'0'..=b'9') => reader.number_token(),
        _ => Err(mismatch(reader, expected)),
    }
}

#[inline(never)]
fn signed(reader: &mut Reader<'_>) -> Result<i64, DecodeError> {
    let number = number_token(reader, &Signed)?;
    match number.text.parse() {
        Ok(value) if number.integral => Ok(value),
        _ => signed_float(number),
    }
}

#[cold]
fn signed_float(number: NumberToken<'_>) -> Result<i64, DecodeError> {
    let read = match number.text.parse() {
        Ok(value) => Signed.visit_u64(value),
        Err(_) => Signed.visit_f64(float(number)?),
    };
    read.map_err(|error: serde_json::Error| DecodeError::custom(error))
}

#[inline(never)]
fn unsigned(reader: &mut Reader<'_>) -> Result<u64, DecodeError> {
    let number = number_token(reader, &Unsigned)?;
    match number.text.parse() {
        Ok(value) if number.integral => Ok(value),
        _ => unsigned_float(number),
    }
}

#[cold]
fn unsigned_float(number: NumberToken<'_>) -> Result<u64, DecodeError> {
    let read = match number.text.parse() {
        Ok(value) => Unsigned.visit_i64(value),
        Err(_) => Unsigned.visit_f64(float(number)?),
    };
    read.map_err(|error: serde_json::Error| DecodeError::custom(error))
}

/// The nearest `f64`.
fn float(number: NumberToken<'_>) -> Result<f64, DecodeError> {
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

/// The error about a value that is not of the expected kind; reads the value to describe it.
#[cold]
fn mismatch(reader: &mut Reader<'_>, expected: &dyn Expected) -> DecodeError {
    let error = |found: Unexpected<'_>| DecodeError::custom(serde_json::Error::invalid_type(found, expected));
    let read = match reader.peek() {
        Some(b'n') => reader.word("null").map(|()| error(Unexpected::Unit)),
        Some(b't') => reader.word("true").map(|()| error(Unexpected::Bool(true))),
        Some(b'f') => reader.word("false").map(|()| error(Unexpected::Bool(false))),
        Some(b'"') => reader.string().map(|text| error(Unexpected::Str(&text))),
        Some(b'-' | b'0'..=b'9') => reader.number_token().and_then(found_number).map(error),
        Some(bracket @ (b'{' | b'[')) => {
            reader.open();
            Ok(error(if bracket == b'{' { Unexpected::Map } else { Unexpected::Seq }))
        }
        Some(_) | None => reader.skip().map(|_| DecodeError::custom("expected value")),
    };
    read.unwrap_or_else(|fault| fault)
}

/// A number in the words of serde.
fn found_number(number: NumberToken<'_>) -> Result<Unexpected<'static>, DecodeError> {
    if let (true, Ok(value)) = (number.integral, number.text.parse()) {
        return Ok(Unexpected::Unsigned(value));
    }
    match number.text.parse() {
        Ok(value) if number.integral && value != 0 => Ok(Unexpected::Signed(value)),
        _ => float(number).map(Unexpected::Float),
    }
}
