//! Masking (RFC 6455, section 5.3).

use std::io;

/// Applies a key to the part of a payload that begins at `offset`: plain bytes become masked ones, and the reverse.
pub(super) fn apply(mut key: [u8; 4], offset: usize, bytes: &mut [u8]) {
    key.rotate_left(offset % 4);
    let [a, b, c, d] = key;
    let word = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = bytes.as_chunks_mut();
    for bytes in words {
        *bytes = (u64::from_ne_bytes(*bytes) ^ word).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(key.into_iter().cycle()) {
        *byte ^= key;
    }
}

/// How many keys are fetched at once.
const KEYS: usize = 32;

/// A supply of keys.
///
/// A key must not be predictable by whoever chooses the payload (section 10.3), or they could make a proxy between see
/// what they like. Keys are the operating system's own random bytes, so nothing has to be argued about a generator, and
/// fetching them in batches leaves a fraction of a system call to each frame.
pub(super) struct Keys {
    bytes: [[u8; 4]; KEYS],
    used: usize,
}

impl Keys {
    pub(super) const NONE: Self = Self { bytes: [[0; 4]; KEYS], used: KEYS };

    /// A key that was not given before.
    pub(super) fn next(&mut self) -> io::Result<[u8; 4]> {
        if self.used == KEYS {
            getrandom::fill(self.bytes.as_flattened_mut())?;
            self.used = 0;
        }
        let key = self.bytes.get(self.used).copied().ok_or(io::ErrorKind::Other)?;
        self.used += 1;
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_byte_meets_its_byte_of_the_key() {
        let key = [0x11, 0x22, 0x44, 0x88];
        for len in 0..40 {
            for offset in 0..9 {
                let plain: Vec<u8> = (0..len).collect();
                let mut masked = plain.clone();
                apply(key, offset, &mut masked);
                let expected: Vec<u8> =
                    plain.iter().enumerate().map(|(at, byte)| byte ^ key[(offset + at) % 4]).collect();
                assert_eq!(masked, expected, "{len} bytes from {offset}");
            }
        }
    }

    #[test]
    fn keys_do_not_repeat() {
        let mut keys = Keys::NONE;
        let drawn: HashSet<_> = (0..1000).map(|_| keys.next().unwrap()).collect();
        assert!(drawn.len() > 990, "{} keys", drawn.len());
    }
}
