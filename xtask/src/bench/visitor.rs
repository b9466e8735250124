//! The strongest lossless decoder that a user could write with serde: a visitor for each struct, which keeps unknown
//! members as raw JSON.

use std::fmt::Write as _;

use eventwire_document::ir::{FieldValue, MessageSet, Struct, TypeId};

use super::model::Model;
use super::rival::{self, Style};
use crate::Failure;

/// What the module begins with.
pub(super) const PRELUDE: &str = "use std::borrow::Cow;
use std::fmt;

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The name of a member, borrowed from the frame where it has no escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl<'de> Visitor<'de> for Name {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(\"a name\")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// An object, kept as it came.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct RawObject(Box<RawValue>);

impl<'de> Deserialize<'de> for RawObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if raw.get().starts_with('{') { Ok(Self(raw)) } else { Err(D::Error::custom(\"expected an object\")) }
    }
}

/// Reads a member that may stand only once.
fn set<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    map: &mut A,
    name: &'static str,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *slot = Some(map.next_value()?);
    Ok(())
}

";

/// A struct with its visitor and what writes it.
pub(super) fn structure(model: &Model, style: Style, id: TypeId, fields: &Struct) -> Result<String, Failure> {
    let type_name = model.names.type_name(id);
    let keeps = style.keeps(fields);
    let (mut declared, mut slots, mut arms, mut built, mut members) =
        (String::new(), String::new(), String::new(), String::new(), String::new());
    for (index, field) in fields.fields.iter().enumerate() {
        let (name, wire) = (model.names.field(id, index), &field.wire);
        match &field.value {
            FieldValue::Constant(_) => {
                writeln!(arms, "{wire:?} => {{ map.next_value::<IgnoredAny>()?; }}")?;
                continue;
            }
            FieldValue::Required(used) => {
                writeln!(declared, "pub {name}: {},", rival::written(model, style, used)?)?;
                writeln!(built, "{name}: {name}.ok_or_else(|| A::Error::missing_field({wire:?}))?,")?;
                writeln!(members, "map.serialize_entry({wire:?}, &self.{name})?;")?;
            }
            FieldValue::Optional(used) => {
                writeln!(declared, "pub {name}: Option<{}>,", rival::written(model, style, used)?)?;
                // A type that takes `null` is read as it is; any other as an option, whose `null` is nothing.
                let flatten = if rival::takes_null(used) { "" } else { ".flatten()" };
                writeln!(built, "{name}: {name}{flatten},")?;
                writeln!(members, "if let Some(value) = &self.{name} {{ map.serialize_entry({wire:?}, value)?; }}")?;
            }
        }
        writeln!(slots, "let mut {name} = None;")?;
        writeln!(arms, "{wire:?} => set(&mut {name}, &mut map, {wire:?})?,")?;
    }
    if keeps {
        declared += "pub extra: Vec<(String, Box<RawValue>)>,\n";
        slots += "let mut extra = Vec::new();\n";
        arms += "_ => extra.push((key.into_owned(), map.next_value()?)),\n";
        built += "extra,\n";
        members += "for (key, value) in &self.extra { map.serialize_entry(key, value)?; }\n";
    } else {
        arms += "_ => { map.next_value::<IgnoredAny>()?; }\n";
    }
    Ok(format!(
        "#[derive(Debug, Clone)]
pub struct {type_name} {{
{declared}}}

impl<'de> Deserialize<'de> for {type_name} {{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {{
        struct Fields;
        impl<'de> Visitor<'de> for Fields {{
            type Value = {type_name};

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{
                f.write_str(\"an object\")
            }}

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<{type_name}, A::Error> {{
{slots}while let Some(Key(key)) = map.next_key()? {{
match &*key {{
{arms}}}
}}
Ok({type_name} {{
{built}}})
            }}
        }}
        deserializer.deserialize_map(Fields)
    }}
}}

impl {type_name} {{
    fn members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {{
{members}Ok(())
    }}
}}

impl Serialize for {type_name} {{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{
        let mut map = serializer.serialize_map(None)?;
        self.members(&mut map)?;
        map.end()
    }}
}}

"
    ))
}

/// The enum of a set of messages.
pub(super) fn messages(model: &Model, set: &MessageSet, name: &str) -> Result<String, Failure> {
    let (mut variants, mut arms) = (String::new(), String::new());
    for (index, tag) in rival::tags(set) {
        let variant = model.names.message(index);
        writeln!(variants, "    {variant}(Box<{}>),", rival::payload(model, index)?)?;
        writeln!(
            arms,
            "Self::{variant}(payload) => {{ map.serialize_entry(\"type\", {tag:?})?; payload.members(&mut map)?; }}"
        )?;
    }
    let dispatch = rival::dispatch(model, set, name)?;
    Ok(format!(
        "#[derive(Debug, Clone)]
pub enum {name} {{
{variants}}}

{dispatch}impl Serialize for {name} {{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{
        let mut map = serializer.serialize_map(None)?;
        match self {{
{arms}        }}
        map.end()
    }}
}}

"
    ))
}
