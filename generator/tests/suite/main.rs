//! The generator from settings and documents to files and diagnostics.

mod broken;
mod check;
mod diagnostics;
mod order;

use std::fs;
use std::path::Path;

use eventwire_codegen::config::{Config, ConfigError};
use eventwire_codegen::source::FileLoader;
use eventwire_codegen::{Compiled, compile};

/// The folder of this package.
fn package_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compiles `document.yaml` of a folder by its `settings.toml`, if it has one.
fn compile_folder(folder: &Path) -> Result<Compiled, ConfigError> {
    let config = match fs::read_to_string(folder.join("settings.toml")) {
        Ok(settings) => Config::read("settings.toml", &settings)?,
        Err(_) => Config::for_document("document.yaml"),
    };
    Ok(compile(&config, &FileLoader::new(folder)))
}
