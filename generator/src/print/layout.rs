//! Lines of Rust broken as `prettyplease` breaks them, for the few forms that most lines of a crate have.
//!
//! Parsing tokens and finding their layout is most of what generating costs, and what grows with a document is most of a
//! crate. Its lines are written here at once; what turns out to be wider than a line goes through [`syntax`], and looks no
//! different. Tests compare all of it with what `prettyplease` makes of the same items.

use proc_macro2::{Literal, TokenStream};

use super::syntax;

/// How wide a line may be that is not indented deeply.
const WIDTH: usize = 89;
/// How much of a line is used however deeply it is indented.
const LEAST: usize = 60;
/// A file that grows by lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
    /// Where the first item begins.
    start: usize,
    /// Whether a line is too wide since what is written now began.
    wide: bool,
}

/// Where a piece of Rust stands, which has to be known to lay it out alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a file.
    File,
    /// In a struct with fields.
    Field,
    /// In an enum.
    Variant,
    /// In a trait or an implementation, one of its methods.
    Method,
}

impl Place {
    /// What stands around it, a line for each level.
    fn around(self) -> (&'static str, &'static str, usize) {
        match self {
            Self::File => ("", "", 0),
            Self::Field => ("struct A {", "}", 1),
            Self::Variant => ("enum A {", "}", 1),
            Self::Method => ("trait A {", "}", 1),
        }
    }
}

impl Lines {
    /// A file that begins with a line.
    pub(super) fn new(header: &str) -> Self {
        Self { text: header.to_owned(), start: header.len(), wide: false }
    }

