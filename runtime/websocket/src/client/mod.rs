//! The connection: a typed client over one WebSocket that keeps itself alive.
//!
//! What comes in: an [`Api`] that generated code implements, a [`Handshake`] that says where to, and a
//! [`Profile`](crate::protocol::Profile) with the rules that no document states. What goes out: a stream of [`Delivery`]s,
//! and the means to publish.
//!
//! ```no_run
//! use eventwire::client::{Client, Delivery, Lifecycle};
//! use eventwire::Handshake;
//! # use eventwire::{Api, DecodeError, EventSet, NoMessages};
//! # #[derive(Debug)] struct Tick;
//! # impl EventSet for Tick {
//! #     type Kind = ();
//! #     fn from_json(_: &str) -> Result<Self, DecodeError> { Ok(Tick) }
//! #     fn kind(&self) -> Option<()> { None }
//! #     fn kind_of(_: &str) -> Option<()> { None }
//! # }
//! # struct Ticker;
//! # impl Api for Ticker {
//! #     const TITLE: &'static str = "Ticker";
//! #     type Event = Tick;
//! #     type Command = NoMessages;
//! #     type Credentials = ();
//! # }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::<Ticker>::builder(Handshake::new("wss", "ticker.example", "/v1")).connect().await?;
//! let mut events = client.events();
//! while let Some(delivery) = events.next().await {
//!     match delivery {
//!         Delivery::Event(event) => println!("{event:?}"),
//!         Delivery::Lifecycle(Lifecycle::Recovered { gap, .. }) => println!("missed what happened in {gap:?}"),
//!         Delivery::Malformed(malformed) => eprintln!("{}: {}", malformed.error, malformed.text()),
//!         Delivery::Lagged { dropped } => eprintln!("{dropped} events dropped"),
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is promised
//!
//! Events are delivered in the order of the connection, each at most once. What the server sends while there is no
//! connection is lost unless the server sends it again; [`Lifecycle::Recovered`] marks the gap. Nothing is silently
//! dropped: see [`Overflow`]. A message that is sent goes to the present connection or fails; none is kept for the next
//! one.
//!
//! # Where to go from here
//!
//! - Part of the events, and functions called for them: [`Client::events_of_kinds`], [`Client::on`],
//!   [`Client::filter`].
//! - Before the first frame, and after a gap: [`ClientBuilder::build`], [`ClientBuilder::on_recovered`].
//! - How a connection is opened: [`WebSocket`] with its proxy and TLS, or a [`Connector`] of one's own.
//! - Monitoring: [`Client::watch`], [`Client::metrics`], and logs of `tracing` in the span `eventwire`.
//! - The end: [`Client::shutdown`].

mod builder;
mod credentials;
mod driver;
mod error;
mod recovery;
mod unconnected;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

pub use builder::ClientBuilder;
pub use credentials::{CredentialsProvider, CredentialsReason};
pub use error::ConnectError;
pub use recovery::Recovery;
pub use unconnected::UnconnectedClient;

use crate::clock::later;
pub use crate::clock::{Clock, Sleep, TokioClock};
pub use crate::delivery::{
    Delivery, Events, Filtered, Metrics, Overflow, RequestError, SendError, States, Subscription,
};
use crate::delivery::{Handle, OutboundMessage, ShutdownRequest, Waiting, subscription};
pub use crate::frame::{CloseFrame, Frame, Outgoing, Role, Text};
pub use crate::lifecycle::{
    ConnectPhase, Disconnect, HttpResponse, Lifecycle, Limits, ServerError, SharedError, ShutdownReport, State,
    Timeouts,
};
pub use crate::machine::Backoff;
pub use crate::transport::{Connector, Draining, Opening, Proxy, Socket, Transport, WebSocket};
#[cfg(feature = "tls")]
pub use crate::transport::{Tls, TlsError};
pub use eventwire_core::Malformed;
use eventwire_core::{
    Api, Command, Destination, EventSet, Expression, Handler, Handshake, Json, MemberOf, Publisher, Receipt, ReplySpec,
    Requester, Responder,
};

/// A connection to an API, which reconnects when it breaks. Cloning is cheap; all clones share the connection.
///
/// The connection closes when the last clone and the last [`Events`] made from it are dropped.
pub struct Client<A: Api> {
    handle: Arc<Handle>,
    api: PhantomData<fn() -> A>,
}

impl<A: Api> Client<A> {
    /// Returns a builder for a client.
    pub fn builder(handshake: Handshake) -> ClientBuilder<A> {
        ClientBuilder::new(handshake)
    }

    fn new(handle: Handle) -> Self {
        Self { handle: Arc::new(handle), api: PhantomData }
    }

    /// Returns everything that is received.
    ///
    /// The first stream begins with the messages since the client connected, as far as they fit into the queue; each
    /// further stream has its own queue and begins now.
    #[must_use]
    pub fn events(&self) -> Events<A::Event> {
        Events::new(Arc::clone(&self.handle), self.handle.subscribe(None))
    }

