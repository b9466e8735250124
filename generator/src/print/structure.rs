//! `Decode` and `Encode` of structs, as text.

use super::layout::{Call, Failing, Lines, Values, commas, literal};
use crate::ir::Literal;
use crate::rust::{ConstantItem, FieldItem, Presence, StructItem};

/// The implementations of one struct, with a blank line between them.
pub(super) fn implementations(lines: &mut Lines, item: &StructItem) {
    let wires = Wires {
        constants: item.constants.iter().map(|constant| literal(&constant.wire)).collect(),
        fields: item.fields.iter().map(|field| literal(&field.wire)).collect(),
    };
    lines.item(|lines| decode(lines, item));
    lines.item(|lines| decode_object(lines, item, &wires));
    lines.item(|lines| encode(lines, item, &wires));
}

/// Names on the wire as Rust literals, in the order of what has them.
struct Wires {
    constants: Vec<String>,
    fields: Vec<String>,
}

impl Wires {
    fn constants<'a>(&'a self, item: &'a StructItem) -> impl Iterator<Item = (&'a str, &'a ConstantItem)> {
        self.constants.iter().map(String::as_str).zip(&item.constants)
    }

    fn fields<'a>(&'a self, item: &'a StructItem) -> impl Iterator<Item = (&'a str, &'a FieldItem)> {
        self.fields.iter().map(String::as_str).zip(&item.fields)
    }
}

fn call<'a>(method: &'a str, arguments: &'a [&'a str]) -> Call<'a> {
    Call { receiver: "object", method, arguments }
}

fn decode(lines: &mut Lines, item: &StructItem) {
    lines.line(0, &["impl eventwire::Decode for ", item.name.as_str(), " {"]);
    lines.lines("    fn decode<'de, S: eventwire::Source<'de>>(");
    lines.lines("        source: S,");
    lines.lines("    ) -> core::result::Result<Self, S::Error> {");
    lines.lines("        source.object()");
    lines.lines("    }\n}");
}

fn decode_object(lines: &mut Lines, item: &StructItem, wires: &Wires) {
    let name = item.name.as_str();
    lines.line(0, &["impl eventwire::DecodeObject for ", name, " {"]);
    lines.line(1, &["const NAME: &'static str = ", &literal(name), ";"]);
    lines.blank();
    lines.lines("    fn decode_object<'de, O: eventwire::ObjectSource<'de>>(");
    lines.lines("        mut object: O,");
    lines.lines("    ) -> core::result::Result<Self, O::Error> {");
    locals(lines, item);
    members(lines, item, wires);
    for (wire, ConstantItem { seen, .. }) in wires.constants(item) {
        lines.line(2, &["if !", seen.as_str(), " {"]);
        lines.fail(3, &missing(wire));
        lines.lines("        }");
    }
    values(lines, item, wires);
    lines.lines("    }\n}");
}

fn missing(wire: &str) -> Failing<'_> {
    Failing { function: "eventwire::SourceError::missing", argument: wire }
}

fn locals(lines: &mut Lines, item: &StructItem) {
    for ConstantItem { seen, .. } in &item.constants {
        lines.line(2, &["let mut ", seen.as_str(), " = false;"]);
    }
    for FieldItem { local, presence, .. } in &item.fields {
        let initial = match presence {
            Presence::Required | Presence::Optional => "None",
            Presence::Maybe => "eventwire::Maybe::Absent",
        };
        lines.line(2, &["let mut ", local.as_str(), " = ", initial, ";"]);
    }
    if item.extra.is_some() {
        lines.lines("        let mut extra = eventwire::Extra::new();");
    }
}

fn members(lines: &mut Lines, item: &StructItem, wires: &Wires) {
    let unnamed = match (&item.extra, &item.rest) {
        (Some(_), Some(value)) => (format!("extra_of::<{value}>"), ["&mut extra"].as_slice()),
        (Some(_), None) => ("extra".to_owned(), ["&mut extra"].as_slice()),
        (None, _) => ("unknown".to_owned(), [].as_slice()),
    };
    let unnamed = call(&unnamed.0, unnamed.1);
    if item.constants.is_empty() && item.fields.is_empty() {
        lines.lines("        while object.key()?.is_some() {");
        lines.call(3, &unnamed, "?;");
        return lines.lines("        }");
    }
    lines.lines("        while let Some(key) = object.key()? {\n            match key {");
    named_arms(lines, item, wires);
    lines.arm(4, "_", &unnamed);
    lines.lines("            }?;\n        }");
}

