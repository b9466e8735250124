//! The files that `docs/architecture.md` names for additions are those that an addition touches.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A limit that no other format is converted to.
const LIMIT: &str = "maxProperties";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The rows of the table: what is added, and the paths that are named for it.
fn rows() -> Vec<(String, BTreeSet<String>)> {
    let page = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let (_, section) = page.split_once("## Where to add things").unwrap();
    let lines = section.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let rows = lines.take_while(|line| line.starts_with('|')).map(|line| {
        let mut cells = line.trim_matches('|').split(" | ");
        let added = cells.next().unwrap().trim().to_owned();
        let quoted = cells.next().unwrap().split('`').skip(1).step_by(2);
        (added, quoted.filter(|quoted| quoted.contains('/')).map(str::to_owned).collect())
    });
    rows.collect()
}

/// The sources below a folder, without tests.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["tests", "target"].contains(&name) {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "tests.rs" {
            found.push(path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/"));
        }
    }
}

#[test]
fn files_that_an_addition_touches_exist() {
    for (added, paths) in rows() {
        assert!(!paths.is_empty(), "{added}");
        for path in paths {
            assert!(root().join(&path).exists(), "`{path}` does not exist");
        }
    }
}

#[test]
fn a_limit_is_known_to_the_files_that_are_named() {
    let (_, named) = rows().into_iter().find(|(added, _)| added.contains(LIMIT)).unwrap();
    let mut files = Vec::new();
    for folder in ["generator", "runtime"] {
        sources(&root().join(folder), &mut files);
    }
    let variant = LIMIT[..1].to_uppercase() + &LIMIT[1..];
    let has_limit = |file: &String| {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        code.lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .any(|line| line.contains(LIMIT) || line.contains(&variant))
    };
    let known: BTreeSet<String> = files.into_iter().filter(has_limit).collect();
    assert_eq!(known, named);
    assert!(named.len() <= 7, "{named:?}");
}
