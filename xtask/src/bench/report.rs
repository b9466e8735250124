//! The figures as `docs/benchmarks.md`.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use super::compile::{Costs, MODES};
use super::decode::{self, Figure};
use super::generate::Line;
use super::{TYPIFY, synthetic, target};
use crate::Failure;
use crate::figures::RATES;
use crate::goal::{self, Goal};

/// All that was measured.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) decode: Option<decode::Figures>,
    pub(super) generate: Option<Vec<Line>>,
    pub(super) compile: Option<Costs>,
    pub(super) runtime: Option<Vec<Goal>>,
}

impl Figures {
    /// The quotients of times that spread so widely that the machine must have been busy.
    pub(super) fn wide(&self) -> Vec<String> {
        let decode = self.decode.iter().flat_map(|figures| &figures.rows);
        let decode = decode.map(|((row, mix), figure)| (format!("`{row}` on `{mix}`"), figure.quotient));
        let generate = self.generate.iter().flatten();
        let generate = generate.map(|line| (format!("generate `{}`", line.document), line.quotient));
        let compile = self.compile.iter().flat_map(|costs| MODES.iter().zip(costs.quotients));
        let compile = compile.map(|((name, _, _), quotient)| ((*name).to_owned(), quotient));
        let all = decode.chain(generate).chain(compile);
        all.filter(|(_, spread)| spread.is_wide()).map(|(name, spread)| format!("{name}: {}", spread.shown())).collect()
    }
}

/// The rows of decoders: how they are called, and what they are.
const DECODERS: [(&str, &str); 19] = [
    (OURS, "`Event::from_json`"),
    ("eventwire-known", "the struct that is known to fit, `eventwire::from_json`"),
    ("eventwire-skip", "`Event::kind_of`: which event it is, nothing decoded"),
    ("eventwire-ref", "`EventRef`: which event it is, its `cid` and the id of its user, nothing else read"),
    ("eventwire-pass", "our validating pass: every byte read by the same reader, nothing kept"),
    (USUAL, "serde's usual derive: `tag`, `flatten` for unknown members, timestamps as text"),
    ("derive-fallback", "the same inside of an untagged enum that takes unknown events too"),
    ("derive-chrono", "the same as `derive`, timestamps by chrono"),
    ("derive-lean", "the same as `derive`, unknown members dropped"),
    ("tag-derive", "the tag looked for in the text, then its struct by derive, `flatten` for unknown members"),
    ("tag-lean", "the same as `tag-derive`, unknown members dropped"),
    ("tag-lean-sonic", "the same, read by sonic-rs"),
    ("tag-lean-simd", "the same, read by simd-json out of a copy of the frame, in buffers that are used again"),
    (
        BEST,
        "the tag looked for in the text, then its struct by a visitor written by hand, unknown members as `RawValue`",
    ),
    ("typify", "what typify prints for the schemas"),
    ("node", "Node.js, `JSON.parse`; processor time of the whole process"),
    ("serde-json-skip", "serde_json, the frame validated and nothing kept"),
    ("serde-json-dom", "serde_json, a `Value`"),
    (DOM, "sonic-rs, a `Value`"),
];

const OURS: &str = "eventwire";
/// What is usually written.
const USUAL: &str = "derive";
/// The best lossless decoder that could be written by hand with serde.
const BEST: &str = "tag-hand";
/// The fastest reader, into no types.
const DOM: &str = "sonic-dom";

/// The rows of encoders.
const ENCODERS: [(&str, &str); 6] = [
    ("eventwire-encode", "`Event::to_json`"),
    ("derive-encode", "serde's derive with `tag` and `flatten`"),
    ("derive-sonic-encode", "the same, written by sonic-rs"),
    ("derive-chrono-encode", "the same as `derive-encode`, timestamps by chrono"),
    ("derive-lean-encode", "the same as `derive-encode`, without unknown members"),
    ("hand-encode", "what `tag-hand` decodes, written by hand with serde"),
];

/// The mixes of frames, and what they are.
const MIXES: [(&str, &str); 7] = [
    ("each", "one frame of every kind that the document names, `type` first"),
    ("last", "the same, `type` last"),
    ("chat", "a busy chat, mostly typing, reads, presence and health checks; `type` first"),
    ("chat-last", "the same, `type` last"),
    ("small", "typing and the health check that keeps a connection alive"),
    ("other", "events that the document does not name, and an application's own"),
    ("malformed", "frames that must be refused"),
];

