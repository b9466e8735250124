//! Statements, expressions and patterns.

use super::super::page::{Break, INDENT, Slot};
use super::Printer;
use super::tokens::{Kind, Token};

/// How wide a struct expression on one line may be.
const STRUCT_WIDTH: isize = 34;

/// Words that begin what is not known here.
const UNKNOWN: [&str; 12] =
    ["async", "break", "const", "continue", "for", "if", "let", "loop", "move", "return", "unsafe", "while"];

/// The parts of `a.b(c)?.d`, while they are written.
struct Chain {
    /// Where the box around everything can begin.
    start: Slot,
    /// Where the box around what the chain begins with can begin and end.
    base: (Slot, Slot),
    /// Where the box around everything can end: after the last part that begins with a dot.
    end: Option<Slot>,
    /// Where the box around the arguments of the last method can begin.
    arguments: Option<Slot>,
    dots: usize,
    /// Whether the first dot stands on the line of a very short name.
    joined: bool,
}

impl Printer {
    pub(super) fn statement(&mut self) -> Option<()> {
        if self.tokens.is_word("const") {
            return self.item().map(|_| ());
        }
        self.page.filled(0);
        if self.tokens.pass_word("let") {
            self.page.word("let ");
            self.pattern()?;
            if self.tokens.pass(':') {
                self.page.word(": ");
                self.ty()?;
            }
            self.tokens.expect(Kind::Punct('=', false))?;
            self.page.word(" = ");
            self.page.never();
            self.expression(false, true)?;
            self.page.end();
            self.tokens.expect(Kind::Punct(';', false))?;
            self.page.word(";");
        } else {
            self.expression(true, true)?;
            if self.tokens.pass(';') {
                self.page.word(";");
            } else if !self.tokens.is_done() {
                return None;
            }
            self.page.end();
        }
        self.page.hard();
        Some(())
    }

    /// An expression; whether it is a chain with a dot. A struct expression is none where a block may follow.
    pub(super) fn expression(&mut self, begins_line: bool, structs: bool) -> Option<bool> {
        for (one, word) in [('&', "&"), ('*', "*"), ('!', "!"), ('-', "-")] {
            if self.tokens.pass(one) {
                self.page.word(word);
                if one == '&' && self.tokens.pass_word("mut") {
                    self.page.word("mut ");
                }
                return self.expression(false, structs);
            }
        }
        let dotted = self.chain(begins_line, structs)?;
        match self.tokens.peek() {
            Some(Kind::Word | Kind::Literal | Kind::Open('(' | '[')) => None,
            Some(Kind::Punct(one, _)) if !matches!(one, ',' | ';') => None,
            _ => Some(dotted),
        }
    }

    fn chain(&mut self, begins_line: bool, structs: bool) -> Option<bool> {
        let short =
            self.tokens.ahead(0).is_some_and(|token| token.kind == Kind::Word && self.tokens.text_of(token).len() <= 4);
        let (start, begin) = (self.page.slot(), self.page.slot());
        let position = self.tokens.position();
        self.primary(structs)?;
        let single = self.tokens.position() == position + 1;
        let base = (begin, self.page.slot());
        let joined = begins_line && short && single;
        let mut chain = Chain { start, base, end: None, arguments: None, dots: 0, joined };
        while self.part(&mut chain)? {}
        let Some(end) = chain.end else { return Some(false) };
        self.page.begin_at(chain.start, INDENT);
        self.page.end_at(end);
        self.page.begin_at(chain.base.0, -INDENT);
        self.page.end_at(chain.base.1);
        if let (Some(arguments), true, 1) = (chain.arguments, chain.joined, chain.dots) {
            self.page.begin_at(arguments, -INDENT);
        }
        Some(true)
    }

    /// One more part of a chain, if there is one.
    fn part(&mut self, chain: &mut Chain) -> Option<bool> {
        match self.tokens.peek() {
            Some(Kind::Punct('?', _)) => self.token()?,
            Some(Kind::Open('(')) => self.within('(', ')', Self::call_arguments)?,
            Some(Kind::Open('[')) => return None,
            Some(Kind::Punct('.', false)) => {
                self.tokens.skip(1);
                if chain.dots > 0 || !chain.joined {
                    self.page.zero();
                }
                self.page.word(".");
                self.member(chain)?;
                if self.tokens.is_pair(':', ':') {
                    self.tokens.skip(2);
                    self.page.word("::");
                    self.arguments()?;
                }
                chain.dots += 1;
                chain.arguments = None;
                if self.tokens.closing('(').is_some() {
                    let begin = self.page.slot();
                    self.within('(', ')', Self::call_arguments)?;
                    let end = self.page.slot();
                    self.page.begin_at(begin, 0);
                    self.page.end_at(end);
                    chain.arguments = Some(begin);
                }
                chain.end = Some(self.page.slot());
            }
            _ => return Some(false),
        }
        Some(true)
    }

