//! Which values the keywords that limit values take.

use crate::source::{Kind, Node};

/// What is wrong with a regular expression.
pub(super) const NO_PATTERN: &str = "not a regular expression of ECMA-262";

/// Why a keyword says nothing with a value.
pub(super) fn fault(keyword: &str, value: &Node) -> Option<&'static str> {
    let number = value.as_number().is_some();
    let (kept, fault) = match keyword {
        "minimum" | "maximum" => (number, "not a number"),
        // OpenAPI 3.0 and draft-04 make the other bound exclusive.
        "exclusiveMinimum" | "exclusiveMaximum" => (number || value.as_bool().is_some(), "not a number"),
        "multipleOf" => (value.as_f64().is_some_and(|number| number > 0.0), "not a number above zero"),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            (value.as_u64().is_some(), "not a count")
        }
        "uniqueItems" => (value.as_bool().is_some(), "neither `true` nor `false`"),
        "pattern" => (value.as_str().is_some_and(is_pattern), NO_PATTERN),
        _ => (true, ""),
    };
    (!kept && !matches!(value.kind, Kind::Null)).then_some(fault)
}

/// Whether a text is a regular expression of ECMA-262.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    regress::Regex::with_flags(text, "u").is_ok() || regress::Regex::new(text).is_ok()
}
