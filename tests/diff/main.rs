//! What `eventwire diff` says of a change is what the compiler and the decoders say.
//!
//! A pair is a folder in `generator/tests/diff`, named after the rule that it shows, with an `old.yaml` and a `new.yaml`.
//! Code that uses everything of the old crate is compiled against both crates, which proves the source verdict; instances
//! of each document are decoded by the crate of the other, which proves the wire verdict, and handshakes of each crate are
//! judged by the document of the other, which proves it for what opens connections. Random mutations of documents
//! are judged in the same way; `cargo xtask diff-oracle` judges more of them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy takes the functions around the tests for production code"
)]

mod handshake;
mod instance;
mod mutation;
mod pair;
mod semver;
mod service;
mod tables;
mod usage;
mod verdict;

use std::fs;

use pair::Pair;

/// Both kinds of pairs, because compiling the runtime takes most of the time.
#[test]
fn the_verdicts_on_rules_and_mutations_are_true() {
    let mut pairs = rules();
    assert!(pairs.len() >= 100, "{} pairs", pairs.len());
    pairs.extend(mutation::pairs());
    let report = verdict::compare(&pairs);
    assert!(report.is_empty(), "{report}");
}

/// `cargo xtask diff-semver` installs what this needs and runs it.
#[test]
#[ignore = "needs cargo-semver-checks"]
fn cargo_semver_checks_finds_no_more() {
    let tool =
        std::env::var_os("EVENTWIRE_SEMVER_CHECKS").unwrap_or_else(|| panic!("`cargo xtask diff-semver` sets it"));
    let mut pairs = rules();
    pairs.extend(mutation::pairs());
    let (said, wrong) = semver::compare(tool.as_ref(), &pairs);
    println!("{said}");
    assert!(wrong.is_empty(), "{wrong}");
}

/// The pairs that show the rules.
fn rules() -> Vec<Pair> {
    let folder = eventwire_tests::folder().join("../generator/tests/diff");
    let mut pairs = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        let read = |name: &str| fs::read_to_string(entry.path().join(name)).unwrap();
        pairs.push(Pair::of_rule(entry.file_name().into_string().unwrap(), read("old.yaml"), read("new.yaml")));
    }
    pairs.sort_by(|left, right| left.name.cmp(&right.name));
    pairs
}

/// A number from the environment.
fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} must be a number")),
        Err(_) => default,
    }
}
