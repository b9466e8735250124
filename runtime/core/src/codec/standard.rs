//! [`Decode`] and [`Encode`] for types of the standard library.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::{
    ArraySink, ArraySource, Decode, DecodeArray, DecodeObject, Encode, Number, ObjectSink, ObjectSource, Sink,
    SinkError, Source, SourceError,
};

/// `null`
impl Decode for () {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.null()
    }
}

impl Encode for () {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        sink.null()
    }
}

impl Decode for bool {
    #[inline]
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.bool()
    }
}

impl Encode for bool {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        sink.bool(*self)
    }
}

macro_rules! integers {
    ($($type:ident through $wide:ident),*) => {$(
        impl Decode for $type {
            fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
                let value = source.$wide()?;
                Self::try_from(value).map_err(|_| {
                    S::Error::custom(format_args!("{value} is not in {}..={}", Self::MIN, Self::MAX))
                })
            }
        }

        impl Encode for $type {
            fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
                sink.$wide((*self).into())
            }
        }
    )*};
}

integers!(i8 through i64, i16 through i64, i32 through i64, u8 through u64, u16 through u64, u32 through u64);

macro_rules! wide_integers {
    ($($type:ident),*) => {$(
        impl Decode for $type {
            #[inline]
            fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
                source.$type()
            }
        }

        impl Encode for $type {
            fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
                sink.$type(*self)
            }
        }
    )*};
}

wide_integers!(i64, u64);

/// The nearest `f64`. A number beyond its range is an error.
impl Decode for f64 {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        let value = source.number()?.get();
        if value.is_finite() { Ok(value) } else { Err(S::Error::custom("number out of range")) }
    }
}

/// NaN and the infinities are errors: JSON does not have them.
impl Encode for f64 {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        sink.number(&Number::try_from(*self).map_err(|error| S::Error::custom(error.cause()))?)
    }
}

/// The nearest `f32`. A number beyond its range is an error.
impl Decode for f32 {
    #[allow(clippy::cast_possible_truncation, reason = "the nearest `f32` is asked for, and infinity is refused")]
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        let value = source.number()?.get() as Self;
        if value.is_finite() { Ok(value) } else { Err(S::Error::custom("number out of range")) }
    }
}

/// NaN and the infinities are errors: JSON does not have them.
impl Encode for f32 {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        sink.number(&Number::try_from(*self).map_err(|error| S::Error::custom(error.cause()))?)
    }
}

impl Decode for String {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "measured: a call costs as much as a short text")]
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.string().map(Cow::into_owned)
    }
}

impl Encode for String {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        sink.string(self)
    }
}

impl Encode for str {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        sink.string(self)
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        (**self).encode(sink)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        match T::decode(source) {
            Ok(value) => Ok(Self::new(value)),
            Err(error) => Err(error),
        }
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        (**self).encode(sink)
    }
}

/// `None` is `null`.
impl<T: Decode> Decode for Option<T> {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.nullable()
    }
}

/// `None` is `null`.
impl<T: Encode> Encode for Option<T> {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.encode(sink),
            None => sink.null(),
        }
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.array()
    }
}

impl<T: Decode> DecodeArray for Vec<T> {
    const NAME: &'static str = "Vec";

    fn decode_array<'de, A: ArraySource<'de>>(mut array: A) -> Result<Self, A::Error> {
        let mut elements = Self::new();
        while let Some(element) = array.position()? {
            if let Some(element) = element {
                elements.push(element);
            }
        }
        Ok(elements)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        self.as_slice().encode(sink)
    }
}

impl<T: Encode> Encode for [T] {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        let mut array = sink.array(self.len())?;
        for element in self {
            array.element(element)?;
        }
        array.end()
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.object()
    }
}

/// Two members with the same key are an error, as they are in a struct: only raw JSON keeps both.
impl<T: Decode> DecodeObject for BTreeMap<String, T> {
    const NAME: &'static str = "BTreeMap";
    const DEFERS: bool = true;

    fn decode_object<'de, O: ObjectSource<'de>>(mut object: O) -> Result<Self, O::Error> {
        let mut members = Self::new();
        while let Some(key) = object.key()? {
            let key = key.to_owned();
            let value = object.entry()?;
            match (members.entry(key), value) {
                (Entry::Vacant(place), Some(value)) => {
                    place.insert(value);
                }
                (Entry::Vacant(_), None) => {}
                (Entry::Occupied(place), _) => return Err(O::Error::duplicate(place.key())),
            }
        }
        if object.is_deferred() { Err(O::Error::deferred()) } else { Ok(members) }
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        let mut object = sink.object()?;
        for (key, value) in self {
            object.entry(key, value)?;
        }
        object.end()
    }
}
