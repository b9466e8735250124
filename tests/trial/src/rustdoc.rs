//! Crates as the JSON that rustdoc writes of them.

use std::path::PathBuf;

use crate::build::{cargo, write_crates};
use crate::{Bench, Failure, Subject};

/// What the JSON is to have; it is not yet stable.
const FLAGS: [&str; 5] = [
    "-Zunstable-options",
    "--output-format=json",
    "--document-private-items",
    "--document-hidden-items",
    "--cap-lints=allow",
];

/// Writes a crate and describes it; returns the file, which the next crate of the same package replaces.
pub(crate) fn describe(bench: &Bench, subject: &Subject) -> Result<PathBuf, Failure> {
    write_crates(bench, &[subject])?;
    let package = &subject.package;
    let mut command = cargo(bench, &bench.crates());
    // The compiler that builds everything else takes these flags only like this.
    command.env("RUSTC_BOOTSTRAP", "1").args(["rustdoc", "--lib", "--package", package, "--"]).args(FLAGS);
    let output = command.output().map_err(|error| format!("cargo cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{package}` cannot be described:\n{}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(bench.folder.join("build/doc").join(format!("{}.json", package.replace('-', "_"))))
}
