//! Turns an [AsyncAPI](https://www.asyncapi.com) document into a typed Rust crate and keeps the two in step.
//!
//! ```text
//! text -> Node (spans) -> Document + Schema -> Api (the IR) -> Names (side table) -> Rust items -> files
//! ```
//!
//! Each arrow is a function from values to values plus a list of diagnostics; only the two ends touch the disk. No stage
//! stops at the first mistake in a document: one run shows every error.
//!
//! [`compile`] is the whole way. [`Project`] is the same for a settings file on disk:
//!
//! ```no_run
//! use eventwire_codegen::Project;
//!
//! let project = Project::open("spec/stream-chat.toml".as_ref())?;
//! let compiled = project.compile();
//! eprint!("{}", compiled.render(false));
//! if let Some(output) = &compiled.output {
//!     output.write(&project.output_folder())?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod asyncapi;
pub mod config;
mod cursor;
pub mod diagnostic;
pub mod ir;
pub mod name;
pub mod output;
mod print;
mod project;
pub mod rust;
pub mod schema;
pub mod source;

pub use config::Config;
pub use output::{Drift, DriftKind, Output, Written};
pub use project::{Project, ProjectError};

use diagnostic::{Diagnostic, Diagnostics, Level};
use source::{Loader, Options, Sources};

/// What compiling a document gave.
#[derive(Debug)]
pub struct Compiled {
    /// The files of the crate; `None` when there was an error.
    pub output: Option<Output>,
    /// Errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    sources: Option<Sources>,
}

impl Compiled {
    /// The diagnostics as rustc would show them; empty when there are none.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        match &self.sources {
            Some(sources) => diagnostic::render(&self.diagnostics, sources, color),
            None => diagnostic::render(&self.diagnostics, &NoFiles, color),
        }
    }

    /// The diagnostics as JSON, one object a line.
    #[must_use]
    pub fn to_json(&self) -> String {
        match &self.sources {
            Some(sources) => diagnostic::to_json(&self.diagnostics, sources),
            None => diagnostic::to_json(&self.diagnostics, &NoFiles),
        }
    }

    /// How many of the diagnostics are of a level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level() == level).count()
    }
}

/// The files of a run that could not read any.
struct NoFiles;

impl diagnostic::Files for NoFiles {
    fn path(&self, _file: diagnostic::FileId) -> &str {
        ""
    }

    fn text(&self, _file: diagnostic::FileId) -> &str {
        ""
    }
}

/// Compiles the document that the settings name; reads through the loader, writes nothing.
#[must_use]
pub fn compile(config: &Config, loader: &dyn Loader) -> Compiled {
    let mut diagnostics = Diagnostics::default();
    let options = Options { allow_outside: config.allow_outside, vendor: config.vendor.clone() };
    let sources = Sources::read(&config.document, loader, &options, &mut diagnostics);
    let output = sources.as_ref().and_then(|sources| generate(sources, config, &mut diagnostics));
    Compiled { output, diagnostics: diagnostics.into_sorted(), sources }
}

fn generate(sources: &Sources, config: &Config, diagnostics: &mut Diagnostics) -> Option<Output> {
    if !sources.is_readable() {
        return None;
    }
    let (document, schemas) = asyncapi::read(sources, diagnostics)?;
    let api = ir::build(&document, &schemas, config, diagnostics);
    let names = name::assign(&api, config, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    let items = rust::lower(&api, &names, config);
    Some(Output { files: print::print(&items, config) })
}
