//! What the benchmarks say of a process is of that process alone.

use std::process::Command;

use serde_json::Value;

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

/// Bytes that this process holds.
const HELD: usize = 256 << 20;

#[test]
fn the_memory_of_a_small_program_is_not_that_of_whoever_measures() {
    let held = std::hint::black_box(vec![1_u8; HELD]);
    let output = Command::new(XTASK).args(["usage", XTASK, "help"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let usage: Value = serde_json::from_slice(&output.stdout).unwrap();
    let memory = usage["memory"].as_u64().unwrap();
    assert!(memory > 0 && memory < (held.len() / 2) as u64, "{memory} bytes");
}

#[test]
fn a_program_that_fails_is_an_error() {
    let output = Command::new(XTASK).args(["usage", XTASK, "--no-such-option"]).output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty());
}
