use super::{Markdown, blocks, code_span, phrase, wrapped};

#[test]
fn sentences_are_filled_in_order() {
    let parts = [Markdown::code("a{}b"), Markdown::phrase("[x]")];
    assert_eq!(Markdown::sentence("From {} to {}.", &parts).as_str(), "From `a{}b` to \\[x\\].");
    assert_eq!(Markdown::sentence("Only {}{}.", &parts[..1]).as_str(), "Only `a{}b`.");
}

#[test]
fn items_are_linked_by_identifiers_only() {
    for (path, expected) in [
        ("Self::r#type", "[`Self::r#type`]"),
        ("Größe", "[`Größe`]"),
        ("a`]\n```", "```` a`]\\n``` ````"),
        ("", "`\"\"`"),
    ] {
        assert_eq!(Markdown::item(path).as_str(), expected);
    }
}

#[test]
fn links_lead_to_web_addresses_only() {
    for (url, description, expected) in [
        ("https://x.example/a_b", "", "See <https://x.example/a_b>."),
        ("http://x.example", "The\n [guide].", "See [The \\[guide\\]](http://x.example)."),
        ("https://x.example/a_(b)", "it", "See [it](<https://x.example/a_(b)>)."),
        ("https://x.example/>a", "", "See `https://x.example/>a`."),
        ("javascript:alert(`1`)", "x", "See `` javascript:alert(`1`) ``: x."),
        ("docs/a.md", "at http://x.example", "See `docs/a.md`: at http\\://x.example."),
    ] {
        let description = (!description.is_empty()).then_some(description);
        assert_eq!(Markdown::link(url, description).as_str(), expected);
    }
}

#[test]
fn code_spans_show_everything_in_a_line() {
    for (text, expected) in [
        ("a b", "`a b`"),
        ("it's \\d \"x\"", "`it's \\d \"x\"`"),
        ("", "`\"\"`"),
        (" ", "`   `"),
        (" a", "` a`"),
        (" a ", "`  a  `"),
        ("`", "`` ` ``"),
        ("a```b", "```` a```b ````"),
        ("v\n\n```\npanic!()\n```", "```` v\\n\\n```\\npanic!()\\n``` ````"),
        ("a\u{202E}b\u{2066}\r\0\u{85}\u{200B}", "`a\\u{202e}b\\u{2066}\\r\\0\\u{85}\\u{200b}`"),
        ("हिन्दी é", "`हिन्दी é`"),
        ("*/ [User] <b>", "`*/ [User] <b>`"),
    ] {
        assert_eq!(code_span(text), expected);
    }
}

#[test]
fn phrases_stay_in_their_sentence() {
    for (text, expected) in [
        ("Harbour\n\nwatch", "Harbour watch"),
        ("```\nx\n```", "\\`\\`\\` x \\`\\`\\`"),
        ("# A [User] <b> \\", "\\# A \\[User\\] \\<b\\> \\\\"),
        ("~~~", "\\~~~"),
        ("at http://x.example\u{202E}", "at http\\://x.example"),
    ] {
        assert_eq!(phrase(text), expected);
    }
}

#[test]
fn blocks_are_made_safe() {
    for (text, expected) in [
        ("See [User] and <b>.", "See \\[User\\] and \\<b>."),
        ("See [docs](https://x.example/a).", "See [docs](https://x.example/a)."),
        ("See [User](http x) or [User](javascript:x).", "See \\[User\\](http x) or \\[User\\](javascript:x)."),
        ("[a|b](http://x.example/|) | `c | [User] | d`", "\\[a|b\\](<http://x.example/>|) | \\`c | \\[User\\] | d\\`"),
        ("At https://x.example/a.", "At <https://x.example/a>."),
        ("(https://x.example) <https://y.example>", "(<https://x.example>) <https://y.example>"),
        ("`Vec<T>` stays, Vec<T> not", "`Vec<T>` stays, Vec\\<T> not"),
        ("\\`[User]\\` and \\[User]", "\\`\\[User\\]\\` and \\[User\\]"),
        ("``a`[b]`` `[c]``", "``a`[b]`` \\`\\[c\\]\\`\\`"),
        ("```rust\nfn main() {}\n```", "```text\nfn main() {}\n```"),
        ("~~~\nopen", "```text\nopen\n```"),
        ("a\n\n    indented", "a\n\n   indented"),
        ("-     panic!()", "- panic!()"),
        (">     panic!()\n1.      a", "> panic!()\n1. a"),
        ("- ~~~\n  panic!()\n> ```", "- \\~~~\n  panic!()\n> \\```"),
        ("a\n\t- b", "a\n   - b"),
        ("a `b", "a \\`b"),
        (" `a` b ", "`a` b"),
        ("``` ```", "```text\n```"),
        ("a\r\nb\rc\0\u{202E}d", "a\nb\ncd"),
    ] {
        assert_eq!(blocks(text), expected);
    }
}

/// Lines that continue a paragraph stand where its text begins.
#[test]
fn containers_are_continued() {
    for (text, expected) in [
        ("- a\nb\n- c\n     d", "- a\n  b\n- c\n  d"),
        ("1. a\nb\n2. c\nd\n\ne\nf", "1. a\n   b\n2. c\n   d\n\ne\nf"),
        ("- a\n\n  b\nc\n\nd\ne", "- a\n\n  b\n  c\n\nd\ne"),
        ("- a\n  - b\nc", "- a\n  - b\n    c"),
        ("> a\nb\n> c", "> a\n> b\n> c"),
        ("> - a\n> b\nc", "> - a\n>   b\n>   c"),
        ("- a\n# b\nc", "- a\n# b\nc"),
        ("- a\n---\nb", "- a\n---\nb"),
        ("- a\n2. b\nc", "- a\n  2. b\n  c"),
        ("- \na", "-\na"),
        ("a\n    b", "a\n   b"),
    ] {
        assert_eq!(blocks(text), expected);
    }
}

#[test]
fn long_lines_are_broken_outside_of_code() {
    for (text, expected) in [
        ("- one two three four", "- one two\n  three\n  four"),
        ("  one two three four", "  one two\n  three\n  four"),
        ("# one two three four", "# one two three four"),
        ("> one two three four", "> one two three four"),
        ("one two ``a b c `d`` e", "one two\n``a b c `d``\ne"),
        ("one \\`two three", "one \\`two\nthree"),
        ("one two three - four", "one two\nthree -\nfour"),
        ("```text\na long line ```\n```", "```text\na long line ```\n```"),
    ] {
        assert_eq!(wrapped(text, 9).join("\n"), expected);
    }
}
