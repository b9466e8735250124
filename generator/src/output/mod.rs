//! A map of files against a folder: write what changed and remove what is left over, or list every difference.

mod file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use similar::TextDiff;

use crate::print::MANIFEST;

pub(crate) use file::update;
pub use file::write_file;
use file::{is_generated, is_same, is_unfinished, named, remove, sweep};

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
    /// The file bears the mark of a generated file but is no longer generated.
    Orphaned,
}

impl std::fmt::Display for Drift {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            DriftKind::Missing => writeln!(f, "missing: {}", self.path),
            DriftKind::Orphaned => writeln!(f, "orphaned: {} is no longer generated", self.path),
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
    /// are no longer part of the output. A file that differs in nothing but the ends of its lines is not changed. Files without the mark of a generated file are never touched.
    ///
    /// # Errors
    ///
    /// When the folder or a file cannot be read or written; and when a file that was not generated, or a symbolic link,
    /// stands in the way.
    pub fn write(&self, folder: &Path) -> io::Result<Written> {
        self.check_obstacles(folder)?;
        let mut written = Written::default();
        for (path, text) in &self.files {
            if update(&folder.join(path), text)? {
                written.changed.push(path.clone());
            } else {
                written.unchanged += 1;
            }
        }
        let leftovers = self.leftovers(folder)?;
        for path in &leftovers.unfinished {
            sweep(&folder.join(path))?;
            remove_empty_folders(folder, path);
        }
        for path in leftovers.orphans {
            remove(&folder.join(&path))?;
            remove_empty_folders(folder, &path);
            written.removed.push(path);
        }
        Ok(written)
    }

    /// Checks that nothing stands in the way of the files; writes nothing.
    ///
    /// # Errors
    ///
    /// When there is something else than a folder or a generated file where one is to be.
    pub fn check_obstacles(&self, folder: &Path) -> io::Result<()> {
        check_folder(folder)?;
        for path in self.files.keys() {
            if is_generated(&inside(folder, path)?)? == Some(false) {
                let message = format!("`{path}` is not a generated file; move it away before generating here");
                return Err(obstacle(message));
            }
        }
        Ok(())
    }

    /// Every difference between the files and a folder, whatever lines end with; writes nothing.
    ///
    /// # Errors
    ///
    /// When the folder or a file cannot be read; and when a symbolic link stands where a file or folder is generated.
    pub fn compare(&self, folder: &Path) -> io::Result<Vec<Drift>> {
        let mut drifts = Vec::new();
        for (path, text) in &self.files {
            let known = inside(folder, path)?;
            let kind = match is_same(&known, text)? {
                None => DriftKind::Missing,
                Some(true) => continue,
                Some(false) => {
                    let known = fs::read(&known).map_err(|error| named(&known, &error))?;
                    let known = String::from_utf8_lossy(&known).replace("\r\n", "\n");
                    DriftKind::Changed { line: first_difference(&known, text), diff: diff(path, &known, text) }
                }
            };
            drifts.push(Drift { path: path.clone(), kind });
        }
        let orphans = self.leftovers(folder)?.orphans;
        drifts.extend(orphans.into_iter().map(|path| Drift { path, kind: DriftKind::Orphaned }));
        Ok(drifts)
    }

    /// Files in the folders of the output that are not part of it.
    fn leftovers(&self, folder: &Path) -> io::Result<Leftovers> {
        let mut leftovers = Leftovers::default();
        let mut open = vec![String::new()];
        while let Some(below) = open.pop() {
            let entries = match fs::read_dir(Path::new(".").join(folder).join(&below)) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(named(&folder.join(&below), &error)),
            };
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
                if entry.file_type()?.is_dir() {
                    let ours = !below.is_empty() || name == "src" || name == "tests";
                    // A package inside has files of its own.
                    if ours && !entry.path().join(MANIFEST).exists() {
                        open.push(path);
                    }
                } else if is_unfinished(&name) {
                    leftovers.unfinished.push(path);
                } else if !below.is_empty()
                    && Path::new(&name).extension().is_some_and(|extension| extension == "rs")
                    && !self.files.contains_key(&path)
                    && is_generated(&entry.path())? == Some(true)
                {
                    leftovers.orphans.push(path);
                }
            }
        }
        leftovers.orphans.sort();
        Ok(leftovers)
    }
}

