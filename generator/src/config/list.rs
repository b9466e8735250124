//! The list of the documents of a repository.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::read::{self, error};
use super::{ConfigError, Places};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// An `eventwire.toml` that lists the documents of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DocumentList {
    /// The settings file of each document, relative to this file; for a document without settings, the document.
    pub documents: Vec<String>,
}

impl DocumentList {
    /// Reads a list from the text of a file; the path is for messages only. `exists` says whether there is a file.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, with the places: the text is not TOML or not a list, or an entry names nothing or what
    /// another one names too.
    pub fn read(path: &str, text: &str, exists: impl Fn(&str) -> bool) -> Result<Self, ConfigError> {
        let mut diagnostics = Diagnostics::default();
        let (list, places) = read::entries::<Self>(path, text, &mut diagnostics);
        if let Some(list) = &list {
            list.check(&places, exists, &mut diagnostics);
        }
        match list {
            Some(list) if diagnostics.is_empty() => Ok(list),
            Some(_) | None => Err(error(diagnostics, places)),
        }
    }

    fn check(&self, places: &Places, exists: impl Fn(&str) -> bool, diagnostics: &mut Diagnostics) {
        let mut report = |index: &str, what: &str, help: &str| {
            let diagnostic = Diagnostic::new(Code::InvalidSetting, "`documents` cannot be used").help(help);
            diagnostics.push(match places.value(&["documents", index]).or_else(|| places.value(&["documents"])) {
                Some(span) => diagnostic.at(span, what),
                None => diagnostic.note(what),
            });
        };
        if self.documents.is_empty() {
            report("", "a list of nothing", "name the settings file of each document");
        }
        for (index, input) in self.documents.iter().enumerate() {
            let place = index.to_string();
            if self.documents[..index].contains(input) {
                report(&place, "the second time", "remove one of the two");
            } else if !exists(input) {
                report(&place, "there is no such file", "name a settings file or a document, relative to this file");
            }
        }
    }

    /// The JSON Schema of the list.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}
