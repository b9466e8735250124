//! Schemas of types for the crate `schemars`.

use std::collections::BTreeSet;

use eventwire_document::ir::Literal;
use proc_macro2::TokenStream;
use quote::quote;

use super::events::members;
use super::file::File;
use super::imports::{Head, Import, imports, modules, names, part_names};
use super::{collect, mentions_deprecated, unsuffixed};
use crate::rust::{
    Crate, EnumItem, Name, PositionItem, Presence, SetItem, StructItem, TupleForm, TupleItem, TypeItem, UnionItem,
};

/// The name of the module.
pub(super) const MODULE: &str = "schema";

/// The feature of the generated crate that the module needs.
pub(super) const FEATURE: &str = "schemars";

/// The file; `None` where the settings do not ask for it.
pub(super) fn print(items: &Crate, header: &str) -> Option<String> {
    if !items.schemas {
        return None;
    }
    let all = items.types.iter().chain(&items.payloads);
    let parts: Vec<TokenStream> = all.filter_map(implementation).chain(items.sets.iter().map(set)).collect();
    if parts.is_empty() {
        return None;
    }
    let known = part_names(items).into_iter().chain(names(&items.payloads)).collect();
    let mut mentioned = BTreeSet::new();
    for part in &parts {
        collect(part.clone(), &mut mentioned);
    }
    let mentioned: BTreeSet<&str> = mentioned.iter().map(String::as_str).collect();
    let payloads = modules("super::super", items.sets.iter().flat_map(members).map(|variant| &variant.payload));
    let some = |types: &[TypeItem]| types.iter().any(|item| !matches!(item, TypeItem::Alias(_)));
    let of_shared = items.shared.iter().any(|item| mentioned.contains(item.name().as_str()));
    let parts_glob = (some(&items.types) || of_shared).then(|| Import::one("super::super::types::*"));
    let payloads_glob = some(&items.payloads).then(|| Import::one("super::super::messages::*"));
    let imports = imports(&mentioned, &known, &BTreeSet::new(), "").into_iter().chain(payloads);
    let events = (!items.sets.is_empty()).then(|| Import::one("super::super::events"));
    let imports = imports.chain(events).chain(parts_glob).chain(payloads_glob).collect();
    let deprecated = mentions_deprecated(items);
    let mut file = File::new(header, Head { docs: "JSON Schemas of the types.", deprecated, imports }.tokens());
    for part in parts {
        file.items(part);
    }
    Some(file.into_text())
}

fn implementation(item: &TypeItem) -> Option<TokenStream> {
    let name = item.name();
    let body = match item {
        TypeItem::Struct(item) => structure(item),
        TypeItem::Enum(item) => enumeration(item),
        TypeItem::Union(item) => union(item),
        TypeItem::Tuple(item) => tuple(item),
        TypeItem::Alias(_) => return None,
    };
    Some(describe(&quote!(#name), name, &body))
}

fn set(item: &SetItem) -> TokenStream {
    let name = &item.name;
    let payloads = members(item).map(|variant| &variant.payload);
    let body = quote!(eventwire::schema::any_of(&[#(generator.subschema_for::<#payloads>()),*]));
    describe(&quote!(events::#name), name, &body)
}

fn describe(path: &TokenStream, name: &Name, body: &TokenStream) -> TokenStream {
    let name = name.to_string();
    // Most bodies ask for the schemas of other types; those that do not need no name for whom to ask.
    let asks = body.to_string().contains("generator");
    let generator = if asks { quote!(generator) } else { quote!(_) };
    quote! {
        impl eventwire::schema::JsonSchema for #path {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(#name)
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(concat!(module_path!(), "::", #name))
            }

            fn json_schema(#generator: &mut eventwire::schema::SchemaGenerator) -> eventwire::schema::Schema {
                #body
            }
        }
    }
}

fn value(literal: &Literal) -> TokenStream {
    match literal {
        Literal::Text(text) => quote!(#text),
        Literal::Integer(number) => unsuffixed(number),
        Literal::Bool(value) => quote!(#value),
    }
}

fn structure(item: &StructItem) -> TokenStream {
    let constants = item.constants.iter().map(|constant| {
        let (wire, value) = (&constant.wire, value(&constant.value));
        quote!(.constant(#wire, #value))
    });
    let fields = item.fields.iter().map(|field| {
        let (wire, value, declared) = (&field.wire, &field.value, &field.declared);
        match field.presence {
            Presence::Required => quote!(.required::<#value>(#wire)),
            Presence::Optional => quote!(.optional::<#value>(#wire)),
            Presence::Maybe => quote!(.optional::<#declared>(#wire)),
        }
    });
    let end = match (&item.extra, &item.rest) {
        (Some(_), Some(rest)) => quote!(.open_to::<#rest>()),
        (Some(_), None) => quote!(.open()),
        (None, _) => quote!(.closed()),
    };
    quote!(eventwire::schema::Object::new(generator) #(#constants)* #(#fields)* #end)
}

fn enumeration(item: &EnumItem) -> TokenStream {
    let values = item.variants.iter().map(|variant| &variant.wire);
    quote!(eventwire::schema::string_enum(&[#(#values),*]))
}

fn union(item: &UnionItem) -> TokenStream {
    let values = item.variants.iter().map(|variant| &variant.value);
    quote!(eventwire::schema::any_of(&[#(generator.subschema_for::<#values>()),*]))
}

fn tuple(item: &TupleItem) -> TokenStream {
    let (positions, rest) = match &item.form {
        TupleForm::Newtype(inner) => return quote!(generator.subschema_for::<#inner>()),
        TupleForm::Array { positions, rest, .. } => (positions, rest),
    };
    let required = positions.iter().filter(|position| !matches!(position, PositionItem::Optional(_))).count();
    let required = unsuffixed(required);
    let positions = positions.iter().map(|position| match position {
        PositionItem::Constant(literal) => {
            let value = value(literal);
            quote!(eventwire::schema::constant(#value))
        }
        PositionItem::Required(value) | PositionItem::Optional(value) => quote!(generator.subschema_for::<#value>()),
    });
    let rest = rest.as_ref().map_or_else(|| quote!(None), |rest| quote!(Some(generator.subschema_for::<#rest>())));
    quote!(eventwire::schema::tuple(&[#(#positions),*], #required, #rest))
}
