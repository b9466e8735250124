//! Counts.

use std::collections::BTreeMap;
use std::time::Duration;

use stream_chat_events::{Event, EventKind};

use crate::sentence;

/// What was delivered.
#[derive(Default)]
pub(crate) struct Tally {
    /// Names of the events, as they came; malformed ones by the event they should be.
    pub(crate) names: Vec<String>,
    /// Events that the document names, by kind.
    pub(crate) kinds: BTreeMap<EventKind, usize>,
    pub(crate) custom: usize,
    pub(crate) unknown: usize,
    pub(crate) malformed: usize,
    /// How long there was no connection, each time.
    pub(crate) gaps: Vec<Duration>,
}

impl Tally {
    pub(crate) fn count(&mut self, event: &Event) {
        self.names.push(sentence::name(event).to_owned());
        match event.kind() {
            Some(EventKind::CustomEvent) => self.custom += 1,
            Some(kind) => *self.kinds.entry(kind).or_default() += 1,
            None => self.unknown += 1,
        }
    }
}
