//! Text that is known to be valid.
//!
//! A union reads the text of a value before it knows the type, and so do the unions in it: the outermost one checks the
//! whole text, and the others need not check it again. Nor need they look for the ends of what is in it again and again:
//! where so much has been passed by that the unions must be deep, all ends are found at once.

use std::cell::{Cell, RefCell};

use crate::json::reader::{nested_end, nested_ends};

/// How many times the length of a valid text is passed by before the ends in it are noted. Most texts stay below it.
const PASSES: usize = 2;

thread_local! {
    /// The addresses of the valid text, from its first byte to behind its last.
    static VALID: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
    /// What is known of the valid text.
    static PASSED: RefCell<Passed> = const { RefCell::new(Passed::NOTHING) };
}

/// How much of a valid text has been passed by.
struct Passed {
    bytes: usize,
    /// The addresses of the part of which the ends are noted.
    part: (usize, usize),
    /// Where in that part each object or array begins and ends, in order.
    ends: Vec<(u32, u32)>,
}

impl Passed {
    const NOTHING: Self = Self { bytes: 0, part: (0, 0), ends: Vec::new() };

    fn end(&mut self, text: &str, start: usize) -> Option<usize> {
        let (first, last) = VALID.get();
        if self.bytes <= PASSES * (last - first) {
            let end = nested_end(text.as_bytes(), start)?;
            self.bytes += end - start;
            return Some(end);
        }
        let part = addresses(text);
        if !is_within(part, self.part) {
            self.ends = nested_ends(text.as_bytes());
            self.part = part;
        }
        let offset = part.0 - self.part.0;
        let wanted = u32::try_from(offset + start).ok()?;
        let index = self.ends.binary_search_by_key(&wanted, |(start, _)| *start).ok()?;
        let (_, end) = self.ends.get(index)?;
        (*end as usize).checked_sub(offset).filter(|end| *end > start)
    }
}

fn addresses(text: &str) -> (usize, usize) {
    let range = text.as_bytes().as_ptr_range();
    (range.start.addr(), range.end.addr())
}

fn is_within((start, end): (usize, usize), (first, last): (usize, usize)) -> bool {
    first <= start && end <= last && start < end
}

/// Whether a text is a part of a valid one.
pub(crate) fn is_valid(text: &str) -> bool {
    is_within(addresses(text), VALID.get())
}

/// Where the object or array that begins at `start` of a valid text ends.
pub(crate) fn valid_end(text: &str, start: usize) -> Option<usize> {
    let noted = PASSED.try_with(|passed| passed.try_borrow_mut().ok().and_then(|mut passed| passed.end(text, start)));
    noted.ok().flatten().or_else(|| nested_end(text.as_bytes(), start))
}

/// A text that is valid as long as this lives.
pub(crate) struct Valid {
    /// What was valid before, if this is not a part of it.
    outer: Option<((usize, usize), Passed)>,
}

impl Valid {
    /// Tells the readers of this text that it is valid.
    pub(crate) fn new(text: &str) -> Self {
        let outer = (!is_valid(text)).then(|| (VALID.replace(addresses(text)), exchange(Passed::NOTHING)));
        Self { outer }
    }
}

impl Drop for Valid {
    fn drop(&mut self) {
        if let Some((valid, passed)) = self.outer.take() {
            VALID.set(valid);
            exchange(passed);
        }
    }
}

fn exchange(passed: Passed) -> Passed {
    PASSED.try_with(|cell| cell.replace(passed)).unwrap_or(Passed::NOTHING)
}