/// The mixes that are encoded.
const ENCODED: [&str; 2] = ["each", "chat"];

/// The whole report.
pub(super) fn write(figures: &Figures) -> Result<String, Failure> {
    let mut text = String::from("# Benchmarks\n\n");
    if let Some(decode) = &figures.decode {
        text.extend(headline(decode).map(|headline| format!("{headline}\n\n")));
    }
    writeln!(
        text,
        "`cargo xtask bench` measures everything here and writes this file. It needs Linux, valgrind and the registry; Node.js is \
         left out where there is none.\n\nMachine: {}.\n\nInstructions are counted by callgrind and differ by less than a percent \
         from run to run. Times depend on the machine and on what else it does, so compare the quotients: each run of a rival \
         stands beside one of ours, and the quotient in the middle is given, with the quartiles in brackets.\n",
        machine()?
    )?;
    let wide = figures.wide();
    if !wide.is_empty() {
        writeln!(text, "**The machine was busy: times spread widely ({}).**\n", wide.join(", "))?;
    }
    goals(&mut text, figures)?;
    if let Some(decode) = &figures.decode {
        decode_tables(&mut text, decode)?;
    }
    if let Some(lines) = &figures.generate {
        generate_table(&mut text, lines)?;
    }
    if let Some(costs) = &figures.compile {
        compile_table(&mut text, costs)?;
    }
    if let Some(rates) = &figures.runtime {
        write!(
            text,
            "## Delivery\n\n{RATES} How soon a connection is back, and what a client keeps in memory: \
             [figures.md](figures.md).\n\n{}",
            goal::table(rates)
        )?;
    }
    Ok(text)
}

/// The README with what was measured in the row that refers to the report.
pub(super) fn readme(readme: &str, figures: &Figures) -> Result<String, Failure> {
    let headline = figures.decode.as_ref().and_then(headline).ok_or("nothing was decoded")?;
    with_row(readme, &headline).ok_or_else(|| "README.md does not refer to the benchmarks".into())
}

fn with_row(readme: &str, headline: &str) -> Option<String> {
    const LINK: &str = " | [docs/benchmarks.md](docs/benchmarks.md) |";
    let row = readme.lines().find(|line| line.ends_with(LINK))?;
    Some(readme.replace(row, &format!("| speed. {headline} Also encoding, generating, compiling and delivery{LINK}")))
}

/// How our decoder compares with what is usually written, with the best that can be written, and with the fastest reader.
fn headline(figures: &decode::Figures) -> Option<String> {
    let ours = figures.get(OURS, "each")?.count?;
    let quotients = |row| {
        let Figure { count, time: _, quotient } = figures.get(row, "each")?;
        Some((count.as_ref()?.instructions / ours.instructions, quotient.middle))
    };
    let ((usual, usual_time), (best, best_time), (dom, dom_time)) =
        (quotients(USUAL)?, quotients(BEST)?, quotients(DOM)?);
    Some(format!(
        "Serde's usual derive takes {usual:.1} times the instructions and {usual_time:.1} times the time of the generated decoder, \
         and the best lossless decoder that we could write by hand with serde {best:.1} and {best_time:.1} times; an untyped tree of \
         sonic-rs takes {dom:.1} and {dom_time:.1} times."
    ))
}

/// The error of those instruction counts and allocations that miss their aim; times vary too much to judge by.
pub(super) fn check_goals(figures: &Figures) -> Result<(), Failure> {
    let counted = target::all(figures).into_iter().filter(|target| target.counted).map(|target| target.goal());
    let missed: Vec<Goal> = counted.filter(|goal| !goal.met).collect();
    if missed.is_empty() { Ok(()) } else { Err(format!("counts miss their aims\n{}", goal::table(&missed)).into()) }
}

fn goals(text: &mut String, figures: &Figures) -> Result<(), Failure> {
    let mut goals: Vec<Goal> = target::all(figures).iter().map(target::Target::goal).collect();
    if !goals.is_empty() {
        writeln!(text, "## Aims\n\n{}", goal::table(&goals))?;
    }
    goals.extend(figures.runtime.iter().flatten().cloned());
    writeln!(text, "{}", goal::missed(&goals))?;
    Ok(())
}

