//! The generator from settings and documents to files and diagnostics.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes the functions around the tests for production code"
)]

mod broken;
mod diagnostics;
mod diff;
mod layers;
mod names;
mod order;
mod output;
mod stages;

use std::fs;
use std::path::Path;

use eventwire_codegen::config::{Config, ConfigError};
use eventwire_codegen::{Compiled, FileLoader, Project, SETTINGS, compile};

/// The folder of this package.
fn package_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compiles `document.yaml` of a folder by its `settings.toml`, if it has one; with an `eventwire.toml` and without settings,
/// the types that are shared.
fn compile_folder(folder: &Path) -> Result<Compiled, ConfigError> {
    if folder.join(SETTINGS).exists() {
        let settings = [folder.join("settings.toml"), folder.join(SETTINGS)];
        let settings = settings.iter().find(|path| path.exists()).unwrap();
        return match Project::open(settings) {
            Ok(project) => Ok(project.compile()),
            Err(error) => Err(error.config().unwrap().clone()),
        };
    }
    let config = match fs::read_to_string(folder.join("settings.toml")) {
        Ok(settings) => Config::read("settings.toml", &settings)?,
        Err(_) => Config::for_document("document.yaml"),
    };
    Ok(compile(&config, &FileLoader::new(folder)))
}

/// Compares a text with the snapshot of this name in a folder.
fn assert_beside(folder: &Path, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
