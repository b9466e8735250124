//! How messages that travel together are told apart, read, written and checked.

use std::collections::BTreeMap;

use proc_macro2::{Literal as Character, TokenStream};
use quote::quote;

use super::events::members;
use super::imports::{self, Head, Import};
use super::layout::{Call, Lines, Place, literal};
use super::tell;
use crate::ir::{Direction, Literal, Tell};
use crate::rust::{Crate, SetItem, SetVariant};

/// What stands before the implementations.
pub(super) fn head(items: &Crate) -> Head<'_> {
    let variants = || items.sets.iter().flat_map(members);
    let names = items.sets.iter().flat_map(|set| [set.name.as_str(), set.kind.as_str()]);
    let modules = imports::modules(variants().filter(|variant| variant.unique).map(|variant| &variant.payload));
    let checked = variants().any(|variant| variant.rules.is_some());
    let rules = checked.then(|| Import::one("super::rules"));
    let sets = Import::several("crate::events", names.collect());
    Head {
        docs: "",
        deprecated: variants().any(|variant| variant.deprecated),
        imports: rules.into_iter().chain(sets).chain(modules).collect(),
    }
}

/// The implementations of a set.
pub(super) fn implementations(lines: &mut Lines, set: &SetItem) {
    lines.item(|lines| kinds(lines, set));
    lines.item(|lines| display(lines, set));
    lines.item(|lines| inherent(lines, set));
    reading(lines, set);
    if set.direction == Direction::Sent {
        command(lines, set);
    }
    writing(lines, set);
    lines.item(|lines| checking(lines, set));
    for variant in members(set).filter(|variant| variant.unique) {
        lines.item(|lines| conversion(lines, set, variant));
    }
    lines.divide();
    for variant in members(set).filter(|variant| variant.unique) {
        lines.piece(Place::File, |lines| member(lines, set, variant));
    }
}

/// What a message is called in errors and in lists: its tag, or its variant.
fn label(variant: &SetVariant) -> &str {
    match variant.tags.as_slice() {
        [Literal::Text(only)] => only,
        _ => variant.name.as_str(),
    }
}

fn kinds(lines: &mut Lines, set: &SetItem) {
    lines.line(0, &["impl ", set.kind.as_str(), " {"]);
    lines.lines("    /// Every message, in the document's order.");
    let listed: Vec<String> = members(set).map(|variant| format!("Self::{}", variant.name)).collect();
    lines.elements(1, &["pub const ALL: &'static [Self] = &["], &listed, "];");
    lines.lines("\n    /// The tag on the wire, or the message's name where it has no tag of its own.");
    lines.lines("    #[must_use]\n    pub fn name(self) -> &'static str {\n        match self {");
    for variant in members(set) {
        lines.plain_arm(&["Self::", variant.name.as_str()], &[&literal(label(variant))]);
    }
    lines.lines("        }\n    }");
    if matches!(set.tell, Tell::Tag { .. }) {
        lines.blank();
        from_tag(lines, set);
    }
    lines.lines("}");
}

fn from_tag(lines: &mut Lines, set: &SetItem) {
    lines.lines("    /// The message that a tag stands for.\n    #[must_use]");
    lines.lines("    pub fn from_tag(tag: &str) -> Option<Self> {\n        match tag {");
    for variant in &set.variants {
        let tags: Vec<String> = variant.tags.iter().map(|tag| literal(&tag.to_text())).collect();
        lines.plain_arm(&[&tags.join(" | ")], &["Some(Self::", variant.name.as_str(), ")"]);
    }
    match &set.fallback {
        None => lines.lines("            _ => None,"),
        Some((variant, None)) => lines.plain_arm(&["_"], &["Some(Self::", variant.name.as_str(), ")"]),
        Some((variant, Some(excluded))) => {
            let guard = ["other if !other.contains(", &pattern(excluded), ")"].concat();
            lines.plain_arm(&[&guard], &["Some(Self::", variant.name.as_str(), ")"]);
            lines.lines("            _ => None,");
        }
    }
    lines.lines("        }\n    }");
}

/// A pattern for text; a `char` where that is enough.
fn pattern(text: &str) -> String {
    let mut chars = text.chars();
    if let (Some(only), None) = (chars.next(), chars.next()) {
        Character::character(only).to_string()
    } else {
        literal(text)
    }
}

