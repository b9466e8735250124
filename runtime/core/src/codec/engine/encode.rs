//! A [`Sink`] over any serializer.

use std::any::type_name;

use serde_core::ser::{Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use super::raw::raw_name;
use crate::{ArraySink, Encode, Json, Key, Number, ObjectSink, Sink, SinkError};

/// Writes a value.
pub(super) fn write<T: Encode + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.encode(Writer { serializer })
}

/// A value that serde can write.
pub(super) struct Encoded<'a, T: ?Sized>(pub(super) &'a T);

impl<T: Encode + ?Sized> Serialize for Encoded<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self.0, serializer)
    }
}

struct Writer<S> {
    serializer: S,
}

impl<S: Serializer> Writer<S> {
    /// Writes text that is valid JSON, if the serializer takes text as it is.
    fn raw(self, text: &str) -> Result<Result<S::Ok, S::Error>, Self> {
        match raw_name() {
            // Another serializer would write the struct in which the text is packed, so it must be serde_json's, which
            // only its error tells.
            Some(name) if type_name::<S::Error>() == type_name::<serde_json::Error>() => {
                Ok(pack(self.serializer, name, text))
            }
            Some(_) | None => Err(self),
        }
    }
}

/// Hands text to `serde_json` as its own raw values do.
fn pack<S: Serializer>(serializer: S, name: &'static str, text: &str) -> Result<S::Ok, S::Error> {
    let mut packed = serializer.serialize_struct(name, 1)?;
    packed.serialize_field(name, text)?;
    packed.end()
}

impl<S: Serializer> Sink for Writer<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type Object = Members<S::SerializeMap>;
    type Array = Elements<S::SerializeSeq>;

    fn null(self) -> Result<S::Ok, S::Error> {
        self.serializer.serialize_unit()
    }

    fn bool(self, value: bool) -> Result<S::Ok, S::Error> {
        self.serializer.serialize_bool(value)
    }

    fn i64(self, value: i64) -> Result<S::Ok, S::Error> {
        self.serializer.serialize_i64(value)
    }

    fn u64(self, value: u64) -> Result<S::Ok, S::Error> {
        self.serializer.serialize_u64(value)
    }

    fn number(self, value: &Number) -> Result<S::Ok, S::Error> {
        if let Some(integer) = value.as_short_integer() {
            return self.i64(integer);
        }
        value.with_text(|text| match self.raw(text) {
            Ok(result) => result,
            Err(other) => match text.parse() {
                Ok(integer) => other.u64(integer),
                Err(_) => other.serializer.serialize_f64(value.get()),
            },
        })
    }

    fn string(self, value: &str) -> Result<S::Ok, S::Error> {
        self.serializer.serialize_str(value)
    }

    fn json(self, value: &Json) -> Result<S::Ok, S::Error> {
        match self.raw(value.text()) {
            Ok(result) => result,
            Err(other) => match value.parse::<serde_json::Value>() {
                Ok(value) => value.serialize(other.serializer),
                Err(error) => Err(S::Error::custom(error)),
            },
        }
    }

    fn object(self) -> Result<Self::Object, S::Error> {
        Ok(Members { map: self.serializer.serialize_map(None)? })
    }

    fn array(self, len: usize) -> Result<Self::Array, S::Error> {
        Ok(Elements { seq: self.serializer.serialize_seq(Some(len))? })
    }
}

struct Members<M> {
    map: M,
}

impl<M: SerializeMap> ObjectSink for Members<M> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn member<T: Encode + ?Sized>(&mut self, key: &'static Key, value: &T) -> Result<(), M::Error> {
        self.entry(key.name(), value)
    }

    fn entry<T: Encode + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), M::Error> {
        self.map.serialize_entry(key, &Encoded(value))
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.map.end()
    }
}

struct Elements<Q> {
    seq: Q,
}

impl<Q: SerializeSeq> ArraySink for Elements<Q> {
    type Ok = Q::Ok;
    type Error = Q::Error;

    fn element<T: Encode + ?Sized>(&mut self, value: &T) -> Result<(), Q::Error> {
        self.seq.serialize_element(&Encoded(value))
    }

    fn end(self) -> Result<Q::Ok, Q::Error> {
        self.seq.end()
    }
}
