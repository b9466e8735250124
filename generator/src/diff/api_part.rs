//! What code can rely on: parts of the items of a crate, and what they mean.

use std::collections::BTreeSet;
use std::fmt;

use super::ItemRenames;
use super::signature::{CrateTypes, Item, Signature, SignaturePiece, shown};

/// Something of a crate's public API, such as `Message::new`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiPart {
    pub(super) item: Item,
    pub(super) part: ItemPart,
}

/// What of an item code relies on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ItemPart {
    /// The item itself.
    Itself,
    /// That a match on it needs no wildcard.
    Match,
    /// That an implementation of it has all methods.
    Impl,
    /// That a value of it is written with `..`.
    Literal,
    /// What a tuple struct holds.
    Positions,
    Field(String),
    /// A trait that it implements.
    Implements(Signature),
    /// The arguments of `new`.
    New,
    /// A variant, a constant, a method or an associated type.
    Member(String),
}

impl ItemPart {
    pub(super) fn field(name: impl fmt::Display) -> Self {
        Self::Field(name.to_string())
    }

    pub(super) fn member(name: impl fmt::Display) -> Self {
        Self::Member(name.to_string())
    }
}

impl ApiPart {
    pub(super) fn new(item: &Item, part: ItemPart) -> Self {
        Self { item: item.clone(), part }
    }
}

impl fmt::Display for ApiPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let item = self.item.name();
        match &self.part {
            ItemPart::Itself => f.write_str(item),
            ItemPart::Match => write!(f, "{item} in a match"),
            ItemPart::Impl => write!(f, "{item} in an impl"),
            ItemPart::Literal => write!(f, "{item} {{ .. }}"),
            ItemPart::Positions => write!(f, "{item}(..)"),
            ItemPart::Field(name) => write!(f, "{item}.{name}"),
            ItemPart::Implements(implemented) => write!(f, "{item}: {}", shown(implemented)),
            ItemPart::New => write!(f, "{item}::new"),
            ItemPart::Member(name) => write!(f, "{item}::{name}"),
        }
    }
}

/// What a part of an item is: a type or a few words, or a list of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning(pub(super) Kind);

/// The kinds of [`Meaning`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Type(Signature),
    Names(BTreeSet<String>),
}

impl Meaning {
    /// What it is in another crate.
    pub(super) fn adopted(&self, types: &CrateTypes, renames: &ItemRenames) -> Self {
        match &self.0 {
            Kind::Type(signature) => types.adopt(signature, renames).into(),
            Kind::Names(_) => self.clone(),
        }
    }

    /// The names that this list has and another has not.
    pub(super) fn beyond<'m>(&'m self, other: &'m Self) -> Vec<&'m str> {
        match (&self.0, &other.0) {
            (Kind::Names(own), Kind::Names(others)) => own.difference(others).map(String::as_str).collect(),
            (Kind::Type(_) | Kind::Names(_), _) => Vec::new(),
        }
    }
}

impl From<Signature> for Meaning {
    fn from(signature: Signature) -> Self {
        Self(Kind::Type(signature))
    }
}

impl From<&str> for Meaning {
    fn from(word: &str) -> Self {
        vec![SignaturePiece::word(word)].into()
    }
}

impl From<String> for Meaning {
    fn from(word: String) -> Self {
        vec![SignaturePiece::Word(word)].into()
    }
}

impl From<BTreeSet<String>> for Meaning {
    fn from(names: BTreeSet<String>) -> Self {
        Self(Kind::Names(names))
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Type(signature) => f.write_str(&shown(signature)),
            Kind::Names(names) => f.write_str(&names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")),
        }
    }
}
