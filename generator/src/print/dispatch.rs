//! How messages and branches are distinguished, as tables and matches.

use eventwire_document::ir::{ConstantAt, Dispatch, Fingerprint, Literal, ValuePath};
use eventwire_document::schema::JsonType;
use proc_macro2::TokenStream;
use quote::quote;

use super::file::literal;
use super::unsuffixed;
use crate::rust::Name;

/// How alternatives are distinguished, as tables say it.
pub(super) fn how(dispatch: &Dispatch) -> String {
    match dispatch {
        Dispatch::Tag { path, text, .. } => {
            let path: Vec<String> = path.iter().map(|key| literal(key)).collect();
            format!("(tag [{}] {})", path.join(", "), if *text { "text" } else { "literal" })
        }
        Dispatch::Structural { .. } => "fingerprint".to_owned(),
        Dispatch::Single => "single".to_owned(),
    }
}

/// A pattern for tags.
pub(super) fn tags(tags: &[Literal]) -> String {
    tags.iter().map(|tag| literal(&tag.to_text())).collect::<Vec<_>>().join(" | ")
}

/// The module that tables of fingerprints are made from, where there are some.
pub(super) fn module(dispatch: &Dispatch) -> Option<&'static str> {
    matches!(dispatch, Dispatch::Structural { .. }).then_some("fingerprint")
}

/// The table of fingerprints of an enum.
pub(super) fn fingerprints_of(name: &Name, fingerprints: &[Fingerprint]) -> TokenStream {
    let table = self::fingerprints(fingerprints);
    quote! {
        impl #name {
            const FINGERPRINTS: &'static [fingerprint::Fingerprint] = #table;
        }
    }
}

/// A table of fingerprints.
pub(super) fn fingerprints(fingerprints: &[Fingerprint]) -> TokenStream {
    let entries = fingerprints.iter().map(entry);
    quote!(&[#(#entries),*])
}

fn entry(fingerprint: &Fingerprint) -> TokenStream {
    let Fingerprint { kinds, required, known, constants } = fingerprint;
    let kinds = kinds.iter().map(|kind| match kind {
        JsonType::Null => quote!(eventwire::JsonKind::Null),
        JsonType::Boolean => quote!(eventwire::JsonKind::Bool),
        JsonType::Integer | JsonType::Number => quote!(eventwire::JsonKind::Number),
        JsonType::String => quote!(eventwire::JsonKind::String),
        JsonType::Array => quote!(eventwire::JsonKind::Array),
        JsonType::Object => quote!(eventwire::JsonKind::Object),
    });
    let constants = constants.iter().map(constant);
    quote! {
        fingerprint::Fingerprint {
            kinds: &[#(#kinds),*],
            required: &[#(#required),*],
            known: &[#(#known),*],
            constants: &[#(#constants),*],
        }
    }
}

fn constant(fixed: &ConstantAt) -> TokenStream {
    let ConstantAt { path, required, values } = fixed;
    let path = match path {
        ValuePath::Root => quote!(fingerprint::ValuePath::Root),
        ValuePath::Item(index) => {
            let index = unsuffixed(index);
            quote!(fingerprint::ValuePath::Item(#index))
        }
        ValuePath::Property(path) => match path.as_slice() {
            [outer, inner] => quote!(fingerprint::ValuePath::Nested(#outer, #inner)),
            path => {
                let name = path.concat();
                quote!(fingerprint::ValuePath::Property(#name))
            }
        },
    };
    let values = values.iter().map(|value| match value {
        Literal::Text(text) => quote!(fingerprint::Literal::Text(#text)),
        Literal::Integer(_) | Literal::Bool(_) => {
            let json = value.to_text();
            quote!(fingerprint::Literal::Json(#json))
        }
    });
    quote! {
        fingerprint::ConstantAt { path: #path, required: #required, values: &[#(#values),*] }
    }
}
