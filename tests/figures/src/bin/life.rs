//! How a connection comes back, what is lost meanwhile, and what is left of clients that have ended.

use std::time::{Duration, Instant};

use eventwire::client::{Backoff, Client, Delivery, Events, Lifecycle};
use eventwire::profile::{Heartbeat, Profile};
use eventwire_figures::api::{Frame, Numbers, frames, handshake};
use eventwire_figures::{Failure, Figure, descriptors, peer};
use tokio::runtime::Handle;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    if peer::is_wanted() {
        return tokio::task::spawn_blocking(peer::run).await?;
    }
    let peer = peer::Process::start().await?;
    let address = peer.address();
    returns(address, "/drop", "back after a broken connection", 500).await?.print()?;
    returns(address, "/close", "back after a close with code 1000", 1000).await?.print()?;
    dead_peer(address).await?.print()?;
    lost(address).await?.print()?;
    leftovers(address).await?.print()?;
    Ok(())
}

/// How long 40 clients of their own take from the end of the first connection to the second.
async fn returns(address: &str, target: &str, name: &str, reach: u64) -> Result<Figure, Failure> {
    let mut clients = Vec::new();
    for _ in 0..40 {
        let builder = frames(address, target);
        clients.push(tokio::spawn(async move {
            let (_client, mut events) = builder.connect_with_events().await?;
            wait_for(&mut events, |change| matches!(change, Lifecycle::Disconnected { .. })).await?;
            let begun = Instant::now();
            wait_for(&mut events, |change| matches!(change, Lifecycle::Recovered { .. })).await?;
            Ok::<_, Failure>(begun.elapsed())
        }));
    }
    let mut longest = Duration::ZERO;
    for client in clients {
        longest = longest.max(client.await??);
    }
    let met = longest <= Duration::from_millis(reach);
    Ok(Figure::new(name, format!("≤ {reach} ms"), format!("{} ms, the longest of 40", longest.as_millis()), met))
}

async fn wait_for(events: &mut Events<Frame>, is_it: impl Fn(&Lifecycle) -> bool) -> Result<(), Failure> {
    while let Some(delivery) = events.next().await {
        if let Delivery::Lifecycle(change) = delivery
            && is_it(&change)
        {
            return Ok(());
        }
    }
    Err("the client has ended".into())
}

/// An API whose connections are given up soon.
struct Impatient;

/// When a silent connection is given up.
const IDLE_TIMEOUT: Duration = Duration::from_secs(2);

impl Profile for Impatient {
    fn heartbeat(&self) -> Heartbeat {
        Heartbeat { interval: Duration::from_secs(1), idle_timeout: IDLE_TIMEOUT, ..Heartbeat::default() }
    }
}

async fn dead_peer(address: &str) -> Result<Figure, Failure> {
    let (_client, mut events) = frames(address, "/deaf").profile(Impatient).connect_with_events().await?;
    let begun = Instant::now();
    wait_for(&mut events, |change| matches!(change, Lifecycle::Disconnected { .. })).await?;
    let after = begun.elapsed();
    let measured = format!("{:.1} s with a limit of {} s", after.as_secs_f64(), IDLE_TIMEOUT.as_secs());
    Ok(Figure::new("dead peer noticed", "≤ limit + 1 s", measured, after <= IDLE_TIMEOUT + Duration::from_secs(1)))
}

/// Receives a million numbered frames over a thousand connections, each of which the peer ends with code 1000.
async fn lost(address: &str) -> Result<Figure, Failure> {
    let millis = Duration::from_millis;
    let backoff = Backoff { base: millis(2), cap: millis(2), ..Backoff::default() };
    let builder = Client::<Numbers>::builder(handshake(address, "/numbers?frames=1000")).reconnect(backoff);
    let (client, mut events) = builder.connect_with_events().await?;
    let (mut wrong, mut expected) = (0_u64, 0);
    while expected < 1_000_000 {
        match events.next().await.ok_or("the client has ended")? {
            Delivery::Event(number) => {
                wrong += u64::from(number.0 != expected);
                expected = number.0 + 1;
            }
            Delivery::Lifecycle(_) => {}
            _ => wrong += 1,
        }
    }
    let measured = format!("{wrong} in {expected} over {} connections", client.metrics().connections);
    Ok(Figure::new("frames lost or duplicated in clean reconnects", "0", measured, wrong == 0))
}

/// Connects and shuts down a thousand times.
async fn leftovers(address: &str) -> Result<Figure, Failure> {
    // The first time, the runtime itself may open something.
    frames(address, "/quiet").connect().await?.shutdown(Duration::from_secs(5)).await;
    let state = || Ok::<_, Failure>((Handle::current().metrics().num_alive_tasks(), descriptors()?));
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (tasks, open) = state()?;
    for _ in 0..1000 {
        let client = frames(address, "/quiet").connect().await?;
        if !client.shutdown(Duration::from_secs(5)).await.clean {
            return Err("a shutdown was not clean".into());
        }
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (tasks_after, open_after) = state()?;
    let measured =
        format!("{} tasks, {} descriptors", tasks_after.saturating_sub(tasks), open_after.saturating_sub(open));
    let met = tasks_after <= tasks && open_after <= open;
    Ok(Figure::new("left after 1000 connects and shutdowns", "0 tasks, 0 descriptors", measured, met))
}
