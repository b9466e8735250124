//! Text of a document as Markdown that is safe in the docs of generated code.
//!
//! It was written by somebody who did not think of rustdoc: its code blocks must not become doctests, its brackets not links
//! to Rust items, its angle brackets not HTML. And no character may turn or hide what stands beside it.

use std::borrow::Cow;

/// Markdown for the docs of generated code. It can be made only from fixed sentences and from text that was made safe, so a
/// document cannot put anything else there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markdown(Cow<'static, str>);

impl Markdown {
    /// Creates Markdown from a text of ours.
    #[must_use]
    pub const fn fixed(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Returns a code span that shows a text in one line, whatever the text contains.
    #[must_use]
    pub fn code(text: &str) -> Self {
        Self(Cow::Owned(code_span(text)))
    }

    /// Returns text as a part of a sentence: in one line, where it begins no block and links nothing.
    #[must_use]
    pub fn phrase(text: &str) -> Self {
        Self(Cow::Owned(phrase(text)))
    }

    /// Returns Markdown of a document made safe: its paragraphs, lists, tables and code blocks stay what they are.
    #[must_use]
    pub fn prose(text: &str) -> Self {
        Self(Cow::Owned(blocks(text).into_owned()))
    }

    /// Returns a link to an item of the generated crate, or its name as a code span where that is not a path of
    /// identifiers.
    #[must_use]
    pub fn item(path: &str) -> Self {
        let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c == '_' || c.is_alphanumeric());
        if path.split("::").all(|name| is_name(name.strip_prefix("r#").unwrap_or(name))) {
            Self(Cow::Owned(["[`", path, "`]"].concat()))
        } else {
            Self::code(path)
        }
    }

    /// Returns a sentence that leads to further documentation. Only a web address becomes a link.
    #[must_use]
    pub fn link(url: &str, description: Option<&str>) -> Self {
        let url = url.trim();
        let is_address = is_web(url)
            && url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '[' | ']' | '\\' | '`' | '"'));
        let text = description.map(phrase).unwrap_or_default();
        let text = text.trim_end_matches('.');
        Self(Cow::Owned(match (is_address, text.is_empty()) {
            (true, true) => format!("See <{url}>."),
            (true, false) if url.contains(['(', ')']) => format!("See [{text}](<{url}>)."),
            (true, false) => format!("See [{text}]({url})."),
            (false, true) => format!("See {}.", code_span(url)),
            (false, false) => format!("See {}: {text}.", code_span(url)),
        }))
    }

    /// Returns a sentence of ours with a part in place of each `{}`.
    #[must_use]
    pub fn sentence(template: &'static str, parts: &[Self]) -> Self {
        let mut parts = parts.iter();
        let mut text = String::new();
        for (index, piece) in template.split("{}").enumerate() {
            if index > 0 {
                text.push_str(parts.next().map_or("", Self::as_str));
            }
            text.push_str(piece);
        }
        Self(Cow::Owned(text))
    }

    /// Returns parts with a text of ours between them.
    #[must_use]
    pub fn joined(parts: &[Self], separator: &'static str) -> Self {
        let parts: Vec<&str> = parts.iter().map(Self::as_str).collect();
        Self(Cow::Owned(parts.join(separator)))
    }

    /// Returns the first line, or nothing where that is not a sentence of its own.
    #[must_use]
    pub fn first_line(&self) -> Self {
        let line = self.0.lines().next().unwrap_or_default().trim();
        // A line that ends in the middle of something is not a summary.
        Self(Cow::Owned(if line.starts_with("```") { String::new() } else { line.to_owned() }))
    }

    /// Returns the lines, the long ones broken at `width` characters where Markdown allows it.
    #[must_use]
    pub fn lines(&self, width: usize) -> Vec<String> {
        wrapped(self.0.trim_end(), width)
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether there is nothing to be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

fn code_span(text: &str) -> String {
    let mut code = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        if is_unprintable(c) || is_invisible(c) {
            code.extend(c.escape_debug());
        } else {
            code.push(c);
        }
    }
    // CommonMark: a span may contain any run of backticks but one as long as its fence. It cannot be empty, and loses a space
    // at its ends where both have one.
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 || code.starts_with(' ') && code.ends_with(' ') { " " } else { "" };
    let code = if code.is_empty() { "\"\"" } else { &code };
    [&fence, space, code, space, &fence].concat()
}

fn phrase(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut line = String::new();
    for c in words.join(" ").chars().filter(|c| !is_unprintable(*c)) {
        let begins_block = line.is_empty() && matches!(c, '#' | '-' | '+' | '=' | '~' | '|');
        if begins_block || matches!(c, '<' | '>' | '[' | ']' | '`' | '*' | '_' | '\\') {
            line.push('\\');
        }
        line.push(c);
    }
    // Not the bare address that rustdoc warns of.
    line.replace("://", "\\://")
}

