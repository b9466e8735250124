//! What a profile may decide.

use std::time::Duration;

use crate::frame::Outgoing;
use crate::lifecycle::{Disconnect, Lifecycle, ServerError};
use eventwire_core::{Handshake, Secret};

/// The rules of an API. All methods are pure functions that must be fast, because they run between two frames.
///
/// ```
/// use eventwire::client::ServerError;
/// use eventwire::profile::{FirstFrame, Profile};
///
/// /// An API that greets with `welcome <session>` or with `sorry <reason>`.
/// struct Polite;
///
/// impl Profile for Polite {
///     fn awaits_hello(&self) -> bool {
///         true
///     }
///
///     fn first_frame(&self, text: &str) -> FirstFrame {
///         match text.split_once(' ') {
///             Some(("welcome", session)) => FirstFrame::Ready { session: Some(session.to_owned()) },
///             Some(("sorry", reason)) => FirstFrame::Rejected(ServerError::new(reason)),
///             _ => FirstFrame::Wait,
///         }
///     }
/// }
/// ```
pub trait Profile: Send + Sync + 'static {
    /// Completes the handshake of one attempt, after the credentials were put into it.
    fn prepare(&self, handshake: &mut Handshake, attempt: &Attempt) {
        let _ = (handshake, attempt);
    }

    /// The text with which the client speaks first, when the API wants that.
    fn on_open(&self) -> Option<String> {
        None
    }

    /// Further secrets, such as a token in the text of [`on_open`](Self::on_open). Where the peer repeats one of them, or a
    /// part of it, errors and logs show an ellipsis, as they do for what the credentials add to the handshake.
    fn secrets(&self) -> Vec<Secret> {
        Vec::new()
    }

    /// Whether the server says with its own frame that the connection is ready.
    fn awaits_hello(&self) -> bool {
        false
    }

    /// Judges a frame received before the connection is ready; called only if [`awaits_hello`](Self::awaits_hello).
    fn first_frame(&self, text: &str) -> FirstFrame {
        let _ = text;
        FirstFrame::Wait
    }

    /// Reads an error frame, which may come at any time once the connection is ready; `None` for every other frame.
    fn server_error(&self, text: &str) -> Option<ServerError> {
        let _ = text;
        None
    }

    /// Whether a frame is to be delivered; one that is not is counted as ignored.
    fn is_event(&self, text: &str) -> bool {
        let _ = text;
        true
    }

    /// The decision after a failed attempt or a lost connection.
    fn classify(&self, reason: &Disconnect) -> RetryDecision {
        RetryDecision::standard(reason)
    }

    /// How the connection is kept alive and its death noticed.
    fn heartbeat(&self) -> Heartbeat {
        Heartbeat::default()
    }

    /// How long the connection must be down before [`Lifecycle::Offline`] says so; `None` for never.
    fn offline_after(&self) -> Option<Duration> {
        None
    }

    /// The events that clients of this API are used to see for a change of the connection, delivered after it as if they
    /// had been received.
    fn synthetic_events(&self, change: &Lifecycle) -> Vec<String> {
        let _ = change;
        Vec::new()
    }
}

/// One attempt to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// Counts the attempts of a client, from 1.
    pub number: u32,
    /// Whether an earlier attempt led to a ready connection.
    pub reconnect: bool,
}

impl Attempt {
    /// Creates an attempt, for the tests of a profile.
    #[must_use]
    pub fn new(number: u32, reconnect: bool) -> Self {
        Self { number, reconnect }
    }
}

/// What a frame means before the connection is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstFrame {
    /// The connection is ready.
    Ready {
        /// What the server calls the connection, if it does.
        session: Option<String>,
    },
    /// The server does not want this client.
    Rejected(ServerError),
    /// Something else; the wait continues.
    Wait,
}

/// The decision after a failed attempt or a lost connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryDecision {
    /// Try again, soon at first and then more and more slowly.
    Retry,
    /// Try again a few times with long delays: the reason hardly goes away by itself.
    RetrySlowly,
    /// Try again with new credentials.
    RefreshCredentials,
    /// Do not try again.
    Fatal,
}

