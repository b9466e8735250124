//! Why a value could not be read or written. Neither error echoes more than a line of what was read.

use std::borrow::Cow;
use std::fmt;

use super::path::{push_index, push_key, push_path};
use super::steps::{Counted, count};

/// Longest piece of a peer's text that a message repeats, in characters.
const LONGEST_ECHO: usize = 80;
/// Longest cause that is not cut, in bytes.
const LONGEST_CAUSE: usize = 160;
/// Longest path that is not cut, in characters.
const LONGEST_PATH: usize = 160;

/// Why a text is not the message or the type it should be.
///
/// ```
/// use std::collections::BTreeMap;
///
/// let error = eventwire::from_json::<BTreeMap<String, Vec<i64>>>(r#"{"counts": [1, "many"]}"#).unwrap_err();
/// assert_eq!(error.path(), "counts[1]");
/// assert_eq!(error.cause(), r#"invalid type: string "many", expected an integer"#);
/// assert_eq!((error.line(), error.column()), (Some(1), Some(21)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    // Boxed, because results carry it through every level of a value.
    inner: Box<Inner>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Inner {
    message: Option<Cow<'static, str>>,
    path: String,
    cause: String,
    position: Option<ErrorPosition>,
    /// This is not a fault: the value fits and is built later.
    deferred: bool,
}

/// Where in a text reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ErrorPosition {
    /// Behind so many bytes; the line is counted once, when no text is around this one.
    Byte(usize),
    /// In this line, from 1, behind so many bytes of it.
    Line(usize, usize),
}

impl DecodeError {
    /// Says in a sentence fragment (lower case, no full stop) what is wrong.
    pub fn custom(cause: impl fmt::Display) -> Self {
        Self::new(String::new(), shorten_cause(cause.to_string()), None)
    }

    /// Says that a value fits, and is built once the unions around it are decided; see `dispatch::trial`.
    pub(crate) fn deferred() -> Self {
        Self { inner: Box::new(Inner { deferred: true, ..Inner::default() }) }
    }

    /// Whether the value fits and is built later.
    pub(crate) fn is_deferred(&self) -> bool {
        self.inner.deferred
    }

    /// Creates a message of `set` lacks the member that distinguishes the messages of the set.
    #[must_use]
    pub fn missing_tag(set: &'static str, key: &str) -> Self {
        Self::custom(format_args!("missing member `{key}`, which distinguishes the messages")).for_message(set)
    }

    /// The member that distinguishes the messages of `set` is not a string.
    #[must_use]
    pub fn tag_not_a_string(set: &'static str, key: &str) -> Self {
        Self::custom(format_args!("member `{key}`, which distinguishes the messages, is not a string")).for_message(set)
    }

    /// Creates a message of `set` is not a JSON object.
    #[must_use]
    pub fn not_an_object(set: &'static str) -> Self {
        Self::custom("expected an object").for_message(set)
    }

    /// Names the message that was being read.
    #[must_use]
    pub fn for_message(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.inner.message = Some(name.into());
        self
    }

    /// Returns the message that was being read, if the reader knew.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.inner.message.as_deref()
    }

    /// Returns where in the value the fault is, such as `message.user.created_at` or `members[3].role`; empty for the
    /// value itself. The middle of a long path is left out: `…`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.inner.path
    }

    /// Returns what is wrong there.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.inner.cause
    }

    /// Returns the line of the text at which the reader stopped, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line_and_column().map(|(line, _)| line)
    }

    /// Returns the column in bytes at which the reader stopped, from 1.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.line_and_column().map(|(_, column)| column)
    }

    fn line_and_column(&self) -> Option<(usize, usize)> {
        match self.inner.position {
            Some(ErrorPosition::Line(line, column)) => Some((line, column)),
            Some(ErrorPosition::Byte(_)) | None => None,
        }
    }

    /// Turns `serde_json`'s error into ours; `path` is where it happened.
    pub(crate) fn from_json(error: &serde_json::Error, path: String) -> Self {
        let mut cause = error.to_string();
        let position = (error.line() > 0).then(|| ErrorPosition::Line(error.line(), error.column().max(1)));
        if position.is_some() {
            let suffix = format!(" at line {} column {}", error.line(), error.column());
            cause.truncate(cause.strip_suffix(&suffix).unwrap_or(&cause).len());
        }
        Self::new(path, shorten_cause(cause), position)
    }

    /// Says behind how many bytes it happened, unless that is known.
    pub(crate) fn at(mut self, read: usize) -> Self {
        self.inner.position.get_or_insert(ErrorPosition::Byte(read.max(1)));
        self
    }

    /// Counts the line, where only the byte of this text is known.
    pub(crate) fn in_line_of(mut self, text: &str) -> Self {
        if let Some(ErrorPosition::Byte(read)) = self.inner.position {
            let (line, column) = line_of(text, read);
            self.inner.position = Some(ErrorPosition::Line(line, column.max(1)));
        }
        self
    }

    /// The error of a value that is a member.
    pub(crate) fn in_member(self, key: &str) -> Self {
        let mut path = String::new();
        push_key(&mut path, &shorten(key));
        self.below(path)
    }

    /// The error of a value that is an element.
    pub(crate) fn in_element(self, index: usize) -> Self {
        let mut path = String::new();
        push_index(&mut path, index);
        self.below(path)
    }

    /// Cuts the path, when nothing is to come in front of it.
    pub(crate) fn shortened(mut self) -> Self {
        self.inner.path = shorten_path(self.inner.path);
        self
    }

    fn below(mut self, mut path: String) -> Self {
        push_path(&mut path, &self.inner.path);
        self.inner.path = path;
        self
    }

    /// The error of a text that is a part of another one, in which it begins at this byte.
    pub(crate) fn in_text(mut self, text: &str, start: usize) -> Self {
        if self.inner.message.is_some() {
            self.inner.cause = self.nested_cause().into_owned();
            self.inner.message = None;
        }
        self.inner.position = self.inner.position.map(|position| match position {
            ErrorPosition::Byte(read) => ErrorPosition::Byte(start + read),
            ErrorPosition::Line(line, column) => {
                let lines = text.split_inclusive('\n').take(line - 1);
                ErrorPosition::Byte(start + lines.map(str::len).sum::<usize>() + column)
            }
        });
        self
    }

    /// The cause without path and position, with the innermost message it came from: what a reader of the surrounding
    /// value repeats.
    pub(crate) fn nested_cause(&self) -> Cow<'_, str> {
        match self.message() {
            Some(message) if !self.cause().starts_with("as `") => {
                Cow::Owned(format!("as `{message}`: {}", self.cause()))
            }
            Some(_) | None => Cow::Borrowed(self.cause()),
        }
    }

    fn new(path: String, cause: String, position: Option<ErrorPosition>) -> Self {
        Self { inner: Box::new(Inner { message: None, path: shorten_path(path), cause, position, deferred: false }) }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { message, path, cause, position: _, deferred: _ } = &*self.inner;
        if let Some(message) = message {
            write!(f, "`{message}` does not decode: ")?;
        }
        if !path.is_empty() {
            write!(f, "`{path}`: ")?;
        }
        f.write_str(cause)?;
        match self.line_and_column() {
            Some((line, column)) => write!(f, " at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Why a value has no JSON form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodeError {
    // Without the capacity that results would carry through every level of a value.
    cause: Box<str>,
}

impl EncodeError {
    /// Says in a sentence fragment (lower case, no full stop) what is wrong.
    pub fn custom(cause: impl fmt::Display) -> Self {
        Self { cause: shorten_cause(cause.to_string()).into() }
    }

    /// Returns what is wrong.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.cause
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no JSON form: {}", self.cause)
    }
}

impl std::error::Error for EncodeError {}

/// The line, from 1, at which so many bytes have been read, and how many of them are in it.
fn line_of(text: &str, read: usize) -> (usize, usize) {
    count(Counted::Byte, read);
    let lines = text.as_bytes().get(..read).unwrap_or_default().split(|byte| *byte == b'\n');
    lines.fold((0, 0), |(line, _), read| (line + 1, read.len()))
}

/// The text, cut to what a message may repeat.
pub(crate) fn shorten(text: &str) -> Cow<'_, str> {
    cut(text, LONGEST_ECHO)
}

