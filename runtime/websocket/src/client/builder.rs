//! How a client is made.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::Client;
use super::credentials::{CredentialsProvider, CredentialsSource};
use super::driver::{Driver, DriverState};
use super::error::ConnectError;
use super::recovery::{Hook, Recovery};
use super::unconnected::UnconnectedClient;
use crate::clock::{Clock, TokioClock};
use crate::delivery::{Capacity, Events, Handle, Overflow, SharedState};
use crate::lifecycle::{Limits, Timeouts};
use crate::machine::{Backoff, Machine, MachineConfig};
use crate::protocol::{DefaultProfile, Profile};
use crate::transport::{Connector, WebSocket};
use eventwire_core::{Api, Handshake};

/// The configuration of a [`Client`]. Made by [`Client::builder`].
///
/// Every method but the last has a default that suits most APIs.
///
/// ```
/// use eventwire::client::{Backoff, Client, ConnectError, Limits, Overflow};
/// use eventwire::{Api, Handshake};
/// use std::time::Duration;
///
/// # async fn run<A: Api>(credentials: A::Credentials) -> Result<(), ConnectError> {
/// let client = Client::<A>::builder(Handshake::new("wss", "ticker.example", "/v1"))
///     .credentials(credentials)
///     .reconnect(Backoff { cap: Duration::from_secs(10), ..Backoff::default() })
///     .limits(Limits { message: 1 << 20, ..Limits::default() })
///     .inbound_capacity(100)
///     .overflow(Overflow::DropOldest)
///     .connect()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing happens before `connect`"]
pub struct ClientBuilder<A: Api> {
    handshake: Handshake,
    profile: Arc<dyn Profile>,
    connector: Option<Arc<dyn Connector>>,
    clock: Arc<dyn Clock>,
    credentials_source: CredentialsSource,
    backoff: Backoff,
    timeouts: Timeouts,
    limits: Limits,
    inbound_capacity: usize,
    overflow: Overflow,
    reply_timeout: Duration,
    retry_initial_connect: bool,
    seed: Option<u64>,
    recovered: Option<Hook>,
    api: PhantomData<fn() -> A>,
}

impl<A: Api> ClientBuilder<A> {
    pub(crate) fn new(handshake: Handshake) -> Self {
        Self {
            handshake,
            profile: Arc::new(DefaultProfile),
            connector: None,
            clock: Arc::new(TokioClock),
            credentials_source: CredentialsSource::empty(),
            backoff: Backoff::default(),
            timeouts: Timeouts::default(),
            limits: Limits::default(),
            inbound_capacity: 1024,
            overflow: Overflow::default(),
            reply_timeout: Duration::from_secs(10),
            retry_initial_connect: false,
            seed: None,
            recovered: None,
            api: PhantomData,
        }
    }

    /// Sets the rules of the API; [`DefaultProfile`] if not called.
    pub fn profile(self, profile: impl Profile) -> Self {
        Self { profile: Arc::new(profile), ..self }
    }

    /// Sets fixed credentials. If the server rejects them, the client closes.
    pub fn credentials(self, credentials: A::Credentials) -> Self {
        Self { credentials_source: CredentialsSource::fixed(credentials), ..self }
    }

    /// Sets a provider that is called whenever credentials are needed, and again when the server has rejected them, at
    /// most five times in succession.
    pub fn credentials_from(self, provider: impl CredentialsProvider<A::Credentials>) -> Self {
        Self { credentials_source: CredentialsSource::provider(provider), ..self }
    }

    /// Sets the delays between attempts to reconnect, and their number.
    pub fn reconnect(self, backoff: Backoff) -> Self {
        Self { backoff, ..self }
    }

    /// Sets whether [`connect`](Self::connect) retries after a temporary failure, such as a refused connection. The
    /// default is `false`, because a first failure is usually a wrong address.
    pub fn retry_initial_connect(self, retry_initial_connect: bool) -> Self {
        Self { retry_initial_connect, ..self }
    }

    /// Sets the capacity of each stream of events in messages. The default is 1024, the minimum 1.
    pub fn inbound_capacity(self, messages: usize) -> Self {
        Self { inbound_capacity: messages.max(1), ..self }
    }

    /// Sets what happens when a stream is full.
    pub fn overflow(self, overflow: Overflow) -> Self {
        Self { overflow, ..self }
    }

