//! Where the driver gets its time from.

use std::pin::Pin;
use std::time::{Duration, Instant};

/// A source of time. Tests may bring their own; the default is tokio's, which tests can pause.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Instant;

    /// Waits for a moment.
    fn sleep_until(&self, moment: Instant) -> Sleep;
}

/// A wait for a moment.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// As late as it gets: nobody waits this long.
const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

/// The moment after some time, of which [`Duration::MAX`] is the usual spelling of "never".
pub(crate) fn later(moment: Instant, time: Duration) -> Instant {
    moment.checked_add(time.min(NEVER)).unwrap_or(moment)
}

/// Tokio's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn sleep_until(&self, moment: Instant) -> Sleep {
        Box::pin(tokio::time::sleep_until(moment.into()))
    }
}
