//! The tables that values are checked against on demand.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{CountLimit, Format, Limit, NumberLimit, Rule};
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
    let docs = "The constraints of the document that types do not express.";
    let head = Head { docs, deprecated: false, imports: imports(&tables) };
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

/// What tables mention of the runtime: types, and variants by their own names.
fn imports(tables: &[&RuleItem]) -> Vec<Import<'static>> {
    let mut types = BTreeSet::from(["Rule"]);
    let mut variants = BTreeSet::new();
    for table in tables {
        walk(&table.rules, &mut |rule| {
            variants.insert(constructor(rule));
            types.extend(match rule {
                Rule::Format(_) => Some("Format"),
                Rule::Type(types) if types.single().is_none() => Some("Type"),
                Rule::Limit(Limit::Pattern(_)) | Rule::PatternProperties(..) => Some("Pattern"),
                Rule::AdditionalProperties { patterns, .. } if !patterns.is_empty() => Some("Pattern"),
                _ => None,
            });
        });
    }
    let variants = variants.into_iter().filter(|name| !name.contains(':'));
    let variants = Import::several("eventwire::validate::Rule", variants);
    Import::several("eventwire::validate", types).into_iter().chain(variants).collect()
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
        Rule::Limit(Limit::Pattern(text)) | Rule::PatternProperties(text, _) => {
            found.insert(text);
        }
        Rule::AdditionalProperties { patterns, .. } => found.extend(patterns.iter().map(String::as_str)),
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
        let arguments = self.arguments(rule);
        if arguments.is_empty() { constructor(rule).to_owned() } else { call(constructor(rule), &arguments) }
    }

    fn arguments(&self, rule: &Rule) -> Vec<String> {
        match rule {
            Rule::Table(table) => vec![format!("&{}", self.items.names[*table])],
            Rule::Type(types) if types.single().is_some() => Vec::new(),
            Rule::Type(types) => vec![list(types.iter().map(|one| json_type(one).to_owned()))],
            Rule::Never | Rule::Limit(Limit::UniqueItems) => Vec::new(),
            Rule::StringEnum(values) | Rule::Enum(values) => vec![texts(values)],
            Rule::Format(one) => vec![format(*one).to_owned()],
            Rule::Limit(Limit::Number(_, value)) => vec![literal(value)],
            Rule::Limit(Limit::Count(_, count)) => vec![count.to_string()],
            Rule::Limit(Limit::Pattern(pattern)) => vec![self.pattern(pattern)],
            Rule::Contains(rules)
            | Rule::Elements(rules)
            | Rule::PropertyNames(rules)
            | Rule::OrNull(rules)
            | Rule::Not(rules) => vec![self.list(rules)],
            Rule::Element(index, rules) | Rule::ElementsFrom(index, rules) => vec![index.to_string(), self.list(rules)],
            Rule::Required(names) => vec![texts(names)],
            Rule::Properties(names, rules) => vec![texts(names), self.list(rules)],
            Rule::PatternProperties(pattern, rules) => vec![self.pattern(pattern), self.list(rules)],
            Rule::AdditionalProperties { names, patterns, rules } => {
                let patterns = list(patterns.iter().map(|pattern| self.pattern(pattern)));
                vec![texts(names), patterns, self.list(rules)]
            }
            Rule::Dependent(name, rules) => vec![literal(name), self.list(rules)],
            Rule::Choice(choice) => vec![list(choice.alternatives.iter().map(|rules| self.list(rules)))],
            Rule::Tagged { path, arms } => {
                let arms = list(arms.iter().map(|(tags, rules)| call("", &[texts(tags), self.list(rules)])));
                vec![texts(path), arms]
            }
            Rule::If { condition, then, otherwise } => {
                vec![self.list(condition), self.list(then), self.list(otherwise)]
            }
        }
    }
}

/// What makes a rule: a variant, which is imported where nothing else in the file has its name, or a constant.
fn constructor(rule: &Rule) -> &'static str {
    match rule {
        Rule::Table(_) => "All",
        Rule::Never => "Never",
        Rule::Type(types) => match types.single() {
            Some(JsonType::Null) => "Rule::NULL",
            Some(JsonType::Boolean) => "Rule::BOOLEAN",
            Some(JsonType::Integer) => "Rule::INTEGER",
            Some(JsonType::Number) => "Rule::NUMBER",
            Some(JsonType::String) => "Rule::STRING",
            Some(JsonType::Array) => "Rule::ARRAY",
            Some(JsonType::Object) => "Rule::OBJECT",
            None => "Rule::Type",
        },
        Rule::StringEnum(_) => "StringEnum",
        Rule::Enum(_) => "Enum",
        Rule::Format(_) => "Rule::Format",
        Rule::Limit(limit) => match limit {
            Limit::Number(NumberLimit::Minimum, _) => "Minimum",
            Limit::Number(NumberLimit::Maximum, _) => "Maximum",
            Limit::Number(NumberLimit::ExclusiveMinimum, _) => "ExclusiveMinimum",
            Limit::Number(NumberLimit::ExclusiveMaximum, _) => "ExclusiveMaximum",
            Limit::Number(NumberLimit::MultipleOf, _) => "MultipleOf",
            Limit::Count(CountLimit::MinLength, _) => "MinLength",
            Limit::Count(CountLimit::MaxLength, _) => "MaxLength",
            Limit::Count(CountLimit::MinItems, _) => "MinItems",
            Limit::Count(CountLimit::MaxItems, _) => "MaxItems",
            Limit::Count(CountLimit::MinProperties, _) => "MinProperties",
            Limit::Count(CountLimit::MaxProperties, _) => "MaxProperties",
            Limit::Pattern(_) => "Rule::Pattern",
            Limit::UniqueItems => "UniqueItems",
        },
        Rule::Contains(_) => "Contains",
        Rule::Elements(_) => "Elements",
        Rule::Element(..) => "Element",
        Rule::ElementsFrom(..) => "ElementsFrom",
        Rule::Required(_) => "Required",
        Rule::Properties(..) => "Properties",
        Rule::PatternProperties(..) => "PatternProperties",
        Rule::AdditionalProperties { .. } => "AdditionalProperties",
        Rule::PropertyNames(_) => "PropertyNames",
        Rule::Dependent(..) => "Dependent",
        Rule::OrNull(_) => "OrNull",
        Rule::Choice(choice) if choice.exactly_one => "OneOf",
        Rule::Choice(_) => "AnyOf",
        Rule::Tagged { .. } => "Tagged",
        Rule::Not(_) => "Not",
        Rule::If { .. } => "If",
    }
}

fn texts(texts: &[String]) -> String {
    list(texts.iter().map(|one| literal(one)))
}

fn list(elements: impl Iterator<Item = String>) -> String {
    format!("&[{}]", elements.collect::<Vec<_>>().join(", "))
}

fn call(name: &str, arguments: &[String]) -> String {
    format!("{name}({})", arguments.join(", "))
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
