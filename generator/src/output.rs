//! A map of files against a folder: write what changed and remove what is left over, or list every difference.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

use similar::TextDiff;

use crate::print::MARK;

/// How much of a file is compared at a time, in bytes.
const PART: usize = 1 << 16;

/// How much of the first line of a file is searched for the mark, in bytes.
const FIRST_LINE: u64 = 1 << 16;

/// The files of a crate, by path relative to its folder, with `/` as separator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Text by path.
    pub files: BTreeMap<String, String>,
}

/// One difference between what is generated and what is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Path relative to the folder.
    pub path: String,
    /// What kind of difference it is.
    pub kind: DriftKind,
}

/// The kinds of difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DriftKind {
    /// The file is not there.
    Missing,
    /// The file has another text.
    Changed {
        /// The first line on disk that differs, from 1.
        line: usize,
        /// A unified diff from disk to what is generated.
        diff: String,
    },
    /// The file bears the mark of a generated file but is not generated any more.
    Orphaned,
}

impl std::fmt::Display for Drift {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            DriftKind::Missing => writeln!(f, "missing: {}", self.path),
            DriftKind::Orphaned => writeln!(f, "orphaned: {} is not generated any more", self.path),
            DriftKind::Changed { diff, line: _ } => write!(f, "changed: {}\n{diff}", self.path),
        }
    }
}

/// What writing did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Files created or rewritten.
    pub changed: Vec<String>,
    /// Files removed.
    pub removed: Vec<String>,
    /// How many files were already right.
    pub unchanged: usize,
}

impl Output {
    /// Writes the files into a folder: changed ones only, each at once or not at all, and removes generated files that
    /// are not part of the output any more. Files without the mark of a generated file are never touched.
    ///
    /// # Errors
    ///
    /// When the folder or a file cannot be read or written; and when a file that was not generated stands in the way.
    pub fn write(&self, folder: &Path) -> io::Result<Written> {
        let mut written = Written::default();
        for path in self.files.keys() {
            if is_generated(&folder.join(path))? == Some(false) {
                let message = format!("`{path}` is not a generated file; move it away before generating here");
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
            }
        }
        for (path, text) in &self.files {
            let target = folder.join(path);
            if is_same(&target, text)? == Some(true) {
                written.unchanged += 1;
                continue;
            }
            replace(&target, text)?;
            written.changed.push(path.clone());
        }
        for path in self.orphans(folder)? {
            fs::remove_file(folder.join(&path))?;
            written.removed.push(path);
        }
        Ok(written)
    }

    /// Every difference between the files and a folder; writes nothing.
    ///
    /// # Errors
    ///
    /// When the folder or a file cannot be read.
    pub fn compare(&self, folder: &Path) -> io::Result<Vec<Drift>> {
        let mut drifts = Vec::new();
        for (path, text) in &self.files {
            let known = folder.join(path);
            let kind = match is_same(&known, text)? {
                None => DriftKind::Missing,
                Some(true) => continue,
                Some(false) => {
                    let known = fs::read(&known).map_err(|error| named(&known, &error))?;
                    let known = String::from_utf8_lossy(&known);
                    DriftKind::Changed { line: first_difference(&known, text), diff: diff(path, &known, text) }
                }
            };
            drifts.push(Drift { path: path.clone(), kind });
        }
        let orphans = self.orphans(folder)?;
        drifts.extend(orphans.into_iter().map(|path| Drift { path, kind: DriftKind::Orphaned }));
        Ok(drifts)
    }

    /// Generated files in the folders of the output that are not part of it.
    fn orphans(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut orphans = Vec::new();
        let mut open = vec![folder.join("src"), folder.join("tests")];
        while let Some(next) = open.pop() {
            let entries = match fs::read_dir(&next) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            for entry in entries {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    open.push(entry.path());
                } else if let Some(path) = relative(&entry.path(), folder) {
                    let known = self.files.contains_key(&path);
                    let rust = Path::new(&path).extension().is_some_and(|extension| extension == "rs");
                    if !known && rust && is_generated(&entry.path())? == Some(true) {
                        orphans.push(path);
                    }
                }
            }
        }
        orphans.sort();
        Ok(orphans)
    }
}

fn relative(path: &Path, folder: &Path) -> Option<String> {
    let parts = path.strip_prefix(folder).ok()?.components();
    Some(parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/"))
}

/// A file, if it is there.
fn open(path: &Path) -> io::Result<Option<fs::File>> {
    match fs::File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(named(path, &error)),
    }
}

