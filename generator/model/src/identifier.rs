//! Text to identifiers, and what Rust takes as an identifier or as the path of a type.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use unicode_normalization::UnicodeNormalization;

/// Words that need `r#` in edition 2024 or are reserved in it.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that cannot be identifiers even with `r#`.
const UNRAWABLE: [&str; 5] = ["self", "Self", "super", "crate", "_"];

/// A name for a type or variant: `message.new` is `MessageNew`.
#[must_use]
pub fn camel(text: &str) -> String {
    into_identifier(&normalize(text).to_upper_camel_case())
}

/// A name for a type that stands in another: `1h` in `Price` is `Price1h`.
#[must_use]
pub fn nested(around: &str, text: &str) -> String {
    into_identifier(&format!("{}{}", around.trim_end_matches('_'), normalize(text).to_upper_camel_case()))
}

/// A name for a field, function or variable: `X-Stream-Client` is `x_stream_client`, `type` is `r#type`.
#[must_use]
pub fn snake(text: &str) -> String {
    // What is one already, as most names of members are.
    if text.split('_').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())) {
        return into_identifier(text);
    }
    into_identifier(&normalize(text).to_snake_case())
}

/// A name for a constant.
#[must_use]
pub fn shouting(text: &str) -> String {
    into_identifier(&normalize(text).to_shouty_snake_case())
}

/// Text in one Unicode form, with a sign before a number spelled out, and symbols spelled where nothing else is left.
fn normalize(text: &str) -> String {
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
    signed.chars().map(spell_symbol).collect::<Vec<_>>().join(" ")
}

fn spell_symbol(symbol: char) -> String {
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
fn into_identifier(name: &str) -> String {
    let starts = name.chars().next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first));
    if UNRAWABLE.contains(&name) {
        format!("{name}_")
    } else if !starts {
        format!("_{name}")
    } else if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

/// Returns whether Rust takes a name as an identifier, `r#` included.
#[must_use]
pub fn is_identifier(name: &str) -> bool {
    let (word, raw) = name.strip_prefix("r#").map_or((name, false), |word| (word, true));
    let mut letters = word.chars();
    let starts = letters.next().is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first));
    starts
        && letters.all(unicode_ident::is_xid_continue)
        && !UNRAWABLE.contains(&word)
        && (raw || !KEYWORDS.contains(&word))
}

/// Returns whether a text is a path of identifiers, such as `Eq` or `my_crate::Visit`.
#[must_use]
pub fn is_path(text: &str) -> bool {
    text.strip_prefix("::").unwrap_or(text).split("::").all(|word| is_identifier(word) || word == "crate")
}

/// Returns whether a text is the path of a type in another crate, such as `my_crate::Money<u8>`: two identifiers at
/// least and no leading `::`. What stands between angle brackets is types, lifetimes, integers, `true` or `false`;
/// never an expression.
#[must_use]
pub fn is_type_path(text: &str) -> bool {
    let mut path = TypePath { rest: text, depth: 0 };
    path.path().is_some_and(|segments| segments > 1) && path.rest.trim_start().is_empty()
}

/// How deep types may stand in each other.
const MOST_NESTED: usize = 16;

/// The text of a type that is read from its beginning; every method gives `None` where something else stands.
struct TypePath<'t> {
    rest: &'t str,
    depth: usize,
}

