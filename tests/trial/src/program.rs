//! One program that depends on every crate with trials, and what it says of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::build::{self, Built};
use crate::{Bench, Failure, Landing, Outcome, Subject, Trial, received};

/// The part of the program that does not depend on the crates.
const MAIN: &str = include_str!("program.rs.txt");

/// What a module of the program can name without a path.
const PRELUDE: &str = "#[allow(unused_imports)]\nuse std::collections::BTreeMap;\n\
    #[allow(unused_imports)]\nuse eventwire::{Json, JsonObject, Maybe, Number, Timestamp, UnknownFields};\n";

/// The messages that are tried, by position of their subject.
type Tried = BTreeMap<usize, BTreeSet<usize>>;

/// Tries texts on the types of crates.
pub(crate) fn run(bench: &Bench, subjects: &[&Subject], trials: &[Trial]) -> Result<Vec<Outcome>, Failure> {
    build::write_crates(bench, subjects)?;
    let folder = bench.folder.join("program");
    let position = |trial: &Trial| subjects.iter().position(|subject| subject.package == trial.package);
    let positions: Vec<Option<usize>> = trials.iter().map(position).collect();
    let mut tried = Tried::new();
    for (trial, position) in trials.iter().zip(&positions) {
        if let Some(position) = position {
            tried.entry(*position).or_default().insert(trial.message);
        }
    }
    let mut outcomes: Vec<Option<Outcome>> = vec![None; trials.len()];
    // A crate whose part of the program does not compile must not keep the others from being tried.
    while !tried.is_empty() {
        write_program(bench, subjects, &tried, &folder)?;
        let built = Built::run(build::cargo(bench, &folder).args(["build", "--keep-going", "--message-format=json"]))?;
        let broken = broken(bench, &built, subjects, &tried, &folder);
        if broken.is_empty() {
            let Some(program) = built.executables.last() else { return Err("cargo built no program".into()) };
            let input = |index: usize| Some(Input { subject: positions[index]?, trial: &trials[index] });
            answers(&mut outcomes, input, program, &folder)?;
            break;
        }
        for (position, error) in broken {
            tried.remove(&position);
            for index in (0..trials.len()).filter(|index| positions[*index] == Some(position)) {
                outcomes[index] = Some(Outcome::Untried(error.clone()));
            }
        }
    }
    let untried = || Outcome::Untried("no crate of this name".to_owned());
    Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(untried)).collect())
}

fn write_program(bench: &Bench, subjects: &[&Subject], tried: &Tried, folder: &Path) -> Result<(), Failure> {
    let mut manifest =
        "[package]\nname = \"trial-program\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
        [workspace]\n\n[dependencies]\nserde_json = \"1\"\n"
            .to_owned();
    let runtime = bench.runtime().display().to_string();
    writeln!(manifest, "eventwire = {{ path = {runtime:?}, default-features = false, features = [\"pattern\"] }}")?;
    let mut main = MAIN.to_owned();
    let mut calls = String::new();
    for (position, messages) in tried {
        let subject = subjects[*position];
        let package = &subject.package;
        let dependency = format!("package = {package:?}, path = \"../crates/{package}\", default-features = false");
        writeln!(manifest, "d{position} = {{ {dependency} }}")?;
        writeln!(main, "mod m{position};")?;
        writeln!(calls, "        {position} => m{position}::call(message, text),")?;
        build::write(&folder.join(format!("src/m{position}.rs")), &module(*position, subject, messages)?)?;
    }
    write!(main, "\nfn call(subject: usize, message: usize, text: &str) -> Answer {{\n    match subject {{\n{calls}")?;
    main.push_str("        _ => unreachable!(\"no such crate\"),\n    }\n}\n");
    build::write(&folder.join("src/main.rs"), &main)?;
    build::workspace(bench, folder, &manifest)
}

