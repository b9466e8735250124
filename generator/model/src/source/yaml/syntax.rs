//! Words for the parser's errors.

use granit_parser::{ErrorKind, ScanError};

use crate::diagnostic::{Code, Diagnostic, Span};

use super::MAX_DEPTH;

/// Returns a diagnostic for what the parser refuses; `bracket` is the innermost one that is open.
pub(super) fn describe(error: &ScanError, at: Span, bracket: Option<&Span>) -> Diagnostic {
    if let ErrorKind::RecursionLimitExceeded = error.kind() {
        return too_deep(at);
    }
    let bracket = bracket.filter(|_| follows_bracket(error.kind()));
    let (message, help) = match bracket {
        Some(_) => ("a bracket is not closed".to_owned(), None),
        None => words(error.kind()),
    };
    let mut diagnostic = Diagnostic::new(Code::Syntax, message).at(at, error.info());
    if let Some(&bracket) = bracket {
        diagnostic = diagnostic.and(bracket, "this bracket is still open here");
    }
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// Returns the diagnostic for a comment that was read although no space stands before it.
pub(super) fn comment(span: Span) -> Diagnostic {
    Diagnostic::new(Code::CommentNotSeparated, "a comment needs a space before its `#`")
        .at(span, "this is read as a comment")
        .help("write a space before the `#`")
}

/// Returns the diagnostic for a value that is nested too deeply.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("the document is nested more than {MAX_DEPTH} levels deep");
    Diagnostic::new(Code::TooDeep, message)
        .at(span, "this value is one level too deep")
        .help("move inner schemas to `components/schemas` and refer to them with `$ref`")
}

/// Returns the diagnostic for a character that may stand in a string only.
pub(super) fn misplaced(character: char, at: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, format!("`{}` is not allowed here", character.escape_debug()))
        .at(at, "this character is only allowed in a string in double quotes")
        .help("remove it, or write the value in double quotes")
}

/// Returns whether it is an error because a bracket is open: outside of brackets, the same text might be right.
fn follows_bracket(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::BlockEntryInFlowCollection
            | ErrorKind::InvalidFlowScalarIndent
            | ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::MappingValueNotAllowed
    )
}

/// Returns what is wrong, and what usually helps.
fn words(kind: &ErrorKind) -> (String, Option<&'static str>) {
    let (message, help) = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => ("tabs are not allowed here, only spaces", Some("indent with spaces")),
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => (
            "a quoted string is not closed, or its next line is not indented",
            Some("close the quote on the line where it opens"),
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "something follows the closing quote",
            Some("write a quote inside `'…'` as `''`, inside `\"…\"` as `\\\"`"),
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "a string in double quotes contains an unknown escape",
            Some("write a backslash twice, or use single quotes"),
        ),
        ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => {
            ("a string in double quotes contains an escape that is no character", None)
        }
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::UnclosedFlowCollection { .. } => ("the brackets do not match", None),
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            ("a comma or a closing bracket is missing", None)
        }
        ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::InvalidMappingValueWhitespace => ("unexpected `:`", Some("quote a value that contains `: `")),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "this line is neither a member nor part of a value",
            Some("write `key: value`, or indent the line if it continues the value above"),
        ),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::InvalidIndentation
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidBlockScalarIndent => {
            ("this line does not continue the lines above it", Some("indent it exactly like the line it belongs with"))
        }
        ErrorKind::UnexpectedCharacter { character } => {
            let message = format!("`{}` is not allowed here", character.escape_debug());
            return (message, Some("quote a value that starts with it"));
        }
        _ => ("the text is neither YAML nor JSON", None),
    };
    (message.to_owned(), help)
}