impl TypePath<'_> {
    /// `a::b<c>::d`, and how many identifiers it has.
    fn path(&mut self) -> Option<usize> {
        let mut segments = 0;
        loop {
            self.identifier()?;
            segments += 1;
            if self.take("<") {
                self.list(">", Self::argument)?;
            }
            if !self.take("::") {
                return Some(segments);
            }
        }
    }

    fn argument(&mut self) -> Option<()> {
        if self.take("'") {
            return self.lifetime();
        }
        let digits = self.rest.trim_start().strip_prefix('-').unwrap_or(self.rest.trim_start());
        if digits.starts_with(|first: char| first.is_ascii_digit()) { self.integer() } else { self.of_type() }
    }

    fn of_type(&mut self) -> Option<()> {
        self.depth += 1;
        if self.depth > MOST_NESTED {
            return None;
        }
        if self.take("(") {
            self.list(")", Self::of_type)?;
        } else if self.take("[") {
            self.of_type()?;
            if self.take(";") {
                self.integer()?;
            }
            self.take("]").then_some(())?;
        } else if self.take("&") {
            if self.take("'") {
                self.lifetime()?;
            }
            self.of_type()?;
        } else if !(self.word("true") || self.word("false")) {
            self.path()?;
        }
        self.depth -= 1;
        Some(())
    }

    /// Items with commas between them, up to what closes them.
    fn list(&mut self, close: &str, item: fn(&mut Self) -> Option<()>) -> Option<()> {
        while !self.take(close) {
            item(self)?;
            if !self.take(",") {
                return self.take(close).then_some(());
            }
        }
        Some(())
    }

    /// What follows the quote.
    fn lifetime(&mut self) -> Option<()> {
        if self.word("static") { Some(()) } else { self.identifier() }
    }

    fn identifier(&mut self) -> Option<()> {
        let text = self.rest.trim_start();
        let start = if text.starts_with("r#") { 2 } else { 0 };
        let end = text.get(start..)?.find(|c: char| c != '_' && !unicode_ident::is_xid_continue(c));
        let (word, rest) = text.split_at(end.map_or(text.len(), |end| start + end));
        self.rest = rest;
        // Paths may begin at the crate itself.
        (is_identifier(word) || word == "crate").then_some(())
    }

    fn integer(&mut self) -> Option<()> {
        let text = self.rest.trim_start();
        let text = text.strip_prefix('-').unwrap_or(text);
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        self.rest = rest;
        let digits = number.trim_end_matches(|c: char| c.is_ascii_alphanumeric() && !c.is_ascii_digit());
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
        (number.starts_with(|first: char| first.is_ascii_digit()) && plain(digits) && digits == number).then_some(())
    }

    fn word(&mut self, word: &str) -> bool {
        let follows = self.rest.trim_start().strip_prefix(word);
        follows.is_some_and(|rest| !rest.starts_with(|c: char| c == ':' || unicode_ident::is_xid_continue(c)))
            && self.take(word)
    }

    fn take(&mut self, sign: &str) -> bool {
        match self.rest.trim_start().strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{camel, is_identifier, is_type_path, nested, shouting, snake};

    #[test]
    fn identifiers_are_those_of_edition_2024() {
        for name in ["a", "_a", "r#type", "Größe", "a1"] {
            assert!(is_identifier(name), "{name}");
        }
        for name in ["", "_", "gen", "type", "r#self", "r#", "1a", "a-b", "a b", "a\n", "'a"] {
            assert!(!is_identifier(name), "{name}");
        }
    }

    #[test]
    fn the_path_of_a_type_holds_types_lifetimes_and_literals_only() {
        let accepted = [
            "my_crate::Money",
            "crate::Money",
            "a::B<u8>",
            "a::b::C<'static, (u8, [a::B; 4]), &'a str, 3, -1, true>",
            "a :: B < u8 , >",
            "a::B<c::D<e::F<g::H>>>",
            "a::B<()>::C",
            "r#try::B",
        ];
        for path in accepted {
            assert!(is_type_path(path), "{path}");
        }
        for path in [
            "",
            "Money",
            "::a::B",
            "a::B<{ 1 }>",
            "a::B<{ include_bytes!(\"/etc/passwd\").len() }>",
            "a::B<[u8; include_bytes!(\"x\").len()]>",
            "a::B<[u8; { loop {} }]>",
            "a::B<[u8; N]>",
            "a::B<1 + 1>",
            "a::B<dyn Fn()>",
            "a::B<fn()>",
            "a::B;",
            "a::B, c::D",
            "a::b!()",
            "a::B<u8>>",
            "a::B<\"x\">",
            "a::B<'a'>",
            "a::B // c",
            "(a::B)",
            "<a::B as c::D>::E",
            "a::1",
            "a::",
            "a::B<0x>",
            "a::B<[u8; 1 + 1]>",
            "a::B<[u8; a::N]>",
            "a::B<(u8, [u8; f()])>",
            "a::B<&'static [[u8; || 1]]>",
            "a::B<N = { 1 }>",
            "a::B<concat!()>",
            "a::B<fn() -> [u8; f()]>",
            "a::B<<[u8; f()] as a::C>::D>",
            "a::B<_>",
            "a::<{ 1 }>::B",
            "a::Fn([u8; f()])",
            "a::B; fn f() {}",
        ] {
            assert!(!is_type_path(path), "{path}");
        }
        for path in accepted {
            assert!(matches!(syn::parse_str(path), Ok(syn::Type::Path(_))), "{path}");
        }
        for (open, close) in [("(", ")"), ("[", "]"), ("&", ""), ("a::B<", ">")] {
            assert!(!is_type_path(&format!("a::B<{}u8{}>", open.repeat(100_000), close.repeat(100_000))), "{open}");
        }
    }

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
