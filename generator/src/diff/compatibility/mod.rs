//! How a reader of one document reads what a writer of another sends.
//!
//! A reader is the generated decoder: enums are open, unknown members are kept, constraints are not enforced. What a
//! document does not name is assumed to be absent, except where it is forbidden.

mod alternatives;
mod fingerprint;
mod object;

use std::collections::BTreeSet;

use eventwire_document::config::DateTime;
use eventwire_document::ir::{Dispatch, Literal, Scalar, Shape, Type, TypeId, Union};

use super::values::{ResolvedType, ResolvedUse, owned};
use super::{Reading, Side};

pub(super) use alternatives::{WrittenMessage, null_is_unknown};
use fingerprint::can_be;

/// One direction of reading.
pub(super) struct Compatibility<'a> {
    to: &'a Side,
    from: &'a Side,
    /// Pairs that are being compared: recursion to them adds nothing.
    open: BTreeSet<(TypeId, TypeId)>,
    /// Unions that are being compared, each with the written type.
    passed: Vec<(TypeId, Type)>,
}

impl<'a> Compatibility<'a> {
    pub(super) fn new(reader: &'a Side, writer: &'a Side) -> Self {
        Self { to: reader, from: writer, open: BTreeSet::new(), passed: Vec::new() }
    }

    /// How a reader of one type reads values of another.
    pub(super) fn check(&mut self, read: &Type, written: &Type) -> Reading {
        let (to, from) = (self.to.resolve(read), self.from.resolve(written));
        if to.base == ResolvedType::Scalar(Scalar::Json) {
            return Reading::Understood;
        }
        let null = if from.nullable && !to.nullable { self.accepts_null(to.base) } else { Reading::Understood };
        null.max(self.bases(to, from.base))
    }

    /// The same if `null` is accepted anyway.
    pub(super) fn check_beside_null(&mut self, read: &Type, written: &Type) -> Reading {
        let (to, writer) = (self.to.resolve(read), self.from);
        let leaves = writer.leaves(written).0.into_iter().filter(|leaf| *leaf != ResolvedType::Scalar(Scalar::Null));
        leaves.map(|leaf| self.bases(to, leaf)).max().unwrap_or(Reading::Understood)
    }

    /// How a reader of a union reads an alternative of another one, at a place that may remember a `null`.
    pub(super) fn branch(&mut self, id: TypeId, union: &Union, written: &Type, keeps_null: bool) -> Reading {
        let reading = self.union(id, union, written);
        if keeps_null && self.from.can_be_null(written) {
            return reading.min(self.check_beside_null(&Type::Named(id), written).max(Reading::Tolerated));
        }
        reading
    }

