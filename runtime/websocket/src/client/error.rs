//! Why there is no client.

use std::error::Error;
use std::fmt;

use crate::lifecycle::{Disconnect, ServerError};

/// The error of [`ClientBuilder::connect`](crate::client::ClientBuilder::connect).
#[derive(Debug, Clone)]
pub struct ConnectError {
    reason: Disconnect,
    attempts: u32,
}

impl ConnectError {
    pub(crate) fn new(reason: Disconnect, attempts: u32) -> Self {
        Self { reason, attempts }
    }

    /// Returns why the last attempt failed.
    #[must_use]
    pub fn reason(&self) -> &Disconnect {
        &self.reason
    }

    /// Returns the number of attempts.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the server's error frame, if that is the reason.
    #[must_use]
    pub fn server(&self) -> Option<&ServerError> {
        self.reason.server()
    }

    /// Returns the API's code in the server's error frame.
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
