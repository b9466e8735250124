//! The two halves of (de)coding: what a type knows about itself ([`Decode`], [`Encode`]) and what an engine offers it
//! ([`Source`], [`Sink`]).
//!
//! Generated code implements the first half once per type and names no engine. Engines implement the second half; the
//! one in this crate runs on any `serde` format (the `engine` module).

use std::borrow::Cow;

use crate::dispatch::trial;
use crate::json::error::shorten;
use crate::{DecodeError, EncodeError, Json, Key, Maybe, Number, Timestamp, UnknownFields};

/// A type that can be read from a [`Source`].
pub trait Decode: Sized {
    /// Reads one value.
    ///
    /// # Errors
    ///
    /// The source's error when the text is not valid or the value is not of this type.
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error>;
}

/// A type that is read member by member from an object; the body of [`Decode`] for structs.
pub trait DecodeObject: Sized {
    /// What error messages call this type, usually its Rust name.
    const NAME: &'static str;
    /// Whether it asks [`ObjectSource::is_deferred`] once it has read all members.
    #[doc(hidden)]
    const DEFERS: bool = false;

    /// Reads the members of one object, in whatever order they come.
    ///
    /// # Errors
    ///
    /// The source's error; [`SourceError::missing`] when a required member does not occur.
    fn decode_object<'de, O: ObjectSource<'de>>(object: O) -> Result<Self, O::Error>;
}

/// A type that is read position by position from an array; the body of [`Decode`] for tuples.
pub trait DecodeArray: Sized {
    /// What error messages call this type, usually its Rust name.
    const NAME: &'static str;

    /// Reads the elements of one array.
    ///
    /// # Errors
    ///
    /// The source's error; [`SourceError::custom`] when an element that must be there is not.
    fn decode_array<'de, A: ArraySource<'de>>(array: A) -> Result<Self, A::Error>;
}

/// A type that must see a whole value before it knows how to read it; the body of [`Decode`] for unions.
///
/// The text is valid JSON. What is nested in it is read by [`from_json`](crate::from_json), once [`tag::find`](crate::tag::find)
/// or something like it has determined the type.
pub trait DecodeText: Sized {
    /// Reads one value from its text.
    ///
    /// # Errors
    ///
    /// When the text is not of this type. Its path continues the path of the value itself.
    fn decode_text(text: &str) -> Result<Self, DecodeError>;
}

/// What a type may say went wrong while it was read. The engine adds where.
///
/// Every [`serde_core::de::Error`] is one.
pub trait SourceError: Sized {
    /// Any other failure, described in a sentence fragment (lower case, no full stop).
    fn custom(message: impl std::fmt::Display) -> Self;

    /// A required member is missing.
    #[must_use]
    fn missing(member: &'static str) -> Self {
        Self::custom(format_args!("missing member `{member}`"))
    }

    /// A member occurs twice.
    #[must_use]
    fn duplicate(member: &str) -> Self {
        Self::custom(format_args!("duplicate member `{}`", shorten(member)))
    }

    /// A constant member has another value.
    fn not_constant(expected: &dyn std::fmt::Display, found: &dyn std::fmt::Display) -> Self {
        Self::custom(format_args!("expected the constant {expected}, found {found}"))
    }

    /// A closed object has a member that its document does not name.
    #[must_use]
    fn unknown(member: &str) -> Self {
        Self::custom(format_args!("unknown member `{}`", shorten(member)))
    }

    /// The value fits as far as it has been read, and something in it is built later.
    #[doc(hidden)]
    #[must_use]
    fn deferred() -> Self {
        Self::custom("the value is built later")
    }
}

impl SourceError for DecodeError {
    fn custom(message: impl std::fmt::Display) -> Self {
        Self::custom(message)
    }

    fn deferred() -> Self {
        trial::defer()
    }
}

impl<E: serde_core::de::Error> SourceError for E {
    fn custom(message: impl std::fmt::Display) -> Self {
        E::custom(message)
    }
}

