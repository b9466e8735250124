//! What a user would write by hand instead: structs with serde's derive, one for each type of the document.

use std::fmt::Write as _;

use eventwire_codegen::ir::{Field, FieldValue, Literal, MessageSet, Rest, Scalar, Shape, Struct, Tell, Type, TypeId};

use super::model::Model;
use crate::Failure;

/// What is different between the crates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// The type of a timestamp.
    pub(super) timestamp: &'static str,
    /// Whether members that no field is for are kept.
    pub(super) extras: bool,
}

/// Timestamps as text, extras kept.
pub(super) const TEXT: Style = Style { timestamp: "String", extras: true };
/// Timestamps parsed by `chrono`.
pub(super) const CHRONO: Style = Style { timestamp: "chrono::DateTime<chrono::Utc>", extras: true };
/// Timestamps as text, extras dropped.
pub(super) const LEAN: Style = Style { timestamp: "String", extras: false };

/// The whole module: types, the enums of messages and the functions that read and write them.
pub(super) fn module(model: &Model, style: Style) -> Result<String, Failure> {
    let mut text = String::from("use serde::{Deserialize, Serialize};\n\n");
    for (index, definition) in model.api.types.iter().enumerate() {
        let name = model.names.type_name(TypeId(index));
        match &definition.shape {
            Shape::Struct(fields) => text += &structure(model, style, TypeId(index), fields)?,
            // The values may grow, and no reader of text is faster than a plain one.
            Shape::Enum(_) => writeln!(text, "pub type {name} = String;\n")?,
            Shape::Alias(used) | Shape::Newtype(used) => {
                writeln!(text, "pub type {name} = {};\n", written(model, style, used)?)?;
            }
            Shape::Union(_) | Shape::Tuple(_) => return Err(format!("`{name}` has no form for serde's derive").into()),
        }
    }
    for (index, set) in model.api.sets.iter().enumerate() {
        text += &tagged(model, set, model.names.set(index))?;
    }
    Ok(text)
}

/// The messages of [`TEXT`] with a variant beside them for everything else.
pub(super) const FALLBACK: &str = "use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Event {
    Known(crate::derived::Event),
    Other(serde_json::Value),
}

