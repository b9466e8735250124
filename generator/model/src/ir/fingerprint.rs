//! Fingerprints of types, which distinguish them by shape.

use super::{
    ConstantAt, FieldValue, Fingerprint, Literal, Scalar, Shape, Struct, Tuple, Type, TypeDef, TypeId, Union, ValuePath,
};
use crate::schema::JsonType;

/// The fingerprint of a type.
pub(super) fn fingerprint(used: &Type, types: &[TypeDef]) -> Fingerprint {
    FingerprintBuilder { types, passed: Vec::new() }.of(used)
}

struct FingerprintBuilder<'a> {
    types: &'a [TypeDef],
    passed: Vec<TypeId>,
}

impl FingerprintBuilder<'_> {
    fn of(&mut self, used: &Type) -> Fingerprint {
        match used {
            Type::Boxed(_, inner) => self.of(inner),
            Type::Nullable(inner) => {
                let mut fingerprint = self.of(inner);
                if !fingerprint.kinds.is_empty() {
                    fingerprint.kinds.push(JsonType::Null);
                }
                // `null` is not a listed value.
                fingerprint.constants.retain(|fixed| !matches!(fixed.path, ValuePath::Root));
                fingerprint
            }
            Type::Array(_) => kinds(&[JsonType::Array]),
            Type::Map(_) => kinds(&[JsonType::Object]),
            Type::Scalar(scalar) => scalar_fingerprint(*scalar),
            // Its fingerprint is unknown.
            Type::External(_) => Fingerprint::default(),
            Type::Named(id) => self.named(*id),
        }
    }

    fn named(&mut self, id: TypeId) -> Fingerprint {
        // Recursion adds nothing to a fingerprint.
        if self.passed.contains(&id) {
            return Fingerprint::default();
        }
        self.passed.push(id);
        let fingerprint = match &self.types[id.0].shape {
            Shape::Struct(object) => self.object(object),
            Shape::Enum(list) => {
                let values = list.values.iter().map(|value| Literal::Text(value.wire.clone())).collect();
                let whole = ConstantAt { path: ValuePath::Root, required: true, values };
                Fingerprint { constants: vec![whole], ..kinds(&[JsonType::String]) }
            }
            Shape::Union(union) => self.union(union),
            Shape::Tuple(tuple) => tuple_fingerprint(tuple),
            Shape::Alias(inner) | Shape::Newtype(inner) => self.of(inner),
        };
        self.passed.pop();
        fingerprint
    }

    fn object(&mut self, object: &Struct) -> Fingerprint {
        let mut fingerprint = kinds(&[JsonType::Object]);
        for field in &object.fields {
            fingerprint.known.push(field.wire.clone());
            let path = [field.wire.as_str()];
            match &field.value {
                FieldValue::Constant(value) => {
                    fingerprint.required.push(field.wire.clone());
                    fingerprint.constants.push(ConstantAt {
                        path: ValuePath::Property(vec![field.wire.clone()]),
                        required: true,
                        values: vec![value.clone()],
                    });
                }
                FieldValue::Required(inner) => {
                    fingerprint.required.push(field.wire.clone());
                    self.member(inner, &path, true, &mut fingerprint.constants);
                }
                FieldValue::Optional(inner) => self.member(inner, &path, false, &mut fingerprint.constants),
            }
        }
        fingerprint
    }

    /// Constants that a member brings: its own values, and the constants of its members.
    fn member(&self, used: &Type, path: &[&str], required: bool, constants: &mut Vec<ConstantAt>) {
        let Some(shape) = self.shape(used) else { return };
        let member = |path: &[&str]| ValuePath::Property(path.iter().map(|key| (*key).to_owned()).collect());
        match shape {
            Shape::Enum(list) => {
                let values = list.values.iter().map(|value| Literal::Text(value.wire.clone())).collect();
                constants.push(ConstantAt { path: member(path), required, values });
            }
            Shape::Struct(object) if path.len() == 1 => {
                for field in &object.fields {
                    let inner = [path[0], field.wire.as_str()];
                    match &field.value {
                        FieldValue::Constant(value) => {
                            constants.push(ConstantAt { path: member(&inner), required, values: vec![value.clone()] });
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

    fn union(&mut self, union: &Union) -> Fingerprint {
        let mut fingerprints =
            union.branches.iter().map(|branch| self.of(&branch.value)).collect::<Vec<_>>().into_iter();
        let first = fingerprints.next().unwrap_or_default();
        fingerprints.fold(first, |left, right| either(left, &right))
    }
}

/// The fingerprint of what fits one of two.
fn either(mut left: Fingerprint, right: &Fingerprint) -> Fingerprint {
    if left.kinds.is_empty() || right.kinds.is_empty() {
        left.kinds = Vec::new();
    } else {
        left.kinds.extend(right.kinds.iter().filter(|kind| !left.kinds.contains(kind)).copied().collect::<Vec<_>>());
    }
    left.required.retain(|name| right.required.contains(name));
    left.known.extend(right.known.iter().filter(|name| !left.known.contains(name)).cloned().collect::<Vec<_>>());
    left.constants.retain_mut(|fixed| {
        let Some(other) = right.constants.iter().find(|other| other.path == fixed.path) else { return false };
        fixed.required &= other.required;
        fixed
            .values
            .extend(other.values.iter().filter(|value| !fixed.values.contains(value)).cloned().collect::<Vec<_>>());
        true
    });
    left
}

fn kinds(kinds: &[JsonType]) -> Fingerprint {
    Fingerprint { kinds: kinds.to_vec(), ..Fingerprint::default() }
}

fn scalar_fingerprint(scalar: Scalar) -> Fingerprint {
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
        Scalar::Json => Fingerprint::default(),
    }
}

fn tuple_fingerprint(tuple: &Tuple) -> Fingerprint {
    let constants = tuple.positions.iter().enumerate().filter_map(|(index, position)| {
        let value = position.constant.clone()?;
        Some(ConstantAt { path: ValuePath::Item(index), required: !position.optional, values: vec![value] })
    });
    Fingerprint { constants: constants.collect(), ..kinds(&[JsonType::Array]) }
}
