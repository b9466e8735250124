//! Items, their members and attributes.

use super::super::page::INDENT;
use super::Printer;
use super::tokens::{Kind, Token};

impl Printer {
    /// One item; whether it stands with its like without a blank line.
    pub(super) fn item(&mut self) -> Option<bool> {
        self.attributes()?;
        let (keyword, after) = self.keyword()?;
        match keyword.as_str() {
            "use" => self.import().map(|()| true),
            "const" if after != "fn" => self.constant().map(|()| false),
            "static" => self.constant().map(|()| false),
            "type" => self.alias().map(|()| false),
            "struct" => self.structure().map(|()| false),
            "enum" => self.enumeration().map(|()| false),
            "impl" => self.implementation().map(|()| false),
            "trait" => self.interface().map(|()| false),
            "fn" | "async" | "const" => self.function().map(|()| false),
            "mod" | "unsafe" | "extern" | "union" | "macro_rules" => None,
            _ => {
                self.call_macro()?;
                self.tokens.expect(Kind::Punct(';', false))?;
                self.page.word(";");
                self.page.hard();
                Some(true)
            }
        }
    }

    /// The word that says what an item is, and the one after it.
    fn keyword(&self) -> Option<(String, String)> {
        let mut at = 0;
        if self.tokens.is_word("pub") {
            at += 1;
            if let Some(Token { kind: Kind::Open('('), .. }) = self.tokens.ahead(1) {
                at = self.tokens.closing_at(self.tokens.position() + 1)? + 1 - self.tokens.position();
            }
        }
        let text = |ahead| match self.tokens.ahead(ahead) {
            Some(token) if token.kind == Kind::Word => self.tokens.text_of(token).to_owned(),
            Some(_) | None => String::new(),
        };
        Some((text(at), text(at + 1)))
    }

    fn attributes(&mut self) -> Option<()> {
        while self.tokens.is_punct('#') {
            self.tokens.skip(1);
            let close = self.tokens.closing('[')?;
            self.tokens.skip(1);
            if self.tokens.is_word("doc") {
                self.doc()?;
            } else {
                self.page.word("#[");
                self.attribute()?;
                self.page.word("]");
                self.page.space();
            }
            (self.tokens.position() == close).then_some(())?;
            self.tokens.skip(1);
        }
        Some(())
    }

    /// A line of documentation.
    fn doc(&mut self) -> Option<()> {
        self.tokens.skip(1);
        self.tokens.expect(Kind::Punct('=', false))?;
        let literal = self.tokens.ahead(0).filter(|token| token.kind == Kind::Literal)?;
        let literal = self.tokens.text_of(literal);
        let plain =
            literal.strip_prefix('"').and_then(|text| text.strip_suffix('"')).filter(|text| !text.contains('\\'));
        let parsed;
        let text = if let Some(text) = plain {
            text
        } else {
            parsed = syn::parse_str::<syn::LitStr>(literal).ok()?.value();
            parsed.as_str()
        };
        if text.contains('\n') || text.starts_with('/') {
            return None;
        }
        self.page.word("///");
        self.page.word(text.trim_end_matches(' '));
        self.page.hard();
        self.tokens.skip(1);
        Some(())
    }

    /// What stands between the brackets: a path, with words in parentheses.
    fn attribute(&mut self) -> Option<()> {
        self.path(false).or_else(|| self.tokens.closing('(').map(|_| ()))?;
        if self.tokens.is_done() {
            return Some(());
        }
        self.within('(', ')', |printer| {
            printer.page.consistent(INDENT);
            printer.page.zero();
            while !printer.tokens.is_done() {
                printer.path(false)?;
                if printer.tokens.pass(',') {
                    if printer.tokens.is_done() {
                        return None;
                    }
                    printer.page.word(",");
                    printer.page.space();
                }
            }
            printer.page.zero();
            printer.page.outdent();
            printer.page.end();
            Some(())
        })
    }

