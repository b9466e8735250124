//! Types that several documents share: one crate declares them, and the crates of the documents depend on it.
//!
//! Comes in: files with schemas, and the documents of a list. Goes out: for a document, which of its types are among those of
//! the files and what they are called there; for the crate of the files, its own files. A name follows from the files and
//! their settings alone, so all documents know a type by the same name; the documents decide which types are generated, and
//! in which directions they travel.

use std::collections::{BTreeMap, BTreeSet};

use crate::asyncapi::{self, Document, Info, Version};
use crate::config::{Config, Shared};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::ir::{self, Api, Identity, Type, TypeId, TypeRole, Usage, identity};
use crate::name::{self, Names, TypeNames};
use crate::rust;
use crate::schema::{SchemaId, SchemaReader, Schemas};
use crate::source::{Loader, Location, Options, Pointer, Sources};
use crate::{Compiled, Understood, failed, output};
use eventwire_document::cursor::Cursor;

/// The types of the shared files, with their names.
pub(crate) struct SharedTypes {
    api: Api,
    names: Names,
    known: BTreeMap<Identity, TypeId>,
    /// The files that were read.
    paths: BTreeSet<String>,
}

impl SharedTypes {
    /// What a document may share with others; `None` where it refers to none of the files. Mistakes in them are told when
    /// their own crate is generated, and where the document uses them.
    pub(crate) fn for_document(shared: &Shared, sources: &mut Sources, loader: &dyn Loader) -> Option<Self> {
        if !sources.files().skip(1).any(|(_, path)| shared.files.iter().any(|file| file == path)) {
            return None;
        }
        let mut silent = Diagnostics::default();
        let types = Self::build(&read_files(shared, loader, &mut silent)?, shared, &mut silent).0;
        types.share(sources);
        Some(types)
    }

    /// Notes which files of a document are shared. The document itself never is.
    fn share(&self, sources: &mut Sources) {
        let root = sources.path_of(sources.root_file()).to_owned();
        sources.share(&self.paths.iter().map(String::as_str).filter(|path| *path != root).collect());
    }

    /// Gives every schema of the files a type.
    fn build(sources: &Sources, shared: &Shared, diagnostics: &mut Diagnostics) -> (Self, Schemas) {
        let mut reader = SchemaReader::new(sources, diagnostics);
        let mut found = Vec::new();
        for (index, path) in shared.files.iter().enumerate() {
            let places = sources.file(path).map(|file| places(sources, file)).unwrap_or_default();
            if places.is_empty() {
                let diagnostic = Diagnostic::new(Code::InvalidSetting, "`shared.files` cannot be used")
                    .help("schemas stand under `components.schemas`, `definitions` or `$defs`, or are the whole file");
                let diagnostic = shared.config.point(diagnostic, &["files", &index.to_string()], "no schema is in it");
                reader.diagnostics().push(diagnostic);
            }
            found.extend(places.into_iter().map(|(name, cursor)| (name, reader.read(&cursor))));
        }
        let schemas = reader.finish();
        let document = document(shared, found);
        let mut api = ir::build(&document, &schemas, sources, &shared.config, diagnostics);
        api.docs.description = Some("Types that several documents share.".to_owned());
        let names = name::assign(&api, &BTreeMap::new(), &shared.config, diagnostics);
        let mut known = BTreeMap::new();
        for (index, definition) in api.types.iter().enumerate() {
            if let Some(identity) = identity(definition, &schemas, sources) {
                known.entry(identity).or_insert(TypeId(index));
            }
        }
        let paths = sources.files().map(|(_, path)| path.to_owned()).collect();
        (Self { api, names, known, paths }, schemas)
    }

    /// Notes which types of a document are shared, and returns their names.
    pub(crate) fn mark(
        &self,
        api: &mut Api,
        schemas: &Schemas,
        sources: &Sources,
        config: &Config,
        diagnostics: &mut Diagnostics,
    ) -> BTreeMap<TypeId, TypeNames> {
        let document = sources.root_file();
        report_way_back(schemas, sources, |location| location.file == document, diagnostics);
        let mut names = BTreeMap::new();
        for (index, definition) in api.types.iter_mut().enumerate() {
            let target = identity(definition, schemas, sources).and_then(|identity| self.known.get(&identity));
            if let Some(target) = target {
                definition.shared = true;
                definition.role = TypeRole::Part;
                names.insert(TypeId(index), self.names.of(*target));
            }
        }
        if let Some(shared) = config.shared.as_ref().filter(|_| !names.is_empty()) {
            report_conflicts(config, shared, diagnostics);
        }
        names
    }
}

