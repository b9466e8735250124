//! Decoding and encoding: runs the program of `tests/bench`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, thread};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Tools;
use super::callgrind::{self, Count};
use super::spread::{Spread, median};
use crate::{Failure, cargo, root, run};

/// One row on one mix of frames.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figure {
    /// `None` for what runs outside of the program.
    pub(super) count: Option<Count>,
    /// Nanoseconds for one event, the median of many turns.
    pub(super) time: f64,
    /// How many times ours that is, in turns beside one another.
    pub(super) quotient: Spread,
}

/// A mix of frames.
#[derive(Debug, Deserialize)]
pub(super) struct Set {
    pub(super) frames: String,
    /// How many frames it has.
    pub(super) count: usize,
    /// How long they are on average.
    pub(super) bytes: usize,
}

/// All that was measured.
pub(super) struct Figures {
    /// By row and mix.
    pub(super) rows: BTreeMap<(String, String), Figure>,
    pub(super) sets: Vec<Set>,
}

impl Figures {
    /// The figure of a row on a mix.
    pub(super) fn get(&self, row: &str, set: &str) -> Option<&Figure> {
        self.rows.get(&(row.to_owned(), set.to_owned()))
    }
}

/// The turns of a row on a mix, as the program prints them.
#[derive(Debug, Deserialize)]
struct Turns {
    row: String,
    frames: String,
    nanoseconds: Vec<f64>,
    quotients: Vec<f64>,
}

/// How often Node and ours have their turn.
const ROUNDS: usize = 9;

/// Node's side: warmed turns on the frames that it gets as JSON; processor time of the whole process.
const NODE: &str = "
const texts = JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'));
let kept = 0;
const pass = () => { for (const text of texts) kept += typeof JSON.parse(text) === 'object' ? 1 : 0; };
const now = () => { const { user, system } = process.cpuUsage(); return (user + system) * 1e3; };
for (const end = now() + 3e8; now() < end;) pass();
const turns = [];
for (let turn = 0; turn < 11; turn++) {
  const begun = now();
  let passes = 0;
  do { pass(); passes++; } while (now() - begun < 2e7);
  turns.push((now() - begun) / passes / texts.length);
}
turns.sort((a, b) => a - b);
console.log(turns[turns.length >> 1]);
";

/// Builds the program, proves its rows and times them; nothing is counted yet.
pub(super) fn time(tools: &Tools) -> Result<Figures, Failure> {
    let mut build = cargo(&["build", "--release", "--target-dir"]);
    run(build.arg(tools.folder.join("build")).current_dir(root().join("tests/bench")))?;
    let program = program(tools);
    run(Command::new(&program).arg("verify"))?;
    println!("decode and encode: time");
    let mut figures = Figures { rows: BTreeMap::new(), sets: lines(&program, &["sets"])? };
    for Turns { row, frames, nanoseconds, quotients } in lines(&program, &["time"])? {
        let (time, quotient) = (median(nanoseconds), Spread::of(quotients));
        figures.rows.insert((row, frames), Figure { count: None, time, quotient });
    }
    for frames in ["each", "chat"] {
        if let Some(figure) = node(tools, &program, frames)? {
            figures.rows.insert(("node".to_owned(), frames.to_owned()), figure);
        }
    }
    Ok(figures)
}

/// Counts every row of the program, on all cores: what else runs does not change how much a row has to do.
pub(super) fn count(tools: &Tools, figures: &mut Figures) -> Result<(), Failure> {
    println!("decode and encode: instructions and allocations");
    let program = program(tools);
    let mut rows: Vec<_> = figures.rows.iter_mut().filter(|((row, _), _)| row != "node").collect();
    let share = rows.len().div_ceil(thread::available_parallelism()?.get());
    thread::scope(|scope| {
        let parts = rows.chunks_mut(share).enumerate().map(|(part, rows)| {
            let (program, into) = (&program, tools.folder.join(format!("callgrind.{part}.out")));
            scope.spawn(move || -> Result<(), String> {
                for ((row, frames), figure) in rows {
                    let count = callgrind::count(program, row, frames, &into);
                    figure.count = Some(count.map_err(|failure| failure.to_string())?);
                }
                Ok(())
            })
        });
        // All of them are started before the first is waited for.
        let parts: Vec<_> = parts.collect();
        for part in parts {
            part.join().map_err(|_| "counting ended early")??;
        }
        Ok(())
    })
}

fn program(tools: &Tools) -> PathBuf {
    tools.folder.join("build/release/eventwire-bench")
}

/// What a command prints.
fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// What the program prints, a line of JSON each.
fn lines<T: DeserializeOwned>(program: &Path, arguments: &[&str]) -> Result<Vec<T>, Failure> {
    let text = output(Command::new(program).args(arguments))?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// `JSON.parse` in turn with ours; `None` without Node.
fn node(tools: &Tools, program: &Path, frames: &str) -> Result<Option<Figure>, Failure> {
    if Command::new("node").arg("--version").output().is_err() {
        println!("`JSON.parse` is left out: there is no `node`");
        return Ok(None);
    }
    let file = tools.folder.join("frames.json");
    fs::write(&file, output(Command::new(program).args(["print", frames]))?)?;
    let (mut times, mut own) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        times.push(output(Command::new("node").arg("-e").arg(NODE).arg(&file))?.trim().parse()?);
        let turns: Vec<Turns> = lines(program, &["turns", frames])?;
        own.extend(turns.into_iter().map(|turns| median(turns.nanoseconds)));
    }
    let quotient = Spread::of_pairs(&times, &own);
    Ok(Some(Figure { count: None, time: median(times), quotient }))
}
