//! Text in, trees of [`Node`]s out: every file that a document reaches, read and addressable.
//!
//! [`Sources::read`] loads the document and, in turn, every file that a `$ref` names; [`Sources::resolve`] finds what a
//! `$ref` leads to. This is the only place that knows YAML, and that decides which files may be read. It does not know
//! what the document means: any member `$ref` with a string counts, and what could not be loaded matters only once it is
//! resolved.

mod display_root;
mod language;
mod load;
mod node;
mod number;
mod pointer;
mod reference;
mod resolve;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, FileId, Files, Span};

pub use display_root::DisplayRoot;
pub use load::{FileLoader, LoadError, LoadErrorKind, Loader, MemoryLoader};
pub use node::{Kind, Member, Node, Object};
pub use pointer::{Location, Pointer};
pub use resolve::{MissingTarget, ResolveError, ResolveErrorKind, Target};
pub use resolve::{closest, vendor_entry};

use language::Language;
pub use reference::join;
use reference::{Reference, ReferencedDocument, folder, is_inside};

/// Spans hold offsets of 32 bits; no document comes near this size.
const MAX_BYTES: usize = 256 << 20;

/// Which files a document may reach.
#[derive(Clone, Debug, Default)]
pub struct SourceOptions {
    /// Whether a `$ref` may name files outside of the folder of the document.
    pub allow_outside: bool,
    /// For each URL that may occur in a `$ref`, without fragment, the file to read instead; its path is relative to the
    /// folder of the document. Other files in the folder of such a file may be referred to.
    pub vendor: BTreeMap<String, String>,
    /// Files with schemas that the document shares with others.
    pub shared: SharedFiles,
}

/// Files with schemas that documents share. All paths are those that the loader knows.
#[derive(Clone, Debug, Default)]
pub struct SharedFiles {
    /// Files that may be referred to, wherever they are, and from which others in their folders may.
    pub files: Vec<String>,
    /// For each URL, without fragment, the file to read instead; what the document says itself wins.
    pub vendor: BTreeMap<String, String>,
}

/// The files that a document reaches.
#[derive(Debug)]
pub struct Sources {
    files: Vec<LoadedFile>,
    /// Those with schemas that belong to another crate.
    shared: BTreeSet<FileId>,
    /// Every path that was tried.
    by_path: BTreeMap<String, Result<FileId, FileFailure>>,
    access: Access,
}

#[derive(Debug)]
struct LoadedFile {
    path: String,
    text: String,
    tree: Node,
    /// Why there is only `null` for a tree.
    fault: Option<Box<Diagnostic>>,
}

/// Why there is no file.
#[derive(Clone, PartialEq, Eq, Debug)]
enum FileFailure {
    Missing,
    Outside,
    /// Continues a sentence that starts with the path.
    Unreadable(String),
}

impl Sources {
    /// Reads a document and every file that it reaches.
    ///
    /// `root` is the path of the document, as the loader knows it. Mistakes in the files are reported. A file that a
    /// `$ref` names and that cannot be read is none yet: [`Sources::resolve`] returns the error.
    ///
    /// Returns nothing if there is no text to read. If no tree can be made of the text, that is reported, and
    /// [`Sources::is_readable`] is false.
    pub fn read(
        root: &str,
        loader: &dyn Loader,
        options: &SourceOptions,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        Self::read_all(&[root], loader, options, diagnostics)
    }

    /// Reads several files and every one that they reach; the first one counts as the document.
    ///
    /// Returns nothing if one of them has no text to read.
    // The benchmarks count what this function takes, by its name.
    #[inline(never)]
    pub fn read_all(
        roots: &[&str],
        loader: &dyn Loader,
        options: &SourceOptions,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let first = join("", roots.first()?);
        let access = Access::new(folder(&first), options);
        let mut sources = Self { files: Vec::new(), shared: BTreeSet::new(), by_path: BTreeMap::new(), access };
        for root in roots {
            let root = join("", root);
            match load(&root, loader) {
                Ok(_) if sources.by_path.contains_key(&root) => continue,
                Ok(text) => sources.add(root, text, diagnostics),
                Err(failure) => {
                    diagnostics.push(unreadable(&root, &failure));
                    return None;
                }
            }
            diagnostics.extend(sources.files.last().and_then(|file| file.fault.as_deref().cloned()));
        }
        sources.read_references(loader, diagnostics);
        Some(sources)
    }

