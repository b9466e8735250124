//! Where lines break: words, and places between them where a line may end, in boxes that are laid out together.
//!
//! The algorithm is that of Oppen's "Prettyprinting", as `rustc` and `prettyplease` have it.

/// How wide a line may be.
const WIDTH: isize = 89;
/// How much of a line is used however deeply it is indented.
const LEAST: isize = 60;
/// What never fits.
const INFINITE: isize = 0xffff;
/// How far what is inside of something stands to the right of it.
pub(super) const INDENT: isize = 4;

/// How the breaks of a box that does not fit on its line become line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breaks {
    /// All of them.
    All,
    /// Those that are needed.
    Needed,
}

/// A place where a line may end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Break {
    /// Spaces where it does not.
    pub(super) blank: isize,
    /// What the next line is indented by, beside what its box is.
    pub(super) offset: isize,
    /// What ends the line.
    pub(super) before: &'static str,
    /// What begins the next one.
    pub(super) after: &'static str,
    /// What stands there where no line ends.
    pub(super) instead: &'static str,
    /// Whether it only divides what is measured.
    pub(super) never: bool,
    /// Whether there is none where nothing stands before it in its box.
    pub(super) if_filled: bool,
}

#[derive(Debug, Clone, Copy)]
enum Piece {
    /// A part of the words.
    Word {
        start: usize,
        end: usize,
    },
    Break(Break),
    Begin {
        offset: isize,
        breaks: Breaks,
    },
    End,
    /// Something as wide as nothing can be.
    Wall,
    /// Nothing, or what is put there later.
    Slot,
}

/// A place in the text that something can be put into later.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot(usize);

/// What will be lines.
#[derive(Debug, Default)]
pub(super) struct Page {
    words: String,
    pieces: Vec<Piece>,
    /// Where the open boxes begin.
    open: Vec<usize>,
}

impl Page {
    pub(super) fn word(&mut self, word: &str) {
        let start = self.words.len();
        self.words.push_str(word);
        let end = self.words.len();
        match self.pieces.last_mut() {
            Some(Piece::Word { end: last, .. }) => *last = end,
            _ => self.pieces.push(Piece::Word { start, end }),
        }
    }

    /// A box whose breaks all end lines where it does not fit.
    pub(super) fn consistent(&mut self, offset: isize) {
        self.begin(offset, Breaks::All);
    }

    /// A box that is filled.
    pub(super) fn filled(&mut self, offset: isize) {
        self.begin(offset, Breaks::Needed);
    }

    fn begin(&mut self, offset: isize, breaks: Breaks) {
        self.open.push(self.pieces.len());
        self.pieces.push(Piece::Begin { offset, breaks });
    }

    /// Ends a box; one without contents never was.
    pub(super) fn end(&mut self) {
        self.open.pop();
        match self.pieces.as_slice() {
            [.., Piece::Begin { .. }, Piece::Break(_)] => self.pieces.truncate(self.pieces.len() - 2),
            [.., Piece::Break(Break { if_filled: true, .. })] => {
                self.pieces.pop();
                self.pieces.push(Piece::End);
            }
            _ => self.pieces.push(Piece::End),
        }
    }

    /// Ends a box that breaks if it is wider than this.
    pub(super) fn end_within(&mut self, width: isize) {
        let begin = self.open.last().copied().unwrap_or_default();
        let measured: isize = self.pieces[begin..].iter().map(Piece::width).sum();
        if measured > width {
            self.pieces.push(Piece::Wall);
        }
        self.end();
    }

    pub(super) fn put(&mut self, one: Break) {
        self.pieces.push(Piece::Break(one));
    }

    pub(super) fn zero(&mut self) {
        self.put(Break::default());
    }

    pub(super) fn space(&mut self) {
        self.put(Break { blank: 1, ..Break::default() });
    }

    pub(super) fn never(&mut self) {
        self.put(Break { never: true, ..Break::default() });
    }

    /// The end of a line.
    pub(super) fn hard(&mut self) {
        self.put(Break { blank: INFINITE, ..Break::default() });
    }

    pub(super) fn hard_if_filled(&mut self) {
        self.put(Break { blank: INFINITE, if_filled: true, ..Break::default() });
    }

    /// What follows an element of a list: the last one has a comma only at the end of a line.
    pub(super) fn comma(&mut self, last: bool) {
        if last {
            self.put(Break { before: ",", ..Break::default() });
        } else {
            self.word(",");
            self.space();
        }
    }

    /// Moves the line after the last break back out of its box.
    pub(super) fn outdent(&mut self) {
        if let Some(Piece::Break(last)) = self.pieces.last_mut() {
            last.offset -= INDENT;
        }
    }

