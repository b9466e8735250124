//! Objects and arrays that are passed by without a look at what is in them.

use crate::json::steps::{Counted, count};

/// How many bytes are looked at at once.
const BLOCK: usize = 64;

/// Where the object or array that begins at `start` ends, if it does.
///
/// Only strings and brackets are followed, whatever their kind: where the text is not JSON, so may be the answer.
pub(crate) fn find_nested_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth, mut state) = (start, 0, ScanState::default());
    loop {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let found = match rest.first_chunk() {
            Some(block) => FoundEnds::read(block),
            None => FoundEnds::read(&padded(rest)),
        };
        let outside = !state.inside(&found);
        let (open, close) = (found.open & outside, found.close & outside);
        let closing = close.count_ones();
        if closing < depth {
            depth += open.count_ones();
            depth -= closing;
        } else if let Some(place) = level_zero(open, close, &mut depth) {
            count(Counted::Byte, at + place + 1 - start);
            return Some(at + place + 1);
        }
        at += BLOCK;
    }
}

/// Where each object and array in a text begins and ends, in order; none from where places have more than 32 bits.
pub(crate) fn find_nested_ends(bytes: &[u8]) -> Vec<(u32, u32)> {
    count(Counted::Byte, bytes.len());
    let (mut ends, mut opened, mut state) = (Vec::new(), Vec::new(), ScanState::default());
    for (block, rest) in (0..u32::MAX - 64).step_by(BLOCK).zip(bytes.chunks(BLOCK)) {
        let found = match rest.first_chunk() {
            Some(block) => FoundEnds::read(block),
            None => FoundEnds::read(&padded(rest)),
        };
        let outside = !state.inside(&found);
        let open = found.open & outside;
        let mut brackets = (found.open | found.close) & outside;
        while brackets != 0 {
            let at = block + brackets.trailing_zeros();
            if open & brackets & brackets.wrapping_neg() != 0 {
                opened.push(ends.len());
                ends.push((at, 0));
            } else if let Some((_, end)) = opened.pop().and_then(|index: usize| ends.get_mut(index)) {
                *end = at + 1;
            }
            brackets &= brackets - 1;
        }
    }
    ends
}

