//! What is to be reached, and how far it is.

use super::decode;
use super::report::Figures;

/// One figure with its mark.
pub(super) struct Target {
    pub(super) what: &'static str,
    mark: Mark,
    measured: f64,
    /// Whether it is a count, which can be judged anywhere; times and memory depend on the machine.
    pub(super) exact: bool,
}

#[derive(Debug, Clone, Copy)]
enum Mark {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    pub(super) fn reached(&self) -> bool {
        match self.mark {
            Mark::AtLeast(mark) => self.measured >= mark,
            Mark::AtMost(mark) => self.measured <= mark,
        }
    }

    pub(super) fn mark(&self) -> String {
        match self.mark {
            Mark::AtLeast(mark) => format!("≥ {mark}"),
            Mark::AtMost(mark) => format!("≤ {mark}"),
        }
    }

    pub(super) fn shown(&self) -> String {
        format!("{:.2}", self.measured)
    }
}

/// Every mark whose figures were measured.
pub(super) fn all(figures: &Figures) -> Vec<Target> {
    let mut targets = Vec::new();
    targets.extend(figures.decode.iter().flat_map(decoding));
    targets.extend(figures.generate.iter().flat_map(|lines| generating(lines)));
    targets.extend(figures.compile.iter().flat_map(compiling));
    targets
}

fn decoding(figures: &decode::Figures) -> Vec<Target> {
    use Mark::{AtLeast, AtMost};
    let find = |row: &str, mix: &str| figures.get(&(row.to_owned(), mix.to_owned()));
    let instructions = |row, mix| find(row, mix)?.count.map(|count| count.instructions);
    let allocations = |row, mix| find(row, mix)?.count.map(|count| count.allocations);
    let time = |row, mix| find(row, mix).map(|figure| figure.time);
    let ratio = |left: Option<f64>, right: Option<f64>| Some(left? / right?);
    let counted = |left, right, mix| ratio(instructions(left, mix), instructions(right, mix));
    let timed = |left, right, mix| ratio(time(left, mix), time(right, mix));
    let rows = [
        (
            "decode, tag first, against `derive`: instructions",
            AtLeast(3.6),
            counted("derive", "eventwire", "each"),
            true,
        ),
        ("the same in a chat", AtLeast(3.6), counted("derive", "eventwire", "chat"), true),
        ("decode, tag first, against `derive`: time", AtLeast(5.5), timed("derive", "eventwire", "each"), false),
        (
            "decode, tag last, against `derive`: instructions",
            AtLeast(2.6),
            counted("derive", "eventwire", "last"),
            true,
        ),
        (
            "dispatch: the enum against the known struct, tag first: instructions",
            AtMost(1.03),
            counted("eventwire", "eventwire-known", "each"),
            true,
        ),
        ("the same, tag last", AtMost(1.4), counted("eventwire", "eventwire-known", "last"), true),
        ("decode against typify's untagged enum: time", AtLeast(20.0), timed("typify", "eventwire", "each"), false),
        (
            "encode against `derive`: instructions",
            AtLeast(2.4),
            counted("derive-encode", "eventwire-encode", "each"),
            true,
        ),
        (
            "allocations for an event, whose raw values share a copy of it",
            AtMost(12.0),
            allocations("eventwire", "each"),
            true,
        ),
        ("allocations for typing and health checks", AtMost(6.0), allocations("eventwire", "small"), true),
        ("decode against Node's `JSON.parse`: time", AtLeast(3.0), timed("node", "eventwire", "each"), false),
        (
            "skipping an unwanted kind against decoding it: instructions",
            AtMost(0.4),
            counted("eventwire-skip", "eventwire", "each"),
            true,
        ),
        ("the same, tag last", AtMost(0.4), counted("eventwire-skip", "eventwire", "last"), true),
        ("allocations for a skipped event", AtMost(0.0), allocations("eventwire-skip", "last"), true),
    ];
    targets(rows)
}

#[allow(clippy::cast_precision_loss, reason = "bytes of memory")]
fn generating(lines: &[super::generate::Line]) -> Vec<Target> {
    use Mark::AtMost;
    let find = |name: &str| lines.iter().find(|line| line.document == name);
    let cpu = |name| find(name).map(|line| line.own.milliseconds() / line.typify.milliseconds());
    let memory = |name| find(name).map(|line| line.own.memory as f64 / line.typify.memory as f64);
    let own = |name| find(name).map(|line| line.own.milliseconds());
    let growth = own("synthetic-10000").zip(own("synthetic-1000")).map(|(large, small)| large / small);
    targets([
        ("generate the Stream crate against typify: CPU", AtMost(0.5), cpu("stream-chat"), false),
        ("generate 10,000 messages against typify: CPU", AtMost(0.3), cpu("synthetic-10000"), false),
        ("the same: peak of memory", AtMost(0.5), memory("synthetic-10000"), false),
        ("generate 10,000 messages against 1,000: CPU", AtMost(11.0), growth, false),
    ])
}

fn compiling(costs: &super::compile::Costs) -> Vec<Target> {
    let ratio = |mode: usize| Some(costs.own.modes[mode] / costs.derived.modes[mode]);
    targets([
        ("compile the generated crate against the derived one: check", Mark::AtMost(0.6), ratio(0), false),
        ("the same: debug build", Mark::AtMost(0.6), ratio(1), false),
        ("the same: release build", Mark::AtMost(0.5), ratio(2), false),
    ])
}

fn targets<const N: usize>(rows: [(&'static str, Mark, Option<f64>, bool); N]) -> Vec<Target> {
    let target = |(what, mark, measured, exact): (_, _, Option<f64>, _)| {
        measured.map(|measured| Target { what, mark, measured, exact })
    };
    rows.into_iter().filter_map(target).collect()
}
