//! Types, without Rust.

use super::{Dispatch, Documentation, Literal, Origin};
use crate::diagnostic::Span;
use crate::schema::{JsonType, SchemaId};

/// Names one type of an [`Api`](super::Api).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// In which directions a type is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Some received message contains it.
    pub received: bool,
    /// Some sent message contains it.
    pub sent: bool,
}

/// A type with its own name.
#[derive(Debug)]
pub struct TypeDef {
    /// Where its schema stands.
    pub origin: Origin,
    /// What it may be called.
    pub name: NameSource,
    /// User-facing documentation.
    pub docs: Documentation,
    /// What it is.
    pub shape: Shape,
    /// In which directions it travels.
    pub usage: Usage,
    /// Whether it is the payload of a message rather than a part shared by several.
    pub role: TypeRole,
    /// The schemas that it was made of; all of them apply. Empty for another name of a type.
    pub schemas: Vec<SchemaId>,
    /// Those among them, or their parts, whose alternatives the type does not have: it is one of these alternatives.
    pub without_unions: Vec<SchemaId>,
    /// Whether another crate declares it.
    pub shared: bool,
}

/// Which file a type belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeRole {
    /// A shared or nested type.
    Nested,
    /// The payload of a message.
    Payload,
}

/// Where a type's name comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameSource {
    /// A key in the document, such as the one under `components.schemas`.
    Key {
        /// The key.
        key: String,
        /// The name of the file it stands in, when that is not the document's own.
        file: Option<String>,
    },
    /// The message that it is a part of.
    Message {
        /// The message's key.
        key: String,
        /// `payload` or `headers`.
        part: &'static str,
    },
    /// The type it stands in and the property that holds it.
    Member {
        /// The type around it.
        parent: TypeId,
        /// The property, or another word for the place.
        member: String,
    },
}

/// The shapes a named type can have.
#[derive(Debug)]
pub enum Shape {
    /// An object with named members.
    Struct(Struct),
    /// A string out of a list that may grow.
    Enum(Enum),
    /// One of several types.
    Union(Union),
    /// An array with a type per position.
    Tuple(Tuple),
    /// Another name for a type.
    Alias(Type),
    /// A type around another one, where an alias would refer to itself.
    Newtype(Type),
}

impl Shape {
    /// Returns the struct that it is.
    #[must_use]
    pub fn as_struct(&self) -> Option<&Struct> {
        if let Self::Struct(object) = self { Some(object) } else { None }
    }

    /// Returns the enum that it is.
    #[must_use]
    pub fn as_enum(&self) -> Option<&Enum> {
        if let Self::Enum(list) = self { Some(list) } else { None }
    }

    /// Returns the union that it is.
    #[must_use]
    pub fn as_union(&self) -> Option<&Union> {
        if let Self::Union(union) = self { Some(union) } else { None }
    }

    /// Returns the types that it mentions, in itself or in lists and maps.
    #[must_use]
    pub fn parts(&self) -> Vec<Type> {
        match self {
            Self::Struct(object) => {
                let values = object.fields.iter().filter_map(|field| match &field.value {
                    FieldValue::Constant(_) => None,
                    FieldValue::Required(inner) | FieldValue::Optional(inner) => Some(inner.clone()),
                });
                let rest = match &object.rest {
                    AdditionalProperties::Typed(inner) => Some(inner.clone()),
                    AdditionalProperties::Any | AdditionalProperties::None => None,
                };
                values.chain(rest).collect()
            }
            Self::Union(union) => union.branches.iter().map(|branch| branch.value.clone()).collect(),
            Self::Tuple(tuple) => {
                tuple.positions.iter().map(|position| position.value.clone()).chain(tuple.rest.clone()).collect()
            }
            Self::Enum(_) => Vec::new(),
            Self::Alias(inner) | Self::Newtype(inner) => vec![inner.clone()],
        }
    }

