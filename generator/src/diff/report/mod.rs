//! A diff for people, for pull requests and for programs.

mod human;
mod json;
mod markdown;
mod records;

use eventwire_document::ir::Usage;

use super::api_part::ItemPart;
use super::signature::shown;
use super::{ApiPart, Change, Diff, Meaning, Reading, Wire};

/// Describes the wire verdict of a change, one sentence for each direction. *Understood* readings are left out if there
/// are others.
fn wire(change: &Change) -> Vec<String> {
    let Wire { old_reads_new, new_reads_old } = change.wire;
    let Usage { received, sent } = change.directions;
    if change.wire == Wire::SAME {
        return (received || sent).then(|| "old and new understand each other".to_owned()).into_iter().collect();
    }
    if change.rule.is_handshake() {
        let of_old = clause("a new peer", new_reads_old, "the handshake of an old crate");
        return vec![joined(of_old, clause("an old peer", old_reads_new, "the handshake of a new crate"))];
    }
    let mut sentences = Vec::new();
    if received {
        let by_old = clause("an old crate", old_reads_new, "what a new peer sends");
        let both = joined(by_old, clause("a new crate", new_reads_old, "what an old peer sends"));
        sentences.push(format!("received: {both}"));
    }
    if sent {
        let by_new = clause("a new peer", new_reads_old, "what an old crate sends");
        let both = joined(by_new, clause("an old peer", old_reads_new, "what a new crate sends"));
        sentences.push(format!("sent: {both}"));
    }
    sentences
}

/// Describes a reading, unless it is *understood*.
fn clause(who: &str, reading: Reading, what: &str) -> Option<String> {
    let verb = match reading {
        Reading::Understood => return None,
        Reading::Tolerated => "tolerates",
        Reading::Refused => "refuses",
    };
    Some(format!("{who} {verb} {what}"))
}

fn joined(first: Option<String>, second: Option<String>) -> String {
    first.into_iter().chain(second).collect::<Vec<_>>().join(", ")
}

/// What breaks in code.
pub(super) fn source(item: &ApiPart, was: &Meaning, is: Option<&Meaning>) -> String {
    let Some(is) = is else { return lost(item) };
    let owner = item.item.name();
    match item.part {
        ItemPart::New => {
            let (was, is) = (was.to_string(), is.to_string());
            let taken = |arguments: &str, others: &str| match arguments {
                "" => "nothing".to_owned(),
                arguments => format!("`{}`", abridged(arguments, others)),
            };
            format!("`{item}` took {} and takes {}", taken(&was, &is), taken(&is, &was))
        }
        ItemPart::Match => format!("a match on `{owner}` {}", completed(was, is)),
        ItemPart::Impl => format!("an implementation of `{owner}` {}", completed(was, is)),
        ItemPart::Itself
        | ItemPart::Literal
        | ItemPart::Positions
        | ItemPart::Field(_)
        | ItemPart::Implements(_)
        | ItemPart::Member(_) => match (was.to_string().as_str(), is.to_string().as_str()) {
            ("", is) => format!("`{item}` is `{is}` now"),
            (was, "") => format!("`{item}` was `{was}`"),
            (was, is) => format!("`{item}` was `{was}` and is `{is}`"),
        },
    }
}

/// What a complete list needs now, and what it can no longer have.
fn completed(was: &Meaning, is: &Meaning) -> String {
    let clause = |verb: &str, names: Vec<&str>| {
        let names = first(names.into_iter().map(|name| format!("`{name}`")), NAMES);
        (!names.is_empty()).then(|| format!("{verb} {}", names.join(", ")))
    };
    joined(clause("needs", is.beyond(was)), clause("can no longer name", was.beyond(is)))
}

/// How many losses in code are reported for one change.
const LOSSES: usize = 12;
/// How many names of a list are written out.
const NAMES: usize = 20;
/// How many characters of a list of arguments are written out.
const ARGUMENTS: usize = 200;

