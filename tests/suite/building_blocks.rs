//! The table of dependencies in `docs/building-blocks.md` against the manifests.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// A dependency, and the feature that brings it; `always` where none has to.
type Row = (String, String);

/// The packages of the workspace, as cargo knows them.
pub(crate) fn packages() -> Vec<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output = Command::new(cargo).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// What a package depends on outside of its tests, with the feature for it.
fn dependencies(package: &str) -> BTreeSet<Row> {
    let packages = packages();
    let package = packages.iter().find(|known| known["name"] == package).unwrap();
    let features = package["features"].as_object().unwrap();
    let brings = |name: &str| {
        let entry = Value::from(format!("dep:{name}"));
        let mut all = features.iter().filter(|(_, brought)| brought.as_array().unwrap().contains(&entry));
        all.next().map(|(feature, _)| feature.clone())
    };
    let normal = package["dependencies"].as_array().unwrap().iter().filter(|dependency| dependency["kind"].is_null());
    normal
        .map(|dependency| {
            let name = dependency["name"].as_str().unwrap();
            let always = !dependency["optional"].as_bool().unwrap();
            (name.to_owned(), if always { "always".to_owned() } else { brings(name).unwrap() })
        })
        .collect()
}

/// The rows of the table under a heading; the reason may not be empty.
fn documented(heading: &str) -> BTreeSet<Row> {
    let text = include_str!("../../docs/building-blocks.md");
    let section = text.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, feature, why] = cells[..] else { panic!("three cells: {row}") };
        assert!(!why.is_empty(), "a reason: {row}");
        (name.trim_matches('`').to_owned(), feature.replace('`', ""))
    })
    .collect()
}

#[test]
fn the_table_names_what_the_runtime_depends_on() {
    let mut expected = BTreeSet::new();
    for package in ["core", "websocket", "stream-chat", "testing"] {
        for (name, feature) in dependencies(&format!("eventwire-{package}")) {
            let place = if feature == "always" { package.to_owned() } else { format!("{package}, {feature}") };
            if !name.starts_with("eventwire-") {
                expected.insert((name, place));
            }
        }
    }
    assert_eq!(documented("What users compile"), expected, "left: docs/building-blocks.md");
}

#[test]
fn a_generated_crate_depends_on_the_runtime_alone() {
    let expected = [("eventwire-core", "always"), ("eventwire-websocket", "client")];
    let expected = BTreeSet::from(expected.map(|(name, feature)| (name.to_owned(), feature.to_owned())));
    assert_eq!(dependencies("stream-chat-events"), expected);
}
