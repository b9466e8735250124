//! What broke in the crate's API, reported with the change of the document that broke it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use eventwire_document::ir::Usage;

use super::api_part::ItemPart;
use super::comparison::{FoundChange, usage};
use super::key::{AffectedItem, Aspect, Entity, EntityKey};
use super::report::lost;
use super::surface::LostItem;
use super::{Break, ChangeKind, Side, Wire};

/// Gives every break to the changes that explain it; what nothing explains becomes its own change.
pub(super) fn join(old: &Side, mut changes: Vec<FoundChange>, breaks: Vec<LostItem>) -> Vec<FoundChange> {
    let mut explained: BTreeMap<AffectedItem, BTreeSet<usize>> = BTreeMap::new();
    for (index, change) in changes.iter_mut().enumerate() {
        for loss in change.explains.drain(..) {
            explained.entry(loss).or_default().insert(index);
        }
    }
    let mut others: BTreeMap<EntityKey, usize> = BTreeMap::new();
    for LostItem { loss, broken } in breaks {
        let by_set = match &loss {
            AffectedItem { key: EntityKey::Operation(index), aspect: Aspect::Complete } => {
                Some(AffectedItem { key: EntityKey::Set(old.api.operations[*index].set), aspect: Aspect::Messages })
            }
            AffectedItem { .. } => None,
        };
        let explaining = explained.get(&loss).or_else(|| explained.get(by_set.as_ref()?));
        for index in explaining.into_iter().flatten() {
            changes[*index].source.push(Arc::clone(&broken));
        }
        if explaining.is_some() {
            continue;
        }
        if let Some(index) = others.get(&loss.key) {
            changes[*index].source.push(broken);
        } else {
            others.insert(loss.key.clone(), changes.len());
            changes.push(unexplained(old, &loss.key, broken));
        }
    }
    changes
}

fn unexplained(old: &Side, key: &EntityKey, broken: Arc<Break>) -> FoundChange {
    let Break { item, was, is, sentence: _ } = &*broken;
    let (rule, message) = match (is, &item.part) {
        (Some(is), _) => (ChangeKind::ApiChanged, format!("`{item}` was `{was}` and is `{is}`")),
        (None, ItemPart::Itself) if matches!(key, EntityKey::Type(_) | EntityKey::Part(..)) => {
            (ChangeKind::TypeRemoved, format!("type `{item}` was removed"))
        }
        (None, ItemPart::Match | ItemPart::Impl | ItemPart::Literal | ItemPart::Implements(_)) => {
            (ChangeKind::ApiChanged, lost(item))
        }
        (None, ItemPart::Itself | ItemPart::Positions | ItemPart::Field(_) | ItemPart::New | ItemPart::Member(_)) => {
            (ChangeKind::NameChanged, format!("`{item}` was removed"))
        }
    };
    let mut found = FoundChange::new(rule, message, Wire::SAME, old.usage(key)).old(old.entity(key));
    found.source.push(broken);
    found
}

impl Side {
    /// Returns the entity of a key, or the entity that contains it.
    fn entity(&self, key: &EntityKey) -> Entity {
        match key {
            EntityKey::Part(id, part) => {
                let field = self.api.get(*id).shape.as_struct().and_then(|object| object.field(part));
                field.map_or_else(|| self.type_entity(*id), |field| Entity::new(key.clone(), &field.origin))
            }
            EntityKey::Type(id) => self.type_entity(*id),
            EntityKey::Set(index) | EntityKey::Message(index, _) => self.set_entity(*index),
            EntityKey::Operation(index) => self.operation_entity(*index),
            EntityKey::Connection(index) | EntityKey::Handshake(index, _) => self.connection_entity(*index),
        }
    }

    /// Returns the directions in which the entity of a key is sent.
    fn usage(&self, key: &EntityKey) -> Usage {
        match key {
            EntityKey::Type(id) | EntityKey::Part(id, _) => self.api.get(*id).usage,
            EntityKey::Set(index) | EntityKey::Message(index, _) => usage(self.api.sets[*index].direction),
            EntityKey::Operation(index) => usage(self.api.operations[*index].direction),
            EntityKey::Connection(_) | EntityKey::Handshake(..) => Usage::default(),
        }
    }
}
