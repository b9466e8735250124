//! Constraints of single values, for both documentation and `validate`.

use super::view::{Form, View};
use crate::ir::{DocNote, TypeDef};
use crate::schema::{JsonType, is_pattern};
use crate::source::Node;

/// A limit on single values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Limit {
    /// On a number; the bound as JSON.
    Number(NumberLimit, String),
    /// On a length or count.
    Count(CountLimit, u64),
    /// A regular expression.
    Pattern(String),
    /// All elements differ.
    UniqueItems,
}

/// A limit on a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberLimit {
    /// `minimum`
    Minimum,
    /// `maximum`
    Maximum,
    /// `exclusiveMinimum`
    ExclusiveMinimum,
    /// `exclusiveMaximum`
    ExclusiveMaximum,
    /// `multipleOf`
    MultipleOf,
}

/// A limit on a length or count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CountLimit {
    /// `minLength`
    MinLength,
    /// `maxLength`
    MaxLength,
    /// `minItems`
    MinItems,
    /// `maxItems`
    MaxItems,
    /// `minProperties`
    MinProperties,
    /// `maxProperties`
    MaxProperties,
}

impl Limit {
    /// Returns the limit of a constraint; `None` for one that is not checked. `constraints` are those of the same schema:
    /// in draft-04, `exclusiveMinimum` is a flag that changes `minimum`.
    pub(in crate::ir) fn of(keyword: &str, value: &Node, constraints: &[(String, Node)]) -> Option<Self> {
        let is_exclusive = |flag: &str| {
            let flag = constraints.iter().find(|(keyword, _)| keyword == flag);
            flag.and_then(|(_, value)| value.as_bool()) == Some(true)
        };
        let count = |limit: CountLimit| value.as_u64().map(|count| Self::Count(limit, count));
        let number = |limit: NumberLimit| value.as_number().map(|_| Self::Number(limit, json(value)));
        match keyword {
            "minimum" if is_exclusive("exclusiveMinimum") => number(NumberLimit::ExclusiveMinimum),
            "maximum" if is_exclusive("exclusiveMaximum") => number(NumberLimit::ExclusiveMaximum),
            "minimum" => number(NumberLimit::Minimum),
            "maximum" => number(NumberLimit::Maximum),
            "exclusiveMinimum" => number(NumberLimit::ExclusiveMinimum),
            "exclusiveMaximum" => number(NumberLimit::ExclusiveMaximum),
            "multipleOf" if value.as_f64().is_some_and(|divisor| divisor > 0.0) => number(NumberLimit::MultipleOf),
            "minLength" => count(CountLimit::MinLength),
            "maxLength" => count(CountLimit::MaxLength),
            "minItems" => count(CountLimit::MinItems),
            "maxItems" => count(CountLimit::MaxItems),
            "minProperties" => count(CountLimit::MinProperties),
            "maxProperties" => count(CountLimit::MaxProperties),
            "pattern" => value.as_str().filter(|text| is_pattern(text)).map(|text| Self::Pattern(text.to_owned())),
            "uniqueItems" => (value.as_bool() == Some(true)).then_some(Self::UniqueItems),
            _ => None,
        }
    }

    /// Returns the keyword in current drafts.
    #[must_use]
    pub const fn keyword(&self) -> &'static str {
        match self {
            Self::Number(NumberLimit::Minimum, _) => "minimum",
            Self::Number(NumberLimit::Maximum, _) => "maximum",
            Self::Number(NumberLimit::ExclusiveMinimum, _) => "exclusiveMinimum",
            Self::Number(NumberLimit::ExclusiveMaximum, _) => "exclusiveMaximum",
            Self::Number(NumberLimit::MultipleOf, _) => "multipleOf",
            Self::Count(CountLimit::MinLength, _) => "minLength",
            Self::Count(CountLimit::MaxLength, _) => "maxLength",
            Self::Count(CountLimit::MinItems, _) => "minItems",
            Self::Count(CountLimit::MaxItems, _) => "maxItems",
            Self::Count(CountLimit::MinProperties, _) => "minProperties",
            Self::Count(CountLimit::MaxProperties, _) => "maxProperties",
            Self::Pattern(_) => "pattern",
            Self::UniqueItems => "uniqueItems",
        }
    }

    /// Returns its documentation.
    #[must_use]
    pub fn note(&self) -> DocNote {
        let value = match self {
            Self::Number(_, value) => value.clone(),
            Self::Count(_, count) => count.to_string(),
            Self::Pattern(pattern) => serde_json::Value::from(pattern.as_str()).to_string(),
            Self::UniqueItems => "true".to_owned(),
        };
        DocNote::Keyword(self.keyword().to_owned(), value)
    }

    /// Whether some values of a view violate it.
    pub(super) fn restricts(&self, view: &View, types: &[TypeDef]) -> bool {
        match self {
            Self::Number(limit, value) => {
                view.may_be(&[JsonType::Integer, JsonType::Number])
                    && !view.forms.iter().all(|form| limit.holds(value.parse().ok(), form))
            }
            Self::Count(limit @ (CountLimit::MinItems | CountLimit::MaxItems), count) => {
                let (least, most) = view.lengths(types);
                let restricts = if *limit == CountLimit::MinItems { *count > least } else { *count < most };
                restricts && view.may_be(&[JsonType::Array])
            }
            Self::Count(CountLimit::MinLength, count) => *count > 0 && view.may_be(&[JsonType::String]),
            Self::Count(CountLimit::MaxLength, _) | Self::Pattern(_) => view.may_be(&[JsonType::String]),
            Self::Count(CountLimit::MinProperties, count) => *count > 0 && view.may_be(&[JsonType::Object]),
            Self::Count(CountLimit::MaxProperties, _) => view.may_be(&[JsonType::Object]),
            Self::UniqueItems => view.may_be(&[JsonType::Array]),
        }
    }
}

impl NumberLimit {
    /// Whether all values of a form keep the limit; `bound` is `None` unless it is an integer.
    fn holds(self, bound: Option<i128>, form: &Form) -> bool {
        match (form.range(), bound, form.types()) {
            (Some((least, most)), Some(bound), _) => match self {
                Self::Minimum => least >= bound,
                Self::Maximum => most <= bound,
                Self::ExclusiveMinimum => least > bound,
                Self::ExclusiveMaximum => most < bound,
                Self::MultipleOf => bound == 1,
            },
            (None | Some(_), _, Some(types)) => !types.contains(JsonType::Number) && !types.contains(JsonType::Integer),
            (None | Some(_), _, None) => false,
        }
    }
}

/// A value as JSON; a number as it is written, where that is JSON.
pub(super) fn json(value: &Node) -> String {
    let own = value.as_number().filter(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
    own.map_or_else(|| value.to_json().to_string(), str::to_owned)
}
