//! A document with its settings on disk, and the folders they name.

mod commit;
mod folder;
mod list;
mod missing;
mod path;
mod shared;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use eventwire_document::asyncapi::version;
use eventwire_document::config::{Config, ConfigError, DocumentList, Role, is_package_name};
use eventwire_document::ir::default_role;
use eventwire_document::source::{DisplayRoot, FileLoader, Loader as _, Node, Sources};

use crate::diff::{GitError, GitLoader, Side};
use crate::workspace::{Compiled, Input, SharedSchemas, Workspace};

use commit::Commit;
pub use list::{Entry, List};
pub use path::relative;

/// The name of a settings file that is found beside a document whatever the document is called.
pub const SETTINGS: &str = "eventwire.toml";

/// Settings together with the folder they stand in: those of a document, or of the types that the documents of a list share.
#[derive(Debug, Clone)]
pub struct Project {
    /// The settings. The package always has a name.
    pub config: Config,
    folder: PathBuf,
    settings: Option<PathBuf>,
    output: Option<PathBuf>,
    /// What a list shares; `None` for a document.
    schemas: Option<Box<SharedSchemas>>,
}

impl Project {
    /// Reads a settings file, or the list of documents that share types, which then is about these types.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not settings; the message says which file and which line.
    pub fn open(settings: &Path) -> Result<Self, ProjectError> {
        let text = fs::read_to_string(settings).map_err(|error| ProjectError::io(settings, error))?;
        if let Some(project) = Self::open_list(settings, &text)? {
            return Ok(project);
        }
        let config = Config::read(&shown(settings), &text).map_err(ProjectError::settings)?;
        let folder = folder(settings);
        let config = named(config, &folder);
        Self { config, folder, settings: Some(settings.to_owned()), output: None, schemas: None }.sharing()
    }

    /// The types that the documents of a list share; `None` where there are none.
    fn open_list(path: &Path, text: &str) -> Result<Option<Self>, ProjectError> {
        if !is_list(text) {
            return Ok(None);
        }
        let folder = folder(path);
        let exists = |file: &str| folder.join(file).is_file();
        let list = DocumentList::read(&shown(path), text, exists).map_err(ProjectError::settings)?;
        let base = path::plain(&folder).map_err(|error| ProjectError::io(path, error))?;
        let Some(shared) = shared::seen_from(&base, &base, &list) else { return Ok(None) };
        let documents =
            shared::listed_documents(&list, |entry| Self::locate(&folder.join(entry)).ok()?.config_from(&folder));
        let config = shared.config.clone();
        let schemas = Some(Box::new(SharedSchemas { shared, documents }));
        Ok(Some(Self { config, folder, settings: Some(path.to_owned()), output: None, schemas }))
    }

    /// Notes what the document shares with others of a list.
    fn sharing(mut self) -> Result<Self, ProjectError> {
        let inputs: Vec<PathBuf> = self.settings.iter().cloned().chain([self.document()]).collect();
        let loader = FileLoader::new(&self.folder);
        let shared = shared::of_document(&inputs, &self.folder, &self.base(), &loader);
        self.config.shared = shared.map_err(ProjectError::settings)?;
        self.relocate_shared();
        Ok(self)
    }

    /// Takes a document without settings.
    ///
    /// # Errors
    ///
    /// When the document does not exist, or is a folder.
    pub fn for_document(document: &Path) -> Result<Self, ProjectError> {
        if fs::metadata(document).map_err(|error| ProjectError::io(document, error))?.is_dir() {
            return Err(ProjectError::folder(format!("`{}` is a folder: name a document", shown(document))));
        }
        let folder = folder(document);
        let config = named(Config::for_document(file_name(document)), &folder);
        Self { config, folder, settings: None, output: None, schemas: None }.sharing()
    }

    /// Takes a settings file (`.toml`), or a document with the settings beside it: `chat.toml` for `chat.yaml`, or
    /// `eventwire.toml`, where they name the document. A document without settings gets the defaults. A folder stands for
    /// its `eventwire.toml`, or for the only settings file in it.
    ///
    /// # Errors
    ///
    /// As [`Project::open`] and [`Project::for_document`]; and when a folder has no settings file, or several.
    pub fn locate(input: &Path) -> Result<Self, ProjectError> {
        let input = folder::settings(input)?;
        if is_toml(&input) {
            return Self::open(&input);
        }
        let candidates = [input.with_extension("toml"), input.with_file_name(SETTINGS)];
        match candidates.into_iter().find(|settings| names(settings, &input)) {
            Some(settings) => Self::open(&settings),
            None => Self::for_document(&input),
        }
    }

    /// Gives the package another name.
    ///
    /// # Errors
    ///
    /// When cargo would not take it.
    pub fn with_name(mut self, name: &str) -> Result<Self, ProjectError> {
        if !is_package_name(name) {
            return Err(ProjectError { kind: ProjectErrorKind::Name(name.to_owned()) });
        }
        self.config.package.name = Some(name.to_owned());
        self.relocate_shared();
        Ok(self)
    }