    /// Returns a stream of the events of some kinds, and of every change of the connection, from now on. Other messages
    /// are not decoded.
    #[must_use]
    pub fn events_of_kinds(&self, kinds: &[<A::Event as EventSet>::Kind]) -> Events<A::Event> {
        let kinds = kinds.to_vec();
        Events::wanted(&self.handle, move |text| A::Event::kind_of(text).is_some_and(|kind| kinds.contains(&kind)))
    }

    /// Returns the events that have a value at a location, such as those of one channel. The value is found without
    /// decoding.
    ///
    /// ```
    /// use eventwire::{Api, Expression};
    /// use eventwire::client::{Client, Subscription};
    ///
    /// /// Where the API says which room an event is about.
    /// const ROOM: Expression = Expression::payload("/room/id");
    ///
    /// fn count_kitchen<A: Api>(client: &Client<A>) -> Subscription {
    ///     let mut count = 0;
    ///     client.filter(ROOM, "kitchen").on_event(move |_| count += 1)
    /// }
    /// ```
    #[must_use]
    pub fn filter(&self, place: Expression, value: impl Into<Json>) -> Filtered<A> {
        Filtered::new(Arc::clone(&self.handle), place, value.into())
    }

    /// Passes every event to a handler, one after another, until the client closes. Returns the handler.
    ///
    /// Events are not redelivered, so an error of the handler is logged and counted ([`Metrics::failed`]), and the next
    /// event follows; [`try_handle`](Self::try_handle) ends at it. What is not an event is logged and otherwise passed
    /// over; a handler that must know about gaps is driven from [`events`](Self::events) instead.
    pub fn handle<H: Handler<A::Event> + Send>(&self, mut handler: H) -> impl Future<Output = H> + Send + use<A, H> {
        let mut events = self.events();
        async move {
            while let Some(received) = events.next_received().await {
                if let Err(error) = handler.handle(received).await {
                    events.count_failure();
                    tracing::error!(%error, "an event was not handled");
                }
            }
            handler
        }
    }

    /// Passes every event to a handler, like [`handle`](Self::handle), until the handler returns an error or the client
    /// closes. An error does not close the client.
    ///
    /// # Errors
    ///
    /// The first error of the handler.
    pub fn try_handle<H>(&self, mut handler: H) -> impl Future<Output = Result<H, H::Error>> + Send + use<A, H>
    where
        H: Handler<A::Event> + Send,
    {
        let mut events = self.events();
        async move {
            while let Some(received) = events.next_received().await {
                handler.handle(received).await.inspect_err(|_| events.count_failure())?;
            }
            Ok(handler)
        }
    }

    /// Passes every request to a responder, one after another, and sends its replies, until the client closes. Returns
    /// the responder.
    ///
    /// An error of the responder is logged and counted, like that of a [handler](Self::handle). What is not an event, and an
    /// answer that cannot be sent, is logged and otherwise passed over.
    pub fn respond<R>(&self, mut responder: R) -> impl Future<Output = R> + Send + use<A, R>
    where
        R: Responder<A::Event, A::Command> + Send,
    {
        let mut events = self.events();
        let client = self.clone();
        async move {
            while let Some(received) = events.next_received().await {
                let answer = match responder.respond(received).await {
                    Ok(Some(answer)) => answer,
                    Ok(None) => continue,
                    Err(error) => {
                        events.count_failure();
                        tracing::error!(%error, "an event was not handled");
                        continue;
                    }
                };
                if let Err(error) = client.publish(answer).await {
                    tracing::warn!(%error, "an answer was not sent");
                }
            }
            responder
        }
    }

    /// Calls a function for every event of one type, from now on, in its own task, until the subscription is dropped or
    /// the client closes. A panic is logged and counted, and does not keep the next event from the function.
    ///
    /// The type is named: `client.on::<MessageNewEvent>(|event| …)`. Where several messages have one type, use
    /// [`on_kind`](Self::on_kind).
    pub fn on<T: MemberOf<A::Event>>(&self, react: impl FnMut(T) + Send + 'static) -> Subscription {
        self.on_kind(T::KIND, subscription::of_type(react))
    }

    /// Calls a function for every event of one kind, like [`on`](Self::on).
    pub fn on_kind<F>(&self, kind: <A::Event as EventSet>::Kind, react: F) -> Subscription
    where
        F: FnMut(A::Event) + Send + 'static,
    {
        subscription::start(self.events_of_kinds(&[kind]), react)
    }

    /// Calls a function for every event, like [`on`](Self::on).
    pub fn on_event<F>(&self, react: F) -> Subscription
    where
        F: FnMut(A::Event) + Send + 'static,
    {
        subscription::start(Events::wanted(&self.handle, |_| true), react)
    }

    /// Returns the current state.
    #[must_use]
    pub fn state(&self) -> State {
        *self.handle.shared.state.borrow()
    }

    /// Returns the state and its changes.
    #[must_use]
    pub fn watch(&self) -> States {
        States::new(self.handle.shared.state.subscribe())
    }

