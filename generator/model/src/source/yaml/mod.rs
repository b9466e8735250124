//! From text to [`Node`]s.
//!
//! The grammar is the parser's; here are the core schema of YAML 1.2, aliases, merge keys and tags, each with a bound on
//! what it may cost. JSON is read as the part of YAML that it is.

mod alias;
mod escape;
mod object;
mod syntax;
mod tag;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, StrInput, StructureStyle, Tag};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, FileId, Span};

use super::node::{Kind, Member, Node};
use super::number;
use alias::Anchor;
use escape::EscapedText;

/// How many values a file may hold, counting those that aliases repeat.
pub(super) const MAX_NODES: usize = 1_000_000;

/// How deeply lists and objects may be nested: as deeply as `serde_json` reads them, so that whatever walks a tree
/// fits on the stack of a thread.
pub(super) const MAX_DEPTH: usize = 128;

/// Nesting beyond [`MAX_DEPTH`] is skipped with a diagnostic; the parser gives up only here.
const MAX_PARSER_DEPTH: usize = 4096;

/// JSON puts no limit on the length of a key; YAML's is 1024 characters, which real documents exceed.
const MAX_KEY_LENGTH: usize = 1 << 16;

/// How many comments without a space are tolerated: for each, reading starts again.
const MAX_COMMENTS: usize = 100;

/// Reads one file.
///
/// Mistakes that leave a tree are reported and repaired; the result is an error when none can be made of the text.
pub(super) fn read(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Result<Node, Box<Diagnostic>> {
    read_until(None, file, text, diagnostics)
}

/// Reads one file, up to the member of the whole with this key where there is one.
pub(super) fn read_until(
    key: Option<&'static str>,
    file: FileId,
    text: &str,
    diagnostics: &mut Diagnostics,
) -> Result<Node, Box<Diagnostic>> {
    let mut text = Cow::Borrowed(text);
    let mut comments = 0;
    loop {
        let mut found = Diagnostics::default();
        let escaped = EscapedText::new(&text);
        let reader = Reader { last: key, ..Reader::new(file, &text, &escaped, &mut found) };
        let result = match reader.document() {
            Err(Stop::Comment { at, .. }) if comments < MAX_COMMENTS => {
                let comment = blank_line(text.to_mut(), at);
                diagnostics.push(syntax::comment(span(file, comment)));
                comments += 1;
                continue;
            }
            Ok(node) => Ok(node),
            Err(Stop::Fault(fault) | Stop::Comment { fault, .. }) => Err(fault),
        };
        diagnostics.extend(found);
        return result;
    }
}

/// Replaces what follows on a line by spaces, which moves nothing.
fn blank_line(text: &mut String, at: usize) -> Range<usize> {
    let end = text[at..].find(['\r', '\n']).map_or(text.len(), |end| at + end);
    text.replace_range(at..end, &" ".repeat(end - at));
    at..end
}

/// Why reading ends early.
enum Stop {
    /// Nothing can be made of the text.
    Fault(Box<Diagnostic>),
    /// A comment starts here that no space separates from what stands before it. Other parsers take it, and so do
    /// documents.
    Comment { at: usize, fault: Box<Diagnostic> },
}

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Fault(Box::new(diagnostic))
    }
}

struct Reader<'t, 'd> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    /// What the parser reads.
    escaped: &'t EscapedText<'t>,
    /// How many of the characters that were replaced by escapes have been met in strings.
    met: usize,
    file: FileId,
    anchors: BTreeMap<usize, Anchor>,
    /// The members and elements of all that is open, so that lists are made in the size that they have.
    members: Vec<Member>,
    elements: Vec<Node>,
    /// The brackets that are open.
    brackets: Vec<Span>,
    /// How many values are held, in the tree and for aliases.
    nodes: usize,
    too_deep: bool,
    /// The member of the whole after which nothing matters.
    last: Option<&'static str>,
    diagnostics: &'d mut Diagnostics,
}

