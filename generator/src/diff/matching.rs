//! Pairs the elements of two lists.

use std::collections::{BTreeMap, BTreeSet};

/// The pairs of elements of an old and a new list; each element is in at most one pair.
#[derive(Debug)]
pub(super) struct Matching {
    /// The new element of each old one.
    old: Vec<Option<usize>>,
    /// The old element of each new one.
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

    /// Returns the old element of a new one.
    pub(super) fn was(&self, new: usize) -> Option<usize> {
        self.new[new]
    }

    /// Returns the old elements without a new one.
    pub(super) fn removed(&self) -> impl Iterator<Item = usize> {
        self.old.iter().enumerate().filter(|(_, new)| new.is_none()).map(|(old, _)| old)
    }

    /// The pairs, in the order of the new list.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.new.iter().enumerate().filter_map(|(new, old)| Some(((*old)?, new)))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::cmp::Ordering;

    use super::Matching;

    /// A key that counts how often it is compared.
    struct Counted<'c>(usize, &'c Cell<usize>);

    impl Ord for Counted<'_> {
        fn cmp(&self, other: &Self) -> Ordering {
            self.1.set(self.1.get() + 1);
            self.0.cmp(&other.0)
        }
    }

    impl PartialOrd for Counted<'_> {
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }

    impl PartialEq for Counted<'_> {
        fn eq(&self, other: &Self) -> bool {
            self.cmp(other) == Ordering::Equal
        }
    }

    impl Eq for Counted<'_> {}

    #[test]
    fn each_is_matched_once_with_the_first() {
        let (old, new) = ([1, 2, 2, 3], [2, 4, 2, 1, 2]);
        let mut matched = Matching::new(old.len(), new.len());
        matched.pass(|index| [old[index]], |index| [new[index]]);
        assert_eq!(matched.pairs().collect::<Vec<_>>(), [(1, 0), (2, 2), (0, 3)]);
        matched.pass(|index| [9, old[index]], |index| [9, new[index]]);
        assert_eq!((matched.was(1), matched.was(4), matched.removed().count()), (Some(3), None, 0));
    }

    #[test]
    fn the_cost_does_not_grow_with_the_pairs() {
        let comparisons = |count: usize| {
            let counter = Cell::new(0);
            let mut matched = Matching::new(count, count);
            matched.pass(|index| [Counted(index, &counter)], |index| [Counted(count - index, &counter)]);
            assert_eq!(matched.removed().count(), 1);
            counter.get()
        };
        let (one, twice) = (comparisons(2000), comparisons(4000));
        // In n log n; how full the nodes of the map are adds a little.
        assert!(twice * 10 <= one * 25, "{one}, {twice}");
    }
}
