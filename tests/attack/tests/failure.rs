//! What becomes of a failure that is found.

#![allow(clippy::unwrap_used, reason = "what a test prepares must succeed")]

use std::fs;
use std::process::{Command, Output};

fn attack(arguments: &[&str]) -> (Output, Vec<u8>) {
    let kept = tempfile::tempdir().unwrap();
    let path = kept.path().join("input");
    let mut command = Command::new(env!("CARGO_BIN_EXE_eventwire-attack"));
    let output = command.args(arguments).args(["--seconds", "600", "--input"]).arg(&path).output().unwrap();
    (output, fs::read(path).unwrap())
}

#[test]
fn a_failure_is_reported_and_can_be_repeated() {
    // A document, a message and a stream.
    for (run, target) in [("16", "documents"), ("17", "messages"), ("13", "streams")] {
        let (output, input) = attack(&["--seed", "7", "--plant", run]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(
            text.contains(&format!("{target} with --seed 7 --first {run}: ")) && text.contains("planted"),
            "{text}"
        );
        assert!(text.contains(&format!("an input of {} bytes fails", input.len())), "{text}");
        let (again, same) = attack(&["--seed", "7", "--first", run, "--plant", run]);
        assert_eq!((again.status.code(), same), (Some(1), input), "the same input is tried first");
    }
}
