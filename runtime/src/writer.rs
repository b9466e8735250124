//! The one writer of JSON text.

use crate::reader::{is_plain, plain_end};

/// Appends the text as a JSON string.
#[inline]
pub(crate) fn push_string(out: &mut String, text: &str) {
    if is_plain(text.as_bytes()) {
        out.reserve(text.len() + 2);
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        push_special(out, text);
    }
}

/// Appends a key with what stands around it: the bracket of its object if it is the first one, a comma otherwise.
#[inline(always)]
#[allow(clippy::inline_always, reason = "measured: encoding takes fewer instructions")]
pub(crate) fn push_key(out: &mut String, first: bool, key: &str) {
    out.reserve(key.len() + 4);
    if is_plain(key.as_bytes()) {
        out.push_str(if first { "{\"" } else { ",\"" });
        out.push_str(key);
        out.push_str("\":");
    } else {
        out.push(if first { '{' } else { ',' });
        push_special(out, key);
        out.push(':');
    }
}

#[inline(never)]
fn push_special(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some((plain, special)) = rest.split_at_checked(plain_end(rest.as_bytes(), 0)) {
        out.push_str(plain);
        let mut characters = special.chars();
        let Some(first) = characters.next() else { break };
        push_escape(out, first);
        rest = characters.as_str();
    }
    out.push('"');
}

fn push_escape(out: &mut String, character: char) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let short = match character {
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '"' | '\\' => character,
        control => {
            let code = u32::from(control) as usize;
            out.push_str("\\u00");
            out.push(HEX[code >> 4 & 15]);
            out.push(HEX[code & 15]);
            return;
        }
    };
    out.push('\\');
    out.push(short);
}

#[cfg(test)]
mod tests {
    use super::push_string;

    #[test]
    fn strings_are_escaped_as_serde_json_does() {
        let every: String = (0..0x80).filter_map(char::from_u32).collect();
        for text in ["", "plain é", "\"", "\\", "\"\\/\n\r\t\u{8}\u{c}\0\u{1}\u{1f}\u{7f}\u{2028}😀", &every] {
            for padding in 0..20 {
                let text = format!("{}{text}", "é ".repeat(padding));
                let mut out = String::from("x");
                push_string(&mut out, &text);
                assert_eq!(out[1..], serde_json::to_string(&text).unwrap());
            }
        }
    }
}