/// One value to be read. `'de` is the lifetime of the text it is read from.
///
/// # Errors
///
/// Every method fails when the text is not valid or the value is another one.
#[allow(clippy::missing_errors_doc, reason = "said once, above, for all methods")]
pub trait Source<'de>: Sized {
    /// The engine's error.
    type Error: SourceError;

    /// Reads `null`.
    fn null(self) -> Result<(), Self::Error>;
    /// Reads `true` or `false`.
    fn bool(self) -> Result<bool, Self::Error>;
    /// Reads an integer; a number such as `3.0` is one (JSON Schema draft-07, 6.1.1).
    fn i64(self) -> Result<i64, Self::Error>;
    /// Reads an integer that is not negative.
    fn u64(self) -> Result<u64, Self::Error>;
    /// Reads any number, keeping its text.
    fn number(self) -> Result<Number, Self::Error>;
    /// Reads a string, borrowed where the text has no escapes.
    fn string(self) -> Result<Cow<'de, str>, Self::Error>;
    /// Reads a string as a timestamp.
    fn timestamp(self) -> Result<Timestamp, Self::Error> {
        self.string().map(Timestamp::from_text)
    }
    /// Reads any value and keeps its text.
    fn json(self) -> Result<Json, Self::Error>;
    /// Reads any value and forgets it.
    fn skip(self) -> Result<(), Self::Error>;
    /// Reads `null` as `None` and everything else as `T`.
    fn nullable<T: Decode>(self) -> Result<Option<T>, Self::Error>;
    /// Reads an object through `T`.
    fn object<T: DecodeObject>(self) -> Result<T, Self::Error>;
    /// Reads an array through `T`.
    fn array<T: DecodeArray>(self) -> Result<T, Self::Error>;
    /// Reads any value through `T`, which sees its text.
    fn text<T: DecodeText>(self) -> Result<T, Self::Error>;
}

