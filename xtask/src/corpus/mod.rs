//! The generator on a folder of documents: what is generated, whether it compiles, and whether the documents' own
//! examples survive it.

mod document;
mod example;
mod table;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use eventwire_codegen::index::MessageEntry;
use eventwire_trial::{Bench, Landing, Outcome, Subject, Trial, compare, received};

use crate::Failure;
use document::Document;
use example::Example;

/// What `cargo xtask corpus` takes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A folder of documents, at any depth, and an optional `examples.jsonl`: a line for each example of a message, with
    /// `doc` (a path in the folder), `message` (that path, `#` and a JSON pointer) and `payload`.
    folder: PathBuf,
    /// Whose side the crates take; by default the side that a settings file without `role` takes.
    #[arg(long, value_enum)]
    role: Option<Side>,
    /// Only documents whose path contains this text.
    #[arg(long)]
    only: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Side {
    Client,
    Application,
}

/// Everything that is known of one document.
#[derive(Debug)]
struct Row {
    document: Document,
    /// Why its crate does not compile; nothing where there is no crate.
    compile_error: Option<String>,
    examples: Vec<(Example, Verdict)>,
}

/// What became of one example.
#[derive(Debug)]
enum Verdict {
    /// There is no type to try it on.
    Untried(String),
    /// The type of the message refuses it.
    Refused(String),
    /// It was decoded.
    Decoded {
        /// Where the encoded text differs.
        difference: Option<String>,
        /// Where it ended in the received enums that have the message.
        ends: Vec<End>,
    },
}

/// Where one example ended in one enum.
#[derive(Debug)]
struct End {
    /// The enum.
    set: String,
    /// Whether the document leaves open which variant is right.
    ambiguous: bool,
    /// What is wrong with it.
    wrong: Option<String>,
}

/// Generates, compiles and tries every document of the folder; prints a table and the failures.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let bench = Bench::new("corpus");
    let paths = document::find(&options.folder, options.only.as_deref())?;
    if paths.is_empty() {
        return Err(format!("{} holds no AsyncAPI document", options.folder.display()).into());
    }
    let mut examples = example::read(&options.folder)?;
    match &options.only {
        Some(text) => examples.retain(|example| example.doc.contains(text.as_str())),
        None => {
            if let Some(lost) = examples.iter().find(|example| !paths.iter().any(|path| slashed(path) == example.doc)) {
                return Err(format!("an example names `{}`, which is no document of the folder", lost.doc).into());
            }
        }
    }
    let mut documents = Vec::new();
    for path in &paths {
        documents.push(document::generate(&bench, &options.folder, path, options.role)?);
    }
    let mut rows = rows(documents, examples);
    compile(&bench, &mut rows)?;
    attempt(&bench, &mut rows)?;
    table::print(&rows);
    let failed = rows.iter().filter(|row| row.failed()).count();
    if failed > 0 {
        return Err(format!("{failed} documents failed; the crates are in {}", bench.crates().display()).into());
    }
    Ok(())
}

fn rows(documents: Vec<Document>, mut examples: Vec<Example>) -> Vec<Row> {
    let mut rows = Vec::new();
    for document in documents {
        let (own, others): (Vec<_>, Vec<_>) = examples.into_iter().partition(|example| example.doc == document.path);
        examples = others;
        let untried = || Verdict::Untried("there is no crate that compiles".to_owned());
        let examples = own.into_iter().map(|example| (example, untried())).collect();
        rows.push(Row { document, compile_error: None, examples });
    }
    rows
}

fn subjects(rows: &[Row]) -> Vec<&Subject> {
    rows.iter().filter_map(|row| row.document.subject.as_ref().ok()).collect()
}

fn compile(bench: &Bench, rows: &mut [Row]) -> Result<(), Failure> {
    let mut errors = bench.check(&subjects(rows))?;
    for row in rows {
        if let Ok(subject) = &row.document.subject {
            row.compile_error = errors.remove(&subject.package);
        }
    }
    Ok(())
}

/// Tries every example whose crate compiles.
fn attempt(bench: &Bench, rows: &mut [Row]) -> Result<(), Failure> {
    let mut trials = Vec::new();
    let mut places = Vec::new();
    for (index, row) in rows.iter_mut().enumerate() {
        let Some(subject) = row.document.subject.as_ref().ok().filter(|_| row.compile_error.is_none()) else {
            continue;
        };
        for (position, (example, verdict)) in row.examples.iter_mut().enumerate() {
            match row.document.message(&example.message) {
                Some(message) => {
                    let text = example.payload.get().to_owned();
                    trials.push(Trial { package: subject.package.clone(), message, text });
                    places.push((index, position));
                }
                None => *verdict = Verdict::Untried("the crate has no message from there".to_owned()),
            }
        }
    }
    let outcomes = bench.run(&subjects(rows), &trials)?;
    for ((trial, outcome), (index, position)) in trials.iter().zip(outcomes).zip(places) {
        let row = &mut rows[index];
        if let Ok(subject) = &row.document.subject {
            row.examples[position].1 = verdict_of(&trial.text, &subject.index.messages[trial.message], outcome);
        }
    }
    Ok(())
}

fn verdict_of(text: &str, message: &MessageEntry, outcome: Outcome) -> Verdict {
    let (encoded, landings) = match outcome {
        Outcome::Untried(reason) => return Verdict::Untried(reason),
        Outcome::Refused(error) => return Verdict::Refused(error),
        Outcome::Decoded { encoded, landings } => (encoded, landings),
    };
    let ends = received(message).zip(landings).map(|(expected, landing)| End {
        set: expected.set.clone(),
        ambiguous: expected.ambiguous,
        wrong: match landing {
            Landing::Refused(error) => Some(error),
            Landing::Decoded { variant, .. } if variant.as_ref() != Some(&expected.variant) => {
                let found = variant.as_deref().unwrap_or("Unknown");
                Some(format!("`{}` became `{found}`", expected.variant))
            }
            Landing::Decoded { encoded, .. } => compare(text, &encoded).err(),
        },
    });
    Verdict::Decoded { difference: compare(text, &encoded).err(), ends: ends.collect() }
}

impl Row {
    fn failed(&self) -> bool {
        !self.compiled() || self.examples.iter().any(|(_, verdict)| verdict.failed())
    }

    fn compiled(&self) -> bool {
        self.document.subject.is_ok() && self.compile_error.is_none()
    }
}

impl Verdict {
    fn failed(&self) -> bool {
        match self {
            Self::Untried(_) | Self::Refused(_) => true,
            Self::Decoded { difference, ends } => {
                difference.is_some() || ends.iter().any(|end| end.wrong.is_some() && !end.ambiguous)
            }
        }
    }
}

/// A path with forward slashes.
fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
}
