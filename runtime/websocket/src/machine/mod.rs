//! Every rule of a connection's life, as a pure function: [`Machine::step`] takes what happened and when, and says what to
//! do. It opens no socket and reads no clock; the driver does both.

mod backoff;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::clock::later;
use crate::frame::{CloseFrame, Frame, Outgoing};
use crate::lifecycle::{ConnectPhase, Disconnect, Lifecycle, Secrets, State, Timeouts};
use crate::protocol::{Attempt, FirstFrame, Heartbeat, Profile, RetryDecision};
pub use backoff::Backoff;

/// What the machine goes by, fixed when the client is built.
pub(crate) struct MachineConfig {
    pub(crate) profile: Arc<dyn Profile>,
    pub(crate) backoff: Backoff,
    pub(crate) timeouts: Timeouts,
    /// Whether the first connection is retried like a later one.
    pub(crate) retry_initial_connect: bool,
    /// Whether asking for credentials again may yield others.
    pub(crate) renews: bool,
    /// Seeds the jitter.
    pub(crate) seed: u64,
}

/// How often credentials may be refused in succession.
const MAX_REFRESHES: u32 = 5;

/// What happened.
#[derive(Debug)]
pub(crate) enum MachineInput<'a> {
    Start,
    /// The provider gave credentials.
    Authorized,
    /// The socket is open.
    Opened,
    /// What was under way, or the socket, failed.
    Failed(Disconnect),
    Frame(&'a Frame),
    /// The deadline may have passed.
    Tick,
    /// Reading stopped because a queue is full.
    Stalled,
    /// Reading continues.
    Resumed,
    /// A queue is full whose policy is to disconnect.
    Overflowed,
    /// The user wants to end, within this time.
    Shutdown(Duration),
    /// Nothing is left in the outbound queue.
    Drained,
}

/// What to do about it, in order.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Ask for credentials; `refused` if the last ones were.
    Authorize { refused: bool },
    /// Open a socket.
    Open(Attempt),
    /// Send on the socket.
    Send(Outgoing),
    /// Hand out the frame that was the input.
    Deliver,
    /// Hand out a change of the connection.
    Announce(Lifecycle),
    /// Forget the frame that was the input.
    Ignore,
    /// Drop the socket, or what is under way to one; say goodbye first if that needs no waiting.
    Drop(Option<CloseFrame>),
    /// It is over. `clean` if the peer confirmed the end.
    Finish { reason: Disconnect, clean: bool },
}

#[derive(Debug)]
enum Phase {
    Idle,
    Authorizing {
        until: Instant,
    },
    Opening {
        until: Instant,
    },
    Greeting {
        until: Instant,
    },
    Ready(Ready),
    Waiting {
        until: Instant,
    },
    /// Shutting down: what is queued is still written.
    Draining {
        until: Instant,
    },
    /// Shutting down: the close frame is on its way, the peer's is awaited.
    Closing {
        until: Instant,
    },
    Closed,
}

#[derive(Debug)]
struct Ready {
    since: Instant,
    heartbeat_at: Instant,
    last_frame: Instant,
    /// Since when a message arrives, and how many bytes there are of it.
    arriving: Option<(Instant, usize)>,
    /// Reading is paused, so silence proves nothing.
    stalled: bool,
}

impl Ready {
    /// Notes that a whole message has arrived.
    fn heard(&mut self, now: Instant) {
        self.last_frame = now;
        self.arriving = None;
    }
}

/// What is known about the credentials at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CredentialsState {
    None,
    Accepted,
    Refused,
}

pub(crate) struct Machine {
    rules: MachineConfig,
    heartbeat: Heartbeat,
    random: fastrand::Rng,
    phase: Phase,
    credentials: CredentialsState,
    attempts: u32,
    /// Failures since the connection was last healthy for long enough.
    failures: u32,
    slow_failures: u32,
    /// Refusals of credentials since the connection was last ready.
    refusals: u32,
    was_ready: bool,
    down_since: Option<Instant>,
    offline_at: Option<Instant>,
    /// The close frame for the peer when the user ends the connection.
    close_frame: CloseFrame,
    /// What no reason may show.
    secrets: Secrets,
}

