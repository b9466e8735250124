//! What of one list is what of another.

use std::collections::{BTreeMap, BTreeSet};

/// Which element of the new list was which of the old one; each is matched once.
#[derive(Debug)]
pub(super) struct Matching {
    /// The new element that each old one is.
    old: Vec<Option<usize>>,
    /// The old element that each new one was.
    new: Vec<Option<usize>>,
}

impl Matching {
    pub(super) fn new(old: usize, new: usize) -> Self {
        Self { old: vec![None; old], new: vec![None; new] }
    }

    /// Matches what has a key in common and is not matched yet: in the order of the new list, each with the first of the
    /// old one.
    pub(super) fn pass<K: Ord, I: IntoIterator<Item = K>>(
        &mut self,
        old_keys: impl Fn(usize) -> I,
        new_keys: impl Fn(usize) -> I,
    ) {
        let mut free: BTreeMap<K, BTreeSet<usize>> = BTreeMap::new();
        for old in (0..self.old.len()).filter(|old| self.old[*old].is_none()) {
            for key in old_keys(old) {
                free.entry(key).or_default().insert(old);
            }
        }
        for new in 0..self.new.len() {
            if self.new[new].is_some() {
                continue;
            }
            let mut found: Option<usize> = None;
            for key in new_keys(new) {
                let Some(known) = free.get_mut(&key) else { continue };
                while known.first().is_some_and(|old| self.old[*old].is_some()) {
                    known.pop_first();
                }
                found = found.into_iter().chain(known.first().copied()).min();
            }
            if let Some(old) = found {
                (self.old[old], self.new[new]) = (Some(new), Some(old));
            }
        }
    }

    /// What an element of the new list was.
    pub(super) fn was(&self, new: usize) -> Option<usize> {
        self.new[new]
    }

    /// The elements of the old list that nothing is.
    pub(super) fn gone(&self) -> impl Iterator<Item = usize> {
        self.old.iter().enumerate().filter(|(_, new)| new.is_none()).map(|(old, _)| old)
    }

    /// The pairs, in the order of the new list.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.new.iter().enumerate().filter_map(|(new, old)| Some(((*old)?, new)))
    }
}
