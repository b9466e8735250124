use super::*;
use crate::lifecycle::{HttpResponse, ServerError, SharedError};
use crate::protocol::DefaultProfile;

mod histories;

/// Greets with `hello`, rejects with `no <code>`, has an error frame `error <code>`.
struct Polite;

impl Profile for Polite {
    fn on_open(&self) -> Option<String> {
        Some("login".to_owned())
    }

    fn awaits_hello(&self) -> bool {
        true
    }

    fn first_frame(&self, text: &str) -> FirstFrame {
        match text.split_once(' ') {
            None if text == "hello" => FirstFrame::Ready { session: Some("s1".to_owned()) },
            Some(("no", code)) => FirstFrame::Rejected(ServerError::new("").with_code(code.parse().unwrap())),
            _ => FirstFrame::Wait,
        }
    }

    fn server_error(&self, text: &str) -> Option<ServerError> {
        text.strip_prefix("error ").map(|code| ServerError::new("").with_code(code.parse().unwrap()))
    }

    fn is_event(&self, text: &str) -> bool {
        text != "junk"
    }

    fn classify(&self, reason: &Disconnect) -> RetryDecision {
        match reason.server().and_then(|error| error.code) {
            Some(40) => RetryDecision::RefreshCredentials,
            Some(50) => RetryDecision::Retry,
            _ => RetryDecision::standard(reason),
        }
    }

    fn offline_after(&self) -> Option<Duration> {
        Some(Duration::from_secs(5))
    }
}

struct Bench {
    machine: Machine,
    start: Instant,
    now: Instant,
}

fn rules(profile: impl Profile) -> MachineConfig {
    MachineConfig {
        profile: Arc::new(profile),
        backoff: Backoff::default(),
        timeouts: Timeouts::default(),
        retry_initial_connect: false,
        renews: true,
        seed: 7,
    }
}

fn bench(rules: MachineConfig) -> Bench {
    let start = Instant::now();
    Bench { machine: Machine::new(rules), start, now: start }
}

impl Bench {
    /// Steps and returns the effects in short.
    fn step(&mut self, input: MachineInput<'_>) -> String {
        let mut effects = Vec::new();
        self.machine.step(self.now, input, &mut effects);
        effects.iter().map(brief).collect::<Vec<_>>().join(", ")
    }

    fn text(&mut self, text: &str) -> String {
        self.step(MachineInput::Frame(&Frame::Text(text.into())))
    }

    fn close(&mut self, code: u16) -> String {
        self.step(MachineInput::Frame(&Frame::Close(Some(CloseFrame::new(code)))))
    }

    fn wait(&mut self, seconds: f64) -> &mut Self {
        self.now += Duration::from_secs_f64(seconds);
        self
    }

    /// Seconds from the beginning to the next deadline.
    fn deadline(&self) -> Option<f64> {
        self.machine.deadline().map(|at| (at - self.start).as_secs_f64())
    }

    /// Lets time pass up to the deadline and a bit.
    fn expire(&mut self) -> String {
        self.now = self.machine.deadline().unwrap();
        self.step(MachineInput::Tick)
    }

    fn connect(mut self) -> Self {
        self.step(MachineInput::Start);
        self.step(MachineInput::Authorized);
        self.step(MachineInput::Opened);
        self.text("hello");
        assert_eq!(self.machine.state(), State::Connected);
        self
    }

    /// From a lost connection to the next one.
    fn reconnect(&mut self) {
        assert_eq!(self.expire(), "open");
        self.step(MachineInput::Opened);
        self.text("hello");
        assert_eq!(self.machine.state(), State::Connected);
    }
}