    /// Sets a function that runs after each reconnect, before live events are delivered, and can fetch the events of
    /// the gap from elsewhere. The frame that makes the connection ready is delivered, and the client can send; what
    /// the server sends after that stays unread until the function is done, or
    /// [`Timeouts::recovery`](Timeouts::recovery) has passed. So it cannot wait for a reply on the connection itself.
    ///
    /// A function that panics is logged. One that is at work when the connection breaks again is dropped.
    ///
    /// ```
    /// use eventwire::client::{ClientBuilder, Recovery};
    /// # use eventwire::Api;
    /// # async fn fetch_since(_: std::time::Duration) {}
    ///
    /// # fn build<A: Api>(builder: ClientBuilder<A>) -> ClientBuilder<A> {
    /// builder.on_recovered(|Recovery { gap, .. }| fetch_since(gap))
    /// # }
    /// ```
    pub fn on_recovered<F, Fut>(self, recovered: F) -> Self
    where
        F: Fn(Recovery) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        Self { recovered: Some(Arc::new(move |recovery| Box::pin(recovered(recovery)))), ..self }
    }

    /// Sets how long a request waits for its reply. The default is 10 s.
    pub fn reply_timeout(self, reply_timeout: Duration) -> Self {
        Self { reply_timeout, ..self }
    }

    /// Sets the limits on memory.
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Sets the time limits of a connection.
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// Sets what opens connections. The default is [`WebSocket::new`].
    pub fn connector(self, connector: impl Connector) -> Self {
        Self { connector: Some(Arc::new(connector)), ..self }
    }

    /// Sets the clock.
    pub fn clock(self, clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// Sets the seed of random delays, for reproducible tests.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Connects, and waits until the connection is ready.
    ///
    /// The connection lives in its own task, so this must be called within a tokio runtime with timers and, for a
    /// real network, with I/O. Dropping the future abandons the connection.
    ///
    /// What arrives before the first call of [`Client::events`] is kept for it as far as it fits the queue; whatever the
    /// policy, the oldest is dropped then, for nobody may ever ask. With
    /// [`connect_with_events`](Self::connect_with_events) the policy holds from the start.
    ///
    /// # Errors
    ///
    /// Why there is no connection; [`ConnectError::server`] has the server's own words if it rejected this client.
    pub async fn connect(self) -> Result<Client<A>, ConnectError> {
        self.build().connect().await
    }

    /// Connects like [`connect`](Self::connect), and returns a stream that begins with the first frame.
    ///
    /// # Errors
    ///
    /// Why there is no connection.
    pub async fn connect_with_events(self) -> Result<(Client<A>, Events<A::Event>), ConnectError> {
        let unconnected = self.build();
        let events = unconnected.client().events();
        unconnected.connect().await.map(|client| (client, events))
    }

    /// Creates a client that is not connected yet, to subscribe before the first frame arrives.
    pub fn build(self) -> UnconnectedClient<A> {
        let (started, outcome) = oneshot::channel();
        let (handle, driver) = self.into_parts(started);
        UnconnectedClient::new(Client::new(handle), driver, outcome)
    }

    fn into_parts(self, started: oneshot::Sender<Result<(), ConnectError>>) -> (Handle, Driver) {
        let shared = Arc::new(SharedState::new(A::TITLE));
        let capacity =
            Capacity { items: self.inbound_capacity, bytes: self.limits.inbound_bytes, overflow: self.overflow };
        let (messages, outbound) = mpsc::channel(self.limits.outbound_messages.max(1));
        let (stop, stopped) = mpsc::channel(1);
        let handle = Handle {
            backlog: Mutex::new(Some(shared.add_backlog(capacity))),
            shared: Arc::clone(&shared),
            outbound: messages,
            stop,
            capacity,
            longest: self.limits.message,
            clock: Arc::clone(&self.clock),
            reply_timeout: self.reply_timeout,
            address: self.handshake.path().into(),
        };
        let rules = MachineConfig {
            profile: Arc::clone(&self.profile),
            backoff: self.backoff,
            retry_initial_connect: self.retry_initial_connect,
            renews: self.credentials_source.renews(),
            seed: self.seed.unwrap_or_else(|| fastrand::u64(..)),
            timeouts: self.timeouts.clone(),
        };
        let driver = Driver {
            machine: Machine::new(rules),
            profile: self.profile,
            connector: self.connector.unwrap_or_else(|| Arc::new(WebSocket::new())),
            work: DriverState::new(self.clock.now()),
            clock: self.clock,
            handshake: self.handshake,
            credentials_source: self.credentials_source,
            limits: self.limits,
            close_timeout: self.timeouts.close,
            recovery: self.timeouts.recovery,
            recovered: self.recovered,
            shared,
            outbound,
            stop: stopped,
            started: Some(started),
        };
        (handle, driver)
    }
}

impl<A: Api> fmt::Debug for ClientBuilder<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("api", &A::TITLE)
            .field("handshake", &self.handshake)
            .field("backoff", &self.backoff)
            .field("timeouts", &self.timeouts)
            .field("limits", &self.limits)
            .field("inbound_capacity", &self.inbound_capacity)
            .field("overflow", &self.overflow)
            .field("reply_timeout", &self.reply_timeout)
            .finish_non_exhaustive()
    }
}
