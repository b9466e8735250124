//! Where the messages of a document are in the generated crate.
//!
//! Comes in: an [`Api`] with its [`Names`]. Goes out: an [`Index`] for tools that use a generated crate without reading
//! it, such as a test that decodes a document's examples. Nothing here decides a name or a type.

use std::collections::BTreeSet;

use eventwire_document::config::Config;
#[doc(inline)]
pub use eventwire_document::ir::Direction;
use eventwire_document::ir::{Api, Dispatch, MessageSet};
use eventwire_document::source::Sources;

use crate::name::Names;
use crate::rust;

/// The messages of a document with their places in the generated crate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Index {
    /// The messages, in document order.
    pub messages: Vec<MessageEntry>,
}

impl Index {
    /// Returns the message at a place in the document: the path of a file, as the loader knows it, and a JSON pointer.
    #[must_use]
    pub fn message(&self, file: &str, pointer: &str) -> Option<&MessageEntry> {
        self.messages.iter().find(|message| message.file == file && message.pointer == pointer)
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageEntry {
    /// The file it stands in, as the loader knows it.
    pub file: String,
    /// The JSON pointer to it.
    pub pointer: String,
    /// The word its variant is named after, such as its key under `components.messages`.
    pub key: String,
    /// The Rust type of its payload, with paths from the root of the crate. Types of the runtime and of the standard
    /// library stand there without a path.
    pub payload: String,
    /// The enums it is a variant of.
    pub variants: Vec<VariantEntry>,
}

/// One message as a variant of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantEntry {
    /// The enum, a path from the root of the crate.
    pub set: String,
    /// The variant.
    pub variant: String,
    /// Which way the messages of the enum travel.
    pub direction: Direction,
    /// Whether a payload of this message can also be one of another, so that it may end in another variant.
    pub ambiguous: bool,
}

/// Finds every message of an API.
pub(crate) fn index(api: &Api, names: &Names, config: &Config, sources: &Sources) -> Index {
    let mut variants = variants(api, names);
    let messages = api.messages.iter().enumerate().map(|(index, message)| {
        let location = &message.origin.location;
        let file = sources.files().find(|(id, _)| *id == location.file).map(|(_, path)| path.to_owned());
        MessageEntry {
            file: file.unwrap_or_default(),
            pointer: location.pointer.to_string(),
            key: message.key.clone(),
            payload: rust::type_ref(api, names, config, &message.payload).to_string(),
            variants: std::mem::take(&mut variants[index]),
        }
    });
    Index { messages: messages.collect() }
}

/// The enums that each message is a variant of.
fn variants(api: &Api, names: &Names) -> Vec<Vec<VariantEntry>> {
    let mut variants = vec![Vec::new(); api.messages.len()];
    for (position, set) in api.sets.iter().enumerate() {
        let ambiguous = ambiguous(set);
        // A message comes once, also where it is both.
        let fallback = set.fallback.iter().map(|fallback| fallback.message).filter(|one| !set.members.contains(one));
        for message in set.members.iter().copied().chain(fallback) {
            variants[message].push(VariantEntry {
                set: format!("events::{}", names.set(position)),
                variant: names.message(message).to_owned(),
                direction: set.direction,
                ambiguous: ambiguous.contains(&message),
            });
        }
    }
    variants
}

/// The messages of a set whose payloads can also be those of another.
fn ambiguous(set: &MessageSet) -> BTreeSet<usize> {
    match &set.dispatch {
        Dispatch::Single | Dispatch::Tag { .. } => BTreeSet::new(),
        Dispatch::Structural { ambiguity_classes, .. } => {
            ambiguity_classes.iter().flatten().filter_map(|position| set.members.get(*position).copied()).collect()
        }
    }
}
