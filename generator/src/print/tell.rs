//! How messages and branches are told apart, as tables and matches.

use eventwire_document::ir::{Fixed, Literal, Outline, Place, Tell};
use eventwire_document::schema::JsonType;
use proc_macro2::TokenStream;
use quote::quote;

use super::file::literal;
use super::unsuffixed;
use crate::rust::Name;

/// How alternatives are distinguished, as tables say it.
pub(super) fn how(tell: &Tell) -> String {
    match tell {
        Tell::Tag { path, text, .. } => {
            let path: Vec<String> = path.iter().map(|key| literal(key)).collect();
            format!("(tag [{}] {})", path.join(", "), if *text { "text" } else { "literal" })
        }
        Tell::Shape { .. } => "outline".to_owned(),
        Tell::Only => "only".to_owned(),
    }
}

/// A pattern for tags.
pub(super) fn tags(tags: &[Literal]) -> String {
    tags.iter().map(|tag| literal(&tag.to_text())).collect::<Vec<_>>().join(" | ")
}

/// The module that tables of outlines are made from, where there are some.
pub(super) fn module(tell: &Tell) -> Option<&'static str> {
    matches!(tell, Tell::Shape { .. }).then_some("outline")
}

/// The table of outlines of an enum.
pub(super) fn outlines_of(name: &Name, outlines: &[Outline]) -> TokenStream {
    let table = self::outlines(outlines);
    quote! {
        impl #name {
            const OUTLINES: &'static [outline::Outline] = #table;
        }
    }
}

/// A table of outlines.
pub(super) fn outlines(outlines: &[Outline]) -> TokenStream {
    let entries = outlines.iter().map(entry);
    quote!(&[#(#entries),*])
}

fn entry(outline: &Outline) -> TokenStream {
    let Outline { kinds, required, known, constants } = outline;
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
        outline::Outline {
            kinds: &[#(#kinds),*],
            required: &[#(#required),*],
            known: &[#(#known),*],
            constants: &[#(#constants),*],
        }
    }
}

fn constant(fixed: &Fixed) -> TokenStream {
    let Fixed { place, required, values } = fixed;
    let place = match place {
        Place::Whole => quote!(outline::Place::Whole),
        Place::Element(index) => {
            let index = unsuffixed(index);
            quote!(outline::Place::Element(#index))
        }
        Place::Member(path) => match path.as_slice() {
            [outer, inner] => quote!(outline::Place::Nested(#outer, #inner)),
            path => {
                let name = path.concat();
                quote!(outline::Place::Member(#name))
            }
        },
    };
    let values = values.iter().map(|value| match value {
        Literal::Text(text) => quote!(outline::Literal::Text(#text)),
        Literal::Integer(_) | Literal::Bool(_) => {
            let json = value.to_text();
            quote!(outline::Literal::Json(#json))
        }
    });
    quote! {
        outline::Constant { place: #place, required: #required, values: &[#(#values),*] }
    }
}
