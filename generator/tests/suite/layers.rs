//! The modules of the generator use only those that come before them: `docs/architecture.md` shows the order.

use std::fs;
use std::path::Path;

use crate::package_folder;

/// The modules of `eventwire-document`, the lowest first.
const MODEL: [&str; 10] =
    ["diagnostic", "source", "identifier", "markdown", "cursor", "extension", "schema", "asyncapi", "config", "ir"];

/// The modules of `eventwire-codegen`, the lowest first.
const LIBRARY: [&str; 11] =
    ["name", "rust", "print", "output", "explain", "index", "init", "diff", "workspace", "project", "cargo"];

/// The code of a file or folder that is not for tests.
fn code(path: &Path) -> String {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        return entries
            .filter(|path| path.file_stem().is_none_or(|stem| stem != "tests"))
            .map(|path| code(&path))
            .collect();
    }
    if path.extension().is_none_or(|extension| extension != "rs") {
        return String::new();
    }
    let text = fs::read_to_string(path).unwrap();
    let lines =
        text.lines().take_while(|line| *line != "#[cfg(test)]").filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The words after `crate::` in code.
fn used(code: &str) -> impl Iterator<Item = &str> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let starts = code.match_indices("crate::").filter(move |(start, _)| !code[..*start].ends_with(word));
    starts.map(move |(start, path)| code[start + path.len()..].split(|c| !word(c)).next().unwrap())
}

#[test]
fn modules_use_only_those_below() {
    for (folder, order) in [("model/src", MODEL.as_slice()), ("src", LIBRARY.as_slice())] {
        let folder = package_folder().join(folder);
        let mut found: Vec<String> = Vec::new();
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if name == "lib" {
                continue;
            }
            let place = order.iter().position(|module| *module == name);
            let place = place.unwrap_or_else(|| panic!("`{name}` has no place in the order"));
            let above = &order[place + 1..];
            let code = code(&path);
            let wrong: Vec<&str> = used(&code).filter(|module| above.contains(module)).collect();
            assert!(wrong.is_empty(), "`{name}` uses what is above it: {wrong:?}");
            found.push(name);
        }
        assert_eq!(found.len(), order.len(), "some of {order:?} are not there: {found:?}");
    }
}
