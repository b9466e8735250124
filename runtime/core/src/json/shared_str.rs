//! Text that is alone, or a part of a longer one which others share.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::num::NonZeroU32;
use std::sync::Arc;

/// Longest text of which every part is shared, in bytes.
const SMALL: usize = 4096;
/// How many times longer than its part a text above [`SMALL`] may be.
const SHARE: usize = 8;

/// A text. Comparisons are those of the texts, wherever they stand.
#[derive(Clone)]
pub(crate) struct SharedStr {
    repr: Repr,
}

#[derive(Clone)]
enum Repr {
    Own(Box<str>),
    /// Bytes of a longer text, which stays as long as any part of it.
    Shared {
        whole: Arc<str>,
        start: u32,
        len: NonZeroU32,
    },
}

impl SharedStr {
    /// A text that stands alone.
    pub(crate) fn own(text: impl Into<Box<str>>) -> Self {
        Self { repr: Repr::Own(text.into()) }
    }

    /// The bytes of `text` from `start` to `end`.
    ///
    /// They share one copy of the text, which `whole` keeps for the next ones, unless they are so small a part of so long
    /// a text that they had better not keep it.
    #[inline]
    pub(crate) fn of(text: &str, start: usize, end: usize, whole: &mut Option<Arc<str>>) -> Self {
        let len = end - start;
        if text.len() <= SMALL || len >= text.len() / SHARE {
            let len = u32::try_from(len).ok().and_then(NonZeroU32::new);
            if let (Some(len), Ok(start)) = (len, u32::try_from(start)) {
                let whole = Arc::clone(whole.get_or_insert_with(|| Arc::from(text)));
                return Self { repr: Repr::Shared { whole, start, len } };
            }
        }
        Self::own(text.get(start..end).unwrap_or_default())
    }

    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        match &self.repr {
            Repr::Own(text) => text,
            Repr::Shared { whole, start, len } => slice(whole, *start, len.get()),
        }
    }

    /// Other bytes of the text that this is a part of; none if this stands alone.
    #[inline]
    pub(crate) fn beside(&self, start: u32, len: u32) -> Option<&str> {
        match &self.repr {
            Repr::Own(_) => None,
            Repr::Shared { whole, .. } => Some(slice(whole, start, len)),
        }
    }

    /// Whether this is a part of a longer text.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self.repr, Repr::Shared { .. })
    }

    pub(crate) fn into_string(self) -> String {
        match self.repr {
            Repr::Own(text) => text.into_string(),
            Repr::Shared { .. } => self.as_str().to_owned(),
        }
    }
}

#[inline]
fn slice(whole: &str, start: u32, len: u32) -> &str {
    let start = start as usize;
    whole.get(start..start + len as usize).unwrap_or_default()
}

impl PartialEq for SharedStr {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for SharedStr {}

impl PartialOrd for SharedStr {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SharedStr {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for SharedStr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for SharedStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_share_one_copy_unless_they_are_a_small_share_of_it() {
        let (short, long) = ("ab".repeat(10), "ab".repeat(SMALL));
        for (text, start, end, shared) in [
            (&short, 2, 4, true),
            (&short, 0, 20, true),
            (&short, 3, 3, false),
            (&long, 2, 4, false),
            (&long, 2, 2 + long.len() / SHARE, true),
            (&long, 2, 1 + long.len() / SHARE, false),
        ] {
            let mut whole = None;
            let part = SharedStr::of(text, start, end, &mut whole);
            assert_eq!((part.as_str(), part.is_shared(), whole.is_some()), (&text[start..end], shared, shared));
            assert_eq!(part, SharedStr::own(&text[start..end]));
            assert_eq!(part.beside(0, 1).is_some(), shared);
            if let Some(whole) = &mut whole {
                assert_eq!(Arc::strong_count(whole), 2);
            }
            assert_eq!(part.into_string(), text[start..end]);
        }
    }

    #[test]
    fn a_part_is_small() {
        assert_eq!(size_of::<SharedStr>(), 24);
    }
}