    /// Takes the settings of another project for this document. The paths in them are taken from this folder.
    #[must_use]
    pub fn with_settings_of(self, other: &Self) -> Self {
        let Config { document, shared, .. } = self.config;
        let config = Config { document, shared, ..other.config.clone() };
        Self { config, settings: other.settings.clone(), ..self }
    }

    /// Writes the crate to another folder than the settings say; its files stay the same.
    #[must_use]
    pub fn with_output(self, folder: impl Into<PathBuf>) -> Self {
        Self { output: Some(folder.into()), ..self }
    }

    /// Takes the runtime from a folder with the sources of Eventwire, as the crate in the folder of the output sees it.
    ///
    /// # Errors
    ///
    /// When a path is relative and the current folder is not known.
    pub fn with_sources(mut self, sources: &Path) -> io::Result<Self> {
        self.config.runtime.path = Some(relative(&self.output_folder(), &sources.join("runtime"))?);
        Ok(self)
    }

    /// Makes tests of the document's examples, which a document without settings does not get by itself.
    #[must_use]
    pub fn with_tests(mut self) -> Self {
        self.config.tests = true;
        self
    }

    /// Compiles the document; writes nothing.
    #[must_use]
    pub fn compile(&self) -> Compiled {
        self.workspace(&self.loader()).compile()
    }

    /// Says how messages that travel together are distinguished; `None` where the document is not readable.
    #[must_use]
    pub fn explain(&self) -> (Option<String>, Compiled) {
        self.workspace(&self.loader()).explain()
    }

    /// Reads the document as one side of a [`Diff`](crate::diff::Diff); no side where it has errors, which are among the
    /// diagnostics.
    #[must_use]
    pub fn side(&self) -> (Option<Side>, Compiled) {
        self.workspace(&self.loader()).side()
    }

    fn loader(&self) -> FileLoader {
        FileLoader::new(&self.folder)
    }

    fn workspace<'w>(&'w self, loader: &'w FileLoader) -> Workspace<'w> {
        let input = self.schemas.as_deref().map_or(Input::Document(&self.config), Input::Schemas);
        Workspace::of(input, loader).shown_from(self.base())
    }

    /// Returns the same for what a settings file or document was in a commit, with everything that it referred to:
    /// `input` is the path in the work tree, and `revision` anything that `git` takes for a commit. A document has the
    /// settings that the commit has beside it, and settings that are new are those of the old document too. `None`
    /// where the commit has neither.
    ///
    /// # Errors
    ///
    /// When `git` cannot be called, when there is no such revision, or when the settings have mistakes.
    pub fn side_at(&self, input: &Path, revision: &str) -> Result<Option<(Option<Side>, Compiled)>, ProjectError> {
        let folder = folder(input);
        let loader = GitLoader::new(&folder, revision).map_err(|error| ProjectError::git(&error))?;
        let base = DisplayRoot::folder(shown(&folder)).at(revision);
        let commit = Commit { loader: &loader, base: &base };
        let name = file_name(input);
        let side = |input: Input<'_>| Workspace::of(input, &loader).shown_from(base.clone()).side();
        if self.schemas.is_some() {
            let from = path::plain(&folder).map_err(|error| ProjectError::io(input, error))?;
            let list = commit.list(&name)?;
            let shared = list.as_ref().and_then(|list| Some((list, shared::seen_from(&from, &from, list)?)));
            return Ok(shared.map(|(list, shared)| {
                let documents = shared::listed_documents(list, |entry| commit.config(entry).ok().flatten());
                side(Input::Schemas(&SharedSchemas { shared, documents }))
            }));
        }
        let known = commit.config(&name)?;
        let Some(mut config) = known.or_else(|| {
            let same = is_toml(input) && loader.load(&self.config.document).is_ok();
            same.then(|| self.config.clone())
        }) else {
            return Ok(None);
        };
        let inputs: Vec<PathBuf> =
            self.settings.iter().cloned().chain([input.to_owned(), folder.join(&config.document)]).collect();
        config.shared = shared::of_document(&inputs, &folder, &base, &loader).map_err(ProjectError::settings)?;
        Ok(Some(side(Input::Document(&config))))
    }

    /// The folder, as people know it.
    fn base(&self) -> DisplayRoot {
        DisplayRoot::folder(shown(&self.folder))
    }

    /// Returns what the names around each channel should begin with, by its key: nothing where there is one channel,
    /// else its key. Channels around which nothing is named are left out.
    #[must_use]
    pub fn channel_prefixes(&self) -> Vec<(String, String)> {
        let loader = FileLoader::new(&self.folder);
        let channels = self.workspace(&loader).named_channels();
        let only = channels.len() == 1;
        let prefix = |channel: &String| if only { String::new() } else { crate::name::camel(channel) };
        channels.iter().map(|channel| (channel.clone(), prefix(channel))).collect()
    }

