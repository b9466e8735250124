//! What the packages use is what `docs/architecture.md` says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::building_blocks::packages;

fn page() -> String {
    fs::read_to_string(eventwire_tests::folder().join("../docs/architecture.md")).unwrap()
}

/// The names between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The packages that are published, by their names.
fn published() -> BTreeMap<String, Value> {
    let published = packages().into_iter().filter(|package| package["publish"].is_null());
    let own = published.filter(|package| package["name"].as_str().unwrap().starts_with("eventwire"));
    own.map(|package| (package["name"].as_str().unwrap().to_owned(), package)).collect()
}

/// The packages of this repository that a package depends on, those of its tests included where cargo asks for a version.
fn used(package: &Value, with_tests: bool) -> BTreeSet<String> {
    let all = package["dependencies"].as_array().unwrap().iter();
    let counted = all.filter(|used| !used["path"].is_null());
    let counted = counted.filter(|used| used["kind"] != "dev" || with_tests && used["req"] != "*");
    counted.map(|used| used["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn packages_use_only_what_is_documented() {
    let root = eventwire_tests::folder().parent().unwrap();
    let mut expected = BTreeMap::new();
    for row in page().lines().filter(|line| line.starts_with("| `eventwire")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, folder, uses, _] = cells[..] else { continue };
        let uses: BTreeSet<String> = quoted(uses).map(str::to_owned).collect();
        expected.insert(name.trim_matches('`').to_owned(), (folder.trim_matches('`').to_owned(), uses));
    }
    let found = published().into_iter().map(|(name, package)| {
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        let folder = folder.strip_prefix(root.canonicalize().unwrap()).unwrap().to_str().unwrap().replace('\\', "/");
        (name, (folder, used(&package, false)))
    });
    assert_eq!(found.collect::<BTreeMap<_, _>>(), expected, "right: docs/architecture.md");
}

#[test]
fn packages_are_published_after_those_that_they_use() {
    let page = page();
    let section = page.split("### Publishing").nth(1).unwrap();
    let order: Vec<&str> = quoted(section).filter(|name| name.starts_with("eventwire")).collect();
    let packages = published();
    let order = &order[..packages.len()];
    assert_eq!(order.iter().copied().collect::<BTreeSet<_>>(), packages.keys().map(String::as_str).collect());
    for (place, name) in order.iter().enumerate() {
        for used in used(&packages[*name], true) {
            assert!(order[..place].contains(&&*used), "{name} needs {used} on the registry");
        }
    }
}

/// Procedural macros run in the compiler, so what they are made of does not count.
#[test]
fn packages_do_without_libraries_that_they_must_not_have() {
    for (package, forbidden) in [
        ("eventwire-core", ["tokio", "futures-core"].as_slice()),
        ("eventwire-document", &["prettyplease", "syn", "tokio"]),
        ("eventwire-codegen", &["eventwire-core", "tokio"]),
    ] {
        let tree = ["tree", "--offline", "--all-features", "--prefix", "none", "--edges", "normal,no-proc-macro"];
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        let output = command.args(tree).args(["-p", package]).current_dir(eventwire_tests::folder()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let names: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        assert!(names.contains(package), "{names:?}");
        for name in forbidden {
            assert!(!names.contains(name), "{package} depends on {name}");
        }
    }
}

/// docs.rs shows the guides, so they have to be in the package.
#[test]
fn guides_are_in_the_package() {
    let root = eventwire_tests::folder().parent().unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let list = ["package", "--list", "--offline", "--allow-dirty", "-p", "eventwire"];
    let output = Command::new(cargo).args(list).current_dir(root).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let packed = String::from_utf8(output.stdout).unwrap().replace('\\', "/");
    let facade = fs::read_to_string(root.join("runtime/src/lib.rs")).unwrap();
    for entry in fs::read_dir(root.join("runtime/docs")).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("docs/{}", path.file_name().unwrap().to_str().unwrap());
        assert!(packed.lines().any(|file| file == name), "{name} is not packed");
        assert!(facade.contains(&format!("#[doc = include_str!(\"../{name}\")]")), "{name} is not shown");
    }
}

/// A code host shows the lines that rustdoc hides.
#[test]
fn examples_in_pages_have_no_hidden_lines() {
    let root = eventwire_tests::folder().parent().unwrap();
    let folders = ["docs", "runtime/docs"].map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let pages = folders.into_iter().flatten().map(|entry| entry.unwrap().path());
    for path in pages.chain([root.join("README.md")]).filter(|path| path.extension().is_some_and(|end| end == "md")) {
        let text = fs::read_to_string(&path).unwrap();
        let rust = text.split("\n```").filter(|block| block.starts_with("rust"));
        for line in rust.flat_map(str::lines) {
            assert!(line.trim() != "#" && !line.trim_start().starts_with("# "), "{}: {line}", path.display());
        }
    }
}
