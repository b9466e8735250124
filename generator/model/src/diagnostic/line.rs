//! The form for tools that show one line a message.

use super::{Diagnostic, Files, Positions, visible};

/// Returns a line for each diagnostic: `chat.yaml:12:5: warning[EW0303]: message`.
#[must_use]
pub fn to_lines(diagnostics: &[Diagnostic], files: &impl Files) -> Vec<String> {
    let mut positions = Positions::new(files);
    diagnostics.iter().map(|diagnostic| line(diagnostic, &mut positions)).collect()
}

fn line(diagnostic: &Diagnostic, positions: &mut Positions<'_, impl Files>) -> String {
    let place = diagnostic.primary.as_ref().map(|label| {
        let start = positions.start(label.span);
        format!("{}:{}:{}: ", positions.files.path(label.span.file), start.line, start.column)
    });
    let (level, code) = (diagnostic.level().name(), diagnostic.code.id());
    let message = &diagnostic.message;
    let line = format!("{}{level}[{code}]: {message}", place.unwrap_or_default());
    visible(&line.replace(['\n', '\t'], " ")).into_owned()
}
