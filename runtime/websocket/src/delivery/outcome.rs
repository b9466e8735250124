//! What a client hands out.

use crate::lifecycle::Lifecycle;
use eventwire_core::Malformed;

/// An item of [`Events`](crate::client::Events).
#[derive(Debug)]
#[non_exhaustive]
pub enum Delivery<E> {
    /// An event.
    Event(E),
    /// The connection changed. In order with the events: those received before come before.
    Lifecycle(Lifecycle),
    /// Events were dropped here because they were not taken fast enough.
    Lagged {
        /// How many.
        dropped: u64,
    },
    /// A message that does not decode. The connection continues.
    Malformed(Malformed),
}

impl<E> Delivery<E> {
    /// Returns the event, if it is one.
    #[must_use]
    pub fn event(self) -> Option<E> {
        match self {
            Self::Event(event) => Some(event),
            Self::Lifecycle(_) | Self::Lagged { .. } | Self::Malformed(_) => None,
        }
    }

    /// The event, if it is one; everything else is logged.
    pub(crate) fn event_or_log(self) -> Option<E> {
        match self {
            Self::Event(event) => return Some(event),
            Self::Malformed(malformed) => {
                tracing::warn!(error = %malformed.error, "malformed message");
            }
            Self::Lagged { dropped } => tracing::warn!(dropped, "events dropped"),
            // The driver has logged it.
            Self::Lifecycle(_) => {}
        }
        None
    }
}
