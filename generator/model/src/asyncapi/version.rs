//! The version that a document says it follows.

use super::foreign;
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Sources;

/// The version of the specification a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// 2 or 3.
    pub major: u32,
    /// What follows the first dot.
    pub minor: u32,
}

/// The newest minor version of each major version that is known.
const NEWEST: [Version; 2] = [Version { major: 2, minor: 6 }, Version { major: 3, minor: 1 }];

/// Reads `asyncapi` ; nothing when the document is of no known version.
pub(super) fn read(root: &Cursor<'_>, sources: &Sources, diagnostics: &mut Diagnostics) -> Option<Version> {
    let Some(member) = root.member("asyncapi") else {
        diagnostics.push(foreign::report(root, sources.path_of(root.location.file)));
        return None;
    };
    let text = root.string("asyncapi", diagnostics).unwrap_or_default();
    let version = parse(&text);
    let Some((version, newest)) = version.and_then(|version| Some((version, newest(version.major)?))) else {
        let diagnostic = Diagnostic::new(Code::UnsupportedVersion, format!("AsyncAPI `{text}` is not supported"))
            .at(member.node.span, "this version")
            .help("versions 2.0.0 to 2.6.0, 3.0.0 and 3.1.0 can be read");
        diagnostics.push(diagnostic);
        return None;
    };
    if version > newest {
        let known = format!("{}.{}", newest.major, newest.minor);
        let diagnostic = Diagnostic::new(Code::UnknownMinorVersion, format!("AsyncAPI `{text}` is newer than {known}"))
            .at(member.node.span, "this version")
            .help(format!("it is read as {known}"));
        diagnostics.push(diagnostic);
    }
    Some(version.min(newest))
}

fn newest(major: u32) -> Option<Version> {
    NEWEST.into_iter().find(|version| version.major == major)
}

/// `2.6.0`, `3.0.0-next.1`; the patch level does not matter.
fn parse(text: &str) -> Option<Version> {
    let mut numbers = text.trim().split(['.', '-', '+']);
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next().map_or(Ok(0), str::parse).ok()?;
    Some(Version { major, minor })
}

#[cfg(test)]
mod tests {
    use super::{Version, parse};

    #[test]
    fn versions_are_read_up_to_the_minor() {
        for (text, version) in [
            ("2.0.0", Some((2, 0))),
            ("2.6.0", Some((2, 6))),
            ("2.6", Some((2, 6))),
            ("3", Some((3, 0))),
            ("3.0.0-next-major-spec.1", Some((3, 0))),
            ("3.1.12+build", Some((3, 1))),
            ("two", None),
            ("2.x.0", None),
            ("", None),
        ] {
            assert_eq!(parse(text), version.map(|(major, minor)| Version { major, minor }), "{text}");
        }
    }
}
