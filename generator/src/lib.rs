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

mod cargo;
pub mod diff;
mod explain;
pub mod index;
pub mod init;
pub mod name;
pub mod output;
mod print;
mod project;
pub mod rust;
mod shared;

pub use cargo::build;
pub use config::Config;
pub use eventwire_document::{asyncapi, config, diagnostic, ir, schema, source};
pub use index::Index;
pub use output::{Drift, DriftKind, Output, Written};
pub use project::{Entry, List, Project, ProjectError, SETTINGS, relative};

use config::{Part, Places};
use diagnostic::{Diagnostic, Diagnostics, FileId, Level, Record, Span};
use ir::Api;
use name::Names;
use shared::SharedTypes;
use source::{Base, Loader, Sources};

/// What compiling a document gave.
#[derive(Debug)]
pub struct Compiled {
    /// The files of the crate; `None` when there was an error.
    pub output: Option<Output>,
    /// Where the messages of the document are in the crate; empty when there was an error.
    pub index: Index,
    /// Errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    sources: Option<Sources>,
    /// Other files that decided what came out.
    further: Vec<String>,
    places: Places,
    /// Where paths begin.
    base: Base,
}

impl Compiled {
    fn without_output(diagnostics: Vec<Diagnostic>, sources: Option<Sources>, config: &Config) -> Self {
        let (places, base) = (config.places.clone(), Base::default());
        let further = config.shared.iter().flat_map(|shared| shared.files.iter().chain([&shared.list])).cloned();
        Self { output: None, index: Index::default(), diagnostics, sources, further: further.collect(), places, base }
    }

    /// The diagnostics as rustc would show them; empty when there are none.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        diagnostic::render(&self.diagnostics, &Inputs::new(self), color)
    }

    /// The diagnostics as JSON, one object a line.
    #[must_use]
    pub fn to_json(&self) -> String {
        diagnostic::to_json(&self.records())
    }

    /// The diagnostics with their places looked up, for other forms.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        diagnostic::records(&self.diagnostics, &Inputs::new(self))
    }

    /// The diagnostics in a line each: `chat.yaml:12:5: warning[EW0303]: message`.
    #[must_use]
    pub fn to_lines(&self) -> Vec<String> {
        diagnostic::to_lines(&self.diagnostics, &Inputs::new(self))
    }

    /// The paths of the files that the document reaches, the document first, and of others that decide what comes out.
    #[must_use]
    pub fn inputs(&self) -> Vec<String> {
        let mut paths = Inputs::new(self).paths;
        for path in self.further.iter().map(|path| self.base.path(path)) {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }

    /// How many of the diagnostics are of a level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.level() == level).count()
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

impl diagnostic::Files for Inputs<'_> {
    fn path(&self, file: diagnostic::FileId) -> &str {
        self.paths.get(file.index()).map_or_else(|| self.compiled.places.path(), String::as_str)
    }

    fn text(&self, file: diagnostic::FileId) -> &str {
        match &self.compiled.sources {
            Some(sources) if file != diagnostic::FileId::SETTINGS => sources.text(file),
            Some(_) | None => self.compiled.places.text(file),
        }
    }
}

/// Compiles the document that the settings name; reads through the loader, writes nothing.
#[must_use]
pub fn compile(config: &Config, loader: &dyn Loader) -> Compiled {
    let mut diagnostics = Diagnostics::default();
    let mut read = read(config, loader, &mut diagnostics);
    let understood = read.as_mut().and_then(|read| understand(read, config, &mut diagnostics));
    let diagnostics = judge(diagnostics, read.as_ref(), config);
    let understood = understood.filter(|_| !failed(&diagnostics));
    let mut compiled = Compiled::without_output(diagnostics, read.map(|read| read.sources), config);
    if let Some(understood) = understood {
        generate(&mut compiled, understood, config);
    }
    compiled
}