fn named_arms(lines: &mut Lines, item: &StructItem, wires: &Wires) {
    for (wire, ConstantItem { name, seen, value, .. }) in wires.constants(item) {
        let method = if matches!(value, Literal::Text(_)) { "constant" } else { "literal" };
        let (value, into) = (["Self::", name.as_str()].concat(), ["&mut ", seen.as_str()].concat());
        lines.arm(4, wire, &call(method, &[wire, &value, &into]));
    }
    for (wire, FieldItem { local, presence, .. }) in wires.fields(item) {
        let into = &["&mut ", local.as_str()].concat();
        match (presence, &item.extra) {
            (Presence::Required, _) => lines.arm(4, wire, &call("required", &[wire, into])),
            (Presence::Optional, Some(_)) => lines.arm(4, wire, &call("optional", &[wire, into, "&mut extra"])),
            (Presence::Optional, None) => lines.arm(4, wire, &call("optional_closed", &[wire, into])),
            (Presence::Maybe, _) => lines.arm(4, wire, &call("maybe", &[wire, into])),
        }
    }
}

fn values(lines: &mut Lines, item: &StructItem, wires: &Wires) {
    let mut values = Values::default();
    for (wire, FieldItem { name, local, presence, .. }) in wires.fields(item) {
        match presence {
            Presence::Required => values.required(name.as_str(), local.as_str(), wire),
            Presence::Optional | Presence::Maybe => values.push([name.as_str(), ": ", local.as_str()].concat()),
        }
    }
    if item.extra.is_some() {
        values.push("extra".to_owned());
    }
    lines.values(2, ("Ok(", ")"), &values);
}

/// The macro that makes the key of a member, with the escaped name where that differs.
fn key(name: &str, wire: &str) -> String {
    if !wire.bytes().any(|byte| matches!(byte, b'"' | b'\\' | ..b' ')) {
        return ["key!(", name, ")"].concat();
    }
    let json = serde_json::Value::from(wire).to_string();
    let escaped = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(wire);
    ["key!(", name, ", ", &literal(escaped), ")"].concat()
}

fn encode(lines: &mut Lines, item: &StructItem, wires: &Wires) {
    let empty = item.constants.is_empty() && item.fields.is_empty() && item.extra.is_none();
    lines.line(0, &["impl eventwire::Encode for ", item.name.as_str(), " {"]);
    lines.lines("    fn encode<S: eventwire::Sink>(");
    lines.lines("        &self,");
    lines.lines("        sink: S,");
    lines.lines("    ) -> core::result::Result<S::Ok, S::Error> {");
    lines.line(2, &["let ", if empty { "" } else { "mut " }, "object = sink.object()?;"]);
    for (literal, ConstantItem { name, wire, value, .. }) in wires.constants(item) {
        let reference = if matches!(value, Literal::Text(_)) { "" } else { "&" };
        lines.call(2, &call("member", &[&key(literal, wire), &[reference, "Self::", name.as_str()].concat()]), "?;");
    }
    for (literal, FieldItem { name, wire, presence, .. }) in wires.fields(item) {
        let key = &key(literal, wire);
        let own = &["&self.", name.as_str()].concat();
        match (presence, &item.extra) {
            (Presence::Required, _) => lines.call(2, &call("member", &[key, own]), "?;"),
            (Presence::Optional, extra) => {
                let inner = &[&own[1..], ".as_ref()"].concat();
                match extra {
                    Some(_) => lines.call(2, &call("optional", &[key, inner, "&self.extra"]), "?;"),
                    None => lines.call(2, &call("optional_closed", &[key, inner]), "?;"),
                }
            }
            (Presence::Maybe, _) => lines.call(2, &call("maybe", &[key, own]), "?;"),
        }
    }
    if item.extra.is_some() {
        let named = commas(wires.constants.iter().chain(&wires.fields));
        lines.listing(2, &call("extra", &["&self.extra"]), "eventwire::named", &named);
    }
    lines.lines("        object.end()");
    lines.lines("    }\n}");
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
        let odd = document("few", "true", 5..9).replace("fxxxxx", r#"'f"\'"#).replace("gxxxxxx", r#""g\n\té""#);
        assert!(messages(odd.clone()).contains(r#"key!("f\"\\", "f\\\"\\\\")"#));
        check(odd);
    }

    fn messages(document: String) -> String {
        let loader = MemoryLoader(BTreeMap::from([("d.yaml".to_owned(), document)]));
        let compiled = crate::compile(&Config::for_document("d.yaml"), &loader);
        let output = compiled.output.as_ref().unwrap_or_else(|| panic!("{}", compiled.render(false)));
        output.files["src/codec/messages.rs"].clone()
    }

    fn check(document: String) {
        let text = &messages(document);
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
