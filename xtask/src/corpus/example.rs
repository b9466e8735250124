//! Examples of messages: one JSON object a line.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Failure;

/// One example.
#[derive(Debug, Deserialize)]
pub(super) struct Example {
    /// The path of its document in the folder.
    pub(super) doc: String,
    /// The path of the file that the message stands in, `#` and the JSON pointer to the message.
    pub(super) message: String,
    /// The payload, as written.
    pub(super) payload: Box<RawValue>,
}

/// The examples of a folder; none when it has no `examples.jsonl`.
pub(super) fn read(folder: &Path) -> Result<Vec<Example>, Failure> {
    let path = folder.join("examples.jsonl");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("{}: {error}", path.display()).into()),
    };
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(index, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| format!("{}:{}: {error}", path.display(), index + 1).into())
    };
    lines.map(read).collect()
}
