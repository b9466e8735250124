//! What a process takes: processor time of itself and of all it waited for, and its peak of memory.
//!
//! A process starts with the peak of the one that started it (Linux keeps it through `exec`), so whatever is measured is
//! started by its own process, which holds next to nothing: this program as `cargo xtask usage`.

use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::Args;
use serde::{Deserialize, Serialize};
use wait4::Wait4 as _;

use crate::Failure;

/// A program to run with its arguments.
#[derive(Debug, Args)]
pub(crate) struct Measured {
    program: OsString,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// What a process took.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Usage {
    /// Processor time, of user and system.
    pub(super) cpu: Duration,
    /// The most memory that one process held, in bytes.
    pub(super) memory: u64,
}

impl Usage {
    /// Processor time in milliseconds.
    pub(super) fn milliseconds(self) -> f64 {
        self.cpu.as_secs_f64() * 1e3
    }
}

/// Runs a program silently and prints what it took.
pub(crate) fn print(measured: &Measured) -> Result<(), Failure> {
    let mut command = Command::new(&measured.program);
    let mut child = command.args(&measured.arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let ended = child.wait4()?;
    if !ended.status.success() {
        return Err(format!("{command:?} failed").into());
    }
    let used = ended.rusage;
    println!("{}", serde_json::to_string(&Usage { cpu: used.utime + used.stime, memory: used.maxrss })?);
    Ok(())
}

/// Runs a command silently, in a process that started small.
pub(super) fn measure(command: &Command) -> Result<Usage, Failure> {
    // Also where a build has put another program in the place of this one meanwhile.
    let mut small = Command::new("/proc/self/exe");
    small.arg("usage").arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        small.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => small.env(name, value),
            None => small.env_remove(name),
        };
    }
    let output = small.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim_start_matches("error: ").trim_end().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The run in the middle of several, by processor time.
pub(super) fn middle(mut runs: Vec<Usage>) -> Result<Usage, Failure> {
    runs.sort_by_key(|usage| usage.cpu);
    runs.get(runs.len() / 2).copied().ok_or_else(|| "nothing was run".into())
}
