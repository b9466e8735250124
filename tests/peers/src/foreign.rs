//! Programs of others, as children that speak in lines of JSON.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::Failure;

/// How long a child may take for its next line.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where the programs of others are installed.
#[derive(Debug)]
pub(crate) struct Tools {
    folder: PathBuf,
}

impl Tools {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Starts a script with the Python of the virtual environment.
    pub(crate) fn python<A: AsRef<OsStr>>(
        &self,
        script: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Foreign, Failure> {
        let mut command = Command::new(self.folder.join("python/bin/python"));
        command.arg(scripts().join(script)).args(arguments);
        Foreign::start(command)
    }
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts")
}

/// A child. It is killed when this is dropped, and ends by itself when its standard input does.
#[derive(Debug)]
pub(crate) struct Foreign {
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Foreign {
    fn start(mut command: Command) -> Result<Self, Failure> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| format!("{command:?} cannot be started: {error}"))?;
        let stdout = child.stdout.take().ok_or("a child without standard output")?;
        Ok(Self { lines: BufReader::new(stdout).lines(), _child: child })
    }

    /// The next thing it says; `None` when it has ended.
    pub(crate) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Failure> {
        match timeout(PATIENCE, self.lines.next_line()).await.map_err(|_| "a peer says nothing any more")?? {
            None => Ok(None),
            Some(line) => serde_json::from_str(&line).map(Some).map_err(|error| format!("`{line}`: {error}").into()),
        }
    }

    /// Everything that it still says.
    pub(crate) async fn rest<T: DeserializeOwned>(&mut self) -> Result<Vec<T>, Failure> {
        let mut said = Vec::new();
        while let Some(next) = self.next().await? {
            said.push(next);
        }
        Ok(said)
    }
}