    pub(super) fn slot(&mut self) -> Slot {
        self.pieces.push(Piece::Slot);
        Slot(self.pieces.len() - 1)
    }

    /// Makes a slot the begin of a box.
    pub(super) fn begin_at(&mut self, slot: Slot, offset: isize) {
        self.pieces[slot.0] = Piece::Begin { offset, breaks: Breaks::All };
    }

    /// The same, for a box that what follows is put into.
    pub(super) fn open_at(&mut self, slot: Slot, offset: isize) {
        self.begin_at(slot, offset);
        self.open.push(slot.0);
    }

    /// Makes the box that begins at a slot one that is filled.
    pub(super) fn fill_at(&mut self, slot: Slot) {
        self.pieces[slot.0] = Piece::Begin { offset: 0, breaks: Breaks::Needed };
    }

    /// Makes a slot the end of a box.
    pub(super) fn end_at(&mut self, slot: Slot) {
        self.pieces[slot.0] = Piece::End;
    }

    /// The lines.
    pub(super) fn into_text(self) -> String {
        let sizes = self.sizes();
        let mut lines = Lines { text: String::with_capacity(self.words.len() * 2), room: WIDTH, ..Lines::default() };
        for (piece, size) in self.pieces.iter().zip(sizes) {
            match *piece {
                Piece::Word { start, end } => lines.word(&self.words[start..end]),
                Piece::Break(one) => lines.put(one, size),
                Piece::Begin { offset, breaks } => lines.begin(offset, breaks, size),
                Piece::End => lines.end(),
                Piece::Wall | Piece::Slot => {}
            }
        }
        lines.text
    }

    /// How much room a box needs with what follows it up to the next break, and a break up to the next one.
    fn sizes(&self) -> Vec<isize> {
        let mut position: isize = self.pieces.iter().map(Piece::width).sum();
        let mut sizes = vec![0; self.pieces.len()];
        // Where the next break is, for each open box.
        let mut next = vec![position];
        for (piece, size) in self.pieces.iter().zip(&mut sizes).rev() {
            position -= piece.width();
            let last = next.last().copied().unwrap_or_default();
            match piece {
                Piece::End => next.push(last),
                Piece::Begin { .. } => {
                    next.pop();
                    *size = next.last().copied().unwrap_or_default() - position;
                }
                Piece::Break(_) => {
                    *size = last - position;
                    if let Some(last) = next.last_mut() {
                        *last = position;
                    }
                }
                Piece::Word { .. } | Piece::Wall | Piece::Slot => {}
            }
        }
        sizes
    }
}

impl Piece {
    fn width(&self) -> isize {
        match self {
            // Too long for `isize` is too long for memory.
            Self::Word { start, end } => isize::try_from(end - start).unwrap_or(INFINITE),
            Self::Break(Break { blank, .. }) => *blank,
            Self::Wall => INFINITE,
            Self::Begin { .. } | Self::End | Self::Slot => 0,
        }
    }
}

/// Text that is being written.
#[derive(Debug, Default)]
struct Lines {
    text: String,
    /// What is left of the line.
    room: isize,
    indent: isize,
    /// Spaces before the next word.
    pending: isize,
    /// The open boxes: what the indentation was, where the box is broken.
    open: Vec<(Option<isize>, Option<Breaks>)>,
}

impl Lines {
    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        for _ in 0..self.pending {
            self.text.push(' ');
        }
        self.pending = 0;
        self.text.push_str(word);
        self.room -= isize::try_from(word.len()).unwrap_or(INFINITE);
    }

    fn begin(&mut self, offset: isize, breaks: Breaks, size: isize) {
        if size > self.room {
            self.open.push((Some(self.indent), Some(breaks)));
            self.indent += offset;
        } else {
            self.open.push((None, None));
        }
    }

    fn end(&mut self) {
        if let Some((Some(indent), _)) = self.open.pop() {
            self.indent = indent;
        }
    }

    fn put(&mut self, one: Break, size: isize) {
        let fits = match self.open.last() {
            _ if one.never => true,
            Some((_, None)) => true,
            Some((_, Some(Breaks::All))) => false,
            Some((_, Some(Breaks::Needed))) | None => size <= self.room,
        };
        if fits {
            self.word(one.instead);
            self.pending += one.blank;
            self.room -= one.blank;
            return;
        }
        self.word(one.before);
        self.text.push('\n');
        self.pending = self.indent + one.offset;
        self.room = (WIDTH - self.pending).max(LEAST);
        self.word(one.after);
    }
}
