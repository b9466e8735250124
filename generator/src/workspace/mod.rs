//! Inputs and settings: what a crate is generated from, and everything that is made of them.
//!
//! There are two kinds of input, a document and the schemas that documents share, and one way for both: read, analyse,
//! name, lower, print. The kind decides which files are read and what stands in them; what has types in another crate, and
//! which types others need, is in `shared`.

mod compiled;
mod shared;

use std::collections::BTreeSet;

use eventwire_document::asyncapi::{self, Document};
use eventwire_document::config::{Config, OutputPart};
use eventwire_document::diagnostic::{Diagnostic, Diagnostics, FileId, Level, Span};
use eventwire_document::ir::{self, Api};
use eventwire_document::schema::Schemas;
use eventwire_document::source::{DisplayRoot, Loader, SourceOptions, Sources};

use crate::diff::Side;
use crate::explain::{explain as explain_messages, explain_shared};
use crate::index::index;
use crate::name::{self, Names};
use crate::output::Output;
use crate::print;
use crate::rust::{self, Crate};

pub use compiled::Compiled;
use shared::SharedAnalysis;
pub(crate) use shared::{ListedDocument, SharedSchemas};

/// Compiles the document that the settings name; reads through the loader, writes nothing.
#[must_use]
pub fn compile(config: &Config, loader: &dyn Loader) -> Compiled {
    Workspace::new(config, loader).compile()
}

/// Says how messages that travel together are distinguished; `None` where the document is not readable.
#[must_use]
pub fn explain(config: &Config, loader: &dyn Loader) -> (Option<String>, Compiled) {
    Workspace::new(config, loader).explain()
}

/// An input and its settings, with the loader that reads the files. It writes nothing.
///
/// ```
/// use eventwire_codegen::{Config, MemoryLoader, Workspace};
///
/// let document = "asyncapi: 3.0.0\ninfo: { title: Chat, version: 1.0.0 }\n";
/// let loader: MemoryLoader = [("chat.yaml", document)].into_iter().collect();
/// let config = Config::for_document("chat.yaml");
/// let compiled = Workspace::new(&config, &loader).compile();
/// assert!(compiled.output.is_some_and(|output| output.files.contains_key("src/lib.rs")));
/// ```
#[derive(Clone)]
pub struct Workspace<'w> {
    input: Input<'w>,
    loader: &'w dyn Loader,
    /// Where paths begin.
    base: DisplayRoot,
}

/// What is read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Input<'w> {
    /// The document that settings name.
    Document(&'w Config),
    /// Schemas that documents share.
    Schemas(&'w SharedSchemas),
}

impl<'w> Input<'w> {
    fn config(self) -> &'w Config {
        match self {
            Self::Document(config) => config,
            Self::Schemas(schemas) => &schemas.shared.config,
        }
    }

    /// The files to read, and the setting that names them.
    fn roots(self) -> (Vec<&'w str>, &'static str) {
        match self {
            Self::Document(config) => (vec![config.document.as_str()], "document"),
            Self::Schemas(schemas) => (schemas.shared.files.iter().map(String::as_str).collect(), "files"),
        }
    }

    fn options(self) -> SourceOptions {
        match self {
            Self::Document(config) => config.options(),
            // The paths begin where those of the loader do, and not in the folder of the first file.
            Self::Schemas(SharedSchemas { shared, .. }) => SourceOptions {
                allow_outside: shared.config.allow_outside,
                shared: shared.reach(),
                ..SourceOptions::default()
            },
        }
    }

    /// Whether there is a tree to begin with. Of several files, one without a tree only has no schemas.
    fn is_readable(self, sources: &Sources) -> bool {
        match self {
            Self::Document(_) => sources.is_readable(),
            Self::Schemas(_) => true,
        }
    }

    /// Trees to a document. Schemas that are shared are one without channels.
    fn document(self, sources: &Sources, diagnostics: &mut Diagnostics) -> Option<(Document, Schemas)> {
        match self {
            Self::Document(_) => asyncapi::read(sources, diagnostics),
            Self::Schemas(schemas) => Some(schemas.document(sources, diagnostics)),
        }
    }

    /// Files that decide what comes out, besides those that are read.
    fn other_files(self) -> Vec<String> {
        match self {
            Self::Document(config) => {
                config.shared.iter().flat_map(|shared| shared.files.iter().chain([&shared.list])).cloned().collect()
            }
            Self::Schemas(schemas) => {
                schemas.documents().map(|config| &config.document).chain([&schemas.shared.list]).cloned().collect()
            }
        }
    }
}

/// An input that was understood, with the names of what is generated for it.
struct Analysis {
    api: Api,
    names: Names,
    /// The names of the types that are generated for other crates; `None` for a crate that has all its types for itself.
    kept: Option<BTreeSet<String>>,
}

impl Analysis {
    fn lower(&self, config: &Config) -> Crate {
        let mut items = rust::lower(&self.api, &self.names, config);
        items.select(config);
        if let Some(kept) = &self.kept {
            items.keep(kept);
        }
        items
    }
}

impl<'w> Workspace<'w> {
    /// Creates a document with the settings that name it.
    #[must_use]
    pub fn new(config: &'w Config, loader: &'w dyn Loader) -> Self {
        Self::of(Input::Document(config), loader)
    }

    pub(crate) fn of(input: Input<'w>, loader: &'w dyn Loader) -> Self {
        Self { input, loader, base: DisplayRoot::default() }
    }

    /// The same, where paths in messages begin at a folder.
    pub(crate) fn shown_from(self, base: DisplayRoot) -> Self {
        Self { base, ..self }
    }

