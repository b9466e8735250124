use std::io;

use eventwire::testing::Peer;
use serde_json::Value;

/// The service's end of a connection that came in. Dropped, the stream ends without a close frame.
#[derive(Debug)]
pub struct Session {
    peer: Peer,
    connection: String,
    client: String,
    connect: Value,
}

impl Session {
    pub(crate) fn new(peer: Peer, connection: String, client: String, connect: Value) -> Self {
        Self { peer, connection, client, connect }
    }

    /// The id that the service gave to the connection.
    #[must_use]
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// How the client calls itself.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The parameter `json` of the request.
    #[must_use]
    pub fn connect(&self) -> &Value {
        &self.connect
    }

    /// Sends a frame.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn send(&mut self, frame: impl Into<String>) -> io::Result<()> {
        self.peer.send(frame).await
    }

    /// Waits for the next event that the client publishes, past the beats that keep the connection alive; `None` when the
    /// client ends the connection before.
    pub async fn receive(&mut self) -> Option<String> {
        loop {
            let text = self.peer.next_text().await?;
            // Beats are lists, events are objects.
            if !text.starts_with('[') {
                return Some(text);
            }
        }
    }

    /// Closes the connection, and waits until the client has agreed.
    ///
    /// # Errors
    ///
    /// When the connection breaks before the frame is written.
    pub async fn close(self, code: u16, reason: &str) -> io::Result<()> {
        self.peer.close(code, reason).await
    }

    /// Breaks the connection without a word.
    ///
    /// # Errors
    ///
    /// When the system does not allow that.
    pub fn cut(self) -> io::Result<()> {
        self.peer.reset()
    }
}