    /// Parts of a line that has no place to end before its end.
    pub(super) fn line(&mut self, depth: usize, parts: &[&str]) {
        self.wide |= !self.attempt(depth, parts);
        self.text.push('\n');
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.text.push_str("    ");
        }
    }

    /// Writes a line without its end; whether it fits.
    fn attempt(&mut self, depth: usize, parts: &[&str]) -> bool {
        let start = self.text.len();
        self.indent(depth);
        for part in parts {
            self.text.push_str(part);
        }
        self.text.len() - start <= width(depth)
    }

    /// Lines of a template: none is too wide.
    pub(super) fn lines(&mut self, lines: &str) {
        self.text.push_str(lines);
        self.text.push('\n');
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A macro call with a row for each part of something; a row is one line, however wide.
    pub(super) fn table(&mut self, open: &[&str], write: impl FnOnce(&mut Self)) {
        self.divide();
        self.attempt(0, open);
        self.lines(", {");
        write(self);
        self.lines("});");
    }

    /// A row of a table.
    pub(super) fn row(&mut self, parts: &[&str]) {
        self.attempt(1, parts);
        self.lines(",");
    }

    /// A macro call on a line of its own.
    pub(super) fn table_row(&mut self, parts: &[&str]) {
        self.divide();
        self.attempt(0, parts);
        self.lines(");");
    }

    /// Documentation, which may be as wide as it is.
    pub(super) fn docs<'d>(&mut self, depth: usize, lines: impl IntoIterator<Item = &'d String>) {
        for line in lines {
            self.doc(depth, line);
        }
    }

    /// A line of documentation.
    pub(super) fn doc(&mut self, depth: usize, line: &str) {
        self.indent(depth);
        self.text.push_str("///");
        let line = line.trim_end_matches(' ');
        if !line.is_empty() {
            self.text.extend([" ", line]);
        }
        self.text.push('\n');
    }

    pub(super) fn deprecated(&mut self, depth: usize, deprecated: bool) {
        if deprecated {
            self.line(depth, &["#[deprecated]"]);
        }
    }

    /// An item with a blank line before it.
    pub(super) fn item(&mut self, write: impl FnOnce(&mut Self)) {
        self.divide();
        self.piece(Place::File, write);
    }

    /// A piece whose lines stand as they are written, if none of them is too wide.
    pub(super) fn piece(&mut self, place: Place, write: impl FnOnce(&mut Self)) {
        let (start, wide) = (self.text.len(), std::mem::take(&mut self.wide));
        write(self);
        if self.wide {
            let source = self.text.split_off(start);
            self.lay_out(place, &source);
        }
        self.wide = wide;
    }

    fn lay_out(&mut self, place: Place, source: &str) {
        let (open, close, depth) = place.around();
        let source = [open, source, close].join("\n");
        let tokens = match source.parse::<TokenStream>() {
            Ok(tokens) => tokens,
            Err(error) => unreachable!("a template is not Rust: {error}"),
        };
        let text = syntax::print(tokens).iter().map(|text| super::airy(text)).collect::<Vec<_>>().join("\n");
        let lines: Vec<&str> = text.lines().collect();
        for line in lines.get(depth..lines.len() - depth).unwrap_or_default() {
            self.text.extend([line, "\n"]);
        }
    }

    /// Items that have no layout yet, with a blank line before each.
    pub(super) fn tokens(&mut self, tokens: TokenStream) {
        for item in syntax::print(tokens) {
            self.divide();
            self.text.push_str(&super::airy(&item));
        }
    }

    /// Text as it is, with a blank line before it.
    pub(super) fn text(&mut self, text: &str) {
        self.divide();
        self.text.push_str(text);
    }

    /// A blank line, where something stands before.
    pub(super) fn divide(&mut self) {
        if self.text.len() > self.start {
            self.blank();
        }
    }

    /// Words between something that opens and something that closes: on one line, or filling lines of their own, of which
    /// the last one ends with `last`.
    pub(super) fn filled(&mut self, open: &str, words: &[impl AsRef<str>], last: &str, close: &str) {
        let start = self.text.len();
        let mut width = open.len() + close.len();
        self.text.push_str(open);
        for (index, word) in words.iter().map(AsRef::as_ref).enumerate() {
            let space = if index == 0 { "" } else { " " };
            width += word.len() + space.len();
            if width > WIDTH {
                break;
            }
            self.text.extend([space, word]);
        }
        if width <= WIDTH {
            return self.text.extend([close, "\n"]);
        }
        self.text.truncate(start);
        self.line(0, &[open]);
        self.fill(1, words);
        self.text.truncate(self.text.len() - 1);
        self.text.extend([last, "\n"]);
        self.line(0, &[close]);
    }

    /// Words, as many on a line as fit.
    fn fill(&mut self, depth: usize, words: &[impl AsRef<str>]) {
        let mut room = 0;
        for (index, word) in words.iter().map(AsRef::as_ref).enumerate() {
            if index > 0 && word.len() < room {
                self.text.extend([" ", word]);
                room -= word.len() + 1;
                continue;
            }
            if index > 0 {
                self.blank();
            }
            self.indent(depth);
            self.text.push_str(word);
            room = WIDTH.saturating_sub(depth * 4 + word.len());
        }
        self.blank();
    }

    /// An expression between what stands before and after it; a list has a line for each element where it does not fit.
    pub(super) fn expression(&mut self, depth: usize, before: &[&str], expression: &Expression, after: &str) {
        if self.inline(depth, before, expression, after.len()) {
            return self.text.extend([after, "\n"]);
        }
        match expression {
            Expression::Word(word) => {
                self.attempt(depth, before);
                self.text.extend([word, after, "\n"]);
            }
            Expression::List(open, elements, close) => {
                self.attempt(depth, before);
                self.text.extend([open, "\n"]);
                for (index, element) in elements.iter().enumerate() {
                    self.element(depth + 1, element, index + 1 == elements.len());
                }
                self.line(depth, &[close, after]);
            }
        }
    }

    /// An element on a line of its own. The comma after the last one does not count.
    fn element(&mut self, depth: usize, element: &Expression, last: bool) {
        if last && self.inline(depth, &[], element, 0) {
            return self.text.push_str(",\n");
        }
        self.expression(depth, &[], element, ",");
    }

    /// Writes an expression without the end of its line, if it fits with so much after it.
    fn inline(&mut self, depth: usize, before: &[&str], expression: &Expression, after: usize) -> bool {
        let start = self.text.len();
        self.attempt(depth, before);
        let fits = expression.write(&mut self.text, start + width(depth) - after);
        if !fits {
            self.text.truncate(start);
        }
        fits
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// An expression made of lists.
#[derive(Debug)]
pub(super) enum Expression {
    /// A name, a path or a literal.
    Word(String),
    /// What opens it, such as `&[` or `Some(`, the elements, and what closes it.
    List(&'static str, Vec<Expression>, &'static str),
}

impl Expression {
    /// Writes it on one line; whether the text is not longer than it may be.
    fn write(&self, text: &mut String, limit: usize) -> bool {
        match self {
            Self::Word(word) => text.push_str(word),
            Self::List(open, elements, close) => {
                text.push_str(open);
                for (index, element) in elements.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { ", " });
                    if !element.write(text, limit) {
                        return false;
                    }
                }
                text.push_str(close);
            }
        }
        text.len() <= limit
    }
}

/// Words with a comma after each but the last.
pub(super) fn commas(words: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    let mut words: Vec<String> = words.into_iter().map(|word| [word.as_ref(), ","].concat()).collect();
    if let Some(last) = words.last_mut() {
        last.pop();
    }
    words
}

/// A text as a Rust literal.
pub(super) fn literal(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
        ["\"", text, "\""].concat()
    } else {
        Literal::string(text).to_string()
    }
}

