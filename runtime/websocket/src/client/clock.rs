//! Where the driver gets its time from.

use std::pin::Pin;
use std::time::Instant;

/// A source of time. Tests may bring their own; the default is tokio's, which tests can pause.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Instant;

    /// Waits for a moment.
    fn sleep_until(&self, moment: Instant) -> Sleep;
}

/// A wait for a moment.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

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
