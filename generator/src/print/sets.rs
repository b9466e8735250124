//! How messages that travel together are distinguished, read, written and checked.

use eventwire_document::ir::{Direction, Dispatch, Literal};
use proc_macro2::Literal as Character;

use super::dispatch;
use super::events::members;
use super::file::{File, literal};
use super::imports::{self, Head, Import};
use crate::rust::{Crate, SetItem, SetVariant};

/// What stands before the tables.
pub(super) fn head(items: &Crate) -> Head<'_> {
    let variants = || items.sets.iter().flat_map(members);
    let names = items.sets.iter().flat_map(|set| [set.name.as_str(), set.kind.as_str()]);
    let modules =
        imports::modules("super::super", variants().filter(|variant| variant.unique).map(|variant| &variant.payload));
    let checked = variants().any(|variant| variant.rules.is_some());
    let rules = checked.then(|| Import::one("super::rules"));
    let sets = Import::several("super::super::events", names);
    let fingerprints = items.sets.iter().filter_map(|set| dispatch::module(&set.dispatch));
    let private = Import::several("eventwire::__private", fingerprints.chain(["events"]));
    Head {
        docs: "",
        deprecated: variants().any(|variant| variant.deprecated),
        imports: rules.into_iter().chain(private).chain(sets).chain(modules).collect(),
    }
}

/// The table of a set.
pub(super) fn table(file: &mut File, set: &SetItem) {
    if let Dispatch::Structural { fingerprints, .. } = &set.dispatch {
        file.items(dispatch::fingerprints_of(&set.name, fingerprints));
    }
    let direction = match set.direction {
        Direction::Received => "received",
        Direction::Sent => "sent",
    };
    let how = dispatch::how(&set.dispatch);
    let open = ["events!(", set.name.as_str(), ", ", set.kind.as_str(), ", ", direction, ", ", &how, ", {"];
    file.table(&open, "});", |file| {
        for (index, variant) in set.variants.iter().enumerate() {
            let key = match &set.dispatch {
                Dispatch::Tag { .. } => dispatch::tags(&variant.tags),
                Dispatch::Structural { .. } | Dispatch::Single => index.to_string(),
            };
            let label = match (variant.tags.as_slice(), &set.dispatch) {
                ([Literal::Text(_)], Dispatch::Tag { .. }) => None,
                _ => Some(label(variant)),
            };
            message(file, &key, variant, label);
        }
        if let Some((variant, excluded)) = &set.fallback {
            let key = excluded.as_deref().map_or_else(|| "else".to_owned(), |text| format!("else({})", pattern(text)));
            message(file, &key, variant, Some(label(variant)));
        }
    });
}

/// What a message is called in errors and in lists: its tag, or its variant.
fn label(variant: &SetVariant) -> &str {
    match variant.tags.as_slice() {
        [Literal::Text(only)] => only,
        _ => variant.name.as_str(),
    }
}

/// The row of a message.
fn message(file: &mut File, key: &str, variant: &SetVariant, label: Option<&str>) {
    let SetVariant { name, payload, boxed, unique, rules, .. } = variant;
    let label = label.map(|label| [" ", &literal(label)].concat()).unwrap_or_default();
    let mut parts = vec![key, " => ", name.as_str(), label.as_str()];
    if *unique {
        parts.extend([": ", payload.as_str()]);
        parts.extend(boxed.then_some(" as Box"));
    }
    if let Some(table) = rules {
        parts.extend([" = rules::", table.as_str()]);
    }
    file.row(&parts);
}

/// A pattern for text; a `char` where that is enough.
fn pattern(text: &str) -> String {
    let mut chars = text.chars();
    if let (Some(only), None) = (chars.next(), chars.next()) {
        Character::character(only).to_string()
    } else {
        literal(text)
    }
}
