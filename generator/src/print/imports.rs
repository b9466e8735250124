//! What a file imports.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::rust::{Crate, MAP, RUNTIME, TypeItem, TypeRef, doc};

/// A `use`: of one thing, or of several under the same path.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import<'a> {
    path: String,
    names: BTreeSet<&'a str>,
    public: bool,
}

impl<'a> Import<'a> {
    pub(super) fn one(path: &str) -> Self {
        Self { path: path.to_owned(), names: BTreeSet::new(), public: false }
    }

    /// Names under a path; nothing where there are none.
    pub(super) fn several(path: &str, names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let names: BTreeSet<&str> = names.into_iter().collect();
        (!names.is_empty()).then(|| Self { path: path.to_owned(), names, public: false })
    }

    /// The same, for whoever uses the file too.
    pub(super) fn public(path: &str, names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        Self::several(path, names).map(|import| Self { public: true, ..import })
    }

    fn tokens(&self) -> TokenStream {
        let path: TokenStream = self.path.parse().unwrap_or_default();
        let public = self.public.then(|| quote!(pub));
        let names: Vec<TokenStream> = self.names.iter().map(|name| name.parse().unwrap_or_default()).collect();
        match names.as_slice() {
            [] => quote!(#public use #path;),
            [only] => quote!(#public use #path::#only;),
            names => quote!(#public use #path::{#(#names),*};),
        }
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
    /// Its attributes, and its imports by path.
    pub(super) fn tokens(&self) -> TokenStream {
        let docs = super::inner(&doc::fixed(self.docs));
        let deprecated = self
            .deprecated
            .then(|| quote!(#![allow(deprecated, reason = "what is deprecated is still read and written")]));
        let mut imports: Vec<&Import<'_>> = self.imports.iter().collect();
        imports.sort();
        let imports = imports.into_iter().map(Import::tokens);
        quote!(#docs #deprecated #(#imports)*)
    }
}

/// Takes the names of types out of imports; returns them as aliases, which leave the names free for values.
pub(super) fn as_aliases(imports: &mut Vec<Import<'_>>, names: &BTreeSet<&str>) -> TokenStream {
    let mut aliases = TokenStream::new();
    imports.retain_mut(|Import { path, names: imported, .. }| {
        let is_one = imported.is_empty();
        for name in names.iter().filter(|name| imported.remove(**name)) {
            aliases.extend(format!("type {name} = {path}::{name};").parse::<TokenStream>());
        }
        is_one || !imported.is_empty()
    });
    aliases
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
pub(super) fn roots<'a>(type_refs: impl IntoIterator<Item = &'a TypeRef>) -> BTreeSet<&'a str> {
    type_refs.into_iter().flat_map(TypeRef::roots).collect()
}

/// What the types of one file mention of the runtime and of the other file.
pub(super) fn imports<'a>(
    mentioned: &BTreeSet<&str>,
    own: &BTreeSet<&str>,
    other: &BTreeSet<&'a str>,
    other_path: &str,
) -> Vec<Import<'a>> {
    let of_runtime = |name: &&str| mentioned.contains(name) && !own.contains(name) && !other.contains(name);
    let map = of_runtime(&MAP).then(|| Import::one(&format!("std::collections::{MAP}")));
    let from_runtime = Import::several("eventwire", RUNTIME.into_iter().filter(of_runtime));
    let from_other = Import::several(other_path, other.iter().copied().filter(|name| mentioned.contains(name)));
    [map, from_runtime, from_other].into_iter().flatten().collect()
}

/// The modules that the payloads of a file live in; `root` is the way to the root of the crate.
pub(super) fn modules<'a, 'i>(root: &str, payloads: impl IntoIterator<Item = &'a TypeRef>) -> Vec<Import<'i>> {
    let mentioned = roots(payloads);
    let modules = ["messages", "types"].into_iter().filter(|module| mentioned.contains(module));
    modules.map(|module| Import::one(&format!("{root}::{module}"))).collect()
}
