//! What can be decided only when all types are known: aliases that refer to themselves, what stands behind a pointer, and
//! how the branches of unions are told apart.

use std::collections::BTreeSet;

use super::{FieldValue, Rest, Shape, Tell, Type, TypeDef, TypeId, tell};

/// Settles all of it.
pub(super) fn settle(types: &mut [TypeDef]) {
    for index in 0..types.len() {
        if let Shape::Alias(target) = &types[index].shape
            && reaches(target, TypeId(index), types)
        {
            types[index].shape = Shape::Newtype(target.clone());
        }
    }
    put_behind_pointers(types);
    for index in 0..types.len() {
        let Shape::Union(union) = &types[index].shape else { continue };
        let told = tell::decide_union(union, types);
        if let Shape::Union(union) = &mut types[index].shape {
            union.tell = told;
        }
    }
}

/// Whether an alias leads to itself through nothing but other aliases, lists and maps.
fn reaches(target: &Type, sought: TypeId, types: &[TypeDef]) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![target];
    while let Some(next) = open.pop() {
        match next {
            Type::Boxed(inner) | Type::Nullable(inner) | Type::Array(inner) | Type::Map(inner) => open.push(inner),
            Type::Scalar(_) | Type::External(_) => {}
            Type::Named(id) if *id == sought => return true,
            Type::Named(id) => {
                if let Shape::Alias(inner) = &types[id.0].shape
                    && seen.insert(*id)
                {
                    open.push(inner);
                }
            }
        }
    }
    false
}

/// Puts what stands inside another value behind a pointer: a payload stays small, and recursion ends.
fn put_behind_pointers(types: &mut [TypeDef]) {
    let wide = |definition: &TypeDef| match &definition.shape {
        Shape::Struct(_) | Shape::Tuple(_) | Shape::Newtype(_) => true,
        Shape::Enum(_) | Shape::Union(_) | Shape::Alias(_) => false,
    };
    let wide: BTreeSet<TypeId> =
        types.iter().enumerate().filter(|(_, definition)| wide(definition)).map(|(index, _)| TypeId(index)).collect();
    for definition in types {
        for used in uses(&mut definition.shape) {
            put_behind(used, &wide);
        }
    }
}

fn put_behind(used: &mut Type, wide: &BTreeSet<TypeId>) {
    match used {
        Type::Named(id) if wide.contains(id) => *used = Type::Boxed(Box::new(Type::Named(*id))),
        Type::Nullable(some) => put_behind(some, wide),
        Type::Named(_) | Type::Boxed(_) | Type::Array(_) | Type::Map(_) | Type::Scalar(_) | Type::External(_) => {}
    }
}

/// The values that a type holds in itself.
fn uses(shape: &mut Shape) -> Vec<&mut Type> {
    match shape {
        Shape::Struct(object) => {
            let values = object.fields.iter_mut().filter_map(|field| match &mut field.value {
                FieldValue::Constant(_) => None,
                FieldValue::Required(inner) | FieldValue::Optional(inner) => Some(inner),
            });
            values.collect()
        }
        Shape::Union(union) => union.branches.iter_mut().map(|branch| &mut branch.value).collect(),
        Shape::Tuple(tuple) => tuple.positions.iter_mut().map(|position| &mut position.value).collect(),
        Shape::Newtype(inner) => vec![inner],
        Shape::Enum(_) | Shape::Alias(_) => Vec::new(),
    }
}

/// The types that a shape mentions, in itself or in lists and maps.
pub(super) fn parts(shape: &Shape) -> Vec<Type> {
    match shape {
        Shape::Struct(object) => {
            let values = object.fields.iter().filter_map(|field| match &field.value {
                FieldValue::Constant(_) => None,
                FieldValue::Required(inner) | FieldValue::Optional(inner) => Some(inner.clone()),
            });
            let rest = match &object.rest {
                Rest::Typed(inner) => Some(inner.clone()),
                Rest::Open | Rest::Closed => None,
            };
            values.chain(rest).collect()
        }
        Shape::Union(union) => union.branches.iter().map(|branch| branch.value.clone()).collect(),
        Shape::Tuple(tuple) => {
            tuple.positions.iter().map(|position| position.value.clone()).chain(tuple.rest.clone()).collect()
        }
        Shape::Enum(_) => Vec::new(),
        Shape::Alias(inner) | Shape::Newtype(inner) => vec![inner.clone()],
    }
}

/// A union whose branches are not told apart yet.
pub(super) const UNSETTLED: Tell = Tell::Only;