/// An event with its place.
struct ParsedEvent<'t> {
    event: Event<'t>,
    span: Span,
    tag_span: Option<Span>,
}

/// What stands before a list or an object.
struct Properties<'t> {
    anchor: usize,
    tag: Option<Tagged<'t>>,
}

/// A tag with its place.
type Tagged<'t> = (Cow<'t, Tag>, Span);

/// What is in a list or an object, and its closing bracket.
type Content = (Kind, Span);

impl<'t, 'd> Reader<'t, 'd> {
    fn new(file: FileId, text: &'t str, escaped: &'t EscapedText<'t>, diagnostics: &'d mut Diagnostics) -> Self {
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            simple_key_max_lookahead: MAX_KEY_LENGTH,
            flow_nesting_limit: MAX_PARSER_DEPTH,
            block_nesting_limit: MAX_PARSER_DEPTH,
        };
        Self {
            parser: Parser::new_from_str_with_options(escaped.text(), options),
            text,
            escaped,
            met: 0,
            file,
            anchors: BTreeMap::new(),
            members: Vec::new(),
            elements: Vec::new(),
            brackets: Vec::new(),
            nodes: 0,
            too_deep: false,
            last: None,
            diagnostics,
        }
    }

    fn document(mut self) -> Result<Node, Stop> {
        let root = loop {
            let found = self.next()?;
            match found.event {
                Event::StreamStart | Event::DocumentStart(..) => {}
                Event::StreamEnd | Event::DocumentEnd => return Err(self.empty().into()),
                _ => break found,
            }
        };
        if is_absent(&root) {
            return Err(self.empty().into());
        }
        let root = self.value(root, 0)?;
        if self.last.is_none() {
            self.end()?;
        }
        Ok(root)
    }

    fn empty(&self) -> Diagnostic {
        let span = self.span(0..0);
        Diagnostic::new(Code::EmptyDocument, "the document is empty").at(span, "expected an object")
    }

    /// Reads what follows the first document: nothing.
    fn end(&mut self) -> Result<(), Stop> {
        loop {
            let found = self.next()?;
            match found.event {
                Event::StreamEnd => return Ok(()),
                Event::DocumentStart(..) => {
                    self.diagnostics.push(
                        Diagnostic::new(Code::SeveralDocuments, "the file holds more than one document")
                            .at(found.span, "another document starts here")
                            .help("remove this line, or move what follows into another file"),
                    );
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Result<ParsedEvent<'t>, Stop> {
        match self.parser.next() {
            Some(Ok((event, place))) => {
                let span = self.original(place.byte_range().unwrap_or_default());
                let tag_span = place.tag_span().and_then(|place| place.byte_range()).map(|range| self.original(range));
                self.meet(&event, span)?;
                Ok(ParsedEvent { event, span, tag_span })
            }
            Some(Err(error)) => Err(self.stop(&error)),
            None => unreachable!("the end of the stream ends the reading"),
        }
    }

    /// Returns whether what the parser got as escapes stands in strings in double quotes.
    fn meet(&mut self, event: &Event<'_>, span: Span) -> Result<(), Stop> {
        let place = |reader: &Self| reader.escaped.original(reader.met);
        let (start, end) = (span.start as usize, span.end as usize);
        match event {
            Event::Scalar(_, ScalarStyle::DoubleQuoted, ..) => {
                while place(self).is_some_and(|at| (start..end).contains(&at)) {
                    self.met += 1;
                }
            }
            Event::StreamEnd => {}
            _ => return Ok(()),
        }
        let passed = place(self).filter(|at| *at < end || *event == Event::StreamEnd);
        match passed.and_then(|at| Some((at, self.text[at..].chars().next()?))) {
            Some((at, character)) => Err(syntax::misplaced(character, self.span(at..at + character.len_utf8())).into()),
            None => Ok(()),
        }
    }

    fn stop(&self, error: &ScanError) -> Stop {
        let at = error.marker().byte_offset().map_or(self.text.len(), |at| self.escaped.written(at));
        let next = self.text[at..].chars().next();
        let width = next.filter(|next| !next.is_whitespace()).map_or(0, char::len_utf8);
        let span = self.span(at..at + width);
        let fault = syntax::describe(error, span, self.brackets.last());
        if *error.kind() == ErrorKind::CommentNotSeparated && next == Some('#') {
            let fault = Box::new(fault);
            return Stop::Comment { at, fault };
        }
        fault.into()
    }

    fn value(&mut self, found: ParsedEvent<'t>, depth: usize) -> Result<Node, Stop> {
        let ParsedEvent { event, span, tag_span } = found;
        self.hold(1, span)?;
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.zip(tag_span);
                let kind = self.scalar(text, style, span, tag.as_ref());
                let node = Node { span: self.trimmed(span), kind };
                self.anchor(anchor, &node)?;
                Ok(node)
            }
            Event::SequenceStart(style, anchor, tag) => {
                let tag = tag.zip(tag_span);
                let span = self.array_start(span, style);
                self.container(Properties { anchor, tag }, span, style, depth, Self::array)
            }
            Event::MappingStart(style, anchor, tag) => {
                let tag = tag.zip(tag_span);
                self.container(Properties { anchor, tag }, span, style, depth, Self::object)
            }
            Event::Alias(anchor) => self.alias(anchor, span, depth),
            Event::UnresolvedAlias(name) => Ok(self.unknown_anchor(&name, span)),
            event => unreachable!("the parser puts a value here, not {event:?}"),
        }
    }

    /// Counts values before they are made.
    fn hold(&mut self, nodes: usize, span: Span) -> Result<(), Stop> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let message = format!("the file holds more than {MAX_NODES} values");
        Err(Diagnostic::new(Code::TooLarge, message)
            .at(span, "this is one too many")
            .note("what an alias repeats counts each time")
            .into())
    }
}

