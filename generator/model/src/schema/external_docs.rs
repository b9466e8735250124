//! Reading `externalDocs`, of schemas and of everything else that has it.

use super::{ExternalDocs, SchemaReader};
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Node;

impl<'s> SchemaReader<'s, '_> {
    /// `externalDocs` of an object; anything else than an object with a `url` is reported and left out.
    pub fn external_docs<'n>(&mut self, at: &Cursor<'n>) -> Option<ExternalDocs>
    where
        's: 'n,
    {
        let member = at.member("externalDocs").filter(|member| !member.node.is_null())?;
        let at = self.resolve_aside(member)?;
        let text = |key: &str| at.node.get(key).and_then(Node::as_str).map(str::to_owned);
        let Some(url) = text("url") else {
            let diagnostic = Diagnostic::new(Code::MalformedPart, "`externalDocs` must be an object with a `url`")
                .at(at.node.span, format!("this is {} without one", at.node.kind_name()))
                .help("write the address under `url:`; until then, it is left out");
            self.diagnostics().push(diagnostic);
            return None;
        };
        Some(ExternalDocs { url, description: text("description") })
    }
}
