//! Files as a commit has them, read by calling `git`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use eventwire_document::source::{LoadError, Loader};

/// Reads files of a commit. Relative paths start at a folder of the working tree.
#[derive(Debug, Clone)]
pub struct GitLoader {
    folder: PathBuf,
    /// The full hash of the commit, which cannot be mistaken for an option.
    commit: String,
}

impl GitLoader {
    /// Returns a loader for a revision such as `main` or `v1.2.0`.
    ///
    /// # Errors
    ///
    /// When `git` cannot be called, when the folder is in no repository, or when there is no such revision.
    pub fn new(folder: impl Into<PathBuf>, revision: &str) -> Result<Self, GitError> {
        let folder = folder.into();
        let wanted = format!("{revision}^{{commit}}");
        let output = git(&folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])
            .map_err(|error| GitError { message: format!("`git` cannot be called: {error}") })?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            let message = if told.is_empty() {
                format!("there is no revision `{revision}`")
            } else if told.starts_with("fatal: not a git repository") {
                let place = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
                format!("`{}` is in no git repository, so there is no revision `{revision}` to read", place.display())
            } else {
                told
            };
            return Err(GitError { message });
        }
        Ok(Self { folder, commit: String::from_utf8_lossy(&output.stdout).trim().to_owned() })
    }
}

impl Loader for GitLoader {
    fn load(&self, path: &str) -> Result<String, LoadError> {
        if Path::new(path).is_absolute() {
            return Err(LoadError::from(io::Error::other("a commit has no absolute paths")));
        }
        let output = git(&self.folder, &["cat-file", "blob", &format!("{}:./{path}", self.commit)])?;
        if !output.status.success() {
            return Err(LoadError::from(io::Error::from(io::ErrorKind::NotFound)));
        }
        String::from_utf8(output.stdout).map_err(|error| LoadError::from(io::Error::other(error)))
    }
}

fn git(folder: &Path, arguments: &[&str]) -> io::Result<Output> {
    // Its output is compared with English text.
    Command::new("git").env("LC_ALL", "C").arg("-C").arg(Path::new(".").join(folder)).args(arguments).output()
}

/// Why files of a commit cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitError {
    message: String,
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for GitError {}
