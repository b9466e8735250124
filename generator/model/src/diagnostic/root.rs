//! Paths as a service shows them that knows the repository, not the folder in which the command ran.

use crate::source::join;

/// The top of a repository and the folder in which the command runs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Root {
    top: String,
    folder: String,
}

impl Root {
    /// Takes two absolute paths, with `/` as separator: the top of the repository, and the folder that paths in messages
    /// are relative to.
    #[must_use]
    pub fn new(top: &str, folder: &str) -> Self {
        Self { top: join("", top), folder: join("", folder) }
    }

    /// A path as it is from the top of the repository; an absolute one for what is outside.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        let absolute = join(&self.folder, path);
        let below = absolute.strip_prefix(&self.top).and_then(|rest| rest.strip_prefix('/'));
        below.map_or_else(|| absolute.clone(), str::to_owned)
    }
}
