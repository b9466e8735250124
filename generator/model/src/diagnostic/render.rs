//! The form for people: text like that of `rustc`.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use super::visible::in_columns;
use super::{Diagnostic, FileId, Files, Label, Level, Positions, position, visible};

/// Returns the diagnostics as text: each with its code, its places, notes and help, then a line that counts them.
///
/// The text is empty when there are none. With `color`, it contains ANSI escape codes.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], files: &impl Files, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut positions = Positions::new(files);
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&[group(diagnostic, &mut positions)]));
        text.push_str("\n\n");
    }
    if let Some(summary) = summary(diagnostics) {
        text.push_str(&summary);
        text.push('\n');
    }
    text
}

/// Something to say about places in files that is no diagnostic.
#[derive(Debug)]
pub struct Remark<'r> {
    /// The word that begins it.
    pub word: &'r str,
    /// How it is coloured.
    pub level: Level,
    /// What kind of remark it is.
    pub id: &'r str,
    /// What is said, in one line.
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
    remarks.iter().map(|remark| renderer.render(&[of_remark(remark, &mut positions)]) + "\n\n").collect()
}

fn of_remark<'r>(remark: &'r Remark<'_>, positions: &mut Positions<'r, impl Files>) -> Group<'r> {
    let title = shown(remark.level).with_name(remark.word).primary_title(visible(remark.title)).id(remark.id);
    let kinds = std::iter::once(AnnotationKind::Primary).chain(std::iter::repeat(AnnotationKind::Context));
    let mut group = Group::with_title(title).elements(snippets(kinds.zip(&remark.labels), positions));
    for (word, note) in &remark.notes {
        group = group.element(Shown::NOTE.with_name(*word).message(visible(note)));
    }
    group
}

fn group<'f>(diagnostic: &'f Diagnostic, positions: &mut Positions<'f, impl Files>) -> Group<'f> {
    let title = shown(diagnostic.level()).primary_title(visible(&diagnostic.message)).id(diagnostic.code.id());
    let primary = diagnostic.primary.iter().map(|label| (AnnotationKind::Primary, label));
    let labels = primary.chain(diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label)));
    let mut group = Group::with_title(title).elements(snippets(labels, positions));
    for note in &diagnostic.notes {
        group = group.element(Shown::NOTE.message(visible(note)));
    }
    for help in &diagnostic.help {
        group = group.element(Shown::HELP.message(visible(help)));
    }
    group
}

fn shown(level: Level) -> Shown<'static> {
    match level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Note => Shown::NOTE,
    }
}

/// How many lines two places of one snippet can be apart.
const FAR: usize = 1000;

/// A part of a file, around the first of its labels.
struct SnippetPart<'l> {
    file: FileId,
    line: usize,
    labels: Vec<(AnnotationKind, &'l Label)>,
}

/// Returns a snippet for each file, or part of a file, that of the primary label first.
fn snippets<'f>(
    labels: impl Iterator<Item = (AnnotationKind, &'f Label)>,
    positions: &mut Positions<'f, impl Files>,
) -> Vec<Snippet<'f, Annotation<'f>>> {
    let mut parts: Vec<SnippetPart<'_>> = Vec::new();
    for (kind, label) in labels {
        let (file, line) = (label.span.file, positions.start(label.span).line);
        match parts.iter_mut().find(|part| part.file == file && part.line.abs_diff(line) <= FAR) {
            Some(part) => part.labels.push((kind, label)),
            None => parts.push(SnippetPart { file, line, labels: vec![(kind, label)] }),
        }
    }
    parts.into_iter().map(|part| snippet(part.file, &part.labels, positions)).collect()
}

/// Returns the lines of one file that the labels touch, and what is between them.
fn snippet<'f>(
    file: FileId,
    labels: &[(AnnotationKind, &'f Label)],
    positions: &mut Positions<'f, impl Files>,
) -> Snippet<'f, Annotation<'f>> {
    let files = positions.files;
    let text = files.text(file);
    let shown: Vec<(AnnotationKind, &Label, Range<usize>)> = labels
        .iter()
        .map(|&(kind, label)| (kind, label, first_line(text, position::range(files, label.span))))
        .collect();
    let first = shown.iter().map(|(.., range)| range.start).min().unwrap_or(0);
    let last = shown.iter().map(|(.., range)| range.end).max().unwrap_or(0);
    let start = text[..first].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[last..].find('\n').map_or(text.len(), |newline| last + newline);
    // The `\r` of the last line's end would be shown as a character.
    let lines = text[start..end].trim_end_matches('\r');
    let source = in_columns(lines);
    let annotations: Vec<_> = shown
        .into_iter()
        .map(|(kind, label, range)| {
            let text = (!label.text.is_empty()).then(|| visible(&label.text));
            kind.span(moved(lines, range.start - start)..moved(lines, range.end - start)).label(text)
        })
        .collect();
    Snippet::source(source)
        .line_start(positions.at(file, start).line)
        .path(visible(files.path(file)))
        .annotations(annotations)
}

/// Where an offset into text is when the text is shown in columns.
fn moved(text: &str, offset: usize) -> usize {
    text.get(offset..).map_or(offset, |rest| in_columns(text).len() - in_columns(rest).len())
}

/// Shortens a range to its first line: a whole object says no more than its beginning.
fn first_line(text: &str, range: Range<usize>) -> Range<usize> {
    let line = text[range.clone()].lines().next().unwrap_or_default();
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
