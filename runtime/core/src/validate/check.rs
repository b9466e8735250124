//! Rules against text.

use std::collections::BTreeMap;

use super::value::Value;
use super::{Pattern, Rule, Type, Violation};
use crate::json::error::shorten;
use crate::json::steps::{Counted, count};
use crate::json::valid::Valid;
use crate::{JsonKind, Number};

/// Deeper than this nothing is followed; texts that deep do not decode either.
const DEEPEST: usize = 128;

/// Everything in a text that breaks a rule. The text is valid JSON without white space around it.
pub(super) fn violations(text: &str, rules: &[Rule]) -> Vec<Violation> {
    let _valid = Valid::new(text);
    let mut checker =
        RuleChecker { path: String::new(), depth: 0, found: Vec::new(), trials: 0, known: BTreeMap::new() };
    checker.all(&Value::new(text), rules, "false");
    checker.found
}

struct RuleChecker {
    path: String,
    depth: usize,
    found: Vec<Violation>,
    /// How many rules are being tried around the present ones.
    trials: usize,
    /// What objects and arrays break, noted while rules around them are tried: the rules may come back to them.
    known: BTreeMap<Key, Vec<Violation>>,
}

/// A value and rules for it: the addresses and lengths of both, and the keyword that the rules belong to.
type Key = (usize, usize, usize, usize, &'static str);

impl RuleChecker {
    fn report(&mut self, keyword: &'static str, message: impl Into<String>) {
        self.found.push(Violation::new(&self.path, keyword, message));
    }

    fn require(&mut self, kept: bool, keyword: &'static str, message: impl FnOnce() -> String) {
        if !kept {
            self.report(keyword, message());
        }
    }

    /// Checks a value; `around` is the keyword that the rules belong to.
    fn all(&mut self, value: &Value<'_>, rules: &[Rule], around: &'static str) {
        count(Counted::Try, 1);
        for rule in rules {
            self.one(value, rule, around);
        }
    }

    fn one(&mut self, value: &Value<'_>, rule: &Rule, around: &'static str) {
        match rule {
            Rule::All(rules) => self.all(value, rules, around),
            Rule::Never => self.report(around, "must not be there"),
            Rule::Type(types) => {
                self.require(types.iter().any(|one| value.is(*one)), "type", || expected(types, value.kind()));
            }
            Rule::StringEnum(texts) => {
                let found = value.string();
                let kept = found.as_deref().is_some_and(|found| texts.contains(&found));
                self.require(kept, "enum", || unlisted(texts, found.as_deref(), value.kind()));
            }
            Rule::Enum(texts) => {
                let kept = texts.iter().any(|text| value.same(text));
                self.require(kept, "enum", || unlisted(texts, value.string().as_deref(), value.kind()));
            }
            Rule::OrNull(_) if value.kind() == JsonKind::Null => {}
            Rule::OrNull(rules) => self.all(value, rules, around),
            Rule::Not(rules) => {
                let kept = self.breaks(value, rules);
                self.require(kept, "not", || "is what must not be".to_owned());
            }
            Rule::If(condition, then, otherwise) => {
                let branch = if self.breaks(value, condition) { otherwise } else { then };
                self.all(value, branch, around);
            }
            Rule::AnyOf(alternatives) => self.any_of(value, alternatives),
            Rule::OneOf(alternatives) => self.one_of(value, alternatives),
            Rule::Tagged(path, alternatives) => self.tagged(value, path, alternatives),
            Rule::Format(_) | Rule::MinLength(_) | Rule::MaxLength(_) | Rule::Pattern(_) => self.string(value, rule),
            Rule::Minimum(_)
            | Rule::Maximum(_)
            | Rule::ExclusiveMinimum(_)
            | Rule::ExclusiveMaximum(_)
            | Rule::MultipleOf(_) => self.number(value, rule),
            Rule::MinItems(_)
            | Rule::MaxItems(_)
            | Rule::UniqueItems
            | Rule::Elements(_)
            | Rule::Element(..)
            | Rule::ElementsFrom(..)
            | Rule::Contains(_) => self.array(value, rule),
            Rule::MinProperties(_)
            | Rule::MaxProperties(_)
            | Rule::Required(_)
            | Rule::Properties(..)
            | Rule::PatternProperties(..)
            | Rule::AdditionalProperties(..)
            | Rule::PropertyNames(_)
            | Rule::Dependent(..) => self.object(value, rule, around),
        }
    }

    /// What a value breaks of rules, on its own.
    fn check_separately(&mut self, value: &Value<'_>, rules: &[Rule]) -> Vec<Violation> {
        self.trials += 1;
        let found = self.noted(value, rules, "false");
        self.trials -= 1;
        found
    }

    /// What a value breaks of rules, looked up if it is known.
    fn noted(&mut self, value: &Value<'_>, rules: &[Rule], around: &'static str) -> Vec<Violation> {
        let text = value.text();
        let key = (text.as_ptr().addr(), text.len(), rules.as_ptr().addr(), rules.len(), around);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let before = std::mem::take(&mut self.found);
        self.all(value, rules, around);
        let found = std::mem::replace(&mut self.found, before);
        // The text of a name lives only while it is checked.
        if matches!(value.kind(), JsonKind::Object | JsonKind::Array) {
            self.known.insert(key, found.clone());
        }
        found
    }

    fn breaks(&mut self, value: &Value<'_>, rules: &[Rule]) -> bool {
        !self.check_separately(value, rules).is_empty()
    }

    fn any_of(&mut self, value: &Value<'_>, alternatives: &[&[Rule]]) {
        let broken: Vec<_> = alternatives.iter().map(|rules| self.check_separately(value, rules)).collect();
        if broken.iter().all(|violations| !violations.is_empty()) {
            self.none_fits(broken, "anyOf");
        }
    }

    fn one_of(&mut self, value: &Value<'_>, alternatives: &[&[Rule]]) {
        let broken: Vec<_> = alternatives.iter().map(|rules| self.check_separately(value, rules)).collect();
        let fitting: Vec<usize> = (0..broken.len()).filter(|index| broken[*index].is_empty()).collect();
        match fitting.as_slice() {
            [_] => {}
            [] => self.none_fits(broken, "oneOf"),
            [first, second, ..] => {
                let message = format!("fits alternatives {} and {}, where just one may fit", first + 1, second + 1);
                self.report("oneOf", message);
            }
        }
    }

    /// Tells what is wrong with the alternative that is meant, where the value says which that is.
    fn none_fits(&mut self, broken: Vec<Vec<Violation>>, keyword: &'static str) {
        let count = broken.len();
        let mut meant = broken.into_iter().filter(|violations| !violations.iter().any(is_structural));
        match (meant.next(), meant.next()) {
            (Some(only), None) => self.found.extend(only),
            _ => self.report(keyword, format!("fits none of {count} alternatives")),
        }
    }

    fn tagged(&mut self, value: &Value<'_>, path: &[&str], alternatives: &[(&[&str], &[Rule])]) {
        let Some(tag) = tag(value, path) else {
            return self
                .report("oneOf", format!("`{}`, which tells the alternatives apart, is missing", path.join(".")));
        };
        match alternatives.iter().find(|(tags, _)| tags.contains(&tag.as_str())) {
            Some((_, rules)) => self.all(value, rules, "oneOf"),
            None => self.report("oneOf", format!("no alternative has `{}` for `{}`", shorten(&tag), path.join("."))),
        }
    }

    fn string(&mut self, value: &Value<'_>, rule: &Rule) {
        let Some(text) = value.string() else { return };
        let length = || text.chars().count() as u64;
        match rule {
            Rule::Format(format) => {
                let message = || format!("`{}` is not {}", shorten(&text), phrase(format.name()));
                self.require(format.is(&text), "format", message);
            }
            Rule::MinLength(least) => {
                self.require(length() >= *least, "minLength", || format!("fewer than {}", plural(*least, "character")));
            }
            Rule::MaxLength(most) => {
                self.require(length() <= *most, "maxLength", || format!("more than {}", plural(*most, "character")));
            }
            Rule::Pattern(pattern) => {
                let message = || format!("`{}` does not match `{}`", shorten(&text), pattern.text());
                self.require(pattern.finds(&text) != Some(false), "pattern", message);
            }
            _ => {}
        }
    }

    fn number(&mut self, value: &Value<'_>, rule: &Rule) {
        let Some(number) = value.number() else { return };
        let against = |bound: &str| Number::read(bound).map(|bound| number.cmp_value(&bound));
        match rule {
            Rule::Minimum(bound) => {
                let kept = against(bound).is_none_or(std::cmp::Ordering::is_ge);
                self.require(kept, "minimum", || format!("{number} is less than {bound}"));
            }
            Rule::Maximum(bound) => {
                let kept = against(bound).is_none_or(std::cmp::Ordering::is_le);
                self.require(kept, "maximum", || format!("{number} is more than {bound}"));
            }
            Rule::ExclusiveMinimum(bound) => {
                let kept = against(bound).is_none_or(std::cmp::Ordering::is_gt);
                self.require(kept, "exclusiveMinimum", || format!("{number} is not more than {bound}"));
            }
            Rule::ExclusiveMaximum(bound) => {
                let kept = against(bound).is_none_or(std::cmp::Ordering::is_lt);
                self.require(kept, "exclusiveMaximum", || format!("{number} is not less than {bound}"));
            }
            Rule::MultipleOf(divisor) => {
                let kept = Number::read(divisor).is_none_or(|divisor| number.is_multiple_of(&divisor));
                self.require(kept, "multipleOf", || format!("{number} is not a multiple of {divisor}"));
            }
            _ => {}
        }
    }

    fn array(&mut self, value: &Value<'_>, rule: &Rule) {
        let Some(elements) = value.elements() else { return };
        let length = elements.len() as u64;
        match rule {
            Rule::MinItems(least) => {
                self.require(length >= *least, "minItems", || format!("fewer than {}", plural(*least, "element")));
            }
            Rule::MaxItems(most) => {
                self.require(length <= *most, "maxItems", || format!("more than {}", plural(*most, "element")));
            }
            Rule::UniqueItems => {
                if let Some((first, second)) = value.find_duplicate() {
                    self.report("uniqueItems", format!("elements {first} and {second} are the same"));
                }
            }
            Rule::Elements(rules) => self.elements(elements, 0, rules, "items"),
            Rule::Element(index, rules) => {
                let end = elements.len().min(index.saturating_add(1));
                self.elements(&elements[..end], *index, rules, "items");
            }
            Rule::ElementsFrom(index, rules) => self.elements(elements, *index, rules, "additionalItems"),
            Rule::Contains(rules) => {
                let kept = elements.iter().any(|element| !self.breaks(&Value::new(element), rules));
                self.require(kept, "contains", || "no element is as one must be".to_owned());
            }
            _ => {}
        }
    }

    fn elements(&mut self, elements: &[&str], from: usize, rules: &[Rule], around: &'static str) {
        for (index, element) in elements.iter().enumerate().skip(from) {
            let length = self.path.len();
            crate::json::path::push_index(&mut self.path, index);
            self.below(element, rules, around);
            self.path.truncate(length);
        }
    }

    /// Checks a value inside of the one at hand, whose path is set.
    fn below(&mut self, text: &str, rules: &[Rule], around: &'static str) {
        if self.depth >= DEEPEST {
            return self.report(around, format!("nested more than {DEEPEST} levels deep"));
        }
        self.depth += 1;
        let value = Value::new(text);
        if self.trials == 0 {
            self.all(&value, rules, around);
        } else {
            let found = self.noted(&value, rules, around);
            self.found.extend(found);
        }
        self.depth -= 1;
    }

    fn object(&mut self, value: &Value<'_>, rule: &Rule, around: &'static str) {
        let Some(members) = value.members() else { return };
        let length = members.len() as u64;
        match rule {
            Rule::MinProperties(least) => {
                self.require(length >= *least, "minProperties", || format!("fewer than {}", plural(*least, "member")));
            }
            Rule::MaxProperties(most) => {
                self.require(length <= *most, "maxProperties", || format!("more than {}", plural(*most, "member")));
            }
            Rule::Required(names) => {
                for name in names.iter().filter(|name| value.member(name).is_none()) {
                    self.report("required", format!("`{name}` is missing"));
                }
            }
            Rule::Properties(names, rules) => {
                for name in *names {
                    if let Some(member) = value.member(name) {
                        self.member(name, member, rules, "properties");
                    }
                }
            }
            Rule::PatternProperties(pattern, rules) => {
                for (name, member) in members.iter().filter(|(name, _)| pattern.finds(name) == Some(true)) {
                    self.member(name, member, rules, "patternProperties");
                }
            }
            Rule::AdditionalProperties(names, patterns, rules) => {
                // A pattern that cannot be tried may mean any member.
                let meant = |name: &str, pattern: &Pattern| pattern.finds(name) != Some(false);
                let other = |name: &str| !names.contains(&name) && !patterns.iter().any(|pattern| meant(name, pattern));
                for (name, member) in members.iter().filter(|(name, _)| other(name)) {
                    self.member(name, member, rules, "additionalProperties");
                }
            }
            Rule::PropertyNames(rules) => {
                for (name, _) in members {
                    self.member(name, &crate::json::writer::string(name), rules, "propertyNames");
                }
            }
            Rule::Dependent(name, rules) if value.member(name).is_some() => self.all(value, rules, around),
            _ => {}
        }
    }

    fn member(&mut self, name: &str, member: &str, rules: &[Rule], around: &'static str) {
        let length = self.path.len();
        crate::json::path::push_key(&mut self.path, &shorten(name));
        self.below(member, rules, around);
        self.path.truncate(length);
    }
}

/// Whether a violation says that another alternative is meant.
fn is_structural(violation: &Violation) -> bool {
    matches!(
        violation.keyword,
        "type" | "enum" | "required" | "additionalProperties" | "false" | "oneOf" | "anyOf" | "not"
    )
}

/// The scalar at a path of members; a string without its quotes.
fn tag(value: &Value<'_>, path: &[&str]) -> Option<String> {
    let (first, rest) = path.split_first()?;
    let mut text = value.member(first)?;
    for name in rest {
        text = Value::new(text).member(name)?;
    }
    match JsonKind::of(text.bytes().next()) {
        JsonKind::String => Value::new(text).string().map(std::borrow::Cow::into_owned),
        JsonKind::Number | JsonKind::Bool => Some(text.to_owned()),
        JsonKind::Null | JsonKind::Array | JsonKind::Object => None,
    }
}

fn expected(types: &[Type], found: JsonKind) -> String {
    let listed: Vec<&str> = types.iter().map(|one| one.phrase()).collect();
    format!("expected {}, found {found}", listed.join(" or "))
}

/// How many allowed values a message lists.
const LISTED: usize = 8;

fn unlisted(allowed: &[&str], text: Option<&str>, kind: JsonKind) -> String {
    let found = text.map_or_else(|| kind.to_string(), |text| format!("`{}`", shorten(text)));
    let listed: Vec<String> = allowed.iter().take(LISTED).map(|one| format!("`{}`", shorten(one))).collect();
    match allowed.len() {
        1 => format!("{found} is not {}", listed.join("")),
        2..=LISTED => format!("{found} is none of {}", listed.join(", ")),
        count => format!("{found} is none of {} and {} more", listed.join(", "), count - LISTED),
    }
}

/// A format's name with its article.
fn phrase(format: &str) -> String {
    let article = if format.starts_with(['e', 'i']) { "an" } else { "a" };
    format!("{article} `{format}`")
}

fn plural(count: u64, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}
