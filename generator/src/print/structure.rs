//! `Decode` and `Encode` of structs, as text.

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;

use super::layout::{Call, Failing, Lines, Values};
use super::{parse, unparse};
use crate::ir::Literal;
use crate::rust::{ConstantItem, FieldItem, Presence, StructItem};

/// The implementations of one struct, with a blank line between them.
pub(super) fn implementations(item: &StructItem) -> String {
    let mut lines = Lines::default();
    decode(&mut lines, item);
    lines.push("");
    encode(&mut lines, item);
    lines.into_text()
}

/// A text as a Rust literal.
fn literal(text: &str) -> String {
    Token::string(text).to_string()
}

fn call<'a>(method: &'a str, arguments: &'a [&'a str]) -> Call<'a> {
    Call { receiver: "object", method, arguments }
}

fn decode(lines: &mut Lines, item: &StructItem) {
    let name = &item.name;
    lines.push(format_args!("impl eventwire::Decode for {name} {{"));
    lines.push("    fn decode<'de, S: eventwire::Source<'de>>(");
    lines.push("        source: S,");
    lines.push("    ) -> core::result::Result<Self, S::Error> {");
    lines.push("        source.object()");
    lines.push("    }\n}\n");
    lines.push(format_args!("impl eventwire::DecodeObject for {name} {{"));
    lines.push(format_args!("    const NAME: &'static str = {};\n", literal(&name.to_string())));
    lines.push("    fn decode_object<'de, O: eventwire::ObjectSource<'de>>(");
    lines.push("        mut object: O,");
    lines.push("    ) -> core::result::Result<Self, O::Error> {");
    locals(lines, item);
    lines.push("        while let Some(key) = object.key()? {");
    lines.push("            match &*key {");
    arms(lines, item);
    lines.push("            }?;\n        }");
    for ConstantItem { seen, wire, .. } in &item.constants {
        lines.push(format_args!("        if !{seen} {{"));
        lines.fail(3, &missing(wire));
        lines.push("        }");
    }
    values(lines, item);
    lines.push("    }\n}");
}

fn missing(wire: &str) -> Failing {
    Failing { function: "eventwire::SourceError::missing", argument: literal(wire) }
}

fn locals(lines: &mut Lines, item: &StructItem) {
    for ConstantItem { seen, .. } in &item.constants {
        lines.push(format_args!("        let mut {seen} = false;"));
    }
    for FieldItem { local, presence, .. } in &item.fields {
        let initial = match presence {
            Presence::Required | Presence::Optional => "None",
            Presence::Maybe => "eventwire::Maybe::Absent",
        };
        lines.push(format_args!("        let mut {local} = {initial};"));
    }
    if item.extra.is_some() {
        lines.push("        let mut extra = eventwire::Extra::new();");
    }
}

fn arms(lines: &mut Lines, item: &StructItem) {
    for ConstantItem { name, seen, wire, value } in &item.constants {
        let wire = &literal(wire);
        let method = if matches!(value, Literal::Text(_)) { "constant" } else { "literal" };
        let arguments = [wire, &format!("Self::{name}"), &format!("&mut {seen}")];
        lines.arm(4, wire, &call(method, &arguments.map(String::as_str)));
    }
    for FieldItem { local, wire, presence, .. } in &item.fields {
        let (wire, into) = (&literal(wire), &format!("&mut {local}"));
        match (presence, &item.extra) {
            (Presence::Required, _) => lines.arm(4, wire, &call("required", &[wire, into])),
            (Presence::Optional, Some(_)) => lines.arm(4, wire, &call("optional", &[wire, into, "&mut extra"])),
            (Presence::Optional, None) => lines.arm(4, wire, &call("optional_closed", &[wire, into])),
            (Presence::Maybe, _) => lines.arm(4, wire, &call("maybe", &[wire, into])),
        }
    }
    match (&item.extra, &item.rest) {
        (Some(_), Some(value)) => {
            lines.arm(4, "_", &call(&format!("extra_of::<{}>", type_text(value)), &["key", "&mut extra"]));
        }
        (Some(_), None) => lines.arm(4, "_", &call("extra", &["key", "&mut extra"])),
        (None, _) => lines.arm(4, "_", &call("unknown", &["&key"])),
    }
}

