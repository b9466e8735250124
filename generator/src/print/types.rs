//! Structs, enums and aliases as people read them.

use super::layout::{Lines, Place};
use crate::rust::{
    EnumItem, FieldItem, Mention, PositionItem, Presence, StructItem, TupleForm, TupleItem, TypeItem, UnionItem,
};
use eventwire_document::markdown::code_span;

/// The declarations of types.
pub(super) fn definitions(lines: &mut Lines, items: &[TypeItem], derives: &[Mention]) {
    for item in items {
        lines.item(|lines| match item {
            TypeItem::Struct(item) => structure(lines, item, derives),
            TypeItem::Enum(item) => enumeration(lines, item, derives),
            TypeItem::Union(item) => union(lines, item, derives),
            TypeItem::Tuple(item) => tuple(lines, item, derives),
            TypeItem::Alias(item) => {
                lines.docs(0, &item.docs);
                lines.line(0, &["pub type ", item.name.as_str(), " = ", item.target.as_str(), ";"]);
            }
        });
    }
}

/// The types that a declaration mentions.
pub(super) fn mentions(item: &TypeItem) -> Vec<&Mention> {
    match item {
        TypeItem::Struct(item) => item.fields.iter().map(|field| &field.declared).chain(&item.extra).collect(),
        TypeItem::Enum(_) => Vec::new(),
        TypeItem::Union(item) => {
            let unknown = item.unknown.iter().map(|(_, value)| value);
            item.variants.iter().map(|variant| &variant.value).chain(unknown).collect()
        }
        TypeItem::Tuple(item) => match &item.form {
            TupleForm::Newtype(inner) => vec![inner],
            TupleForm::Array { positions, rest } => {
                let values = positions.iter().filter_map(|position| match position {
                    PositionItem::Constant(_) => None,
                    PositionItem::Required(value) | PositionItem::Optional(value) => Some(value),
                });
                values.chain(rest).collect()
            }
        },
        TypeItem::Alias(item) => vec![&item.target],
    }
}

/// The attributes of a declaration; `known` are the traits that it derives in any case.
fn attributes<'d>(
    lines: &mut Lines,
    (deprecated, sealed): (bool, bool),
    known: &'d str,
    derives: impl Iterator<Item = &'d Mention>,
) {
    lines.deprecated(0, deprecated);
    let mut parts = vec!["#[derive(", known];
    for path in derives {
        parts.extend([", ", path.as_str()]);
    }
    parts.push(")]");
    lines.line(0, &parts);
    if sealed {
        lines.line(0, &["#[non_exhaustive]"]);
    }
}

fn structure(lines: &mut Lines, item: &StructItem, derives: &[Mention]) {
    lines.docs(0, &item.docs);
    let empty = is_default(item) && item.fields.iter().all(|field| field.initial.is_none());
    let known = if empty { "Debug, Clone, PartialEq, Default" } else { "Debug, Clone, PartialEq" };
    attributes(lines, (item.deprecated, item.received_only), known, derives.iter());
    if item.fields.is_empty() && item.extra.is_none() {
        return lines.line(0, &["pub struct ", item.name.as_str(), " {}"]);
    }
    lines.line(0, &["pub struct ", item.name.as_str(), " {"]);
    for FieldItem { docs, deprecated, name, declared, .. } in &item.fields {
        lines.piece(Place::Field, |lines| {
            lines.docs(1, docs);
            lines.deprecated(1, *deprecated);
            lines.line(1, &["pub ", name.as_str(), ": ", declared.as_str(), ","]);
        });
    }
    if let Some(extra) = &item.extra {
        lines.lines("    /// Members that the document does not name, and optional ones that were `null`.");
        lines.line(1, &["pub extra: ", extra.as_str(), ","]);
    }
    lines.lines("}");
}

fn union(lines: &mut Lines, item: &UnionItem, derives: &[Mention]) {
    lines.docs(0, &item.docs);
    attributes(lines, (item.deprecated, item.received_only), "Debug, Clone, PartialEq", derives.iter());
    lines.line(0, &["pub enum ", item.name.as_str(), " {"]);
    for variant in &item.variants {
        lines.piece(Place::Variant, |lines| {
            lines.docs(1, &variant.docs);
            lines.line(1, &[variant.name.as_str(), "(", variant.value.as_str(), "),"]);
        });
    }
    if let Some((name, value)) = &item.unknown {
        lines.lines("    /// An alternative that the document does not list.");
        lines.line(1, &[name.as_str(), "(", value.as_str(), "),"]);
    }
    lines.lines("}");
}

fn tuple(lines: &mut Lines, item: &TupleItem, derives: &[Mention]) {
    lines.docs(0, &item.docs);
    attributes(lines, (item.deprecated, false), "Debug, Clone, PartialEq", derives.iter());
    let fields: Vec<String> = tuple_fields(&item.form).iter().map(|field| format!("pub {field}")).collect();
    lines.line(0, &["pub struct ", item.name.as_str(), "(", &fields.join(", "), ");"]);
}

/// The types of the fields of a tuple struct.
fn tuple_fields(form: &TupleForm) -> Vec<Mention> {
    match form {
        TupleForm::Newtype(inner) => vec![inner.clone()],
        TupleForm::Array { positions, rest } => {
            let fields = positions.iter().filter_map(|position| match position {
                PositionItem::Constant(_) => None,
                PositionItem::Required(value) => Some(value.clone()),
                PositionItem::Optional(value) => Some(Mention::generic("core::option::Option", &[value])),
            });
            fields.chain(rest.iter().map(|rest| Mention::generic("std::vec::Vec", &[rest]))).collect()
        }
    }
}

/// Whether a value can be made out of nothing.
pub(super) fn is_default(item: &StructItem) -> bool {
    item.fields.iter().all(|field| field.presence != Presence::Required)
}

fn enumeration(lines: &mut Lines, item: &EnumItem, derives: &[Mention]) {
    lines.docs(0, &item.docs);
    let derives = derives.iter().filter(|path| !matches!(path.as_str(), "Eq" | "Hash"));
    attributes(lines, (item.deprecated, item.received_only), "Debug, Clone, PartialEq, Eq, Hash", derives);
    lines.line(0, &["pub enum ", item.name.as_str(), " {"]);
    for variant in &item.variants {
        lines.piece(Place::Variant, |lines| {
            lines.doc(1, &code_span(&variant.wire));
            lines.line(1, &[variant.name.as_str(), ","]);
        });
    }
    lines.lines("    /// A value that the document does not list.");
    lines.line(1, &[item.unrecognized.as_str(), "(", item.text.as_str(), "),"]);
    lines.lines("}");
}
