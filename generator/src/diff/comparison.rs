//! The comparison of two documents, and the changes that it finds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use eventwire_document::ir::{Direction, Literal, TypeId, Usage};

use super::compatibility::Compatibility;
use super::key::{AffectedItem, Aspect, Entity, EntityKey};
use super::{Break, ChangeKind, ItemRenames, Reading, Side, Wire};

/// A change with entities instead of source locations.
#[derive(Debug)]
pub(super) struct FoundChange {
    pub(super) rule: ChangeKind,
    pub(super) message: String,
    pub(super) old: Option<Entity>,
    pub(super) new: Option<Entity>,
    pub(super) around: Option<Entity>,
    pub(super) directions: Usage,
    pub(super) wire: Wire,
    pub(super) source: Vec<Arc<Break>>,
    /// Which losses of the old crate's API this change explains.
    pub(super) explains: Vec<AffectedItem>,
}

impl FoundChange {
    pub(super) fn new(rule: ChangeKind, message: String, wire: Wire, directions: Usage) -> Self {
        let (source, explains) = (Vec::new(), Vec::new());
        Self { rule, message, old: None, new: None, around: None, directions, wire, source, explains }
    }

    /// Sets the entity of the old document, and explains its losses.
    pub(super) fn old(mut self, entity: Entity) -> Self {
        self.explains.push(AffectedItem { key: entity.key.clone(), aspect: Aspect::Own });
        self.old = Some(entity);
        self
    }

    pub(super) fn new_at(mut self, entity: Entity) -> Self {
        self.new = Some(entity);
        self
    }

    /// Sets the parent of a removed entity in the new document.
    pub(super) fn out_of(mut self, entity: Entity) -> Self {
        self.around = Some(entity);
        self
    }

    /// Explains another loss.
    pub(super) fn explains(mut self, key: EntityKey, aspect: Aspect) -> Self {
        self.also(key, aspect);
        self
    }

    /// Explains another loss.
    pub(super) fn also(&mut self, key: EntityKey, aspect: Aspect) {
        self.explains.push(AffectedItem { key, aspect });
    }
}

/// The state of a comparison.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Side,
    pub(super) new: &'a Side,
    pub(super) changes: Vec<FoundChange>,
    pub(super) renames: ItemRenames,
    /// The changes by their members, for the first `indexed` changes.
    at_members: [BTreeMap<EntityKey, Vec<usize>>; 2],
    indexed: usize,
    /// The directions of the compared messages.
    pub(super) directions: Usage,
    /// Types that were compared.
    pub(super) seen: BTreeSet<(TypeId, TypeId, Context)>,
    /// The same, independent of their context.
    pub(super) paired: BTreeSet<(TypeId, TypeId)>,
    /// The types of the old, and of the new, document that were compared with any.
    pub(super) compared: [BTreeSet<TypeId>; 2],
    /// Whether readers of the old, and of the new, document read the compared message as unknown or as another message.
    pub(super) falls_to_unknown: (bool, bool),
    /// Constants that distinguish messages, which are a matter of their sets: the payload's types and the member.
    pub(super) tags: BTreeSet<(TypeId, TypeId, String)>,
    /// Members by which a set of the old, and of the new, document distinguishes its messages: without one a message is unknown.
    pub(super) tag_properties: [BTreeSet<(TypeId, String)>; 2],
    /// Members of payloads on the path to a tag, likewise.
    pub(super) tag_paths: [BTreeMap<(TypeId, String), PathToTag>; 2],
}

/// What follows a member on the path to a tag.
#[derive(Clone, Default)]
pub(super) struct PathToTag {
    pub(super) path: Vec<String>,
    /// The tags of the messages with this payload.
    pub(super) tags: Vec<Literal>,
}

/// The context on which the readings of a type depend.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Context {
    pub(super) received: bool,
    pub(super) sent: bool,
    pub(super) falls_to_unknown: (bool, bool),
    pub(super) keeps_null: (bool, bool),
}

