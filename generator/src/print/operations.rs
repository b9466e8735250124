//! Operation traits.

use std::collections::BTreeSet;

use eventwire_document::ir::Direction;
use proc_macro2::TokenStream;
use quote::quote;

use super::deprecated;
use super::file::File;
use super::imports::{self, Import};
use super::prelude::Prelude;
use crate::rust::{Crate, Name, OperationItem, OperationMethod, ReplyItem, doc};

/// The imports of the file.
pub(super) fn imports(items: &Crate) -> Vec<Import<'_>> {
    let payloads = items.operations.iter().flat_map(|operation| &operation.methods).map(|method| &method.payload);
    let modules = imports::modules("super", payloads.chain(items.replies.iter().flat_map(ReplyItem::payloads)));
    let sets: BTreeSet<&str> = items.operation_sets().map(Name::as_str).collect();
    let sets = Import::several("super::events", sets);
    let handles = items.operations.iter().any(|operation| operation.direction == Direction::Received);
    let private = handles.then(|| Import::several("eventwire::__private", ["handler", "ignore"])).flatten();
    let future = Prelude::new(items).import(items);
    private.into_iter().chain(future).chain(sets).chain(modules).collect()
}

/// The declarations of an operation.
pub(super) fn definitions(file: &mut File, item: &OperationItem, prelude: &Prelude<'_>) {
    match item.direction {
        Direction::Received => {
            file.items(subscribe(item, prelude));
            handle(file, item);
        }
        Direction::Sent => file.items(publish(item, prelude)),
    }
}

fn subscribe(item: &OperationItem, prelude: &Prelude<'_>) -> TokenStream {
    let OperationItem { name, handler, .. } = item;
    let docs = &item.docs;
    let mark = deprecated(item.deprecated);
    let (future, send) = (prelude.path("core::future::Future"), prelude.path("core::marker::Send"));
    let (result, sized) = (prelude.path("core::result::Result"), prelude.path("core::marker::Sized"));
    let receive = |name: &TokenStream, payload: &TokenStream| {
        quote! {
            fn #name(&mut self, message: #payload) -> impl #future<Output = #result<(), Self::Error>> + #send {
                ignore(message)
            }
        }
    };
    let methods = item.methods.iter().map(|method| {
        let (docs, name, payload) = (&method.docs, &method.name, &method.payload);
        let method = receive(&quote!(#name), &quote!(#payload));
        quote!(#docs #mark #method)
    });
    let unknown = receive(&quote!(on_unknown), &quote!(eventwire::UnknownMessage));
    let handler_docs = doc::handler(name.as_str());
    quote! {
        #docs
        pub trait #name: #send {
            /// Why a message was not handled.
            type Error: core::fmt::Display + #send;

            #(#methods)*

            /// Turns this into a handler that a client drives.
            fn into_handler(self) -> #handler<Self>
            where
                Self: #sized,
            {
                #handler(self)
            }

            /// A message that the document does not name.
            #unknown
        }

        #handler_docs
        #[derive(Debug, Clone)]
        pub struct #handler<H>(pub H);
    }
}

fn handle(file: &mut File, item: &OperationItem) {
    let (name, handler, set) = (item.name.as_str(), item.handler.as_str(), item.set.as_str());
    file.table(&["handler!(", handler, ", ", name, ", ", set, ", {"], "});", |file| {
        for OperationMethod { name, variant, boxed, .. } in &item.methods {
            file.row(&[variant.as_str(), " => ", name.as_str(), if *boxed { " as Box" } else { "" }]);
        }
    });
}

fn publish(item: &OperationItem, prelude: &Prelude<'_>) -> TokenStream {
    let OperationItem { name, set, .. } = item;
    let docs = &item.docs;
    let mark = deprecated(item.deprecated);
    let (future, send) = (prelude.path("core::future::Future"), prelude.path("core::marker::Send"));
    let (result, boxed) = (prelude.path("core::result::Result"), prelude.path("std::boxed::Box"));
    let methods = item.methods.iter().map(|method| {
        let (docs, name, payload) = (&method.docs, &method.name, &method.payload);
        quote! {
            #docs
            #mark
            fn #name(&self, message: #payload) -> impl #future<Output = #result<Self::Receipt, Self::Error>> + #send;
        }
    });
    let bodies = item.methods.iter().map(|method| {
        let (name, variant, payload) = (&method.name, &method.variant, &method.payload);
        let message = if method.boxed { quote!(#boxed::new(message)) } else { quote!(message) };
        quote! {
            fn #name(&self, message: #payload) -> impl #future<Output = #result<Self::Receipt, Self::Error>> + #send {
                self.publish(#set::#variant(#message))
            }
        }
    });
    quote! {
            #docs
            pub trait #name {
                /// Why a message was not accepted for sending.
                type Error;
                /// What is known of a message that was accepted.
                type Receipt;

                #(#methods)*
            }

            impl<P: eventwire::Publisher<#set>> #name for P {
                type Error = P::Error;
                type Receipt = P::Receipt;

                #(#bodies)*
            }
    }
}
