//! How values are distinguished.

use super::Literal;
use crate::schema::JsonType;

/// How messages of a set, or branches of a union, are distinguished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dispatch {
    /// There is just one.
    Single,
    /// By a scalar at one place.
    Tag {
        /// One member, or a member of a member.
        path: Vec<String>,
        /// Whether the tags are strings; else they are integers or booleans.
        text: bool,
        /// The tags of each member, in the order of the members; each tag belongs to one member only.
        tags: Vec<Vec<Literal>>,
    },
    /// By shape, the best match first.
    Structural {
        /// The fingerprint of each member, in the order of the members.
        fingerprints: Vec<Fingerprint>,
        /// Groups of members that some values fit equally well: any two of a group, and each such pair is in one.
        ambiguity_classes: Vec<Vec<usize>>,
    },
}

/// The fingerprint of a type's values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint {
    /// The JSON kinds it has; empty where any is possible.
    pub kinds: Vec<JsonType>,
    /// Members that must be there.
    pub required: Vec<String>,
    /// Members that can be there.
    pub known: Vec<String>,
    /// Places with one possible value, or one out of a list.
    pub constants: Vec<ConstantAt>,
}

/// A place with one possible value, or one out of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstantAt {
    /// Where.
    pub path: ValuePath,
    /// Whether it must be there.
    pub required: bool,
    /// The possible values.
    pub values: Vec<Literal>,
}

/// A place in a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValuePath {
    /// The value itself.
    Root,
    /// A member, or a member of a member.
    Property(Vec<String>),
    /// An element of an array, from 0.
    Item(usize),
}