    /// Reads a document until a member of it is known, and no file that it reaches; reports nothing.
    pub fn read_until(key: &'static str, root: &str, loader: &dyn Loader) -> Option<Self> {
        let path = join("", root);
        let text = load(&path, loader).ok()?;
        let id = file_id(0);
        let tree = yaml::read_until(Some(key), id, &text, &mut Diagnostics::default()).unwrap_or_else(|_| absent(id));
        let access = Access::new(folder(&path), &SourceOptions::default());
        let by_path = BTreeMap::from([(path.clone(), Ok(id))]);
        let files = vec![LoadedFile { path, text, tree, fault: None }];
        Some(Self { files, shared: BTreeSet::new(), by_path, access })
    }

    /// Notes which files have schemas that belong to another crate.
    pub fn share(&mut self, paths: &BTreeSet<&str>) {
        self.shared = self.files().filter(|(_, path)| paths.contains(path)).map(|(file, _)| file).collect();
    }

    /// Notes that all files have such schemas.
    pub fn share_all(&mut self) {
        self.shared = (0..self.files.len()).map(file_id).collect();
    }

    /// Returns the files whose schemas belong to another crate.
    #[must_use]
    pub fn shared_files(&self) -> &BTreeSet<FileId> {
        &self.shared
    }

    /// Returns whether the schemas of a file belong to another crate.
    #[must_use]
    pub fn is_shared(&self, file: FileId) -> bool {
        self.shared.contains(&file)
    }

    /// Returns the path of a file that was read.
    #[must_use]
    pub fn path_of(&self, file: FileId) -> &str {
        &self.files[file.index()].path
    }

    /// Returns the file of a path, if it was read.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path)?.clone().ok()
    }

    /// Returns the document; `null` if it is not readable.
    #[must_use]
    pub fn root(&self) -> &Node {
        self.tree(self.root_file())
    }

    /// Returns the file of the document.
    #[must_use]
    pub fn root_file(&self) -> FileId {
        FileId::new(0)
    }

    /// Returns whether a tree could be made of the document.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.files[0].fault.is_none()
    }

    /// Returns the files that were read with their paths, the document first.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &str)> {
        self.files.iter().enumerate().map(|(index, file)| (file_id(index), file.path.as_str()))
    }

    /// Returns the root of a file; `null` if it is not readable.
    #[must_use]
    pub fn tree(&self, file: FileId) -> &Node {
        &self.files[file.index()].tree
    }

    /// Returns the value at a location, if there is one.
    #[must_use]
    pub fn at(&self, location: &Location) -> Option<&Node> {
        let root = self.tree(location.file);
        location.pointer.segments().try_fold(root, |node, segment| node.step(&segment))
    }

    /// Returns whether anything in the files led to the local copy of a URL.
    #[must_use]
    pub fn reaches(&self, url: &str) -> bool {
        let path = self.access.vendor.get(without_fragment(url));
        path.is_some_and(|path| self.by_path.contains_key(path))
    }

    /// Leaves paths and texts only, which is all that showing diagnostics takes.
    pub fn forget_trees(&mut self) {
        for (index, file) in self.files.iter_mut().enumerate() {
            file.tree = absent(file_id(index));
        }
    }

    fn add(&mut self, path: String, text: String, diagnostics: &mut Diagnostics) {
        let id = file_id(self.files.len());
        let mut found = Diagnostics::default();
        let (mut tree, mut fault) = match yaml::read(id, &text, &mut found) {
            Ok(tree) => (tree, None),
            Err(fault) => (absent(id), Some(fault)),
        };
        // Some files in other languages are YAML by accident.
        if self.files.is_empty()
            && tree.get("asyncapi").is_none()
            && let Some(language) = Language::of(&path, &text)
        {
            (tree, fault) = (absent(id), Some(Box::new(language.report(id, &text))));
            found = Diagnostics::default();
        }
        // What is wrong with a file that is not YAML at all matters only to whoever refers to it.
        if fault.is_none() || self.files.is_empty() {
            diagnostics.extend(found);
        }
        self.by_path.insert(path.clone(), Ok(id));
        self.files.push(LoadedFile { path, text, tree, fault });
    }

    fn read_references(&mut self, loader: &dyn Loader, diagnostics: &mut Diagnostics) {
        let mut next = 0;
        while let Some(file) = self.files.get(next) {
            let mut references = BTreeSet::new();
            collect(&file.tree, &mut references);
            let paths: BTreeSet<String> = references
                .into_iter()
                .filter_map(|reference| {
                    let document = Reference::parse(reference).document;
                    self.access.path(&file.path, &document).ok()
                })
                .filter(|path| !self.by_path.contains_key(path))
                .collect();
            for path in paths {
                match self.access.check(&path, loader).and_then(|()| load(&path, loader)) {
                    Ok(text) => self.add(path, text, diagnostics),
                    Err(failure) => drop(self.by_path.insert(path, Err(failure))),
                }
            }
            next += 1;
        }
    }
}

