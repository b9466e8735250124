//! The two halves of (de)coding: what a type knows about itself ([`Decode`], [`Encode`]) and what an engine offers it
//! ([`Source`], [`Sink`]).
//!
//! Generated code implements the first half once per type and names no engine. Engines implement the second half; the
//! one in this crate runs on any `serde` format (the `engine` module).

use std::borrow::Cow;

use crate::{Extra, Json, Number};

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

/// What a type may say went wrong while it was read. The engine adds where.
pub trait SourceError: Sized {
    /// Any other failure, told in a sentence fragment (lower case, no full stop).
    fn custom(message: impl std::fmt::Display) -> Self;

    /// A required member is missing.
    fn missing(member: &'static str) -> Self {
        Self::custom(format_args!("missing member `{member}`"))
    }

    /// A known member occurs twice.
    fn duplicate(member: &'static str) -> Self {
        Self::custom(format_args!("duplicate member `{member}`"))
    }

    /// A constant member has another value.
    fn not_constant(expected: &dyn std::fmt::Display, found: &dyn std::fmt::Display) -> Self {
        Self::custom(format_args!("expected the constant {expected}, found {found}"))
    }
}

/// One value to be read. `'de` is the lifetime of the text it is read from.
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
}

/// The members of one object.
pub trait ObjectSource<'de>: Sized {
    /// The engine's error.
    type Error: SourceError;

    /// The next key, or `None` after the last member. Every key must be followed by one of the calls below.
    fn key(&mut self) -> Result<Option<Cow<'de, str>>, Self::Error>;

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
        extra: &mut Extra,
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

    /// Reads a member whose value the document fixes to one string.
    fn constant(&mut self, expected: &'static str) -> Result<(), Self::Error>;

    /// Reads the value of a key that the document does not name and keeps its text.
    fn extra(&mut self, key: Cow<'de, str>, extra: &mut Extra) -> Result<(), Self::Error> {
        let value = self.value()?;
        extra.push(key, value);
        Ok(())
    }

    /// Reads and forgets the value of the key just returned.
    fn skip(&mut self) -> Result<(), Self::Error>;
}

/// The elements of one array.
pub trait ArraySource<'de>: Sized {
    /// The engine's error.
    type Error: SourceError;

    /// The next element, or `None` after the last.
    fn element<T: Decode>(&mut self) -> Result<Option<T>, Self::Error>;
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

/// Where one value is written.
pub trait Sink: Sized {
    /// What a finished value yields.
    type Ok;
    /// The engine's error.
    type Error;
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
    /// Writes a value's text as it is.
    fn json(self, value: &Json) -> Result<Self::Ok, Self::Error>;
    /// Begins an object.
    fn object(self) -> Result<Self::Object, Self::Error>;
    /// Begins an array of `len` elements.
    fn array(self, len: usize) -> Result<Self::Array, Self::Error>;
}

/// Writes the members of one object.
pub trait ObjectSink: Sized {
    /// What the finished object yields.
    type Ok;
    /// The engine's error.
    type Error;

    /// Writes one member.
    fn member<T: Encode + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Self::Error>;

    /// Writes an optional member: its value, or the `null` that `extra` remembers, or nothing.
    fn optional<T: Encode>(
        &mut self,
        key: &'static str,
        value: Option<&T>,
        extra: &Extra,
    ) -> Result<(), Self::Error> {
        match value {
            Some(value) => self.member(key, value),
            None if extra.is_null(key) => self.member(key, &()),
            None => Ok(()),
        }
    }

    /// Writes the members that the document does not name.
    fn extra(&mut self, extra: &Extra) -> Result<(), Self::Error> {
        for (key, value) in extra {
            self.member(key, value)?;
        }
        Ok(())
    }

    /// Ends the object.
    fn end(self) -> Result<Self::Ok, Self::Error>;
}

/// Writes the elements of one array.
pub trait ArraySink: Sized {
    /// What the finished array yields.
    type Ok;
    /// The engine's error.
    type Error;

    /// Writes one element.
    fn element<T: Encode + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error>;

    /// Ends the array.
    fn end(self) -> Result<Self::Ok, Self::Error>;
}
