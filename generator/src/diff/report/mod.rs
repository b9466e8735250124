//! A diff for people, for pull requests and for programs.

mod human;
mod json;
mod markdown;

use super::{Break, Change, Diff, Reading, Wire, surface};

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
    let travels = change.directions.received || change.directions.sent;
    if change.wire == Wire::SAME {
        return travels.then(|| "old and new understand each other".to_owned()).into_iter().collect();
    }
    let (forward, backward) = (verb(change.wire.old_reads_new), verb(change.wire.new_reads_old));
    if change.rule.is_handshake() {
        return vec![format!(
            "a new peer {backward} the handshake of an old crate, an old peer {forward} that of a new crate"
        )];
    }
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
    let Some(is) = is else { return lost(item) };
    if item.ends_with("::new") {
        let taken =
            |arguments: &str| if arguments.is_empty() { "nothing".to_owned() } else { format!("`{arguments}`") };
        return format!("`{item}` took {} and takes {}", taken(was), taken(is));
    }
    let parts = [(surface::IN_A_MATCH, "a match on"), (surface::IN_AN_IMPL, "an implementation of")];
    for (part, user) in parts {
        if let Some(owner) = item.strip_suffix(part) {
            return format!("{user} `{owner}` was complete with `{was}` and is with `{is}`");
        }
    }
    match (was.as_str(), is.as_str()) {
        ("", is) => format!("`{item}` is `{is}` now"),
        (was, "") => format!("`{item}` was `{was}`"),
        (was, is) => format!("`{item}` was `{was}` and is `{is}`"),
    }
}

/// That something is not there any more.
pub(super) fn lost(item: &str) -> String {
    if let Some(owner) = item.strip_suffix(surface::WRITTEN) {
        return format!("`{owner}` cannot be written with `..` any more");
    }
    match item.split_once(": ") {
        Some((owner, implemented)) => format!("`{owner}` does not implement `{implemented}` any more"),
        None => format!("`{item}` is gone"),
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
        let count = |number: usize, what: &str, harmless: &str| match number {
            0 => harmless.to_owned(),
            1 => format!("1 breaks {what}"),
            more => format!("{more} break {what}"),
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
            "{changes}: {}, {}{}",
            count(wire, "peers", "no peer refuses another"),
            count(source, "code", "code still compiles"),
            next.unwrap_or_default()
        )
    }
}
