//! A settings file on disk and the folders it names.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::source::FileLoader;
use crate::{Compiled, compile};

/// Settings together with the folder they stand in.
#[derive(Debug, Clone)]
pub struct Project {
    /// The settings.
    pub config: Config,
    folder: PathBuf,
}

impl Project {
    /// Reads a settings file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not settings; the message says which file and which line.
    pub fn open(settings: &Path) -> Result<Self, ProjectError> {
        let failed = |message: String| ProjectError { settings: settings.to_owned(), message };
        let text = fs::read_to_string(settings).map_err(|error| failed(error.to_string()))?;
        let config = Config::from_toml(&text).map_err(|error| failed(error.to_string()))?;
        let folder = settings.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self { config, folder })
    }

    /// Compiles the document; writes nothing.
    #[must_use]
    pub fn compile(&self) -> Compiled {
        compile(&self.config, &FileLoader::new(&self.folder))
    }

    /// The folder that the crate is written to.
    #[must_use]
    pub fn output_folder(&self) -> PathBuf {
        self.folder.join(&self.config.output)
    }
}

/// Why a project cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectError {
    settings: PathBuf,
    message: String,
}

impl fmt::Display for ProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.settings.display(), self.message)
    }
}

impl std::error::Error for ProjectError {}
