//! `generate --watch`: generates whenever something is saved that the crates are generated from.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use eventwire_codegen::{Compiled, Project, SETTINGS};
use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::arguments::InputArguments;
use crate::generate::{Compile, generate_with};
use crate::path::real;
use crate::report::{Failure, Reporter};

/// How long nothing has to happen before what was saved is read: some editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(50);

/// Goes on until the process is ended. Mistakes in documents and settings end nothing: they are shown, and the next save is
/// waited for.
pub(crate) fn watch(input: &InputArguments, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    if !reporter.prints_at_once() {
        return Err("`--watch` has no end, and this format is printed at the end: use `human` or `json`".into());
    }
    let (sender, events) = mpsc::channel();
    let mut watch = Watch {
        watcher: notify::recommended_watcher(sender)?,
        events,
        folders: BTreeSet::new(),
        files: BTreeSet::new(),
        outputs: BTreeSet::new(),
    };
    loop {
        let code = match generate_with(input, reporter, &mut watch) {
            Ok(code) => code,
            Err(failure) if watch.files.is_empty() => return Err(failure),
            Err(failure) => reporter.fail(&failure),
        };
        reporter.news(format_args!("watching {} files", watch.files.iter().filter(|file| file.exists()).count()));
        let changed = watch.wait(code != ExitCode::SUCCESS)?;
        reporter.begin_again(&changed);
    }
}

struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// Folders that are watched. Files are not: many editors save by putting another file in their place.
    folders: BTreeSet<PathBuf>,
    /// Files that were read, and settings that would be if they were there.
    files: BTreeSet<PathBuf>,
    /// Folders that crates are written to.
    outputs: BTreeSet<PathBuf>,
}

impl Compile for Watch {
    fn before(&mut self, input: &Path) -> Result<(), Failure> {
        for settings in [input.to_owned(), input.with_extension("toml"), input.with_file_name(SETTINGS)] {
            self.see(&settings)?;
        }
        Ok(())
    }

    fn compile(&mut self, project: &Project) -> Result<Compiled, Failure> {
        self.outputs.insert(real(&project.output_folder()));
        self.see(&project.document())?;
        loop {
            let compiled = project.compile();
            let mut all_watched = true;
            for file in compiled.inputs() {
                all_watched &= self.see(Path::new(&file))?;
            }
            if compiled.output.is_none() {
                self.see_folders_below(&project.document())?;
            }
            // What was read from a folder before it was watched may have changed without a word.
            if all_watched {
                return Ok(compiled);
            }
        }
    }
}

impl Watch {
    /// Remembers a file, and watches its folder; returns whether that was watched before.
    fn see(&mut self, file: &Path) -> Result<bool, Failure> {
        let folder = folder(file);
        if let Some(name) = file.file_name() {
            self.files.insert(folder.join(name));
        }
        self.see_folder(folder)
    }

    fn see_folder(&mut self, folder: PathBuf) -> Result<bool, Failure> {
        if self.folders.contains(&folder) || !folder.is_dir() {
            return Ok(true);
        }
        self.watcher.watch(&folder, RecursiveMode::NonRecursive)?;
        self.folders.insert(folder);
        Ok(false)
    }

    /// Watches the folders beside a document with mistakes, where a file may be missing that it refers to.
    fn see_folders_below(&mut self, document: &Path) -> Result<(), Failure> {
        let folder = folder(document);
        let Ok(entries) = fs::read_dir(&folder) else { return Ok(()) };
        for entry in entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
            if !self.outputs.contains(&entry.path()) {
                self.see_folder(entry.path())?;
            }
        }
        Ok(())
    }

    /// Waits until something changes that matters, and nothing follows for a moment; returns what it was.
    fn wait(&self, failed: bool) -> Result<String, Failure> {
        loop {
            let Some(changed) = self.relevant(self.events.recv()?, failed)? else { continue };
            loop {
                match self.events.recv_timeout(QUIET) {
                    Ok(_) => {}
                    Err(RecvTimeoutError::Timeout) => return Ok(changed),
                    Err(RecvTimeoutError::Disconnected) => return Err("stopped watching".into()),
                }
            }
        }
    }

    /// The name of what changed: a file that was read, or one that came or went, as the mistake may be that it is missing.
    ///
    /// A file that only grows is not counted then: it may be the log of this command.
    fn relevant(&self, event: notify::Result<Event>, failed: bool) -> Result<Option<String>, Failure> {
        let event = event?;
        if event.kind.is_access() {
            return Ok(None);
        }
        let came_or_went = event.kind.is_create()
            || event.kind.is_remove()
            || matches!(event.kind, EventKind::Modify(ModifyKind::Name(_)));
        let ours = |path: &Path| self.outputs.iter().any(|output| path.starts_with(output));
        let matters = |path: &&PathBuf| self.files.contains(*path) || (failed && came_or_went && !ours(path));
        let changed = event.paths.iter().find(matters);
        Ok(changed.map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned()))
    }
}

/// The folder of a file, without links.
fn folder(file: &Path) -> PathBuf {
    real(file.parent().unwrap_or(file))
}
