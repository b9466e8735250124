//! What is done with messages: handling, sending, consuming.

use std::convert::Infallible;
use std::fmt::Display;

use super::received::{Malformed, Received};
use crate::{Address, Headers};

/// Handles events of the set `E` one after another; the generated subscribe traits build on it.
///
/// `Ok` acknowledges the event. After an error the policy of the transport decides: a broker delivers the event again or puts
/// it aside; a client of a connection, which delivers once, logs and counts the error.
///
/// ```
/// use eventwire::{Handler, Received};
///
/// /// Hands events on, and notes how often they were delivered before.
/// struct Noting<H>(H, Vec<u32>);
///
/// impl<E: Send, H: Handler<E> + Send> Handler<E> for Noting<H> {
///     type Error = H::Error;
///
///     async fn handle(&mut self, received: Received<E>) -> Result<(), H::Error> {
///         self.1.push(received.redelivered);
///         self.0.handle(received).await
///     }
/// }
/// ```
pub trait Handler<E> {
    /// Why an event was not handled.
    type Error: Display + Send;

    /// Handles one event. The next one waits until this is done.
    fn handle(&mut self, received: Received<E>) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// A handler that its owner keeps.
impl<E, H: Handler<E> + ?Sized> Handler<E> for &mut H {
    type Error = H::Error;

    fn handle(&mut self, received: Received<E>) -> impl Future<Output = Result<(), H::Error>> + Send {
        (**self).handle(received)
    }
}

/// Sends messages of the set `C`; implemented by clients. The generated publish traits build on it.
pub trait Publisher<C> {
    /// Why a message was not accepted for sending.
    type Error;
    /// What is known of a message that was accepted, most often a [`Receipt`].
    type Receipt;

    /// Hands one message over for sending to where this publisher sends by default.
    fn publish(&self, command: C) -> impl Future<Output = Result<Self::Receipt, Self::Error>> + Send {
        self.publish_to(command, Destination::default())
    }

    /// Hands one message over for sending to a destination.
    fn publish_to(
        &self,
        command: C,
        to: Destination,
    ) -> impl Future<Output = Result<Self::Receipt, Self::Error>> + Send;
}

/// Where a message goes, and what it carries beside its payload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Destination {
    /// The address; `None` for the one to which the publisher sends by default.
    pub address: Option<Address>,
    /// The headers.
    pub headers: Headers,
}

impl Destination {
    /// Creates a destination without headers.
    pub fn new(address: impl Into<Address>) -> Self {
        Self { address: Some(address.into()), headers: Headers::new() }
    }
}

/// What is known of a message that was accepted for sending.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Receipt {
    /// It waits in a queue of this process.
    Queued,
    /// It was written to the connection. Only the peer knows whether it arrived.
    Sent,
    /// A broker has stored it.
    Stored(Stored),
}

/// Where a broker has stored a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// The stream, or the topic.
    pub stream: Address,
    /// The number of the message in it.
    pub sequence: u64,
    /// The broker had it already, and has dropped this one.
    pub duplicate: bool,
}

impl Stored {
    /// Creates the place of a message that the broker did not have before.
    pub fn new(stream: impl Into<Address>, sequence: u64) -> Self {
        Self { stream: stream.into(), sequence, duplicate: false }
    }
}

/// Takes events of the set `E` one by one, each with what acknowledges it.
///
/// With the `futures` crates it becomes a stream:
///
/// ```
/// use eventwire::{Consumer, Malformed, Received};
/// use futures_util::stream::{self, Stream};
///
/// fn stream<E, C: Consumer<E>>(consumer: C) -> impl Stream<Item = Result<(Received<E>, C::Ack), Malformed>> {
///     stream::unfold(consumer, async |mut consumer| Some((consumer.next().await?, consumer)))
/// }
/// ```
pub trait Consumer<E> {
    /// What acknowledges an event.
    type Ack: Acknowledge;

    /// Takes the next event, or a message that does not decode; `None` when nothing more will come.
    ///
    /// A malformed message needs no acknowledgement: the consumer's policy decides what becomes of it.
    #[expect(clippy::type_complexity, reason = "an alias would say less")]
    fn next(&mut self) -> impl Future<Output = Option<Result<(Received<E>, Self::Ack), Malformed>>> + Send;
}

/// Acknowledges one event. Dropped, it does neither; the broker delivers the event again when it has waited long enough.
pub trait Acknowledge: Send {
    /// Why the broker does not know.
    type Error: Display + Send;

    /// Reports that the event was handled.
    fn ack(self) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Reports that the event was not handled: the broker delivers it again or puts it aside, by its policy.
    fn nack(self) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// For transports that deliver once and expect no acknowledgement.
impl Acknowledge for () {
    type Error = Infallible;

    async fn ack(self) -> Result<(), Infallible> {
        Ok(())
    }

    async fn nack(self) -> Result<(), Infallible> {
        Ok(())
    }
}
