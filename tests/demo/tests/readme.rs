//! What the README shows of the demo is what the demo prints.

use std::process::Command;

/// A line without what differs from run to run: when it was printed, and how long something took.
fn mask(line: &str) -> String {
    let sentence = line.split_once(" s  ").map_or(line, |(_, sentence)| sentence);
    let words: Vec<&str> = sentence.split(' ').collect();
    let is_time = |index: usize| words.get(index + 1).is_some_and(|unit| unit.trim_end_matches([',', ';']) == "ms");
    let masked = words.iter().enumerate().map(|(index, word)| if is_time(index) { "…" } else { word });
    masked.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_readme_shows_what_the_demo_prints() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    let excerpt = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(excerpt.lines().count() > 5, "the README shows something else first: {excerpt}");

    let output = Command::new(env!("CARGO_BIN_EXE_demo")).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    let mut lines = printed.lines().map(mask);
    for shown in excerpt.lines().map(mask) {
        assert!(lines.any(|line| line == shown), "not printed here: {shown}\n{printed}");
    }
}
