//! Alternatives that cannot be distinguished by their fingerprints.
//!
//! Equal fingerprints are one class, and only classes that share what both need are compared, so the cost does not grow
//! with the number of pairs.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fingerprint, Literal, ValuePath};
use crate::schema::JsonType;

/// Groups of fingerprints, by their indexes, that some values fit equally well: any two of a group, and each such pair
/// is in one.
pub(super) fn ambiguity_classes(fingerprints: &[Fingerprint]) -> Vec<Vec<usize>> {
    let classes = classes(fingerprints);
    let comparables: Vec<&ComparableFingerprint<'_>> = classes.iter().map(|(comparable, _)| comparable).collect();
    let mut alike = vec![BTreeSet::new(); comparables.len()];
    for (one, other) in candidates(&comparables) {
        if !comparables[one].differs(comparables[other]) {
            alike[one].insert(other);
            alike[other].insert(one);
        }
    }
    let members = |group: Vec<usize>| {
        let mut members: Vec<usize> = group.into_iter().flat_map(|class| classes[class].1.iter().copied()).collect();
        members.sort_unstable();
        members
    };
    let mut groups: Vec<Vec<usize>> =
        cover(&alike).into_iter().map(members).filter(|members| members.len() > 1).collect();
    groups.sort_unstable();
    groups
}

/// Equal fingerprints, each class with the indexes of its fingerprints; in the order of the first ones.
fn classes(fingerprints: &[Fingerprint]) -> Vec<(ComparableFingerprint<'_>, Vec<usize>)> {
    let mut classes: BTreeMap<ComparableFingerprint<'_>, Vec<usize>> = BTreeMap::new();
    for (index, fingerprint) in fingerprints.iter().enumerate() {
        classes.entry(ComparableFingerprint::of(fingerprint)).or_default().push(index);
    }
    let mut classes: Vec<(ComparableFingerprint<'_>, Vec<usize>)> = classes.into_iter().collect();
    classes.sort_by(|(_, one), (_, other)| one.cmp(other));
    classes
}

/// A fingerprint in which everything can be looked up.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ComparableFingerprint<'o> {
    kinds: BTreeSet<JsonType>,
    required: BTreeSet<&'o str>,
    known: BTreeSet<&'o str>,
    /// Whether each must be there, and its values.
    constants: BTreeMap<&'o ValuePath, (bool, BTreeSet<&'o Literal>)>,
}

impl<'o> ComparableFingerprint<'o> {
    fn of(fingerprint: &'o Fingerprint) -> Self {
        let constants = fingerprint.constants.iter().rev();
        Self {
            kinds: fingerprint.kinds.iter().copied().collect(),
            required: fingerprint.required.iter().map(String::as_str).collect(),
            known: fingerprint.known.iter().map(String::as_str).collect(),
            constants: constants.map(|fixed| (&fixed.path, (fixed.required, fixed.values.iter().collect()))).collect(),
        }
    }

    /// Whether something distinguishes two fingerprints.
    fn differs(&self, other: &Self) -> bool {
        let kinds = !self.kinds.is_empty() && !other.kinds.is_empty() && self.kinds.is_disjoint(&other.kinds);
        let constants = self
            .constants
            .iter()
            .any(|(path, (_, values))| other.constants.get(path).is_some_and(|(_, others)| values.is_disjoint(others)));
        // A constant of which the other knows nothing, or a member that only one of them must have or knows.
        let tagged = |own: &Self, other: &Self| {
            own.constants.iter().any(|(path, (required, _))| *required && !other.constants.contains_key(path))
        };
        let members = !self.required.is_subset(&other.known) || !other.required.is_subset(&self.known);
        let known = !self.known.is_subset(&other.known) && !other.known.is_subset(&self.known);
        kinds || constants || members || known || tagged(self, other) || tagged(other, self)
    }
}

