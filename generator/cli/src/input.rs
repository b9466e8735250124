//! What a command works on: one document, or every one that a list names.

use std::path::Path;
use std::process::ExitCode;

use eventwire_codegen::config::Role;
use eventwire_codegen::{List, Project, SETTINGS};

use crate::arguments::InputArguments;
use crate::report::{Failure, Reporter};

/// Does the same for every document, whatever becomes of the others; the worst exit code is the result.
pub(crate) fn each(
    input: Option<&Path>,
    reporter: &mut Reporter,
    mut work: impl FnMut(&Path, &mut Reporter) -> Result<ExitCode, Failure>,
) -> Result<ExitCode, Failure> {
    let mut worst = ExitCode::SUCCESS;
    for path in &List::locate(input)?.inputs {
        let code = match work(path, reporter) {
            Ok(code) => code,
            Err(failure) => reporter.fail(&failure),
        };
        worst = worse(worst, code);
    }
    Ok(worst)
}

/// The exit code of two pieces of work together.
pub(crate) fn worse(known: ExitCode, code: ExitCode) -> ExitCode {
    if known == ExitCode::SUCCESS || code == ExitCode::from(2) { code } else { known }
}

/// Says that a document has no settings, and whose side the crate takes then.
pub(crate) fn announce_defaults(project: &Project, path: &Path, reporter: &Reporter) {
    if project.settings().is_some() {
        return;
    }
    let stem = path.with_extension("toml");
    let stem = stem.file_name().unwrap_or_default().to_string_lossy();
    let role = project.role().map(|role| format!("; the crate {} (`role = \"{}\"`)", side(role), role.name()));
    let role = role.unwrap_or_default();
    reporter.news(format_args!("no {stem} or {SETTINGS} beside the document: using the defaults{role}"));
}

/// What a crate is to the described application, as the end of a sentence.
pub(crate) fn side(role: Role) -> &'static str {
    match role {
        Role::Client => "talks to the described application",
        Role::Application => "is the described application itself",
    }
}

/// Refuses a folder that is not a clone of Eventwire.
pub(crate) fn check_sources(sources: &Path) -> Result<(), Failure> {
    if sources.join("runtime/Cargo.toml").is_file() {
        return Ok(());
    }
    let sources = sources.display();
    Err(format!("`{sources}` has no sources of Eventwire: name the folder of a clone for `--sources`").into())
}

/// The project that the arguments name.
pub(crate) fn open(path: &Path, input: &InputArguments, reporter: &Reporter) -> Result<Project, Failure> {
    let mut project = Project::locate(path)?;
    if let Some(settings) = project.settings() {
        let flags = [
            (input.name.is_some(), "--name", "package.name"),
            (input.tests, "--tests", "tests = true"),
            (input.sources.is_some(), "--sources", "runtime.path"),
        ];
        let settings_path = settings.display();
        if let Some((_, flag, setting)) = flags.iter().find(|(given, ..)| *given) {
            return Err(
                format!("`{flag}` is for documents without settings; say `{setting}` in {settings_path}").into()
            );
        }
        if settings != path {
            reporter.news(format_args!("using {settings_path}"));
        }
    }
    if let Some(name) = &input.name {
        project = project.with_name(name)?;
    }
    if input.tests {
        project = project.with_tests();
    }
    if let Some(folder) = &input.out {
        project = project.with_output(folder);
    }
    if let Some(sources) = &input.sources {
        check_sources(sources)?;
        project = project.with_sources(sources)?;
    }
    announce_defaults(&project, path, reporter);
    Ok(project)
}
