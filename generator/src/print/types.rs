//! Structs, enums and aliases as people read them.

use proc_macro2::TokenStream;
use quote::quote;

use super::{deprecated, doc};
use crate::rust::{EnumItem, FieldItem, Presence, StructItem, TypeItem};

/// The declaration of a type.
pub(super) fn definition(item: &TypeItem) -> TokenStream {
    match item {
        TypeItem::Struct(item) => structure(item),
        TypeItem::Enum(item) => enumeration(item),
        TypeItem::Alias(item) => {
            let (docs, name, target) = (doc(&item.docs), &item.name, &item.target);
            quote!(#docs pub type #name = #target;)
        }
    }
}

/// The types that a declaration mentions.
pub(super) fn mentions(item: &TypeItem) -> Vec<TokenStream> {
    match item {
        TypeItem::Struct(item) => {
            item.fields.iter().map(|field| field.declared.clone()).chain(item.extra.clone()).collect()
        }
        TypeItem::Enum(_) => Vec::new(),
        TypeItem::Alias(item) => vec![item.target.clone()],
    }
}

fn structure(item: &StructItem) -> TokenStream {
    let (docs, name) = (doc(&item.docs), &item.name);
    let mark = deprecated(item.deprecated);
    let sealed = item.received_only.then(|| quote!(#[non_exhaustive]));
    let default = is_default(item).then(|| quote!(, Default));
    let fields = item.fields.iter().map(field);
    let extra = item.extra.as_ref().map(|extra| {
        quote! {
            /// Members that the document does not name, and optional ones that were `null`.
            pub extra: #extra,
        }
    });
    quote! {
        #docs
        #mark
        #[derive(Debug, Clone, PartialEq #default)]
        #sealed
        pub struct #name {
            #(#fields)*
            #extra
        }
    }
}

/// Whether a value can be made out of nothing.
pub(super) fn is_default(item: &StructItem) -> bool {
    item.fields.iter().all(|field| field.presence != Presence::Required)
}

fn field(item: &FieldItem) -> TokenStream {
    let (docs, name, declared) = (doc(&item.docs), &item.name, &item.declared);
    let mark = deprecated(item.deprecated);
    quote!(#docs #mark pub #name: #declared,)
}

fn enumeration(item: &EnumItem) -> TokenStream {
    let (docs, name, unrecognized, text) = (doc(&item.docs), &item.name, &item.unrecognized, &item.text);
    let mark = deprecated(item.deprecated);
    let variants = item.variants.iter().map(|variant| {
        let docs = doc(&[format!("`{}`", variant.wire.escape_debug().to_string().replace('`', "'"))]);
        let name = &variant.name;
        quote!(#docs #name,)
    });
    quote! {
        #docs
        #mark
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum #name {
            #(#variants)*
            /// A value that the document does not list.
            #unrecognized(#text),
        }
    }
}
