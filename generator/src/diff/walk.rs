//! A walk over two documents at once, and the changes that it finds.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::ir::{Direction, Literal, TypeId, Usage};

use super::key::{Anchor, Aspect, Key, Loss};
use super::reads::Reader;
use super::{Break, Counterparts, Reading, Rule, Side, Wire};

/// A change before its places are looked up.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) rule: Rule,
    pub(super) message: String,
    pub(super) old: Option<Anchor>,
    pub(super) new: Option<Anchor>,
    pub(super) around: Option<Anchor>,
    pub(super) directions: Usage,
    pub(super) wire: Wire,
    pub(super) source: Vec<Break>,
    /// Which losses of the old crate's API this change explains.
    pub(super) explains: Vec<Loss>,
}

impl Found {
    pub(super) fn new(rule: Rule, message: String, wire: Wire, directions: Usage) -> Self {
        let (source, explains) = (Vec::new(), Vec::new());
        Self { rule, message, old: None, new: None, around: None, directions, wire, source, explains }
    }

    /// Sets the place in the old document; what is lost there is explained.
    pub(super) fn old(mut self, anchor: Anchor) -> Self {
        self.explains.push(Loss { key: anchor.key.clone(), aspect: Aspect::Own });
        self.old = Some(anchor);
        self
    }

    pub(super) fn new_at(mut self, anchor: Anchor) -> Self {
        self.new = Some(anchor);
        self
    }

    /// Sets what something that is gone was a part of, in the new document.
    pub(super) fn out_of(mut self, anchor: Anchor) -> Self {
        self.around = Some(anchor);
        self
    }

    /// Explains another loss.
    pub(super) fn explains(mut self, key: Key, aspect: Aspect) -> Self {
        self.also(key, aspect);
        self
    }

    /// Explains another loss.
    pub(super) fn also(&mut self, key: Key, aspect: Aspect) {
        self.explains.push(Loss { key, aspect });
    }
}

/// A walk over both documents at once.
pub(super) struct Walk<'a> {
    pub(super) old: &'a Side,
    pub(super) new: &'a Side,
    pub(super) changes: Vec<Found>,
    pub(super) counterparts: Counterparts,
    /// The changes by the members they are at, for the first so many of them.
    at_members: [BTreeMap<Key, Vec<usize>>; 2],
    indexed: usize,
    /// Which way the walk goes.
    pub(super) directions: Usage,
    /// Types that were compared.
    pub(super) seen: BTreeSet<(TypeId, TypeId, Context)>,
    /// The same, whatever their readings depend on.
    pub(super) paired: BTreeSet<(TypeId, TypeId)>,
    /// The types of the old, and of the new, document that were compared with any.
    pub(super) compared: [BTreeSet<TypeId>; 2],
    /// Whether a reader of the old, and of the new, document takes everything that is walked for unknown or another message.
    pub(super) unknown: (bool, bool),
    /// Constants that tell messages apart, which are a matter of their sets: the payload's types and the member.
    pub(super) tags: BTreeSet<(TypeId, TypeId, String)>,
    /// Members by which a set of the old, and of the new, document tells its messages: without one a message is unknown.
    pub(super) telling: [BTreeSet<(TypeId, String)>; 2],
    /// Members of payloads on the way to a tag, likewise.
    pub(super) ways: [BTreeMap<(TypeId, String), Way>; 2],
}

/// What follows a member on the way to a tag.
#[derive(Clone, Default)]
pub(super) struct Way {
    pub(super) path: Vec<String>,
    /// The tags of the messages with this payload.
    pub(super) tags: Vec<Literal>,
}

/// What the readings at a type depend on besides the type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Context {
    pub(super) received: bool,
    pub(super) sent: bool,
    pub(super) unknown: (bool, bool),
    pub(super) remembers: (bool, bool),
}

/// A place in both documents that holds a value.
#[derive(Clone)]
pub(super) struct Site {
    pub(super) old: Anchor,
    pub(super) new: Anchor,
    /// What people call it.
    pub(super) label: String,
    /// The type whose constructor takes it.
    pub(super) constructor: Option<TypeId>,
    /// Whether a reader of the old, and of the new, document remembers a `null` here without knowing it, or takes it for an
    /// unknown message.
    pub(super) remembers: (bool, bool),
    /// Where a reader of the old, and of the new, document looks for a tag in what is here.
    pub(super) ways: [Option<Way>; 2],
    /// The unions whose alternative it is.
    pub(super) unions: Option<(TypeId, TypeId)>,
}

impl Site {
    pub(super) fn new(label: String, old: Anchor, new: Anchor) -> Self {
        Self { old, new, label, constructor: None, remembers: (false, false), ways: [None, None], unions: None }
    }

    pub(super) fn within(&self, part: &str) -> Self {
        let label = format!("{part} of {}", self.label);
        Self { label, remembers: (false, false), ways: [None, None], unions: None, ..self.clone() }
    }
}

/// Which way something travels.
pub(super) fn usage(direction: Direction) -> Usage {
    match direction {
        Direction::Received => Usage { received: true, sent: false },
        Direction::Sent => Usage { received: false, sent: true },
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(old: &'a Side, new: &'a Side) -> Self {
        Self {
            old,
            new,
            changes: Vec::new(),
            counterparts: Counterparts::new(),
            at_members: [BTreeMap::new(), BTreeMap::new()],
            indexed: 0,
            directions: Usage::default(),
            seen: BTreeSet::new(),
            paired: BTreeSet::new(),
            compared: [BTreeSet::new(), BTreeSet::new()],
            unknown: (false, false),
            tags: BTreeSet::new(),
            telling: [BTreeSet::new(), BTreeSet::new()],
            ways: [BTreeMap::new(), BTreeMap::new()],
        }
    }

    /// A reader of the old document and what the new one writes.
    pub(super) fn forward(&self) -> Reader<'a> {
        Reader::new(self.old, self.new)
    }

    /// A reader of the new document and what the old one writes.
    pub(super) fn backward(&self) -> Reader<'a> {
        Reader::new(self.new, self.old)
    }

    pub(super) fn found(&self, rule: Rule, message: String, wire: Wire) -> Found {
        let capped = |reading: Reading, unknown| if unknown { reading.min(Reading::Tolerated) } else { reading };
        let (old, new) = self.unknown;
        let wire = Wire::new(capped(wire.old_reads_new, old), capped(wire.new_reads_old, new));
        Found::new(rule, message, wire, self.directions)
    }

    pub(super) fn at(&self, site: &Site, rule: Rule, message: String, wire: Wire) -> Found {
        let found = self.found(rule, message, wire).old(site.old.clone()).new_at(site.new.clone());
        match site.constructor {
            Some(id) => found.explains(Key::Type(id), Aspect::Constructor),
            None => found,
        }
    }

    /// A change at a member of the old, or of the new, document that goes this way and has these readings.
    pub(super) fn at_member(&mut self, members: &[Option<Key>; 2], wire: Wire) -> Option<&mut Found> {
        for (index, change) in self.changes.iter().enumerate().skip(self.indexed) {
            for (anchor, at) in [&change.old, &change.new].into_iter().zip(&mut self.at_members) {
                if let Some(anchor) = anchor {
                    at.entry(anchor.key.clone()).or_default().push(index);
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

    pub(super) fn type_site(&self, old: TypeId, new: TypeId) -> Site {
        let label = format!("`{}`", self.new.type_path(new));
        Site::new(label, self.old.type_anchor(old), self.new.type_anchor(new))
    }
}
