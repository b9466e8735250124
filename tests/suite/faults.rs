//! `docs/faults.md` names tests and tasks that exist.

use std::fs;
use std::path::Path;

/// The cells of the table's rows, without the head.
fn rows(page: &str) -> Vec<Vec<&str>> {
    page.lines().filter(|line| line.starts_with("| ")).skip(1).map(cells).collect()
}

fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}

/// Whether a file has a function of this name that is a test.
fn has_test(file: &Path, name: &str) -> bool {
    let source = fs::read_to_string(file).unwrap_or_default();
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let is_test = |line: &str| line == "#[test]" || line.starts_with("#[tokio::test");
    let declares = |line: &str| {
        let declared = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        declared.and_then(|rest| rest.strip_prefix(name)).is_some_and(|rest| rest.starts_with('('))
    };
    lines.windows(2).any(|pair| is_test(pair[0]) && declares(pair[1]))
}

/// Whether `cargo xtask` has a task of this name.
fn has_task(root: &Path, name: &str) -> bool {
    let source = fs::read_to_string(root.join("xtask/src/main.rs")).unwrap();
    source.to_lowercase().lines().any(|line| line.trim().starts_with(&format!("task::{}", name.replace('-', ""))))
}

/// What is wrong with one reference.
fn fault(root: &Path, reference: &str) -> Option<String> {
    if let Some(task) = reference.strip_prefix("`cargo xtask ").and_then(|rest| rest.strip_suffix('`')) {
        return (!has_task(root, task)).then(|| format!("there is no task {task}"));
    }
    let Some((name, path)) = reference.trim_matches(['[', ')']).split_once("](") else {
        return Some(format!("{reference} is no reference"));
    };
    let name = name.trim_matches('`');
    (!has_test(&root.join("docs").join(path), name)).then(|| format!("{path} has no test {name}"))
}

#[test]
fn every_fault_is_provoked_by_something_that_exists() {
    let root = eventwire_tests::folder().parent().unwrap();
    let page = fs::read_to_string(root.join("docs/faults.md")).unwrap();
    let rows = rows(&page);
    let numbers: Vec<_> = rows.iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(numbers, (1..=rows.len()).map(|number| number.to_string()).collect::<Vec<_>>());
    assert!(rows.len() >= 33, "{} rows are left", rows.len());
    let faults: Vec<String> =
        rows.iter().flat_map(|row| row[3].split(", ")).filter_map(|reference| fault(root, reference)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_does_not_exist_is_found_out() {
    let root = eventwire_tests::folder().parent().unwrap();
    for reference in [
        "[`soon`](../runtime/tests/client/api.rs)",
        "[`a_dream`](../runtime/tests/client/tls.rs)",
        "[`a_dream`](../runtime/tests/dream.rs)",
        "`cargo xtask dream`",
        "nothing",
        "",
    ] {
        assert!(fault(root, reference).is_some(), "{reference}");
    }
}
