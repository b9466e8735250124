//! What the values of a type look like, beside the fingerprints of alternatives.

use eventwire_document::ir::{ConstantAt, Fingerprint, Literal, Shape, Type, ValuePath};
use eventwire_document::schema::JsonType;

use super::Compatibility;
use crate::diff::values::{Occurrence, ResolvedType};
impl Compatibility<'_> {
    /// For which values of a type a fingerprint matches: those of its kind with its constants, or otherwise with all
    /// its required members.
    pub(super) fn claim(&self, fingerprint: &Fingerprint, written: &Type) -> Occurrence {
        let base = self.from.resolve(written).base;
        let kind = match self.kind(base) {
            _ if fingerprint.kinds.is_empty() => Occurrence::Always,
            None => Occurrence::Sometimes,
            Some(kind) => {
                let is_kind = |other: &JsonType| *other == kind || is_number(*other) && is_number(kind);
                if fingerprint.kinds.iter().any(is_kind) { Occurrence::Always } else { Occurrence::Never }
            }
        };
        let constants = fingerprint.constants.iter().filter_map(|fixed| Some((single(fixed)?, &fixed.path)));
        let constants: Vec<Occurrence> =
            constants.map(|(value, place)| self.has_constant(written, value, place)).collect();
        let has_members = !matches!(self.kind(base), Some(kind) if !matches!(kind, JsonType::Object | JsonType::Array));
        let required = fingerprint.required.iter().map(|name| self.from.has(written, std::slice::from_ref(name)));
        let places = fingerprint.constants.iter().filter(|fixed| fixed.required).map(|fixed| match &fixed.path {
            ValuePath::Property(path) => self.from.has(written, path),
            ValuePath::Root | ValuePath::Item(_) => Occurrence::Always,
        });
        let complete = required.chain(places).filter(|_| has_members).min().unwrap_or(Occurrence::Always);
        let by_constant = constants.iter().copied().max().unwrap_or(Occurrence::Never);
        let least = constants.into_iter().min().unwrap_or(Occurrence::Always);
        kind.min(least).min(complete.max(by_constant))
    }

    /// For which values of a type a constant, or nothing, is at a place.
    fn has_constant(&self, written: &Type, value: &Literal, place: &ValuePath) -> Occurrence {
        match self.at(written, place) {
            Some(found) if !found.contains(value) => Occurrence::Never,
            Some(found) if found.iter().all(|found| found == value) => Occurrence::Always,
            Some(_) | None => Occurrence::Sometimes,
        }
    }

    /// How many constants of a fingerprint all values of a type have.
    pub(super) fn fixed(&self, fingerprint: &Fingerprint, written: &Type) -> usize {
        let constants = fingerprint.constants.iter().filter_map(|fixed| Some((single(fixed)?, &fixed.path)));
        constants.filter(|(value, place)| self.has_constant(written, value, place) == Occurrence::Always).count()
    }

    fn at(&self, written: &Type, place: &ValuePath) -> Option<Vec<Literal>> {
        match place {
            ValuePath::Property(path) => self.from.literals(written, path),
            ValuePath::Root => self.from.enum_values(written),
            ValuePath::Item(index) => {
                let ResolvedType::Named(id) = self.from.resolve(written).base else { return None };
                let Shape::Tuple(tuple) = &self.from.api.get(id).shape else { return None };
                Some(vec![tuple.positions.get(*index)?.constant.clone()?])
            }
        }
    }

    fn kind(&self, from: ResolvedType<'_>) -> Option<JsonType> {
        Some(match from {
            ResolvedType::Array(_) => JsonType::Array,
            ResolvedType::Map(_) => JsonType::Object,
            ResolvedType::Scalar(scalar) => return scalar.json_type(),
            ResolvedType::External(_) => return None,
            ResolvedType::Named(id) => match &self.from.api.get(id).shape {
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
pub(super) fn single(fixed: &ConstantAt) -> Option<&Literal> {
    match fixed.values.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The only value that a fingerprint claims, if it is a constant.
pub(super) fn only(fingerprint: &Fingerprint) -> Option<&Literal> {
    fingerprint.constants.iter().find(|fixed| fixed.path == ValuePath::Root).and_then(single)
}

/// Whether a fingerprint can be that of a constant: it has its kind and no other constant.
pub(super) fn can_be(fingerprint: &Fingerprint, literal: &Literal) -> bool {
    let is_kind = |kind: &JsonType| match literal {
        Literal::Text(_) => *kind == JsonType::String,
        Literal::Integer(_) => is_number(*kind),
        Literal::Bool(_) => *kind == JsonType::Boolean,
    };
    (fingerprint.kinds.is_empty() || fingerprint.kinds.iter().any(is_kind))
        && only(fingerprint).is_none_or(|only| only == literal)
}

fn is_number(kind: JsonType) -> bool {
    matches!(kind, JsonType::Number | JsonType::Integer)
}