    /// Compiles the input.
    #[must_use]
    pub fn compile(&self) -> Compiled {
        let (analysis, mut compiled) = self.analyze();
        if let Some(analysis) = analysis.filter(|_| !compiled.has_errors()) {
            let config = self.input.config().named(&analysis.api.title);
            if let Some(sources) = &compiled.sources {
                compiled.index = index(&analysis.api, &analysis.names, &config, sources);
            }
            let items = analysis.lower(&config);
            // Printing takes the most memory of all.
            drop(analysis);
            compiled.output = Some(output(&items, &config));
        }
        compiled
    }

    /// Says how messages that travel together are distinguished, or which types are shared; `None` where the input is not
    /// readable.
    #[must_use]
    pub fn explain(&self) -> (Option<String>, Compiled) {
        let (analysis, compiled) = self.analyze();
        let explanation = analysis.and_then(|Analysis { api, names, kept }| match kept {
            None => Some(explain_messages(&api, &names)),
            // Which types are shared is not known before all of the documents are.
            Some(kept) => (!compiled.has_errors()).then(|| explain_shared(&kept, self.input.config())),
        });
        (explanation, compiled)
    }

    /// The keys of the channels around which something is named, in the order of the document.
    pub(crate) fn named_channels(&self) -> Vec<String> {
        let (analysis, _) = self.analyze();
        let channels =
            |analysis: Analysis| name::channels(&analysis.api).into_iter().map(|(key, _)| key.to_owned()).collect();
        analysis.map(channels).unwrap_or_default()
    }

    /// Reads one side of a [`Diff`](crate::diff::Diff); no side where there are errors, which are among the diagnostics.
    #[must_use]
    pub fn side(&self) -> (Option<Side>, Compiled) {
        let (analysis, compiled) = self.analyze();
        let analysis = analysis.filter(|_| !compiled.has_errors());
        let side = compiled.sources.as_ref().zip(analysis).map(|(sources, analysis)| {
            let config = self.input.config().named(&analysis.api.title);
            let items = analysis.lower(&config);
            Side::new(analysis.api, analysis.names, items, config, sources, &self.base)
        });
        (side, compiled)
    }

    /// The first half of the way: there is an analysis where the input is readable, with errors or without.
    fn analyze(&self) -> (Option<Analysis>, Compiled) {
        let mut diagnostics = Diagnostics::default();
        let mut sources = self.read(&mut diagnostics);
        let analysis = sources.as_mut().and_then(|sources| self.analysis(sources, &mut diagnostics));
        let config = self.input.config();
        // Warnings about items of another crate are reported when that crate is generated.
        let is_theirs = |span: Span| {
            let sources = sources.as_ref().filter(|_| config.shared.is_some() && span.file != FileId::SETTINGS);
            sources.is_some_and(|sources| sources.is_shared(span.file))
        };
        let mut diagnostics = diagnostics.into_sorted();
        diagnostics.retain(|diagnostic| {
            let place = diagnostic.primary.as_ref().filter(|_| diagnostic.level() == Level::Warning);
            !place.is_some_and(|place| is_theirs(place.span))
        });
        let (diagnostics, other_files) = (config.apply_lints(diagnostics), self.input.other_files());
        (analysis, Compiled::new(diagnostics, sources, other_files, config.entry_spans.clone(), self.base.clone()))
    }

    /// Files to trees.
    fn read(&self, diagnostics: &mut Diagnostics) -> Option<Sources> {
        let (roots, setting) = self.input.roots();
        let mut found = Diagnostics::default();
        let sources = Sources::read_all(&roots, self.loader, &self.input.options(), &mut found);
        if sources.is_some() {
            diagnostics.extend(found);
        } else {
            let point = |one| self.input.config().point(one, &[setting], "named here");
            diagnostics.extend(found.into_iter().map(point));
        }
        sources
    }

    /// Trees to an API. Leaves no trees: nothing is made of them once they are understood, and they take much memory.
    fn api(&self, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<(Api, Schemas)> {
        let config = self.input.config();
        if !self.input.is_readable(sources) {
            return None;
        }
        for url in config.vendor.keys().filter(|url| !sources.reaches(url)) {
            diagnostics.push(config.unused_setting(&["vendor", url], "reference", []));
        }
        let (document, schemas) = self.input.document(sources, diagnostics)?;
        sources.forget_trees();
        if let Input::Schemas(_) = self.input {
            sources.share_all();
        }
        Some((ir::build(&document, &schemas, sources, config, diagnostics), schemas))
    }

    /// Trees to an API with names, which knows what other crates have and need.
    fn analysis(&self, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Analysis> {
        let config = self.input.config();
        let theirs = config.shared.as_deref();
        let theirs = theirs.and_then(|shared| SharedAnalysis::for_document(shared, sources, self.loader));
        let (mut api, schemas) = self.api(sources, diagnostics)?;
        let theirs = theirs.map(|theirs| theirs.mark(&mut api, &schemas, sources, config, diagnostics));
        let names = name::assign(&api, &theirs.unwrap_or_default(), config, diagnostics);
        let kept = match self.input {
            Input::Document(_) => None,
            Input::Schemas(input) => {
                let kept = input.needed(&mut api, &schemas, sources, self.loader, diagnostics);
                Some(kept.into_iter().map(|id| names.type_name(id).to_owned()).collect())
            }
        };
        Some(Analysis { api, names, kept })
    }
}

/// Whether nothing can be generated.
fn failed(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.level() == Level::Error)
}

/// The files of a crate.
fn output(items: &Crate, config: &Config) -> Output {
    let mut files = print::print(items, config);
    if !config.emits(OutputPart::Manifest) {
        files.remove(print::MANIFEST);
    }
    Output { files }
}
