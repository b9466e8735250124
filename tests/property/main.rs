//! Properties that hold for every document and every schema, tried on random ones.
//!
//! Runs are the same each time. `EVENTWIRE_SEED` takes another sequence than the fixed one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy takes the functions around the tests for production code"
)]

#[path = "../agreement.rs"]
mod agreement;
#[path = "../compiling.rs"]
mod compiling;
mod frames;
mod instance;
mod messages;
mod mutant;
mod mutation;
mod names;
mod rules;
mod schema;
mod types;
mod world;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A number from the environment.
fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} must be a number")),
        Err(_) => default,
    }
}

/// Randomness that follows from a number alone.
fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// A value of a strategy.
fn draw<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> S::Value {
    strategy.new_tree(runner).unwrap_or_else(|reason| panic!("{reason}")).current()
}
