//! Types that the documents of a list share: where the list is, and what it says to one of its documents.

use std::path::{Path, PathBuf};

use eventwire_document::config::{Config, ConfigError, DocumentList, SharedCrate};
use eventwire_document::source::{DisplayRoot, Loader};

use super::path::{plain, relative};
use super::{Project, SETTINGS};
use crate::workspace::ListedDocument;

/// The nearest list above a document that names it and has shared types; `None` where there is none.
///
/// `inputs` are the settings file and the document, `folder` is where the loader's paths begin, and `shown` is how people
/// know it.
pub(super) fn of_document(
    inputs: &[PathBuf],
    folder: &Path,
    shown: &DisplayRoot,
    loader: &dyn Loader,
) -> Result<Option<Box<SharedCrate>>, ConfigError> {
    let Ok(base) = plain(folder) else { return Ok(None) };
    let inputs: Vec<PathBuf> = inputs.iter().filter_map(|input| plain(input).ok()).collect();
    let mut way = String::new();
    for above in base.ancestors() {
        let path = format!("{way}{SETTINGS}");
        if let Ok(text) = loader.load(&path)
            && may_share(&text, above, &inputs)
        {
            let exists = |file: &str| loader.load(&format!("{way}{file}")).is_ok();
            let list = DocumentList::read(&shown.path(&path), &text, exists)?;
            return Ok(seen_from(&base, above, &list).map(Box::new));
        }
        way.push_str("../");
    }
    Ok(None)
}

/// Whether a text is a list that names an input and has shared types. What is not TOML may be one.
fn may_share(text: &str, folder: &Path, inputs: &[PathBuf]) -> bool {
    let Ok(table) = text.parse::<toml::Table>() else { return true };
    let entries = table.get("documents").and_then(toml::Value::as_array).filter(|_| table.contains_key("shared"));
    let mut paths = entries.into_iter().flatten().filter_map(toml::Value::as_str);
    paths.any(|path| plain(&folder.join(path)).is_ok_and(|path| inputs.contains(&path)))
}

/// What a list says about shared types, with paths from a folder; both folders are absolute.
pub(super) fn seen_from(base: &Path, folder: &Path, list: &DocumentList) -> Option<SharedCrate> {
    let settings = list.shared.as_ref()?;
    let seen = |path: &str| relative(base, &folder.join(path)).unwrap_or_else(|_| path.to_owned());
    let mut config = settings.config(&list.entry_spans);
    config.document = seen(&config.document);
    for path in config.vendor.values_mut() {
        *path = seen(path);
    }
    let output = config.output.as_deref().or(config.package.name.as_deref()).unwrap_or_default();
    Some(SharedCrate {
        files: settings.files.iter().map(|file| seen(file)).collect(),
        all: settings.all,
        list: seen(SETTINGS),
        output: folder.join(output),
        path: String::new(),
        config,
    })
}

/// The documents of a list as it sees them from its folder; `locate` finds the settings of one.
pub(super) fn listed_documents(list: &DocumentList, locate: impl Fn(&str) -> Option<Config>) -> Vec<ListedDocument> {
    let entry = |(index, path): (usize, &String)| ListedDocument {
        span: list.entry_spans.value(&["documents", &index.to_string()]),
        config: locate(path),
    };
    list.documents.iter().enumerate().map(entry).collect()
}

impl Project {
    /// The settings with the path of the document from another folder.
    pub(super) fn config_from(&self, folder: &Path) -> Option<Config> {
        Some(Config { document: relative(folder, &self.document()).ok()?, ..self.config.clone() })
    }

    /// Writes down where the crate with the shared types is, seen from the crate of the document.
    pub(super) fn relocate_shared(&mut self) {
        let output = match self.config.output.as_deref().or(self.config.package.name.as_deref()) {
            Some(named) => self.folder.join(named),
            None => self.folder.clone(),
        };
        if let Some(shared) = &mut self.config.shared {
            shared.path = relative(&output, &shared.output).unwrap_or_default();
        }
    }
}