fn brief(effect: &Effect) -> String {
    match effect {
        Effect::Authorize { refused: false } => "authorize".to_owned(),
        Effect::Authorize { refused: true } => "authorize again".to_owned(),
        Effect::Open(_) => "open".to_owned(),
        Effect::Send(Outgoing::Text(text)) => format!("send {text}"),
        Effect::Send(Outgoing::Binary(bytes)) => format!("send {} bytes", bytes.len()),
        Effect::Send(Outgoing::Ping) => "ping".to_owned(),
        Effect::Send(Outgoing::Close(close)) => format!("close {}", close.code),
        Effect::Deliver => "deliver".to_owned(),
        Effect::Ignore => "ignore".to_owned(),
        Effect::Drop(None) => "drop".to_owned(),
        Effect::Drop(Some(close)) => format!("drop {}", close.code),
        Effect::Announce(Lifecycle::Connected { .. }) => "connected".to_owned(),
        Effect::Announce(Lifecycle::Recovered { gap, .. }) => {
            format!("recovered {}", gap.as_secs_f64())
        }
        Effect::Announce(Lifecycle::Disconnected { retry_in, .. }) => {
            if retry_in.is_some() {
                "disconnected".to_owned()
            } else {
                "disconnected for good".to_owned()
            }
        }
        Effect::Announce(Lifecycle::Retrying { .. }) => "retrying".to_owned(),
        Effect::Announce(Lifecycle::Offline) => "offline".to_owned(),
        Effect::Announce(Lifecycle::Closed { .. }) => "closed".to_owned(),
        Effect::Finish { clean, .. } => if *clean { "finish clean" } else { "finish" }.to_owned(),
    }
}

#[test]
fn a_greeting_makes_it_ready() {
    let mut bench = bench(rules(Polite));
    assert_eq!(bench.step(MachineInput::Start), "authorize");
    assert_eq!(bench.step(MachineInput::Authorized), "open");
    assert_eq!(bench.step(MachineInput::Opened), "send login");
    assert_eq!(bench.text("early"), "deliver");
    assert!(!bench.machine.carries());
    assert_eq!(bench.text("hello"), "connected, deliver");
    assert!(bench.machine.carries());
    assert_eq!(bench.text("event"), "deliver");
    assert_eq!(bench.text("junk"), "ignore");
}

#[test]
fn without_a_greeting_it_is_ready_when_open() {
    let mut bench = bench(rules(DefaultProfile));
    bench.step(MachineInput::Start);
    bench.step(MachineInput::Authorized);
    assert_eq!(bench.step(MachineInput::Opened), "connected");
}

#[test]
fn every_step_has_its_limit() {
    let mut bench = bench(MachineConfig { retry_initial_connect: true, ..rules(Polite) });
    bench.step(MachineInput::Start);
    assert_eq!(bench.deadline(), Some(30.0));
    assert_eq!(bench.expire(), "drop, retrying");
    assert_eq!(bench.expire(), "authorize");
    assert_eq!(bench.step(MachineInput::Authorized), "open");
    assert_eq!(bench.expire(), "drop, retrying");
    assert_eq!(bench.expire(), "open");
    bench.step(MachineInput::Opened);
    assert_eq!(bench.expire(), "drop 1001, retrying");
}

#[test]
fn a_first_failure_is_final_unless_asked_otherwise() {
    let refused = || MachineInput::Failed(Disconnect::Unreachable(SharedError::new("refused")));
    for (retry_initial_connect, effects) in [(false, "drop, closed, finish"), (true, "drop, retrying")] {
        let mut bench = bench(MachineConfig { retry_initial_connect, ..rules(Polite) });
        bench.step(MachineInput::Start);
        bench.step(MachineInput::Authorized);
        assert_eq!(bench.step(refused()), effects);
    }
}

#[test]
fn a_rejection_is_final() {
    let mut bench = bench(MachineConfig { retry_initial_connect: true, ..rules(Polite) });
    bench.step(MachineInput::Start);
    bench.step(MachineInput::Authorized);
    bench.step(MachineInput::Opened);
    assert_eq!(bench.text("no 43"), "drop 1000, closed, finish");
    assert_eq!(bench.machine.attempts(), 1);
}

#[test]
fn refused_credentials_are_asked_for_again_five_times() {
    let mut bench = bench(rules(Polite));
    bench.step(MachineInput::Start);
    for _ in 0..5 {
        bench.step(MachineInput::Authorized);
        bench.step(MachineInput::Opened);
        assert_eq!(bench.text("no 40"), "drop 1000, retrying");
        assert_eq!(bench.expire(), "authorize again");
    }
    bench.step(MachineInput::Authorized);
    bench.step(MachineInput::Opened);
    assert_eq!(bench.text("no 40"), "drop 1000, closed, finish");
    assert_eq!(bench.now, bench.start, "no time was lost");
}