/// A place in both documents that holds a value.
#[derive(Clone)]
pub(super) struct ComparedPair {
    pub(super) old: Entity,
    pub(super) new: Entity,
    /// What people call it.
    pub(super) label: String,
    /// The type whose constructor takes it.
    pub(super) constructor: Option<TypeId>,
    /// Whether a reader of the old, and of the new, document remembers a `null` here without knowing it, or takes it for an
    /// unknown message.
    pub(super) keeps_null: (bool, bool),
    /// Where a reader of the old, and of the new, document looks for a tag in what is here.
    pub(super) tag_paths: [Option<PathToTag>; 2],
    /// The unions whose alternative it is.
    pub(super) unions: Option<(TypeId, TypeId)>,
}

impl ComparedPair {
    pub(super) fn new(label: String, old: Entity, new: Entity) -> Self {
        Self { old, new, label, constructor: None, keeps_null: (false, false), tag_paths: [None, None], unions: None }
    }

    pub(super) fn within(&self, part: &str) -> Self {
        let label = format!("{part} of {}", self.label);
        Self { label, keeps_null: (false, false), tag_paths: [None, None], unions: None, ..self.clone() }
    }
}

/// Returns the usage of a direction.
pub(super) fn usage(direction: Direction) -> Usage {
    match direction {
        Direction::Received => Usage { received: true, sent: false },
        Direction::Sent => Usage { received: false, sent: true },
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Side, new: &'a Side) -> Self {
        Self {
            old,
            new,
            changes: Vec::new(),
            renames: ItemRenames::new(),
            at_members: [BTreeMap::new(), BTreeMap::new()],
            indexed: 0,
            directions: Usage::default(),
            seen: BTreeSet::new(),
            paired: BTreeSet::new(),
            compared: [BTreeSet::new(), BTreeSet::new()],
            falls_to_unknown: (false, false),
            tags: BTreeSet::new(),
            tag_properties: [BTreeSet::new(), BTreeSet::new()],
            tag_paths: [BTreeMap::new(), BTreeMap::new()],
        }
    }

    /// A reader of the old document and what the new one writes.
    pub(super) fn forward(&self) -> Compatibility<'a> {
        Compatibility::new(self.old, self.new)
    }

    /// A reader of the new document and what the old one writes.
    pub(super) fn backward(&self) -> Compatibility<'a> {
        Compatibility::new(self.new, self.old)
    }

    pub(super) fn found(&self, rule: ChangeKind, message: String, wire: Wire) -> FoundChange {
        let capped = |reading: Reading, unknown| if unknown { reading.min(Reading::Tolerated) } else { reading };
        let (old, new) = self.falls_to_unknown;
        let wire = Wire::new(capped(wire.old_reads_new, old), capped(wire.new_reads_old, new));
        FoundChange::new(rule, message, wire, self.directions)
    }

    pub(super) fn at(&self, pair: &ComparedPair, rule: ChangeKind, message: String, wire: Wire) -> FoundChange {
        let found = self.found(rule, message, wire).old(pair.old.clone()).new_at(pair.new.clone());
        match pair.constructor {
            Some(id) => found.explains(EntityKey::Type(id), Aspect::Constructor),
            None => found,
        }
    }

    /// Returns a change at a member of the old, or of the new, document with these directions and readings.
    pub(super) fn at_member(&mut self, members: &[Option<EntityKey>; 2], wire: Wire) -> Option<&mut FoundChange> {
        for (index, change) in self.changes.iter().enumerate().skip(self.indexed) {
            for (entity, at) in [&change.old, &change.new].into_iter().zip(&mut self.at_members) {
                if let Some(entity) = entity {
                    at.entry(entity.key.clone()).or_default().push(index);
                }
            }
        }
        self.indexed = self.changes.len();
        let at = members.iter().zip(&self.at_members).filter_map(|(member, at)| at.get(member.as_ref()?));
        let same = |index: &&usize| {
            self.changes.get(**index).is_some_and(|change| change.directions == self.directions && change.wire == wire)
        };
        let first = at.flatten().filter(same).min().copied()?;
        self.changes.get_mut(first)
    }

    pub(super) fn type_pair(&self, old: TypeId, new: TypeId) -> ComparedPair {
        let label = format!("`{}`", self.new.type_path(new));
        ComparedPair::new(label, self.old.type_entity(old), self.new.type_entity(new))
    }
}
