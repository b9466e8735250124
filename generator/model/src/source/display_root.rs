//! Folders as people know them.

use super::join;

/// Where the paths of a loader begin, as people know it: a folder of the work tree, or of a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DisplayRoot {
    revision: Option<String>,
    folder: String,
}

impl DisplayRoot {
    /// Creates a folder of the work tree; empty for the current one.
    pub fn folder(folder: impl Into<String>) -> Self {
        Self { revision: None, folder: folder.into() }
    }

    /// The same folder as a revision has it.
    #[must_use]
    pub fn at(self, revision: &str) -> Self {
        Self { revision: Some(revision.to_owned()), ..self }
    }

    /// Returns whether it is a folder of a commit.
    #[must_use]
    pub fn is_committed(&self) -> bool {
        self.revision.is_some()
    }

    /// Returns a path of the loader: `chat/common.yaml`, or `main:chat/common.yaml`.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        let path = join(&self.folder, path);
        match &self.revision {
            Some(revision) => format!("{revision}:{path}"),
            None => path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DisplayRoot;

    #[test]
    fn a_path_keeps_its_revision() {
        assert_eq!(DisplayRoot::folder("chat").path("../common.yaml"), "common.yaml");
        assert_eq!(DisplayRoot::folder("chat").at("main").path("../common.yaml"), "main:common.yaml");
        assert_eq!(DisplayRoot::folder("").at("main").path("chat.yaml"), "main:chat.yaml");
    }
}