/// The cause, cut where it repeats the text that was read: before `, expected …` in the words of serde.
pub(crate) fn shorten_cause(cause: String) -> String {
    if cause.len() <= LONGEST_CAUSE {
        return cause;
    }
    match cause.rfind(", expected ") {
        Some(at) => {
            let (found, expected) = cause.split_at(at);
            format!("{}{expected}", cut(found, LONGEST_ECHO))
        }
        None => cut(&cause, LONGEST_CAUSE).into_owned(),
    }
}

/// The path without its middle, where it is long: both ends are more useful.
pub(crate) fn shorten_path(path: String) -> String {
    let count = path.chars().count();
    if count <= LONGEST_PATH {
        return path;
    }
    let half = LONGEST_PATH / 2;
    let (head, rest): (String, _) = (path.chars().take(half).collect(), path.chars().skip(count - half));
    // Whole segments: a piece of a name would be another name.
    let tail: String = rest.collect();
    let head = head.rfind(['.', '[']).map_or(head.as_str(), |end| &head[..end]);
    let tail = tail.find(['.', '[']).map_or(tail.as_str(), |start| &tail[start..]);
    format!("{head}…{tail}")
}

fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_message_path_cause_and_position() {
        let error = DecodeError::new("a[1].b".into(), "expected an integer".into(), Some(ErrorPosition::Line(2, 7)));
        assert_eq!(error.to_string(), "`a[1].b`: expected an integer at line 2 column 7");
        assert_eq!(
            error.for_message("message.new").to_string(),
            "`message.new` does not decode: `a[1].b`: expected an integer at line 2 column 7"
        );
        assert_eq!(
            DecodeError::missing_tag("Event", "type").to_string(),
            "`Event` does not decode: missing member `type`, which distinguishes the messages"
        );
        assert_eq!(
            DecodeError::tag_not_a_string("Event", "type").to_string(),
            "`Event` does not decode: member `type`, which distinguishes the messages, is not a string"
        );
        assert_eq!(DecodeError::not_an_object("Event").to_string(), "`Event` does not decode: expected an object");
    }

    #[test]
    fn long_paths_lose_their_middle() {
        let path = |depth: usize| vec!["children[0]"; depth].join(".");
        let error = |depth| DecodeError::new(path(depth), "expected an object".into(), None);
        assert_eq!(error(3).path(), path(3));
        let long = error(1000);
        assert!(long.path().starts_with("children[0].children[0].children") && long.path().len() < 170, "{long}");
        assert!(long.path().contains("…") && long.path().ends_with(".children[0].children[0]"), "{long}");
    }

    #[test]
    fn long_input_is_cut_and_expectations_are_kept() {
        let text = format!("\"{}\"", "é, expected x ".repeat(1000));
        let error = crate::from_json::<i64>(&text).unwrap_err();
        assert!(error.cause().len() < 200, "{error}");
        assert!(error.cause().ends_with("…, expected an integer"), "{error}");
        assert!(DecodeError::custom("x".repeat(1000)).cause().len() < 200);
        assert!(EncodeError::custom("x".repeat(1000)).cause().len() < 200);
    }
}
