//! Functions that are called for events.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::events::Events;
use eventwire_core::{EventSet, MemberOf};

/// A callback for events. It keeps the connection open, as [`Events`] do, and ends when this is dropped.
///
/// ```
/// use eventwire::Api;
/// use eventwire::client::Client;
///
/// # fn run<A: Api>(client: &Client<A>) {
/// let subscription = client.on_event(|_| println!("an event"));
/// // … until here:
/// drop(subscription);
/// // From now on, until the client is shut down:
/// client.on_event(|_| println!("an event")).detach();
/// # }
/// ```
#[must_use = "the function is not called any more once this is dropped"]
pub struct Subscription {
    end: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl Subscription {
    /// Keeps the callback until the client closes. Dropping handles then no longer closes the connection: end it with
    /// [`Client::shutdown`](crate::client::Client::shutdown), or with the runtime.
    pub fn detach(mut self) {
        self.end = None;
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            end();
        }
    }
}

/// Calls `react` for what the events hold; they are all of one type.
pub(crate) fn of_type<E, T>(mut react: impl FnMut(T) + Send + 'static) -> impl FnMut(E) + Send + 'static
where
    E: EventSet,
    T: MemberOf<E>,
{
    move |event| {
        if let Some(event) = T::from_set(event) {
            react(event);
        }
    }
}

/// Calls `react` for every event. A call that panics is counted and logged; the next event is another chance.
pub(crate) fn start<E, F>(mut events: Events<E>, mut react: F) -> Subscription
where
    E: EventSet,
    F: FnMut(E) + Send + 'static,
{
    // The task may be dropped later than this: nothing is to be gathered for it meanwhile.
    let unsubscribe = events.ending();
    let task = tokio::spawn(async move {
        while let Some(delivery) = events.next().await {
            let Some(event) = delivery.event_or_log() else {
                continue;
            };
            if catch_unwind(AssertUnwindSafe(|| react(event))).is_err() {
                events.count_panic();
                tracing::error!("a function called for an event panicked");
            }
        }
    });
    let task = task.abort_handle();
    let end = move || {
        task.abort();
        unsubscribe();
    };
    Subscription { end: Some(Box::new(end)) }
}
