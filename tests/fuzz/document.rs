//! Any text as a document: the generator must end, within time and memory, without a panic.

#![no_main]

use eventwire_codegen::source::MemoryLoader;
use eventwire_codegen::{Config, compile};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Settings that say no more than they must.
const SETTINGS: &str = "document = \"document.yaml\"\noutput = \".\"\n[package]\nname = \"fuzzed\"\n";

/// A line that ends the document and begins a second file, which the document may refer to as `other.yaml`.
const OTHER: &str = "\n#---other.yaml\n";

fuzz_target!(|text: &str| -> Corpus {
    let Ok(config) = Config::from_toml(SETTINGS) else { return Corpus::Reject };
    let (document, other) = text.split_once(OTHER).unwrap_or((text, ""));
    let loader: MemoryLoader = [("document.yaml", document), ("other.yaml", other)].into_iter().collect();
    let compiled = compile(&config, &loader);
    // Rendering walks every span.
    let _ = compiled.render(false);
    let _ = compiled.to_json();
    Corpus::Keep
});