/// The first entries of a list, and how many more there are.
fn first(mut entries: impl ExactSizeIterator<Item = String>, limit: usize) -> Vec<String> {
    // A list that is one entry too long is not worth an entry that says so.
    let shown = if entries.len() <= limit + 1 { entries.len() } else { limit };
    let mut texts: Vec<String> = entries.by_ref().take(shown).collect();
    if entries.len() > 0 {
        texts.push(format!("and {} more", entries.len()));
    }
    texts
}

/// A list of arguments, of a long one the part that begins where it differs from another list.
fn abridged(arguments: &str, others: &str) -> String {
    if arguments.len() <= ARGUMENTS {
        return arguments.to_owned();
    }
    let same = arguments.bytes().zip(others.bytes()).take_while(|(own, other)| own == other).count();
    let start = arguments.as_bytes()[..same].windows(2).rposition(|pair| pair == b", ").map_or(0, |at| at + 2);
    let mut ends = arguments[start..].match_indices(", ").map(|(at, _)| start + at);
    let end = ends.find(|end| end - start >= ARGUMENTS).unwrap_or(arguments.len());
    let before = if start > 0 { "…, " } else { "" };
    let after = if end < arguments.len() { ", …" } else { "" };
    format!("{before}{}{after}", &arguments[start..end])
}

/// Reports that something was removed.
pub(super) fn lost(item: &ApiPart) -> String {
    let owner = item.item.name();
    match &item.part {
        ItemPart::Literal => format!("`{owner}` can no longer be written with `..`"),
        ItemPart::Match => format!("a match on `{owner}` needs a wildcard"),
        ItemPart::Implements(implemented) => format!("`{owner}` no longer implements `{}`", shown(implemented)),
        ItemPart::Itself
        | ItemPart::Impl
        | ItemPart::Positions
        | ItemPart::Field(_)
        | ItemPart::New
        | ItemPart::Member(_) => {
            format!("`{item}` was removed")
        }
    }
}

/// Returns a message with an upper-case first letter.
pub(super) fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

impl Diff {
    /// The changes, the worst first; those that are as bad stay in their order.
    fn by_verdict(&self) -> Vec<&Change> {
        let mut changes: Vec<&Change> = self.changes.iter().collect();
        changes.sort_by_key(|change| change.verdict());
        changes
    }

    /// Returns the required version, or the new version if the settings already changed it.
    fn version_clause(&self, next: &str) -> String {
        let (was, is) = (&self.version, &self.new_version);
        match (was == is, next == is) {
            (true, _) => format!("; version {was} should become {next}"),
            (false, true) => format!("; version {was} became {is}, which is enough"),
            (false, false) => format!("; version {was} became {is} and should become {next}"),
        }
    }

    /// Returns a summary in one line.
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
        let next = self.next_version().map(|next| self.version_clause(&next));
        format!(
            "{changes}: {}, {}{}",
            count(wire, "peers", "no peer refuses another"),
            count(source, "code", "code still compiles"),
            next.unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{abridged, first};

    #[test]
    fn long_lists_are_shortened_around_what_differs() {
        let arguments: Vec<String> = (0..60).map(|index| format!("p{index}: i64")).collect();
        let (was, is) = (arguments.join(", "), arguments.join(", ").replace("p30: i64", "p30: String"));
        let text = abridged(&is, &was);
        assert!(text.starts_with("…, p30: String, p31: i64, ") && text.ends_with(", …"), "{text}");
        assert!(text.len() < 250, "{text}");
        assert_eq!(abridged("a: i64", "b: i64"), "a: i64");
        assert!(abridged(&was, "").starts_with("p0: i64, "));
        let names = |count: usize| first(vec!["x".to_owned(); count].into_iter(), 2).join(" ");
        assert_eq!([names(2), names(3), names(4)], ["x x", "x x x", "x x and 2 more"]);
    }
}
