//! Enums of messages.

use eventwire_document::ir::Direction;
use proc_macro2::TokenStream;
use quote::quote;

use super::deprecated;
use super::imports::{self, Import};
use crate::rust::{Crate, SetItem, SetVariant, doc};

pub(super) fn members(set: &SetItem) -> impl Iterator<Item = &SetVariant> {
    set.variants.iter().chain(set.fallback.as_ref().map(|(variant, _)| variant))
}

/// The imports of the events file.
pub(super) fn imports(items: &Crate) -> Vec<Import<'_>> {
    imports::modules("super", items.sets.iter().flat_map(members).map(|variant| &variant.payload))
}

/// The declarations of a set.
pub(super) fn definitions(set: &SetItem) -> TokenStream {
    let SetItem { name, kind, unknown, .. } = set;
    let docs = &set.docs;
    let received = set.direction == Direction::Received;
    let variants = members(set).map(|SetVariant { name, docs, deprecated: mark, payload, boxed, .. }| {
        let (docs, mark) = (docs, deprecated(*mark));
        let payload = if *boxed { quote!(Box<#payload>) } else { quote!(#payload) };
        quote!(#docs #mark #name(#payload),)
    });
    let unknown = received.then(|| {
        quote! {
            /// A message that the document does not name; its whole text is kept.
            #unknown(eventwire::UnknownMessage),
        }
    });
    let kind_docs = doc::kinds(name.as_str());
    let kinds = members(set).map(|SetVariant { name, docs, .. }| {
        let docs = docs.first();
        quote!(#docs #name,)
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #unknown
        }

        #kind_docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #kind {
            #(#kinds)*
        }
    }
}
