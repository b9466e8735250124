//! Unions: pairs of branches, and how branches are distinguished.

use eventwire_document::ir::{Branch, Dispatch, Scalar, Shape, Type, TypeId, Union};

use super::comparison::{ComparedPair, Comparison};
use super::compatibility::Compatibility;
use super::key::{Aspect, Entity, EntityKey};
use super::matching::Matching;
use super::signature::Item;
use super::values::ResolvedType;
use super::{ChangeKind, Reading, Side, Wire};

impl Comparison<'_> {
    /// Compares the branches; `keeps_null` is that of the place where the union stands.
    pub(super) fn unions(
        &mut self,
        (old, from): (TypeId, &Union),
        (new, to): (TypeId, &Union),
        keeps_null: (bool, bool),
    ) {
        let matched = self.branches(from, to);
        let label = self.type_pair(old, new).label;
        for (index, branch) in to.branches.iter().enumerate() {
            let entity = Entity::new(EntityKey::Part(new, branch.name.clone()), &branch.origin);
            let Some(was) = matched.was(index) else {
                let reading = self.forward().branch(old, from, &branch.value, keeps_null.0);
                let wire = Wire::new(reading, Reading::Understood);
                let message = format!("{label} can be {}", self.new.spelled(&branch.value));
                let found = self.found(ChangeKind::BranchAdded, message, wire).new_at(entity);
                self.changes.push(found.explains(EntityKey::Type(old), Aspect::Complete));
                continue;
            };
            let was = &from.branches[was];
            let before = Entity::new(EntityKey::Part(old, was.name.clone()), &was.origin);
            let mut pair = ComparedPair::new(format!("{} of {label}", self.new.spelled(&branch.value)), before, entity);
            pair.keeps_null = keeps_null;
            pair.unions = Some((old, new));
            self.branch_tags((from, was), (to, branch));
            self.compare(&pair, &was.value, &branch.value);
            // An enum accepts unlisted values, but an alternative with one constant does not.
            if let (Some(from), Some(to)) = (self.old.listing(&was.value), self.new.listing(&branch.value)) {
                let wire = self.alternative((old, new), &was.value, &branch.value, keeps_null);
                self.enums(from, to, wire.max(Wire::new(Reading::Tolerated, Reading::Tolerated)));
            }
        }
        for branch in matched.removed().map(|index| &from.branches[index]) {
            let reading = self.backward().branch(new, to, &branch.value, keeps_null.1);
            let wire = Wire::new(Reading::Understood, reading);
            let message = format!("{label} can no longer be {}", self.old.spelled(&branch.value));
            let entity = Entity::new(EntityKey::Part(old, branch.name.clone()), &branch.origin);
            let found =
                self.found(ChangeKind::BranchRemoved, message, wire).old(entity).out_of(self.new.type_entity(new));
            self.changes.push(found.explains(EntityKey::Type(old), Aspect::Complete));
        }
        self.compare_dispatch((old, from), (new, to), &matched, keeps_null);
    }

    /// How each of two unions reads an alternative of the other.
    pub(super) fn alternative(
        &self,
        (old, new): (TypeId, TypeId),
        was: &Type,
        is: &Type,
        keeps_null: (bool, bool),
    ) -> Wire {
        let union =
            |mut reader: Compatibility<'_>, side: &Side, id: TypeId, written: &Type, keeps_null: bool| match &side
                .api
                .get(id)
                .shape
            {
                Shape::Union(union) => reader.branch(id, union, written, keeps_null),
                Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => {
                    reader.check(&Type::Named(id), written)
                }
            };
        Wire::new(
            union(self.forward(), self.old, old, is, keeps_null.0),
            union(self.backward(), self.new, new, was, keeps_null.1),
        )
    }

    /// Constants that distinguish branches are compared with the union.
    fn branch_tags(&mut self, (from, was): (&Union, &Branch), (to, is): (&Union, &Branch)) {
        let (Dispatch::Tag { path: before, .. }, Dispatch::Tag { path: after, .. }) = (&from.dispatch, &to.dispatch)
        else {
            return;
        };
        let (ResolvedType::Named(old), ResolvedType::Named(new)) =
            (self.old.resolve(&was.value).base, self.new.resolve(&is.value).base)
        else {
            return;
        };
        if let ([before], true) = (before.as_slice(), before == after) {
            self.tags.insert((old, new, before.clone()));
        }
    }

    /// Branches that are distinguished by other means than before, although their types did not change.
    fn compare_dispatch(
        &mut self,
        (old, from): (TypeId, &Union),
        (new, to): (TypeId, &Union),
        matched: &Matching,
        keeps_null: (bool, bool),
    ) {
        let changed = match (&from.dispatch, &to.dispatch) {
            (Dispatch::Tag { path: before, tags: was, .. }, Dispatch::Tag { path: after, tags: is, .. }) => {
                before != after || matched.pairs().any(|(old, new)| was.get(old) != is.get(new))
            }
            (Dispatch::Single, Dispatch::Single) | (Dispatch::Structural { .. }, Dispatch::Structural { .. }) => false,
            (Dispatch::Single | Dispatch::Tag { .. } | Dispatch::Structural { .. }, _) => true,
        };
        if !changed {
            return;
        }
        let pair = self.type_pair(old, new);
        let mut wire = Wire::SAME;
        for (was, is) in matched.pairs() {
            let (was, is) = (&from.branches[was].value, &to.branches[is].value);
            wire.old_reads_new = wire.old_reads_new.max(self.forward().branch(old, from, is, keeps_null.0));
            wire.new_reads_old = wire.new_reads_old.max(self.backward().branch(new, to, was, keeps_null.1));
        }
        let message = format!("the alternatives of {} are distinguished in another way", pair.label);
        let found = self.at(&pair, ChangeKind::BranchTag, message, wire);
        self.changes.push(found.explains(EntityKey::Type(old), Aspect::Complete));
    }

    /// Pairs the branches: by tag, type or name.
    fn branches(&self, from: &Union, to: &Union) -> Matching {
        let (was, is) = (|index: usize| &from.branches[index], |index: usize| &to.branches[index]);
        let mut matched = Matching::new(from.branches.len(), to.branches.len());
        matched.pass(|index| was(index).tag.as_ref(), |index| is(index).tag.as_ref());
        let renamed = |name: &str| {
            let item = Item::of_type(name);
            self.renames.get(&item).unwrap_or(&item).name().to_owned()
        };
        matched.pass(
            |index| [BranchKind::of(self.old, was(index), renamed)],
            |index| [BranchKind::of(self.new, is(index), str::to_owned)],
        );
        matched.pass(|index| [&was(index).name], |index| [&is(index).name]);
        // Unions with the same number of alternatives are the same, if each alternative is unchanged at its position.
        if from.branches.len() == to.branches.len() {
            let named =
                |side: &Side, branch: &Branch| matches!(side.resolve(&branch.value).base, ResolvedType::Named(_));
            matched.pass(
                |index| Some(index).filter(|_| named(self.old, was(index))),
                |index| Some(index).filter(|_| named(self.new, is(index))),
            );
        }
        matched
    }
}

/// The common keys of two branches that are the same type.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum BranchKind {
    Named(String),
    Array,
    Map,
    Scalar(Scalar),
    External(String),
}

impl BranchKind {
    fn of(side: &Side, branch: &Branch, name: impl Fn(&str) -> String) -> Self {
        match side.resolve(&branch.value).base {
            ResolvedType::Named(id) => Self::Named(name(side.names.type_name(id))),
            ResolvedType::Array(_) => Self::Array,
            ResolvedType::Map(_) => Self::Map,
            ResolvedType::Scalar(scalar) => Self::Scalar(scalar),
            ResolvedType::External(path) => Self::External(path.to_owned()),
        }
    }
}
