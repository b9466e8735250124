//! A task that generates a crate, or in CI only checks it: what an `xtask` would do.

use std::path::Path;

use eventwire_codegen::Project;

/// Brings a crate in step with its document; with `check`, only says whether it is.
fn task(settings: &Path, check: bool) -> Result<(), Box<dyn std::error::Error>> {
    let project = Project::open(settings)?;
    let compiled = project.compile();
    eprint!("{}", compiled.render(false));
    let output = compiled.output.ok_or("the document has errors")?;
    let folder = project.output_folder();
    if check {
        let drifts = output.compare(&folder)?;
        for drift in &drifts {
            print!("{drift}");
        }
        return if drifts.is_empty() { Ok(()) } else { Err("generate again".into()) };
    }
    let written = output.write(&folder)?;
    println!("{} files changed", written.changed.len());
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = arguments.iter().any(|argument| argument == "--check");
    let settings = arguments.iter().find(|argument| !argument.starts_with("--"));
    task(Path::new(settings.ok_or("name a settings file")?), check)
}

#[test]
fn generates_then_finds_nothing_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("bell.toml");
    let document = "asyncapi: 2.6.0\ninfo: {title: Bell, version: 1.0.0}\nchannels: {}\n";
    std::fs::write(folder.path().join("bell.yaml"), document).unwrap();
    std::fs::write(&settings, "document = 'bell.yaml'\n").unwrap();
    assert!(task(&settings, true).is_err(), "there is no crate yet");
    task(&settings, false).unwrap();
    task(&settings, true).unwrap();
}