/// A type as one line.
fn type_text(value: &TokenStream) -> String {
    let text = unparse(parse(quote!(type X = #value;)).items);
    let value = text.trim_start_matches("type X = ").trim_end().trim_end_matches(';');
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn values(lines: &mut Lines, item: &StructItem) {
    let mut values = Values::default();
    for FieldItem { name, local, wire, presence, .. } in &item.fields {
        match presence {
            Presence::Required => values.required(&name.to_string(), &local.to_string(), missing(wire)),
            Presence::Optional | Presence::Maybe => values.push(format!("{name}: {local}")),
        }
    }
    if item.extra.is_some() {
        values.push("extra".to_owned());
    }
    lines.values(2, &values);
}

fn encode(lines: &mut Lines, item: &StructItem) {
    let empty = item.constants.is_empty() && item.fields.is_empty() && item.extra.is_none();
    lines.push(format_args!("impl eventwire::Encode for {} {{", item.name));
    lines.push("    fn encode<S: eventwire::Sink>(");
    lines.push("        &self,");
    lines.push("        sink: S,");
    lines.push("    ) -> core::result::Result<S::Ok, S::Error> {");
    lines.push(format_args!("        let {}object = sink.object()?;", if empty { "" } else { "mut " }));
    for ConstantItem { name, wire, value, .. } in &item.constants {
        let reference = if matches!(value, Literal::Text(_)) { "" } else { "&" };
        lines.call(2, &call("member", &[&literal(wire), &format!("{reference}Self::{name}")]), "?;");
    }
    for FieldItem { name, wire, presence, .. } in &item.fields {
        let (wire, own) = (&literal(wire), &format!("&self.{name}"));
        let inner = &format!("self.{name}.as_ref()");
        match (presence, &item.extra) {
            (Presence::Required, _) => lines.call(2, &call("member", &[wire, own]), "?;"),
            (Presence::Optional, Some(_)) => lines.call(2, &call("optional", &[wire, inner, "&self.extra"]), "?;"),
            (Presence::Optional, None) => lines.call(2, &call("optional_closed", &[wire, inner]), "?;"),
            (Presence::Maybe, _) => lines.call(2, &call("maybe", &[wire, own]), "?;"),
        }
    }
    if item.extra.is_some() {
        let constants = item.constants.iter().map(|constant| &constant.wire);
        let named = constants.chain(item.fields.iter().map(|field| &field.wire)).map(|wire| literal(wire));
        let named: Vec<String> = named.collect();
        lines.listing(2, &call("extra", &["&self.extra"]), "eventwire::named", &named);
    }
    lines.push("        object.end()");
    lines.push("    }\n}");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::config::Config;
    use crate::print::{airy, groups, parse, unparse};
    use crate::source::MemoryLoader;

    /// A document with one message whose members have names of all lengths.
    fn document(title: &str, rest: &str, lengths: std::ops::Range<usize>) -> String {
        let mut properties = String::new();
        let mut required = Vec::new();
        for length in lengths {
            let name = format!("{}{}", (b'a' + u8::try_from(length % 26).unwrap()) as char, "x".repeat(length));
            let kind = match length % 4 {
                0 => "{type: string}".to_owned(),
                1 => "{type: [string, 'null']}".to_owned(),
                2 => {
                    required.push(name.clone());
                    "{type: integer}".to_owned()
                }
                _ => {
                    required.push(name.clone());
                    format!("{{const: {name}}}")
                }
            };
            properties.extend(["            ", &name, ": ", &kind, "\n"]);
        }
        format!(
            "asyncapi: 2.6.0\ninfo: {{title: t, version: '1'}}\nchannels:\n  c:\n    subscribe:\n      message:\n        name: {title}\n        \
             payload:\n          type: object\n          additionalProperties: {rest}\n          required: [{}]\n          properties:\n{properties}",
            required.join(", ")
        )
    }

    /// What is written at once is what `prettyplease` makes of the same items.
    #[test]
    fn the_layout_is_that_of_prettyplease() {
        check(document("aMessageWithQuiteALongNameThatGoesOnAndOnAndOn", "false", 1..70));
        check(document("typed", "{type: array, items: {type: string}}", 1..70));
        for length in 1..70 {
            check(document("single", "true", length..length + 1));
        }
        for last in 6..20 {
            check(document("few", "true", 5..last));
        }
    }

    fn check(document: String) {
        let loader = MemoryLoader(BTreeMap::from([("d.yaml".to_owned(), document)]));
        let compiled = crate::compile(&Config::for_document("d.yaml"), &loader);
        let output = compiled.output.as_ref().unwrap_or_else(|| panic!("{}", compiled.render(false)));
        let text = &output.files["src/codec/messages.rs"];
        let items = groups(parse(text.parse().unwrap()).items);
        let printed: Vec<String> = items.into_iter().map(|item| airy(&unparse(item))).collect();
        let printed = printed.join("\n");
        let (expected, found) = (implementations(&printed), implementations(text));
        for (number, (expected, found)) in expected.lines().zip(found.lines()).enumerate() {
            assert_eq!(expected, found, "line {number}");
        }
        assert_eq!(expected.lines().count(), found.lines().count());
    }

    /// What begins with the first implementation and ends before the macros.
    fn implementations(text: &str) -> &str {
        let (from, to) = (text.find("impl ").unwrap(), text.find("eventwire::serde_impls!").unwrap());
        &text[from..to]
    }
}
