//! What of one document corresponds to what of the other, and how they differ.
//!
//! Messages correspond by their place, types by being at the same place of messages that do. A type that has another
//! name, or stands in another file, is the same type.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{Enum, Field, FieldValue, Rest, Scalar, Shape, Struct, Tuple, Type, TypeId, Usage};

use super::constraint::Rules;
use super::key::{Anchor, Aspect, Key};
use super::label::{quoted, shown};
use super::signature::Item;
use super::values::{Base, by_wire};
use super::walk::{Context, Found, Site, Walk};
use super::{Counterparts, Reading, Rule, Side, Wire, condition, connect, constraint, message};

/// Everything that differs.
pub(super) struct Differences {
    pub(super) changes: Vec<Found>,
    pub(super) counterparts: Counterparts,
}

/// Finds every change that the IR shows.
pub(super) fn changes(old: &Side, new: &Side) -> Differences {
    let mut walk = Walk::new(old, new);
    message::sets(&mut walk);
    message::operations(&mut walk);
    connect::connections(&mut walk);
    walk.others();
    Differences { changes: merged(walk.changes), counterparts: walk.counterparts }
}

/// What was found at several places once. Readings can differ by direction: then there is a change for each.
fn merged(found: Vec<Found>) -> Vec<Found> {
    let directions = |found: &Found| (found.directions.received, found.directions.sent);
    let changes = once(found, directions, |known, change| known.wire = known.wire.max(change.wire));
    once(
        changes,
        |found| found.wire,
        |known, change| {
            known.directions.received |= change.directions.received;
            known.directions.sent |= change.directions.sent;
        },
    )
}

/// The first of those that are the same change, with what the others explain.
fn once<K: Ord>(found: Vec<Found>, by: impl Fn(&Found) -> K, join: impl Fn(&mut Found, &Found)) -> Vec<Found> {
    let mut known = BTreeMap::new();
    let mut changes: Vec<Found> = Vec::new();
    for mut change in found {
        let place = |anchor: &Option<Anchor>| anchor.as_ref().map(|anchor| anchor.key.clone());
        let same = (change.rule, change.message.clone(), place(&change.old), place(&change.new), by(&change));
        if let Some(first) = known.get(&same).copied().and_then(|index: usize| changes.get_mut(index)) {
            join(first, &change);
            first.explains.append(&mut change.explains);
        } else {
            known.insert(same, changes.len());
            changes.push(change);
        }
    }
    changes
}