impl Machine {
    pub(crate) fn new(rules: MachineConfig) -> Self {
        Self {
            heartbeat: rules.profile.heartbeat(),
            random: fastrand::Rng::with_seed(rules.seed),
            rules,
            phase: Phase::Idle,
            credentials: CredentialsState::None,
            attempts: 0,
            failures: 0,
            slow_failures: 0,
            refusals: 0,
            was_ready: false,
            down_since: None,
            offline_at: None,
            close_frame: CloseFrame::new(1000),
            secrets: Secrets::default(),
        }
    }

    /// Sets the close frame for the peer when the user ends the connection.
    pub(crate) fn set_close_frame(&mut self, close_frame: CloseFrame) {
        self.close_frame = close_frame;
    }

    /// Sets the secrets of the present attempt; no reason that leaves the machine shows them.
    pub(crate) fn set_secrets(&mut self, secrets: Secrets) {
        self.secrets = secrets;
    }

    /// When to step with [`MachineInput::Tick`] at the latest.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let phase = match &self.phase {
            Phase::Idle | Phase::Closed => None,
            Phase::Authorizing { until }
            | Phase::Opening { until }
            | Phase::Greeting { until }
            | Phase::Waiting { until }
            | Phase::Draining { until }
            | Phase::Closing { until } => Some(*until),
            Phase::Ready(ready) if ready.stalled => Some(ready.heartbeat_at),
            Phase::Ready(ready) => {
                let complete = ready.arriving.map(|(since, _)| later(since, self.rules.timeouts.message));
                let stale = later(ready.last_frame, self.heartbeat.idle_timeout);
                Some(ready.heartbeat_at.min(stale).min(complete.unwrap_or(stale)))
            }
        };
        [phase, self.offline_at].into_iter().flatten().min()
    }

    /// Whether messages of the user may be written to the socket.
    pub(crate) fn carries(&self) -> bool {
        matches!(self.phase, Phase::Ready(_) | Phase::Draining { .. })
    }

    /// Whether the outbound queue is being emptied for the last time.
    pub(crate) fn drains(&self) -> bool {
        matches!(self.phase, Phase::Draining { .. })
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    pub(crate) fn state(&self) -> State {
        match self.phase {
            Phase::Ready(_) => State::Connected,
            Phase::Draining { .. } | Phase::Closing { .. } => State::Closing,
            Phase::Closed => State::Closed,
            Phase::Idle
            | Phase::Authorizing { .. }
            | Phase::Opening { .. }
            | Phase::Greeting { .. }
            | Phase::Waiting { .. } => {
                if self.was_ready {
                    State::Reconnecting
                } else {
                    State::Connecting
                }
            }
        }
    }

    /// Takes one thing that happened and appends what to do to `effects`. An input that has no meaning in the present
    /// phase changes nothing.
    pub(crate) fn step(&mut self, now: Instant, input: MachineInput<'_>, effects: &mut Vec<Effect>) {
        match input {
            MachineInput::Start => {
                if let Phase::Idle = self.phase {
                    self.begin(now, effects);
                }
            }
            MachineInput::Authorized => {
                if let Phase::Authorizing { .. } = self.phase {
                    self.credentials = CredentialsState::Accepted;
                    self.open(now, effects);
                }
            }
            MachineInput::Opened => {
                if let Phase::Opening { .. } = self.phase {
                    self.opened(now, effects);
                }
            }
            MachineInput::Failed(reason) => self.failed(now, reason, effects),
            MachineInput::Frame(frame) => self.frame(now, frame, effects),
            MachineInput::Tick => self.tick(now, effects),
            MachineInput::Stalled => {
                if let Phase::Ready(ready) = &mut self.phase {
                    ready.stalled = true;
                }
            }
            MachineInput::Resumed => {
                if let Phase::Ready(ready) = &mut self.phase {
                    ready.stalled = false;
                    ready.heard(now);
                }
            }
            MachineInput::Overflowed => {
                if let Phase::Ready(_) | Phase::Greeting { .. } = self.phase {
                    self.connection_lost(now, Disconnect::Overflow, effects);
                }
            }
            MachineInput::Shutdown(within) => self.shutdown(now, within, effects),
            MachineInput::Drained => {
                if let Phase::Draining { until } = self.phase {
                    self.close(now, until, effects);
                }
            }
        }
    }

    /// Whether the text is an event of a ready connection, which is then all that it means; every other frame is for
    /// [`step`](Self::step).
    pub(crate) fn admits(&mut self, now: Instant, text: &str) -> bool {
        let Phase::Ready(ready) = &mut self.phase else {
            return false;
        };
        if self.rules.profile.server_error(text).is_some() || !self.rules.profile.is_event(text) {
            return false;
        }
        ready.heard(now);
        true
    }

    /// Takes note of how much there is of a message that is not complete: as long as it grows, the peer is not silent.
    pub(crate) fn arrives(&mut self, now: Instant, arriving: Option<usize>) {
        let Phase::Ready(ready) = &mut self.phase else {
            return;
        };
        let (since, before) = ready.arriving.map_or((now, None), |(since, before)| (since, Some(before)));
        if arriving > before {
            ready.last_frame = now;
        }
        ready.arriving = arriving.map(|bytes| (since, bytes));
    }

    fn begin(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if self.credentials == CredentialsState::Accepted {
            return self.open(now, effects);
        }
        self.phase = Phase::Authorizing { until: later(now, self.rules.timeouts.credentials) };
        effects.push(Effect::Authorize { refused: self.credentials == CredentialsState::Refused });
    }

    fn open(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        self.attempts = self.attempts.saturating_add(1);
        self.phase = Phase::Opening { until: later(now, self.rules.timeouts.open) };
        effects.push(Effect::Open(Attempt::new(self.attempts, self.was_ready)));
    }

    fn opened(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if let Some(text) = self.rules.profile.on_open() {
            effects.push(Effect::Send(Outgoing::Text(text)));
        }
        if self.rules.profile.awaits_hello() {
            self.phase = Phase::Greeting { until: later(now, self.rules.timeouts.hello) };
        } else {
            self.ready(now, None, effects);
        }
    }

    fn ready(&mut self, now: Instant, session: Option<String>, effects: &mut Vec<Effect>) {
        self.phase = Phase::Ready(Ready {
            since: now,
            heartbeat_at: later(now, self.heartbeat.interval),
            last_frame: now,
            arriving: None,
            stalled: false,
        });
        self.was_ready = true;
        self.refusals = 0;
        self.offline_at = None;
        effects.push(Effect::Announce(match self.down_since.take() {
            None => Lifecycle::Connected { session },
            Some(since) => Lifecycle::Recovered { gap: now.saturating_duration_since(since), session },
        }));
    }

    fn frame(&mut self, now: Instant, frame: &Frame, effects: &mut Vec<Effect>) {
        match (&mut self.phase, frame) {
            (Phase::Greeting { .. } | Phase::Ready(_), Frame::Close(close)) => {
                self.connection_lost(now, closed(close.as_ref()), effects);
            }
            (Phase::Closing { .. } | Phase::Draining { .. }, Frame::Close(_)) => {
                self.finish(Disconnect::Shutdown, true, effects);
            }
            (Phase::Greeting { .. }, Frame::Text(text)) => match self.rules.profile.first_frame(text) {
                FirstFrame::Ready { session } => {
                    self.ready(now, session, effects);
                    effects.push(Effect::Deliver);
                }
                FirstFrame::Rejected(error) => self.connection_lost(now, Disconnect::Server(error), effects),
                FirstFrame::Wait => effects.push(self.classify_text(text)),
            },
            (Phase::Ready(ready), Frame::Text(text)) => {
                ready.heard(now);
                match self.rules.profile.server_error(text) {
                    Some(error) => self.connection_lost(now, Disconnect::Server(error), effects),
                    None => effects.push(self.classify_text(text)),
                }
            }
            (Phase::Draining { .. } | Phase::Closing { .. }, Frame::Text(text)) => {
                effects.push(self.classify_text(text));
            }
            (Phase::Ready(ready), Frame::Binary(_)) => {
                ready.heard(now);
                effects.push(Effect::Deliver);
            }
            (Phase::Greeting { .. } | Phase::Draining { .. } | Phase::Closing { .. }, Frame::Binary(_)) => {
                effects.push(Effect::Deliver);
            }
            (Phase::Ready(ready), Frame::Ping | Frame::Pong) => ready.last_frame = now,
            (Phase::Greeting { .. } | Phase::Draining { .. } | Phase::Closing { .. }, Frame::Ping | Frame::Pong)
            | (
                Phase::Idle | Phase::Authorizing { .. } | Phase::Opening { .. } | Phase::Waiting { .. } | Phase::Closed,
                _,
            ) => {}
        }
    }

    fn classify_text(&self, text: &str) -> Effect {
        if self.rules.profile.is_event(text) { Effect::Deliver } else { Effect::Ignore }
    }

    fn tick(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        if self.offline_at.is_some_and(|at| at <= now) {
            self.offline_at = None;
            effects.push(Effect::Announce(Lifecycle::Offline));
        }
        match self.phase {
            Phase::Authorizing { until } if until <= now => {
                self.connection_lost(now, Disconnect::TimedOut(ConnectPhase::Credentials), effects);
            }
            Phase::Opening { until } if until <= now => {
                self.connection_lost(now, Disconnect::TimedOut(ConnectPhase::Open), effects);
            }
            Phase::Greeting { until } if until <= now => {
                self.connection_lost(now, Disconnect::TimedOut(ConnectPhase::Hello), effects);
            }
            Phase::Waiting { until } if until <= now => self.begin(now, effects),
            Phase::Draining { until } | Phase::Closing { until } if until <= now => {
                self.finish(Disconnect::Shutdown, false, effects);
            }
            Phase::Ready(_) => self.beat(now, effects),
            Phase::Idle
            | Phase::Authorizing { .. }
            | Phase::Opening { .. }
            | Phase::Greeting { .. }
            | Phase::Waiting { .. }
            | Phase::Draining { .. }
            | Phase::Closing { .. }
            | Phase::Closed => {}
        }
    }

    fn beat(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let Phase::Ready(ready) = &mut self.phase else {
            return;
        };
        let silence = now.saturating_duration_since(ready.last_frame);
        if !ready.stalled && silence >= self.heartbeat.idle_timeout {
            return self.connection_lost(now, Disconnect::IdleTimeout(silence), effects);
        }
        let late = |(since, _)| now.saturating_duration_since(since) >= self.rules.timeouts.message;
        if !ready.stalled && ready.arriving.is_some_and(late) {
            return self.connection_lost(now, Disconnect::TimedOut(ConnectPhase::Message), effects);
        }
        if ready.heartbeat_at <= now {
            ready.heartbeat_at = later(now, self.heartbeat.interval);
            effects.push(Effect::Send(self.heartbeat.frame.to_outgoing()));
        }
    }

    fn failed(&mut self, now: Instant, reason: Disconnect, effects: &mut Vec<Effect>) {
        match self.phase {
            Phase::Authorizing { .. } | Phase::Opening { .. } | Phase::Greeting { .. } | Phase::Ready(_) => {
                self.connection_lost(now, reason, effects);
            }
            Phase::Draining { .. } | Phase::Closing { .. } => self.finish(Disconnect::Shutdown, false, effects),
            Phase::Idle | Phase::Waiting { .. } | Phase::Closed => {}
        }
    }

    /// There is no connection, or no longer one: decides what follows.
    fn connection_lost(&mut self, now: Instant, reason: Disconnect, effects: &mut Vec<Effect>) {
        let reason = self.secrets.redact(reason);
        effects.push(Effect::Drop(close_frame_for(&reason)));
        let was_up = self.mark_down(now);
        let Some(delay) = self.next_attempt(&reason, was_up) else {
            if was_up {
                effects.push(Effect::Announce(Lifecycle::Disconnected { reason: reason.clone(), retry_in: None }));
            }
            return self.end(reason, false, effects);
        };
        self.phase = Phase::Waiting { until: later(now, delay) };
        effects.push(Effect::Announce(if was_up {
            Lifecycle::Disconnected { reason, retry_in: Some(delay) }
        } else {
            Lifecycle::Retrying { reason, retry_in: delay }
        }));
    }

    /// Notes the end of a ready connection; `false` if there was none.
    fn mark_down(&mut self, now: Instant) -> bool {
        let Phase::Ready(ready) = &self.phase else {
            return false;
        };
        if now.saturating_duration_since(ready.since) >= self.rules.backoff.reset_after {
            self.failures = 0;
            self.slow_failures = 0;
        }
        self.down_since = Some(now);
        self.offline_at = self.rules.profile.offline_after().map(|after| later(now, after));
        true
    }

    /// How long to wait for the next attempt; `None` if there is none.
    fn next_attempt(&mut self, reason: &Disconnect, was_up: bool) -> Option<Duration> {
        let verdict = match reason {
            Disconnect::Shutdown | Disconnect::Overflow => RetryDecision::Fatal,
            _ => self.rules.profile.classify(reason),
        };
        match verdict {
            RetryDecision::Fatal => None,
            RetryDecision::Retry => Some(self.delay()?.max(requested_delay(reason))),
            RetryDecision::RetrySlowly => {
                self.slow_failures += 1;
                if self.slow_failures > self.rules.backoff.slow_attempts {
                    return None;
                }
                self.delay()?;
                Some(self.rules.backoff.slow_delay(self.random.f64()))
            }
            RetryDecision::RefreshCredentials => {
                self.refusals += 1;
                if !self.rules.renews || self.refusals > MAX_REFRESHES {
                    return None;
                }
                self.credentials = CredentialsState::Refused;
                // New credentials deserve an attempt at once, but a server that accepts them and refuses them
                // afterwards is approached as slowly as any other that drops connections.
                if was_up { self.delay() } else { Some(Duration::ZERO) }
            }
        }
    }

    /// Counts a failure and draws the delay after it; `None` if no further attempt is allowed.
    fn delay(&mut self) -> Option<Duration> {
        if !self.was_ready && !self.rules.retry_initial_connect {
            return None;
        }
        let failures = self.failures;
        if self.rules.backoff.attempts.is_some_and(|most| failures >= most) {
            return None;
        }
        self.failures = failures.saturating_add(1);
        Some(self.rules.backoff.delay(failures, self.random.f64()))
    }

    fn shutdown(&mut self, now: Instant, within: Duration, effects: &mut Vec<Effect>) {
        match &mut self.phase {
            Phase::Idle | Phase::Authorizing { .. } | Phase::Opening { .. } | Phase::Waiting { .. } => {
                self.finish(Disconnect::Shutdown, true, effects);
            }
            Phase::Greeting { .. } => self.close(now, later(now, within), effects),
            Phase::Ready(_) => self.phase = Phase::Draining { until: later(now, within) },
            Phase::Draining { until } | Phase::Closing { until } => *until = (*until).min(later(now, within)),
            Phase::Closed => {}
        }
    }

    fn close(&mut self, now: Instant, until: Instant, effects: &mut Vec<Effect>) {
        self.phase = Phase::Closing { until: until.min(later(now, self.rules.timeouts.close)) };
        effects.push(Effect::Send(Outgoing::Close(self.close_frame.clone())));
    }

    fn finish(&mut self, reason: Disconnect, clean: bool, effects: &mut Vec<Effect>) {
        effects.push(Effect::Drop(None));
        self.end(reason, clean, effects);
    }

    fn end(&mut self, reason: Disconnect, clean: bool, effects: &mut Vec<Effect>) {
        self.phase = Phase::Closed;
        self.offline_at = None;
        effects.push(Effect::Announce(Lifecycle::Closed { reason: reason.clone() }));
        effects.push(Effect::Finish { reason, clean });
    }
}

