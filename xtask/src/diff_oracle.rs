//! The verdicts of `eventwire diff` beside those of others.

use std::process::Command;

use clap::Args;

use crate::{Failure, cargo, root, run};

/// The version of cargo-semver-checks; it reads what rustdoc of this repository's compiler writes.
const SEMVER_CHECKS: &str = "0.51.0";

/// What `cargo xtask diff-oracle` and `cargo xtask diff-semver` take.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many documents are changed.
    #[arg(long, default_value_t = 200)]
    runs: u64,
    /// Which sequence of changes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Compares the verdicts with what the compiler and the decoders say.
pub(crate) fn compare(options: &Options) -> Result<(), Failure> {
    run(&mut tests(options))
}

/// Compares the source verdicts with what cargo-semver-checks says, which is installed under `target/`.
pub(crate) fn compare_semver_checks(options: &Options) -> Result<(), Failure> {
    let folder = root().join("target/semver/tools");
    let tool = folder.join("bin/cargo-semver-checks");
    if !tool.exists() {
        // Its profile for development optimizes what it depends on, which is where the time is spent.
        let install = ["install", "--locked", "--debug", "cargo-semver-checks", "--version", SEMVER_CHECKS, "--root"];
        run(cargo(&install).arg(&folder).arg("--target-dir").arg(folder.join("build")))?;
    }
    let only = ["--", "--ignored", "--nocapture", "cargo_semver_checks"];
    run(tests(options).args(only).env("EVENTWIRE_SEMVER_CHECKS", tool))
}

fn tests(Options { runs, seed }: &Options) -> Command {
    let mut command = cargo(&["test", "--package", "eventwire-tests", "--test", "diff"]);
    command.env("EVENTWIRE_DIFFS", runs.to_string()).env("EVENTWIRE_SEED", seed.to_string());
    command
}
