//! What a crate costs those who compile it: the generated one, without the connection, against one with serde's derive.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::spread::{Spread, median};
use super::usage::{Usage, measure};
use super::{Tools, generate, write};
use crate::{Failure, cargo, root};

/// A crate's costs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// Processor time in milliseconds, for each of [`MODES`].
    pub(super) modes: [f64; 4],
    /// Bytes of its sources.
    pub(super) sources: u64,
    /// Bytes of a stripped program that reads an event and writes it again.
    pub(super) program: u64,
}

/// Both crates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Costs {
    pub(super) own: Cost,
    pub(super) derived: Cost,
    /// The part of the derived one's time that ours is, in runs beside one another.
    pub(super) quotients: [Spread; 4],
}

/// How the crates are compiled: what it is called, the arguments, and whether incrementally, after a type was touched.
pub(super) const MODES: [(&str, &[&str], bool); 4] = [
    ("`cargo check`", &["check"], false),
    ("`cargo build`", &["build"], false),
    ("`cargo build --release`", &["build", "--release"], false),
    ("`cargo check` after touching one type", &["check"], true),
];

/// How often each is compiled; the middle counts.
const RUNS: usize = 5;

/// A crate of the comparison: its package, and the file with the type that is touched.
struct Contender {
    package: &'static str,
    file: &'static str,
}

const OWN: Contender = Contender { package: "stream-chat-events", file: "src/types.rs" };
const DERIVED: Contender = Contender { package: "derived", file: "src/lib.rs" };
const TOUCHED: &str = "pub struct Member {";

/// Compiles both crates in all ways.
pub(super) fn run(tools: &Tools) -> Result<Costs, Failure> {
    let folder = tools.folder.join("compile");
    lay_out(tools, &folder)?;
    let (mut own, mut derived, mut quotients) = ([0.0; 4], [0.0; 4], [Spread::of(Vec::new()); 4]);
    for (at, mode) in MODES.iter().enumerate() {
        println!("compile: {}", mode.0);
        let (mut own_runs, mut derived_runs) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            // In turns, so that whatever else the machine does meets both.
            own_runs.push(compile(&folder, &OWN, mode)?);
            derived_runs.push(compile(&folder, &DERIVED, mode)?);
        }
        quotients[at] = Spread::of_pairs(&own_runs, &derived_runs);
        (own[at], derived[at]) = (median(own_runs), median(derived_runs));
    }
    Ok(Costs { own: cost(&folder, own, &OWN)?, derived: cost(&folder, derived, &DERIVED)?, quotients })
}

/// Copies both crates into a workspace of their own, with a program for each.
fn lay_out(tools: &Tools, folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let members = "[workspace]\nresolver = \"3\"\nmembers = [\"stream-chat-events\", \"derived\", \"stream-chat-events-program\", \
                   \"derived-program\"]\n\n[profile.release]\nstrip = true\n";
    write(&folder.join("Cargo.toml"), members)?;
    copy(&root().join("generated"), &folder.join(OWN.package))?;
    let manifest = fs::read_to_string(folder.join("stream-chat-events/Cargo.toml"))?;
    let runtime = format!("path = \"{}", root().join("runtime").display());
    write(&folder.join("stream-chat-events/Cargo.toml"), &manifest.replace("path = \"../runtime", &runtime))?;
    write(
        &folder.join("derived/Cargo.toml"),
        "[package]\nname = \"derived\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = { version = \"1\", \
         features = [\"derive\"] }\nserde_json = \"1\"\n",
    )?;
    copy(&tools.folder.join("rivals/derived"), &folder.join(DERIVED.package))?;
    for package in [OWN.package, DERIVED.package] {
        let name = format!("{package}-program");
        write(
            &folder.join(&name).join("Cargo.toml"),
            &format!(
                "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{package} = {{ path \
                 = \"../{package}\", default-features = false }}\n"
            ),
        )?;
        write(&folder.join(&name).join("src/main.rs"), &PROGRAM.replace("CRATE", &package.replace('-', "_")))?;
    }
    Ok(())
}

/// Reads an event and writes it again.
const PROGRAM: &str = "fn main() -> Result<(), Box<dyn std::error::Error>> {
    let event = CRATE::Event::from_json(&std::io::read_to_string(std::io::stdin())?)?;
    println!(\"{}\", event.to_json()?);
    Ok(())
}
";

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Milliseconds of processor time for one crate, all it depends on being compiled, less what cargo takes when there is
/// nothing to do.
fn compile(folder: &Path, candidate: &Contender, mode: &(&str, &[&str], bool)) -> Result<f64, Failure> {
    let (_, arguments, incremental) = mode;
    let command = || call(folder, candidate.package, arguments, *incremental);
    // Everything but the crate, or the state before the change.
    measure(&command())?;
    let idle = measure(&command())?;
    let file = folder.join(candidate.package).join(candidate.file);
    let before = fs::read_to_string(&file)?;
    let changed =
        if *incremental { before.replace(TOUCHED, &format!("/// Touched.\n{TOUCHED}")) } else { before.clone() };
    if *incremental && changed == before {
        return Err(format!("{} has no `{TOUCHED}`", file.display()).into());
    }
    fs::write(&file, changed)?;
    let used: Usage = measure(&command())?;
    fs::write(&file, before)?;
    Ok(used.milliseconds() - idle.milliseconds())
}

fn call(folder: &Path, package: &str, arguments: &[&str], incremental: bool) -> Command {
    let mut command = cargo(arguments);
    command.args(["--package", package, "--no-default-features", "--target-dir"]).arg(folder.join("target"));
    command.current_dir(folder).env("CARGO_INCREMENTAL", if incremental { "1" } else { "0" });
    command
}

fn cost(folder: &Path, modes: [f64; 4], candidate: &Contender) -> Result<Cost, Failure> {
    let package = format!("{}-program", candidate.package);
    measure(&call(folder, &package, &["build", "--release"], false))?;
    Ok(Cost {
        modes,
        sources: generate::size(&folder.join(candidate.package).join("src"))?,
        program: fs::metadata(folder.join("target/release").join(package))?.len(),
    })
}
