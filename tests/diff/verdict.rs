//! Verdicts beside what the compiler and the decoders say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use eventwire_codegen::diff::{Change, ChangeKind, Diff, Reading};
use eventwire_codegen::index::MessageEntry;
use eventwire_codegen::{Index, Output};
use eventwire_trial::{Bench, Landing, Outcome, Subject, Trial, Use, received};
use serde_json::Value;

use crate::handshake::Connections;
use crate::instance::{Hints, Maker};
use crate::pair::{Pair, ROLES, generate, json};
use crate::{service, setting, usage};

/// The package that has every crate as a module.
const PACKAGE: &str = "pairs";

/// How many instances are made of each message.
const INSTANCES: usize = 40;

/// One pair, generated for one role.
pub(crate) struct Generated {
    pub(crate) pair: usize,
    pub(crate) role: &'static str,
    pub(crate) diff: Diff,
    pub(crate) sides: [Side; 2],
}

/// The crate for a document.
pub(crate) struct Side {
    /// The module that it is.
    pub(crate) module: String,
    index: Index,
    pub(crate) output: Output,
    document: Value,
}

/// Judges pairs; returns what is wrong.
pub(crate) fn compare(pairs: &[Pair]) -> String {
    let bench = Bench::new("diff");
    let mut generated = generated(pairs);
    share(&mut generated);
    let subject = subject(&bench, generated.iter().flat_map(|one| &one.sides));
    let errors = bench.check(&[&subject]).unwrap_or_else(|error| panic!("{error}"));
    assert!(errors.is_empty(), "the crates do not compile: {errors:?}");
    let mut report = source(&bench, &subject, pairs, &generated);
    report.push_str(&wire(&bench, &subject, pairs, &generated));
    report.push_str(&handshakes(&bench, &subject, pairs, &generated));
    report
}

/// Pairs, generated for every role that makes a difference.
pub(crate) fn generated(pairs: &[Pair]) -> Vec<Generated> {
    pairs.iter().enumerate().flat_map(|(index, pair)| of_pair(index, pair)).collect()
}

fn of_pair(index: usize, pair: &Pair) -> Vec<Generated> {
    let documents = [&pair.old, &pair.new];
    let of_role = |role: &'static str| {
        let sides = [("old", documents[0]), ("new", documents[1])].map(|(word, text)| {
            let (output, index_of) = generate(text, role);
            Side { module: format!("p{index}_{role}_{word}"), index: index_of, output, document: json(text) }
        });
        Generated { pair: index, role, diff: pair.diff(role), sides }
    };
    let sends = |one: &Generated| one.sides.iter().any(|side| !one_way(&side.index));
    let first = of_role(ROLES[0]);
    // The other side of a document in which nothing is sent receives nothing.
    let second = sends(&first).then(|| of_role(ROLES[1]));
    std::iter::once(first).chain(second).collect()
}

/// Lets crates that are the same be one module: compiling them takes most of the time.
fn share(generated: &mut [Generated]) {
    let mut known: BTreeMap<Vec<(String, String)>, String> = BTreeMap::new();
    for side in generated.iter_mut().flat_map(|one| &mut one.sides) {
        let sources = side.output.files.iter().filter(|(path, _)| path.starts_with("src/"));
        let sources = sources.map(|(path, text)| (path.clone(), text.clone())).collect();
        side.module = known.entry(sources).or_insert_with(|| side.module.clone()).clone();
    }
}

/// Whether a crate only receives.
fn one_way(index: &Index) -> bool {
    index.messages.iter().all(|message| received(message).count() == message.variants.len())
}

/// Crates as modules of one.
pub(crate) fn subject<'s>(bench: &Bench, sides: impl Iterator<Item = &'s Side>) -> Subject {
    let mut files = BTreeMap::new();
    let mut root = "//! Every crate.\n".to_owned();
    let mut index = Index::default();
    for side in sides {
        let module = &side.module;
        index.messages.extend(side.index.messages.iter().map(|message| moved(message, module)));
        let line = format!("pub mod {module};\n");
        if root.contains(&line) {
            continue;
        }
        root.push_str(&line);
        for (path, text) in side.output.files.iter().filter(|(path, _)| path.starts_with("src/")) {
            let path = path.replacen("src/", &format!("src/{module}/"), 1).replace("/lib.rs", "/mod.rs");
            files.insert(path, text.replace("crate::", &format!("crate::{module}::")));
        }
    }
    files.insert("src/lib.rs".to_owned(), root);
    let runtime = bench.runtime().display().to_string();
    let manifest = format!(
        "[package]\nname = \"{PACKAGE}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[features]\nclient = []\ndefault = []\n\n\
         [dependencies]\neventwire = {{ path = {runtime:?}, default-features = false, features = [\"pattern\"] }}\n"
    );
    files.insert("Cargo.toml".to_owned(), manifest);
    Subject { package: PACKAGE.to_owned(), output: Output { files }, index }
}