/// How wide a line may be, in bytes.
fn width(depth: usize) -> usize {
    WIDTH.max(depth * 4 + LEAST)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Write as _;
    use std::path::Path;

    use crate::print::{airy, groups, parse, unparse};
    use crate::source::MemoryLoader;
    use crate::{Compiled, Config, Project};

    /// Every file of a crate that has no tables is as `prettyplease` would have written it.
    fn judge(compiled: &Compiled) {
        let output = compiled.output.as_ref().unwrap_or_else(|| panic!("{}", compiled.render(false)));
        for (path, text) in output
            .files
            .iter()
            .filter(|(path, text)| path.starts_with("src/") && !text.contains("eventwire::__private"))
        {
            let mut file = parse(text.parse().unwrap());
            let items = std::mem::take(&mut file.items);
            let head = prettyplease::unparse(&file);
            let items = groups(items).into_iter().map(|item| airy(&unparse(item)));
            let printed: String = std::iter::once(head).chain(items).collect();
            let lines = |text: &str| -> Vec<String> {
                text.lines().filter(|line| !line.is_empty() && !line.starts_with("// @")).map(str::to_owned).collect()
            };
            let (expected, found) = (lines(&printed), lines(text));
            for (expected, found) in expected.iter().zip(&found) {
                assert_eq!(expected, found, "{path}");
            }
            assert_eq!(expected.len(), found.len(), "{path}");
        }
    }

    #[test]
    fn a_real_document_is_laid_out_as_by_prettyplease() {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/stream-chat.toml");
        judge(&Project::open(&project).unwrap().compile());
    }

    /// Two operations with messages, and types with members, that have names of all lengths.
    #[test]
    fn names_of_all_lengths_are_laid_out_as_by_prettyplease() {
        for (role, extra, rest) in [
            ("client", "", "true"),
            ("application", "[event]\ntag = \"kind\"\n", "false"),
            (
                "client",
                "[types]\nderive = [\"Eq\", \"some::where_else::Something\"]\n",
                "{type: array, items: {type: string}}",
            ),
        ] {
            let settings = format!("document = \"d.yaml\"\nrole = \"{role}\"\n{extra}");
            let loader = MemoryLoader(BTreeMap::from([("d.yaml".to_owned(), document(rest))]));
            let config = Config::from_toml(&settings).unwrap();
            judge(&crate::compile(&config, &loader));
        }
    }

    fn document(rest: &str) -> String {
        let mut text = String::from("asyncapi: 2.6.0\ninfo: {title: t, version: '1'}\nchannels:\n  c:\n");
        for (operation, from) in [("subscribe", 1), ("publish", 2)] {
            writeln!(text, "    {operation}:\n      deprecated: true\n      message:\n        oneOf:").unwrap();
            for length in (from..75).step_by(2) {
                writeln!(text, "          - $ref: '#/components/messages/{}'", name("m", length)).unwrap();
            }
        }
        text += "components:\n  messages:\n";
        for length in 1..75 {
            let (message, schema) = (name("m", length), name("s", length));
            writeln!(text, "    {message}: {{payload: {{$ref: '#/components/schemas/{schema}'}}}}").unwrap();
        }
        text += "  schemas:\n";
        for length in 1..75 {
            let (schema, member) = (name("s", length), name("p", length));
            writeln!(text, "    {schema}:\n      type: object\n      additionalProperties: {rest}").unwrap();
            writeln!(text, "      required: [kind, {member}, {member}s]\n      properties:").unwrap();
            writeln!(text, "        kind: {{const: {}}}", name("k", length)).unwrap();
            writeln!(text, "        {member}: {{type: string, maxLength: 3}}").unwrap();
            writeln!(text, "        {member}s: {{type: array, items: {{$ref: '#/components/schemas/{schema}'}}}}")
                .unwrap();
            writeln!(text, "        {member}n: {{type: [integer, 'null']}}").unwrap();
            writeln!(text, "        {member}e: {{$ref: '#/components/schemas/{}'}}", name("e", length)).unwrap();
            let pattern = format!("{{type: object, patternProperties: {{{}: {{minimum: 3}}}}}}", name("^r", length));
            writeln!(text, "        {member}o: {{anyOf: [{pattern}, {{type: array, items: {{not: {pattern}}}}}]}}")
                .unwrap();
            let values = [name("v", length), name("w", length)].join(", ");
            writeln!(text, "    {}:\n      type: string\n      enum: [{values}]", name("e", length)).unwrap();
        }
        text
    }

    fn name(start: &str, length: usize) -> String {
        format!("{start}{}", "x".repeat(length))
    }
}
