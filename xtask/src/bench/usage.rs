//! What a process takes: processor time of itself and of all it waited for, and its peak of memory.

use std::process::{Command, Stdio};
use std::time::Duration;

use wait4::Wait4 as _;

use crate::Failure;

/// What a process took.
#[derive(Debug, Clone, Copy)]
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

/// Runs a command silently; its errors come with what it said.
pub(super) fn measure(command: &mut Command) -> Result<Usage, Failure> {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let ended = child.wait4()?;
    if !ended.status.success() {
        return Err(format!("{command:?} failed").into());
    }
    let used = ended.rusage;
    Ok(Usage { cpu: used.utime + used.stime, memory: used.maxrss })
}

/// The run in the middle of several, by processor time.
pub(super) fn median(runs: usize, mut one: impl FnMut() -> Result<Usage, Failure>) -> Result<Usage, Failure> {
    let mut all = (0..runs.max(1)).map(|_| one()).collect::<Result<Vec<_>, _>>()?;
    all.sort_by_key(|usage| usage.cpu);
    Ok(all[all.len() / 2])
}
