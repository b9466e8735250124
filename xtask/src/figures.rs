//! The figures of the runtime, in one run.

use std::path::Path;
use std::process::Stdio;
use std::{fs, io};

use crate::goal::{self, Goal};
use crate::{Failure, cargo, root};

/// The program that measures rates.
const SPEED: &str = "speed";

/// The programs that measure, in the order of the table.
const PROGRAMS: [&str; 3] = [SPEED, "life", "memory"];

/// What the rates in the tables are.
pub(crate) const RATES: &str = "Delivery is compared with a loop over the bare `tokio-tungstenite` that decodes into the same \
     type and holds as many decoded events as the client hands out at once, one or a batch, before it drops them. The loop does \
     nothing else. The client reads in a task of its own, with a queue in between, so that it answers pings, notices a dead peer \
     and reconnects while events are handled. Both run in turn against a peer in a process of its own. A rate is the share of \
     the loop's: the median of the pairs, with the quartiles in brackets. On a busy machine rates vary widely and processor time \
     says more.";

/// Measures everything and writes `docs/figures.md`.
pub(crate) fn measure() -> Result<(), Failure> {
    let figures = figures(&PROGRAMS)?;
    let page = page(&figures)?;
    print!("{page}");
    fs::write(root().join("docs/figures.md"), page)?;
    Ok(())
}

/// How fast events are delivered; the other figures take longer.
pub(crate) fn rates() -> Result<Vec<Goal>, Failure> {
    figures(&[SPEED])
}

/// The figures of some programs.
fn figures(programs: &[&str]) -> Result<Vec<Goal>, Failure> {
    let mut figures = Vec::new();
    for program in programs {
        figures.extend(run(program)?);
    }
    Ok(figures)
}

/// Runs a program to its end and reads its figures.
fn run(program: &str) -> Result<Vec<Goal>, Failure> {
    let arguments = ["run", "--quiet", "--release", "--package", "eventwire-figures", "--bin", program];
    let output = cargo(&arguments).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("`{program}` failed").into());
    }
    let lines = String::from_utf8(output.stdout)?;
    lines.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn page(figures: &[Goal]) -> io::Result<String> {
    let (machine, load) = (machine()?, load()?);
    let (table, missed) = (goal::table(figures), goal::missed(figures));
    Ok(format!(
        "# Figures of the runtime\n\n\
         How fast events are delivered, how soon a connection is back, and what a client keeps in memory. Measured by `cargo \
         xtask figures`, which writes this page, on {machine}; load {load} at the end. The conformance of the WebSocket itself \
         is tested by [a suite of its own](peers.md).\n\n\
         {RATES}\n\n\
         {table}\n{missed}"
    ))
}

/// The processor and how many of it there are.
fn machine() -> io::Result<String> {
    let text = fs::read_to_string("/proc/cpuinfo")?;
    let model = text.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let count = std::thread::available_parallelism()?;
    Ok(format!("{count} × {}", model.trim_start_matches(['\t', ' ', ':'])))
}

/// How many processes wanted to run in the last minute.
fn load() -> io::Result<String> {
    let text = fs::read_to_string(Path::new("/proc/loadavg"))?;
    Ok(text.split(' ').next().unwrap_or_default().to_owned())
}
