//! What broke in the crate's API, told with the change of the document that broke it.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::Usage;

use super::key::{Anchor, Aspect, Key, Loss};
use super::promise::Part;
use super::report::lost;
use super::surface::Lost;
use super::walk::{Found, usage};
use super::{Break, Rule, Side, Wire};

/// Gives every break to the changes that explain it; what nothing explains becomes a change of its own.
pub(super) fn join(old: &Side, mut changes: Vec<Found>, breaks: Vec<Lost>) -> Vec<Found> {
    let mut explained: BTreeMap<Loss, BTreeSet<usize>> = BTreeMap::new();
    for (index, change) in changes.iter_mut().enumerate() {
        for loss in change.explains.drain(..) {
            explained.entry(loss).or_default().insert(index);
        }
    }
    let mut others: BTreeMap<Key, usize> = BTreeMap::new();
    for Lost { loss, broken } in breaks {
        let by_set = match &loss {
            Loss { key: Key::Operation(index), aspect: Aspect::Complete } => {
                Some(Loss { key: Key::Set(old.api.operations[*index].set), aspect: Aspect::Messages })
            }
            Loss { .. } => None,
        };
        let explaining = [Some(&loss), by_set.as_ref()].into_iter().flatten().filter_map(|loss| explained.get(loss));
        let explaining: BTreeSet<usize> = explaining.flatten().copied().collect();
        for index in &explaining {
            changes[*index].source.push(broken.clone());
        }
        if !explaining.is_empty() {
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

fn unexplained(old: &Side, key: &Key, broken: Break) -> Found {
    let Break { item, was, is } = &broken;
    let (rule, message) = match (is, &item.part) {
        (Some(is), _) => (Rule::ApiChanged, format!("`{item}` was `{was}` and is `{is}`")),
        (None, Part::Itself) if matches!(key, Key::Type(_) | Key::Part(..)) => {
            (Rule::TypeRemoved, format!("type `{item}` is gone"))
        }
        (None, Part::Match | Part::Impl | Part::Literal | Part::Implements(_)) => (Rule::ApiChanged, lost(item)),
        (None, Part::Itself | Part::Positions | Part::Field(_) | Part::New | Part::Member(_)) => {
            (Rule::NameChanged, format!("`{item}` is not there any more"))
        }
    };
    let mut found = Found::new(rule, message, Wire::SAME, old.usage(key)).old(old.anchor(key));
    found.source.push(broken);
    found
}

impl Side {
    /// What a key belongs to, at least the thing around it.
    fn anchor(&self, key: &Key) -> Anchor {
        match key {
            Key::Part(id, part) => {
                let field = self.api.get(*id).shape.as_struct().and_then(|object| object.field(part));
                field.map_or_else(|| self.type_anchor(*id), |field| Anchor::new(key.clone(), &field.origin))
            }
            Key::Type(id) => self.type_anchor(*id),
            Key::Set(index) | Key::Message(index, _) => self.set_anchor(*index),
            Key::Operation(index) => self.operation_anchor(*index),
            Key::Connection(index) | Key::Handshake(index, _) => self.connection_anchor(*index),
        }
    }

    /// Which way what a key belongs to travels.
    fn usage(&self, key: &Key) -> Usage {
        match key {
            Key::Type(id) | Key::Part(id, _) => self.api.get(*id).usage,
            Key::Set(index) | Key::Message(index, _) => usage(self.api.sets[*index].direction),
            Key::Operation(index) => usage(self.api.operations[*index].direction),
            Key::Connection(_) | Key::Handshake(..) => Usage::default(),
        }
    }
}
