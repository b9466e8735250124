//! What a client allocates. Everything runs on one thread, whose allocations are counted.

use std::time::Duration;

use allocation_counter::{AllocationInfo, measure};
use eventwire::client::{Client, Limits, Overflow};
use eventwire_figures::api::{frames, handshake};
use eventwire_figures::{Failure, Figure, peer};
use stream_chat_events::StreamChat;
use tokio::runtime::{Builder, Runtime};

/// How many connections are idle at once.
const IDLE: u64 = 200;

/// How many events are skipped.
const SKIPPED: u64 = 200_000;

/// How much the queue of a stalled consumer holds, in bytes.
const QUEUE: usize = 8 << 20;

fn main() -> Result<(), Failure> {
    if peer::is_wanted() {
        return peer::run();
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let peer = runtime.block_on(peer::Process::start())?;
    idle_connection(&runtime, peer.address())?.print()?;
    skipped(&runtime, peer.address())?.print()?;
    for (policy, name) in [
        (Overflow::Block, "wait"),
        (Overflow::DropOldest, "drop the oldest"),
        (Overflow::DropNewest, "drop the newest"),
    ] {
        stalled(&runtime, peer.address(), policy, name)?.print()?;
    }
    Ok(())
}

/// Counts what a future allocates that runs to its end on this thread, along with the tasks that it wakes.
fn counted<T>(
    runtime: &Runtime,
    work: impl AsyncFnOnce() -> Result<T, Failure>,
) -> Result<(T, AllocationInfo), Failure> {
    let mut outcome = None;
    let info = measure(|| outcome = Some(runtime.block_on(work())));
    Ok((outcome.ok_or("it did not run")??, info))
}

fn idle_connection(runtime: &Runtime, address: &str) -> Result<Figure, Failure> {
    let (clients, info) = counted(runtime, async || {
        let mut clients = Vec::new();
        for _ in 0..IDLE {
            clients.push(frames(address, "/quiet").connect_with_events().await?);
        }
        for (_, events) in &mut clients {
            events.next().await;
        }
        Ok(clients)
    })?;
    drop(clients);
    let each = info.bytes_current.unsigned_abs() / IDLE;
    let measured = format!("{:.1} KiB", kib(each));
    Ok(Figure::new("memory of an idle plain connection", "≤ 32 KiB", measured, each <= 32 << 10))
}

fn skipped(runtime: &Runtime, address: &str) -> Result<Figure, Failure> {
    let target = format!("/events?frames={}", SKIPPED + 1000);
    let (_client, info) = runtime
        .block_on(async {
            let unconnected = Client::<StreamChat>::builder(handshake(address, &target)).build();
            // Whoever wants everything has gone; whoever is left wants none of these.
            drop(unconnected.client().events());
            let none = unconnected.client().events_of_kinds(&[]);
            let client = unconnected.connect().await?;
            Ok::<_, Failure>((client, none))
        })
        .and_then(|kept| {
            let ((), info) = counted(runtime, async || {
                while kept.0.metrics().received < SKIPPED {
                    tokio::task::yield_now().await;
                }
                Ok(())
            })?;
            Ok((kept, info))
        })?;
    let measured = format!("{} for {SKIPPED} events, of all kinds", info.count_total);
    Ok(Figure::new(
        "allocations for events of kinds that nobody wants",
        "0 per event",
        measured,
        info.count_total < SKIPPED / 1000,
    ))
}

fn stalled(runtime: &Runtime, address: &str, policy: Overflow, name: &str) -> Result<Figure, Failure> {
    let limits = Limits { inbound_bytes: QUEUE, ..Limits::default() };
    let target = "/frames?size=1024&frames=100000";
    let builder = frames(address, target).limits(limits).inbound_capacity(1 << 20).overflow(policy);
    let (_client, info) = counted(runtime, async || {
        let client = builder.connect_with_events().await?;
        let mut before = u64::MAX;
        while before != client.0.metrics().received {
            before = client.0.metrics().received;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        Ok(client)
    })?;
    let beyond = info.bytes_max.saturating_sub(QUEUE as u64);
    let measured = format!("{:.0} KiB beyond the {} KiB of the queue", kib(beyond), QUEUE >> 10);
    Ok(Figure::new(
        &format!("memory with a stalled consumer, policy: {name}"),
        "≤ queue + 1 MiB",
        measured,
        beyond <= 1 << 20,
    ))
}

#[expect(clippy::cast_precision_loss, reason = "it is shown with one digit")]
fn kib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}