/// The members of one object.
///
/// # Errors
///
/// Every method fails when the text is not valid or the value is another one.
#[allow(clippy::missing_errors_doc, reason = "said once, above, for all methods")]
pub trait ObjectSource<'de>: Sized {
    /// The engine's error.
    type Error: SourceError;

    /// The next key, or `None` after the last member. Every key must be followed by one of the calls below.
    fn key(&mut self) -> Result<Option<&str>, Self::Error>;

    /// Reads the value of the key just returned.
    fn value<T: Decode>(&mut self) -> Result<T, Self::Error>;

    /// Reads the value of a required member into its slot.
    fn required<T: Decode>(&mut self, key: &'static str, slot: &mut Option<T>) -> Result<(), Self::Error> {
        if slot.is_some() {
            return Err(Self::Error::duplicate(key));
        }
        *slot = Some(self.value()?);
        Ok(())
    }

    /// Reads the value of an optional member into its slot; a `null` is remembered in `extra`.
    fn optional<T: Decode>(
        &mut self,
        key: &'static str,
        slot: &mut Option<T>,
        extra: &mut UnknownFields,
    ) -> Result<(), Self::Error> {
        if slot.is_some() || extra.is_null(key) {
            return Err(Self::Error::duplicate(key));
        }
        match self.value::<Option<T>>()? {
            Some(value) => *slot = Some(value),
            None => extra.remember_null(key),
        }
        Ok(())
    }

    /// Reads the value of an optional member of a closed object into its slot. Such an object has nowhere to remember
    /// a `null`, so the last argument is empty, and a `null` is an error unless `T` takes it.
    fn optional_closed<T: Decode>(
        &mut self,
        key: &'static str,
        slot: &mut Option<T>,
        _extra: &mut (),
    ) -> Result<(), Self::Error> {
        self.required(key, slot)
    }

    /// Reads the value of a member that is both optional and nullable into its slot.
    fn maybe<T: Decode>(&mut self, key: &'static str, slot: &mut Maybe<T>) -> Result<(), Self::Error> {
        if !slot.is_absent() {
            return Err(Self::Error::duplicate(key));
        }
        *slot = self.value()?;
        Ok(())
    }

    /// Reads a member whose value the document fixes to the string `expected`, and notes in `seen` that it occurred.
    fn constant(&mut self, key: &'static str, expected: &'static str, seen: &mut bool) -> Result<(), Self::Error>;

    /// Reads a member whose value the document fixes to a number or boolean, and notes in `seen` that it occurred.
    fn literal<T: Decode + PartialEq + std::fmt::Display>(
        &mut self,
        key: &'static str,
        expected: T,
        seen: &mut bool,
    ) -> Result<(), Self::Error> {
        if *seen {
            return Err(Self::Error::duplicate(key));
        }
        *seen = true;
        let found: T = self.value()?;
        if found == expected { Ok(()) } else { Err(Self::Error::not_constant(&expected, &found)) }
    }

    /// Reads the value of the key just returned, which the document does not name, as a `T`, and keeps its text.
    fn extra_of<T: Decode>(&mut self, extra: &mut UnknownFields) -> Result<(), Self::Error>;

    /// Reads the value of the key just returned, which the document does not name, and keeps its text.
    fn extra(&mut self, extra: &mut UnknownFields) -> Result<(), Self::Error>;

    /// Refuses the key just returned, which a closed object does not name.
    fn unknown(&mut self) -> Result<(), Self::Error>;

    /// Reads and forgets the value of the key just returned.
    fn skip(&mut self) -> Result<(), Self::Error>;

    /// Reads the value of a key that is not known beforehand; `None` when it fits and is built later.
    #[doc(hidden)]
    fn entry<T: Decode>(&mut self) -> Result<Option<T>, Self::Error> {
        self.value().map(Some)
    }

    /// Whether a member has no value yet although it fits. The object then ends with [`SourceError::deferred`].
    #[doc(hidden)]
    #[inline]
    fn is_deferred(&self) -> bool {
        false
    }

    /// The error of an object with deferred members; `required` says of each required member whether it has a value.
    #[doc(hidden)]
    #[cold]
    fn deferral(&self, required: &[(&'static str, bool)]) -> Self::Error {
        let missing = required.iter().find(|(_, has_value)| !has_value);
        missing.map_or_else(Self::Error::deferred, |(key, _)| Self::Error::missing(key))
    }
}

/// The elements of one array.
///
/// # Errors
///
/// Every method fails when the text is not valid or the value is another one.
#[allow(clippy::missing_errors_doc, reason = "said once, above, for all methods")]
pub trait ArraySource<'de>: Sized {
    /// The engine's error.
    type Error: SourceError;

    /// The next element, or `None` after the last.
    fn element<T: Decode>(&mut self) -> Result<Option<T>, Self::Error>;

    /// The same; `Some(None)` for an element that fits and is built later. The array then ends with
    /// [`SourceError::deferred`].
    #[doc(hidden)]
    #[inline]
    fn position<T: Decode>(&mut self) -> Result<Option<Option<T>>, Self::Error> {
        Ok(self.element()?.map(Some))
    }
}

/// A type that can be written to a [`Sink`].
pub trait Encode {
    /// Writes one value.
    ///
    /// # Errors
    ///
    /// The sink's error, when what it writes to fails.
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error>;
}

/// What a type may say went wrong while it was written.
///
/// Every [`serde_core::ser::Error`] is one.
pub trait SinkError: Sized {
    /// A value has no form in what is written, described in a sentence fragment (lower case, no full stop).
    fn custom(message: impl std::fmt::Display) -> Self;
}

impl SinkError for EncodeError {
    fn custom(message: impl std::fmt::Display) -> Self {
        Self::custom(message)
    }
}

impl<E: serde_core::ser::Error> SinkError for E {
    fn custom(message: impl std::fmt::Display) -> Self {
        E::custom(message)
    }
}

/// Where one value is written.
///
/// # Errors
///
/// Every method fails when what it writes to fails, or the value has no form there.
#[allow(clippy::missing_errors_doc, reason = "said once, above, for all methods")]
pub trait Sink: Sized {
    /// What a finished value yields.
    type Ok;
    /// The engine's error.
    type Error: SinkError;
    /// Writes the members of an object.
    type Object: ObjectSink<Ok = Self::Ok, Error = Self::Error>;
    /// Writes the elements of an array.
    type Array: ArraySink<Ok = Self::Ok, Error = Self::Error>;

