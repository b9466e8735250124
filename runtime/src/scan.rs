//! Walks over JSON text without building values: finds members and skips what is not wanted.
//!
//! Nothing here validates what it passes by, recurses or panics. Text that is not JSON yields members up to some point,
//! or none.

use std::borrow::Cow;

/// The members of an object, in order.
pub(crate) struct Members<'a> {
    text: &'a str,
    at: usize,
}

/// One member: its key between the quotes, and where its value begins.
pub(crate) struct Member<'a> {
    raw: &'a str,
    escaped: bool,
    value: usize,
}

impl<'a> Members<'a> {
    /// Opens the object that the text begins with.
    pub(crate) fn open(text: &'a str) -> Option<Self> {
        let at = blank(text.as_bytes(), 0);
        (text.as_bytes().get(at) == Some(&b'{')).then_some(Self { text, at: at + 1 })
    }

    /// The next member. The caller goes on with [`Members::skip`] or stops.
    pub(crate) fn next(&mut self) -> Option<Member<'a>> {
        let bytes = self.text.as_bytes();
        let mut at = blank(bytes, self.at);
        if bytes.get(at) == Some(&b',') {
            at = blank(bytes, at + 1);
        }
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let (end, escaped) = string_end(bytes, at + 1)?;
        let raw = self.text.get(at + 1..end)?;
        at = blank(bytes, end + 1);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        let value = blank(bytes, at + 1);
        (value < bytes.len()).then_some(Member { raw, escaped, value })
    }

    /// Passes by the value of a member and returns its text.
    pub(crate) fn skip(&mut self, member: &Member<'a>) -> Option<&'a str> {
        self.at = value_end(self.text.as_bytes(), member.value)?;
        self.text.get(member.value..self.at)
    }

    /// The text from the value of a member on.
    pub(crate) fn at_value(&self, member: &Member<'a>) -> &'a str {
        self.text.get(member.value..).unwrap_or_default()
    }
}

impl<'a> Member<'a> {
    /// Whether this is the key, compared without escapes.
    pub(crate) fn is(&self, key: &str) -> bool {
        if self.escaped { unescape(self.raw).is_some_and(|own| own == key) } else { self.raw == key }
    }

    /// The key without escapes; `None` where they do not make sense.
    pub(crate) fn key(&self) -> Option<Cow<'a, str>> {
        if self.escaped { unescape(self.raw) } else { Some(Cow::Borrowed(self.raw)) }
    }
}

/// The elements of an array, in order.
pub(crate) struct Elements<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Elements<'a> {
    /// Opens the array that the text begins with.
    pub(crate) fn open(text: &'a str) -> Option<Self> {
        let at = blank(text.as_bytes(), 0);
        (text.as_bytes().get(at) == Some(&b'[')).then_some(Self { text, at: at + 1 })
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let mut at = blank(bytes, self.at);
        if bytes.get(at) == Some(&b',') {
            at = blank(bytes, at + 1);
        }
        self.at = value_end(bytes, at)?;
        self.text.get(at..self.at).filter(|element| !element.is_empty())
    }
}

/// The number or word that the text begins with.
pub(crate) fn scalar(text: &str) -> Option<&str> {
    text.get(..scalar_end(text.as_bytes(), 0))
}

/// The text of an element of the array that the text begins with, from 0.
pub(crate) fn element(text: &str, index: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut at = blank(bytes, 0);
    if bytes.get(at) != Some(&b'[') {
        return None;
    }
    for passed in 0..=index {
        at = blank(bytes, at + 1);
        let end = value_end(bytes, at)?;
        if passed == index {
            return text.get(at..end).filter(|element| !element.is_empty());
        }
        at = blank(bytes, end);
        if bytes.get(at) != Some(&b',') {
            return None;
        }
    }
    None
}

