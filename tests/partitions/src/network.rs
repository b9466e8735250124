//! One run: the network, and what happens to it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use turmoil::{Builder, Sim};

use crate::service::Books;
use crate::{app, service};

pub(crate) const SERVICE: &str = "service";
const APP: &str = "app";

/// When the last fault is over.
pub(crate) const REPAIRED: Duration = Duration::from_secs(600);

/// What one run, or several, came to.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) seconds: u64,
    pub(crate) faults: u64,
    pub(crate) connections: u64,
    pub(crate) attempts: u64,
    pub(crate) ticks: u64,
}

impl Run {
    pub(crate) fn add(&mut self, other: &Self) {
        let Self { seconds, faults, connections, attempts, ticks } = other;
        self.seconds += seconds;
        self.faults += faults;
        self.connections += connections;
        self.attempts += attempts;
        self.ticks += ticks;
    }
}

/// Makes one run.
pub(crate) fn run(seed: u64) -> Result<Run, String> {
    let mut sim = Builder::new()
        .rng_seed(seed)
        .tick_duration(Duration::from_millis(10))
        .simulation_duration(Duration::from_secs(3600))
        .tcp_capacity(1024)
        .build();
    let books = Arc::new(Books::default());
    let outcome = Arc::default();
    let serving = Arc::clone(&books);
    sim.host(SERVICE, move || service::serve(Arc::clone(&serving)));
    sim.client(APP, app::listen(seed, books, Arc::clone(&outcome)));
    let faults = torment(&mut sim, seed).map_err(|error| error.to_string())?;
    let outcome: &Mutex<Option<_>> = &outcome;
    let Some((metrics, ticks)) = outcome.lock().unwrap_or_else(PoisonError::into_inner).take() else {
        return Err("the client came to no end".to_owned());
    };
    let (connections, attempts) = (metrics.connections, metrics.attempts);
    Ok(Run { seconds: sim.elapsed().as_secs(), faults, connections, attempts, ticks })
}

/// Lets time pass, with one fault after another; says how many there were.
fn torment(sim: &mut Sim<'_>, seed: u64) -> turmoil::Result<u64> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut faults = 0;
    let mut broken = false;
    let mut next = Duration::from_secs(5);
    while !sim.step()? {
        if sim.elapsed() < next {
            continue;
        }
        if broken {
            repair(sim);
        } else {
            strike(sim, random.u8(..6));
            faults += 1;
        }
        broken = !broken;
        // Short faults and pauses are more frequent than long ones.
        next = sim.elapsed() + Duration::from_secs_f64(60_f64.powf(random.f64()) * random.f64());
        if next >= REPAIRED {
            next = if broken { REPAIRED } else { Duration::MAX };
        }
    }
    Ok(faults)
}

fn strike(sim: &mut Sim<'_>, kind: u8) {
    match kind {
        0 => sim.partition(APP, SERVICE),
        1 => sim.partition_oneway(APP, SERVICE),
        2 => sim.partition_oneway(SERVICE, APP),
        3 => sim.hold(APP, SERVICE),
        4 => sim.set_link_latency(APP, SERVICE, Duration::from_secs(3)),
        _ => sim.crash(SERVICE),
    }
}

fn repair(sim: &mut Sim<'_>) {
    sim.repair(APP, SERVICE);
    sim.release(APP, SERVICE);
    sim.set_link_latency(APP, SERVICE, Duration::from_millis(20));
    if !sim.is_host_running(SERVICE) {
        sim.bounce(SERVICE);
    }
}
