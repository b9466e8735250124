//! The types of [`value`](crate::value) as they are read and written.

use crate::{
    Decode, DecodeError, Encode, Erased, Json, JsonObject, Maybe, Number, Sink, Source, SourceError, Timestamp,
    UnknownMessage, from_json,
};

impl Json {
    /// Reads the value as a `T`, with the path of a fault in the error.
    ///
    /// # Errors
    ///
    /// When it is not a `T`, or nested more than 128 levels deep.
    pub fn decode<T: Decode>(&self) -> Result<T, DecodeError> {
        from_json(self.text())
    }
}

impl JsonObject {
    /// Reads the object as a `T`, with the path of a fault in the error.
    ///
    /// # Errors
    ///
    /// When it is not a `T`, or nested more than 128 levels deep.
    pub fn decode<T: Decode>(&self) -> Result<T, DecodeError> {
        self.as_json().decode()
    }
}

impl Decode for Json {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.json()
    }
}

impl Encode for Json {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        sink.json(self)
    }
}

impl Decode for JsonObject {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.json()?.try_into().map_err(|error: DecodeError| S::Error::custom(error.cause()))
    }
}

impl Encode for JsonObject {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        sink.json(self.as_json())
    }
}

impl Decode for Number {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.number()
    }
}

impl Encode for Number {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        sink.number(self)
    }
}

impl Decode for Timestamp {
    #[inline]
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.timestamp()
    }
}

impl Encode for Timestamp {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        sink.timestamp(self)
    }
}

/// Reads `null` or a value; that a member is absent is seen by its object ([`ObjectSource::maybe`](crate::ObjectSource::maybe)).
impl<T: Decode> Decode for Maybe<T> {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        Ok(source.nullable()?.map_or(Self::Null, Self::Value))
    }
}

/// Writes a value or `null`; an absent member is left out by its object ([`ObjectSink::maybe`](crate::ObjectSink::maybe)).
impl<T: Encode> Encode for Maybe<T> {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => sink.null(),
            Self::Value(value) => value.encode(sink),
        }
    }
}

impl<T: Decode + Send + Sync + 'static> Decode for Erased<T> {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        T::decode(source).map(Self::new)
    }
}

impl<T: Encode + 'static> Encode for Erased<T> {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        T::encode(self, sink)
    }
}

impl Encode for UnknownMessage {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        self.json().encode(sink)
    }
}
