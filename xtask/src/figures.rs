//! The figures of the runtime, in one run.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::{fs, io};

use serde::Deserialize;

use crate::{Failure, cargo, root};

/// The program that measures rates.
const SPEED: &str = "speed";

/// The programs that measure, in the order of the table.
const PROGRAMS: [&str; 3] = [SPEED, "life", "memory"];

/// What a program prints, one on a line.
#[derive(Debug, Deserialize)]
struct Figure {
    name: String,
    reach: String,
    measured: String,
    met: bool,
}

/// What the rates in the tables are.
const RATES: &str = "Rates are shares of what a loop over the bare `tokio-tungstenite` does that decodes into the same type, \
                     run in turn with ours against a peer in a process of its own: the median of 11 pairs, with the extremes. On \
                     a busy machine rates vary widely and processor time says more.";

/// Measures everything and writes `docs/figures.md`.
pub(crate) fn measure() -> Result<(), Failure> {
    let table = table(&PROGRAMS)?;
    print!("{table}");
    fs::write(root().join("docs/figures.md"), page(&table)?)?;
    Ok(())
}

/// How fast events are delivered, as a section of the benchmarks; the other figures take longer.
pub(crate) fn rates() -> Result<String, Failure> {
    let table = table(&[SPEED])?;
    Ok(format!(
        "{RATES} What the runtime promises under load is measured by `cargo xtask figures`: [figures.md](figures.md).\n\n{table}"
    ))
}

/// The figures of some programs.
fn table(programs: &[&str]) -> Result<String, Failure> {
    let mut table = String::from("| figure | should be | is | |\n|---|---|---|---|\n");
    for program in programs {
        for Figure { name, reach, measured, met } in run(program)? {
            let verdict = if met { "" } else { "falls short" };
            writeln!(table, "| {name} | {reach} | {measured} | {verdict} |")?;
        }
    }
    Ok(table)
}

/// Runs a program to its end and reads its figures.
fn run(program: &str) -> Result<Vec<Figure>, Failure> {
    let arguments = ["run", "--quiet", "--release", "--package", "eventwire-figures", "--bin", program];
    let output = cargo(&arguments).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("`{program}` failed").into());
    }
    let lines = String::from_utf8(output.stdout)?;
    lines.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn page(table: &str) -> io::Result<String> {
    let (machine, load) = (machine()?, load()?);
    Ok(format!(
        "# Figures of the runtime\n\n\
         Measured by `cargo xtask figures`, which writes this page, on {machine}; load {load} at the end.\n\n\
         {RATES} The conformance of the WebSocket itself is a suite of its own.\n\n\
         {table}"
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
