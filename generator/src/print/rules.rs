//! The tables that values are checked against on demand.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{CountLimit, Format, NumberLimit, Rule};
use eventwire_document::schema::JsonType;

use super::file::{File, literal};
use super::imports::{Head, Import};
use crate::rust::{Crate, Name, RuleItem, RuleItems, TypeItem};

/// The name of the file's module.
pub(super) const MODULE: &str = "rules";

/// The file of tables; `None` where nothing can be checked.
pub(super) fn tables(items: &Crate, header: &str) -> Option<String> {
    let used = used(items);
    let tables: Vec<_> = items.rules.tables.iter().filter(|table| used.contains(table.name.as_str())).collect();
    if tables.is_empty() {
        return None;
    }
    let mut texts = BTreeSet::new();
    for table in &tables {
        patterns_in(&table.rules, &mut texts);
    }
    let taken: BTreeSet<&str> = items.rules.names.iter().map(Name::as_str).collect();
    let free = (1_usize..).map(|number| format!("PATTERN_{number}")).filter(|name| !taken.contains(name.as_str()));
    let patterns: BTreeMap<&str, String> = texts.into_iter().zip(free).collect();
    let imports = Import::several("eventwire::validate", mentioned(&tables));
    let docs = "What the document says about values beyond their types.";
    let head = Head { docs, deprecated: false, imports: imports.into_iter().collect() };
    let mut file = File::new(header, head.tokens());
    for (text, name) in &patterns {
        file.divide();
        file.line(&["static ", name, ": Pattern = Pattern::new(", &literal(text), ");"]);
    }
    let printer = Printer { items: &items.rules, patterns: &patterns };
    for RuleItem { name, rules } in tables {
        file.table(&["pub(super) static ", name.as_str(), ": &[Rule] = &["], "];", |file| {
            for rule in rules {
                file.row(&[&printer.rule(rule)]);
            }
        });
    }
    Some(file.into_text())
}

/// What tables mention of the runtime.
fn mentioned(tables: &[&RuleItem]) -> Vec<&'static str> {
    let mut mentioned = BTreeSet::from(["Rule"]);
    for table in tables {
        walk(&table.rules, &mut |rule| {
            mentioned.extend(match rule {
                Rule::Format(_) => Some("Format"),
                Rule::Type(_) => Some("Type"),
                Rule::Pattern(_) | Rule::MembersLike(..) => Some("Pattern"),
                Rule::OtherMembers { patterns, .. } if !patterns.is_empty() => Some("Pattern"),
                _ => None,
            });
        });
    }
    mentioned.into_iter().collect()
}

/// Whether there is a table for one of the types.
pub(super) fn hold_for(own: &[TypeItem], rules: &RuleItems) -> bool {
    own.iter().any(|item| matches!(rules.types.get(item.name().as_str()), Some(Some(_))))
}

/// The tables that something refers to.
fn used(items: &Crate) -> BTreeSet<&str> {
    let tables = items.rules.tables.iter().map(|table| (table.name.as_str(), table.rules.as_slice()));
    let tables: BTreeMap<&str, &[Rule]> = tables.collect();
    let types = items.rules.types.values().flatten();
    let members = items.sets.iter().flat_map(super::events::members).filter_map(|variant| variant.rules.as_ref());
    let mut open: Vec<&str> = types.chain(members).map(Name::as_str).collect();
    let mut used = BTreeSet::new();
    while let Some(next) = open.pop() {
        if used.insert(next) {
            walk(tables.get(next).copied().unwrap_or_default(), &mut |rule| {
                if let Rule::Table(table) = rule {
                    open.push(items.rules.names[*table].as_str());
                }
            });
        }
    }
    used
}

/// Calls a function with each rule, at any depth.
fn walk<'r>(rules: &'r [Rule], visit: &mut impl FnMut(&'r Rule)) {
    for rule in rules {
        visit(rule);
        for inner in rule.inside() {
            walk(inner, visit);
        }
    }
}

fn patterns_in<'r>(rules: &'r [Rule], found: &mut BTreeSet<&'r str>) {
    walk(rules, &mut |rule| match rule {
        Rule::Pattern(text) | Rule::MembersLike(text, _) => {
            found.insert(text);
        }
        Rule::OtherMembers { patterns, .. } => found.extend(patterns.iter().map(String::as_str)),
        _ => {}
    });
}

struct Printer<'a> {
    items: &'a RuleItems,
    patterns: &'a BTreeMap<&'a str, String>,
}

