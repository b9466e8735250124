//! Constraints, defaults and deprecations of values.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{self, DocNote, Documentation, Field, FieldValue, Type, TypeId};
use eventwire_document::schema::{KeywordRole, keyword_role};

use super::comparison::{ComparedPair, Comparison};
use super::label::quoted;
use super::values::ResolvedType;
use super::{ChangeKind, Reading, Side, Wire};

/// Compares the docs of a member, unless its type is declared: then they are compared there.
pub(super) fn member(comparison: &mut Comparison<'_>, pair: &ComparedPair, old: &Field, new: &Field) {
    let (old_walk, new_walk) = (comparison.old, comparison.new);
    let declared = |side: &super::Side, value: &FieldValue| match value {
        FieldValue::Constant(_) => true,
        FieldValue::Required(used) | FieldValue::Optional(used) => {
            matches!(side.resolve(used).base, ResolvedType::Named(_))
        }
    };
    if declared(old_walk, &old.value) && declared(new_walk, &new.value) {
        deprecated(comparison, pair, &old.docs, &new.docs);
        default(comparison, pair, &old.docs.notes, &new.docs.notes);
    } else {
        docs(comparison, pair, &old.docs, &new.docs);
    }
}

/// Compares documentation.
pub(super) fn docs(comparison: &mut Comparison<'_>, pair: &ComparedPair, old: &Documentation, new: &Documentation) {
    deprecated(comparison, pair, old, new);
    default(comparison, pair, &old.notes, &new.notes);
    limits(comparison, pair, &old.notes, &new.notes);
}

/// Compares constraints. A document can have the same kind of constraint twice.
pub(super) fn limits(comparison: &mut Comparison<'_>, pair: &ComparedPair, old: &[DocNote], new: &[DocNote]) {
    let own = |notes: &[DocNote], others: &[DocNote]| -> Vec<Limit> {
        let limits = |notes: &[DocNote]| notes.iter().filter_map(Limit::of).collect::<Vec<_>>();
        let others = limits(others);
        limits(notes).into_iter().filter(|limit| !others.iter().any(|other| limit.is(other))).collect()
    };
    let (mut gone, added) = (own(old, new), own(new, old));
    for limit in &added {
        let before = gone.iter().position(|known| known.keyword == limit.keyword).map(|index| gone.remove(index));
        limited(comparison, pair, before.as_ref(), Some(limit));
    }
    for limit in &gone {
        limited(comparison, pair, Some(limit), None);
    }
}

fn deprecated(comparison: &mut Comparison<'_>, pair: &ComparedPair, old: &Documentation, new: &Documentation) {
    let word = match (old.deprecated, new.deprecated) {
        (true, true) | (false, false) => return,
        (false, true) => "deprecated",
        (true, false) => "no longer deprecated",
    };
    push(comparison, pair, ChangeKind::DeprecatedChanged, format!("{} is {word}", pair.label), Wire::SAME);
}

fn default(comparison: &mut Comparison<'_>, pair: &ComparedPair, old: &[DocNote], new: &[DocNote]) {
    let value = |notes: &[DocNote]| {
        notes.iter().find_map(|note| match note {
            DocNote::Default(value) => Some(quoted(value)),
            DocNote::Format(_) | DocNote::Keyword(..) | DocNote::Values(_) | DocNote::Security(_) => None,
        })
    };
    let message = match (value(old), value(new)) {
        (None, None) => return,
        (Some(was), Some(is)) if was == is => return,
        (None, Some(is)) => format!("{} has the default {is}", pair.label),
        (Some(was), Some(is)) => format!("the default of {} was {was} and is {is}", pair.label),
        (Some(was), None) => format!("{} no longer has a default; it was {was}", pair.label),
    };
    push(comparison, pair, ChangeKind::DefaultChanged, message, Wire::SAME);
}

