//! `diff`: what changed between two documents or lists of them, or since a commit.

use std::path::Path;
use std::process::ExitCode;

use eventwire_codegen::diagnostic::visible;
use eventwire_codegen::diff::{Change, Diff, Side};
use eventwire_codegen::{Compiled, Entry, List, Project};
use serde_json::{Value, json};

use crate::arguments::{Denied, DiffArguments};
use crate::input::worse;
use crate::path::shown;
use crate::report::{Failure, Reporter};

pub(crate) fn diff(comparison: &DiffArguments, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let printer = Printer { comparison, several: false };
    match (&comparison.base, &comparison.first, &comparison.second) {
        (Some(revision), first, _) => since(revision, first.as_deref(), comparison, reporter),
        (None, Some(first), Some(second)) => {
            let (old, new) = (List::locate(Some(first))?, List::locate(Some(second))?);
            match (old.is_list(), new.is_list()) {
                (true, true) => Ok(lists(&old, &new, comparison, reporter)),
                (false, false) => two(&old.inputs[0], &new.inputs[0], &printer, reporter),
                (true, false) => Err(unlike(first, second)),
                (false, true) => Err(unlike(second, first)),
            }
        }
        (None, ..) => Err("a diff takes two documents, or `--base`".into()),
    }
}

/// Compares two documents, or two settings files.
fn two(old: &Path, new: &Path, printer: &Printer<'_>, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let (before, after) = pair(old, new, reporter)?;
    compare(before.side(), after.side(), &shown(new), printer, reporter)
}

/// Why a list and a document cannot be compared.
fn unlike(list: &Path, other: &Path) -> Failure {
    let (list, other) = (shown(list), shown(other));
    format!("`{list}` is a list of documents, but `{other}` is not: name a document of the list, or compare two lists")
        .into()
}

/// Compares each document of a list with that of another list.
fn lists(old: &List, new: &List, comparison: &DiffArguments, reporter: &mut Reporter) -> ExitCode {
    let entries = new.since(old);
    let printer = Printer { comparison, several: entries.len() > 1 };
    let mut worst = ExitCode::SUCCESS;
    for entry in &entries {
        let code = match entry {
            Entry::Kept { old, new } => two(old, new, &printer, reporter),
            Entry::Added(input) => printer.added(input, "not in the old list", reporter),
            Entry::Dropped(input) => printer.dropped(input, "no longer in the list", reporter),
        };
        worst = worse(worst, code.unwrap_or_else(|failure| reporter.fail(&failure)));
    }
    worst
}

/// Compares one document, or each of a list, with what a commit has.
fn since(
    revision: &str,
    input: Option<&Path>,
    comparison: &DiffArguments,
    reporter: &mut Reporter,
) -> Result<ExitCode, Failure> {
    let list = List::locate(input)?;
    let dropped = list.dropped_since(revision)?;
    let printer = Printer { comparison, several: list.inputs.len() + dropped.len() > 1 };
    let mut worst = ExitCode::SUCCESS;
    for input in &list.inputs {
        let code = since_one(revision, input, &printer, reporter).unwrap_or_else(|failure| reporter.fail(&failure));
        worst = worse(worst, code);
    }
    for input in &dropped {
        let what = format!("in the list of `{revision}` and not in that of now");
        worst = worse(worst, printer.dropped(input, &what, reporter)?);
    }
    Ok(worst)
}

fn since_one(
    revision: &str,
    input: &Path,
    printer: &Printer<'_>,
    reporter: &mut Reporter,
) -> Result<ExitCode, Failure> {
    let new = Project::locate(input)?;
    match new.side_at(input, revision)? {
        Some(old) => compare(old, new.side(), &shown(input), printer, reporter),
        None => printer.added(input, &format!("new since `{revision}`"), reporter),
    }
}

fn compare(
    old: (Option<Side>, Compiled),
    new: (Option<Side>, Compiled),
    input: &str,
    printer: &Printer<'_>,
    reporter: &mut Reporter,
) -> Result<ExitCode, Failure> {
    let Some(old) = side(old, reporter)? else { return Ok(reporter.mistakes("the old document has mistakes")?) };
    let Some(new) = side(new, reporter)? else { return Ok(reporter.mistakes("the new document has mistakes")?) };
    printer.compared(&Diff::new(&old, &new), input, reporter)
}

