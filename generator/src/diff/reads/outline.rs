//! What the values of a type look like, beside the outlines of alternatives.

use eventwire_document::ir::{Fixed, Literal, Outline, Place, Shape, Type};
use eventwire_document::schema::JsonType;

use super::Reader;
use crate::diff::values::{Base, Claim};
impl Reader<'_> {
    /// Which values of a type look like an outline: those of its kind that have its constants, or else all that must be there.
    pub(super) fn claim(&self, outline: &Outline, written: &Type) -> Claim {
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
    pub(super) fn fixed(&self, outline: &Outline, written: &Type) -> usize {
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
            Base::Map(_) => JsonType::Object,
            Base::Scalar(scalar) => return scalar.json_type(),
            Base::External(_) => return None,
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
pub(super) fn single(fixed: &Fixed) -> Option<&Literal> {
    match fixed.values.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The only value that an outline claims, if it is a constant.
pub(super) fn only(outline: &Outline) -> Option<&Literal> {
    outline.constants.iter().find(|fixed| fixed.place == Place::Whole).and_then(single)
}

/// Whether an outline can be that of a constant: it has its kind and no other constant.
pub(super) fn can_be(outline: &Outline, literal: &Literal) -> bool {
    let is_kind = |kind: &JsonType| match literal {
        Literal::Text(_) => *kind == JsonType::String,
        Literal::Integer(_) => is_number(*kind),
        Literal::Bool(_) => *kind == JsonType::Boolean,
    };
    (outline.kinds.is_empty() || outline.kinds.iter().any(is_kind)) && only(outline).is_none_or(|only| only == literal)
}

fn is_number(kind: JsonType) -> bool {
    matches!(kind, JsonType::Number | JsonType::Integer)
}
