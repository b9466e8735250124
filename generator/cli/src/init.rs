//! `init`: settings and crates to start from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use eventwire_codegen::output::write_file;
use eventwire_codegen::{Config, Project, init, relative};
use serde_json::json;

use crate::arguments::Start;
use crate::generate;
use crate::input::side;
use crate::report::{Failure, Reporter};

pub(crate) fn init(start: &Start, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    if let Some(sources) = &start.sources
        && !sources.join("runtime/Cargo.toml").is_file()
    {
        let sources = sources.display();
        return Err(
            format!("`{sources}` has no sources of Eventwire: name the folder of a clone for `--sources`").into()
        );
    }
    let mut project = Project::for_document(&start.document)?;
    if let Some(name) = &start.name {
        project = project.with_name(name)?;
    }
    let (explanation, compiled) = project.explain();
    if explanation.is_none() {
        reporter.diagnostics(&compiled)?;
        reporter.news("nothing was written");
        return Ok(reporter.mistakes("the document cannot be read; nothing was written")?);
    }
    let name = project.config.package.name.clone().unwrap_or_default();
    let settings = start.settings.clone().unwrap_or_else(|| start.document.with_extension("toml"));
    let role = project.role();
    let text = settings_text(start, &settings, &project)?;
    let mut files = BTreeMap::from([(settings.clone(), text)]);
    if let Some(folder) = &start.build_script {
        let sources = start.sources.as_deref().map(|sources| relative(folder, sources)).transpose()?;
        let named = relative(folder, &settings)?;
        let made = init::build_script_crate(&name, &named, sources.as_deref());
        files.extend(made.into_iter().map(|(path, text)| (folder.join(path), text)));
    }
    write(&files, start.force, reporter)?;
    if let Some(role) = role {
        let side = side(role);
        reporter.news(format_args!("the crate {side}: `role = \"{}\"` in {}", role.name(), settings.display()));
    }
    let mut code = ExitCode::SUCCESS;
    if start.crate_folder.is_some() {
        let project = Project::open(&settings)?;
        code = match generate::report(project.compile(), reporter)? {
            Some(output) => generate::write(&output, &project.output_folder(), reporter)?,
            None => ExitCode::FAILURE,
        };
    }
    let written: Vec<String> = files.keys().map(|path| path.to_string_lossy().replace('\\', "/")).collect();
    reporter.result("", &json!({ "result": "started", "written": written }))?;
    Ok(code)
}

fn settings_text(start: &Start, settings: &Path, project: &Project) -> Result<String, Failure> {
    let folder = settings.parent().unwrap_or(settings);
    let output = start.crate_folder.as_deref().map(|output| relative(folder, output)).transpose()?;
    let runtime = match (&start.crate_folder, &start.sources) {
        (Some(output), Some(sources)) => Some(relative(output, &sources.join("runtime"))?),
        (Some(_) | None, _) => None,
    };
    let document = relative(folder, &start.document)?;
    let (role, name, channels) = (project.role(), project.config.package.name.clone(), project.channel_prefixes());
    let text = init::settings(&init::Start { document, output, role, name, runtime, channels });
    // What is written has to be read again.
    Config::from_toml(&text)?;
    Ok(text)
}

/// Writes all files or none.
fn write(files: &BTreeMap<PathBuf, String>, force: bool, reporter: &mut Reporter) -> Result<(), Failure> {
    // A link counts even where it leads to nothing.
    let exists = |path: &Path| fs::symlink_metadata(path).is_ok();
    if let Some(path) = files.keys().find(|path| exists(path)).filter(|_| !force) {
        return Err(format!("{} exists; nothing was written (`--force` overwrites)", path.display()).into());
    }
    for (path, text) in files {
        let verb = if exists(path) { "overwrote" } else { "wrote" };
        write_file(path, text)?;
        reporter.news(format_args!("{verb} {}", path.display()));
    }
    Ok(())
}
