//! Objects, by their members, and arrays by position.

use eventwire_document::ir::{AdditionalProperties, Field, FieldValue, Scalar, Struct, Tuple, Type};

use super::Compatibility;
use crate::diff::values::by_wire;
use crate::diff::{Reading, Side};
impl<'a> Compatibility<'a> {
    pub(super) fn structs(&mut self, to: &Struct, from: &Struct) -> Reading {
        self.members(to, from, |reader, field, written| reader.member(to, &field.value, written))
    }

    /// How a reader reads the members of an object; a function reads each named member.
    pub(super) fn members(
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

    pub(super) fn map_of(&mut self, to: &Type, object: &Struct) -> Reading {
        let rest = match &object.rest {
            AdditionalProperties::Any => self.check(to, &Type::Scalar(Scalar::Json)),
            AdditionalProperties::Typed(value) => self.check(to, value),
            AdditionalProperties::None => Reading::Understood,
        };
        let members = object.fields.iter().map(|field| match &field.value {
            FieldValue::Constant(literal) => self.accepts(to, literal),
            FieldValue::Required(value) | FieldValue::Optional(value) => self.check(to, value),
        });
        members.max().unwrap_or(Reading::Understood).max(rest)
    }

    /// How a reader reads the members that the writer does not name.
    pub(in crate::diff) fn rest(&mut self, to: &Struct, from: &Struct) -> Reading {
        match (&to.rest, &from.rest) {
            (AdditionalProperties::Any, _) | (_, AdditionalProperties::None) => Reading::Understood,
            (AdditionalProperties::None, AdditionalProperties::Any | AdditionalProperties::Typed(_)) => {
                Reading::Refused
            }
            (AdditionalProperties::Typed(to), AdditionalProperties::Any) => self.check(to, &Type::Scalar(Scalar::Json)),
            (AdditionalProperties::Typed(to), AdditionalProperties::Typed(from)) => self.check(to, from),
        }
    }

    /// How a reader reads a member that it names.
    pub(in crate::diff) fn member(&mut self, to: &Struct, read: &FieldValue, written: Option<&FieldValue>) -> Reading {
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
                self.accepts(read, literal)
            }
            (FieldValue::Required(read), Some(FieldValue::Required(written))) => self.check(read, written),
            (FieldValue::Optional(read), Some(FieldValue::Required(written) | FieldValue::Optional(written))) => {
                self.optional(to, read, written)
            }
        }
    }

    /// How a reader reads a member that can be missing: a `null` is remembered, where the object has a place for it.
    pub(in crate::diff) fn optional(&mut self, to: &Struct, read: &Type, written: &Type) -> Reading {
        let resolved = self.to.resolve(read);
        let accepts_null = resolved.nullable || self.accepts_null(resolved.base) == Reading::Understood;
        if self.from.can_be_null(written) && !accepts_null && to.rest != AdditionalProperties::None {
            return self.check_beside_null(read, written).max(Reading::Tolerated);
        }
        self.check(read, written)
    }

    /// How a reader reads a member that it does not name.
    pub(in crate::diff) fn unnamed(&mut self, to: &Struct, written: &FieldValue) -> Reading {
        match (&to.rest, written) {
            (AdditionalProperties::Any, _) => Reading::Understood,
            (AdditionalProperties::None, _) => Reading::Refused,
            (AdditionalProperties::Typed(read), FieldValue::Constant(literal)) => self.accepts(read, literal),
            (AdditionalProperties::Typed(read), FieldValue::Required(written) | FieldValue::Optional(written)) => {
                self.check(read, written)
            }
        }
    }

    /// How a reader reads an array by position.
    pub(in crate::diff) fn tuples(&mut self, to: &Tuple, from: &Tuple) -> Reading {
        let mut worst = Reading::Understood;
        for index in 0..to.positions.len().max(from.positions.len()) {
            let reading = match (to.positions.get(index), from.positions.get(index)) {
                (Some(to), Some(from)) if from.optional && !to.optional => Reading::Refused,
                (Some(to), Some(from)) => match (&to.constant, &from.constant) {
                    (Some(to), Some(from)) if to == from => Reading::Understood,
                    (Some(_), _) => Reading::Refused,
                    (None, Some(literal)) => self.accepts(&to.value, literal),
                    (None, None) => self.check(&to.value, &from.value),
                },
                (Some(to), None) => match (&from.rest, to.optional) {
                    (_, false) => Reading::Refused,
                    (None, true) => Reading::Understood,
                    (Some(from), true) => self.check(&to.value, from),
                },
                (None, Some(from)) => match &to.rest {
                    Some(to) => self.check(to, &from.value),
                    None => Reading::Refused,
                },
                (None, None) => Reading::Understood,
            };
            worst = worst.max(reading);
        }
        let rest = match (&to.rest, &from.rest) {
            (_, None) => Reading::Understood,
            (None, Some(_)) => Reading::Refused,
            (Some(to), Some(from)) => self.check(to, from),
        };
        worst.max(rest)
    }

    /// Returns the structs of two types, if both are structs.
    pub(super) fn both_structs(&self, read: &Type, written: &Type) -> Option<(&'a Struct, &'a Struct)> {
        let of = |side: &'a Side, used: &Type| side.api.get(side.named(used)?).shape.as_struct();
        Some((of(self.to, read)?, of(self.from, written)?))
    }
}
