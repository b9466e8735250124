//! Code that uses crates, compiled to see whether it still does.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::build::{self, Built};
use crate::{Bench, Failure, Subject, Use};

/// Compiles pieces of code as modules of one package; returns the first errors by piece.
pub(crate) fn check(bench: &Bench, subjects: &[&Subject], uses: &[Use]) -> Result<BTreeMap<String, String>, Failure> {
    let folder = bench.folder.join("uses");
    let mut manifest = "[package]\nname = \"uses\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
        [workspace]\n\n[dependencies]\n"
        .to_owned();
    let runtime = bench.runtime().display().to_string();
    writeln!(manifest, "eventwire = {{ path = {runtime:?}, default-features = false, features = [\"pattern\"] }}")?;
    for subject in subjects {
        let package = &subject.package;
        writeln!(manifest, "{package} = {{ path = \"../crates/{package}\", default-features = false }}")?;
    }
    build::workspace(bench, &folder, &manifest)?;
    let mut errors = BTreeMap::new();
    // The compiler stops at errors of one kind before it looks for those of the next.
    loop {
        let left: Vec<&Use> = uses.iter().filter(|piece| !errors.contains_key(&piece.name)).collect();
        let mut root = "//! Uses.\n#![allow(warnings)]\n".to_owned();
        for piece in &left {
            writeln!(root, "mod {};", piece.name)?;
            build::write(&folder.join(format!("src/{}.rs", piece.name)), &piece.text)?;
        }
        build::write(&folder.join("src/lib.rs"), &root)?;
        let built = Built::run(build::cargo(bench, &folder).args(["check", "--message-format=json"]))?;
        let messages = built.messages(&folder);
        let mut found = false;
        for message in messages {
            let name = message.file().and_then(|file| file.strip_prefix("src/")?.strip_suffix(".rs"));
            if let Some(piece) = left.iter().find(|piece| Some(piece.name.as_str()) == name) {
                errors.entry(piece.name.clone()).or_insert_with(|| message.headline());
                found = true;
            }
        }
        match messages.first() {
            None => return Ok(errors),
            Some(_) if found => {}
            Some(message) => return Err(format!("no piece of code is at fault: {}", message.headline()).into()),
        }
    }
}
