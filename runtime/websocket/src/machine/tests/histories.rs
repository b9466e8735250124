//! Whatever happens, in whatever order.

use super::*;

/// How far the driver has come with its effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Under {
    Nothing,
    Authorizing,
    Opening,
    Socket,
}

/// What was announced of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Never,
    Up,
    Down,
    Offline,
}

/// Follows the effects of a machine and knows which may come next.
struct Witness {
    under: Under,
    link: Link,
    opened: u32,
    closed: bool,
    finished: bool,
}

impl Witness {
    fn new() -> Self {
        Self { under: Under::Nothing, link: Link::Never, opened: 0, closed: false, finished: false }
    }

    fn see(&mut self, effect: &Effect) {
        assert!(!self.finished, "{effect:?} after the end");
        match effect {
            Effect::Authorize { .. } => self.proceed(Under::Nothing, Under::Authorizing),
            Effect::Open(attempt) => {
                self.proceed(
                    if self.under == Under::Authorizing { self.under } else { Under::Nothing },
                    Under::Opening,
                );
                self.opened += 1;
                assert_eq!((attempt.number, attempt.reconnect), (self.opened, self.link != Link::Never));
            }
            Effect::Send(_) => assert_eq!(self.under, Under::Socket, "{effect:?}"),
            Effect::Deliver | Effect::Ignore => assert_eq!(self.under, Under::Socket),
            Effect::Drop(_) => self.under = Under::Nothing,
            Effect::Announce(change) => self.heard(change),
            Effect::Finish { .. } => {
                assert!(self.closed && self.under == Under::Nothing, "{:?} is left", self.under);
                self.finished = true;
            }
        }
    }

    fn proceed(&mut self, from: Under, to: Under) {
        assert_eq!(self.under, from, "{to:?}");
        self.under = to;
    }

    fn turn(&mut self, from: &[Link], to: Link) {
        assert!(from.contains(&self.link), "{to:?} after {:?}", self.link);
        self.link = to;
    }

    fn heard(&mut self, change: &Lifecycle) {
        assert!(!self.closed, "{change:?} after the end");
        match change {
            Lifecycle::Connected { .. } => self.turn(&[Link::Never], Link::Up),
            Lifecycle::Recovered { .. } => self.turn(&[Link::Down, Link::Offline], Link::Up),
            Lifecycle::Disconnected { .. } => self.turn(&[Link::Up], Link::Down),
            Lifecycle::Retrying { .. } => assert_ne!(self.link, Link::Up),
            Lifecycle::Offline => self.turn(&[Link::Down], Link::Offline),
            Lifecycle::Closed { .. } => self.closed = true,
        }
    }
}

/// A machine, its witness and what chance does to them.
struct History {
    bench: Bench,
    witness: Witness,
    random: fastrand::Rng,
    /// The moment by which a shutdown that was asked for is to be over.
    end: Option<Instant>,
}

