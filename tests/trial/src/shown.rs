//! What pieces of code write, out of one program.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

use crate::build::{self, Built};
use crate::{Bench, Failure, Subject, Use};

/// Runs pieces of code as modules of one program; returns what their functions `show` return, by piece.
pub(crate) fn run(
    bench: &Bench,
    subjects: &[&Subject],
    uses: &[Use],
) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let folder = bench.folder.join("shown");
    let mut manifest = "[package]\nname = \"shown\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
        [workspace]\n\n[dependencies]\nserde_json = \"1\"\n"
        .to_owned();
    let runtime = bench.runtime().display().to_string();
    writeln!(manifest, "eventwire = {{ path = {runtime:?}, default-features = false, features = [\"pattern\"] }}")?;
    for subject in subjects {
        let package = &subject.package;
        writeln!(manifest, "{package} = {{ path = \"../crates/{package}\", default-features = false }}")?;
    }
    build::workspace(bench, &folder, &manifest)?;
    let mut main = "//! Shows what modules make.\n#![allow(warnings)]\n".to_owned();
    let mut calls = String::new();
    for Use { name, text } in uses {
        writeln!(main, "mod {name};")?;
        writeln!(calls, "    shown.insert({name:?}, {name}::show());")?;
        build::write(&folder.join(format!("src/{name}.rs")), text)?;
    }
    writeln!(
        main,
        "fn main() {{\n    let mut shown = std::collections::BTreeMap::<&str, Vec<String>>::new();\n{calls}"
    )?;
    main.push_str("    print!(\"{}\", serde_json::json!(shown));\n}\n");
    build::write(&folder.join("src/main.rs"), &main)?;
    let built = Built::run(build::cargo(bench, &folder).args(["build", "--message-format=json"]))?;
    if let Some(error) = built.error(&folder) {
        return Err(error.into());
    }
    let Some(program) = built.executables.last() else { return Err("cargo built no program".into()) };
    let output = Command::new(program).output()?;
    if !output.status.success() {
        return Err(format!("the program failed:\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
