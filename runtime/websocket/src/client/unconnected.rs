//! A client before it connects.

use std::fmt;

use tokio::sync::oneshot;
use tracing::Instrument;

use super::Client;
use super::driver::Driver;
use super::error::ConnectError;
use crate::lifecycle::Disconnect;
use eventwire_core::Api;

/// A client that is not connected yet. Made by [`ClientBuilder::build`](super::ClientBuilder::build).
///
/// Subscriptions that are made now miss no event. Dropping it closes the client before it connects.
///
/// ```
/// use eventwire::client::{Client, ConnectError};
/// use eventwire::{Api, Handshake};
///
/// # async fn run<A: Api>() -> Result<(), ConnectError> {
/// let unconnected = Client::<A>::builder(Handshake::new("wss", "ticker.example", "/v1")).build();
/// let count = unconnected.client().on_event(|_| println!("an event"));
/// let client = unconnected.connect().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing happens before `connect`"]
pub struct UnconnectedClient<A: Api> {
    client: Client<A>,
    /// Large, and moved a lot until it runs.
    driver: Box<Driver>,
    started: oneshot::Receiver<Result<(), ConnectError>>,
}

impl<A: Api> UnconnectedClient<A> {
    pub(super) fn new(client: Client<A>, driver: Driver, started: oneshot::Receiver<Result<(), ConnectError>>) -> Self {
        Self { client, driver: Box::new(driver), started }
    }

    /// Returns the client.
    #[must_use]
    pub fn client(&self) -> &Client<A> {
        &self.client
    }

    /// Connects, and waits until the connection is ready; see [`ClientBuilder::connect`](super::ClientBuilder::connect).
    ///
    /// # Errors
    ///
    /// Why there is no connection.
    pub async fn connect(self) -> Result<Client<A>, ConnectError> {
        let Self { client, driver, started } = self;
        let span = tracing::debug_span!("eventwire", api = A::TITLE, host = driver.handshake.host());
        tokio::spawn(driver.run().instrument(span));
        // The sender is gone without a word only if the whole runtime is shutting down.
        started.await.unwrap_or_else(|_| Err(ConnectError::new(Disconnect::Shutdown, 0)))?;
        Ok(client)
    }
}

impl<A: Api> fmt::Debug for UnconnectedClient<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").field("client", &self.client).finish_non_exhaustive()
    }
}
