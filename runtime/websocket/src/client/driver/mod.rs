//! The task that owns the socket: it waits for whatever happens first, passes it to the [`Machine`] and executes its effects.

mod effects;
mod poll;

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::client::credentials::CredentialsSource;
use crate::client::error::ConnectError;
use crate::client::recovery::{Hook, Recovering};
use crate::clock::{Clock, Sleep};
use crate::delivery::{
    self, FreeSpace, Inbox, OutboundMessage, QueueItem, ReadBatch, SharedState, ShutdownRequest, Subscribers,
};
use crate::frame::{Frame, Outgoing};
use crate::lifecycle::{Disconnect, Limits, SharedError, State};
use crate::machine::{Effect, Machine, MachineInput};
use crate::protocol::Profile;
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
}

impl Drop for Driver {
    /// Runs at the end of [`Driver::run`] and also when the task is cancelled or panics.
    fn drop(&mut self) {
        self.conclude();
    }
}
