//! Lines for people: when, what, and a sentence.

use std::io::{IsTerminal, stdout};
use std::time::Instant;

/// The terminal, or whatever stands in for it.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    begun: Instant,
    colours: bool,
}

/// What a line is about.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    /// An event that the document names.
    Event,
    /// An event of the application's own.
    Custom,
    /// An event that the document does not name.
    Unknown,
    /// What the client sends.
    Sent,
    /// What the service receives.
    Received,
    /// The connection is well.
    Good,
    /// The connection or a message is not.
    Bad,
}

impl Style {
    fn mark(self) -> char {
        match self {
            Self::Event => '·',
            Self::Custom => '*',
            Self::Unknown => '?',
            Self::Sent => '>',
            Self::Received => '<',
            Self::Good => '+',
            Self::Bad => '!',
        }
    }

    /// The parameters of the control sequence Select Graphic Rendition (ECMA-48, 8.3.117).
    fn colour(self) -> &'static str {
        match self {
            Self::Event => "36",
            Self::Custom => "35",
            Self::Unknown => "33",
            Self::Sent | Self::Received => "34",
            Self::Good => "1;32",
            Self::Bad => "1;31",
        }
    }
}

const DIM: &str = "2";
const BOLD: &str = "1";

impl Screen {
    /// Colours are for terminals, unless their owner does without (`NO_COLOR`).
    pub(crate) fn new() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { begun: Instant::now(), colours: stdout().is_terminal() && !unwanted }
    }

    /// Its own line.
    pub(crate) fn title(self, text: &str) {
        println!("\n{}\n", self.paint(BOLD, text));
    }

    /// Something that happens now.
    pub(crate) fn line(self, style: Style, name: &str, sentence: &str) {
        let time = format!("{:5.2} s", self.begun.elapsed().as_secs_f64());
        let name = format!("{} {name:<24}", style.mark());
        println!("{}  {}  {sentence}", self.paint(DIM, &time), self.paint(style.colour(), &name));
    }

    /// A line of a table.
    pub(crate) fn row(self, name: &str, value: &str) {
        println!("  {}  {value}", self.paint(DIM, &format!("{name:<24}")));
    }

    fn paint(self, colour: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// A text on one line, with its end cut off if it is long.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 64;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
