//! Every check and test, one after another; the first failure ends the run.

use std::fs;
use std::process::Command;
use std::time::Instant;

use crate::{Failure, cargo, stream};

/// Runs everything.
pub(crate) fn run() -> Result<(), Failure> {
    let begun = Instant::now();
    step("generated/ is fresh", stream::check)?;
    step("format", || call(&mut cargo(&["fmt", "--all", "--check"])))?;
    step("lints", || {
        call(&mut cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]))
    })?;
    step("types without the connection", || {
        let features = ["clippy", "-p", "eventwire-core", "-p", "eventwire", "-p", "stream-chat-events"];
        call(cargo(&features).args(["--no-default-features", "--", "-D", "warnings"]))?;
        small_tree("stream-chat-events", "", &TYPES)?;
        small_tree("eventwire-stream-chat", "server", &TOKENS)
    })?;
    for features in ["client", "server,stream-chat-server"] {
        step(&format!("the runtime with {features}"), || {
            let lint = ["clippy", "-p", "eventwire", "--no-default-features", "--features", features];
            call(cargo(&lint).args(["--", "-D", "warnings"]))
        })?;
    }
    step("tests", || {
        // Snapshots are compared, never rewritten.
        call(cargo(&["test", "--workspace", "--all-features"]).env("INSTA_UPDATE", "no"))
    })?;
    step("a minute of attack", || {
        call(&mut cargo(&["run", "--quiet", "--package", "eventwire-attack", "--", "--seconds", "60"]))
    })?;
    step("docs", || {
        call(cargo(&["doc", "--workspace", "--all-features", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))?;
        short_index("eventwire_codegen")
    })?;
    println!("all checks passed in {} s", begun.elapsed().as_secs());
    Ok(())
}

/// What a crate of types is built from, itself included.
const TYPES: [&str; 9] = [
    "stream-chat-events",
    "eventwire-core",
    "itoa",
    "memchr",
    "safe_arch",
    "serde_core",
    "serde_json",
    "simdutf8",
    "zmij",
];

/// What tokens and webhooks need directly; the packages below `hmac` and `sha2` are theirs.
const TOKENS: [&str; 5] = ["eventwire-stream-chat", "base64", "eventwire-core", "hmac", "sha2"];

/// Checks what a package without its default features depends on: nothing but what is allowed, and no connection.
fn small_tree(package: &str, features: &str, allowed: &[&str]) -> Result<(), Failure> {
    let depth = if features.is_empty() { "99" } else { "1" };
    let tree = ["tree", "-p", package, "--no-default-features", "--edges", "normal", "--prefix", "none"];
    let output = cargo(&tree).args(["--depth", depth, "--features", features]).output()?;
    let text = String::from_utf8(output.stdout)?;
    let others: Vec<&str> =
        text.lines().filter_map(|line| line.split(' ').next()).filter(|name| !allowed.contains(name)).collect();
    if output.status.success() && others.is_empty() {
        return Ok(());
    }
    Err(format!("{package} alone depends on more than it should: {}", others.join(", ")).into())
}

/// The most items that the docs of a package may list: people find what they came for.
const MOST_ITEMS: usize = 120;

/// Checks how many items the docs of a package list, once they are built.
fn short_index(package: &str) -> Result<(), Failure> {
    let path = crate::root().join("target/doc").join(package).join("all.html");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    match items(&text) {
        0 => Err(format!("{}: no items are found", path.display()).into()),
        1..=MOST_ITEMS => Ok(()),
        count => Err(format!("the docs of {package} list {count} items; {MOST_ITEMS} are the most").into()),
    }
}

/// Counts the items of rustdoc's list of all items. Links to the headings of the page are none.
fn items(page: &str) -> usize {
    page.split("<li><a href=\"").skip(1).filter(|link| !link.starts_with('#')).count()
}

fn step(name: &str, check: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    println!("== {name}");
    let begun = Instant::now();
    check().map_err(|error| format!("{name}: {error}"))?;
    println!("== {name}: {} s", begun.elapsed().as_secs());
    Ok(())
}

fn call(command: &mut Command) -> Result<(), Failure> {
    crate::run(command)
}

#[cfg(test)]
mod tests {
    #[test]
    fn headings_are_no_items() {
        let page = "<ul><li><a href=\"#structs\">Structs</a></li></ul><h3 id=\"structs\">Structs</h3><ul class=\"all-items\"><li><a \
                    href=\"struct.A.html\">A</a></li><li><a href=\"m/struct.B.html\">m::B</a></li></ul>";
        assert_eq!(super::items(page), 2);
    }
}