    /// The name or the number after a dot. In `a.0.b`, tokens have the number `0.`.
    fn member(&mut self, chain: &mut Chain) -> Option<()> {
        let number = self.tokens.ahead(0).filter(|token| token.kind == Kind::Literal);
        if let Some(number) = number.and_then(|number| self.tokens.text_of(number).strip_suffix('.')) {
            self.page.word(number);
            self.page.zero();
            self.page.word(".");
            self.tokens.skip(1);
            chain.dots += 1;
        }
        self.token()
    }

    fn primary(&mut self, structs: bool) -> Option<()> {
        match self.tokens.peek()? {
            Kind::Literal => self.token(),
            Kind::Open('(') => self.parentheses(),
            Kind::Open('[') => self.array(),
            Kind::Word if self.tokens.is_word("match") => self.choice(),
            Kind::Word if UNKNOWN.iter().any(|word| self.tokens.is_word(word)) => None,
            Kind::Word | Kind::Punct(':', true) => {
                if self.is_macro() {
                    return self.call_macro();
                }
                let begin = self.page.slot();
                let inner = self.page.slot();
                self.path(true)?;
                let end = self.page.slot();
                if structs && self.tokens.closing('{').is_some() {
                    return self.structure_value(begin, (inner, end));
                }
                Some(())
            }
            Kind::Punct(..) | Kind::Open(_) | Kind::Close(_) => None,
        }
    }

    fn parentheses(&mut self) -> Option<()> {
        let position = self.tokens.position();
        if self.tokens.closing('(') == Some(position + 1) {
            self.tokens.skip(2);
            self.page.word("()");
            return Some(());
        }
        if !self.tokens.has_comma(position) {
            return self.within('(', ')', |printer| printer.expression(false, true).map(|_| ()));
        }
        self.within('(', ')', |printer| printer.list(INDENT, |printer| printer.expression(false, true).map(|_| ())))
    }

    fn array(&mut self) -> Option<()> {
        let position = self.tokens.position();
        if self.tokens.closing('[') == Some(position + 1) {
            self.tokens.skip(2);
            self.page.word("[]");
            return Some(());
        }
        let first = self.tokens.get(position + 1)?;
        if first.kind == Kind::Literal && !self.tokens.text_of(first).starts_with('"') {
            return None;
        }
        self.within('[', ']', |printer| printer.list(INDENT, |printer| printer.expression(false, true).map(|_| ())))
    }

    fn call_arguments(&mut self) -> Option<()> {
        if self.is_blocklike(self.tokens.position()) {
            self.expression(false, true)?;
            self.tokens.pass(',');
            return Some(());
        }
        self.list(INDENT, |printer| printer.expression(false, true).map(|_| ()))
    }

    /// Whether the only argument of a call brings lines of its own: an array, a tuple, or a struct expression.
    fn is_blocklike(&self, position: usize) -> bool {
        let Some(first) = self.tokens.get(position) else { return false };
        let end = |open: usize| {
            let after = self.tokens.closing_at(open).map_or(open, |close| close + 1);
            let comma = matches!(self.tokens.get(after), Some(Token { kind: Kind::Punct(',', _), .. }));
            matches!(self.tokens.get(after + usize::from(comma)), Some(Token { kind: Kind::Close(_), .. }))
        };
        match first.kind {
            Kind::Open('[') => end(position),
            Kind::Open('(') => {
                let empty = self.tokens.closing_at(position) == Some(position + 1);
                (empty || self.tokens.has_comma(position)) && end(position)
            }
            Kind::Word | Kind::Punct(':', _) => {
                let mut at = position;
                while matches!(self.tokens.get(at), Some(Token { kind: Kind::Word | Kind::Punct(':', _), .. })) {
                    at += 1;
                }
                matches!(self.tokens.get(at), Some(Token { kind: Kind::Open('{'), .. })) && end(at)
            }
            Kind::Literal | Kind::Punct(..) | Kind::Open(_) | Kind::Close(_) => false,
        }
    }

    fn structure_value(&mut self, begin: Slot, path: (Slot, Slot)) -> Option<()> {
        self.page.begin_at(path.0, -INDENT);
        self.page.end_at(path.1);
        self.tokens.skip(1);
        self.page.open_at(begin, INDENT);
        self.page.word(" {");
        self.page.put(Break { blank: 1, if_filled: true, ..Break::default() });
        while !self.tokens.is_done() {
            self.name()?;
            if self.tokens.pass(':') {
                self.page.word(": ");
                self.page.filled(0);
                self.expression(false, true)?;
                self.page.end();
            }
            self.tokens.pass(',');
            if self.tokens.is_done() {
                self.page.put(Break { blank: 1, before: ",", ..Break::default() });
            } else {
                self.page.word(",");
                self.page.space();
            }
        }
        self.tokens.skip(1);
        self.page.outdent();
        self.page.end_within(STRUCT_WIDTH);
        self.page.word("}");
        Some(())
    }

    fn choice(&mut self) -> Option<()> {
        self.tokens.skip(1);
        self.page.filled(0);
        self.page.word("match ");
        self.page.consistent(0);
        if self.expression(false, false)? {
            self.page.space();
        } else {
            self.page.word(" ");
        }
        self.page.end();
        self.tokens.expect(Kind::Open('{'))?;
        self.page.word("{");
        self.page.never();
        self.page.consistent(INDENT);
        self.page.hard_if_filled();
        while !self.tokens.is_done() {
            self.arm()?;
            self.page.hard();
        }
        self.tokens.skip(1);
        self.page.outdent();
        self.page.end();
        self.page.word("}");
        self.page.end();
        Some(())
    }

