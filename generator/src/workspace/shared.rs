//! Types that several documents share: one crate declares them, and the crates of the documents depend on it.
//!
//! Comes in: files with schemas, and the documents of a list. Goes out: for a document, which of its types are among those of
//! the files and what they are called there; for the crate of the files, a document of the schemas alone and which of its
//! types are needed. A name follows from the files and their settings alone, so all documents know a type by the same name; the documents decide which types are generated, and
//! in which directions they travel.

use std::collections::{BTreeMap, BTreeSet};

use eventwire_document::asyncapi::{Document, Info, Version};
use eventwire_document::config::{Config, SharedCrate};
use eventwire_document::cursor::Cursor;
use eventwire_document::diagnostic::{Code, Diagnostic, Diagnostics, FileId, Span};
use eventwire_document::ir::{Api, Identity, Type, TypeId, TypeRole, Usage, identity};
use eventwire_document::schema::{SchemaId, SchemaReader, Schemas};
use eventwire_document::source::{Loader, Location, Pointer, Sources};

use super::{Input, Workspace, failed};
use crate::name::{self, Names, TypeNames};

/// The types that shared files became.
struct SharedIndex {
    types: BTreeMap<Identity, TypeId>,
    /// The files that were read.
    paths: BTreeSet<String>,
}

impl SharedIndex {
    fn new(api: &Api, schemas: &Schemas, sources: &Sources) -> Self {
        let mut types = BTreeMap::new();
        for (index, definition) in api.types.iter().enumerate() {
            if let Some(identity) = identity(definition, schemas, sources) {
                types.entry(identity).or_insert(TypeId(index));
            }
        }
        Self { types, paths: sources.files().map(|(_, path)| path.to_owned()).collect() }
    }

    /// Notes which files of a document are shared. The document itself never is.
    fn share(&self, sources: &mut Sources) {
        let root = sources.path_of(sources.root_file()).to_owned();
        sources.share(&self.paths.iter().map(String::as_str).filter(|path| *path != root).collect());
    }
}

/// The types of another crate, with their names.
pub(super) struct SharedAnalysis {
    known: SharedIndex,
    names: Names,
}

impl SharedAnalysis {
    /// What a document shares with others, which is noted; `None` where it refers to none of the files. Mistakes in them
    /// are reported when their own crate is generated, and where the document uses them.
    pub(super) fn for_document(shared: &SharedCrate, sources: &mut Sources, loader: &dyn Loader) -> Option<Self> {
        if !sources.files().skip(1).any(|(_, path)| shared.files.iter().any(|file| file == path)) {
            return None;
        }
        let input = SharedSchemas { shared: shared.clone(), documents: Vec::new() };
        let workspace = Workspace::of(Input::Schemas(&input), loader);
        let mut silent = Diagnostics::default();
        let mut files = workspace.read(&mut silent)?;
        let (api, schemas) = workspace.api(&mut files, &mut silent)?;
        let known = SharedIndex::new(&api, &schemas, &files);
        known.share(sources);
        Some(Self { known, names: name::assign(&api, &BTreeMap::new(), &shared.config, &mut silent) })
    }

    /// Notes which types of a document are shared, and returns their names.
    pub(super) fn mark(
        &self,
        api: &mut Api,
        schemas: &Schemas,
        sources: &Sources,
        config: &Config,
        diagnostics: &mut Diagnostics,
    ) -> BTreeMap<TypeId, TypeNames> {
        let document = sources.root_file();
        report_references_back(schemas, sources, |location| location.file == document, diagnostics);
        let mut names = BTreeMap::new();
        for (index, definition) in api.types.iter_mut().enumerate() {
            let target = identity(definition, schemas, sources).and_then(|identity| self.known.types.get(&identity));
            if let Some(target) = target {
                definition.shared = true;
                definition.role = TypeRole::Nested;
                names.insert(TypeId(index), self.names.of(*target));
            }
        }
        if let Some(shared) = config.shared.as_ref().filter(|_| !names.is_empty()) {
            report_conflicts(config, shared, diagnostics);
        }
        names
    }
}

/// Files with schemas, and the documents that share them: these decide which of the schemas become types.
#[derive(Debug, Clone)]
pub(crate) struct SharedSchemas {
    pub(crate) shared: SharedCrate,
    pub(crate) documents: Vec<ListedDocument>,
}

/// A document of a list, as the crate of the shared types sees it.
#[derive(Debug, Clone)]
pub(crate) struct ListedDocument {
    /// The entry of the list.
    pub(crate) span: Option<Span>,
    /// Its settings, with paths that the loader knows; `None` where they have mistakes.
    pub(crate) config: Option<Config>,
}