/// Says how messages that travel together are told apart; `None` where the document is not readable.
#[must_use]
pub fn explain(config: &Config, loader: &dyn Loader) -> (Option<String>, Compiled) {
    let mut diagnostics = Diagnostics::default();
    let mut read = read(config, loader, &mut diagnostics);
    let understood = read.as_mut().and_then(|read| understand(read, config, &mut diagnostics));
    let explanation = understood.map(|understood| explain::explain(&understood.api, &understood.names));
    let diagnostics = judge(diagnostics, read.as_ref(), config);
    (explanation, Compiled::without_output(diagnostics, read.map(|read| read.sources), config))
}

/// The keys of the channels around which something is named, in the order of the document.
fn named_channels(config: &Config, loader: &dyn Loader) -> Vec<String> {
    let mut silent = Diagnostics::default();
    let mut read = read(config, loader, &mut silent);
    let understood = read.as_mut().and_then(|read| understand(read, config, &mut silent));
    understood
        .map(|understood| name::channels(&understood.api).into_iter().map(|(key, _)| key.to_owned()).collect())
        .unwrap_or_default()
}

/// What is told of a document, by its settings. Warnings about what it shares are told when the crate of that is generated.
fn judge(diagnostics: Diagnostics, read: Option<&Read>, config: &Config) -> Vec<Diagnostic> {
    let mut diagnostics = diagnostics.into_sorted();
    if let Some(Read { sources, shared: Some(_) }) = read {
        let elsewhere = |span: Span| span.file != FileId::SETTINGS && sources.is_shared(span.file);
        diagnostics.retain(|diagnostic| {
            let place = diagnostic.primary.as_ref().filter(|_| diagnostic.level() == Level::Warning);
            !place.is_some_and(|place| elsewhere(place.span))
        });
    }
    config.judge(diagnostics)
}

/// Whether nothing can be generated.
fn failed(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.level() == Level::Error)
}

/// A document and what it shares with others, as text and trees.
struct Read {
    sources: Sources,
    shared: Option<SharedTypes>,
}

fn read(config: &Config, loader: &dyn Loader, diagnostics: &mut Diagnostics) -> Option<Read> {
    let mut found = Diagnostics::default();
    let sources = Sources::read(&config.document, loader, &config.options(), &mut found);
    match &sources {
        Some(_) => diagnostics.extend(found),
        None => diagnostics.extend(found.into_iter().map(|one| config.point(one, &["document"], "named here"))),
    }
    let mut sources = sources?;
    let shared = config.shared.as_ref().and_then(|shared| SharedTypes::for_document(shared, &mut sources, loader));
    Some(Read { sources, shared })
}

/// A document that was read, with the names of what is generated for it.
struct Understood {
    api: Api,
    names: Names,
}

/// Leaves no trees: nothing is made of them once they are understood, and they take much memory.
fn understand(read: &mut Read, config: &Config, diagnostics: &mut Diagnostics) -> Option<Understood> {
    let Read { sources, shared } = read;
    if !sources.is_readable() {
        return None;
    }
    for url in config.vendor.keys().filter(|url| !sources.reaches(url)) {
        diagnostics.push(config.idle(&["vendor", url], "reference", []));
    }
    let (document, schemas) = asyncapi::read(sources, diagnostics)?;
    sources.forget_trees();
    let mut api = ir::build(&document, &schemas, sources, config, diagnostics);
    let shared = shared.as_ref().map(|shared| shared.mark(&mut api, &schemas, sources, config, diagnostics));
    drop((document, schemas));
    let names = name::assign(&api, &shared.unwrap_or_default(), config, diagnostics);
    Some(Understood { api, names })
}

fn generate(compiled: &mut Compiled, understood: Understood, config: &Config) {
    let Understood { api, names } = &understood;
    let config = config.named(&api.title);
    if let Some(sources) = &compiled.sources {
        compiled.index = index::index(api, names, &config, sources);
    }
    let mut items = rust::lower(api, names, &config);
    items.select(&config);
    // Printing takes the most memory of all.
    drop(understood);
    compiled.output = Some(output(&items, &config));
}

/// The files of a crate.
fn output(items: &rust::Crate, config: &Config) -> Output {
    let mut files = print::print(items, config);
    if !config.emits(Part::Manifest) {
        files.remove(print::MANIFEST);
    }
    Output { files }
}
