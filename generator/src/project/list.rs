//! Several documents in one repository: an `eventwire.toml` that lists them.

use std::fs;
use std::path::{Path, PathBuf};

use eventwire_document::config::{ConfigError, DocumentList};
use eventwire_document::source::{DisplayRoot, Loader as _, join};

use super::commit::Commit;
use super::folder::settings;
use super::path::relative;
use super::{Project, ProjectError, SETTINGS, file_name, folder, is_list, is_toml, shown};
use crate::diff::GitLoader;

/// The settings files and documents that one command works on. A list itself stands for the types that its documents share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Their paths, in the order of the list.
    pub inputs: Vec<PathBuf>,
    /// The file that lists them; `None` for one that was named by itself.
    file: Option<PathBuf>,
}

impl List {
    /// Takes what a settings file or document is, or everything that a list of them names. A folder stands for its
    /// `eventwire.toml`, or for the only settings file in it. Without an input, the file `eventwire.toml` in the current
    /// folder or the next one above decides, which is a list or settings.
    ///
    /// # Errors
    ///
    /// When there is no such file, or when it is a list with mistakes. Mistakes in settings are reported by
    /// [`Project::open`](super::Project::open).
    pub fn locate(input: Option<&Path>) -> Result<Self, ProjectError> {
        let input = match input {
            Some(input) => settings(input)?,
            None => above(Path::new("")).ok_or_else(ProjectError::nothing_to_do)?,
        };
        match fs::read_to_string(&input).ok().filter(|text| is_toml(&input) && is_list(text)) {
            Some(text) => Self::read(&input, &text).map_err(ProjectError::settings),
            None => Ok(Self { inputs: vec![input], file: None }),
        }
    }

    fn read(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let folder = folder(path);
        let exists = |input: &str| folder.join(input).is_file();
        let list = DocumentList::read(&shown(path), text, exists)?;
        let documents = list.documents.iter().map(|input| folder.join(input));
        let shared = list.shared.as_ref().map(|_| path.to_owned());
        Ok(Self { inputs: documents.chain(shared).collect(), file: Some(path.to_owned()) })
    }

    /// Returns whether it is a list, and not one document or its settings.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.file.is_some()
    }

    /// Returns what became of the entries of another list, which may lie elsewhere: those of this list in its order,
    /// then what it does not name. An entry is the same when it is called the same, or is about the document that is
    /// called the same; shared types are the same as shared types.
    #[must_use]
    pub fn since(&self, old: &Self) -> Vec<Entry> {
        let (before, after) = (old.identities(), self.identities());
        let mut entries = Vec::new();
        let mut kept = Vec::new();
        for (identity, new) in after.iter().zip(&self.inputs) {
            let known = before.iter().position(|known| known.is(identity));
            entries.push(match known {
                Some(index) => Entry::Kept { old: old.inputs[index].clone(), new: new.clone() },
                None => Entry::Added(new.clone()),
            });
            kept.extend(known);
        }
        let dropped = old.inputs.iter().enumerate().filter(|(index, _)| !kept.contains(index));
        entries.extend(dropped.map(|(_, input)| Entry::Dropped(input.clone())));
        entries
    }

    fn identities(&self) -> Vec<DocumentIdentity> {
        let folder = self.file.as_deref().map(folder).unwrap_or_default();
        let identity = |input: &PathBuf| {
            if self.file.as_ref() == Some(input) {
                return DocumentIdentity::SHARED;
            }
            let entry = relative(&folder, input).unwrap_or_else(|_| shown(input));
            let config = Project::locate(input).ok().and_then(|project| project.config_from(&folder));
            DocumentIdentity { entry, document: config.map(|config| config.document) }
        };
        self.inputs.iter().map(identity).collect()
    }

    /// Returns what the list named in a commit and no longer names. A list that was none, or had mistakes, named
    /// nothing.
    ///
    /// # Errors
    ///
    /// When `git` cannot be called or there is no such revision.
    pub fn dropped_since(&self, revision: &str) -> Result<Vec<PathBuf>, ProjectError> {
        let Some(file) = &self.file else { return Ok(Vec::new()) };
        let folder = folder(file);
        let loader = GitLoader::new(&folder, revision).map_err(|error| ProjectError::git(&error))?;
        let Ok(text) = loader.load(&file_name(file)) else { return Ok(Vec::new()) };
        let Ok(old) = DocumentList::read(&shown(file), &text, |input| loader.load(input).is_ok()) else {
            return Ok(Vec::new());
        };
        let commit = Commit { loader: &loader, base: &DisplayRoot::folder(shown(&folder)).at(revision) };
        let documents = old.documents.iter().map(|entry| {
            let config = commit.config(entry).ok().flatten();
            let identity = DocumentIdentity { entry: join("", entry), document: config.map(|config| config.document) };
            (identity, folder.join(entry))
        });
        let shared = old.shared.as_ref().map(|_| (DocumentIdentity::SHARED, file.clone()));
        let after = self.identities();
        let gone = |(identity, _): &(DocumentIdentity, PathBuf)| !after.iter().any(|known| known.is(identity));
        Ok(documents.chain(shared).filter(gone).map(|(_, input)| input).collect())
    }
}

/// What became of an entry from one list to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Both name it.
    Kept {
        /// Where the old list has it.
        old: PathBuf,
        /// Where the new one has it.
        new: PathBuf,
    },
    /// Only the new one names it.
    Added(PathBuf),
    /// Only the old one names it.
    Dropped(PathBuf),
}

/// What an entry of a list is known by, seen from the folder of the list.
struct DocumentIdentity {
    /// The file that the list names; empty for the types that its documents share.
    entry: String,
    /// The document that it is about; `None` where that is not known.
    document: Option<String>,
}

impl DocumentIdentity {
    const SHARED: Self = Self { entry: String::new(), document: None };

    fn is(&self, other: &Self) -> bool {
        self.entry == other.entry || self.document.is_some() && self.document == other.document
    }
}

/// The nearest `eventwire.toml`, in a folder or above it; its path is relative to the folder.
fn above(start: &Path) -> Option<PathBuf> {
    let folders = std::path::absolute(Path::new(".").join(start)).ok()?;
    let mut path = start.to_owned();
    for _ in folders.ancestors() {
        if path.join(SETTINGS).is_file() {
            return Some(path.join(SETTINGS));
        }
        path.push("..");
    }
    None
}
