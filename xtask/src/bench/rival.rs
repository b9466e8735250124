//! What a user would write by hand instead, for each type and message of the document: structs with serde's derive, or
//! with serde's visitors.

use std::fmt::Write as _;

use eventwire_document::ir::{
    AdditionalProperties, Direction, Dispatch, Field, FieldValue, Literal, MessageSet, Scalar, Shape, Struct, Type,
    TypeId,
};

use super::model::Model;
use super::visitor;
use crate::Failure;

/// What is different between the modules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// The type of a timestamp.
    timestamp: &'static str,
    /// Whether members that no field is for are kept.
    extras: bool,
    form: Form,
}

/// How the types are decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// By serde's derive, the enum of messages with `tag`.
    Derived,
    /// By serde's derive, after the tag was looked for in the text.
    TagFirst,
    /// By visitors, after the tag was looked for in the text; what has no type of its own is kept as raw JSON.
    Visitors,
}

impl Style {
    /// Whether the unknown members of a struct are kept.
    pub(super) fn keeps(self, fields: &Struct) -> bool {
        self.extras && fields.rest != AdditionalProperties::None
    }
}

const TEXT: &str = "String";
const CHRONO: &str = "chrono::DateTime<chrono::Utc>";

/// The modules, by the names of their files.
pub(super) const MODULES: [(&str, Style); 6] = [
    ("derived/src/lib.rs", Style { timestamp: TEXT, extras: true, form: Form::Derived }),
    ("chrono.rs", Style { timestamp: CHRONO, extras: true, form: Form::Derived }),
    ("lean.rs", Style { timestamp: TEXT, extras: false, form: Form::Derived }),
    ("first.rs", Style { timestamp: TEXT, extras: true, form: Form::TagFirst }),
    ("first_lean.rs", Style { timestamp: TEXT, extras: false, form: Form::TagFirst }),
    ("hand.rs", Style { timestamp: TEXT, extras: true, form: Form::Visitors }),
];

/// The whole module: types, the enums of messages and the functions that read and write them.
pub(super) fn module(model: &Model, style: Style) -> Result<String, Failure> {
    let mut text = String::from(match style.form {
        Form::Derived | Form::TagFirst => "use serde::{Deserialize, Serialize};\n\n",
        Form::Visitors => visitor::PRELUDE,
    });
    for (index, definition) in model.api.types.iter().enumerate() {
        let name = model.names.type_name(TypeId(index));
        match &definition.shape {
            Shape::Struct(fields) => {
                text += &match style.form {
                    Form::Derived | Form::TagFirst => structure(model, style, TypeId(index), fields)?,
                    Form::Visitors => visitor::structure(model, style, TypeId(index), fields)?,
                }
            }
            // The values may grow, and no reader of text is faster than a plain one.
            Shape::Enum(_) => writeln!(text, "pub type {name} = String;\n")?,
            Shape::Alias(used) | Shape::Newtype(used) => {
                writeln!(text, "pub type {name} = {};\n", written(model, style, used)?)?;
            }
            Shape::Union(_) | Shape::Tuple(_) => return Err(format!("`{name}` has no form for serde's derive").into()),
        }
    }
    for (index, set) in model.api.sets.iter().enumerate() {
        let name = model.names.set(index);
        text += &match (style.form, set.direction) {
            (Form::Derived, _) => tagged(model, set, name)?,
            (Form::TagFirst, Direction::Received) => tag_first(model, set, name)?,
            (Form::Visitors, Direction::Received) => visitor::messages(model, set, name)?,
            // Nobody decodes what is only sent.
            (Form::TagFirst | Form::Visitors, Direction::Sent) => continue,
        };
    }
    if text.contains("deserialize_with") {
        text += PRESENT;
    }
    Ok(text)
}

/// What keeps an optional member that is `null`: to serde it is the same as a missing one.
const PRESENT: &str = "fn present<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
";

/// The messages of the derived module with a variant beside them for everything else.
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
    if style.keeps(fields) {
        text += "    #[serde(flatten)]\n    pub extra: serde_json::Map<String, serde_json::Value>,\n";
    }
    text += "}\n\n";
    Ok(text)
}

