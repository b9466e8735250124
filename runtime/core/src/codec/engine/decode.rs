//! A [`Source`] over any deserializer.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{
    self, DeserializeSeed, Deserializer, Expected, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::depth::DepthGuard;
use super::path_trace::PathTrace;
use super::raw::{self, Text};
use crate::json::error::shorten;
use crate::json::valid::Valid;
use crate::value::number::integral;
use crate::{
    ArraySource, Decode, DecodeArray, DecodeObject, DecodeText, Json, JsonKind, Number, ObjectSource, Source,
    SourceError, UnknownFields,
};

/// Reads a value; the trace then has the path of an error.
pub(super) fn read<'de, T: Decode, D: Deserializer<'de>>(deserializer: D, trace: &PathTrace) -> Result<T, D::Error> {
    T::decode(Reader { deserializer, trace })
}

struct Reader<'t, D> {
    deserializer: D,
    trace: &'t PathTrace,
}

impl<'de, D: Deserializer<'de>> Reader<'_, D> {
    fn raw(self) -> Result<Cow<'de, str>, D::Error> {
        raw::read(self.deserializer)
    }

    /// Whether the deserializer may know that an integer is expected: serde's buffers then refuse `3.0`.
    fn takes_hints(&self) -> bool {
        !self.deserializer.is_human_readable()
    }
}

impl<'de, D: Deserializer<'de>> Source<'de> for Reader<'_, D> {
    type Error = D::Error;

    fn null(self) -> Result<(), D::Error> {
        self.deserializer.deserialize_unit(Null)
    }

    fn bool(self) -> Result<bool, D::Error> {
        self.deserializer.deserialize_bool(Bool)
    }

    fn i64(self) -> Result<i64, D::Error> {
        if self.takes_hints() {
            self.deserializer.deserialize_i64(Signed)
        } else {
            self.deserializer.deserialize_any(Signed)
        }
    }

    fn u64(self) -> Result<u64, D::Error> {
        if self.takes_hints() {
            self.deserializer.deserialize_u64(Unsigned)
        } else {
            self.deserializer.deserialize_any(Unsigned)
        }
    }

    fn number(self) -> Result<Number, D::Error> {
        let text = self.raw()?;
        Number::read(&text).ok_or_else(|| {
            let found = JsonKind::of(text.bytes().next());
            SourceError::custom(format_args!("expected a number, found {found}"))
        })
    }

    fn string(self) -> Result<Cow<'de, str>, D::Error> {
        self.deserializer.deserialize_str(Text)
    }

    fn json(self) -> Result<Json, D::Error> {
        self.raw().map(|text| Json::from_valid(text.into_owned()))
    }

    fn skip(self) -> Result<(), D::Error> {
        self.deserializer.deserialize_ignored_any(IgnoredAny).map(|IgnoredAny| ())
    }

    fn nullable<T: Decode>(self) -> Result<Option<T>, D::Error> {
        self.deserializer.deserialize_option(Nullable::new(self.trace))
    }

    fn object<T: DecodeObject>(self) -> Result<T, D::Error> {
        self.deserializer.deserialize_map(Object(Value::new(self.trace)))
    }

    fn array<T: DecodeArray>(self) -> Result<T, D::Error> {
        self.deserializer.deserialize_seq(Array(Value::new(self.trace)))
    }

    fn text<T: DecodeText>(self) -> Result<T, D::Error> {
        let trace = self.trace;
        let text = self.raw()?;
        let _level = DepthGuard::enter().map_err(SourceError::custom)?;
        let _valid = Valid::new(&text);
        T::decode_text(&text).map_err(|error| {
            trace.leave_text(error.path());
            SourceError::custom(error.nested_cause())
        })
    }
}

/// A value of type `T` to come.
struct Value<'t, T> {
    trace: &'t PathTrace,
    value: PhantomData<T>,
}

type Nullable<'t, T> = Value<'t, T>;

impl<'t, T> Value<'t, T> {
    fn new(trace: &'t PathTrace) -> Self {
        Self { trace, value: PhantomData }
    }
}

impl<'de, T: Decode> DeserializeSeed<'de> for Value<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        read(deserializer, self.trace)
    }
}

impl<'de, T: Decode> Visitor<'de> for Nullable<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        read(deserializer, self.trace).map(Some)
    }
}

struct Object<'t, T>(Value<'t, T>);

impl<'de, T: DecodeObject> Visitor<'de> for Object<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object for `{}`", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let _level = DepthGuard::enter().map_err(SourceError::custom)?;
        T::decode_object(Members { map, trace: self.0.trace, key: Cow::Borrowed("") })
    }
}

struct Members<'t, 'de, A> {
    map: A,
    trace: &'t PathTrace,
    /// The key whose value is read next.
    key: Cow<'de, str>,
}

impl<'de, A: MapAccess<'de>> Members<'_, 'de, A> {
    fn read<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed).inspect_err(|_| self.trace.leave_member(&self.key))
    }
}