impl RetryDecision {
    /// Returns the decision of the default profile for a reason, by the WebSocket and HTTP protocols.
    #[must_use]
    pub fn standard(reason: &Disconnect) -> Self {
        match reason {
            Disconnect::Credentials(_)
            | Disconnect::Unreachable(_)
            | Disconnect::TimedOut(_)
            | Disconnect::Io(_)
            | Disconnect::IdleTimeout(_) => Self::Retry,
            Disconnect::Tls(_) | Disconnect::Handshake(_) | Disconnect::Protocol { .. } | Disconnect::TooLarge => {
                Self::RetrySlowly
            }
            Disconnect::Http(answer) => Self::of_status(answer.status),
            // Credentials for the server do not change a proxy's mind.
            Disconnect::Proxy(answer) => match Self::of_status(answer.status) {
                Self::RefreshCredentials => Self::Fatal,
                decision => decision,
            },
            Disconnect::Closed { code, .. } => Self::of_close(*code),
            Disconnect::Server(_) | Disconnect::Overflow | Disconnect::Shutdown => Self::Fatal,
        }
    }

    /// Returns the decision for an HTTP status other than 101.
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::RefreshCredentials,
            408 | 425 | 429 | 500..=599 => Self::Retry,
            _ => Self::Fatal,
        }
    }

    fn of_close(code: Option<u16>) -> Self {
        match code {
            // RFC 6455, 7.4.1, and the registry: normal, going away, internal error, restart, try again, bad gateway.
            None | Some(1000 | 1001 | 1005 | 1006 | 1011..=1014) => Self::Retry,
            Some(1008) => Self::Fatal,
            Some(_) => Self::RetrySlowly,
        }
    }
}

/// How a connection is kept alive, and when it is considered dead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heartbeat {
    /// Time between two beats.
    pub interval: Duration,
    /// What is sent.
    pub frame: HeartbeatFrame,
    /// A connection on which nothing arrives for this long, neither a frame nor a part of a message, is given up.
    pub idle_timeout: Duration,
}

impl Default for Heartbeat {
    fn default() -> Self {
        Self { interval: Duration::from_secs(25), frame: HeartbeatFrame::Ping, idle_timeout: Duration::from_secs(35) }
    }
}

/// The frame that keeps a connection alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeartbeatFrame {
    /// A WebSocket ping, which the peer must answer.
    Ping,
    /// A text message of the API's own.
    Text(String),
}

impl HeartbeatFrame {
    pub(crate) fn to_outgoing(&self) -> Outgoing {
        match self {
            Self::Ping => Outgoing::Ping,
            Self::Text(text) => Outgoing::Text(text.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::HttpResponse;

    #[test]
    fn close_codes_and_statuses_are_classified() {
        let closed = |code| Disconnect::Closed { code, reason: String::new() };
        let http = |status| Disconnect::Http(HttpResponse::new(status));
        let table = [
            (closed(None), RetryDecision::Retry),
            (closed(Some(1000)), RetryDecision::Retry),
            (closed(Some(1001)), RetryDecision::Retry),
            (closed(Some(1011)), RetryDecision::Retry),
            (closed(Some(1012)), RetryDecision::Retry),
            (closed(Some(1013)), RetryDecision::Retry),
            (closed(Some(1002)), RetryDecision::RetrySlowly),
            (closed(Some(1003)), RetryDecision::RetrySlowly),
            (closed(Some(1007)), RetryDecision::RetrySlowly),
            (closed(Some(1009)), RetryDecision::RetrySlowly),
            (closed(Some(1010)), RetryDecision::RetrySlowly),
            (closed(Some(1008)), RetryDecision::Fatal),
            (closed(Some(4000)), RetryDecision::RetrySlowly),
            (http(301), RetryDecision::Fatal),
            (http(401), RetryDecision::RefreshCredentials),
            (http(403), RetryDecision::Fatal),
            (http(429), RetryDecision::Retry),
            (http(503), RetryDecision::Retry),
            (Disconnect::Proxy(HttpResponse::new(401)), RetryDecision::Fatal),
            (Disconnect::Proxy(HttpResponse::new(407)), RetryDecision::Fatal),
            (Disconnect::Proxy(HttpResponse::new(502)), RetryDecision::Retry),
            (Disconnect::Io(None), RetryDecision::Retry),
            (Disconnect::TooLarge, RetryDecision::RetrySlowly),
            (Disconnect::Shutdown, RetryDecision::Fatal),
        ];
        for (reason, decision) in table {
            assert_eq!(RetryDecision::standard(&reason), decision, "{reason:?}");
        }
    }
}
