//! What is valid for one message of a channel only becomes that message.
//!
//! `EVENTWIRE_SCHEMAS` takes another number of channels.

use std::fmt::Write as _;

use eventwire_trial::{Landing, Outcome, Trial, compare, received};
use jsonschema::Validator;
use serde_json::Value;

use crate::world::{World, message};
use crate::{draw, instance, runner, schema, setting};

/// How many instances are made of each message.
const INSTANCES: usize = 15;

#[test]
fn messages_become_what_they_are() {
    let seed = setting("EVENTWIRE_SEED", 1);
    let count = setting("EVENTWIRE_SCHEMAS", 30);
    let mut runner = runner(seed);
    let mut schemas = Vec::new();
    let mut groups = Vec::new();
    for _ in 0..count {
        let group = draw(&schema::group(), &mut runner);
        groups.push((schemas.len()..schemas.len() + group.len()).collect());
        schemas.extend(group);
    }
    let world = World::new("property-messages", schemas, groups);
    let subject = world.subject();
    let validators: Vec<Validator> = (0..world.schemas.len()).map(|index| world.validator(index)).collect();
    let mut trials = Vec::new();
    let mut origins = Vec::new();
    for (group, members) in world.groups.iter().enumerate() {
        for index in members {
            let instances = instance::of(&world, &world.schemas[*index], 0);
            for _ in 0..INSTANCES {
                let text = draw(&instances, &mut runner);
                let value: Value = serde_json::from_str(&text).unwrap();
                let fits = |other: &&usize| validators[**other].is_valid(&value);
                // Valid for two, it may become either.
                if members.iter().filter(fits).eq([index]) {
                    trials.push(Trial { package: subject.package.clone(), message: message(&subject, *index), text });
                    origins.push((group, *index));
                }
            }
        }
    }
    assert!(trials.len() * 4 > world.schemas.len() * INSTANCES, "{} trials: the strategies have drifted", trials.len());
    let outcomes = world.run(&subject, &trials);
    let mut failures = Vec::new();
    let mut open = 0;
    for ((trial, outcome), (group, index)) in trials.iter().zip(outcomes).zip(origins) {
        let expected = received(&subject.index.messages[trial.message]).next().unwrap();
        let Err(reason) = check(&trial.text, &outcome, &expected.variant) else { continue };
        if expected.ambiguous {
            open += 1;
        } else {
            failures.push((group, format!("message {index}: {reason}\n  payload {}\n", trial.text)));
        }
    }
    let mut report = String::new();
    for (group, failure) in &failures {
        report.push_str(failure);
        for index in &world.groups[*group] {
            writeln!(report, "  message {index}: {}", world.schemas[*index].document()).unwrap();
        }
    }
    println!("{} trials; {open} ended elsewhere, as the generator said they might", trials.len());
    assert!(failures.is_empty(), "{} of {} trials failed with seed {seed}:\n{report}", failures.len(), trials.len());
    // Where the generator cannot distinguish messages, it must be a small part.
    assert!(open * 10 < trials.len(), "{open} of {} trials ended elsewhere", trials.len());
}

fn check(text: &str, outcome: &Outcome, variant: &str) -> Result<(), String> {
    let landings = match outcome {
        Outcome::Untried(reason) => return Err(reason.clone()),
        Outcome::Refused(error) => return Err(format!("is refused: {error}")),
        Outcome::Decoded { landings, .. } => landings,
    };
    match landings.as_slice() {
        [Landing::Decoded { variant: Some(found), encoded, .. }] if found == variant => compare(text, encoded),
        [Landing::Decoded { variant: found, .. }] => Err(format!("`{variant}` became {found:?}")),
        [Landing::Refused(error)] => Err(format!("the enum refuses it: {error}")),
        other => Err(format!("{} enums", other.len())),
    }
}
