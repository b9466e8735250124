//! Unions: which branch was which, and how they are told apart.

use super::anchor::{Anchor, part_key, type_key};
use super::pair::{Site, Walk};
use super::reads::Reader;
use super::signature::Item;
use super::values::Base;
use super::{Aspect, Reading, Rule, Side, Wire};
use crate::ir::{Branch, Shape, Tell, Type, TypeId, Union};

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
            let anchor = Anchor::new(part_key(new, &branch.name), &branch.origin);
            let Some((was, _)) = matched.iter().find(|(_, is)| *is == index) else {
                let reading = self.forward().branch((old, from), &branch.value, remembers.0);
                let wire = Wire::new(reading, Reading::Understood);
                let message = format!("{label} can be {}", self.new.spelled(&branch.value));
                let found = self.found(Rule::BranchAdded, message, wire).new_at(anchor);
                self.changes.push(found.explains(&type_key(old), Aspect::Complete));
                continue;
            };
            let was = &from.branches[*was];
            let before = Anchor::new(part_key(old, &was.name), &was.origin);
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
        for (index, branch) in from.branches.iter().enumerate() {
            if matched.iter().any(|(was, _)| *was == index) {
                continue;
            }
            let reading = self.backward().branch((new, to), &branch.value, remembers.1);
            let wire = Wire::new(Reading::Understood, reading);
            let message = format!("{label} cannot be {} any more", self.old.spelled(&branch.value));
            let anchor = Anchor::new(part_key(old, &branch.name), &branch.origin);
            let found = self.found(Rule::BranchRemoved, message, wire).old(anchor).out_of(self.new.type_anchor(new));
            self.changes.push(found.explains(&type_key(old), Aspect::Complete));
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
            Shape::Union(union) => reader.branch((id, union), written, remembers),
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
        matched: &[(usize, usize)],
        remembers: (bool, bool),
    ) {
        let changed = match (&from.tell, &to.tell) {
            (Tell::Tag { path: before, tags: was, .. }, Tell::Tag { path: after, tags: is, .. }) => {
                before != after || matched.iter().any(|(old, new)| was.get(*old) != is.get(*new))
            }
            (Tell::Only, Tell::Only) | (Tell::Shape { .. }, Tell::Shape { .. }) => false,
            (Tell::Only | Tell::Tag { .. } | Tell::Shape { .. }, _) => true,
        };
        if !changed {
            return;
        }
        let site = self.type_site(old, new);
        let mut wire = Wire::SAME;
        for (was, is) in matched {
            let (was, is) = (&from.branches[*was].value, &to.branches[*is].value);
            wire.old_reads_new = wire.old_reads_new.max(self.forward().branch((old, from), is, remembers.0));
            wire.new_reads_old = wire.new_reads_old.max(self.backward().branch((new, to), was, remembers.1));
        }
        let message = format!("the alternatives of {} are told apart in another way", site.label);
        let found = self.at(&site, Rule::BranchTag, message, wire);
        self.changes.push(found.explains(&type_key(old), Aspect::Complete));
    }

    /// Which branch was which.
    fn branches(&self, from: &Union, to: &Union) -> Vec<(usize, usize)> {
        let mut matched: Vec<(usize, usize)> = Vec::new();
        let same_type = |was: &Branch, is: &Branch| {
            let (was, is) = (self.old.resolve(&was.value), self.new.resolve(&is.value));
            match (was.base, is.base) {
                (Base::Named(was), Base::Named(is)) => {
                    let was = Item::of_type(self.old.names.type_name(was));
                    self.counterparts.get(&was).unwrap_or(&was).name() == self.new.names.type_name(is)
                }
                (Base::Scalar(was), Base::Scalar(is)) => was == is,
                (Base::External(was), Base::External(is)) => was == is,
                (Base::Array(_), Base::Array(_)) | (Base::Map(_), Base::Map(_)) => true,
                (Base::Named(_) | Base::Array(_) | Base::Map(_) | Base::Scalar(_) | Base::External(_), _) => false,
            }
        };
        let same_name = |was: &Branch, is: &Branch| was.name == is.name;
        let same_tag = |was: &Branch, is: &Branch| was.tag.is_some() && was.tag == is.tag;
        let pass = |matched: &mut Vec<(usize, usize)>, same: &dyn Fn(&Branch, &Branch) -> bool| {
            for (new, is) in to.branches.iter().enumerate() {
                let free = |old: usize| !matched.iter().any(|(known, _)| *known == old);
                if matched.iter().any(|(_, known)| *known == new) {
                    continue;
                }
                let found = from.branches.iter().enumerate().find(|(old, was)| free(*old) && same(was, is));
                let found = found.map(|(old, _)| (old, new));
                matched.extend(found);
            }
        };
        pass(&mut matched, &same_tag);
        pass(&mut matched, &same_type);
        pass(&mut matched, &same_name);
        // A union of as many alternatives has the same, where each stands in its place.
        if from.branches.len() == to.branches.len() {
            let shape = |was: &Branch, is: &Branch| {
                let place = |branch: &Branch, all: &[Branch]| all.iter().position(|other| std::ptr::eq(other, branch));
                let (old, new) = (self.old.resolve(&was.value).base, self.new.resolve(&is.value).base);
                matches!((old, new), (Base::Named(_), Base::Named(_)))
                    && place(was, &from.branches) == place(is, &to.branches)
            };
            pass(&mut matched, &shape);
        }
        matched
    }
}
