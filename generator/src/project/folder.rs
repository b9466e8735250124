//! Folders that stand for the settings in them.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ProjectError, SETTINGS, file_name, is_list, is_toml, shown};

/// Returns the settings file or list that a folder stands for: its `eventwire.toml`, or the only one in it. Any other path
/// stands for itself.
pub(super) fn settings(input: &Path) -> Result<PathBuf, ProjectError> {
    if !input.is_dir() {
        return Ok(input.to_owned());
    }
    let usual = input.join(SETTINGS);
    if usual.is_file() {
        return Ok(usual);
    }
    let entries = fs::read_dir(input).map_err(|error| ProjectError::io(input, error))?;
    let mut found: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| is_settings(path)).collect();
    found.sort();
    let folder = shown(input);
    match found.as_slice() {
        [] => Err(ProjectError::folder(format!(
            "`{folder}` is a folder without a settings file: name a settings file or a document"
        ))),
        [only] => Ok(only.clone()),
        several => {
            let names: Vec<String> = several.iter().map(|path| format!("`{}`", file_name(path))).collect();
            Err(ProjectError::folder(format!(
                "`{folder}` has several settings files: name one of {}",
                names.join(", ")
            )))
        }
    }
}

fn is_settings(path: &Path) -> bool {
    let text = || fs::read_to_string(path).ok();
    let names_documents =
        |text: String| is_list(&text) || text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("document"));
    is_toml(path) && text().is_some_and(names_documents)
}
