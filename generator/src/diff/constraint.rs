//! What a document says about values beyond their types.

use super::pair::{Site, Walk};
use super::reads::Base;
use super::{Reading, Rule, Wire};
use crate::ir::{Docs, Field, FieldValue};

/// Compares what is said about a member, unless its type is declared: then it is said there.
pub(super) fn member(walk: &mut Walk<'_>, site: &Site, old: &Field, new: &Field) {
    let (old_walk, new_walk) = (walk.old, walk.new);
    let declared = |side: &super::Side, value: &FieldValue| match value {
        FieldValue::Constant(_) => true,
        FieldValue::Required(used) | FieldValue::Optional(used) => {
            matches!(side.resolve(used).base, Base::Named(_))
        }
    };
    if declared(old_walk, &old.value) && declared(new_walk, &new.value) {
        deprecated(walk, site, &old.docs, &new.docs);
        default(walk, site, &facts(&old.docs), &facts(&new.docs));
    } else {
        docs(walk, site, &old.docs, &new.docs);
    }
}

/// Compares everything that is said.
pub(super) fn docs(walk: &mut Walk<'_>, site: &Site, old: &Docs, new: &Docs) {
    deprecated(walk, site, old, new);
    let (old, new) = (facts(old), facts(new));
    default(walk, site, &old, &new);
    for (keyword, value) in &new {
        let before = old.iter().find(|(known, _)| known == keyword).map(|(_, value)| value.as_str());
        if before != Some(value) {
            limit(walk, site, keyword, before, Some(value));
        }
    }
    for (keyword, value) in &old {
        if !new.iter().any(|(known, _)| known == keyword) {
            limit(walk, site, keyword, Some(value), None);
        }
    }
}

fn deprecated(walk: &mut Walk<'_>, site: &Site, old: &Docs, new: &Docs) {
    let word = match (old.deprecated, new.deprecated) {
        (true, true) | (false, false) => return,
        (false, true) => "deprecated",
        (true, false) => "not deprecated any more",
    };
    push(walk, site, Rule::DeprecatedChanged, format!("{} is {word}", site.label), Wire::SAME);
}

fn default(walk: &mut Walk<'_>, site: &Site, old: &[Fact], new: &[Fact]) {
    let value = |facts: &[Fact]| facts.iter().find(|(keyword, _)| keyword == DEFAULT).map(|(_, value)| value.clone());
    let message = match (value(old), value(new)) {
        (None, None) => return,
        (Some(was), Some(is)) if was == is => return,
        (None, Some(is)) => format!("{} has the default {is}", site.label),
        (Some(was), Some(is)) => format!("the default of {} was {was} and is {is}", site.label),
        (Some(was), None) => format!("{} has no default any more; it was {was}", site.label),
    };
    push(walk, site, Rule::DefaultChanged, message, Wire::SAME);
}

/// A keyword and its value.
type Fact = (String, String);

const DEFAULT: &str = "Default";
const FORMAT: &str = "Format";

/// Formats of integers that decide their type.
const WIDTHS: [&str; 7] = ["int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64"];

/// What the docs say, taken apart: each fact is a sentence about one keyword.
fn facts(docs: &Docs) -> Vec<Fact> {
    let fact = |text: &String| {
        let text = text.trim_end_matches('.');
        let (keyword, value) = text.split_once(": ").or_else(|| text.split_once(" of ")).unwrap_or((text, ""));
        (keyword.trim_matches('`').to_owned(), value.to_owned())
    };
    docs.facts.iter().map(fact).collect()
}

/// One constraint that is not what it was.
fn limit(walk: &mut Walk<'_>, site: &Site, keyword: &str, old: Option<&str>, new: Option<&str>) {
    // A format that decides the type is told with the type.
    let typed = |value: Option<&str>| value.is_some_and(|value| WIDTHS.contains(&value.trim_matches('`')));
    if keyword == DEFAULT || keyword == FORMAT && (typed(old) || typed(new)) {
        return;
    }
    let label = &site.label;
    let (message, tighter, looser) = match (old, new) {
        (None, Some(is)) => (format!("{label} has {} {is}", said(keyword)), true, false),
        (Some(was), None) => (format!("{label} has {} no more; it was {was}", said(keyword)), false, true),
        (was, is) => {
            let (was, is) = (was.unwrap_or_default(), is.unwrap_or_default());
            let order = compare(was, is);
            let upward = order == Some(std::cmp::Ordering::Less);
            let downward = order == Some(std::cmp::Ordering::Greater);
            let (tighter, looser) = match keyword {
                "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => (upward, downward),
                "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => (downward, upward),
                _ => (false, false),
            };
            (format!("{} of {label} was {was} and is {is}", said(keyword)), tighter, looser)
        }
    };
    let worse = |it: bool| if it { Reading::Tolerated } else { Reading::Understood };
    let (rule, wire) = match (tighter, looser) {
        (true, _) => (Rule::ConstraintAdded, Wire::new(Reading::Understood, worse(true))),
        (false, true) => (Rule::ConstraintRemoved, Wire::new(worse(true), Reading::Understood)),
        (false, false) => (Rule::ConstraintChanged, Wire::new(worse(true), worse(true))),
    };
    let rule = if keyword == FORMAT { Rule::FormatChanged } else { rule };
    push(walk, site, rule, message, wire);
}

fn said(keyword: &str) -> String {
    match keyword {
        FORMAT => "the format".to_owned(),
        "One" => "the values".to_owned(),
        keyword => format!("`{keyword}`"),
    }
}

fn compare(was: &str, is: &str) -> Option<std::cmp::Ordering> {
    let number = |text: &str| text.trim_matches('`').parse::<f64>().ok();
    number(was)?.partial_cmp(&number(is)?)
}

fn push(walk: &mut Walk<'_>, site: &Site, rule: Rule, message: String, wire: Wire) {
    let found = walk.found(rule, message, wire).old(site.old.clone()).new_at(site.new.clone());
    walk.changes.push(found);
}
