//! Types, paths and bounds.

use super::super::page::INDENT;
use super::Printer;
use super::tokens::Kind;

impl Printer {
    pub(super) fn ty(&mut self) -> Option<()> {
        match self.tokens.peek()? {
            Kind::Punct('&', _) => {
                self.token()?;
                if self.tokens.is_punct('\'') {
                    self.lifetime()?;
                    self.page.word(" ");
                }
                if self.tokens.pass_word("mut") {
                    self.page.word("mut ");
                }
                self.ty()
            }
            Kind::Open('(') => {
                let position = self.tokens.position();
                let empty = self.tokens.closing('(') == Some(position + 1);
                if !empty && !self.tokens.has_comma(position) {
                    return None;
                }
                self.within('(', ')', |printer| printer.list(INDENT, Self::ty))
            }
            Kind::Open('[') => self.within('[', ']', Self::ty),
            Kind::Word if self.tokens.is_word("impl") => {
                self.token()?;
                self.page.word(" ");
                self.bounds()
            }
            Kind::Word if self.tokens.is_word("dyn") || self.tokens.is_word("fn") => None,
            Kind::Word | Kind::Punct(':', true) => self.path(false),
            Kind::Literal | Kind::Punct(..) | Kind::Open(_) | Kind::Close(_) => None,
        }
    }

    /// Bounds on one line.
    fn bounds(&mut self) -> Option<()> {
        self.bound()?;
        while self.tokens.pass('+') {
            self.page.word(" + ");
            self.bound()?;
        }
        Some(())
    }

    pub(super) fn supertraits(&mut self) -> Option<()> {
        if self.tokens.is_punct(':') {
            self.tokens.skip(1);
            self.page.word(": ");
            self.bounds()?;
        }
        Some(())
    }

    fn bound(&mut self) -> Option<()> {
        if self.tokens.is_punct('\'') { self.lifetime() } else { self.path(false) }
    }

    pub(super) fn lifetime(&mut self) -> Option<()> {
        self.token()?;
        self.name()
    }

    /// A path; in an expression, the arguments of its types follow `::`.
    pub(super) fn path(&mut self, is_expression: bool) -> Option<()> {
        if self.tokens.is_pair(':', ':') {
            self.tokens.skip(2);
            self.page.word("::");
        }
        loop {
            self.name()?;
            if !is_expression && self.tokens.is_punct('<') {
                self.arguments()?;
            }
            if !is_expression && matches!(self.tokens.peek(), Some(Kind::Open('('))) {
                return None;
            }
            if !self.tokens.is_pair(':', ':') {
                return Some(());
            }
            self.tokens.skip(2);
            self.page.word("::");
            if self.tokens.is_punct('<') {
                if !is_expression {
                    return None;
                }
                self.arguments()?;
                if !self.tokens.is_pair(':', ':') {
                    return Some(());
                }
                self.tokens.skip(2);
                self.page.word("::");
            }
        }
    }

    /// What stands between angle brackets, the brackets included.
    pub(super) fn arguments(&mut self) -> Option<()> {
        self.angles(INDENT, Self::argument)
    }

    fn argument(&mut self) -> Option<()> {
        if self.tokens.is_punct('\'') {
            return self.lifetime();
        }
        let next = self.tokens.ahead(1).map(|token| token.kind);
        if self.tokens.peek() == Some(Kind::Word) && matches!(next, Some(Kind::Punct('=', _))) {
            self.name()?;
            self.tokens.skip(1);
            self.page.word(" = ");
        }
        self.ty()
    }

    /// The parameters of a declaration.
    pub(super) fn generics(&mut self) -> Option<()> {
        if !self.tokens.is_punct('<') {
            return Some(());
        }
        self.angles(0, Self::parameter)
    }

    fn parameter(&mut self) -> Option<()> {
        if self.tokens.is_punct('\'') {
            self.lifetime()?;
            return (!self.tokens.is_punct(':')).then_some(());
        }
        self.name()?;
        self.page.filled(INDENT);
        if self.tokens.pass(':') {
            self.page.word(": ");
            self.bound()?;
            while self.tokens.pass('+') {
                self.page.space();
                self.page.word("+ ");
                self.bound()?;
            }
        }
        self.page.end();
        Some(())
    }

    fn angles(&mut self, indent: isize, element: fn(&mut Self) -> Option<()>) -> Option<()> {
        self.tokens.expect(Kind::Punct('<', false))?;
        self.page.word("<");
        self.page.consistent(indent);
        self.page.zero();
        loop {
            element(self)?;
            self.tokens.pass(',');
            let last = self.tokens.is_punct('>');
            self.page.comma(last);
            if last {
                break;
            }
        }
        self.page.outdent();
        self.page.end();
        self.tokens.expect(Kind::Punct('>', false))?;
        self.page.word(">");
        Some(())
    }
}
