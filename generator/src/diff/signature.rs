//! Canonical forms of types for comparison.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::TypeId;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;

use super::{ItemRenames, Side};
use crate::rust::{TypeItem, TypeRef};

/// A type in pieces.
pub(super) type Signature = Vec<SignaturePiece>;

/// A piece of a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SignaturePiece {
    /// An item of the document: its name can differ between crates, and aliases are resolved.
    Named(Item),
    /// Any other token, which is the same in every crate.
    Word(String),
}

impl SignaturePiece {
    pub(super) fn word(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

/// A named item of a crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Item {
    name: String,
    namespace: Namespace,
}

/// The namespace of an item. Types have their own modules, so a type can have the name of another item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Namespace {
    /// The modules of the types of schemas.
    Types,
    /// The modules of enums of messages, traits and what opens a connection, which all are names at the root.
    Root,
}

impl Item {
    /// A type of a schema.
    pub(super) fn of_type(name: impl Into<String>) -> Self {
        Self { name: name.into(), namespace: Namespace::Types }
    }

    /// An enum of messages, a trait, or what opens a connection.
    pub(super) fn of_root(name: impl Into<String>) -> Self {
        Self { name: name.into(), namespace: Namespace::Root }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// The path of types that the document does not name.
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

/// The types of a crate.
#[derive(Debug)]
pub(super) struct CrateTypes {
    declared: BTreeSet<String>,
    /// The target of each alias.
    aliases: BTreeMap<Item, Signature>,
}

impl CrateTypes {
    pub(super) fn of(side: &Side) -> Self {
        let items = || side.items.types.iter().chain(&side.items.payloads);
        let declared = items().map(|item| item.name().to_string()).collect();
        let mut types = Self { declared, aliases: BTreeMap::new() };
        let plain: BTreeMap<Item, Signature> = items()
            .filter_map(|item| match item {
                TypeItem::Alias(alias) => Some((Item::of_type(alias.name.to_string()), types.plain(&alias.target))),
                TypeItem::Struct(_) | TypeItem::Enum(_) | TypeItem::Union(_) | TypeItem::Tuple(_) => None,
            })
            .collect();
        let resolved = plain.iter().map(|(item, target)| (item.clone(), expand(target, &plain, plain.len())));
        types.aliases = resolved.collect();
        types
    }

    /// Returns the target of an item, if it is an alias.
    pub(super) fn alias(&self, item: &Item) -> Option<&Signature> {
        self.aliases.get(item)
    }

    /// Returns the form of a type, with aliases resolved.
    pub(super) fn signature(&self, used: &TypeRef) -> Signature {
        expand(&self.plain(used), &self.aliases, 1)
    }

    /// Returns the form that a type of the old crate has in this one.
    pub(super) fn adopt(&self, old: &Signature, renames: &ItemRenames) -> Signature {
        let adopted = old.iter().map(|piece| match piece {
            SignaturePiece::Named(item) => SignaturePiece::Named(renames.get(item).unwrap_or(item).clone()),
            SignaturePiece::Word(_) => piece.clone(),
        });
        expand(&adopted.collect(), &self.aliases, 1)
    }

    fn plain(&self, used: &TypeRef) -> Signature {
        let mut parts = Vec::new();
        flatten(used.to_token_stream(), &mut parts);
        parts.into_iter().map(|part| self.piece(part)).collect()
    }

    fn piece(&self, part: String) -> SignaturePiece {
        if let Some(own) = ["types::", "messages::"].iter().find_map(|module| part.strip_prefix(module)) {
            return SignaturePiece::Named(Item::of_type(own));
        }
        if self.declared.contains(&part) {
            return SignaturePiece::Named(Item::of_type(part));
        }
        let short = FULL.iter().find_map(|folder| part.strip_prefix(folder)).filter(|name| !name.contains(':'));
        SignaturePiece::Word(short.map_or_else(|| part.clone(), str::to_owned))
    }
}

impl Side {
    /// A type of a schema as people write it.
    pub(super) fn type_path(&self, id: TypeId) -> String {
        self.names.type_name(id).to_owned()
    }
}

/// A type as people write it.
pub(super) fn shown(signature: &Signature) -> String {
    let mut text = String::new();
    for piece in signature {
        match piece {
            SignaturePiece::Named(item) => text.push_str(&item.name),
            SignaturePiece::Word(word) => text.push_str(word),
        }
        if *piece == SignaturePiece::word(",") {
            text.push(' ');
        }
    }
    text.truncate(text.trim_end_matches([',', ' ']).len());
    text
}

/// Replaces aliases, at most `depth` times within each other.
fn expand(signature: &Signature, aliases: &BTreeMap<Item, Signature>, depth: usize) -> Signature {
    let expanded = signature.iter().flat_map(|piece| match piece {
        SignaturePiece::Named(item) if depth > 0 => {
            aliases.get(item).map_or_else(|| vec![piece.clone()], |target| expand(target, aliases, depth - 1))
        }
        SignaturePiece::Named(_) | SignaturePiece::Word(_) => vec![piece.clone()],
    });
    expanded.collect()
}

/// Splits a type into paths and the tokens between them.
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