fn decode_tables(text: &mut String, figures: &decode::Figures) -> Result<(), Failure> {
    text.push_str(
        "## Decoding and encoding\n\nThe frames are those of `tests/payloads`, without blanks. Before anything is measured, every \
         decoder into types proves that it writes each frame again as it came (those that are lean, and typify: all but the members \
         that they drop; chrono: the same instants), and that it refuses what is malformed, but for the two untagged enums. The \
         result is dropped within the measured time. Time is processor time of the thread, after an untimed pass over the same \
         frames. Everything is built for the default target of the compiler, and `× ours` is against the first row.\n\n\
         | mix | frames | bytes on average |\n|---|---|---|\n",
    );
    for (mix, what) in MIXES {
        let Some(set) = figures.sets.iter().find(|set| set.frames == mix) else { continue };
        writeln!(text, "| `{mix}`: {what} | {} | {} |", set.count, set.bytes)?;
    }
    text.push('\n');
    for (mix, _) in MIXES {
        table(text, figures, &format!("Decoding, `{mix}`"), &DECODERS, mix)?;
    }
    for mix in ENCODED {
        table(text, figures, &format!("Encoding, `{mix}`"), &ENCODERS, mix)?;
    }
    Ok(())
}

/// The rows on a mix; the first one is ours.
fn table(
    text: &mut String,
    figures: &decode::Figures,
    title: &str,
    rows: &[(&str, &str)],
    mix: &str,
) -> Result<(), Failure> {
    let ours = rows.first().and_then(|(row, _)| figures.get(row, mix)?.count);
    writeln!(
        text,
        "### {title}\n\n| row | instructions | × ours | time, ns | × ours | allocations |\n|---|---|---|---|---|---|"
    )?;
    for (at, (row, what)) in rows.iter().enumerate() {
        let Some(Figure { count, time, quotient }) = figures.get(row, mix) else { continue };
        let (mut instructions, mut of_ours, mut allocations) = (String::new(), String::new(), String::new());
        if let (Some(count), Some(ours)) = (count, ours) {
            instructions = format!("{:.0}", count.instructions);
            of_ours = format!("{:.2}", count.instructions / ours.instructions);
            allocations = format!("{:.1}", count.allocations);
        }
        let of_time = if at == 0 { "1.00".to_owned() } else { quotient.shown() };
        writeln!(text, "| `{row}`: {what} | {instructions} | {of_ours} | {time:.0} | {of_time} | {allocations} |")?;
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
         synthetic documents are in the style of the Stream document, with a message per event and a shared type for each \
         {}.\n\n\
         | document | Eventwire: CPU, ms | typify: CPU, ms | ratio | Eventwire: MB | typify: MB | ratio | written, kB |\n\
         |---|---|---|---|---|---|---|---|\n",
        synthetic::MESSAGES_PER_TYPE
    )?;
    for Line { document, own, typify, quotient, own_size, typify_size, check: _, reading: _ } in lines {
        writeln!(
            text,
            "| `{document}` | {:.0} | {:.0} | {} | {:.1} | {:.1} | {:.2} | {:.0} / {:.0} |",
            own.milliseconds(),
            typify.milliseconds(),
            quotient.shown(),
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
    let Costs { own, derived, quotients } = costs;
    for ((((name, _, _), own), derived), quotient) in MODES.iter().zip(own.modes).zip(derived.modes).zip(quotients) {
        writeln!(text, "| {name} | {own:.0} | {derived:.0} | {} |", quotient.shown())?;
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

#[cfg(test)]
mod tests {
    use super::with_row;

    #[test]
    fn the_readme_has_a_row_for_what_was_measured() {
        let readme = include_str!("../../../README.md");
        let written = with_row(readme, "Much faster.").unwrap();
        let changed: Vec<_> = readme.lines().zip(written.lines()).filter(|(before, after)| before != after).collect();
        let [(before, after)] = changed[..] else { panic!("one row: {changed:?}") };
        assert!(before.contains("(docs/benchmarks.md)"), "{before}");
        assert!(after.starts_with("| speed. Much faster. ") && after.ends_with("(docs/benchmarks.md) |"), "{after}");
    }
}
