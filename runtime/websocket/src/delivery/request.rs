//! Requests that wait for their replies.

use std::error::Error;
use std::fmt;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::error::SendError;
use crate::clock::later;
use crate::frame::Text;
use crate::lifecycle::Disconnect;
use eventwire_core::Malformed;

/// The error of a request.
#[derive(Debug)]
#[non_exhaustive]
pub enum RequestError {
    /// The request was not sent.
    Send(SendError),
    /// The connection ended before the reply came. The server may have acted on the request.
    Disconnected(Disconnect),
    /// The reply did not come within this time. The server may have acted on the request.
    TimedOut(Duration),
    /// The reply came, but does not decode.
    Malformed(Malformed),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(_) => f.write_str("the request was not sent"),
            Self::Disconnected(_) => f.write_str("the connection ended before the reply came"),
            Self::TimedOut(time) => write!(f, "there was no reply within {time:?}"),
            Self::Malformed(_) => f.write_str("the reply does not decode"),
        }
    }
}

impl Error for RequestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Send(error) => Some(error),
            Self::Disconnected(reason) => Some(reason),
            Self::Malformed(malformed) => Some(&malformed.error),
            Self::TimedOut(_) => None,
        }
    }
}

/// A request that waits for its reply.
pub(crate) struct Waiting {
    pub(crate) is_reply: Box<dyn Fn(&str) -> bool + Send>,
    /// Whether its reply can be distinguished from the replies to other requests.
    pub(crate) exact: bool,
    /// How long the caller waits.
    pub(crate) patience: Duration,
    pub(crate) reply: oneshot::Sender<Result<Text, Disconnect>>,
}

/// All requests that wait for their replies, in the order in which they were written.
#[derive(Default)]
pub(crate) struct PendingRequests {
    /// With the moment until which a request keeps its place in line after its caller has given up.
    waiting: Vec<(Waiting, Instant)>,
}

impl PendingRequests {
    /// Adds a request that is being written.
    pub(crate) fn add(&mut self, waiting: Waiting, now: Instant) {
        self.forget(now);
        // A late reply must not be taken for the reply to the next request; one that never comes must not hold up the line
        // for ever.
        let until = later(now, waiting.patience.saturating_mul(2));
        self.waiting.push((waiting, until));
    }

    /// Gives a message to the request that it is the reply to, if there is one.
    pub(crate) fn offer(&mut self, text: &Text, now: Instant) {
        if self.waiting.is_empty() {
            return;
        }
        self.forget(now);
        if let Some(found) = self.waiting.iter().position(|(waiting, _)| (waiting.is_reply)(text)) {
            let (waiting, _) = self.waiting.remove(found);
            // The caller may have given up.
            let _ = waiting.reply.send(Ok(text.clone()));
        }
    }

    /// Tells everybody that no reply will come.
    pub(crate) fn fail(&mut self, reason: &Disconnect) {
        for (waiting, _) in self.waiting.drain(..) {
            let _ = waiting.reply.send(Err(reason.clone()));
        }
    }

    fn forget(&mut self, now: Instant) {
        self.waiting.retain(|(waiting, until)| !waiting.reply.is_closed() || !waiting.exact && now < *until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(queue: &mut PendingRequests, exact: bool, now: Instant) -> oneshot::Receiver<Result<Text, Disconnect>> {
        let (reply, outcome) = oneshot::channel();
        let is_reply = Box::new(|text: &str| text.starts_with('r'));
        queue.add(Waiting { is_reply, exact, patience: Duration::from_secs(1), reply }, now);
        outcome
    }

    fn taken(outcome: &mut oneshot::Receiver<Result<Text, Disconnect>>) -> Option<String> {
        outcome.try_recv().ok()?.ok().map(|text| text.to_string())
    }

    #[test]
    fn replies_go_to_requests_in_order() {
        let (mut queue, now) = (PendingRequests::default(), Instant::now());
        let (mut first, mut second) = (add(&mut queue, false, now), add(&mut queue, false, now));
        for text in ["x", "r1", "r2", "r3"] {
            queue.offer(&text.into(), now);
        }
        assert_eq!(taken(&mut first).as_deref(), Some("r1"));
        assert_eq!(taken(&mut second).as_deref(), Some("r2"));
    }

    #[test]
    fn a_timed_out_request_keeps_its_slot_for_a_while() {
        for (exact, waited, expected) in [(false, 1, "r2"), (false, 2, "r1"), (true, 0, "r1")] {
            let (mut queue, now) = (PendingRequests::default(), Instant::now());
            drop(add(&mut queue, exact, now));
            let later = now + Duration::from_secs(waited);
            let mut next = add(&mut queue, exact, later);
            queue.offer(&"r1".into(), later);
            queue.offer(&"r2".into(), later);
            assert_eq!(taken(&mut next).as_deref(), Some(expected), "{exact} {waited}");
        }
    }

    #[test]
    fn a_lost_connection_fails_everybody() {
        let (mut queue, now) = (PendingRequests::default(), Instant::now());
        let mut outcome = add(&mut queue, true, now);
        queue.fail(&Disconnect::Io(None));
        assert!(matches!(outcome.try_recv(), Ok(Err(Disconnect::Io(None)))));
    }
}
