//! Decoding and encoding: runs the program of `tests/bench`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use super::Tools;
use super::callgrind::{self, Count};
use crate::{Failure, cargo, root, run};

/// One row on one mix of frames.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figure {
    /// `None` for what runs outside of the program.
    pub(super) count: Option<Count>,
    /// Nanoseconds for one event, the median of many turns.
    pub(super) time: f64,
}

/// Figures by row and mix.
pub(super) type Figures = BTreeMap<(String, String), Figure>;

/// A line that the program prints.
#[derive(Debug, Deserialize)]
struct Line {
    row: String,
    frames: String,
    ns: f64,
}

/// Node's side: the same turns, on the frames that it gets as JSON.
const NODE: &str = "
const texts = JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'));
let kept = 0;
const pass = () => { for (const text of texts) kept += typeof JSON.parse(text) === 'object' ? 1 : 0; };
const now = () => Number(process.hrtime.bigint());
for (const end = now() + 3e8; now() < end;) pass();
const turns = [];
for (let turn = 0; turn < 301; turn++) {
  const begun = now();
  let passes = 0;
  do { pass(); passes++; } while (now() - begun < 1.5e6);
  turns.push((now() - begun) / passes / texts.length);
}
turns.sort((a, b) => a - b);
console.log(turns[turns.length >> 1]);
";

/// Builds the program, proves its rows, counts and times them.
pub(super) fn measure(tools: &Tools) -> Result<Figures, Failure> {
    let target = tools.folder.join("build");
    let mut build = cargo(&["build", "--release", "--target-dir"]);
    run(build.arg(&target).current_dir(root().join("tests/bench")))?;
    let program = target.join("release/eventwire-bench");
    run(Command::new(&program).arg("verify"))?;
    println!("decode and encode: time");
    let output = Command::new(&program).arg("time").output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let mut figures = Figures::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let Line { row, frames, ns } = serde_json::from_str(line)?;
        println!("count {row} on {frames}");
        let count = callgrind::count(&program, &row, &frames, &tools.folder.join("callgrind.out"))?;
        figures.insert((row, frames), Figure { count: Some(count), time: ns });
    }
    for frames in ["each", "chat"] {
        if let Some(time) = node(tools, &program, frames)? {
            figures.insert(("node".to_owned(), frames.to_owned()), Figure { count: None, time });
        }
    }
    Ok(figures)
}

/// Nanoseconds of `JSON.parse` for one event; `None` without Node.
fn node(tools: &Tools, program: &Path, frames: &str) -> Result<Option<f64>, Failure> {
    let texts = Command::new(program).args(["print", frames]).output()?.stdout;
    let file = tools.folder.join("frames.json");
    fs::write(&file, texts)?;
    let Ok(output) = Command::new("node").arg("-e").arg(NODE).arg(&file).output() else {
        println!("`JSON.parse` is left out: there is no `node`");
        return Ok(None);
    };
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(Some(String::from_utf8(output.stdout)?.trim().parse()?))
}
