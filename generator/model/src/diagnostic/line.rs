//! The form for tools that show one line a message.

use super::{Diagnostic, Files, position, visible};

/// Returns a line for each diagnostic: `chat.yaml:12:5: warning[EW0303]: message`.
#[must_use]
pub fn to_lines(diagnostics: &[Diagnostic], files: &impl Files) -> Vec<String> {
    diagnostics.iter().map(|diagnostic| line(diagnostic, files)).collect()
}

fn line(diagnostic: &Diagnostic, files: &impl Files) -> String {
    let place = diagnostic.primary.as_ref().map(|label| {
        let file = label.span.file;
        let start = position::position(files.text(file), position::range(files, label.span).start);
        format!("{}:{}:{}: ", files.path(file), start.line, start.column)
    });
    let (level, code) = (diagnostic.level().name(), diagnostic.code.id());
    let message = &diagnostic.message;
    let line = format!("{}{level}[{code}]: {message}", place.unwrap_or_default());
    visible(&line.replace(['\n', '\t'], " ")).into_owned()
}