impl Event {
    pub fn from_json(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}
";

/// A table of the known structs: how a frame with a tag is decoded when it is known what it holds.
pub(super) fn known(model: &Model) -> Result<String, Failure> {
    let set = model.received()?;
    let mut text = String::from(
        "use stream_chat_events::messages::*;\n\n/// Decodes into the struct that the tag stands for, boxed as the enum \
         boxes it.\npub const KNOWN: &[(&str, fn(&str) -> bool)] = &[\n",
    );
    for (index, tag) in tags(set) {
        let name = payload(model, index)?;
        writeln!(text, "    ({tag:?}, |text| kept(eventwire::from_json::<{name}>(text))),")?;
    }
    text += "];\n\nfn kept<T>(result: Result<T, eventwire::DecodeError>) -> bool {\n    \
             std::hint::black_box(result.map(Box::new)).is_ok()\n}\n";
    Ok(text)
}

fn structure(model: &Model, style: Style, id: TypeId, fields: &Struct) -> Result<String, Failure> {
    let mut text = String::from("#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]\n");
    writeln!(text, "pub struct {} {{", model.names.type_name(id))?;
    for (index, field) in fields.fields.iter().enumerate() {
        text += &member(model, style, model.names.field(id, index), field)?;
    }
    if style.extras && fields.rest != Rest::Closed {
        text += "    #[serde(flatten)]\n    pub extra: serde_json::Map<String, serde_json::Value>,\n";
    }
    text += "}\n\n";
    Ok(text)
}

/// A field; none for a constant, which the enum around the struct takes as the tag.
fn member(model: &Model, style: Style, name: &str, field: &Field) -> Result<String, Failure> {
    let mut text = String::new();
    if !matches!(field.value, FieldValue::Constant(_)) && name.trim_start_matches("r#") != field.wire {
        writeln!(text, "    #[serde(rename = {:?})]", field.wire)?;
    }
    match &field.value {
        FieldValue::Constant(_) => {}
        FieldValue::Required(used) => writeln!(text, "    pub {name}: {},", written(model, style, used)?)?,
        FieldValue::Optional(used) => {
            text += "    #[serde(default, skip_serializing_if = \"Option::is_none\")]\n";
            writeln!(text, "    pub {name}: Option<{}>,", written(model, style, used)?)?;
        }
    }
    Ok(text)
}

fn tagged(model: &Model, set: &MessageSet, name: &str) -> Result<String, Failure> {
    let mut text =
        String::from("#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]\n#[serde(tag = \"type\")]\n");
    writeln!(text, "pub enum {name} {{")?;
    for (index, tag) in tags(set) {
        let variant = model.names.message(index);
        writeln!(text, "    #[serde(rename = {tag:?})]\n    {variant}(Box<{}>),", payload(model, index)?)?;
    }
    text += "}\n\n";
    writeln!(
        text,
        "impl {name} {{\n    pub fn from_json(text: &str) -> serde_json::Result<Self> {{\n        \
         serde_json::from_str(text)\n    }}\n\n    pub fn to_json(&self) -> serde_json::Result<String> {{\n        \
         serde_json::to_string(self)\n    }}\n}}\n"
    )?;
    Ok(text)
}

/// The messages of a set that a tag stands for, with the tag.
fn tags(set: &MessageSet) -> Vec<(usize, &str)> {
    let Tell::Tag { tags, .. } = &set.tell else { return Vec::new() };
    let text = |tags: &'_ [Literal]| match tags {
        [Literal::Text(_)] => true,
        [] | [Literal::Integer(_) | Literal::Bool(_)] | [_, _, ..] => false,
    };
    let pairs = set.members.iter().zip(tags).filter(|(_, tags)| text(tags));
    pairs
        .filter_map(|(index, tags)| match tags.first() {
            Some(Literal::Text(tag)) => Some((*index, tag.as_str())),
            Some(Literal::Integer(_) | Literal::Bool(_)) | None => None,
        })
        .collect()
}

/// The name of the struct of a message.
fn payload(model: &Model, message: usize) -> Result<&str, Failure> {
    let payload = model.api.messages[message].payload.named().ok_or("a message without a struct")?;
    Ok(model.names.type_name(payload))
}

/// A use of a type.
fn written(model: &Model, style: Style, used: &Type) -> Result<String, Failure> {
    let inner = |inner: &Type| written(model, style, inner);
    Ok(match used {
        Type::Named(id) => model.names.type_name(*id).to_owned(),
        Type::Boxed(_, boxed) => format!("Box<{}>", inner(boxed)?),
        Type::Nullable(nullable) => format!("Option<{}>", inner(nullable)?),
        Type::Array(item) => format!("Vec<{}>", inner(item)?),
        Type::Map(value) => format!("std::collections::BTreeMap<String, {}>", inner(value)?),
        Type::Scalar(scalar) => scalar_name(style, *scalar).to_owned(),
        Type::External(path) => return Err(format!("`{path}` has no form for serde's derive").into()),
    })
}

fn scalar_name(style: Style, scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Null => "()",
        Scalar::Bool => "bool",
        Scalar::I8 => "i8",
        Scalar::I16 => "i16",
        Scalar::I32 => "i32",
        Scalar::I64 => "i64",
        Scalar::U8 => "u8",
        Scalar::U16 => "u16",
        Scalar::U32 => "u32",
        Scalar::U64 => "u64",
        Scalar::Number => "f64",
        Scalar::String => "String",
        Scalar::Timestamp => style.timestamp,
        Scalar::JsonObject => "serde_json::Map<String, serde_json::Value>",
        Scalar::Json => "serde_json::Value",
    }
}
