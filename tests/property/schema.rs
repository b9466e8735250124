//! A grammar of schemas.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};
use proptest::strategy::BoxedStrategy;
use serde_json::{Map, Value, json};

/// Names of members: words that Rust or the generator uses, and what is not an identifier. No two come to one field
/// name.
const NAMES: [&str; 24] = [
    "id",
    "type",
    "self",
    "extra",
    "Option",
    "user-name",
    "createdAt",
    "+1",
    "1h",
    "über",
    "foo bar",
    "$ref_",
    "match",
    "kind",
    "x",
    "String",
    "gen",
    "a.b",
    "object",
    "key",
    "source",
    "sink",
    "",
    "日本",
];

/// Values of enums. No two come to one variant name.
const VALUES: [&str; 12] =
    ["on", "off", "no", "1m", "Unrecognized", "Self", "a/b", "MESSAGE_NEW", "", "+1", "-1", "naïve"];

/// A schema.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Schema {
    Any,
    Null,
    Boolean,
    Integer {
        format: Option<&'static str>,
        minimum: Option<i64>,
    },
    Number,
    String {
        format: Option<&'static str>,
    },
    Enum(Vec<&'static str>),
    Constant(&'static str),
    FreeObject,
    Array(Box<Schema>),
    Map(Box<Schema>),
    Object(Object),
    Nullable(Box<Schema>, NullStyle),
    AllOf(Vec<Object>),
    /// Objects distinguished by the constant in `tag`, which is a member of none of them.
    OneOf(Vec<(&'static str, Object)>),
    /// A component that comes before the one it stands in.
    Reference(usize),
}

/// The member that distinguishes the branches of a [`Schema::OneOf`].
pub(crate) const TAG: &str = "tag";

/// An object with named members.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Object {
    pub(crate) members: Vec<Member>,
    pub(crate) rest: Rest,
}

/// A named member.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) schema: Schema,
    pub(crate) required: bool,
}

/// `additionalProperties` of an object with named members.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Rest {
    Unstated,
    Allowed,
    Forbidden,
    Strings,
}

/// How a document says that something can be `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NullStyle {
    /// `type: [x, "null"]`, where the schema has one type and no list of values; else like `Union`.
    Types,
    /// `nullable: true`, which is not JSON Schema.
    Flag,
    /// `oneOf: [x, {type: null}]`.
    Union,
}

/// A schema as a component.
pub(crate) fn root() -> BoxedStrategy<Schema> {
    schema().boxed()
}

fn leaf() -> impl Strategy<Value = Schema> {
    let integer = select(vec![None, Some("int32"), Some("int64"), Some("uint8"), Some("int16"), Some("uint64")]);
    let integer = (integer, option::of(select(vec![0, 1, -5])));
    let formats = vec![None, Some("date-time"), Some("date"), Some("uuid"), Some("uri"), Some("byte")];
    prop_oneof![
        1 => Just(Schema::Any),
        1 => Just(Schema::Null),
        2 => Just(Schema::Boolean),
        3 => integer.prop_map(|(format, minimum)| Schema::Integer { format, minimum }),
        2 => Just(Schema::Number),
        4 => select(formats).prop_map(|format| Schema::String { format }),
        2 => subsequence(VALUES.to_vec(), 2..6).prop_map(Schema::Enum),
        1 => select(VALUES.to_vec()).prop_map(Schema::Constant),
        1 => Just(Schema::FreeObject),
        2 => any::<usize>().prop_map(Schema::Reference),
    ]
}

