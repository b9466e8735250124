//! Decoders and encoders side by side, on the frames of `tests/payloads`.
//!
//! `count ROW FRAMES PASSES` runs one row so often, for callgrind, which counts inside of `measured`; `time` runs all of
//! them in turns, and `turns FRAMES` ours alone; `verify` proves that they read the same; `sets` prints what the frames
//! are, and `print FRAMES` hands them to other programs.

mod frame;
mod reader;
mod row;
mod time;
mod verify;

// The rivals, written by `cargo xtask bench`. They have more than is measured.
#[path = "../../../target/bench/rivals/chrono.rs"]
#[allow(dead_code, reason = "commands are not measured")]
mod chrono_rival;
#[path = "../../../target/bench/rivals/derived/src/lib.rs"]
#[allow(dead_code, reason = "commands are not measured")]
mod derived;
#[path = "../../../target/bench/rivals/fallback.rs"]
mod fallback;
#[path = "../../../target/bench/rivals/first.rs"]
#[allow(dead_code, reason = "commands are not measured")]
mod first;
#[path = "../../../target/bench/rivals/first_lean.rs"]
#[allow(dead_code, reason = "commands are not measured")]
mod first_lean;
#[path = "../../../target/bench/rivals/hand.rs"]
#[allow(dead_code, reason = "commands are not measured")]
mod hand;
#[path = "../../../target/bench/rivals/known.rs"]
mod known;
#[path = "../../../target/bench/rivals/lean.rs"]
#[allow(dead_code, reason = "commands are not measured")]
mod lean;
#[path = "../../../target/bench/rivals/typify.rs"]
#[allow(clippy::all, clippy::pedantic, dead_code, unused_imports, reason = "as typify prints it")]
mod typify;

use std::process::ExitCode;

use serde_json::json;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words[..] {
        ["count", row, frames, passes] => count(row, frames, passes),
        ["time"] => time::pairs(),
        ["turns", frames] => time::turns(frames),
        ["verify"] => verify::all(),
        ["sets"] => sets(),
        ["print", frames] => print(frames),
        _ => {
            Err("expected `count ROW FRAMES PASSES`, `time`, `turns FRAMES`, `verify`, `sets` or `print FRAMES`".into())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a row once to warm up, then as often as it is to be counted; prints how many frames a pass has.
fn count(row: &str, set: &str, passes: &str) -> Result<(), Failure> {
    let row = row::GROUPS.into_iter().flatten().find(|known| known.name == row).ok_or("no such row")?;
    let frames = frame::set(set)?;
    let work = (row.prepare)(&frames)?;
    for index in 0..frames.len() {
        work(index);
    }
    for _ in 0..passes.parse::<usize>()? {
        measured(&*work, frames.len());
    }
    println!("{}", frames.len());
    Ok(())
}

/// The only part that callgrind counts.
#[inline(never)]
fn measured(work: &dyn Fn(usize), frames: usize) {
    for index in 0..frames {
        work(index);
    }
}

/// Prints a line of JSON for each mix: how many frames it has, and how long they are on average.
fn sets() -> Result<(), Failure> {
    for set in frame::SETS {
        let frames = frame::set(set)?;
        let bytes: usize = frames.iter().map(|frame| frame.text.len()).sum();
        println!("{}", json!({ "frames": set, "count": frames.len(), "bytes": bytes / frames.len() }));
    }
    Ok(())
}

fn print(set: &str) -> Result<(), Failure> {
    let frames = frame::set(set)?;
    let texts: Vec<&str> = frames.iter().map(|frame| frame.text.as_str()).collect();
    println!("{}", serde_json::to_string(&texts)?);
    Ok(())
}
