//! The list of the documents of a repository.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::read::{self, error};
use super::{ConfigError, EntrySpans, SharedCrateSettings, check};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// An `eventwire.toml` that lists the documents of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DocumentList {
    /// The settings file of each document, relative to this file; for a document without settings, the document.
    pub documents: Vec<String>,
    /// Types that documents of the list share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<SharedCrateSettings>,
    /// Where the entries stand.
    #[serde(skip)]
    pub entry_spans: EntrySpans,
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
        let (list, entry_spans) = read::entries::<Self>(path, text, &mut diagnostics);
        let Some(mut list) = list else { return Err(error(diagnostics, entry_spans)) };
        list.entry_spans = entry_spans;
        list.check(&exists, &mut diagnostics);
        if diagnostics.is_empty() { Ok(list) } else { Err(error(diagnostics, list.entry_spans)) }
    }

    fn check(&self, exists: &impl Fn(&str) -> bool, diagnostics: &mut Diagnostics) {
        let of_documents = ["name the settings file of each document", "name a settings file or a document"];
        self.files(&["documents"], &self.documents, of_documents, exists, diagnostics);
        let Some(shared) = &self.shared else { return };
        let of_shared = ["name the files with the schemas", "name a file with schemas"];
        self.files(&["shared", "files"], &shared.files, of_shared, exists, diagnostics);
        let path = ["shared", "package", "api"];
        if shared.package.api.is_some() {
            let diagnostic = Diagnostic::new(Code::InvalidSetting, "`shared.package.api` cannot be used");
            diagnostics.push(match self.entry_spans.value(&path) {
                Some(span) => diagnostic.at(span, "the crate has types only").help("remove it"),
                None => diagnostic.note("the crate has types only"),
            });
        }
        if !shared.files.is_empty() {
            check::check(&shared.config(&self.entry_spans), diagnostics);
        }
    }

    /// Reports a list of files that is empty, and every entry that names nothing or what another one names too.
    fn files(
        &self,
        path: &[&str],
        files: &[String],
        [empty, missing]: [&str; 2],
        exists: &impl Fn(&str) -> bool,
        diagnostics: &mut Diagnostics,
    ) {
        let mut report = |index: &str, what: &str, help: &str| {
            let message = format!("`{}` cannot be used", self.entry_spans.dotted(path));
            let diagnostic = Diagnostic::new(Code::InvalidSetting, message).help(help);
            let place = self.entry_spans.value(&[path, &[index]].concat()).or_else(|| self.entry_spans.value(path));
            diagnostics.push(match place {
                Some(span) => diagnostic.at(span, what),
                None => diagnostic.note(what),
            });
        };
        if files.is_empty() {
            report("", "the list is empty", empty);
        }
        for (index, file) in files.iter().enumerate() {
            let place = index.to_string();
            if files[..index].contains(file) {
                report(&place, "listed twice", "remove one of the two");
            } else if !exists(file) {
                report(&place, "there is no such file", &format!("{missing}, relative to this file"));
            }
        }
    }

    /// Returns the JSON Schema of the list.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}
