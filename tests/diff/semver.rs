//! Source verdicts beside what cargo-semver-checks says of the generated crates.
//!
//! It knows names, fields, variants, methods and traits, but not their types: it is to find nothing that the verdicts do
//! not tell.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use eventwire_codegen::diff::Bump;
use eventwire_trial::Bench;

use crate::pair::Pair;
use crate::verdict::{Generated, generated, subject};

/// Its lints that ask for a version we do not ask for, with the reason.
const MEANT: [(&str, &str); 1] = [(
    "constructible_struct_adds_field",
    "a struct is not written field by field without `..`, so a new field is no break",
)];

/// What the version of a crate has to be followed by, as it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Minor,
    Major,
}

impl Step {
    /// The version that is too small for this.
    const fn refused(self) -> &'static str {
        match self {
            Self::Major => "minor",
            Self::Minor => "patch",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
        }
    }
}

/// What it found in one crate.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    module: String,
    lint: String,
    text: String,
}

/// Compares every pair by the program at `tool`; returns what was found, and what is wrong.
pub(crate) fn compare(tool: &Path, pairs: &[Pair]) -> (String, String) {
    let bench = Bench::new("semver");
    let mut generated = generated(pairs);
    generated.retain(|one| one.sides[0].output != one.sides[1].output);
    for one in &mut generated {
        let module = format!("p{}_{}", one.pair, one.role);
        one.sides.iter_mut().for_each(|side| side.module.clone_from(&module));
    }
    let files = [(0, "old.json"), (1, "new.json")].map(|(side, name)| {
        let subject = subject(&bench, generated.iter().map(|one| &one.sides[side]));
        let written = bench.describe(&subject).unwrap_or_else(|error| panic!("{error}"));
        let kept = written.with_file_name(name);
        fs::rename(written, &kept).unwrap();
        kept
    });
    let modules: BTreeSet<&str> = generated.iter().map(|one| one.sides[0].module.as_str()).collect();
    let major = ask(tool, &files, Step::Major, &modules);
    let mut minor = ask(tool, &files, Step::Minor, &modules);
    minor.retain(|finding| !major.contains(finding));
    let said = format!("{} pairs of documents, {} pairs of crates that differ\n", pairs.len(), generated.len());
    let mut balance = Balance { said, ..Balance::default() };
    for (step, findings) in [(Step::Major, &major), (Step::Minor, &minor)] {
        balance.weigh(step, findings, pairs, &generated);
    }
    balance.report_stale();
    (balance.said, balance.wrong)
}

/// Everything that forbids a version of less than `step`.
fn ask(tool: &Path, [old, new]: &[PathBuf; 2], step: Step, modules: &BTreeSet<&str>) -> BTreeSet<Finding> {
    let mut command = Command::new(tool);
    command.args(["semver-checks", "--color", "never", "--release-type", step.refused()]);
    let output = command.arg("--baseline-rustdoc").arg(old).arg("--current-rustdoc").arg(new).output().unwrap();
    let (text, log) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(log.contains("Checked") && log.contains("Summary"), "cargo-semver-checks failed: {log}");
    let mut findings = BTreeSet::new();
    let mut lint = "";
    for line in text.lines() {
        let headline = ["--- failure ", "--- warning "].iter().find_map(|word| line.strip_prefix(word));
        if let Some((name, _)) = headline.and_then(|rest| rest.split_once(':')) {
            lint = name;
        } else if let Some(text) = line.strip_prefix("  ").filter(|text| !text.starts_with(' ')) {
            let mut words = text.split(|letter: char| letter != '_' && !letter.is_alphanumeric());
            let module = words.find(|word| modules.contains(word));
            let module = module.unwrap_or_else(|| panic!("`{lint}` names no crate: {text}")).to_owned();
            findings.insert(Finding { module, lint: lint.to_owned(), text: text.to_owned() });
        }
    }
    findings
}

/// What it found beside what we say.
#[derive(Debug, Default)]
struct Balance {
    /// Counts, for people.
    said: String,
    /// What we do not say and do not mean either.
    wrong: String,
    /// The lints of [`MEANT`] that it has found something by.
    excused: BTreeSet<&'static str>,
}

impl Balance {
    /// A lint that finds nothing any more needs no excuse, and would hide what it finds tomorrow.
    fn report_stale(&mut self) {
        for (lint, _) in MEANT.iter().filter(|(lint, _)| !self.excused.contains(lint)) {
            writeln!(self.wrong, "`{lint}` finds nothing that we do not say: remove it from `MEANT`").unwrap();
        }
    }

    fn weigh(&mut self, step: Step, findings: &BTreeSet<Finding>, pairs: &[Pair], generated: &[Generated]) {
        let (name, mut both, mut alone) = (step.name(), 0, 0);
        let mut rules = BTreeMap::<&str, usize>::new();
        let mut meant = BTreeMap::<&str, usize>::new();
        for one in generated {
            let told = match step {
                Step::Major => one.diff.breaks_source(),
                Step::Minor => one.diff.bump() >= Bump::Addition,
            };
            let found: Vec<&Finding> =
                findings.iter().filter(|finding| finding.module == one.sides[0].module).collect();
            if told && found.is_empty() {
                alone += 1;
                for change in one.diff.changes.iter().filter(|change| change.breaks_source()) {
                    *rules.entry(change.rule.name()).or_default() += 1;
                }
            } else if told {
                both += 1;
            }
            for Finding { lint, text, .. } in found.into_iter().filter(|_| !told) {
                if let Some((known, reason)) = MEANT.iter().find(|(known, _)| known == lint) {
                    self.excused.insert(known);
                    *meant.entry(reason).or_default() += 1;
                } else {
                    let pair = &pairs[one.pair].name;
                    writeln!(self.wrong, "{pair} as {}: {name} by `{lint}`: {text}", one.role).unwrap();
                }
            }
        }
        writeln!(self.said, "{name}: {both} by both").unwrap();
        for (reason, count) in meant {
            writeln!(self.said, "{name}: {count} by cargo-semver-checks alone, as meant: {reason}").unwrap();
        }
        if step == Step::Major {
            writeln!(self.said, "{name}: {alone} by `eventwire diff` alone, by rule of the changes: {rules:?}")
                .unwrap();
        }
    }
}

#[test]
fn an_excuse_that_nothing_needs_is_wrong() {
    let mut balance = Balance::default();
    balance.report_stale();
    assert_eq!(balance.wrong.lines().count(), MEANT.len(), "{}", balance.wrong);
    let mut balance = Balance { excused: MEANT.iter().map(|(lint, _)| *lint).collect(), ..Balance::default() };
    balance.report_stale();
    assert_eq!(balance.wrong, "");
}
