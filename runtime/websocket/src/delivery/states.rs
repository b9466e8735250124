//! The state of a client as it changes.

use tokio::sync::watch;

use crate::lifecycle::State;

/// The state of a client and its changes. Made by [`Client::watch`](crate::client::Client::watch).
///
/// Intermediate states can be skipped; the latest state is always seen.
#[derive(Debug, Clone)]
pub struct States(watch::Receiver<State>);

impl States {
    pub(crate) fn new(states: watch::Receiver<State>) -> Self {
        Self(states)
    }

    /// Returns the current state.
    #[must_use]
    pub fn get(&self) -> State {
        *self.0.borrow()
    }

    /// Waits for a state that was not seen yet, and returns it; `None` when the client has closed and that was seen.
    ///
    /// Cancel-safe: dropping the future loses nothing.
    pub async fn changed(&mut self) -> Option<State> {
        if self.get() == State::Closed && !self.0.has_changed().unwrap_or_default() {
            return None;
        }
        self.0.changed().await.ok()?;
        Some(*self.0.borrow_and_update())
    }

    /// Waits for a state that the function accepts, and returns it; `None` when the client has closed without one.
    pub async fn wait_for(&mut self, mut wanted: impl FnMut(&State) -> bool) -> Option<State> {
        let mut found = false;
        let ends = |state: &State| {
            found = wanted(state);
            found || *state == State::Closed
        };
        let state = *self.0.wait_for(ends).await.ok()?;
        found.then_some(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn states_end_with_the_client() {
        let sender = watch::Sender::new(State::Connecting);
        let mut states = States::new(sender.subscribe());
        sender.send_replace(State::Connected);
        assert_eq!(states.changed().await, Some(State::Connected));
        sender.send_replace(State::Closed);
        assert_eq!(states.clone().wait_for(|state| *state == State::Reconnecting).await, None);
        assert_eq!((states.changed().await, states.changed().await), (Some(State::Closed), None));
        assert_eq!(states.get(), State::Closed);
    }
}
