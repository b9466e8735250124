//! Every suite, one after another, whatever becomes of those before.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::Args;

use crate::{Failure, root};

/// What `cargo xtask all` takes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only these suites.
    #[arg(long, value_parser = names())]
    only: Vec<String>,
    /// All suites but these.
    #[arg(long, value_parser = names())]
    skip: Vec<String>,
    /// A folder of documents for `corpus`.
    #[arg(long)]
    corpus: Option<PathBuf>,
}

/// The suites: a name, what has to be there, and the task with its arguments.
const SUITES: [(&str, &[Tool], &[&str]); 12] = [
    ("validate", &[Tool::Npm], &["validate"]),
    ("corpus", &[], &["corpus"]),
    ("diff-oracle", &[], &["diff-oracle", "--runs", "20"]),
    ("diff-semver", &[], &["diff-semver", "--runs", "20"]),
    ("partitions", &[], &["partitions"]),
    ("soak", &[], &["soak", "--minutes", "1"]),
    ("autobahn", &[Tool::Python], &["autobahn"]),
    ("interop", &[Tool::Python, Tool::Npm], &["interop"]),
    ("interop-stream", &[Tool::Npm], &["interop-stream"]),
    ("fuzz-document", &[Tool::Fuzz], &["fuzz", "--target", "document", "--minutes", "2"]),
    ("fuzz-json", &[Tool::Fuzz], &["fuzz", "--target", "json", "--minutes", "2"]),
    ("clone", &[], &[]),
];

/// What a suite needs beside Rust.
#[derive(Clone, Copy)]
enum Tool {
    Npm,
    Python,
    Fuzz,
}

impl Tool {
    /// What it is called, and a command that succeeds where it is.
    const fn probe(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Npm => ("npm", &["npm", "--version"]),
            Self::Python => ("Python with venv", &["python3", "-c", "import venv, ensurepip"]),
            Self::Fuzz => ("nightly and cargo-fuzz", &["rustup", "run", "nightly", "cargo", "fuzz", "--version"]),
        }
    }

    fn is_there(self) -> bool {
        let (_, command) = self.probe();
        let mut probe = Command::new(command[0]);
        probe.args(&command[1..]).env_remove("RUSTUP_TOOLCHAIN").stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    }
}

fn names() -> clap::builder::PossibleValuesParser {
    SUITES.map(|(name, ..)| name).into()
}

/// Runs the suites that are chosen.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let (mut table, mut failed) = (Vec::new(), 0);
    for (name, tools, task) in SUITES {
        let named = |list: &[String]| list.iter().any(|each| each == name);
        if named(&options.skip) || !(options.only.is_empty() || named(&options.only)) {
            continue;
        }
        println!("== {name}");
        let begun = Instant::now();
        let result = match missing(name, tools, options) {
            Some(needed) => format!("skipped: needs {needed}"),
            None => match suite(name, task, options) {
                Ok(()) => "passed".to_owned(),
                Err(error) => {
                    failed += 1;
                    format!("failed: {error}")
                }
            },
        };
        table.push(format!("{name:<14}  {:>6} s  {result}", begun.elapsed().as_secs()));
    }
    println!("\n{}", table.join("\n"));
    if failed == 0 { Ok(()) } else { Err(format!("{failed} suites failed").into()) }
}

/// What a suite lacks.
fn missing(name: &str, tools: &[Tool], options: &Options) -> Option<&'static str> {
    if name == "corpus" && options.corpus.is_none() {
        return Some("--corpus FOLDER");
    }
    tools.iter().find(|tool| !tool.is_there()).map(|tool| tool.probe().0)
}

/// Runs a suite as its own task, so that it can end in any way.
fn suite(name: &str, task: &[&str], options: &Options) -> Result<(), Failure> {
    if name == "clone" {
        return clone();
    }
    let mut command = Command::new(std::env::current_exe()?);
    // The documents are named from where the task was started.
    command.args(task).args(options.corpus.iter().filter(|_| name == "corpus"));
    crate::run(&mut command)
}

/// Runs what continuous integration runs, on a fresh clone of the last commit.
fn clone() -> Result<(), Failure> {
    let folder = root().join("target/clone");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    crate::run(Command::new("git").args(["clone", "--quiet"]).arg(root()).arg(&folder))?;
    let mut command = Command::new(folder.join(".ci/run"));
    // Cargo tells its children where it runs.
    for name in ["CARGO", "CARGO_MANIFEST_DIR", "CARGO_TARGET_DIR"] {
        command.env_remove(name);
    }
    crate::run(&mut command)
}