/// A field; for a constant, which the enum around the struct writes as the tag, only what keeps it out of the unknown
/// members.
fn member(model: &Model, style: Style, name: &str, field: &Field) -> Result<String, Failure> {
    let mut text = String::new();
    let renamed = name.trim_start_matches("r#") != field.wire;
    let rename = if renamed { format!("    #[serde(rename = {:?})]\n", field.wire) } else { String::new() };
    match &field.value {
        FieldValue::Constant(_) if style.form == Form::TagFirst && style.extras => {
            text += "    #[serde(skip_serializing)]\n";
            writeln!(text, "{rename}    {name}: serde::de::IgnoredAny,")?;
        }
        FieldValue::Constant(_) => {}
        FieldValue::Required(used) => writeln!(text, "{rename}    pub {name}: {},", written(model, style, used)?)?,
        FieldValue::Optional(used) => {
            let with = if takes_null(used) { ", deserialize_with = \"present\"" } else { "" };
            writeln!(text, "    #[serde(default, skip_serializing_if = \"Option::is_none\"{with})]")?;
            writeln!(text, "{rename}    pub {name}: Option<{}>,", written(model, style, used)?)?;
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

fn tag_first(model: &Model, set: &MessageSet, name: &str) -> Result<String, Failure> {
    let mut text = String::from("#[derive(Debug, Clone, PartialEq, Serialize)]\n#[serde(tag = \"type\")]\n");
    writeln!(text, "pub enum {name} {{")?;
    for (index, tag) in tags(set) {
        let variant = model.names.message(index);
        writeln!(text, "    #[serde(rename = {tag:?})]\n    {variant}(Box<{}>),", payload(model, index)?)?;
    }
    text += "}\n\n";
    text += &dispatch(model, set, name)?;
    Ok(text)
}

/// The decoder of a set of messages for a tag that is known, by any reader of JSON.
pub(super) fn dispatch(model: &Model, set: &MessageSet, name: &str) -> Result<String, Failure> {
    let mut text = format!(
        "impl {name} {{\n    pub fn decode<R: crate::reader::Reader>(tag: &str, reader: R) -> Result<Self, R::Error> {{\n        \
         match tag {{\n"
    );
    for (index, tag) in tags(set) {
        writeln!(text, "            {tag:?} => reader.read().map(Self::{}),", model.names.message(index))?;
    }
    text += "            other => Err(serde::de::Error::custom(format_args!(\"unknown tag `{other}`\"))),\n        }\n    }\n\n    \
             pub fn to_json(&self) -> serde_json::Result<String> {\n        serde_json::to_string(self)\n    }\n}\n\n";
    Ok(text)
}

/// The messages of a set that a tag stands for, with the tag.
pub(super) fn tags(set: &MessageSet) -> Vec<(usize, &str)> {
    let Dispatch::Tag { tags, .. } = &set.dispatch else { return Vec::new() };
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
pub(super) fn payload(model: &Model, message: usize) -> Result<&str, Failure> {
    let payload = model.api.messages[message].payload.named().ok_or("a message without a struct")?;
    Ok(model.names.type_name(payload))
}

/// Whether a member of the type may be `null`, which is something else than its absence.
pub(super) fn takes_null(used: &Type) -> bool {
    matches!(used, Type::Nullable(_) | Type::Scalar(Scalar::Json | Scalar::Null))
}

/// A use of a type.
pub(super) fn written(model: &Model, style: Style, used: &Type) -> Result<String, Failure> {
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
        Scalar::JsonObject if style.form == Form::Visitors => "RawObject",
        Scalar::Json if style.form == Form::Visitors => "Box<RawValue>",
        Scalar::JsonObject => "serde_json::Map<String, serde_json::Value>",
        Scalar::Json => "serde_json::Value",
    }
}

#[cfg(test)]
mod tests {
    use eventwire_codegen::Project;

    use super::{MODULES, Model, module};

    const DOCUMENT: &str = r"
asyncapi: 2.6.0
info: { title: Notes, version: 1.0.0 }
channels:
  /:
    subscribe:
      message:
        oneOf: [{ $ref: '#/components/messages/Noted' }, { $ref: '#/components/messages/Erased' }]
components:
  messages:
    Noted: { payload: { $ref: '#/components/schemas/Noted' } }
    Erased: { payload: { $ref: '#/components/schemas/Erased' } }
  schemas:
    Noted:
      type: object
      required: [type]
      properties: { type: { const: noted }, title: { type: string }, due: { type: [string, 'null'] } }
    Erased: { type: object, required: [type], properties: { type: { const: erased } } }
";

    #[test]
    fn an_optional_member_keeps_its_null_where_the_schema_allows_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("notes.yaml"), DOCUMENT).unwrap();
        let settings = folder.path().join("notes.toml");
        std::fs::write(&settings, "document = \"notes.yaml\"\nrole = \"client\"\n").unwrap();
        let model = Model::read(&Project::open(&settings).unwrap()).unwrap();
        let text = |file| {
            let (_, style) = MODULES.into_iter().find(|(name, _)| *name == file).unwrap();
            module(&model, style).unwrap()
        };
        for file in ["derived/src/lib.rs", "first.rs"] {
            let text = text(file);
            assert_eq!(text.matches("deserialize_with").count(), 1, "{text}");
            assert!(text.contains("deserialize_with = \"present\")]\n    pub due: Option<Option<String>>"), "{text}");
        }
        let text = text("hand.rs");
        assert!(text.contains("due: due,\n") && text.contains("title: title.flatten(),\n"), "{text}");
    }
}
