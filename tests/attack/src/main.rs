//! Changed documents, messages and bytes for the generator and the runtime, until time is up. The same seed makes the same
//! inputs, in the same order.

mod change;
mod document;
mod frame;
mod stream;

use std::error::Error;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use fastrand::Rng;

/// Attacks the generator and the runtime with inputs that are made at random.
#[derive(Debug, Parser)]
struct Options {
    /// For how long.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Which sequence of inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The first input of the sequence that is tried.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Where the input that is being tried is kept; what fails stays there.
    #[arg(long, default_value = "target/attack/input")]
    input: PathBuf,
    /// Lets this input of the sequence fail, whatever it is: what becomes of a failure is tested too.
    #[arg(long, hide = true)]
    plant: Option<u64>,
}

/// What is attacked, in turns.
const TARGETS: [&str; 3] = ["documents", "messages", "streams"];

/// How long one input may take on the clock of the machine, which may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// What panicked last, on whichever task: a runtime catches the panics of its tasks.
static PANIC: Mutex<Option<String>> = Mutex::new(None);
/// How many inputs are done.
static DONE: AtomicU64 = AtomicU64::new(0);

fn main() -> ExitCode {
    match attack(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn attack(options: &Options) -> Result<(), Box<dyn Error>> {
    let Options { seconds, seed, first, input: kept, plant } = options;
    println!("{seconds} s with seed {seed}; the input that is being tried is in {}", kept.display());
    if let Some(folder) = kept.parent() {
        fs::create_dir_all(folder)?;
    }
    let (documents, frames) = (document::Documents::read(), frame::read());
    panic::set_hook(Box::new(|panic| {
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic.to_string());
    }));
    watch(format!("an input takes more than {} s: it is in {}", PATIENCE.as_secs(), kept.display()));
    let (mut tried, mut taken) = ([0_u64; TARGETS.len()], [0_u64; TARGETS.len()]);
    let begun = Instant::now();
    for run in *first.. {
        if begun.elapsed() >= Duration::from_secs(*seconds) {
            break;
        }
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(run));
        // A document takes as long as many messages.
        let (target, draw, check): (_, &Draw, Check) = match run % 16 {
            0 => (0, &|rng| documents.draw(rng), document::check),
            1..12 => (1, &|rng| frame::draw(rng, &frames), frame::check),
            _ => (2, &|rng| stream::draw(rng, &frames), stream::check),
        };
        let check = if *plant == Some(run) { planted } else { check };
        let input = draw(&mut rng);
        // Before it is tried: not every end of a program leaves time for it.
        fs::write(kept, &input)?;
        match outcome(check, &input) {
            Ok(good) => {
                tried[target] += 1;
                taken[target] += u64::from(good);
            }
            Err(fault) => {
                let again = format!("--seed {seed} --first {run}");
                let text = String::from_utf8_lossy(&input);
                let start: String = text.chars().take(2000).collect();
                eprintln!("{} with {again}: {fault}\nthe input begins with\n{start}", TARGETS[target]);
                return Err(format!("an input of {} bytes fails: it is in {}", input.len(), kept.display()).into());
            }
        }
        DONE.fetch_add(1, Ordering::Relaxed);
    }
    fs::remove_file(kept)?;
    for ((name, tried), taken) in TARGETS.iter().zip(tried).zip(taken) {
        println!("{name:<9}  {tried:>8} tried  {taken:>8} good enough to be taken");
    }
    Ok(())
}

type Draw<'a> = dyn Fn(&mut Rng) -> Vec<u8> + 'a;
type Check = fn(&[u8]) -> Result<bool, String>;

/// Fails as a fault would.
#[expect(clippy::panic, reason = "what is tested is what becomes of a panic")]
fn planted(_: &[u8]) -> Result<bool, String> {
    panic!("planted")
}

/// What came of an input: whether it was taken, or what is wrong.
fn outcome(check: Check, input: &[u8]) -> Result<bool, String> {
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| check(input)));
    if let Some(panic) = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(panic);
    }
    outcome.unwrap_or_else(|_| Err("a panic without a message".to_owned()))
}

/// Ends the program when an input takes too long.
fn watch(complaint: String) {
    thread::spawn(move || {
        loop {
            let done = DONE.load(Ordering::Relaxed);
            thread::sleep(PATIENCE);
            if DONE.load(Ordering::Relaxed) == done {
                eprintln!("error: {complaint}");
                process::exit(1);
            }
        }
    });
}
