//! One file on disk: read for comparison, and replaced at once or not at all.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::print::MARK;

/// How much of a file is compared at a time, in bytes.
const PART: usize = 1 << 16;

/// How much of the first line of a file is searched for the mark, in bytes.
const FIRST_LINE: u64 = 1 << 16;

/// What the names of files begin and end with that are not complete yet.
const UNFINISHED: (&str, &str) = (".eventwire-", ".new");

/// Writes a file unless it has the text already; returns whether it was written.
pub(crate) fn update(target: &Path, text: &str) -> io::Result<bool> {
    let changed = is_same(target, text)? != Some(true);
    if changed {
        write_file(target, text)?;
    }
    Ok(changed)
}

/// Writes a file at once or not at all: it is written beside the target and takes its place when it is complete. The folder
/// is created if need be. A symbolic link is replaced, and what it leads to stays as it is. An existing file keeps its
/// permissions.
///
/// # Errors
///
/// When the folder or the file cannot be written.
pub fn write_file(target: &Path, text: &str) -> io::Result<()> {
    replace(target, text).map_err(|error| named(target, &error))
}

fn replace(target: &Path, text: &str) -> io::Result<()> {
    let folder = target.parent().unwrap_or(target);
    fs::create_dir_all(folder)?;
    let mut file = beside(folder)?;
    file.write_all(text.as_bytes())?;
    if let Ok(known) = fs::symlink_metadata(target)
        && known.is_file()
    {
        file.as_file().set_permissions(known.permissions())?;
    }
    file.persist(target)?;
    Ok(())
}

/// Creates a file in a folder that other processes leave alone as long as this one lives.
fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let (prefix, suffix) = UNFINISHED;
    loop {
        let file = Builder::new().prefix(prefix).suffix(suffix).make_in(folder, |path| File::create_new(path))?;
        // Another process may have swept the file before it was locked. Where files cannot be locked, nothing is swept.
        if file.as_file().lock().is_err() || file.path().exists() {
            return Ok(file);
        }
    }
}

/// Whether a file has the name of one that is not complete.
pub(super) fn is_unfinished(name: &str) -> bool {
    let (prefix, suffix) = UNFINISHED;
    name.starts_with(prefix) && name.ends_with(suffix)
}

/// Removes a file that was not completed because its process ended.
pub(super) fn sweep(unfinished: &Path) -> io::Result<()> {
    let Some(file) = open(unfinished)? else { return Ok(()) };
    if file.try_lock().is_ok() { remove(unfinished) } else { Ok(()) }
}

/// Removes a file, which another process may have done in the meantime.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(named(path, &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A file, if it is there.
fn open(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(named(path, &error)),
    }
}

/// Whether the first line of a file has the mark of a generated one; `None` where there is no file.
pub(super) fn is_generated(path: &Path) -> io::Result<Option<bool>> {
    let Some(file) = open(path)? else { return Ok(None) };
    let mut line = Vec::new();
    let mut start = BufReader::with_capacity(1024, file).take(FIRST_LINE);
    start.read_until(b'\n', &mut line).map_err(|error| named(path, &error))?;
    Ok(Some(line.windows(MARK.len()).any(|part| part == MARK.as_bytes())))
}

/// Whether a file has a text, whatever its lines end with; `None` where there is no file. Only a line of the file is in
/// memory at a time.
pub(super) fn is_same(path: &Path, text: &str) -> io::Result<Option<bool>> {
    let Some(file) = open(path)? else { return Ok(None) };
    let mut file = BufReader::with_capacity(PART, file);
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        found.clear();
        // A line of the file is longer by one byte at most.
        let longest = u64::try_from(line.len()).unwrap_or(u64::MAX).saturating_add(1);
        file.by_ref().take(longest).read_until(b'\n', &mut found).map_err(|error| named(path, &error))?;
        if line_of(&found) != line_of(line.as_bytes()) {
            return Ok(Some(false));
        }
    }
    Ok(Some(file.fill_buf().map_err(|error| named(path, &error))?.is_empty()))
}

/// What a line says, and whether it ends: in `\n`, or in `\r\n` as Git for Windows checks files out.
fn line_of(text: &[u8]) -> (&[u8], bool) {
    match text.strip_suffix(b"\n") {
        Some(line) => (line.strip_suffix(b"\r").unwrap_or(line), true),
        None => (text, false),
    }
}

/// An error with the path that it is about.
pub(super) fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::{UNFINISHED, is_unfinished, sweep, write_file};

    #[test]
    fn a_file_of_a_process_that_ended_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("{}abc{}", UNFINISHED.0, UNFINISHED.1));
        assert!(is_unfinished(path.file_name().unwrap().to_str().unwrap()));
        let file = File::create_new(&path).unwrap();
        file.lock().unwrap();
        sweep(&path).unwrap();
        assert!(path.exists(), "its process lives");
        drop(file);
        sweep(&path).unwrap();
        assert!(!path.exists());
        sweep(&path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_those_of_a_plain_file_or_of_the_one_before() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        fs::write(folder.path().join("plain"), "").unwrap();
        let written = folder.path().join("written");
        write_file(&written, "a").unwrap();
        assert_eq!(mode("written"), mode("plain"));
        fs::set_permissions(&written, fs::Permissions::from_mode(0o640)).unwrap();
        write_file(&written, "b").unwrap();
        assert_eq!((mode("written") & 0o777, fs::read_to_string(&written).unwrap()), (0o640, "b".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "theirs").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write_file(&link, "ours").unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "theirs");
        assert!(!link.symlink_metadata().unwrap().is_symlink());
    }
}
