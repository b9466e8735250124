//! Uses of types.

use std::fmt;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

/// A type as Rust writes it on one line, such as `Option<Vec<User>>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeRef(Box<str>);

impl TypeRef {
    pub(super) fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// A type with arguments, if there are any.
    pub(crate) fn generic(name: &str, arguments: &[&Self]) -> Self {
        let mut text = format!("{name}<");
        for (index, argument) in arguments.iter().enumerate() {
            text.push_str(if index == 0 { "" } else { ", " });
            text.push_str(&argument.0);
        }
        text.push('>');
        Self::new(text)
    }

    /// A type that a user wrote, with the spaces that it usually has.
    pub(super) fn of_tokens(tokens: TokenStream) -> Self {
        let mut text = String::new();
        write(tokens, &mut text);
        Self::new(text)
    }

    /// Returns the type.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifiers in it that do not follow `::`: what a path begins with.
    pub(crate) fn roots(&self) -> impl Iterator<Item = &str> {
        let is_word = |c: char| c == '_' || c == '#' || c.is_alphanumeric();
        let words = self.0.split(move |c| !is_word(c)).filter(|word| !word.is_empty());
        words.filter(|word| {
            let start = word.as_ptr().addr() - self.0.as_ptr().addr();
            !self.0[..start].ends_with("::")
        })
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ToTokens for TypeRef {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self.0.parse::<TokenStream>() {
            Ok(parsed) => tokens.extend(parsed),
            Err(error) => unreachable!("a type is not Rust: {error}"),
        }
    }
}

/// Adds tokens of a type to its text: a space stands between words, after what divides and around what joins.
fn write(tokens: TokenStream, text: &mut String) {
    for tree in tokens {
        let word = matches!(tree, TokenTree::Ident(_) | TokenTree::Literal(_));
        if word && text.ends_with(|last: char| last == '_' || last.is_alphanumeric()) {
            text.push(' ');
        }
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                one @ (',' | ';') => text.extend([one, ' ']),
                one @ ('=' | '+') => text.extend([' ', one, ' ']),
                '-' => text.push_str(" -"),
                '>' if text.ends_with('-') => text.push_str("> "),
                '>' => {
                    // One comma less than the user wrote.
                    text.truncate(text.trim_end_matches([',', ' ']).len());
                    text.push('>');
                }
                one => text.push(one),
            },
            TokenTree::Ident(_) | TokenTree::Literal(_) => text.push_str(&tree.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TypeRef;

    #[test]
    fn types_of_users_have_the_usual_spaces() {
        for (written, expected) in [
            ("a :: B", "a::B"),
            ("a::B<C,D ,>", "a::B<C, D>"),
            ("a::B<'static,dyn C+Send>", "a::B<'static, dyn C + Send>"),
            ("a::B<[u8;4], &'static str>", "a::B<[u8; 4], &'static str>"),
            ("Box<fn(A,B)->C>", "Box<fn(A, B) -> C>"),
            ("r#a::B<Item=C>", "r#a::B<Item = C>"),
        ] {
            assert_eq!(TypeRef::of_tokens(written.parse().unwrap()).as_str(), expected);
        }
    }

    #[test]
    fn paths_begin_with_their_first_word() {
        let roots = |text: &str| TypeRef::new(text).roots().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(roots("Option<Vec<messages::User>>"), ["Option", "Vec", "messages"]);
        assert_eq!(roots("::std::vec::Vec<r#type::A, ()>"), ["r#type"]);
    }
}