fn blocks(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text.trim());
    }
    // A carriage return alone is an error in a comment of Rust.
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
    let text = text.replace(|c| c != '\n' && is_unprintable(c), "");
    let mut lines = Vec::new();
    let mut container = Container::default();
    let mut fenced = false;
    for line in text.trim().lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            // An info string would make rustdoc compile the block, and so would none.
            lines.push(if fenced { FENCE.1 } else { FENCE.0 }.to_owned());
            fenced = !fenced;
            container = Container::default();
        } else if fenced {
            lines.push(line.trim_end().to_owned());
        } else {
            lines.push(container.line(trimmed.trim_end(), line.len() - trimmed.len()));
        }
    }
    if fenced {
        lines.push(FENCE.1.to_owned());
    }
    Cow::Owned(lines.join("\n"))
}

/// What opens a code block, and what closes it.
const FENCE: (&str, &str) = ("```text", "```");

/// Whether Markdown is one line of which every character stands for itself; so do those in code spans.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b' '..=b'}') && !matches!(byte, b'<' | b'[' | b'\\' | b']');
    text.bytes().all(plain)
        && text.bytes().filter(|byte| *byte == b'`').count().is_multiple_of(2)
        && !["``", "://", "    "].iter().any(|special| text.contains(special))
}

/// Whether a character controls a device or turns the direction of text: rustc refuses such text, since it can make source
/// look like other source.
fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character cannot be seen. In prose it has its uses, in a value it has to be shown.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The lists and quotations that a line stands in.
#[derive(Debug, Default)]
struct Container {
    /// What continues the open paragraph. Without it a line would continue the paragraph all the same, but look like one
    /// outside of it, which clippy warns of.
    open: Option<String>,
    /// Where the text of the last list item begins.
    item: usize,
    /// Whether that list is numbered.
    numbered: bool,
}

impl Container {
    /// The next line, which was indented by so much.
    fn line(&mut self, text: &str, indent: usize) -> String {
        if text.is_empty() {
            self.open = None;
            return String::new();
        }
        // Four spaces begin a code block, which would be a doctest.
        let indent = indent.min(3);
        let Marked { quotes, items, prefix, rest } = marked(text);
        let rest = if rest.starts_with("```") || rest.starts_with("~~~") { format!("\\{rest}") } else { inline(rest) };
        // CommonMark: only a list that begins with 1 can interrupt a paragraph.
        let interrupts =
            self.open.is_none() || self.numbered || !text.starts_with(|c: char| matches!(c, '0' | '2'..='9'));
        if items > 0 && interrupts {
            let prefix = format!("{:indent$}{prefix}", "");
            self.numbered = text.starts_with(|c: char| c.is_ascii_digit());
            let continued: String = prefix.chars().map(|c| if c == '>' { '>' } else { ' ' }).collect();
            self.item = continued.len();
            self.open = is_paragraph(&rest).then_some(continued);
            return [prefix, rest].concat().trim_end().to_owned();
        }
        if !is_paragraph(&rest) {
            *self = Self::default();
        } else if let Some(open) = self.open.as_ref().filter(|open| open.matches('>').count() >= quotes) {
            let text = if items > 0 { inline(text) } else { rest };
            return [open, text.as_str()].concat();
        }
        let prefix = format!("{:indent$}{prefix}", "");
        let within = indent >= self.item && self.item > 0;
        self.open = (is_paragraph(&rest) && (quotes > 0 || within)).then(|| prefix.clone());
        [prefix, rest].concat().trim_end().to_owned()
    }
}

/// What a line begins with.
struct Marked<'t> {
    /// How many quotations it is in.
    quotes: usize,
    /// How many list items begin.
    items: usize,
    /// Their markers, each with one space: more of them could begin a code block.
    prefix: String,
    rest: &'t str,
}

fn marked(text: &str) -> Marked<'_> {
    let mut marked = Marked { quotes: 0, items: 0, prefix: String::new(), rest: text };
    loop {
        let rest = marked.rest;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let length = match rest.as_bytes().get(digits) {
            Some(b'>' | b'-' | b'*' | b'+') if digits == 0 => 1,
            Some(b'.' | b')') if (1..10).contains(&digits) => digits + 1,
            Some(_) | None => return marked,
        };
        let (word, rest) = rest.split_at(length);
        if word == ">" {
            marked.quotes += 1;
        } else if rest.is_empty() || rest.starts_with(' ') {
            marked.items += 1;
        } else {
            return marked;
        }
        marked.prefix.extend([word, " "]);
        marked.rest = rest.trim_start();
    }
}

/// Whether text is a part of a paragraph, and no heading, rule or nothing.
fn is_paragraph(text: &str) -> bool {
    let is_rule = |c| text.chars().all(|other| other == c || other == ' ');
    !text.is_empty() && !text.starts_with('#') && !['-', '*', '_'].into_iter().any(is_rule)
}