/// Removes the folders that a removed file has left empty, up to that of the crate.
fn remove_empty_folders(folder: &Path, path: &str) {
    let above = Path::new(path).ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
    let _not_empty = above.map(|above| fs::remove_dir(folder.join(above))).find(Result::is_err);
}

/// Checks that a path is a folder, or can become one.
///
/// # Errors
///
/// When it is something else, or inside of something else.
pub fn check_folder(folder: &Path) -> io::Result<()> {
    for path in folder.ancestors().filter(|path| !path.as_os_str().is_empty()) {
        match fs::metadata(path) {
            Ok(known) if known.is_dir() => return Ok(()),
            Ok(_) => return Err(obstacle(format!("{} is a file where a folder is to be", path.display()))),
            Err(_) if fs::symlink_metadata(path).is_ok() => {
                let path = path.display();
                return Err(obstacle(format!("{path} is a symbolic link that does not lead to a folder")));
            }
            Err(_) => {}
        }
    }
    Ok(())
}

fn obstacle(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, message)
}

/// Returns the path of a file in a folder. Refuses symbolic links, since whatever they lead to may belong to somebody else,
/// and a file for a folder or a folder for a file.
fn inside(folder: &Path, path: &str) -> io::Result<PathBuf> {
    let mut inside = folder.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        inside.push(part);
        let Ok(known) = fs::symlink_metadata(&inside) else { continue };
        let (shown, last) = (inside.display(), parts.peek().is_none());
        if known.is_symlink() {
            return Err(obstacle(format!(
                "{shown} is a symbolic link, and generated files are not written through one: remove it, or choose another folder"
            )));
        }
        if known.is_dir() == last {
            let (found, expected) = if last { ("folder", "file") } else { ("file", "folder") };
            return Err(obstacle(format!("{shown} is a {found} where a {expected} is to be")));
        }
    }
    Ok(inside)
}

/// Files that are not part of an output, by path relative to its folder.
#[derive(Default)]
struct Leftovers {
    /// Generated files.
    orphans: Vec<String>,
    /// Files that are being written, or whose process ended before they were complete.
    unfinished: Vec<String>,
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

    use super::{DriftKind, Output};
    use crate::print::MARK;

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

