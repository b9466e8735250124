//! The Stream Chat crate: generate, check, demo.

use std::io::IsTerminal;

use eventwire_codegen::{Output, Project};

use crate::{Failure, cargo, root, run};

/// The settings of the crate.
const SETTINGS: &str = "spec/stream-chat.toml";

fn compile() -> Result<(Project, Output), Failure> {
    let project = Project::open(&root().join(SETTINGS))?;
    let compiled = project.compile();
    eprint!("{}", compiled.render(std::io::stderr().is_terminal()));
    match compiled.output {
        Some(output) => Ok((project, output)),
        None => Err("the document has errors; nothing was written".into()),
    }
}

/// Writes the crate.
pub(crate) fn generate() -> Result<(), Failure> {
    let (project, output) = compile()?;
    let written = output.write(&project.output_folder())?;
    for path in &written.changed {
        println!("wrote generated/{path}");
    }
    for path in &written.removed {
        println!("removed generated/{path}");
    }
    println!("generated/: {} files, {} changed", output.files.len(), written.changed.len());
    Ok(())
}

/// Compares the crate with what would be generated.
pub(crate) fn check() -> Result<(), Failure> {
    let (project, output) = compile()?;
    let drifts = output.compare(&project.output_folder())?;
    for drift in &drifts {
        print!("{drift}");
    }
    if !drifts.is_empty() {
        let message = format!(
            "{} of {} files differ; `cargo xtask generate` brings them in step",
            drifts.len(),
            output.files.len()
        );
        return Err(message.into());
    }
    println!("generated/: {} files, all fresh", output.files.len());
    Ok(())
}

/// Generates, then runs the program that connects the generated client to an embedded server.
pub(crate) fn demo() -> Result<(), Failure> {
    generate()?;
    println!("Building the demo, which takes a few minutes the first time");
    run(&mut cargo(&["run", "--package", "eventwire-demo"]))
}