impl SharedSchemas {
    /// The settings of the documents.
    pub(super) fn documents(&self) -> impl Iterator<Item = &Config> {
        self.documents.iter().filter_map(|listed| listed.config.as_ref())
    }

    /// A document of the schemas alone.
    pub(super) fn document(&self, sources: &Sources, diagnostics: &mut Diagnostics) -> (Document, Schemas) {
        let config = &self.shared.config;
        let mut reader = SchemaReader::new(sources, diagnostics);
        let mut found = Vec::new();
        for (index, path) in self.shared.files.iter().enumerate() {
            let places = sources.file(path).map(|file| schemas_in(sources, file)).unwrap_or_default();
            if places.is_empty() {
                let diagnostic = Diagnostic::new(Code::InvalidSetting, "`shared.files` cannot be used")
                    .help("schemas are under `components.schemas`, `definitions` or `$defs`, or are the file itself");
                let diagnostic = config.point(diagnostic, &["files", &index.to_string()], "no schema is in it");
                reader.diagnostics().push(diagnostic);
            }
            found.extend(places.into_iter().map(|(name, cursor)| (name, reader.read(&cursor))));
        }
        let schemas = reader.finish();
        (document(config, found), schemas)
    }

    /// The types that are generated: those that a document uses, and what they are made of. Notes in which directions they
    /// travel.
    pub(super) fn needed(
        &self,
        api: &mut Api,
        schemas: &Schemas,
        sources: &Sources,
        loader: &dyn Loader,
        diagnostics: &mut Diagnostics,
    ) -> BTreeSet<TypeId> {
        let paths: Vec<&str> = self.documents().map(|config| config.document.as_str()).collect();
        let is_document = |location: &Location| paths.contains(&sources.path_of(location.file));
        report_references_back(schemas, sources, is_document, diagnostics);
        let known = SharedIndex::new(api, schemas, sources);
        let mut directions: BTreeMap<TypeId, Usage> = BTreeMap::new();
        for listed in &self.documents {
            let uses = listed.config.as_ref().and_then(|config| self.used_by(config, &known, loader));
            match uses {
                Some(uses) => uses.into_iter().for_each(|(id, usage)| join(directions.entry(id).or_default(), usage)),
                None => diagnostics.push(unread_document(listed)),
            }
        }
        let SharedCrate { config, all, .. } = &self.shared;
        if directions.is_empty() && !all && !diagnostics.has_errors() {
            let diagnostic = Diagnostic::new(Code::UnusedSetting, "`shared` matches nothing")
                .help("refer to the schemas from a document, or write `all = true` to have them all");
            diagnostics.push(config.point(
                diagnostic,
                &["files"],
                "no document of the list refers to a schema in them",
            ));
        }
        propagate_usage(api, &directions, *all)
    }

    /// The types that a document uses, and in which directions; `None` where it has mistakes, which are reported when its own
    /// crate is generated.
    fn used_by(&self, config: &Config, known: &SharedIndex, loader: &dyn Loader) -> Option<Vec<(TypeId, Usage)>> {
        let config = Config { shared: Some(Box::new(self.shared.clone())), ..config.clone() };
        let workspace = Workspace::new(&config, loader);
        let mut diagnostics = Diagnostics::default();
        let mut sources = workspace.read(&mut diagnostics)?;
        known.share(&mut sources);
        let (api, schemas) = workspace.api(&mut sources, &mut diagnostics)?;
        let uses = api.types.iter().filter_map(|definition| {
            let identity = identity(definition, &schemas, &sources)?;
            Some((*known.types.get(&identity)?, definition.usage))
        });
        let uses = uses.collect();
        (!failed(&config.apply_lints(diagnostics.into_sorted()))).then_some(uses)
    }
}

