//! The Rust that the packages declare is enough to build them and everything that they depend on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test prepares must succeed")]

use std::process::Command;

use serde_json::Value;

/// What every package of the workspace declares.
const MINIMUM: &str = env!("CARGO_PKG_RUST_VERSION");

/// The packages of the lock file, with all features, for every platform. Without a network, those of another platform may
/// not be there; those of this one are what has been built.
fn packages() -> Vec<Value> {
    let metadata = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["metadata", "--locked", "--all-features", "--format-version", "1", "--quiet"]).args(arguments);
        command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
    };
    let mut output = metadata(&[]);
    if !output.status.success() {
        let version = Command::new("rustc").arg("-vV").output().unwrap();
        let version = String::from_utf8(version.stdout).unwrap();
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        output = metadata(&["--offline", "--filter-platform", host]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// `1.89` and `1.89.0` are the same.
fn version(text: &str) -> Vec<u64> {
    let mut numbers: Vec<u64> = text.split('.').map(|number| number.parse().unwrap()).collect();
    numbers.resize(3, 0);
    numbers
}

#[test]
fn nothing_asks_for_a_newer_rust() {
    let mut own = Vec::new();
    for package in packages() {
        let name = format!("{} {}", package["name"].as_str().unwrap(), package["version"].as_str().unwrap());
        let declared = package["rust_version"].as_str();
        if package["source"].is_null() {
            assert_eq!(declared, Some(MINIMUM), "{name}");
            own.push(package["name"].as_str().unwrap().to_owned());
        } else if let Some(declared) = declared {
            assert!(version(declared) <= version(MINIMUM), "{name} asks for Rust {declared}, more than {MINIMUM}");
        }
    }
    for published in ["eventwire", "eventwire-codegen", "stream-chat-events"] {
        assert!(own.iter().any(|name| name == published), "{published} is not among {own:?}");
    }
}
