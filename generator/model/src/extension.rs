//! `x-eventwire-…`: what the owner of a document may say in it about the Rust that is generated.

use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::identifier::{is_identifier, is_type_path};
use crate::source::closest;

const PREFIX: &str = "x-eventwire-";
const NAME: &str = "x-eventwire-name";
const TYPE: &str = "x-eventwire-type";

/// Returns the Rust name that the document gives to a place.
pub fn name(at: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let help = "use letters, digits and `_`, and write `r#` before a keyword";
    text(at, NAME, is_identifier, ("not a Rust identifier", help), diagnostics)
}

/// Returns the existing Rust type that the document puts in the place of a schema.
pub fn replacement(at: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let help = "write it with the crate it comes from, such as `my_crate::Money<u8>`; code in it is not accepted";
    text(at, TYPE, is_type_path, ("not the path of a Rust type", help), diagnostics)
}

fn text(
    at: &Cursor<'_>,
    key: &str,
    is_valid: fn(&str) -> bool,
    (fault, help): (&str, &str),
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let member = at.member(key)?;
    let found = member.node.as_str().filter(|text| is_valid(text));
    if found.is_none() {
        let diagnostic = Diagnostic::new(Code::InvalidExtension, format!("`{key}` cannot be used"))
            .at(member.node.span, fault)
            .help(help);
        diagnostics.push(diagnostic);
    }
    found.map(str::to_owned)
}

/// Reports extensions of a schema that begin like these and are none.
pub fn report_unknown(at: &Cursor<'_>, diagnostics: &mut Diagnostics) {
    for member in at.node.as_object().into_iter().flatten() {
        let key = member.key.as_str();
        if key.starts_with(PREFIX) && key != NAME && key != TYPE {
            let diagnostic = Diagnostic::new(Code::InvalidExtension, format!("`{key}` is not an extension"))
                .at(member.key_span, "nothing reads this");
            diagnostics.push(match closest(key, &[NAME, TYPE]) {
                Some(close) => diagnostic.help(format!("did you mean `{close}`?")),
                None => diagnostic.help(format!("the extensions are `{NAME}` and `{TYPE}`")),
            });
        }
    }
}
