//! What a schema allows survives the generated type; what it forbids by type or by a missing member is refused.
//!
//! A run makes one document of many schemas and compiles one crate. `EVENTWIRE_SCHEMAS` takes another number of them.

use std::fmt::Write as _;

use eventwire_trial::{Outcome, Trial, compare};
use serde_json::Value;

use crate::world::{World, message};
use crate::{draw, instance, mutant, runner, schema, setting};

/// How many instances are made of each schema.
const INSTANCES: usize = 20;

/// How many mutants are made of each instance.
const MUTANTS: usize = 4;

/// What a trial must show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Survives,
    Refused,
}

#[test]
fn types_accept_what_schemas_accept() {
    let seed = setting("EVENTWIRE_SEED", 1);
    let count = usize::try_from(setting("EVENTWIRE_SCHEMAS", 60)).unwrap();
    let mut runner = runner(seed);
    let world =
        World::new("property-types", (0..count).map(|_| draw(&schema::root(), &mut runner)).collect(), Vec::new());
    let subject = world.subject();
    let mut trials = Vec::new();
    let mut expectations = Vec::new();
    let mut add = |index: usize, text: String, expected: Expected| {
        trials.push(Trial { package: subject.package.clone(), message: message(&subject, index), text });
        expectations.push((index, expected));
    };
    let mut rejected = 0;
    for index in 0..count {
        let validator = world.validator(index);
        let instances = instance::of(&world, &world.schemas[index], 0);
        for _ in 0..INSTANCES {
            let text = draw(&instances, &mut runner);
            let value: Value = serde_json::from_str(&text).unwrap();
            if !validator.is_valid(&value) {
                rejected += 1;
                continue;
            }
            let mutants = mutant::of(&world, &world.schemas[index], &value);
            let chosen = proptest::sample::subsequence(mutants.clone(), 0..=mutants.len().min(MUTANTS));
            for mutant in draw(&chosen, &mut runner).into_iter().filter(|mutant| !validator.is_valid(mutant)) {
                add(index, mutant.to_string(), Expected::Refused);
            }
            add(index, text, Expected::Survives);
        }
    }
    assert!(rejected * 10 < count * INSTANCES, "{rejected} instances are not valid: the strategies have drifted");
    let outcomes = world.run(&subject, &trials);
    let mut failures = Vec::new();
    for ((trial, outcome), (index, expected)) in trials.iter().zip(outcomes).zip(expectations) {
        if let Err(reason) = check(&trial.text, outcome, expected) {
            failures.push((index, format!("schema {index}: {reason}\n  payload {}\n", trial.text)));
        }
    }
    let mut shown: Vec<usize> = Vec::new();
    let mut report = String::new();
    for (index, failure) in &failures {
        if shown.contains(index) {
            continue;
        }
        shown.push(*index);
        report.push_str(failure);
        writeln!(report, "  schema {}", world.schemas[*index].document()).unwrap();
    }
    assert!(failures.is_empty(), "{} of {} trials failed with seed {seed}:\n{report}", failures.len(), trials.len());
}

fn check(text: &str, outcome: Outcome, expected: Expected) -> Result<(), String> {
    match (expected, outcome) {
        (_, Outcome::Untried(reason)) => Err(reason),
        (Expected::Survives, Outcome::Refused(error)) => Err(format!("is refused: {error}")),
        (Expected::Survives, Outcome::Decoded { encoded, .. }) => compare(text, &encoded),
        (Expected::Refused, Outcome::Refused(_)) => Ok(()),
        (Expected::Refused, Outcome::Decoded { encoded, .. }) => Err(format!("is accepted, as {encoded}")),
    }
}
