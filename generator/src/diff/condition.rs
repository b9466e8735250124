//! Conditions on values, and alternatives of unions.
//!
//! Comes in: the rules of a type or payload in both documents. What limits scalars at the places that have a change of
//! their own is compared there; here are `if`, `not`, `contains`, `dependencies`, `propertyNames`, `patternProperties`, the
//! alternatives of `oneOf` and `anyOf`, and the positions of tuples.

use std::collections::BTreeMap;

use eventwire_document::ir::{self, Choice, DocNote, TypeId};
use eventwire_document::schema::TypeSet;

use super::comparison::{ComparedPair, Comparison};
use super::constraint::{RuleRefs, limits, note, push};
use super::key::{Entity, EntityKey};
use super::label::quoted;
use super::{ChangeKind, Reading, Side, Wire};

/// Compares the rules of two types.
pub(super) fn types(comparison: &mut Comparison<'_>, pair: &ComparedPair, old: TypeId, new: TypeId) {
    let table = |side: &Side, id: TypeId| side.api.rules.types.get(id.0).copied().flatten();
    let branches = |side: &Side, id: TypeId| side.api.get(id).shape.as_union().map(|union| union.branches.len());
    let same_branches = branches(comparison.old, old) == branches(comparison.new, new);
    compared(comparison, pair, table(comparison.old, old), table(comparison.new, new), same_branches);
}

/// Compares the rules of two payloads that have no declared types.
pub(super) fn payloads(comparison: &mut Comparison<'_>, pair: &ComparedPair, old: usize, new: usize) {
    let table = |side: &Side, message: usize| {
        let has_type = side.named(&side.api.messages[message].payload).is_some();
        side.api.rules.messages.get(message).copied().flatten().filter(|_| !has_type)
    };
    compared(comparison, pair, table(comparison.old, old), table(comparison.new, new), true);
}

fn compared(
    comparison: &mut Comparison<'_>,
    pair: &ComparedPair,
    old: Option<usize>,
    new: Option<usize>,
    same_branches: bool,
) {
    let (old, new) = (comparison.old.statements_below(old), comparison.new.statements_below(new));
    let nothing = Statements::default();
    let mut paths: Vec<&Path> = new.keys().chain(old.keys().filter(|path| !new.contains_key(*path))).collect();
    paths.sort();
    for path in paths {
        let (was, is) = (old.get(path).unwrap_or(&nothing), new.get(path).unwrap_or(&nothing));
        let pair = path.iter().fold(pair.clone(), |pair, step| within(comparison, &pair, step));
        limits(comparison, &pair, &was.notes, &is.notes);
        let told = same_branches || !path.is_empty();
        alternatives(comparison, &pair, (&was.alternatives, &is.alternatives), told);
        conditions(comparison, &pair, &was.conditions, &is.conditions);
    }
}

/// A part of a value; a member has its own location.
fn within(comparison: &Comparison<'_>, pair: &ComparedPair, step: &PathStep) -> ComparedPair {
    let member = |side: &Side, owner: &Entity| {
        let (EntityKey::Type(id), PathStep::Member(name)) = (&owner.key, step) else { return None };
        let field = side.api.get(*id).shape.as_struct()?.field(name)?;
        Some(Entity::new(EntityKey::Part(*id, field.wire.clone()), &field.origin))
    };
    let mut inner = pair.within(&step.label());
    if let (Some(old), Some(new)) = (member(comparison.old, &pair.old), member(comparison.new, &pair.new)) {
        (inner.old, inner.new) = (old, new);
    }
    inner
}

/// The path from a value to a part of it.
type Path = Vec<PathStep>;

/// From a value to one part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum PathStep {
    Member(String),
    EachElement,
    EachFurtherElement,
    EachOtherMember,
    Element(usize),
}

impl PathStep {
    fn label(&self) -> String {
        match self {
            Self::Member(name) => quoted(name),
            Self::EachElement => "each element".to_owned(),
            Self::EachFurtherElement => "each further element".to_owned(),
            Self::EachOtherMember => "each other member".to_owned(),
            Self::Element(index) => format!("element {index}"),
        }
    }
}

/// The rules of one place.
#[derive(Debug, Default)]
struct Statements {
    /// Rules of scalars that are not members.
    notes: Vec<DocNote>,
    /// The alternatives of each `oneOf` and `anyOf`.
    alternatives: Vec<Alternative>,
    /// All other rules: the keyword and its text.
    conditions: Vec<(&'static str, String)>,
}

/// One alternative: its rules of scalars, and its other rules.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Alternative {
    keyword: &'static str,
    label: String,
    notes: Vec<DocNote>,
    rest: Vec<String>,
}

