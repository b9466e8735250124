//! Processor time of the rows. Each turn of a row stands beside one of ours, so that whatever else the machine does meets
//! both alike.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

use crate::row::{DECODERS, GROUPS, Work};
use crate::{Failure, frame, measured};

/// How often each row has its turn.
const TURNS: usize = 41;
/// How long a turn takes, about.
const TURN: Duration = Duration::from_millis(6);
/// How many turns [`turns`] takes.
const ALONE: usize = 11;

/// Prints a line of JSON for each row and mix: nanoseconds for one event in each of its turns, and how many times ours in
/// the turn beside that is.
pub(crate) fn pairs() -> Result<(), Failure> {
    for set in frame::SETS {
        let frames = frame::set(set)?;
        for rows in GROUPS {
            let mut timed = Vec::new();
            for row in rows.iter().filter(|row| row.sets.contains(&set)) {
                timed.push((row.name, Timed::new((row.prepare)(&frames)?, frames.len()), Vec::new(), Vec::new()));
            }
            let Some(((name, ours, all, _), rivals)) = timed.split_first_mut() else { continue };
            for turn in 0..TURNS {
                for (_, rival, nanoseconds, quotients) in &mut *rivals {
                    // Whoever is second finds the machine as the first one left it, so each is second in half of the turns.
                    let (own, other) = if turn % 2 == 0 {
                        let own = ours.turn();
                        (own, rival.turn())
                    } else {
                        let other = rival.turn();
                        (ours.turn(), other)
                    };
                    all.push(own);
                    nanoseconds.push(other);
                    quotients.push(other / own);
                }
            }
            print(name, set, all, &[1.0]);
            for (name, _, nanoseconds, quotients) in rivals {
                print(name, set, nanoseconds, quotients);
            }
        }
    }
    Ok(())
}

/// Prints a line of JSON for our decoder alone, to stand beside another program.
pub(crate) fn turns(set: &str) -> Result<(), Failure> {
    let frames = frame::set(set)?;
    let row = DECODERS.first().ok_or("no rows")?;
    let timed = Timed::new((row.prepare)(&frames)?, frames.len());
    let nanoseconds: Vec<f64> = (0..ALONE).map(|_| timed.turn()).collect();
    print(row.name, set, &nanoseconds, &[1.0]);
    Ok(())
}

fn print(row: &str, set: &str, nanoseconds: &[f64], quotients: &[f64]) {
    println!("{}", json!({ "row": row, "frames": set, "nanoseconds": nanoseconds, "quotients": quotients }));
}

/// A row's work, and how often it fits into a turn.
struct Timed<'f> {
    work: Work<'f>,
    frames: usize,
    repeats: u32,
}

impl<'f> Timed<'f> {
    fn new(work: Work<'f>, frames: usize) -> Self {
        let (begun, mut repeats) = (Instant::now(), 0);
        while begun.elapsed() < TURN {
            measured(&*work, frames);
            repeats += 1;
        }
        Self { work, frames, repeats }
    }

    /// One turn: nanoseconds of this thread for one frame. What comes before it is not timed: other work has taken the
    /// caches and the predictions of branches meanwhile.
    #[allow(clippy::cast_precision_loss, reason = "a few thousand frames")]
    fn turn(&self) -> f64 {
        for _ in 0..=self.repeats / 8 {
            measured(&*self.work, self.frames);
        }
        let begun = thread_time();
        for _ in 0..self.repeats {
            measured(&*self.work, self.frames);
        }
        (thread_time() - begun).as_secs_f64() * 1e9 / f64::from(self.repeats) / self.frames as f64
    }
}

/// Processor time of this thread; what other threads take meanwhile is not in it.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = Duration::from_secs(time.tv_sec.unsigned_abs());
    seconds + Duration::from_nanos(time.tv_nsec.unsigned_abs())
}
