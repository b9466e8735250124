//! Clients and services under random faults, with an account of every number sent.

use clap::Args;

use crate::{Failure, cargo, run};

/// What `cargo xtask soak` takes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How long faults come and go.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Fixes which faults come; drawn if not given, and printed.
    #[arg(long)]
    seed: Option<u64>,
}

/// Makes the run; fails if anything is amiss.
pub(crate) fn soak(Options { minutes, seed }: &Options) -> Result<(), Failure> {
    let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
    let mut command = cargo(&["run", "--quiet", "--release", "--package", "eventwire-figures", "--bin", "soak", "--"]);
    run(command.args([minutes.to_string(), seed.to_string()]))
}
