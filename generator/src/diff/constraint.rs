//! What a document says about values beyond their types.

use std::collections::BTreeSet;

use serde_json::Value;

use super::pair::{Site, Walk};
use super::reads::Base;
use super::{Reading, Rule, Side, Wire};
use crate::ir::{self, Docs, Field, FieldValue, Type, TypeId};

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
    compared(walk, site, &old, &new);
}

fn compared(walk: &mut Walk<'_>, site: &Site, old: &[Fact], new: &[Fact]) {
    for (keyword, value) in new {
        let before = old.iter().find(|(known, _)| known == keyword).map(|(_, value)| value.as_str());
        if before != Some(value) {
            limit(walk, site, keyword, before, Some(value));
        }
    }
    for (keyword, value) in old {
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

/// Compares what is said about the elements of lists and the values of maps, where these are scalars.
pub(super) fn parts(walk: &mut Walk<'_>, site: &Site, old: (&Type, &Rules<'_>), new: (&Type, &Rules<'_>)) {
    let (from, to) = (walk.old.resolve(old.0).base, walk.new.resolve(new.0).base);
    let (word, was, is) = match (from, to) {
        (Base::Array(was), Base::Array(is)) => ("each element", was, is),
        (Base::Map(was), Base::Map(is)) => ("each value", was, is),
        (Base::Named(_) | Base::Array(_) | Base::Map(_) | Base::Scalar(_) | Base::External(_), _) => return,
    };
    let (before, after) = (walk.old.rules_of_parts(old.1), walk.new.rules_of_parts(new.1));
    let site = site.within(word);
    if let (Base::Scalar(_), Base::Scalar(_)) = (walk.old.resolve(was).base, walk.new.resolve(is).base) {
        let limits = |rules: &Rules<'_>| rules.iter().filter_map(|rule| limit_of(rule)).collect::<Vec<Fact>>();
        compared(walk, &site, &limits(&before), &limits(&after));
    }
    parts(walk, &site, (was, &before), (is, &after));
}

/// What a document says about the values of one place.
pub(super) type Rules<'a> = Vec<&'a ir::Rule>;

impl Side {
    /// What is said about the values of a member.
    pub(super) fn rules_of_member(&self, owner: TypeId, wire: &str) -> Rules<'_> {
        let table = self.api.rules.types.get(owner.0).copied().flatten();
        let own = table.and_then(|table| self.api.rules.tables.get(table)).map_or(&[][..], |table| &table.rules);
        let own = self.said(own.iter().collect());
        self.inside(&own, |rule| match rule {
            ir::Rule::Members(names, rules) if names.iter().any(|name| name == wire) => Some(rules),
            _ => None,
        })
    }

    /// What is said about the elements of a list, or the values of a map.
    fn rules_of_parts<'s>(&'s self, rules: &Rules<'s>) -> Rules<'s> {
        self.inside(rules, |rule| match rule {
            ir::Rule::Elements(rules) | ir::Rule::OtherMembers { rules, .. } => Some(rules),
            _ => None,
        })
    }

    fn inside<'s>(
        &'s self,
        rules: &[&'s ir::Rule],
        pick: impl Fn(&'s ir::Rule) -> Option<&'s Vec<ir::Rule>>,
    ) -> Rules<'s> {
        self.said(rules.iter().filter_map(|rule| pick(rule)).flatten().collect())
    }

    /// Rules with those of the tables that they name.
    fn said<'s>(&'s self, rules: Rules<'s>) -> Rules<'s> {
        let (mut open, mut seen, mut said) = (rules, BTreeSet::new(), Vec::new());
        while let Some(rule) = open.pop() {
            match rule {
                ir::Rule::Table(table) if seen.insert(*table) => {
                    open.extend(self.api.rules.tables.get(*table).into_iter().flat_map(|table| &table.rules));
                }
                ir::Rule::Table(_) => {}
                ir::Rule::OrNull(rules) => open.extend(rules),
                rule => said.push(rule),
            }
        }
        said.reverse();
        said
    }
}

/// A keyword and its value, for a rule that limits scalars.
fn limit_of(rule: &ir::Rule) -> Option<Fact> {
    let (keyword, value) = match rule {
        ir::Rule::Number(limit, value) => (limit.keyword(), value.clone()),
        ir::Rule::Count(limit, count) => (limit.keyword(), count.to_string()),
        ir::Rule::Pattern(pattern) => ("pattern", Value::from(pattern.as_str()).to_string()),
        ir::Rule::Format(format) => (FORMAT, format.name().to_owned()),
        _ => return None,
    };
    Some((keyword.to_owned(), format!("`{value}`")))
}

/// A keyword and its value.
type Fact = (String, String);

const DEFAULT: &str = "Default";
const FORMAT: &str = "Format";
const SECURITY: &str = "Security";

/// Formats of integers that decide their type.
const WIDTHS: [&str; 7] = ["int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64"];

/// What the docs say, taken apart: each fact is a sentence about one keyword.
fn facts(docs: &Docs) -> Vec<Fact> {
    let fact = |text: &String| {
        let text = text.trim_end_matches('.');
        let (keyword, value) = text.split_once(": ").or_else(|| text.split_once(" of ")).unwrap_or((text, ""));
        // The order of alternatives means nothing.
        let mut alternatives: Vec<&str> = value.split(", or ").collect();
        if keyword == SECURITY {
            alternatives.sort_unstable();
        }
        (keyword.trim_matches('`').to_owned(), alternatives.join(", or "))
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
        SECURITY => "the credentials".to_owned(),
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
