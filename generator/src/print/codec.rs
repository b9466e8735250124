//! What stands beside the types: constructors, constants and the implementations of `Decode` and `Encode`.
//!
//! These files import the document's types with a glob, so everything else is written with its path.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{events, file, imports, names, types};
use crate::rust::{ConstantItem, Crate, EnumItem, FieldItem, Presence, StructItem, TypeItem};

/// The files of the `codec` module.
pub(super) fn files(items: &Crate, header: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut modules = Vec::new();
    let sides = [("types", &items.types, &items.payloads, "messages"), ("messages", &items.payloads, &items.types, "types")];
    for (module, own, other, other_module) in sides {
        let mut parts: Vec<TokenStream> = own.iter().filter_map(implementation).collect();
        if parts.is_empty() {
            continue;
        }
        parts.push(serde_impls(own));
        let name = format_ident!("{module}");
        let allow = own.iter().any(has_deprecated).then(|| quote!(#![allow(deprecated)]));
        let uses = imports(own.iter().flat_map(arguments), &names(own), &names(other), other_module);
        let sink = own.iter().any(|item| matches!(item, TypeItem::Struct(_))).then(|| quote!(use eventwire::ObjectSink as _;));
        let head = quote!(#allow #sink #uses use crate::#name::*;);
        files.insert(format!("src/codec/{module}.rs"), file(header, head, parts));
        modules.push(module);
    }
    if !items.sets.is_empty() {
        let implementations = items.sets.iter().flat_map(events::implementations).collect();
        files.insert("src/codec/events.rs".to_owned(), file(header, events::codec_head(items), implementations));
        modules.push("events");
    }
    let modules = modules.iter().map(|module| format_ident!("{module}"));
    let docs = quote!(#![doc = " How the types are made, read and written."]);
    files.insert("src/codec/mod.rs".to_owned(), file(header, docs, vec![quote!(#(mod #modules;)*)]));
    files
}

/// The types that constructors mention.
fn arguments(item: &TypeItem) -> Vec<TokenStream> {
    match item {
        TypeItem::Struct(item) => required(item).map(|field| field.value.clone()).collect(),
        TypeItem::Enum(_) | TypeItem::Alias(_) => Vec::new(),
    }
}

fn has_deprecated(item: &TypeItem) -> bool {
    match item {
        TypeItem::Struct(item) => item.deprecated || item.fields.iter().any(|field| field.deprecated),
        TypeItem::Enum(item) => item.deprecated,
        TypeItem::Alias(_) => false,
    }
}

fn serde_impls(items: &[TypeItem]) -> TokenStream {
    let names = items.iter().filter(|item| !matches!(item, TypeItem::Alias(_))).map(TypeItem::name);
    quote!(eventwire::serde_impls!(#(#names),*);)
}

fn implementation(item: &TypeItem) -> Option<TokenStream> {
    match item {
        TypeItem::Struct(item) => Some(structure(item)),
        TypeItem::Enum(item) => Some(enumeration(item)),
        TypeItem::Alias(_) => None,
    }
}

fn structure(item: &StructItem) -> TokenStream {
    let inherent = inherent(item);
    let decode = decode(item);
    let encode = encode(item);
    quote!(#inherent #decode #encode)
}

fn required(item: &StructItem) -> impl Iterator<Item = &FieldItem> {
    item.fields.iter().filter(|field| field.presence == Presence::Required)
}

fn inherent(item: &StructItem) -> TokenStream {
    let name = &item.name;
    let constants = item.constants.iter().map(|constant| {
        let ConstantItem { name, wire, value, .. } = constant;
        let doc = format!(" The value of `{wire}`.");
        quote!(#[doc = #doc] pub const #name: &'static str = #value;)
    });
    // Sorted, so that the order of arguments does not follow the order of properties in the document.
    let mut arguments: Vec<&FieldItem> = required(item).collect();
    arguments.sort_by(|left, right| left.wire.cmp(&right.wire));
    let parameters = arguments.iter().map(|field| {
        let (name, value) = (&field.name, &field.value);
        quote!(#name: #value)
    });
    let body = if types::is_default(item) {
        quote!(Self::default())
    } else {
        let fields = item.fields.iter().map(|field| {
            let name = &field.name;
            match field.presence {
                Presence::Required => quote!(#name),
                Presence::Optional => quote!(#name: None),
                Presence::Maybe => quote!(#name: eventwire::Maybe::Absent),
            }
        });
        let extra = item.extra.as_ref().map(|_| quote!(extra: eventwire::Extra::new()));
        quote!(Self { #(#fields,)* #extra })
    };
    quote! {
        impl #name {
            #(#constants)*

            /// A value with only what is required.
            #[must_use]
            pub fn new(#(#parameters),*) -> Self {
                #body
            }
        }
    }
}

fn decode(item: &StructItem) -> TokenStream {
    let StructItem { name, constants, fields, .. } = item;
    let label = name.to_string();
    let seen = constants.iter().map(|constant| &constant.seen);
    let locals = fields.iter().map(|field| {
        let local = &field.local;
        match field.presence {
            Presence::Required | Presence::Optional => quote!(let mut #local = None;),
            Presence::Maybe => quote!(let mut #local = eventwire::Maybe::Absent;),
        }
    });
    let extra = item.extra.as_ref().map(|_| quote!(let mut extra = eventwire::Extra::new();));
    let constant_arms = constants.iter().map(|constant| {
        let ConstantItem { seen, wire, value, .. } = constant;
        quote!(#wire => object.constant(#wire, #value, &mut #seen)?,)
    });
    let arms = fields.iter().map(|field| {
        let FieldItem { local, wire, .. } = field;
        match (field.presence, &item.extra) {
            (Presence::Required, _) => quote!(#wire => object.required(#wire, &mut #local)?,),
            (Presence::Optional, Some(_)) => quote!(#wire => object.optional(#wire, &mut #local, &mut extra)?,),
            (Presence::Optional, None) => quote!(#wire => object.optional_closed(#wire, &mut #local)?,),
            (Presence::Maybe, _) => quote!(#wire => object.maybe(#wire, &mut #local)?,),
        }
    });
    let rest = match &item.extra {
        Some(_) => quote!(_ => object.extra(key, &mut extra)?,),
        None => quote!(_ => object.unknown(&key)?,),
    };
    let checks = constants.iter().map(|constant| {
        let ConstantItem { seen, wire, .. } = constant;
        quote!(if !#seen { return Err(eventwire::SourceError::missing(#wire)); })
    });
    let values = fields.iter().map(|field| {
        let FieldItem { name, local, wire, .. } = field;
        match field.presence {
            Presence::Required => quote!(#name: #local.ok_or_else(|| eventwire::SourceError::missing(#wire))?,),
            Presence::Optional | Presence::Maybe => quote!(#name: #local,),
        }
    });
    let kept = item.extra.as_ref().map(|_| quote!(extra,));
    quote! {
        impl eventwire::Decode for #name {
            fn decode<'de, S: eventwire::Source<'de>>(source: S) -> core::result::Result<Self, S::Error> {
                source.object()
            }
        }

        impl eventwire::DecodeObject for #name {
            const NAME: &'static str = #label;

            fn decode_object<'de, O: eventwire::ObjectSource<'de>>(mut object: O) -> core::result::Result<Self, O::Error> {
                #(let mut #seen = false;)*
                #(#locals)*
                #extra
                while let Some(key) = object.key()? {
                    match &*key {
                        #(#constant_arms)*
                        #(#arms)*
                        #rest
                    }
                }
                #(#checks)*
                Ok(Self { #(#values)* #kept })
            }
        }
    }
}

fn encode(item: &StructItem) -> TokenStream {
    let StructItem { name, constants, fields, .. } = item;
    let constants = constants.iter().map(|constant| {
        let ConstantItem { name, wire, .. } = constant;
        quote!(object.member(#wire, Self::#name)?;)
    });
    let members = fields.iter().map(|field| {
        let FieldItem { name, wire, .. } = field;
        match (field.presence, &item.extra) {
            (Presence::Required, _) => quote!(object.member(#wire, &self.#name)?;),
            (Presence::Optional, Some(_)) => quote!(object.optional(#wire, self.#name.as_ref(), &self.extra)?;),
            (Presence::Optional, None) => quote!(object.optional_closed(#wire, self.#name.as_ref())?;),
            (Presence::Maybe, _) => quote!(object.maybe(#wire, &self.#name)?;),
        }
    });
    let extra = item.extra.as_ref().map(|_| quote!(object.extra(&self.extra)?;));
    let empty = item.constants.is_empty() && item.fields.is_empty() && item.extra.is_none();
    let mutable = (!empty).then(|| quote!(mut));
    quote! {
        impl eventwire::Encode for #name {
            fn encode<S: eventwire::Sink>(&self, sink: S) -> core::result::Result<S::Ok, S::Error> {
                let #mutable object = sink.object()?;
                #(#constants)*
                #(#members)*
                #extra
                object.end()
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

        impl From<&str> for #name {
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
