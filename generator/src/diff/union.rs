//! Unions: which branch was which, and how they are told apart.

use eventwire_document::ir::{Branch, Scalar, Shape, Tell, Type, TypeId, Union};

use super::key::{Anchor, Aspect, Key};
use super::matching::Matching;
use super::reads::Reader;
use super::signature::Item;
use super::values::Base;
use super::walk::{Site, Walk};
use super::{Reading, Rule, Side, Wire};

impl Walk<'_> {
    /// Compares the branches; `remembers` is that of the place where the union stands.
    pub(super) fn unions(
        &mut self,
        (old, from): (TypeId, &Union),
        (new, to): (TypeId, &Union),
        remembers: (bool, bool),
    ) {
        let matched = self.branches(from, to);
        let label = self.type_site(old, new).label;
        for (index, branch) in to.branches.iter().enumerate() {
            let anchor = Anchor::new(Key::Part(new, branch.name.clone()), &branch.origin);
            let Some(was) = matched.was(index) else {
                let reading = self.forward().branch(old, from, &branch.value, remembers.0);
                let wire = Wire::new(reading, Reading::Understood);
                let message = format!("{label} can be {}", self.new.spelled(&branch.value));
                let found = self.found(Rule::BranchAdded, message, wire).new_at(anchor);
                self.changes.push(found.explains(Key::Type(old), Aspect::Complete));
                continue;
            };
            let was = &from.branches[was];
            let before = Anchor::new(Key::Part(old, was.name.clone()), &was.origin);
            let mut site = Site::new(format!("{} of {label}", self.new.spelled(&branch.value)), before, anchor);
            site.remembers = remembers;
            site.unions = Some((old, new));
            self.branch_tags((from, was), (to, branch));
            self.compare(&site, &was.value, &branch.value);
            // An enum takes what it does not list, but an alternative that is one constant does not.
            if let (Some(from), Some(to)) = (self.old.listing(&was.value), self.new.listing(&branch.value)) {
                let wire = self.alternative((old, new), &was.value, &branch.value, remembers);
                self.enums(from, to, wire.max(Wire::new(Reading::Tolerated, Reading::Tolerated)));
            }
        }
        for branch in matched.gone().map(|index| &from.branches[index]) {
            let reading = self.backward().branch(new, to, &branch.value, remembers.1);
            let wire = Wire::new(Reading::Understood, reading);
            let message = format!("{label} cannot be {} any more", self.old.spelled(&branch.value));
            let anchor = Anchor::new(Key::Part(old, branch.name.clone()), &branch.origin);
            let found = self.found(Rule::BranchRemoved, message, wire).old(anchor).out_of(self.new.type_anchor(new));
            self.changes.push(found.explains(Key::Type(old), Aspect::Complete));
        }
        self.told((old, from), (new, to), &matched, remembers);
    }

    /// What each of two unions makes of an alternative of the other.
    pub(super) fn alternative(
        &self,
        (old, new): (TypeId, TypeId),
        was: &Type,
        is: &Type,
        remembers: (bool, bool),
    ) -> Wire {
        let union = |mut reader: Reader<'_>, side: &Side, id: TypeId, written: &Type, remembers: bool| match &side
            .api
            .get(id)
            .shape
        {
            Shape::Union(union) => reader.branch(id, union, written, remembers),
            Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => {
                reader.reads(&Type::Named(id), written)
            }
        };
        Wire::new(
            union(self.forward(), self.old, old, is, remembers.0),
            union(self.backward(), self.new, new, was, remembers.1),
        )
    }

    /// Constants that tell branches apart are a matter of the union.
    fn branch_tags(&mut self, (from, was): (&Union, &Branch), (to, is): (&Union, &Branch)) {
        let (Tell::Tag { path: before, .. }, Tell::Tag { path: after, .. }) = (&from.tell, &to.tell) else { return };
        let (Base::Named(old), Base::Named(new)) =
            (self.old.resolve(&was.value).base, self.new.resolve(&is.value).base)
        else {
            return;
        };
        if let ([before], true) = (before.as_slice(), before == after) {
            self.tags.insert((old, new, before.clone()));
        }
    }

    /// Branches that are told by other means than before, although their types are what they were.
    fn told(
        &mut self,
        (old, from): (TypeId, &Union),
        (new, to): (TypeId, &Union),
        matched: &Matching,
        remembers: (bool, bool),
    ) {
        let changed = match (&from.tell, &to.tell) {
            (Tell::Tag { path: before, tags: was, .. }, Tell::Tag { path: after, tags: is, .. }) => {
                before != after || matched.pairs().any(|(old, new)| was.get(old) != is.get(new))
            }
            (Tell::Only, Tell::Only) | (Tell::Shape { .. }, Tell::Shape { .. }) => false,
            (Tell::Only | Tell::Tag { .. } | Tell::Shape { .. }, _) => true,
        };
        if !changed {
            return;
        }
        let site = self.type_site(old, new);
        let mut wire = Wire::SAME;
        for (was, is) in matched.pairs() {
            let (was, is) = (&from.branches[was].value, &to.branches[is].value);
            wire.old_reads_new = wire.old_reads_new.max(self.forward().branch(old, from, is, remembers.0));
            wire.new_reads_old = wire.new_reads_old.max(self.backward().branch(new, to, was, remembers.1));
        }
        let message = format!("the alternatives of {} are told apart in another way", site.label);
        let found = self.at(&site, Rule::BranchTag, message, wire);
        self.changes.push(found.explains(Key::Type(old), Aspect::Complete));
    }

    /// Which branch was which: those with the same tag, the same type or the same name.
    fn branches(&self, from: &Union, to: &Union) -> Matching {
        let (was, is) = (|index: usize| &from.branches[index], |index: usize| &to.branches[index]);
        let mut matched = Matching::new(from.branches.len(), to.branches.len());
        matched.pass(|index| was(index).tag.as_ref(), |index| is(index).tag.as_ref());
        let renamed = |name: &str| {
            let item = Item::of_type(name);
            self.counterparts.get(&item).unwrap_or(&item).name().to_owned()
        };
        matched.pass(
            |index| [Kind::of(self.old, was(index), renamed)],
            |index| [Kind::of(self.new, is(index), str::to_owned)],
        );
        matched.pass(|index| [&was(index).name], |index| [&is(index).name]);
        // A union of as many alternatives has the same, where each stands in its place.
        if from.branches.len() == to.branches.len() {
            let named = |side: &Side, branch: &Branch| matches!(side.resolve(&branch.value).base, Base::Named(_));
            matched.pass(
                |index| Some(index).filter(|_| named(self.old, was(index))),
                |index| Some(index).filter(|_| named(self.new, is(index))),
            );
        }
        matched
    }
}

/// What two branches have in common that are the same type.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Named(String),
    Array,
    Map,
    Scalar(Scalar),
    External(String),
}

impl Kind {
    fn of(side: &Side, branch: &Branch, name: impl Fn(&str) -> String) -> Self {
        match side.resolve(&branch.value).base {
            Base::Named(id) => Self::Named(name(side.names.type_name(id))),
            Base::Array(_) => Self::Array,
            Base::Map(_) => Self::Map,
            Base::Scalar(scalar) => Self::Scalar(scalar),
            Base::External(path) => Self::External(path.to_owned()),
        }
    }
}