/// Pairs of fingerprints among which are all that do not differ.
fn candidates(comparables: &[&ComparableFingerprint<'_>]) -> BTreeSet<(usize, usize)> {
    let mut by_constant: BTreeMap<(&ValuePath, &Literal), Vec<usize>> = BTreeMap::new();
    let mut by_member: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, comparable) in comparables.iter().enumerate() {
        for (path, (_, values)) in &comparable.constants {
            for value in values {
                by_constant.entry((path, value)).or_default().push(index);
            }
        }
        for name in &comparable.known {
            by_member.entry(name).or_default().push(index);
        }
    }
    let all: Vec<usize> = (0..comparables.len()).collect();
    let mut pairs = BTreeSet::new();
    for (index, comparable) in comparables.iter().enumerate() {
        // Whatever does not differ has one of the values at each of these places, and each of these members. Where nothing
        // must be there, the one that knows fewer members has none that the other does not know.
        let required = comparable.constants.iter().filter(|(_, (required, _))| *required);
        let constants = required.map(|(path, (_, values))| {
            values.iter().filter_map(|value| by_constant.get(&(*path, *value))).collect::<Vec<_>>()
        });
        let names = if comparable.required.is_empty() { &comparable.known } else { &comparable.required };
        let members = names.iter().map(|name| by_member.get(name).into_iter().collect());
        let fewest = constants.chain(members).min_by_key(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
        let others = fewest.unwrap_or_else(|| vec![&all]).into_iter().flatten();
        pairs.extend(others.filter(|other| **other != index).map(|other| (index.min(*other), index.max(*other))));
    }
    pairs
}

/// Groups in which any two are alike, so that every such pair is in one; what is like no other is its own group.
fn cover(alike: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut groups_of: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); alike.len()];
    for (left, others) in alike.iter().enumerate() {
        if others.is_empty() {
            groups.push(vec![left]);
        }
        for right in others.range(left + 1..).copied() {
            if !groups_of[left].is_disjoint(&groups_of[right]) {
                continue;
            }
            // What is like nothing else can join no group of others.
            let joins = |group: &&usize| groups[**group].iter().all(|member| alike[right].contains(member));
            let known = if alike[right].len() > 1 { groups_of[left].iter().find(joins).copied() } else { None };
            let group = known.unwrap_or_else(|| {
                groups.push(vec![left]);
                groups_of[left].insert(groups.len() - 1);
                groups.len() - 1
            });
            groups[group].push(right);
            groups_of[right].insert(group);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ambiguity_classes, candidates, classes, cover};
    use crate::ir::{ConstantAt, Fingerprint, Literal, ValuePath};
    use crate::schema::JsonType;

    #[test]
    fn every_pair_is_in_a_group() {
        for (count, pairs, expected) in [
            (2, &[(0, 1)][..], &[&[0, 1][..]][..]),
            (3, &[(0, 1), (0, 2), (1, 2)], &[&[0, 1, 2]]),
            (3, &[(0, 1), (0, 2)], &[&[0, 1], &[0, 2]]),
            (5, &[(0, 1), (0, 2), (1, 2), (3, 4)], &[&[0, 1, 2], &[3, 4]]),
            (3, &[(0, 2), (1, 2)], &[&[0, 2], &[1, 2]]),
        ] {
            let mut alike = vec![BTreeSet::new(); count];
            for (left, right) in pairs {
                alike[*left].insert(*right);
                alike[*right].insert(*left);
            }
            assert_eq!(cover(&alike), expected, "{pairs:?}");
        }
    }

    fn object(required: &[&str], known: &[String], tag: Option<(bool, &str)>) -> Fingerprint {
        let path = ValuePath::Property(vec!["type".to_owned()]);
        let fixed =
            tag.map(|(required, value)| ConstantAt { path, required, values: vec![Literal::Text(value.to_owned())] });
        let kinds = vec![JsonType::Object];
        let required = required.iter().map(|name| (*name).to_owned()).collect();
        Fingerprint { kinds, required, known: known.to_vec(), constants: fixed.into_iter().collect() }
    }

    /// How many classes there are, and how many pairs of them are compared.
    fn cost(fingerprints: &[Fingerprint]) -> (usize, usize) {
        let classes = classes(fingerprints);
        let comparables: Vec<_> = classes.iter().map(|(comparable, _)| comparable).collect();
        (comparables.len(), candidates(&comparables).len())
    }

    #[test]
    fn the_cost_does_not_grow_with_the_pairs() {
        let same = |count: usize| vec![object(&[], &["p".to_owned()], None); count];
        assert_eq!(cost(&same(800)), (1, 0));
        assert_eq!(ambiguity_classes(&same(3)), [[0, 1, 2]]);

        let one_untagged: fn(usize) -> Vec<Fingerprint> = |count| {
            let tagged = (1..count).map(|index| {
                object(&["type"], &["type".to_owned(), format!("p{index}")], Some((true, &format!("t{index}"))))
            });
            tagged.chain([object(&["type"], &["type".to_owned()], None)]).collect()
        };
        let optional: fn(usize) -> Vec<Fingerprint> = |count| {
            let own = (1..count).map(|index| object(&[], &[format!("p{index}")], None));
            own.chain([object(&[], &[], None)]).collect()
        };
        for fingerprints in [one_untagged, optional] {
            let (one, twice) = (cost(&fingerprints(400)).1, cost(&fingerprints(800)).1);
            assert!(one < 400 * 2 && twice <= one * 2 + 2, "{one}, {twice}");
        }
        assert_eq!(ambiguity_classes(&optional(4)), [[0, 3], [1, 3], [2, 3]]);
    }
}