/// The string that the text begins with, without quotes and escapes.
pub(crate) fn string(text: &str) -> Option<Cow<'_, str>> {
    let rest = text.strip_prefix('"')?;
    let (end, escaped) = string_end(rest.as_bytes(), 0)?;
    let raw = rest.get(..end)?;
    if escaped { unescape(raw) } else { Some(Cow::Borrowed(raw)) }
}

/// Whether two JSON texts are the same value; strings may be escaped differently.
pub(crate) fn is_same(left: &str, right: &str) -> bool {
    left == right || string(left).is_some_and(|left| string(right) == Some(left))
}

/// The first position from `at` that holds no white space.
fn blank(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Where the string whose first character is at `at` has its closing quote, and whether it has escapes.
fn string_end(bytes: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    loop {
        match bytes.get(at)? {
            b'"' => return Some((at, escaped)),
            b'\\' => {
                escaped = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
}

/// Where the value that begins at `at` ends.
fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => string_end(bytes, at + 1).map(|(end, _)| end + 1),
        b'{' | b'[' => nested_end(bytes, at),
        _ => Some(scalar_end(bytes, at)),
    }
}

/// Where the object or array that begins at `at` ends, by counting brackets outside strings.
fn nested_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(bytes, at + 1)?.0,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return Some(at + 1),
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
}

/// Where the number or word that begins at `at` ends.
fn scalar_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
            break;
        }
        at += 1;
    }
    at
}

/// The text that the inside of a JSON string means; `None` when an escape is not one, or a surrogate has no partner.
fn unescape(raw: &str) -> Option<Cow<'_, str>> {
    let mut rest = raw;
    let mut text = String::with_capacity(raw.len());
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let (meaning, after) = read_escape(escape)?;
        text.push(meaning);
        rest = after;
    }
    text.push_str(rest);
    Some(Cow::Owned(text))
}

/// The character that an escape means, without its backslash, and what follows it.
fn read_escape(escape: &str) -> Option<(char, &str)> {
    let mut chars = escape.chars();
    let meaning = match chars.next()? {
        plain @ ('"' | '\\' | '/') => plain,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return read_unicode(chars.as_str()),
        _ => return None,
    };
    Some((meaning, chars.as_str()))
}

fn read_unicode(digits: &str) -> Option<(char, &str)> {
    let (first, rest) = read_hex(digits)?;
    if !(0xD800..0xDC00).contains(&first) {
        return Some((char::from_u32(first)?, rest));
    }
    let (second, rest) = read_hex(rest.strip_prefix("\\u")?)?;
    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
    Some((char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + low)?, rest))
}

fn read_hex(digits: &str) -> Option<(u32, &str)> {
    let (digits, rest) = digits.split_at_checked(4)?;
    // `from_str_radix` takes a sign.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}

/// Appends the text as a JSON string.
pub(crate) fn push_string(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    out.reserve(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' => {
                let code = u32::from(character) as usize;
                out.push_str("\\u00");
                out.push(HEX[code >> 4]);
                out.push(HEX[code & 15]);
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_not_text() {
        assert!(is_same("1", "1") && is_same(r#""é""#, r#""\u00e9""#));
        assert!(!is_same("1", "\"1\"") && !is_same("1", "2") && !is_same("{}", "[]"));
    }

    #[test]
    fn strings_are_unescaped_as_serde_json_does() {
        for text in [
            r#""""#,
            r#""plain é""#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""\u0041\u00e9\u20AC""#,
            r#""\ud83d\ude00""#,
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\u0041""#,
            r#""\ude00""#,
            r#""\x""#,
            r#""\u12""#,
            r#""\u+123""#,
            r#""\u12é4""#,
            r#""\"#,
            r#"""#,
        ] {
            assert_eq!(string(text).map(Cow::into_owned), serde_json::from_str::<String>(text).ok(), "{text}");
        }
    }

    #[test]
    fn strings_are_escaped_as_serde_json_does() {
        for text in ["", "plain é", "\"\\/\n\r\t\0\u{1}\u{1f}\u{7f}\u{2028}😀"] {
            let mut out = String::new();
            push_string(&mut out, text);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }
}
