//! What the tests of this workspace share: frames on disk, and a comparison of JSON that forgives nothing but the order
//! of keys.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub use eventwire_trial::compare;
use serde_json::value::RawValue;

/// The folder of this package.
#[must_use]
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The JSON files of a folder below `tests/`, with their names, sorted.
///
/// # Panics
///
/// When the folder cannot be read.
#[must_use]
pub fn frames(below: &str) -> Vec<(String, String)> {
    frames_in(&folder().join(below))
}

/// The JSON files of a folder, with their names, sorted.
///
/// # Panics
///
/// When the folder cannot be read.
#[must_use]
#[expect(clippy::panic, reason = "a test without its files must fail")]
pub fn frames_in(folder: &Path) -> Vec<(String, String)> {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let named = |path: &PathBuf| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), read(path));
    paths.iter().map(named).collect()
}

fn members(json: &str) -> Result<BTreeMap<String, Box<RawValue>>, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

/// The same object with one of its members moved to the end.
///
/// # Panics
///
/// When the text is not an object.
#[must_use]
#[expect(clippy::panic, reason = "a test without its files must fail")]
pub fn moved_last(json: &str, key: &str) -> String {
    let members = members(json).unwrap_or_else(|error| panic!("{error}"));
    let (last, others): (Vec<_>, Vec<_>) = members.iter().partition(|(name, _)| *name == key);
    let quoted = |name: &str| serde_json::Value::from(name).to_string();
    let written: Vec<String> =
        others.into_iter().chain(last).map(|(name, value)| format!("{}:{}", quoted(name), value.get())).collect();
    format!("{{{}}}", written.join(","))
}

/// The documents of the generator's tests and the one that `generated/` is for, with their paths, in order.
///
/// # Panics
///
/// When a folder cannot be read.
#[must_use]
#[expect(clippy::panic, reason = "a test without its files must fail")]
pub fn documents() -> Vec<(PathBuf, String)> {
    let repository = folder().join("..");
    let mut found = Vec::new();
    let mut open = vec![repository.join("generator/tests"), repository.join("spec")];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                // Documents that are not text are for other tests.
                found.extend(fs::read_to_string(&path).ok().map(|text| (path, text)));
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::moved_last;

    #[test]
    fn a_member_moves_last() {
        assert_eq!(moved_last(r#"{"type":"a","z":{"type":1.0}}"#, "type"), r#"{"z":{"type":1.0},"type":"a"}"#);
    }
}

/// The examples of the README, which are compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

/// The example of the page about schemas.
#[cfg(doctest)]
#[doc = include_str!("../docs/schemas.md")]
pub struct Schemas;

/// The examples of the page about running a client.
#[cfg(doctest)]
#[doc = include_str!("../runtime/docs/connection.md")]
pub struct Connection;

/// The example of the page about serving.
#[cfg(doctest)]
#[doc = include_str!("../runtime/docs/serving.md")]
pub struct Serving;

/// The examples of the page about Stream Chat.
#[cfg(doctest)]
#[doc = include_str!("../runtime/docs/stream-chat.md")]
pub struct StreamChat;

/// The example of the page about settings.
#[cfg(doctest)]
#[doc = include_str!("../docs/settings.md")]
pub struct Settings;
