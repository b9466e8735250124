//! The verdicts of `eventwire diff` on documents that are changed at random.

use clap::Args;

use crate::{Failure, cargo, run};

/// What `cargo xtask diffs` takes.
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
pub(crate) fn judge(options: &Options) -> Result<(), Failure> {
    let Options { runs, seed } = options;
    let mut command = cargo(&["test", "--package", "eventwire-tests", "--test", "diff"]);
    run(command.env("EVENTWIRE_DIFFS", runs.to_string()).env("EVENTWIRE_SEED", seed.to_string()))
}
