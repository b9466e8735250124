//! The task that owns the socket: it waits for whatever happens first, passes it to the [`Machine`] and executes its effects.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::credentials::{CredentialsReason, CredentialsSource};
use super::error::ConnectError;
use super::recovery::{Hook, Recovering, Recovery};
use crate::clock::{Clock, Sleep, later};
use crate::delivery::{
    self, FreeSpace, Inbox, Interest, OutboundMessage, QueueItem, ReadBatch, SendError, SharedState, ShutdownRequest,
    Subscribers,
};
use crate::frame::{CloseFrame, Frame, Outgoing};
use crate::lifecycle::{Disconnect, Lifecycle, Limits, Secrets, SharedError, ShutdownReport, State};
use crate::machine::{Effect, Machine, MachineInput};
use crate::protocol::{Attempt, Profile};
use crate::transport::{Connector, Opening, Transport};
use eventwire_core::{Credential, Handshake};

/// How many events are read before they are handed out and the other sources get their turn.
const BURST: usize = 64;

/// With this many bytes of events nothing more is read before they are handed out.
const HEAVY: usize = 64 << 10;

/// How many messages of the user's are written before reading gets its turn. Each takes a part of what tokio lets a task do
/// at once; when all of it goes to writing, nothing is read, and those who were waiting to send fill the queue again.
const MAX_WRITES: usize = 32;

/// How many items may wait for room while the server's hello is looked for.
const BEFORE_HELLO: usize = 16;

pub(crate) struct Driver {
    pub(crate) machine: Machine,
    pub(crate) profile: Arc<dyn Profile>,
    pub(crate) connector: Arc<dyn Connector>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) handshake: Handshake,
    pub(crate) credentials_source: CredentialsSource,
    pub(crate) limits: Limits,
    /// How long the peer may take to confirm the end when nobody is left to ask for one.
    pub(crate) close_timeout: Duration,
    /// What is done before live events flow again, and how long that may take.
    pub(crate) recovered: Option<Hook>,
    pub(crate) recovery: Duration,
    pub(crate) shared: Arc<SharedState>,
    pub(crate) outbound: mpsc::Receiver<OutboundMessage>,
    pub(crate) stop: mpsc::Receiver<ShutdownRequest>,
    /// Answers the call that started the client.
    pub(crate) started: Option<oneshot::Sender<Result<(), ConnectError>>>,
    pub(crate) work: DriverState,
}

/// What is under way; empty at first.
pub(crate) struct DriverState {
    now: Instant,
    /// The state that was reported last.
    state: State,
    credentials: Vec<Credential>,
    pending: Option<Pending>,
    socket: Option<OpenSocket>,
    alarm: Option<(Instant, Sleep)>,
    subscribers: Subscribers,
    /// What is to be handed out, in order.
    batch: ReadBatch,
    /// The same while it is handed out; empty otherwise.
    items: Vec<QueueItem>,
    /// Items that did not fit into a queue whose policy is to wait, in order.
    blocked: Vec<(Arc<Inbox>, VecDeque<QueueItem>)>,
    /// What the user does about a gap; nothing is read meanwhile.
    recovering: Option<Recovering>,
    requests: delivery::PendingRequests,
    /// What the fullest queue takes.
    free_space: FreeSpace,
    /// The machine's deadline has passed; it is notified once this many frames were read, or all there are.
    due: usize,
    abandoned: bool,
    overflowed: bool,
    ended: Option<(Disconnect, bool)>,
    effects: Vec<Effect>,
}

impl DriverState {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            now,
            state: State::Connecting,
            credentials: Vec::new(),
            pending: None,
            socket: None,
            alarm: None,
            subscribers: Subscribers::default(),
            batch: ReadBatch::default(),
            items: Vec::new(),
            blocked: Vec::new(),
            recovering: None,
            requests: delivery::PendingRequests::default(),
            free_space: FreeSpace::NONE,
            due: 0,
            abandoned: false,
            overflowed: false,
            ended: None,
            effects: Vec::new(),
        }
    }

    /// How many items wait for room.
    fn waiting(&self) -> usize {
        self.blocked.iter().map(|(_, items)| items.len()).sum()
    }

    /// Whether reading pauses.
    fn stalls(&self) -> bool {
        !self.blocked.is_empty() || self.recovering.is_some()
    }
}

