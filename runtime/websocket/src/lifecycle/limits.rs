//! How much and how long.

use std::time::Duration;

/// Limits on the memory of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The longest message, put together from its frames, in bytes. It holds in both directions.
    pub message: usize,
    /// The longest single frame that is received, in bytes.
    pub frame: usize,
    /// How many messages may wait to be written.
    pub outbound_messages: usize,
    /// How many bytes of events one queue may hold besides its number of events. A single event always fits.
    pub inbound_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { message: 4 << 20, frame: 4 << 20, outbound_messages: 256, inbound_bytes: 64 << 20 }
    }
}

/// Time limits of a connection; [`Duration::MAX`] means no limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeouts {
    /// Asking the provider for credentials.
    pub credentials: Duration,
    /// Name look-up, TCP, TLS and the WebSocket handshake together.
    pub open: Duration,
    /// From the open socket to the server's word that the connection is ready.
    pub hello: Duration,
    /// From the first bytes of a message to its end. A message that arrives slowly is not a silence, so this is what
    /// ends a connection on which one never becomes complete.
    pub message: Duration,
    /// From our close frame to the server's.
    pub close: Duration,
    /// The function called after a recovery; see [`ClientBuilder::on_recovered`](crate::client::ClientBuilder::on_recovered).
    pub recovery: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            credentials: Duration::from_secs(30),
            open: Duration::from_secs(15),
            hello: Duration::from_secs(15),
            message: Duration::from_secs(120),
            close: Duration::from_secs(1),
            recovery: Duration::from_secs(30),
        }
    }
}