/// The module of one crate: a function that tries a text as one of its messages.
fn module(position: usize, subject: &Subject, messages: &BTreeSet<usize>) -> Result<String, Failure> {
    let mut text = PRELUDE.to_owned();
    for module in ["types", "messages", "events"] {
        if subject.output.files.contains_key(&format!("src/{module}.rs")) {
            writeln!(text, "#[allow(unused_imports)]\nuse d{position}::{module};")?;
        }
    }
    writeln!(text, "\npub fn call(message: usize, text: &str) -> crate::Answer {{\n    match message {{")?;
    for index in messages {
        let Some(message) = subject.index.messages.get(*index) else {
            return Err(format!("{} has no message {index}", subject.package).into());
        };
        writeln!(text, "        {index} => crate::Answer {{")?;
        writeln!(text, "            payload: crate::payload::<{}>(text),", message.payload)?;
        let sets: Vec<String> =
            received(message).map(|variant| format!("crate::set::<{}>(text)", variant.set)).collect();
        writeln!(text, "            sets: vec![{}],\n        }},", sets.join(", "))?;
    }
    writeln!(text, "        _ => unreachable!(\"no such message\"),\n    }}\n}}")?;
    Ok(text)
}

/// The subjects that do not compile, or whose module does not, with the first error of each.
fn broken(
    bench: &Bench,
    built: &Built,
    subjects: &[&Subject],
    tried: &Tried,
    folder: &Path,
) -> BTreeMap<usize, String> {
    let mut broken = BTreeMap::new();
    for position in tried.keys() {
        if let [first, ..] = built.messages(&bench.crates().join(&subjects[*position].package)) {
            broken.insert(*position, format!("the crate does not compile: {}", first.headline()));
        }
    }
    for message in built.messages(folder) {
        let module = message.file().and_then(|file| file.strip_prefix("src/m")?.strip_suffix(".rs")?.parse().ok());
        let error = || format!("a program that uses the types does not compile: {}", message.headline());
        match module {
            Some(position) => {
                broken.entry(position).or_insert_with(error);
            }
            // An error in no module in particular: nobody can be tried.
            None if message.file().is_some() => broken.extend(tried.keys().map(|position| (*position, error()))),
            None => {}
        }
    }
    broken
}

/// What the program is asked.
struct Input<'t> {
    subject: usize,
    trial: &'t Trial,
}

/// The variant, if it is a known one; the encoded text; what is invalid about it.
type Decoded = (Option<String>, String, Option<String>);

/// What the program says of one trial.
#[derive(Debug, Deserialize)]
struct Answer {
    /// The encoded text, or why it does not decode.
    payload: Result<String, String>,
    /// What each received enum made of it.
    sets: Vec<Result<Decoded, String>>,
}

/// Runs the program on everything that has no outcome yet.
fn answers<'t>(
    outcomes: &mut [Option<Outcome>],
    input: impl Fn(usize) -> Option<Input<'t>>,
    program: &Path,
    folder: &Path,
) -> Result<(), Failure> {
    let mut waiting: Vec<usize> = (0..outcomes.len()).filter(|index| outcomes[*index].is_none()).collect();
    waiting.retain(|index| input(*index).is_some());
    while !waiting.is_empty() {
        let mut lines = String::new();
        for Input { subject, trial } in waiting.iter().filter_map(|index| input(*index)) {
            // In JSON, a line break is either white space or an error.
            let text = trial.text.replace(['\n', '\r'], " ");
            writeln!(lines, "{subject}\t{}\t{text}", trial.message)?;
        }
        let file = folder.join("trials.txt");
        fs::write(&file, lines)?;
        let output = Command::new(program).stdin(fs::File::open(&file)?).stderr(Stdio::inherit()).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut answered = 0;
        for (index, line) in waiting.iter().zip(text.lines()) {
            outcomes[*index] = Some(serde_json::from_str::<Answer>(line)?.into());
            answered += 1;
        }
        let rest = waiting.split_off(answered);
        let Some((first, others)) = rest.split_first() else { break };
        // The program ended early: what it was at has no answer, the others get another run.
        outcomes[*first] = Some(Outcome::Refused(format!("the program ended: {}", output.status)));
        waiting = others.to_vec();
    }
    Ok(())
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        let landing = |set: Result<Decoded, String>| match set {
            Ok((variant, encoded, invalid)) => Landing::Decoded { variant, encoded, invalid },
            Err(error) => Landing::Refused(error),
        };
        match answer.payload {
            Ok(encoded) => Self::Decoded { encoded, landings: answer.sets.into_iter().map(landing).collect() },
            Err(error) => Self::Refused(error),
        }
    }
}
