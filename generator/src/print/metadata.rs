//! Message metadata of payload types.

use eventwire_document::asyncapi::{MessagePart, RuntimeExpression};
use eventwire_document::ir::DEFAULT_CONTENT_TYPE;

use super::file::{File, literal};
use super::imports::{self, Head, Import};
use crate::rust::{Crate, MessageItem};

/// What stands before the rows.
pub(super) fn head(items: &Crate) -> Head<'_> {
    let used = items.messages.iter().flat_map(|item| [&item.payload, &item.headers]);
    let table = Import::one("eventwire::__private::message");
    let imports = [table].into_iter().chain(imports::modules("super::super", used)).collect();
    Head { docs: "", deprecated: items.messages.iter().any(|item| item.deprecated), imports }
}

/// The row of a payload.
pub(super) fn message(file: &mut File, item: &MessageItem) {
    let MessageItem { payload, name, content_type, correlation, headers, .. } = item;
    let mut row = ["message!(", &literal(name), " => ", payload.as_str()].concat();
    if content_type != DEFAULT_CONTENT_TYPE {
        row.extend([", content_type ", &literal(content_type)]);
    }
    if let Some(RuntimeExpression { part, pointer, .. }) = correlation {
        let part = match part {
            MessagePart::Header => "header",
            MessagePart::Payload => "payload",
        };
        row.extend([", correlation ", part, "(", &literal(&pointer.to_string()), ")"]);
    }
    if headers.as_str() != "()" {
        row.extend([", headers ", headers.as_str()]);
    }
    file.line(&[&row, ");"]);
}