/// Lists and objects.
impl<'t> Reader<'t, '_> {
    fn container(
        &mut self,
        properties: Properties<'t>,
        start: Span,
        style: StructureStyle,
        depth: usize,
        content: fn(&mut Self, usize) -> Result<Content, Stop>,
    ) -> Result<Node, Stop> {
        let Properties { anchor, tag } = properties;
        if depth >= MAX_DEPTH {
            self.skip()?;
            return Ok(self.too_deep(start));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, Anchor::Open(start));
        }
        if style == StructureStyle::Flow {
            self.brackets.push(start);
        }
        let (kind, end) = content(self, depth + 1)?;
        if style == StructureStyle::Flow {
            self.brackets.pop();
        }
        // A block ends with its last value: the parser's end is where the next line starts.
        let end = match (style, last_end(&kind)) {
            (StructureStyle::Block, Some(last)) => last,
            (StructureStyle::Block, None) | (StructureStyle::Flow, _) => end.end,
        };
        let span = Span { end: end.max(start.end), ..start };
        let node = Node { span, kind };
        if let Some((tag, span)) = tag {
            self.container_tag(&node, &tag, span);
        }
        self.anchor(anchor, &node)?;
        Ok(node)
    }

    /// Returns where a list starts: at its first dash, which the parser passes if the list is not indented.
    fn array_start(&self, start: Span, style: StructureStyle) -> Span {
        let offset = start.start as usize;
        if style == StructureStyle::Flow || self.text[offset..].starts_with('-') {
            return start;
        }
        match self.text[..offset].trim_end().strip_suffix('-') {
            Some(before) => self.span(before.len()..before.len() + 1),
            None => start,
        }
    }

    fn array(&mut self, depth: usize) -> Result<Content, Stop> {
        let first = self.elements.len();
        loop {
            let found = self.next()?;
            if found.event == Event::SequenceEnd {
                return Ok((Kind::Array(self.elements.drain(first..).collect()), found.span));
            }
            let element = self.value(found, depth)?;
            self.elements.push(element);
        }
    }

    /// Reads up to the end of the list or object that has just begun.
    fn skip(&mut self) -> Result<(), Stop> {
        let mut open = 1_usize;
        while open > 0 {
            match self.next()?.event {
                Event::SequenceStart(..) | Event::MappingStart(..) => open += 1,
                Event::SequenceEnd | Event::MappingEnd => open -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// Reports the first value that is nested too deeply; the others have the same cause.
    fn too_deep(&mut self, span: Span) -> Node {
        if !std::mem::replace(&mut self.too_deep, true) {
            self.diagnostics.push(syntax::too_deep(span));
        }
        let kind = Kind::Null;
        Node { span, kind }
    }
}

/// Scalars.
impl<'t> Reader<'t, '_> {
    fn scalar(&mut self, text: Cow<'_, str>, style: ScalarStyle, span: Span, tag: Option<&Tagged<'_>>) -> Kind {
        // The parser gives `~` where nothing is written.
        let text = if span.start == span.end { Cow::Borrowed("") } else { text };
        let untagged = |text: Cow<'_, str>| match style {
            ScalarStyle::Plain => plain(text),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted | ScalarStyle::Literal | ScalarStyle::Folded => {
                Kind::String(text.into_owned())
            }
        };
        let kind = match tag {
            Some((tag, tag_span)) => self.scalar_tag(&text, span, untagged(text.clone()), tag, *tag_span),
            None => untagged(text),
        };
        if let Kind::Number(text) = &kind
            && number::is_special(text)
        {
            self.not_finite(text, span);
        }
        kind
    }

    fn not_finite(&mut self, text: &str, span: Span) {
        self.diagnostics.push(
            Diagnostic::new(Code::NotFinite, format!("`{text}` has no JSON form"))
                .at(span, "no message can contain this number")
                .help(format!("write `\"{text}\"` if it is a string")),
        );
    }

    /// Shortens the place of a block scalar, which ends with the line breaks that follow it.
    fn trimmed(&self, span: Span) -> Span {
        let text = self.slice(span).trim_end_matches(['\n', '\r', ' ']);
        let start = span.start as usize;
        self.span(start..start + text.len())
    }

    fn slice(&self, span: Span) -> &'t str {
        &self.text[span.start as usize..span.end as usize]
    }

    fn span(&self, range: Range<usize>) -> Span {
        span(self.file, range)
    }

    /// A place that the parser tells.
    fn original(&self, range: Range<usize>) -> Span {
        self.span(self.escaped.written(range.start)..self.escaped.written(range.end))
    }
}

/// YAML 1.2.2, section 10.3.2: what a plain scalar without a tag is.
fn plain(text: Cow<'_, str>) -> Kind {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        number if number::is_number(number) => Kind::Number(text.into_owned()),
        _ => Kind::String(text.into_owned()),
    }
}

/// Returns whether nothing is written where the parser gives a scalar.
fn is_absent(found: &ParsedEvent<'_>) -> bool {
    let scalar = matches!(&found.event, Event::Scalar(_, ScalarStyle::Plain, ..));
    scalar && found.span.start == found.span.end
}

/// Returns where the last value of a list or an object ends.
fn last_end(kind: &Kind) -> Option<u32> {
    match kind {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
        Kind::Array(elements) => elements.last().map(|element| element.span.end),
        // What an alias brings stands elsewhere; the key is where it is used.
        Kind::Object(object) => object.iter().last().map(|member| member.value.span.end.max(member.key_span.end)),
    }
}

/// Offsets fit, because no longer text is read.
fn span(file: FileId, range: Range<usize>) -> Span {
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span { file, start: offset(range.start), end: offset(range.end) }
}
