//! Whatever happens to a frame on its way, the runtime and `serde_json` agree about what arrives.

use std::panic;

use eventwire_tests::frames;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::{Index, select};

use crate::agreement;
use crate::{draw, runner, setting};

/// How many frames are tried.
const RUNS: u64 = 2_000;

/// Pieces of JSON, and what looks like it.
const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "null",
    "true",
    "false",
    "0",
    "-",
    "-0",
    "1.0",
    "1e3",
    "1e400",
    "3.50",
    "01",
    "18446744073709551616",
    " ",
    "\n",
    "\u{b}",
    "\u{0}",
    "\\u0041",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\x",
    "é",
    "😀",
    "\"\"",
    "[]",
    "{}",
    "\"type\":\"message.new\",",
    "\"type\":1,",
    "\"ty\\u0070e\":\"typing.start\",",
    "{\"type\":\"health.check\"}",
    "\"created_at\":null,",
    "\"x\":[{\"y\":[1,2]}],",
    "\u{feff}",
];

/// One change.
#[derive(Debug, Clone)]
enum Change {
    /// A byte becomes another.
    Byte(Index, u8),
    /// Some characters are gone.
    Cut(Index, usize),
    /// The end is gone.
    End(Index),
    /// A piece stands somewhere.
    Insert(Index, &'static str),
    /// A part stands at another place as well.
    Copy(Index, usize, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(place, byte)| Change::Byte(place, byte)),
        2 => (at(), 1..20_usize).prop_map(|(place, count)| Change::Cut(place, count)),
        1 => at().prop_map(Change::End),
        6 => (at(), select(PIECES.to_vec())).prop_map(|(place, piece)| Change::Insert(place, piece)),
        2 => (at(), 1..60_usize, at()).prop_map(|(from, count, to)| Change::Copy(from, count, to)),
    ]
}

impl Change {
    fn apply(&self, text: &str) -> String {
        let boundary = |at: usize| (0..=at.min(text.len())).rfind(|at| text.is_char_boundary(*at)).unwrap_or_default();
        let place = |index: &Index| boundary(index.index(text.len() + 1));
        let part = |start: usize, count: usize| &text[start..boundary(start + count)];
        match self {
            Self::Byte(index, byte) => {
                let mut bytes = text.as_bytes().to_vec();
                if !bytes.is_empty() {
                    let place = index.index(bytes.len());
                    bytes[place] = *byte;
                }
                String::from_utf8_lossy(&bytes).into_owned()
            }
            Self::Cut(index, count) => {
                let start = place(index);
                format!("{}{}", &text[..start], &text[start + part(start, *count).len()..])
            }
            Self::End(index) => text[..place(index)].to_owned(),
            Self::Insert(index, piece) => format!("{}{piece}{}", &text[..place(index)], &text[place(index)..]),
            Self::Copy(from, count, to) => {
                format!("{}{}{}", &text[..place(to)], part(place(from), *count), &text[place(to)..])
            }
        }
    }
}

#[test]
fn changed_frames_are_read_and_written_alike() {
    let seed = setting("EVENTWIRE_SEED", 1);
    let mut runner = runner(seed);
    let texts: Vec<String> = frames("payloads/stream-chat").into_iter().map(|(_, text)| text).collect();
    assert!(texts.len() > 40, "the frames have moved");
    let strategy = (select(texts), proptest::collection::vec(change(), 0..4));
    let mut valid = 0;
    for run in 0..setting("EVENTWIRE_FRAMES", RUNS) {
        let (text, changes) = draw(&strategy, &mut runner);
        let spoilt = changes.iter().fold(text, |text, change| change.apply(&text));
        valid += u64::from(serde_json::from_str::<serde_json::Value>(&spoilt).is_ok());
        let verdict = panic::catch_unwind(|| agreement::check(&spoilt));
        assert!(verdict.is_ok(), "run {run} of seed {seed}: they do not agree about {spoilt:?}");
    }
    // Broken text alone would prove little.
    assert!(valid * 4 > RUNS, "only {valid} frames were still JSON");
}
