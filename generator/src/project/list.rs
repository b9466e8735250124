//! Several documents in one repository: an `eventwire.toml` that lists them.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ProjectError, SETTINGS, file_name, folder, is_toml, shown};
use crate::config::{ConfigError, DocumentList};
use crate::diff::GitLoader;
use crate::source::Loader;

/// The settings files and documents that one command works on. A list itself stands for the types that its documents share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Their paths, in the order of the list.
    pub inputs: Vec<PathBuf>,
    /// The file that lists them; `None` for one that was named by itself.
    file: Option<PathBuf>,
}

impl List {
    /// Takes what a settings file or document is, or everything that a list of them names. Without an input, the file
    /// `eventwire.toml` in the current folder or the next one above decides, which is a list or settings.
    ///
    /// # Errors
    ///
    /// When there is no such file, or when it is a list with mistakes. Mistakes in settings are told by
    /// [`Project::open`](super::Project::open).
    pub fn locate(input: Option<&Path>) -> Result<Self, ProjectError> {
        let input = match input {
            Some(input) => input.to_owned(),
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

    /// What the list named in a commit and does not name any more. A list that was none, or had mistakes, named nothing.
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
        let documents = old.documents.iter().map(|input| folder.join(input));
        let named = documents.chain(old.shared.map(|_| file.clone()));
        Ok(named.filter(|input| !self.inputs.contains(input)).collect())
    }
}

/// Whether a text is a list: settings have no such key.
pub(super) fn is_list(text: &str) -> bool {
    text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("documents"))
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