#[test]
fn a_provider_that_fails_is_asked_again_and_refused_credentials_are_not_used() {
    let mut bench = bench(rules(Polite)).connect();
    bench.text("error 40");
    assert_eq!(bench.expire(), "authorize again");
    assert_eq!(bench.step(MachineInput::Failed(Disconnect::Credentials(SharedError::new("down")))), "drop, retrying");
    assert_eq!(bench.expire(), "authorize again");
}

#[test]
fn fixed_credentials_are_refused_once() {
    let mut bench = bench(MachineConfig { renews: false, ..rules(Polite) });
    bench.step(MachineInput::Start);
    bench.step(MachineInput::Authorized);
    bench.step(MachineInput::Opened);
    assert_eq!(bench.text("no 40"), "drop 1000, closed, finish");
}

#[test]
fn an_error_frame_ends_a_session() {
    let mut bench = bench(rules(Polite)).connect();
    assert_eq!(bench.text("error 50"), "drop 1000, disconnected");
    bench.reconnect();
    assert_eq!(bench.text("error 43"), "drop 1000, disconnected for good, closed, finish");
}

#[test]
fn a_lost_connection_is_made_again_and_the_gap_reported() {
    let mut bench = bench(rules(Polite)).connect();
    bench.wait(100.0);
    assert_eq!(bench.close(1000), "drop, disconnected");
    let delay = bench.deadline().unwrap() - 100.0;
    assert!((0.0..=0.25).contains(&delay), "{delay}");
    assert_eq!(bench.expire(), "open");
    bench.step(MachineInput::Opened);
    bench.now = bench.start + Duration::from_secs(103);
    assert_eq!(bench.text("hello"), "recovered 3, deliver");
}

#[test]
fn the_heartbeat_is_regular_and_silence_ends() {
    let mut bench = bench(rules(Polite)).connect();
    assert_eq!(bench.deadline(), Some(25.0));
    assert_eq!(bench.expire(), "ping");
    assert_eq!(bench.deadline(), Some(35.0));
    bench.step(MachineInput::Frame(&Frame::Pong));
    assert_eq!(bench.deadline(), Some(50.0));
    assert_eq!(bench.expire(), "ping");
    assert_eq!(bench.deadline(), Some(60.0));
    assert_eq!(bench.expire(), "drop 1001, disconnected");
}

#[test]
fn silence_is_no_fault_while_nobody_listens() {
    let mut bench = bench(rules(Polite)).connect();
    bench.step(MachineInput::Stalled);
    for _ in 0..4 {
        assert_eq!(bench.expire(), "ping");
    }
    bench.step(MachineInput::Resumed);
    assert_eq!(bench.deadline(), Some(125.0));
    bench.expire();
    assert_eq!(bench.deadline(), Some(135.0));
    assert_eq!(bench.expire(), "drop 1001, disconnected");
}

#[test]
fn offline_is_reported_once_and_late() {
    let mut bench = bench(rules(Polite)).connect();
    bench.close(1006);
    bench.wait(4.9);
    assert_eq!(bench.step(MachineInput::Tick), "open");
    bench.wait(0.1);
    assert_eq!(bench.step(MachineInput::Tick), "offline");
    assert_eq!(bench.step(MachineInput::Tick), "");
}

#[test]
fn flapping_makes_it_slower_until_it_was_healthy() {
    let mut bench = bench(rules(Polite)).connect();
    let mut longest = 0.0_f64;
    for _ in 0..200 {
        bench.close(1006);
        longest = longest.max(bench.deadline().unwrap() - (bench.now - bench.start).as_secs_f64());
        bench.now = bench.machine.deadline().unwrap();
        // Offline may come first.
        while bench.step(MachineInput::Tick) != "open" {
            bench.now = bench.machine.deadline().unwrap();
        }
        bench.step(MachineInput::Opened);
        bench.text("hello");
    }
    assert_eq!(bench.machine.failures, 200);
    assert!(longest > 4.0, "{longest}");
    bench.wait(60.0);
    bench.close(1006);
    assert_eq!(bench.machine.failures, 1);
}

