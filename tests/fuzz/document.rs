//! Any text as a document: the generator must end, within time and memory, without a panic.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

#[path = "../compiling.rs"]
mod compiling;

fuzz_target!(|text: &str| -> Corpus {
    match compiling::check(text) {
        Some(_) => Corpus::Keep,
        None => Corpus::Reject,
    }
});
