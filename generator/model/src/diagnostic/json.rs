//! The form for programs: one JSON object a line.

use super::Record;

/// Returns one JSON object a line for each record.
///
/// Lines and columns count from 1, columns in Unicode scalar values; `endLine` and `endColumn` are those after the last
/// character. `file` and the four positions are those of the primary label, which `labels` repeats first; they are
/// absent when the diagnostic points nowhere.
#[must_use]
pub fn to_json(records: &[Record]) -> String {
    let line = |record: &Record| match serde_json::to_string(record) {
        Ok(json) => json + "\n",
        Err(error) => unreachable!("strings, numbers and lists always have a JSON form: {error}"),
    };
    records.iter().map(line).collect()
}
