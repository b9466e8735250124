//! Types as they are compared: the same text means the same type, however it is written.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;

use super::{Counterparts, Side};
use crate::rust::{MAP, Mention, RUNTIME, TypeItem};

/// A type in pieces. What the document does not name begins with `~`.
pub(super) type Signature = Vec<String>;

/// Where types that a document does not name are written in full.
const FULL: [&str; 8] = [
    "eventwire::",
    "std::collections::",
    "::core::option::",
    "core::option::",
    "::std::string::",
    "::std::vec::",
    "std::vec::",
    "::std::boxed::",
];

/// Types that are written without a path.
const PRELUDE: [&str; 4] = ["Box", "Option", "String", "Vec"];

/// The types of a crate.
#[derive(Debug)]
pub(super) struct Types {
    declared: BTreeSet<String>,
    /// What each alias stands for.
    aliases: BTreeMap<String, Signature>,
}

impl Types {
    pub(super) fn of(side: &Side) -> Self {
        let items = || side.items.types.iter().chain(&side.items.payloads);
        let declared = items().map(|item| item.name().to_string()).collect();
        let mut types = Self { declared, aliases: BTreeMap::new() };
        let plain: BTreeMap<String, Signature> = items()
            .filter_map(|item| match item {
                TypeItem::Alias(alias) => Some((alias.name.to_string(), types.plain(&alias.target))),
                TypeItem::Struct(_) | TypeItem::Enum(_) | TypeItem::Union(_) | TypeItem::Tuple(_) => None,
            })
            .collect();
        let resolved = plain.iter().map(|(name, target)| (name.clone(), expand(target, &plain, plain.len())));
        types.aliases = resolved.collect();
        types
    }

    /// What an alias stands for, if it is one.
    pub(super) fn alias(&self, name: &str) -> Option<&Signature> {
        self.aliases.get(name)
    }

    /// A type, with what its aliases stand for.
    pub(super) fn signature(&self, used: &Mention) -> Signature {
        expand(&self.plain(used), &self.aliases, 1)
    }

    /// What a type of the old crate is in this one.
    pub(super) fn adopt(&self, old: &Signature, counterparts: &Counterparts) -> Signature {
        let renamed: Signature = old.iter().map(|part| counterparts.get(part).unwrap_or(part).clone()).collect();
        expand(&renamed, &self.aliases, 1)
    }

    fn plain(&self, used: &Mention) -> Signature {
        let mut parts = Vec::new();
        flatten(used.to_token_stream(), &mut parts);
        parts.into_iter().map(|part| self.known(part)).collect()
    }

    fn known(&self, part: String) -> String {
        if let Some(own) = ["types::", "messages::"].iter().find_map(|module| part.strip_prefix(module)) {
            return own.to_owned();
        }
        let short = FULL.iter().find_map(|folder| part.strip_prefix(folder)).filter(|name| !name.contains(':'));
        match short {
            Some(short) => format!("~{short}"),
            None if self.declared.contains(&part) => part,
            None if part == MAP || RUNTIME.contains(&part.as_str()) || PRELUDE.contains(&part.as_str()) => {
                format!("~{part}")
            }
            None => part,
        }
    }
}

/// Replaces aliases, at most `depth` times within each other.
fn expand(signature: &Signature, aliases: &BTreeMap<String, Signature>, depth: usize) -> Signature {
    let expanded = signature.iter().flat_map(|part| match aliases.get(part) {
        Some(target) if depth > 0 => expand(target, aliases, depth - 1),
        Some(_) | None => vec![part.clone()],
    });
    expanded.collect()
}

/// Splits a type into paths and what stands between them.
fn flatten(tokens: TokenStream, into: &mut Vec<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                into.push("(".to_owned());
                flatten(group.stream(), into);
                into.push(")".to_owned());
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => match into.last_mut() {
                Some(last) if last == ":" || last.ends_with(|end: char| end == ':' || is_word(end)) => last.push(':'),
                Some(_) | None => into.push(":".to_owned()),
            },
            TokenTree::Punct(punct) => into.push(punct.to_string()),
            TokenTree::Ident(ident) => match into.last_mut() {
                Some(last) if last.ends_with("::") => last.push_str(&ident.to_string()),
                Some(_) | None => into.push(ident.to_string()),
            },
            TokenTree::Literal(literal) => into.push(literal.to_string()),
        }
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// A type as people write it.
pub(super) fn shown(signature: &Signature) -> String {
    let mut text = String::new();
    for part in signature {
        text.push_str(part.trim_start_matches('~'));
        if part == "," {
            text.push(' ');
        }
    }
    text.truncate(text.trim_end_matches([',', ' ']).len());
    text
}
