//! `init`: settings and crates to start from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use eventwire_codegen::{Config, Project, check_folder, init, relative, write_file};
use serde_json::json;

use crate::arguments::InitArguments;
use crate::generate;
use crate::input::{check_sources, side};
use crate::report::{Failure, Reporter};

pub(crate) fn init(start: &InitArguments, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    start.sources.as_deref().map(check_sources).transpose()?;
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
    check(&files, start.force)?;
    if let Some(folder) = &start.crate_folder {
        // Settings that name a crate which cannot be there would be half of what was asked for.
        let compiled = project.compile();
        let Some(output) = &compiled.output else {
            reporter.diagnostics(&compiled)?;
            reporter.news("nothing was written; without `--crate`, the settings alone are");
            return Ok(reporter.mistakes("the document has mistakes; nothing was written")?);
        };
        output.check_obstacles(folder)?;
    }
    write(&files, reporter)?;
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

fn settings_text(start: &InitArguments, settings: &Path, project: &Project) -> Result<String, Failure> {
    let folder = settings.parent().unwrap_or(settings);
    let output = start.crate_folder.as_deref().map(|output| relative(folder, output)).transpose()?;
    let (role, name, channels) = (project.role(), project.config.package.name.clone(), project.channel_prefixes());
    // Without another one, the crate goes into a folder with its name.
    let crate_folder = start.crate_folder.clone().unwrap_or_else(|| folder.join(name.as_deref().unwrap_or_default()));
    let runtime = |sources: &PathBuf| relative(&crate_folder, &sources.join("runtime"));
    let runtime = start.sources.as_ref().map(runtime).transpose()?;
    let document = relative(folder, &start.document)?;
    let text = init::settings(&init::Start { document, output, role, name, runtime, channels });
    // What is written has to be read again.
    Config::from_toml(&text)?;
    Ok(text)
}

/// Checks that all files can be written: none are otherwise.
fn check(files: &BTreeMap<PathBuf, String>, force: bool) -> Result<(), Failure> {
    for path in files.keys() {
        check_folder(path.parent().unwrap_or(path))?;
        if path.is_dir() {
            return Err(format!("{} is a folder where a file is to be", path.display()).into());
        }
        if !force && exists(path) {
            return Err(format!("{} exists; nothing was written (`--force` overwrites)", path.display()).into());
        }
    }
    Ok(())
}

fn write(files: &BTreeMap<PathBuf, String>, reporter: &mut Reporter) -> Result<(), Failure> {
    for (path, text) in files {
        let verb = if exists(path) { "overwrote" } else { "wrote" };
        write_file(path, text)?;
        reporter.news(format_args!("{verb} {}", path.display()));
    }
    Ok(())
}

/// Whether there is something; a link counts even where it leads to nothing.
fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}