    fn visibility(&mut self) -> Option<()> {
        if !self.tokens.pass_word("pub") {
            return Some(());
        }
        self.page.word("pub");
        if self.tokens.closing('(').is_some() {
            self.within('(', ')', Self::name)?;
        }
        self.page.word(" ");
        Some(())
    }

    fn import(&mut self) -> Option<()> {
        self.visibility()?;
        self.tokens.skip(1);
        self.page.word("use ");
        if self.tokens.is_pair(':', ':') {
            self.tokens.skip(2);
            self.page.word("::");
        }
        self.import_tree()?;
        self.end_statement()
    }

    fn import_tree(&mut self) -> Option<()> {
        loop {
            if let Some(close) = self.tokens.closing('{') {
                let several = self.tokens.has_comma(self.tokens.position());
                self.tokens.skip(1);
                if !several {
                    // One name needs no braces.
                    (!self.tokens.is_word("self") && !self.tokens.is_done()).then_some(())?;
                    self.import_tree()?;
                    self.tokens.skip(1);
                    return Some(());
                }
                self.page.consistent(INDENT);
                self.page.word("{");
                self.page.zero();
                self.page.filled(0);
                while self.tokens.position() < close {
                    self.name()?;
                    self.tokens.pass(',');
                    if !self.tokens.is_done() {
                        self.page.word(",");
                        self.page.space();
                    }
                }
                self.page.end();
                self.page.comma(true);
                self.page.outdent();
                self.page.word("}");
                self.page.end();
                self.tokens.skip(1);
                return Some(());
            }
            if self.tokens.pass('*') {
                self.page.word("*");
                return Some(());
            }
            self.name()?;
            if self.tokens.pass_word("as") {
                self.page.word(" as ");
                return self.name();
            }
            if !self.tokens.is_pair(':', ':') {
                return Some(());
            }
            self.tokens.skip(2);
            self.page.word("::");
        }
    }

    fn end_statement(&mut self) -> Option<()> {
        self.tokens.expect(Kind::Punct(';', false))?;
        self.page.word(";");
        self.page.hard();
        Some(())
    }

    fn constant(&mut self) -> Option<()> {
        self.page.consistent(0);
        self.visibility()?;
        self.name()?;
        self.page.word(" ");
        self.name()?;
        self.tokens.expect(Kind::Punct(':', false))?;
        self.page.word(": ");
        self.ty()?;
        self.tokens.expect(Kind::Punct('=', false))?;
        self.page.word(" = ");
        self.page.never();
        self.expression(false, true)?;
        self.tokens.expect(Kind::Punct(';', false))?;
        self.page.word(";");
        self.page.end();
        self.page.hard();
        Some(())
    }

    fn alias(&mut self) -> Option<()> {
        self.page.consistent(INDENT);
        self.visibility()?;
        self.name()?;
        self.page.word(" ");
        self.name()?;
        self.generics()?;
        if self.tokens.pass('=') {
            self.page.word(" = ");
            self.page.never();
            self.page.filled(-INDENT);
            self.ty()?;
            self.page.end();
        }
        self.tokens.expect(Kind::Punct(';', false))?;
        self.page.word(";");
        self.page.end();
        self.page.hard();
        Some(())
    }

    fn structure(&mut self) -> Option<()> {
        self.page.consistent(INDENT);
        self.visibility()?;
        self.name()?;
        self.page.word(" ");
        self.name()?;
        self.generics()?;
        if self.tokens.closing('{').is_some() {
            return self.members(|printer| {
                printer.field()?;
                printer.tokens.pass(',');
                printer.page.word(",");
                printer.page.hard();
                Some(())
            });
        }
        if self.tokens.closing('(').is_some() {
            self.unnamed_fields()?;
        }
        self.tokens.expect(Kind::Punct(';', false))?;
        self.page.word(";");
        self.page.end();
        self.page.hard();
        Some(())
    }