fn conditions(
    comparison: &mut Comparison<'_>,
    pair: &ComparedPair,
    old: &[(&'static str, String)],
    new: &[(&'static str, String)],
) {
    let mut keywords: Vec<&str> = old.iter().chain(new).map(|(keyword, _)| *keyword).collect();
    keywords.sort_unstable();
    keywords.dedup();
    for keyword in keywords {
        let own = |all: &[(&'static str, String)], others: &[(&'static str, String)]| {
            all.iter().any(|said| said.0 == keyword && !others.contains(said))
        };
        changed(comparison, pair, keyword, own(old, new), own(new, old));
    }
}

/// Reports a condition that was added or removed.
fn changed(comparison: &mut Comparison<'_>, pair: &ComparedPair, keyword: &str, gone: bool, added: bool) {
    let (word, wire) = match (gone, added) {
        (false, false) => return,
        (false, true) => ("new", Wire::new(Reading::Understood, Reading::Tolerated)),
        (true, false) => ("gone", Wire::new(Reading::Tolerated, Reading::Understood)),
        (true, true) => ("another", Wire::new(Reading::Tolerated, Reading::Tolerated)),
    };
    let message = format!("{} of {} is {word}", quoted(keyword), pair.label);
    push(comparison, pair, ChangeKind::ConditionChanged, message, wire);
}

/// Compares alternatives. Those that differ only in their rules of scalars are paired. Where `told` is not set, the
/// branches themselves changed, which is reported for them.
fn alternatives(
    comparison: &mut Comparison<'_>,
    pair: &ComparedPair,
    (old, new): (&[Alternative], &[Alternative]),
    told: bool,
) {
    let mut gone: Vec<&Alternative> = old.iter().filter(|one| !new.contains(one)).collect();
    let mut added: Vec<&Alternative> = Vec::new();
    for is in new.iter().filter(|one| !old.contains(one)) {
        let same = |was: &&Alternative| (was.keyword, &was.rest) == (is.keyword, &is.rest);
        match gone.iter().position(same) {
            Some(index) => {
                let was = gone.remove(index);
                limits(comparison, &pair.within(&is.label), &was.notes, &is.notes);
            }
            None => added.push(is),
        }
    }
    // Rules leave out what types express, so only alternatives that limit scalars may remain.
    if old.is_empty() || new.is_empty() {
        for one in gone.iter().chain(&added).filter(|one| !one.notes.is_empty()) {
            let (was, is) = if new.is_empty() { (&one.notes[..], &[][..]) } else { (&[][..], &one.notes[..]) };
            limits(comparison, &pair.within(&one.label), was, is);
        }
        if gone.iter().chain(&added).any(|one| !one.notes.is_empty()) {
            return;
        }
    }
    if told {
        let keyword = added.iter().chain(&gone).map(|one| one.keyword).next().unwrap_or_default();
        changed(comparison, pair, keyword, !gone.is_empty(), !added.is_empty());
    }
}

impl Side {
    /// The rules of a table for the value and its parts.
    fn statements_below(&self, table: Option<usize>) -> BTreeMap<Path, Statements> {
        let mut gatherer = Gatherer { side: self, said: BTreeMap::new(), open: table.into_iter().collect() };
        if let Some(table) = table.and_then(|table| self.api.rules.tables.get(table)) {
            gatherer.all(&table.rules.iter().collect(), &Path::new());
        }
        gatherer.said
    }
}

struct Gatherer<'s> {
    side: &'s Side,
    said: BTreeMap<Path, Statements>,
    /// Tables that are being visited: they can refer to each other in cycles.
    open: Vec<usize>,
}

impl<'s> Gatherer<'s> {
    fn all(&mut self, rules: &RuleRefs<'s>, path: &Path) {
        for rule in rules {
            self.one(rule, path);
        }
    }

    fn below(&mut self, rules: &'s [ir::Rule], path: &Path, step: PathStep) {
        let path = [path.as_slice(), &[step]].concat();
        self.all(&rules.iter().collect(), &path);
    }

    fn one(&mut self, rule: &'s ir::Rule, path: &Path) {
        match rule {
            ir::Rule::Table(table) => self.table(*table, path),
            ir::Rule::OrNull(rules) => self.all(&rules.iter().collect(), path),
            ir::Rule::Properties(names, rules) => {
                for name in names {
                    self.below(rules, path, PathStep::Member(name.clone()));
                }
            }
            ir::Rule::Elements(rules) => self.below(rules, path, PathStep::EachElement),
            ir::Rule::Element(index, rules) => {
                self.position(rules, path, PathStep::Element(*index));
            }
            ir::Rule::ElementsFrom(_, rules) => self.position(rules, path, PathStep::EachFurtherElement),
            ir::Rule::AdditionalProperties { rules, .. } => self.below(rules, path, PathStep::EachOtherMember),
            ir::Rule::Choice(choice) => self.choice(choice, path),
            ir::Rule::Tagged { arms, .. } => {
                let arms: Vec<Alternative> = arms.iter().map(|(_, rules)| self.alternative("oneOf", rules)).collect();
                self.at(path).alternatives.extend(arms);
            }
            ir::Rule::Never => self.condition("false", rule, path),
            ir::Rule::Contains(_) => self.condition("contains", rule, path),
            ir::Rule::PatternProperties(..) => self.condition("patternProperties", rule, path),
            ir::Rule::PropertyNames(_) => self.condition("propertyNames", rule, path),
            ir::Rule::Dependent(..) => self.condition("dependencies", rule, path),
            ir::Rule::Not(_) => self.condition("not", rule, path),
            ir::Rule::If { .. } => self.condition("if", rule, path),
            ir::Rule::Type(_)
            | ir::Rule::StringEnum(_)
            | ir::Rule::Enum(_)
            | ir::Rule::Format(_)
            | ir::Rule::Limit(_)
            | ir::Rule::Required(_) => {}
        }
    }

    fn at(&mut self, path: &Path) -> &mut Statements {
        self.said.entry(path.clone()).or_default()
    }

    fn table(&mut self, table: usize, path: &Path) {
        if self.open.contains(&table) || self.side.declared.contains(&table) {
            return;
        }
        let Some(known) = self.side.api.rules.tables.get(table) else { return };
        self.open.push(table);
        self.all(&known.rules.iter().collect(), path);
        self.open.pop();
    }

    /// A position of a tuple, which has no documentation.
    fn position(&mut self, rules: &'s [ir::Rule], path: &Path, step: PathStep) {
        let notes: Vec<DocNote> = rules.iter().filter_map(note).collect();
        let place = [path.as_slice(), std::slice::from_ref(&step)].concat();
        self.at(&place).notes.extend(notes);
        self.below(rules, path, step);
    }

    fn choice(&mut self, choice: &'s Choice, path: &Path) {
        let keyword = if choice.exactly_one { "oneOf" } else { "anyOf" };
        let all: Vec<Alternative> = choice.alternatives.iter().map(|rules| self.alternative(keyword, rules)).collect();
        self.at(path).alternatives.extend(all);
    }

    fn alternative(&mut self, keyword: &'static str, rules: &'s [ir::Rule]) -> Alternative {
        let types = rules.iter().find_map(|rule| match rule {
            ir::Rule::Type(types) => Some(*types),
            _ => None,
        });
        let notes = rules.iter().filter_map(note).collect();
        let mut rest: Vec<String> =
            rules.iter().filter(|rule| note(rule).is_none()).map(|rule| self.text(rule)).collect();
        rest.sort();
        Alternative { keyword, label: label(types), notes, rest }
    }

    fn condition(&mut self, keyword: &'static str, rule: &'s ir::Rule, path: &Path) {
        let text = self.text(rule);
        self.at(path).conditions.push((keyword, text));
    }

    /// Returns a canonical text of a rule: independent of order, and without declared types, which are compared
    /// separately.
    fn text(&mut self, rule: &ir::Rule) -> String {
        let mut rule = rule.clone();
        match &mut rule {
            ir::Rule::Table(table) => return self.text_of_table(*table),
            ir::Rule::StringEnum(names) | ir::Rule::Enum(names) | ir::Rule::Required(names) => names.sort(),
            ir::Rule::Properties(names, rules) if names.len() > 1 => {
                let each = |name: &String| ir::Rule::Properties(vec![name.clone()], rules.clone());
                let mut each: Vec<String> =
                    names.iter().map(each).collect::<Vec<_>>().iter().map(|rule| self.text(rule)).collect();
                each.sort();
                return each.join(" ");
            }
            ir::Rule::AdditionalProperties { names, patterns, .. } => {
                names.sort();
                patterns.sort();
            }
            _ => {}
        }
        let parts: Vec<Vec<ir::Rule>> = rule.inside_mut().into_iter().map(std::mem::take).collect();
        let mut parts: Vec<String> = parts.iter().map(|rules| self.text_of_all(rules)).collect();
        if matches!(rule, ir::Rule::Choice(_)) {
            parts.sort();
        }
        format!("{rule:?}{parts:?}")
    }

    fn text_of_all(&mut self, rules: &[ir::Rule]) -> String {
        let mut texts: Vec<String> = rules.iter().map(|rule| self.text(rule)).collect();
        texts.sort();
        texts.join(" ")
    }

    fn text_of_table(&mut self, table: usize) -> String {
        if self.open.contains(&table) || self.side.declared.contains(&table) {
            return "a type".to_owned();
        }
        let Some(known) = self.side.api.rules.tables.get(table) else { return String::new() };
        self.open.push(table);
        let text = self.text_of_all(&known.rules);
        self.open.pop();
        text
    }
}

/// Returns the name of an alternative in messages.
fn label(types: Option<TypeSet>) -> String {
    types.map_or_else(|| "an alternative".to_owned(), |types| format!("the alternative {types}"))
}
