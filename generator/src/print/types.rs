//! Structs, enums and aliases as people read them.

use proc_macro2::TokenStream;
use quote::quote;

use super::deprecated;
use crate::rust::{EnumItem, FieldItem, Presence, StructItem, TupleForm, TupleItem, TypeItem, TypeRef, UnionItem, doc};

/// The declaration of a type; `derives` are the traits that it derives beside the usual ones.
pub(super) fn definition(item: &TypeItem, derives: &[TypeRef]) -> TokenStream {
    match item {
        TypeItem::Struct(item) => structure(item, derives),
        TypeItem::Enum(item) => enumeration(item, derives),
        TypeItem::Union(item) => union(item, derives),
        TypeItem::Tuple(item) => tuple(item, derives),
        TypeItem::Alias(item) => {
            let (docs, name, target) = (&item.docs, &item.name, &item.target);
            quote!(#docs pub type #name = #target;)
        }
    }
}

/// The types that a declaration mentions.
pub(super) fn type_refs(item: &TypeItem) -> Vec<&TypeRef> {
    match item {
        TypeItem::Struct(item) => item.fields.iter().map(|field| &field.declared).chain(&item.extra).collect(),
        TypeItem::Enum(_) => Vec::new(),
        TypeItem::Union(item) => {
            let unknown = item.unknown.iter().map(|(_, value)| value);
            item.variants.iter().map(|variant| &variant.value).chain(unknown).collect()
        }
        TypeItem::Tuple(item) => match &item.form {
            TupleForm::Newtype(inner) => vec![inner],
            TupleForm::Array { fields, .. } => fields.iter().collect(),
        },
        TypeItem::Alias(item) => vec![&item.target],
    }
}

/// That more may be added to a type.
fn sealed(received_only: bool) -> Option<TokenStream> {
    received_only.then(|| quote!(#[non_exhaustive]))
}

fn structure(item: &StructItem, derives: &[TypeRef]) -> TokenStream {
    let (docs, name) = (&item.docs, &item.name);
    let (mark, sealed) = (deprecated(item.deprecated), sealed(item.received_only));
    let empty = is_default(item) && item.fields.iter().all(|field| field.initial.is_none());
    let default = empty.then(|| quote!(, Default));
    let fields = item.fields.iter().map(|FieldItem { docs, deprecated: mark, name, declared, .. }| {
        let (docs, mark) = (docs, deprecated(*mark));
        quote!(#docs #mark pub #name: #declared,)
    });
    let extra = item.extra.as_ref().map(|extra| {
        quote! {
            /// Unknown members, and optional members that were `null`.
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

fn union(item: &UnionItem, derives: &[TypeRef]) -> TokenStream {
    let (docs, name) = (&item.docs, &item.name);
    let (mark, sealed) = (deprecated(item.deprecated), sealed(item.received_only));
    let variants = item.variants.iter().map(|variant| {
        let (docs, name, value) = (&variant.docs, &variant.name, &variant.value);
        quote!(#docs #name(#value),)
    });
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

fn tuple(item: &TupleItem, derives: &[TypeRef]) -> TokenStream {
    let (docs, name, mark) = (&item.docs, &item.name, deprecated(item.deprecated));
    let fields = match &item.form {
        TupleForm::Newtype(inner) => std::slice::from_ref(inner),
        TupleForm::Array { fields, .. } => fields,
    };
    quote! {
        #docs
        #mark
        #[derive(Debug, Clone, PartialEq #(, #derives)*)]
        pub struct #name(#(pub #fields),*);
    }
}

/// Whether a value can be made out of nothing.
pub(super) fn is_default(item: &StructItem) -> bool {
    item.fields.iter().all(|field| field.presence != Presence::Required)
}

fn enumeration(item: &EnumItem, derives: &[TypeRef]) -> TokenStream {
    let EnumItem { name, unrecognized, text, .. } = item;
    let docs = &item.docs;
    let (mark, sealed) = (deprecated(item.deprecated), sealed(item.received_only));
    let derives = derives.iter().filter(|path| !matches!(path.as_str(), "Eq" | "Hash"));
    let variants = item.variants.iter().map(|variant| {
        let (docs, name) = (doc::value(&variant.wire), &variant.name);
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
