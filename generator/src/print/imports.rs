//! What a file imports.

use std::collections::BTreeSet;

use super::layout::{Lines, commas};
use crate::rust::{Crate, MAP, Mention, RUNTIME, TypeItem};

/// A `use`: of one thing, or of several under the same path.
#[derive(Debug)]
pub(super) struct Import<'a> {
    word: &'static str,
    path: String,
    names: Vec<&'a str>,
}

impl<'a> Import<'a> {
    pub(super) fn one(path: &str) -> Self {
        Self { word: "use", path: path.to_owned(), names: Vec::new() }
    }

    /// Names under a path; nothing where there are none.
    pub(super) fn several(path: &str, names: Vec<&'a str>) -> Option<Self> {
        (!names.is_empty()).then(|| Self { word: "use", path: path.to_owned(), names })
    }

    /// The same, for whoever uses the file too.
    pub(super) fn public(path: &str, names: Vec<&'a str>) -> Option<Self> {
        Self::several(path, names).map(|import| Self { word: "pub use", ..import })
    }
}

/// What stands between the header of a file and its items.
#[derive(Debug, Default)]
pub(super) struct Head<'a> {
    /// What the file is, in a line.
    pub(super) docs: &'static str,
    /// Whether items mention what is deprecated.
    pub(super) deprecated: bool,
    pub(super) imports: Vec<Import<'a>>,
}

impl Head<'_> {
    /// A file that begins with this.
    pub(super) fn begin(&self, header: &str) -> Lines {
        let mut lines = Lines::new(header);
        if !self.docs.is_empty() {
            lines.line(0, &["//! ", self.docs]);
        }
        if self.deprecated {
            lines.lines("#![allow(deprecated, reason = \"what is deprecated is still read and written\")]");
        }
        if !self.imports.is_empty() {
            lines.divide();
        }
        for Import { word, path, names } in &self.imports {
            match names.as_slice() {
                [] => lines.line(0, &[word, " ", path, ";"]),
                [only] => lines.line(0, &[word, " ", path, "::", only, ";"]),
                names => lines.filled(&format!("{word} {path}::{{"), &commas(names), ",", "};"),
            }
        }
        lines
    }
}

/// The names of types.
pub(super) fn names(items: &[TypeItem]) -> BTreeSet<&str> {
    items.iter().map(|item| item.name().as_str()).collect()
}

/// The names that the file of shared and nested types has.
pub(super) fn part_names(items: &Crate) -> BTreeSet<&str> {
    items.types.iter().chain(&items.shared).map(|item| item.name().as_str()).collect()
}

/// The names that mentions of types begin with.
pub(super) fn roots<'a>(mentions: impl IntoIterator<Item = &'a Mention>) -> BTreeSet<&'a str> {
    mentions.into_iter().flat_map(Mention::roots).collect()
}

/// What the types of one file mention of the runtime and of the other file.
pub(super) fn imports<'a>(
    mentioned: &BTreeSet<&str>,
    own: &BTreeSet<&str>,
    other: &BTreeSet<&'a str>,
    module: &str,
) -> Vec<Import<'a>> {
    let of_runtime = |name: &&str| mentioned.contains(name) && !own.contains(name) && !other.contains(name);
    let map = of_runtime(&MAP).then(|| Import::one(&format!("std::collections::{MAP}")));
    let from_runtime = Import::several("eventwire", RUNTIME.into_iter().filter(of_runtime).collect());
    let from_other = other.iter().copied().filter(|name| mentioned.contains(name)).collect();
    let from_other = Import::several(&format!("crate::{module}"), from_other);
    [map, from_runtime, from_other].into_iter().flatten().collect()
}

/// The modules that the payloads of a file live in.
pub(super) fn modules<'a, 'i>(payloads: impl IntoIterator<Item = &'a Mention>) -> Vec<Import<'i>> {
    let mentioned = roots(payloads);
    let modules = [("messages", "crate::messages"), ("types", "crate::types")];
    let modules = modules.into_iter().filter(|(module, _)| mentioned.contains(module));
    modules.map(|(_, path)| Import::one(path)).collect()
}
