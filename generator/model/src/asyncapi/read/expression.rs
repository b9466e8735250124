//! Reads runtime expressions.

use super::Reader;
use crate::asyncapi::RuntimeExpression;
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic};

impl Reader<'_, '_> {
    /// The expression under a key; a malformed one is reported.
    pub(super) fn expression(&mut self, at: &Cursor<'_>, key: &str) -> Option<RuntimeExpression> {
        let member = at.member(key)?;
        let text = self.text(at, key)?;
        let expression = RuntimeExpression::parse(&text);
        if expression.is_none() {
            let diagnostic =
                Diagnostic::new(Code::MalformedExpression, format!("`{text}` is not a place in a message"))
                    .at(member.node.span, "expected `$message.header#/…` or `$message.payload#/…`")
                    .help("write a JSON pointer after `#`, such as `$message.header#/correlationId`");
            self.diagnostics().push(diagnostic);
        }
        expression
    }
}