/// The files with the schemas, and what they refer to.
fn read_files(shared: &Shared, loader: &dyn Loader, diagnostics: &mut Diagnostics) -> Option<Sources> {
    let files: Vec<&str> = shared.files.iter().map(String::as_str).collect();
    let allow_outside = shared.config.allow_outside;
    let options = Options { allow_outside, shared: shared.reach(), ..Options::default() };
    let mut sources = Sources::read_all(&files, loader, &options, diagnostics)?;
    let paths: Vec<String> = sources.files().map(|(_, path)| path.to_owned()).collect();
    sources.share(&paths.iter().map(String::as_str).collect());
    Some(sources)
}

/// The schemas of a file, with their names.
fn places(sources: &Sources, file: crate::diagnostic::FileId) -> Vec<(String, Cursor<'_>)> {
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
fn document(shared: &Shared, schemas: Vec<(String, SchemaId)>) -> Document {
    let package = &shared.config.package;
    let title = package.name.clone().unwrap_or_default();
    Document {
        version: Version { major: 3, minor: 0 },
        info: Info { title, version: package.version.clone(), ..Info::default() },
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
fn report_way_back(
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
fn report_conflicts(config: &Config, shared: &Shared, diagnostics: &mut Diagnostics) {
    let (own, theirs) = (&config.types, &shared.config.types);
    let mut report = |path: &[&str], what: String, help: String| {
        let diagnostic = Diagnostic::new(
            Code::SharedConflict,
            format!("`{}` and the shared types do not agree", path[..2].join(".")),
        );
        let diagnostic = match config.places.value(path) {
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

/// A document of a list, as the crate of the shared types sees it.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// The entry of the list.
    pub(crate) span: Option<Span>,
    /// Its settings, with paths that the loader knows; `None` where they have mistakes.
    pub(crate) config: Option<Config>,
}

/// What the crate of the shared types has.
pub(crate) struct Found {
    pub(crate) understood: Understood,
    /// The names of the types that are generated.
    pub(crate) kept: BTreeSet<String>,
}

/// Compiles the crate of the shared types.
pub(crate) fn compile(shared: &Shared, documents: &[Listed], loader: &dyn Loader) -> Compiled {
    let (found, mut compiled) = read(shared, documents, loader);
    compiled.output = found.map(|Found { understood, kept }| {
        let mut items = rust::lower(&understood.api, &understood.names, &shared.config);
        items.keep(&kept);
        output(&items, &shared.config)
    });
    compiled
}

/// Says which types the crate has; `None` where there are errors.
pub(crate) fn explain(shared: &Shared, documents: &[Listed], loader: &dyn Loader) -> (Option<String>, Compiled) {
    let (found, compiled) = read(shared, documents, loader);
    let text = found.map(|Found { kept, .. }| {
        let package = shared.config.package.name.as_deref().unwrap_or_default();
        let names: Vec<String> = kept.iter().map(|name| format!("`{name}`")).collect();
        format!("Types that documents share, in the crate `{package}`: {}.\n", names.join(", "))
    });
    (text, compiled)
}

/// Reads the files, and the documents for what they use of them; nothing is found where there are errors.
pub(crate) fn read(shared: &Shared, documents: &[Listed], loader: &dyn Loader) -> (Option<Found>, Compiled) {
    let mut diagnostics = Diagnostics::default();
    let mut unread = Diagnostics::default();
    let mut sources = read_files(shared, loader, &mut unread);
    match &sources {
        Some(_) => diagnostics.extend(unread),
        None => diagnostics.extend(unread.into_iter().map(|one| shared.config.point(one, &["files"], "named here"))),
    }
    let found = sources.as_ref().map(|sources| find(sources, shared, documents, loader, &mut diagnostics));
    if let Some(sources) = &mut sources {
        sources.forget_trees();
    }
    let diagnostics = shared.config.judge(diagnostics.into_sorted());
    let found = found.filter(|_| !failed(&diagnostics));
    let mut compiled = Compiled::without_output(diagnostics, sources, &shared.config);
    let documents = documents.iter().filter_map(|listed| listed.config.as_ref());
    compiled.further = documents.map(|config| config.document.clone()).chain([shared.list.clone()]).collect();
    (found, compiled)
}

fn find(
    sources: &Sources,
    shared: &Shared,
    documents: &[Listed],
    loader: &dyn Loader,
    diagnostics: &mut Diagnostics,
) -> Found {
    for url in shared.config.vendor.keys().filter(|url| !sources.reaches(url)) {
        diagnostics.push(shared.config.idle(&["vendor", url], "reference", []));
    }
    let (types, schemas) = SharedTypes::build(sources, shared, diagnostics);
    let paths = documents.iter().filter_map(|listed| listed.config.as_ref()).map(|config| config.document.as_str());
    let paths: Vec<&str> = paths.collect();
    let is_document = |location: &Location| paths.contains(&sources.path_of(location.file));
    report_way_back(&schemas, sources, is_document, diagnostics);
    let mut directions: BTreeMap<TypeId, Usage> = BTreeMap::new();
    for listed in documents {
        let uses = listed.config.as_ref().and_then(|config| types.used_by(config, shared, loader));
        match uses {
            Some(uses) => uses.into_iter().for_each(|(id, usage)| join(directions.entry(id).or_default(), usage)),
            None => diagnostics.push(unread_document(listed)),
        }
    }
    if directions.is_empty() && !shared.all && !diagnostics.has_errors() {
        let diagnostic = Diagnostic::new(Code::IdleSetting, "`shared` matches nothing")
            .help("refer to the schemas from a document, or write `all = true` to have them all");
        diagnostics.push(shared.config.point(
            diagnostic,
            &["files"],
            "no document of the list refers to a schema in them",
        ));
    }
    let SharedTypes { mut api, names, .. } = types;
    let kept = settle(&mut api, &directions, shared.all);
    let kept = kept.into_iter().map(|id| names.type_name(id).to_owned()).collect();
    Found { understood: Understood { api, names }, kept }
}

impl SharedTypes {
    /// The types that a document uses, and in which directions; `None` where it has mistakes, which are told when its own
    /// crate is generated.
    fn used_by(&self, config: &Config, shared: &Shared, loader: &dyn Loader) -> Option<Vec<(TypeId, Usage)>> {
        let mut diagnostics = Diagnostics::default();
        let config = Config { shared: Some(Box::new(shared.clone())), ..config.clone() };
        let mut sources = Sources::read(&config.document, loader, &config.options(), &mut diagnostics)?;
        self.share(&mut sources);
        let (document, schemas) = asyncapi::read(&sources, &mut diagnostics)?;
        let api = ir::build(&document, &schemas, &sources, &config, &mut diagnostics);
        let uses = api.types.iter().filter_map(|definition| {
            let identity = identity(definition, &schemas, &sources)?;
            Some((*self.known.get(&identity)?, definition.usage))
        });
        let uses = uses.collect();
        (!failed(&config.judge(diagnostics.into_sorted()))).then_some(uses)
    }
}

fn join(known: &mut Usage, more: Usage) {
    known.received |= more.received;
    known.sent |= more.sent;
}

fn unread_document(listed: &Listed) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnreadDocument, "a document of the list has mistakes")
        .help("correct it; `eventwire check` shows what is wrong");
    match listed.span {
        Some(span) => diagnostic.at(span, "which shared types are needed follows from all documents"),
        None => diagnostic,
    }
}

/// Carries over the directions in which the types travel, and returns those that are needed.
fn settle(api: &mut Api, used: &BTreeMap<TypeId, Usage>, all: bool) -> BTreeSet<TypeId> {
    let mut kept = BTreeSet::new();
    let mut open: Vec<(TypeId, Usage)> = used.iter().map(|(id, usage)| (*id, *usage)).collect();
    while let Some((id, usage)) = open.pop() {
        let known = &mut api.types[id.0].usage;
        let before = *known;
        join(known, usage);
        if kept.insert(id) || *known != before {
            let inner = ir::parts(&api.types[id.0].shape).into_iter().filter_map(declared);
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
