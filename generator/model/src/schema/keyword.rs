//! The keywords of schemas: JSON Schema (drafts 04 to 2020-12), and what AsyncAPI and OpenAPI add.

use crate::source::{Kind, Node};

/// How a keyword is processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeywordRole {
    /// Most schemas have it: a field of [`Schema`](super::Schema).
    Common,
    /// Few schemas have it: a field of [`RareKeywords`](super::RareKeywords).
    Rare,
    /// Limits values: kept as written, for documentation and validation, if it has a value of this kind.
    Constraint(Operand),
    /// Limits values by schemas: kept as written for documentation, and read for validation.
    Condition,
    /// Changes what is valid and is not checked.
    Unchecked,
    /// Does not affect which values are valid.
    Ignored,
}

/// The values that a constraint takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand {
    Number,
    /// OpenAPI 3.0 and draft-04 make the other bound exclusive.
    NumberOrBoolean,
    PositiveNumber,
    Count,
    Boolean,
    Pattern,
    Any,
}

use KeywordRole::{Common, Condition, Constraint, Ignored, Rare, Unchecked};

/// Every keyword. Those that limit values are documented in this order.
const KEYWORDS: [(&str, KeywordRole); 72] = [
    ("type", Common),
    ("description", Common),
    ("$ref", Common),
    ("properties", Common),
    ("format", Common),
    ("required", Common),
    ("allOf", Common),
    ("additionalProperties", Common),
    ("nullable", Common),
    ("deprecated", Common),
    ("additionalItems", Rare),
    ("anyOf", Rare),
    ("const", Rare),
    ("default", Rare),
    ("discriminator", Rare),
    ("enum", Rare),
    ("externalDocs", Rare),
    ("items", Rare),
    ("oneOf", Rare),
    ("patternProperties", Rare),
    ("prefixItems", Rare),
    ("title", Rare),
    ("minimum", Constraint(Operand::Number)),
    ("maximum", Constraint(Operand::Number)),
    ("exclusiveMinimum", Constraint(Operand::NumberOrBoolean)),
    ("exclusiveMaximum", Constraint(Operand::NumberOrBoolean)),
    ("multipleOf", Constraint(Operand::PositiveNumber)),
    ("minLength", Constraint(Operand::Count)),
    ("maxLength", Constraint(Operand::Count)),
    ("pattern", Constraint(Operand::Pattern)),
    ("minItems", Constraint(Operand::Count)),
    ("maxItems", Constraint(Operand::Count)),
    ("uniqueItems", Constraint(Operand::Boolean)),
    ("minProperties", Constraint(Operand::Count)),
    ("maxProperties", Constraint(Operand::Count)),
    ("contentEncoding", Constraint(Operand::Any)),
    ("not", Condition),
    ("if", Condition),
    ("then", Condition),
    ("else", Condition),
    ("contains", Condition),
    ("propertyNames", Condition),
    ("dependencies", Condition),
    ("dependentRequired", Condition),
    ("dependentSchemas", Condition),
    ("contentSchema", Unchecked),
    ("unevaluatedItems", Unchecked),
    ("unevaluatedProperties", Unchecked),
    ("$anchor", Ignored),
    ("$comment", Ignored),
    ("$defs", Ignored),
    ("$dynamicAnchor", Ignored),
    ("$dynamicRef", Ignored),
    ("$id", Ignored),
    ("$recursiveAnchor", Ignored),
    ("$recursiveRef", Ignored),
    ("$schema", Ignored),
    ("$vocabulary", Ignored),
    ("contentMediaType", Ignored),
    ("definitions", Ignored),
    ("example", Ignored),
    ("examples", Ignored),
    ("id", Ignored),
    ("mapping", Ignored),
    ("maxContains", Ignored),
    ("minContains", Ignored),
    ("name", Ignored),
    ("optional", Ignored),
    ("readOnly", Ignored),
    ("summary", Ignored),
    ("writeOnly", Ignored),
    ("xml", Ignored),
];

/// The names of all keywords.
pub(super) const NAMES: [&str; KEYWORDS.len()] = {
    let mut names = [""; KEYWORDS.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = KEYWORDS[index].0;
        index += 1;
    }
    names
};

/// Returns the role of a keyword; `None` for an unknown one.
#[must_use]
pub fn keyword_role(name: &str) -> Option<KeywordRole> {
    KEYWORDS.iter().find(|(known, _)| *known == name).map(|(_, role)| *role)
}

/// Returns the members of a schema that limit values, in the order of the table.
pub(super) fn limits(node: &Node) -> impl Iterator<Item = (&'static str, KeywordRole, &crate::source::Member)> {
    let limits = KEYWORDS.iter().filter(|(_, role)| matches!(role, Constraint(_) | Condition | Unchecked));
    limits.filter_map(|(keyword, role)| Some((*keyword, *role, node.member(keyword)?)))
}

/// The label of an invalid regular expression.
pub(super) const NO_PATTERN: &str = "not a regular expression of ECMA-262";

impl Operand {
    /// Returns why a constraint has no meaning with a value.
    pub(super) fn fault(self, value: &Node) -> Option<&'static str> {
        let number = value.as_number().is_some();
        let (valid, fault) = match self {
            Self::Number => (number, "not a number"),
            Self::NumberOrBoolean => (number || value.as_bool().is_some(), "not a number"),
            Self::PositiveNumber => (value.as_f64().is_some_and(|number| number > 0.0), "not a number above zero"),
            Self::Count => (value.as_u64().is_some(), "not a count"),
            Self::Boolean => (value.as_bool().is_some(), "neither `true` nor `false`"),
            Self::Pattern => (value.as_str().is_some_and(is_pattern), NO_PATTERN),
            Self::Any => (true, ""),
        };
        (!valid && !matches!(value.kind, Kind::Null)).then_some(fault)
    }
}

/// Returns whether a text is a regular expression of ECMA-262.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    regress::Regex::with_flags(text, "u").is_ok() || regress::Regex::new(text).is_ok()
}
