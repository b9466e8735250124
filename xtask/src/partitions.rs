//! A client and a service in a simulated network that is torn apart again and again.

use clap::Args;

use crate::{Failure, cargo, root, run};

/// What `cargo xtask partitions` takes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The seed of the first run; a run is the same every time.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// How many runs, with one seed after another.
    #[arg(long, default_value_t = 50)]
    runs: u64,
}

/// Makes the runs.
pub(crate) fn simulate(Options { first, runs }: &Options) -> Result<(), Failure> {
    let manifest = root().join("tests/partitions/Cargo.toml");
    let mut command = cargo(&["run", "--quiet", "--release", "--manifest-path"]);
    command.arg(manifest).arg("--target-dir").arg(root().join("target/partitions"));
    run(command.arg("--").args([first.to_string(), runs.to_string()]))
}
