//! The form for people: text like that of `rustc`.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use super::visible::in_columns;
use super::{Diagnostic, FileId, Files, Label, Level, Position, Positions, position, visible};

/// Returns the diagnostics as text: each with its code, its places, notes and help, then a line that counts them.
///
/// The text is empty when there are none. With `color`, it contains ANSI escape codes.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], files: &impl Files, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut positions = Positions::new(files);
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&rendered(&renderer, group(diagnostic, &mut positions)));
    }
    if let Some(summary) = summary(diagnostics) {
        text.push_str(&summary);
        text.push('\n');
    }
    text
}

/// Something to say about places in files that is not a diagnostic.
#[derive(Debug)]
pub struct Remark<'r> {
    /// The word that begins it.
    pub word: &'r str,
    /// How it is coloured.
    pub level: Level,
    /// What kind of remark it is.
    pub id: &'r str,
    /// The message, in one line.
    pub title: &'r str,
    /// The places, the one that matters most first.
    pub labels: Vec<Label>,
    /// More about it, each with the word that begins it.
    pub notes: Vec<(&'r str, String)>,
}

/// Returns remarks as text, with an empty line after each.
pub fn remarks<'r>(remarks: impl Iterator<Item = Remark<'r>>, files: &impl Files, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let remarks: Vec<Remark<'_>> = remarks.collect();
    let mut positions = Positions::new(files);
    remarks.iter().map(|remark| rendered(&renderer, of_remark(remark, &mut positions))).collect()
}

/// A place as the renderer counts it in the part of a long line that it gets, and as it is in the file.
type MovedPlaces = Vec<(String, String)>;

fn rendered(renderer: &Renderer, (group, moved): (Group<'_>, MovedPlaces)) -> String {
    let text = renderer.render(&[group]) + "\n\n";
    moved.iter().fold(text, |mut text, (counted, place)| {
        let ends = |at: usize| !text[at + counted.len()..].starts_with(|next: char| next.is_ascii_digit());
        if let Some(at) = text.match_indices(counted).map(|(at, _)| at).find(|at| ends(*at)) {
            text.replace_range(at..at + counted.len(), place);
        }
        text
    })
}

fn of_remark<'r>(remark: &'r Remark<'_>, positions: &mut Positions<'r, impl Files>) -> (Group<'r>, MovedPlaces) {
    let title = shown(remark.level).with_name(remark.word).primary_title(visible(remark.title)).id(remark.id);
    let kinds = std::iter::once(AnnotationKind::Primary).chain(std::iter::repeat(AnnotationKind::Context));
    let (mut group, moved) = with_snippets(Group::with_title(title), kinds.zip(&remark.labels), positions);
    for (word, note) in &remark.notes {
        group = group.element(Shown::NOTE.with_name(*word).message(visible(note)));
    }
    (group, moved)
}

fn group<'f>(diagnostic: &'f Diagnostic, positions: &mut Positions<'f, impl Files>) -> (Group<'f>, MovedPlaces) {
    let title = shown(diagnostic.level()).primary_title(visible(&diagnostic.message)).id(diagnostic.code.id());
    let primary = diagnostic.primary.iter().map(|label| (AnnotationKind::Primary, label));
    let labels = primary.chain(diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label)));
    let (mut group, moved) = with_snippets(Group::with_title(title), labels, positions);
    for note in &diagnostic.notes {
        group = group.element(Shown::NOTE.message(visible(note)));
    }
    for help in &diagnostic.help {
        group = group.element(Shown::HELP.message(visible(help)));
    }
    (group, moved)
}

fn shown(level: Level) -> Shown<'static> {
    match level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Note => Shown::NOTE,
    }
}

/// How many lines two places of one snippet can be apart.
const FAR_LINES: usize = 1000;
/// How many bytes they can be apart, as a line can be as long as a document.
const FAR_BYTES: usize = 50_000;
/// How many bytes of its line are rendered before and after a place: more than the columns that are shown.
const CONTEXT: usize = 600;
/// How many bytes of a place are marked.
const MARKED: usize = 80;

