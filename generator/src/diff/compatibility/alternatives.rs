//! Several messages or branches, by what distinguishes them.

use std::collections::BTreeSet;

use eventwire_document::ir::{
    ConstantAt, Dispatch, FieldValue, Fingerprint, Literal, MessageSet, Scalar, Type, TypeId, Union, ValuePath,
};
use eventwire_document::schema::JsonType;

use super::Compatibility;
use super::fingerprint::{can_be, only, single};
use crate::diff::Reading;
use crate::diff::values::{Occurrence, ResolvedType, Tags, owned};
/// A message as it is written.
#[derive(Clone, Copy)]
pub(in crate::diff) struct WrittenMessage<'w> {
    pub(in crate::diff) payload: &'w Type,
    /// Its tags, if its own set defines them.
    pub(in crate::diff) tags: OwnTags<'w>,
}

/// The path to tags, and the tags there.
type OwnTags<'w> = Option<(&'w [String], &'w [Literal])>;

/// The members of a set, or the branches of a union.
struct Alternatives<'t> {
    dispatch: &'t Dispatch,
    tags: &'t Tags,
    count: usize,
    value: &'t dyn Fn(usize) -> &'t Type,
}

/// An alternative that a value can match.
struct UnionCandidate<'t> {
    value: &'t Type,
    fingerprint: &'t Fingerprint,
    claim: Occurrence,
    /// How many constants of the fingerprint all values have.
    fixed: usize,
}

