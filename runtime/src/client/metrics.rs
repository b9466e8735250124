//! Counters of one client.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a client did so far. A snapshot: the numbers are read one after another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// Attempts to open a connection.
    pub attempts: u64,
    /// Connections that became ready.
    pub connections: u64,
    /// Requests for new credentials after the server had refused the old ones.
    pub refreshes: u64,
    /// Messages received.
    pub received: u64,
    /// Their length, in bytes.
    pub received_bytes: u64,
    /// Messages received that the profile did not accept as events.
    pub ignored: u64,
    /// Messages taken by consumers; one message counts once for every stream that took it.
    pub taken: u64,
    /// Messages dropped because queues were full; one message counts once for every stream that lost it.
    pub dropped: u64,
    /// Messages that did not decode; one message counts once for every stream that took it.
    pub malformed: u64,
    /// Handlers that panicked.
    pub panicked: u64,
    /// Messages of the user written to a connection.
    pub sent: u64,
    /// Messages of the user that were queued when a connection broke and never written.
    pub unsent: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) attempts: Counter,
    pub(crate) connections: Counter,
    pub(crate) refreshes: Counter,
    pub(crate) received: Counter,
    pub(crate) received_bytes: Counter,
    pub(crate) ignored: Counter,
    pub(crate) taken: Counter,
    pub(crate) dropped: Counter,
    pub(crate) malformed: Counter,
    pub(crate) panicked: Counter,
    pub(crate) sent: Counter,
    pub(crate) unsent: Counter,
}

impl Counters {
    pub(crate) fn snapshot(&self) -> Metrics {
        let Self {
            attempts,
            connections,
            refreshes,
            received,
            received_bytes,
            ignored,
            taken,
            dropped,
            malformed,
            panicked,
            sent,
            unsent,
        } = self;
        Metrics {
            attempts: attempts.get(),
            connections: connections.get(),
            refreshes: refreshes.get(),
            received: received.get(),
            received_bytes: received_bytes.get(),
            ignored: ignored.get(),
            taken: taken.get(),
            dropped: dropped.get(),
            malformed: malformed.get(),
            panicked: panicked.get(),
            sent: sent.get(),
            unsent: unsent.get(),
        }
    }
}
