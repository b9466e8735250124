//! What the values of a type look like: the facts by which types are told apart.

use super::{FieldValue, Fixed, Literal, Outline, Place, Scalar, Shape, Struct, Tuple, Type, TypeDef, TypeId, Union};
use crate::schema::JsonType;

/// The outline of a type.
pub(super) fn outline(used: &Type, types: &[TypeDef]) -> Outline {
    Walk { types, passed: Vec::new() }.of(used)
}

struct Walk<'a> {
    types: &'a [TypeDef],
    passed: Vec<TypeId>,
}

impl Walk<'_> {
    fn of(&mut self, used: &Type) -> Outline {
        match used {
            Type::Boxed(_, inner) => self.of(inner),
            Type::Nullable(inner) => {
                let mut outline = self.of(inner);
                if !outline.kinds.is_empty() {
                    outline.kinds.push(JsonType::Null);
                }
                // `null` is none of the listed values.
                outline.constants.retain(|fixed| !matches!(fixed.place, Place::Whole));
                outline
            }
            Type::Array(_) => kinds(&[JsonType::Array]),
            Type::Map(_) => kinds(&[JsonType::Object]),
            Type::Scalar(scalar) => scalar_outline(*scalar),
            // What it looks like is its own business.
            Type::External(_) => Outline::default(),
            Type::Named(id) => self.named(*id),
        }
    }

    fn named(&mut self, id: TypeId) -> Outline {
        // A type inside itself adds nothing to what it looks like.
        if self.passed.contains(&id) {
            return Outline::default();
        }
        self.passed.push(id);
        let outline = match &self.types[id.0].shape {
            Shape::Struct(object) => self.object(object),
            Shape::Enum(list) => {
                let values = list.values.iter().map(|value| Literal::Text(value.wire.clone())).collect();
                let whole = Fixed { place: Place::Whole, required: true, values };
                Outline { constants: vec![whole], ..kinds(&[JsonType::String]) }
            }
            Shape::Union(union) => self.union(union),
            Shape::Tuple(tuple) => tuple_outline(tuple),
            Shape::Alias(inner) | Shape::Newtype(inner) => self.of(inner),
        };
        self.passed.pop();
        outline
    }

    fn object(&mut self, object: &Struct) -> Outline {
        let mut outline = kinds(&[JsonType::Object]);
        for field in &object.fields {
            outline.known.push(field.wire.clone());
            let path = [field.wire.as_str()];
            match &field.value {
                FieldValue::Constant(value) => {
                    outline.required.push(field.wire.clone());
                    outline.constants.push(Fixed {
                        place: Place::Member(vec![field.wire.clone()]),
                        required: true,
                        values: vec![value.clone()],
                    });
                }
                FieldValue::Required(inner) => {
                    outline.required.push(field.wire.clone());
                    self.member(inner, &path, true, &mut outline.constants);
                }
                FieldValue::Optional(inner) => self.member(inner, &path, false, &mut outline.constants),
            }
        }
        outline
    }

    /// Constants that a member brings: its own values, and the constants of its members.
    fn member(&self, used: &Type, path: &[&str], required: bool, constants: &mut Vec<Fixed>) {
        let Some(shape) = self.shape(used) else { return };
        let member = |path: &[&str]| Place::Member(path.iter().map(|key| (*key).to_owned()).collect());
        match shape {
            Shape::Enum(list) => {
                let values = list.values.iter().map(|value| Literal::Text(value.wire.clone())).collect();
                constants.push(Fixed { place: member(path), required, values });
            }
            Shape::Struct(object) if path.len() == 1 => {
                for field in &object.fields {
                    let inner = [path[0], field.wire.as_str()];
                    match &field.value {
                        FieldValue::Constant(value) => {
                            constants.push(Fixed { place: member(&inner), required, values: vec![value.clone()] });
                        }
                        FieldValue::Required(value) => {
                            if let Some(Shape::Enum(_)) = self.shape(value) {
                                self.member(value, &inner, required, constants);
                            }
                        }
                        FieldValue::Optional(_) => {}
                    }
                }
            }
            Shape::Struct(_) | Shape::Union(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => {}
        }
    }

    /// The shape behind pointers and aliases; nothing for what needs no declaration.
    fn shape(&self, used: &Type) -> Option<&Shape> {
        match used {
            Type::Boxed(_, inner) => self.shape(inner),
            Type::Named(id) => match &self.types[id.0].shape {
                Shape::Alias(inner) => self.shape(inner),
                shape => Some(shape),
            },
            Type::Nullable(_) | Type::Array(_) | Type::Map(_) | Type::Scalar(_) | Type::External(_) => None,
        }
    }

    fn union(&mut self, union: &Union) -> Outline {
        let mut outlines = union.branches.iter().map(|branch| self.of(&branch.value)).collect::<Vec<_>>().into_iter();
        let first = outlines.next().unwrap_or_default();
        outlines.fold(first, |left, right| either(left, &right))
    }
}

/// The outline of what fits one of two.
fn either(mut left: Outline, right: &Outline) -> Outline {
    if left.kinds.is_empty() || right.kinds.is_empty() {
        left.kinds = Vec::new();
    } else {
        left.kinds.extend(right.kinds.iter().filter(|kind| !left.kinds.contains(kind)).copied().collect::<Vec<_>>());
    }
    left.required.retain(|name| right.required.contains(name));
    left.known.extend(right.known.iter().filter(|name| !left.known.contains(name)).cloned().collect::<Vec<_>>());
    left.constants.retain_mut(|fixed| {
        let Some(other) = right.constants.iter().find(|other| other.place == fixed.place) else { return false };
        fixed.required &= other.required;
        fixed
            .values
            .extend(other.values.iter().filter(|value| !fixed.values.contains(value)).cloned().collect::<Vec<_>>());
        true
    });
    left
}

fn kinds(kinds: &[JsonType]) -> Outline {
    Outline { kinds: kinds.to_vec(), ..Outline::default() }
}

fn scalar_outline(scalar: Scalar) -> Outline {
    match scalar {
        Scalar::Null => kinds(&[JsonType::Null]),
        Scalar::Bool => kinds(&[JsonType::Boolean]),
        Scalar::I8
        | Scalar::I16
        | Scalar::I32
        | Scalar::I64
        | Scalar::U8
        | Scalar::U16
        | Scalar::U32
        | Scalar::U64
        | Scalar::Number => kinds(&[JsonType::Number]),
        Scalar::String | Scalar::Timestamp => kinds(&[JsonType::String]),
        Scalar::JsonObject => kinds(&[JsonType::Object]),
        Scalar::Json => Outline::default(),
    }
}

fn tuple_outline(tuple: &Tuple) -> Outline {
    let constants = tuple.positions.iter().enumerate().filter_map(|(index, position)| {
        let value = position.constant.clone()?;
        Some(Fixed { place: Place::Element(index), required: !position.optional, values: vec![value] })
    });
    Outline { constants: constants.collect(), ..kinds(&[JsonType::Array]) }
}