#[cold]
fn padded(rest: &[u8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    for (to, from) in block.iter_mut().zip(rest) {
        *to = *from;
    }
    block
}

/// Counts brackets one after another; the place of the one that closes the outermost level.
fn level_zero(open: u64, close: u64, depth: &mut u32) -> Option<usize> {
    let mut brackets = open | close;
    while brackets != 0 {
        let place = brackets.trailing_zeros();
        brackets &= brackets - 1;
        if open >> place & 1 == 1 {
            *depth += 1;
        } else {
            *depth = depth.saturating_sub(1);
            if *depth == 0 {
                return Some(place as usize);
            }
        }
    }
    None
}

/// What was open at the end of the last block.
#[derive(Default)]
struct ScanState {
    /// All bits, if a string was.
    string: u64,
    /// One, if the last byte was a backslash that the next one belongs to.
    escape: u64,
}

impl ScanState {
    /// Which bytes of the next block are in strings, each with its opening quote.
    #[inline]
    fn inside(&mut self, found: &FoundEnds) -> u64 {
        let mut quotes = found.quotes;
        if found.backslashes | self.escape != 0 {
            quotes &= !self.escaped(found.backslashes);
        }
        // Each bit becomes the parity of the quotes up to it.
        let mut inside = quotes;
        for shift in [1, 2, 4, 8, 16, 32] {
            inside ^= inside << shift;
        }
        inside ^= self.string;
        self.string = if inside >> 63 == 1 { u64::MAX } else { 0 };
        inside
    }

    /// Which bytes of the next block belong to the backslash before them.
    #[cold]
    fn escaped(&mut self, mut backslashes: u64) -> u64 {
        let mut escaped = self.escape;
        self.escape = 0;
        backslashes &= !escaped;
        while backslashes != 0 {
            let backslash = backslashes & backslashes.wrapping_neg();
            let next = backslash << 1;
            if next == 0 {
                self.escape = 1;
            }
            escaped |= next;
            backslashes &= !(backslash | next);
        }
        escaped
    }
}

/// Which bytes of a block are what, the first one in the lowest bit.
#[derive(Debug, Default, PartialEq, Eq)]
struct FoundEnds {
    quotes: u64,
    backslashes: u64,
    open: u64,
    close: u64,
}

impl FoundEnds {
    #[cfg(target_arch = "x86_64")]
    #[inline]
    fn read(block: &[u8; BLOCK]) -> Self {
        use safe_arch::{
            bitor_m128i, cmp_eq_mask_i8_m128i, load_unaligned_m128i, m128i, move_mask_i8_m128i, set_splat_i8_m128i,
        };

        let mut found = Self::default();
        let bits = |mask: m128i, shift: usize| u64::from(move_mask_i8_m128i(mask).cast_unsigned()) << shift;
        let is = |bytes: m128i, byte: u8| cmp_eq_mask_i8_m128i(bytes, set_splat_i8_m128i(byte.cast_signed()));
        for (index, chunk) in block.as_chunks().0.iter().enumerate() {
            let (bytes, shift) = (load_unaligned_m128i(chunk), index * 16);
            // This bit is all that is different between the two kinds of brackets.
            let bracket = bitor_m128i(bytes, set_splat_i8_m128i(0x20));
            found.quotes |= bits(is(bytes, b'"'), shift);
            found.backslashes |= bits(is(bytes, b'\\'), shift);
            found.open |= bits(is(bracket, b'{'), shift);
            found.close |= bits(is(bracket, b'}'), shift);
        }
        found
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn read(block: &[u8; BLOCK]) -> Self {
        Self::read_bytes(block)
    }

    /// `read`, for any processor.
    #[cfg(any(test, not(target_arch = "x86_64")))]
    fn read_bytes(block: &[u8; BLOCK]) -> Self {
        let bits = |is: fn(u8) -> bool| block.iter().rev().fold(0, |bits: u64, byte| bits << 1 | u64::from(is(*byte)));
        Self {
            quotes: bits(|byte| byte == b'"'),
            backslashes: bits(|byte| byte == b'\\'),
            open: bits(|byte| matches!(byte, b'{' | b'[')),
            close: bits(|byte| matches!(byte, b'}' | b']')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, FoundEnds, find_nested_end};
    use crate::json::reader::Reader;

    #[test]
    fn every_byte_is_classified_at_every_offset() {
        for byte in 0..=u8::MAX {
            for place in 0..BLOCK {
                let mut block = [b'a'; BLOCK];
                block[place] = byte;
                assert_eq!(FoundEnds::read(&block), FoundEnds::read_bytes(&block), "{byte} at {place}");
            }
        }
    }

    /// Where a text is JSON, its end is where the reader finds it, wherever blocks begin.
    #[test]
    fn the_end_is_that_of_the_reader() {
        for value in [
            "[]",
            "{}",
            "[[],{}]",
            r#"{"a":"}","b":["]\"}",{"c":"\\"}]}"#,
            r#"["\\\"]","\"[","\\\\"]"#,
            r#"{"é":["😀{"],"x":[[[[[[[[1]]]]]]]]}"#,
        ] {
            for padding in 0..2 * BLOCK {
                for text in [
                    format!("{}{value}]", " ".repeat(padding)),
                    format!("[\"{}\",{value}]", "x".repeat(padding)),
                    format!("[\"{}\",{value}]", "\\\"".repeat(padding)),
                    format!("[{}{value}{}]", "[".repeat(padding), "]".repeat(padding)),
                ] {
                    let start = text.len() - text.trim_start().len();
                    let mut reader = Reader::new(&text);
                    reader.skip().unwrap();
                    assert_eq!(find_nested_end(text.as_bytes(), start), Some(reader.at()), "{text}");
                    let whole = text.get(start..reader.at()).unwrap();
                    for end in 0..whole.len() {
                        assert_eq!(find_nested_end(&whole.as_bytes()[..end], 0), None, "{whole} until {end}");
                    }
                }
            }
        }
    }
}
