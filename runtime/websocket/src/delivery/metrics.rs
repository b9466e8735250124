//! Counters of one client.

use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(feature = "metrics")]
use crate::lifecycle::State;

/// Counters of a client. The snapshot is not atomic: the numbers are read one after another.
///
/// With the feature `metrics`, the same numbers go to the recorder that is installed for the crate `metrics` when the
/// client is made: counters named after the fields, such as `eventwire_received_bytes_total`, with the title of the
/// document as the label `api`. The gauge `eventwire_connected` says how many clients are ready at present.
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
    /// Events for which a handler or responder returned an error.
    pub failed: u64,
    /// Handlers that panicked.
    pub panicked: u64,
    /// Messages of the user written to a connection.
    pub sent: u64,
    /// Messages of the user that were queued when a connection broke and never written.
    pub unsent: u64,
}

/// A number that only grows.
#[derive(Debug)]
pub(crate) struct Counter {
    count: AtomicU64,
    #[cfg(feature = "metrics")]
    exported: metrics::Counter,
}

impl Counter {
    /// A counter of an API's clients, under a name in what is exported.
    #[cfg(feature = "metrics")]
    fn new(api: &'static str, name: &'static str) -> Self {
        Self { count: AtomicU64::default(), exported: metrics::counter!(name, "api" => api) }
    }

    #[cfg(not(feature = "metrics"))]
    fn new(_api: &'static str, _name: &'static str) -> Self {
        Self { count: AtomicU64::default() }
    }

    pub(crate) fn add(&self, count: u64) {
        self.count.fetch_add(count, Ordering::Relaxed);
        #[cfg(feature = "metrics")]
        self.exported.increment(count);
    }

    pub(crate) fn get(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}

/// What consumers count. It is separate from the counters of the driver, so that they do not slow each other down.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct Consumed {
    pub(crate) taken: Counter,
    pub(crate) malformed: Counter,
    pub(crate) failed: Counter,
    pub(crate) panicked: Counter,
}

#[derive(Debug)]
pub(crate) struct Counters {
    pub(crate) attempts: Counter,
    pub(crate) connections: Counter,
    pub(crate) refreshes: Counter,
    pub(crate) received: Counter,
    pub(crate) received_bytes: Counter,
    pub(crate) ignored: Counter,
    pub(crate) dropped: Counter,
    pub(crate) sent: Counter,
    pub(crate) unsent: Counter,
    pub(crate) consumed: Consumed,
    #[cfg(feature = "metrics")]
    connected: metrics::Gauge,
}

impl Counters {
    /// The counters of one client of an API.
    pub(crate) fn new(api: &'static str) -> Self {
        Self {
            attempts: Counter::new(api, "eventwire_attempts_total"),
            connections: Counter::new(api, "eventwire_connections_total"),
            refreshes: Counter::new(api, "eventwire_refreshes_total"),
            received: Counter::new(api, "eventwire_received_total"),
            received_bytes: Counter::new(api, "eventwire_received_bytes_total"),
            ignored: Counter::new(api, "eventwire_ignored_total"),
            dropped: Counter::new(api, "eventwire_dropped_total"),
            sent: Counter::new(api, "eventwire_sent_total"),
            unsent: Counter::new(api, "eventwire_unsent_total"),
            consumed: Consumed {
                taken: Counter::new(api, "eventwire_taken_total"),
                malformed: Counter::new(api, "eventwire_malformed_total"),
                failed: Counter::new(api, "eventwire_failed_total"),
                panicked: Counter::new(api, "eventwire_panicked_total"),
            },
            #[cfg(feature = "metrics")]
            connected: metrics::gauge!("eventwire_connected", "api" => api),
        }
    }

    /// Counts messages of this length together.
    pub(crate) fn count_received(&self, messages: usize, length: usize) {
        self.received.add(messages as u64);
        self.received_bytes.add(length as u64);
    }

    /// Notes that the client was in one state and is now in another.
    #[cfg(feature = "metrics")]
    pub(crate) fn changed(&self, before: State, after: State) {
        match (before == State::Connected, after == State::Connected) {
            (false, true) => self.connected.increment(1),
            (true, false) => self.connected.decrement(1),
            (true, true) | (false, false) => {}
        }
    }

    pub(crate) fn snapshot(&self) -> Metrics {
        let Self {
            attempts,
            connections,
            refreshes,
            received,
            received_bytes,
            ignored,
            dropped,
            sent,
            unsent,
            consumed: Consumed { taken, malformed, failed, panicked },
            #[cfg(feature = "metrics")]
                connected: _,
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
            failed: failed.get(),
            panicked: panicked.get(),
            sent: sent.get(),
            unsent: unsent.get(),
        }
    }
}
