//! The generator on texts that a fuzzer makes up.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::Args;

use crate::{Failure, root, run};

/// What `cargo xtask fuzz` takes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// For how long.
    #[arg(long, default_value_t = 5)]
    minutes: u64,
}

/// The folders whose documents the fuzzer begins with.
const SEEDS: [&str; 2] = ["generator/tests", "spec"];

/// What libFuzzer gives up on: 20 s or 2 GiB for one text, of 64 KiB at most.
const LIMITS: [&str; 3] = ["-timeout=20", "-rss_limit_mb=2048", "-max_len=65536"];

/// Runs the fuzzer.
pub(crate) fn run_fuzzer(options: &Options) -> Result<(), Failure> {
    let rustup = ["run", "nightly", "cargo"];
    if !works(Command::new("rustup").args(rustup).arg("--version")) {
        return Err("fuzzing needs a nightly compiler: `rustup toolchain install nightly`".into());
    }
    if !works(Command::new("rustup").args(rustup).args(["fuzz", "--version"])) {
        return Err("fuzzing needs cargo-fuzz: `cargo install cargo-fuzz`".into());
    }
    let folder = root().join("target/fuzz");
    let (corpus, seeds, artifacts) = (folder.join("corpus"), folder.join("seeds"), folder.join("artifacts/"));
    for each in [&corpus, &seeds, &artifacts] {
        fs::create_dir_all(each)?;
    }
    for from in SEEDS {
        gather(&root().join(from), &seeds)?;
    }
    let mut command = Command::new("rustup");
    command.args(rustup).args(["fuzz", "run", "--fuzz-dir", "tests/fuzz", "--target-dir"]).arg(folder.join("build"));
    command.arg("document").args([&corpus, &seeds]).arg("--").args(LIMITS);
    command.arg(format!("-max_total_time={}", options.minutes * 60));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    // The nightly tools must not meet the compiler that runs this task.
    command.current_dir(root()).env_remove("CARGO").env_remove("RUSTC").env_remove("RUSTUP_TOOLCHAIN");
    run(&mut command).map_err(|error| format!("{error}; what it failed on is in {}", artifacts.display()).into())
}

/// Whether a command can be started and succeeds.
fn works(command: &mut Command) -> bool {
    command
        .env_remove("RUSTUP_TOOLCHAIN")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Copies every document below a folder.
fn gather(from: &Path, seeds: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, seeds)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "json") {
            let name = path.strip_prefix(root())?.to_string_lossy().replace(['/', '\\'], "-");
            fs::copy(&path, seeds.join(name))?;
        }
    }
    Ok(())
}