/// Two documents, or two settings files. Settings that lie beside one of two documents are those of both: names and types
/// that only settings change are not changes of the documents.
fn pair(old: &Path, new: &Path, reporter: &Reporter) -> Result<(Project, Project), Failure> {
    let bare = [old, new].iter().all(|path| path.extension().is_none_or(|extension| extension != "toml"));
    let (old, new) = (Project::locate(old)?, Project::locate(new)?);
    let shared = |settings: &Path| reporter.news(format_args!("using {} for both documents", settings.display()));
    Ok(match (old.settings(), new.settings()) {
        (None, Some(settings)) if bare => {
            shared(settings);
            (old.with_settings_of(&new), new)
        }
        (Some(settings), None) if bare => {
            shared(settings);
            let new = new.with_settings_of(&old);
            (old, new)
        }
        (Some(left), Some(right)) if bare => {
            reporter.news(format_args!("using {} and {}", left.display(), right.display()));
            (old, new)
        }
        (_, _) => (old, new),
    })
}

/// A document that was read. Its warnings are reported when it is generated from, its errors here.
fn side((side, compiled): (Option<Side>, Compiled), reporter: &mut Reporter) -> Result<Option<Side>, Failure> {
    if side.is_none() {
        reporter.diagnostics(&compiled)?;
    }
    Ok(side)
}

impl Denied {
    /// Whether a change breaks this.
    fn by(self, change: &Change) -> bool {
        match self {
            Self::Wire => change.breaks_wire(),
            Self::Source => change.breaks_source(),
        }
    }
}

/// Prints what became of documents.
struct Printer<'c> {
    comparison: &'c DiffArguments,
    /// Whether there is more than one document.
    several: bool,
}

impl Printer<'_> {
    fn compared(&self, diff: &Diff, input: &str, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
        let denied = |change: &Change| self.comparison.deny.iter().any(|denied| denied.by(change));
        let mut object = json!({ "result": "compared", "input": input });
        if let (Value::Object(object), Value::Object(diff)) = (&mut object, diff.to_json()) {
            object.extend(diff);
        }
        reporter.records(diff.records(denied))?;
        self.section(input, diff, &object, reporter)?;
        Ok(self.verdict(input, diff, reporter))
    }

    /// A document that was not there: nobody has its crate, so nothing breaks.
    fn added(&self, input: &Path, what: &str, reporter: &Reporter) -> Result<ExitCode, Failure> {
        let input = shown(input);
        self.note(&input, what, &json!({ "result": "added", "input": input }), reporter)?;
        Ok(ExitCode::SUCCESS)
    }

    /// A document that the list no longer names: its crate will not be there, which breaks whoever uses it.
    fn dropped(&self, input: &Path, what: &str, reporter: &Reporter) -> Result<ExitCode, Failure> {
        let input = shown(input);
        self.note(&input, what, &json!({ "result": "dropped", "input": input }), reporter)?;
        if !self.comparison.deny.contains(&Denied::Source) {
            return Ok(ExitCode::SUCCESS);
        }
        reporter.news(format_args!("error: {input}: its crate was removed, which `--deny source` forbids"));
        Ok(ExitCode::FAILURE)
    }

    /// Says why the exit code is that of a failure, which it is when something broke that may not break.
    fn verdict(&self, input: &str, diff: &Diff, reporter: &Reporter) -> ExitCode {
        let of = if self.several { format!("{input}: ") } else { String::new() };
        let mut code = ExitCode::SUCCESS;
        for (denied, whom, option) in [(Denied::Wire, "peers", "wire"), (Denied::Source, "code", "source")] {
            let count = diff.changes.iter().filter(|change| denied.by(change)).count();
            if count == 0 || !self.comparison.deny.contains(&denied) {
                continue;
            }
            let breaks = if count == 1 { "1 change breaks".to_owned() } else { format!("{count} changes break") };
            reporter.news(format_args!("error: {of}{breaks} {whom}, which `--deny {option}` forbids"));
            code = ExitCode::FAILURE;
        }
        code
    }

    /// Prints a section that says one thing.
    fn note(&self, input: &str, what: &str, object: &Value, reporter: &Reporter) -> Result<(), Failure> {
        if self.comparison.markdown {
            let mut what = what.to_owned();
            what[..1].make_ascii_uppercase();
            reporter.result(&format!("### `{}`\n\n**{what}**\n\n", visible(input)), object)?;
        } else {
            reporter.result("", object)?;
            reporter.news(format_args!("{input}: {what}"));
        }
        Ok(())
    }

    /// Prints what differs in one document, below its name where there are several.
    fn section(&self, input: &str, diff: &Diff, object: &Value, reporter: &Reporter) -> Result<(), Failure> {
        let (summary, color) = (diff.summary(), reporter.result_color());
        match (self.comparison.markdown, self.several) {
            (true, true) => {
                reporter.result(&format!("### `{}`\n\n{}\n", visible(input), diff.to_markdown()), object)?;
            }
            (true, false) => reporter.result(&diff.to_markdown(), object)?,
            (false, true) => {
                reporter.result(&format!("{}: {summary}\n\n{}", visible(input), diff.render(color)), object)?;
            }
            (false, false) => {
                reporter.result(&diff.render(color), object)?;
                reporter.news(summary);
            }
        }
        Ok(())
    }
}
