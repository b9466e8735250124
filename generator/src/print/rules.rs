//! The tables that values are checked against on demand.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::layout::Lines;
use super::{collect, file, unsuffixed};
use crate::ir::{CountLimit, Format, NumberLimit, Rule};
use crate::rust::{Crate, RuleItems, TypeItem};
use crate::schema::{JsonType, TypeSet};

/// The name of the file's module.
pub(super) const MODULE: &str = "rules";

/// What tables mention of the runtime.
const MENTIONED: [&str; 4] = ["Format", "Pattern", "Rule", "Type"];

/// The head and the items of the file; `None` where nothing can be checked.
pub(super) fn tables(items: &Crate, header: &str) -> Option<String> {
    let used = used(items);
    let tables: Vec<_> = items.rules.tables.iter().filter(|table| used.contains(&table.name.to_string())).collect();
    if tables.is_empty() {
        return None;
    }
    let mut texts = BTreeSet::new();
    for table in &tables {
        patterns_in(&table.rules, &mut texts);
    }
    let taken: BTreeSet<String> = items.rules.names.iter().map(ToString::to_string).collect();
    let free = (1_usize..).map(|number| format!("PATTERN_{number}")).filter(|name| !taken.contains(name));
    let patterns: BTreeMap<String, Ident> =
        texts.into_iter().zip(free).map(|(text, name)| (text, format_ident!("{name}"))).collect();
    let printer = Printer { items: &items.rules, patterns: &patterns };
    let patterns = patterns.iter().map(|(text, name)| quote!(static #name: Pattern = Pattern::new(#text);));
    let tables = tables.into_iter().map(|table| {
        let (name, rules) = (&table.name, printer.list(&table.rules));
        quote!(pub(super) static #name: &[Rule] = #rules;)
    });
    let parts: Vec<TokenStream> = patterns.chain(tables).collect();
    let mut mentioned = BTreeSet::new();
    for part in &parts {
        collect(part.clone(), &mut mentioned);
    }
    let mentioned = MENTIONED.iter().filter(|name| mentioned.contains(**name)).map(|name| format_ident!("{name}"));
    let docs = " What the document says about values beyond their types.";
    Some(file(header, quote!(#![doc = #docs] use eventwire::validate::{#(#mentioned),*};), parts))
}

/// Whether there is a table for one of the types.
pub(super) fn hold_for(own: &[TypeItem], rules: &RuleItems) -> bool {
    own.iter().any(|item| matches!(rules.types.get(item.name().as_str()), Some(Some(_))))
}

/// The implementations for types.
pub(super) fn implementations(lines: &mut Lines, own: &[TypeItem], rules: &RuleItems) {
    let mut words: Vec<String> = Vec::new();
    for item in own {
        let name = item.name().as_str();
        let Some(table) = rules.types.get(name) else { continue };
        words.push(["(", name, ","].concat());
        match table {
            Some(table) => words.push(["rules::", table.as_str(), "),"].concat()),
            None => words.extend(["&".to_owned(), "[]),".to_owned()]),
        }
    }
    if let Some(last) = words.last_mut() {
        last.pop();
    }
    lines.filled("eventwire::validate_impls!(", &words, "", ");");
}

/// The tables that something refers to.
fn used(items: &Crate) -> BTreeSet<String> {
    let tables = items.rules.tables.iter().map(|table| (table.name.to_string(), table.rules.as_slice()));
    let tables: BTreeMap<String, &[Rule]> = tables.collect();
    let types = items.rules.types.values().flatten();
    let members = items.sets.iter().flat_map(super::events::members).filter_map(|variant| variant.rules.as_ref());
    let mut open: Vec<String> = types.chain(members).map(ToString::to_string).collect();
    let mut used = BTreeSet::new();
    while let Some(next) = open.pop() {
        if used.contains(&next) {
            continue;
        }
        walk(tables.get(&next).copied().unwrap_or_default(), &mut |rule| {
            if let Rule::Table(table) = rule {
                open.push(items.rules.names[*table].to_string());
            }
        });
        used.insert(next);
    }
    used
}

/// Calls a function with each rule, at any depth.
fn walk(rules: &[Rule], visit: &mut impl FnMut(&Rule)) {
    for rule in rules {
        visit(rule);
        for inner in rule.inside() {
            walk(inner, visit);
        }
    }
}

fn patterns_in(rules: &[Rule], found: &mut BTreeSet<String>) {
    walk(rules, &mut |rule| match rule {
        Rule::Pattern(text) | Rule::MembersLike(text, _) => {
            found.insert(text.clone());
        }
        Rule::OtherMembers { patterns, .. } => found.extend(patterns.iter().cloned()),
        _ => {}
    });
}

struct Printer<'a> {
    items: &'a RuleItems,
    patterns: &'a BTreeMap<String, Ident>,
}

impl Printer<'_> {
    fn list(&self, rules: &[Rule]) -> TokenStream {
        let rules = rules.iter().map(|rule| self.rule(rule));
        quote!(&[#(#rules),*])
    }

    fn lists(&self, lists: &[Vec<Rule>]) -> TokenStream {
        let lists = lists.iter().map(|rules| self.list(rules));
        quote!(&[#(#lists),*])
    }

    fn pattern(&self, text: &str) -> TokenStream {
        let name = self.patterns.get(text);
        quote!(&#name)
    }

    fn rule(&self, rule: &Rule) -> TokenStream {
        match rule {
            Rule::Table(table) => {
                let name = &self.items.names[*table];
                quote!(Rule::All(&#name))
            }
            Rule::Never => quote!(Rule::Never),
            Rule::Type(types) => {
                let types = types_list(*types);
                quote!(Rule::Type(#types))
            }
            Rule::Listed(texts) => quote!(Rule::Listed(&[#(#texts),*])),
            Rule::Enum(texts) => quote!(Rule::Enum(&[#(#texts),*])),
            Rule::Format(one) => {
                let name = format(*one);
                quote!(Rule::Format(Format::#name))
            }
            Rule::Number(limit, text) => {
                let name = number_limit(*limit);
                quote!(Rule::#name(#text))
            }
            Rule::Count(limit, count) => {
                let (name, count) = (count_limit(*limit), unsuffixed(count));
                quote!(Rule::#name(#count))
            }
            Rule::Pattern(text) => {
                let pattern = self.pattern(text);
                quote!(Rule::Pattern(#pattern))
            }
            Rule::UniqueItems => quote!(Rule::UniqueItems),
            Rule::Contains(rules) => self.call("Contains", None, rules),
            Rule::Elements(rules) => self.call("Elements", None, rules),
            Rule::Element(index, rules) => self.call("Element", Some(unsuffixed(index)), rules),
            Rule::ElementsFrom(index, rules) => self.call("ElementsFrom", Some(unsuffixed(index)), rules),
            Rule::Required(names) => quote!(Rule::Required(&[#(#names),*])),
            Rule::Members(names, rules) => self.call("Members", Some(quote!(&[#(#names),*])), rules),
            Rule::MembersLike(pattern, rules) => self.call("MembersLike", Some(self.pattern(pattern)), rules),
            Rule::OtherMembers { names, patterns, rules } => {
                let patterns = patterns.iter().map(|pattern| self.pattern(pattern));
                self.call("OtherMembers", Some(quote!(&[#(#names),*], &[#(#patterns),*])), rules)
            }
            Rule::MemberNames(rules) => self.call("MemberNames", None, rules),
            Rule::IfMember(name, rules) => self.call("IfMember", Some(quote!(#name)), rules),
            Rule::OrNull(rules) => self.call("OrNull", None, rules),
            Rule::Choice(choice) => {
                let name = if choice.one { format_ident!("OneOf") } else { format_ident!("AnyOf") };
                let alternatives = self.lists(&choice.alternatives);
                quote!(Rule::#name(#alternatives))
            }
            Rule::Tagged { path, arms } => {
                let arms = arms.iter().map(|(tags, rules)| {
                    let rules = self.list(rules);
                    quote!((&[#(#tags),*], #rules))
                });
                quote!(Rule::Tagged(&[#(#path),*], &[#(#arms),*]))
            }
            Rule::Not(rules) => self.call("Not", None, rules),
            Rule::If { condition, then, otherwise } => {
                let (condition, then, otherwise) = (self.list(condition), self.list(then), self.list(otherwise));
                quote!(Rule::If(#condition, #then, #otherwise))
            }
        }
    }

    fn call(&self, name: &str, first: Option<TokenStream>, rules: &[Rule]) -> TokenStream {
        let (name, rules) = (format_ident!("{name}"), self.list(rules));
        let first = first.map(|first| quote!(#first,));
        quote!(Rule::#name(#first #rules))
    }
}

fn types_list(types: TypeSet) -> TokenStream {
    let names = types.iter().map(|json_type| {
        let name = match json_type {
            JsonType::Null => "Null",
            JsonType::Boolean => "Boolean",
            JsonType::Integer => "Integer",
            JsonType::Number => "Number",
            JsonType::String => "String",
            JsonType::Array => "Array",
            JsonType::Object => "Object",
        };
        format_ident!("{name}")
    });
    quote!(&[#(Type::#names),*])
}

fn format(format: Format) -> Ident {
    format_ident!(
        "{}",
        match format {
            Format::Date => "Date",
            Format::Time => "Time",
            Format::DateTime => "DateTime",
            Format::Uuid => "Uuid",
            Format::Email => "Email",
            Format::Hostname => "Hostname",
            Format::Ipv4 => "Ipv4",
            Format::Ipv6 => "Ipv6",
            Format::Uri => "Uri",
            Format::UriReference => "UriReference",
        }
    )
}

fn number_limit(limit: NumberLimit) -> Ident {
    format_ident!(
        "{}",
        match limit {
            NumberLimit::Minimum => "Minimum",
            NumberLimit::Maximum => "Maximum",
            NumberLimit::ExclusiveMinimum => "ExclusiveMinimum",
            NumberLimit::ExclusiveMaximum => "ExclusiveMaximum",
            NumberLimit::MultipleOf => "MultipleOf",
        }
    )
}

fn count_limit(limit: CountLimit) -> Ident {
    format_ident!(
        "{}",
        match limit {
            CountLimit::MinLength => "MinLength",
            CountLimit::MaxLength => "MaxLength",
            CountLimit::MinItems => "MinItems",
            CountLimit::MaxItems => "MaxItems",
            CountLimit::MinProperties => "MinProperties",
            CountLimit::MaxProperties => "MaxProperties",
        }
    )
}
