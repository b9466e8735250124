//! `diff`: what changed between two documents.

use std::process::ExitCode;

use eventwire_codegen::diff::{Diff, Side};
use eventwire_codegen::{Compiled, Project};
use serde_json::{Value, json};

use super::{Comparison, Denied, Failure, Reporter};

pub(crate) fn diff(comparison: &Comparison, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let (old, new) = match (&comparison.base, &comparison.second) {
        (Some(revision), _) => (Project::side_at(&comparison.first, revision)?, &comparison.first),
        (None, Some(second)) => (Project::locate(&comparison.first)?.side(), second),
        (None, None) => return Err("a diff takes two documents, or one and `--base`".into()),
    };
    let Some(old) = side(old, reporter)? else { return Ok(reporter.mistakes("the old document has mistakes")?) };
    let new = Project::locate(new)?.side();
    let Some(new) = side(new, reporter)? else { return Ok(reporter.mistakes("the new document has mistakes")?) };
    let diff = Diff::new(&old, &new);
    print(&diff, comparison.markdown, reporter)?;
    let denied = comparison.deny.iter().any(|denied| match denied {
        Denied::Wire => diff.breaks_wire(),
        Denied::Source => diff.breaks_source(),
    });
    Ok(if denied { ExitCode::FAILURE } else { ExitCode::SUCCESS })
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
