//! Types that two documents share: `tests/shared` becomes three crates, which compile without a warning, and a fourth one
//! that carries values from one to the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use eventwire_codegen::{List, Project};
use eventwire_tests::folder;

/// The files below a folder, by their paths in it.
fn files(folder: &Path, below: &str) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.join(below)).unwrap() {
        let entry = entry.unwrap();
        let path = Path::new(below).join(entry.file_name()).to_string_lossy().into_owned();
        if entry.path().is_dir() {
            found.extend(files(folder, &path));
        } else {
            found.push((path, entry.path()));
        }
    }
    found
}

/// Writes a file, unless it has this text already: cargo would compile anew.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn generate(list: &Path) {
    for input in List::locate(Some(list)).unwrap().inputs {
        let project = Project::locate(&input).unwrap();
        let compiled = project.compile();
        assert!(compiled.diagnostics.is_empty(), "{}", compiled.render(false));
        compiled.output.unwrap().write(&project.output_folder()).unwrap();
    }
}

/// The workspace around the crates.
fn manifests(target: &Path) {
    let root = folder().join("..").canonicalize().unwrap();
    let root = root.display();
    let workspace = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\", \"app\"]\n\n[patch.crates-io]\n\
         eventwire = {{ path = '{root}/runtime' }}\neventwire-core = {{ path = '{root}/runtime/core' }}\n\
         eventwire-websocket = {{ path = '{root}/runtime/websocket' }}\n\n[profile.dev]\ndebug = false\n"
    );
    write(&target.join("Cargo.toml"), &workspace);
    let app = "[package]\nname = \"app\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[features]\nwhole = [\"billing/pattern\", \
               \"chat/pattern\", \"chat/schemars\"]\n\n[dependencies]\nbilling = { path = \"../crates/billing\", default-features = \
               false }\nchat = { path = \"../crates/chat\", default-features = false }\ncommon-types = { path = \
               \"../crates/common\" }\neventwire = { version = \"0.1.0\", default-features = false }\nserde_json = { version = \
               \"1\", features = [\"raw_value\"] }\n";
    write(&target.join("app/Cargo.toml"), app);
    write(&target.join("app/src/lib.rs"), "");
    if !target.join("Cargo.lock").exists() {
        fs::copy(folder().join("../Cargo.lock"), target.join("Cargo.lock")).unwrap();
    }
}

fn cargo(target: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--workspace", "--quiet", "--offline", "--target-dir", "target"])
        .current_dir(target)
        .env("RUSTFLAGS", "-D warnings")
        .env("CARGO_TERM_COLOR", "never")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "cargo {arguments:?}\n{}\n{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn documents_share_types_across_crates() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shared");
    let source = folder().join("shared");
    for (path, file) in files(&source, "") {
        let to = if path == "behaviour.rs" { "app/tests/behaviour/main.rs" } else { path.as_str() };
        let mut text = fs::read_to_string(file).unwrap();
        if path == "behaviour.rs" {
            text = text.replacen("\n\n", "\n\nmod compare;\n\n", 1);
        }
        write(&target.join(to), &text);
    }
    write(&target.join("app/tests/behaviour/compare.rs"), include_str!("../trial/src/compare.rs"));
    generate(&target.join("eventwire.toml"));
    manifests(&target);
    cargo(&target, &["check"]);
    cargo(&target, &["test", "--features", "app/whole"]);
}