impl History {
    fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let rules =
            MachineConfig { retry_initial_connect: random.u8(..4) > 0, renews: random.bool(), seed, ..rules(Polite) };
        Self { bench: bench(rules), witness: Witness::new(), random, end: None }
    }

    fn step(&mut self, input: MachineInput<'_>) {
        match &input {
            MachineInput::Opened if self.witness.under == Under::Opening => self.witness.under = Under::Socket,
            MachineInput::Shutdown(within) => {
                let end = self.bench.now + *within;
                self.end = Some(self.end.map_or(end, |known| known.min(end)));
            }
            _ => {}
        }
        let frame = matches!(input, MachineInput::Frame(_));
        let mut effects = Vec::new();
        self.bench.machine.step(self.bench.now, input, &mut effects);
        let handed_out = effects.iter().filter(|effect| matches!(effect, Effect::Deliver | Effect::Ignore)).count();
        assert!(handed_out <= usize::from(frame), "{effects:?}");
        for effect in &effects {
            self.witness.see(effect);
        }
        self.check();
    }

    fn check(&self) {
        let Self { bench, witness, .. } = self;
        let state = bench.machine.state();
        assert_eq!(witness.finished, state == State::Closed);
        let idle = witness.finished || matches!(bench.machine.phase, Phase::Idle);
        assert_eq!(bench.machine.deadline().is_none(), idle, "a timer is left, or none was set");
        assert!(!bench.machine.carries() || witness.under == Under::Socket);
        assert!(state != State::Connected || witness.link == Link::Up);
        assert_eq!(bench.machine.attempts(), witness.opened);
        if let (Some(end), false) = (self.end, witness.finished) {
            assert!(bench.machine.deadline() <= Some(end), "a shutdown takes longer than it may");
        }
    }

    /// Something of the things that can happen at this moment.
    fn happen(&mut self) {
        let pass = self.random.f64() * 20.0;
        // Now and then a clock goes backwards.
        if self.random.u8(..50) == 0 && self.bench.now > self.bench.start + Duration::from_secs(10) {
            self.bench.now -= Duration::from_secs_f64(pass / 2.0);
        } else {
            self.bench.wait(pass);
        }
        let text = |text: &str| Frame::Text(text.into());
        let frame = match self.random.u8(..10) {
            0 | 1 => text("hello"),
            2 => text("error 40"),
            3 => text("no 50"),
            4 => Frame::Close(None),
            5 => Frame::Ping,
            6 => Frame::Binary(b"\0".into()),
            7 => text("junk"),
            _ => text("event"),
        };
        match self.random.u8(..40) {
            0 | 1 => self.step(MachineInput::Start),
            2..=6 => self.step(MachineInput::Authorized),
            7..=12 => self.step(MachineInput::Opened),
            13 => self.step(MachineInput::Failed(Disconnect::Io(None))),
            14 => self.step(MachineInput::Stalled),
            15 => self.step(MachineInput::Resumed),
            16 if self.random.u8(..20) == 0 => self.step(MachineInput::Overflowed),
            17 => self.step(MachineInput::Drained),
            16 | 18..=28 => self.step(MachineInput::Tick),
            _ => self.step(MachineInput::Frame(&frame)),
        }
    }

    /// Lets the next deadline pass. Time that has come is dealt with at once, not again and again.
    fn expire(&mut self) {
        let Some(deadline) = self.bench.machine.deadline() else { return };
        self.bench.now = self.bench.now.max(deadline);
        self.step(MachineInput::Tick);
    }
}

#[test]
fn any_order_of_inputs_is_survived() {
    let (mut connected, mut closed) = (0, 0);
    for seed in 0..3000 {
        let mut history = History::new(seed);
        for _ in 0..200 {
            history.happen();
            connected += u32::from(history.bench.machine.state() == State::Connected);
            if seed % 2 == 0 && history.random.u8(..100) == 0 {
                let within = Duration::from_secs_f64(history.random.f64() * 10.0);
                history.step(MachineInput::Shutdown(within));
            }
        }
        closed += u32::from(history.witness.finished);
    }
    // Chance came everywhere.
    assert!(connected > 10_000 && closed > 500, "{connected} {closed}");
}

#[test]
fn any_history_leads_back_to_a_connection() {
    let mut back = 0;
    for seed in 0..3000 {
        let mut history = History::new(seed);
        history.step(MachineInput::Start);
        for _ in 0..history.random.usize(..60) {
            history.happen();
        }
        // From now on all goes well. A socket that nobody uses ends first.
        let mut steps = 0;
        while !history.witness.finished && history.bench.machine.state() != State::Connected {
            match history.witness.under {
                Under::Nothing => history.expire(),
                Under::Authorizing => history.step(MachineInput::Authorized),
                Under::Opening => history.step(MachineInput::Opened),
                Under::Socket => history.step(MachineInput::Frame(&Frame::Text("hello".into()))),
            }
            steps += 1;
            assert!(steps < 10, "seed {seed} is stuck in {:?}", history.bench.machine.phase);
        }
        back += u32::from(!history.witness.finished);
    }
    assert!(back > 1000, "{back}");
}

#[test]
fn any_history_can_be_ended() {
    for seed in 0..3000 {
        let mut history = History::new(seed);
        for _ in 0..history.random.usize(..60) {
            history.happen();
        }
        history.step(MachineInput::Shutdown(Duration::from_secs(3)));
        let begun = history.bench.now;
        for _ in 0..5 {
            history.expire();
        }
        assert!(history.witness.finished, "seed {seed} is stuck in {:?}", history.bench.machine.phase);
        assert!(history.bench.now - begun <= Duration::from_secs(3));
    }
}
