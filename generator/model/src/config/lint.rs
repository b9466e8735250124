//! What becomes of warnings.

use super::{Config, Lint};
use crate::diagnostic::{Diagnostic, Level};

impl Config {
    /// Leaves out the warnings that the settings allow, and makes errors of those that they deny.
    #[must_use]
    pub fn apply_lints(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        diagnostics.into_iter().filter_map(|diagnostic| self.apply_lint(diagnostic)).collect()
    }

    fn apply_lint(&self, diagnostic: Diagnostic) -> Option<Diagnostic> {
        if diagnostic.level() == Level::Error {
            return Some(diagnostic);
        }
        let id = diagnostic.code.id();
        match self.lint.get(id) {
            Some(Lint::Allow) => None,
            Some(Lint::Warn) | None => Some(diagnostic),
            Some(Lint::Deny) => {
                let note = format!("an error because of `lint.{id}` in the settings");
                Some(Diagnostic { denied: true, ..diagnostic.note(note) })
            }
        }
    }
}