/// Whether the first line of a file has the mark of a generated one; `None` where there is no file.
fn is_generated(path: &Path) -> io::Result<Option<bool>> {
    let Some(file) = open(path)? else { return Ok(None) };
    let mut line = Vec::new();
    let mut start = BufReader::with_capacity(1024, file).take(FIRST_LINE);
    start.read_until(b'\n', &mut line).map_err(|error| named(path, &error))?;
    Ok(Some(line.windows(MARK.len()).any(|part| part == MARK.as_bytes())))
}

/// Whether a file has a text; `None` where there is no file. Only a part of the file is in memory at a time.
fn is_same(path: &Path, text: &str) -> io::Result<Option<bool>> {
    let Some(mut file) = open(path)? else { return Ok(None) };
    let named = |error: io::Error| named(path, &error);
    let mut rest = text.as_bytes();
    if !usize::try_from(file.metadata().map_err(named)?.len()).is_ok_and(|length| length == rest.len()) {
        return Ok(Some(false));
    }
    let mut part = vec![0; PART];
    loop {
        let length = file.read(&mut part).map_err(named)?;
        let Some((found, others)) = rest.split_at_checked(length) else { return Ok(Some(false)) };
        if length == 0 || *found != part[..length] {
            return Ok(Some(length == 0 && others.is_empty()));
        }
        rest = others;
    }
}

/// An error with the path that it is about.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Writes beside the target and renames, so that nobody ever sees half a file.
fn replace(target: &Path, text: &str) -> io::Result<()> {
    let named = |error: io::Error| named(target, &error);
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(named)?;
    }
    let beside: PathBuf = target.with_extension("eventwire-new");
    fs::write(&beside, text).and_then(|()| fs::rename(&beside, target)).map_err(named)
}

/// The first line that differs, from 1; the last one where lines are missing at the end.
fn first_difference(known: &str, text: &str) -> usize {
    let equal = known.lines().zip(text.lines()).take_while(|(known, text)| known == text).count();
    (equal + 1).min(known.lines().count().max(1))
}

fn diff(path: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().context_radius(3).header(&format!("on disk/{path}"), &format!("generated/{path}")).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::{DriftKind, MARK, Output};

    fn output(files: &[(&str, &str)]) -> Output {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), format!("// {MARK}\n{text}")));
        Output { files: files.collect::<BTreeMap<_, _>>() }
    }

    #[test]
    fn writes_once_and_removes_what_is_left_over() {
        let folder = tempfile::tempdir().unwrap();
        let first = output(&[("src/a.rs", "a"), ("src/codec/b.rs", "b")]);
        assert_eq!(first.write(folder.path()).unwrap().changed, ["src/a.rs", "src/codec/b.rs"]);
        assert_eq!(first.write(folder.path()).unwrap().unchanged, 2);
        fs::write(folder.path().join("src/own.rs"), "// mine").unwrap();
        let second = output(&[("src/a.rs", "a2")]);
        let written = second.write(folder.path()).unwrap();
        assert_eq!(
            (written.changed, written.removed),
            (vec!["src/a.rs".to_owned()], vec!["src/codec/b.rs".to_owned()])
        );
        assert!(folder.path().join("src/own.rs").exists());
        assert!(second.compare(folder.path()).unwrap().is_empty());
    }

    #[test]
    fn compares_without_writing() {
        let folder = tempfile::tempdir().unwrap();
        let files = output(&[("src/a.rs", "a\n"), ("src/b.rs", "b\n")]);
        files.write(folder.path()).unwrap();
        fs::write(folder.path().join("src/a.rs"), format!("// {MARK}\nedited\n")).unwrap();
        fs::remove_file(folder.path().join("src/b.rs")).unwrap();
        fs::write(folder.path().join("src/c.rs"), format!("// {MARK}\n")).unwrap();
        let drifts = files.compare(folder.path()).unwrap();
        let kinds: Vec<_> = drifts.iter().map(|drift| (drift.path.as_str(), &drift.kind)).collect();
        assert!(
            matches!(kinds[0], ("src/a.rs", DriftKind::Changed { line: 2, diff }) if diff.contains("-edited\n+a\n")),
            "{kinds:?}"
        );
        assert_eq!(kinds[1..], [("src/b.rs", &DriftKind::Missing), ("src/c.rs", &DriftKind::Orphaned)]);
        assert!(!folder.path().join("src/b.rs").exists());
    }

    #[test]
    fn a_file_of_somebody_else_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/a.rs"), "fn mine() {}").unwrap();
        let error = output(&[("src/a.rs", "a"), ("src/b.rs", "b")]).write(folder.path()).unwrap_err();
        assert!(error.to_string().contains("`src/a.rs` is not a generated file"), "{error}");
        assert!(!folder.path().join("src/b.rs").exists(), "nothing is half-written");
    }
}
