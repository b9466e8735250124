//! What payloads know about the messages they belong to.

use proc_macro2::TokenStream;
use quote::quote;

use super::{events, reply};
use crate::rust::{Crate, MessageItem, SetItem, SetVariant};

/// The imports of the file.
pub(super) fn head(items: &Crate) -> TokenStream {
    let used = items.messages.iter().flat_map(|item| [&item.payload, &item.headers]);
    let modules = events::modules(used);
    let old = items.messages.iter().any(|item| item.deprecated);
    let allow = old.then(|| quote!(#![allow(deprecated, reason = "what is deprecated is still read and written")]));
    quote!(#allow #modules)
}

/// The implementation of `Message` for a payload.
pub(super) fn message(item: &MessageItem) -> TokenStream {
    let MessageItem { payload, name, content_type, headers, .. } = item;
    let correlation = item.correlation.as_ref().map_or_else(
        || quote!(None),
        |place| {
            let place = reply::expression(place);
            quote!(Some(#place))
        },
    );
    quote! {
        impl eventwire::Message for #payload {
            const NAME: &'static str = #name;
            const CONTENT_TYPE: &'static str = #content_type;
            const CORRELATION: core::option::Option<eventwire::Expression> = #correlation;
            type Headers = #headers;
        }
    }
}

/// The implementations of `MemberOf` for the payloads that only one message of a set has.
pub(super) fn members<'a>(set: &'a SetItem, variants: impl Iterator<Item = &'a SetVariant>) -> TokenStream {
    let (name, kind) = (&set.name, &set.kind);
    let members = variants.filter(|variant| variant.unique).map(|variant| {
        let SetVariant { name: variant, payload, boxed, .. } = variant;
        let held = if *boxed { quote!(boxed #payload) } else { quote!(#payload) };
        quote!(eventwire::member!(#name::#variant, #kind, #held);)
    });
    quote!(#(#members)*)
}
