//! What the driver and the user's handles share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::clock::Clock;
use super::inbox::{Capacity, Filter, Inbox, Overflow};
use super::metrics::Counters;
use super::request::Waiting;
use super::{CloseFrame, SendError, ShutdownReport, State};

/// A message on its way to the driver.
pub(crate) struct Letter {
    pub(crate) text: String,
    /// Who waits for the reply, if the message is a request.
    pub(crate) waiting: Option<Waiting>,
    pub(crate) written: oneshot::Sender<Result<(), SendError>>,
}

/// The wish to end.
pub(crate) struct Ending {
    /// What the peer is told.
    pub(crate) close: CloseFrame,
    pub(crate) within: Duration,
}

/// The user's end. The driver shuts down when the last one is dropped.
pub(crate) struct Handle {
    pub(crate) shared: Arc<Shared>,
    pub(crate) outbound: mpsc::Sender<Letter>,
    pub(crate) stop: mpsc::Sender<Ending>,
    pub(crate) capacity: Capacity,
    pub(crate) longest: usize,
    pub(crate) clock: Arc<dyn Clock>,
    /// How long a request waits for its reply.
    pub(crate) reply_timeout: Duration,
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
        self.shared.add(Inbox::new(self.capacity, filter))
    }
}

/// Seen by both sides.
pub(crate) struct Shared {
    pub(crate) counters: Counters,
    pub(crate) state: watch::Sender<State>,
    pub(crate) report: watch::Sender<Option<ShutdownReport>>,
    inboxes: Mutex<Inboxes>,
    /// How often it has changed which queues are open.
    changes: AtomicU64,
}

/// The queues that are open, as the driver knows them: it asks for every text.
#[derive(Default)]
pub(crate) struct Audience {
    open: Vec<Arc<Inbox>>,
    /// As of this many changes.
    changes: u64,
}

impl Audience {
    /// Which consumers want a text.
    pub(crate) fn wanting(&mut self, shared: &Shared, text: &str) -> Wanting {
        let changes = shared.changes.load(Ordering::Acquire);
        if changes != self.changes {
            self.open.clone_from(&lock(&shared.inboxes).open);
            self.changes = changes;
        }
        match self.open.as_slice() {
            [only] if only.wants_text(text) => Wanting::Only,
            inboxes @ [_, _, ..] if inboxes.iter().any(|inbox| inbox.wants_text(text)) => Wanting::Several,
            _ => Wanting::Nobody,
        }
    }
}

/// Who wants a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanting {
    Nobody,
    /// The only consumer there is.
    Only,
    /// One or more of several consumers.
    Several,
}

struct Inboxes {
    open: Vec<Arc<Inbox>>,
    /// Nothing will come any more.
    ended: bool,
}

impl Shared {
    /// What a client of an API shares with its driver.
    pub(crate) fn new(api: &'static str) -> Self {
        Self {
            counters: Counters::new(api),
            state: watch::Sender::new(State::Connecting),
            report: watch::Sender::new(None),
            inboxes: Mutex::new(Inboxes { open: Vec::new(), ended: false }),
            changes: AtomicU64::new(0),
        }
    }

    /// Adds the queue that keeps what arrives until somebody asks for events. Nobody may ever ask, so it never blocks.
    pub(crate) fn add_backlog(&self, capacity: Capacity) -> Arc<Inbox> {
        self.add(Inbox::new(Capacity { overflow: Overflow::DropOldest, ..capacity }, None))
    }

    fn add(&self, inbox: Inbox) -> Arc<Inbox> {
        let inbox = Arc::new(inbox);
        let mut inboxes = lock(&self.inboxes);
        if inboxes.ended {
            inbox.end();
        } else {
            inboxes.open.push(Arc::clone(&inbox));
            self.changes.fetch_add(1, Ordering::Release);
        }
        inbox
    }

    /// Tells everybody who watches that the client is in this state.
    pub(crate) fn enter(&self, state: State) {
        #[cfg(feature = "metrics")]
        self.counters.changed(*self.state.borrow(), state);
        self.state.send_replace(state);
    }

    /// Calls `visit` for every queue and says whether it is the last; those for which it returns `false` are forgotten.
    pub(crate) fn for_each_inbox(&self, mut visit: impl FnMut(&Arc<Inbox>, bool) -> bool) {
        let mut inboxes = lock(&self.inboxes);
        let before = inboxes.open.len();
        let mut left = before;
        inboxes.open.retain(|inbox| {
            left -= 1;
            visit(inbox, left == 0)
        });
        if inboxes.open.len() != before {
            self.changes.fetch_add(1, Ordering::Release);
        }
    }

    pub(crate) fn end_inboxes(&self) {
        let mut inboxes = lock(&self.inboxes);
        inboxes.ended = true;
        for inbox in inboxes.open.drain(..) {
            inbox.end();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
