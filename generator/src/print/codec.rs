//! What stands beside the types: constructors, constants and the implementations of `Decode` and `Encode`.
//!
//! These files import the document's types by name, so everything else is written with its path.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::imports::{self, Head, Import, names, part_names};
use super::layout::{Lines, Values, commas, literal};
use super::{facts, file, many_arguments, rules, schema, sets, structure, tell, types, unsuffixed};
use crate::ir::{Literal, Tell};
use crate::rust::{
    ConstantItem, Crate, EnumItem, FieldItem, Mention, PositionItem, Presence, StructItem, TupleForm, TupleItem,
    TypeItem, UnionItem,
};
use eventwire_document::markdown::code_span;

/// The files of the `codec` module.
pub(super) fn files(items: &Crate, header: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    let mut add = |module, text: String| {
        files.insert(format!("src/codec/{module}.rs"), text);
        modules.push(module);
    };
    let (parts, payloads) = (part_names(items), names(&items.payloads));
    let sides = [
        ("types", &items.types, &parts, &payloads, "messages"),
        ("messages", &items.payloads, &payloads, &parts, "types"),
    ];
    for (module, own, own_names, other_names, other_module) in sides {
        if own.iter().any(|item| !matches!(item, TypeItem::Alias(_))) {
            add(module, implementations(items, (module, own, own_names), (other_names, other_module), header));
        }
    }
    if !items.sets.is_empty() {
        let mut lines = sets::head(items).begin(header);
        items.sets.iter().for_each(|set| sets::implementations(&mut lines, set));
        add("events", lines.into_text());
    }
    if let Some(text) = rules::tables(items, header) {
        add(rules::MODULE, text);
    }
    if !items.messages.is_empty() {
        let mut lines = facts::head(items).begin(header);
        items.messages.iter().for_each(|message| facts::message(&mut lines, message));
        add("facts", lines.into_text());
    }
    let mut modules: Vec<_> = modules
        .iter()
        .map(|module| {
            let name = format_ident!("{module}");
            quote!(mod #name;)
        })
        .collect();
    if let Some(text) = schema::print(items, header) {
        files.insert(format!("src/codec/{}.rs", schema::MODULE), text);
        let (name, feature) = (format_ident!("{}", schema::MODULE), schema::FEATURE);
        modules.push(quote!(#[cfg(feature = #feature)] mod #name;));
    }
    let docs = quote! {
        #![doc = " How the types are made, read, written and checked."]
        #![allow(
            clippy::similar_names,
            clippy::too_many_lines,
            reason = "what stands here is as long as the document and named after it"
        )]
    };
    files.insert("src/codec/mod.rs".to_owned(), file(header, docs, [quote!(#(#modules)*)]));
    files
}

/// The file of the implementations for the types of another file.
fn implementations(
    items: &Crate,
    (module, own, own_names): (&str, &[TypeItem], &BTreeSet<&str>),
    (other_names, other_module): (&BTreeSet<&str>, &str),
    header: &str,
) -> String {
    let mentioned = imports::roots(own.iter().flat_map(arguments));
    let mut imports = Vec::new();
    if rules::hold_for(own, &items.rules) {
        imports.push(Import::one("super::rules"));
    }
    if own.iter().any(|item| matches!(item, TypeItem::Struct(_))) {
        imports.push(Import::one("eventwire::ObjectSink as _"));
    }
    if own.iter().any(is_array) {
        imports.push(Import::one("eventwire::ArraySink as _"));
    }
    if own.iter().any(has_members) {
        imports.push(Import::one("eventwire::key"));
    }
    imports.extend(imports::imports(&mentioned, own_names, other_names, other_module));
    imports.extend(Import::several(&format!("crate::{module}"), declared(own, own_names, &mentioned)));
    let mut lines = Head { docs: "", deprecated: own.iter().any(has_deprecated), imports }.begin(header);
    for item in own {
        match item {
            TypeItem::Struct(item) => {
                inherent(&mut lines, item);
                structure::implementations(&mut lines, item);
            }
            TypeItem::Enum(item) => enumeration(&mut lines, item),
            TypeItem::Union(item) => lines.tokens(union(item)),
            TypeItem::Tuple(item) => lines.tokens(tuple(item)),
            TypeItem::Alias(_) => {}
        }
    }
    let named = own.iter().filter(|item| !matches!(item, TypeItem::Alias(_))).map(|item| item.name().as_str());
    lines.item(|lines| lines.filled("eventwire::serde_impls!(", &commas(named), "", ");"));
    lines.item(|lines| rules::implementations(lines, own, &items.rules));
    lines.into_text()
}

/// Whether a type has members with names of their own.
fn has_members(item: &TypeItem) -> bool {
    matches!(item, TypeItem::Struct(item) if !item.constants.is_empty() || !item.fields.is_empty())
}

fn is_array(item: &TypeItem) -> bool {
    matches!(item, TypeItem::Tuple(TupleItem { form: TupleForm::Array { .. }, .. }))
}

/// The types of a file that its implementations name: all but aliases, and types of another crate, that no constructor or
/// conversion mentions.
fn declared<'a>(items: &[TypeItem], names: &BTreeSet<&'a str>, mentioned: &BTreeSet<&str>) -> Vec<&'a str> {
    let own = items.iter().filter(|item| !matches!(item, TypeItem::Alias(_)));
    let own: BTreeSet<&str> = own.map(|item| item.name().as_str()).collect();
    names.iter().copied().filter(|name| mentioned.contains(name) || own.contains(name)).collect()
}

/// The types that constructors and conversions mention.
fn arguments(item: &TypeItem) -> Vec<&Mention> {
    match item {
        TypeItem::Struct(item) => {
            let initial = item.fields.iter().filter_map(|field| field.initial.as_ref());
            required(item).map(|field| &field.value).chain(&item.rest).chain(initial).collect()
        }
        TypeItem::Union(item) => item.variants.iter().filter_map(|variant| variant.from.as_ref()).collect(),
        TypeItem::Enum(_) | TypeItem::Tuple(_) | TypeItem::Alias(_) => Vec::new(),
    }
}

pub(super) fn has_deprecated(item: &TypeItem) -> bool {
    match item {
        TypeItem::Struct(item) => item.deprecated || item.fields.iter().any(|field| field.deprecated),
        TypeItem::Enum(item) => item.deprecated,
        TypeItem::Union(item) => item.deprecated,
        TypeItem::Tuple(item) => item.deprecated,
        TypeItem::Alias(_) => false,
    }
}

/// Whether a type is the prelude's string, however it is written.
fn is_string(value: &Mention) -> bool {
    matches!(value.as_str(), "String" | "::std::string::String")
}

fn required(item: &StructItem) -> impl Iterator<Item = &FieldItem> {
    item.fields.iter().filter(|field| field.presence == Presence::Required)
}

fn inherent(lines: &mut Lines, item: &StructItem) {
    let filled = item.fields.iter().any(|field| field.initial.is_some());
    if types::is_default(item) && filled {
        lines.item(|lines| {
            lines.line(0, &["impl core::default::Default for ", item.name.as_str(), " {"]);
            lines.lines("    fn default() -> Self {\n        Self::new()\n    }\n}");
        });
    }
    lines.item(|lines| {
        lines.line(0, &["impl ", item.name.as_str(), " {"]);
        item.constants.iter().for_each(|constant| self::constant(lines, constant));
        constructor(lines, item, types::is_default(item) && !filled);
        lines.lines("}");
    });
}

fn constant(lines: &mut Lines, item: &ConstantItem) {
    let (kind, value) = match &item.value {
        Literal::Text(text) => ("&'static str", literal(text)),
        Literal::Integer(number) => ("i64", number.to_string()),
        Literal::Bool(value) => ("bool", value.to_string()),
    };
    lines.doc(1, &format!("The value of {}.", code_span(&item.wire)));
    lines.line(1, &["pub const ", item.name.as_str(), ": ", kind, " = ", &value, ";"]);
    lines.blank();
}

fn constructor(lines: &mut Lines, item: &StructItem, empty: bool) {
    let arguments: Vec<&FieldItem> = required(item).collect();
    lines.lines(match arguments.len() {
        0 | 1 => "    /// A value with only what is required.",
        _ => "    /// A value with only what is required. Arguments are in the order of the document.",
    });
    lines.lines("    #[must_use]");
    if let Some(attribute) = many_arguments(arguments.len()) {
        lines.line(1, &[attribute]);
    }
    let parameters = arguments.iter().map(|field| {
        let (name, value) = (field.name.as_str(), field.value.as_str());
        if is_string(&field.value) { format!("{name}: impl Into<{value}>") } else { format!("{name}: {value}") }
    });
    lines.elements(1, &["pub fn new("], &parameters.collect::<Vec<_>>(), ") -> Self {");
    if empty {
        lines.lines("        Self::default()");
    } else {
        lines.values(2, ("", ""), &initial(item));
    }
    lines.lines("    }");
}

/// The values that a constructor gives fields.
fn initial(item: &StructItem) -> Values<'_> {
    let mut values = Values::default();
    for FieldItem { name, value, presence, initial, .. } in &item.fields {
        let name = name.as_str();
        values.push(match (presence, initial) {
            (Presence::Required, _) if is_string(value) => format!("{name}: {name}.into()"),
            (Presence::Required, _) => name.to_owned(),
            (Presence::Optional, Some(value)) => format!("{name}: Some({value})"),
            (Presence::Optional, None) => format!("{name}: None"),
            (Presence::Maybe, _) => format!("{name}: eventwire::Maybe::Absent"),
        });
    }
    if item.extra.is_some() {
        values.push("extra: eventwire::Extra::new()".to_owned());
    }
    values
}

fn enumeration(lines: &mut Lines, item: &EnumItem) {
    let EnumItem { variants, unrecognized, .. } = item;
    let name = item.name.as_str();
    let values: Vec<(&str, String)> =
        variants.iter().map(|variant| (variant.name.as_str(), literal(&variant.wire))).collect();
    lines.item(|lines| {
        lines.line(0, &["impl ", name, " {"]);
        lines.lines("    /// The values that the document lists, in its order.");
        let listed: Vec<String> = values.iter().map(|(variant, _)| format!("Self::{variant}")).collect();
        lines.elements(1, &["pub const LISTED: &'static [Self] = &["], &listed, "];");
        lines.lines("\n    /// The text on the wire.\n    #[must_use]\n    pub fn as_str(&self) -> &str {");
        lines.lines("        match self {");
        for (variant, wire) in &values {
            lines.plain_arm(&["Self::", variant], &[wire]);
        }
        lines.line(3, &["Self::", unrecognized.as_str(), "(text) => text,"]);
        lines.lines("        }\n    }\n}");
    });
    lines.item(|lines| {
        lines.line(0, &["impl core::convert::From<&str> for ", name, " {"]);
        lines.lines("    fn from(text: &str) -> Self {\n        match text {");
        for (variant, wire) in &values {
            lines.plain_arm(&[wire], &["Self::", variant]);
        }
        lines.line(3, &["other => Self::", unrecognized.as_str(), "(other.to_owned()),"]);
        lines.lines("        }\n    }\n}");
    });
    lines.item(|lines| {
        lines.line(0, &["impl core::fmt::Display for ", name, " {"]);
        lines.lines("    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {");
        lines.lines("        f.write_str(self.as_str())\n    }\n}");
    });
    lines.item(|lines| {
        lines.line(0, &["impl eventwire::Decode for ", name, " {"]);
        lines.lines("    fn decode<'de, S: eventwire::Source<'de>>(\n        source: S,");
        lines.lines("    ) -> core::result::Result<Self, S::Error> {");
        lines.lines("        Ok(Self::from(&*source.string()?))\n    }\n}");
    });
    lines.item(|lines| {
        lines.line(0, &["impl eventwire::Encode for ", name, " {"]);
        lines.lines("    fn encode<S: eventwire::Sink>(\n        &self,\n        sink: S,");
        lines.lines("    ) -> core::result::Result<S::Ok, S::Error> {");
        lines.lines("        sink.string(self.as_str())\n    }\n}");
    });
}

fn union(item: &UnionItem) -> TokenStream {
    let UnionItem { name, variants, .. } = item;
    let label = name.to_string();
    let decoders: Vec<TokenStream> = variants
        .iter()
        .map(|variant| {
            let name = &variant.name;
            quote!(eventwire::from_json(text).map(Self::#name))
        })
        .collect();
    let body = match (&item.tell, &item.unknown) {
        (Tell::Tag { path, text, tags }, Some((unknown, _))) => {
            let require = tell::require(path, *text, &label);
            let arms = tags.iter().zip(&decoders).map(|(tags, decoder)| {
                let tags = tags.iter().map(Literal::to_text);
                quote!(#(#tags)|* => #decoder,)
            });
            quote! {
                match &*#require {
                    #(#arms)*
                    _ => eventwire::Json::from_text(text).map(Self::#unknown),
                }
            }
        }
        (Tell::Shape { outlines, .. }, _) => {
            let table = tell::outlines(outlines);
            let arms = tell::by_index(&decoders);
            quote! {
                const OUTLINES: &[eventwire::outline::Outline] = #table;
                eventwire::outline::require(text, #label, OUTLINES, |index| #arms)
            }
        }
        (Tell::Only | Tell::Tag { .. }, _) => quote!(#(#decoders)*),
    };
    let encoders = variants.iter().map(|variant| {
        let name = &variant.name;
        quote!(Self::#name(value) => value.encode(sink),)
    });
    let unknown = item.unknown.as_ref().map(|(name, _)| quote!(Self::#name(value) => value.encode(sink),));
    let conversions = variants.iter().filter_map(|variant| {
        let (from, variant_name) = (variant.from.as_ref()?, &variant.name);
        let value = variant.pointer.map_or_else(
            || quote!(value),
            |pointer| {
                let pointer: TokenStream = pointer.parse().unwrap_or_default();
                quote!(#pointer(value))
            },
        );
        Some(quote! {
            impl core::convert::From<#from> for #name {
                fn from(value: #from) -> Self {
                    Self::#variant_name(#value)
                }
            }
        })
    });
    quote! {
        #(#conversions)*

        impl eventwire::Decode for #name {
            fn decode<'de, S: eventwire::Source<'de>>(source: S) -> core::result::Result<Self, S::Error> {
                source.text()
            }
        }

        impl eventwire::DecodeText for #name {
            fn decode_text(text: &str) -> core::result::Result<Self, eventwire::DecodeError> {
                #body
            }
        }

        impl eventwire::Encode for #name {
            fn encode<S: eventwire::Sink>(&self, sink: S) -> core::result::Result<S::Ok, S::Error> {
                match self {
                    #(#encoders)*
                    #unknown
                }
            }
        }
    }
}

fn tuple(item: &TupleItem) -> TokenStream {
    let name = &item.name;
    match &item.form {
        TupleForm::Newtype(_) => quote! {
            impl eventwire::Decode for #name {
                fn decode<'de, S: eventwire::Source<'de>>(source: S) -> core::result::Result<Self, S::Error> {
                    Ok(Self(eventwire::Decode::decode(source)?))
                }
            }

            impl eventwire::Encode for #name {
                fn encode<S: eventwire::Sink>(&self, sink: S) -> core::result::Result<S::Ok, S::Error> {
                    self.0.encode(sink)
                }
            }
        },
        TupleForm::Array { positions, rest } => array(item, positions, rest.as_ref()),
    }
}

fn array(item: &TupleItem, positions: &[PositionItem], rest: Option<&Mention>) -> TokenStream {
    let name = &item.name;
    let label = name.to_string();
    let mut reads = Vec::new();
    let mut writes = Vec::new();
    let mut fields = Vec::new();
    for (index, position) in positions.iter().enumerate() {
        let field = unsuffixed(fields.len());
        let local = format_ident!("item{}", index + 1);
        let missing = format!("element {index} is missing");
        let need = quote!(array.element()?.ok_or_else(|| eventwire::SourceError::custom(#missing))?);
        match position {
            PositionItem::Constant(value) => {
                let text = value.to_text();
                // What is written, the type that is read, and what is true of another value.
                let (encoded, kind, differs) = match value {
                    Literal::Text(text) => (quote!(#text), quote!(std::string::String), quote!(#local != #text)),
                    Literal::Integer(number) => {
                        let number = unsuffixed(number);
                        (quote!(&#number), quote!(i64), quote!(#local != #number))
                    }
                    Literal::Bool(true) => (quote!(&true), quote!(bool), quote!(!#local)),
                    Literal::Bool(false) => (quote!(&false), quote!(bool), quote!(#local)),
                };
                reads.push(quote! {
                    let #local: #kind = #need;
                    if #differs {
                        return Err(eventwire::SourceError::not_constant(&#text, &#local));
                    }
                });
                writes.push(quote!(array.element(#encoded)?;));
            }
            PositionItem::Required(value) => {
                // Clippy takes a unit that is bound without its type for a mistake.
                let unit = (value.as_str() == "()").then(|| quote!(: ()));
                reads.push(quote!(let #local #unit = #need;));
                writes.push(quote!(array.element(&self.#field)?;));
                fields.push(local);
            }
            PositionItem::Optional(_) => {
                reads.push(quote!(let #local = array.element()?;));
                writes.push(quote! {
                    let Some(value) = &self.#field else { return array.end(); };
                    array.element(value)?;
                });
                fields.push(local);
            }
        }
    }
    let rest_field = unsuffixed(fields.len());
    let (read_rest, write_rest, kept) = if rest.is_some() {
        let read = quote! {
            let mut rest = std::vec::Vec::new();
            while let Some(value) = array.element()? {
                rest.push(value);
            }
        };
        let write = quote! {
            for value in &self.#rest_field {
                array.element(value)?;
            }
        };
        (read, write, Some(quote!(rest)))
    } else {
        let most = format!("more than {} elements", positions.len());
        let check = quote! {
            if array.element::<eventwire::Json>()?.is_some() {
                return Err(eventwire::SourceError::custom(#most));
            }
        };
        (check, TokenStream::new(), None)
    };
    let len = unsuffixed(positions.len());
    let length = match (positions, rest) {
        ([], Some(_)) => quote!(self.#rest_field.len()),
        (_, Some(_)) => quote!(#len + self.#rest_field.len()),
        (_, None) => quote!(#len),
    };
    let changes = (!positions.is_empty() || rest.is_some()).then(|| quote!(mut));
    quote! {
        impl eventwire::Decode for #name {
            fn decode<'de, S: eventwire::Source<'de>>(source: S) -> core::result::Result<Self, S::Error> {
                source.array()
            }
        }

        impl eventwire::DecodeArray for #name {
            const NAME: &'static str = #label;

            fn decode_array<'de, A: eventwire::ArraySource<'de>>(mut array: A) -> core::result::Result<Self, A::Error> {
                #(#reads)*
                #read_rest
                Ok(Self(#(#fields,)* #kept))
            }
        }

        impl eventwire::Encode for #name {
            fn encode<S: eventwire::Sink>(&self, sink: S) -> core::result::Result<S::Ok, S::Error> {
                let #changes array = sink.array(#length)?;
                #(#writes)*
                #write_rest
                array.end()
            }
        }
    }
}
