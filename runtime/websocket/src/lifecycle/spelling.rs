//! Spellings of one text that mean the same.

/// A byte of a text in its plain spelling, and where it is in the text as it was written.
#[derive(Clone, Copy)]
pub(super) struct Byte {
    pub(super) value: u8,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The spelling that all spellings of a text have in common: percent-encoding, however often, the escapes of JSON and the
/// references of HTML are decoded, letters of ASCII are small, and a plus sign is the space that it is in forms.
pub(super) fn plain(text: &str) -> Vec<Byte> {
    let mut plain = Vec::with_capacity(text.len());
    let mut characters = text.char_indices();
    while let Some((start, mut character)) = characters.next() {
        if character == '\\' {
            let Some((escaped, length)) = escaped(characters.as_str()) else {
                continue;
            };
            character = escaped;
            characters.nth(length - 1);
        }
        let end = characters.offset();
        for value in character.encode_utf8(&mut [0; 4]).bytes() {
            push(&mut plain, Byte { value, start, end });
        }
    }
    plain
}

/// What `uXXXX` stands for, or two of them that are one character (RFC 8259, section 7), and how long it is.
fn escaped(text: &str) -> Option<(char, usize)> {
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix('u')?.get(..4)?, 16).ok();
    let first = unit(text)?;
    let second = text.get(5..).and_then(|rest| unit(rest.strip_prefix('\\')?));
    let character = char::decode_utf16([first].into_iter().chain(second)).next()?.ok()?;
    Some((character, if character.len_utf16() == 2 { 11 } else { 5 }))
}

/// Appends a byte, and decodes what it is the last one of.
fn push(plain: &mut Vec<Byte>, byte: Byte) {
    plain.push(fold(byte));
    while let Some((length, character)) = encoded(plain) {
        let end = plain.last().map_or(byte.end, |last| last.end);
        let start = plain.drain(plain.len() - length..).next().map_or(byte.start, |first| first.start);
        match character {
            Decoded::Byte(b'\\') | Decoded::Character('\\') => {}
            Decoded::Byte(value) => plain.push(fold(Byte { value, start, end })),
            Decoded::Character(character) => {
                let mut bytes = [0; 4];
                let bytes = character.encode_utf8(&mut bytes).bytes();
                plain.extend(bytes.map(|value| fold(Byte { value, start, end })));
            }
        }
    }
}

enum Decoded {
    Byte(u8),
    Character(char),
}

/// What the last bytes stand for, and how many they are.
fn encoded(plain: &[Byte]) -> Option<(usize, Decoded)> {
    if let [.., percent, high, low] = plain
        && percent.value == b'%'
        && let (Some(tens), Some(ones)) = (hex(high.value), hex(low.value))
    {
        return Some((3, Decoded::Byte(tens * 16 + ones)));
    }
    if plain.last()?.value != b';' {
        return None;
    }
    let length = plain.iter().rev().take(LONGEST).position(|byte| byte.value == b'&')? + 1;
    let name: Vec<u8> = plain.iter().rev().take(length - 1).skip(1).rev().map(|byte| byte.value).collect();
    Some((length, Decoded::Character(referred(str::from_utf8(&name).ok()?)?)))
}

/// The longest reference of HTML that is decoded: `&#x10ffff;`.
const LONGEST: usize = 10;

/// What `&name;` stands for in HTML: a number, or one of the few names that templates write.
fn referred(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

fn fold(byte: Byte) -> Byte {
    let value = if byte.value == b'+' { b' ' } else { byte.value.to_ascii_lowercase() };
    Byte { value, ..byte }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| value.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_text_have_one_plain_spelling() {
        for spelling in [
            "é/to+ken\"",
            "%c3%A9%2Fto%20ken%22",
            "%25c3%25a9%252fto%252bken%2522",
            "%25252525c3%a9%2fto+ken\"",
            r#"\u00e9\/TO ken\""#,
            r"é\u002Fto\u002bken%5c%22",
            "&#xE9;&#x2F;to&#43;ken&quot;",
            "&amp;#233;&#47;to&amp;#x2B;ken&amp;amp;quot;",
            "é&#37;2fto%26%23x2b%3bken&#92;&#34;",
        ] {
            let plain = plain(spelling);
            let values: Vec<u8> = plain.iter().map(|byte| byte.value).collect();
            assert_eq!(String::from_utf8_lossy(&values), "é/to ken\"", "{spelling}");
            assert_eq!((plain[0].start, plain[plain.len() - 1].end), (0, spelling.len()), "{spelling}");
        }
    }

    #[test]
    fn two_escapes_may_be_one_character() {
        for (spelling, expected) in [
            (r"\ud83d\udd11x", "\u{1f511}x"),
            (r"\u00e9\ud83d\udd11", "é\u{1f511}"),
            (r"\ud83d\u0041", "ud83da"),
            (r"\ud83d\n", "ud83dn"),
            (r"\ud83d", "ud83d"),
        ] {
            let plain: Vec<u8> = plain(spelling).iter().map(|byte| byte.value).collect();
            assert_eq!(String::from_utf8_lossy(&plain), expected, "{spelling}");
        }
    }

    #[test]
    fn a_plain_spelling_refers_to_whole_characters_of_the_text() {
        for text in [
            "",
            "%",
            "%4",
            "%zz",
            "a\\",
            "\\u12",
            "\\ud800x",
            "é%c3%a9語",
            "%%32%46",
            "&;&#;&#x;&amp",
            "&#xd800;&#x110000;&#59&#59;",
        ] {
            let mut end = 0;
            for byte in plain(text) {
                assert!(byte.start <= byte.end && byte.end >= end, "{text}");
                assert!(text.get(byte.start..byte.end).is_some(), "{text}");
                end = byte.end;
            }
        }
    }
}
