//! One namespace.

use std::collections::{BTreeMap, BTreeSet};

use super::collision;
use crate::diagnostic::Diagnostics;
use crate::ir::Origin;

/// The names taken in one namespace, and by which places.
pub(super) struct Scope {
    kind: &'static str,
    taken: BTreeMap<String, Origin>,
    reserved: BTreeSet<String>,
}

impl Scope {
    /// An empty namespace; `kind` says what its names are in messages.
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, taken: BTreeMap::new(), reserved: BTreeSet::new() }
    }

    /// Takes a name for a place, or reports who has it.
    pub(super) fn claim(&mut self, name: &str, origin: &Origin, diagnostics: &mut Diagnostics) {
        match self.taken.get(name) {
            Some(first) => diagnostics.push(collision(self.kind, name, origin, first)),
            None => {
                self.taken.insert(name.to_owned(), origin.clone());
            }
        }
    }

    /// Keeps a name that has no place in the document.
    pub(super) fn reserve(&mut self, name: &str) {
        self.reserved.insert(name.to_owned());
    }

    /// Takes the first of the names that is free, or reports who has the first one.
    pub(super) fn take(&mut self, names: &[String], origin: &Origin, diagnostics: &mut Diagnostics) -> String {
        self.take_all(names, &[""], origin, diagnostics)
    }

    /// Takes the first of the names that is free with each of these endings, or reports who has the first one.
    pub(super) fn take_all(
        &mut self,
        names: &[String],
        endings: &[&str],
        origin: &Origin,
        diagnostics: &mut Diagnostics,
    ) -> String {
        let is_free = |name: &String| !self.taken.contains_key(name) && !self.reserved.contains(name);
        let free = names.iter().find(|name| endings.iter().all(|ending| is_free(&format!("{name}{ending}"))));
        let name = free.or(names.first()).cloned().unwrap_or_default();
        for ending in endings {
            self.claim(&format!("{name}{ending}"), origin, diagnostics);
        }
        name
    }

    /// Whether a name is kept for something that has no place in the document.
    pub(super) fn is_reserved(&self, name: &str) -> bool {
        self.reserved.contains(name)
    }
}
