//! What a document says about values beyond their types.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{self, Docs, Fact, Field, FieldValue, Type, TypeId};
use eventwire_document::schema::CONDITIONS;
use serde_json::Value;

use super::label::quoted;
use super::values::Base;
use super::walk::{Site, Walk};
use super::{Reading, Rule, Side, Wire};

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
        default(walk, site, &old.docs.facts, &new.docs.facts);
    } else {
        docs(walk, site, &old.docs, &new.docs);
    }
}

/// Compares everything that is said.
pub(super) fn docs(walk: &mut Walk<'_>, site: &Site, old: &Docs, new: &Docs) {
    deprecated(walk, site, old, new);
    default(walk, site, &old.facts, &new.facts);
    limits(walk, site, &old.facts, &new.facts);
}

/// Compares what limits values. A document can say the same kind of thing twice.
pub(super) fn limits(walk: &mut Walk<'_>, site: &Site, old: &[Fact], new: &[Fact]) {
    let own = |facts: &[Fact], others: &[Fact]| -> Vec<Limit> {
        let limits = |facts: &[Fact]| facts.iter().filter_map(Limit::of).collect::<Vec<_>>();
        let others = limits(others);
        limits(facts).into_iter().filter(|limit| !others.iter().any(|other| limit.is(other))).collect()
    };
    let (mut gone, added) = (own(old, new), own(new, old));
    for limit in &added {
        let before = gone.iter().position(|known| known.keyword == limit.keyword).map(|index| gone.remove(index));
        limited(walk, site, before.as_ref(), Some(limit));
    }
    for limit in &gone {
        limited(walk, site, Some(limit), None);
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
    let value = |facts: &[Fact]| {
        facts.iter().find_map(|fact| match fact {
            Fact::Default(value) => Some(quoted(value)),
            Fact::Format(_) | Fact::Limit(..) | Fact::Values(_) | Fact::Security(_) => None,
        })
    };
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
        limits(walk, &site, &facts(&before), &facts(&after));
    }
    parts(walk, &site, (was, &before), (is, &after));
}

/// What a document says about the values of one place.
pub(super) type Rules<'a> = Vec<&'a ir::Rule>;

impl Side {
    /// What is said about the values of each member.
    pub(super) fn rules_of_members(&self, owner: TypeId) -> BTreeMap<&str, Rules<'_>> {
        let table = self.api.rules.types.get(owner.0).copied().flatten();
        let own = table.and_then(|table| self.api.rules.tables.get(table)).map_or(&[][..], |table| &table.rules);
        let mut members: BTreeMap<&str, Rules<'_>> = BTreeMap::new();
        for rule in self.said(own.iter().collect()) {
            if let ir::Rule::Members(names, rules) = rule {
                for name in names {
                    members.entry(name).or_default().extend(rules);
                }
            }
        }
        members.into_iter().map(|(name, rules)| (name, self.said(rules))).collect()
    }

    /// What is said about the elements of a list, or the values of a map.
    fn rules_of_parts<'s>(&'s self, rules: &Rules<'s>) -> Rules<'s> {
        let inside = rules.iter().filter_map(|rule| match rule {
            ir::Rule::Elements(rules) | ir::Rule::OtherMembers { rules, .. } => Some(rules),
            _ => None,
        });
        self.said(inside.flatten().collect())
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

/// What rules say about scalars.
pub(super) fn facts(rules: &Rules<'_>) -> Vec<Fact> {
    rules.iter().filter_map(|rule| fact(rule)).collect()
}

/// What a rule says about scalars, if it is about them.
pub(super) fn fact(rule: &ir::Rule) -> Option<Fact> {
    Some(match rule {
        ir::Rule::Number(limit, value) => Fact::Limit(limit.keyword().to_owned(), value.clone()),
        ir::Rule::Count(limit, count) => Fact::Limit(limit.keyword().to_owned(), count.to_string()),
        ir::Rule::Pattern(pattern) => Fact::Limit("pattern".to_owned(), Value::from(pattern.as_str()).to_string()),
        ir::Rule::Format(format) => Fact::Format(format.name().to_owned()),
        ir::Rule::Enum(values) => Fact::Values(values.clone()),
        ir::Rule::UniqueItems => Fact::Limit("uniqueItems".to_owned(), "true".to_owned()),
        ir::Rule::Table(_)
        | ir::Rule::Never
        | ir::Rule::Type(_)
        | ir::Rule::Listed(_)
        | ir::Rule::Elements(_)
        | ir::Rule::Element(..)
        | ir::Rule::ElementsFrom(..)
        | ir::Rule::Contains(_)
        | ir::Rule::Required(_)
        | ir::Rule::Members(..)
        | ir::Rule::MembersLike(..)
        | ir::Rule::OtherMembers { .. }
        | ir::Rule::MemberNames(_)
        | ir::Rule::IfMember(..)
        | ir::Rule::OrNull(_)
        | ir::Rule::Choice(_)
        | ir::Rule::Tagged { .. }
        | ir::Rule::Not(_)
        | ir::Rule::If { .. } => return None,
    })
}

/// Formats of integers that decide their type, and are told with it.
const WIDTHS: [&str; 7] = ["int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64"];

/// Something that limits values.
#[derive(Debug)]
struct Limit {
    /// What people call it; two of the same name are of the same kind.
    keyword: String,
    /// Its value, as people read it.
    value: String,
    /// What it allows, where that can be said.
    allows: Allowed,
}

/// What a limit allows.
#[derive(Debug, PartialEq)]
enum Allowed {
    /// This and what is more.
    From(f64),
    /// This and what is less.
    UpTo(f64),
    /// Just these.
    Values(BTreeSet<String>),
    /// Nothing that another limit of the kind could be compared with.
    Own,
}

impl Allowed {
    fn by(keyword: &str, value: &str) -> Self {
        let Ok(number) = value.parse() else { return Self::Own };
        match keyword {
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => Self::From(number),
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => Self::UpTo(number),
            _ => Self::Own,
        }
    }

    /// Whether everything that the other one allows is allowed.
    fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::From(own), Self::From(other)) => own <= other,
            (Self::UpTo(own), Self::UpTo(other)) => own >= other,
            (Self::Values(own), Self::Values(other)) => own.is_superset(other),
            (Self::From(_) | Self::UpTo(_) | Self::Values(_) | Self::Own, _) => false,
        }
    }
}

