//! Connections: the API marker, the request, its parameters and credentials.

use eventwire_document::ir::CredentialLocation;
use proc_macro2::TokenStream;
use quote::quote;

use super::imports::Import;
use super::many_arguments;
use crate::rust::{
    AddressPiece, ConnectItem, Crate, CredentialItem, CredentialVariant, GroupItem, GroupPart, Name, ParameterItem,
    ServerVariant, ValueSet, doc,
};

/// The imports of the file.
pub(super) fn imports(items: &Crate) -> Vec<Import<'_>> {
    let sets = items.connections.iter().flat_map(|item| item.event.iter().chain(&item.command));
    Import::several("super::events", sets.map(Name::as_str)).into_iter().collect()
}

/// The declarations and implementations of a connection.
pub(super) fn definitions(item: &ConnectItem) -> Vec<TokenStream> {
    let mut parts = vec![api(item), request(item), handshake(item), server(item), server_impl(item)];
    for group in &item.groups {
        parts.extend(group_items(group));
    }
    parts.extend(item.credentials.iter().flat_map(credentials));
    parts
}

fn api(item: &ConnectItem) -> TokenStream {
    let ConnectItem { api, title, .. } = item;
    let docs = doc::fixed("The API: what a client receives, sends and authenticates with.");
    let event = item.event.as_ref().map_or_else(|| quote!(eventwire::NoMessages), |event| quote!(#event));
    let command = item.command.as_ref().map_or_else(|| quote!(eventwire::NoMessages), |command| quote!(#command));
    let credentials = item.credentials.as_ref().map_or_else(
        || quote!(()),
        |credentials| {
            let name = &credentials.name;
            quote!(#name)
        },
    );
    quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct #api;

        impl eventwire::Api for #api {
            const TITLE: &'static str = #title;
            type Event = #event;
            type Command = #command;
            type Credentials = #credentials;
        }
    }
}

fn request(item: &ConnectItem) -> TokenStream {
    let ConnectItem { name, server, .. } = item;
    let docs = &item.docs;
    let fields = item.groups.iter().map(|group| {
        let (field, name) = (&group.field, &group.name);
        let docs = &group.docs;
        quote!(#docs pub #field: #name,)
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct #name {
            /// Where to connect to.
            pub server: #server,
            #(#fields)*
        }
    }
}

fn handshake(item: &ConnectItem) -> TokenStream {
    let ConnectItem { name, server, .. } = item;
    let fields: Vec<_> = item.groups.iter().map(|group| &group.field).collect();
    let types = item.groups.iter().map(|group| &group.name);
    let parameters =
        item.groups.iter().filter(|group| group.part == GroupPart::Address).flat_map(|group| &group.parameters);
    let parameters: Vec<&ParameterItem> = parameters.collect();
    let segment = |name: &Name| {
        let value = value(&parameters, name, &quote!(self.parameters.#name));
        if item.open { quote!(eventwire::encode_path(#value)) } else { quote!(eventwire::encode_path_segment(#value)) }
    };
    let (before, address) = match item.address.as_slice() {
        [] => (None, quote!("")),
        [AddressPiece::Text(text)] => (None, quote!(#text)),
        [AddressPiece::Field(name)] => {
            let value = segment(name);
            (None, quote!(&#value))
        }
        pieces => {
            let text = format(pieces, |name| Some(segment(name)));
            (Some(quote!(let address = #text;)), quote!(&address))
        }
    };
    let query = item.address_query.iter().map(|(name, pieces)| {
        let text = match pieces.as_slice() {
            [] => quote!(""),
            [AddressPiece::Text(text)] => quote!(#text),
            [AddressPiece::Field(name)] => given(&parameters, name, &quote!(self.parameters.#name)),
            pieces => format(pieces, |name| Some(shown(&parameters, name, &quote!(self.parameters.#name)))),
        };
        quote!(handshake.set_query(#name, #text);)
    });
    let applied = item.groups.iter().filter(|group| group.part != GroupPart::Address).map(|group| {
        let field = &group.field;
        quote!(self.#field.apply(&mut handshake);)
    });
    let changed = !item.address_query.is_empty() || item.groups.iter().any(|group| group.part != GroupPart::Address);
    let opened = quote!(eventwire::Handshake::new(scheme, host, path));
    let handshake = if changed {
        quote! {
            let mut handshake = #opened;
            #(#query)*
            #(#applied)*
            handshake
        }
    } else {
        opened
    };
    quote! {
        impl #name {
            /// Creates a request from its required parts.
            #[must_use]
            pub fn new(server: #server #(, #fields: #types)*) -> Self {
                Self { server #(, #fields)* }
            }

            /// Returns the handshake that opens the connection, without credentials.
            #[must_use]
            pub fn handshake(&self) -> eventwire::Handshake {
                let (scheme, host, pathname) = self.server.parts();
                #before
                let path = eventwire::join_path(&pathname, #address);
                #handshake
            }
        }
    }
}

/// An expression of type `String` for pieces, after a `let` for each field that `bound` gives a value.
fn format(pieces: &[AddressPiece], bound: impl Fn(&Name) -> Option<TokenStream>) -> TokenStream {
    let (mut text, mut arguments, mut names) = (String::new(), Vec::new(), Vec::new());
    for piece in pieces {
        match piece {
            AddressPiece::Text(part) => text.push_str(&part.replace('{', "{{").replace('}', "}}")),
            AddressPiece::Field(name) => {
                let written = name.to_string();
                if written.starts_with("r#") {
                    text.push_str("{}");
                    arguments.push(name);
                } else {
                    text.extend(["{", &written, "}"]);
                }
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    let lets: Vec<_> =
        names.into_iter().filter_map(|name| bound(name).map(|value| quote!(let #name = #value;))).collect();
    let text = quote!(format!(#text #(, #arguments)*));
    if lets.is_empty() { text } else { quote!({ #(#lets)* #text }) }
}

/// An expression of type `String` for a part of a server's address; the variables are in scope, as references.
fn part(pieces: &[AddressPiece], variables: &[&ParameterItem]) -> TokenStream {
    match pieces {
        [] => quote!(String::new()),
        [AddressPiece::Text(text)] => quote!(String::from(#text)),
        [AddressPiece::Field(name)] => {
            let value = value(variables, name, &quote!(#name));
            quote!(String::from(#value))
        }
        pieces => format(pieces, |name| {
            let plain = variables.iter().any(|variable| variable.name == *name && variable.required);
            (!plain).then(|| shown(variables, name, &quote!(#name)))
        }),
    }
}

/// An expression of type `&str` for a parameter: what was given, else its default.
fn value(parameters: &[&ParameterItem], name: &Name, place: &TokenStream) -> TokenStream {
    let given = given(parameters, name, place);
    if is_text(parameters, name) { given } else { quote!(&#given) }
}

/// What a `format!` takes for a parameter: what was given, else its default.
fn shown(parameters: &[&ParameterItem], name: &Name, place: &TokenStream) -> TokenStream {
    let required = parameters.iter().any(|parameter| parameter.name == *name && parameter.required);
    if required && !is_text(parameters, name) { place.clone() } else { given(parameters, name, place) }
}

fn is_text(parameters: &[&ParameterItem], name: &Name) -> bool {
    let parameter = parameters.iter().find(|parameter| parameter.name == *name);
    parameter.is_none_or(|parameter| match parameter.value {
        ValueSet::Text | ValueSet::Enum { .. } => true,
        ValueSet::Integer | ValueSet::Bool => false,
    })
}

/// An expression of type `&str` or `String` for a parameter: what was given, else its default.
fn given(parameters: &[&ParameterItem], name: &Name, place: &TokenStream) -> TokenStream {
    let Some(parameter) = parameters.iter().find(|parameter| parameter.name == *name) else { return quote!("") };
    let default = parameter.default.as_deref().unwrap_or_default();
    match (&parameter.value, parameter.required) {
        (ValueSet::Text | ValueSet::Enum { .. }, true) => quote!(#place.as_str()),
        (ValueSet::Text, false) => quote!(#place.as_deref().unwrap_or(#default)),
        (ValueSet::Enum { .. }, false) => quote!(#place.map_or(#default, |value| value.as_str())),
        (ValueSet::Integer | ValueSet::Bool, true) => quote!(#place.to_string()),
        (ValueSet::Integer | ValueSet::Bool, false) => {
            quote!(#place.map_or_else(|| String::from(#default), |value| value.to_string()))
        }
    }
}

fn server(item: &ConnectItem) -> TokenStream {
    let name = &item.server;
    let docs = doc::fixed("The servers of the document, and any other.");
    let variants = item.servers.iter().map(|server| {
        let (docs, name) = (&server.docs, &server.name);
        if server.variables.is_empty() {
            return quote!(#docs #name,);
        }
        let fields = server.variables.iter().map(|variable| {
            let (docs, name) = (&variable.docs, &variable.name);
            let declared = declared(variable);
            quote!(#docs #name: #declared,)
        });
        quote!(#docs #name { #(#fields)* },)
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A server that the document does not list, such as a proxy or a test server.
            Custom {
                /// Whether the connection is encrypted (`wss`).
                secure: bool,
                /// Host, with a port where it is not the usual one.
                host: String,
                /// Path before the channel's address; may be empty.
                pathname: String,
            },
        }
    }
}

fn server_impl(item: &ConnectItem) -> TokenStream {
    let name = &item.server;
    let arms = item.servers.iter().map(server_arm);
    quote! {
        impl #name {
            /// Creates a server at a host that the document does not list, reached over `wss`.
            #[must_use]
            pub fn secure(host: impl Into<String>) -> Self {
                Self::Custom { secure: true, host: host.into(), pathname: String::new() }
            }

            /// Creates a server at a host that the document does not list, reached over `ws`: for tests on this
            /// machine.
            #[must_use]
            pub fn insecure(host: impl Into<String>) -> Self {
                Self::Custom { secure: false, host: host.into(), pathname: String::new() }
            }

            /// Scheme, host and path.
            fn parts(&self) -> (&'static str, String, String) {
                match self {
                    #(#arms)*
                    Self::Custom { secure, host, pathname } => {
                        (if *secure { "wss" } else { "ws" }, host.clone(), pathname.clone())
                    }
                }
            }
        }
    }
}

fn server_arm(server: &ServerVariant) -> TokenStream {
    let ServerVariant { name, scheme, .. } = server;
    let fields: Vec<_> = server.variables.iter().map(|variable| &variable.name).collect();
    let pattern = if fields.is_empty() { quote!(Self::#name) } else { quote!(Self::#name { #(#fields),* }) };
    let variables: Vec<&ParameterItem> = server.variables.iter().collect();
    let (host, pathname) = (part(&server.host, &variables), part(&server.pathname, &variables));
    quote!(#pattern => (#scheme, #host, #pathname),)
}

fn group_items(group: &GroupItem) -> Vec<TokenStream> {
    let (docs, name) = (&group.docs, &group.name);
    let fields = group.parameters.iter().map(|parameter| {
        let (docs, name, declared) = (&parameter.docs, &parameter.name, declared(parameter));
        quote!(#docs pub #name: #declared,)
    });
    let default = group.parameters.iter().all(|parameter| !parameter.required).then(|| quote!(, Default));
    let declaration = quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq #default)]
        pub struct #name {
            #(#fields)*
        }
    };
    let mut parts = vec![declaration, group_impl(group)];
    parts.extend(group.parameters.iter().filter_map(values));
    parts
}

/// The declared type of a parameter.
fn declared(parameter: &ParameterItem) -> TokenStream {
    let value = match &parameter.value {
        ValueSet::Text => quote!(String),
        ValueSet::Integer => quote!(i64),
        ValueSet::Bool => quote!(bool),
        ValueSet::Enum { name, .. } => quote!(#name),
    };
    if parameter.required { value } else { quote!(Option<#value>) }
}

fn group_impl(group: &GroupItem) -> TokenStream {
    let name = &group.name;
    let required: Vec<&ParameterItem> = group.parameters.iter().filter(|parameter| parameter.required).collect();
    let arguments = required.iter().map(|parameter| {
        let (name, declared) = (&parameter.name, declared(parameter));
        match parameter.value {
            ValueSet::Text => quote!(#name: impl Into<#declared>),
            ValueSet::Integer | ValueSet::Bool | ValueSet::Enum { .. } => quote!(#name: #declared),
        }
    });
    let many = attribute(many_arguments(required.len()));
    let fields = group.parameters.iter().map(|parameter| {
        let name = &parameter.name;
        match (parameter.required, &parameter.value) {
            (true, ValueSet::Text) => quote!(#name: #name.into()),
            (true, ValueSet::Integer | ValueSet::Bool | ValueSet::Enum { .. }) => quote!(#name),
            (false, _) => quote!(#name: None),
        }
    });
    let setter = match group.part {
        GroupPart::Address => None,
        GroupPart::Query => Some(quote!(set_query)),
        GroupPart::Headers => Some(quote!(set_header)),
    };
    let apply = setter.map(|setter| {
        let sets = group.parameters.iter().map(|parameter| apply(parameter, &setter));
        quote! {
            fn apply(&self, handshake: &mut eventwire::Handshake) {
                #(#sets)*
            }
        }
    });
    quote! {
        impl #name {
            /// Creates a value from its required fields.
            #[must_use]
            #many
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#fields),* }
            }

            #apply
        }
    }
}

/// The tokens of an attribute.
fn attribute(text: Option<&str>) -> TokenStream {
    text.unwrap_or_default().parse().unwrap_or_default()
}

fn apply(parameter: &ParameterItem, setter: &TokenStream) -> TokenStream {
    let ParameterItem { name, wire, .. } = parameter;
    let text = |value: &TokenStream| match &parameter.value {
        ValueSet::Text | ValueSet::Enum { .. } => quote!(#value.as_str()),
        ValueSet::Integer | ValueSet::Bool => quote!(#value.to_string()),
    };
    if parameter.required {
        let text = text(&quote!(self.#name));
        return quote!(handshake.#setter(#wire, #text););
    }
    let text = text(&quote!(value));
    let default = parameter.default.as_ref().map(|default| quote!(else { handshake.#setter(#wire, #default); }));
    quote! {
        if let Some(value) = &self.#name {
            handshake.#setter(#wire, #text);
        } #default
    }
}

fn values(parameter: &ParameterItem) -> Option<TokenStream> {
    let ValueSet::Enum { name, variants } = &parameter.value else { return None };
    let docs = doc::values(&parameter.wire);
    let declared = variants.iter().map(|(variant, wire)| {
        let docs = doc::value(wire);
        quote!(#docs #variant,)
    });
    let arms = variants.iter().map(|(variant, wire)| quote!(Self::#variant => #wire,));
    Some(quote! {
        #docs
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#declared)*
        }

        impl #name {
            /// Returns the text on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    #(#arms)*
                }
            }
        }

        impl AsRef<str> for #name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl core::fmt::Display for #name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    })
}

fn credentials(item: &CredentialItem) -> Vec<TokenStream> {
    let name = &item.name;
    let variants = item.variants.iter().map(|variant| {
        let name = &variant.name;
        let docs = doc::credentials(variant.fields.iter().map(|(field, _, _)| field.as_str()));
        if variant.fields.is_empty() {
            return quote!(#docs #name,);
        }
        let fields = variant.fields.iter().map(|(field, docs, place)| {
            let secret = quote!(eventwire::Secret);
            let held = if *place == CredentialLocation::Basic { quote!((String, #secret)) } else { secret };
            quote!(#docs #field: #held,)
        });
        quote!(#docs #name { #(#fields)* },)
    });
    let arms = item.variants.iter().map(credential_arm);
    let constructors = item.variants.iter().filter_map(credential_constructor);
    vec![
        quote! {
            /// What the document's security schemes ask for: one of these.
            #[derive(Debug, Clone)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants)*
            }
        },
        quote! {
            impl #name {
                #(#constructors)*
            }
        },
        quote! {
            impl eventwire::Credentials for #name {
                fn into_list(self) -> std::vec::Vec<eventwire::Credential> {
                    match self {
                        #(#arms)*
                    }
                }
            }
        },
    ]
}

fn credential_constructor(variant: &CredentialVariant) -> Option<TokenStream> {
    let (name, constructor) = (&variant.name, variant.constructor.as_ref()?);
    if variant.fields.is_empty() {
        return Some(quote! {
            /// Creates one with no credentials.
            #[must_use]
            pub fn #constructor() -> Self {
                Self::#name
            }
        });
    }
    let (mut arguments, mut fields) = (Vec::new(), Vec::new());
    for (field, _, place) in &variant.fields {
        let secret = quote!(impl Into<eventwire::Secret>);
        let (argument, held) = if *place == CredentialLocation::Basic {
            (quote!((impl Into<String>, #secret)), quote!((#field.0.into(), #field.1.into())))
        } else {
            (secret, quote!(#field.into()))
        };
        arguments.push(quote!(#field: #argument));
        fields.push(quote!(#field: #held));
    }
    let many = attribute(many_arguments(variant.fields.len()));
    let docs = doc::constructor(name.as_str());
    Some(quote! {
        #docs
        #[must_use]
        #many
        pub fn #constructor(#(#arguments),*) -> Self {
            Self::#name { #(#fields),* }
        }
    })
}

fn credential_arm(variant: &CredentialVariant) -> TokenStream {
    let name = &variant.name;
    if variant.fields.is_empty() {
        return quote!(Self::#name => std::vec::Vec::new(),);
    }
    let fields = variant.fields.iter().map(|(field, _, _)| field);
    let values = variant.fields.iter().map(|(field, _, place)| match place {
        CredentialLocation::Query(wire) => quote!(query(#wire, #field)),
        CredentialLocation::Header(wire) => quote!(header(#wire, #field)),
        CredentialLocation::Cookie(wire) => quote!(cookie(#wire, #field)),
        CredentialLocation::Bearer => quote!(bearer(#field)),
        CredentialLocation::Basic => quote!(user_password(#field.0, #field.1)),
    });
    quote! {
        Self::#name { #(#fields),* } => std::vec::Vec::from([#(eventwire::Credential::#values),*]),
    }
}
