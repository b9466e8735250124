//! Tokens in a row, with their text.

use std::fmt::Write as _;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Literal,
    /// A character, and whether the next token belongs to it.
    Punct(char, bool),
    Open(char),
    Close(char),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Where its text starts; for what opens, the position of what closes it.
    start: usize,
    end: usize,
}

/// Tokens that are read from the first to the last.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    text: String,
    row: Vec<Token>,
    at: usize,
}

impl Tokens {
    /// Takes a stream apart, which costs least where nobody else has it.
    pub(super) fn new(stream: TokenStream) -> Self {
        let mut tokens = Self::default();
        tokens.add(stream);
        tokens
    }

    fn add(&mut self, stream: TokenStream) {
        for tree in stream {
            let start = self.text.len();
            let kind = match tree {
                TokenTree::Group(group) => {
                    let (delimiter, stream) = (group.delimiter(), group.stream());
                    drop(group);
                    self.group(delimiter, stream);
                    continue;
                }
                // Writing to a string cannot fail.
                TokenTree::Ident(ident) => {
                    let _ = write!(self.text, "{ident}");
                    Kind::Word
                }
                TokenTree::Literal(literal) => {
                    let _ = write!(self.text, "{literal}");
                    Kind::Literal
                }
                TokenTree::Punct(punct) => {
                    self.text.push(punct.as_char());
                    Kind::Punct(punct.as_char(), punct.spacing() == Spacing::Joint)
                }
            };
            self.row.push(Token { kind, start, end: self.text.len() });
        }
    }

    fn group(&mut self, delimiter: Delimiter, stream: TokenStream) {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ('(', ')'),
            Delimiter::Brace => ('{', '}'),
            Delimiter::Bracket => ('[', ']'),
            Delimiter::None => return self.add(stream),
        };
        let position = self.row.len();
        self.row.push(Token { kind: Kind::Open(open), start: 0, end: 0 });
        self.add(stream);
        self.row[position].start = self.row.len();
        self.row.push(Token { kind: Kind::Close(close), start: 0, end: 0 });
    }

    /// The text as it could be read again.
    pub(super) fn to_source(&self) -> String {
        let mut source = String::with_capacity(self.text.len() * 2);
        for token in &self.row {
            match token.kind {
                Kind::Open(one) | Kind::Close(one) => source.push(one),
                Kind::Word | Kind::Literal | Kind::Punct(..) => source.push_str(self.text_of(*token)),
            }
            if !matches!(token.kind, Kind::Punct(_, true)) {
                source.push(' ');
            }
        }
        source
    }

    pub(super) fn text_of(&self, token: Token) -> &str {
        &self.text[token.start..token.end]
    }

    /// The token that comes after so many others.
    pub(super) fn ahead(&self, tokens: usize) -> Option<Token> {
        self.row.get(self.at + tokens).copied()
    }

    pub(super) fn peek(&self) -> Option<Kind> {
        self.ahead(0).map(|token| token.kind)
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn get(&self, position: usize) -> Option<Token> {
        self.row.get(position).copied()
    }

    /// Whether a group or everything ends here.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.peek(), None | Some(Kind::Close(_)))
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.ahead(0).is_some_and(|token| token.kind == Kind::Word && self.text_of(token) == word)
    }

    pub(super) fn is_punct(&self, one: char) -> bool {
        matches!(self.peek(), Some(Kind::Punct(found, _)) if found == one)
    }

    /// Whether the two tokens before are a character twice.
    pub(super) fn after_pair(&self, one: char) -> bool {
        let is = |back: usize| {
            let token = self.at.checked_sub(back).and_then(|at| self.row.get(at));
            token.is_some_and(|token| matches!(token.kind, Kind::Punct(found, _) if found == one))
        };
        is(1) && is(2)
    }

    /// Whether two characters stand here that belong together.
    pub(super) fn is_pair(&self, first: char, second: char) -> bool {
        self.peek() == Some(Kind::Punct(first, true))
            && matches!(self.ahead(1), Some(Token { kind: Kind::Punct(found, _), .. }) if found == second)
    }

    /// The position of what closes the group that opens here.
    pub(super) fn closing(&self, open: char) -> Option<usize> {
        self.ahead(0).filter(|token| token.kind == Kind::Open(open)).map(|token| token.start)
    }

    pub(super) fn skip(&mut self, tokens: usize) {
        self.at += tokens;
    }

    /// Passes a character, if it is here.
    pub(super) fn pass(&mut self, one: char) -> bool {
        let found = self.is_punct(one);
        self.at += usize::from(found);
        found
    }

    /// Passes a word, if it is here.
    pub(super) fn pass_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    /// Passes what must be here.
    pub(super) fn expect(&mut self, kind: Kind) -> Option<()> {
        let found = match (self.peek()?, kind) {
            (Kind::Punct(found, _), Kind::Punct(wanted, _)) => found == wanted,
            (found, wanted) => found == wanted,
        };
        self.at += 1;
        found.then_some(())
    }

    /// Whether the group that opens here has a comma that is not in a group inside of it.
    pub(super) fn has_comma(&self, position: usize) -> bool {
        let Some(Token { kind: Kind::Open(_), start: close, .. }) = self.get(position) else { return false };
        let mut at = position + 1;
        while at < close {
            match self.row[at].kind {
                Kind::Punct(',', _) => return true,
                Kind::Open(_) => at = self.row[at].start,
                Kind::Word | Kind::Literal | Kind::Punct(..) | Kind::Close(_) => {}
            }
            at += 1;
        }
        false
    }

    /// Where the group that opens at a position closes.
    pub(super) fn closing_at(&self, position: usize) -> Option<usize> {
        self.get(position).filter(|token| matches!(token.kind, Kind::Open(_))).map(|token| token.start)
    }
}
