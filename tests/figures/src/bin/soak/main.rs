//! Clients and services that live through one random fault after another, and an account of every number sent.
//!
//! ```text
//! soak <minutes> <seed>
//! ```
//!
//! Each lane is one service that sends rising numbers, a relay that spoils them, and one client. Every number must be
//! delivered once and in order, or lie in a loss that the client reported; memory, tasks and descriptors must stay where
//! they were. Prints a table; the exit code is 1 if anything is amiss. The seed fixes which faults come, not how threads take
//! turns.

mod fault;
mod lane;
mod ledger;
mod load;
mod service;
mod tick;

use std::process::ExitCode;
use std::time::Duration;

use eventwire::client::Overflow;
use eventwire_figures::Failure;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use lane::{Account, Lane};
use load::{Course, Load};

/// How many clients there are of each policy.
const LANES_EACH: u64 = 2;

/// How long everything is left in peace before the account is closed.
const CALM: Duration = Duration::from_secs(10);

const POLICIES: [(Overflow, &str); 4] = [
    (Overflow::Block, "block"),
    (Overflow::DropOldest, "drop oldest"),
    (Overflow::DropNewest, "drop newest"),
    (Overflow::Disconnect, "disconnect"),
];

/// What is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Faults come and go.
    Trouble,
    /// Nothing is spoiled any more, and services send little.
    Calm,
    /// Services send nothing any more.
    Over,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Failure> {
    let mut arguments = std::env::args().skip(1);
    let minutes: f64 = arguments.next().ok_or("how many minutes?")?.parse()?;
    let seed: u64 = arguments.next().ok_or("which seed?")?.parse()?;
    eprintln!("{minutes} minutes with seed {seed}");

    let before = Load::now()?;
    let (phase, phases) = watch::channel(Phase::Trouble);
    let mut lanes = JoinSet::new();
    for number in 0..LANES_EACH {
        for (index, (policy, name)) in (0..).zip(POLICIES) {
            let seed = seed.wrapping_mul(1000) + number * 10 + index;
            lanes.spawn(Lane { name, policy, seed, phases: phases.clone() }.run());
        }
    }
    let course = observe(Duration::from_secs_f64(minutes * 60.0)).await?;
    phase.send_replace(Phase::Calm);
    sleep(CALM).await;
    phase.send_replace(Phase::Over);
    let mut accounts = Vec::new();
    while let Some(account) = lanes.join_next().await {
        accounts.push(account??);
    }
    accounts.sort_by_key(|account| account.name);
    drop(phases);
    let left = Load::wait_until_freed(before).await?;

    let mut wrong: Vec<String> = accounts.iter().flat_map(|account| account.wrong.clone()).collect();
    wrong.extend(course.growth());
    wrong.extend(left.beyond(before));
    print_accounts(&accounts);
    course.print();
    println!(
        "\nLeft at the end: {} tasks, {} descriptors.",
        left.tasks_beyond(before),
        left.descriptors_beyond(before)
    );
    for what in &wrong {
        println!("\nVIOLATION: {what}");
    }
    println!("\n{} violations; seed {seed}.", wrong.len());
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Looks at the process a hundred times in that time.
async fn observe(time: Duration) -> Result<Course, Failure> {
    let begun = Instant::now();
    let mut course = Course::default();
    for step in 1..=100 {
        sleep_until(begun + time * step / 100).await;
        course.add(Load::now()?);
    }
    Ok(course)
}

fn print_accounts(accounts: &[Account]) {
    println!(
        "| policy | sent | delivered | dropped and reported | lost in reported gaps | clients | connections | faults |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for Account { name, sent, delivered, lagged, in_gaps, clients, connections, faults, .. } in accounts {
        println!("| {name} | {sent} | {delivered} | {lagged} | {in_gaps} | {clients} | {connections} | {faults} |");
    }
    println!();
}