/// A part of a file, around the first of its labels.
struct SnippetPart<'l> {
    file: FileId,
    line: usize,
    start: usize,
    labels: Vec<(AnnotationKind, &'l Label, Range<usize>)>,
}

/// Adds a snippet for each file, or part of a file, that of the primary label first.
fn with_snippets<'f>(
    group: Group<'f>,
    labels: impl Iterator<Item = (AnnotationKind, &'f Label)>,
    positions: &mut Positions<'f, impl Files>,
) -> (Group<'f>, MovedPlaces) {
    let mut parts: Vec<SnippetPart<'_>> = Vec::new();
    for (kind, label) in labels {
        let file = label.span.file;
        let range = first_line(positions.files.text(file), position::range(positions.files, label.span));
        let (line, start) = (positions.at(file, range.start).line, range.start);
        let is_near = |part: &&mut SnippetPart<'_>| {
            part.file == file && part.line.abs_diff(line) <= FAR_LINES && part.start.abs_diff(start) <= FAR_BYTES
        };
        match parts.iter_mut().find(is_near) {
            Some(part) => part.labels.push((kind, label, range)),
            None => parts.push(SnippetPart { file, line, start, labels: vec![(kind, label, range)] }),
        }
    }
    let mut moved = Vec::new();
    let snippets: Vec<_> = parts.iter().map(|part| snippet(part, positions, &mut moved)).collect();
    (group.elements(snippets), moved)
}

/// Returns the lines of one file that the labels touch, and what is between them. Of a long line it is the part around them.
fn snippet<'f>(
    SnippetPart { file, labels, .. }: &SnippetPart<'f>,
    positions: &mut Positions<'f, impl Files>,
    moved: &mut MovedPlaces,
) -> Snippet<'f, Annotation<'f>> {
    let text = positions.files.text(*file);
    let first = labels.iter().map(|(.., range)| range.start).min().unwrap_or(0);
    let last = labels.iter().map(|(.., range)| range.end).max().unwrap_or(0);
    let (before, after) = (position::floor(text, first.saturating_sub(CONTEXT)), position::floor(text, last + CONTEXT));
    let start = text[before..first].rfind('\n').map_or(before, |newline| before + newline + 1);
    let end = text[last..after].find('\n').map_or(after, |newline| last + newline);
    // The `\r` of the last line's end would be shown as a character.
    let lines = text[start..end].trim_end_matches('\r');
    let annotations = labels.iter().map(|(kind, label, range)| {
        let text = (!label.text.is_empty()).then(|| visible(&label.text));
        kind.span(in_shown(lines, range.start - start)..in_shown(lines, range.end - start)).label(text)
    });
    let (begin, path) = (positions.at(*file, start), visible(positions.files.path(*file)));
    if begin.column > 1 {
        let places = labels.iter().map(|(.., range)| positions.at(*file, range.start));
        moved.extend(places.filter(|place| place.line == begin.line).map(|Position { line, column }| {
            (format!("{path}:{line}:{}", column - begin.column + 1), format!("{path}:{line}:{column}"))
        }));
    }
    Snippet::source(in_columns(lines)).line_start(begin.line).path(path).annotations(annotations)
}

/// Where an offset into text is when the text is shown in columns.
fn in_shown(text: &str, offset: usize) -> usize {
    text.get(offset..).map_or(offset, |rest| in_columns(text).len() - in_columns(rest).len())
}

/// Shortens a range to its first line, and a long line to its beginning: a whole object says no more than its beginning.
fn first_line(text: &str, range: Range<usize>) -> Range<usize> {
    let end = position::floor(text, range.end.min(range.start + MARKED));
    let line = text[range.start..end].lines().next().unwrap_or_default();
    range.start..range.start + line.trim_end().len()
}

fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let mut summary = String::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        let count = diagnostics.iter().filter(|each| each.level() == level).count();
        let separator = if summary.is_empty() { "" } else { ", " };
        let plural = if count == 1 { "" } else { "s" };
        if count > 0 {
            // Writing to a string cannot fail.
            let _ = write!(summary, "{separator}{count} {}{plural}", level.name());
        }
    }
    (!summary.is_empty()).then_some(summary)
}
