use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::client::Client;
use crate::delivery::{Events, Overflow, RequestError, SendError, Subscription};
use crate::frame::CloseFrame;
use crate::lifecycle::{Disconnect, Limits, ShutdownReport};
use crate::protocol::{Heartbeat, Profile, RetryDecision};
use crate::transport::{Connector, Opening, Transport};
use eventwire_core::{
    Api, Destination, Handler, Handshake, MemberOf, Publisher, Receipt, ReplySpec, Requester, Responder,
};

/// The server's end of one connection. Made by [`UpgradeRequest::accept`](super::UpgradeRequest::accept).
///
/// It receives and sends like a [`Client`], with the same queues, limits and counters, but does not reconnect: the
/// events end then. Cheap to clone; it closes when the last clone and the last [`Events`] made from it are dropped.
pub struct Session<A: Api> {
    client: Client<A>,
}

/// The configuration of a [`Session`].
#[derive(Debug, Clone)]
pub struct SessionConfig {
    /// The sizes that keep memory bounded.
    pub limits: Limits,
    /// How many messages each stream of events may hold.
    pub inbound_capacity: usize,
    /// What happens when a stream holds as many messages as it may. For a service [`Overflow::Block`], the default, lets a
    /// client that sends too much feel it.
    pub overflow: Overflow,
    /// How the connection is kept alive, and the client's death noticed.
    pub heartbeat: Heartbeat,
    /// How long a request to the client waits for its reply.
    pub reply_timeout: Duration,
    /// The subprotocol that is agreed to: one of [`UpgradeRequest::protocols`](super::UpgradeRequest::protocols).
    pub protocol: Option<String>,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            inbound_capacity: 1024,
            overflow: Overflow::default(),
            heartbeat: Heartbeat::default(),
            reply_timeout: Duration::from_secs(10),
            protocol: None,
        }
    }
}

impl<A: Api> Session<A> {
    pub(super) async fn start(
        handshake: Handshake,
        transport: Box<dyn Transport>,
        options: SessionConfig,
    ) -> io::Result<Self> {
        let SessionConfig { limits, inbound_capacity, overflow, heartbeat, reply_timeout, protocol: _ } = options;
        let builder = Client::builder(handshake)
            .connector(Accepted(Mutex::new(Some(transport))))
            .profile(Serving(heartbeat))
            .limits(limits)
            .inbound_capacity(inbound_capacity)
            .overflow(overflow)
            .reply_timeout(reply_timeout);
        Ok(Self { client: builder.connect().await.map_err(io::Error::other)? })
    }

    /// Returns a stream of everything that is received, like [`Client::events`].
    #[must_use]
    pub fn events(&self) -> Events<A::Event> {
        self.client.events()
    }

    /// Calls a function for every event of one type, like [`Client::on`].
    pub fn on<T: MemberOf<A::Event>>(&self, react: impl FnMut(T) + Send + 'static) -> Subscription {
        self.client.on(react)
    }

    /// Passes every event to a handler, one after another, until the connection ends, like [`Client::handle`].
    pub fn handle<H: Handler<A::Event> + Send>(&self, handler: H) -> impl Future<Output = H> + Send + use<A, H> {
        self.client.handle(handler)
    }

    /// Passes every event to a handler until it returns an error or the connection ends, like [`Client::try_handle`].
    ///
    /// # Errors
    ///
    /// The first error of the handler.
    pub fn try_handle<H>(&self, handler: H) -> impl Future<Output = Result<H, H::Error>> + Send + use<A, H>
    where
        H: Handler<A::Event> + Send,
    {
        self.client.try_handle(handler)
    }

    /// Passes every request to a responder and sends its replies, until the connection ends, like [`Client::respond`].
    pub fn respond<R>(&self, responder: R) -> impl Future<Output = R> + Send + use<A, R>
    where
        R: Responder<A::Event, A::Command> + Send,
    {
        self.client.respond(responder)
    }

    /// Returns the session as a client, with filters, state and metrics.
    #[must_use]
    pub fn client(&self) -> &Client<A> {
        &self.client
    }

    /// Writes what is queued, then closes the connection with this code and reason and waits for the client to confirm. What
    /// is not done `within` that time is left undone.
    pub async fn close(&self, close: CloseFrame, within: Duration) -> ShutdownReport {
        self.client.end(close, within).await
    }
}

impl<A: Api> Clone for Session<A> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone() }
    }
}

impl<A: Api> fmt::Debug for Session<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("api", &A::TITLE).field("state", &self.client.state()).finish_non_exhaustive()
    }
}

/// Sends messages to the client, as a [`Client`] does to its server.
impl<A: Api> Publisher<A::Command> for Session<A> {
    type Error = SendError;
    type Receipt = Receipt;

    async fn publish_to(&self, command: A::Command, to: Destination) -> Result<Receipt, SendError> {
        self.client.publish_to(command, to).await
    }
}

/// Sends requests to the client, as a [`Client`] does to its server.
impl<A: Api> Requester<A::Command, A::Event> for Session<A> {
    type RequestError = RequestError;

    async fn request_to<R: Send + 'static>(
        &self,
        command: A::Command,
        to: Destination,
        replies: ReplySpec<A::Event, R>,
    ) -> Result<R, RequestError> {
        self.client.request_to(command, to, replies).await
    }
}

/// Gives the one connection that there is.
struct Accepted(Mutex<Option<Box<dyn Transport>>>);

impl Connector for Accepted {
    fn open(&self, _handshake: Handshake, _limits: &Limits) -> Opening {
        let transport = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        Box::pin(async move { transport.ok_or(Disconnect::Io(None)) })
    }
}

/// A client that has gone comes back by itself or not at all.
struct Serving(Heartbeat);

impl Profile for Serving {
    fn classify(&self, _reason: &Disconnect) -> RetryDecision {
        RetryDecision::Fatal
    }

    fn heartbeat(&self) -> Heartbeat {
        self.0.clone()
    }
}
