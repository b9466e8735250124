//! Paths as people write them, and as folders are compared.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// A path as people write it: without `..` where it can be, with `/` as separator.
pub(crate) fn shown(path: &Path) -> String {
    let mut short = PathBuf::new();
    for component in path.components() {
        match (component, short.components().next_back()) {
            (Component::ParentDir, Some(Component::Normal(_))) => drop(short.pop()),
            (Component::CurDir, _) => {}
            (component, _) => short.push(component),
        }
    }
    match short.to_string_lossy().replace('\\', "/") {
        here if here.is_empty() => ".".to_owned(),
        short => short,
    }
}

/// A folder without links and `..`, whether or not it exists.
pub(crate) fn real(folder: &Path) -> PathBuf {
    let mut real = PathBuf::new();
    for component in Path::new(".").join(folder).components() {
        match component {
            Component::ParentDir => drop(real.pop()),
            component => real.push(component),
        }
        if let Ok(found) = fs::canonicalize(&real) {
            real = found;
        }
    }
    real
}
