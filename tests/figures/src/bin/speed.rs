//! How fast events are delivered, as a share of what a loop over the bare library does in the same minute.

use std::time::{Duration, Instant};

use eventwire::client::{Client, ClientBuilder, Delivery};
use eventwire::{Api, DecodeError, EventSet as _};
use eventwire_figures::api::{Frame, frames, handshake};
use eventwire_figures::{Failure, Figure, bare, cpu_time, peer};
use stream_chat_events::{Event, StreamChat};

/// How long one run takes, in frames.
const FRAMES: usize = 200_000;

/// How many pairs of runs.
const PAIRS: usize = 11;

/// How many deliveries are taken at once where they are taken in batches.
const BATCH: usize = 256;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    if peer::is_wanted() {
        return tokio::task::spawn_blocking(peer::run).await?;
    }
    let peer = peer::Process::start().await?;
    let address = peer.address();
    let raw = format!("/frames?size=1024&frames={FRAMES}");
    let typed = format!("/events?frames={FRAMES}");
    for (most, bound, reason) in [(1, 0.85, QUEUED), (BATCH, 0.85, QUEUED)] {
        let library = async || by_library(address, &typed, Event::from_json, most).await;
        let runtime = async || by_runtime(Client::<StreamChat>::builder(handshake(address, &typed)), most).await;
        report("typed events", most, bound, reason, &compare(library, runtime).await?)?;
    }
    for (most, bound, reason) in [(1, 0.70, RAW), (BATCH, 0.90, RAW)] {
        let library = async || by_library(address, &raw, Frame::from_json, most).await;
        let runtime = async || by_runtime(frames(address, &raw), most).await;
        report("raw 1 KiB frames", most, bound, reason, &compare(library, runtime).await?)?;
    }
    Ok(())
}

/// Why typed events may come more slowly.
const QUEUED: &str = "Each event goes through a queue from the task that reads to the one that decodes.";
/// Why raw frames may come more slowly.
const RAW: &str = "A raw frame takes so little by itself that the queue between the two tasks weighs as much; decoding, which \
                   outweighs both, is not in this figure.";

/// What one run took.
#[derive(Debug, Clone, Copy)]
struct Run {
    wall: Duration,
    cpu: Duration,
}

/// A run that has begun.
struct Watch(Instant, Duration);

impl Watch {
    fn start() -> Result<Self, Failure> {
        Ok(Self(Instant::now(), cpu_time()?))
    }

    fn stop(&self) -> Result<Run, Failure> {
        Ok(Run { wall: self.0.elapsed(), cpu: cpu_time()?.saturating_sub(self.1) })
    }
}

/// Runs the library and the runtime in turn.
async fn compare<L, R>(library: L, runtime: R) -> Result<Vec<(Run, Run)>, Failure>
where
    L: AsyncFn() -> Result<Run, Failure>,
    R: AsyncFn() -> Result<Run, Failure>,
{
    let mut runs = Vec::new();
    for _ in 0..PAIRS {
        runs.push((library().await?, runtime().await?));
    }
    Ok(runs)
}

/// Prints the share of the rate, and that of the processor time, which says more on a busy machine.
fn report(what: &str, most: usize, bound: f64, reason: &str, runs: &[(Run, Run)]) -> Result<(), Failure> {
    let name = if most > 1 { format!("{what} in batches of {most}") } else { what.to_owned() };
    let shares = |of: fn(&Run) -> Duration| -> Vec<f64> {
        runs.iter().map(|(library, runtime)| of(library).as_secs_f64() / of(runtime).as_secs_f64()).collect()
    };
    Figure::ratio(&format!("{name}: rate"), bound, reason, shares(|run| run.wall)).print()?;
    Figure::ratio(&format!("{name}: events per processor time"), bound, reason, shares(|run| run.cpu)).print()?;
    Ok(())
}

/// Decodes what the bare library receives and holds as many events as the client hands out at once.
async fn by_library<T: Send + 'static>(
    address: &str,
    target: &str,
    read: fn(&str) -> Result<T, DecodeError>,
    most: usize,
) -> Result<Run, Failure> {
    let (address, target) = (address.to_owned(), target.to_owned());
    let run = async move {
        let mut stream = bare::connect(&address, &target).await?;
        bare::next(&mut stream, read).await??;
        let mut batch = Vec::with_capacity(most);
        let watch = Watch::start()?;
        for _ in 1..FRAMES {
            batch.push(bare::next(&mut stream, read).await??);
            if batch.len() == most {
                batch.clear();
            }
        }
        watch.stop()
    };
    tokio::spawn(run).await?
}

async fn by_runtime<A: Api>(builder: ClientBuilder<A>, most: usize) -> Result<Run, Failure> {
    let run = async move {
        let (_client, mut events) = builder.connect_with_events().await?;
        let (mut seen, mut batch, mut watch) = (0, Vec::new(), None);
        while seen < FRAMES {
            if most > 1 {
                events.next_batch(&mut batch, most).await;
            } else {
                batch.extend(events.next().await);
            }
            for delivery in batch.drain(..) {
                match delivery {
                    Delivery::Event(_) => seen += 1,
                    Delivery::Lifecycle(change @ eventwire::client::Lifecycle::Disconnected { .. }) => {
                        return Err(format!("{change:?}").into());
                    }
                    Delivery::Lifecycle(_) => {}
                    Delivery::Malformed(malformed) => return Err(malformed.error.into()),
                    _ => return Err("frames were lost".into()),
                }
            }
            if watch.is_none() && seen > 0 {
                watch = Some(Watch::start()?);
            }
        }
        watch.ok_or("there were no frames")?.stop()
    };
    tokio::spawn(run).await?
}
