//! The stream of everything that a client receives.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio::task::coop;

use super::handle::Handle;
use super::inbox::{Inbox, QueueItem};
use super::outcome::Delivery;
use crate::frame::Text;
use eventwire_core::{Bytes, Consumer, DecodeError, EventSet, Incoming, Malformed, Received};

/// How many deliveries count as one step of tokio's budget, which is made for steps that take longer.
const SHARE: usize = 8;

/// A stream of what a client receives, in order. Made by [`Client::events`](crate::client::Client::events).
///
/// Messages are decoded in the task that reads the stream. The stream ends after [`Lifecycle::Closed`]. It keeps the
/// connection open as a [`Client`](crate::client::Client) does; the last of them to be dropped closes it.
///
/// It is also a [`Stream`], for the combinators of the `futures` crates:
///
/// ```
/// use eventwire::EventSet;
/// use eventwire::client::Events;
/// use futures_util::StreamExt;
///
/// async fn first_hundred<E: EventSet>(events: Events<E>) -> Vec<E> {
///     events.filter_map(async |delivery| delivery.event()).take(100).collect().await
/// }
/// ```
///
/// [`Lifecycle::Closed`]: crate::client::Lifecycle::Closed
pub struct Events<E> {
    handle: Arc<Handle>,
    inbox: Arc<Inbox>,
    /// Taken from the queue, but not by the consumer yet.
    prefetched: VecDeque<QueueItem>,
    event: PhantomData<fn() -> E>,
}

impl<E: EventSet> Events<E> {
    pub(crate) fn new(handle: Arc<Handle>, inbox: Arc<Inbox>) -> Self {
        Self { handle, inbox, prefetched: VecDeque::new(), event: PhantomData }
    }

    /// The messages whose text is wanted, from now on.
    pub(crate) fn wanted(handle: &Arc<Handle>, wants: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self::new(Arc::clone(handle), handle.subscribe(Some(Box::new(wants))))
    }

