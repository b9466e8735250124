//! Paths as a service shows them that knows the repository, not the folder in which the command ran.

use std::path::{Path, PathBuf};

use crate::path::shown;

/// The top of a repository and the folder in which the command runs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Root {
    top: PathBuf,
    folder: PathBuf,
}

impl Root {
    /// The repository around the current folder, or the folder alone where it is in none.
    pub(super) fn here() -> Self {
        let Ok(folder) = std::env::current_dir() else { return Self::default() };
        let top = folder.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&folder);
        Self::new(top, &folder)
    }

    /// Takes two absolute paths: the top of the repository, and the folder that paths in messages are relative to.
    pub(super) fn new(top: impl AsRef<Path>, folder: impl Into<PathBuf>) -> Self {
        Self { top: top.as_ref().to_owned(), folder: folder.into() }
    }

    /// A path as it is from the top of the repository; an absolute one for what is outside.
    pub(super) fn path(&self, path: &str) -> String {
        let absolute = PathBuf::from(shown(&self.folder.join(path)));
        shown(absolute.strip_prefix(&self.top).unwrap_or(&absolute))
    }
}
