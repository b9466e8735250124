//! Tasks of this repository; `cargo xtask help` lists them.

mod all;
mod bench;
mod ci;
mod corpus;
mod diff_oracle;
mod document;
mod figures;
mod fuzz;
mod goal;
mod interop;
mod partitions;
mod soak;
mod stream;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

/// Tasks of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Writes `generated/` from `spec/stream-chat.yaml`.
    Generate,
    /// Prints the differences between `generated/` and what would be generated; writes nothing.
    Check,
    /// Generates, then runs the generated client against an embedded server and prints the events that arrive.
    Demo,
    /// Runs all checks and tests, including one minute of random attacks.
    Ci,
    /// Runs all suites that are not part of `ci`, then `ci` in a fresh clone, and prints a table of the results.
    All(all::Options),
    /// Compares decoding, encoding, generating, compiling and delivering with other libraries; writes docs/benchmarks.md and
    /// its row in README.md.
    Bench(bench::Options),
    /// Generates, compiles and tests the crates of a folder of documents; prints a line for each document.
    Corpus(corpus::Options),
    /// Compares the verdicts of `eventwire diff` on randomly changed documents with those of the compiler and the decoders.
    DiffOracle(diff_oracle::Options),
    /// Compares the source verdicts of `eventwire diff` on the same documents with cargo-semver-checks, which it installs.
    DiffSemver(diff_oracle::Options),
    /// Runs a fuzzer on the generator or the runtime; needs a nightly compiler and cargo-fuzz.
    Fuzz(fuzz::Options),
    /// Measures delivery, recovery and memory of the runtime and writes `docs/figures.md`.
    Figures,
    /// Runs a client and a service in a simulated network with partitions and crashes.
    Partitions(partitions::Options),
    /// Runs the Autobahn test suite against the client and the server; needs Python with `venv`.
    Autobahn,
    /// Runs scenarios with Python's `websockets` and npm's `ws`, in both roles; needs Python with `venv`, and Node.js with npm.
    Interop,
    /// Compares the client with the official client of Stream Chat; needs Node.js with npm.
    InteropStream,
    /// Injects faults into the connections of several clients for minutes, and accounts for every event.
    Soak(soak::Options),
    /// Runs the official AsyncAPI parser on the document; needs Node.js with npm.
    Validate,
    /// Runs a program without output and prints its time and memory; the benchmarks use it.
    #[command(hide = true)]
    Usage(bench::Measured),
}

/// Why a task failed; the task has already printed the details.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Generate => stream::generate(),
        Task::Check => stream::check(),
        Task::Demo => stream::demo(),
        Task::Ci => ci::run(),
        Task::All(options) => all::run(&options),
        Task::Bench(options) => bench::bench(&options),
        Task::Corpus(options) => corpus::run(&options),
        Task::DiffOracle(options) => diff_oracle::compare(&options),
        Task::DiffSemver(options) => diff_oracle::compare_semver_checks(&options),
        Task::Fuzz(options) => fuzz::run_fuzzer(&options),
        Task::Figures => figures::measure(),
        Task::Partitions(options) => partitions::simulate(&options),
        Task::Autobahn => interop::autobahn(),
        Task::Interop => interop::scenarios(),
        Task::InteropStream => interop::stream_chat(),
        Task::Soak(options) => soak::soak(&options),
        Task::Validate => document::validate(),
        Task::Usage(measured) => bench::print_usage(&measured),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// A call of cargo in the workspace.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command to its end.
fn run(command: &mut Command) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    if status.success() {
        return Ok(());
    }
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let name = Path::new(&program).file_name().map_or(program.clone(), |name| name.to_string_lossy().into_owned());
    Err(format!("`{name} {}` failed", arguments.join(" ")).into())
}
