//! Whatever a document becomes by a slip of the hand, the generator ends, and says what is wrong instead of panicking.

use std::fs;
use std::panic;
use std::path::{Path, PathBuf};

use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::{Index, select};

use crate::{compiling, draw, runner, setting};

/// How many documents are tried.
const RUNS: u64 = 2_000;

/// What a generated crate may hold for each byte of its document, beside what every crate holds.
const GROWTH: usize = 400;

/// Words that mean something to a reader of documents.
const WORDS: [&str; 32] = [
    "$ref",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "type",
    "properties",
    "required",
    "enum",
    "const",
    "items",
    "additionalProperties",
    "discriminator",
    "format",
    "message",
    "messages",
    "payload",
    "traits",
    "null",
    "true",
    "[]",
    "{}",
    "''",
    "-1",
    "1e999",
    "&a",
    "*a",
    "<<",
    "'#/components/schemas/A'",
    "'#'",
    "'#/'",
    "\u{202e}",
];

/// One slip.
#[derive(Debug, Clone)]
pub(crate) enum Slip {
    /// A byte becomes another.
    Byte(Index, u8),
    /// Some bytes are gone.
    Cut(Index, usize),
    /// A line is gone.
    DropLine(Index),
    /// A line stands at another place as well.
    CopyLine(Index, Index),
    /// A line, with what is under it, is indented by another amount.
    Indent(Index, usize),
    /// A word becomes another word of the document.
    Swap(Index, Index),
    /// A word becomes one that means something.
    Word(Index, &'static str),
}

/// Some slips.
pub(crate) fn slips() -> impl Strategy<Value = Vec<Slip>> {
    proptest::collection::vec(slip(), 1..5)
}

/// A text after slips.
pub(crate) fn mutated(text: String, slips: &[Slip]) -> String {
    slips.iter().fold(text, |text, slip| slip.apply(&text))
}

fn slip() -> impl Strategy<Value = Slip> {
    let at = any::<Index>;
    prop_oneof![
        2 => (at(), any::<u8>()).prop_map(|(place, byte)| Slip::Byte(place, byte)),
        1 => (at(), 1..40_usize).prop_map(|(place, count)| Slip::Cut(place, count)),
        2 => at().prop_map(Slip::DropLine),
        2 => (at(), at()).prop_map(|(from, to)| Slip::CopyLine(from, to)),
        2 => (at(), 0..12_usize).prop_map(|(line, spaces)| Slip::Indent(line, spaces)),
        4 => (at(), at()).prop_map(|(one, other)| Slip::Swap(one, other)),
        4 => (at(), select(WORDS.to_vec())).prop_map(|(place, word)| Slip::Word(place, word)),
    ]
}

impl Slip {
    fn apply(&self, text: &str) -> String {
        match self {
            Self::Byte(place, byte) => {
                let mut bytes = text.as_bytes().to_vec();
                if !bytes.is_empty() {
                    let place = place.index(bytes.len());
                    bytes[place] = *byte;
                }
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Self::Cut(place, count) => {
                let start = place.index(text.len() + 1);
                let kept = |(at, _): &(usize, char)| !(start..start + count).contains(at);
                text.char_indices().filter(kept).map(|(_, c)| c).collect()
            }
            Self::DropLine(line) => on_lines(text, |lines| {
                lines.remove(line.index(lines.len()));
            }),
            Self::CopyLine(from, to) => on_lines(text, |lines| {
                let copy = lines[from.index(lines.len())].clone();
                lines.insert(to.index(lines.len()), copy);
            }),
            Self::Indent(line, spaces) => on_lines(text, |lines| {
                let place = line.index(lines.len());
                let line = &mut lines[place];
                *line = format!("{}{}", " ".repeat(*spaces), line.trim_start());
            }),
            Self::Swap(one, other) => {
                let words = words(text);
                if words.is_empty() {
                    return text.to_owned();
                }
                let by = text[words[other.index(words.len())].clone()].to_owned();
                replaced(text, words[one.index(words.len())].clone(), &by)
            }
            Self::Word(place, word) => {
                let words = words(text);
                if words.is_empty() {
                    text.to_owned()
                } else {
                    replaced(text, words[place.index(words.len())].clone(), word)
                }
            }
        }
    }
}

fn on_lines(text: &str, change: impl FnOnce(&mut Vec<String>)) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if !lines.is_empty() {
        change(&mut lines);
    }
    lines.join("\n") + "\n"
}

/// Where words stand: runs of what keys, values and references are made of.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let part = c.is_alphanumeric() || "$_/#.-".contains(c);
        match (part, start) {
            (true, None) => start = Some(at),
            (false, Some(begun)) => {
                words.push(begun..at);
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    words
}

fn replaced(text: &str, place: std::ops::Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..place.start], &text[place.end..])
}

#[test]
fn slips_never_make_the_generator_panic() {
    let seed = setting("EVENTWIRE_SEED", 1);
    let runs = setting("EVENTWIRE_MUTATIONS", RUNS);
    let mut runner = runner(seed);
    let (short, long): (Vec<_>, Vec<_>) =
        eventwire_tests::documents().into_iter().partition(|(_, text)| text.len() < 10_000);
    assert!(short.len() > 20, "the documents have moved");
    let (short, long) = (select(short), select(long));
    // Long ones take as much time as all others together.
    let document = prop_oneof![60 => short, 1 => long];
    let strategy = (document, slips());
    let mut generated = 0;
    for run in 0..runs {
        let ((path, text), slips) = draw(&strategy, &mut runner);
        let mutated = mutated(text, &slips);
        let outcome = panic::catch_unwind(|| check(&mutated));
        match outcome {
            Ok(true) => generated += 1,
            Ok(false) => {}
            Err(_) => {
                let kept = keep(&mutated);
                panic!(
                    "run {run} of seed {seed}: {} with {slips:?}; the text is in {}",
                    path.display(),
                    kept.display()
                );
            }
        }
    }
    // Slips that leave nothing to read would prove little.
    assert!(generated * 10 > runs, "{generated} of {runs} documents were still good enough to generate from");
}

/// Generates from a text; returns whether there was a crate.
fn check(text: &str) -> bool {
    let compiled = compiling::check(text).unwrap();
    let Some(output) = compiled.output else { return false };
    let size: usize = output.files.values().map(String::len).sum();
    let most = (64 << 10) + text.len() * GROWTH;
    assert!(size < most, "{size} bytes are generated from {}", text.len());
    true
}

/// Writes a text where it survives the test.
fn keep(text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutated.yaml");
    fs::write(&path, text).unwrap();
    path
}
