//! The text of a `$ref`, and paths.

use super::pointer::percent_decode;

/// The parts of a `$ref`.
pub(super) struct Reference<'r> {
    pub(super) document: ReferencedDocument<'r>,
    /// What follows `#`.
    pub(super) fragment: &'r str,
}

/// What a `$ref` names before its fragment.
pub(super) enum ReferencedDocument<'r> {
    /// The file that contains it.
    Same,
    /// A file, relative to the folder of the one that contains it.
    Path(String),
    /// Something on the network, or another scheme.
    Url(&'r str),
}

impl<'r> Reference<'r> {
    pub(super) fn parse(reference: &'r str) -> Self {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let document = match document {
            "" => ReferencedDocument::Same,
            url if is_url(url) => ReferencedDocument::Url(url),
            // A path that is not properly encoded is taken as it is: that is what was meant.
            path => ReferencedDocument::Path(percent_decode(path).unwrap_or_else(|| path.to_owned())),
        };
        Self { document, fragment }
    }
}

/// RFC 3986, section 4.2: a scheme, or an authority. One letter is a drive of Windows.
fn is_url(document: &str) -> bool {
    let scheme = document.split_once(':').is_some_and(|(scheme, _)| {
        let rest = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        scheme.len() > 1 && scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(rest)
    });
    scheme || document.starts_with("//")
}

/// Joins a path to a folder and removes `.`, and `..` where something stands before it.
#[must_use]
pub fn join(folder: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    let joined = match folder {
        folder if !folder.is_empty() && !is_absolute(&path) => format!("{folder}/{path}"),
        _ => path,
    };
    let absolute = joined.starts_with('/');
    let mut segments: Vec<&str> = Vec::new();
    for segment in joined.split('/') {
        match (segment, segments.last()) {
            ("" | ".", _) => {}
            ("..", Some(&last)) if last != ".." => drop(segments.pop()),
            ("..", None) if absolute => {}
            (segment, _) => segments.push(segment),
        }
    }
    let root = if absolute { "/" } else { "" };
    root.to_owned() + &segments.join("/")
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.as_bytes().get(1) == Some(&b':')
}

/// Returns the folder of a path; empty where there is none.
pub(super) fn folder(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => "",
    }
}

/// Returns whether a path without `.` is in a folder or below.
pub(super) fn is_inside(folder: &str, path: &str) -> bool {
    match folder {
        "" => !is_absolute(path) && path != ".." && !path.starts_with("../"),
        "/" => path.starts_with('/'),
        folder => path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/') && !rest.starts_with("/../")),
    }
}