    /// The types of what its values hold in themselves.
    pub(super) fn contained_mut(&mut self) -> Vec<&mut Type> {
        match self {
            Self::Struct(object) => {
                let values = object.fields.iter_mut().filter_map(|field| match &mut field.value {
                    FieldValue::Constant(_) => None,
                    FieldValue::Required(inner) | FieldValue::Optional(inner) => Some(inner),
                });
                values.collect()
            }
            Self::Union(union) => union.branches.iter_mut().map(|branch| &mut branch.value).collect(),
            Self::Tuple(tuple) => tuple.positions.iter_mut().map(|position| &mut position.value).collect(),
            Self::Newtype(inner) => vec![inner],
            Self::Enum(_) | Self::Alias(_) => Vec::new(),
        }
    }
}

/// An object with named members.
#[derive(Debug, Default)]
pub struct Struct {
    /// Its members, in document order.
    pub fields: Vec<Field>,
    /// What else it may contain.
    pub rest: AdditionalProperties,
    /// Indices into `fields`, in the order of the names on the wire.
    by_wire: Vec<usize>,
}

impl Struct {
    /// Creates a struct of members with different names.
    pub(super) fn new(fields: Vec<Field>, rest: AdditionalProperties) -> Self {
        let mut by_wire: Vec<usize> = (0..fields.len()).collect();
        by_wire.sort_by_key(|index| fields[*index].wire.as_str());
        Self { fields, rest, by_wire }
    }

    /// Returns the member with a name on the wire.
    #[must_use]
    pub fn field(&self, wire: &str) -> Option<&Field> {
        let at = self.by_wire.binary_search_by_key(&wire, |index| self.fields[*index].wire.as_str()).ok()?;
        Some(&self.fields[self.by_wire[at]])
    }
}

/// Members that the document does not name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AdditionalProperties {
    /// Anything; kept as raw JSON.
    #[default]
    Any,
    /// Nothing: `additionalProperties: false`.
    None,
    /// Values of one type; kept as raw JSON like any other, once they are known to be of that type.
    Typed(Type),
}

/// One member of a struct.
#[derive(Debug)]
pub struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// Where the name stands.
    pub origin: Origin,
    /// User-facing documentation.
    pub docs: Documentation,
    /// Its value.
    pub value: FieldValue,
}

/// What a member holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Always this value; no Rust field is needed for it.
    Constant(Literal),
    /// A value that is always there.
    Required(Type),
    /// A value that may be missing.
    Optional(Type),
}

/// One of several types.
#[derive(Debug)]
pub struct Union {
    /// The types, in document order.
    pub branches: Vec<Branch>,
    /// How a value is recognised as one of them.
    pub dispatch: Dispatch,
}

/// One type of a [`Union`].
#[derive(Debug)]
pub struct Branch {
    /// What its variant may be called.
    pub name: String,
    /// Whether nothing in it gave it that name, only its kind or position.
    pub unnamed: bool,
    /// Where it stands.
    pub origin: Origin,
    /// The type.
    pub value: Type,
    /// The union's `discriminator` and the value that stands for this branch.
    pub tag: Option<(String, Literal)>,
}

/// An array with a type per position.
#[derive(Debug)]
pub struct Tuple {
    /// The types, by position.
    pub positions: Vec<Position>,
    /// The type of what may follow; `None` where nothing may.
    pub rest: Option<Type>,
}

/// One position of a [`Tuple`].
#[derive(Debug)]
pub struct Position {
    /// Its value.
    pub value: Type,
    /// Whether the array may end before it.
    pub optional: bool,
    /// The value that it always has.
    pub constant: Option<Literal>,
}

/// A string out of a list that may grow.
#[derive(Debug)]
pub struct Enum {
    /// The strings the document lists, in order.
    pub values: Vec<EnumValue>,
}