    fn field(&mut self) -> Option<()> {
        self.attributes()?;
        self.visibility()?;
        self.name()?;
        self.tokens.expect(Kind::Punct(':', false))?;
        self.page.word(": ");
        self.ty()
    }

    fn unnamed_fields(&mut self) -> Option<()> {
        self.tokens.skip(1);
        self.page.word("(");
        self.page.zero();
        while !self.tokens.is_done() {
            self.visibility()?;
            self.ty()?;
            self.tokens.pass(',');
            self.page.comma(self.tokens.is_done());
        }
        self.page.outdent();
        self.tokens.skip(1);
        self.page.word(")");
        Some(())
    }

    fn enumeration(&mut self) -> Option<()> {
        self.page.consistent(INDENT);
        self.visibility()?;
        self.name()?;
        self.page.word(" ");
        self.name()?;
        self.generics()?;
        self.members(|printer| {
            printer.attributes()?;
            printer.name()?;
            if printer.tokens.closing('(').is_some() {
                printer.page.consistent(INDENT);
                printer.unnamed_fields()?;
                printer.page.end();
            }
            if !printer.tokens.pass(',') && !printer.tokens.is_done() {
                return None;
            }
            printer.page.word(",");
            printer.page.hard();
            Some(())
        })
    }

    /// Members in braces, and the end of the box that was begun before.
    fn members(&mut self, member: impl Fn(&mut Self) -> Option<()>) -> Option<()> {
        self.tokens.expect(Kind::Open('{'))?;
        self.page.word(" {");
        self.page.hard_if_filled();
        while !self.tokens.is_done() {
            member(self)?;
        }
        self.tokens.skip(1);
        self.page.outdent();
        self.page.end();
        self.page.word("}");
        self.page.hard();
        Some(())
    }

    fn implementation(&mut self) -> Option<()> {
        self.page.consistent(INDENT);
        self.page.filled(-INDENT);
        self.page.consistent(INDENT);
        self.name()?;
        self.generics()?;
        self.page.end();
        self.page.word(" ");
        self.ty()?;
        if self.tokens.pass_word("for") {
            self.page.space();
            self.page.word("for ");
            self.ty()?;
        }
        self.page.end();
        self.members(|printer| printer.item().map(|_| ()))
    }

    fn interface(&mut self) -> Option<()> {
        self.page.consistent(INDENT);
        self.visibility()?;
        self.name()?;
        self.page.word(" ");
        self.name()?;
        self.generics()?;
        self.supertraits()?;
        self.members(|printer| printer.item().map(|_| ()))
    }

    fn function(&mut self) -> Option<()> {
        self.page.consistent(INDENT);
        self.visibility()?;
        for word in ["const", "async"] {
            if self.tokens.pass_word(word) {
                self.page.word(word);
                self.page.word(" ");
            }
        }
        if !self.tokens.pass_word("fn") {
            return None;
        }
        self.page.word("fn ");
        self.name()?;
        self.generics()?;
        self.page.word("(");
        self.page.never();
        self.tokens.expect(Kind::Open('('))?;
        self.list(0, Self::parameter_of_function)?;
        self.tokens.expect(Kind::Close(')'))?;
        self.page.word(")");
        self.page.consistent(-INDENT);
        if self.tokens.is_pair('-', '>') {
            self.tokens.skip(2);
            self.page.word(" -> ");
            self.ty()?;
        }
        self.page.end();
        if self.tokens.pass(';') {
            self.page.word(";");
            self.page.end();
            self.page.hard();
            return Some(());
        }
        self.members(Self::statement)
    }

    fn parameter_of_function(&mut self) -> Option<()> {
        if self.tokens.pass('&') {
            self.page.word("&");
        }
        if self.tokens.pass_word("mut") {
            self.page.word("mut ");
        }
        self.name()?;
        if self.tokens.pass(':') {
            self.page.word(": ");
            self.ty()?;
        }
        Some(())
    }
}
