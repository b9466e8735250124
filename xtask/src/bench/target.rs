//! What the figures of the benchmarks should be, and why some are not.

use super::report::Figures;
use super::{compile, decode, generate};
use crate::goal::Goal;

/// One figure with its aim.
pub(super) struct Target {
    what: &'static str,
    mark: Mark,
    measured: f64,
    /// Whether it is a count, which can be judged anywhere; times and memory depend on the machine.
    pub(super) counted: bool,
    /// Why it is not reached, where that is known.
    reason: &'static str,
}

#[derive(Debug, Clone, Copy)]
enum Mark {
    AtLeast(f64),
    AtMost(f64),
}

use Mark::{AtLeast, AtMost};

impl Target {
    /// The figure as the pages show it.
    pub(super) fn goal(&self) -> Goal {
        let (bound, met) = match self.mark {
            AtLeast(mark) => (format!("≥ {mark}"), self.measured >= mark),
            AtMost(mark) => (format!("≤ {mark}"), self.measured <= mark),
        };
        let (name, measured) = (self.what.to_owned(), format!("{:.2}", self.measured));
        Goal { name, bound, measured, met, reason: self.reason.to_owned() }
    }
}

/// Every aim whose figure was measured.
pub(super) fn all(figures: &Figures) -> Vec<Target> {
    let mut targets = Vec::new();
    targets.extend(figures.decode.iter().flat_map(decoding));
    targets.extend(figures.generate.iter().flat_map(|lines| generating(lines)));
    targets.extend(figures.compile.iter().flat_map(compiling));
    targets
}

const STRINGS: &str = "The largest part of what is left is allocating, copying and freeing strings.";

fn decoding(figures: &decode::Figures) -> Vec<Target> {
    let count = |row, set| figures.get(row, set)?.count;
    let instructions = |row, set| count(row, set).map(|count| count.instructions);
    let allocations = |row, set| count(row, set).map(|count| count.allocations);
    let counted = |left, right, set| Some(instructions(left, set)? / instructions(right, set)?);
    let timed = |row, set| figures.get(row, set).map(|figure| figure.quotient.middle);
    let ours = "eventwire";
    let counts = [
        (
            "decode, tag first, `derive` against ours: instructions",
            AtLeast(3.6),
            counted("derive", ours, "each"),
            STRINGS,
        ),
        (
            "decode a chat, `derive` against ours: instructions",
            AtLeast(3.6),
            counted("derive", ours, "chat"),
            "Most frames of a chat are small and have few unknown members, whose buffering is what costs `derive` most.",
        ),
        (
            "decode, tag last, `derive` against ours: instructions",
            AtLeast(2.6),
            counted("derive", ours, "last"),
            STRINGS,
        ),
        (
            "decode, tag first, `tag-hand` against ours: instructions",
            AtLeast(1.6),
            counted("tag-hand", ours, "each"),
            STRINGS,
        ),
        (
            "decode a chat, `tag-hand` against ours: instructions",
            AtLeast(1.6),
            counted("tag-hand", ours, "chat"),
            STRINGS,
        ),
        (
            "refuse a malformed frame, against `tag-hand`: instructions",
            AtMost(1.0),
            counted(ours, "tag-hand", "malformed"),
            "The error names the message and the path to the value in it; serde's names a line and a column.",
        ),
        (
            "dispatch: the enum against the known struct, tag first: instructions",
            AtMost(1.03),
            counted(ours, "eventwire-known", "each"),
            "",
        ),
        (
            "dispatch: the enum against the known struct, tag last: instructions",
            AtMost(1.4),
            counted(ours, "eventwire-known", "last"),
            "",
        ),
        (
            "encode, `derive-encode` against ours: instructions",
            AtLeast(2.4),
            counted("derive-encode", "eventwire-encode", "each"),
            "",
        ),
        (
            "allocations for an event",
            AtMost(12.0),
            allocations(ours, "each"),
            "Each string is an allocation of its own, so that it can be kept without the frame.",
        ),
        ("allocations for typing and health checks", AtMost(6.0), allocations(ours, "small"), ""),
        (
            "skip an unwanted kind against decoding it: instructions",
            AtMost(0.4),
            counted("eventwire-skip", ours, "each"),
            "",
        ),
        (
            "skip an unwanted kind against decoding it, tag last: instructions",
            AtMost(0.4),
            counted("eventwire-skip", ours, "last"),
            "",
        ),
        ("allocations for a skipped event", AtMost(0.0), allocations("eventwire-skip", "last"), ""),
    ];
    let spent = [
        ("decode, tag first, `derive` against ours: time", AtLeast(5.5), timed("derive", "each"), STRINGS),
        (
            "decode, typify's untagged enum against ours: time",
            AtLeast(20.0),
            timed("typify", "each"),
            "With `type` first, trying a variant that does not fit ends at its first member.",
        ),
        (
            "decode, Node's `JSON.parse` against ours: time",
            AtLeast(3.0),
            timed("node", "each"),
            "`JSON.parse` makes untyped objects and checks neither members nor numbers.",
        ),
    ];
    targets(counts, true).chain(targets(spent, false)).collect()
}

#[allow(clippy::cast_precision_loss, reason = "bytes of memory")]
fn generating(lines: &[generate::Line]) -> Vec<Target> {
    let find = |name: &str| lines.iter().find(|line| line.document == name);
    let cpu = |name| find(name).map(|line| line.quotient.middle);
    let memory = |name| find(name).map(|line| line.own.memory as f64 / line.typify.memory as f64);
    let own = |name| find(name).map(|line| line.own.milliseconds());
    let growth = own("synthetic-10000").zip(own("synthetic-1000")).map(|(large, small)| large / small);
    let rows = [
        ("generate the Stream crate against typify: CPU", AtMost(0.5), cpu("stream-chat"), ""),
        ("generate 10,000 messages against typify: CPU", AtMost(0.5), cpu("synthetic-10000"), ""),
        ("generate 10,000 messages against typify: peak of memory", AtMost(0.5), memory("synthetic-10000"), ""),
        (
            "generate 10,000 messages against 1,000: CPU",
            AtMost(11.0),
            growth,
            "The work grows in proportion; what is more is the cost of memory.",
        ),
    ];
    targets(rows, false).collect()
}

fn compiling(costs: &compile::Costs) -> Vec<Target> {
    let [check, debug, release, _] = costs.quotients.map(|quotient| Some(quotient.middle));
    let rows = [
        ("compile the generated crate against the derived one: check", AtMost(0.6), check, ""),
        (
            "compile the generated crate against the derived one: debug build",
            AtMost(0.6),
            debug,
            "A debug build compiles every function, and the generated crate has more of them: validation, operations and connection requests.",
        ),
        ("compile the generated crate against the derived one: release build", AtMost(0.5), release, ""),
    ];
    targets(rows, false).collect()
}

/// What a target is made of; no figure where its part was not measured.
type Row = (&'static str, Mark, Option<f64>, &'static str);

fn targets(rows: impl IntoIterator<Item = Row>, counted: bool) -> impl Iterator<Item = Target> {
    rows.into_iter().filter_map(move |(what, mark, measured, reason)| {
        Some(Target { what, mark, measured: measured?, counted, reason })
    })
}
