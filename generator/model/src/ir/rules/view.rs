//! The possible values at a place, according to their Rust type.

use std::collections::BTreeSet;

use super::is_external;
use crate::ir::{
    AdditionalProperties, Dispatch, FieldValue, Literal, Scalar, Shape, Struct, Tuple, Type, TypeDef, TypeId,
};
use crate::schema::{JsonType, TypeSet};

/// The forms that values at a place can have.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct View {
    /// Anything but `null`; nothing where only `null` is possible.
    pub(super) forms: Vec<Form>,
    /// Whether `null` is possible.
    pub(super) null: bool,
    /// The union with tags that the forms are the branches of, if they are all of them.
    pub(super) tagged: Option<TypeId>,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// Any value, also `null`.
    Any,
    /// Just this value.
    Literal(Literal),
    /// A scalar, or an object of which nothing is known.
    Scalar(Scalar),
    /// A struct.
    Struct(TypeId),
    /// An array by position.
    Tuple(TypeId),
    /// A list.
    Array(Type),
    /// An object with names that are data.
    Map(Type),
}

impl Form {
    /// The JSON types of its values; `None` where they are not known.
    pub(super) fn types(&self) -> Option<TypeSet> {
        let json_type = match self {
            Self::Any => return None,
            Self::Literal(Literal::Text(_)) => JsonType::String,
            Self::Literal(Literal::Integer(_)) => JsonType::Integer,
            Self::Literal(Literal::Bool(_)) => JsonType::Boolean,
            Self::Scalar(scalar) => return (*scalar).json_type().map(|json_type| TypeSet::default().with(json_type)),
            Self::Struct(_) | Self::Map(_) => JsonType::Object,
            Self::Tuple(_) | Self::Array(_) => JsonType::Array,
        };
        Some(TypeSet::default().with(json_type))
    }

    /// The smallest and the largest value, for integers.
    pub(super) fn range(&self) -> Option<(i128, i128)> {
        match self {
            Self::Literal(Literal::Integer(value)) => Some((i128::from(*value), i128::from(*value))),
            Self::Scalar(scalar) => (*scalar).range(),
            Self::Any | Self::Literal(_) | Self::Struct(_) | Self::Tuple(_) | Self::Array(_) | Self::Map(_) => None,
        }
    }
}

impl View {
    /// Any value.
    pub(super) fn any() -> Self {
        Self::only(Form::Any)
    }

    /// Values of one form.
    pub(super) fn only(form: Form) -> Self {
        Self { forms: vec![form], null: false, tagged: None }
    }

    /// `null`
    fn null() -> Self {
        Self { null: true, ..Self::default() }
    }

    /// The values of a type.
    pub(super) fn of(used: &Type, types: &[TypeDef]) -> Self {
        expand(used, types, &mut Vec::new())
    }

    /// Whether there is no value at all.
    pub(super) fn is_empty(&self) -> bool {
        self.forms.is_empty() && !self.null
    }

    pub(super) fn is_any(&self) -> bool {
        self.forms.contains(&Form::Any)
    }

    /// The same without `null`.
    pub(super) fn real(&self) -> Self {
        Self { null: false, ..self.clone() }
    }

    /// The JSON types of the values; `None` where they are not known.
    pub(super) fn types(&self) -> Option<TypeSet> {
        let own = if self.null { TypeSet::default().with(JsonType::Null) } else { TypeSet::default() };
        self.forms.iter().try_fold(own, |all, form| Some(form.types()?.iter().fold(all, TypeSet::with)))
    }

    /// Whether a value can have one of these JSON types.
    pub(super) fn may_be(&self, wanted: &[JsonType]) -> bool {
        self.types().is_none_or(|types| wanted.iter().any(|json_type| types.contains(*json_type)))
    }

    /// Values of either.
    pub(super) fn or(mut self, other: Self) -> Self {
        if self.is_empty() || self == other {
            return other;
        }
        if other.forms.is_empty() {
            self.null |= other.null;
        } else if self.forms.is_empty() {
            self = Self { null: self.null | other.null, ..other };
        } else {
            self.tagged = None;
            self.null |= other.null;
            for form in other.forms {
                if !self.forms.contains(&form) {
                    self.forms.push(form);
                }
            }
        }
        if self.is_any() { Self { tagged: self.tagged, ..Self::any() } } else { self }
    }

