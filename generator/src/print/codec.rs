//! What stands beside the types: constructors, constants and the implementations of `Decode` and `Encode`.
//!
//! These files import the document's types by name, so everything else is written with its path.

use std::collections::{BTreeMap, BTreeSet};

use quote::{format_ident, quote};

use super::imports::{self, Head, Import, names, part_names};
use super::layout::{Lines, literal};
use super::{facts, file, rules, schema, sets, tell, types};
use crate::ir::{Literal, Tell};
use crate::rust::{
    ConstantItem, Crate, EnumItem, FieldItem, Mention, PositionItem, Presence, StructItem, TupleForm, TupleItem,
    TypeItem, UnionItem, UnionVariant,
};

/// The files of the `codec` module.
pub(super) fn files(items: &Crate, header: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    let mut add = |module, text: String| {
        files.insert(format!("src/codec/{module}.rs"), text);
        modules.push(module);
    };
    let (parts, payloads) = (part_names(items), names(&items.payloads));
    let sides = [
        ("types", &items.types, &parts, &payloads, "messages"),
        ("messages", &items.payloads, &payloads, &parts, "types"),
    ];
    for (module, own, own_names, other_names, other_module) in sides {
        if own.iter().any(|item| !matches!(item, TypeItem::Alias(_))) {
            add(module, implementations(items, (module, own, own_names), (other_names, other_module), header));
        }
    }
    if !items.sets.is_empty() {
        let mut lines = sets::head(items).begin(header);
        items.sets.iter().for_each(|set| sets::table(&mut lines, set));
        add("events", lines.into_text());
    }
    if let Some(text) = rules::tables(items, header) {
        add(rules::MODULE, text);
    }
    if !items.messages.is_empty() {
        let mut lines = facts::head(items).begin(header);
        lines.divide();
        items.messages.iter().for_each(|message| facts::message(&mut lines, message));
        add("facts", lines.into_text());
    }
    let mut modules: Vec<_> = modules
        .iter()
        .map(|module| {
            let name = format_ident!("{module}");
            quote!(mod #name;)
        })
        .collect();
    if let Some(text) = schema::print(items, header) {
        files.insert(format!("src/codec/{}.rs", schema::MODULE), text);
        let (name, feature) = (format_ident!("{}", schema::MODULE), schema::FEATURE);
        modules.push(quote!(#[cfg(feature = #feature)] mod #name;));
    }
    let docs = quote! {
        #![doc = " How the types are made, read, written and checked."]
        #![allow(
            clippy::similar_names,
            clippy::too_many_lines,
            reason = "what stands here is as long as the document and named after it"
        )]
    };
    files.insert("src/codec/mod.rs".to_owned(), file(header, docs, [quote!(#(#modules)*)]));
    files
}

/// The file of the implementations for the types of another file.
fn implementations(
    items: &Crate,
    (module, own, own_names): (&str, &[TypeItem], &BTreeSet<&str>),
    (other_names, other_module): (&BTreeSet<&str>, &str),
    header: &str,
) -> String {
    let mentioned = imports::roots(own.iter().flat_map(arguments));
    let mut imports = Vec::new();
    if rules::hold_for(own, &items.rules) {
        imports.push(Import::one("super::rules"));
    }
    let macros: BTreeSet<&str> = own.iter().filter_map(table).collect();
    imports.extend(Import::several("eventwire::__private", macros.into_iter().collect()));
    imports.extend(imports::imports(&mentioned, own_names, other_names, other_module));
    imports.extend(Import::several(&format!("crate::{module}"), declared(own, own_names, &mentioned)));
    let mut lines = Head { docs: "", deprecated: own.iter().any(has_deprecated), imports }.begin(header);
    for item in own {
        let rules = items.rules.types.get(item.name().as_str()).and_then(Option::as_ref);
        let rules = rules.map_or_else(|| "&[]".to_owned(), |table| format!("rules::{table}"));
        match item {
            TypeItem::Struct(item) => object(&mut lines, item, &rules),
            TypeItem::Enum(item) => string(&mut lines, item, &rules),
            TypeItem::Union(item) => union(&mut lines, item, &rules),
            TypeItem::Tuple(item) => tuple(&mut lines, item, &rules),
            TypeItem::Alias(_) => {}
        }
    }
    lines.into_text()
}

/// The macro that makes the codec of a type.
fn table(item: &TypeItem) -> Option<&'static str> {
    match item {
        TypeItem::Struct(_) => Some("object"),
        TypeItem::Enum(_) => Some("string"),
        TypeItem::Union(_) => Some("union"),
        TypeItem::Tuple(TupleItem { form: TupleForm::Newtype(_), .. }) => Some("newtype"),
        TypeItem::Tuple(TupleItem { form: TupleForm::Array { .. }, .. }) => Some("array"),
        TypeItem::Alias(_) => None,
    }
}

/// The types of a file that its implementations name: all but aliases, and types of another crate, that no constructor or
/// conversion mentions.
fn declared<'a>(items: &[TypeItem], names: &BTreeSet<&'a str>, mentioned: &BTreeSet<&str>) -> Vec<&'a str> {
    let own = items.iter().filter(|item| !matches!(item, TypeItem::Alias(_)));
    let own: BTreeSet<&str> = own.map(|item| item.name().as_str()).collect();
    names.iter().copied().filter(|name| mentioned.contains(name) || own.contains(name)).collect()
}

/// The types that constructors and conversions mention.
fn arguments(item: &TypeItem) -> Vec<&Mention> {
    match item {
        TypeItem::Struct(item) => {
            let initial = item.fields.iter().filter_map(|field| field.initial.as_ref());
            required(item).map(|field| &field.value).chain(&item.rest).chain(initial).collect()
        }
        TypeItem::Union(item) => item.variants.iter().filter_map(|variant| variant.from.as_ref()).collect(),
        TypeItem::Enum(_) | TypeItem::Tuple(_) | TypeItem::Alias(_) => Vec::new(),
    }
}

pub(super) fn has_deprecated(item: &TypeItem) -> bool {
    match item {
        TypeItem::Struct(item) => item.deprecated || item.fields.iter().any(|field| field.deprecated),
        TypeItem::Enum(item) => item.deprecated,
        TypeItem::Union(item) => item.deprecated,
        TypeItem::Tuple(item) => item.deprecated,
        TypeItem::Alias(_) => false,
    }
}

/// Whether a type is the prelude's string, however it is written.
fn is_string(value: &str) -> bool {
    matches!(value, "String" | "::std::string::String")
}

fn required(item: &StructItem) -> impl Iterator<Item = &FieldItem> {
    item.fields.iter().filter(|field| field.presence == Presence::Required)
}

fn object(lines: &mut Lines, item: &StructItem, rules: &str) {
    let name = item.name.as_str();
    let filled = item.fields.iter().any(|field| field.initial.is_some());
    if types::is_default(item) && filled {
        lines.item(|lines| {
            lines.line(0, &["impl core::default::Default for ", name, " {"]);
            lines.lines("    fn default() -> Self {\n        Self::new()\n    }\n}");
        });
    }
    let rest = match (&item.extra, &item.rest) {
        (Some(_), Some(value)) => format!("(open {value})"),
        (Some(_), None) => "open".to_owned(),
        (None, _) => "closed".to_owned(),
    };
    lines.table(&["object!(", name, ", ", &rest, ", ", rules], |lines| {
        for ConstantItem { name, wire, value, .. } in &item.constants {
            let (kind, value) = constant(value);
            lines.row(&["const ", &key(wire), " => ", name.as_str(), ": ", kind, " = ", &value]);
        }
        for FieldItem { name, wire, value, presence, initial, .. } in &item.fields {
            let wire = key(wire);
            let start = [wire.as_str(), " => ", name.as_str(), ": "].concat();
            let value = value.as_str();
            match (presence, initial) {
                (Presence::Required, _) if is_string(value) => {
                    lines.row(&[&start, "text(impl Into<", value, ">)"]);
                }
                (Presence::Required, _) => lines.row(&[&start, "required(", value, ")"]),
                (Presence::Optional, None) => lines.row(&[&start, "optional"]),
                (Presence::Optional, Some(value)) => lines.row(&[&start, "optional = ", value.as_str()]),
                (Presence::Maybe, _) => lines.row(&[&start, "maybe"]),
            }
        }
    });
}

/// The type of a constant and its value.
fn constant(value: &Literal) -> (&'static str, String) {
    match value {
        Literal::Text(text) => ("str", literal(text)),
        Literal::Integer(number) => ("i64", number.to_string()),
        Literal::Bool(value) => ("bool", value.to_string()),
    }
}

/// The name of a member as a literal, and as JSON text has it where that differs.
fn key(wire: &str) -> String {
    let name = literal(wire);
    if !wire.bytes().any(|byte| matches!(byte, b'"' | b'\\' | ..b' ')) {
        return name;
    }
    let json = serde_json::Value::from(wire).to_string();
    let escaped = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(wire);
    [&name, " as ", &literal(escaped)].concat()
}

fn string(lines: &mut Lines, item: &EnumItem, rules: &str) {
    lines.table(&["string!(", item.name.as_str(), ", ", rules], |lines| {
        for variant in &item.variants {
            lines.row(&[&literal(&variant.wire), " => ", variant.name.as_str()]);
        }
    });
}

fn union(lines: &mut Lines, item: &UnionItem, rules: &str) {
    let UnionItem { name, variants, .. } = item;
    if let Tell::Shape { outlines, .. } = &item.tell {
        lines.tokens(tell::outlines_of(name, outlines));
    }
    lines.table(&["union!(", name.as_str(), ", ", rules, ", ", &tell::how(&item.tell)], |lines| {
        for (index, UnionVariant { name, from, pointer, .. }) in variants.iter().enumerate() {
            let key = match &item.tell {
                Tell::Tag { tags, .. } => tell::tags(tags.get(index).map(Vec::as_slice).unwrap_or_default()),
                Tell::Shape { .. } | Tell::Only => index.to_string(),
            };
            let from = from
                .as_ref()
                .map(|from| format!(": {from}{}", pointer.map(|name| format!(" as {name}")).unwrap_or_default()));
            lines.row(&[&key, " => ", name.as_str(), &from.unwrap_or_default()]);
        }
    });
}

fn tuple(lines: &mut Lines, item: &TupleItem, rules: &str) {
    let name = item.name.as_str();
    let (positions, rest) = match &item.form {
        TupleForm::Newtype(_) => return lines.table_row(&["newtype!(", name, ", ", rules]),
        TupleForm::Array { positions, rest } => (positions, rest),
    };
    let count = positions.len().to_string();
    let end = if rest.is_some() { "open" } else { "closed" };
    lines.table(&["array!(", name, ", ", rules, ", ", &count, ", ", end], |lines| {
        let mut fields = 0;
        let mut field = |lines: &mut Lines, position: usize, kind: &str| {
            lines.row(&[&format!("{position} => {kind}[{fields} item{position}]")]);
            fields += 1;
        };
        for (index, position) in positions.iter().enumerate() {
            match position {
                PositionItem::Constant(value) => {
                    let (kind, value) = constant(value);
                    lines.row(&[&format!("{index} => constant({kind} {value})")]);
                }
                PositionItem::Required(_) => field(lines, index, "required"),
                PositionItem::Optional(_) => field(lines, index, "optional"),
            }
        }
        if rest.is_some() {
            field(lines, positions.len(), "rest");
        }
    });
}
