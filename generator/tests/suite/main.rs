//! The generator from settings and documents to files and diagnostics.

mod broken;
mod check;
mod diagnostics;
mod order;

use std::path::Path;

use eventwire_codegen::source::FileLoader;
use eventwire_codegen::{Compiled, Config, Project, compile};

/// The folder of this package.
fn package_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The settings of a document that has none of its own.
fn plain_settings() -> Config {
    Config::from_toml("document = 'document.yaml'\noutput = 'generated'\npackage.name = 'example'").unwrap()
}

/// Compiles `document.yaml` of a folder by its `settings.toml`, if it has one.
fn compile_folder(folder: &Path) -> Compiled {
    let settings = folder.join("settings.toml");
    if settings.exists() {
        return Project::open(&settings).unwrap_or_else(|error| panic!("{error}")).compile();
    }
    compile(&plain_settings(), &FileLoader::new(folder))
}
