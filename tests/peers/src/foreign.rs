//! Programs of others, as children that speak in lines of JSON.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::Failure;

/// How long a child may take for its next line.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where the programs of others are installed.
#[derive(Debug, Clone)]
pub(crate) struct Tools {
    folder: PathBuf,
}

impl Tools {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Starts a script, in the folder of the npm project if it is one of Node.js.
    pub(crate) fn start<A: AsRef<OsStr>>(
        &self,
        script: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Foreign, Failure> {
        let script = scripts().join(script);
        let mut command = if script.extension().is_some_and(|extension| extension == "js") {
            let mut command = Command::new("node");
            command.current_dir(self.folder.join("node"));
            command
        } else {
            Command::new(self.folder.join("python/bin/python"))
        };
        command.arg(script).args(arguments);
        Foreign::start(command)
    }
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts")
}

/// A child. It is killed when this is dropped, and ends by itself when its standard input does.
#[derive(Debug)]
pub(crate) struct Foreign {
    orders: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Foreign {
    fn start(mut command: Command) -> Result<Self, Failure> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| format!("{command:?} cannot be started: {error}"))?;
        let (Some(orders), Some(said)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("a child without standard input and output".into());
        };
        Ok(Self { orders, lines: BufReader::new(said).lines(), _child: child })
    }

    /// Tells it what to do.
    pub(crate) async fn order(&mut self, order: &impl Serialize) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        Ok(self.orders.write_all(&line).await?)
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