fn display(lines: &mut Lines, set: &SetItem) {
    lines.line(0, &["impl core::fmt::Display for ", set.kind.as_str(), " {"]);
    lines.lines("    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {");
    lines.lines("        f.write_str(self.name())\n    }\n}");
}

fn inherent(lines: &mut Lines, set: &SetItem) {
    let (name, kind) = (set.name.as_str(), set.kind.as_str());
    lines.line(0, &["impl ", name, " {"]);
    lines.lines("    /// Reads one message: finds out which it is, then decodes exactly that type.\n    ///");
    lines.lines("    /// # Errors\n    ///");
    lines.lines(match set.direction {
        Direction::Received => {
            "    /// When the text is not JSON, or is a known message whose body does not decode. JSON that is none of the\n    \
             /// document's messages is [`Self::Unknown`], not an error."
        }
        Direction::Sent => {
            "    /// When the text is not JSON, is none of these messages, or is one whose body does not decode."
        }
    });
    lines.lines("    pub fn from_json(text: &str) -> Result<Self, eventwire::DecodeError> {");
    lines.lines("        eventwire::EventSet::from_json(text)\n    }\n");
    called(lines, set);
    lines.lines("    /// Which message this is; `None` for one that the document does not name.\n    #[must_use]");
    lines.line(1, &["pub fn kind(&self) -> Option<", kind, "> {"]);
    lines.lines("        match self {");
    for variant in members(set) {
        let name = variant.name.as_str();
        lines.plain_arm(&["Self::", name, "(_)"], &["Some(", kind, "::", name, ")"]);
    }
    if set.direction == Direction::Received {
        lines.line(3, &["Self::", set.unknown.as_str(), "(_) => None,"]);
    }
    lines.lines("        }\n    }\n}");
}

/// The method that says what a message is called.
fn called(lines: &mut Lines, set: &SetItem) {
    let (unknown, kind) = (set.unknown.as_str(), set.kind.as_str());
    match set.direction {
        Direction::Received => {
            lines.lines(
                "    /// What the message is called: its tag on the wire, or its name where it has no tag of its own. Of a \
                 message\n    /// that the document does not name, the tag; empty if it has none.\n    #[must_use]",
            );
            lines.lines("    pub fn name(&self) -> &str {\n        match self {");
            lines.line(3, &["Self::", unknown, "(message) => message.tag().unwrap_or_default(),"]);
            lines.line(3, &["_ => self.kind().map_or(\"\", ", kind, "::name),"]);
            lines.lines("        }\n    }\n");
        }
        Direction::Sent => {
            lines.lines(
                "    /// What the message is called: its tag on the wire, or its name where it has no tag of its own.\n    \
                 #[must_use]",
            );
            lines.lines("    pub fn name(&self) -> &'static str {");
            lines.line(2, &["self.kind().map_or(\"\", ", kind, "::name)"]);
            lines.lines("    }\n");
        }
    }
}

