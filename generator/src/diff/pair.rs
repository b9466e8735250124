//! Pairs the items of two documents, and compares them.
//!
//! Messages are paired by location, types by their location in paired messages. A type that was renamed, or moved to
//! another file, is the same type.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{
    AdditionalProperties, Enum, Field, FieldValue, Scalar, Shape, Struct, Tuple, Type, TypeId, Usage,
};

use super::comparison::{ComparedPair, Comparison, Context, FoundChange};
use super::constraint::RuleRefs;
use super::key::{Aspect, Entity, EntityKey};
use super::label::{quoted, shown};
use super::signature::Item;
use super::values::{ResolvedType, by_wire};
use super::{ChangeKind, ItemRenames, Reading, Side, Wire, condition, connect, constraint, message};

/// Everything that differs.
pub(super) struct Differences {
    pub(super) changes: Vec<FoundChange>,
    pub(super) renames: ItemRenames,
}

/// Finds every change that the IR shows.
pub(super) fn changes(old: &Side, new: &Side) -> Differences {
    let mut comparison = Comparison::new(old, new);
    message::sets(&mut comparison);
    message::operations(&mut comparison);
    connect::connections(&mut comparison);
    comparison.others();
    Differences { changes: merged(comparison.changes), renames: comparison.renames }
}

