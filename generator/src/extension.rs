//! `x-eventwire-…`: what the owner of a document may say in it about the Rust that is generated.

use crate::config::{is_identifier, is_type_path};
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::closest;

const PREFIX: &str = "x-eventwire-";
const NAME: &str = "x-eventwire-name";
const TYPE: &str = "x-eventwire-type";

/// The Rust name that the document gives to a place.
pub(crate) fn name(at: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let help = "use letters, digits and `_`, and write `r#` before a keyword";
    text(at, NAME, is_identifier, ("not a Rust identifier", help), diagnostics)
}

/// The existing Rust type that the document puts in the place of a schema.
pub(crate) fn replacement(at: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
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
pub(crate) fn report_unknown(at: &Cursor<'_>, diagnostics: &mut Diagnostics) {
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

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::diagnostic::Code;
    use crate::source::MemoryLoader;

    /// The codes of a document in which a property is of this type.
    fn codes(path: &str) -> Vec<Code> {
        let path = serde_json::Value::from(path);
        let document = format!(
            "asyncapi: 2.6.0\ninfo: {{ title: t, version: '1' }}\nchannels: {{}}\ncomponents:\n  schemas:\n    \
             A: {{ type: object, properties: {{ a: {{ x-eventwire-type: {path} }} }} }}\n"
        );
        let loader: MemoryLoader = [("d.yaml", document)].into_iter().collect();
        let compiled = crate::compile(&Config::for_document("d.yaml"), &loader);
        compiled.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn a_document_names_types() {
        for path in ["my_crate::Money", "a::B<u8>", "a::B<a::C<'static, [u8; 4]>, (u8, &'static str), 3, true>"] {
            assert_eq!(codes(path), [], "{path}");
        }
    }

    /// A document comes from somebody else, so nothing of it becomes code.
    #[test]
    fn a_document_has_no_code() {
        let deep = |open: &str, close: &str| format!("a::B<{}u8{}>", open.repeat(5000), close.repeat(5000));
        for path in [
            "Money",
            "a::B<{ include_bytes!(\"/etc/passwd\").len() }>",
            "a::B<{ loop {} }>",
            "a::B<[u8; include_bytes!(\"/etc/passwd\").len()]>",
            "a::B<[u8; { 3 }]>",
            "a::B<[u8; 1 + 1]>",
            "a::B<[u8; a::N]>",
            "a::B<(u8, [u8; f()])>",
            "a::B<&'static [[u8; || 1]]>",
            "a::B<N = { 1 }>",
            "a::B<concat!()>",
            "a::B<fn() -> [u8; f()]>",
            "a::B<<[u8; f()] as a::C>::D>",
            "a::B<dyn a::C<{ 1 }>>",
            "a::B<_>",
            "a::<{ 1 }>::B",
            "a::Fn([u8; f()])",
            "a::B; fn f() {}",
            &deep("a::B<", ">"),
            &deep("(", ")"),
            &deep("&", ""),
        ] {
            assert_eq!(codes(path), [Code::InvalidExtension], "{path}");
        }
    }
}
