//! What stands beside the types: constructors, constants and the implementations of `Decode` and `Encode`.
//!
//! These files import the document's types by name, so everything else is written with its path.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Part, events, facts, file, imports, names, rules, schema, structure, tell, types, unsuffixed};
use crate::ir::{Literal, Tell};
use crate::rust::{
    ConstantItem, Crate, EnumItem, FieldItem, PositionItem, Presence, StructItem, TupleForm, TupleItem, TypeItem,
    UnionItem,
};

/// The files of the `codec` module.
pub(super) fn files(items: &Crate, header: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    let sides =
        [("types", &items.types, &items.payloads, "messages"), ("messages", &items.payloads, &items.types, "types")];
    for (module, own, other, other_module) in sides {
        let mut parts: Vec<Part> = own.iter().flat_map(implementation).collect();
        if parts.is_empty() {
            continue;
        }
        parts.push(serde_impls(own).into());
        let (tables, checks) = rules::implementations(own, &items.rules);
        parts.push(checks.into());
        let name = format_ident!("{module}");
        let allow = own
            .iter()
            .any(has_deprecated)
            .then(|| quote!(#![allow(deprecated, reason = "what is deprecated is still read and written")]));
        let uses = imports(own.iter().flat_map(arguments), &names(own), &names(other), other_module);
        let objects = own.iter().any(|item| matches!(item, TypeItem::Struct(_))).then(|| {
            quote!(
                use eventwire::ObjectSink as _;
            )
        });
        let arrays = own.iter().any(is_array).then(|| {
            quote!(
                use eventwire::ArraySink as _;
            )
        });
        let own_names = declared(own);
        let head = quote!(#allow #tables #objects #arrays #uses use crate::#name::{#(#own_names),*};);
        files.insert(format!("src/codec/{module}.rs"), file(header, head, parts));
        modules.push(module);
    }
    if !items.sets.is_empty() {
        let implementations = items.sets.iter().flat_map(events::implementations).collect();
        files.insert("src/codec/events.rs".to_owned(), file(header, events::codec_head(items), implementations));
        modules.push("events");
    }
    if let Some((head, parts)) = rules::tables(items) {
        files.insert(format!("src/codec/{}.rs", rules::MODULE), file(header, head, parts));
        modules.push(rules::MODULE);
    }
    if !items.messages.is_empty() {
        let facts_of = items.messages.iter().map(facts::message).collect();
        files.insert("src/codec/facts.rs".to_owned(), file(header, facts::head(items), facts_of));
        modules.push("facts");
    }
    let mut modules: Vec<_> = modules
        .iter()
        .map(|module| {
            let name = format_ident!("{module}");
            quote!(mod #name;)
        })
        .collect();
    if let Some((head, parts)) = schema::implementations(items) {
        files.insert(format!("src/codec/{}.rs", schema::MODULE), file(header, head, parts));
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
    files.insert("src/codec/mod.rs".to_owned(), file(header, docs, vec![quote!(#(#modules)*)]));
    files
}

fn is_array(item: &TypeItem) -> bool {
    matches!(item, TypeItem::Tuple(TupleItem { form: TupleForm::Array { .. }, .. }))
}

/// The types of a file that its implementations name: all but aliases that no constructor or conversion mentions.
fn declared(items: &[TypeItem]) -> Vec<&proc_macro2::Ident> {
    let mut mentioned = std::collections::BTreeSet::new();
    for tokens in items.iter().flat_map(arguments) {
        super::collect(tokens, &mut mentioned);
    }
    let alias = |item: &TypeItem| matches!(item, TypeItem::Alias(_));
    items
        .iter()
        .filter(|item| !alias(item) || mentioned.contains(&item.name().to_string()))
        .map(TypeItem::name)
        .collect()
}

/// The types that constructors and conversions mention.
fn arguments(item: &TypeItem) -> Vec<TokenStream> {
    match item {
        TypeItem::Struct(item) => {
            let initial = item.fields.iter().filter_map(|field| field.initial.clone());
            required(item).map(|field| field.value.clone()).chain(item.rest.clone()).chain(initial).collect()
        }
        TypeItem::Union(item) => item.variants.iter().filter_map(|variant| variant.from.clone()).collect(),
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

fn serde_impls(items: &[TypeItem]) -> TokenStream {
    let names = items.iter().filter(|item| !matches!(item, TypeItem::Alias(_))).map(TypeItem::name);
    quote!(eventwire::serde_impls!(#(#names),*);)
}

fn implementation(item: &TypeItem) -> Vec<Part> {
    match item {
        TypeItem::Struct(item) => vec![inherent(item).into(), structure::implementations(item).into()],
        TypeItem::Enum(item) => vec![enumeration(item).into()],
        TypeItem::Union(item) => vec![union(item).into()],
        TypeItem::Tuple(item) => vec![tuple(item).into()],
        TypeItem::Alias(_) => Vec::new(),
    }
}

/// Whether a type is the prelude's string, however it is written.
fn is_string(value: &TokenStream) -> bool {
    matches!(value.to_string().as_str(), "String" | ":: std :: string :: String")
}

fn required(item: &StructItem) -> impl Iterator<Item = &FieldItem> {
    item.fields.iter().filter(|field| field.presence == Presence::Required)
}

fn inherent(item: &StructItem) -> TokenStream {
    let name = &item.name;
    let constants = item.constants.iter().map(|constant| {
        let ConstantItem { name, wire, value, .. } = constant;
        let doc = format!(" The value of `{wire}`.");
        let (kind, value) = match value {
            Literal::Text(text) => (quote!(&'static str), quote!(#text)),
            Literal::Integer(number) => (quote!(i64), unsuffixed(number)),
            Literal::Bool(value) => (quote!(bool), quote!(#value)),
        };
        quote!(#[doc = #doc] pub const #name: #kind = #value;)
    });
    // Sorted, so that the order of arguments does not follow the order of properties in the document.
    let mut arguments: Vec<&FieldItem> = required(item).collect();
    arguments.sort_by(|left, right| left.wire.cmp(&right.wire));
    let about = match arguments.len() {
        0 | 1 => " A value with only what is required.",
        _ => " A value with only what is required. Arguments are in the order of their names on the wire.",
    };
    let parameters = arguments.iter().map(|field| {
        let (name, value) = (&field.name, &field.value);
        if is_string(value) { quote!(#name: impl Into<#value>) } else { quote!(#name: #value) }
    });
    let filled = item.fields.iter().any(|field| field.initial.is_some());
    let body = if types::is_default(item) && !filled {
        quote!(Self::default())
    } else {
        let fields = item.fields.iter().map(|field| {
            let name = &field.name;
            match (field.presence, &field.initial) {
                (Presence::Required, _) if is_string(&field.value) => quote!(#name: #name.into()),
                (Presence::Required, _) => quote!(#name),
                (Presence::Optional, Some(value)) => quote!(#name: Some(#value)),
                (Presence::Optional, None) => quote!(#name: None),
                (Presence::Maybe, _) => quote!(#name: eventwire::Maybe::Absent),
            }
        });
        let extra = item.extra.as_ref().map(|_| quote!(extra: eventwire::Extra::new()));
        quote!(Self { #(#fields,)* #extra })
    };
    let default = (types::is_default(item) && filled).then(|| {
        quote! {
            impl core::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        #default

        impl #name {
            #(#constants)*

            #[doc = #about]
            #[must_use]
            pub fn new(#(#parameters),*) -> Self {
                #body
            }
        }
    }
}

fn enumeration(item: &EnumItem) -> TokenStream {
    let EnumItem { name, variants, unrecognized, .. } = item;
    let to_text = variants.iter().map(|variant| {
        let (name, wire) = (&variant.name, &variant.wire);
        quote!(Self::#name => #wire,)
    });
    let from_text = variants.iter().map(|variant| {
        let (name, wire) = (&variant.name, &variant.wire);
        quote!(#wire => Self::#name,)
    });
    let listed = variants.iter().map(|variant| &variant.name);
    quote! {
        impl #name {
            /// The values that the document lists, in its order.
            pub const LISTED: &'static [Self] = &[#(Self::#listed),*];

            /// The text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(#to_text)*
                    Self::#unrecognized(text) => text,
                }
            }
        }

        impl core::convert::From<&str> for #name {
            fn from(text: &str) -> Self {
                match text {
                    #(#from_text)*
                    other => Self::#unrecognized(other.to_owned()),
                }
            }
        }

        impl core::fmt::Display for #name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl eventwire::Decode for #name {
            fn decode<'de, S: eventwire::Source<'de>>(source: S) -> core::result::Result<Self, S::Error> {
                Ok(Self::from(&*source.string()?))
            }
        }

        impl eventwire::Encode for #name {
            fn encode<S: eventwire::Sink>(&self, sink: S) -> core::result::Result<S::Ok, S::Error> {
                sink.string(self.as_str())
            }
        }
    }
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
        let value = variant.pointer.as_ref().map_or_else(|| quote!(value), |pointer| quote!(#pointer(value)));
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

fn array(item: &TupleItem, positions: &[PositionItem], rest: Option<&TokenStream>) -> TokenStream {
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
                let (kind, expected) = match value {
                    Literal::Text(text) => (quote!(std::string::String), quote!(#text)),
                    Literal::Integer(number) => (quote!(i64), unsuffixed(number)),
                    Literal::Bool(value) => (quote!(bool), quote!(#value)),
                };
                let encoded = if matches!(value, Literal::Text(_)) { quote!(#expected) } else { quote!(&#expected) };
                reads.push(quote! {
                    let #local: #kind = #need;
                    if #local != #expected {
                        return Err(eventwire::SourceError::not_constant(&#text, &#local));
                    }
                });
                writes.push(quote!(array.element(#encoded)?;));
            }
            PositionItem::Required(_) => {
                reads.push(quote!(let #local = #need;));
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
    let length = if rest.is_some() { quote!(#len + self.#rest_field.len()) } else { quote!(#len) };
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
                let mut array = sink.array(#length)?;
                #(#writes)*
                #write_rest
                array.end()
            }
        }
    }
}
