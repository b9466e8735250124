//! The one writer of JSON text.

use std::cell::Cell;

use crate::json::reader::{CHUNK, count_unescaped, find_special, is_unescaped};

thread_local! {
    /// Where texts are written before they are copied to memory of the right size.
    static DRAFT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Room for a message of usual length, in bytes.
const EXPECTED: usize = 1024;

/// What a thread keeps for the next text, in bytes.
const KEPT: usize = 64 << 10;

/// What `write` appends, which is text.
pub(crate) fn draft<E>(write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<String, E> {
    // A thread that is ending has none any more.
    let mut draft = DRAFT.try_with(Cell::take).unwrap_or_default();
    draft.clear();
    draft.reserve(EXPECTED);
    write(&mut draft)?;
    let text = simdutf8::basic::from_utf8(&draft).unwrap_or_else(|_| unreachable!("only whole texts are written"));
    let text = text.to_owned();
    if draft.capacity() <= KEPT {
        let _ = DRAFT.try_with(|kept| kept.set(draft));
    }
    Ok(text)
}

/// The text as a JSON string.
pub(crate) fn string(text: &str) -> String {
    draft(|out| {
        push_string(out, text);
        Ok::<_, std::convert::Infallible>(())
    })
    .unwrap_or_else(|never| match never {})
}

/// Appends the text as a JSON string.
#[inline]
pub(crate) fn push_string(out: &mut Vec<u8>, text: &str) {
    let text = text.as_bytes();
    let plain = if text.len() <= CHUNK { push_short(out, text) } else { push_long(out, text) };
    if !plain {
        push_special(out, text);
    }
}

/// Appends a text of up to sixteen bytes, if it is plain, together with its quotes.
#[inline]
fn push_short(out: &mut Vec<u8>, text: &[u8]) -> bool {
    let mut chunk = [b' '; CHUNK];
    chunk[..text.len()].copy_from_slice(text);
    let plain = count_unescaped(&chunk) == CHUNK;
    if plain {
        let end = out.len() + text.len() + 1;
        let mut quoted = [b'"'; CHUNK + 8];
        quoted[1..=CHUNK].copy_from_slice(&chunk);
        out.extend_from_slice(&quoted);
        out.truncate(end);
        out.push(b'"');
    }
    plain
}

/// Appends a text of more than sixteen bytes, if it is plain.
#[inline]
fn push_long(out: &mut Vec<u8>, text: &[u8]) -> bool {
    let plain = is_unescaped(text);
    if plain {
        out.reserve(text.len() + 2);
        out.push(b'"');
        out.extend_from_slice(text);
        out.push(b'"');
    }
    plain
}

#[inline(never)]
fn push_special(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let mut rest = text;
    while let Some((plain, special)) = rest.split_at_checked(find_special(rest, 0)) {
        out.extend_from_slice(plain);
        let Some((first, after)) = special.split_first() else { break };
        push_escape(out, *first);
        rest = after;
    }
    out.push(b'"');
}

fn push_escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        8 => b'b',
        0xc => b'f',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        b'"' | b'\\' => byte,
        control => {
            let digit = |value: u8| HEX[usize::from(value & 15)];
            return out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(control >> 4), digit(control)]);
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_serde_json_does() {
        let every: String = (0..0x80).filter_map(char::from_u32).collect();
        for text in ["", "plain é", "\"", "\\", "\"\\/\n\r\t\u{8}\u{c}\0\u{1}\u{1f}\u{7f}\u{2028}😀", &every] {
            for padding in 0..20 {
                let text = format!("{}{text}", "é ".repeat(padding));
                assert_eq!(string(&text), serde_json::to_string(&text).unwrap());
            }
        }
    }

    #[test]
    fn drafts_do_not_mix() {
        let long = "x".repeat(2 * KEPT);
        let text = draft(|out| {
            out.extend_from_slice(b"outer ");
            out.extend_from_slice(string("inner").as_bytes());
            Ok::<_, ()>(())
        });
        assert_eq!(text.unwrap(), "outer \"inner\"");
        let failed = draft(|out| {
            out.push(b'x');
            Err::<(), _>("failed")
        });
        assert_eq!(failed, Err("failed"));
        assert_eq!(string(&long), format!("\"{long}\""));
        assert_eq!(string(""), "\"\"");
        assert!(DRAFT.take().capacity() <= KEPT);
    }
}
