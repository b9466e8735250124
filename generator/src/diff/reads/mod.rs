//! Whether a reader of one document takes what a writer of another sends.
//!
//! A reader is the generated decoder: enums are open, unknown members are kept, constraints are not enforced. What a
//! document does not name is taken to be absent, except where it is forbidden.

mod alternatives;
mod object;
mod outline;

use std::collections::BTreeSet;

use eventwire_document::config::DateTime;
use eventwire_document::ir::{Literal, Scalar, Shape, Tell, Type, TypeId, Union};

use super::values::{Base, Use, owned};
use super::{Reading, Side};

pub(super) use alternatives::{Written, null_is_unknown};
use outline::can_be;

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

    /// What a reader makes of a constant.
    pub(super) fn takes(&mut self, read: &Type, literal: &Literal) -> Reading {
        let to = self.to.resolve(read);
        match (to.base, literal) {
            (Base::Scalar(Scalar::Json), _)
            | (Base::Scalar(Scalar::String), Literal::Text(_))
            | (Base::Scalar(Scalar::Bool), Literal::Bool(_))
            | (Base::Scalar(Scalar::Number), Literal::Integer(_)) => Reading::Understood,
            (Base::Scalar(Scalar::Timestamp), Literal::Text(_)) => self.scalars(Scalar::Timestamp, Scalar::String),
            (Base::Scalar(scalar), Literal::Integer(number)) => match scalar.range() {
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

    /// Reads parts of a value: a union that comes back there is no alternative of itself.
    fn within<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let passed = std::mem::take(&mut self.passed);
        let found = read(self);
        self.passed = passed;
        found
    }
}
