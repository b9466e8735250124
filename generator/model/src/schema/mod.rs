//! JSON Schema (draft-07 with AsyncAPI's additions) as data.
//!
//! Comes in: nodes. Goes out: [`Schemas`], an arena in which every schema is read once and refers to others by
//! [`SchemaId`], so that recursion of any kind is just a cycle of ids. Not done here: deciding what a schema means in
//! Rust; that is the IR's work, on top of [`Schemas::flatten`].

mod avro;
mod external_docs;
mod format;
mod intersection;
mod keyword;
mod read;
mod remote;

use std::collections::{BTreeSet, HashMap};

pub use format::SchemaFormat;
pub use intersection::{
    Additional, Annotations, Intersection, IntersectionItems, IntersectionProperty, UnionGroup, json_type,
};
pub use keyword::{KeywordRole, Operand, is_pattern, keyword_role};
pub use read::{SchemaReader, unread};

use crate::diagnostic::Span;
use crate::source::{Location, Node};

/// Names one schema of an arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(u32);

/// Every schema that a document reaches.
#[derive(Debug, Default)]
pub struct Schemas {
    arena: Vec<Schema>,
    ids: HashMap<Location, SchemaId>,
}

impl Schemas {
    /// Returns the schema of an id.
    #[must_use]
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.arena[id.0 as usize]
    }

    /// Every schema that some `$ref` aims at.
    #[must_use]
    pub fn referenced(&self) -> BTreeSet<SchemaId> {
        self.arena.iter().filter_map(|schema| schema.reference).collect()
    }

    /// Every schema that was read.
    #[must_use]
    pub fn all(&self) -> &[Schema] {
        &self.arena
    }

    /// Returns the schema read at a location, if one was.
    #[must_use]
    pub fn at(&self, location: &Location) -> Option<SchemaId> {
        self.ids.get(location).copied()
    }
}

/// One schema object or boolean schema.
#[derive(Debug)]
pub struct Schema {
    /// Where it stands.
    pub location: Location,
    /// What to point at: the key that holds it, or itself.
    pub span: Span,
    /// It is the boolean schema `false`.
    pub never: bool,
    /// `$ref`. Draft-07 ignores siblings; AsyncAPI documents mean them, so they are read as an intersection.
    pub reference: Option<SchemaId>,
    /// `type`.
    pub types: Option<Spanned<TypeSet>>,
    /// `nullable` (OpenAPI 3.0, common in real documents).
    pub nullable: bool,
    /// `properties`, in order.
    pub properties: Vec<Property>,
    /// `required`, in order.
    pub required: Vec<Spanned<String>>,
    /// `additionalProperties`.
    pub additional: Option<SchemaId>,
    /// `allOf`.
    pub all_of: Vec<SchemaId>,
    /// `format`.
    pub format: Option<Spanned<String>>,
    /// `description`.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// The keywords that few schemas have; see [`Schema::rare`].
    rare: Option<Box<RareKeywords>>,
}

/// The keywords of a schema that few schemas have: they are separate because documents have very many schemas.
#[derive(Debug)]
pub struct RareKeywords {
    /// `enum` and `const`: the values allowed.
    pub values: Option<Spanned<Vec<Node>>>,
    /// `patternProperties`, in order.
    pub patterns: Vec<Property>,
    /// `items` or `prefixItems`.
    pub items: Option<Items>,
    /// `oneOf`.
    pub one_of: Vec<SchemaId>,
    /// `anyOf`.
    pub any_of: Vec<SchemaId>,
    /// `discriminator`: the name of the property (AsyncAPI Schema Object).
    pub discriminator: Option<Spanned<String>>,
    /// `title`.
    pub title: Option<String>,
    /// `externalDocs`.
    pub external_docs: Option<ExternalDocs>,
    /// `default`.
    pub default: Option<Node>,
    /// Assertions that Rust types do not express, as written: keyword and value.
    pub constraints: Vec<(String, Node)>,
    /// Assertions that apply schemas under a condition or to a part of the value.
    pub conditions: Vec<Condition>,
    /// `x-eventwire-name`
    pub rust_name: Option<String>,
    /// `x-eventwire-type`
    pub rust_type: Option<String>,
}

impl RareKeywords {
    /// What a schema without any of these keywords has.
    const NONE: Self = Self {
        values: None,
        patterns: Vec::new(),
        items: None,
        one_of: Vec::new(),
        any_of: Vec::new(),
        discriminator: None,
        title: None,
        external_docs: None,
        default: None,
        constraints: Vec::new(),
        conditions: Vec::new(),
        rust_name: None,
        rust_type: None,
    };

    /// Whether there is none of these keywords.
    fn is_empty(&self) -> bool {
        let Self {
            values,
            patterns,
            items,
            one_of,
            any_of,
            discriminator,
            title,
            external_docs,
            default,
            constraints,
            conditions,
            rust_name,
            rust_type,
        } = self;
        values.is_none()
            && patterns.is_empty()
            && items.is_none()
            && one_of.is_empty()
            && any_of.is_empty()
            && discriminator.is_none()
            && title.is_none()
            && external_docs.is_none()
            && default.is_none()
            && constraints.is_empty()
            && conditions.is_empty()
            && rust_name.is_none()
            && rust_type.is_none()
    }
}

/// A link to further documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalDocs {
    /// `url`.
    pub url: String,
    /// `description`.
    pub description: Option<String>,
}

