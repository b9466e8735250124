//! One service, one relay, and one client after another.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use eventwire::Publisher;
use eventwire::client::{Backoff, Client, ClientBuilder, Events, Overflow, SendError, Timeouts, WebSocket};
use eventwire::profile::{Heartbeat, Profile};
use eventwire::testing::FaultProxy;
use eventwire_figures::Failure;
use eventwire_figures::api::handshake;
use fastrand::Rng;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use crate::Phase;
use crate::fault::{Door, trouble};
use crate::ledger::Ledger;
use crate::service::{Service, State, lock};
use crate::tick::{Note, Tick, Ticker};

/// How long the last number may take after the last was sent.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Lane {
    pub(crate) name: &'static str,
    pub(crate) policy: Overflow,
    pub(crate) seed: u64,
    pub(crate) phases: watch::Receiver<Phase>,
}

/// What has become of one lane.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) name: &'static str,
    pub(crate) sent: u64,
    pub(crate) delivered: u64,
    pub(crate) lagged: u64,
    pub(crate) in_gaps: u64,
    pub(crate) clients: u64,
    pub(crate) connections: usize,
    pub(crate) faults: u64,
    pub(crate) wrong: Vec<String>,
}

/// An API whose connections are given up soon.
struct Impatient;

impl Profile for Impatient {
    fn heartbeat(&self) -> Heartbeat {
        let (every, idle_timeout) = (Duration::from_millis(500), Duration::from_millis(1500));
        Heartbeat { interval: every, idle_timeout, ..Heartbeat::default() }
    }
}

impl Lane {
    /// Runs until everything that was sent is accounted for.
    pub(crate) async fn run(self) -> Result<Account, Failure> {
        let Self { name, policy, seed, phases } = self;
        let mut random = Rng::with_seed(seed);
        let service = Service::start(phases.clone()).await?;
        let relay = FaultProxy::start(service.address).await?;
        let state = Arc::clone(&service.state);
        let door = Arc::new(Mutex::new(Door::Open(relay.address())));
        let mut consumer = Consumer {
            ledger: Ledger::default(),
            state: Arc::clone(&state),
            random: random.fork(),
            phases: phases.clone(),
            policy,
            clients: 0,
            next_note: 0,
            over_since: None,
        };
        let ((), faults) = tokio::join!(consumer.run(&door), trouble(service, &relay, &door, random, phases),);
        let (_service, faults) = faults?;
        let Consumer { mut ledger, clients, .. } = consumer;
        let (sent, connections) = state.sent().totals();
        ledger.close(sent);
        ledger.wrong.append(&mut lock(&state.wrong));
        let Ledger { delivered, dropped: lagged, in_gaps, wrong, .. } = ledger;
        let wrong = wrong.into_iter().map(|what| format!("{name}: {what}")).collect();
        Ok(Account { name, sent, delivered, lagged, in_gaps, clients, connections, faults, wrong })
    }
}

/// Who takes what the clients of a lane deliver.
struct Consumer {
    ledger: Ledger,
    state: Arc<State>,
    random: Rng,
    phases: watch::Receiver<Phase>,
    policy: Overflow,
    clients: u64,
    next_note: u64,
    over_since: Option<Instant>,
}

impl Consumer {
    fn builder(&mut self, door: &Arc<Mutex<Door>>) -> ClientBuilder<Ticker> {
        let door = Arc::clone(door);
        let second = Duration::from_secs(1);
        let millis = Duration::from_millis;
        Client::builder(handshake("soak.example", "/"))
            .connector(WebSocket::new().dial_with(move |_, _| Door::enter(Arc::clone(&door))))
            .profile(Impatient)
            .reconnect(Backoff { base: millis(10), cap: millis(400), reset_after: 5 * second, ..Backoff::default() })
            .timeouts(Timeouts { open: second, hello: second, close: second, ..Timeouts::default() })
            .inbound_capacity(128)
            .overflow(self.policy)
            .retry_initial_connect(true)
            .seed(self.random.u64(..))
    }

    /// Makes one client after another.
    async fn run(&mut self, door: &Arc<Mutex<Door>>) {
        loop {
            let connected = self.builder(door).connect_with_events().await;
            // Some reasons are final; the next client may be luckier.
            let Ok((client, events)) = connected else {
                sleep(Duration::from_millis(20)).await;
                continue;
            };
            self.clients += 1;
            let notes = tokio::spawn(publish(client.clone(), self.next_note, self.random.fork()));
            let over = self.follow(&client, events).await;
            notes.abort();
            // Numbers that this client may have sent are not used again.
            self.next_note += 1 << 32;
            if over {
                return;
            }
        }
    }

    /// Takes what one client delivers until its end; `true` if nothing more is to come.
    async fn follow(&mut self, client: &Client<Ticker>, mut events: Events<Tick>) -> bool {
        let dropped = self.ledger.dropped;
        let mut leave = Some(Instant::now() + Duration::from_secs(self.random.u64(5..60)));
        let mut over = false;
        loop {
            match timeout(Duration::from_millis(200), events.next()).await {
                Ok(Some(delivery)) => self.ledger.enter(&delivery, &self.state.sent()),
                Ok(None) => break,
                Err(_) => {}
            }
            let phase = *self.phases.borrow();
            if phase == Phase::Trouble && self.random.u32(..4000) == 0 {
                sleep(Duration::from_millis(self.random.u64(50..1500))).await;
            }
            over |= phase == Phase::Over && self.is_done();
            let leaves = over || (phase == Phase::Trouble && leave.is_some_and(|leave| leave <= Instant::now()));
            if leaves && leave.take().is_some() {
                client.shutdown(Duration::from_secs(1)).await;
            }
        }
        let (counted, reported) = (client.metrics().dropped, self.ledger.dropped - dropped);
        if counted != reported {
            self.ledger.wrong.push(format!("a client counted {counted} dropped events and reported {reported}"));
        }
        over
    }

    /// Whether the last number is accounted for, or overdue.
    fn is_done(&mut self) -> bool {
        let since = *self.over_since.get_or_insert_with(Instant::now);
        self.ledger.has_reached(self.state.sent().next) || since.elapsed() > PATIENCE
    }
}

/// Sends rising numbers, as long as the client lives. Some are lost with a connection.
async fn publish(client: Client<Ticker>, first: u64, mut random: Rng) {
    for number in first.. {
        if let Err(SendError::Closed) = client.publish(Note(number)).await {
            return;
        }
        sleep(Duration::from_millis(random.u64(5..200))).await;
    }
}