/// An expression for a frame that is none of the messages; `tag` is an expression for its tag, if it has one.
fn unclaimed(set: &SetItem, tag: &TokenStream) -> TokenStream {
    let (unknown, label) = (&set.unknown, set.name.to_string());
    match set.direction {
        Direction::Received => quote!(eventwire::UnknownMessage::read(#label, #tag, text).map(Self::#unknown)),
        Direction::Sent => {
            quote!(Err(eventwire::DecodeError::custom("this is none of the messages that can be sent").for_message(#label)))
        }
    }
}

fn reading(lines: &mut Lines, set: &SetItem) {
    match &set.tell {
        Tell::Tag { path, text, .. } => lines.item(|lines| by_tag(lines, set, path, *text)),
        Tell::Shape { .. } | Tell::Only => otherwise(set).into_iter().for_each(|tokens| lines.tokens(tokens)),
    }
    let name = &set.name;
    lines.tokens(quote! {
        impl eventwire::Decode for #name {
            fn decode<'de, S: eventwire::Source<'de>>(source: S) -> Result<Self, S::Error> {
                source.text()
            }
        }

        impl eventwire::DecodeText for #name {
            fn decode_text(text: &str) -> Result<Self, eventwire::DecodeError> {
                eventwire::EventSet::from_json(text)
            }
        }

        eventwire::serde_impls!(#name);
    });
}

/// Reading by tag. What is received without a tag may be a message to come; what is sent has one.
fn by_tag(lines: &mut Lines, set: &SetItem, path: &[String], is_text: bool) {
    let (name, kind) = (set.name.as_str(), set.kind.as_str());
    let (found, unclaimed) = match set.direction {
        Direction::Received => {
            let found = quote! {
                eventwire::tag::find_at(text, &[#(#path),*])
            };
            (found, unclaimed(set, &quote!(tag.as_str())))
        }
        Direction::Sent => (tell::require(path, is_text, name), unclaimed(set, &TokenStream::new())),
    };
    let told = match (set.direction, is_text) {
        (Direction::Received, true) => format!("tag.as_text().and_then({kind}::from_tag)"),
        (Direction::Received, false) => format!("tag.as_literal().and_then({kind}::from_tag)"),
        (Direction::Sent, true) => format!("{kind}::from_tag(&tag)"),
        (Direction::Sent, false) => format!("{kind}::from_tag(tag)"),
    };
    lines.line(0, &["impl eventwire::EventSet for ", name, " {"]);
    lines.line(1, &["type Kind = ", kind, ";"]);
    lines.lines("\n    fn from_json(text: &str) -> Result<Self, eventwire::DecodeError> {");
    lines.rough(Place::Statement, &quote!(let tag = #found;));
    lines.line(2, &["let read = match ", &told, " {"]);
    for variant in members(set) {
        let name = variant.name.as_str();
        let decode = ["eventwire::decode_message(", &literal(label(variant)), ", text)"].concat();
        let call = Call { receiver: &decode, method: "map", arguments: &[&["Self::", name].concat()] };
        lines.piece(Place::Arm, |lines| lines.arm(3, &["Some(", kind, "::", name, ")"].concat(), &call));
    }
    lines.rough(Place::Arm, &quote!(None => #unclaimed,));
    lines.lines("        };");
    lines.rough(
        Place::Statement,
        &quote!(read.map_err(|error| eventwire::tag::explain(error, text, &[#(#path),*], #name))),
    );
    lines.lines("    }\n");
    lines.line(1, &["fn kind(&self) -> Option<", kind, "> {"]);
    lines.lines("        self.kind()\n    }\n");
    lines.line(1, &["fn kind_of(text: &str) -> Option<", kind, "> {"]);
    let (tag, kind) = (if is_text { quote!(as_text) } else { quote!(as_literal) }, &set.kind);
    lines.rough(
        Place::Statement,
        &quote!(eventwire::tag::find_at(text, &[#(#path),*]).#tag().and_then(#kind::from_tag)),
    );
    lines.lines("    }\n}");
}

/// Reading where no tag tells.
fn otherwise(set: &SetItem) -> Vec<TokenStream> {
    let SetItem { name, kind, .. } = set;
    let decoders: Vec<TokenStream> = members(set)
        .map(|variant| {
            let (name, label) = (&variant.name, label(variant));
            quote!(eventwire::decode_message(#label, text).map(Self::#name))
        })
        .collect();
    let kinds: Vec<TokenStream> = members(set)
        .map(|variant| {
            let name = &variant.name;
            quote!(#kind::#name)
        })
        .collect();
    let Tell::Shape { outlines, .. } = &set.tell else {
        return vec![event_set(set, &quote!(#(#decoders)*), &quote!({ let _ = text; #(Some(#kinds))* }))];
    };
    let table = tell::outlines(outlines);
    let listed = set.variants.len();
    let arms = tell::by_index(&decoders[..listed]);
    let found = tell::by_index(&kinds[..listed]);
    let (unclaimed, other) = match (&set.fallback, decoders.last()) {
        (Some((variant, _)), Some(decoder)) => {
            let name = &variant.name;
            (decoder.clone(), quote!(.or(Some(#kind::#name))))
        }
        _ => (unclaimed(set, &quote!(None)), TokenStream::new()),
    };
    let read = quote! {
        let told = eventwire::outline::choose(text, Self::OUTLINES, |index| #arms)?;
        told.map_or_else(|| #unclaimed, Ok)
    };
    let told = quote!(eventwire::outline::find(text, Self::OUTLINES).map(|index| #found)#other);
    let constant = quote! {
        impl #name {
            const OUTLINES: &'static [eventwire::outline::Outline] = #table;
        }
    };
    vec![constant, event_set(set, &read, &told)]
}

fn event_set(set: &SetItem, read: &TokenStream, told: &TokenStream) -> TokenStream {
    let SetItem { name, kind, .. } = set;
    quote! {
        impl eventwire::EventSet for #name {
            type Kind = #kind;

            fn from_json(text: &str) -> Result<Self, eventwire::DecodeError> {
                #read
            }

            fn kind(&self) -> Option<#kind> {
                self.kind()
            }

            fn kind_of(text: &str) -> Option<#kind> {
                #told
            }
        }
    }
}

fn command(lines: &mut Lines, set: &SetItem) {
    lines.item(|lines| {
        lines.line(0, &["impl eventwire::Command for ", set.name.as_str(), " {"]);
        lines.lines("    fn to_json(&self) -> Result<String, eventwire::EncodeError> {");
        lines.lines("        eventwire::to_json(self)\n    }\n}");
    });
}

fn writing(lines: &mut Lines, set: &SetItem) {
    lines.item(|lines| {
        lines.line(0, &["impl ", set.name.as_str(), " {"]);
        lines.lines("    /// Writes the message as JSON.\n    ///\n    /// # Errors\n    ///");
        lines.lines("    /// When a value has no JSON form.");
        lines.lines("    pub fn to_json(&self) -> Result<String, eventwire::EncodeError> {");
        lines.lines("        eventwire::to_json(self)\n    }\n}");
    });
    let unknown = (set.direction == Direction::Received).then_some(&set.unknown);
    lines.item(|lines| {
        lines.line(0, &["impl eventwire::Encode for ", set.name.as_str(), " {"]);
        lines.lines("    fn encode<S: eventwire::Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {");
        lines.lines("        match self {");
        for name in members(set).map(|variant| &variant.name).chain(unknown) {
            lines.plain_arm(&["Self::", name.as_str(), "(message)"], &["message.encode(sink)"]);
        }
        lines.lines("        }\n    }\n}");
    });
}

/// Which table of rules holds for which message.
fn checking(lines: &mut Lines, set: &SetItem) {
    let mut tables: Vec<(&str, Vec<String>)> = Vec::new();
    let mut positions = BTreeMap::new();
    let mut others = set.direction == Direction::Received;
    for variant in members(set) {
        let Some(table) = &variant.rules else {
            others = true;
            continue;
        };
        let pattern = format!("Self::{}(_)", variant.name);
        let position = *positions.entry(table.as_str()).or_insert(tables.len());
        match tables.get_mut(position) {
            Some((_, patterns)) => patterns.push(pattern),
            None => tables.push((table.as_str(), vec![pattern])),
        }
    }
    lines.line(0, &["impl eventwire::Validate for ", set.name.as_str(), " {"]);
    lines.lines("    fn rules(&self) -> &'static [eventwire::validate::Rule] {");
    if tables.is_empty() {
        lines.lines("        &[]");
    } else {
        lines.lines("        match self {");
        for (table, patterns) in tables {
            lines.plain_arm(&[&patterns.join(" | ")], &["rules::", table]);
        }
        if others {
            lines.lines("            _ => &[],");
        }
        lines.lines("        }");
    }
    lines.lines("    }\n}");
}

fn conversion(lines: &mut Lines, set: &SetItem, variant: &SetVariant) {
    let SetVariant { name, payload, boxed, .. } = variant;
    let held = if *boxed { "(Box::new(message))" } else { "(message)" };
    lines.line(0, &["impl core::convert::From<", payload.as_str(), "> for ", set.name.as_str(), " {"]);
    lines.line(1, &["fn from(message: ", payload.as_str(), ") -> Self {"]);
    lines.line(2, &["Self::", name.as_str(), held]);
    lines.lines("    }\n}");
}

/// That the payload of a message is that of no other one.
fn member(lines: &mut Lines, set: &SetItem, variant: &SetVariant) {
    let SetVariant { name, payload, boxed, .. } = variant;
    let variant = format!("{}::{name},", set.name);
    let kind = format!("{},", set.kind);
    let words = [variant.as_str(), &kind, "boxed", payload.as_str()];
    let words: Vec<&str> = words.into_iter().filter(|word| *boxed || *word != "boxed").collect();
    lines.filled("eventwire::member!(", &words, "", ");");
}
