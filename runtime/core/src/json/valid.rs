//! Text that is known to be valid.
//!
//! A union reads the text of a value before it knows the type, and so do the unions in it: the outermost one checks the
//! whole text, and the others need not check it again. Nor need they look for the ends of what is in it again and again:
//! where so much has been passed by that the unions must be deep, all ends are found at once.

use std::cell::{Cell, RefCell};

use crate::json::reader::{find_nested_end, find_nested_ends};

/// How many bytes of a valid text are passed by before the ends in it are noted. Most texts stay below it.
fn budget(text: &str) -> usize {
    text.len().saturating_mul(5) / 2
}

thread_local! {
    static VALID: Cell<Range> = const { Cell::new(Range::NOTHING) };
    static ENDS: RefCell<Ends> = const { RefCell::new(Ends::NOTHING) };
}

/// A valid text.
#[derive(Clone, Copy)]
struct Range {
    /// Its addresses, from its first byte to behind its last.
    text: (usize, usize),
    /// How many bytes may be passed by before its ends are noted.
    left: usize,
}

impl Range {
    const NOTHING: Self = Self { text: (0, 0), left: 0 };
}

/// Where the objects and arrays in a part of the valid text end.
struct Ends {
    /// The addresses of the part.
    part: (usize, usize),
    /// Where each begins and ends, in order.
    ends: Vec<(u32, u32)>,
}

impl Ends {
    const NOTHING: Self = Self { part: (0, 0), ends: Vec::new() };

    fn find(&mut self, text: &str, start: usize) -> Option<usize> {
        let part = addresses(text);
        if !is_within(part, self.part) {
            *self = Self { part, ends: find_nested_ends(text.as_bytes()) };
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
    is_within(addresses(text), VALID.get().text)
}

/// Where the object or array that begins at `start` of a valid text ends.
pub(crate) fn valid_end(text: &str, start: usize) -> Option<usize> {
    let valid = VALID.get();
    if valid.left == 0 {
        return noted_end(text, start);
    }
    let end = find_nested_end(text.as_bytes(), start)?;
    VALID.set(Range { left: valid.left.saturating_sub(end - start), ..valid });
    Some(end)
}

#[cold]
fn noted_end(text: &str, start: usize) -> Option<usize> {
    let noted = ENDS.try_with(|ends| ends.try_borrow_mut().ok().and_then(|mut ends| ends.find(text, start)));
    noted.ok().flatten().or_else(|| find_nested_end(text.as_bytes(), start))
}

/// A text that is valid as long as this lives.
pub(crate) struct Valid {
    /// What was valid before, if this is not a part of it.
    outer: Option<Range>,
}

impl Valid {
    /// Tells the readers of this text that it is valid.
    pub(crate) fn new(text: &str) -> Self {
        let range = Range { text: addresses(text), left: budget(text) };
        Self { outer: (!is_valid(text)).then(|| VALID.replace(range)) }
    }
}

impl Drop for Valid {
    fn drop(&mut self) {
        if let Some(outer) = self.outer
            && VALID.replace(outer).left == 0
        {
            forget();
        }
    }
}

/// Another text may come to the same address.
#[cold]
fn forget() {
    // Nothing is left to forget where the thread ends.
    let _ = ENDS.try_with(|ends| ends.replace(Ends::NOTHING));
}
