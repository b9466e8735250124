//! The figures as `docs/benchmarks.md`.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use super::compile::{Costs, MODES};
use super::decode::{self, Figure};
use super::generate::Line;
use super::{TYPIFY, target};
use crate::Failure;

/// All that was measured.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) decode: Option<decode::Figures>,
    pub(super) generate: Option<Vec<Line>>,
    pub(super) compile: Option<Costs>,
    /// The section as it is.
    pub(super) runtime: Option<String>,
}

/// The decoder that only does what none can leave out.
const LIMIT: &str = "eventwire-pass";

/// The rows of decoders: how they are called, and what they are.
const DECODERS: [(&str, &str); 14] = [
    ("eventwire", "`Event::from_json`"),
    ("eventwire-known", "the struct that is known to fit, `eventwire::from_json`"),
    ("eventwire-skip", "`Event::kind_of`: which event it is, nothing decoded"),
    ("eventwire-ref", "`EventRef`: which event it is, its `cid` and the id of its user, nothing else read"),
    (LIMIT, "the frame validated and nothing kept, with the same reader"),
    ("derive", "serde's derive: `tag`, `flatten` for unknown members, timestamps as text"),
    ("derive-fallback", "the same inside of an untagged enum that takes unknown events too"),
    ("derive-chrono", "the same as `derive`, timestamps by chrono"),
    ("derive-lean", "the same as `derive`, unknown members dropped"),
    ("typify", "what typify prints for the schemas"),
    ("node", "Node.js, `JSON.parse`"),
    ("serde-json-skip", "serde_json, the frame validated and nothing kept"),
    ("serde-json-dom", "serde_json, a `Value`"),
    ("sonic-dom", "sonic-rs, a `Value`"),
];

/// The rows of encoders.
const ENCODERS: [(&str, &str); 4] = [
    ("eventwire-encode", "`Event::to_json`"),
    ("derive-encode", "serde's derive with `tag` and `flatten`"),
    ("derive-chrono-encode", "the same, timestamps by chrono"),
    ("derive-lean-encode", "the same as `derive`, without unknown members"),
];

/// The mixes of frames, and what they are.
const MIXES: [(&str, &str); 7] = [
    ("each", "one frame of every kind, `type` first"),
    ("last", "the same, `type` last"),
    ("chat", "a hundred frames of a busy chat: typing, reads, presence and health checks are 86 of them; `type` first"),
    ("chat-last", "the same, `type` last"),
    ("small", "typing and the health check that keeps a connection alive"),
    ("other", "events that the document does not name, and an application's own"),
    ("malformed", "frames that must be refused"),
];

/// The whole report.
pub(super) fn write(figures: &Figures) -> Result<String, Failure> {
    let mut text = format!(
        "# Benchmarks\n\n`cargo xtask bench` measures everything here and writes this file. It needs Linux, valgrind and the \
         registry; Node.js is left out where there is none.\n\nMachine: {}.\n\nInstructions are counted by callgrind and differ by \
         less than a percent from run to run. Times are medians of runs in turns in one process; they depend on the machine and \
         on what else it does, so compare ratios.\n\n",
        machine()?
    );
    targets(&mut text, figures)?;
    if let Some(decode) = &figures.decode {
        text += "## Decoding and encoding\n\nThe frames are those of `tests/payloads`, without blanks. Before anything is measured, \
                 every decoder into types proves that it writes each frame again as it came (`derive-lean` and typify: all but the \
                 members that they drop; chrono: the same instants). The result is dropped within the measured time. Ratios in \
                 brackets are against `derive`. The limit is `eventwire-pass`: no decoder can do without a look at every byte, \
                 and the column says how many times that a row takes, in instructions.\n\n";
        for (mix, what) in MIXES {
            mix_table(&mut text, decode, mix, what)?;
        }
        for mix in ["each", "chat"] {
            let title = format!("Encoding, `{mix}`");
            table(&mut text, decode, &title, &ENCODERS, mix, "derive-encode")?;
        }
    }
    if let Some(lines) = &figures.generate {
        generate_table(&mut text, lines)?;
    }
    if let Some(costs) = &figures.compile {
        compile_table(&mut text, costs)?;
    }
    if let Some(runtime) = &figures.runtime {
        text.extend(["## The runtime\n\n", runtime, "\n"]);
    }
    Ok(text)
}

/// The error of those instruction counts and allocations that miss their mark; times vary too much to judge by.
pub(super) fn judge(figures: &Figures) -> Result<(), Failure> {
    let targets = target::all(figures);
    let missed = targets.iter().filter(|target| target.exact && !target.reached());
    let missed: Vec<String> =
        missed.map(|target| format!("{}: {}, to reach: {}", target.what, target.shown(), target.mark())).collect();
    if missed.is_empty() { Ok(()) } else { Err(format!("missed:\n{}", missed.join("\n")).into()) }
}

fn targets(text: &mut String, figures: &Figures) -> Result<(), Failure> {
    let targets = target::all(figures);
    if targets.is_empty() {
        return Ok(());
    }
    text.push_str("## What is to be reached\n\n| figure | to reach | measured | |\n|---|---|---|---|\n");
    for target in targets {
        let verdict = if target.reached() { "✓" } else { "missed" };
        writeln!(text, "| {} | {} | {} | {verdict} |", target.what, target.mark(), target.shown())?;
    }
    text.push('\n');
    Ok(())
}

