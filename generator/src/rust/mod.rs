//! Lowering: an [`Api`] with its [`Names`] to the items of a Rust crate.
//!
//! Every decision about Rust is made here: which items, in which file, which derives, where `Option` and `Box`, what the
//! docs say. The print module only puts tokens around it.

mod connect;
mod doc;
mod events;
mod facts;
mod repeat;
mod reply;
mod rules;
mod select;
mod types;

use proc_macro2::{Ident, Span, TokenStream};

use crate::config::{Config, DateTime};
use crate::ir::{Api, Type};
use crate::name::Names;

pub use connect::{
    ConnectItem, CredentialItem, CredentialVariant, GroupItem, GroupPart, ParameterItem, Piece, ServerVariant, ValueSet,
};
pub use events::{OperationItem, OperationMethod, SetItem, SetVariant};
pub use facts::MessageItem;
pub use repeat::{Repeat, Step};
pub use reply::{AddressItem, AnswerItem, AnswerMethod, CallItem, CallMethod, ReplyItem, ReplyPlace, Returned};
pub use rules::{RuleItem, RuleItems};
pub use types::{
    AliasItem, ConstantItem, EnumItem, FieldItem, PositionItem, Presence, StructItem, TupleForm, TupleItem, TypeItem,
    UnionItem, UnionVariant, VariantItem,
};

/// A crate, before it is text.
#[derive(Debug)]
pub struct Crate {
    /// Docs of the crate.
    pub docs: Vec<String>,
    /// Shared and nested types, by name.
    pub types: Vec<TypeItem>,
    /// Payloads of messages, by name.
    pub payloads: Vec<TypeItem>,
    /// Enums of messages.
    pub sets: Vec<SetItem>,
    /// Operation traits.
    pub operations: Vec<OperationItem>,
    /// What answers operations.
    pub replies: Vec<ReplyItem>,
    /// What payloads know about their messages.
    pub messages: Vec<MessageItem>,
    /// Connections.
    pub connections: Vec<ConnectItem>,
    /// The document's examples.
    pub examples: Vec<ExampleItem>,
    /// What is checked on demand.
    pub rules: RuleItems,
    /// Whether all names are plain ASCII.
    pub ascii: bool,
    /// Whether types describe themselves to `schemars`.
    pub schemas: bool,
    /// Traits that types derive because the settings say so.
    pub derives: Vec<TokenStream>,
}

/// Types of the runtime that printed types mention.
pub const RUNTIME: [&str; 7] = ["Deep", "Extra", "Json", "JsonObject", "Maybe", "Number", "Timestamp"];

/// The type of an object whose member names are data.
pub const MAP: &str = "BTreeMap";

/// Decides the items of a crate.
#[must_use]
pub fn lower(api: &Api, names: &Names, config: &Config) -> Crate {
    let date_time = config.types.date_time;
    let tables = &rules::names(api, names);
    let (types, payloads) = Lowering { api, names, date_time, scope: Scope::Types, tables }.types();
    let lowering = Lowering { api, names, date_time, scope: Scope::Root, tables };
    Crate {
        docs: doc::package(api, config),
        types,
        payloads,
        sets: lowering.sets(),
        operations: lowering.operations(),
        replies: lowering.replies(),
        messages: lowering.messages(),
        connections: lowering.connections(),
        examples: lowering.examples(),
        rules: lowering.rules(),
        ascii: names.is_ascii(),
        schemas: config.types.schemars,
        derives: config.types.derive.iter().filter_map(|path| path.parse().ok()).collect(),
    }
}

/// A use of a type as other crates write it: paths of the document's types begin at the root of the generated crate.
#[must_use]
pub(crate) fn mention(api: &Api, names: &Names, config: &Config, used: &Type) -> String {
    Lowering { api, names, date_time: config.types.date_time, scope: Scope::Root, tables: &[] }
        .type_tokens(used)
        .to_string()
}

/// The examples of one message.
#[derive(Debug)]
pub struct ExampleItem {
    /// The test that reads them.
    pub name: Ident,
    /// The type of the message's payload.
    pub payload: TokenStream,
    /// The payloads, as JSON.
    pub payloads: Vec<String>,
}

/// What lowering looks things up in.
struct Lowering<'a> {
    api: &'a Api,
    names: &'a Names,
    date_time: DateTime,
    scope: Scope,
    /// The names of the tables of rules.
    tables: &'a [Ident],
}

/// Where a type is mentioned, which decides how it is written.
#[derive(Debug, Clone, Copy)]
enum Scope {
    /// Among the types: by name.
    Types,
    /// Elsewhere in the crate: by module and name, so that `Event` can be both a type of the document and the enum.
    Root,
}

/// An identifier out of a name that the name module made; `r#` included.
fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

impl Lowering<'_> {
    /// The messages that have examples.
    fn examples(&self) -> Vec<ExampleItem> {
        let messages = self.api.messages.iter().filter(|message| !message.examples.is_empty()).enumerate();
        let item = |(index, message): (usize, &crate::ir::Message)| ExampleItem {
            // Messages of different channels may share a key.
            name: ident(&crate::name::snake(&format!("{}_{}", message.key, index + 1))),
            payload: self.type_tokens(&message.payload),
            payloads: message.examples.clone(),
        };
        messages.map(item).collect()
    }

    /// The path of a type from the prelude or the runtime where it is mentioned: files other than those of types import
    /// neither the document's types nor the runtime's.
    fn path(&self, name: &str) -> TokenStream {
        let short = ident(name);
        match self.scope {
            Scope::Types => path(self.names, name),
            Scope::Root if RUNTIME.contains(&name) => quote::quote!(eventwire::#short),
            Scope::Root if name == MAP => quote::quote!(std::collections::#short),
            Scope::Root => quote::quote!(#short),
        }
    }
}

/// The path of a type from the prelude or the runtime, in full where the document has a type of the same name.
fn path(names: &Names, name: &str) -> TokenStream {
    let short = ident(name);
    if !names.shadows(name) {
        return quote::quote!(#short);
    }
    match name {
        name if RUNTIME.contains(&name) => quote::quote!(eventwire::#short),
        MAP => quote::quote!(std::collections::#short),
        "Option" => quote::quote!(::core::option::Option),
        "String" => quote::quote!(::std::string::String),
        "Vec" => quote::quote!(::std::vec::Vec),
        _ => quote::quote!(::std::boxed::Box),
    }
}
