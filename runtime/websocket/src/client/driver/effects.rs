//! What the driver does for the machine.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::{CredentialsTask, Driver, Pending};
use crate::client::credentials::{CredentialsReason, CredentialsSource};
use crate::client::error::ConnectError;
use crate::client::recovery::{Recovering, Recovery};
use crate::clock::later;
use crate::delivery::{FreeSpace, Interest, QueueItem, ReadBatch, SendError};
use crate::frame::{CloseFrame, Frame, Outgoing};
use crate::lifecycle::{Disconnect, Lifecycle, Secrets, SharedError, ShutdownReport, State};
use crate::machine::{Effect, MachineInput};
use crate::protocol::Attempt;

impl Driver {
    pub(super) fn step(&mut self, input: MachineInput<'_>, frame: Option<Frame>) {
        let mut effects = std::mem::take(&mut self.work.effects);
        self.machine.step(self.work.now, input, &mut effects);
        self.perform(effects, frame);
    }

    pub(super) fn perform(&mut self, mut effects: Vec<Effect>, mut frame: Option<Frame>) {
        for effect in effects.drain(..) {
            match effect {
                Effect::Authorize { refused } => self.authorize(refused),
                Effect::Open(attempt) => self.open(&attempt),
                Effect::Send(outgoing) => {
                    // A beat that still waits says as much as two.
                    if let Some(socket) = &mut self.work.socket
                        && !socket.urgent.contains(&outgoing)
                    {
                        socket.urgent.push_back(outgoing);
                    }
                }
                Effect::Deliver => match frame.take() {
                    Some(Frame::Text(text)) => {
                        self.work.requests.offer(&text, self.work.now);
                        let interest = self.work.subscribers.interest(&self.shared, &text);
                        gather(&mut self.work.batch, &text, interest);
                    }
                    Some(Frame::Binary(bytes)) => self.work.batch.push(QueueItem::Binary(bytes)),
                    Some(Frame::Ping | Frame::Pong | Frame::Close(_)) | None => {}
                },
                Effect::Ignore => self.shared.counters.ignored.add(1),
                Effect::Announce(change) => self.announce(&change),
                Effect::Drop(close_frame) => self.drop_socket(close_frame),
                Effect::Finish { reason, clean } => self.work.ended = Some((reason, clean)),
            }
        }
        self.work.effects = effects;
        self.follow_up();
    }

    /// What follows from where a step has led.
    pub(super) fn follow_up(&mut self) {
        self.deliver();
        if self.machine.drains() {
            self.outbound.close();
        }
        let state = self.machine.state();
        if state != self.work.state {
            self.work.state = state;
            self.shared.enter(state);
            if state == State::Connected
                && let Some(started) = self.started.take()
            {
                let _ = started.send(Ok(()));
            }
        }
        if self.work.stalls() {
            self.machine.step(self.work.now, MachineInput::Stalled, &mut self.work.effects);
        }
        if std::mem::take(&mut self.work.overflowed) {
            self.step(MachineInput::Overflowed, None);
        }
    }

    pub(super) fn authorize(&mut self, refused: bool) {
        if refused {
            self.shared.counters.refreshes.add(1);
        }
        self.work.pending = Some(match &self.credentials_source {
            CredentialsSource::Fixed(credentials) => Pending::Given(credentials.clone()),
            CredentialsSource::Provider(provider) => {
                let demand = if refused { CredentialsReason::Refused } else { CredentialsReason::First };
                let provider = Arc::clone(provider);
                Pending::Requested(CredentialsTask(tokio::spawn(async move { provider(demand).await })))
            }
        });
    }

    pub(super) fn open(&mut self, attempt: &Attempt) {
        self.shared.counters.attempts.add(1);
        tracing::debug!(attempt = attempt.number, "connecting");
        let mut handshake = self.handshake.clone();
        handshake.set_credentials(&self.work.credentials);
        self.machine.set_secrets(Secrets::added(&self.handshake, &handshake, &self.profile.secrets()));
        self.profile.prepare(&mut handshake, attempt);
        self.work.pending = Some(Pending::Opening(self.connector.open(handshake, &self.limits)));
    }

