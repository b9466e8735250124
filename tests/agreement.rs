//! That the runtime reads and writes JSON text as `serde_json` does: the same texts are taken, the same values are read,
//! the same bytes are written. Whatever disagrees panics.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

use eventwire::tag::{self, Tag};
use eventwire::{
    Decode, DecodeError, DecodeObject, DecodeText, Encode, EventSet, Json, JsonKind, JsonObject, Maybe, Number,
    ObjectSource, Sink, Source, Timestamp, from_json, to_json,
};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use stream_chat_events::Event;

/// More levels than this are not compared: a union costs two levels each time, and the two ways to read count a little
/// differently where they end.
const DEEPEST: usize = 40;

/// Compares everything that can be done with a text.
pub(crate) fn check(text: &str) {
    let valid = serde_json::from_str::<IgnoredAny>(text).is_ok();
    assert_eq!(Json::from_text(text).is_ok(), valid, "whether this is JSON");
    assert_eq!(from_json::<Json>(text).is_ok(), valid, "whether this is JSON");
    check_tag(text, valid);
    if depth(text) > DEEPEST {
        return;
    }
    check_tree(text);
    check_type::<bool>(text);
    check_type::<i64>(text);
    check_type::<u64>(text);
    check_type::<u8>(text);
    check_type::<f64>(text);
    check_type::<Option<String>>(text);
    check_type::<Number>(text);
    check_type::<Timestamp>(text);
    check_type::<Json>(text);
    check_type::<JsonObject>(text);
    check_type::<Vec<Maybe<i64>>>(text);
    check_type::<BTreeMap<String, Json>>(text);
    check_type::<BTreeMap<String, Vec<String>>>(text);
    check_type::<Vec<BTreeMap<String, Number>>>(text);
    check_event(text);
}

/// More brackets than this text opens cannot be nested in it.
fn depth(text: &str) -> usize {
    text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count()
}

/// A type through its serde implementations.
#[derive(Debug, PartialEq)]
struct Through<T>(T);

impl<'de, T: Decode> Deserialize<'de> for Through<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        eventwire::engine::deserialize(deserializer).map(Self)
    }
}

impl<T: Encode> Serialize for Through<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        eventwire::engine::serialize(&self.0, serializer)
    }
}

fn check_type<T: Decode + Encode + PartialEq + Debug>(text: &str) {
    let own = from_json::<T>(text);
    let serde = serde_json::from_str::<Through<T>>(text).map(|through| through.0);
    check_value(own, serde);
}

/// Compares a value that was read in both ways, and how it is written.
fn check_value<T: Decode + Encode + PartialEq + Debug>(own: Result<T, DecodeError>, serde: serde_json::Result<T>) {
    let (own, serde) = match (own, serde) {
        (Ok(own), Ok(serde)) => (own, serde),
        (Err(_), Err(_)) => return,
        (own, serde) => panic!("{own:?}\n{serde:?}"),
    };
    assert_eq!(own, serde);
    let written = to_json(&own).unwrap();
    assert_eq!(written, serde_json::to_string(&Through(serde)).unwrap());
    assert_eq!(from_json::<T>(&written).unwrap(), own, "what is read from what was written");
}

fn check_event(text: &str) {
    check_value(Event::from_json(text), serde_json::from_str(text));
    if let (Ok(event), Ok(Some(kind))) = (Event::from_json(text), Ok::<_, ()>(<Event as EventSet>::kind_of(text))) {
        assert_eq!(event.kind(), Some(kind));
    }
}

fn check_tree(text: &str) {
    match (from_json::<Tree>(text), serde_json::from_str::<Value>(text)) {
        (Ok(own), Ok(value)) => {
            assert!(own.is(&value), "{own:?}\n{value:?}");
            let written: Value = serde_json::from_str(&to_json(&own).unwrap()).unwrap();
            assert!(own.is(&written), "{own:?}\n{written:?}");
        }
        (Err(_), Err(_)) => {}
        // `Value` has no numbers beyond `f64`; a tree keeps their text.
        (Ok(_), Err(error)) if error.to_string().starts_with("number out of range") => {}
        (own, value) => panic!("{own:?}\n{value:?}"),
    }
}

