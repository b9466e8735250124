//! Any text as JSON: the runtime and `serde_json` must agree about it.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../agreement.rs"]
mod agreement;

fuzz_target!(|text: &str| agreement::check(text));
