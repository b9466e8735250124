//! The form for programs.

use serde_json::{Value, json};

use crate::diff::{Break, Change, Diff, SourceLocation};

impl Diff {
    /// Returns the changes as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "changes": self.changes.iter().map(change).collect::<Vec<_>>(),
            "breaks": { "wire": self.breaks_wire(), "source": self.breaks_source() },
            "bump": self.bump().name(),
            "version": self.version,
            "new_version": self.new_version,
            "next_version": self.next_version(),
            "changelog": self.changelog(),
        })
    }
}

fn change(change: &Change) -> Value {
    let forward = change.wire.old_reads_new.name();
    let backward = change.wire.new_reads_old.name();
    let way = |travels: bool, old_crate: &str, new_crate: &str| {
        travels.then(|| json!({ "old_crate_new_peer": old_crate, "new_crate_old_peer": new_crate }))
    };
    json!({
        "rule": change.rule.name(),
        "message": change.message,
        "old": change.old.as_ref().map(location),
        "new": change.new.as_ref().map(location),
        "wire": {
            "breaks": change.breaks_wire(),
            "received": way(change.directions.received, forward, backward),
            "sent": way(change.directions.sent, backward, forward),
        },
        "source": {
            "breaks": change.breaks_source(),
            "lost": change.source.iter().map(|lost| broken(lost)).collect::<Vec<_>>(),
        },
    })
}

fn location(place: &SourceLocation) -> Value {
    json!({ "path": place.path, "pointer": place.pointer, "line": place.line, "column": place.column })
}

fn broken(broken: &Break) -> Value {
    let Break { item, was, is, sentence: _ } = broken;
    json!({ "item": item.to_string(), "was": was.to_string(), "is": is.as_ref().map(ToString::to_string) })
}
