//! What the driver and the user's handles share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::error::SendError;
use super::inbox::{Capacity, Filter, Inbox, Overflow};
use super::metrics::Counters;
use super::request::Waiting;
use crate::clock::Clock;
use crate::frame::CloseFrame;
use crate::lifecycle::{ShutdownReport, State};
use eventwire_core::{Address, Bytes, DecodeError, Malformed};

/// A message on its way to the driver.
pub(crate) struct OutboundMessage {
    pub(crate) text: String,
    /// Who waits for the reply, if the message is a request.
    pub(crate) waiting: Option<Waiting>,
    pub(crate) written: oneshot::Sender<Result<(), SendError>>,
}

/// The wish to end.
pub(crate) struct ShutdownRequest {
    /// The close frame for the peer.
    pub(crate) close: CloseFrame,
    pub(crate) within: Duration,
}

/// The user's end. The driver shuts down when the last one is dropped.
pub(crate) struct Handle {
    pub(crate) shared: Arc<SharedState>,
    pub(crate) outbound: mpsc::Sender<OutboundMessage>,
    pub(crate) stop: mpsc::Sender<ShutdownRequest>,
    pub(crate) capacity: Capacity,
    pub(crate) longest: usize,
    pub(crate) clock: Arc<dyn Clock>,
    /// How long a request waits for its reply.
    pub(crate) reply_timeout: Duration,
    /// The path of the connection.
    pub(crate) address: Address,
    /// Keeps what arrives until somebody asks for events.
    pub(crate) backlog: Mutex<Option<Arc<Inbox>>>,
}

impl Handle {
    /// The queue of a new consumer. The first one that wants everything also gets what has arrived before.
    pub(crate) fn subscribe(&self, filter: Option<Filter>) -> Arc<Inbox> {
        if filter.is_none()
            && let Some(backlog) = lock(&self.backlog).take()
        {
            backlog.set_capacity(self.capacity);
            return backlog;
        }
        self.shared.add(self.capacity, filter)
    }

    /// A message of this connection that does not decode.
    #[cold]
    pub(crate) fn malformed(&self, error: DecodeError, payload: Bytes) -> Malformed {
        let mut malformed = Malformed::new(error, payload);
        malformed.address = self.address.clone();
        malformed
    }
}

/// Seen by both sides.
pub(crate) struct SharedState {
    pub(crate) counters: Counters,
    pub(crate) state: watch::Sender<State>,
    pub(crate) report: watch::Sender<Option<ShutdownReport>>,
    inboxes: Mutex<Inboxes>,
    /// How often it has changed which queues are open.
    changes: AtomicU64,
}

/// The queues that are open, as the driver knows them: it asks for every text.
#[derive(Default)]
pub(crate) struct Subscribers {
    open: Vec<Arc<Inbox>>,
    /// As of this many changes.
    changes: u64,
}

impl Subscribers {
    /// The queues that are open.
    pub(crate) fn open(&mut self, shared: &SharedState) -> &[Arc<Inbox>] {
        let changes = shared.changes.load(Ordering::Acquire);
        if changes != self.changes {
            self.open.clear();
            self.open.extend(lock(&shared.inboxes).open.values().map(Arc::clone));
            self.changes = changes;
        }
        &self.open
    }

    /// Which consumers want a text.
    pub(crate) fn interest(&mut self, shared: &SharedState, text: &str) -> Interest {
        match self.open(shared) {
            [only] if only.wants_text(text) => Interest::Only,
            inboxes @ [_, _, ..] if inboxes.iter().any(|inbox| inbox.wants_text(text)) => Interest::Several,
            _ => Interest::Nobody,
        }
    }
}

/// Who wants a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interest {
    Nobody,
    /// The only consumer there is.
    Only,
    /// One or more of several consumers.
    Several,
}

struct Inboxes {
    /// By their number, in the order in which they were added.
    open: BTreeMap<u64, Arc<Inbox>>,
    /// How many have been added.
    added: u64,
    /// No more items will arrive.
    ended: bool,
}

impl SharedState {
    /// What a client of an API shares with its driver.
    pub(crate) fn new(api: &'static str) -> Self {
        Self {
            counters: Counters::new(api),
            state: watch::Sender::new(State::Connecting),
            report: watch::Sender::new(None),
            inboxes: Mutex::new(Inboxes { open: BTreeMap::new(), added: 0, ended: false }),
            changes: AtomicU64::new(0),
        }
    }

    /// Adds the queue that keeps what arrives until somebody asks for events. Nobody may ever ask, so it never blocks.
    pub(crate) fn add_backlog(&self, capacity: Capacity) -> Arc<Inbox> {
        self.add(Capacity { overflow: Overflow::DropOldest, ..capacity }, None)
    }

    fn add(&self, capacity: Capacity, filter: Option<Filter>) -> Arc<Inbox> {
        let mut inboxes = lock(&self.inboxes);
        inboxes.added += 1;
        let number = inboxes.added;
        let inbox = Arc::new(Inbox::new(number, capacity, filter));
        if inboxes.ended {
            inbox.end();
        } else {
            inboxes.open.insert(number, Arc::clone(&inbox));
            self.changes.fetch_add(1, Ordering::Release);
        }
        inbox
    }

    /// Forgets a queue from which nothing more will be taken.
    pub(crate) fn remove(&self, inbox: &Inbox) {
        let removed = lock(&self.inboxes).open.remove(&inbox.number());
        if removed.is_some() {
            self.changes.fetch_add(1, Ordering::Release);
        }
        inbox.close_receiver();
    }

    /// Tells everybody who watches that the client is in this state.
    pub(crate) fn enter(&self, state: State) {
        #[cfg(feature = "metrics")]
        self.counters.changed(*self.state.borrow(), state);
        self.state.send_replace(state);
    }

    pub(crate) fn end_inboxes(&self) {
        let mut inboxes = lock(&self.inboxes);
        inboxes.ended = true;
        let open = std::mem::take(&mut inboxes.open);
        drop(inboxes);
        for inbox in open.values() {
            inbox.end();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    const CAPACITY: Capacity = Capacity { items: 8, bytes: 800, overflow: Overflow::Block };

    #[test]
    fn queues_that_are_dropped_are_not_asked() {
        let shared = SharedState::new("test");
        let mut subscribers = Subscribers::default();
        let asked = Arc::new(AtomicUsize::new(0));
        let add = || {
            let asked = Arc::clone(&asked);
            shared.add(CAPACITY, Some(Box::new(move |_| asked.fetch_add(1, Ordering::Relaxed) == usize::MAX)))
        };
        let (first, last) = (add(), add());
        for _ in 0..100_000 {
            shared.remove(&add());
        }
        let together: Vec<_> = (0..100_000).map(|_| add()).collect();
        for inbox in &together {
            shared.remove(inbox);
        }
        assert_eq!(lock(&shared.inboxes).open.len(), 2);
        assert_eq!(subscribers.interest(&shared, "{}"), Interest::Nobody);
        assert_eq!((subscribers.open.len(), asked.load(Ordering::Relaxed)), (2, 2));
        shared.remove(&first);
        shared.remove(&last);
        assert_eq!(subscribers.interest(&shared, "{}"), Interest::Nobody);
        assert_eq!((subscribers.open.len(), asked.load(Ordering::Relaxed)), (0, 2));
        assert!(Arc::strong_count(&first) == 1 && Arc::strong_count(&last) == 1);
    }
}