fn closed(close: Option<&CloseFrame>) -> Disconnect {
    Disconnect::Closed {
        code: close.map(|close| close.code),
        reason: close.map(|close| close.reason.clone()).unwrap_or_default(),
    }
}

/// The longest time a server may ask to stay away.
const MAX_REQUESTED_DELAY: Duration = Duration::from_secs(300);

fn requested_delay(reason: &Disconnect) -> Duration {
    match reason {
        Disconnect::Http(answer) | Disconnect::Proxy(answer) => {
            answer.retry_after.unwrap_or_default().min(MAX_REQUESTED_DELAY)
        }
        _ => Duration::ZERO,
    }
}

/// The close frame with the reason for the peer, where it may still listen.
fn close_frame_for(reason: &Disconnect) -> Option<CloseFrame> {
    let code = match reason {
        Disconnect::Server(_) => 1000,
        Disconnect::Overflow
        | Disconnect::IdleTimeout(_)
        | Disconnect::TimedOut(ConnectPhase::Hello | ConnectPhase::Message) => 1001,
        Disconnect::Protocol { code, .. } => *code,
        Disconnect::TooLarge => 1009,
        Disconnect::Credentials(_)
        | Disconnect::Unreachable(_)
        | Disconnect::Proxy(_)
        | Disconnect::Tls(_)
        | Disconnect::Http(_)
        | Disconnect::Handshake(_)
        | Disconnect::TimedOut(ConnectPhase::Credentials | ConnectPhase::Open)
        | Disconnect::Closed { .. }
        | Disconnect::Io(_)
        | Disconnect::Shutdown => return None,
    };
    Some(CloseFrame::new(code))
}

#[cfg(test)]
mod tests;
