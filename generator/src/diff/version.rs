//! The version and the changelog entry that a diff requires.

use std::fmt::Write as _;

use super::{Change, Diff};

/// The required increment of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// Nothing changed.
    None,
    /// No action is required: 1.2.3 becomes 1.2.4, 0.1.2 becomes 0.1.3.
    Fix,
    /// Something was added: 1.2.3 becomes 1.3.0, 0.1.2 becomes 0.1.3.
    Addition,
    /// Code or peers break: 1.2.3 becomes 2.0.0, 0.1.2 becomes 0.2.0, 0.0.3 becomes 0.0.4.
    Breaking,
}

impl Bump {
    /// Returns the word for it in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Fix => "fix",
            Self::Addition => "addition",
            Self::Breaking => "breaking",
        }
    }

    fn of(change: &Change) -> Self {
        if change.breaks_source() || change.breaks_wire() {
            return Self::Breaking;
        }
        if change.rule.is_addition() { Self::Addition } else { Self::Fix }
    }

    /// The next version; `None` where the text is not a version or nothing changed.
    fn apply(self, version: &str) -> Option<String> {
        let [major, minor, patch] = numbers(version)?;
        let next = match (self, major, minor) {
            (Self::None, ..) => return None,
            (Self::Breaking, 0, 0) => (0, 0, patch + 1),
            (Self::Breaking, 0, _) => (0, minor + 1, 0),
            (Self::Breaking, ..) => (major + 1, 0, 0),
            (Self::Addition, 1.., _) => (major, minor + 1, 0),
            (Self::Addition | Self::Fix, ..) => (major, minor, patch + 1),
        };
        Some(format!("{}.{}.{}", next.0, next.1, next.2))
    }
}

/// Returns the numbers of a version, without pre-release and build.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<u64> = core.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

impl Diff {
    /// Returns the required increment of the crate's version.
    #[must_use]
    pub fn bump(&self) -> Bump {
        self.changes.iter().map(Bump::of).max().unwrap_or(Bump::None)
    }

    /// Returns the version that follows the old crate's: that of the new crate, where it has grown enough, else the
    /// least one that does. `None` where nothing changed.
    #[must_use]
    pub fn next_version(&self) -> Option<String> {
        let least = self.bump().apply(&self.version)?;
        let enough = self.new_version != self.version && numbers(&self.new_version) >= numbers(&least);
        Some(if enough { self.new_version.clone() } else { least })
    }

    /// Returns an entry for a changelog, in Markdown; empty where nothing changed.
    #[must_use]
    pub fn changelog(&self) -> String {
        let mut text = String::new();
        let Some(version) = self.next_version() else { return text };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "## {version}");
        for (title, bump) in [("Breaking", Bump::Breaking), ("Added", Bump::Addition), ("Changed", Bump::Fix)] {
            let mut changes = self.changes.iter().filter(|change| Bump::of(change) == bump).peekable();
            if changes.peek().is_some() {
                let _ = writeln!(text, "\n### {title}\n");
            }
            for change in changes {
                let _ = writeln!(text, "- {}", super::report::sentence(&change.message));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Bump;

    #[test]
    fn versions_grow() {
        for (version, fix, addition, breaking) in [
            ("1.2.3", "1.2.4", "1.3.0", "2.0.0"),
            ("0.1.2", "0.1.3", "0.1.3", "0.2.0"),
            ("0.0.3", "0.0.4", "0.0.4", "0.0.4"),
            ("2.0.0-beta.1+5", "2.0.1", "2.1.0", "3.0.0"),
        ] {
            assert_eq!(Bump::Fix.apply(version).as_deref(), Some(fix));
            assert_eq!(Bump::Addition.apply(version).as_deref(), Some(addition));
            assert_eq!(Bump::Breaking.apply(version).as_deref(), Some(breaking));
            assert_eq!(Bump::None.apply(version), None);
        }
        assert_eq!(Bump::Fix.apply("one"), None);
    }
}