/// What leads to a socket.
enum Pending {
    Given(Vec<Credential>),
    Requested(CredentialsTask),
    Opening(Opening),
}

/// A provider at work in its own task, so that its panics stay there.
struct CredentialsTask(JoinHandle<Result<Vec<Credential>, SharedError>>);

impl Drop for CredentialsTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct OpenSocket {
    transport: Box<dyn Transport>,
    /// Frames of the machine's, which go before the user's.
    urgent: VecDeque<Outgoing>,
    /// Something was taken for sending and is perhaps not written yet.
    dirty: bool,
}

enum DriverEvent {
    Stop(ShutdownRequest),
    Tick,
    Authorized(Vec<Credential>),
    Opened(Box<dyn Transport>),
    Failed(Disconnect),
    Resumed,
    Drained,
    Frame(Frame),
    /// Enough was read, or all there was.
    BatchRead,
}

impl Driver {
    pub(crate) async fn run(mut self) {
        self.step(MachineInput::Start, None);
        while self.work.ended.is_none() {
            let event = poll_fn(|cx| self.poll(cx)).await;
            self.react(event);
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<DriverEvent> {
        if self.work.due > 0 {
            self.work.due -= 1;
            if self.work.due > 0
                && let Poll::Ready(event) = self.poll_read(cx)
            {
                return Poll::Ready(event);
            }
            self.work.due = 0;
            return Poll::Ready(DriverEvent::Tick);
        }
        self.work.now = self.clock.now();
        if let Poll::Ready(event) = self.poll_stop(cx) {
            return Poll::Ready(event);
        }
        // What has arrived counts before the time that has passed: this process may have been asleep, not the server.
        if let Poll::Ready(event) = self.poll_pending(cx) {
            return Poll::Ready(event);
        }
        if self.poll_alarm(cx).is_ready() {
            let Poll::Ready(event) = self.poll_read(cx) else {
                return Poll::Ready(DriverEvent::Tick);
            };
            self.work.due = BURST;
            return Poll::Ready(event);
        }
        if self.poll_stall(cx).is_ready() {
            return Poll::Ready(DriverEvent::Resumed);
        }
        if let Poll::Ready(event) = self.poll_write(cx) {
            return Poll::Ready(event);
        }
        self.poll_read(cx)
    }

    fn poll_stop(&mut self, cx: &mut Context<'_>) -> Poll<DriverEvent> {
        if self.work.abandoned {
            return Poll::Pending;
        }
        Poll::Ready(DriverEvent::Stop(ready!(self.stop.poll_recv(cx)).unwrap_or_else(|| {
            self.work.abandoned = true;
            ShutdownRequest { close: CloseFrame::new(1000), within: self.close_timeout }
        })))
    }

    /// Waits for the machine's deadline. Deadlines mostly move away with every frame, so a timer that is set too early is
    /// left to fire for nothing: that is cheaper than setting it again each time.
    fn poll_alarm(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.machine.deadline() else {
            self.work.alarm = None;
            return Poll::Pending;
        };
        let clock = &self.clock;
        let (at, sleep) = self.work.alarm.get_or_insert_with(|| (deadline, clock.sleep_until(deadline)));
        if *at > deadline {
            (*at, *sleep) = (deadline, clock.sleep_until(deadline));
        }
        ready!(sleep.as_mut().poll(cx));
        self.work.alarm = None;
        self.work.now = self.clock.now();
        Poll::Ready(())
    }

    fn poll_pending(&mut self, cx: &mut Context<'_>) -> Poll<DriverEvent> {
        let event = match &mut self.work.pending {
            None => return Poll::Pending,
            Some(Pending::Given(credentials)) => DriverEvent::Authorized(std::mem::take(credentials)),
            Some(Pending::Opening(opening)) => match ready!(opening.as_mut().poll(cx)) {
                Ok(transport) => DriverEvent::Opened(transport),
                Err(reason) => DriverEvent::Failed(reason),
            },
            Some(Pending::Requested(task)) => match ready!(std::pin::Pin::new(&mut task.0).poll(cx)) {
                Ok(Ok(credentials)) => DriverEvent::Authorized(credentials),
                Ok(Err(cause)) => DriverEvent::Failed(Disconnect::Credentials(cause)),
                Err(_) => {
                    DriverEvent::Failed(Disconnect::Credentials(SharedError::new("the credentials provider panicked")))
                }
            },
        };
        self.work.pending = None;
        Poll::Ready(event)
    }

    /// Tries to get rid of held items, and looks after the recovery; ready when nothing keeps reading from going on any
    /// more.
    fn poll_stall(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.work.stalls() {
            return Poll::Pending;
        }
        if self.work.recovering.as_mut().is_some_and(|recovering| recovering.poll(cx).is_ready()) {
            self.work.recovering = None;
        }
        self.work.blocked.retain_mut(|(inbox, items)| inbox.poll_push(cx, items).is_pending());
        if self.work.stalls() { Poll::Pending } else { Poll::Ready(()) }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<DriverEvent> {
        let Some(socket) = &mut self.work.socket else {
            self.reject_outbound(cx);
            return Poll::Pending;
        };
        let mut written = 0;
        loop {
            match socket.transport.poll_ready(cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(reason)) => return Poll::Ready(DriverEvent::Failed(reason)),
                Poll::Pending => return Poll::Pending,
            }
            let frame = if let Some(frame) = socket.urgent.pop_front() {
                frame
            } else if self.machine.carries() {
                if written == MAX_WRITES {
                    cx.waker().wake_by_ref();
                    break;
                }
                match self.outbound.poll_recv(cx) {
                    Poll::Ready(Some(message)) => {
                        written += 1;
                        self.shared.counters.sent.add(1);
                        // The sender may have stopped waiting; the message is written all the same.
                        let _ = message.written.send(Ok(()));
                        if let Some(waiting) = message.waiting {
                            self.work.requests.add(waiting, self.work.now);
                        }
                        Outgoing::Text(message.text)
                    }
                    Poll::Ready(None) if self.machine.drains() => {
                        return Poll::Ready(DriverEvent::Drained);
                    }
                    Poll::Ready(None) | Poll::Pending => break,
                }
            } else {
                break;
            };
            socket.dirty = true;
            if let Err(reason) = socket.transport.start_send(frame) {
                return Poll::Ready(DriverEvent::Failed(reason));
            }
        }
        if socket.dirty {
            match socket.transport.poll_flush(cx) {
                Poll::Ready(Ok(())) => socket.dirty = false,
                Poll::Ready(Err(reason)) => return Poll::Ready(DriverEvent::Failed(reason)),
                Poll::Pending => {}
            }
        }
        if !self.machine.carries() {
            self.reject_outbound(cx);
        }
        Poll::Pending
    }

    fn reject_outbound(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(message)) = self.outbound.poll_recv(cx) {
            self.shared.counters.unsent.add(1);
            let _ = message.written.send(Err(SendError::NotConnected));
        }
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<DriverEvent> {
        // While an event waits for room nothing more is read, except for the server's hello: a slow consumer must not keep
        // a connection from becoming ready.
        if self.work.stalls() && (self.machine.state() != State::Reconnecting || self.work.waiting() > BEFORE_HELLO) {
            return Poll::Pending;
        }
        let Self { shared, machine, work, .. } = self;
        let Some(socket) = &mut work.socket else {
            return Poll::Pending;
        };
        // No more than the fullest queue takes, so that hardly anything has to be held.
        let FreeSpace { messages, bytes: heavy } = work.free_space.min(FreeSpace { messages: BURST, bytes: HEAVY });
        let (mut read, mut bytes) = (0, 0);
        let event = loop {
            if read > 0 && (read >= messages || bytes >= heavy) {
                break DriverEvent::BatchRead;
            }
            match socket.transport.poll_frame(cx) {
                Poll::Pending if read == 0 => {
                    machine.arrives(work.now, socket.transport.arriving());
                    return Poll::Pending;
                }
                Poll::Pending => break DriverEvent::BatchRead,
                Poll::Ready(Ok(Some(Frame::Text(text)))) if machine.admits(work.now, &text) => {
                    read += 1;
                    bytes += text.len();
                    work.requests.offer(&text, work.now);
                    gather(&mut work.batch, &text, work.subscribers.interest(shared, &text));
                }
                Poll::Ready(Ok(Some(frame))) => break DriverEvent::Frame(frame),
                Poll::Ready(Ok(None)) => break DriverEvent::Failed(Disconnect::Io(None)),
                Poll::Ready(Err(reason)) => break DriverEvent::Failed(reason),
            }
        };
        shared.counters.count_received(read, bytes);
        Poll::Ready(event)
    }

    fn react(&mut self, event: DriverEvent) {
        match event {
            DriverEvent::Stop(ShutdownRequest { close, within }) => {
                self.machine.set_close_frame(close);
                // Nobody waits for what a recovery would bring, and the peer's answer must be read.
                self.work.recovering = None;
                self.step(MachineInput::Shutdown(within), None);
            }
            DriverEvent::Tick => self.step(MachineInput::Tick, None),
            DriverEvent::Authorized(credentials) => {
                self.work.credentials = credentials;
                self.step(MachineInput::Authorized, None);
            }
            DriverEvent::Opened(transport) => {
                self.work.socket = Some(OpenSocket { transport, urgent: VecDeque::new(), dirty: false });
                self.step(MachineInput::Opened, None);
            }
            DriverEvent::Failed(reason) => self.step(MachineInput::Failed(reason), None),
            DriverEvent::Resumed => self.step(MachineInput::Resumed, None),
            DriverEvent::Drained => self.step(MachineInput::Drained, None),
            DriverEvent::Frame(frame) => self.received(frame),
            DriverEvent::BatchRead => self.follow_up(),
        }
    }

    fn received(&mut self, frame: Frame) {
        let length = match &frame {
            Frame::Text(text) => Some(text.len()),
            Frame::Binary(bytes) => Some(bytes.len()),
            Frame::Ping => {
                // The answer waits in the transport.
                if let Some(socket) = &mut self.work.socket {
                    socket.dirty = true;
                }
                None
            }
            Frame::Pong | Frame::Close(_) => None,
        };
        if let Some(length) = length {
            self.shared.counters.count_received(1, length);
        }
        let mut effects = std::mem::take(&mut self.work.effects);
        self.machine.step(self.work.now, MachineInput::Frame(&frame), &mut effects);
        self.perform(effects, Some(frame));
    }

    fn step(&mut self, input: MachineInput<'_>, frame: Option<Frame>) {
        let mut effects = std::mem::take(&mut self.work.effects);
        self.machine.step(self.work.now, input, &mut effects);
        self.perform(effects, frame);
    }

    fn perform(&mut self, mut effects: Vec<Effect>, mut frame: Option<Frame>) {
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
    fn follow_up(&mut self) {
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

    fn authorize(&mut self, refused: bool) {
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

    fn open(&mut self, attempt: &Attempt) {
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
    fn drop_socket(&mut self, close_frame: Option<CloseFrame>) {
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

    fn announce(&mut self, change: &Lifecycle) {
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
    fn deliver(&mut self) {
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
    fn conclude(&mut self) {
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
fn gather(batch: &mut ReadBatch, text: &str, interest: Interest) {
    match interest {
        Interest::Nobody => {}
        Interest::Only => batch.copy(text, true),
        // Who is slower than others must not keep what only those want.
        Interest::Several => batch.copy(text, false),
    }
}

impl Drop for Driver {
    /// Runs at the end of [`Driver::run`] and also when the task is cancelled or panics.
    fn drop(&mut self) {
        self.conclude();
    }
}