impl Files for Sources {
    fn path(&self, file: FileId) -> &str {
        &self.files[file.index()].path
    }

    fn text(&self, file: FileId) -> &str {
        &self.files[file.index()].text
    }
}

/// Which paths a `$ref` may lead to.
#[derive(Debug)]
struct Access {
    /// The folder of the document, then those of shared files and of the files in `[vendor]`.
    folders: Vec<String>,
    allow_outside: bool,
    vendor: BTreeMap<String, String>,
}

/// Why a `$ref` leads to no path.
enum AccessDenied {
    Outside(String),
    NotVendored(String),
}

impl Access {
    fn new(root: &str, options: &SourceOptions) -> Self {
        let SourceOptions { allow_outside, vendor, shared } = options;
        let own = vendor.iter().map(|(url, path)| (without_fragment(url).to_owned(), join(root, path)));
        let known = shared.vendor.iter().map(|(url, path)| (without_fragment(url).to_owned(), join("", path)));
        let vendor: BTreeMap<String, String> = known.chain(own).collect();
        let mut folders = vec![root.to_owned()];
        folders.extend(shared.files.iter().map(|path| folder(&join("", path)).to_owned()));
        folders.extend(vendor.values().map(|path| folder(path).to_owned()));
        Self { folders, allow_outside: *allow_outside, vendor }
    }

    /// Returns the path that a `$ref` in a file names.
    fn path(&self, from: &str, document: &ReferencedDocument<'_>) -> Result<String, AccessDenied> {
        match document {
            ReferencedDocument::Same => Ok(from.to_owned()),
            ReferencedDocument::Path(path) => {
                let path = join(folder(from), path);
                let inside = self.folders.iter().any(|folder| is_inside(folder, &path));
                if inside || self.allow_outside { Ok(path) } else { Err(AccessDenied::Outside(path)) }
            }
            ReferencedDocument::Url(url) => match self.vendor.get(*url) {
                Some(path) => Ok(path.clone()),
                None => Err(AccessDenied::NotVendored((*url).to_owned())),
            },
        }
    }

    /// Refuses a path that leads out of the folders through a symbolic link.
    fn check(&self, path: &str, loader: &dyn Loader) -> Result<(), FileFailure> {
        if self.allow_outside {
            return Ok(());
        }
        let real = loader.real_path(path).ok_or(FileFailure::Missing)?;
        let inside =
            (self.folders.iter()).filter_map(|folder| loader.real_path(folder)).any(|folder| is_inside(&folder, &real));
        if inside { Ok(()) } else { Err(FileFailure::Outside) }
    }
}

fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(url, _)| url)
}

fn load(path: &str, loader: &dyn Loader) -> Result<String, FileFailure> {
    let text = loader.load(path).map_err(|error| match error.kind() {
        LoadErrorKind::Missing => FileFailure::Missing,
        LoadErrorKind::NotUtf8 { .. } | LoadErrorKind::Utf16 | LoadErrorKind::Binary | LoadErrorKind::Io => {
            FileFailure::Unreadable(error.to_string())
        }
    })?;
    if text.len() > MAX_BYTES {
        let limit = MAX_BYTES >> 20;
        return Err(FileFailure::Unreadable(format!("is larger than {limit} MiB")));
    }
    // A byte order mark is not a part of the text.
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

fn unreadable(path: &str, failure: &FileFailure) -> Diagnostic {
    let reason = match failure {
        FileFailure::Missing => "does not exist",
        FileFailure::Outside => "is outside of the folder",
        FileFailure::Unreadable(reason) => reason,
    };
    let path = if path.is_empty() { "." } else { path };
    Diagnostic::new(Code::DocumentUnreadable, format!("`{path}` {reason}"))
}

/// Collects the values of members called `$ref` that lead out of the file, wherever they are.
fn collect<'n>(node: &'n Node, references: &mut BTreeSet<&'n str>) {
    match &node.kind {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        Kind::Array(elements) => elements.iter().for_each(|element| collect(element, references)),
        Kind::Object(object) => {
            let reference = object.get("$ref").and_then(Node::as_str);
            references.extend(reference.filter(|reference| !reference.starts_with('#')));
            object.iter().for_each(|member| collect(&member.value, references));
        }
    }
}

fn absent(file: FileId) -> Node {
    let span = Span { file, start: 0, end: 0 };
    let kind = Kind::Null;
    Node { span, kind }
}

fn file_id(index: usize) -> FileId {
    match u32::try_from(index) {
        Ok(index) => FileId::new(index),
        Err(_) => unreachable!("memory ends before 2³² files are read"),
    }
}

#[cfg(test)]
mod tests;
