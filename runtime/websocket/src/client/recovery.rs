//! What is done when a connection is back, before live events flow.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::JoinHandle;
use tracing::Instrument;

use crate::clock::{Clock, later};

/// A connection after a reconnect, for [`ClientBuilder::on_recovered`](super::ClientBuilder::on_recovered).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovery {
    /// How long there was no connection.
    pub gap: Duration,
    /// What the server calls the new connection, if it does.
    pub session: Option<String>,
}

impl Recovery {
    pub(crate) fn new(gap: Duration, session: Option<String>) -> Self {
        Self { gap, session }
    }
}

/// The user's function without its type.
pub(crate) type Hook = Arc<dyn Fn(Recovery) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// The user's function at work in its own task, so that its panics stay there.
pub(crate) struct Recovering(JoinHandle<()>);

impl Recovering {
    pub(crate) fn start(hook: &Hook, recovery: Recovery, clock: &Arc<dyn Clock>, within: Duration) -> Self {
        let (hook, clock) = (Arc::clone(hook), Arc::clone(clock));
        let work = async move {
            let timeout = clock.sleep_until(later(clock.now(), within));
            tokio::select! {
                biased;
                () = hook(recovery) => {}
                () = timeout => tracing::warn!(?within, "the function called after a recovery took too long"),
            }
        };
        Self(tokio::spawn(work.in_current_span()))
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.0).poll(cx).map(|outcome| {
            if outcome.is_err_and(|error| error.is_panic()) {
                tracing::error!("the function called after a recovery panicked");
            }
        })
    }
}

impl Drop for Recovering {
    fn drop(&mut self) {
        self.0.abort();
    }
}