/// A message of a crate that is a module of another, which the program of all trials knows as `d0`. What its enums make of
/// a text is all that matters, so its payload takes anything.
fn moved(message: &MessageEntry, module: &str) -> MessageEntry {
    let mut message = MessageEntry { payload: "Json".to_owned(), ..message.clone() };
    for variant in &mut message.variants {
        variant.set = format!("d0::{module}::{}", variant.set);
    }
    message
}

/// The source verdict: code that uses the old crate, compiled against both.
fn source(bench: &Bench, subject: &Subject, pairs: &[Pair], generated: &[Generated]) -> String {
    // The same code against the same crate is compiled once.
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut use_of = |one: &Generated, side: &Side| {
        let text = usage::uses(&one.sides[0].output, &format!("{PACKAGE}::{}", side.module));
        let next = format!("u{}", names.len());
        names.entry(text).or_insert(next).clone()
    };
    let own: Vec<[String; 2]> =
        generated.iter().map(|one| [use_of(one, &one.sides[0]), use_of(one, &one.sides[1])]).collect();
    let uses: Vec<Use> = names.into_iter().map(|(text, name)| Use { name, text }).collect();
    let errors = bench.uses(&[subject], &uses).unwrap_or_else(|error| panic!("{error}"));
    let mut report = String::new();
    for (one, [before, after]) in generated.iter().zip(&own) {
        let name = format!("{} as {}", pairs[one.pair].name, one.role);
        if let Some(error) = errors.get(before) {
            writeln!(report, "{name}: code does not compile against its own crate: {error}").unwrap();
            continue;
        }
        match (one.diff.breaks_source(), errors.get(after)) {
            (true, Some(_)) | (false, None) => {}
            (true, None) => {
                let lost = one.diff.changes.iter().flat_map(|change| &change.source);
                writeln!(report, "{name}: code compiles in spite of {:?}", lost.collect::<Vec<_>>()).unwrap();
            }
            (false, Some(error)) => writeln!(report, "{name}: code does not compile: {error}").unwrap(),
        }
    }
    report
}

/// A trial: which pair, whether the old crate is the reader.
struct Origin {
    generated: usize,
    forward: bool,
    /// The variants of the other messages that the writer knows.
    others: BTreeSet<String>,
}

/// The wire verdict: instances of each document, decoded by the crate of the other.
fn wire(bench: &Bench, subject: &Subject, pairs: &[Pair], generated: &[Generated]) -> String {
    let mut trials = Vec::new();
    let mut origins = Vec::new();
    let mut base = 0;
    for (position, one) in generated.iter().enumerate() {
        let [old, new] = &one.sides;
        let offsets = [base, base + old.index.messages.len()];
        base = offsets[1] + new.index.messages.len();
        for (forward, writer, reader, offset) in [(true, new, old, offsets[0]), (false, old, new, offsets[1])] {
            for (message, others, text) in instances(writer, reader) {
                trials.push(Trial { package: PACKAGE.to_owned(), message: offset + message, text });
                origins.push(Origin { generated: position, forward, others });
            }
        }
    }
    let outcomes = bench.run(&[subject], &trials).unwrap_or_else(|error| panic!("{error}"));
    let mut worst: BTreeMap<(usize, bool), (Reading, String)> = BTreeMap::new();
    for ((trial, outcome), origin) in trials.iter().zip(outcomes).zip(origins) {
        let (reading, why) = reading(&outcome, &origin.others);
        let known = worst.entry((origin.generated, origin.forward)).or_insert((Reading::Understood, String::new()));
        if reading > known.0 {
            *known = (reading, format!("{why} in {}", trial.text));
        }
    }
    let mut report = String::new();
    for ((position, forward), (found, why)) in worst {
        let one = &generated[position];
        let told = predicted(&one.diff, forward);
        let exact = pairs[one.pair].exact;
        let right = if exact { told == found } else { (told == Reading::Refused) == (found == Reading::Refused) };
        if !right {
            let (reader, pair) = (if forward { "old" } else { "new" }, &pairs[one.pair]);
            writeln!(
                report,
                "{} as {}: the {reader} reader: told {told:?}, found {found:?}: {why}",
                pair.name, one.role
            )
            .unwrap();
            if !exact {
                writeln!(report, "{}\n{}\n{}", one.diff.render(false), pair.old, pair.new).unwrap();
            }
        }
    }
    report
}

