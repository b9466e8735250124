//! What may be meant by a path at which there is no file.

use std::fs;
use std::path::Path;

use eventwire_document::source::closest;

use super::{is_toml, shown};

/// What files are called that are documents, settings or lists.
const ENDINGS: [&str; 4] = ["yaml", "yml", "json", "toml"];

/// Continues the sentence that there is no such file; empty where nothing is known.
pub(super) fn hint(path: &Path) -> String {
    let text = shown(path);
    if text == "-" {
        return "; standard input is not read: save the document and name the file".to_owned();
    }
    if text.starts_with("https:/") || text.starts_with("http:/") {
        return "; nothing is fetched from the network: save the document and name the file".to_owned();
    }
    beside(path).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

/// The file beside it with a similar name: another extension, or a misspelling.
fn beside(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy();
    let stem = Path::new(wanted.as_ref()).file_stem()?.to_string_lossy();
    // Without the dot a bare name has no folder that can be read.
    let entries = fs::read_dir(Path::new(".").join(path.parent()?)).ok()?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| {
            let path = entry.path();
            path.is_file() && path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
        })
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let is_document = |name: &&&str| !is_toml(Path::new(name));
    let alike =
        known.iter().filter(is_document).find(|name| Path::new(name).file_stem().is_some_and(|own| *own == *stem));
    // Settings that are not there are not the document.
    let alike = alike.filter(|_| !is_toml(path)).copied();
    let ending = wanted.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    // A slip is judged without the ending, which most files share.
    let slip = || {
        let known = known.iter().filter(|name| ending.as_deref().is_none_or(|ending| name.ends_with(ending)));
        let stems: Vec<(&str, &str)> =
            known.filter_map(|name| Some((Path::new(*name).file_stem()?.to_str()?, *name))).collect();
        let near = closest(&stem, &stems.iter().map(|(stem, _)| *stem).collect::<Vec<_>>())?;
        stems.into_iter().find(|(stem, _)| *stem == near).map(|(_, name)| name)
    };
    Some(shown(&path.with_file_name(alike.or_else(slip)?)))
}
