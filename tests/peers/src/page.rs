//! The page on which the results are shown.

use std::fs;
use std::path::PathBuf;

use crate::Failure;

/// A page of Markdown with a part for each suite, between two comments that name it.
#[derive(Debug)]
pub(crate) struct Page {
    path: PathBuf,
}

impl Page {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Prints what a suite has found and puts it in its part of the page.
    pub(crate) fn show(&self, suite: &str, found: &str) -> Result<(), Failure> {
        print!("{found}");
        let text = fs::read_to_string(&self.path)?;
        let (begin, end) = (format!("<!-- {suite} -->\n"), format!("<!-- end of {suite} -->\n"));
        let part = || {
            let (before, rest) = text.split_once(&begin)?;
            Some((before, rest.split_once(&end)?.1))
        };
        let (before, after) = part().ok_or_else(|| format!("{} has no part `{suite}`", self.path.display()))?;
        Ok(fs::write(&self.path, format!("{before}{begin}\n{found}\n{end}{after}"))?)
    }
}
