//! Reading and writing JSON text, and any other format through serde.
//!
//! [`from_json`] and [`to_json`] are for JSON text and use nothing but this crate. A generated type has serde
//! implementations that call [`deserialize`] and [`serialize`], so that it can also be part of types that derive them.
//! Both ways accept and reject the same JSON text and read the same values from it.
//!
//! With `serde_json` raw values keep their exact text. Other formats, and the buffers that `#[serde(flatten)]` and
//! `#[serde(untagged)]` read from, have no text to keep: there raw values are written as JSON from what the format
//! says they are, and numbers may come back in another spelling.

mod decode;
mod depth;
mod encode;
mod path_trace;
mod raw;
mod text;

use serde_core::{Deserializer, Serializer};

pub(crate) use self::depth::depth;
use self::path_trace::PathTrace;
use crate::{Decode, DecodeError, Encode, EncodeError};

/// Decodes JSON text.
///
/// # Errors
///
/// When the text is not one JSON value of this type, or is nested more than 128 levels deep.
///
/// ```
/// let counts: Vec<u8> = eventwire::from_json("[1, 2, 3.0]")?;
/// assert_eq!(counts, [1, 2, 3]);
/// # Ok::<(), eventwire::DecodeError>(())
/// ```
pub fn from_json<T: Decode>(text: &str) -> Result<T, DecodeError> {
    text::read(text)
}

/// Encodes a value as JSON text.
///
/// # Errors
///
/// When the value has no JSON form, such as a number that is not finite.
///
/// ```
/// assert_eq!(eventwire::to_json(&vec![Some("a"), None])?, r#"["a",null]"#);
/// # Ok::<(), eventwire::EncodeError>(())
/// ```
pub fn to_json<T: Encode + ?Sized>(value: &T) -> Result<String, EncodeError> {
    text::write(value)
}

/// Decodes a value from any serde format: the body of a `Deserialize` implementation.
///
/// # Errors
///
/// The format's own error; one from inside the value is a custom error with the path in front of its message.
pub fn deserialize<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let trace = PathTrace::new();
    decode::read(deserializer, &trace).map_err(|error| trace.explain(error))
}

/// Encodes a value into any serde format: the body of a `Serialize` implementation.
///
/// # Errors
///
/// The format's own error.
pub fn serialize<T: Encode + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    encode::write(value, serializer)
}

macro_rules! implement_serde {
    ($($type:ident),*) => {$(
        impl<'de> serde_core::Deserialize<'de> for crate::$type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize(deserializer)
            }
        }

        impl serde_core::Serialize for crate::$type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize(self, serializer)
            }
        }
    )*};
}

implement_serde!(Json, JsonObject, Number, Timestamp);

#[cfg(test)]
mod tests;