impl<'de, A: MapAccess<'de>> ObjectSource<'de> for Members<'_, 'de, A> {
    type Error = A::Error;

    fn key(&mut self) -> Result<Option<&str>, A::Error> {
        let Some(key) = self.map.next_key_seed(Text)? else { return Ok(None) };
        self.key = key;
        Ok(Some(&self.key))
    }

    fn value<T: Decode>(&mut self) -> Result<T, A::Error> {
        self.read(Value::new(self.trace))
    }

    fn constant(&mut self, key: &'static str, expected: &'static str, seen: &mut bool) -> Result<(), A::Error> {
        if *seen {
            return Err(A::Error::duplicate(key));
        }
        *seen = true;
        self.read(Constant(expected))
    }

    fn extra_of<T: Decode>(&mut self, extra: &mut UnknownFields) -> Result<(), A::Error> {
        let value: Json = self.value()?;
        if let Err(error) = value.decode::<T>() {
            let key = shorten(&self.key);
            return Err(A::Error::custom(format_args!("member `{key}`: {}", error.cause())));
        }
        extra.push(&*self.key, value);
        Ok(())
    }

    fn extra(&mut self, extra: &mut UnknownFields) -> Result<(), A::Error> {
        let value = self.value()?;
        extra.push(&*self.key, value);
        Ok(())
    }

    fn unknown(&mut self) -> Result<(), A::Error> {
        Err(A::Error::unknown(&self.key))
    }

    fn skip(&mut self) -> Result<(), A::Error> {
        self.read(PhantomData::<IgnoredAny>).map(|IgnoredAny| ())
    }
}

struct Array<'t, T>(Value<'t, T>);

impl<'de, T: DecodeArray> Visitor<'de> for Array<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array for `{}`", T::NAME)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        let _level = DepthGuard::enter().map_err(SourceError::custom)?;
        T::decode_array(Elements { seq, trace: self.0.trace, index: 0 })
    }
}

struct Elements<'t, A> {
    seq: A,
    trace: &'t PathTrace,
    /// The position of the next element.
    index: usize,
}

impl<'de, A: SeqAccess<'de>> ArraySource<'de> for Elements<'_, A> {
    type Error = A::Error;

    fn element<T: Decode>(&mut self) -> Result<Option<T>, A::Error> {
        let element = self.seq.next_element_seed(Value::new(self.trace));
        if element.is_err() {
            self.trace.leave_element(self.index);
        }
        self.index += 1;
        element
    }
}

pub(super) struct Null;

impl Visitor<'_> for Null {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }
}

pub(super) struct Bool;

impl Visitor<'_> for Bool {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a boolean")
    }

    fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
        Ok(value)
    }
}

pub(super) struct Signed;

impl<'de> Visitor<'de> for Signed {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_i64<E>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
        value.try_into().map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &"an integer of 64 bits"))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
        integral(value).ok_or_else(|| not_integral(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<i64, A::Error> {
        let number = integer_in(map, &self)?;
        number.as_i64().ok_or_else(|| not_in_range(&number, &self))
    }
}

pub(super) struct Unsigned;

impl<'de> Visitor<'de> for Unsigned {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_u64<E>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<u64, E> {
        value.try_into().map_err(|_| E::invalid_value(Unexpected::Signed(value), &"an integer that is not negative"))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<u64, E> {
        self.visit_i64(integral(value).ok_or_else(|| not_integral(value))?)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<u64, A::Error> {
        let number = integer_in(map, &self)?;
        number.as_u64().ok_or_else(|| not_in_range(&number, &self))
    }
}

/// The number that `serde_json` packs into a map when it keeps the text of numbers.
fn integer_in<'de, A: MapAccess<'de>>(mut map: A, expected: &dyn Expected) -> Result<Number, A::Error> {
    match map.next_key_seed(Text)?.and_then(|key| raw::packed_number(&key, &mut map)) {
        Some(number) => number,
        None => Err(de::Error::invalid_type(Unexpected::Map, expected)),
    }
}

fn not_in_range<E: de::Error>(number: &Number, expected: &dyn Expected) -> E {
    E::invalid_value(Unexpected::Other(&number.text()), expected)
}

/// The first number that is not an `i64`.
const TWO_POW_63: f64 = 9_223_372_036_854_775_808.0;

fn not_integral<E: de::Error>(value: f64) -> E {
    // Deserializers make a float of an integer that no integer of theirs holds.
    if value.abs() >= TWO_POW_63 {
        E::custom(format_args!("invalid value: a number beyond 64 bits, about {value:e}, expected an integer"))
    } else if value.fract() == 0.0 {
        E::invalid_value(Unexpected::Float(value), &"an integer (from 2^53 on without fraction or exponent)")
    } else {
        E::invalid_value(Unexpected::Float(value), &"an integer")
    }
}

/// A string that the document fixes.
pub(super) struct Constant(pub(super) &'static str);

impl<'de> DeserializeSeed<'de> for Constant {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Constant {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the constant {:?}", self.0)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        if value == self.0 {
            return Ok(());
        }
        let (expected, found) = (format!("{:?}", self.0), format!("{:?}", shorten(value)));
        Err(E::not_constant(&expected, &found))
    }
}