/// One string of an [`Enum`].
#[derive(Debug)]
pub struct EnumValue {
    /// The string on the wire.
    pub wire: String,
    /// Where it stands.
    pub span: Span,
}

/// The indirection between a value and the value that contains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Indirection {
    /// Nothing more than a pointer.
    Plain,
    /// An indirection that hides the value from the compiler's checks of auto traits.
    Erased,
}

/// A use of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// A type of this API.
    Named(TypeId),
    /// The same behind a pointer, where a struct contains it.
    Boxed(Indirection, Box<Type>),
    /// `null` or the type.
    Nullable(Box<Type>),
    /// A list.
    Array(Box<Type>),
    /// An object whose member names are data.
    Map(Box<Type>),
    /// A type that needs no declaration.
    Scalar(Scalar),
    /// A Rust type from elsewhere, by its path; the settings put it here.
    External(String),
}

impl Type {
    /// Returns the type of this API that is used, whether or not `null` can stand in its place.
    #[must_use]
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::Boxed(_, inner) | Self::Nullable(inner) => inner.named(),
            Self::Array(_) | Self::Map(_) | Self::Scalar(_) | Self::External(_) => None,
        }
    }
}

/// Types that need no declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    /// Only `null`.
    Null,
    /// `boolean`
    Bool,
    /// `integer` of 8 bits.
    I8,
    /// `integer` of 16 bits.
    I16,
    /// `integer` with format `int32`.
    I32,
    /// `integer`.
    I64,
    /// `integer` of 8 bits that is not negative.
    U8,
    /// `integer` of 16 bits that is not negative.
    U16,
    /// `integer` of 32 bits that is not negative.
    U32,
    /// `integer` that is not negative.
    U64,
    /// `number`
    Number,
    /// `string`
    String,
    /// `string` with format `date-time`.
    Timestamp,
    /// `object` without any further statement.
    JsonObject,
    /// Anything.
    Json,
}

impl Scalar {
    /// Returns the JSON type of its values; `None` where that is any.
    #[must_use]
    pub fn json_type(self) -> Option<JsonType> {
        Some(match self {
            Self::Null => JsonType::Null,
            Self::Bool => JsonType::Boolean,
            Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::U8 | Self::U16 | Self::U32 | Self::U64 => {
                JsonType::Integer
            }
            Self::Number => JsonType::Number,
            Self::String | Self::Timestamp => JsonType::String,
            Self::JsonObject => JsonType::Object,
            Self::Json => return None,
        })
    }

    /// Returns the format that documents give it; `None` for what is not an integer.
    #[must_use]
    pub fn format(self) -> Option<&'static str> {
        Some(match self {
            Self::I8 => "int8",
            Self::I16 => "int16",
            Self::I32 => "int32",
            Self::I64 => "int64",
            Self::U8 => "uint8",
            Self::U16 => "uint16",
            Self::U32 => "uint32",
            Self::U64 => "uint64",
            Self::Null | Self::Bool | Self::Number | Self::String | Self::Timestamp | Self::JsonObject | Self::Json => {
                return None;
            }
        })
    }

    /// Returns the least and the greatest integer of it; `None` for what is not an integer.
    #[must_use]
    pub fn range(self) -> Option<(i128, i128)> {
        Some(match self {
            Self::I8 => (i8::MIN.into(), i8::MAX.into()),
            Self::I16 => (i16::MIN.into(), i16::MAX.into()),
            Self::I32 => (i32::MIN.into(), i32::MAX.into()),
            Self::I64 => (i64::MIN.into(), i64::MAX.into()),
            Self::U8 => (0, u8::MAX.into()),
            Self::U16 => (0, u16::MAX.into()),
            Self::U32 => (0, u32::MAX.into()),
            Self::U64 => (0, u64::MAX.into()),
            Self::Null | Self::Bool | Self::Number | Self::String | Self::Timestamp | Self::JsonObject | Self::Json => {
                return None;
            }
        })
    }
}
