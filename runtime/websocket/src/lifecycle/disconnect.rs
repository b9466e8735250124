//! What goes wrong with a connection, as values that can be matched, cloned and shown without giving away a secret.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::frame::Violation;

/// Why there is no connection: an attempt failed, or the connection ended.
///
/// Its `Display` text names the peer: the server of a client, the client of a server.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Disconnect {
    /// The credentials provider failed.
    Credentials(SharedError),
    /// The host was not found or no address of it could be reached.
    Unreachable(SharedError),
    /// The proxy answered the request for a connection with a refusal: 407 if it wants other credentials, often 502 or
    /// 504 if it cannot reach the server.
    Proxy(HttpResponse),
    /// The TLS handshake failed: an unknown authority, another name, an expired certificate.
    Tls(SharedError),
    /// The server answered the upgrade request with an ordinary HTTP response.
    Http(HttpResponse),
    /// The upgrade request could not be made, or what came back was not an answer to it.
    Handshake(String),
    /// A step took longer than its limit in [`Timeouts`](crate::client::Timeouts).
    TimedOut(ConnectPhase),
    /// The server sent an error frame.
    Server(ServerError),
    /// The server closed the connection with a close frame.
    Closed {
        /// The close code, if the frame had one.
        code: Option<u16>,
        /// The server's explanation, often empty.
        reason: String,
    },
    /// The connection broke without a close frame; without a cause when the stream just ended.
    Io(Option<SharedError>),
    /// Nothing arrived for this long, neither a frame nor a part of a message.
    IdleTimeout(Duration),
    /// The server broke the WebSocket protocol.
    Protocol {
        /// The close code that names the violation, 1002 or 1007.
        code: u16,
        /// What it did.
        message: String,
    },
    /// A frame or message was longer than [`Limits`](crate::client::Limits) allows.
    TooLarge,
    /// Events were not taken fast enough and the policy is [`Overflow::Disconnect`](crate::client::Overflow::Disconnect).
    Overflow,
    /// This side ended the connection.
    Shutdown,
}

impl Disconnect {
    /// Returns the server's error frame, if that is the reason.
    #[must_use]
    pub fn server(&self) -> Option<&ServerError> {
        match self {
            Self::Server(error) => Some(error),
            _ => None,
        }
    }

    pub(crate) fn io(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Io(Some(SharedError::new(error)))
    }
}

impl fmt::Display for Disconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credentials(_) => f.write_str("no credentials"),
            Self::Unreachable(_) => f.write_str("the host cannot be reached"),
            Self::Proxy(answer) => write!(f, "the proxy refused with HTTP status {}", answer.status),
            Self::Tls(_) => f.write_str("the TLS handshake failed"),
            Self::Http(answer) => {
                write!(f, "the peer answered with HTTP status {} instead of upgrading", answer.status)
            }
            Self::Handshake(message) => write!(f, "the WebSocket handshake failed: {message}"),
            Self::TimedOut(step) => write!(f, "{step} took too long"),
            Self::Server(error) => error.fmt(f),
            Self::Closed { code, reason } => {
                f.write_str("the peer closed the connection")?;
                if let Some(code) = code {
                    write!(f, " with code {code}")?;
                }
                if reason.is_empty() { Ok(()) } else { write!(f, ": {reason}") }
            }
            Self::Io(_) => f.write_str("the connection broke"),
            Self::IdleTimeout(silence) => write!(f, "the peer was silent for {silence:?}"),
            Self::Protocol { message, .. } => write!(f, "the peer broke the protocol: {message}"),
            Self::TooLarge => f.write_str("a message was longer than the limit"),
            Self::Overflow => f.write_str("events were not taken fast enough"),
            Self::Shutdown => f.write_str("the client was shut down"),
        }
    }
}

impl Error for Disconnect {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Credentials(cause) | Self::Unreachable(cause) | Self::Tls(cause) | Self::Io(Some(cause)) => {
                Some(&*cause.0)
            }
            Self::Server(error) => Some(error),
            Self::Proxy(_)
            | Self::Http(_)
            | Self::Handshake(_)
            | Self::TimedOut(_)
            | Self::Closed { .. }
            | Self::Io(None)
            | Self::IdleTimeout(_)
            | Self::Protocol { .. }
            | Self::TooLarge
            | Self::Overflow
            | Self::Shutdown => None,
        }
    }
}

impl From<Violation> for Disconnect {
    fn from(fault: Violation) -> Self {
        match fault {
            Violation::Protocol(message) => Self::Protocol { code: 1002, message: message.to_owned() },
            Violation::NotUtf8(message) => Self::Protocol { code: 1007, message: message.to_owned() },
            Violation::TooLarge => Self::TooLarge,
        }
    }
}

/// A shared error of another library or of the user's code.
#[derive(Clone)]
pub struct SharedError(Arc<dyn Error + Send + Sync>);

impl SharedError {
    /// Wraps an error, or a message.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into().into())
    }

    /// Returns the error.
    #[must_use]
    pub fn get(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl fmt::Debug for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A phase of connecting with its own time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectPhase {
    /// Asking the provider for credentials.
    Credentials,
    /// Name look-up, TCP, TLS and the WebSocket handshake.
    Open,
    /// Waiting for the frame with which the server says that the connection is ready.
    Hello,
    /// Receiving one message.
    Message,
}

impl fmt::Display for ConnectPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credentials => "asking for credentials",
            Self::Open => "opening the connection",
            Self::Hello => "waiting for the peer's first frame",
            Self::Message => "receiving a message",
        })
    }
}

/// An HTTP response that rejects a request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The beginning of the body, at most 16 KiB. Servers may repeat the request in it, so it is shown nowhere by itself.
    pub body: String,
    /// How long the server asks to stay away.
    pub retry_after: Option<Duration>,
}

impl HttpResponse {
    /// Creates a response with an empty body.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self { status, body: String::new(), retry_after: None }
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpAnswer")
            .field("status", &self.status)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("retry_after", &self.retry_after)
            .finish()
    }
}

/// An error that the server reported in a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerError {
    /// The API's own code.
    pub code: Option<i64>,
    /// The HTTP status that the API attaches to the error.
    pub status: Option<u16>,
    /// The API's explanation.
    pub message: String,
}

impl ServerError {
    /// Creates an error with a message and no code.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: None, status: None, message: message.into() }
    }

    /// Sets the API's code.
    #[must_use]
    pub fn with_code(self, code: i64) -> Self {
        Self { code: Some(code), ..self }
    }

    /// Sets the HTTP status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the peer reported an error")?;
        if let Some(code) = self.code {
            write!(f, " with code {code}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl Error for ServerError {}
