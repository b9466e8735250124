//! Time of all rows, in turns, so that whatever else the machine does meets all of them alike.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::row::{ROWS, Work};
use crate::{Failure, frame, measured};

/// How often each row has its turn.
const TURNS: usize = 101;
/// How long a turn takes at least.
const TURN: Duration = Duration::from_micros(1500);

/// Prints a line of JSON for each row and mix: the median of its turns, in nanoseconds for one event.
pub(crate) fn print() -> Result<(), Failure> {
    for set in frame::SETS {
        let frames = frame::set(set)?;
        let mut rows = Vec::new();
        for row in ROWS.iter().filter(|row| row.sets.contains(&set)) {
            let work = (row.prepare)(&frames)?;
            let repeats = repeats(&work, frames.len());
            rows.push((row.name, work, repeats, Vec::new()));
        }
        for _ in 0..TURNS {
            for (_, work, repeats, turns) in &mut rows {
                turns.push(turn(work, frames.len(), *repeats));
            }
        }
        for (name, _, _, mut turns) in rows {
            turns.sort_by(f64::total_cmp);
            println!("{}", json!({ "row": name, "frames": set, "ns": turns[turns.len() / 2] }));
        }
    }
    Ok(())
}

/// How often the frames fit into a turn.
fn repeats(work: &Work<'_>, frames: usize) -> u32 {
    let (begun, mut repeats) = (Instant::now(), 0);
    while begun.elapsed() < TURN {
        measured(&**work, frames);
        repeats += 1;
    }
    repeats
}

/// One turn: nanoseconds for one frame.
#[allow(clippy::cast_precision_loss, reason = "a few thousand frames")]
fn turn(work: &Work<'_>, frames: usize, repeats: u32) -> f64 {
    let begun = Instant::now();
    for _ in 0..repeats {
        measured(&**work, frames);
    }
    begun.elapsed().as_secs_f64() * 1e9 / f64::from(repeats) / frames as f64
}
