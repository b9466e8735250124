//! What the tests of this workspace share: frames on disk, and a comparison of JSON that forgives nothing but the order
//! of keys.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

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

/// The first place where two JSON texts differ in anything but the order of keys and white space; numbers differ when
/// their texts do.
///
/// # Errors
///
/// That place and both texts there, or why one of the texts is not JSON.
pub fn compare(left: &str, right: &str) -> Result<(), String> {
    compare_at("$", left.trim(), right.trim())
}

fn compare_at(place: &str, left: &str, right: &str) -> Result<(), String> {
    match (left.as_bytes().first(), right.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => {
            let (left, right) = (members(left)?, members(right)?);
            let keys: Vec<&String> = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key))).collect();
            for key in keys {
                let inner = format!("{place}.{key}");
                match (left.get(key), right.get(key)) {
                    (Some(left), Some(right)) => compare_at(&inner, left.get(), right.get())?,
                    (Some(only), None) => return Err(format!("{inner}: {} is only on the left", only.get())),
                    (None, Some(only)) => return Err(format!("{inner}: {} is only on the right", only.get())),
                    (None, None) => {}
                }
            }
            Ok(())
        }
        (Some(b'['), Some(b'[')) => {
            let (left, right) = (elements(left)?, elements(right)?);
            if left.len() != right.len() {
                return Err(format!("{place}: {} elements against {}", left.len(), right.len()));
            }
            let pairs = left.iter().zip(&right).enumerate();
            pairs.into_iter().try_for_each(|(index, (left, right))| {
                compare_at(&format!("{place}[{index}]"), left.get(), right.get())
            })
        }
        (Some(b'"'), Some(b'"')) if text(left)? == text(right)? => Ok(()),
        _ if left == right => Ok(()),
        _ => Err(format!("{place}: {left} against {right}")),
    }
}

fn members(json: &str) -> Result<BTreeMap<String, Box<RawValue>>, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

fn elements(json: &str) -> Result<Vec<Box<RawValue>>, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

fn text(json: &str) -> Result<String, String> {
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

#[cfg(test)]
mod tests {
    use super::{compare, moved_last};

    #[test]
    fn only_the_order_of_keys_is_forgiven() {
        for (left, right, same) in [
            (r#"{"a":1,"b":[]}"#, r#"{ "b": [], "a": 1 }"#, true),
            (r#""\u0061""#, r#""a""#, true),
            ("1.0", "1", false),
            ("1e2", "100", false),
            ("[1,2]", "[2,1]", false),
            (r#"{"a":null}"#, "{}", false),
            ("{}", r#"{"a":null}"#, false),
            ("[]", "{}", false),
        ] {
            assert_eq!(compare(left, right).is_ok(), same, "{left} {right}");
        }
    }

    #[test]
    fn a_member_moves_last() {
        assert_eq!(moved_last(r#"{"type":"a","z":{"type":1.0}}"#, "type"), r#"{"z":{"type":1.0},"type":"a"}"#);
    }
}