/// Merges changes that were found at several places. If readings differ by direction, there is a change for each.
fn merged(found: Vec<FoundChange>) -> Vec<FoundChange> {
    let directions = |found: &FoundChange| (found.directions.received, found.directions.sent);
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

/// Merges equal changes into the first one.
fn once<K: Ord>(
    found: Vec<FoundChange>,
    by: impl Fn(&FoundChange) -> K,
    join: impl Fn(&mut FoundChange, &FoundChange),
) -> Vec<FoundChange> {
    let mut known = BTreeMap::new();
    let mut changes: Vec<FoundChange> = Vec::new();
    for mut change in found {
        let place = |entity: &Option<Entity>| entity.as_ref().map(|entity| entity.key.clone());
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

impl Comparison<'_> {
    /// How sets read messages without their tag, or with another constant there: as unknown.
    fn explained_by(&self, old: (TypeId, &FieldValue), new: (TypeId, &FieldValue), wire: &str, found: Wire) -> Wire {
        let tolerated = |reading: Reading, side: usize, (id, value): (TypeId, &FieldValue), written: &FieldValue| {
            let decides = match value {
                FieldValue::Constant(_) => true,
                FieldValue::Required(_) => matches!(written, FieldValue::Optional(_)),
                FieldValue::Optional(_) => false,
            };
            let unknown = decides && self.tag_properties[side].contains(&(id, wire.to_owned()));
            if unknown { reading.min(Reading::Tolerated) } else { reading }
        };
        Wire::new(tolerated(found.old_reads_new, 0, old, new.1), tolerated(found.new_reads_old, 1, new, old.1))
    }

    /// Compares the types that no message uses, by name.
    fn others(&mut self) {
        self.directions = Usage::default();
        let (old, new) = (self.old, self.new);
        for id in (0..old.api.types.len()).map(TypeId) {
            if self.compared[0].contains(&id) {
                continue;
            }
            let Some(same) = new.by_name.get(old.names.type_name(id)).copied() else { continue };
            let pair = self.type_pair(id, same);
            self.compare(&pair, &Type::Named(id), &Type::Named(same));
        }
        for id in (0..new.api.types.len()).map(TypeId) {
            let definition = new.api.get(id);
            let paired = self.compared[1].contains(&id);
            let alias = matches!(definition.shape, Shape::Alias(_));
            if !paired && !alias && definition.usage == Usage::default() {
                let message = format!("type `{}` is new", new.type_path(id));
                let found = self.found(ChangeKind::TypeAdded, message, Wire::SAME).new_at(new.type_entity(id));
                self.changes.push(found);
            }
        }
    }

    /// Compares the values at two places.
    pub(super) fn compare(&mut self, pair: &ComparedPair, old: &Type, new: &Type) {
        let (from, to) = (self.old.resolve(old), self.new.resolve(new));
        let alike = match (from.base, to.base) {
            (ResolvedType::Named(from), ResolvedType::Named(to)) => {
                let (from, to) = (&self.old.api.get(from).shape, &self.new.api.get(to).shape);
                std::mem::discriminant(from) == std::mem::discriminant(to)
            }
            (ResolvedType::Array(_), ResolvedType::Array(_)) | (ResolvedType::Map(_), ResolvedType::Map(_)) => true,
            (ResolvedType::Scalar(from), ResolvedType::Scalar(to)) => from == to,
            (ResolvedType::External(from), ResolvedType::External(to)) => from == to,
            (
                ResolvedType::Named(_)
                | ResolvedType::Array(_)
                | ResolvedType::Map(_)
                | ResolvedType::Scalar(_)
                | ResolvedType::External(_),
                _,
            ) => false,
        };
        if !alike {
            self.replaced(pair, old, new);
            return;
        }
        self.null(pair, from.nullable, to.nullable);
        match (from.base, to.base) {
            (ResolvedType::Named(from), ResolvedType::Named(to)) => self.types(from, to, pair.keeps_null),
            (ResolvedType::Array(from), ResolvedType::Array(to)) => {
                self.compare(&pair.within("each element"), from, to);
            }
            (ResolvedType::Map(from), ResolvedType::Map(to)) => self.compare(&pair.within("each value"), from, to),
            (
                ResolvedType::Named(_)
                | ResolvedType::Array(_)
                | ResolvedType::Map(_)
                | ResolvedType::Scalar(_)
                | ResolvedType::External(_),
                _,
            ) => {}
        }
    }

    fn null(&mut self, pair: &ComparedPair, old: bool, new: bool) {
        let reading = |keeps_null| if keeps_null { Reading::Tolerated } else { Reading::Refused };
        let label = &pair.label;
        let found = match (old, new) {
            (true, true) | (false, false) => return,
            (false, true) => {
                let wire = Wire::new(reading(pair.keeps_null.0), Reading::Understood);
                self.at(pair, ChangeKind::NullAdded, format!("{label} can be `null`"), wire)
            }
            (true, false) => {
                let wire = Wire::new(Reading::Understood, reading(pair.keeps_null.1));
                self.at(pair, ChangeKind::NullRemoved, format!("{label} can no longer be `null`"), wire)
            }
        };
        self.changes.push(found);
    }

    /// Reports a replaced type.
    fn replaced(&mut self, pair: &ComparedPair, old: &Type, new: &Type) {
        let (from, to) = (self.old.resolve(old), self.new.resolve(new));
        let mut old_reads_new = self.forward().check(old, new);
        let mut new_reads_old = self.backward().check(new, old);
        if to.nullable && !from.nullable && pair.keeps_null.0 {
            let bare = self.forward().check_beside_null(old, new);
            old_reads_new = old_reads_new.min(bare.max(Reading::Tolerated));
        }
        if from.nullable && !to.nullable && pair.keeps_null.1 {
            let bare = self.backward().check_beside_null(new, old);
            new_reads_old = new_reads_old.min(bare.max(Reading::Tolerated));
        }
        let [before, after] = &pair.tag_paths;
        if let Some(way) = before {
            old_reads_new = old_reads_new.min(self.forward().along_path(old, new, &way.path, &way.tags));
        }
        if let Some(way) = after {
            new_reads_old = new_reads_old.min(self.backward().along_path(new, old, &way.path, &way.tags));
        }
        let wire = Wire::new(old_reads_new, new_reads_old);
        let wire = pair.unions.map_or(wire, |unions| self.alternative(unions, old, new, pair.keeps_null));
        let rule = match (wire.old_reads_new, wire.new_reads_old) {
            (forward, Reading::Understood) if forward != Reading::Understood => ChangeKind::TypeWidened,
            (Reading::Understood, backward) if backward != Reading::Understood => ChangeKind::TypeNarrowed,
            _ => ChangeKind::TypeChanged,
        };
        let (was, is) = (self.old.spelled(old), self.new.spelled(new));
        let found = self.at(pair, rule, format!("{} was {was} and is {is}", pair.label), wire);
        self.changes.push(found);
    }

    /// Compares two declared types, once. How a `null` is read matters if branches can be `null`.
    fn types(&mut self, old: TypeId, new: TypeId, keeps_null: (bool, bool)) {
        let Usage { received, sent } = self.directions;
        let looked_through = matches!(self.old.api.get(old).shape, Shape::Union(_) | Shape::Newtype(_));
        let keeps_null = if looked_through { keeps_null } else { (false, false) };
        if !self.seen.insert((
            old,
            new,
            Context { received, sent, falls_to_unknown: self.falls_to_unknown, keeps_null },
        )) {
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
            (Shape::Union(from), Shape::Union(to)) => self.unions((old, from), (new, to), keeps_null),
            (Shape::Tuple(from), Shape::Tuple(to)) => self.tuples((old, from), (new, to)),
            (Shape::Newtype(from), Shape::Newtype(to)) => {
                let mut pair = self.type_pair(old, new);
                pair.keeps_null = keeps_null;
                self.compare(&pair, from, to);
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
        let pair = self.type_pair(old, new);
        constraint::docs(self, &pair, &self.old.api.get(old).docs, &self.new.api.get(new).docs);
        condition::types(self, &pair, old, new);
    }

    /// Records that a type was renamed.
    fn named(&mut self, old: TypeId, new: TypeId) {
        let (was, is) = (self.old.names.type_name(old), self.new.names.type_name(new));
        let item = Item::of_type(was);
        if was == is || self.new.by_name.contains_key(was) || self.renames.contains_key(&item) {
            return;
        }
        self.renames.insert(item, Item::of_type(is));
        let message = format!("type `{}` is `{}` now", self.old.type_path(old), self.new.type_path(new));
        let found = self.found(ChangeKind::NameChanged, message, Wire::SAME);
        let found = found.old(self.old.type_entity(old)).new_at(self.new.type_entity(new));
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
            FieldValue::Required(_) | FieldValue::Constant(_) => (ChangeKind::RequiredAdded, "required"),
            FieldValue::Optional(_) => (ChangeKind::OptionalAdded, "optional"),
        };
        let wire =
            Wire::new(self.forward().unnamed(from, &field.value), self.backward().member(to, &field.value, None));
        let wire = self.explained_by((old, &ABSENT), (new, &field.value), &field.wire, wire);
        let found = self.found(rule, format!("{label} is new and {word}"), wire);
        let found = found.new_at(Entity::new(EntityKey::Part(new, field.wire.clone()), &field.origin));
        let found = if rule == ChangeKind::RequiredAdded {
            found.explains(EntityKey::Type(old), Aspect::Constructor)
        } else {
            found
        };
        self.changes.push(found);
    }

    fn removed(&mut self, (old, from): (TypeId, &Struct), (new, to): (TypeId, &Struct), field: &Field) {
        let label = self.old.member_label(old, field);
        let (rule, word) = match &field.value {
            FieldValue::Required(_) | FieldValue::Constant(_) => (ChangeKind::RequiredRemoved, "required"),
            FieldValue::Optional(_) => (ChangeKind::OptionalRemoved, "optional"),
        };
        let wire =
            Wire::new(self.forward().member(from, &field.value, None), self.backward().unnamed(to, &field.value));
        let wire = self.explained_by((old, &field.value), (new, &ABSENT), &field.wire, wire);
        let found = self.found(rule, format!("{label}, which was {word}, was removed"), wire);
        let found = found
            .old(Entity::new(EntityKey::Part(old, field.wire.clone()), &field.origin))
            .out_of(self.new.type_entity(new));
        let found = if rule == ChangeKind::RequiredRemoved {
            found.explains(EntityKey::Type(old), Aspect::Constructor)
        } else {
            found
        };
        self.changes.push(found);
    }

    /// Compares a member that both documents name.
    fn member(
        &mut self,
        (old, from, was): (TypeId, &Struct, &Field),
        (new, to, is): (TypeId, &Struct, &Field),
        rules: (Option<&RuleRefs<'_>>, Option<&RuleRefs<'_>>),
    ) {
        let label = self.new.member_label(new, is);
        let mut pair = ComparedPair::new(
            label,
            Entity::new(EntityKey::Part(old, was.wire.clone()), &was.origin),
            Entity::new(EntityKey::Part(new, is.wire.clone()), &is.origin),
        );
        let accepts = |value: &FieldValue| matches!(value, FieldValue::Required(_));
        if accepts(&was.value) || accepts(&is.value) {
            pair.constructor = Some(old);
        }
        let label = &pair.label;
        match (&was.value, &is.value) {
            (FieldValue::Constant(was), FieldValue::Constant(is)) if was == is => {}
            (FieldValue::Constant(one), FieldValue::Constant(other)) => {
                if !self.tags.contains(&(old, new, was.wire.clone())) {
                    let message = format!("{label} was always {} and is always {}", shown(one), shown(other));
                    let wire = Wire::new(Reading::Refused, Reading::Refused);
                    let found = self.at(&pair, ChangeKind::ConstantChanged, message, wire);
                    self.changes.push(found);
                }
            }
            (FieldValue::Constant(literal), _) => {
                let message = format!("{label} was always {} and can be something else", shown(literal));
                self.constant(&pair, ChangeKind::ConstantRemoved, message, (old, from, was), (new, to, is));
            }
            (_, FieldValue::Constant(literal)) => {
                let message = format!("{label} is always {}", shown(literal));
                self.constant(&pair, ChangeKind::ConstantAdded, message, (old, from, was), (new, to, is));
            }
            (FieldValue::Required(before), FieldValue::Required(after)) => {
                let way =
                    |side: usize, id: TypeId, wire: &String| self.tag_paths[side].get(&(id, wire.clone())).cloned();
                pair.tag_paths = [way(0, old, &was.wire), way(1, new, &is.wire)];
                self.compare(&pair, before, after);
            }
            (FieldValue::Optional(was), FieldValue::Optional(is)) => {
                pair.keeps_null = (from.rest != AdditionalProperties::None, to.rest != AdditionalProperties::None);
                self.compare(&pair, was, is);
            }
            (FieldValue::Required(before), FieldValue::Optional(after)) => {
                let wire = Wire::new(Reading::Refused, Reading::Understood);
                let wire = self.explained_by((old, &was.value), (new, &is.value), &was.wire, wire);
                let found = self.at(&pair, ChangeKind::MemberOptional, format!("{label} may be missing"), wire);
                self.changes.push(found);
                pair.keeps_null = (false, to.rest != AdditionalProperties::None);
                self.compare(&pair, before, after);
            }
            (FieldValue::Optional(before), FieldValue::Required(after)) => {
                let wire = Wire::new(Reading::Understood, Reading::Refused);
                let wire = self.explained_by((old, &was.value), (new, &is.value), &was.wire, wire);
                let found = self.at(&pair, ChangeKind::MemberRequired, format!("{label} must be there"), wire);
                self.changes.push(found);
                pair.keeps_null = (from.rest != AdditionalProperties::None, false);
                self.compare(&pair, before, after);
            }
        }
        pair.constructor = None;
        constraint::member(self, &pair, was, is);
        let none = RuleRefs::new();
        if let (Some(was), Some(is)) = (value_type(&was.value), value_type(&is.value)) {
            constraint::parts(self, &pair, (was, rules.0.unwrap_or(&none)), (is, rules.1.unwrap_or(&none)));
        }
    }

    /// Compares a member that is a constant in one document only.
    fn constant(
        &mut self,
        pair: &ComparedPair,
        rule: ChangeKind,
        message: String,
        (old, from, was): (TypeId, &Struct, &Field),
        (new, to, is): (TypeId, &Struct, &Field),
    ) {
        let old_reads_new = self.forward().member(from, &was.value, Some(&is.value));
        let new_reads_old = self.backward().member(to, &is.value, Some(&was.value));
        let wire = Wire::new(old_reads_new, new_reads_old);
        let wire = self.explained_by((old, &was.value), (new, &is.value), &was.wire, wire);
        // The effect of another tag is reported for what it distinguishes; a tag that no alternative claims is unknown.
        let tells = self.tags.contains(&(old, new, was.wire.clone()));
        let told = |reading: Reading| if tells { reading.min(Reading::Tolerated) } else { reading };
        let wire = Wire::new(told(wire.old_reads_new), told(wire.new_reads_old));
        let found = self.at(pair, rule, message, wire);
        self.changes.push(found.explains(EntityKey::Type(old), Aspect::Constructor));
    }

    fn rest(&mut self, (old, from): (TypeId, &Struct), (new, to): (TypeId, &Struct)) {
        let pair = self.type_pair(old, new);
        let label = &pair.label;
        let wire = Wire::new(self.forward().rest(from, to), self.backward().rest(to, from));
        let (rule, message) = match (&from.rest, &to.rest) {
            (AdditionalProperties::Any, AdditionalProperties::Any)
            | (AdditionalProperties::None, AdditionalProperties::None) => return,
            (AdditionalProperties::Typed(was), AdditionalProperties::Typed(is)) => {
                self.compare(&pair.within("each other member"), was, is);
                return;
            }
            (_, AdditionalProperties::None) => {
                (ChangeKind::ObjectClosed, format!("{label} has no members beside those that are named"))
            }
            (AdditionalProperties::None, _) => {
                (ChangeKind::ObjectOpened, format!("{label} can have members beside those that are named"))
            }
            (AdditionalProperties::Any, AdditionalProperties::Typed(is)) => {
                (ChangeKind::ObjectClosed, format!("each other member of {label} is {}", self.new.spelled(is)))
            }
            (AdditionalProperties::Typed(_), AdditionalProperties::Any) => {
                (ChangeKind::ObjectOpened, format!("each other member of {label} can be anything"))
            }
        };
        let found = self.at(&pair, rule, message, wire).explains(EntityKey::Type(old), Aspect::Complete);
        self.changes.push(found);
    }

    /// Compares the values of two enums; `wire` is what readers make of those that they do not list.
    pub(super) fn enums(&mut self, (old, from): (TypeId, &Enum), (new, to): (TypeId, &Enum), wire: Wire) {
        let pair = self.type_pair(old, new);
        let listed = |list: &Enum| list.values.iter().map(|value| value.wire.clone()).collect::<BTreeSet<String>>();
        let (known, lists) = (listed(from), listed(to));
        for (index, value) in to.values.iter().enumerate() {
            if known.contains(&value.wire) {
                continue;
            }
            let message = format!("{} lists {}", pair.label, quoted(&value.wire));
            let wire = Wire { new_reads_old: Reading::Understood, ..wire };
            let location = pair.new.location.child("enum").child(index);
            let entity = Entity { key: EntityKey::Part(new, value.wire.clone()), location, span: value.span };
            let found = self.found(ChangeKind::ValueAdded, message, wire).new_at(entity);
            self.changes.push(found.explains(EntityKey::Type(old), Aspect::Complete));
        }
        for (index, value) in from.values.iter().enumerate() {
            if lists.contains(&value.wire) {
                continue;
            }
            let message = format!("{} no longer lists {}", pair.label, quoted(&value.wire));
            let wire = Wire { old_reads_new: Reading::Understood, ..wire };
            let location = pair.old.location.child("enum").child(index);
            let entity = Entity { key: EntityKey::Part(old, value.wire.clone()), location, span: value.span };
            let found = self.found(ChangeKind::ValueRemoved, message, wire).old(entity).out_of(pair.new.clone());
            self.changes.push(found.explains(EntityKey::Type(old), Aspect::Complete));
        }
    }

    fn tuples(&mut self, (old, from): (TypeId, &Tuple), (new, to): (TypeId, &Tuple)) {
        let pair = self.type_pair(old, new);
        let same = |was: &eventwire_document::ir::Position, is: &eventwire_document::ir::Position| {
            was.optional == is.optional && was.constant == is.constant
        };
        let alike = from.positions.len() == to.positions.len()
            && from.positions.iter().zip(&to.positions).all(|(was, is)| same(was, is))
            && from.rest.is_some() == to.rest.is_some();
        if !alike {
            let wire = Wire::new(self.forward().tuples(from, to), self.backward().tuples(to, from));
            let message = format!("the items of tuple {} changed", pair.label);
            let found = self.at(&pair, ChangeKind::PositionsChanged, message, wire);
            self.changes.push(found.explains(EntityKey::Type(old), Aspect::Complete));
            return;
        }
        let pairs = from.positions.iter().zip(&to.positions).enumerate();
        for (index, (was, is)) in pairs.filter(|(_, (was, _))| was.constant.is_none()) {
            let mut pair = pair.within(&format!("element {index}"));
            pair.constructor = Some(old);
            self.position(&pair, old, &was.value, &is.value);
        }
        if let (Some(was), Some(is)) = (&from.rest, &to.rest) {
            self.position(&pair.within("each further element"), old, was, is);
        }
    }

    fn position(&mut self, pair: &ComparedPair, owner: TypeId, was: &Type, is: &Type) {
        let before = self.changes.len();
        self.compare(pair, was, is);
        for found in &mut self.changes[before..] {
            found.also(EntityKey::Type(owner), Aspect::Complete);
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

/// Reports a member that one document does not name.
const ABSENT: FieldValue = FieldValue::Optional(Type::Scalar(Scalar::Json));
