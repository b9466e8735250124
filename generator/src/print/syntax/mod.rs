//! Items to lines, laid out as `prettyplease` does it, for the forms that grow with a document.
//!
//! Parsing Rust is most of what printing costs, and what the templates write needs little of it. Where a form is not known
//! here, the item goes through `syn` and `prettyplease`, and looks no different.

mod expression;
mod item;
mod tokens;
mod types;

use proc_macro2::TokenStream;

use super::page::Page;
use super::{groups, unparse};
use tokens::{Kind, Tokens};

/// What reads tokens and fills a page; every method is `None` where a form is not known.
struct Printer {
    tokens: Tokens,
    page: Page,
}

/// The items as they stand in a file: one text for each, those that stand together in one.
pub(super) fn print(tokens: TokenStream) -> Vec<String> {
    let mut printer = Printer { tokens: Tokens::new(tokens), page: Page::default() };
    printer.all().unwrap_or_else(|| {
        let source = printer.tokens.to_source();
        match syn::parse_file(&source) {
            Ok(file) => groups(file.items).into_iter().map(unparse).collect(),
            Err(error) => unreachable!("a template is not Rust: {error}"),
        }
    })
}

impl Printer {
    fn all(&mut self) -> Option<Vec<String>> {
        let mut texts: Vec<String> = Vec::new();
        let mut last_is_short = false;
        while !self.tokens.is_done() {
            self.page.consistent(0);
            let short = self.item()?;
            self.page.end();
            let text = std::mem::take(&mut self.page).into_text();
            match texts.last_mut() {
                Some(last) if short && last_is_short => last.push_str(&text),
                _ => texts.push(text),
            }
            last_is_short = short;
        }
        Some(texts)
    }

    /// Writes a token as it is.
    fn token(&mut self) -> Option<()> {
        let token = self.tokens.ahead(0)?;
        match token.kind {
            Kind::Word | Kind::Literal | Kind::Punct(..) => self.page.word(self.tokens.text_of(token)),
            Kind::Open(_) | Kind::Close(_) => return None,
        }
        self.tokens.skip(1);
        Some(())
    }

    /// Writes a name.
    fn name(&mut self) -> Option<()> {
        if self.tokens.peek()? != Kind::Word {
            return None;
        }
        self.token()
    }

    /// A list up to the end of its group, an element on each line where it does not fit.
    fn list(&mut self, indent: isize, element: fn(&mut Self) -> Option<()>) -> Option<()> {
        self.page.consistent(indent);
        self.page.zero();
        while !self.tokens.is_done() {
            element(self)?;
            self.tokens.pass(',');
            self.page.comma(self.tokens.is_done());
        }
        self.page.outdent();
        self.page.end();
        Some(())
    }

    /// The rest of a group's delimiters around something.
    fn within(&mut self, open: char, close: char, inside: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.tokens.expect(Kind::Open(open))?;
        self.page.word(open.encode_utf8(&mut [0; 4]));
        inside(self)?;
        self.tokens.expect(Kind::Close(close))?;
        self.page.word(close.encode_utf8(&mut [0; 4]));
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{Page, Printer, Tokens, print};
    use crate::print::{groups, parse, unparse};

    fn by_prettyplease(text: &str) -> Vec<String> {
        groups(parse(text.parse().unwrap()).items).into_iter().map(unparse).collect()
    }

    /// Names of all lengths end lines in all places.
    #[test]
    fn lines_end_where_prettyplease_ends_them() {
        for length in 1..90 {
            let (name, text) = (quote::format_ident!("a{}", "x".repeat(length)), "x".repeat(length));
            let items = quote! {
                #[doc = " With \"quotes\", and a space at the end. "]
                #[derive(Debug, Clone)]
                #[non_exhaustive]
                pub struct Held(pub #name, pub Vec<Option<#name>>);
                pub(super) static TABLE: &[Rule] = &[Rule::Members(&["a", #text], &[Rule::Type(&[Type::String])]), Rule::Never];
                pub type #name = core::option::Option<std::collections::BTreeMap<String, other::#name>>;
                impl<'a, H: Clone + Send> core::convert::From<&'a #name> for Held<H> {
                    type Error = #name;
                    const NAME: &'static str = #text;
                    fn from(#name: &'a #name, other: impl Into<String>) -> core::result::Result<Self, Self::Error> {
                        let mut value: i64 = #name.first(Self::OTHER, #text)?;
                        sink.string(self.#name.as_ref(), ());
                        core::future::ready(());
                        match self.as_str().#name() {
                            "a" | #text => Self::#name(value),
                            Self::B(_) | Self::#name(_) => &[],
                            _ => self.0.#name(*message).await,
                            other => match other { 1 => Self { #name, value: None }, _ => Self { value: #text.into() } },
                        }
                    }
                }
                eventwire::named!("a", #text, (b, rules::#name), d::#name, boxed e::F);
            };
            let mut printer = Printer { tokens: Tokens::new(items.clone()), page: Page::default() };
            assert_eq!(printer.all(), Some(by_prettyplease(&items.to_string())), "{length}");
        }
    }

    /// What is not known here is laid out all the same.
    #[test]
    fn other_forms_go_through_prettyplease() {
        let items = quote!(
            fn a() {
                if let Some(b) = c {
                    d(|e| e + 1)
                }
            }
        );
        assert_eq!(print(items.clone()), by_prettyplease(&items.to_string()));
    }
}
