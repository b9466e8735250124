//! Instructions and allocations of one row, counted by callgrind.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Failure;

/// What callgrind counted for one event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    pub(super) instructions: f64,
    pub(super) allocations: f64,
}

/// Says what is missing where there is no valgrind.
pub(super) fn find() -> Result<(), Failure> {
    let found = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err("instructions are counted by valgrind: install it (`apt install valgrind`), or measure the rest with \
         `--part generate --part compile`"
        .into())
}

/// Counts one row on one mix of frames: what a second pass adds to the first.
pub(super) fn count(program: &Path, row: &str, frames: &str, into: &Path) -> Result<Count, Failure> {
    let once = passes(program, [row, frames, "1"], into)?;
    let twice = passes(program, [row, frames, "2"], into)?;
    Ok(Count {
        instructions: twice.instructions - once.instructions,
        allocations: twice.allocations - once.allocations,
    })
}

/// What so many passes take, for one event.
fn passes(program: &Path, arguments: [&str; 3], into: &Path) -> Result<Count, Failure> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--toggle-collect=*measured*"]);
    command.arg(format!("--callgrind-out-file={}", into.display()));
    let output = command.arg(program).arg("count").args(arguments).output()?;
    if !output.status.success() {
        return Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let events: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
    let (instructions, allocations) = totals(&fs::read_to_string(into)?)?;
    Ok(Count { instructions: instructions / events, allocations: allocations / events })
}

/// The part of a program's instructions that are spent in the functions of a pattern, and in what they call; an error
/// where the program has no such function.
pub(super) fn share(program: &Path, arguments: &[&OsStr], pattern: &str, into: &Path) -> Result<f64, Failure> {
    let count = |toggle: Option<String>| -> Result<f64, Failure> {
        let mut command = Command::new("valgrind");
        command.arg("--tool=callgrind").args(toggle).arg(format!("--callgrind-out-file={}", into.display()));
        let output = command.arg(program).args(arguments).output()?;
        if !output.status.success() {
            return Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(totals(&fs::read_to_string(into)?)?.0)
    };
    let inside = count(Some(format!("--toggle-collect={pattern}")))?;
    if inside == 0.0 {
        return Err(format!("no function that ran in {} is called `{pattern}`", program.display()).into());
    }
    Ok(inside / count(None)?)
}

/// The instructions of a profile inside of what is measured, and the calls of the allocator in all of the program.
fn totals(profile: &str) -> Result<(f64, f64), Failure> {
    let (mut names, mut callee, mut allocations, mut total) = (HashMap::new(), "", 0.0, None);
    for line in profile.lines() {
        let function = line.strip_prefix("fn=").or_else(|| line.strip_prefix("cfn="));
        if let Some((id, name)) = function.and_then(|text| text.split_once(')')) {
            // A name stands at its first mention only.
            let name = if name.is_empty() { names.get(id).copied().unwrap_or_default() } else { name.trim() };
            names.insert(id, name);
            if line.starts_with('c') {
                callee = name;
            }
        } else if let Some(calls) = line.strip_prefix("calls=") {
            if matches!(callee, "malloc" | "calloc" | "realloc" | "posix_memalign") {
                allocations += calls.split(' ').next().unwrap_or_default().parse::<f64>()?;
            }
        } else if let Some(sum) = line.strip_prefix("totals: ") {
            total = Some(sum.trim().parse::<f64>()?);
        }
    }
    Ok((total.ok_or("callgrind wrote no totals")?, allocations))
}

#[cfg(test)]
mod tests {
    use super::totals;

    #[test]
    fn a_profile_is_summed_up() {
        let profile = "events: Ir\nfn=(1) bench::measured\n10 5\ncfn=(2) malloc\ncalls=3 0\n10 60\n\
                       fn=(4) decode\n11 4\ncfn=(2)\ncalls=2 0\n11 40\ncfn=(1)\ncalls=9 0\n12 1\n\ntotals: 110\n";
        assert_eq!(totals(profile).unwrap(), (110.0, 5.0));
    }
}
