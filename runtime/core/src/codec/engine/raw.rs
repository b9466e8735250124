//! Values as JSON text.
//!
//! `serde_json` hands out the exact text of a value to those who ask for a newtype struct of a certain name. That name is
//! asked for at run time, because it is not part of `serde_json`'s interface. Deserializers that do not know it
//! hand out the value itself, which is then written as JSON.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use serde_core::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_core::forward_to_deserialize_any;
use serde_json::value::RawValue;

use crate::Number;
use crate::json::writer::string;
use crate::value::json;

/// The name by which `serde_json` knows raw values.
pub(super) fn raw_name() -> Option<&'static str> {
    static NAME: OnceLock<Option<&'static str>> = OnceLock::new();
    *NAME.get_or_init(|| match <&RawValue as de::Deserialize>::deserialize(Probe) {
        Err(Asked::Newtype(name)) => Some(name),
        Ok(_) | Err(Asked::Otherwise) => None,
    })
}

/// The key under which `serde_json` hides numbers in maps when it keeps their text (its feature `arbitrary_precision`).
fn number_key() -> Option<&'static str> {
    static KEY: OnceLock<Option<String>> = OnceLock::new();
    KEY.get_or_init(|| serde_json::Deserializer::from_str("0.5").deserialize_any(FirstKey).ok().flatten()).as_deref()
}

/// The number that the map with this first key stands for, if it stands for one.
pub(super) fn packed_number<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Option<Result<Number, A::Error>> {
    if Some(key) != number_key() {
        return None;
    }
    Some(map.next_value_seed(Text).and_then(|text| text.parse().map_err(de::Error::custom)))
}

/// A string, borrowed where possible.
pub(super) struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value))
    }
}

/// The text of a value.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'de, str>, D::Error> {
    let mut out = String::new();
    let asked = raw_name();
    let writer = TextWriter { out: &mut out, asked };
    let handed = match asked {
        Some(name) => deserializer.deserialize_newtype_struct(name, writer)?,
        None => deserializer.deserialize_any(writer)?,
    };
    Ok(handed.unwrap_or(Cow::Owned(out)))
}

/// Writes what a deserializer says the value is, and yields `None`; or yields the text that it hands out.
struct TextWriter<'o> {
    out: &'o mut String,
    /// The name for which a raw text was asked.
    asked: Option<&'static str>,
}

impl TextWriter<'_> {
    fn nested<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Cow<'de, str>>, D::Error> {
        deserializer.deserialize_any(TextWriter { asked: None, ..self })
    }

    /// Writes a number so that it stays a floating point one to those who tell them from integers.
    fn float<'de, E: de::Error>(self, finite: bool, text: &str) -> Result<Option<Cow<'de, str>>, E> {
        if !finite {
            return Err(E::custom(format_args!("`{text}` is not a JSON number")));
        }
        self.out.push_str(text);
        Ok(None)
    }

    /// Reads the text that `serde_json` hands out.
    fn handed<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Cow<'de, str>, A::Error> {
        let text = map.next_value_seed(Text)?;
        // Another format's map may happen to have this key.
        match json::check(&text) {
            Ok(()) => Ok(text),
            Err(error) => Err(de::Error::custom(error)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for TextWriter<'_> {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.nested(deserializer)
    }
}

impl<'de> Visitor<'de> for TextWriter<'_> {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(None)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        self.out.push_str(&value.to_string());
        Ok(None)
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Self::Value, E> {
        self.out.push_str(&value.to_string());
        Ok(None)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        self.out.push_str(&value.to_string());
        Ok(None)
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Self::Value, E> {
        self.out.push_str(&value.to_string());
        Ok(None)
    }

    fn visit_f32<E: de::Error>(self, value: f32) -> Result<Self::Value, E> {
        self.float(value.is_finite(), &format!("{value:?}"))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        self.float(value.is_finite(), &format!("{value:?}"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
        self.out.push_str(&string(value));
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        self.out.push_str("null");
        Ok(None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.nested(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.nested(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let Self { out, asked: _ } = self;
        out.push('[');
        let start = out.len();
        loop {
            let before = out.len();
            if before > start {
                out.push(',');
            }
            if seq.next_element_seed(TextWriter { out, asked: None })?.is_none() {
                out.truncate(before);
                break;
            }
        }
        out.push(']');
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut key = map.next_key_seed(Text)?;
        if key.is_some() && key.as_deref() == self.asked {
            return Self::handed(&mut map).map(Some);
        }
        if let Some(number) = key.as_deref().and_then(|key| packed_number(key, &mut map)) {
            self.out.push_str(&number?.text());
            return Ok(None);
        }
        let Self { out, asked: _ } = self;
        out.push('{');
        let start = out.len();
        while let Some(name) = key {
            if out.len() > start {
                out.push(',');
            }
            out.push_str(&string(&name));
            out.push(':');
            map.next_value_seed(TextWriter { out, asked: None })?;
            key = map.next_key_seed(Text)?;
        }
        out.push('}');
        Ok(None)
    }
}

/// Yields the first key if it is shown a map.
struct FirstKey;

impl<'de> Visitor<'de> for FirstKey {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_f64<E: de::Error>(self, _value: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let key = map.next_key()?;
        map.next_value::<de::IgnoredAny>()?;
        Ok(key)
    }
}

/// A deserializer without a value, which reports what it was asked for.
struct Probe;

#[derive(Debug)]
enum Asked {
    Newtype(&'static str),
    Otherwise,
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newtype(name) => write!(f, "asked for the newtype struct `{name}`"),
            Self::Otherwise => f.write_str("asked for something else"),
        }
    }
}

impl std::error::Error for Asked {}

impl de::Error for Asked {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self::Otherwise
    }
}

impl<'de> Deserializer<'de> for Probe {
    type Error = Asked;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Asked> {
        Err(Asked::Otherwise)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, _visitor: V) -> Result<V::Value, Asked> {
        Err(Asked::Newtype(name))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}
