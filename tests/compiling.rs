//! A text as a document: whatever it is, the generator ends, and says why where it generates nothing.

use eventwire_codegen::diagnostic::Level;
use eventwire_codegen::{Compiled, Config, MemoryLoader, compile};

/// Settings that say no more than they must.
const SETTINGS: &str = "document = \"document.yaml\"\noutput = \".\"\n[package]\nname = \"hostile\"\n";

/// A line that ends the document and begins a second file, which the document may refer to as `other.yaml`.
const OTHER: &str = "\n#---other.yaml\n";

/// Compiles a text, with everything that can be made of the outcome.
///
/// # Panics
///
/// When the outcome contradicts itself.
pub(crate) fn check(text: &str) -> Option<Compiled> {
    let config = Config::from_toml(SETTINGS).ok()?;
    let (document, other) = text.split_once(OTHER).unwrap_or((text, ""));
    let loader: MemoryLoader = [("document.yaml", document), ("other.yaml", other)].into_iter().collect();
    let compiled = compile(&config, &loader);
    // Rendering walks every span.
    let rendered = compiled.render(false);
    let _ = compiled.to_json();
    assert_eq!(rendered.is_empty(), compiled.diagnostics.is_empty());
    let errors = compiled.count(Level::Error);
    assert_eq!(errors == 0, compiled.output.is_some(), "a crate in spite of errors, or none without:\n{rendered}");
    Some(compiled)
}