impl Schema {
    /// Returns the keywords that few schemas have.
    #[must_use]
    pub fn rare(&self) -> &RareKeywords {
        static NONE: RareKeywords = RareKeywords::NONE;
        self.rare.as_deref().unwrap_or(&NONE)
    }

    /// Returns whether the schema constrains nothing: only annotations, or the boolean schema `true`.
    #[must_use]
    pub fn is_vacuous(&self) -> bool {
        self.reference.is_none() && self.asserts_nothing()
    }

    /// Returns whether the schema is a `$ref` with nothing but annotations beside it.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        self.reference.is_some() && self.asserts_nothing()
    }

    fn asserts_nothing(&self) -> bool {
        self.all_of.is_empty() && self.asserts_only_all_of()
    }

    fn asserts_only_all_of(&self) -> bool {
        !self.nullable && self.asserts_only_nullable()
    }

    fn asserts_only_nullable(&self) -> bool {
        let rare = self.rare();
        !self.never
            && self.types.is_none()
            && self.properties.is_empty()
            && self.required.is_empty()
            && self.additional.is_none()
            && self.format.is_none()
            && rare.values.is_none()
            && rare.patterns.is_empty()
            && rare.items.is_none()
            && rare.one_of.is_empty()
            && rare.any_of.is_empty()
            && rare.constraints.is_empty()
    }
}

/// An assertion that applies schemas under a condition or to a part of the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// `not`
    Not(SchemaId),
    /// `if`, `then`, `else`
    If {
        /// What is tried.
        condition: SchemaId,
        /// What applies to values that satisfy it.
        then: Option<SchemaId>,
        /// What applies to all others.
        otherwise: Option<SchemaId>,
    },
    /// `contains`
    Contains(SchemaId),
    /// `propertyNames`
    Names(SchemaId),
    /// `dependencies`: a member that needs others.
    Needs {
        /// The member.
        name: String,
        /// What must be there too.
        names: Vec<String>,
    },
    /// `dependencies`: a member that makes a schema apply.
    Implies {
        /// The member.
        name: String,
        /// What applies to the object.
        schema: SchemaId,
    },
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// One member of `properties` or `patternProperties`.
#[derive(Debug, Clone)]
pub struct Property {
    /// The property's name, or the pattern.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// The property's schema.
    pub schema: SchemaId,
}

/// `items` in its two forms.
#[derive(Debug, Clone)]
pub enum Items {
    /// One schema for every element.
    Each(SchemaId),
    /// A schema per position, and what may follow (`None`: anything).
    Tuple {
        /// By position.
        positions: Vec<SchemaId>,
        /// `additionalItems`.
        rest: Option<SchemaId>,
    },
}

/// The JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl JsonType {
    /// Every type, in the order used for messages.
    pub const ALL: [Self; 7] =
        [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// Returns the keyword's spelling.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    fn bit(self) -> u8 {
        match self {
            Self::Null => 1,
            Self::Boolean => 2,
            Self::Integer => 4,
            Self::Number => 8,
            Self::String => 16,
            Self::Array => 32,
            Self::Object => 64,
        }
    }
}

/// A set of JSON types; `number` contains `integer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TypeSet(u8);

impl TypeSet {
    /// The set with one more type.
    #[must_use]
    pub fn with(self, json_type: JsonType) -> Self {
        Self(self.0 | json_type.bit())
    }

    /// The set without a type.
    #[must_use]
    pub fn without(self, json_type: JsonType) -> Self {
        Self(self.0 & !json_type.bit())
    }

    /// Returns whether a type is in the set.
    #[must_use]
    pub fn contains(self, json_type: JsonType) -> bool {
        self.0 & json_type.bit() != 0
    }

    /// Returns whether nothing is in the set.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The types that both sets allow: `integer` meets `number` in `integer`.
    #[must_use]
    pub fn meet(self, other: Self) -> Self {
        let mut both = Self(self.0 & other.0);
        let integers = |set: Self| set.contains(JsonType::Integer) || set.contains(JsonType::Number);
        if !both.contains(JsonType::Number) && integers(self) && integers(other) {
            both = both.with(JsonType::Integer);
        }
        both
    }

    /// Returns the only type of the set, if there is just one.
    #[must_use]
    pub fn single(self) -> Option<JsonType> {
        let mut types = self.iter();
        match (types.next(), types.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    /// Returns the types of the set.
    pub fn iter(self) -> impl Iterator<Item = JsonType> {
        JsonType::ALL.into_iter().filter(move |json_type| self.contains(*json_type))
    }
}

impl FromIterator<JsonType> for TypeSet {
    fn from_iter<I: IntoIterator<Item = JsonType>>(types: I) -> Self {
        types.into_iter().fold(Self::default(), Self::with)
    }
}

impl std::fmt::Display for TypeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, json_type) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { " or " };
            write!(f, "{separator}`{}`", json_type.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{JsonType, TypeSet};

    #[test]
    fn integer_meets_number_in_integer() {
        let set = |types: &[JsonType]| types.iter().copied().collect::<TypeSet>();
        for (left, right, both) in [
            (&[JsonType::Integer][..], &[JsonType::Number][..], &[JsonType::Integer][..]),
            (&[JsonType::Number], &[JsonType::Number], &[JsonType::Number]),
            (&[JsonType::String, JsonType::Null], &[JsonType::String], &[JsonType::String]),
            (&[JsonType::String], &[JsonType::Object], &[]),
        ] {
            assert_eq!(set(left).meet(set(right)), set(both));
            assert_eq!(set(right).meet(set(left)), set(both));
        }
    }
}
