//! Text to identifiers.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use unicode_normalization::UnicodeNormalization;

/// Words that need `r#` in edition 2024 or are reserved in it.
const RAW: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that cannot be identifiers even with `r#`.
const NEVER: [&str; 5] = ["self", "Self", "super", "crate", "_"];

/// A name for a type or variant: `message.new` is `MessageNew`.
#[must_use]
pub fn camel(text: &str) -> String {
    settle(&words(text).to_upper_camel_case())
}

/// A name for a type that stands in another: `1h` in `Price` is `Price1h`.
#[must_use]
pub fn nested(around: &str, text: &str) -> String {
    settle(&format!("{}{}", around.trim_end_matches('_'), words(text).to_upper_camel_case()))
}

/// A name for a field, function or variable: `X-Stream-Client` is `x_stream_client`, `type` is `r#type`.
#[must_use]
pub fn snake(text: &str) -> String {
    // What is one already, as most names of members are.
    if text.split('_').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())) {
        return settle(text);
    }
    settle(&words(text).to_snake_case())
}

/// A name for a constant.
#[must_use]
pub fn shouting(text: &str) -> String {
    settle(&words(text).to_shouty_snake_case())
}

/// Text in one Unicode form, with a sign before a number spelled out, and symbols spelled where nothing else is left.
fn words(text: &str) -> String {
    // Nearly all names are ASCII, which has one form only.
    let text: String = if text.is_ascii() { text.to_owned() } else { text.nfc().collect() };
    let signed = match text.chars().nth(1) {
        Some(second) if second.is_ascii_digit() && text.starts_with('+') => format!("plus {}", &text[1..]),
        Some(second) if second.is_ascii_digit() && text.starts_with('-') => format!("minus {}", &text[1..]),
        _ => text,
    };
    if signed.chars().any(char::is_alphanumeric) {
        if signed.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return signed;
        }
        let keep = |c: char| if unicode_ident::is_xid_continue(c) { c } else { ' ' };
        return signed.chars().map(keep).collect();
    }
    if signed.is_empty() {
        return "empty".to_owned();
    }
    signed.chars().map(symbol).collect::<Vec<_>>().join(" ")
}

fn symbol(symbol: char) -> String {
    let word = match symbol {
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '=' => "equal",
        '<' => "less",
        '>' => "greater",
        '!' => "not",
        '?' => "question",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '^' => "caret",
        '~' => "tilde",
        '@' => "at",
        '#' => "hash",
        '$' => "dollar",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '_' => "underscore",
        '(' => "open",
        ')' => "close",
        '[' => "open bracket",
        ']' => "close bracket",
        '{' => "open brace",
        '}' => "close brace",
        '"' => "quote",
        '\'' => "apostrophe",
        '`' => "backtick",
        ' ' => "space",
        other => return format!("u{:x}", u32::from(other)),
    };
    word.to_owned()
}

/// Makes a cased name an identifier that edition 2024 accepts.
fn settle(name: &str) -> String {
    let starts = name.chars().next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first));
    if NEVER.contains(&name) {
        format!("{name}_")
    } else if !starts {
        format!("_{name}")
    } else if RAW.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{camel, nested, shouting, snake};

    #[test]
    fn real_names_become_identifiers() {
        for (text, type_name, field) in [
            ("message.new", "MessageNew", "message_new"),
            ("user.unread_message_reminder", "UserUnreadMessageReminder", "user_unread_message_reminder"),
            ("X-Stream-Client", "XStreamClient", "x_stream_client"),
            ("type", "Type", "r#type"),
            ("gen", "Gen", "r#gen"),
            ("self", "Self_", "self_"),
            ("crate", "Crate", "crate_"),
            ("+1", "Plus1", "plus_1"),
            ("-1", "Minus1", "minus_1"),
            ("1h", "_1h", "_1h"),
            ("", "Empty", "empty"),
            ("*", "Star", "star"),
            ("<=", "LessEqual", "less_equal"),
            ("e\u{301}t\u{e9}", "Été", "été"),
            ("été", "Été", "été"),
            ("a b/c", "ABC", "a_b_c"),
            ("JSONValue", "JsonValue", "json_value"),
            ("\u{1F600}", "U1f600", "u1f600"),
        ] {
            assert_eq!(camel(text), type_name, "{text}");
            assert_eq!(snake(text), field, "{text}");
            for name in [camel(text), snake(text), shouting(text)] {
                assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{name}");
            }
        }
    }

    #[test]
    fn nested_names_are_camel_case() {
        for (around, text, name) in [
            ("Price", "1h", "Price1h"),
            ("Self_", "日本", "Self日本"),
            ("Price", "self", "PriceSelf"),
            ("_1h", "+1", "_1hPlus1"),
        ] {
            assert_eq!(nested(around, text), name);
        }
    }
}