fn check_tag(text: &str, valid: bool) {
    let found = tag::find(text, "type");
    if !valid {
        return;
    }
    let expected = match Json::from_text(text).map(|json| json.kind()) {
        Ok(JsonKind::Object) => first_type(text),
        Ok(_) => Some(Tag::NotObject),
        Err(_) => None,
    };
    // Keys that are not Unicode stop the parser, not the scan.
    if let Some(expected) = expected {
        assert_eq!(found, expected);
    }
}

/// The first member `type` as a parser finds it.
fn first_type(text: &str) -> Option<Tag<'_>> {
    let Members(members) = serde_json::from_str(text).ok()?;
    let Some((_, value)) = members.into_iter().find(|(key, _)| key == "type") else { return Some(Tag::Missing) };
    Some(match value.get().as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<String>(value.get()) {
            Ok(text) => Tag::Text(text.into()),
            Err(_) => Tag::Other,
        },
        Some(b'-' | b'0'..=b'9' | b't' | b'f') => Tag::NonString(value.get()),
        _ => Tag::Other,
    })
}

/// The members of an object in order, with all that have the same key.
struct Members<'a>(Vec<(String, &'a serde_json::value::RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

/// Any value, read piece by piece.
#[derive(Debug)]
enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Tree>),
    Map(Fields),
}

impl Tree {
    /// Whether this is the value that the oracle has read.
    fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(own), Value::Bool(other)) => own == other,
            (Self::Number(own), Value::Number(other)) => same_number(own, other),
            (Self::Text(own), Value::String(other)) => own == other,
            (Self::List(own), Value::Array(other)) => {
                own.len() == other.len() && own.iter().zip(other).all(|(own, other)| own.is(other))
            }
            (Self::Map(Fields(own)), Value::Object(other)) => {
                own.len() == other.len()
                    && own.iter().all(|(key, own)| other.get(key).is_some_and(|other| own.is(other)))
            }
            _ => false,
        }
    }
}

/// `serde_json` may be wrong in the last bits of an `f64` (its feature `float_roundtrip` mends that); this crate never is.
fn same_number(own: &Number, other: &serde_json::Number) -> bool {
    if other.is_i64() || other.is_u64() {
        return own.as_i64() == other.as_i64() && own.as_u64() == other.as_u64();
    }
    let other = other.as_f64().unwrap();
    let close = (own.get() - other).abs() <= other.abs() * 1e-15;
    close || (own.get().is_subnormal() && other.abs() < 1e-307)
}

/// The members of an object; of several with the same key the last one, as in a `Value`.
#[derive(Debug)]
struct Fields(BTreeMap<String, Tree>);

impl Decode for Fields {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.object()
    }
}

impl DecodeObject for Fields {
    const NAME: &'static str = "Fields";

    fn decode_object<'de, O: ObjectSource<'de>>(mut object: O) -> Result<Self, O::Error> {
        let mut fields = BTreeMap::new();
        while let Some(key) = object.key()? {
            let key = key.to_owned();
            fields.insert(key, object.value()?);
        }
        Ok(Self(fields))
    }
}

impl Decode for Tree {
    fn decode<'de, S: Source<'de>>(source: S) -> Result<Self, S::Error> {
        source.text()
    }
}

impl DecodeText for Tree {
    fn decode_text(text: &str) -> Result<Self, DecodeError> {
        Ok(match Json::from_text(text)?.kind() {
            JsonKind::Null => from_json(text).map(|()| Self::Null)?,
            JsonKind::Bool => Self::Bool(from_json(text)?),
            JsonKind::Number => Self::Number(from_json(text)?),
            JsonKind::String => Self::Text(from_json(text)?),
            JsonKind::Array => Self::List(from_json(text)?),
            JsonKind::Object => Self::Map(from_json(text)?),
        })
    }
}

impl Encode for Tree {
    fn encode<S: Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => sink.null(),
            Self::Bool(value) => sink.bool(*value),
            Self::Number(value) => sink.number(value),
            Self::Text(value) => sink.string(value),
            Self::List(value) => value.encode(sink),
            Self::Map(Fields(value)) => value.encode(sink),
        }
    }
}
