//! Structs, enums and aliases as people read them.

use proc_macro2::TokenStream;
use quote::quote;

use super::{deprecated, doc};
use crate::rust::{EnumItem, FieldItem, PositionItem, Presence, StructItem, TupleForm, TupleItem, TypeItem, UnionItem};

/// The declaration of a type.
pub(super) fn definition(item: &TypeItem, derives: &[TokenStream]) -> TokenStream {
    match item {
        TypeItem::Struct(item) => structure(item, derives),
        TypeItem::Enum(item) => enumeration(item, derives),
        TypeItem::Union(item) => union(item, derives),
        TypeItem::Tuple(item) => tuple(item, derives),
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
        TypeItem::Union(item) => {
            let unknown = item.unknown.iter().map(|(_, value)| value.clone());
            item.variants.iter().map(|variant| variant.value.clone()).chain(unknown).collect()
        }
        TypeItem::Tuple(item) => tuple_fields(&item.form),
        TypeItem::Alias(item) => vec![item.target.clone()],
    }
}

fn structure(item: &StructItem, derives: &[TokenStream]) -> TokenStream {
    let (docs, name) = (doc(&item.docs), &item.name);
    let mark = deprecated(item.deprecated);
    let sealed = item.received_only.then(|| quote!(#[non_exhaustive]));
    let empty = is_default(item) && item.fields.iter().all(|field| field.initial.is_none());
    let default = empty.then(|| quote!(, Default));
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
        #[derive(Debug, Clone, PartialEq #default #(, #derives)*)]
        #sealed
        pub struct #name {
            #(#fields)*
            #extra
        }
    }
}

fn union(item: &UnionItem, derives: &[TokenStream]) -> TokenStream {
    let (docs, name) = (doc(&item.docs), &item.name);
    let mark = deprecated(item.deprecated);
    let variants = item.variants.iter().map(|variant| {
        let (docs, name, value) = (doc(&variant.docs), &variant.name, &variant.value);
        quote!(#docs #name(#value),)
    });
    let sealed = item.received_only.then(|| quote!(#[non_exhaustive]));
    let unknown = item.unknown.as_ref().map(|(name, value)| {
        quote! {
            /// An alternative that the document does not list.
            #name(#value),
        }
    });
    quote! {
        #docs
        #mark
        #[derive(Debug, Clone, PartialEq #(, #derives)*)]
        #sealed
        pub enum #name {
            #(#variants)*
            #unknown
        }
    }
}

fn tuple(item: &TupleItem, derives: &[TokenStream]) -> TokenStream {
    let (docs, name) = (doc(&item.docs), &item.name);
    let mark = deprecated(item.deprecated);
    let fields = tuple_fields(&item.form);
    quote! {
        #docs
        #mark
        #[derive(Debug, Clone, PartialEq #(, #derives)*)]
        pub struct #name(#(pub #fields),*);
    }
}

/// The types of the fields of a tuple struct.
pub(super) fn tuple_fields(form: &TupleForm) -> Vec<TokenStream> {
    match form {
        TupleForm::Newtype(inner) => vec![inner.clone()],
        TupleForm::Array { positions, rest } => {
            let fields = positions.iter().filter_map(|position| match position {
                PositionItem::Constant(_) => None,
                PositionItem::Required(value) => Some(value.clone()),
                PositionItem::Optional(value) => Some(quote!(core::option::Option<#value>)),
            });
            fields.chain(rest.iter().map(|rest| quote!(std::vec::Vec<#rest>))).collect()
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

fn enumeration(item: &EnumItem, derives: &[TokenStream]) -> TokenStream {
    let (docs, name, unrecognized, text) = (doc(&item.docs), &item.name, &item.unrecognized, &item.text);
    let derives = derives.iter().filter(|path| !matches!(path.to_string().as_str(), "Eq" | "Hash"));
    let mark = deprecated(item.deprecated);
    let sealed = item.received_only.then(|| quote!(#[non_exhaustive]));
    let variants = item.variants.iter().map(|variant| {
        let docs = doc(&[quoted(&variant.wire)]);
        let name = &variant.name;
        quote!(#docs #name,)
    });
    quote! {
        #docs
        #mark
        #[derive(Debug, Clone, PartialEq, Eq, Hash #(, #derives)*)]
        #sealed
        pub enum #name {
            #(#variants)*
            /// A value that the document does not list.
            #unrecognized(#text),
        }
    }
}

/// A string of the document as a code span, whatever it contains.
fn quoted(text: &str) -> String {
    let text = text.escape_debug().to_string();
    // CommonMark: a span may contain any run of backticks but one as long as its fence.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    if longest == 0 { format!("`{text}`") } else { format!("{fence} {text} {fence}") }
}