    /// Returns the counters of the client.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.handle.shared.counters.snapshot()
    }

    /// Closes the client: no further message is accepted, queued messages are written, the connection is closed with
    /// code 1000, and events are delivered until the server confirms. What is not done `within` that time is left
    /// undone.
    ///
    /// Dropping the future does not stop the shutdown. A client that has ended already gives the report of its end.
    pub async fn shutdown(&self, within: Duration) -> ShutdownReport {
        self.end(CloseFrame::new(1000), within).await
    }

    /// Ends the client with a close frame of one's own.
    pub(crate) async fn end(&self, close: CloseFrame, within: Duration) -> ShutdownReport {
        // If the slot is taken somebody else has asked already; if it is closed the driver has ended.
        let _ = self.handle.stop.try_send(ShutdownRequest { close, within });
        let mut report = self.handle.shared.report.subscribe();
        match report.wait_for(Option::is_some).await.map(|report| report.clone()) {
            Ok(Some(report)) => report,
            Ok(None) | Err(_) => ShutdownReport { reason: Disconnect::Shutdown, clean: false, unsent: 0 },
        }
    }

    /// Refuses a destination to which the connection does not lead.
    fn check(&self, to: &Destination) -> Result<(), SendError> {
        let elsewhere = to.address.as_ref().is_some_and(|address| *address != self.handle.address);
        if elsewhere || !to.headers.is_empty() { Err(SendError::Destination) } else { Ok(()) }
    }

    async fn send(&self, text: String, waiting: Option<Waiting>) -> Result<(), SendError> {
        if text.len() > self.handle.longest {
            return Err(SendError::TooLarge);
        }
        match self.state() {
            State::Connected => {}
            State::Connecting | State::Reconnecting => return Err(SendError::NotConnected),
            State::Closing | State::Closed => return Err(SendError::Closed),
        }
        let (written, outcome) = oneshot::channel();
        self.handle.outbound.try_send(OutboundMessage { text, waiting, written }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SendError::Full,
            mpsc::error::TrySendError::Closed(_) => SendError::Closed,
        })?;
        outcome.await.unwrap_or(Err(SendError::Closed))
    }
}

/// Sends commands. A call is done when the message is in the hands of the connection ([`Receipt::Sent`]); that the server got
/// it, only the server can tell. A message for which there is no connection is not kept for the next one. A connection leads
/// to one address, its path, and carries no headers: every other [`Destination`] is refused.
impl<A: Api> Publisher<A::Command> for Client<A> {
    type Error = SendError;
    type Receipt = Receipt;

    async fn publish_to(&self, command: A::Command, to: Destination) -> Result<Receipt, SendError> {
        self.check(&to)?;
        let text = command.to_json().map_err(SendError::Encode)?;
        drop(command);
        self.send(text, None).await?;
        Ok(Receipt::Sent)
    }
}

/// Sends requests. The reply is also an event like any other. It is taken for the reply if it carries the same correlation
/// value as the request; where the document has none, the first message that can be the reply is taken, so that replies to
/// requests of one kind have to come in the order of the requests.
///
/// A consumer of events that waits for a reply takes no events meanwhile: with [`Overflow::Block`] its own full queue
/// would keep the reply from being read. Dropping the future gives up the reply, but does not take back a request that was
/// written. A request that was given up without a correlation value keeps its place in line for as long again as the
/// time-out, so that a late reply is not taken for that of the next request.
impl<A: Api> Requester<A::Command, A::Event> for Client<A> {
    type RequestError = RequestError;

    async fn request_to<R: Send + 'static>(
        &self,
        command: A::Command,
        to: Destination,
        replies: ReplySpec<A::Event, R>,
    ) -> Result<R, RequestError> {
        self.check(&to).map_err(RequestError::Send)?;
        let text = command.to_json().map_err(|error| RequestError::Send(SendError::Encode(error)))?;
        drop(command);
        let Handle { clock, reply_timeout: patience, .. } = &*self.handle;
        let expected = replies.expect(&text);
        let (reply, outcome) = oneshot::channel();
        let exact = expected.is_exact();
        let is_reply = Box::new(move |text: &str| expected.is_met_by(text));
        let waiting = Waiting { is_reply, exact, patience: *patience, reply };
        let answered = async {
            self.send(text, Some(waiting)).await.map_err(RequestError::Send)?;
            let text = outcome.await.unwrap_or(Err(Disconnect::Shutdown)).map_err(RequestError::Disconnected)?;
            let malformed = |error| RequestError::Malformed(self.handle.malformed(error, text.to_string().into()));
            replies.read(&text).map_err(malformed)
        };
        tokio::select! {
            biased;
            reply = answered => reply,
            () = clock.sleep_until(later(clock.now(), *patience)) => Err(RequestError::TimedOut(*patience)),
        }
    }
}

impl<A: Api> Clone for Client<A> {
    fn clone(&self) -> Self {
        Self { handle: Arc::clone(&self.handle), api: PhantomData }
    }
}

impl<A: Api> fmt::Debug for Client<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("api", &A::TITLE).field("state", &self.state()).finish_non_exhaustive()
    }
}