/// Compares the rules of the elements of lists and the values of maps, where these are scalars.
pub(super) fn parts(
    comparison: &mut Comparison<'_>,
    pair: &ComparedPair,
    old: (&Type, &RuleRefs<'_>),
    new: (&Type, &RuleRefs<'_>),
) {
    let (from, to) = (comparison.old.resolve(old.0).base, comparison.new.resolve(new.0).base);
    let (word, was, is) = match (from, to) {
        (ResolvedType::Array(was), ResolvedType::Array(is)) => ("each element", was, is),
        (ResolvedType::Map(was), ResolvedType::Map(is)) => ("each value", was, is),
        (
            ResolvedType::Named(_)
            | ResolvedType::Array(_)
            | ResolvedType::Map(_)
            | ResolvedType::Scalar(_)
            | ResolvedType::External(_),
            _,
        ) => return,
    };
    let (before, after) = (comparison.old.rules_of_parts(old.1), comparison.new.rules_of_parts(new.1));
    let pair = pair.within(word);
    if let (ResolvedType::Scalar(_), ResolvedType::Scalar(_)) =
        (comparison.old.resolve(was).base, comparison.new.resolve(is).base)
    {
        limits(comparison, &pair, &notes(&before), &notes(&after));
    }
    parts(comparison, &pair, (was, &before), (is, &after));
}

/// The rules of the values at one place.
pub(super) type RuleRefs<'a> = Vec<&'a ir::Rule>;

impl Side {
    /// The rules for the values of each member.
    pub(super) fn rules_of_members(&self, owner: TypeId) -> BTreeMap<&str, RuleRefs<'_>> {
        let table = self.api.rules.types.get(owner.0).copied().flatten();
        let own = table.and_then(|table| self.api.rules.tables.get(table)).map_or(&[][..], |table| &table.rules);
        let mut members: BTreeMap<&str, RuleRefs<'_>> = BTreeMap::new();
        for rule in self.expand_tables(own.iter().collect()) {
            if let ir::Rule::Properties(names, rules) = rule {
                for name in names {
                    members.entry(name).or_default().extend(rules);
                }
            }
        }
        members.into_iter().map(|(name, rules)| (name, self.expand_tables(rules))).collect()
    }

    /// The rules for the elements of a list, or the values of a map.
    fn rules_of_parts<'s>(&'s self, rules: &RuleRefs<'s>) -> RuleRefs<'s> {
        let inside = rules.iter().filter_map(|rule| match rule {
            ir::Rule::Elements(rules) | ir::Rule::AdditionalProperties { rules, .. } => Some(rules),
            _ => None,
        });
        self.expand_tables(inside.flatten().collect())
    }

    /// Returns rules together with those of the tables that they refer to.
    fn expand_tables<'s>(&'s self, rules: RuleRefs<'s>) -> RuleRefs<'s> {
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

/// Returns the documentation of rules about scalars.
pub(super) fn notes(rules: &RuleRefs<'_>) -> Vec<DocNote> {
    rules.iter().filter_map(|rule| note(rule)).collect()
}

/// Returns the documentation of a rule, if it is about scalars.
pub(super) fn note(rule: &ir::Rule) -> Option<DocNote> {
    Some(match rule {
        ir::Rule::Limit(limit) => limit.note(),
        ir::Rule::Format(format) => DocNote::Format(format.name().to_owned()),
        ir::Rule::Enum(values) => DocNote::Values(values.clone()),
        ir::Rule::Table(_)
        | ir::Rule::Never
        | ir::Rule::Type(_)
        | ir::Rule::StringEnum(_)
        | ir::Rule::Elements(_)
        | ir::Rule::Element(..)
        | ir::Rule::ElementsFrom(..)
        | ir::Rule::Contains(_)
        | ir::Rule::Required(_)
        | ir::Rule::Properties(..)
        | ir::Rule::PatternProperties(..)
        | ir::Rule::AdditionalProperties { .. }
        | ir::Rule::PropertyNames(_)
        | ir::Rule::Dependent(..)
        | ir::Rule::OrNull(_)
        | ir::Rule::Choice(_)
        | ir::Rule::Tagged { .. }
        | ir::Rule::Not(_)
        | ir::Rule::If { .. } => return None,
    })
}

/// Formats of integers that decide their type, and are reported with it.
const WIDTHS: [&str; 7] = ["int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64"];

/// A constraint.
#[derive(Debug)]
struct Limit {
    /// Its name in messages; constraints with the same name are of the same kind.
    keyword: String,
    /// Its value in messages.
    value: String,
    /// What it allows, where that is known.
    allows: Allowed,
}

/// What a limit allows.
#[derive(Debug, PartialEq)]
enum Allowed {
    /// This number and larger ones.
    From(f64),
    /// This number and smaller ones.
    UpTo(f64),
    /// Just these.
    Values(BTreeSet<String>),
    /// A value that cannot be compared with others of its kind.
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

    /// Whether it allows everything that the other one allows.
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
    /// Whether it is the same constraint; the order of values does not matter.
    fn is(&self, other: &Self) -> bool {
        let same_values = matches!(self.allows, Allowed::Values(_)) && self.allows == other.allows;
        self.keyword == other.keyword && (self.value == other.value || same_values)
    }

    fn of(note: &DocNote) -> Option<Self> {
        let plain =
            |keyword: &str, value: String| Some(Self { keyword: keyword.to_owned(), value, allows: Allowed::Own });
        match note {
            DocNote::Default(_) => None,
            DocNote::Format(format) if WIDTHS.contains(&format.as_str()) => None,
            DocNote::Format(format) => plain(FORMAT, quoted(format)),
            // They can refer to other schemas, so their resolved rules are compared instead.
            DocNote::Keyword(keyword, _) if keyword_role(keyword) == Some(KeywordRole::Condition) => None,
            DocNote::Keyword(keyword, value) => {
                Some(Self { keyword: quoted(keyword), value: quoted(value), allows: Allowed::by(keyword, value) })
            }
            DocNote::Values(values) => Some(Self {
                keyword: "the values".to_owned(),
                value: values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "),
                allows: Allowed::Values(values.iter().cloned().collect()),
            }),
            DocNote::Security(alternatives) => {
                let together = |names: &Vec<String>| match names.as_slice() {
                    [] => "nothing".to_owned(),
                    names => unordered(names.iter().map(|name| quoted(name)), " and "),
                };
                plain("the credentials", unordered(alternatives.iter().map(together), ", or "))
            }
        }
    }
}

const FORMAT: &str = "the format";

/// Joins texts whose order does not matter.
fn unordered(texts: impl Iterator<Item = String>, between: &str) -> String {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts.join(between)
}

/// Reports a changed constraint.
fn limited(comparison: &mut Comparison<'_>, pair: &ComparedPair, old: Option<&Limit>, new: Option<&Limit>) {
    let label = &pair.label;
    let (message, tighter, looser) = match (old, new) {
        (None, None) => return,
        (None, Some(Limit { keyword, value, .. })) => (format!("{label} has {keyword} {value}"), true, false),
        (Some(Limit { keyword, value, .. }), None) => {
            (format!("{label} no longer has {keyword}; it was {value}"), false, true)
        }
        (Some(was), Some(is)) => {
            let (tighter, looser) = (was.allows.includes(&is.allows), is.allows.includes(&was.allows));
            (format!("{} of {label} was {} and is {}", is.keyword, was.value, is.value), tighter, looser)
        }
    };
    let (rule, wire) = match (tighter, looser) {
        (true, _) => (ChangeKind::ConstraintAdded, Wire::new(Reading::Understood, Reading::Tolerated)),
        (false, true) => (ChangeKind::ConstraintRemoved, Wire::new(Reading::Tolerated, Reading::Understood)),
        (false, false) => (ChangeKind::ConstraintChanged, Wire::new(Reading::Tolerated, Reading::Tolerated)),
    };
    let is_format = old.or(new).is_some_and(|limit| limit.keyword == FORMAT);
    let rule = if is_format { ChangeKind::FormatChanged } else { rule };
    push(comparison, pair, rule, message, wire);
}

pub(super) fn push(
    comparison: &mut Comparison<'_>,
    pair: &ComparedPair,
    rule: ChangeKind,
    message: String,
    wire: Wire,
) {
    let found = comparison.found(rule, message, wire).old(pair.old.clone()).new_at(pair.new.clone());
    comparison.changes.push(found);
}