/// The schemas of a file, with their names.
fn schemas_in(sources: &Sources, file: FileId) -> Vec<(String, Cursor<'_>)> {
    let location = Location { file, pointer: Pointer::root() };
    let root = Cursor { node: sources.tree(file), span: sources.tree(file).span, location };
    let components = root.member("components").and_then(|components| components.member("schemas"));
    let tables = [components, root.member("definitions"), root.member("$defs")];
    let named = tables.iter().flatten().flat_map(Cursor::members).map(|(name, cursor)| (name.to_owned(), cursor));
    let mut places: Vec<(String, Cursor<'_>)> = named.collect();
    let own = ["type", "properties", "allOf", "oneOf", "anyOf", "enum", "items"];
    if own.iter().any(|keyword| root.member(keyword).is_some()) {
        let path = sources.path_of(file);
        let name = path.rsplit('/').next().unwrap_or(path);
        places.insert(0, (name.split('.').next().unwrap_or(name).to_owned(), root));
    }
    places
}

/// A document of schemas alone.
fn document(config: &Config, schemas: Vec<(String, SchemaId)>) -> Document {
    let package = &config.package;
    Document {
        version: Version { major: 3, minor: 0 },
        info: Info {
            title: package.name.clone().unwrap_or_default(),
            version: package.version.clone(),
            description: Some("Types that several documents share.".to_owned()),
            ..Info::default()
        },
        default_content_type: None,
        servers: Vec::new(),
        channels: Vec::new(),
        operations: Vec::new(),
        messages: Vec::new(),
        schemas,
        security_schemes: Vec::new(),
    }
}

/// Reports the references from shared files to a document: the crate of the document depends on theirs.
fn report_references_back(
    schemas: &Schemas,
    sources: &Sources,
    is_document: impl Fn(&Location) -> bool,
    diagnostics: &mut Diagnostics,
) {
    for schema in schemas.all() {
        let Some(target) = schema.reference.map(|target| schemas.get(target)) else { continue };
        if !sources.is_shared(schema.location.file) || is_document(&schema.location) || !is_document(&target.location) {
            continue;
        }
        let (here, there) = (sources.path_of(schema.location.file), sources.path_of(target.location.file));
        let diagnostic = Diagnostic::new(Code::SharedWayBack, format!("`{here}` refers to a schema of `{there}`"))
            .at(schema.span, "documents share this")
            .and(target.span, "this is in one of the documents")
            .help(format!("move the schema to `{here}`, and refer to it from `{there}`"));
        diagnostics.push(diagnostic);
    }
}

/// Reports the settings of a document that its types cannot have beside those that are shared.
fn report_conflicts(config: &Config, shared: &SharedCrate, diagnostics: &mut Diagnostics) {
    let (own, theirs) = (&config.types, &shared.config.types);
    let mut report = |path: &[&str], what: String, help: String| {
        let diagnostic = Diagnostic::new(
            Code::SharedConflict,
            format!("`{}` and the shared types do not agree", path[..2].join(".")),
        );
        let diagnostic = match config.entry_spans.value(path) {
            Some(span) => diagnostic.at(span, what),
            None => diagnostic.note(what),
        };
        diagnostics.push(diagnostic.help(help));
    };
    let list = &shared.list;
    if own.date_time != theirs.date_time {
        let word = theirs.date_time.name();
        let what = format!("it is `\"{word}\"` under `[shared.types]` in `{list}`");
        report(&["types", "date-time"], what, "write the same at both places".to_owned());
    }
    if own.schemars && !theirs.schemars {
        let help = format!("write it under `[shared.types]` in `{list}` too");
        report(&["types", "schemars"], "the shared types have no such feature".to_owned(), help);
    }
    for (index, path) in own.derive.iter().enumerate().filter(|(_, path)| !theirs.derive.contains(path)) {
        let help = format!("add it to `derive` under `[shared.types]` in `{list}` too");
        report(&["types", "derive", &index.to_string()], format!("the shared types do not derive `{path}`"), help);
    }
    if config.package.name.is_some() && config.package.name == shared.config.package.name {
        let help = "give one of the two packages another name".to_owned();
        report(&["package", "name"], format!("the package of the shared types in `{list}` has this name"), help);
    }
}

fn join(known: &mut Usage, more: Usage) {
    known.received |= more.received;
    known.sent |= more.sent;
}

fn unread_document(listed: &ListedDocument) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnreadDocument, "a document of the list has mistakes")
        .help("correct it; `eventwire check` shows what is wrong");
    match listed.span {
        Some(span) => diagnostic.at(span, "which shared types are needed follows from all documents"),
        None => diagnostic,
    }
}

/// Carries over the directions in which the types travel, and returns those that are needed.
fn propagate_usage(api: &mut Api, used: &BTreeMap<TypeId, Usage>, all: bool) -> BTreeSet<TypeId> {
    let mut kept = BTreeSet::new();
    let mut open: Vec<(TypeId, Usage)> = used.iter().map(|(id, usage)| (*id, *usage)).collect();
    while let Some((id, usage)) = open.pop() {
        let known = &mut api.types[id.0].usage;
        let before = *known;
        join(known, usage);
        if kept.insert(id) || *known != before {
            let inner = api.types[id.0].shape.parts().into_iter().filter_map(declared);
            open.extend(inner.map(|inner| (inner, usage)));
        }
    }
    if all {
        kept.extend((0..api.types.len()).map(TypeId));
    }
    kept
}

/// The type of this crate that a use is about, if there is one.
fn declared(used: Type) -> Option<TypeId> {
    match used {
        Type::Named(id) => Some(id),
        Type::Boxed(_, inner) | Type::Nullable(inner) | Type::Array(inner) | Type::Map(inner) => declared(*inner),
        Type::Scalar(_) | Type::External(_) => None,
    }
}
