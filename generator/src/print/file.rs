//! The text of a file: items as `prettyplease` lays them out, and tables, whose rows are a line each.

use proc_macro2::{Literal, TokenStream};

/// A file that is being written.
#[derive(Debug)]
pub(super) struct File {
    text: String,
}

impl File {
    /// A file with its header, its inner attributes and its imports.
    pub(super) fn new(header: &str, head: TokenStream) -> Self {
        let mut file = Self { text: header.to_owned() };
        let syn::File { attrs, items, .. } = parse(head);
        if !attrs.is_empty() {
            file.text.push_str(&unparse(attrs, Vec::new()));
        }
        if !items.is_empty() {
            file.divide();
            file.text.push_str(&unparse(Vec::new(), items));
        }
        file
    }

    /// Items, with a blank line before each and between the members of each.
    pub(super) fn items(&mut self, tokens: TokenStream) {
        for group in groups(parse(tokens).items) {
            self.divide();
            self.text.push_str(&airy(&unparse(Vec::new(), group)));
        }
    }

    /// A table: what opens it, its rows, and what closes it.
    pub(super) fn table(&mut self, open: &[&str], close: &str, write: impl FnOnce(&mut Self)) {
        self.divide();
        self.line(open);
        write(self);
        self.line(&[close]);
    }

    /// A row of a table.
    pub(super) fn row(&mut self, parts: &[&str]) {
        self.text.push_str("    ");
        self.text.extend(parts.iter().copied());
        self.text.push_str(",\n");
    }

    /// A line, however wide.
    pub(super) fn line(&mut self, parts: &[&str]) {
        self.text.extend(parts.iter().copied());
        self.text.push('\n');
    }

    /// A blank line, unless only the header stands before.
    pub(super) fn divide(&mut self) {
        if self.text.matches('\n').nth(1).is_some() {
            self.text.push('\n');
        }
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// A text as a Rust literal.
pub(super) fn literal(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
        ["\"", text, "\""].concat()
    } else {
        Literal::string(text).to_string()
    }
}

/// Items that stand together without a blank line: runs of `use` and `mod`, everything else alone.
fn groups(items: Vec<syn::Item>) -> Vec<Vec<syn::Item>> {
    let mut groups: Vec<Vec<syn::Item>> = Vec::new();
    for item in items {
        let short = |item: &syn::Item| matches!(item, syn::Item::Use(_) | syn::Item::Mod(_));
        match groups.last_mut() {
            Some(group) if short(&item) && group.iter().all(short) => group.push(item),
            _ => groups.push(vec![item]),
        }
    }
    groups
}

/// Puts a blank line between the members of an item. `prettyplease` writes none, and it indents members by four spaces.
fn airy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut ended = false;
    for line in text.lines() {
        let member = line.starts_with("    ") && !line.starts_with("     ");
        if ended && member {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        ended = line == "    }" || member && line.ends_with(';') && !line.starts_with("    ///");
    }
    out
}

fn parse(tokens: TokenStream) -> syn::File {
    match syn::parse2::<syn::File>(tokens) {
        Ok(file) => file,
        Err(error) => unreachable!("a template is not Rust: {error}"),
    }
}

fn unparse(attrs: Vec<syn::Attribute>, items: Vec<syn::Item>) -> String {
    prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs, items })
}
