//! `generate` and `check`.

use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use eventwire_codegen::diagnostic::{Level, Place, Record, Rule};
use eventwire_codegen::{Drift, DriftKind, Output, Project, SETTINGS};
use serde_json::{Value, json};

use super::{Failure, Input, Reporter};

/// Why nothing came out.
const MISTAKES: &str = "the document has mistakes";

pub(crate) fn generate(input: &Input, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let project = open(input, reporter)?;
    match compile(&project, reporter)? {
        Some(output) => write(&output, &project.output_folder(), reporter),
        None => Ok(reporter.mistakes(MISTAKES)?),
    }
}

pub(crate) fn check(input: &Input, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let project = open(input, reporter)?;
    let Some(output) = compile(&project, reporter)? else { return Ok(reporter.mistakes(MISTAKES)?) };
    let folder = project.output_folder();
    let drifts = output.compare(&folder)?;
    let text: String = drifts.iter().map(Drift::to_string).collect();
    let differing: Vec<Value> = drifts.iter().map(drift).collect();
    let object =
        json!({ "result": "checked", "folder": shown(&folder), "files": output.files.len(), "drifts": differing });
    reporter.records(drifts.iter().map(|drift| stale(drift, &folder)).collect())?;
    reporter.result(&text, &object)?;
    if drifts.is_empty() {
        reporter.news(format_args!("{} files, all fresh", output.files.len()));
        return Ok(ExitCode::SUCCESS);
    }
    let (count, all) = (drifts.len(), output.files.len());
    reporter.news(format_args!("{count} of {all} files differ; generate again to bring them in step"));
    Ok(ExitCode::FAILURE)
}

/// The project that the arguments name.
fn open(input: &Input, reporter: &mut Reporter) -> Result<Project, Failure> {
    let mut project = Project::locate(&input.path)?;
    match (project.settings(), &input.name) {
        (Some(settings), Some(_)) => {
            let settings = settings.display();
            return Err(format!("`--name` is for documents without settings; say `package.name` in {settings}").into());
        }
        (Some(settings), None) if *settings != input.path => {
            reporter.news(format_args!("using {}", settings.display()));
        }
        (Some(_) | None, None) => {}
        (None, Some(name)) => project = project.with_name(name)?,
    }
    if input.tests {
        if let Some(settings) = project.settings() {
            let settings = settings.display();
            return Err(format!("`--tests` is for documents without settings; say `tests = true` in {settings}").into());
        }
        project = project.with_tests();
    }
    if project.settings().is_none() {
        let stem = input.path.with_extension("toml");
        let stem = stem.file_name().unwrap_or_default().to_string_lossy();
        reporter.news(format_args!("no {stem} or {SETTINGS} beside the document: using the defaults"));
    }
    Ok(match &input.out {
        Some(folder) => project.with_output(folder),
        None => project,
    })
}

/// What is generated; nothing when there are errors, which are printed.
pub(crate) fn compile(project: &Project, reporter: &mut Reporter) -> Result<Option<Output>, Failure> {
    let compiled = project.compile();
    reporter.diagnostics(&compiled)?;
    if compiled.output.is_none() && compiled.count(Level::Error) == 0 {
        return Err("nothing was generated, and no error says why".into());
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
    reporter.news(format_args!("{} files, {} changed", output.files.len(), written.changed.len()));
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
        DriftKind::Orphaned => (1, "it is not generated any more"),
    };
    let file = shown(&folder.join(&drift.path));
    Record {
        rule: Rule::STALE,
        level: Rule::STALE.level,
        message: format!("`{file}` is not fresh: {message}"),
        place: Some(Place::line(file, line)),
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

/// A path as people write it: without `..` where it can be, with `/` as separator.
fn shown(path: &Path) -> String {
    let mut short = PathBuf::new();
    for component in path.components() {
        match (component, short.components().next_back()) {
            (Component::ParentDir, Some(Component::Normal(_))) => drop(short.pop()),
            (Component::CurDir, _) => {}
            (component, _) => short.push(component),
        }
    }
    short.to_string_lossy().replace('\\', "/")
}