    #[test]
    fn many_at_once_succeed_and_leave_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let texts: Vec<Output> = ["a", "b"].map(|text| output(&[("src/a.rs", text), ("src/codec/b.rs", text)])).into();
        std::thread::scope(|scope| {
            for index in 0..8 {
                let (output, folder) = (&texts[index % 2], folder.path());
                scope.spawn(move || {
                    for _ in 0..50 {
                        output.write(folder).unwrap();
                        output.compare(folder).unwrap();
                    }
                });
            }
        });
        texts[0].write(folder.path()).unwrap();
        assert!(texts[0].compare(folder.path()).unwrap().is_empty());
        for below in ["src", "src/codec"] {
            let names = fs::read_dir(folder.path().join(below)).unwrap().map(|entry| entry.unwrap().file_name());
            assert!(names.into_iter().all(|name| !name.to_string_lossy().starts_with('.')), "{below}");
        }
    }

    #[test]
    fn what_an_ended_process_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let files = output(&[("Cargo.toml", "a"), ("src/a.rs", "a")]);
        files.write(folder.path()).unwrap();
        let left = [".eventwire-1.new", "src/.eventwire-2.new"].map(|path| folder.path().join(path));
        let other = folder.path().join("docs/.eventwire-3.new");
        fs::create_dir(folder.path().join("docs")).unwrap();
        left.iter().chain([&other]).for_each(|path| fs::write(path, "half").unwrap());
        assert!(files.compare(folder.path()).unwrap().is_empty());
        assert!(files.write(folder.path()).unwrap().removed.is_empty(), "not a generated file");
        assert!(left.iter().all(|path| !path.exists()) && other.exists());
    }

    #[test]
    fn line_ends_do_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let files = output(&[("src/a.rs", "a\nb\nc\n")]);
        let path = folder.path().join("src/a.rs");
        files.write(folder.path()).unwrap();
        let checked_out = fs::read_to_string(&path).unwrap().replace('\n', "\r\n");
        fs::write(&path, &checked_out).unwrap();
        assert!(files.compare(folder.path()).unwrap().is_empty());
        assert_eq!(files.write(folder.path()).unwrap().unchanged, 1);
        assert_eq!(fs::read_to_string(&path).unwrap(), checked_out, "the line ends are those of the checkout");

        fs::write(&path, checked_out.replace("b\r\n", "edited\r\n")).unwrap();
        let drifts = files.compare(folder.path()).unwrap();
        let DriftKind::Changed { line: 3, diff } = &drifts[0].kind else { panic!("{drifts:?}") };
        assert!(diff.contains("\n a\n-edited\n+b\n c\n"), "other lines are as they should be: {diff}");
        for different in ["a\nb\n", "a\nb\nc", "a\nb\nc\nd\n", "a\nb\nc\r", "a\r\r\nb\nc\n", ""] {
            let marked = format!("// {MARK}\n{different}");
            fs::write(&path, &marked).unwrap();
            assert_eq!(files.compare(folder.path()).unwrap().len(), 1, "{different:?}");
        }
        files.write(folder.path()).unwrap();
        assert!(!fs::read_to_string(&path).unwrap().contains('\r'));
    }

    #[test]
    fn a_package_of_its_own_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (outer, inner) = (output(&[("src/lib.rs", "a")]), output(&[("Cargo.toml", "b"), ("src/lib.rs", "b")]));
        let below = folder.path().join("src/inner");
        outer.write(folder.path()).unwrap();
        inner.write(&below).unwrap();
        for (files, folder) in [(&outer, folder.path()), (&inner, &below)] {
            assert_eq!(files.write(folder).unwrap().removed, [""; 0]);
            assert!(files.compare(folder).unwrap().is_empty());
        }
    }

    #[test]
    fn folders_go_with_the_last_file_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let files = [("src/a.rs", "a"), ("src/b/c/d.rs", "d"), ("src/e/f.rs", "f"), ("tests/g.rs", "g")];
        output(&files).write(folder.path()).unwrap();
        fs::write(folder.path().join("src/e/own.rs"), "// mine").unwrap();
        output(&files[..1]).write(folder.path()).unwrap();
        let exists = |path: &str| folder.path().join(path).exists();
        assert!(!exists("src/b") && !exists("tests"), "empty folders are left");
        assert!(exists("src/e/own.rs") && exists("src/a.rs"));
        output(&[]).write(folder.path()).unwrap();
        assert!(folder.path().is_dir(), "the folder of the crate is somebody's choice");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_or_removed_through_a_link() {
        use std::os::unix::fs::symlink;

        let files = output(&[("Cargo.toml", "a"), ("src/codec/a.rs", "a"), ("src/lib.rs", "a")]);
        let theirs = tempfile::tempdir().unwrap();
        let known = output(&[("Cargo.toml", "b"), ("src/codec/b.rs", "b"), ("src/lib.rs", "b"), ("tests/b.rs", "b")]);
        known.write(theirs.path()).unwrap();
        for link in ["src", "src/codec", "src/lib.rs", "Cargo.toml"] {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir_all(folder.path().join(link).parent().unwrap()).unwrap();
            symlink(theirs.path().join(link), folder.path().join(link)).unwrap();
            for error in [files.write(folder.path()).unwrap_err(), files.compare(folder.path()).unwrap_err()] {
                assert!(error.to_string().contains(&format!("{link} is a symbolic link")), "{error}");
            }
            assert!(known.compare(theirs.path()).unwrap().is_empty(), "{link}");
        }
        // What is not part of the output does not matter, and the folder itself may be a link.
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("crate")).unwrap();
        symlink("crate", folder.path().join("link")).unwrap();
        symlink(theirs.path().join("tests"), folder.path().join("crate/tests")).unwrap();
        files.write(&folder.path().join("link")).unwrap();
        assert!(files.compare(&folder.path().join("crate")).unwrap().is_empty());
        assert!(known.compare(theirs.path()).unwrap().is_empty());
    }
}