/// Escapes what rustdoc reads as a link to an item or as HTML, outside code spans.
fn inline(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(next) = rest.chars().next() {
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        if ticks > 0 {
            let span = code(rest, ticks);
            match span {
                Some(length) => out.push_str(&rest[..length]),
                None => out.push_str(&"\\`".repeat(ticks)),
            }
            rest = &rest[span.unwrap_or(ticks)..];
        } else if let Some(length) = escape(rest).or_else(|| autolink(rest)) {
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        } else if let Some((text, url)) = link(rest) {
            out.extend(["[", &inline(text), "](", url, ")"]);
            rest = &rest[text.len() + url.len() + 4..];
        } else if let Some(length) = url(rest) {
            out.extend(["<", &rest[..length], ">"]);
            rest = &rest[length..];
        } else {
            if matches!(next, '<' | '[' | ']') {
                out.push('\\');
            }
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

/// The length of the code span at the start of the text. One that a table would cut into pieces is none.
fn code(rest: &str, ticks: usize) -> Option<usize> {
    let mut end = ticks;
    loop {
        end += rest[end..].find('`')?;
        let run = rest[end..].len() - rest[end..].trim_start_matches('`').len();
        if run == ticks {
            break;
        }
        end += run;
    }
    let code = &rest[ticks..end];
    let cut = code.contains('|') && code.contains(['<', '[', ']']);
    (!cut).then_some(end + ticks)
}

/// The length of a character that is escaped already.
fn escape(rest: &str) -> Option<usize> {
    let escaped = rest.strip_prefix('\\')?.bytes().next()?;
    escaped.is_ascii_punctuation().then_some(2)
}

/// The length of a web address in angle brackets.
fn autolink(rest: &str) -> Option<usize> {
    let address = rest.strip_prefix('<').filter(|rest| is_web(rest))?;
    let end = address.find(ends_address)?;
    address[end..].starts_with('>').then_some(end + 2)
}

/// The text and the web address of a link.
fn link(rest: &str) -> Option<(&str, &str)> {
    let (text, target) = rest.strip_prefix('[')?.split_once("](")?;
    let end = target.find(|c| ends_address(c) || c == '(')?;
    let plain = !text.contains(['[', ']', '|', '\\']) && !text.contains("://");
    (plain && is_web(target) && target[end..].starts_with(')')).then(|| (text, &target[..end]))
}

/// The length of a bare web address.
fn url(rest: &str) -> Option<usize> {
    let address = &rest[..rest.find(|c| ends_address(c) || c == '"').unwrap_or(rest.len())];
    is_web(rest).then(|| address.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']).len())
}

fn is_web(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn ends_address(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '`' | ')' | ']' | '|' | '\\')
}

/// Breaks the long lines of Markdown, except those that have to stay on one line: code, headings, tables and quotations.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced = line == FENCE.0 || fenced && line != FENCE.1;
        if fenced || line.len() <= width {
            lines.push(line.to_owned());
        } else {
            wrap(line, width, &mut lines);
        }
    }
    lines
}

fn wrap(line: &str, width: usize, lines: &mut Vec<String>) {
    let text = line.trim_start();
    let Marked { quotes, prefix, rest, .. } = marked(text);
    if quotes > 0 || rest.starts_with(['#', '|']) {
        return lines.push(line.to_owned());
    }
    let hang = line.len() - text.len() + prefix.len();
    let mut last = line[..line.len() - rest.len()].to_owned();
    let mut length = 0;
    // The fence of the open code span.
    let mut fence = 0;
    for word in rest.split(' ') {
        let own = word.chars().count();
        let full = length > 0 && hang + length + 1 + own > width;
        // A word that would begin a list, heading or quotation stays on its line.
        if full && fence == 0 && word.starts_with(|c: char| c.is_alphabetic() || matches!(c, '`' | '(' | '"')) {
            lines.push(std::mem::replace(&mut last, " ".repeat(hang)));
            length = 0;
        } else if length > 0 || fence > 0 {
            last.push(' ');
            length += 1;
        }
        last.push_str(word);
        length += own;
        fence = open_fence(word, fence);
    }
    lines.push(last);
}

/// The fence of the code span that is open after a word, where that was open before it.
fn open_fence(word: &str, mut fence: usize) -> usize {
    let mut rest = word;
    while let Some(at) = rest.find('`') {
        let escaped = fence == 0 && rest[..at].ends_with('\\');
        let run = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        match (fence, run) {
            (0, _) if escaped => {
                rest = &rest[at + 1..];
                continue;
            }
            (0, run) => fence = run,
            (open, run) if open == run => fence = 0,
            _ => {}
        }
        rest = &rest[at + run..];
    }
    fence
}

#[cfg(test)]
mod tests;
