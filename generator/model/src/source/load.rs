//! Where the texts of documents come from.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

/// A store of texts by path.
///
/// Paths have forward slashes and no `.`; they are relative to a folder that the loader knows, or absolute.
pub trait Loader {
    /// Returns the text of a file.
    ///
    /// # Errors
    ///
    /// When there is no such file, when it is not UTF-8, or when it cannot be read for another reason.
    fn load(&self, path: &str) -> Result<String, LoadError>;

    /// Returns the path of a file or folder (empty: the loader's own) with symbolic links replaced by what they lead
    /// to; nothing if it does not exist.
    ///
    /// It decides, with the path itself, whether a file is inside a folder: a link does not lead out of it.
    fn real_path(&self, path: &str) -> Option<String> {
        Some(path.to_owned())
    }
}

/// Reads files from disk.
#[derive(Clone, Debug)]
pub struct FileLoader {
    root: PathBuf,
}

impl FileLoader {
    /// Returns a loader that takes relative paths from this folder; empty for the current one.
    #[must_use]
    pub fn new(root: impl AsRef<Path>) -> Self {
        // The system knows no folder with an empty path, which is what `Path::parent` returns for a bare name.
        Self { root: Path::new(".").join(root) }
    }
}

impl Loader for FileLoader {
    fn load(&self, path: &str) -> Result<String, LoadError> {
        let bytes = std::fs::read(self.root.join(path)).map_err(LoadError::from)?;
        String::from_utf8(bytes).map_err(|error| LoadError { kind: not_utf8(&error), source: None })
    }

    fn real_path(&self, path: &str) -> Option<String> {
        let real = std::fs::canonicalize(self.root.join(path)).ok()?;
        Some(real.to_string_lossy().replace('\\', "/"))
    }
}

/// Returns why bytes are not a text in UTF-8.
fn not_utf8(error: &FromUtf8Error) -> LoadErrorKind {
    let bytes = error.as_bytes();
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return LoadErrorKind::Utf16;
    }
    // No text in an encoding of bytes has a zero.
    if bytes.contains(&0) || bytes.starts_with(&[0x1f, 0x8b]) {
        return LoadErrorKind::Binary;
    }
    let valid = &bytes[..error.utf8_error().valid_up_to()];
    LoadErrorKind::NotUtf8 { line: valid.split(|&byte| byte == b'\n').count() }
}

/// Keeps texts in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader(pub BTreeMap<String, String>);

impl<P: Into<String>, T: Into<String>> FromIterator<(P, T)> for MemoryLoader {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(files: I) -> Self {
        let files = files.into_iter();
        Self(files.map(|(path, text)| (path.into(), text.into())).collect())
    }
}

impl Loader for MemoryLoader {
    fn load(&self, path: &str) -> Result<String, LoadError> {
        self.0.get(path).cloned().ok_or(LoadError { kind: LoadErrorKind::Missing, source: None })
    }
}

/// Why a text could not be loaded.
#[derive(Debug)]
pub struct LoadError {
    kind: LoadErrorKind,
    source: Option<io::Error>,
}

/// The kinds of [`LoadError`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum LoadErrorKind {
    /// There is no such file.
    Missing,
    /// The file is not UTF-8.
    NotUtf8 {
        /// The line with the first byte that is wrong, from 1.
        line: usize,
    },
    /// The file is a text in UTF-16, as PowerShell writes it.
    Utf16,
    /// The file is not a text.
    Binary,
    /// The operating system refused.
    Io,
}

impl LoadError {
    /// Returns what kind of error it is.
    #[must_use]
    pub const fn kind(&self) -> LoadErrorKind {
        self.kind
    }
}

impl From<io::Error> for LoadError {
    fn from(error: io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::NotFound => LoadErrorKind::Missing,
            _ => LoadErrorKind::Io,
        };
        Self { kind, source: Some(error) }
    }
}

/// Follows the path of the file in a sentence: `does not exist`.
impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, &self.source) {
            (LoadErrorKind::Missing, _) => f.write_str("does not exist"),
            (LoadErrorKind::NotUtf8 { line }, _) => write!(f, "is not UTF-8 (line {line})"),
            (LoadErrorKind::Utf16, _) => f.write_str("is in UTF-16: convert it to UTF-8"),
            (LoadErrorKind::Binary, _) => f.write_str("is a binary file, not a text in UTF-8"),
            (LoadErrorKind::Io, Some(error)) => write!(f, "cannot be read: {error}"),
            (LoadErrorKind::Io, None) => f.write_str("cannot be read"),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}
