//! Settings and lists as a commit has them.

use std::path::Path;

use eventwire_document::config::{Config, DocumentList};
use eventwire_document::source::{DisplayRoot, Loader as _, join};

use super::{ProjectError, SETTINGS, is_list, is_toml, shown};
use crate::diff::GitLoader;

/// The files of a folder as a commit has them.
pub(super) struct Commit<'c> {
    pub(super) loader: &'c GitLoader,
    pub(super) base: &'c DisplayRoot,
}

impl Commit<'_> {
    /// A list of documents; `None` where there is no such file, or another one.
    pub(super) fn list(&self, path: &str) -> Result<Option<DocumentList>, ProjectError> {
        let Some(text) = self.loader.load(path).ok().filter(|text| is_list(text)) else { return Ok(None) };
        let exists = |file: &str| self.loader.load(file).is_ok();
        DocumentList::read(&self.base.path(path), &text, exists).map(Some).map_err(ProjectError::settings)
    }

    /// Settings, or those beside a document; `document` in them begins where the path does. `None` where there is no such
    /// file.
    pub(super) fn config(&self, path: &str) -> Result<Option<Config>, ProjectError> {
        let Ok(text) = self.loader.load(path) else { return Ok(None) };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let found = if is_toml(Path::new(path)) { Some((path.to_owned(), text)) } else { self.beside(path, folder) };
        let Some((settings, text)) = found else { return Ok(Some(Config::for_document(path))) };
        let config = Config::read(&self.base.path(&settings), &text).map_err(ProjectError::settings)?;
        Ok(Some(Config { document: join(folder, &config.document), ..config }))
    }

    /// The settings that lie beside a document, with their path.
    fn beside(&self, document: &str, folder: &str) -> Option<(String, String)> {
        let candidates = [shown(&Path::new(document).with_extension("toml")), join(folder, SETTINGS)];
        candidates.into_iter().find_map(|candidate| {
            let text = self.loader.load(&candidate).ok()?;
            let table = text.parse::<toml::Table>().ok()?;
            let named = table.get("document").and_then(toml::Value::as_str)?;
            (join(folder, named) == join("", document)).then_some((candidate, text))
        })
    }
}
