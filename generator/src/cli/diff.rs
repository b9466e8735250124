//! `diff`: what changed between two documents.

use std::path::Path;
use std::process::ExitCode;

use eventwire_codegen::diff::{Diff, Side};
use eventwire_codegen::{Compiled, Project};
use serde_json::{Value, json};

use super::{Comparison, Denied, Failure, Reporter};

pub(crate) fn diff(comparison: &Comparison, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let (old, new) = match (&comparison.base, &comparison.second) {
        (Some(revision), _) => (Project::side_at(&comparison.first, revision)?, Project::locate(&comparison.first)?),
        (None, Some(second)) => {
            let (old, new) = pair(&comparison.first, second, reporter)?;
            (old.side(), new)
        }
        (None, None) => return Err("a diff takes two documents, or one and `--base`".into()),
    };
    let Some(old) = side(old, reporter)? else { return Ok(reporter.mistakes("the old document has mistakes")?) };
    let Some(new) = side(new.side(), reporter)? else { return Ok(reporter.mistakes("the new document has mistakes")?) };
    let diff = Diff::new(&old, &new);
    print(&diff, comparison.markdown, reporter)?;
    let denied = comparison.deny.iter().any(|denied| match denied {
        Denied::Wire => diff.breaks_wire(),
        Denied::Source => diff.breaks_source(),
    });
    Ok(if denied { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Two documents, or two settings files. Settings that lie beside one of two documents are those of both: names and types
/// that only settings change are no change of the documents.
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

/// A document that was read. Its warnings are told when it is generated from, its errors here.
fn side((side, compiled): (Option<Side>, Compiled), reporter: &mut Reporter) -> Result<Option<Side>, Failure> {
    if side.is_none() {
        reporter.diagnostics(&compiled)?;
    }
    Ok(side)
}

fn print(diff: &Diff, markdown: bool, reporter: &mut Reporter) -> Result<(), Failure> {
    let text = if markdown { diff.to_markdown() } else { diff.render(reporter.result_color()) };
    let mut object = json!({ "result": "compared" });
    if let (Value::Object(object), Value::Object(diff)) = (&mut object, diff.to_json()) {
        object.extend(diff);
    }
    reporter.result(&text, &object)?;
    if !markdown {
        reporter.news(diff.summary());
    }
    Ok(())
}