    /// Whose side the crate takes: what the settings say, or what is usual for the version of the document; `None` where
    /// neither can be read.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.config.role.or_else(|| {
            let sources = Sources::read_until("asyncapi", &self.config.document, &FileLoader::new(&self.folder))?;
            Some(default_role(version(&sources)?))
        })
    }

    /// Returns the settings file; `None` where the defaults apply.
    #[must_use]
    pub fn settings(&self) -> Option<&Path> {
        self.settings.as_deref()
    }

    /// Returns the document.
    #[must_use]
    pub fn document(&self) -> PathBuf {
        self.folder.join(&self.config.document)
    }

    /// Returns the folder that the crate is written to.
    #[must_use]
    pub fn output_folder(&self) -> PathBuf {
        let named = self.config.output.as_deref().or(self.config.package.name.as_deref());
        match &self.output {
            Some(output) => output.clone(),
            None => self.folder.join(named.unwrap_or_default()),
        }
    }
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}

/// Gives the package a name, where the settings do not: that of the document's title or file.
fn named(config: Config, folder: &Path) -> Config {
    if config.package.name.is_some() {
        return config;
    }
    let sources = Sources::read_until("info", &config.document, &FileLoader::new(folder));
    let title = sources.as_ref().and_then(|sources| title(sources.root()));
    config.named(title.unwrap_or_default())
}

fn title(root: &Node) -> Option<&str> {
    root.as_object()?.get("info")?.as_object()?.get("title")?.as_str()
}

/// Whether a file is a settings file for a document. One that is not TOML is none for sure only where its name says
/// nothing.
fn names(settings: &Path, document: &Path) -> bool {
    let Ok(text) = fs::read_to_string(settings) else { return false };
    match text.parse::<toml::Table>() {
        Ok(table) => {
            let named = table.get("document").and_then(toml::Value::as_str);
            named.is_some_and(|named| same(&folder(settings).join(named), document))
        }
        Err(_) => settings.file_name().is_some_and(|name| name == SETTINGS),
    }
}

/// Whether a text is a list: settings have no such key.
fn is_list(text: &str) -> bool {
    text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("documents"))
}

fn same(left: &Path, right: &Path) -> bool {
    match (fs::canonicalize(left), fs::canonicalize(right)) {
        (Ok(left), Ok(right)) => left == right,
        (Err(_), _) | (_, Err(_)) => false,
    }
}

/// The folder of a file; empty for the current one.
fn folder(file: &Path) -> PathBuf {
    file.parent().map(Path::to_owned).unwrap_or_default()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A path as messages show it, with `/` as separator.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Why a project cannot be opened.
#[derive(Debug)]
pub struct ProjectError {
    kind: ProjectErrorKind,
}

/// The kinds of [`ProjectError`].
#[derive(Debug)]
enum ProjectErrorKind {
    Io { path: PathBuf, error: io::Error, hint: String },
    Settings(Box<ConfigError>),
    Name(String),
    Git(String),
    Folder(String),
    Nothing,
}

impl ProjectError {
    fn git(error: &GitError) -> Self {
        Self { kind: ProjectErrorKind::Git(error.to_string()) }
    }

    /// A folder stands where a file is expected.
    fn folder(message: String) -> Self {
        Self { kind: ProjectErrorKind::Folder(message) }
    }

    fn nothing_to_do() -> Self {
        Self { kind: ProjectErrorKind::Nothing }
    }

    fn io(path: &Path, error: io::Error) -> Self {
        let missing = error.kind() == io::ErrorKind::NotFound;
        let hint = if missing { missing::hint(path) } else { String::new() };
        Self { kind: ProjectErrorKind::Io { path: path.to_owned(), error, hint } }
    }

    fn settings(error: ConfigError) -> Self {
        Self { kind: ProjectErrorKind::Settings(Box::new(error)) }
    }

    /// Returns what is wrong with the settings; `None` where a file cannot be read at all.
    #[must_use]
    pub fn config(&self) -> Option<&ConfigError> {
        match &self.kind {
            ProjectErrorKind::Io { .. }
            | ProjectErrorKind::Name(_)
            | ProjectErrorKind::Git(_)
            | ProjectErrorKind::Folder(_)
            | ProjectErrorKind::Nothing => None,
            ProjectErrorKind::Settings(error) => Some(error),
        }
    }
}

impl fmt::Display for ProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ProjectErrorKind::Io { path, error, hint } => write!(f, "{}: {error}{hint}", path.display()),
            ProjectErrorKind::Settings(error) => error.fmt(f),
            ProjectErrorKind::Git(message) | ProjectErrorKind::Folder(message) => f.write_str(message),
            ProjectErrorKind::Nothing => {
                write!(f, "no {SETTINGS} here or in a folder above: name a settings file or a document")
            }
            ProjectErrorKind::Name(name) => {
                write!(
                    f,
                    "`{name}` is not the name of a package: use ASCII letters, digits, `-` and `_`, a letter first"
                )
            }
        }
    }
}

impl std::error::Error for ProjectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ProjectErrorKind::Io { error, .. } => Some(error),
            ProjectErrorKind::Settings(error) => Some(error.as_ref()),
            ProjectErrorKind::Name(_)
            | ProjectErrorKind::Git(_)
            | ProjectErrorKind::Folder(_)
            | ProjectErrorKind::Nothing => None,
        }
    }
}

#[cfg(test)]
mod tests;
