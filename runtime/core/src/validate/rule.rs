//! Rules as generated code writes them: a schema as data.

use super::{Format, Pattern};
use crate::JsonKind;

/// One thing that a document says about values.
///
/// A rule about another kind of value than the one at hand is kept by it, as in JSON Schema: a number has no length.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// All rules of another table.
    All(&'static &'static [Self]),
    /// The schema `false`: there is no such value.
    Never,
    /// `type`: one of these.
    Type(&'static [Type]),
    /// `enum` or `const` of strings: one of these.
    StringEnum(&'static [&'static str]),
    /// `enum` or `const`: one of these, as JSON.
    Enum(&'static [&'static str]),
    /// `format`
    Format(Format),
    /// `minLength`, in Unicode scalar values.
    MinLength(u64),
    /// `maxLength`, in Unicode scalar values.
    MaxLength(u64),
    /// `pattern`
    Pattern(&'static Pattern),
    /// `minimum`, as JSON.
    Minimum(&'static str),
    /// `maximum`, as JSON.
    Maximum(&'static str),
    /// `exclusiveMinimum`, as JSON.
    ExclusiveMinimum(&'static str),
    /// `exclusiveMaximum`, as JSON.
    ExclusiveMaximum(&'static str),
    /// `multipleOf`, as JSON.
    MultipleOf(&'static str),
    /// `minItems`
    MinItems(u64),
    /// `maxItems`
    MaxItems(u64),
    /// `uniqueItems`
    UniqueItems,
    /// `items`: all elements keep the rules.
    Elements(&'static [Self]),
    /// `items` by position: an element, from 0, keeps the rules.
    Element(usize, &'static [Self]),
    /// `additionalItems`: the elements from a position on keep the rules.
    ElementsFrom(usize, &'static [Self]),
    /// `contains`: some element keeps the rules.
    Contains(&'static [Self]),
    /// `minProperties`
    MinProperties(u64),
    /// `maxProperties`
    MaxProperties(u64),
    /// `required`: these members are there.
    Required(&'static [&'static str]),
    /// `properties`: each of these members keeps the rules, if it is there.
    Properties(&'static [&'static str], &'static [Self]),
    /// `patternProperties`: the members with such a name keep the rules.
    PatternProperties(&'static Pattern, &'static [Self]),
    /// `additionalProperties`: all members but these, and but those with such names, keep the rules.
    AdditionalProperties(&'static [&'static str], &'static [&'static Pattern], &'static [Self]),
    /// `propertyNames`: the names, as strings, keep the rules.
    PropertyNames(&'static [Self]),
    /// `dependencies`: the object keeps the rules if it has the member.
    Dependent(&'static str, &'static [Self]),
    /// `nullable`: `null`, or a value that keeps the rules.
    OrNull(&'static [Self]),
    /// `anyOf`: a value keeps the rules of an alternative.
    AnyOf(&'static [&'static [Self]]),
    /// `oneOf`: a value keeps the rules of just one alternative.
    OneOf(&'static [&'static [Self]]),
    /// Alternatives that a scalar at this path of members distinguishes: the tags of each, and its rules.
    Tagged(&'static [&'static str], &'static [(&'static [&'static str], &'static [Self])]),
    /// `not`: a value does not keep the rules.
    Not(&'static [Self]),
    /// `if`, `then`, `else`: a value that keeps the first rules keeps the second ones, any other the third ones.
    If(&'static [Self], &'static [Self], &'static [Self]),
}

impl Rule {
    /// `type`: `null`.
    pub const NULL: Self = Self::Type(&[Type::Null]);
    /// `type`: `true` or `false`.
    pub const BOOLEAN: Self = Self::Type(&[Type::Boolean]);
    /// `type`: a number without fraction.
    pub const INTEGER: Self = Self::Type(&[Type::Integer]);
    /// `type`: any number.
    pub const NUMBER: Self = Self::Type(&[Type::Number]);
    /// `type`: a string.
    pub const STRING: Self = Self::Type(&[Type::String]);
    /// `type`: an array.
    pub const ARRAY: Self = Self::Type(&[Type::Array]);
    /// `type`: an object.
    pub const OBJECT: Self = Self::Type(&[Type::Object]);
}

/// The types of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number without fraction; `1.0` is one.
    Integer,
    /// Any number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Type {
    /// With its article: `a string`, `an object`.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }

    /// The kind of all its values.
    pub(super) fn kind(self) -> JsonKind {
        match self {
            Self::Null => JsonKind::Null,
            Self::Boolean => JsonKind::Bool,
            Self::Integer | Self::Number => JsonKind::Number,
            Self::String => JsonKind::String,
            Self::Array => JsonKind::Array,
            Self::Object => JsonKind::Object,
        }
    }
}