#[test]
fn delays_are_spread() {
    let mut delays: Vec<Duration> = (0..1000)
        .map(|seed| {
            let mut bench = bench(MachineConfig { seed, ..rules(Polite) }).connect();
            bench.close(1001);
            bench.machine.deadline().unwrap() - bench.now
        })
        .collect();
    delays.sort();
    assert!(delays[100] < Duration::from_millis(50) && delays[900] > Duration::from_millis(200), "{delays:?}");
}

#[test]
fn hopeless_reasons_get_few_and_late_attempts() {
    let mut bench = bench(rules(Polite)).connect();
    for _ in 0..5 {
        assert_eq!(bench.close(1002), "drop, disconnected");
        let Phase::Waiting { until } = bench.machine.phase else { panic!("not waiting") };
        assert!(until - bench.now >= Duration::from_millis(12_500));
        bench.now = until;
        assert_eq!(bench.step(MachineInput::Tick), "offline, open");
        bench.step(MachineInput::Opened);
        bench.text("hello");
    }
    assert_eq!(bench.close(1002), "drop, disconnected for good, closed, finish");
}

#[test]
fn a_server_may_ask_to_stay_away() {
    let mut bench = bench(MachineConfig { retry_initial_connect: true, ..rules(DefaultProfile) });
    bench.step(MachineInput::Start);
    bench.step(MachineInput::Authorized);
    let answer = HttpResponse { retry_after: Some(Duration::from_secs(20)), ..HttpResponse::new(503) };
    bench.step(MachineInput::Failed(Disconnect::Http(answer)));
    assert_eq!(bench.deadline(), Some(20.0));
}

#[test]
fn attempts_can_be_limited() {
    let never = MachineConfig { backoff: Backoff::never(), ..rules(Polite) };
    let mut bench = bench(never).connect();
    assert_eq!(bench.close(1000), "drop, disconnected for good, closed, finish");
}

#[test]
fn shutdown_drains_and_closes() {
    let mut bench = bench(rules(Polite)).connect();
    assert_eq!(bench.step(MachineInput::Shutdown(Duration::from_secs(5))), "");
    assert!(bench.machine.carries() && bench.machine.drains());
    assert_eq!(bench.step(MachineInput::Drained), "close 1000");
    assert_eq!(bench.deadline(), Some(1.0));
    assert_eq!(bench.text("late"), "deliver");
    assert_eq!(bench.close(1000), "drop, closed, finish clean");
}

#[test]
fn shutdown_works_in_every_phase() {
    let table: [(&[&str], &str); 6] = [
        (&[], "drop, closed, finish clean"),
        (&["start"], "drop, closed, finish clean"),
        (&["start", "authorized"], "drop, closed, finish clean"),
        (&["start", "authorized", "opened"], "close 1000"),
        (&["start", "authorized", "opened", "hello"], ""),
        (&["start", "authorized", "opened", "hello", "lost"], "drop, closed, finish clean"),
    ];
    for (way, effects) in table {
        let mut bench = bench(rules(Polite));
        for step in way {
            match *step {
                "start" => bench.step(MachineInput::Start),
                "authorized" => bench.step(MachineInput::Authorized),
                "opened" => bench.step(MachineInput::Opened),
                "hello" => bench.text("hello"),
                _ => bench.step(MachineInput::Failed(Disconnect::Io(None))),
            };
        }
        assert_eq!(bench.step(MachineInput::Shutdown(Duration::from_secs(5))), effects, "{way:?}");
    }
}

#[test]
fn shutdown_does_not_wait_for_ever() {
    let mut bench = bench(rules(Polite)).connect();
    bench.step(MachineInput::Shutdown(Duration::from_secs(5)));
    assert_eq!(bench.deadline(), Some(5.0));
    bench.step(MachineInput::Shutdown(Duration::from_secs(2)));
    assert_eq!(bench.deadline(), Some(2.0));
    assert_eq!(bench.expire(), "drop, closed, finish");
    assert_eq!(bench.step(MachineInput::Shutdown(Duration::ZERO)), "");
}