    /// Drops the socket and whatever was to lead to one. What can be written without waiting is written: the transport's
    /// answer to the server's close frame, or one of ours, which the server gets time to read.
    pub(super) fn drop_socket(&mut self, close_frame: Option<CloseFrame>) {
        self.work.pending = None;
        self.work.recovering = None;
        let Some(mut socket) = self.work.socket.take() else {
            return;
        };
        let mut cx = Context::from_waker(Waker::noop());
        let sent = close_frame.is_some_and(|close| {
            let ready = matches!(socket.transport.poll_ready(&mut cx), Poll::Ready(Ok(())));
            ready && socket.transport.start_send(Outgoing::Close(close)).is_ok()
        });
        // An error here changes nothing: the socket goes.
        let _ = socket.transport.poll_flush(&mut cx);
        if sent && let Some(draining) = socket.transport.drain() {
            let patience = self.clock.sleep_until(later(self.work.now, self.close_timeout));
            tokio::spawn(async move {
                tokio::select! {
                    () = draining => {}
                    () = patience => {}
                }
            });
        }
    }

    pub(super) fn announce(&mut self, change: &Lifecycle) {
        match change {
            Lifecycle::Connected { .. } | Lifecycle::Recovered { .. } => {
                self.shared.counters.connections.add(1);
                tracing::info!("connected");
            }
            Lifecycle::Disconnected { reason, retry_in } => {
                tracing::info!(%reason, ?retry_in, "disconnected");
            }
            Lifecycle::Retrying { reason, retry_in } => {
                tracing::debug!(%reason, ?retry_in, "attempt failed");
            }
            Lifecycle::Offline => tracing::debug!("offline"),
            Lifecycle::Closed { reason } => tracing::info!(%reason, "closed"),
        }
        if let Lifecycle::Disconnected { reason, .. } | Lifecycle::Closed { reason } = change {
            self.work.requests.fail(reason);
        }
        if let (Lifecycle::Recovered { gap, session }, Some(hook)) = (change, &self.recovered) {
            let recovery = Recovery::new(*gap, session.clone());
            self.work.recovering = Some(Recovering::start(hook, recovery, &self.clock, self.recovery));
        }
        self.work.batch.push(QueueItem::Lifecycle(Box::new(change.clone())));
        for text in self.profile.synthetic_events(change) {
            self.work.batch.push(QueueItem::Text(text.into()));
        }
    }

    /// Puts what was gathered into every queue that wants it.
    pub(super) fn deliver(&mut self) {
        let Self { shared, work, .. } = self;
        if work.batch.is_empty() {
            return;
        }
        work.batch.drain_into(&mut work.items);
        work.free_space = FreeSpace::ANY;
        let open = work.subscribers.open(shared);
        for (index, inbox) in open.iter().enumerate() {
            if let Some((_, blocked)) = work.blocked.iter_mut().find(|(other, _)| Arc::ptr_eq(other, inbox)) {
                blocked.extend(work.items.iter().filter(|item| inbox.wants(item)).cloned());
                continue;
            }
            let last = index + 1 == open.len();
            let pushed = if last { inbox.push(work.items.drain(..)) } else { inbox.push(work.items.iter().cloned()) };
            shared.counters.dropped.add(pushed.dropped);
            work.free_space = work.free_space.min(pushed.free_space);
            work.overflowed |= pushed.overflow;
            if !pushed.rest.is_empty() {
                work.blocked.push((Arc::clone(inbox), pushed.rest));
            }
        }
        work.items.clear();
    }

    /// Tells everybody that it is over. Items that wait for room are handed over all the same: nothing follows them.
    pub(super) fn conclude(&mut self) {
        self.deliver();
        let (reason, clean) = self.work.ended.take().unwrap_or_else(|| (cut_off(), false));
        self.outbound.close();
        let mut unsent = 0;
        while let Ok(message) = self.outbound.try_recv() {
            unsent += 1;
            self.shared.counters.unsent.add(1);
            let _ = message.written.send(Err(SendError::Closed));
        }
        for (inbox, items) in self.work.blocked.drain(..) {
            inbox.force(items.into_iter());
        }
        self.shared.enter(State::Closed);
        self.shared.end_inboxes();
        if let Some(started) = self.started.take() {
            let _ = started.send(Err(ConnectError::new(reason.clone(), self.machine.attempts())));
        }
        self.shared.report.send_replace(Some(ShutdownReport { reason, clean, unsent }));
    }
}

/// Why the driver ends before its time.
fn cut_off() -> Disconnect {
    let panicked = std::thread::panicking().then(|| {
        tracing::error!("the task of the connection panicked");
        SharedError::new("the task of the connection panicked")
    });
    Disconnect::Io(panicked)
}

/// Keeps a text that somebody wants.
pub(super) fn gather(batch: &mut ReadBatch, text: &str, interest: Interest) {
    match interest {
        Interest::Nobody => {}
        Interest::Only => batch.copy(text, true),
        // Who is slower than others must not keep what only those want.
        Interest::Several => batch.copy(text, false),
    }
}
