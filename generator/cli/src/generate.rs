//! `generate` and `check`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use eventwire_codegen::check_folder;
use eventwire_codegen::diagnostic::{FileRange, Level, Record, RuleInfo, visible};
use eventwire_codegen::{Compiled, Drift, DriftKind, Output, Project};
use serde_json::{Value, json};

use crate::arguments::InputArguments;
use crate::input::{each, open};
use crate::path::{real, shown};
use crate::report::{Failure, Reporter};

/// Why nothing came out.
const MISTAKES: &str = "the document has mistakes";

/// How the documents of a run are compiled.
pub(crate) trait Compile {
    /// Hears of a document, or the settings of one, before it is opened.
    fn before(&mut self, input: &Path) -> Result<(), Failure>;

    /// Compiles one.
    fn compile(&mut self, project: &Project) -> Result<Compiled, Failure>;
}

/// Compiles once.
struct Once;

impl Compile for Once {
    fn before(&mut self, _: &Path) -> Result<(), Failure> {
        Ok(())
    }

    fn compile(&mut self, project: &Project) -> Result<Compiled, Failure> {
        Ok(project.compile())
    }
}

pub(crate) fn generate(input: &InputArguments, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    generate_with(input, reporter, &mut Once)
}

pub(crate) fn generate_with(
    input: &InputArguments,
    reporter: &mut Reporter,
    compiler: &mut impl Compile,
) -> Result<ExitCode, Failure> {
    let mut folders = Vec::new();
    // A folder stands for a file in it, which is named below.
    if let Some(path) = input.path.as_ref().filter(|path| !path.is_dir()) {
        compiler.before(path)?;
    }
    each(input.path.as_deref(), reporter, |path, reporter| {
        compiler.before(path)?;
        let project = open(path, input, reporter)?;
        own_folder(&project, path, &mut folders)?;
        match report(compiler.compile(&project)?, reporter)? {
            Some(output) => write(&output, &project.output_folder(), reporter),
            None => Ok(reporter.mistakes(MISTAKES)?),
        }
    })
}

pub(crate) fn check(input: &InputArguments, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let mut folders = Vec::new();
    each(input.path.as_deref(), reporter, |path, reporter| {
        let project = open(path, input, reporter)?;
        own_folder(&project, path, &mut folders)?;
        check_one(&project, reporter)
    })
}

/// Refuses what cannot be a folder, a folder of another document, and one inside or around it: each document would remove what the other one has
/// written.
fn own_folder(project: &Project, path: &Path, folders: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let folder = project.output_folder();
    check_folder(&folder)?;
    let place = real(&folder);
    let overlaps = |other: &&PathBuf| real(other).starts_with(&place) || place.starts_with(real(other));
    if let Some(other) = folders.iter().find(overlaps) {
        let how = match (real(other), shown(other), shown(&folder)) {
            (known, _, folder) if known == place => format!("{folder} too"),
            (known, other, folder) if place.starts_with(&known) => format!("{other}, and {folder} is inside it"),
            (_, other, folder) => format!("{other}, which is inside {folder}"),
        };
        return Err(format!("{}: another document of the list is written to {how}", shown(path)).into());
    }
    folders.push(folder);
    Ok(())
}

fn check_one(project: &Project, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let Some(output) = report(project.compile(), reporter)? else { return Ok(reporter.mistakes(MISTAKES)?) };
    let folder = project.output_folder();
    let mut drifts = output.compare(&folder)?;
    // What the codec has follows from the rest, so people read the rest first.
    drifts.sort_by_key(|drift| drift.path.starts_with("src/codec/"));
    let text: String = drifts.iter().map(|drift| in_full(drift, &folder).to_string()).collect();
    let differing: Vec<Value> = drifts.iter().map(drift).collect();
    let object =
        json!({ "result": "checked", "folder": shown(&folder), "files": output.files.len(), "drifts": differing });
    reporter.records(drifts.iter().map(|drift| stale(drift, &folder)).collect())?;
    reporter.result(&visible(&text), &object)?;
    if drifts.is_empty() {
        reporter.news(format_args!("{}: {} files, all fresh", shown(&folder), output.files.len()));
        return Ok(ExitCode::SUCCESS);
    }
    let (count, all) = (drifts.len(), output.files.len());
    let folder = shown(&folder);
    reporter.news(format_args!("{folder}: {count} of {all} files differ; generate again to bring them in step"));
    Ok(ExitCode::FAILURE)
}

/// A drift with the path that people know: of several crates, the file alone does not say which one it is in.
fn in_full(drift: &Drift, folder: &Path) -> Drift {
    Drift { path: shown(&folder.join(&drift.path)), kind: drift.kind.clone() }
}

/// What is generated; nothing when there are errors, which are printed.
pub(crate) fn report(compiled: Compiled, reporter: &mut Reporter) -> Result<Option<Output>, Failure> {
    reporter.diagnostics(&compiled)?;
    if compiled.output.is_none() && compiled.count(Level::Error) == 0 {
        return Err("internal error: no output and no diagnostic".into());
    }
    Ok(compiled.output)
}

pub(crate) fn write(output: &Output, folder: &Path, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let written = output.write(folder)?;
    for path in &written.changed {
        reporter.news(format_args!("wrote {}", shown(&folder.join(path))));
    }
    for path in &written.removed {
        reporter.news(format_args!("removed {}", shown(&folder.join(path))));
    }
    let (all, changed) = (output.files.len(), written.changed.len());
    reporter.news(format_args!("{}: {all} files, {changed} changed", shown(folder)));
    let object = json!({
        "result": "generated",
        "folder": shown(folder),
        "files": output.files.len(),
        "changed": written.changed,
        "removed": written.removed,
    });
    reporter.result("", &object)?;
    Ok(ExitCode::SUCCESS)
}

/// What a service shows at the file that is not fresh.
fn stale(drift: &Drift, folder: &Path) -> Record {
    let (line, message) = match &drift.kind {
        DriftKind::Missing => (1, "it is not there"),
        DriftKind::Changed { line, diff: _ } => (*line, "it differs from what would be generated, first in this line"),
        DriftKind::Orphaned => (1, "it is no longer generated"),
    };
    let file = shown(&folder.join(&drift.path));
    Record {
        rule: RuleInfo::STALE,
        level: RuleInfo::STALE.level,
        message: format!("`{file}` is not fresh: {message}"),
        place: Some(FileRange::line(file, line)),
        labels: Vec::new(),
        notes: Vec::new(),
        help: vec!["generate again, and commit what changes".to_owned()],
    }
}

fn drift(drift: &Drift) -> Value {
    let (kind, diff) = match &drift.kind {
        DriftKind::Missing => ("missing", None),
        DriftKind::Changed { diff, line: _ } => ("changed", Some(diff)),
        DriftKind::Orphaned => ("orphaned", None),
    };
    json!({ "path": drift.path, "kind": kind, "diff": diff })
}
