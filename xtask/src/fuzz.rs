//! The generator and the runtime on texts that a fuzzer makes up.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::{Args, ValueEnum};

use crate::{Failure, root, run};

/// What `cargo xtask fuzz` takes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// For how long.
    #[arg(long, default_value_t = 5)]
    minutes: u64,
    /// What is fuzzed.
    #[arg(long, value_enum, default_value_t)]
    target: Target,
}

/// What can be fuzzed.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Target {
    /// The generator, with any text as a document.
    #[default]
    Document,
    /// The runtime against `serde_json`, with any text as JSON.
    Json,
}

impl Target {
    /// Its name in `tests/fuzz`.
    const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Json => "json",
        }
    }

    /// The folders whose files the fuzzer begins with.
    const fn seeds(self) -> &'static [&'static str] {
        match self {
            Self::Document => &["generator/tests", "spec"],
            Self::Json => &["tests/payloads"],
        }
    }

    /// The longest text, in bytes.
    const fn longest(self) -> u32 {
        match self {
            Self::Document => 64 << 10,
            Self::Json => 4 << 10,
        }
    }
}

/// What libFuzzer gives up on: 20 s or 2 GiB for one text.
const LIMITS: [&str; 2] = ["-timeout=20", "-rss_limit_mb=2048"];

/// Runs the fuzzer.
pub(crate) fn run_fuzzer(options: &Options) -> Result<(), Failure> {
    let rustup = ["run", "nightly", "cargo"];
    if !works(Command::new("rustup").args(rustup).arg("--version")) {
        return Err("fuzzing needs a nightly compiler: `rustup toolchain install nightly`".into());
    }
    if !works(Command::new("rustup").args(rustup).args(["fuzz", "--version"])) {
        return Err("fuzzing needs cargo-fuzz: `cargo install cargo-fuzz`".into());
    }
    let target = options.target;
    let (build, folder) = (root().join("target/fuzz/build"), root().join("target/fuzz").join(target.name()));
    let (corpus, seeds, artifacts) = (folder.join("corpus"), folder.join("seeds"), folder.join("artifacts/"));
    for each in [&corpus, &seeds, &artifacts] {
        fs::create_dir_all(each)?;
    }
    for from in target.seeds() {
        gather(&root().join(from), &seeds)?;
    }
    let mut command = Command::new("rustup");
    command.args(rustup).args(["fuzz", "run", "--fuzz-dir", "tests/fuzz", "--target-dir"]).arg(build);
    command.arg(target.name()).args([&corpus, &seeds]).arg("--").args(LIMITS);
    command.arg(format!("-max_len={}", target.longest()));
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

/// Copies every YAML and JSON file below a folder.
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