impl Limit {
    /// Whether it says the same; the order of values means nothing.
    fn is(&self, other: &Self) -> bool {
        let same_values = matches!(self.allows, Allowed::Values(_)) && self.allows == other.allows;
        self.keyword == other.keyword && (self.value == other.value || same_values)
    }

    fn of(fact: &Fact) -> Option<Self> {
        let plain =
            |keyword: &str, value: String| Some(Self { keyword: keyword.to_owned(), value, allows: Allowed::Own });
        match fact {
            Fact::Default(_) => None,
            Fact::Format(format) if WIDTHS.contains(&format.as_str()) => None,
            Fact::Format(format) => plain(FORMAT, quoted(format)),
            // They can refer to other schemas, so it is what they come to that is compared.
            Fact::Limit(keyword, _) if CONDITIONS.contains(&keyword.as_str()) => None,
            Fact::Limit(keyword, value) => {
                Some(Self { keyword: quoted(keyword), value: quoted(value), allows: Allowed::by(keyword, value) })
            }
            Fact::Values(values) => Some(Self {
                keyword: "the values".to_owned(),
                value: values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "),
                allows: Allowed::Values(values.iter().cloned().collect()),
            }),
            Fact::Security(alternatives) => {
                let together = |names: &Vec<String>| match names.as_slice() {
                    [] => "nothing".to_owned(),
                    names => listed(names.iter().map(|name| quoted(name)), " and "),
                };
                plain("the credentials", listed(alternatives.iter().map(together), ", or "))
            }
        }
    }
}

const FORMAT: &str = "the format";

/// Texts whose order means nothing.
fn listed(texts: impl Iterator<Item = String>, between: &str) -> String {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts.join(between)
}

/// One constraint that is not what it was.
fn limited(walk: &mut Walk<'_>, site: &Site, old: Option<&Limit>, new: Option<&Limit>) {
    let label = &site.label;
    let (message, tighter, looser) = match (old, new) {
        (None, None) => return,
        (None, Some(Limit { keyword, value, .. })) => (format!("{label} has {keyword} {value}"), true, false),
        (Some(Limit { keyword, value, .. }), None) => {
            (format!("{label} has {keyword} no more; it was {value}"), false, true)
        }
        (Some(was), Some(is)) => {
            let (tighter, looser) = (was.allows.includes(&is.allows), is.allows.includes(&was.allows));
            (format!("{} of {label} was {} and is {}", is.keyword, was.value, is.value), tighter, looser)
        }
    };
    let (rule, wire) = match (tighter, looser) {
        (true, _) => (Rule::ConstraintAdded, Wire::new(Reading::Understood, Reading::Tolerated)),
        (false, true) => (Rule::ConstraintRemoved, Wire::new(Reading::Tolerated, Reading::Understood)),
        (false, false) => (Rule::ConstraintChanged, Wire::new(Reading::Tolerated, Reading::Tolerated)),
    };
    let is_format = old.or(new).is_some_and(|limit| limit.keyword == FORMAT);
    let rule = if is_format { Rule::FormatChanged } else { rule };
    push(walk, site, rule, message, wire);
}

pub(super) fn push(walk: &mut Walk<'_>, site: &Site, rule: Rule, message: String, wire: Wire) {
    let found = walk.found(rule, message, wire).old(site.old.clone()).new_at(site.new.clone());
    walk.changes.push(found);
}
