//! The client, which judges everything that it is told.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use eventwire::Handshake;
use eventwire::client::{Client, Delivery, Lifecycle, Metrics, State, WebSocket};
use tokio::time::{Instant, sleep, timeout_at};
use turmoil::net::TcpStream;

use crate::network::{REPAIRED, SERVICE};
use crate::service::Books;
use crate::tick::{Clock, Tick};

/// From the moment when the network is whole: the dead connection is noticed after 35 s, an attempt under way takes up to
/// 15 s, and the longest wait for the next one is 25 s.
const BACK: Duration = Duration::from_secs(80);

/// What was heard so far.
#[derive(Debug, Default)]
struct Journal {
    last: Option<Tick>,
    /// A connection was announced and no tick of it has come yet.
    announced: bool,
    ticks: u64,
    at: Option<Instant>,
}

impl Journal {
    fn note(&mut self, delivery: &Delivery<Tick>) -> Result<(), String> {
        match delivery {
            Delivery::Event(tick) => self.tick(*tick),
            Delivery::Lifecycle(Lifecycle::Connected { .. } | Lifecycle::Recovered { .. }) => {
                self.announced = true;
                Ok(())
            }
            Delivery::Lifecycle(Lifecycle::Closed { reason, .. }) => Err(format!("the client has ended: {reason}")),
            Delivery::Lifecycle(_) => Ok(()),
            other => Err(format!("nothing of that kind was sent: {other:?}")),
        }
    }

    fn tick(&mut self, tick: Tick) -> Result<(), String> {
        let Tick { connection, number } = tick;
        let follows = match self.last {
            Some(last) if last.connection == connection => number == last.number + 1 && !self.announced,
            Some(last) => connection > last.connection && number == 0 && self.announced,
            None => number == 0 && self.announced,
        };
        if !follows {
            return Err(format!("{tick:?} after {:?}, announced: {}", self.last, self.announced));
        }
        self.announced = false;
        self.last = Some(tick);
        self.ticks += 1;
        self.at = Some(Instant::now());
        Ok(())
    }
}

/// Listens until the network has been whole for long enough, then ends. Leaves what happened in `outcome`.
pub(crate) async fn listen(
    seed: u64,
    books: Arc<Books>,
    outcome: Arc<Mutex<Option<(Metrics, u64)>>>,
) -> turmoil::Result {
    let end = Instant::now() + REPAIRED + BACK;
    let connector = WebSocket::new().dial_with(|host, port| TcpStream::connect((host, port)));
    let builder = Client::<Clock>::builder(Handshake::new("ws", SERVICE, "/")).connector(connector).seed(seed);
    let (client, mut events) = builder.retry_initial_connect(true).connect_with_events().await?;
    let mut journal = Journal::default();
    while let Ok(delivery) = timeout_at(end, events.next()).await {
        journal.note(&delivery.ok_or("the events have ended")?)?;
    }
    let silence = journal.at.map(|at| at.elapsed());
    if client.state() != State::Connected || silence.is_none_or(|silence| silence > Duration::from_secs(1)) {
        return Err(format!("it is not back: {:?}, silent for {silence:?}", client.state()).into());
    }
    let report = client.shutdown(Duration::from_secs(5)).await;
    if !report.clean {
        return Err(format!("the end is not clean: {report:?}").into());
    }
    // A session that nobody told of the end notices it as the client would.
    sleep(Duration::from_secs(40)).await;
    let open = books.open.load(std::sync::atomic::Ordering::Relaxed);
    if open > 0 {
        return Err(format!("{open} sessions are left").into());
    }
    *outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some((client.metrics(), journal.ticks));
    Ok(())
}
