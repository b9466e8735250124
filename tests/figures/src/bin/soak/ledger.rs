//! What was sent and what was delivered, and whether the two agree.

use eventwire::client::{Delivery, Lifecycle};

use crate::tick::Tick;

/// What a service has sent.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// The first number of each connection.
    starts: Vec<u64>,
    /// The number that comes next.
    pub(crate) next: u64,
}

impl Sent {
    /// A new connection begins with the number that comes next.
    pub(crate) fn begin(&mut self) {
        self.starts.push(self.next);
    }

    /// Takes a number to send.
    pub(crate) fn take(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    /// How many numbers were sent, over how many connections.
    pub(crate) fn totals(&self) -> (u64, usize) {
        (self.next, self.starts.len())
    }

    /// The first number of the connection on which a number was sent.
    fn start_of(&self, number: u64) -> u64 {
        let after = self.starts.partition_point(|start| *start <= number);
        after.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or_default()
    }
}

/// What a client was told, checked as it comes.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// The number after the last that was delivered.
    expected: u64,
    /// Reported as dropped since then.
    lagged: u64,
    /// Delivered as malformed since then.
    malformed: u64,
    /// Whether a break of the connection was reported since then.
    broken: bool,
    pub(crate) delivered: u64,
    pub(crate) dropped: u64,
    pub(crate) in_gaps: u64,
    pub(crate) wrong: Vec<String>,
}

impl Ledger {
    pub(crate) fn enter(&mut self, delivery: &Delivery<Tick>, sent: &Sent) {
        match delivery {
            Delivery::Event(Tick(number)) => self.deliver(*number, sent),
            Delivery::Lagged { dropped } => {
                self.lagged += dropped;
                self.dropped += dropped;
            }
            Delivery::Malformed(_) => self.malformed += 1,
            Delivery::Lifecycle(
                Lifecycle::Connected { .. } | Lifecycle::Disconnected { .. } | Lifecycle::Recovered { .. },
            ) => self.broken = true,
            _ => {}
        }
    }

    fn deliver(&mut self, number: u64, sent: &Sent) {
        let (expected, reported) = (self.expected, self.lagged + self.malformed);
        let start = sent.start_of(number);
        if number < expected {
            self.wrong.push(format!("{number} came when {expected} was due: twice, or out of order"));
        } else if number >= sent.next {
            self.wrong.push(format!("{number} was never sent"));
        } else if !self.broken {
            if number - expected != reported {
                self.wrong.push(format!("{expected} to {number}: {reported} reported as dropped"));
            }
            if start > expected && expected > 0 {
                self.wrong
                    .push(format!("{number} is of another connection than the one before, and no gap was reported"));
            }
        } else {
            // What was on its way when the connection broke is lost in the gap, but nothing of the new connection is.
            if number - start.max(expected) > reported {
                self.wrong.push(format!("the connection began with {start}, its events with {number}"));
            }
            if number - expected < self.lagged {
                self.wrong.push(format!("{expected} to {number}: {reported} reported as dropped"));
            }
            self.in_gaps += (number - expected).saturating_sub(self.lagged);
        }
        self.delivered += 1;
        self.expected = number + 1;
        (self.lagged, self.malformed, self.broken) = (0, 0, false);
    }

    /// Whether everything up to a number is accounted for.
    pub(crate) fn has_reached(&self, end: u64) -> bool {
        self.expected + self.lagged >= end
    }

    /// Checks the sum of everything.
    pub(crate) fn close(&mut self, sent: u64) {
        let known = self.delivered + self.dropped + self.in_gaps;
        if known != sent {
            self.wrong.push(format!("{sent} were sent, and {known} are accounted for"));
        }
    }
}
