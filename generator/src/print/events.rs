//! Enums of messages.

use super::imports::{self, Import};
use super::layout::{Lines, Place};
use crate::ir::Direction;
use crate::rust::{Crate, SetItem, SetVariant};

pub(super) fn members(set: &SetItem) -> impl Iterator<Item = &SetVariant> {
    set.variants.iter().chain(set.fallback.as_ref().map(|(variant, _)| variant))
}

/// The imports of the events file.
pub(super) fn imports(items: &Crate) -> Vec<Import<'_>> {
    imports::modules(items.sets.iter().flat_map(members).map(|variant| &variant.payload))
}

/// The declarations of a set.
pub(super) fn definitions(lines: &mut Lines, set: &SetItem) {
    lines.item(|lines| messages(lines, set));
    lines.item(|lines| kind(lines, set));
}

fn messages(lines: &mut Lines, set: &SetItem) {
    lines.docs(0, &set.docs);
    lines.lines("#[derive(Debug, Clone, PartialEq)]");
    if set.direction == Direction::Received {
        lines.lines("#[non_exhaustive]");
    }
    lines.line(0, &["pub enum ", set.name.as_str(), " {"]);
    for SetVariant { name, docs, deprecated, payload, boxed, .. } in members(set) {
        let (open, close) = if *boxed { ("(Box<", ">),") } else { ("(", "),") };
        lines.piece(Place::Variant, |lines| {
            lines.docs(1, docs);
            lines.deprecated(1, *deprecated);
            lines.line(1, &[name.as_str(), open, payload.as_str(), close]);
        });
    }
    if set.direction == Direction::Received {
        lines.lines("    /// A message that the document does not name; its whole text is kept.");
        lines.line(1, &[set.unknown.as_str(), "(eventwire::UnknownMessage),"]);
    }
    lines.lines("}");
}

fn kind(lines: &mut Lines, set: &SetItem) {
    lines.doc(0, &format!("Which message of [`{}`] something is.", set.name));
    lines.lines("#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]");
    lines.lines("#[non_exhaustive]");
    lines.line(0, &["pub enum ", set.kind.as_str(), " {"]);
    for variant in members(set) {
        lines.piece(Place::Variant, |lines| {
            lines.docs(1, &variant.docs[..1]);
            lines.line(1, &[variant.name.as_str(), ","]);
        });
    }
    lines.lines("}");
}
