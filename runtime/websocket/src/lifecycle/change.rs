//! How a connection changes.

use std::fmt;
use std::time::Duration;

use super::disconnect::Disconnect;

/// A change of the connection.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Lifecycle {
    /// The first connection is ready.
    #[non_exhaustive]
    Connected {
        /// What the server calls the connection, if it does.
        session: Option<String>,
    },
    /// The connection is gone.
    #[non_exhaustive]
    Disconnected {
        /// Why.
        reason: Disconnect,
        /// When the next attempt follows; `None` if none does.
        retry_in: Option<Duration>,
    },
    /// An attempt to connect failed and another one follows.
    #[non_exhaustive]
    Retrying {
        /// Why.
        reason: Disconnect,
        /// When the next attempt follows.
        retry_in: Duration,
    },
    /// The connection has been down for as long as the API's clients call it offline.
    Offline,
    /// The connection is ready again. What the server sent during the gap is lost: delivery is at most once. It comes
    /// before every event of the new connection, so that a handler can catch up first.
    ///
    /// If a consumer falls more than some thirty outages behind, consecutive outages are merged into one, with the
    /// first reason, the last session and the combined gap.
    #[non_exhaustive]
    Recovered {
        /// How long there was no connection.
        gap: Duration,
        /// What the server calls the connection, if it does.
        session: Option<String>,
    },
    /// The client has ended; nothing follows.
    #[non_exhaustive]
    Closed {
        /// Why.
        reason: Disconnect,
    },
}

/// What happened, in a few words for a log.
///
/// ```
/// use eventwire::client::Lifecycle;
///
/// assert_eq!(Lifecycle::Offline.to_string(), "offline");
/// ```
impl fmt::Display for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected { session } => named(f, "connected", session.as_deref()),
            Self::Disconnected { reason, retry_in: Some(delay) } => {
                write!(f, "disconnected, next attempt in {delay:?}: {reason}")
            }
            Self::Disconnected { reason, retry_in: None } => write!(f, "disconnected: {reason}"),
            Self::Retrying { reason, retry_in } => write!(f, "attempt failed, next one in {retry_in:?}: {reason}"),
            Self::Offline => f.write_str("offline"),
            Self::Recovered { gap, session } => {
                named(f, "connected again", session.as_deref())?;
                write!(f, " after {gap:?}")
            }
            Self::Closed { reason } => write!(f, "closed: {reason}"),
        }
    }
}

fn named(f: &mut fmt::Formatter<'_>, what: &str, session: Option<&str>) -> fmt::Result {
    f.write_str(what)?;
    session.map_or(Ok(()), |session| write!(f, " as {session}"))
}

/// The state of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// The first connection is being made.
    Connecting,
    /// Ready.
    Connected,
    /// The connection was lost and is being made again.
    Reconnecting,
    /// Shutting down.
    Closing,
    /// Ended.
    Closed,
}

/// How a client closed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// Why: [`Disconnect::Shutdown`] if it was asked to.
    pub reason: Disconnect,
    /// Whether nothing was cut short: the server confirmed the end, or there was no connection to end.
    pub clean: bool,
    /// How many messages were still queued and never written.
    pub unsent: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_described_briefly() {
        let time = Duration::from_millis(250);
        let session = Some("seven".to_owned());
        for (change, words) in [
            (Lifecycle::Connected { session: None }, "connected"),
            (Lifecycle::Connected { session: session.clone() }, "connected as seven"),
            (
                Lifecycle::Disconnected { reason: Disconnect::TooLarge, retry_in: Some(time) },
                "disconnected, next attempt in 250ms: a message was longer than the limit",
            ),
            (Lifecycle::Recovered { gap: time, session }, "connected again as seven after 250ms"),
            (Lifecycle::Closed { reason: Disconnect::Shutdown }, "closed: the client was shut down"),
        ] {
            assert_eq!(change.to_string(), words);
        }
    }
}
