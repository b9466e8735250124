//! Traits for operations that are answered.

use eventwire_document::asyncapi::{MessagePart, RuntimeExpression};
use proc_macro2::TokenStream;
use quote::quote;

use super::prelude::Prelude;
use super::{deprecated, repeat};
use crate::rust::{AddressItem, AnswerItem, CallItem, ReplyItem, ReplyTarget, Returned, doc};

/// The declarations for the replies to an operation.
pub(super) fn definitions(item: &ReplyItem, prelude: &Prelude<'_>) -> Vec<TokenStream> {
    match item {
        ReplyItem::Call(call) => self::call(call, prelude),
        ReplyItem::Answer(answer) => self::answer(answer, prelude),
        ReplyItem::Address(address) => self::address(address, prelude),
    }
}

fn returned_type(returned: &Returned) -> TokenStream {
    match returned {
        Returned::Payload { payload, .. } => quote!(#payload),
        Returned::Set { name, .. } => quote!(#name),
    }
}

/// A constructor of the runtime's `Expression`.
pub(super) fn expression(expression: &RuntimeExpression) -> TokenStream {
    let pointer = expression.pointer.to_string();
    match expression.part {
        MessagePart::Header => quote!(eventwire::Expression::header(#pointer)),
        MessagePart::Payload => quote!(eventwire::Expression::payload(#pointer)),
    }
}

fn in_payload(pointer: Option<&String>) -> TokenStream {
    pointer.map_or_else(|| quote!(None), |pointer| quote!(Some(eventwire::Expression::payload(#pointer))))
}

fn call(item: &CallItem, prelude: &Prelude<'_>) -> Vec<TokenStream> {
    let CallItem { name, command, event, kind, .. } = item;
    let (future, send) = (prelude.path("core::future::Future"), prelude.path("core::marker::Send"));
    let (result, boxed) = (prelude.path("core::result::Result"), prelude.path("std::boxed::Box"));
    let docs = &item.docs;
    let returned = returned_type(&item.returned);
    let mark = deprecated(item.deprecated);
    let signatures = item.methods.iter().map(|method| {
        let (docs, name, payload) = (&method.docs, &method.name, &method.payload);
        quote! {
            #docs
            #mark
            fn #name(&self, message: #payload) -> impl #future<Output = #result<#returned, Self::Error>> + #send;
        }
    });
    let read = match &item.returned {
        Returned::Payload { variant, .. } => {
            let label = variant.to_string();
            quote!(|text| eventwire::__private::decode_message(#label, text))
        }
        Returned::Set { name, .. } => quote!(#name::from_json),
    };
    let answers: Vec<TokenStream> = item
        .answers
        .iter()
        .map(|(variant, pointer)| {
            let correlation = in_payload(pointer.as_ref());
            quote!(eventwire::ReplyMessage { kind: #kind::#variant, correlation: #correlation })
        })
        .collect();
    let bodies = item.methods.iter().map(|method| {
        let (name, variant, payload) = (&method.name, &method.variant, &method.payload);
        let message = if method.boxed { quote!(#boxed::new(message)) } else { quote!(message) };
        let correlation = in_payload(method.correlation.as_ref());
        quote! {
            fn #name(&self, message: #payload) -> impl #future<Output = #result<#returned, Self::Error>> + #send {
                const REPLIES: eventwire::ReplySpec<#event, #returned> = eventwire::ReplySpec::new(#correlation, &[#(#answers),*], #read);
                self.request(#command::#variant(#message), REPLIES)
            }
        }
    });
    vec![
        quote! {
            #docs
            pub trait #name {
                /// Why there is no reply.
                type Error;

                #(#signatures)*
            }
        },
        quote! {
            impl<P: eventwire::Requester<#command, #event>> #name for P {
                type Error = P::RequestError;

                #(#bodies)*
            }
        },
    ]
}

fn answer(item: &AnswerItem, prelude: &Prelude<'_>) -> Vec<TokenStream> {
    let AnswerItem { name, wrapper, command, event, .. } = item;
    let (future, send) = (prelude.path("core::future::Future"), prelude.path("core::marker::Send"));
    let (option, pointer) = (prelude.path("core::option::Option"), prelude.path("std::boxed::Box"));
    let result = prelude.path("core::result::Result");
    let docs = &item.docs;
    let returned = returned_type(&item.returned);
    let mark = deprecated(item.deprecated);
    let signatures = item.methods.iter().map(|method| {
        let (docs, name, payload) = (&method.docs, &method.name, &method.payload);
        quote! {
            #docs
            #mark
            fn #name(&mut self, message: #payload) -> impl #future<Output = #result<#returned, Self::Error>> + #send;
        }
    });
    let arms = item.methods.iter().map(|method| {
        let (name, variant) = (&method.name, &method.variant);
        let message = if method.boxed { quote!(*message) } else { quote!(message) };
        let call = quote!(self.0.#name(#message).await?);
        let (Some(take), Some(write)) = (repeat::take(method), repeat::write(method, &item.returned)) else {
            return quote!(#event::#variant(message) => #call,);
        };
        quote! {
            #event::#variant(message) => {
                #take
                let mut reply = #call;
                #write
                reply
            }
        }
    });
    let command_value = match &item.returned {
        Returned::Payload { variant, boxed, .. } => {
            let reply = if *boxed { quote!(#pointer::new(reply)) } else { quote!(reply) };
            quote!(#command::#variant(#reply))
        }
        Returned::Set { name, variants } => quote! {
            match reply {
                #(#name::#variants(message) => #command::#variants(message),)*
            }
        },
    };
    let wrapper_docs = doc::responder(name.as_str());
    vec![
        quote! {
            #docs
            pub trait #name: #send {
                /// Why a request was not answered.
                type Error: core::fmt::Display + #send;

                #(#signatures)*
            }
        },
        quote! {
            #wrapper_docs
            #[derive(Debug, Clone)]
            pub struct #wrapper<R>(pub R);
        },
        quote! {
            impl<R: #name> eventwire::Responder<#event, #command> for #wrapper<R> {
                type Error = R::Error;

                async fn respond(&mut self, received: eventwire::Received<#event>) -> #result<#option<#command>, R::Error> {
                    let reply = match received.event {
                        #(#arms)*
                        _ => return Ok(None),
                    };
                    Ok(Some(#command_value))
                }
            }
        },
    ]
}

fn address(item: &AddressItem, prelude: &Prelude<'_>) -> Vec<TokenStream> {
    let (docs, name) = (&item.docs, &item.name);
    let (option, string) = (prelude.path("core::option::Option"), prelude.path("std::string::String"));
    let members = match &item.target {
        ReplyTarget::Channel(key, address) => {
            let address = address.as_ref().map_or_else(|| quote!(None), |address| quote!(Some(#address)));
            quote! {
                /// The key of the channel.
                pub const CHANNEL: &'static str = #key;

                /// Its address, if the document says one.
                pub const ADDRESS: #option<&'static str> = #address;
            }
        }
        ReplyTarget::Request(place, carrier) => {
            let (constant, docs) = (expression(place), doc::reply_expression(&spelled(place)));
            let argument = match place.part {
                MessagePart::Header => quote::format_ident!("headers"),
                MessagePart::Payload => quote::format_ident!("request"),
            };
            let kind = carrier.as_ref().map_or_else(|| quote!(impl eventwire::Encode), |kind| quote!(#kind));
            let of_docs = doc::address_of(word(place));
            quote! {
                #docs
                pub const EXPRESSION: eventwire::Expression = #constant;

                #of_docs
                #[must_use]
                pub fn of(#argument: &#kind) -> #option<#string> {
                    let address = Self::EXPRESSION.evaluate(#argument)?;
                    Some(address.as_str()?.into_owned())
                }
            }
        }
    };
    vec![
        quote! {
            #docs
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct #name;
        },
        quote!(impl #name { #members }),
    ]
}

fn word(expression: &RuntimeExpression) -> &'static str {
    match expression.part {
        MessagePart::Header => "headers",
        MessagePart::Payload => "payload",
    }
}

/// An expression as a document writes it, within a code span.
fn spelled(expression: &RuntimeExpression) -> String {
    let part = match expression.part {
        MessagePart::Header => "header",
        MessagePart::Payload => "payload",
    };
    format!("$message.{part}#{}", expression.pointer)
}