    /// Writes `null`.
    fn null(self) -> Result<Self::Ok, Self::Error>;
    /// Writes `true` or `false`.
    fn bool(self, value: bool) -> Result<Self::Ok, Self::Error>;
    /// Writes an integer.
    fn i64(self, value: i64) -> Result<Self::Ok, Self::Error>;
    /// Writes an integer.
    fn u64(self, value: u64) -> Result<Self::Ok, Self::Error>;
    /// Writes a number as it was read.
    fn number(self, value: &Number) -> Result<Self::Ok, Self::Error>;
    /// Writes a string.
    fn string(self, value: &str) -> Result<Self::Ok, Self::Error>;
    /// Writes a timestamp as it was read.
    fn timestamp(self, value: &Timestamp) -> Result<Self::Ok, Self::Error> {
        value.with_text(|text| self.string(text))
    }
    /// Writes a value's text as it is.
    fn json(self, value: &Json) -> Result<Self::Ok, Self::Error>;
    /// Begins an object.
    fn object(self) -> Result<Self::Object, Self::Error>;
    /// Begins an array of `len` elements.
    fn array(self, len: usize) -> Result<Self::Array, Self::Error>;
}

/// Writes the members of one object.
///
/// # Errors
///
/// Every method fails when what it writes to fails, or the value has no form there.
#[allow(clippy::missing_errors_doc, reason = "said once, above, for all methods")]
pub trait ObjectSink: Sized {
    /// What the finished object yields.
    type Ok;
    /// The engine's error.
    type Error: SinkError;

    /// Writes a member that has its own name.
    fn member<T: Encode + ?Sized>(&mut self, key: &'static Key, value: &T) -> Result<(), Self::Error>;

    /// Writes a member with a key that is not known beforehand.
    fn entry<T: Encode + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Self::Error>;

    /// Writes an optional member: its value, or the `null` that `extra` remembers, or nothing.
    #[inline]
    fn optional<T: Encode>(
        &mut self,
        key: &'static Key,
        value: Option<&T>,
        extra: &UnknownFields,
    ) -> Result<(), Self::Error> {
        match value {
            Some(value) => self.member(key, value),
            None if extra.is_null(key.name()) => self.member(key, &()),
            None => Ok(()),
        }
    }

    /// Writes an optional member of a closed object: its value, or nothing.
    #[inline]
    fn optional_closed<T: Encode>(
        &mut self,
        key: &'static Key,
        value: Option<&T>,
        _extra: &(),
    ) -> Result<(), Self::Error> {
        match value {
            Some(value) => self.member(key, value),
            None => Ok(()),
        }
    }

    /// Writes a member that is both optional and nullable: its value, or `null`, or nothing.
    #[inline]
    fn maybe<T: Encode>(&mut self, key: &'static Key, value: &Maybe<T>) -> Result<(), Self::Error> {
        match value {
            Maybe::Absent => Ok(()),
            Maybe::Null => self.member(key, &()),
            Maybe::Value(value) => self.member(key, value),
        }
    }

    /// Writes the members that the document does not name; `named` are those that it does, which the fields stand for.
    fn extra(&mut self, extra: &UnknownFields, named: &[&str]) -> Result<(), Self::Error> {
        for (key, value) in extra {
            if !named.contains(&key) {
                self.entry(key, value)?;
            }
        }
        Ok(())
    }

    /// Ends the object.
    fn end(self) -> Result<Self::Ok, Self::Error>;
}

/// Writes the elements of one array.
///
/// # Errors
///
/// Every method fails when what it writes to fails, or the value has no form there.
#[allow(clippy::missing_errors_doc, reason = "said once, above, for all methods")]
pub trait ArraySink: Sized {
    /// What the finished array yields.
    type Ok;
    /// The engine's error.
    type Error: SinkError;

    /// Writes one element.
    fn element<T: Encode + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error>;

    /// Ends the array.
    fn end(self) -> Result<Self::Ok, Self::Error>;
}
