//! Several messages or branches, by what distinguishes them.

use std::collections::BTreeSet;

use eventwire_document::ir::{
    FieldValue, Fixed, Literal, MessageSet, Outline, Place, Scalar, Tell, Type, TypeId, Union,
};
use eventwire_document::schema::JsonType;

use super::Reader;
use super::outline::{can_be, only, single};
use crate::diff::Reading;
use crate::diff::values::{Base, Claim, Tags, owned};
/// A message as it is written.
#[derive(Clone, Copy)]
pub(in crate::diff) struct Written<'w> {
    pub(in crate::diff) payload: &'w Type,
    /// Its tags, where its own set says them.
    pub(in crate::diff) tags: OwnTags<'w>,
}

/// The way to tags, and which ones stand there.
type OwnTags<'w> = Option<(&'w [String], &'w [Literal])>;

/// The members of a set, or the branches of a union.
struct Alternatives<'t> {
    tell: &'t Tell,
    tags: &'t Tags,
    count: usize,
    value: &'t dyn Fn(usize) -> &'t Type,
}

/// A type that may be the one that a value is.
struct Candidate<'t> {
    value: &'t Type,
    outline: &'t Outline,
    claim: Claim,
    /// How many constants of the outline all values have.
    fixed: usize,
}

impl Reader<'_> {
    /// What a union makes of values of one type.
    pub(in crate::diff) fn union(&mut self, id: TypeId, to: &Union, written: &Type) -> Reading {
        let (leaves, nullable) = self.from.leaves(written);
        let null = nullable.then_some(Base::Scalar(Scalar::Null));
        let readings = leaves.into_iter().chain(null).map(|leaf| self.union_takes(id, to, &owned(leaf)));
        readings.max().unwrap_or(Reading::Understood)
    }

    /// What a union makes of values that are of no union.
    fn union_takes(&mut self, id: TypeId, to: &Union, written: &Type) -> Reading {
        let pair = (id, written.clone());
        // A union that comes back to itself is no alternative of its own.
        if self.passed.contains(&pair) {
            return Reading::Refused;
        }
        self.passed.push(pair);
        let untold = match &to.tell {
            Tell::Tag { path, .. } if self.from.literals(written, path).is_some() => Reading::Tolerated,
            Tell::Tag { .. } | Tell::Only | Tell::Shape { .. } => Reading::Refused,
        };
        let none = Tags::default();
        let alternatives = Alternatives {
            tell: &to.tell,
            tags: self.to.union_tags.get(&id).unwrap_or(&none),
            count: to.branches.len(),
            value: &|index| &to.branches[index].value,
        };
        let reading = self.told(&alternatives, written, None, untold);
        self.passed.pop();
        reading
    }

    /// Whether a set takes every value of a type for an unknown message; the type is that of its member at this position now.
    pub(in crate::diff) fn is_unknown(&self, set: usize, position: usize, written: &Type) -> bool {
        let to = &self.to.api.sets[set];
        let known = match &to.tell {
            Tell::Only => true,
            Tell::Tag { path, .. } => self.from.can_have(written, path, &self.to.set_tags[set]),
            // The message that it was is the likeliest.
            Tell::Shape { outlines, .. } => {
                let likeliest = outlines.get(position);
                likeliest.into_iter().chain(outlines).any(|outline| self.claim(outline, written) != Claim::Never)
            }
        };
        !known && to.fallback.is_none()
    }

    /// Whether a set reads every value of a message, although its member at this position need not: the message has the tag
    /// of another one, or looks like it.
    pub(in crate::diff) fn is_another(&mut self, set: usize, position: usize, written: Written<'_>) -> bool {
        let may_be = match &self.to.api.sets[set].tell {
            Tell::Only => false,
            Tell::Tag { path, tags, .. } => {
                let found = self.literals(written.payload, path, written.tags);
                let own = tags.get(position).map_or(&[][..], Vec::as_slice);
                found.is_some_and(|found| !found.iter().any(|literal| own.contains(literal)))
            }
            Tell::Shape { ambiguous, .. } => ambiguous.iter().any(|group| group.contains(&position)),
        };
        may_be && self.set(set, written) != Reading::Refused
    }

    /// What a set makes of a message.
    pub(in crate::diff) fn set(&mut self, set: usize, written: Written<'_>) -> Reading {
        let (leaves, nullable) = self.from.leaves(written.payload);
        let null = nullable.then_some(Base::Scalar(Scalar::Null));
        let readings = leaves.into_iter().chain(null).map(|leaf| self.set_takes(set, &owned(leaf), written.tags));
        readings.max().unwrap_or(Reading::Understood)
    }

    /// The same for values that are of no union.
    fn set_takes(&mut self, set: usize, written: &Type, own: OwnTags<'_>) -> Reading {
        let reader = self.to;
        let to = &reader.api.sets[set];
        let payload = |message: usize| &reader.api.messages[message].payload;
        let untold = match &to.fallback {
            Some(fallback) => self.reads(payload(fallback.message), written).max(Reading::Tolerated),
            None => Reading::Tolerated,
        };
        let value = |index: usize| payload(to.members[index]);
        let (tags, count) = (&reader.set_tags[set], to.members.len());
        self.told(&Alternatives { tell: &to.tell, tags, count, value: &value }, written, own, untold)
    }

    /// The values of a tag in every value that is written, where these are known: by its type, or by its own set.
    fn literals(&self, written: &Type, path: &[String], own: OwnTags<'_>) -> Option<Vec<Literal>> {
        let own = own.filter(|(known, _)| *known == path).map(|(_, tags)| tags.to_vec());
        self.from.literals(written, path).or(own)
    }

    /// The message that a set takes some values of a type for, if it reads them.
    pub(in crate::diff) fn taken_for(&mut self, set: usize, written: Written<'_>) -> Option<usize> {
        let (reader, (leaves, _)) = (self.to, self.from.leaves(written.payload));
        let to = &reader.api.sets[set];
        leaves.into_iter().map(owned).find_map(|leaf| {
            // Whoever claims a tag is known; whoever looks like it has to be searched.
            let claiming: Vec<usize> = match &to.tell {
                Tell::Only | Tell::Shape { .. } => (0..to.members.len()).collect(),
                Tell::Tag { path, .. } => {
                    let literals = self.literals(&leaf, path, written.tags).unwrap_or_default();
                    let known: BTreeSet<usize> =
                        literals.iter().filter_map(|tag| reader.set_tags[set].position(tag)).collect();
                    known.into_iter().collect()
                }
            };
            claiming.into_iter().find_map(|index| {
                let message = to.members[index];
                let payload = &reader.api.messages[message].payload;
                let reading = match &to.tell {
                    Tell::Only => Some(self.reads(payload, &leaf)),
                    Tell::Tag { path, tags, .. } => Some(self.tagged(payload, &leaf, path, &tags[index])),
                    Tell::Shape { outlines, .. } => {
                        let outline = outlines.get(index).filter(|outline| self.claim(outline, &leaf) != Claim::Never);
                        outline.map(|outline| self.claimed(payload, outline, &leaf))
                    }
                };
                reading.filter(|reading| *reading != Reading::Refused).map(|_| message)
            })
        })
    }

    /// What several types, one of which is told, make of values of another; `untold` is what becomes of values that none claims.
    fn told(&mut self, to: &Alternatives<'_>, written: &Type, own: OwnTags<'_>, untold: Reading) -> Reading {
        match to.tell {
            Tell::Only if to.count == 0 => untold,
            Tell::Only => self.reads((to.value)(0), written),
            Tell::Tag { path, tags, .. } => {
                let Some(literals) = self.literals(written, path, own) else {
                    // A tag that can be anything can be that of each alternative.
                    let possible = tags
                        .iter()
                        .enumerate()
                        .filter(|(_, tags)| self.from.can_have(written, path, &Tags::just(tags)));
                    let possible: Vec<usize> = possible.map(|(index, _)| index).collect();
                    let readings =
                        possible.into_iter().map(|index| self.tagged((to.value)(index), written, path, &tags[index]));
                    return readings.max().unwrap_or(untold).max(untold);
                };
                let mut readings = Vec::new();
                for literal in &literals {
                    let position = to.tags.position(literal);
                    let reading =
                        position.map(|position| self.tagged((to.value)(position), written, path, &tags[position]));
                    readings.push(reading);
                }
                // Tags that nobody claims are worse than those that are understood.
                let unclaimed = readings.contains(&None);
                let worst = readings.into_iter().flatten().max();
                match (worst, unclaimed) {
                    (Some(worst), true) => worst.max(Reading::Tolerated),
                    (Some(worst), false) => worst,
                    (None, _) => untold,
                }
            }
            Tell::Shape { outlines, .. } => {
                let alternatives =
                    || outlines.iter().take(to.count).enumerate().map(|(index, outline)| ((to.value)(index), outline));
                if let Some(listed) = self.from.listed(written) {
                    let readings = listed.iter().map(|literal| {
                        let takes = alternatives().filter(|(_, outline)| can_be(outline, literal));
                        takes.map(|(value, _)| self.takes(value, literal)).min().unwrap_or(untold)
                    });
                    return readings.max().unwrap_or(Reading::Understood);
                }
                let claims = alternatives().map(|(value, outline)| Candidate {
                    value,
                    outline,
                    claim: self.claim(outline, written),
                    fixed: self.fixed(outline, written),
                });
                let mut claims: Vec<Candidate<'_>> = claims.filter(|one| one.claim != Claim::Never).collect();
                // Constants that are there decide; of those with as many, one that decodes is taken.
                let most = claims.iter().map(|one| one.fixed).max();
                claims.retain(|one| Some(one.fixed) == most);
                let always = claims.iter().filter(|one| one.claim == Claim::Always);
                let least = always.map(|one| self.reads(one.value, written)).min().unwrap_or(untold);
                // Values that one of them claims are claimed by those as well that need nothing more.
                let sometimes = claims.iter().filter(|one| one.claim == Claim::Sometimes).map(|one| {
                    let beside = claims.iter().filter(|other| {
                        other.claim == Claim::Always
                            || std::ptr::eq(*other, one)
                            || other.outline.constants.is_empty()
                                && other.outline.required.iter().all(|name| one.outline.required.contains(name))
                    });
                    let readings = beside.map(|other| self.claimed(other.value, other.outline, written));
                    readings.min().unwrap_or(untold)
                });
                sometimes.max().map_or(least, |sometimes| sometimes.max(least))
            }
        }
    }

    /// What a type makes of those values that its outline claims: they have what must be there.
    fn claimed(&mut self, read: &Type, outline: &Outline, written: &Type) -> Reading {
        if only(outline).is_some() {
            return Reading::Understood;
        }
        let Some((to, from)) = self.both_structs(read, written) else { return self.reads(read, written) };
        self.members(to, from, |reader, field, written| {
            let at_field =
                |fixed: &&Fixed| matches!(&fixed.place, Place::Member(path) if *path == [field.wire.as_str()]);
            let constant = outline.constants.iter().find(at_field).and_then(single);
            let there = match (constant, written) {
                (Some(constant), Some(_)) => Some(FieldValue::Constant(constant.clone())),
                (None, Some(FieldValue::Optional(value))) if outline.required.contains(&field.wire) => {
                    Some(FieldValue::Required(value.clone()))
                }
                (Some(_) | None, _) => None,
            };
            reader.member(to, &field.value, there.as_ref().or(written))
        })
    }

    /// What the type of a tag makes of values that have, among others, this tag: the tag itself is one that it takes.
    fn tagged(&mut self, read: &Type, written: &Type, path: &[String], tags: &[Literal]) -> Reading {
        let Some((to, from)) = self.both_structs(read, written) else { return self.reads(read, written) };
        self.members(to, from, |reader, field, written| {
            let rest = path.split_first().filter(|(first, _)| **first == field.wire).map(|(_, rest)| rest);
            match (&field.value, written, rest) {
                (_, _, Some([])) => Reading::Understood,
                // What has the tag has the way to it.
                (
                    FieldValue::Required(value) | FieldValue::Optional(value),
                    Some(FieldValue::Required(written) | FieldValue::Optional(written)),
                    Some(rest),
                ) => reader.on_way(value, written, rest, tags),
                (value, written, _) => reader.member(to, value, written),
            }
        })
    }

    /// What is made of a member on the way to a tag: values with other tags than these come to somebody else or to nobody.
    pub(in crate::diff) fn on_way(
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

/// Whether a set takes `null` for an unknown message.
pub(in crate::diff) fn null_is_unknown(set: &MessageSet) -> bool {
    let told = match &set.tell {
        Tell::Only => false,
        Tell::Tag { .. } => true,
        Tell::Shape { outlines, .. } => {
            outlines.iter().all(|outline| !outline.kinds.is_empty() && !outline.kinds.contains(&JsonType::Null))
        }
    };
    told && set.fallback.is_none()
}
