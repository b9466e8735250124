//! The service of one lane: sends numbers to whoever connected last, and can be stopped and started again.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use eventwire::testing::{Peer, PeerMessage, PendingUpgrade};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use crate::Phase;
use crate::ledger::Sent;
use crate::tick::Tick;

/// What a service is told to do to its connection, once.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    Close(u16),
    Drop,
    Reset,
    /// Sends nothing and reads nothing for this long.
    Freeze(Duration),
}

pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) state: Arc<State>,
    listening: Option<AbortHandle>,
}

pub(crate) struct State {
    sent: Mutex<Sent>,
    order: Mutex<Option<Order>>,
    /// How many requests are refused from now on.
    pub(crate) refusals: AtomicU64,
    /// The number of the connection that counts; those before it have no say any more.
    current: watch::Sender<u64>,
    accepted: AtomicU64,
    /// The number that the client must send next, at least.
    noted: AtomicU64,
    pub(crate) wrong: Mutex<Vec<String>>,
    phases: watch::Receiver<Phase>,
}

impl State {
    pub(crate) fn sent(&self) -> MutexGuard<'_, Sent> {
        lock(&self.sent)
    }

    /// Ends the connection, so that nothing more is sent on it.
    pub(crate) fn retire(&self) {
        let _sent = self.sent();
        self.current.send_replace(self.accepted.fetch_add(1, Ordering::Relaxed) + 1);
    }

    pub(crate) fn order(&self, order: Order) {
        *lock(&self.order) = Some(order);
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Service {
    pub(crate) async fn start(phases: watch::Receiver<Phase>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let state = State {
            sent: Mutex::default(),
            order: Mutex::default(),
            refusals: AtomicU64::new(0),
            current: watch::Sender::new(0),
            accepted: AtomicU64::new(0),
            noted: AtomicU64::new(0),
            wrong: Mutex::default(),
            phases,
        };
        let mut service = Self { address: listener.local_addr()?, state: Arc::new(state), listening: None };
        service.listen(listener);
        Ok(service)
    }

    fn listen(&mut self, listener: TcpListener) {
        self.listening = Some(tokio::spawn(listen(listener, Arc::clone(&self.state))).abort_handle());
    }

    /// Stops as a process does that is killed.
    pub(crate) fn stop(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
        }
    }

    /// Starts again at the same address.
    pub(crate) async fn restart(&mut self) -> io::Result<()> {
        for _ in 0..50 {
            // The former listener may not be gone yet.
            if let Ok(listener) = TcpListener::bind(self.address).await {
                self.listen(listener);
                return Ok(());
            }
            sleep(Duration::from_millis(20)).await;
        }
        self.listen(TcpListener::bind(self.address).await?);
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn listen(listener: TcpListener, state: Arc<State>) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let number = state.accepted.fetch_add(1, Ordering::Relaxed) + 1;
                let state = Arc::clone(&state);
                // A connection that breaks is what this is about.
                open.spawn(async move { connection(stream, number, &state).await });
            }
            Some(_) = open.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, number: u64, state: &State) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let request = PendingUpgrade::read(stream).await?;
    let refused = state.refusals.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    if refused.is_ok() {
        return request.reject(503, "come back later").await;
    }
    let peer = request.upgrade().await?;
    let mut current = state.current.subscribe();
    {
        let mut sent = state.sent();
        if *state.current.borrow() > number {
            return Ok(());
        }
        state.current.send_replace(number);
        sent.begin();
    }
    tokio::select! {
        biased;
        _ = current.wait_for(|current| *current > number) => Ok(()),
        outcome = attend(peer, number, state) => outcome,
    }
}

/// Sends bursts of numbers and takes what the client sends between them.
async fn attend(mut peer: Peer, connection: u64, state: &State) -> io::Result<()> {
    let mut random = fastrand::Rng::with_seed(connection);
    loop {
        let phase = *state.phases.borrow();
        let burst = match phase {
            Phase::Trouble => random.usize(0..200),
            Phase::Calm => 1,
            Phase::Over => 0,
        };
        for _ in 0..burst {
            let number = {
                let mut sent = state.sent();
                if *state.current.borrow() > connection {
                    return Ok(());
                }
                sent.take()
            };
            let padding = if random.u8(..) == 0 { random.usize(..50_000) } else { random.usize(..1000) };
            peer.send(Tick(number).text(padding)).await?;
        }
        let order = lock(&state.order).take();
        match order {
            Some(Order::Close(code)) => return peer.close(code, "as ordered").await,
            Some(Order::Drop) => return Ok(()),
            Some(Order::Reset) => return peer.reset(),
            Some(Order::Freeze(time)) => sleep(time).await,
            None => {}
        }
        if !listen_to(&mut peer, connection, state, Duration::from_millis(random.u64(5..200))).await {
            return Ok(());
        }
    }
}

/// Takes what the client sends for a while; `false` when it has gone.
async fn listen_to(peer: &mut Peer, connection: u64, state: &State, time: Duration) -> bool {
    let until = Instant::now() + time;
    while let Ok(received) = timeout(until.saturating_duration_since(Instant::now()), peer.next()).await {
        match received {
            PeerMessage::Text(text) => {
                let Ok(number) = text.parse::<u64>() else {
                    lock(&state.wrong).push(format!("the client sent `{text}`"));
                    continue;
                };
                // While this is held no later connection can begin.
                let _sent = state.sent();
                if *state.current.borrow() > connection {
                    return false;
                }
                let due = state.noted.fetch_max(number + 1, Ordering::Relaxed);
                if number < due {
                    lock(&state.wrong).push(format!("the client sent {number} after {due}"));
                }
            }
            PeerMessage::Close(_) | PeerMessage::End => return false,
            PeerMessage::Binary(_) | PeerMessage::Ping | PeerMessage::Pong => {}
        }
    }
    true
}
