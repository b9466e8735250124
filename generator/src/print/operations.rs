//! Operation traits.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::{self, Import};
use super::layout::{Lines, Place};
use super::{deprecated, doc, reply};
use crate::ir::Direction;
use crate::rust::{Crate, Name, OperationItem, OperationMethod};

/// The imports of the file.
pub(super) fn imports(items: &Crate) -> Vec<Import<'_>> {
    let payloads = items.operations.iter().flat_map(|operation| &operation.methods).map(|method| &method.payload);
    let modules = imports::modules(payloads.chain(reply::payloads(items)));
    let sets: BTreeSet<&str> =
        items.operations.iter().map(|operation| &operation.set).chain(reply::sets(items)).map(Name::as_str).collect();
    let sets = Import::several("crate::events", sets.into_iter().collect());
    let handles = items.operations.iter().any(|operation| operation.direction == Direction::Received);
    let table = handles.then(|| Import::one("eventwire::__private::handler"));
    table.into_iter().chain(sets).chain(modules).collect()
}

/// The declarations of an operation.
pub(super) fn definitions(lines: &mut Lines, item: &OperationItem) {
    match item.direction {
        Direction::Received => subscribe(lines, item),
        Direction::Sent => publish(item).into_iter().for_each(|tokens| lines.tokens(tokens)),
    }
}

fn subscribe(lines: &mut Lines, item: &OperationItem) {
    let (name, handler) = (item.name.as_str(), item.handler.as_str());
    lines.item(|lines| {
        lines.docs(0, &item.docs);
        lines.line(0, &["pub trait ", name, ": core::marker::Send {"]);
        for method in &item.methods {
            lines.piece(Place::Method, |lines| {
                lines.docs(1, &method.docs);
                lines.deprecated(1, item.deprecated);
                receive(lines, method.name.as_str(), method.payload.as_str());
            });
            lines.blank();
        }
        lines.lines("    /// Turns this into a handler that a client drives.");
        lines.line(1, &["fn into_handler(self) -> ", handler, "<Self>"]);
        lines.lines("    where\n        Self: core::marker::Sized,\n    {");
        lines.line(2, &[handler, "(self)"]);
        lines.lines("    }\n\n    /// A message that the document does not name.");
        receive(lines, "on_unknown", "eventwire::UnknownMessage");
        lines.lines("}");
    });
    lines.item(|lines| {
        lines.doc(0, &format!("Turns an implementation of [`{name}`] into a handler that a client drives."));
        lines.lines("#[derive(Debug, Clone)]");
        lines.line(0, &["pub struct ", handler, "<H>(pub H);"]);
    });
    handle(lines, item);
}

/// A method that ignores a message.
fn receive(lines: &mut Lines, name: &str, payload: &str) {
    lines.line(1, &["fn ", name, "("]);
    lines.lines("        &mut self,");
    lines.line(2, &["_message: ", payload, ","]);
    lines.lines("    ) -> impl core::future::Future<Output = ()> + core::marker::Send {");
    lines.lines("        core::future::ready(())\n    }");
}

fn handle(lines: &mut Lines, item: &OperationItem) {
    let (name, handler, set) = (item.name.as_str(), item.handler.as_str(), item.set.as_str());
    lines.table(&["handler!(", handler, ", ", name, ", ", set], |lines| {
        for OperationMethod { name, variant, boxed, .. } in &item.methods {
            lines.row(&[variant.as_str(), " => ", name.as_str(), if *boxed { " as Box" } else { "" }]);
        }
    });
}

fn publish(item: &OperationItem) -> [TokenStream; 2] {
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
    [
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