impl Compatibility<'_> {
    /// How a union reads values of one type.
    pub(in crate::diff) fn union(&mut self, id: TypeId, to: &Union, written: &Type) -> Reading {
        let (leaves, nullable) = self.from.leaves(written);
        let null = nullable.then_some(ResolvedType::Scalar(Scalar::Null));
        let readings = leaves.into_iter().chain(null).map(|leaf| self.union_accepts(id, to, &owned(leaf)));
        readings.max().unwrap_or(Reading::Understood)
    }

    /// How a union reads values that are of no union.
    fn union_accepts(&mut self, id: TypeId, to: &Union, written: &Type) -> Reading {
        let pair = (id, written.clone());
        // A recursive union is not its own alternative.
        if self.passed.contains(&pair) {
            return Reading::Refused;
        }
        self.passed.push(pair);
        let undispatched = match &to.dispatch {
            Dispatch::Tag { path, .. } if self.from.literals(written, path).is_some() => Reading::Tolerated,
            Dispatch::Tag { .. } | Dispatch::Single | Dispatch::Structural { .. } => Reading::Refused,
        };
        let none = Tags::default();
        let alternatives = Alternatives {
            dispatch: &to.dispatch,
            tags: self.to.union_tags.get(&id).unwrap_or(&none),
            count: to.branches.len(),
            value: &|index| &to.branches[index].value,
        };
        let reading = self.dispatch_alternatives(&alternatives, written, None, undispatched);
        self.passed.pop();
        reading
    }

    /// Whether a set reads every value of a type as an unknown message; the type is that of its member at this position
    /// now.
    pub(in crate::diff) fn is_unknown(&self, set: usize, position: usize, written: &Type) -> bool {
        let to = &self.to.api.sets[set];
        let known = match &to.dispatch {
            Dispatch::Single => true,
            Dispatch::Tag { path, .. } => self.from.can_have(written, path, &self.to.set_tags[set]),
            // Its old message is the most likely one.
            Dispatch::Structural { fingerprints, .. } => {
                let likeliest = fingerprints.get(position);
                likeliest
                    .into_iter()
                    .chain(fingerprints)
                    .any(|fingerprint| self.claim(fingerprint, written) != Occurrence::Never)
            }
        };
        !known && to.fallback.is_none()
    }

    /// Whether a set reads every value of a message, although its member at this position does not have to: another
    /// member matches it.
    pub(in crate::diff) fn is_another(&mut self, set: usize, position: usize, written: WrittenMessage<'_>) -> bool {
        let may_be = match &self.to.api.sets[set].dispatch {
            Dispatch::Single => false,
            Dispatch::Tag { path, tags, .. } => {
                let found = self.literals(written.payload, path, written.tags);
                let own = tags.get(position).map_or(&[][..], Vec::as_slice);
                found.is_some_and(|found| !found.iter().any(|literal| own.contains(literal)))
            }
            // A message that fits best and does not decode is tried as the next one.
            Dispatch::Structural { .. } => self.to.api.sets[set].members.get(position).is_some_and(|message| {
                self.check(&self.to.api.messages[*message].payload, written.payload) == Reading::Refused
            }),
        };
        may_be && self.set(set, written) != Reading::Refused
    }

    /// How a set reads a message.
    pub(in crate::diff) fn set(&mut self, set: usize, written: WrittenMessage<'_>) -> Reading {
        let (leaves, nullable) = self.from.leaves(written.payload);
        let null = nullable.then_some(ResolvedType::Scalar(Scalar::Null));
        let readings = leaves.into_iter().chain(null).map(|leaf| self.set_accepts(set, &owned(leaf), written.tags));
        readings.max().unwrap_or(Reading::Understood)
    }

    /// The same for values that are of no union.
    fn set_accepts(&mut self, set: usize, written: &Type, own: OwnTags<'_>) -> Reading {
        let reader = self.to;
        let to = &reader.api.sets[set];
        let payload = |message: usize| &reader.api.messages[message].payload;
        let undispatched = match &to.fallback {
            Some(fallback) => self.check(payload(fallback.message), written).max(Reading::Tolerated),
            None => Reading::Tolerated,
        };
        let value = |index: usize| payload(to.members[index]);
        let (tags, count) = (&reader.set_tags[set], to.members.len());
        self.dispatch_alternatives(
            &Alternatives { dispatch: &to.dispatch, tags, count, value: &value },
            written,
            own,
            undispatched,
        )
    }

    /// Returns the possible tags of a written value, if they are known from its type or its own set.
    fn literals(&self, written: &Type, path: &[String], own: OwnTags<'_>) -> Option<Vec<Literal>> {
        let own = own.filter(|(known, _)| *known == path).map(|(_, tags)| tags.to_vec());
        self.from.literals(written, path).or(own)
    }

    /// Returns the message that a set decodes some values of a type as, if any.
    pub(in crate::diff) fn taken_for(&mut self, set: usize, written: WrittenMessage<'_>) -> Option<usize> {
        let (reader, (leaves, _)) = (self.to, self.from.leaves(written.payload));
        let to = &reader.api.sets[set];
        leaves.into_iter().map(owned).find_map(|leaf| {
            // Alternatives are looked up by tag, but must be searched by shape.
            let claiming: Vec<usize> = match &to.dispatch {
                Dispatch::Single | Dispatch::Structural { .. } => (0..to.members.len()).collect(),
                Dispatch::Tag { path, .. } => {
                    let literals = self.literals(&leaf, path, written.tags).unwrap_or_default();
                    let known: BTreeSet<usize> =
                        literals.iter().filter_map(|tag| reader.set_tags[set].position(tag)).collect();
                    known.into_iter().collect()
                }
            };
            claiming.into_iter().find_map(|index| {
                let message = to.members[index];
                let payload = &reader.api.messages[message].payload;
                let reading = match &to.dispatch {
                    Dispatch::Single => Some(self.check(payload, &leaf)),
                    Dispatch::Tag { path, tags, .. } => Some(self.tagged(payload, &leaf, path, &tags[index])),
                    Dispatch::Structural { fingerprints, .. } => {
                        let fingerprint = fingerprints
                            .get(index)
                            .filter(|fingerprint| self.claim(fingerprint, &leaf) != Occurrence::Never);
                        fingerprint.map(|fingerprint| self.claimed(payload, fingerprint, &leaf))
                    }
                };
                reading.filter(|reading| *reading != Reading::Refused).map(|_| message)
            })
        })
    }

    /// How alternatives read values of a type; `undispatched` is the reading of values that no alternative claims.
    fn dispatch_alternatives(
        &mut self,
        to: &Alternatives<'_>,
        written: &Type,
        own: OwnTags<'_>,
        undispatched: Reading,
    ) -> Reading {
        match to.dispatch {
            Dispatch::Single if to.count == 0 => undispatched,
            Dispatch::Single => self.check((to.value)(0), written),
            Dispatch::Tag { path, tags, .. } => {
                let Some(literals) = self.literals(written, path, own) else {
                    // A tag that can be anything can be that of each alternative.
                    let possible = tags
                        .iter()
                        .enumerate()
                        .filter(|(_, tags)| self.from.can_have(written, path, &Tags::just(tags)));
                    let possible: Vec<usize> = possible.map(|(index, _)| index).collect();
                    let readings =
                        possible.into_iter().map(|index| self.tagged((to.value)(index), written, path, &tags[index]));
                    return readings.max().unwrap_or(undispatched).max(undispatched);
                };
                let mut readings = Vec::new();
                for literal in &literals {
                    let position = to.tags.position(literal);
                    let reading =
                        position.map(|position| self.tagged((to.value)(position), written, path, &tags[position]));
                    readings.push(reading);
                }
                // Unclaimed tags are worse than understood ones.
                let unclaimed = readings.contains(&None);
                let worst = readings.into_iter().flatten().max();
                match (worst, unclaimed) {
                    (Some(worst), true) => worst.max(Reading::Tolerated),
                    (Some(worst), false) => worst,
                    (None, _) => undispatched,
                }
            }
            Dispatch::Structural { fingerprints, .. } => {
                let alternatives = || {
                    fingerprints
                        .iter()
                        .take(to.count)
                        .enumerate()
                        .map(|(index, fingerprint)| ((to.value)(index), fingerprint))
                };
                if let Some(listed) = self.from.enum_values(written) {
                    let readings = listed.iter().map(|literal| {
                        let accepts = alternatives().filter(|(_, fingerprint)| can_be(fingerprint, literal));
                        accepts.map(|(value, _)| self.accepts(value, literal)).min().unwrap_or(undispatched)
                    });
                    return readings.max().unwrap_or(Reading::Understood);
                }
                let claims = alternatives().map(|(value, fingerprint)| UnionCandidate {
                    value,
                    fingerprint,
                    claim: self.claim(fingerprint, written),
                    fixed: self.fixed(fingerprint, written),
                });
                let mut claims: Vec<UnionCandidate<'_>> = claims.filter(|one| one.claim != Occurrence::Never).collect();
                // Matching constants decide; among alternatives with the same number, one that decodes is used.
                let most = claims.iter().map(|one| one.fixed).max();
                claims.retain(|one| Some(one.fixed) == most);
                let always = claims.iter().filter(|one| one.claim == Occurrence::Always);
                let least = always.map(|one| self.check(one.value, written)).min().unwrap_or(undispatched);
                // Values that one alternative claims are also claimed by those that require nothing more.
                let sometimes = claims.iter().filter(|one| one.claim == Occurrence::Sometimes).map(|one| {
                    let beside = claims.iter().filter(|other| {
                        other.claim == Occurrence::Always
                            || std::ptr::eq(*other, one)
                            || other.fingerprint.constants.is_empty()
                                && other.fingerprint.required.iter().all(|name| one.fingerprint.required.contains(name))
                    });
                    let readings = beside.map(|other| self.claimed(other.value, other.fingerprint, written));
                    readings.min().unwrap_or(undispatched)
                });
                sometimes.max().map_or(least, |sometimes| sometimes.max(least))
            }
        }
    }

    /// How a type reads the values that its fingerprint claims: they have all required members.
    fn claimed(&mut self, read: &Type, fingerprint: &Fingerprint, written: &Type) -> Reading {
        if only(fingerprint).is_some() {
            return Reading::Understood;
        }
        let Some((to, from)) = self.both_structs(read, written) else { return self.check(read, written) };
        self.members(to, from, |reader, field, written| {
            let at_field =
                |fixed: &&ConstantAt| matches!(&fixed.path, ValuePath::Property(path) if *path == [field.wire.as_str()]);
            let constant = fingerprint.constants.iter().find(at_field).and_then(single);
            let there = match (constant, written) {
                (Some(constant), Some(_)) => Some(FieldValue::Constant(constant.clone())),
                (None, Some(FieldValue::Optional(value))) if fingerprint.required.contains(&field.wire) => {
                    Some(FieldValue::Required(value.clone()))
                }
                (Some(_) | None, _) => None,
            };
            reader.member(to, &field.value, there.as_ref().or(written))
        })
    }

    /// How the type of a tag reads values that can have this tag: the tag itself is accepted.
    fn tagged(&mut self, read: &Type, written: &Type, path: &[String], tags: &[Literal]) -> Reading {
        let Some((to, from)) = self.both_structs(read, written) else { return self.check(read, written) };
        self.members(to, from, |reader, field, written| {
            let rest = path.split_first().filter(|(first, _)| **first == field.wire).map(|(_, rest)| rest);
            match (&field.value, written, rest) {
                (_, _, Some([])) => Reading::Understood,
                // A value with the tag has the path to it.
                (
                    FieldValue::Required(value) | FieldValue::Optional(value),
                    Some(FieldValue::Required(written) | FieldValue::Optional(written)),
                    Some(rest),
                ) => reader.along_path(value, written, rest, tags),
                (value, written, _) => reader.member(to, value, written),
            }
        })
    }

    /// How a member on the path to a tag is read: values with other tags belong to other alternatives, or to none.
    pub(in crate::diff) fn along_path(
        &mut self,
        read: &Type,
        written: &Type,
        path: &[String],
        tags: &[Literal],
    ) -> Reading {
        let (leaves, nullable) = self.from.leaves(written);
        let null = nullable.then_some(Reading::Tolerated);
        let readings = leaves.into_iter().map(|leaf| {
            let leaf = owned(leaf);
            match self.from.literals(&leaf, path) {
                Some(found) if !found.iter().any(|literal| tags.contains(literal)) => Reading::Tolerated,
                Some(_) | None => self.tagged(read, &leaf, path, tags),
            }
        });
        readings.chain(null).max().unwrap_or(Reading::Understood)
    }
}

/// Whether a set reads `null` as an unknown message.
pub(in crate::diff) fn null_is_unknown(set: &MessageSet) -> bool {
    let told = match &set.dispatch {
        Dispatch::Single => false,
        Dispatch::Tag { .. } => true,
        Dispatch::Structural { fingerprints, .. } => fingerprints
            .iter()
            .all(|fingerprint| !fingerprint.kinds.is_empty() && !fingerprint.kinds.contains(&JsonType::Null)),
    };
    told && set.fallback.is_none()
}
