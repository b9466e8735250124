//! Why there is no client.

use std::error::Error;
use std::fmt;

use crate::lifecycle::{Disconnect, ServerError};

/// Why [`ClientBuilder::connect`](crate::client::ClientBuilder::connect) gave up.
#[derive(Debug, Clone)]
pub struct ConnectError {
    reason: Disconnect,
    attempts: u32,
}

impl ConnectError {
    pub(crate) fn new(reason: Disconnect, attempts: u32) -> Self {
        Self { reason, attempts }
    }

    /// Why the last attempt failed.
    #[must_use]
    pub fn reason(&self) -> &Disconnect {
        &self.reason
    }

    /// How many attempts were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The server's error frame, when that is the reason.
    #[must_use]
    pub fn server(&self) -> Option<&ServerError> {
        self.reason.server()
    }

    /// The API's code in the server's error frame.
    #[must_use]
    pub fn code(&self) -> Option<i64> {
        self.server()?.code
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not connected: {}", self.reason)
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.reason.source()
    }
}
