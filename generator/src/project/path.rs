//! Paths from one folder to another.

use std::io;
use std::path::{Component, Path, PathBuf};

/// A path as it is written from a folder, with `/` as separator. Neither has to exist; links are not followed.
///
/// # Errors
///
/// When a path is relative and the current folder is not known.
///
/// ```
/// assert_eq!(eventwire_codegen::relative("spec".as_ref(), "out/chat".as_ref())?, "../out/chat");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn relative(from: &Path, to: &Path) -> io::Result<String> {
    let (from, to) = (plain(from)?, plain(to)?);
    let same = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
    let up = from.iter().skip(same).map(|_| "..".to_owned());
    let down = to.iter().skip(same).map(|part| part.to_string_lossy().into_owned());
    let words: Vec<String> = up.chain(down).collect();
    Ok(if words.is_empty() { ".".to_owned() } else { words.join("/") })
}

/// A path from the root, without `.` and `..`.
pub(super) fn plain(path: &Path) -> io::Result<PathBuf> {
    let mut plain = PathBuf::new();
    for component in std::path::absolute(Path::new(".").join(path))?.components() {
        match component {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => plain.push(component),
        }
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::relative;

    #[test]
    fn paths_from_a_folder() {
        for (from, to, expected) in [
            ("spec", "spec/chat.yaml", "chat.yaml"),
            ("spec", "out", "../out"),
            (".", "a/../b", "b"),
            ("", "b", "b"),
            ("/a/b", "/a/b", "."),
            ("/a/b/c", "/a/d/e", "../../d/e"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)).unwrap(), expected, "{from} {to}");
        }
    }
}
