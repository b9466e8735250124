//! What stands beside the types: constructors, constants and the implementations of `Decode` and `Encode`.
//!
//! These files import the document's types by name, so everything else is written with its path.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{Dispatch, Literal};
use quote::{format_ident, quote};

use super::file::{File, literal};
use super::imports::{self, Head, Import, names, part_names};
use super::{dispatch, metadata, rules, schema, sets, types};
use crate::rust::{
    ConstantItem, Crate, EnumItem, FieldItem, Name, PositionItem, Presence, StructItem, TupleForm, TupleItem, TypeItem,
    TypeRef, UnionItem, UnionVariant, doc,
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
        ("types", &items.types, &parts, &payloads, "super::super::messages"),
        ("messages", &items.payloads, &payloads, &parts, "super::super::types"),
    ];
    for (module, own, own_names, other_names, other_module) in sides {
        if own.iter().any(|item| !matches!(item, TypeItem::Alias(_))) {
            add(module, implementations(items, (module, own, own_names), (other_names, other_module), header));
        }
    }
    if !items.sets.is_empty() {
        let mut file = File::new(header, sets::head(items).tokens());
        items.sets.iter().for_each(|set| sets::table(&mut file, set));
        add("events", file.into_text());
    }
    if let Some(text) = rules::tables(items, header) {
        add(rules::MODULE, text);
    }
    if !items.messages.is_empty() {
        let mut file = File::new(header, metadata::head(items).tokens());
        file.divide();
        items.messages.iter().for_each(|message| metadata::message(&mut file, message));
        add("metadata", file.into_text());
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
    let docs = super::inner(&doc::fixed("How the types are made, read, written and checked."));
    let mut file = File::new(header, docs);
    file.items(quote!(#(#modules)*));
    files.insert("src/codec/mod.rs".to_owned(), file.into_text());
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

    imports.extend(Import::several("eventwire::__private", own.iter().flat_map(private)));
    imports.extend(imports::imports(&mentioned, own_names, other_names, other_module));
    imports.extend(Import::several(&format!("super::super::{module}"), declared(own, own_names, &mentioned)));
    let aliases = imports::as_aliases(&mut imports, &hidden(items, own));
    let mut file = File::new(header, Head { docs: "", deprecated: own.iter().any(has_deprecated), imports }.tokens());
    file.items(aliases);
    for item in own {
        let rules = items.rules.types.get(item.name().as_str()).and_then(Option::as_ref);
        let rules = rules.map_or_else(|| "&[]".to_owned(), |table| format!("rules::{table}"));
        match item {
            TypeItem::Struct(item) => object(&mut file, item, &rules),
            TypeItem::Enum(item) => string(&mut file, item, &rules),
            TypeItem::Union(item) => union(&mut file, item, &rules),
            TypeItem::Tuple(item) => tuple(&mut file, item, &rules),
            TypeItem::Alias(_) => {}
        }
    }
    file.into_text()
}

/// The tuple structs with the name of a member: no variable can have the name of such a type where it is imported.
fn hidden<'a>(items: &'a Crate, own: &'a [TypeItem]) -> BTreeSet<&'a str> {
    let all = items.types.iter().chain(&items.payloads).chain(&items.shared);
    let tuples = all.filter(|item| matches!(item, TypeItem::Tuple(_)));
    let tuples: BTreeSet<&str> = tuples.map(|item| item.name().as_str()).collect();
    let members = own.iter().flat_map(|item| match item {
        TypeItem::Struct(StructItem { constants, fields, .. }) => {
            constants.iter().map(|constant| &constant.name).chain(fields.iter().map(|field| &field.name)).collect()
        }
        TypeItem::Enum(_) | TypeItem::Union(_) | TypeItem::Tuple(_) | TypeItem::Alias(_) => Vec::new(),
    });
    members.map(Name::as_str).filter(|name| tuples.contains(name)).collect()
}

/// What the codec of a type takes from the hidden module of the runtime.
fn private(item: &TypeItem) -> impl Iterator<Item = &'static str> {
    let fingerprints = match item {
        TypeItem::Union(item) => dispatch::module(&item.dispatch),
        TypeItem::Struct(_) | TypeItem::Enum(_) | TypeItem::Tuple(_) | TypeItem::Alias(_) => None,
    };
    table(item).into_iter().chain(fingerprints)
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
fn arguments(item: &TypeItem) -> Vec<&TypeRef> {
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

fn object(file: &mut File, item: &StructItem, rules: &str) {
    let name = item.name.as_str();
    let filled = item.fields.iter().any(|field| field.initial.is_some());
    if types::is_default(item) && filled {
        let name = &item.name;
        file.items(quote! {
            impl core::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        });
    }
    let rest = match (&item.extra, &item.rest) {
        (Some(_), Some(value)) => format!("(open {value})"),
        (Some(_), None) => "open".to_owned(),
        (None, _) => "closed".to_owned(),
    };
    file.table(&["object!(", name, ", ", &rest, ", ", rules, ", {"], "});", |file| {
        for ConstantItem { name, wire, value, .. } in &item.constants {
            let (kind, value) = constant(value);
            file.row(&["const ", &key(wire), " => ", name.as_str(), ": ", kind, " = ", &value]);
        }
        for FieldItem { name, wire, value, presence, initial, .. } in &item.fields {
            let (wire, name, value) = (key(wire), name.as_str(), value.as_str());
            match (presence, initial) {
                (Presence::Required, _) if is_string(value) => {
                    file.row(&[&wire, " => text ", name, "(impl Into<", value, ">)"]);
                }
                (Presence::Required, _) => file.row(&[&wire, " => required ", name, "(", value, ")"]),
                (Presence::Optional, None) => file.row(&[&wire, " => optional ", name]),
                (Presence::Optional, Some(value)) => file.row(&[&wire, " => optional ", name, " = ", value.as_str()]),
                (Presence::Maybe, _) => file.row(&[&wire, " => maybe ", name]),
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

fn string(file: &mut File, item: &EnumItem, rules: &str) {
    file.table(&["string!(", item.name.as_str(), ", ", rules, ", {"], "});", |file| {
        for variant in &item.variants {
            file.row(&[&literal(&variant.wire), " => ", variant.name.as_str()]);
        }
    });
}

fn union(file: &mut File, item: &UnionItem, rules: &str) {
    let UnionItem { name, variants, .. } = item;
    if let Dispatch::Structural { fingerprints, .. } = &item.dispatch {
        file.items(dispatch::fingerprints_of(name, fingerprints));
    }
    file.table(&["union!(", name.as_str(), ", ", rules, ", ", &dispatch::how(&item.dispatch), ", {"], "});", |file| {
        for (index, UnionVariant { name, from, pointer, .. }) in variants.iter().enumerate() {
            let key = match &item.dispatch {
                Dispatch::Tag { tags, .. } => dispatch::tags(tags.get(index).map(Vec::as_slice).unwrap_or_default()),
                Dispatch::Structural { .. } | Dispatch::Single => index.to_string(),
            };
            let from = from
                .as_ref()
                .map(|from| format!(": {from}{}", pointer.map(|name| format!(" as {name}")).unwrap_or_default()));
            file.row(&[&key, " => ", name.as_str(), &from.unwrap_or_default()]);
        }
    });
}

fn tuple(file: &mut File, item: &TupleItem, rules: &str) {
    let name = item.name.as_str();
    let (positions, rest) = match &item.form {
        TupleForm::Newtype(_) => {
            file.divide();
            return file.line(&["newtype!(", name, ", ", rules, ");"]);
        }
        TupleForm::Array { positions, rest, .. } => (positions, rest),
    };
    let count = positions.len().to_string();
    let end = if rest.is_some() { "open" } else { "closed" };
    file.table(&["array!(", name, ", ", rules, ", ", &count, ", ", end, ", {"], "});", |file| {
        let mut fields = 0;
        let mut field = |file: &mut File, position: usize, kind: &str| {
            file.row(&[&format!("{position} => {kind}[{fields} item{position}]")]);
            fields += 1;
        };
        for (index, position) in positions.iter().enumerate() {
            match position {
                PositionItem::Constant(value) => {
                    let (kind, value) = constant(value);
                    file.row(&[&format!("{index} => constant({kind} {value})")]);
                }
                PositionItem::Required(_) => field(file, index, "required"),
                PositionItem::Optional(_) => field(file, index, "optional"),
            }
        }
        if rest.is_some() {
            field(file, positions.len(), "rest");
        }
    });
}