impl Printer<'_> {
    fn list(&self, rules: &[Rule]) -> String {
        list(rules.iter().map(|rule| self.rule(rule)))
    }

    fn pattern(&self, text: &str) -> String {
        format!("&{}", self.patterns.get(text).map_or("", String::as_str))
    }

    fn rule(&self, rule: &Rule) -> String {
        match rule {
            Rule::Table(table) => call("Rule::All(", &[format!("&{}", self.items.names[*table])]),
            Rule::Never => "Rule::Never".to_owned(),
            Rule::Type(types) => call("Rule::Type(", &[list(types.iter().map(|one| json_type(one).to_owned()))]),
            Rule::Listed(values) => call("Rule::Listed(", &[texts(values)]),
            Rule::Enum(values) => call("Rule::Enum(", &[texts(values)]),
            Rule::Format(one) => call("Rule::Format(", &[format(*one).to_owned()]),
            Rule::Number(limit, value) => call(number_limit(*limit), &[literal(value)]),
            Rule::Count(limit, count) => call(count_limit(*limit), &[count.to_string()]),
            Rule::Pattern(pattern) => call("Rule::Pattern(", &[self.pattern(pattern)]),
            Rule::UniqueItems => "Rule::UniqueItems".to_owned(),
            Rule::Contains(rules) => call("Rule::Contains(", &[self.list(rules)]),
            Rule::Elements(rules) => call("Rule::Elements(", &[self.list(rules)]),
            Rule::Element(index, rules) => call("Rule::Element(", &[index.to_string(), self.list(rules)]),
            Rule::ElementsFrom(index, rules) => call("Rule::ElementsFrom(", &[index.to_string(), self.list(rules)]),
            Rule::Required(names) => call("Rule::Required(", &[texts(names)]),
            Rule::Members(names, rules) => call("Rule::Members(", &[texts(names), self.list(rules)]),
            Rule::MembersLike(pattern, rules) => call("Rule::MembersLike(", &[self.pattern(pattern), self.list(rules)]),
            Rule::OtherMembers { names, patterns, rules } => {
                let patterns = list(patterns.iter().map(|pattern| self.pattern(pattern)));
                call("Rule::OtherMembers(", &[texts(names), patterns, self.list(rules)])
            }
            Rule::MemberNames(rules) => call("Rule::MemberNames(", &[self.list(rules)]),
            Rule::IfMember(name, rules) => call("Rule::IfMember(", &[literal(name), self.list(rules)]),
            Rule::OrNull(rules) => call("Rule::OrNull(", &[self.list(rules)]),
            Rule::Choice(choice) => {
                let alternatives = list(choice.alternatives.iter().map(|rules| self.list(rules)));
                call(if choice.one { "Rule::OneOf(" } else { "Rule::AnyOf(" }, &[alternatives])
            }
            Rule::Tagged { path, arms } => {
                let arms = list(arms.iter().map(|(tags, rules)| call("(", &[texts(tags), self.list(rules)])));
                call("Rule::Tagged(", &[texts(path), arms])
            }
            Rule::Not(rules) => call("Rule::Not(", &[self.list(rules)]),
            Rule::If { condition, then, otherwise } => {
                call("Rule::If(", &[self.list(condition), self.list(then), self.list(otherwise)])
            }
        }
    }
}

fn texts(texts: &[String]) -> String {
    list(texts.iter().map(|one| literal(one)))
}

fn list(elements: impl Iterator<Item = String>) -> String {
    format!("&[{}]", elements.collect::<Vec<_>>().join(", "))
}

fn call(open: &str, arguments: &[String]) -> String {
    format!("{open}{})", arguments.join(", "))
}

fn json_type(json_type: JsonType) -> &'static str {
    match json_type {
        JsonType::Null => "Type::Null",
        JsonType::Boolean => "Type::Boolean",
        JsonType::Integer => "Type::Integer",
        JsonType::Number => "Type::Number",
        JsonType::String => "Type::String",
        JsonType::Array => "Type::Array",
        JsonType::Object => "Type::Object",
    }
}

fn format(format: Format) -> &'static str {
    match format {
        Format::Date => "Format::Date",
        Format::Time => "Format::Time",
        Format::DateTime => "Format::DateTime",
        Format::Uuid => "Format::Uuid",
        Format::Email => "Format::Email",
        Format::Hostname => "Format::Hostname",
        Format::Ipv4 => "Format::Ipv4",
        Format::Ipv6 => "Format::Ipv6",
        Format::Uri => "Format::Uri",
        Format::UriReference => "Format::UriReference",
    }
}

fn number_limit(limit: NumberLimit) -> &'static str {
    match limit {
        NumberLimit::Minimum => "Rule::Minimum(",
        NumberLimit::Maximum => "Rule::Maximum(",
        NumberLimit::ExclusiveMinimum => "Rule::ExclusiveMinimum(",
        NumberLimit::ExclusiveMaximum => "Rule::ExclusiveMaximum(",
        NumberLimit::MultipleOf => "Rule::MultipleOf(",
    }
}

fn count_limit(limit: CountLimit) -> &'static str {
    match limit {
        CountLimit::MinLength => "Rule::MinLength(",
        CountLimit::MaxLength => "Rule::MaxLength(",
        CountLimit::MinItems => "Rule::MinItems(",
        CountLimit::MaxItems => "Rule::MaxItems(",
        CountLimit::MinProperties => "Rule::MinProperties(",
        CountLimit::MaxProperties => "Rule::MaxProperties(",
    }
}
