//! Enums of messages, how they are told apart, and operation traits.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{collect, deprecated, doc, facts, reply, tell};
use crate::ir::{Direction, Literal, Tell};
use crate::rust::{Crate, OperationItem, SetItem, SetVariant};

/// `use` of the modules that the payloads of a file live in.
pub(super) fn modules<'a>(payloads: impl Iterator<Item = &'a TokenStream>) -> TokenStream {
    let mut mentioned = std::collections::BTreeSet::new();
    for payload in payloads {
        collect(payload.clone(), &mut mentioned);
    }
    let modules = ["messages", "types"].into_iter().filter(|module| mentioned.contains(*module));
    let modules = modules.map(|module| quote::format_ident!("{module}"));
    quote!(#(use crate::#modules;)*)
}

pub(super) fn members(set: &SetItem) -> impl Iterator<Item = &SetVariant> {
    set.variants.iter().chain(set.fallback.as_ref().map(|(variant, _)| variant))
}

/// The imports of the events file.
pub(super) fn imports(items: &Crate) -> TokenStream {
    modules(items.sets.iter().flat_map(members).map(|variant| &variant.payload))
}

/// The imports of the operations file.
pub(super) fn operation_imports(items: &Crate) -> TokenStream {
    let payloads = items.operations.iter().flat_map(|operation| &operation.methods).map(|method| &method.payload);
    let modules = modules(payloads.chain(reply::payloads(items)));
    let sets: std::collections::BTreeSet<&Ident> =
        items.operations.iter().map(|operation| &operation.set).chain(reply::sets(items)).collect();
    quote!(use crate::events::{#(#sets),*}; #modules)
}

/// What the root exports of events and operations.
pub(super) fn exports(items: &Crate) -> TokenStream {
    let sets = items.sets.iter().flat_map(|set| [&set.name, &set.kind]);
    let events = (!items.sets.is_empty()).then(|| quote!(#[rustfmt::skip] pub use events::{#(#sets),*};));
    let operations = items.operations.iter().flat_map(|operation| match operation.direction {
        Direction::Received => vec![&operation.name, &operation.handler],
        Direction::Sent => vec![&operation.name],
    });
    let operations = operations.chain(items.replies.iter().flat_map(reply::exports));
    let operations =
        (!items.operations.is_empty()).then(|| quote!(#[rustfmt::skip] pub use operations::{#(#operations),*};));
    quote!(#events #operations)
}

/// The declarations of a set.
pub(super) fn definitions(set: &SetItem) -> Vec<TokenStream> {
    let (docs, name) = (doc(&set.docs), &set.name);
    let variants = members(set).map(|variant| {
        let (docs, name, payload) = (doc(&variant.docs), &variant.name, &variant.payload);
        let mark = deprecated(variant.deprecated);
        let held = if variant.boxed { quote!(Box<#payload>) } else { quote!(#payload) };
        quote!(#docs #mark #name(#held),)
    });
    let (sealed, unknown) = match set.direction {
        Direction::Received => {
            let unknown = &set.unknown;
            let unknown = quote! {
                /// A message that the document does not name; its whole text is kept.
                #unknown(eventwire::UnknownMessage),
            };
            (Some(quote!(#[non_exhaustive])), Some(unknown))
        }
        Direction::Sent => (None, None),
    };
    let declaration = quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        #sealed
        pub enum #name {
            #(#variants)*
            #unknown
        }
    };
    vec![declaration, kind(set)]
}

fn kind(set: &SetItem) -> TokenStream {
    let (name, kind) = (&set.name, &set.kind);
    let docs = format!(" Which message of [`{name}`] something is.");
    let variants = members(set).map(|variant| {
        let (docs, name) = (doc(&variant.docs[..1]), &variant.name);
        quote!(#docs #name,)
    });
    quote! {
        #[doc = #docs]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #kind {
            #(#variants)*
        }
    }
}

/// The imports of the codec of events.
pub(super) fn codec_head(items: &Crate) -> TokenStream {
    let names = items.sets.iter().flat_map(|set| [&set.name, &set.kind]);
    let conversions = items.sets.iter().flat_map(members).filter(|variant| variant.unique);
    let modules = modules(conversions.map(|variant| &variant.payload));
    let old = items.sets.iter().flat_map(members).any(|variant| variant.deprecated);
    let allow = old.then(|| quote!(#![allow(deprecated, reason = "what is deprecated is still read and written")]));
    let checked = items.sets.iter().flat_map(members).any(|variant| variant.rules.is_some());
    let rules = checked.then(|| {
        quote!(
            use super::rules;
        )
    });
    quote!(#allow #rules use crate::events::{#(#names),*}; #modules)
}

/// The implementations of a set.
pub(super) fn implementations(set: &SetItem) -> Vec<TokenStream> {
    let mut parts = vec![kinds(set), inherent(set), reading(set)];
    if set.direction == Direction::Sent {
        parts.push(command(set));
    }
    parts.push(writing(set));
    parts.push(checking(set));
    parts.extend(conversions(set));
    parts.push(facts::members(set, members(set)));
    parts
}

/// What a message is called in errors and in lists: its tag, or its variant.
fn label(variant: &SetVariant) -> String {
    match variant.tags.as_slice() {
        [Literal::Text(only)] => only.clone(),
        _ => variant.name.to_string(),
    }
}

fn kinds(set: &SetItem) -> TokenStream {
    let kind = &set.kind;
    let names = members(set).map(|variant| {
        let (name, label) = (&variant.name, label(variant));
        quote!(Self::#name => #label,)
    });
    let listed = members(set).map(|variant| &variant.name);
    let tagged = matches!(set.tell, Tell::Tag { .. });
    let from_tag = tagged.then(|| {
        let arms = set.variants.iter().map(|variant| {
            let name = &variant.name;
            let tags = variant.tags.iter().map(Literal::to_text);
            quote!(#(#tags)|* => Some(Self::#name),)
        });
        let rest = match &set.fallback {
            None => quote!(_ => None,),
            Some((variant, None)) => {
                let name = &variant.name;
                quote!(_ => Some(Self::#name),)
            }
            Some((variant, Some(excluded))) => {
                let (name, pattern) = (&variant.name, pattern(excluded));
                quote!(other if !other.contains(#pattern) => Some(Self::#name), _ => None,)
            }
        };
        quote! {
            /// The message that a tag stands for.
            #[must_use]
            pub fn from_tag(tag: &str) -> Option<Self> {
                match tag {
                    #(#arms)*
                    #rest
                }
            }
        }
    });
    quote! {
        impl #kind {
            /// Every message, in the document's order.
            pub const ALL: &'static [Self] = &[#(Self::#listed),*];

            /// The tag on the wire, or the message's name where it has no tag of its own.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    #(#names)*
                }
            }

            #from_tag
        }

        impl core::fmt::Display for #kind {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }
    }
}

/// A pattern for text; a `char` where that is enough.
fn pattern(text: &str) -> TokenStream {
    let mut chars = text.chars();
    if let (Some(only), None) = (chars.next(), chars.next()) { quote!(#only) } else { quote!(#text) }
}

fn inherent(set: &SetItem) -> TokenStream {
    let (name, kind) = (&set.name, &set.kind);
    let label = match set.direction {
        Direction::Received => {
            let unknown = &set.unknown;
            quote! {
                /// What the message is called: its tag on the wire, or its name where it has no tag of its own. Of a message
                /// that the document does not name, the tag; empty if it has none.
                #[must_use]
                pub fn name(&self) -> &str {
                    match self {
                        Self::#unknown(message) => message.tag().unwrap_or_default(),
                        _ => self.kind().map_or("", #kind::name),
                    }
                }
            }
        }
        Direction::Sent => quote! {
            /// What the message is called: its tag on the wire, or its name where it has no tag of its own.
            #[must_use]
            pub fn name(&self) -> &'static str {
                self.kind().map_or("", #kind::name)
            }
        },
    };
    let (errors, unknown) = match set.direction {
        Direction::Received => {
            let unknown = &set.unknown;
            let errors = vec![
                " When the text is not JSON, or is a known message whose body does not decode. JSON that is none of the",
                " document's messages is [`Self::Unknown`], not an error.",
            ];
            (errors, Some(quote!(Self::#unknown(_) => None,)))
        }
        Direction::Sent => {
            let errors =
                vec![" When the text is not JSON, is none of these messages, or is one whose body does not decode."];
            (errors, None)
        }
    };
    let arms = members(set).map(|variant| {
        let name = &variant.name;
        quote!(Self::#name(_) => Some(#kind::#name),)
    });
    quote! {
        impl #name {
            /// Reads one message: finds out which it is, then decodes exactly that type.
            ///
            /// # Errors
            ///
            #(#[doc = #errors])*
            pub fn from_json(text: &str) -> Result<Self, eventwire::DecodeError> {
                eventwire::EventSet::from_json(text)
            }

            #label

            /// Which message this is; `None` for one that the document does not name.
            #[must_use]
            pub fn kind(&self) -> Option<#kind> {
                match self {
                    #(#arms)*
                    #unknown
                }
            }
        }
    }
}

/// An expression for a frame that is none of the messages; `tag` is an expression for its tag, if it has one.
fn unclaimed(set: &SetItem, tag: &TokenStream) -> TokenStream {
    let (unknown, label) = (&set.unknown, set.name.to_string());
    match set.direction {
        Direction::Received => quote!(eventwire::UnknownMessage::read(#label, #tag, text).map(Self::#unknown)),
        Direction::Sent => {
            quote!(Err(eventwire::DecodeError::custom("this is none of the messages that can be sent").for_message(#label)))
        }
    }
}

/// Reading by tag. What is received without a tag may be a message to come; what is sent has one.
fn by_tag(
    set: &SetItem,
    path: &[String],
    is_text: bool,
    decoders: &[TokenStream],
    kinds: &[TokenStream],
) -> TokenStream {
    let kind = &set.kind;
    let (found, unclaimed) = match set.direction {
        Direction::Received => {
            let found = quote! {
                let tag = eventwire::tag::find_at(text, &[#(#path),*]);
            };
            (found, unclaimed(set, &quote!(tag.as_str())))
        }
        Direction::Sent => {
            let require = tell::require(path, is_text, &set.name.to_string());
            (quote!(let tag = #require;), unclaimed(set, &TokenStream::new()))
        }
    };
    let told = match (set.direction, is_text) {
        (Direction::Received, true) => quote!(tag.as_text().and_then(#kind::from_tag)),
        (Direction::Received, false) => quote!(tag.as_literal().and_then(#kind::from_tag)),
        (Direction::Sent, true) => quote!(#kind::from_tag(&tag)),
        (Direction::Sent, false) => quote!(#kind::from_tag(tag)),
    };
    quote! {
        #found
        match #told {
            #(Some(#kinds) => #decoders,)*
            None => #unclaimed,
        }
    }
}

fn reading(set: &SetItem) -> TokenStream {
    let SetItem { name, kind, .. } = set;
    let decoders: Vec<TokenStream> = members(set)
        .map(|variant| {
            let (name, label) = (&variant.name, label(variant));
            quote!(eventwire::decode_message(#label, text).map(Self::#name))
        })
        .collect();
    let kinds: Vec<TokenStream> = members(set)
        .map(|variant| {
            let name = &variant.name;
            quote!(#kind::#name)
        })
        .collect();
    let (read, told) = match &set.tell {
        Tell::Tag { path, text, .. } => {
            let read = by_tag(set, path, *text, &decoders, &kinds);
            let tag = if *text { quote!(as_text) } else { quote!(as_literal) };
            let told = quote!(eventwire::tag::find_at(text, &[#(#path),*]).#tag().and_then(#kind::from_tag));
            (read, told)
        }
        Tell::Shape { outlines, .. } => {
            let table = tell::outlines(outlines);
            let listed = set.variants.len();
            let arms = tell::by_index(&decoders[..listed]);
            let found = tell::by_index(&kinds[..listed]);
            let (unclaimed, other) = match (&set.fallback, decoders.last()) {
                (Some((variant, _)), Some(decoder)) => {
                    let name = &variant.name;
                    (decoder.clone(), quote!(.or(Some(#kind::#name))))
                }
                _ => (unclaimed(set, &quote!(None)), TokenStream::new()),
            };
            let read = quote! {
                let told = eventwire::outline::choose(text, Self::OUTLINES, |index| #arms)?;
                told.map_or_else(|| #unclaimed, Ok)
            };
            let told = quote!(eventwire::outline::find(text, Self::OUTLINES).map(|index| #found)#other);
            let constant = quote! {
                impl #name {
                    const OUTLINES: &'static [eventwire::outline::Outline] = #table;
                }
            };
            return [constant, event_set(set, &read, &told)].into_iter().collect();
        }
        Tell::Only => (quote!(#(#decoders)*), quote!({ let _ = text; #(Some(#kinds))* })),
    };
    event_set(set, &read, &told)
}

fn event_set(set: &SetItem, read: &TokenStream, told: &TokenStream) -> TokenStream {
    let SetItem { name, kind, .. } = set;
    quote! {
        impl eventwire::EventSet for #name {
            type Kind = #kind;

            fn from_json(text: &str) -> Result<Self, eventwire::DecodeError> {
                #read
            }

            fn kind(&self) -> Option<#kind> {
                self.kind()
            }

            fn kind_of(text: &str) -> Option<#kind> {
                #told
            }
        }

        impl eventwire::Decode for #name {
            fn decode<'de, S: eventwire::Source<'de>>(source: S) -> Result<Self, S::Error> {
                source.text()
            }
        }

        impl eventwire::DecodeText for #name {
            fn decode_text(text: &str) -> Result<Self, eventwire::DecodeError> {
                eventwire::EventSet::from_json(text)
            }
        }

        eventwire::serde_impls!(#name);
    }
}

fn command(set: &SetItem) -> TokenStream {
    let name = &set.name;
    quote! {
        impl eventwire::Command for #name {
            fn to_json(&self) -> Result<String, eventwire::EncodeError> {
                eventwire::to_json(self)
            }
        }
    }
}

fn writing(set: &SetItem) -> TokenStream {
    let name = &set.name;
    let arms = members(set).map(|variant| {
        let name = &variant.name;
        quote!(Self::#name(message) => message.encode(sink),)
    });
    let unknown = match set.direction {
        Direction::Received => {
            let unknown = &set.unknown;
            Some(quote!(Self::#unknown(message) => message.encode(sink),))
        }
        Direction::Sent => None,
    };
    let errors = " When a value has no JSON form.";
    quote! {
        impl #name {
            /// Writes the message as JSON.
            ///
            /// # Errors
            ///
            #[doc = #errors]
            pub fn to_json(&self) -> Result<String, eventwire::EncodeError> {
                eventwire::to_json(self)
            }
        }

        impl eventwire::Encode for #name {
            fn encode<S: eventwire::Sink>(&self, sink: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#arms)*
                    #unknown
                }
            }
        }
    }
}

/// Which table of rules holds for which message.
fn checking(set: &SetItem) -> TokenStream {
    let name = &set.name;
    let mut tables: Vec<(&Ident, Vec<&Ident>)> = Vec::new();
    let mut positions = std::collections::BTreeMap::new();
    let mut others = set.direction == Direction::Received;
    for variant in members(set) {
        match &variant.rules {
            None => others = true,
            Some(table) => {
                let position = *positions.entry(table.to_string()).or_insert(tables.len());
                match tables.get_mut(position) {
                    Some((_, names)) => names.push(&variant.name),
                    None => tables.push((table, vec![&variant.name])),
                }
            }
        }
    }
    let arms = tables.iter().map(|(table, names)| quote!(#(Self::#names(_))|* => rules::#table,));
    let others = others.then(|| quote!(_ => &[],));
    let body = if tables.is_empty() { quote!(&[]) } else { quote!(match self { #(#arms)* #others }) };
    quote! {
        impl eventwire::Validate for #name {
            fn rules(&self) -> &'static [eventwire::validate::Rule] {
                #body
            }
        }
    }
}

fn conversions(set: &SetItem) -> Vec<TokenStream> {
    let name = &set.name;
    let conversion = |variant: &SetVariant| {
        let held = if variant.boxed { quote!(Box::new(message)) } else { quote!(message) };
        let (variant, payload) = (&variant.name, &variant.payload);
        quote! {
            impl core::convert::From<#payload> for #name {
                fn from(message: #payload) -> Self {
                    Self::#variant(#held)
                }
            }
        }
    };
    members(set).filter(|variant| variant.unique).map(conversion).collect()
}

/// The declarations of an operation.
pub(super) fn operation(item: &OperationItem) -> Vec<TokenStream> {
    match item.direction {
        Direction::Received => subscribe(item),
        Direction::Sent => publish(item),
    }
}

fn subscribe(item: &OperationItem) -> Vec<TokenStream> {
    let OperationItem { name, handler, set, .. } = item;
    let docs = doc(&item.docs);
    let mark = deprecated(item.deprecated);
    let methods = item.methods.iter().map(|method| {
        let (docs, name, payload) = (doc(&method.docs), &method.name, &method.payload);
        quote! {
            #docs
            #mark
            fn #name(&mut self, _message: #payload) -> impl core::future::Future<Output = ()> + core::marker::Send {
                core::future::ready(())
            }
        }
    });
    let arms = item.methods.iter().map(|method| {
        let (name, variant) = (&method.name, &method.variant);
        let message = if method.boxed { quote!(*message) } else { quote!(message) };
        quote!(#set::#variant(message) => { self.0.#name(#message).await; })
    });
    let others = item.partial.then(|| quote!(_ => {}));
    // Three lines each.
    let long = item.methods.len() > 30;
    let allow = long.then(|| quote!(#[allow(clippy::too_many_lines, reason = "there are as many as messages")]));
    let handler_docs = format!(" Turns an implementation of [`{name}`] into a handler that a client drives.");
    vec![
        quote! {
            #docs
            pub trait #name: core::marker::Send {
                #(#methods)*

                /// Turns this into a handler that a client drives.
                fn into_handler(self) -> #handler<Self>
                where
                    Self: core::marker::Sized,
                {
                    #handler(self)
                }

                /// A message that the document does not name.
                fn on_unknown(&mut self, _message: eventwire::UnknownMessage) -> impl core::future::Future<Output = ()> + core::marker::Send {
                    core::future::ready(())
                }
            }
        },
        quote! {
            #[doc = #handler_docs]
            #[derive(Debug, Clone)]
            pub struct #handler<H>(pub H);
        },
        quote! {
            impl<H: #name> eventwire::Handler<#set> for #handler<H> {
                #allow
                async fn handle(&mut self, event: #set) {
                    match event {
                        #(#arms)*
                        #set::Unknown(message) => { self.0.on_unknown(message).await; }
                        #others
                    }
                }
            }
        },
    ]
}

fn publish(item: &OperationItem) -> Vec<TokenStream> {
    let OperationItem { name, set, .. } = item;
    let docs = doc(&item.docs);
    let mark = deprecated(item.deprecated);
    let methods = item.methods.iter().map(|method| {
        let (docs, name, payload) = (doc(&method.docs), &method.name, &method.payload);
        quote! {
            #docs
            #mark
            fn #name(&self, message: #payload) -> impl core::future::Future<Output = core::result::Result<(), Self::Error>> + core::marker::Send;
        }
    });
    let bodies = item.methods.iter().map(|method| {
        let (name, variant, payload) = (&method.name, &method.variant, &method.payload);
        let message = if method.boxed { quote!(std::boxed::Box::new(message)) } else { quote!(message) };
        quote! {
            fn #name(&self, message: #payload) -> impl core::future::Future<Output = core::result::Result<(), Self::Error>> + core::marker::Send {
                self.publish(#set::#variant(#message))
            }
        }
    });
    vec![
        quote! {
            #docs
            pub trait #name {
                /// Why a message was not accepted for sending.
                type Error;

                #(#methods)*
            }
        },
        quote! {
            impl<P: eventwire::Publisher<#set>> #name for P {
                type Error = P::Error;

                #(#bodies)*
            }
        },
    ]
}