    /// Returns the next delivery; `None` when the client has closed and the queue is empty.
    ///
    /// Cancel-safe: dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Delivery<E>> {
        poll_fn(|cx| self.poll_take(cx)).await
    }

    /// Returns the next delivery with the text of a message, for a proxy or a router, which reads single members with
    /// an [`EventRef`](eventwire_core::EventRef). Only binary messages are malformed.
    ///
    /// Cancel-safe: dropping the future loses nothing.
    ///
    /// ```
    /// use eventwire::client::{Delivery, Events};
    /// use eventwire::{EventRef, EventSet};
    ///
    /// async fn route<E: EventSet>(mut events: Events<E>, forward: impl Fn(&str, &str)) {
    ///     while let Some(delivery) = events.next_text().await {
    ///         let Delivery::Event(text) = delivery else { continue };
    ///         if let Some(channel) = EventRef::<E>::new(&text).str(&["cid"]) {
    ///             forward(&channel, &text);
    ///         }
    ///     }
    /// }
    /// ```
    pub async fn next_text(&mut self) -> Option<Delivery<Text>> {
        let item = poll_fn(|cx| self.poll_item(cx)).await?;
        Some(self.open(item, |payload| match payload {
            Payload::Text(text) => Ok(text.clone()),
            Payload::Binary(_) => Err(DecodeError::custom("a binary message")),
        }))
    }

    /// Waits for at least one delivery, and appends all queued deliveries, at most `most`, to `batch`. Returns their
    /// number; 0 when the client has closed and the queue is empty.
    ///
    /// Cancel-safe: dropping the future loses nothing.
    pub async fn next_batch(&mut self, batch: &mut Vec<Delivery<E>>, most: usize) -> usize {
        let Some(first) = self.next().await else {
            return 0;
        };
        batch.push(first);
        let mut taken = 1;
        while taken < most && (!self.prefetched.is_empty() || self.inbox.take(&mut self.prefetched)) {
            let Some(item) = self.prefetched.pop_front() else { break };
            batch.push(self.open(item, decode));
            taken += 1;
        }
        taken
    }

    /// Returns the number of queued messages.
    #[must_use]
    pub fn backlog(&self) -> usize {
        self.inbox.len() + self.prefetched.iter().filter(|item| item.is_message()).count()
    }

    /// Ends these events, from elsewhere.
    pub(crate) fn ending(&self) -> impl FnOnce() + Send + Sync + use<E> {
        let (shared, inbox) = (Arc::clone(&self.handle.shared), Arc::clone(&self.inbox));
        move || shared.remove(&inbox)
    }

    /// Takes the next event with what is known of its delivery; everything else is logged.
    pub(crate) async fn next_received(&mut self) -> Option<Received<E>> {
        loop {
            if let Some(event) = self.next().await?.event_or_log() {
                return Some(self.received(event));
            }
        }
    }

    fn received(&self, event: E) -> Received<E> {
        let mut received = Received::new(event);
        received.address = self.handle.address.clone();
        received
    }

    /// Counts an event for which a handler returned an error.
    pub(crate) fn count_failure(&self) {
        self.handle.shared.counters.consumed.failed.add(1);
    }

    pub(crate) fn count_panic(&self) {
        self.handle.shared.counters.consumed.panicked.add(1);
    }

    fn poll_take(&mut self, cx: &mut Context<'_>) -> Poll<Option<Delivery<E>>> {
        self.poll_item(cx).map(|item| item.map(|item| self.open(item, decode)))
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<QueueItem>> {
        if self.prefetched.len().is_multiple_of(SHARE) {
            // A full queue must not keep the other tasks of this thread from running.
            let progress = ready!(coop::poll_proceed(cx));
            if self.prefetched.is_empty() && !ready!(self.inbox.poll_take(cx, &mut self.prefetched)) {
                progress.made_progress();
                return Poll::Ready(None);
            }
            progress.made_progress();
        }
        Poll::Ready(self.prefetched.pop_front())
    }

    #[inline]
    fn open<T>(&self, item: QueueItem, decode: impl FnOnce(Payload<'_>) -> Result<T, DecodeError>) -> Delivery<T> {
        let counters = &self.handle.shared.counters.consumed;
        let malformed = |error, payload| {
            counters.malformed.add(1);
            Delivery::Malformed(self.handle.malformed(error, payload))
        };
        match item {
            QueueItem::Text(text) => {
                counters.taken.add(1);
                match decode(Payload::Text(&text)) {
                    Ok(event) => Delivery::Event(event),
                    Err(error) => malformed(error, text.to_string().into()),
                }
            }
            QueueItem::Binary(bytes) => {
                counters.taken.add(1);
                match decode(Payload::Binary(&bytes)) {
                    Ok(event) => Delivery::Event(event),
                    Err(error) => malformed(error, bytes),
                }
            }
            QueueItem::Lifecycle(change) => Delivery::Lifecycle(*change),
            QueueItem::Lagged(dropped) => Delivery::Lagged { dropped },
        }
    }
}

/// What a message holds.
#[derive(Clone, Copy)]
enum Payload<'a> {
    Text(&'a Text),
    Binary(&'a Bytes),
}

#[inline]
fn decode<E: EventSet>(payload: Payload<'_>) -> Result<E, DecodeError> {
    match payload {
        Payload::Text(text) => E::from_json(text),
        Payload::Binary(bytes) => {
            let mut incoming = Incoming::new(bytes);
            incoming.content_type = Some("application/octet-stream");
            E::decode(&incoming)
        }
    }
}

/// Changes of the connection are passed over, and dropped events are logged. A WebSocket expects no acknowledgement.
impl<E: EventSet> Consumer<E> for Events<E> {
    type Ack = ();

    async fn next(&mut self) -> Option<Result<(Received<E>, ()), Malformed>> {
        loop {
            match Self::next(self).await? {
                Delivery::Malformed(malformed) => return Some(Err(malformed)),
                delivery @ (Delivery::Event(_) | Delivery::Lifecycle(_) | Delivery::Lagged { .. }) => {
                    if let Some(event) = delivery.event_or_log() {
                        return Some(Ok((self.received(event), ())));
                    }
                }
            }
        }
    }
}

impl<E: EventSet> Stream for Events<E> {
    type Item = Delivery<E>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_take(cx)
    }
}

impl<E> Drop for Events<E> {
    fn drop(&mut self) {
        self.handle.shared.remove(&self.inbox);
    }
}

impl<E: EventSet> std::fmt::Debug for Events<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").field("backlog", &self.backlog()).finish_non_exhaustive()
    }
}
