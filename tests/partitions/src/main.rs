//! A client and a service in a simulated network that is torn apart again and again, in simulated time. Each seed is one
//! run, and the same run every time: `eventwire-partitions FIRST COUNT` makes `COUNT` of them.
//!
//! What must hold: within one connection every tick arrives once and in order; a connection is never heard again after
//! the next one; every gap is announced; once the network is whole the client is back in the time that its rules allow;
//! in the end no session is left.

mod app;
mod network;
mod service;
mod tick;

use std::process::ExitCode;

use network::Run;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Some(Ok(first)), Some(Ok(count)), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("error: expected the first seed and the number of seeds");
        return ExitCode::from(2);
    };
    let mut total = Run::default();
    let mut failed = 0;
    for seed in first..first.saturating_add(count) {
        match network::run(seed) {
            Ok(run) => total.add(&run),
            Err(error) => {
                failed += 1;
                eprintln!("seed {seed}: {error}");
            }
        }
    }
    println!("| runs | simulated hours | faults | connections | attempts | ticks | failed |");
    println!("|---|---|---|---|---|---|---|");
    let Run { seconds, faults, connections, attempts, ticks } = total;
    let hours = seconds / 3600;
    println!("| {count} | {hours} | {faults} | {connections} | {attempts} | {ticks} | {failed} |");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
