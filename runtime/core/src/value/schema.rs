//! JSON Schemas of types, for the crate `schemars`.
//!
//! Generated types describe themselves with what is in this module: the values that their document allows, so far as
//! types tell. They take more when they decode: a string that is not listed, or a `null` for what is optional. What is
//! checked on demand, such as lengths and patterns, is not described.

use std::borrow::Cow;

pub use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::{Erased, Json, JsonObject, Maybe, Number, Timestamp, UnknownFields, UnknownMessage};

/// Describes an object member by member.
///
/// ```
/// use eventwire::schema::{Object, SchemaGenerator};
///
/// let mut generator = SchemaGenerator::default();
/// let schema = Object::new(&mut generator).constant("type", "said").required::<String>("text").open();
/// assert_eq!(schema.get("required"), Some(&serde_json::json!(["type", "text"])));
/// ```
#[derive(Debug)]
pub struct Object<'g> {
    generator: &'g mut SchemaGenerator,
    properties: Map<String, Value>,
    required: Vec<&'static str>,
}

impl<'g> Object<'g> {
    /// Creates an object without members.
    pub fn new(generator: &'g mut SchemaGenerator) -> Self {
        Self { generator, properties: Map::new(), required: Vec::new() }
    }

    /// A member that always has this value.
    #[must_use]
    pub fn constant(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.required.push(name);
        self.properties.insert(name.to_owned(), constant(value).to_value());
        self
    }

    /// A member that is always there.
    #[must_use]
    pub fn required<T: JsonSchema>(mut self, name: &'static str) -> Self {
        self.required.push(name);
        self.optional::<T>(name)
    }

    /// A member that may be missing.
    #[must_use]
    pub fn optional<T: JsonSchema>(mut self, name: &'static str) -> Self {
        let schema = self.generator.subschema_for::<T>();
        self.properties.insert(name.to_owned(), schema.to_value());
        self
    }

    /// Returns the object, which may have any other members.
    #[must_use]
    pub fn open(self) -> Schema {
        self.with(None)
    }

    /// Returns the object, which has no other members.
    #[must_use]
    pub fn closed(self) -> Schema {
        self.with(Some(Value::Bool(false)))
    }

    /// Returns the object, whose other members are of the type `T`.
    #[must_use]
    pub fn open_to<T: JsonSchema>(self) -> Schema {
        let others = self.generator.subschema_for::<T>();
        self.with(Some(others.to_value()))
    }

    fn with(self, others: Option<Value>) -> Schema {
        let mut schema = schemars::json_schema!({ "type": "object", "properties": self.properties });
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), self.required.into());
        }
        if let Some(others) = others {
            schema.insert("additionalProperties".to_owned(), others);
        }
        schema
    }
}

/// One value.
pub fn constant(value: impl Into<Value>) -> Schema {
    let value: Value = value.into();
    schemars::json_schema!({ "const": value })
}

/// One of several strings.
#[must_use]
pub fn string_enum(values: &[&str]) -> Schema {
    schemars::json_schema!({ "type": "string", "enum": values })
}

/// What one of several schemas describes.
#[must_use]
pub fn any_of(schemas: &[Schema]) -> Schema {
    schemars::json_schema!({ "anyOf": schemas })
}

/// An array by position, of which so many must be there; `rest` describes what may follow.
#[must_use]
pub fn tuple(positions: &[Schema], required: usize, rest: Option<Schema>) -> Schema {
    let rest = rest.unwrap_or_else(|| false.into());
    schemars::json_schema!({ "type": "array", "prefixItems": positions, "minItems": required, "items": rest })
}

macro_rules! runtime_types {
    ($($type:ident: $schema:expr,)*) => {$(
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
                let schema: Value = $schema;
                Schema::try_from(schema).unwrap_or_default()
            }
        }
    )*};
}

runtime_types! {
    UnknownFields: json!({ "type": "object" }),
    Json: json!(true),
    JsonObject: json!({ "type": "object" }),
    Number: json!({ "type": "number" }),
    Timestamp: json!({ "type": "string", "format": "date-time" }),
    UnknownMessage: json!(true),
}

/// A value or `null`; whether the member is optional is part of its object.
impl<T: JsonSchema> JsonSchema for Maybe<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}

/// What the value is.
impl<T: JsonSchema> JsonSchema for Erased<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_match_the_types() {
        let mut generator = SchemaGenerator::default();
        let schema = Object::new(&mut generator)
            .constant("v", 2)
            .required::<Maybe<Number>>("size")
            .optional::<Timestamp>("at")
            .open_to::<Vec<Json>>();
        let expected = json!({
            "type": "object",
            "properties": {
                "v": {"const": 2},
                "size": {"type": ["number", "null"]},
                "at": {"type": "string", "format": "date-time"},
            },
            "required": ["v", "size"],
            "additionalProperties": {"type": "array", "items": true},
        });
        assert_eq!(schema.to_value(), expected);
        let pair = tuple(&[constant("a"), string_enum(&["b", "c"])], 1, None);
        let expected = json!({
            "type": "array",
            "prefixItems": [{"const": "a"}, {"type": "string", "enum": ["b", "c"]}],
            "minItems": 1,
            "items": false,
        });
        assert_eq!(pair.to_value(), expected);
        assert_eq!(any_of(&[true.into()]).to_value(), json!({ "anyOf": [true] }));
    }
}