/// The wire verdict on handshakes: those of each crate, judged by a service that has the other document.
fn handshakes(bench: &Bench, subject: &Subject, pairs: &[Pair], generated: &[Generated]) -> String {
    let mut uses = Vec::new();
    let mut asked = Vec::new();
    for one in generated.iter().filter(|one| connects_in_another_way(one)) {
        let [old, new] = one.sides.each_ref().map(|side| Connections::of(&side.output));
        for (forward, writer, reader, own, other) in [
            (true, &one.sides[1], &one.sides[0], &new, old.as_ref()),
            (false, &one.sides[0], &one.sides[1], &old, None),
        ] {
            let Some(own) = own else { continue };
            let name = format!("h{}", uses.len());
            let text = own.code(&format!("{PACKAGE}::{}", writer.module), other);
            uses.push(Use { name: name.clone(), text });
            asked.push((one, forward, reader, name));
        }
    }
    let mut shown = bench.show(&[subject], &uses).unwrap_or_else(|error| panic!("{error}"));
    let mut report = String::new();
    for (one, forward, reader, name) in asked {
        let requests = shown.remove(&name).unwrap();
        let pair = &pairs[one.pair].name;
        let readings = requests.iter().map(|text| {
            let request = serde_json::from_str(text).unwrap();
            (service::answers(&reader.document, &request), text)
        });
        let found = readings.max_by_key(|(reading, _)| *reading);
        let Some((found, text)) = found else { panic!("{pair}: a crate opens no connection") };
        let told = handshake_predicted(&one.diff, forward);
        if told != found {
            let reader = if forward { "old" } else { "new" };
            writeln!(report, "{pair} as {}: the {reader} service: told {told:?}, found {found:?}: {text}", one.role)
                .unwrap();
        }
    }
    report
}

/// Whether the handshakes of the crates differ, or are told to.
fn connects_in_another_way(one: &Generated) -> bool {
    let [old, new] = one.sides.each_ref().map(|side| side.output.files.get("src/connect.rs"));
    old != new || one.diff.changes.iter().any(|change| change.rule.is_handshake())
}

/// What the diff says of what is received.
fn predicted(diff: &Diff, forward: bool) -> Reading {
    // Instances are JSON, whatever format a document gives its messages.
    let apart = [ChangeKind::SetRemoved, ChangeKind::ContentType];
    let received = |change: &&Change| change.directions.received && !apart.contains(&change.rule);
    worst(diff.changes.iter().filter(received), forward)
}

/// What it says of handshakes.
fn handshake_predicted(diff: &Diff, forward: bool) -> Reading {
    worst(diff.changes.iter().filter(|change| change.rule.is_handshake()), forward)
}

fn worst<'d>(changes: impl Iterator<Item = &'d Change>, forward: bool) -> Reading {
    let readings = changes.map(|change| if forward { change.wire.old_reads_new } else { change.wire.new_reads_old });
    readings.max().unwrap_or(Reading::Understood)
}

/// Texts that a writer sends, each with a message of the reader whose enum is to read it, and the variants of the writer's
/// other messages.
fn instances(writer: &Side, reader: &Side) -> Vec<(usize, BTreeSet<String>, String)> {
    let hints = Hints::of(&reader.document);
    let mut instances = Vec::new();
    for message in &writer.index.messages {
        for variant in received(message) {
            let in_set = |other: &&MessageEntry| received(other).any(|known| known.set == variant.set);
            let Some(target) = reader.index.messages.iter().position(|other| in_set(&other)) else { continue };
            let payload = writer.document.pointer(&format!("{}/payload", message.pointer));
            let payload = payload.cloned().unwrap_or(Value::Bool(true));
            let seed = setting("EVENTWIRE_SEED", 1);
            let values = Maker::new(&writer.document, &hints, seed).values(&payload, INSTANCES);
            let all = writer.index.messages.iter().flat_map(received).filter(|other| other.set == variant.set);
            let others: BTreeSet<String> =
                all.map(|other| other.variant.clone()).filter(|other| *other != variant.variant).collect();
            instances.extend(values.into_iter().map(|value| (target, others.clone(), value.to_string())));
        }
    }
    instances
}

/// What a reader made of a text. The first enum of its message is the one that was meant.
fn reading(outcome: &Outcome, others: &BTreeSet<String>) -> (Reading, String) {
    let landings = match outcome {
        Outcome::Untried(reason) => panic!("{reason}"),
        Outcome::Refused(reason) => return (Reading::Refused, reason.clone()),
        Outcome::Decoded { landings, .. } => landings,
    };
    match landings.first() {
        Some(Landing::Refused(reason)) => (Reading::Refused, reason.clone()),
        Some(Landing::Decoded { variant: None, .. }) => (Reading::Tolerated, "unknown".to_owned()),
        Some(Landing::Decoded { invalid: Some(invalid), .. }) => (Reading::Tolerated, invalid.clone()),
        Some(Landing::Decoded { variant: Some(variant), .. }) if others.contains(variant) => {
            (Reading::Tolerated, format!("taken for {variant}"))
        }
        None | Some(Landing::Decoded { .. }) => (Reading::Understood, String::new()),
    }
}