    /// How a reader reads `null`.
    fn accepts_null(&mut self, to: ResolvedType<'_>) -> Reading {
        let null = Type::Scalar(Scalar::Null);
        match to {
            ResolvedType::Scalar(Scalar::Null | Scalar::Json) => Reading::Understood,
            ResolvedType::Named(id) => match &self.to.api.get(id).shape {
                Shape::Union(union) => self.union(id, union, &null),
                Shape::Newtype(inner) => self.check(inner, &null),
                Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_) => Reading::Refused,
            },
            ResolvedType::Array(_) | ResolvedType::Map(_) | ResolvedType::Scalar(_) | ResolvedType::External(_) => {
                Reading::Refused
            }
        }
    }

    fn bases(&mut self, to: ResolvedUse<'_>, from: ResolvedType<'_>) -> Reading {
        match (to.base, from) {
            (base, ResolvedType::Scalar(Scalar::Null)) => {
                if to.nullable {
                    Reading::Understood
                } else {
                    self.accepts_null(base)
                }
            }
            (ResolvedType::Named(to), ResolvedType::Named(from)) => {
                if !self.open.insert((to, from)) {
                    return Reading::Understood;
                }
                let reading = self.named(to, from);
                self.open.remove(&(to, from));
                reading
            }
            (ResolvedType::Named(to), from) => self.named_accepts(to, from),
            (to, ResolvedType::Named(from)) => self.out_of_named(to, from),
            (ResolvedType::Array(to), ResolvedType::Array(from)) | (ResolvedType::Map(to), ResolvedType::Map(from)) => {
                self.within(|reader| reader.check(to, from))
            }
            (ResolvedType::Map(to), ResolvedType::Scalar(Scalar::JsonObject)) => {
                self.check(to, &Type::Scalar(Scalar::Json))
            }
            (ResolvedType::Scalar(Scalar::JsonObject), ResolvedType::Map(_)) => Reading::Understood,
            (ResolvedType::Scalar(to), ResolvedType::Scalar(from)) => self.scalars(to, from),
            (ResolvedType::External(to), ResolvedType::External(from)) if to == from => Reading::Understood,
            (
                ResolvedType::Array(_) | ResolvedType::Map(_) | ResolvedType::Scalar(_) | ResolvedType::External(_),
                _,
            ) => Reading::Refused,
        }
    }

    fn named(&mut self, to: TypeId, from: TypeId) -> Reading {
        let (reader, writer) = (self.to, self.from);
        match (&reader.api.get(to).shape, &writer.api.get(from).shape) {
            (_, Shape::Union(union)) => {
                let branches = union.branches.iter().map(|branch| self.check(&Type::Named(to), &branch.value));
                branches.max().unwrap_or(Reading::Understood)
            }
            (_, Shape::Newtype(inner)) => self.check(&Type::Named(to), inner),
            (Shape::Newtype(inner), _) => self.check(inner, &Type::Named(from)),
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

    fn named_accepts(&mut self, to: TypeId, from: ResolvedType<'_>) -> Reading {
        let reader = self.to;
        match (&reader.api.get(to).shape, from) {
            (Shape::Enum(_), ResolvedType::Scalar(Scalar::String | Scalar::Timestamp)) => Reading::Tolerated,
            (Shape::Union(union), from) => self.union(to, union, &owned(from)),
            (Shape::Newtype(inner), from) => self.check(inner, &owned(from)),
            (Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_), _) => Reading::Refused,
        }
    }

    fn out_of_named(&mut self, to: ResolvedType<'_>, from: TypeId) -> Reading {
        let writer = self.from;
        match (to, &writer.api.get(from).shape) {
            (to, Shape::Union(union)) => {
                let branches = union.branches.iter().map(|branch| self.check(&owned(to), &branch.value));
                branches.max().unwrap_or(Reading::Understood)
            }
            (to, Shape::Newtype(inner)) => self.check(&owned(to), inner),
            (ResolvedType::Scalar(Scalar::JsonObject), Shape::Struct(_)) => Reading::Understood,
            (ResolvedType::Map(to), Shape::Struct(object)) => self.within(|reader| reader.map_of(to, object)),
            (ResolvedType::Scalar(to), Shape::Enum(_)) => self.scalars(to, Scalar::String),
            (ResolvedType::Array(to), Shape::Tuple(tuple)) => {
                let values = tuple.positions.iter().map(|position| &position.value).chain(&tuple.rest);
                let readings = values.map(|value| self.within(|reader| reader.check(to, value)));
                readings.max().unwrap_or(Reading::Understood)
            }
            (
                ResolvedType::Named(_)
                | ResolvedType::Array(_)
                | ResolvedType::Map(_)
                | ResolvedType::Scalar(_)
                | ResolvedType::External(_),
                _,
            ) => Reading::Refused,
        }
    }

    fn scalars(&self, to: Scalar, from: Scalar) -> Reading {
        let whole = |scalar: Scalar| scalar.range().is_some();
        match (to, from) {
            (to, from) if to == from => Reading::Understood,
            (Scalar::Json, _) | (Scalar::String, Scalar::Timestamp) => Reading::Understood,
            (Scalar::Timestamp, Scalar::String) => match self.to.config.types.date_time {
                DateTime::Eventwire | DateTime::Text => Reading::Tolerated,
                DateTime::Jiff | DateTime::Chrono | DateTime::Time => Reading::Refused,
            },
            (Scalar::Number, from) if whole(from) => Reading::Understood,
            (to, from) => match (to.range(), from.range()) {
                (Some(to), Some(from)) if to.0 <= from.0 && from.1 <= to.1 => Reading::Understood,
                _ => Reading::Refused,
            },
        }
    }

    /// How a reader reads a constant.
    pub(super) fn accepts(&mut self, read: &Type, literal: &Literal) -> Reading {
        let to = self.to.resolve(read);
        match (to.base, literal) {
            (ResolvedType::Scalar(Scalar::Json), _)
            | (ResolvedType::Scalar(Scalar::String), Literal::Text(_))
            | (ResolvedType::Scalar(Scalar::Bool), Literal::Bool(_))
            | (ResolvedType::Scalar(Scalar::Number), Literal::Integer(_)) => Reading::Understood,
            (ResolvedType::Scalar(Scalar::Timestamp), Literal::Text(_)) => {
                self.scalars(Scalar::Timestamp, Scalar::String)
            }
            (ResolvedType::Scalar(scalar), Literal::Integer(number)) => match scalar.range() {
                Some((low, high)) if (low..=high).contains(&i128::from(*number)) => Reading::Understood,
                Some(_) | None => Reading::Refused,
            },
            (ResolvedType::Named(id), literal) => match &self.to.api.get(id).shape {
                Shape::Enum(list) => match literal {
                    Literal::Text(text) if list.values.iter().any(|value| value.wire == *text) => Reading::Understood,
                    Literal::Text(_) => Reading::Tolerated,
                    Literal::Integer(_) | Literal::Bool(_) => Reading::Refused,
                },
                Shape::Union(union) => {
                    let branches = union.branches.iter().enumerate().filter(|(index, _)| match &union.dispatch {
                        Dispatch::Structural { fingerprints, .. } => {
                            fingerprints.get(*index).is_none_or(|fingerprint| can_be(fingerprint, literal))
                        }
                        Dispatch::Single | Dispatch::Tag { .. } => true,
                    });
                    branches.map(|(_, branch)| self.accepts(&branch.value, literal)).min().unwrap_or(Reading::Refused)
                }
                Shape::Newtype(inner) => self.accepts(inner, literal),
                Shape::Struct(_) | Shape::Tuple(_) | Shape::Alias(_) => Reading::Refused,
            },
            (
                ResolvedType::Array(_) | ResolvedType::Map(_) | ResolvedType::Scalar(_) | ResolvedType::External(_),
                _,
            ) => Reading::Refused,
        }
    }

    /// Reads parts of a value, where a recursive union is not its own alternative.
    fn within<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let passed = std::mem::take(&mut self.passed);
        let found = read(self);
        self.passed = passed;
        found
    }
}
