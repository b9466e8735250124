//! Bytes that stand in a string as they are: all but quotes, backslashes and control characters.

/// How many bytes are looked at at once.
pub(crate) const CHUNK: usize = 16;

/// The first position from `at` with a byte that is not plain.
#[inline(always)]
#[allow(clippy::inline_always, reason = "measured: a call costs as much as a short key")]
pub(crate) fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let plain = plain_in(chunk);
        at += plain;
        if plain < CHUNK {
            return at;
        }
    }
    plain_end_in_tail(bytes, at)
}

/// [`plain_end`] in the last few bytes of a text.
#[inline(never)]
fn plain_end_in_tail(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | ..b' ')) {
        at += 1;
    }
    at
}

/// Whether the text has no quotes, backslashes and control characters.
#[inline(always)]
#[allow(clippy::inline_always, reason = "measured: it is known for keys that are")]
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    // The last bytes are looked at for the second time where they are not a whole chunk.
    if let Some(last) = bytes.last_chunk() {
        return bytes.as_chunks().0.iter().all(|chunk| plain_in(chunk) == CHUNK) && plain_in(last) == CHUNK;
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
pub(crate) fn plain_in(chunk: &[u8; CHUNK]) -> usize {
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
pub(crate) fn plain_in(chunk: &[u8; CHUNK]) -> usize {
    plain_in_words(chunk)
}

/// `plain_in`, for any processor.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn plain_in_words(chunk: &[u8; CHUNK]) -> usize {
    let mut plain = 0;
    for word in chunk.as_chunks().0 {
        let found = special(u64::from_le_bytes(*word));
        if found != 0 {
            return plain + (found.trailing_zeros() / 8) as usize;
        }
        plain += 8;
    }
    plain
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
    use super::{CHUNK, is_plain, plain_end, plain_in, plain_in_words};

    fn is_plain_byte(byte: u8) -> bool {
        byte >= b' ' && byte != b'"' && byte != b'\\'
    }

    #[test]
    fn every_byte_is_told_at_every_place() {
        for place in 0..CHUNK {
            for byte in 0..=u8::MAX {
                for (filler, later) in
                    [(b'a', b'a'), (0xff, b'"'), (b' ', 0), (0x80, b'\\'), (b'!', b'#'), (b']', b'[')]
                {
                    let mut chunk = [filler; CHUNK];
                    chunk[place..].fill(later);
                    chunk[place] = byte;
                    let expected = chunk.iter().take_while(|byte| is_plain_byte(**byte)).count();
                    assert_eq!((plain_in(&chunk), plain_in_words(&chunk)), (expected, expected), "{chunk:?}");
                }
            }
        }
    }

    #[test]
    fn texts_of_every_length_are_told() {
        for len in 0..=50 {
            for place in 0..len {
                for byte in [0, 0x1f, b' ', b'"', b'\\', 0x7f, 0xff] {
                    let mut text = vec![b'a'; len];
                    text[place] = byte;
                    let plain = is_plain_byte(byte);
                    assert_eq!(is_plain(&text), plain, "{text:?}");
                    let (end, behind) = (if plain { len } else { place }, place + 1);
                    assert_eq!(plain_end(&text, 0), end, "{text:?}");
                    assert_eq!(plain_end(&text, behind), len, "{text:?}");
                }
            }
        }
    }
}
