//! Whether a reader of one document takes what a writer of another sends.
//!
//! A reader is the generated decoder: enums are open, unknown members are kept, constraints are not enforced. What a
//! document does not name is taken to be absent, except where it is forbidden.

use std::collections::BTreeSet;

use eventwire_document::config::DateTime;
use eventwire_document::ir::{
    Field, FieldValue, Fixed, Literal, MessageSet, Outline, Place, Rest, Scalar, Shape, Struct, Tell, Tuple, Type,
    TypeId, Union,
};
use eventwire_document::schema::JsonType;

use super::values::{Base, Claim, Tags, Use, by_wire, owned};
use super::{Reading, Side};

/// A message as it is written.
#[derive(Clone, Copy)]
pub(super) struct Written<'w> {
    pub(super) payload: &'w Type,
    /// Its tags, where its own set says them.
    pub(super) tags: OwnTags<'w>,
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

/// One direction of reading.
pub(super) struct Reader<'a> {
    to: &'a Side,
    from: &'a Side,
    /// Pairs that are being looked at: what comes back to them adds nothing.
    open: BTreeSet<(TypeId, TypeId)>,
    /// Unions that are being looked at, each with what it is to take.
    passed: Vec<(TypeId, Type)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(reader: &'a Side, writer: &'a Side) -> Self {
        Self { to: reader, from: writer, open: BTreeSet::new(), passed: Vec::new() }
    }

    /// What a reader of one type makes of values of another.
    pub(super) fn reads(&mut self, read: &Type, written: &Type) -> Reading {
        let (to, from) = (self.to.resolve(read), self.from.resolve(written));
        if to.base == Base::Scalar(Scalar::Json) {
            return Reading::Understood;
        }
        let null = if from.nullable && !to.nullable { self.takes_null(to.base) } else { Reading::Understood };
        null.max(self.bases(to, from.base))
    }

    /// The same where a `null` is taken anyway.
    pub(super) fn reads_beside_null(&mut self, read: &Type, written: &Type) -> Reading {
        let (to, writer) = (self.to.resolve(read), self.from);
        let leaves = writer.leaves(written).0.into_iter().filter(|leaf| *leaf != Base::Scalar(Scalar::Null));
        leaves.map(|leaf| self.bases(to, leaf)).max().unwrap_or(Reading::Understood)
    }

    /// What a reader of a union makes of an alternative of another one, at a place that may remember a `null`.
    pub(super) fn branch(&mut self, id: TypeId, union: &Union, written: &Type, remembers: bool) -> Reading {
        let reading = self.union(id, union, written);
        if remembers && self.from.can_be_null(written) {
            return reading.min(self.reads_beside_null(&Type::Named(id), written).max(Reading::Tolerated));
        }
        reading
    }

    /// What a reader makes of `null`.
    fn takes_null(&mut self, to: Base<'_>) -> Reading {
        let null = Type::Scalar(Scalar::Null);
        match to {
            Base::Scalar(Scalar::Null | Scalar::Json) => Reading::Understood,
            Base::Named(id) => match &self.to.api.get(id).shape {
                Shape::Union(union) => self.union(id, union, &null),
                Shape::Newtype(inner) => self.reads(inner, &null),
                Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_) => Reading::Refused,
            },
            Base::Array(_) | Base::Map(_) | Base::Scalar(_) | Base::External(_) => Reading::Refused,
        }
    }

    fn bases(&mut self, to: Use<'_>, from: Base<'_>) -> Reading {
        match (to.base, from) {
            (base, Base::Scalar(Scalar::Null)) => {
                if to.nullable {
                    Reading::Understood
                } else {
                    self.takes_null(base)
                }
            }
            (Base::Named(to), Base::Named(from)) => {
                if !self.open.insert((to, from)) {
                    return Reading::Understood;
                }
                let reading = self.named(to, from);
                self.open.remove(&(to, from));
                reading
            }
            (Base::Named(to), from) => self.named_takes(to, from),
            (to, Base::Named(from)) => self.out_of_named(to, from),
            (Base::Array(to), Base::Array(from)) | (Base::Map(to), Base::Map(from)) => {
                self.within(|reader| reader.reads(to, from))
            }
            (Base::Map(to), Base::Scalar(Scalar::JsonObject)) => self.reads(to, &Type::Scalar(Scalar::Json)),
            (Base::Scalar(Scalar::JsonObject), Base::Map(_)) => Reading::Understood,
            (Base::Scalar(to), Base::Scalar(from)) => self.scalars(to, from),
            (Base::External(to), Base::External(from)) if to == from => Reading::Understood,
            (Base::Array(_) | Base::Map(_) | Base::Scalar(_) | Base::External(_), _) => Reading::Refused,
        }
    }

    fn named(&mut self, to: TypeId, from: TypeId) -> Reading {
        let (reader, writer) = (self.to, self.from);
        match (&reader.api.get(to).shape, &writer.api.get(from).shape) {
            (_, Shape::Union(union)) => {
                let branches = union.branches.iter().map(|branch| self.reads(&Type::Named(to), &branch.value));
                branches.max().unwrap_or(Reading::Understood)
            }
            (_, Shape::Newtype(inner)) => self.reads(&Type::Named(to), inner),
            (Shape::Newtype(inner), _) => self.reads(inner, &Type::Named(from)),
            (Shape::Union(union), _) => self.union(to, union, &Type::Named(from)),
            (Shape::Struct(to), Shape::Struct(from)) => self.structs(to, from),
            (Shape::Enum(to), Shape::Enum(from)) => {
                let known = |wire: &String| to.values.iter().any(|value| value.wire == *wire);
                if from.values.iter().all(|value| known(&value.wire)) {
                    Reading::Understood
                } else {
                    Reading::Tolerated
                }
            }
            (Shape::Tuple(to), Shape::Tuple(from)) => self.within(|reader| reader.tuples(to, from)),
            (Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_), _) => Reading::Refused,
        }
    }

    fn named_takes(&mut self, to: TypeId, from: Base<'_>) -> Reading {
        let reader = self.to;
        match (&reader.api.get(to).shape, from) {
            (Shape::Enum(_), Base::Scalar(Scalar::String | Scalar::Timestamp)) => Reading::Tolerated,
            (Shape::Union(union), from) => self.union(to, union, &owned(from)),
            (Shape::Newtype(inner), from) => self.reads(inner, &owned(from)),
            (Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_), _) => Reading::Refused,
        }
    }

    fn out_of_named(&mut self, to: Base<'_>, from: TypeId) -> Reading {
        let writer = self.from;
        match (to, &writer.api.get(from).shape) {
            (to, Shape::Union(union)) => {
                let branches = union.branches.iter().map(|branch| self.reads(&owned(to), &branch.value));
                branches.max().unwrap_or(Reading::Understood)
            }
            (to, Shape::Newtype(inner)) => self.reads(&owned(to), inner),
            (Base::Scalar(Scalar::JsonObject), Shape::Struct(_)) => Reading::Understood,
            (Base::Map(to), Shape::Struct(object)) => self.within(|reader| reader.map_of(to, object)),
            (Base::Scalar(to), Shape::Enum(_)) => self.scalars(to, Scalar::String),
            (Base::Array(to), Shape::Tuple(tuple)) => {
                let values = tuple.positions.iter().map(|position| &position.value).chain(&tuple.rest);
                let readings = values.map(|value| self.within(|reader| reader.reads(to, value)));
                readings.max().unwrap_or(Reading::Understood)
            }
            (Base::Named(_) | Base::Array(_) | Base::Map(_) | Base::Scalar(_) | Base::External(_), _) => {
                Reading::Refused
            }
        }
    }

    fn map_of(&mut self, to: &Type, object: &Struct) -> Reading {
        let rest = match &object.rest {
            Rest::Open => self.reads(to, &Type::Scalar(Scalar::Json)),
            Rest::Typed(value) => self.reads(to, value),
            Rest::Closed => Reading::Understood,
        };
        let members = object.fields.iter().map(|field| match &field.value {
            FieldValue::Constant(literal) => self.takes(to, literal),
            FieldValue::Required(value) | FieldValue::Optional(value) => self.reads(to, value),
        });
        members.max().unwrap_or(Reading::Understood).max(rest)
    }

    fn scalars(&self, to: Scalar, from: Scalar) -> Reading {
        let whole = |scalar| range(scalar).is_some();
        match (to, from) {
            (to, from) if to == from => Reading::Understood,
            (Scalar::Json, _) | (Scalar::String, Scalar::Timestamp) => Reading::Understood,
            (Scalar::Timestamp, Scalar::String) => match self.to.config.types.date_time {
                DateTime::Eventwire | DateTime::Text => Reading::Tolerated,
                DateTime::Jiff | DateTime::Chrono | DateTime::Time => Reading::Refused,
            },
            (Scalar::Number, from) if whole(from) => Reading::Understood,
            (to, from) => match (range(to), range(from)) {
                (Some(to), Some(from)) if to.0 <= from.0 && from.1 <= to.1 => Reading::Understood,
                _ => Reading::Refused,
            },
        }
    }

    /// What a reader makes of a constant.
    pub(super) fn takes(&mut self, read: &Type, literal: &Literal) -> Reading {
        let to = self.to.resolve(read);
        match (to.base, literal) {
            (Base::Scalar(Scalar::Json), _)
            | (Base::Scalar(Scalar::String), Literal::Text(_))
            | (Base::Scalar(Scalar::Bool), Literal::Bool(_))
            | (Base::Scalar(Scalar::Number), Literal::Integer(_)) => Reading::Understood,
            (Base::Scalar(Scalar::Timestamp), Literal::Text(_)) => self.scalars(Scalar::Timestamp, Scalar::String),
            (Base::Scalar(scalar), Literal::Integer(number)) => match range(scalar) {
                Some((low, high)) if (low..=high).contains(&i128::from(*number)) => Reading::Understood,
                Some(_) | None => Reading::Refused,
            },
            (Base::Named(id), literal) => match &self.to.api.get(id).shape {
                Shape::Enum(list) => match literal {
                    Literal::Text(text) if list.values.iter().any(|value| value.wire == *text) => Reading::Understood,
                    Literal::Text(_) => Reading::Tolerated,
                    Literal::Integer(_) | Literal::Bool(_) => Reading::Refused,
                },
                Shape::Union(union) => {
                    let branches = union.branches.iter().enumerate().filter(|(index, _)| match &union.tell {
                        Tell::Shape { outlines, .. } => {
                            outlines.get(*index).is_none_or(|outline| can_be(outline, literal))
                        }
                        Tell::Only | Tell::Tag { .. } => true,
                    });
                    branches.map(|(_, branch)| self.takes(&branch.value, literal)).min().unwrap_or(Reading::Refused)
                }
                Shape::Newtype(inner) => self.takes(inner, literal),
                Shape::Struct(_) | Shape::Tuple(_) | Shape::Alias(_) => Reading::Refused,
            },
            (Base::Array(_) | Base::Map(_) | Base::Scalar(_) | Base::External(_), _) => Reading::Refused,
        }
    }

    fn structs(&mut self, to: &Struct, from: &Struct) -> Reading {
        self.members(to, from, |reader, field, written| reader.member(to, &field.value, written))
    }

    /// What a reader makes of the members of an object, where something says what it makes of each that it names.
    fn members(
        &mut self,
        to: &Struct,
        from: &Struct,
        mut named: impl FnMut(&mut Self, &Field, Option<&FieldValue>) -> Reading,
    ) -> Reading {
        self.within(|reader| {
            let mut worst = reader.rest(to, from);
            let (known, written) = (by_wire(&to.fields), by_wire(&from.fields));
            for field in &to.fields {
                let written = written.get(field.wire.as_str());
                worst = worst.max(named(reader, field, written.map(|field| &field.value)));
            }
            for field in from.fields.iter().filter(|field| !known.contains_key(field.wire.as_str())) {
                worst = worst.max(reader.unnamed(to, &field.value));
            }
            worst
        })
    }

    /// Reads parts of a value: a union that comes back there is no alternative of itself.
    fn within<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let passed = std::mem::take(&mut self.passed);
        let found = read(self);
        self.passed = passed;
        found
    }

    /// What a reader makes of the members that the writer does not name.
    pub(super) fn rest(&mut self, to: &Struct, from: &Struct) -> Reading {
        match (&to.rest, &from.rest) {
            (Rest::Open, _) | (_, Rest::Closed) => Reading::Understood,
            (Rest::Closed, Rest::Open | Rest::Typed(_)) => Reading::Refused,
            (Rest::Typed(to), Rest::Open) => self.reads(to, &Type::Scalar(Scalar::Json)),
            (Rest::Typed(to), Rest::Typed(from)) => self.reads(to, from),
        }
    }

    /// What a reader makes of a member that it names.
    pub(super) fn member(&mut self, to: &Struct, read: &FieldValue, written: Option<&FieldValue>) -> Reading {
        match (read, written) {
            (FieldValue::Constant(_) | FieldValue::Required(_), None | Some(FieldValue::Optional(_))) => {
                Reading::Refused
            }
            (FieldValue::Optional(_), None) => Reading::Understood,
            (FieldValue::Constant(to), Some(FieldValue::Constant(from))) => {
                if to == from {
                    Reading::Understood
                } else {
                    Reading::Refused
                }
            }
            (FieldValue::Constant(_), Some(FieldValue::Required(_))) => Reading::Refused,
            (FieldValue::Required(read) | FieldValue::Optional(read), Some(FieldValue::Constant(literal))) => {
                self.takes(read, literal)
            }
            (FieldValue::Required(read), Some(FieldValue::Required(written))) => self.reads(read, written),
            (FieldValue::Optional(read), Some(FieldValue::Required(written) | FieldValue::Optional(written))) => {
                self.optional(to, read, written)
            }
        }
    }

    /// What a reader makes of a member that can be missing: a `null` is remembered, where the object has a place for it.
    pub(super) fn optional(&mut self, to: &Struct, read: &Type, written: &Type) -> Reading {
        let resolved = self.to.resolve(read);
        let takes_null = resolved.nullable || self.takes_null(resolved.base) == Reading::Understood;
        if self.from.can_be_null(written) && !takes_null && to.rest != Rest::Closed {
            return self.reads_beside_null(read, written).max(Reading::Tolerated);
        }
        self.reads(read, written)
    }

    /// What a reader makes of a member that it does not name.
    pub(super) fn unnamed(&mut self, to: &Struct, written: &FieldValue) -> Reading {
        match (&to.rest, written) {
            (Rest::Open, _) => Reading::Understood,
            (Rest::Closed, _) => Reading::Refused,
            (Rest::Typed(read), FieldValue::Constant(literal)) => self.takes(read, literal),
            (Rest::Typed(read), FieldValue::Required(written) | FieldValue::Optional(written)) => {
                self.reads(read, written)
            }
        }
    }

    /// What a reader makes of an array by position.
    pub(super) fn tuples(&mut self, to: &Tuple, from: &Tuple) -> Reading {
        let mut worst = Reading::Understood;
        for index in 0..to.positions.len().max(from.positions.len()) {
            let reading = match (to.positions.get(index), from.positions.get(index)) {
                (Some(to), Some(from)) if from.optional && !to.optional => Reading::Refused,
                (Some(to), Some(from)) => match (&to.constant, &from.constant) {
                    (Some(to), Some(from)) if to == from => Reading::Understood,
                    (Some(_), _) => Reading::Refused,
                    (None, Some(literal)) => self.takes(&to.value, literal),
                    (None, None) => self.reads(&to.value, &from.value),
                },
                (Some(to), None) => match (&from.rest, to.optional) {
                    (_, false) => Reading::Refused,
                    (None, true) => Reading::Understood,
                    (Some(from), true) => self.reads(&to.value, from),
                },
                (None, Some(from)) => match &to.rest {
                    Some(to) => self.reads(to, &from.value),
                    None => Reading::Refused,
                },
                (None, None) => Reading::Understood,
            };
            worst = worst.max(reading);
        }
        let rest = match (&to.rest, &from.rest) {
            (_, None) => Reading::Understood,
            (None, Some(_)) => Reading::Refused,
            (Some(to), Some(from)) => self.reads(to, from),
        };
        worst.max(rest)
    }

    /// What a union makes of values of one type.
    pub(super) fn union(&mut self, id: TypeId, to: &Union, written: &Type) -> Reading {
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
    pub(super) fn is_unknown(&self, set: usize, position: usize, written: &Type) -> bool {
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
    pub(super) fn is_another(&mut self, set: usize, position: usize, written: Written<'_>) -> bool {
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
    pub(super) fn set(&mut self, set: usize, written: Written<'_>) -> Reading {
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
    pub(super) fn taken_for(&mut self, set: usize, written: Written<'_>) -> Option<usize> {
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

    /// The objects that two types are, where both are.
    fn both_structs(&self, read: &Type, written: &Type) -> Option<(&'a Struct, &'a Struct)> {
        let of = |side: &'a Side, base: Base<'_>| match base {
            Base::Named(id) => match &side.api.get(id).shape {
                Shape::Struct(object) => Some(object),
                Shape::Enum(_) | Shape::Union(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => None,
            },
            Base::Array(_) | Base::Map(_) | Base::Scalar(_) | Base::External(_) => None,
        };
        Some((of(self.to, self.to.resolve(read).base)?, of(self.from, self.from.resolve(written).base)?))
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
    pub(super) fn on_way(&mut self, read: &Type, written: &Type, path: &[String], tags: &[Literal]) -> Reading {
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

    /// Which values of a type look like an outline: those of its kind that have its constants, or else all that must be there.
    fn claim(&self, outline: &Outline, written: &Type) -> Claim {
        let base = self.from.resolve(written).base;
        let kind = match self.kind(base) {
            _ if outline.kinds.is_empty() => Claim::Always,
            None => Claim::Sometimes,
            Some(kind) => {
                let is_kind = |other: &JsonType| *other == kind || is_number(*other) && is_number(kind);
                if outline.kinds.iter().any(is_kind) { Claim::Always } else { Claim::Never }
            }
        };
        let constants = outline.constants.iter().filter_map(|fixed| Some((single(fixed)?, &fixed.place)));
        let constants: Vec<Claim> = constants.map(|(value, place)| self.has_constant(written, value, place)).collect();
        let has_members = !matches!(self.kind(base), Some(kind) if !matches!(kind, JsonType::Object | JsonType::Array));
        let required = outline.required.iter().map(|name| self.from.has(written, std::slice::from_ref(name)));
        let places = outline.constants.iter().filter(|fixed| fixed.required).map(|fixed| match &fixed.place {
            Place::Member(path) => self.from.has(written, path),
            Place::Whole | Place::Element(_) => Claim::Always,
        });
        let complete = required.chain(places).filter(|_| has_members).min().unwrap_or(Claim::Always);
        let by_constant = constants.iter().copied().max().unwrap_or(Claim::Never);
        let least = constants.into_iter().min().unwrap_or(Claim::Always);
        kind.min(least).min(complete.max(by_constant))
    }

    /// Which values of a type have a constant, or nothing, at a place.
    fn has_constant(&self, written: &Type, value: &Literal, place: &Place) -> Claim {
        match self.at(written, place) {
            Some(found) if !found.contains(value) => Claim::Never,
            Some(found) if found.iter().all(|found| found == value) => Claim::Always,
            Some(_) | None => Claim::Sometimes,
        }
    }

    /// How many constants of an outline all values of a type have.
    fn fixed(&self, outline: &Outline, written: &Type) -> usize {
        let constants = outline.constants.iter().filter_map(|fixed| Some((single(fixed)?, &fixed.place)));
        constants.filter(|(value, place)| self.has_constant(written, value, place) == Claim::Always).count()
    }

    fn at(&self, written: &Type, place: &Place) -> Option<Vec<Literal>> {
        match place {
            Place::Member(path) => self.from.literals(written, path),
            Place::Whole => self.from.listed(written),
            Place::Element(index) => {
                let Base::Named(id) = self.from.resolve(written).base else { return None };
                let Shape::Tuple(tuple) = &self.from.api.get(id).shape else { return None };
                Some(vec![tuple.positions.get(*index)?.constant.clone()?])
            }
        }
    }

    fn kind(&self, from: Base<'_>) -> Option<JsonType> {
        Some(match from {
            Base::Array(_) => JsonType::Array,
            Base::Map(_) | Base::Scalar(Scalar::JsonObject) => JsonType::Object,
            Base::Scalar(Scalar::Null) => JsonType::Null,
            Base::Scalar(Scalar::Bool) => JsonType::Boolean,
            Base::Scalar(Scalar::String | Scalar::Timestamp) => JsonType::String,
            Base::Scalar(Scalar::Json) | Base::External(_) => return None,
            Base::Scalar(_) => JsonType::Number,
            Base::Named(id) => match &self.from.api.get(id).shape {
                Shape::Struct(_) => JsonType::Object,
                Shape::Enum(_) => JsonType::String,
                Shape::Tuple(_) => JsonType::Array,
                Shape::Newtype(inner) => return self.kind(self.from.resolve(inner).base),
                Shape::Union(_) | Shape::Alias(_) => return None,
            },
        })
    }
}

/// The constant of a place that has just one.
fn single(fixed: &Fixed) -> Option<&Literal> {
    match fixed.values.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The only value that an outline claims, if it is a constant.
fn only(outline: &Outline) -> Option<&Literal> {
    outline.constants.iter().find(|fixed| fixed.place == Place::Whole).and_then(single)
}

/// Whether an outline can be that of a constant: it has its kind and no other constant.
fn can_be(outline: &Outline, literal: &Literal) -> bool {
    let is_kind = |kind: &JsonType| match literal {
        Literal::Text(_) => *kind == JsonType::String,
        Literal::Integer(_) => is_number(*kind),
        Literal::Bool(_) => *kind == JsonType::Boolean,
    };
    (outline.kinds.is_empty() || outline.kinds.iter().any(is_kind)) && only(outline).is_none_or(|only| only == literal)
}

/// A type that may be the one that a value is.
struct Candidate<'t> {
    value: &'t Type,
    outline: &'t Outline,
    claim: Claim,
    /// How many constants of the outline all values have.
    fixed: usize,
}

/// Whether a set takes `null` for an unknown message.
pub(super) fn null_is_unknown(set: &MessageSet) -> bool {
    let told = match &set.tell {
        Tell::Only => false,
        Tell::Tag { .. } => true,
        Tell::Shape { outlines, .. } => {
            outlines.iter().all(|outline| !outline.kinds.is_empty() && !outline.kinds.contains(&JsonType::Null))
        }
    };
    told && set.fallback.is_none()
}

fn is_number(kind: JsonType) -> bool {
    matches!(kind, JsonType::Number | JsonType::Integer)
}

/// The values of an integer type.
fn range(scalar: Scalar) -> Option<(i128, i128)> {
    Some(match scalar {
        Scalar::I8 => (i8::MIN.into(), i8::MAX.into()),
        Scalar::I16 => (i16::MIN.into(), i16::MAX.into()),
        Scalar::I32 => (i32::MIN.into(), i32::MAX.into()),
        Scalar::I64 => (i64::MIN.into(), i64::MAX.into()),
        Scalar::U8 => (0, u8::MAX.into()),
        Scalar::U16 => (0, u16::MAX.into()),
        Scalar::U32 => (0, u32::MAX.into()),
        Scalar::U64 => (0, u64::MAX.into()),
        Scalar::Null
        | Scalar::Bool
        | Scalar::Number
        | Scalar::String
        | Scalar::Timestamp
        | Scalar::JsonObject
        | Scalar::Json => return None,
    })
}
