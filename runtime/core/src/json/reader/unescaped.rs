//! Bytes that stand in a string as they are: all but quotes, backslashes and control characters.

/// How many bytes are looked at at once.
pub(crate) const CHUNK: usize = 16;

/// The first position from `at` with a byte that is not plain.
#[inline(always)]
#[allow(clippy::inline_always, reason = "measured: a call costs as much as a short key")]
pub(crate) fn find_special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let unescaped = count_unescaped(chunk);
        at += unescaped;
        if unescaped < CHUNK {
            return at;
        }
    }
    find_special_in_tail(bytes, at)
}

/// [`find_special`] in the last few bytes of a text.
#[inline(never)]
fn find_special_in_tail(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | ..b' ')) {
        at += 1;
    }
    at
}

/// Whether the text has no quotes, backslashes and control characters.
#[inline(always)]
#[allow(clippy::inline_always, reason = "measured: it is known for keys that are")]
pub(crate) fn is_unescaped(bytes: &[u8]) -> bool {
    // The last bytes are looked at for the second time where they are not a whole chunk.
    if let Some(last) = bytes.last_chunk() {
        return bytes.as_chunks().0.iter().all(|chunk| count_unescaped(chunk) == CHUNK)
            && count_unescaped(last) == CHUNK;
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return special(u64::from_le_bytes(*first)) | special(u64::from_le_bytes(*last)) == 0;
    }
    let word = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)),
        _ => bytes.iter().fold(EACH * 0x20, |word, byte| word << 8 | u64::from(*byte)),
    };
    special(word) == 0
}

/// How many plain bytes a chunk begins with.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(crate) fn count_unescaped(chunk: &[u8; CHUNK]) -> usize {
    use safe_arch::{
        bitor_m128i, cmp_eq_mask_i8_m128i, load_unaligned_m128i, min_u8_m128i, move_mask_i8_m128i, set_splat_i8_m128i,
    };

    let bytes = load_unaligned_m128i(chunk);
    let quote = cmp_eq_mask_i8_m128i(bytes, set_splat_i8_m128i(b'"'.cast_signed()));
    let backslash = cmp_eq_mask_i8_m128i(bytes, set_splat_i8_m128i(b'\\'.cast_signed()));
    let control = cmp_eq_mask_i8_m128i(bytes, min_u8_m128i(bytes, set_splat_i8_m128i(0x1f)));
    let special = move_mask_i8_m128i(bitor_m128i(bitor_m128i(quote, backslash), control));
    (special | 1 << CHUNK).trailing_zeros() as usize
}

/// How many plain bytes a chunk begins with.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub(crate) fn count_unescaped(chunk: &[u8; CHUNK]) -> usize {
    count_unescaped_in_words(chunk)
}

/// `count_unescaped`, for any processor.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn count_unescaped_in_words(chunk: &[u8; CHUNK]) -> usize {
    let mut unescaped = 0;
    for word in chunk.as_chunks().0 {
        let found = special(u64::from_le_bytes(*word));
        if found != 0 {
            return unescaped + (found.trailing_zeros() / 8) as usize;
        }
        unescaped += 8;
    }
    unescaped
}

/// Eight bytes of one.
const EACH: u64 = u64::MAX / 255;

/// The high bit of every byte that is a quote, a backslash or a control character. Bits above the first one may be wrong.
#[inline]
const fn special(word: u64) -> u64 {
    // Exchanging 0x20 and 0x22 brings the quote next to the control characters.
    let control_or_quote = (word ^ (EACH * 0x02)).wrapping_sub(EACH * 0x21);
    let backslash = (word ^ (EACH * b'\\' as u64)).wrapping_sub(EACH);
    (control_or_quote | backslash) & !word & (EACH * 0x80)
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, count_unescaped, count_unescaped_in_words, find_special, is_unescaped};

    fn is_unescaped_byte(byte: u8) -> bool {
        byte >= b' ' && byte != b'"' && byte != b'\\'
    }

    #[test]
    fn every_byte_is_classified_at_every_offset() {
        for place in 0..CHUNK {
            for byte in 0..=u8::MAX {
                for (filler, later) in
                    [(b'a', b'a'), (0xff, b'"'), (b' ', 0), (0x80, b'\\'), (b'!', b'#'), (b']', b'[')]
                {
                    let mut chunk = [filler; CHUNK];
                    chunk[place..].fill(later);
                    chunk[place] = byte;
                    let expected = chunk.iter().take_while(|byte| is_unescaped_byte(**byte)).count();
                    assert_eq!(
                        (count_unescaped(&chunk), count_unescaped_in_words(&chunk)),
                        (expected, expected),
                        "{chunk:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn texts_of_every_length_are_classified() {
        for len in 0..=50 {
            for place in 0..len {
                for byte in [0, 0x1f, b' ', b'"', b'\\', 0x7f, 0xff] {
                    let mut text = vec![b'a'; len];
                    text[place] = byte;
                    let unescaped = is_unescaped_byte(byte);
                    assert_eq!(is_unescaped(&text), unescaped, "{text:?}");
                    let (end, behind) = (if unescaped { len } else { place }, place + 1);
                    assert_eq!(find_special(&text, 0), end, "{text:?}");
                    assert_eq!(find_special(&text, behind), len, "{text:?}");
                }
            }
        }
    }
}