    fn arm(&mut self) -> Option<()> {
        self.page.filled(0);
        self.pattern()?;
        if !self.tokens.is_pair('=', '>') {
            return None;
        }
        self.tokens.skip(2);
        self.page.word(" => ");
        self.page.never();
        self.page.consistent(INDENT);
        self.page.put(Break { before: "{", ..Break::default() });
        let instead = if self.tokens.is_word("match") { "" } else { "," };
        let dotted = self.expression(true, true)?;
        let instead = if dotted { "," } else { instead };
        self.page.put(Break { offset: -INDENT, after: "}", instead, ..Break::default() });
        self.page.end();
        self.page.end();
        if !self.tokens.pass(',') && !self.tokens.is_done() {
            return None;
        }
        Some(())
    }

    /// Alternatives: texts in lines that are filled, others in a line each.
    fn pattern(&mut self) -> Option<()> {
        let slot = self.page.slot();
        let mut simple = self.alternative()?;
        if !self.tokens.is_punct('|') {
            return Some(());
        }
        while self.tokens.pass('|') {
            self.page.space();
            self.page.word("| ");
            simple &= self.alternative()?;
        }
        self.page.begin_at(slot, 0);
        if simple {
            self.page.fill_at(slot);
        }
        let end = self.page.slot();
        self.page.end_at(end);
        Some(())
    }

    /// One pattern; whether it is a text or takes anything.
    fn alternative(&mut self) -> Option<bool> {
        match self.tokens.peek()? {
            Kind::Literal => self.token().map(|()| true),
            Kind::Word if self.tokens.is_word("_") => self.token().map(|()| true),
            Kind::Word => {
                if self.tokens.pass_word("mut") {
                    self.page.word("mut ");
                    return self.name().map(|()| false);
                }
                self.path(true)?;
                if self.tokens.closing('(').is_some() {
                    self.within('(', ')', |printer| printer.list(INDENT, Self::pattern))?;
                }
                Some(false)
            }
            Kind::Punct(..) | Kind::Open(_) | Kind::Close(_) => None,
        }
    }

    /// Whether a path with an exclamation mark stands here.
    fn is_macro(&self) -> bool {
        let mut at = 0;
        while matches!(self.tokens.ahead(at), Some(Token { kind: Kind::Word | Kind::Punct(':', _), .. })) {
            at += 1;
        }
        let Some(Token { kind: Kind::Punct('!', _), .. }) = self.tokens.ahead(at) else { return false };
        matches!(self.tokens.ahead(at + 1), Some(Token { kind: Kind::Open(_), .. }))
    }

    /// A macro of the runtime, whose tokens fill lines; those of the standard library are laid out by what they mean.
    pub(super) fn call_macro(&mut self) -> Option<()> {
        if !self.tokens.is_word("eventwire") {
            return None;
        }
        self.path(true)?;
        self.tokens.expect(Kind::Punct('!', false))?;
        self.page.word("!");
        let (open, close) = match self.tokens.peek()? {
            Kind::Open('(') => ('(', ')'),
            Kind::Open('[') => ('[', ']'),
            Kind::Word | Kind::Literal | Kind::Punct(..) | Kind::Open(_) | Kind::Close(_) => return None,
        };
        self.within(open, close, |printer| {
            if printer.tokens.is_done() {
                return Some(());
            }
            printer.page.consistent(INDENT);
            printer.page.zero();
            printer.page.filled(0);
            printer.any_tokens()?;
            printer.page.end();
            printer.page.zero();
            printer.page.outdent();
            printer.page.end();
            Some(())
        })
    }

    /// Tokens of no known meaning, with the spaces that they usually have.
    fn any_tokens(&mut self) -> Option<()> {
        let mut last = None;
        while !self.tokens.is_done() {
            let kind = self.tokens.peek()?;
            let spaced = match (last, kind) {
                (None | Some(Kind::Punct(_, true)), _)
                | (_, Kind::Punct(',', _))
                | (Some(Kind::Word | Kind::Literal), Kind::Open(_) | Kind::Punct(':', true)) => false,
                (Some(Kind::Punct(':', false)), Kind::Word) => !self.tokens.after_pair(':'),
                _ => true,
            };
            if spaced {
                self.page.space();
            }
            last = Some(kind);
            match kind {
                Kind::Open(open @ ('(' | '[')) => {
                    let close = if open == '(' { ')' } else { ']' };
                    self.within(open, close, Self::any_tokens)?;
                    last = Some(Kind::Close(close));
                }
                Kind::Open(_) | Kind::Close(_) => return None,
                Kind::Punct(one, _) if !matches!(one, ',' | ':' | '&') => return None,
                Kind::Word | Kind::Literal | Kind::Punct(..) => self.token()?,
            }
        }
        Some(())
    }
}
