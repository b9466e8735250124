//! Runtime expressions: where in a message a value is found.

use crate::source::Pointer;

/// A place in a message (AsyncAPI, Runtime Expression).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeExpression {
    /// The part of the message.
    pub part: MessagePart,
    /// The way to the value in that part; the root means all of it.
    pub pointer: Pointer,
}

/// The parts of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessagePart {
    /// `$message.header`
    Header,
    /// `$message.payload`
    Payload,
}

impl RuntimeExpression {
    /// Reads an expression such as `$message.header#/correlationId`; nothing if it is of another form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (source, pointer) = text.trim().split_once('#').unwrap_or((text.trim(), ""));
        let part = match source {
            "$message.header" => MessagePart::Header,
            "$message.payload" => MessagePart::Payload,
            _ => return None,
        };
        Some(Self { part, pointer: Pointer::parse(pointer)? })
    }
}

#[cfg(test)]
mod tests {
    use super::{MessagePart, RuntimeExpression};

    #[test]
    fn expressions_name_a_part_and_a_path() {
        let parsed = |text| RuntimeExpression::parse(text).map(|found| (found.part, found.pointer.to_string()));
        for (text, expected) in [
            ("$message.header#/correlationId", Some((MessagePart::Header, "/correlationId"))),
            ("$message.payload#/a/b~1c/0", Some((MessagePart::Payload, "/a/b~1c/0"))),
            ("$message.payload#", Some((MessagePart::Payload, ""))),
            ("$message.payload", Some((MessagePart::Payload, ""))),
            ("$message.header#correlationId", None),
            ("$message.header#/a~2", None),
            ("$message.body#/a", None),
            ("correlationId", None),
            ("", None),
        ] {
            let expected = expected.map(|(part, pointer)| (part, pointer.to_owned()));
            assert_eq!(parsed(text), expected, "{text}");
        }
    }
}
