//! What the values of a type are, by the IR.

use super::Side;
use crate::ir::{FieldValue, Literal, Rest, Scalar, Shape, Type, TypeId};

/// A use of a type, with pointers and aliases looked through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use<'a> {
    pub(super) nullable: bool,
    pub(super) base: Base<'a>,
}

/// What a use of a type comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base<'a> {
    /// A declared type that is no alias.
    Named(TypeId),
    Array(&'a Type),
    Map(&'a Type),
    Scalar(Scalar),
    External(&'a str),
}

impl Side {
    /// Looks through pointers, aliases and newtypes, which are nothing on the wire.
    pub(super) fn resolve<'s>(&'s self, used: &'s Type) -> Use<'s> {
        let plain = |base| Use { nullable: false, base };
        match used {
            Type::Boxed(_, inner) => self.resolve(inner),
            Type::Nullable(inner) => Use { nullable: true, ..self.resolve(inner) },
            Type::Named(id) => match &self.api.get(*id).shape {
                Shape::Alias(inner) => self.resolve(inner),
                Shape::Struct(_) | Shape::Enum(_) | Shape::Union(_) | Shape::Tuple(_) | Shape::Newtype(_) => {
                    plain(Base::Named(*id))
                }
            },
            Type::Array(inner) => plain(Base::Array(inner)),
            Type::Map(inner) => plain(Base::Map(inner)),
            Type::Scalar(scalar) => plain(Base::Scalar(*scalar)),
            Type::External(path) => plain(Base::External(path)),
        }
    }

    /// What the values of a type are out of: the branches of a union, or what is behind a newtype.
    pub(super) fn branches_of(&self, base: Base<'_>) -> Option<Vec<&Type>> {
        let Base::Named(id) = base else { return None };
        match &self.api.get(id).shape {
            Shape::Union(union) => Some(union.branches.iter().map(|branch| &branch.value).collect()),
            Shape::Newtype(inner) => Some(vec![inner]),
            Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_) => None,
        }
    }

    /// Whether `null` is among the values of a type, or of one of its branches.
    pub(super) fn can_be_null(&self, used: &Type) -> bool {
        let resolved = self.resolve(used);
        let null = resolved.nullable || resolved.base == Base::Scalar(Scalar::Null);
        null || self
            .branches_of(resolved.base)
            .is_some_and(|all| all.into_iter().any(|branch| self.can_be_null(branch)))
    }

    /// Whether some value of a type has one of these literals at the end of a path.
    pub(super) fn can_have(&self, used: &Type, path: &[String], wanted: &[&Literal]) -> bool {
        let base = self.resolve(used).base;
        if let Some(branches) = self.branches_of(base) {
            return branches.into_iter().any(|branch| self.can_have(branch, path, wanted));
        }
        let Some((first, rest)) = path.split_first() else { return self.can_be(base, wanted) };
        match base {
            Base::Scalar(Scalar::Json | Scalar::JsonObject) | Base::Map(_) | Base::External(_) => true,
            Base::Array(_) | Base::Scalar(_) => false,
            Base::Named(id) => match &self.api.get(id).shape {
                Shape::Struct(object) => match object.fields.iter().find(|field| field.wire == *first) {
                    Some(field) => match &field.value {
                        FieldValue::Constant(literal) => rest.is_empty() && wanted.contains(&literal),
                        FieldValue::Required(value) | FieldValue::Optional(value) => self.can_have(value, rest, wanted),
                    },
                    // What a document does not name is taken to be absent.
                    None => matches!(object.rest, Rest::Typed(_)),
                },
                Shape::Enum(_) | Shape::Tuple(_) | Shape::Union(_) | Shape::Newtype(_) | Shape::Alias(_) => false,
            },
        }
    }

    /// Whether some value of a type is one of these literals.
    fn can_be(&self, base: Base<'_>, wanted: &[&Literal]) -> bool {
        let is_text = |literal: &&Literal| matches!(literal, Literal::Text(_));
        match base {
            Base::Scalar(Scalar::Json) | Base::External(_) => true,
            Base::Scalar(Scalar::String) => wanted.iter().any(is_text),
            Base::Scalar(Scalar::Bool) => wanted.iter().any(|literal| matches!(literal, Literal::Bool(_))),
            Base::Scalar(Scalar::Null | Scalar::Timestamp | Scalar::JsonObject) | Base::Array(_) | Base::Map(_) => {
                false
            }
            Base::Scalar(_) => wanted.iter().any(|literal| matches!(literal, Literal::Integer(_))),
            Base::Named(id) => match &self.api.get(id).shape {
                Shape::Enum(list) => wanted.iter().any(|literal| match literal {
                    Literal::Text(text) => list.values.iter().any(|value| value.wire == *text),
                    Literal::Integer(_) | Literal::Bool(_) => false,
                }),
                Shape::Struct(_) | Shape::Tuple(_) | Shape::Union(_) | Shape::Newtype(_) | Shape::Alias(_) => false,
            },
        }
    }

    /// The values that a member has in every value of a type; `None` where it can be missing or have any value.
    pub(super) fn literals(&self, used: &Type, path: &[String]) -> Option<Vec<Literal>> {
        let (first, rest) = path.split_first()?;
        let Base::Named(id) = self.resolve(used).base else { return None };
        match &self.api.get(id).shape {
            Shape::Struct(object) => {
                let field = object.fields.iter().find(|field| field.wire == *first)?;
                match &field.value {
                    FieldValue::Constant(literal) if rest.is_empty() => Some(vec![literal.clone()]),
                    FieldValue::Required(value) if rest.is_empty() => self.listed(value),
                    FieldValue::Required(value) => self.literals(value, rest),
                    FieldValue::Constant(_) | FieldValue::Optional(_) => None,
                }
            }
            Shape::Union(union) => {
                let branches = union.branches.iter().map(|branch| self.literals(&branch.value, path));
                Some(branches.collect::<Option<Vec<_>>>()?.concat())
            }
            Shape::Newtype(inner) => self.literals(inner, path),
            Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_) => None,
        }
    }

    /// The strings that an enum lists.
    pub(super) fn listed(&self, used: &Type) -> Option<Vec<Literal>> {
        let Use { nullable: false, base: Base::Named(id) } = self.resolve(used) else { return None };
        match &self.api.get(id).shape {
            Shape::Enum(list) => Some(list.values.iter().map(|value| Literal::Text(value.wire.clone())).collect()),
            Shape::Struct(_) | Shape::Union(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => None,
        }
    }
}

/// The type that a base is a view of.
pub(super) fn owned(base: Base<'_>) -> Type {
    match base {
        Base::Named(id) => Type::Named(id),
        Base::Array(inner) => Type::Array(Box::new(inner.clone())),
        Base::Map(inner) => Type::Map(Box::new(inner.clone())),
        Base::Scalar(scalar) => Type::Scalar(scalar),
        Base::External(path) => Type::External(path.to_owned()),
    }
}
