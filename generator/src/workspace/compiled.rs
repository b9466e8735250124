//! What compiling gave.

use eventwire_document::config::EntrySpans;
use eventwire_document::diagnostic::{self, Diagnostic, FileId, Files, Level, Record};
use eventwire_document::source::{DisplayRoot, Sources};

use crate::index::Index;
use crate::output::Output;

/// What compiling a document gave.
#[derive(Debug)]
pub struct Compiled {
    /// The files of the crate; `None` when there was an error.
    pub output: Option<Output>,
    /// Where the messages of the document are in the crate; empty when there was an error.
    pub index: Index,
    /// Errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    pub(super) sources: Option<Sources>,
    /// Other files that decided what came out.
    other_files: Vec<String>,
    entry_spans: EntrySpans,
    /// Where paths begin.
    base: DisplayRoot,
}

impl Compiled {
    /// Diagnostics without an output.
    pub(super) fn new(
        diagnostics: Vec<Diagnostic>,
        sources: Option<Sources>,
        other_files: Vec<String>,
        entry_spans: EntrySpans,
        base: DisplayRoot,
    ) -> Self {
        Self { output: None, index: Index::default(), diagnostics, sources, other_files, entry_spans, base }
    }

    /// Returns the diagnostics as rustc would show them; empty when there are none.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        diagnostic::render(&self.diagnostics, &Inputs::new(self), color)
    }

    /// Returns the diagnostics as JSON, one object a line.
    #[must_use]
    pub fn to_json(&self) -> String {
        diagnostic::to_json(&self.records())
    }

    /// Returns the diagnostics with their places looked up, for other forms.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        diagnostic::records(&self.diagnostics, &Inputs::new(self))
    }

    /// Returns the diagnostics in a line each: `chat.yaml:12:5: warning[EW0303]: message`.
    #[must_use]
    pub fn to_lines(&self) -> Vec<String> {
        diagnostic::to_lines(&self.diagnostics, &Inputs::new(self))
    }

    /// Returns the paths of the files that the document reaches, the document first, and of others that decide what
    /// comes out.
    #[must_use]
    pub fn inputs(&self) -> Vec<String> {
        let mut paths = Inputs::new(self).paths;
        for path in self.other_files.iter().map(|path| self.base.path(path)) {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }

    /// Returns how many of the diagnostics are of a level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level() == level).count()
    }

    /// Whether nothing can be generated.
    pub(super) fn has_errors(&self) -> bool {
        self.count(Level::Error) > 0
    }
}

/// The files of a run: those of the document and the settings.
struct Inputs<'c> {
    compiled: &'c Compiled,
    paths: Vec<String>,
}

impl<'c> Inputs<'c> {
    fn new(compiled: &'c Compiled) -> Self {
        let files = compiled.sources.iter().flat_map(Sources::files);
        let paths = files.map(|(_, path)| compiled.base.path(path)).collect();
        Self { compiled, paths }
    }
}

impl Files for Inputs<'_> {
    fn path(&self, file: FileId) -> &str {
        self.paths.get(file.index()).map_or_else(|| self.compiled.entry_spans.path(), String::as_str)
    }

    fn text(&self, file: FileId) -> &str {
        match &self.compiled.sources {
            Some(sources) if file != FileId::SETTINGS => sources.text(file),
            Some(_) | None => self.compiled.entry_spans.text(file),
        }
    }
}