fn schema() -> impl Strategy<Value = Schema> {
    leaf().prop_recursive(3, 24, 5, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let style = select(vec![NullStyle::Types, NullStyle::Flag, NullStyle::Union]);
        let open = object(inner.clone(), select(vec![Rest::Unstated, Rest::Allowed]).boxed());
        let branch = object(inner.clone(), select(vec![Rest::Unstated, Rest::Allowed, Rest::Forbidden]).boxed());
        let branches = subsequence(VALUES.to_vec(), 2..4).prop_flat_map(move |tags| {
            let count = tags.len();
            (Just(tags), vec(branch.clone(), count))
        });
        prop_oneof![
            2 => boxed().prop_map(Schema::Array),
            2 => boxed().prop_map(Schema::Map),
            6 => object(inner.clone(), rest().boxed()).prop_map(Schema::Object),
            2 => (boxed(), style).prop_map(|(inner, style)| Schema::Nullable(inner, style)),
            2 => vec(open, 2..4).prop_map(all_of),
            2 => branches.prop_map(|(tags, objects)| Schema::OneOf(tags.into_iter().zip(objects).collect())),
        ]
    })
}

/// Schemas of messages that arrive together, and are distinguished, or not, in the ways of real documents.
pub(crate) fn group() -> impl Strategy<Value = Vec<Schema>> {
    let styles = vec![Style::Tag, Style::Inner, Style::Some, Style::Values, Style::Shape, Style::Anything];
    (
        select(styles),
        vec(schema(), 4),
        2..5_usize,
        object(schema().boxed(), open().boxed()),
        vec(object(schema().boxed(), open().boxed()), 4),
    )
        .prop_map(|(style, any, count, envelope, objects)| {
            let tags = ["started", "moved", "ended", "a/b"].into_iter();
            let members = tags.zip(objects).zip(any).take(count).enumerate();
            members.map(|(index, ((tag, object), any))| style.message(index, tag, object, &envelope, any)).collect()
        })
}

fn open() -> impl Strategy<Value = Rest> {
    select(vec![Rest::Unstated, Rest::Allowed])
}

/// How messages are distinguished.
#[derive(Debug, Clone, Copy)]
enum Style {
    /// A constant in each.
    Tag,
    /// A constant one level down.
    Inner,
    /// A constant in the first only.
    Some,
    /// A list of values in each.
    Values,
    /// Members of other names.
    Shape,
    /// Anything.
    Anything,
}

impl Style {
    fn message(self, index: usize, tag: &'static str, mut object: Object, envelope: &Object, any: Schema) -> Schema {
        let required = |name, schema| Member { name, schema, required: true };
        match self {
            Self::Tag => object.members.push(required(TAG, Schema::Constant(tag))),
            Self::Inner => {
                let mut inner = envelope.clone();
                inner.members.push(required(TAG, Schema::Constant(tag)));
                object.members.push(required("head", Schema::Object(inner)));
            }
            Self::Some if index == 0 => object.members.push(required(TAG, Schema::Constant(tag))),
            Self::Values => {
                let others = [["one", "two"], ["three", "four"], ["five", "six"], ["seven", "eight"]];
                object.members.push(required(TAG, Schema::Enum(others[index % 4].to_vec())));
            }
            Self::Some | Self::Shape => {}
            Self::Anything => return any,
        }
        Schema::Object(object)
    }
}

fn rest() -> impl Strategy<Value = Rest> {
    select(vec![Rest::Unstated, Rest::Allowed, Rest::Forbidden, Rest::Strings])
}

fn object(inner: BoxedStrategy<Schema>, rest: BoxedStrategy<Rest>) -> BoxedStrategy<Object> {
    let members = subsequence(NAMES.to_vec(), 1..5).prop_flat_map(move |names| {
        let count = names.len();
        (Just(names), vec((inner.clone(), any::<bool>()), count))
    });
    let members = members.prop_map(|(names, values)| {
        let member = |(name, (schema, required))| Member { name, schema, required };
        names.into_iter().zip(values).map(member).collect()
    });
    (members, rest).prop_map(|(members, rest)| Object { members, rest }).boxed()
}

