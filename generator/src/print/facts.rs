//! What payloads know about the messages they belong to.

use quote::quote;

use super::imports::{self, Head};
use super::layout::{Lines, literal};
use super::reply;
use crate::rust::{Crate, MessageItem};

/// What stands before the implementations.
pub(super) fn head(items: &Crate) -> Head<'_> {
    let used = items.messages.iter().flat_map(|item| [&item.payload, &item.headers]);
    Head { docs: "", deprecated: items.messages.iter().any(|item| item.deprecated), imports: imports::modules(used) }
}

/// The implementation of `Message` for a payload.
pub(super) fn message(lines: &mut Lines, item: &MessageItem) {
    let MessageItem { payload, name, content_type, correlation, headers, .. } = item;
    if let Some(place) = correlation {
        let place = reply::expression(place);
        return lines.tokens(quote! {
            impl eventwire::Message for #payload {
                const NAME: &'static str = #name;
                const CONTENT_TYPE: &'static str = #content_type;
                const CORRELATION: core::option::Option<eventwire::Expression> = Some(#place);
                type Headers = #headers;
            }
        });
    }
    lines.item(|lines| {
        lines.line(0, &["impl eventwire::Message for ", payload.as_str(), " {"]);
        lines.line(1, &["const NAME: &'static str = ", &literal(name), ";"]);
        lines.blank();
        lines.line(1, &["const CONTENT_TYPE: &'static str = ", &literal(content_type), ";"]);
        lines.lines("\n    const CORRELATION: core::option::Option<eventwire::Expression> = None;\n");
        lines.line(1, &["type Headers = ", headers.as_str(), ";"]);
        lines.lines("}");
    });
}
