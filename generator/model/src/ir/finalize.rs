//! Decisions that need all types: aliases that refer to themselves, indirections, and how the branches of unions are
//! distinguished.

use std::collections::BTreeSet;

use super::{Dispatch, Indirection, Shape, Type, TypeDef, TypeId, decide, depth};

/// Settles all of it.
pub(super) fn finalize_types(types: &mut [TypeDef]) {
    for index in 0..types.len() {
        if let Shape::Alias(target) = &types[index].shape
            && reaches(target, TypeId(index), types)
        {
            types[index].shape = Shape::Newtype(target.clone());
        }
    }
    put_behind_pointers(types);
    depth::limit(types);
    for index in 0..types.len() {
        let Shape::Union(union) = &types[index].shape else { continue };
        let told = decide::decide_union(union, types);
        if let Shape::Union(union) = &mut types[index].shape {
            union.dispatch = told;
        }
    }
}

/// Whether an alias leads to itself through nothing but other aliases, lists and maps.
fn reaches(target: &Type, sought: TypeId, types: &[TypeDef]) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![target];
    while let Some(next) = open.pop() {
        match next {
            Type::Boxed(_, inner) | Type::Nullable(inner) | Type::Array(inner) | Type::Map(inner) => open.push(inner),
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

/// Boxes values inside other values, so that payloads stay small and types can be recursive.
///
/// Structs are always boxed, unions and aliases if they would contain themselves.
fn put_behind_pointers(types: &mut [TypeDef]) {
    let held: Vec<BTreeSet<TypeId>> = types.iter().map(|definition| held(&definition.shape, types)).collect();
    let wide: BTreeSet<TypeId> = ids(types).filter(|id| is_wide(&types[id.0].shape)).collect();
    for (owner, definition) in types.iter_mut().enumerate() {
        let behind = |id: TypeId| wide.contains(&id) || holds(id, TypeId(owner), &held);
        for used in definition.shape.contained_mut() {
            put_behind(used, &behind);
        }
    }
}

fn ids(types: &[TypeDef]) -> impl Iterator<Item = TypeId> {
    (0..types.len()).map(TypeId)
}

fn is_wide(shape: &Shape) -> bool {
    match shape {
        Shape::Struct(_) | Shape::Tuple(_) | Shape::Newtype(_) => true,
        Shape::Enum(_) | Shape::Union(_) | Shape::Alias(_) => false,
    }
}

/// The types that a type holds without a pointer between them: what is wide stands behind one, but not in an alias.
fn held(shape: &Shape, types: &[TypeDef]) -> BTreeSet<TypeId> {
    let alias = matches!(shape, Shape::Alias(_));
    let inner = shape.parts();
    let direct = inner.iter().filter_map(|used| match used {
        Type::Nullable(inner) => direct(inner),
        used => direct(used),
    });
    direct.filter(|id| alias || !is_wide(&types[id.0].shape)).collect()
}

fn direct(used: &Type) -> Option<TypeId> {
    match used {
        Type::Named(id) => Some(*id),
        Type::Boxed(..) | Type::Nullable(_) | Type::Array(_) | Type::Map(_) | Type::Scalar(_) | Type::External(_) => {
            None
        }
    }
}

/// Whether a type holds another one, at any depth.
fn holds(from: TypeId, sought: TypeId, held: &[BTreeSet<TypeId>]) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        if next == sought {
            return true;
        }
        if seen.insert(next) {
            open.extend(&held[next.0]);
        }
    }
    false
}

fn put_behind(used: &mut Type, behind: &impl Fn(TypeId) -> bool) {
    match used {
        Type::Named(id) if behind(*id) => *used = Type::Boxed(Indirection::Plain, Box::new(Type::Named(*id))),
        Type::Nullable(some) => put_behind(some, behind),
        Type::Named(_) | Type::Boxed(..) | Type::Array(_) | Type::Map(_) | Type::Scalar(_) | Type::External(_) => {}
    }
}

/// A union whose branches are not distinguished yet.
pub(super) const UNDECIDED: Dispatch = Dispatch::Single;