/// Objects without a member in common: what both would say of it might contradict.
fn all_of(mut objects: Vec<Object>) -> Schema {
    let mut known = Vec::new();
    for object in &mut objects {
        object.members.retain(|member| !known.contains(&member.name));
        known.extend(object.members.iter().map(|member| member.name));
    }
    Schema::AllOf(objects)
}

impl Schema {
    /// The schema as a document says it.
    pub(crate) fn document(&self) -> Value {
        self.print(true)
    }

    /// The schema in the words of draft-07 alone.
    pub(crate) fn draft_07(&self) -> Value {
        self.print(false)
    }

    fn print(&self, document: bool) -> Value {
        match self {
            Self::Any => json!({}),
            Self::Null => json!({ "type": "null" }),
            Self::Boolean => json!({ "type": "boolean" }),
            Self::Integer { format, minimum } => {
                let mut schema = json!({ "type": "integer" });
                insert(&mut schema, "format", *format);
                insert(&mut schema, "minimum", *minimum);
                schema
            }
            Self::Number => json!({ "type": "number" }),
            Self::String { format } => {
                let mut schema = json!({ "type": "string" });
                insert(&mut schema, "format", *format);
                schema
            }
            Self::Enum(values) => json!({ "type": "string", "enum": values }),
            Self::Constant(value) => json!({ "const": value }),
            Self::FreeObject => json!({ "type": "object" }),
            Self::Array(items) => json!({ "type": "array", "items": items.print(document) }),
            Self::Map(values) => json!({ "type": "object", "additionalProperties": values.print(document) }),
            Self::Object(object) => object.print(document, None),
            Self::Nullable(inner, style) => nullable(inner.print(document), *style, document),
            Self::AllOf(objects) => {
                json!({ "allOf": objects.iter().map(|object| object.print(document, None)).collect::<Vec<_>>() })
            }
            Self::OneOf(branches) => {
                let branches = branches.iter().map(|(tag, object)| object.print(document, Some(tag)));
                json!({ "oneOf": branches.collect::<Vec<_>>() })
            }
            Self::Reference(index) => json!({ "$ref": format!("#/components/schemas/{}", component(*index)) }),
        }
    }
}

/// The name of a component.
pub(crate) fn component(index: usize) -> String {
    format!("Shape{index}x")
}

fn insert(schema: &mut Value, key: &str, value: Option<impl Into<Value>>) {
    if let (Some(members), Some(value)) = (schema.as_object_mut(), value) {
        members.insert(key.to_owned(), value.into());
    }
}

fn nullable(mut inner: Value, style: NullStyle, document: bool) -> Value {
    let single = inner.get("type").is_some_and(Value::is_string) && inner.get("enum").is_none();
    match style {
        NullStyle::Types if single => {
            inner["type"] = json!([inner["type"], "null"]);
            inner
        }
        NullStyle::Flag if document && inner.get("$ref").is_none() => {
            inner["nullable"] = true.into();
            inner
        }
        NullStyle::Types | NullStyle::Flag | NullStyle::Union => json!({ "anyOf": [inner, { "type": "null" }] }),
    }
}

impl Object {
    fn print(&self, document: bool, tag: Option<&str>) -> Value {
        let mut properties = Map::new();
        let mut required: Vec<&str> = Vec::new();
        if let Some(tag) = tag {
            properties.insert(TAG.to_owned(), json!({ "const": tag }));
            required.push(TAG);
        }
        for member in &self.members {
            properties.insert(member.name.to_owned(), member.schema.print(document));
            if member.required {
                required.push(member.name);
            }
        }
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            insert(&mut schema, "required", Some(required));
        }
        match self.rest {
            Rest::Unstated => {}
            Rest::Allowed => insert(&mut schema, "additionalProperties", Some(true)),
            Rest::Forbidden => insert(&mut schema, "additionalProperties", Some(false)),
            Rest::Strings => insert(&mut schema, "additionalProperties", Some(json!({ "type": "string" }))),
        }
        schema
    }
}