    fn gather(parts: impl Iterator<Item = Self>) -> Self {
        parts.fold(Self::default(), Self::or)
    }

    /// What the objects among the values are, for each their view at some part.
    fn at<'t>(&self, types: &'t [TypeDef], structure: impl Fn(&'t Struct) -> Self) -> Self {
        Self::gather(self.forms.iter().map(|form| match form {
            Form::Any | Form::Scalar(Scalar::JsonObject | Scalar::Json) => Self::any(),
            Form::Map(inner) => Self::of(inner, types),
            Form::Struct(id) => match &types[id.0].shape {
                Shape::Struct(object) => structure(object),
                Shape::Enum(_) | Shape::Union(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => Self::any(),
            },
            Form::Literal(_) | Form::Scalar(_) | Form::Tuple(_) | Form::Array(_) => Self::default(),
        }))
    }

    /// A member of the objects among the values.
    pub(super) fn member(&self, name: &str, types: &[TypeDef]) -> Self {
        self.at(types, |object| match object.field(name) {
            Some(field) => value(&field.value, object, types),
            None => unnamed(object),
        })
    }

    /// The members with other names than these.
    pub(super) fn other_members(&self, names: &[String], types: &[TypeDef]) -> Self {
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        self.at(types, |object| {
            let others = object.fields.iter().filter(|field| !names.contains(field.wire.as_str()));
            Self::gather(others.map(|field| value(&field.value, object, types))).or(unnamed(object))
        })
    }

    /// Whether all objects among the values have a member.
    pub(super) fn has(&self, name: &str, types: &[TypeDef]) -> bool {
        self.forms.iter().all(|form| match form {
            Form::Any | Form::Map(_) | Form::Scalar(Scalar::JsonObject | Scalar::Json) => false,
            Form::Struct(id) => match &types[id.0].shape {
                Shape::Struct(object) => always(object, name).is_some(),
                Shape::Enum(_) | Shape::Union(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => false,
            },
            Form::Literal(_) | Form::Scalar(_) | Form::Tuple(_) | Form::Array(_) => true,
        })
    }

    /// The elements of the arrays among the values, those of tuples from a position on.
    pub(super) fn elements(&self, from: usize, types: &[TypeDef]) -> Self {
        Self::gather(self.forms.iter().map(|form| match form {
            Form::Any => Self::any(),
            Form::Array(inner) => Self::of(inner, types),
            Form::Tuple(id) => match &types[id.0].shape {
                Shape::Tuple(tuple) => {
                    let positions = (from..tuple.positions.len()).map(|index| position(tuple, index, types));
                    Self::gather(positions).or(rest(tuple, types))
                }
                Shape::Struct(_) | Shape::Enum(_) | Shape::Union(_) | Shape::Alias(_) | Shape::Newtype(_) => {
                    Self::any()
                }
            },
            Form::Literal(_) | Form::Scalar(_) | Form::Struct(_) | Form::Map(_) => Self::default(),
        }))
    }

    /// One element of the arrays among the values.
    pub(super) fn element(&self, index: usize, types: &[TypeDef]) -> Self {
        Self::gather(self.forms.iter().map(|form| match form {
            Form::Any => Self::any(),
            Form::Array(inner) => Self::of(inner, types),
            Form::Tuple(id) => match &types[id.0].shape {
                Shape::Tuple(tuple) if index < tuple.positions.len() => position(tuple, index, types),
                Shape::Tuple(tuple) => rest(tuple, types),
                Shape::Struct(_) | Shape::Enum(_) | Shape::Union(_) | Shape::Alias(_) | Shape::Newtype(_) => {
                    Self::any()
                }
            },
            Form::Literal(_) | Form::Scalar(_) | Form::Struct(_) | Form::Map(_) => Self::default(),
        }))
    }

    /// The least and the greatest length of the arrays among the values.
    pub(super) fn lengths(&self, types: &[TypeDef]) -> (u64, u64) {
        let of = |form: &Form| match form {
            Form::Any | Form::Array(_) => Some((0, u64::MAX)),
            Form::Tuple(id) => match &types[id.0].shape {
                Shape::Tuple(tuple) => {
                    let least = tuple.positions.iter().filter(|position| !position.optional).count();
                    let most = if tuple.rest.is_some() { u64::MAX } else { tuple.positions.len() as u64 };
                    Some((least as u64, most))
                }
                Shape::Struct(_) | Shape::Enum(_) | Shape::Union(_) | Shape::Alias(_) | Shape::Newtype(_) => {
                    Some((0, u64::MAX))
                }
            },
            Form::Literal(_) | Form::Scalar(_) | Form::Struct(_) | Form::Map(_) => None,
        };
        let lengths = self.forms.iter().filter_map(of);
        lengths.fold((u64::MAX, 0), |(least, most), (low, high)| (least.min(low), most.max(high)))
    }
}

/// The value of a member that all values of a struct have.
pub(super) fn always<'o>(object: &'o Struct, name: &str) -> Option<&'o FieldValue> {
    let field = object.field(name)?;
    match &field.value {
        FieldValue::Constant(_) | FieldValue::Required(_) => Some(&field.value),
        FieldValue::Optional(_) => None,
    }
}

