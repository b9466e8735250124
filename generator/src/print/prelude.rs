//! Names of the prelude in the file of operations.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;

use super::imports::Import;
use crate::rust::{Crate, Name, ReplyItem};

/// What the file declares or imports: such a name of the prelude is written in full.
#[derive(Debug)]
pub(super) struct Prelude<'a> {
    taken: BTreeSet<&'a str>,
}

impl<'a> Prelude<'a> {
    /// That of the file of operations.
    pub(super) fn new(items: &'a Crate) -> Self {
        let [_, (_, declared), _] = items.exports();
        Self { taken: declared.into_iter().chain(items.operation_sets()).map(Name::as_str).collect() }
    }

    /// A name of the prelude, by its full path.
    pub(super) fn path(&self, full: &str) -> TokenStream {
        let name = full.rsplit("::").next().unwrap_or(full);
        let path = if self.taken.contains(name) { full } else { name };
        path.parse().unwrap_or_default()
    }

    /// The import of `Future`, which is in the prelude since the edition of 2024; a crate that includes the file may have
    /// another one.
    pub(super) fn import<'i>(&self, items: &Crate) -> Option<Import<'i>> {
        let futures = |reply: &ReplyItem| matches!(reply, ReplyItem::Call(_) | ReplyItem::Answer(_));
        let used = !items.operations.is_empty() || items.replies.iter().any(futures);
        (used && !self.taken.contains("Future")).then(|| Import::one("core::future::Future"))
    }
}