impl Walk<'_> {
    /// What sets make of messages that lack what they are told by, or have another constant there: they are unknown.
    fn told_by(&self, old: (TypeId, &FieldValue), new: (TypeId, &FieldValue), wire: &str, found: Wire) -> Wire {
        let tolerated = |reading: Reading, side: usize, (id, value): (TypeId, &FieldValue), written: &FieldValue| {
            let decides = match value {
                FieldValue::Constant(_) => true,
                FieldValue::Required(_) => matches!(written, FieldValue::Optional(_)),
                FieldValue::Optional(_) => false,
            };
            let unknown = decides && self.telling[side].contains(&(id, wire.to_owned()));
            if unknown { reading.min(Reading::Tolerated) } else { reading }
        };
        Wire::new(tolerated(found.old_reads_new, 0, old, new.1), tolerated(found.new_reads_old, 1, new, old.1))
    }

    /// Compares the types that are in no message: by name.
    fn others(&mut self) {
        self.directions = Usage::default();
        let (old, new) = (self.old, self.new);
        for id in (0..old.api.types.len()).map(TypeId) {
            if self.compared[0].contains(&id) {
                continue;
            }
            let Some(same) = new.by_name.get(old.names.type_name(id)).copied() else { continue };
            let site = self.type_site(id, same);
            self.compare(&site, &Type::Named(id), &Type::Named(same));
        }
        for id in (0..new.api.types.len()).map(TypeId) {
            let definition = new.api.get(id);
            let paired = self.compared[1].contains(&id);
            let alias = matches!(definition.shape, Shape::Alias(_));
            if !paired && !alias && definition.usage == Usage::default() {
                let message = format!("type `{}` is new", new.type_path(id));
                let found = self.found(Rule::TypeAdded, message, Wire::SAME).new_at(new.type_anchor(id));
                self.changes.push(found);
            }
        }
    }

    /// Compares what two places hold.
    pub(super) fn compare(&mut self, site: &Site, old: &Type, new: &Type) {
        let (from, to) = (self.old.resolve(old), self.new.resolve(new));
        let alike = match (from.base, to.base) {
            (Base::Named(from), Base::Named(to)) => {
                let (from, to) = (&self.old.api.get(from).shape, &self.new.api.get(to).shape);
                std::mem::discriminant(from) == std::mem::discriminant(to)
            }
            (Base::Array(_), Base::Array(_)) | (Base::Map(_), Base::Map(_)) => true,
            (Base::Scalar(from), Base::Scalar(to)) => from == to,
            (Base::External(from), Base::External(to)) => from == to,
            (Base::Named(_) | Base::Array(_) | Base::Map(_) | Base::Scalar(_) | Base::External(_), _) => false,
        };
        if !alike {
            self.replaced(site, old, new);
            return;
        }
        self.null(site, from.nullable, to.nullable);
        match (from.base, to.base) {
            (Base::Named(from), Base::Named(to)) => self.types(from, to, site.remembers),
            (Base::Array(from), Base::Array(to)) => self.compare(&site.within("each element"), from, to),
            (Base::Map(from), Base::Map(to)) => self.compare(&site.within("each value"), from, to),
            (Base::Named(_) | Base::Array(_) | Base::Map(_) | Base::Scalar(_) | Base::External(_), _) => {}
        }
    }

    fn null(&mut self, site: &Site, old: bool, new: bool) {
        let reading = |remembers| if remembers { Reading::Tolerated } else { Reading::Refused };
        let label = &site.label;
        let found = match (old, new) {
            (true, true) | (false, false) => return,
            (false, true) => {
                let wire = Wire::new(reading(site.remembers.0), Reading::Understood);
                self.at(site, Rule::NullAdded, format!("{label} can be `null`"), wire)
            }
            (true, false) => {
                let wire = Wire::new(Reading::Understood, reading(site.remembers.1));
                self.at(site, Rule::NullRemoved, format!("{label} cannot be `null` any more"), wire)
            }
        };
        self.changes.push(found);
    }

    /// One type in the place of another.
    fn replaced(&mut self, site: &Site, old: &Type, new: &Type) {
        let (from, to) = (self.old.resolve(old), self.new.resolve(new));
        let mut old_reads_new = self.forward().reads(old, new);
        let mut new_reads_old = self.backward().reads(new, old);
        if to.nullable && !from.nullable && site.remembers.0 {
            let bare = self.forward().reads_beside_null(old, new);
            old_reads_new = old_reads_new.min(bare.max(Reading::Tolerated));
        }
        if from.nullable && !to.nullable && site.remembers.1 {
            let bare = self.backward().reads_beside_null(new, old);
            new_reads_old = new_reads_old.min(bare.max(Reading::Tolerated));
        }
        let [before, after] = &site.ways;
        if let Some(way) = before {
            old_reads_new = old_reads_new.min(self.forward().on_way(old, new, &way.path, &way.tags));
        }
        if let Some(way) = after {
            new_reads_old = new_reads_old.min(self.backward().on_way(new, old, &way.path, &way.tags));
        }
        let wire = Wire::new(old_reads_new, new_reads_old);
        let wire = site.unions.map_or(wire, |unions| self.alternative(unions, old, new, site.remembers));
        let rule = match (wire.old_reads_new, wire.new_reads_old) {
            (forward, Reading::Understood) if forward != Reading::Understood => Rule::TypeWidened,
            (Reading::Understood, backward) if backward != Reading::Understood => Rule::TypeNarrowed,
            _ => Rule::TypeChanged,
        };
        let (was, is) = (self.old.spelled(old), self.new.spelled(new));
        let found = self.at(site, rule, format!("{} was {was} and is {is}", site.label), wire);
        self.changes.push(found);
    }

    /// Compares two declared types, unless that was done. What becomes of a `null` matters where branches can be `null`.
    fn types(&mut self, old: TypeId, new: TypeId, remembers: (bool, bool)) {
        let Usage { received, sent } = self.directions;
        let looked_through = matches!(self.old.api.get(old).shape, Shape::Union(_) | Shape::Newtype(_));
        let remembers = if looked_through { remembers } else { (false, false) };
        if !self.seen.insert((old, new, Context { received, sent, unknown: self.unknown, remembers })) {
            return;
        }
        self.compared[0].insert(old);
        self.compared[1].insert(new);
        if self.paired.insert((old, new)) {
            self.named(old, new);
        }
        let (from, to) = (&self.old.api.get(old).shape, &self.new.api.get(new).shape);
        match (from, to) {
            (Shape::Struct(from), Shape::Struct(to)) => self.structs((old, from), (new, to)),
            (Shape::Enum(from), Shape::Enum(to)) => {
                self.enums((old, from), (new, to), Wire::new(Reading::Tolerated, Reading::Tolerated));
            }
            (Shape::Union(from), Shape::Union(to)) => self.unions((old, from), (new, to), remembers),
            (Shape::Tuple(from), Shape::Tuple(to)) => self.tuples((old, from), (new, to)),
            (Shape::Newtype(from), Shape::Newtype(to)) => {
                let mut site = self.type_site(old, new);
                site.remembers = remembers;
                self.compare(&site, from, to);
            }
            (
                Shape::Struct(_)
                | Shape::Enum(_)
                | Shape::Union(_)
                | Shape::Tuple(_)
                | Shape::Newtype(_)
                | Shape::Alias(_),
                _,
            ) => {}
        }
        let site = self.type_site(old, new);
        constraint::docs(self, &site, &self.old.api.get(old).docs, &self.new.api.get(new).docs);
        condition::types(self, &site, old, new);
    }

    /// Notes that a type has another name.
    fn named(&mut self, old: TypeId, new: TypeId) {
        let (was, is) = (self.old.names.type_name(old), self.new.names.type_name(new));
        let item = Item::of_type(was);
        if was == is || self.new.by_name.contains_key(was) || self.counterparts.contains_key(&item) {
            return;
        }
        self.counterparts.insert(item, Item::of_type(is));
        let message = format!("type `{}` is `{}` now", self.old.type_path(old), self.new.type_path(new));
        let found = self.found(Rule::NameChanged, message, Wire::SAME);
        let found = found.old(self.old.type_anchor(old)).new_at(self.new.type_anchor(new));
        self.changes.push(found);
    }

    fn structs(&mut self, (old, from): (TypeId, &Struct), (new, to): (TypeId, &Struct)) {
        let (was, is) = (by_wire(&from.fields), by_wire(&to.fields));
        let rules = (self.old.rules_of_members(old), self.new.rules_of_members(new));
        for field in &to.fields {
            let wire = field.wire.as_str();
            match was.get(wire) {
                Some(known) => {
                    self.member((old, from, known), (new, to, field), (rules.0.get(wire), rules.1.get(wire)));
                }
                None => self.added((old, from), (new, to), field),
            }
        }
        for field in from.fields.iter().filter(|field| !is.contains_key(field.wire.as_str())) {
            self.removed((old, from), (new, to), field);
        }
        self.rest((old, from), (new, to));
    }

    fn added(&mut self, (old, from): (TypeId, &Struct), (new, to): (TypeId, &Struct), field: &Field) {
        let label = self.new.member_label(new, field);
        let (rule, word) = match &field.value {
            FieldValue::Required(_) | FieldValue::Constant(_) => (Rule::RequiredAdded, "required"),
            FieldValue::Optional(_) => (Rule::OptionalAdded, "optional"),
        };
        let wire =
            Wire::new(self.forward().unnamed(from, &field.value), self.backward().member(to, &field.value, None));
        let wire = self.told_by((old, &ABSENT), (new, &field.value), &field.wire, wire);
        let found = self.found(rule, format!("{label} is new and {word}"), wire);
        let found = found.new_at(Anchor::new(Key::Part(new, field.wire.clone()), &field.origin));
        let found =
            if rule == Rule::RequiredAdded { found.explains(Key::Type(old), Aspect::Constructor) } else { found };
        self.changes.push(found);
    }

    fn removed(&mut self, (old, from): (TypeId, &Struct), (new, to): (TypeId, &Struct), field: &Field) {
        let label = self.old.member_label(old, field);
        let (rule, word) = match &field.value {
            FieldValue::Required(_) | FieldValue::Constant(_) => (Rule::RequiredRemoved, "required"),
            FieldValue::Optional(_) => (Rule::OptionalRemoved, "optional"),
        };
        let wire =
            Wire::new(self.forward().member(from, &field.value, None), self.backward().unnamed(to, &field.value));
        let wire = self.told_by((old, &field.value), (new, &ABSENT), &field.wire, wire);
        let found = self.found(rule, format!("{label}, which was {word}, is gone"), wire);
        let found =
            found.old(Anchor::new(Key::Part(old, field.wire.clone()), &field.origin)).out_of(self.new.type_anchor(new));
        let found =
            if rule == Rule::RequiredRemoved { found.explains(Key::Type(old), Aspect::Constructor) } else { found };
        self.changes.push(found);
    }

    /// A member that both documents name.
    fn member(
        &mut self,
        (old, from, was): (TypeId, &Struct, &Field),
        (new, to, is): (TypeId, &Struct, &Field),
        rules: (Option<&Rules<'_>>, Option<&Rules<'_>>),
    ) {
        let label = self.new.member_label(new, is);
        let mut site = Site::new(
            label,
            Anchor::new(Key::Part(old, was.wire.clone()), &was.origin),
            Anchor::new(Key::Part(new, is.wire.clone()), &is.origin),
        );
        let takes = |value: &FieldValue| matches!(value, FieldValue::Required(_));
        if takes(&was.value) || takes(&is.value) {
            site.constructor = Some(old);
        }
        let label = &site.label;
        match (&was.value, &is.value) {
            (FieldValue::Constant(was), FieldValue::Constant(is)) if was == is => {}
            (FieldValue::Constant(one), FieldValue::Constant(other)) => {
                if !self.tags.contains(&(old, new, was.wire.clone())) {
                    let message = format!("{label} was always {} and is always {}", shown(one), shown(other));
                    let wire = Wire::new(Reading::Refused, Reading::Refused);
                    let found = self.at(&site, Rule::ConstantChanged, message, wire);
                    self.changes.push(found);
                }
            }
            (FieldValue::Constant(literal), _) => {
                let message = format!("{label} was always {} and can be something else", shown(literal));
                self.constant(&site, Rule::ConstantRemoved, message, (old, from, was), (new, to, is));
            }
            (_, FieldValue::Constant(literal)) => {
                let message = format!("{label} is always {}", shown(literal));
                self.constant(&site, Rule::ConstantAdded, message, (old, from, was), (new, to, is));
            }
            (FieldValue::Required(before), FieldValue::Required(after)) => {
                let way = |side: usize, id: TypeId, wire: &String| self.ways[side].get(&(id, wire.clone())).cloned();
                site.ways = [way(0, old, &was.wire), way(1, new, &is.wire)];
                self.compare(&site, before, after);
            }
            (FieldValue::Optional(was), FieldValue::Optional(is)) => {
                site.remembers = (from.rest != Rest::Closed, to.rest != Rest::Closed);
                self.compare(&site, was, is);
            }
            (FieldValue::Required(before), FieldValue::Optional(after)) => {
                let wire = Wire::new(Reading::Refused, Reading::Understood);
                let wire = self.told_by((old, &was.value), (new, &is.value), &was.wire, wire);
                let found = self.at(&site, Rule::MemberOptional, format!("{label} may be missing"), wire);
                self.changes.push(found);
                site.remembers = (false, to.rest != Rest::Closed);
                self.compare(&site, before, after);
            }
            (FieldValue::Optional(before), FieldValue::Required(after)) => {
                let wire = Wire::new(Reading::Understood, Reading::Refused);
                let wire = self.told_by((old, &was.value), (new, &is.value), &was.wire, wire);
                let found = self.at(&site, Rule::MemberRequired, format!("{label} must be there"), wire);
                self.changes.push(found);
                site.remembers = (from.rest != Rest::Closed, false);
                self.compare(&site, before, after);
            }
        }
        site.constructor = None;
        constraint::member(self, &site, was, is);
        let none = Rules::new();
        if let (Some(was), Some(is)) = (value_type(&was.value), value_type(&is.value)) {
            constraint::parts(self, &site, (was, rules.0.unwrap_or(&none)), (is, rules.1.unwrap_or(&none)));
        }
    }

    /// A member that is a constant in one document only.
    fn constant(
        &mut self,
        site: &Site,
        rule: Rule,
        message: String,
        (old, from, was): (TypeId, &Struct, &Field),
        (new, to, is): (TypeId, &Struct, &Field),
    ) {
        let old_reads_new = self.forward().member(from, &was.value, Some(&is.value));
        let new_reads_old = self.backward().member(to, &is.value, Some(&was.value));
        let wire = Wire::new(old_reads_new, new_reads_old);
        let wire = self.told_by((old, &was.value), (new, &is.value), &was.wire, wire);
        // What another tag does is told of what it tells apart; a tag that nobody claims is taken for an unknown one.
        let tells = self.tags.contains(&(old, new, was.wire.clone()));
        let told = |reading: Reading| if tells { reading.min(Reading::Tolerated) } else { reading };
        let wire = Wire::new(told(wire.old_reads_new), told(wire.new_reads_old));
        let found = self.at(site, rule, message, wire);
        self.changes.push(found.explains(Key::Type(old), Aspect::Constructor));
    }

    fn rest(&mut self, (old, from): (TypeId, &Struct), (new, to): (TypeId, &Struct)) {
        let site = self.type_site(old, new);
        let label = &site.label;
        let wire = Wire::new(self.forward().rest(from, to), self.backward().rest(to, from));
        let (rule, message) = match (&from.rest, &to.rest) {
            (Rest::Open, Rest::Open) | (Rest::Closed, Rest::Closed) => return,
            (Rest::Typed(was), Rest::Typed(is)) => {
                self.compare(&site.within("each other member"), was, is);
                return;
            }
            (_, Rest::Closed) => (Rule::ObjectClosed, format!("{label} has no members beside those that are named")),
            (Rest::Closed, _) => (Rule::ObjectOpened, format!("{label} can have members beside those that are named")),
            (Rest::Open, Rest::Typed(is)) => {
                (Rule::ObjectClosed, format!("each other member of {label} is {}", self.new.spelled(is)))
            }
            (Rest::Typed(_), Rest::Open) => {
                (Rule::ObjectOpened, format!("each other member of {label} can be anything"))
            }
        };
        let found = self.at(&site, rule, message, wire).explains(Key::Type(old), Aspect::Complete);
        self.changes.push(found);
    }

    /// Compares the values of two enums; `wire` is what readers make of those that they do not list.
    pub(super) fn enums(&mut self, (old, from): (TypeId, &Enum), (new, to): (TypeId, &Enum), wire: Wire) {
        let site = self.type_site(old, new);
        let listed = |list: &Enum| list.values.iter().map(|value| value.wire.clone()).collect::<BTreeSet<String>>();
        let (known, lists) = (listed(from), listed(to));
        for (index, value) in to.values.iter().enumerate() {
            if known.contains(&value.wire) {
                continue;
            }
            let message = format!("{} lists {}", site.label, quoted(&value.wire));
            let wire = Wire { new_reads_old: Reading::Understood, ..wire };
            let location = site.new.location.child("enum").child(index);
            let anchor = Anchor { key: Key::Part(new, value.wire.clone()), location, span: value.span };
            let found = self.found(Rule::ValueAdded, message, wire).new_at(anchor);
            self.changes.push(found.explains(Key::Type(old), Aspect::Complete));
        }
        for (index, value) in from.values.iter().enumerate() {
            if lists.contains(&value.wire) {
                continue;
            }
            let message = format!("{} does not list {} any more", site.label, quoted(&value.wire));
            let wire = Wire { old_reads_new: Reading::Understood, ..wire };
            let location = site.old.location.child("enum").child(index);
            let anchor = Anchor { key: Key::Part(old, value.wire.clone()), location, span: value.span };
            let found = self.found(Rule::ValueRemoved, message, wire).old(anchor).out_of(site.new.clone());
            self.changes.push(found.explains(Key::Type(old), Aspect::Complete));
        }
    }

    fn tuples(&mut self, (old, from): (TypeId, &Tuple), (new, to): (TypeId, &Tuple)) {
        let site = self.type_site(old, new);
        let same = |was: &eventwire_document::ir::Position, is: &eventwire_document::ir::Position| {
            was.optional == is.optional && was.constant == is.constant
        };
        let alike = from.positions.len() == to.positions.len()
            && from.positions.iter().zip(&to.positions).all(|(was, is)| same(was, is))
            && from.rest.is_some() == to.rest.is_some();
        if !alike {
            let wire = Wire::new(self.forward().tuples(from, to), self.backward().tuples(to, from));
            let message = format!("the positions of {} are others", site.label);
            let found = self.at(&site, Rule::PositionsChanged, message, wire);
            self.changes.push(found.explains(Key::Type(old), Aspect::Complete));
            return;
        }
        let pairs = from.positions.iter().zip(&to.positions).enumerate();
        for (index, (was, is)) in pairs.filter(|(_, (was, _))| was.constant.is_none()) {
            let mut site = site.within(&format!("element {index}"));
            site.constructor = Some(old);
            self.position(&site, old, &was.value, &is.value);
        }
        if let (Some(was), Some(is)) = (&from.rest, &to.rest) {
            self.position(&site.within("each further element"), old, was, is);
        }
    }

    fn position(&mut self, site: &Site, owner: TypeId, was: &Type, is: &Type) {
        let before = self.changes.len();
        self.compare(site, was, is);
        for found in &mut self.changes[before..] {
            found.also(Key::Type(owner), Aspect::Complete);
        }
    }
}

/// The type of a member's value.
fn value_type(value: &FieldValue) -> Option<&Type> {
    match value {
        FieldValue::Required(used) | FieldValue::Optional(used) => Some(used),
        FieldValue::Constant(_) => None,
    }
}

/// A member that is not named.
const ABSENT: FieldValue = FieldValue::Optional(Type::Scalar(Scalar::Json));
