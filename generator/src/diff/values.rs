//! The possible values of types in the IR.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{
    AdditionalProperties, Dispatch, Enum, Field, FieldValue, Literal, Scalar, Shape, Type, TypeId,
};

use super::Side;

/// A use of a type, without pointers and aliases.
#[derive(Debug, Clone, Copy)]
pub(super) struct ResolvedUse<'a> {
    pub(super) nullable: bool,
    pub(super) base: ResolvedType<'a>,
}

/// A resolved type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResolvedType<'a> {
    /// A declared type that is not an alias.
    Named(TypeId),
    Array(&'a Type),
    Map(&'a Type),
    Scalar(Scalar),
    External(&'a str),
}

/// What values can have as a member.
enum Member<'s> {
    Absent,
    Anything,
    Field(&'s FieldValue),
}

/// For which values of a type something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Occurrence {
    Never,
    Sometimes,
    Always,
}

/// The constants that distinguish alternatives, each with its alternative.
#[derive(Debug, Default)]
pub(super) struct Tags(BTreeMap<Literal, usize>);

impl Tags {
    /// The tags of alternatives; none where something else distinguishes them.
    pub(super) fn of(dispatch: &Dispatch) -> Self {
        match dispatch {
            Dispatch::Tag { tags, .. } => {
                let tags = tags.iter().enumerate();
                Self(tags.flat_map(|(index, tags)| tags.iter().map(move |tag| (tag.clone(), index))).collect())
            }
            Dispatch::Single | Dispatch::Structural { .. } => Self::default(),
        }
    }

    /// These tags, whatever their alternatives are.
    pub(super) fn just(tags: &[Literal]) -> Self {
        Self(tags.iter().map(|tag| (tag.clone(), 0)).collect())
    }

    /// Returns the alternative of a tag.
    pub(super) fn position(&self, tag: &Literal) -> Option<usize> {
        self.0.get(tag).copied()
    }

    fn any(&self, is: impl Fn(&Literal) -> bool) -> bool {
        self.0.keys().any(is)
    }
}

/// The members of an object by their names.
pub(super) fn by_wire(fields: &[Field]) -> BTreeMap<&str, &Field> {
    fields.iter().map(|field| (field.wire.as_str(), field)).collect()
}

impl Side {
    /// Resolves pointers, aliases and newtypes, which do not affect the wire format.
    pub(super) fn resolve<'s>(&'s self, used: &'s Type) -> ResolvedUse<'s> {
        let plain = |base| ResolvedUse { nullable: false, base };
        match used {
            Type::Boxed(_, inner) => self.resolve(inner),
            Type::Nullable(inner) => ResolvedUse { nullable: true, ..self.resolve(inner) },
            Type::Named(id) => match &self.api.get(*id).shape {
                Shape::Alias(inner) => self.resolve(inner),
                Shape::Struct(_) | Shape::Enum(_) | Shape::Union(_) | Shape::Tuple(_) | Shape::Newtype(_) => {
                    plain(ResolvedType::Named(*id))
                }
            },
            Type::Array(inner) => plain(ResolvedType::Array(inner)),
            Type::Map(inner) => plain(ResolvedType::Map(inner)),
            Type::Scalar(scalar) => plain(ResolvedType::Scalar(*scalar)),
            Type::External(path) => plain(ResolvedType::External(path)),
        }
    }

    /// Returns the declared type of a use, if it resolves to one.
    pub(super) fn named(&self, used: &Type) -> Option<TypeId> {
        if let ResolvedType::Named(id) = self.resolve(used).base { Some(id) } else { None }
    }

    /// Returns the types that the values of a type have: the branches of a union, or the type inside a newtype.
    pub(super) fn branches_of(&self, base: ResolvedType<'_>) -> Option<Vec<&Type>> {
        let ResolvedType::Named(id) = base else { return None };
        match &self.api.get(id).shape {
            Shape::Union(union) => Some(union.branches.iter().map(|branch| &branch.value).collect()),
            Shape::Newtype(inner) => Some(vec![inner]),
            Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_) => None,
        }
    }

    /// Returns the types that the values of a type have, with nested unions resolved, and whether `null` is allowed
    /// beside one of these.
    pub(super) fn leaves<'s>(&'s self, used: &'s Type) -> (Vec<ResolvedType<'s>>, bool) {
        let (mut open, mut seen, mut leaves, mut nullable) = (vec![used], BTreeSet::new(), Vec::new(), false);
        while let Some(next) = open.pop() {
            let resolved = self.resolve(next);
            nullable |= resolved.nullable;
            match (resolved.base, self.branches_of(resolved.base)) {
                (ResolvedType::Named(id), Some(branches)) if seen.insert(id) => open.extend(branches.into_iter().rev()),
                (_, Some(_)) => {}
                (base, None) => leaves.push(base),
            }
        }
        (leaves, nullable)
    }

    /// Whether `null` is among the values of a type, or of one of its branches.
    pub(super) fn can_be_null(&self, used: &Type) -> bool {
        let (leaves, nullable) = self.leaves(used);
        nullable || leaves.contains(&ResolvedType::Scalar(Scalar::Null))
    }

    /// Whether some value of a type has one of these literals at the end of a path.
    pub(super) fn can_have(&self, used: &Type, path: &[String], wanted: &Tags) -> bool {
        self.leaves(used).0.into_iter().any(|leaf| self.leaf_can_have(leaf, path, wanted))
    }

    fn leaf_can_have(&self, base: ResolvedType<'_>, path: &[String], wanted: &Tags) -> bool {
        let Some((first, rest)) = path.split_first() else { return self.can_be(base, wanted) };
        match self.member(base, first) {
            Member::Absent => false,
            Member::Anything => true,
            Member::Field(FieldValue::Constant(literal)) => rest.is_empty() && wanted.position(literal).is_some(),
            Member::Field(FieldValue::Required(value) | FieldValue::Optional(value)) => {
                self.can_have(value, rest, wanted)
            }
        }
    }

    /// Returns what the values of a type, which is not a union, have as a member. Members that the document does not
    /// name are assumed to be absent.
    fn member(&self, base: ResolvedType<'_>, wire: &str) -> Member<'_> {
        match base {
            ResolvedType::Scalar(Scalar::Json | Scalar::JsonObject)
            | ResolvedType::Map(_)
            | ResolvedType::External(_) => Member::Anything,
            ResolvedType::Array(_) | ResolvedType::Scalar(_) => Member::Absent,
            ResolvedType::Named(id) => match self.api.get(id).shape.as_struct() {
                None => Member::Absent,
                Some(object) => match object.field(wire) {
                    Some(field) => Member::Field(&field.value),
                    None if matches!(object.rest, AdditionalProperties::Typed(_)) => Member::Anything,
                    None => Member::Absent,
                },
            },
        }
    }

    /// Returns for which values of a type a member exists at the end of a path. Members that the document does not name
    /// are assumed to be absent.
    pub(super) fn has(&self, used: &Type, path: &[String]) -> Occurrence {
        let claims: Vec<Occurrence> = self.leaves(used).0.into_iter().map(|leaf| self.leaf_has(leaf, path)).collect();
        match (claims.iter().min(), claims.iter().max()) {
            (Some(least), Some(most)) if least == most => *least,
            _ => Occurrence::Sometimes,
        }
    }

    fn leaf_has(&self, base: ResolvedType<'_>, path: &[String]) -> Occurrence {
        let Some((first, rest)) = path.split_first() else { return Occurrence::Always };
        match self.member(base, first) {
            Member::Absent => Occurrence::Never,
            Member::Anything => Occurrence::Sometimes,
            Member::Field(FieldValue::Constant(_)) => {
                if rest.is_empty() {
                    Occurrence::Always
                } else {
                    Occurrence::Never
                }
            }
            Member::Field(FieldValue::Required(value)) => self.has(value, rest),
            Member::Field(FieldValue::Optional(value)) => self.has(value, rest).min(Occurrence::Sometimes),
        }
    }

    /// Whether some value of a type is one of these literals.
    fn can_be(&self, base: ResolvedType<'_>, wanted: &Tags) -> bool {
        let is_text = |literal: &Literal| matches!(literal, Literal::Text(_));
        match base {
            ResolvedType::Scalar(Scalar::Json) | ResolvedType::External(_) => true,
            ResolvedType::Scalar(Scalar::String) => wanted.any(is_text),
            ResolvedType::Scalar(Scalar::Bool) => wanted.any(|literal| matches!(literal, Literal::Bool(_))),
            ResolvedType::Scalar(Scalar::Null | Scalar::Timestamp | Scalar::JsonObject)
            | ResolvedType::Array(_)
            | ResolvedType::Map(_) => false,
            ResolvedType::Scalar(_) => wanted.any(|literal| matches!(literal, Literal::Integer(_))),
            ResolvedType::Named(id) => self.api.get(id).shape.as_enum().is_some_and(|list| {
                list.values.iter().any(|value| wanted.position(&Literal::Text(value.wire.clone())).is_some())
            }),
        }
    }

    /// Returns the possible constants of a member that is in every value of a type; `None` if it can be missing or have
    /// any value.
    pub(super) fn literals(&self, used: &Type, path: &[String]) -> Option<Vec<Literal>> {
        let leaves = self.leaves(used).0.into_iter().map(|leaf| self.leaf_literals(leaf, path));
        Some(leaves.collect::<Option<Vec<_>>>()?.concat())
    }

    fn leaf_literals(&self, base: ResolvedType<'_>, path: &[String]) -> Option<Vec<Literal>> {
        let (first, rest) = path.split_first()?;
        let Member::Field(value) = self.member(base, first) else { return None };
        match value {
            FieldValue::Constant(literal) if rest.is_empty() => Some(vec![literal.clone()]),
            FieldValue::Required(value) if rest.is_empty() => self.enum_values(value),
            FieldValue::Required(value) => self.literals(value, rest),
            FieldValue::Constant(_) | FieldValue::Optional(_) => None,
        }
    }

    /// The strings that an enum lists.
    pub(super) fn enum_values(&self, used: &Type) -> Option<Vec<Literal>> {
        let (_, list) = self.listing(used)?;
        Some(list.values.iter().map(|value| Literal::Text(value.wire.clone())).collect())
    }

    /// The enum that a type is.
    pub(super) fn listing(&self, used: &Type) -> Option<(TypeId, &Enum)> {
        let ResolvedUse { nullable: false, base: ResolvedType::Named(id) } = self.resolve(used) else { return None };
        Some((id, self.api.get(id).shape.as_enum()?))
    }
}

/// Returns the type that was resolved.
pub(super) fn owned(base: ResolvedType<'_>) -> Type {
    match base {
        ResolvedType::Named(id) => Type::Named(id),
        ResolvedType::Array(inner) => Type::Array(Box::new(inner.clone())),
        ResolvedType::Map(inner) => Type::Map(Box::new(inner.clone())),
        ResolvedType::Scalar(scalar) => Type::Scalar(scalar),
        ResolvedType::External(path) => Type::External(path.to_owned()),
    }
}
