//! The generator against typify, which knows no messages and no operations, on the same schemas.

use std::path::Path;
use std::process::Command;
use std::{fs, iter};

use eventwire_codegen::Project;
use serde::Serialize;

use super::model::Model;
use super::spread::Spread;
use super::usage::{Usage, measure, middle};
use super::{Tools, callgrind, synthetic};
use crate::{Failure, cargo, root};

/// The sizes of the larger documents, in messages, and how often each is generated. A smaller one has as many messages as
/// the Stream document.
const SIZES: [(usize, usize); 2] = [(1_000, 5), (10_000, 3)];

/// How often documents of the size of the Stream document are generated.
const RUNS: usize = 9;

/// What generating one document took.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Which document.
    pub(super) document: String,
    pub(super) own: Usage,
    pub(super) typify: Usage,
    /// The part of typify's processor time that ours is, in runs beside one another.
    pub(super) quotient: Spread,
    /// The size of what was written, in bytes.
    pub(super) own_size: u64,
    pub(super) typify_size: u64,
    /// `eventwire check` on what was written.
    pub(super) check: Usage,
    /// The part of its instructions that reading the document takes; none where there is no valgrind.
    pub(super) reading: Option<f64>,
}

/// The function that reads a document with everything it refers to; it is never inlined.
const READING: &str = "*Sources*read_all*";

/// Measures the Stream document and the synthetic ones.
pub(super) fn run(tools: &Tools) -> Result<Vec<Line>, Failure> {
    let target = tools.folder.join("build");
    let build = ["build", "--release", "--package", "eventwire-cli", "--target-dir"];
    crate::run(cargo(&build).arg(&target))?;
    let eventwire = target.join("release/eventwire");
    let folder = tools.folder.join("documents");
    fs::create_dir_all(&folder)?;
    let stream = root().join("spec/stream-chat.toml");
    let mut lines = vec![line(tools, &eventwire, &folder, "stream-chat", &stream, RUNS)?];
    let messages = Model::read(&Project::open(&stream)?)?.received()?.members.len();
    for (messages, runs) in iter::once((messages, RUNS)).chain(SIZES) {
        let name = format!("synthetic-{messages}");
        fs::write(folder.join(format!("{name}.yaml")), synthetic::document(messages)?)?;
        let settings = folder.join(format!("{name}.toml"));
        fs::write(&settings, format!("document = \"{name}.yaml\"\nrole = \"client\"\n"))?;
        lines.push(line(tools, &eventwire, &folder, &name, &settings, runs)?);
    }
    Ok(lines)
}

fn line(
    tools: &Tools,
    eventwire: &Path,
    folder: &Path,
    name: &str,
    settings: &Path,
    runs: usize,
) -> Result<Line, Failure> {
    println!("generate {name}");
    let project = Project::open(settings)?;
    let schema = folder.join(format!("{name}.schema.json"));
    write_json(&schema, &Model::read(&project)?.json_schema()?)?;
    let (crate_folder, file) = (folder.join(name), folder.join(format!("{name}.typify.rs")));
    let mut own = Command::new(eventwire);
    own.arg("generate").arg(settings).arg("--out").arg(&crate_folder);
    let mut typify = Command::new(&tools.typify);
    typify.args(["typify", "--no-builder", "--output"]).arg(&file).arg(&schema);
    // In turns, so that whatever else the machine does meets both.
    let (mut own_runs, mut typify_runs) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        if crate_folder.exists() {
            fs::remove_dir_all(&crate_folder)?;
        }
        typify_runs.push(measure(&typify)?);
        own_runs.push(measure(&own)?);
    }
    let milliseconds = |runs: &[Usage]| -> Vec<f64> { runs.iter().map(|run| run.milliseconds()).collect() };
    let quotient = Spread::of_pairs(&milliseconds(&own_runs), &milliseconds(&typify_runs));
    let (own, typify) = (middle(own_runs)?, middle(typify_runs)?);
    let (own_size, typify_size) = (size(&crate_folder)?, fs::metadata(&file)?.len());
    let arguments = ["check".as_ref(), settings.as_os_str(), "--out".as_ref(), crate_folder.as_os_str()];
    let mut check = Command::new(eventwire);
    check.args(arguments);
    let check = middle((0..runs).map(|_| measure(&check)).collect::<Result<_, _>>()?)?;
    // Counting takes minutes for the largest.
    let counted = runs > 3 && callgrind::find().is_ok();
    let reading = counted.then(|| callgrind::share(eventwire, &arguments, READING, &folder.join("callgrind.out")));
    let (document, reading) = (name.to_owned(), reading.transpose()?);
    Ok(Line { document, own, typify, quotient, own_size, typify_size, check, reading })
}

pub(super) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Failure> {
    Ok(fs::write(path, serde_json::to_string_pretty(value)?)?)
}

/// The bytes of all files below a folder.
pub(super) fn size(folder: &Path) -> Result<u64, Failure> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        sum += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(sum)
}