fn mix_table(text: &mut String, figures: &decode::Figures, mix: &str, what: &str) -> Result<(), Failure> {
    let against = if matches!(mix, "other" | "malformed") { "derive-fallback" } else { "derive" };
    table(text, figures, &format!("Decoding, `{mix}`: {what}"), &DECODERS, mix, against)
}

fn table(
    text: &mut String,
    figures: &decode::Figures,
    title: &str,
    rows: &[(&str, &str)],
    mix: &str,
    against: &str,
) -> Result<(), Failure> {
    let find = |row: &str| figures.get(&(row.to_owned(), mix.to_owned()));
    let base = find(against);
    let limit = rows.iter().find(|(row, _)| *row == LIMIT).and_then(|(row, _)| find(row)?.count);
    let (head, line) = if limit.is_some() { (" of the limit |", "---|") } else { ("", "") };
    writeln!(text, "### {title}\n\n| row | instructions |{head} time, ns | allocations |\n|---|---|{line}---|---|")?;
    for (row, what) in rows {
        let Some(Figure { count, time }) = find(row) else { continue };
        let ratio = |base: Option<f64>, own: f64| base.map_or(String::new(), |base| format!(" ({:.2})", base / own));
        let instructions = count.map_or(String::new(), |count| {
            let base = base.and_then(|base| base.count).map(|base| base.instructions);
            format!("{:.0}{}", count.instructions, ratio(base, count.instructions))
        });
        let of_limit = limit.map_or(String::new(), |limit| {
            count.map_or(" |".to_owned(), |count| format!(" {:.2} |", count.instructions / limit.instructions))
        });
        let allocations = count.map_or(String::new(), |count| format!("{:.1}", count.allocations));
        let time = format!("{time:.0}{}", ratio(base.map(|base| base.time), *time));
        writeln!(text, "| `{row}`: {what} | {instructions} |{of_limit} {time} | {allocations} |")?;
    }
    text.push('\n');
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "sizes of files and processes")]
fn generate_table(text: &mut String, lines: &[Line]) -> Result<(), Failure> {
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    write!(
        text,
        "## Generating\n\n`eventwire generate` beside `cargo-typify typify --no-builder` {TYPIFY} on the same schemas, both as \
         release builds, as whole processes: processor time, the peak of memory, and the size of what is written. Typify writes \
         types; Eventwire writes types, their decoders and encoders, enums of events, operation traits and the connection. The \
         synthetic documents are in the style of the Stream document, with a message per event and a shared type for each six.\n\n\
         | document | Eventwire: CPU, ms | typify: CPU, ms | ratio | Eventwire: MB | typify: MB | ratio | written, kB |\n\
         |---|---|---|---|---|---|---|---|\n"
    )?;
    for Line { document, own, typify, own_size, typify_size, check: _, reading: _ } in lines {
        writeln!(
            text,
            "| `{document}` | {:.0} | {:.0} | {:.2} | {:.1} | {:.1} | {:.2} | {:.0} / {:.0} |",
            own.milliseconds(),
            typify.milliseconds(),
            own.milliseconds() / typify.milliseconds(),
            megabytes(own.memory),
            megabytes(typify.memory),
            own.memory as f64 / typify.memory as f64,
            *own_size as f64 / 1e3,
            *typify_size as f64 / 1e3,
        )?;
    }
    text.push_str(
        "\n`eventwire check` on a crate that is fresh, the whole process. It generates in memory and compares, so it proves \
         what it says; the last column is the part of its instructions that reading the document takes.\n\n\
         | document | CPU, ms | MB | reading |\n|---|---|---|---|\n",
    );
    for Line { document, check, reading, .. } in lines {
        let reading = reading.map(|part| format!("{:.0} %", part * 100.0)).unwrap_or_default();
        writeln!(text, "| `{document}` | {:.1} | {:.1} | {reading} |", check.milliseconds(), megabytes(check.memory))?;
    }
    text.push('\n');
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "sizes of files")]
fn compile_table(text: &mut String, costs: &Costs) -> Result<(), Failure> {
    text.push_str(
        "## Compiling\n\nThe generated crate without the connection beside the `derive` crate, which has the types and the enums of \
         messages only: milliseconds of processor time for this one crate, what it depends on being compiled.\n\n\
         | | generated | derived | ratio |\n|---|---|---|---|\n",
    );
    let Costs { own, derived } = costs;
    for (((name, _, _), own), derived) in MODES.iter().zip(own.modes).zip(derived.modes) {
        writeln!(text, "| {name} | {own:.0} | {derived:.0} | {:.2} |", own / derived)?;
    }
    for (name, own, derived) in [
        ("sources, kB", own.sources, derived.sources),
        ("a stripped program that reads and writes an event, kB", own.program, derived.program),
    ] {
        let (own, derived) = (own as f64 / 1e3, derived as f64 / 1e3);
        writeln!(text, "| {name} | {own:.0} | {derived:.0} | {:.2} |", own / derived)?;
    }
    text.push('\n');
    Ok(())
}

/// The processor, how many of it, and the compiler.
fn machine() -> Result<String, Failure> {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("an unknown processor");
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism()?;
    let compiler = String::from_utf8(Command::new("rustc").arg("--version").output()?.stdout)?;
    let version: Vec<&str> = compiler.split_whitespace().take(2).collect();
    Ok(format!("{model}, {cores} cores, {}", version.join(" ")))
}
