//! Changed documents for the generator.

use std::fs;
use std::path::Path;

use fastrand::Rng;
use serde_json::Value;

use crate::change;

#[path = "../../compiling.rs"]
mod compiling;

/// The repository's own documents.
pub(crate) struct Documents {
    short: Vec<String>,
    /// Those that take as long as many others together.
    long: Vec<String>,
}

impl Documents {
    pub(crate) fn read() -> std::io::Result<Self> {
        let repository = eventwire_tests::folder().join("..");
        let mut paths = Vec::new();
        for folder in ["generator/tests/cases", "spec"] {
            gather(&repository.join(folder), &mut paths)?;
        }
        paths.sort();
        // Documents that are not text are for other tests.
        let texts = paths.iter().filter_map(|path| fs::read_to_string(path).ok());
        let (short, long) = texts.partition(|text| text.len() < 10_000);
        Ok(Self { short, long })
    }

    /// A changed document.
    pub(crate) fn draw(&self, rng: &mut Rng) -> Vec<u8> {
        let from = if rng.u8(..60) == 0 { &self.long } else { &self.short };
        let text = change::choice(rng, from).map_or("", String::as_str);
        let tree = rng.bool().then(|| serde_yaml::from_str::<Value>(text).ok()).flatten();
        let mut bytes = text.as_bytes().to_vec();
        match tree {
            Some(tree) => bytes = change::tree(rng, tree).into_bytes(),
            None => change::bytes(rng, &mut bytes),
        }
        String::from_utf8_lossy(&bytes).into_owned().into_bytes()
    }
}

fn gather(folder: &Path, paths: &mut Vec<std::path::PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "json") {
            paths.push(path);
        }
    }
    Ok(())
}

/// Whether there was a crate.
pub(crate) fn check(input: &[u8]) -> Result<bool, String> {
    let compiled = compiling::check(&String::from_utf8_lossy(input)).ok_or("the settings are refused")?;
    Ok(compiled.output.is_some())
}