/// The values of a field that is there.
pub(super) fn value(value: &FieldValue, object: &Struct, types: &[TypeDef]) -> View {
    match value {
        FieldValue::Constant(literal) => View::only(Form::Literal(literal.clone())),
        FieldValue::Required(used) => View::of(used, types),
        FieldValue::Optional(used) => match object.rest {
            // A `null` that was received is remembered and written again.
            AdditionalProperties::Any | AdditionalProperties::Typed(_) => View::of(used, types).or(View::null()),
            AdditionalProperties::None => View::of(used, types),
        },
    }
}

/// The members that a struct does not name.
fn unnamed(object: &Struct) -> View {
    match object.rest {
        // Users may put anything among the members that are not named.
        AdditionalProperties::Any | AdditionalProperties::Typed(_) => View::any(),
        AdditionalProperties::None => View::default(),
    }
}

fn position(tuple: &Tuple, index: usize, types: &[TypeDef]) -> View {
    match &tuple.positions[index].constant {
        Some(literal) => View::only(Form::Literal(literal.clone())),
        None => View::of(&tuple.positions[index].value, types),
    }
}

fn rest(tuple: &Tuple, types: &[TypeDef]) -> View {
    tuple.rest.as_ref().map_or_else(View::default, |rest| View::of(rest, types))
}

fn expand(used: &Type, types: &[TypeDef], passed: &mut Vec<TypeId>) -> View {
    if is_external(used) {
        return View::any();
    }
    match used {
        Type::Boxed(_, inner) => expand(inner, types, passed),
        Type::Nullable(inner) => expand(inner, types, passed).or(View::null()),
        Type::Array(inner) => View::only(Form::Array(inner.as_ref().clone())),
        Type::Map(inner) => View::only(Form::Map(inner.as_ref().clone())),
        Type::Scalar(Scalar::Null) => View::null(),
        Type::Scalar(Scalar::Json) | Type::External(_) => View::any(),
        Type::Scalar(scalar) => View::only(Form::Scalar(*scalar)),
        Type::Named(id) if passed.contains(id) => View::any(),
        Type::Named(id) => {
            passed.push(*id);
            let view = named(*id, types, passed);
            passed.pop();
            view
        }
    }
}

fn named(id: TypeId, types: &[TypeDef], passed: &mut Vec<TypeId>) -> View {
    match &types[id.0].shape {
        Shape::Struct(_) => View::only(Form::Struct(id)),
        Shape::Tuple(_) => View::only(Form::Tuple(id)),
        Shape::Enum(_) => View::only(Form::Scalar(Scalar::String)),
        Shape::Alias(inner) | Shape::Newtype(inner) => expand(inner, types, passed),
        Shape::Union(union) => {
            let branches = union.branches.iter().map(|branch| expand(&branch.value, types, passed));
            let view = View::gather(branches.collect::<Vec<_>>().into_iter());
            match union.dispatch {
                // A tag that the document does not list is kept as raw JSON.
                Dispatch::Tag { .. } => View { tagged: Some(id), ..View::any() },
                Dispatch::Single | Dispatch::Structural { .. } => View { tagged: None, ..view },
            }
        }
    }
}
