//! A diff for people, for pull requests and for programs.

mod human;
mod json;
mod markdown;

use super::{Break, Change, Diff, Reading};

/// What a change means, in a word.
fn verdict(change: &Change) -> &'static str {
    if change.breaks_wire() || change.breaks_source() {
        "breaking"
    } else if change.wire.worst() == Reading::Tolerated && (change.directions.received || change.directions.sent) {
        "tolerated"
    } else {
        "compatible"
    }
}

/// What a change means on the wire, a sentence for each direction.
fn wire(change: &Change) -> Vec<String> {
    let verb = |reading| match reading {
        Reading::Understood => "understands",
        Reading::Tolerated => "tolerates",
        Reading::Refused => "refuses",
    };
    let (forward, backward) = (verb(change.wire.old_reads_new), verb(change.wire.new_reads_old));
    let mut sentences = Vec::new();
    if change.directions.received {
        sentences.push(format!(
            "received: an old crate {forward} what a new peer sends, a new crate {backward} what an old peer sends"
        ));
    }
    if change.directions.sent {
        sentences.push(format!(
            "sent: a new peer {backward} what an old crate sends, an old peer {forward} what a new crate sends"
        ));
    }
    sentences
}

/// What breaks in code.
fn source(broken: &Break) -> String {
    let Break { item, was, is } = broken;
    match is {
        None => format!("`{item}` is gone"),
        Some(is) if was.is_empty() => format!("`{item}` is `{is}` now"),
        Some(is) if is.is_empty() => format!("`{item}` was `{was}`"),
        Some(is) => format!("`{item}` was `{was}` and is `{is}`"),
    }
}

/// A message as a sentence begins.
pub(super) fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

impl Diff {
    /// What the diff comes to, in a line.
    #[must_use]
    pub fn summary(&self) -> String {
        let count = |number: usize, verb: [&str; 2]| match number {
            0 => format!("none {}", verb[0]),
            1 => format!("1 {}", verb[0]),
            more => format!("{more} {}", verb[1]),
        };
        let changes = match self.changes.len() {
            0 => return "no change".to_owned(),
            1 => "1 change".to_owned(),
            more => format!("{more} changes"),
        };
        let wire = self.changes.iter().filter(|change| change.breaks_wire()).count();
        let source = self.changes.iter().filter(|change| change.breaks_source()).count();
        let next = self.next_version().map(|next| format!("; version {} should become {next}", self.version));
        format!(
            "{changes}: {} peers, {} code{}",
            count(wire, ["breaks", "break"]),
            count(source, ["breaks", "break"]),
            next.unwrap_or_default()
        )
    }
}
