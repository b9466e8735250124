//! Lowering: an [`Api`] with its [`Names`] to the items of a Rust crate.
//!
//! Every decision about Rust is made here: which items, in which file, which derives, where `Option` and `Box`, what the
//! docs say. The print module only puts text around it.

mod connect;
pub(crate) mod doc;
mod events;
mod export;
mod metadata;
mod name;
mod repeat;
mod reply;
mod rules;
mod select;
mod type_ref;
mod types;

use eventwire_document::config::{Config, DateTime};
use eventwire_document::ir::{Api, Type};
use types::Declared;

use crate::name::Names;

pub use connect::{
    AddressPiece, ConnectItem, CredentialItem, CredentialVariant, GroupItem, GroupPart, ParameterItem, ServerVariant,
    ValueSet,
};
pub use doc::DocComment;
pub use events::{OperationItem, OperationMethod, SetItem, SetVariant};
pub use metadata::MessageItem;
pub use name::Name;
pub use repeat::{FieldStep, Repeat};
pub use reply::{AddressItem, AnswerItem, AnswerMethod, CallItem, CallMethod, ReplyItem, ReplyTarget, Returned};
pub use rules::{RuleItem, RuleItems};
pub use type_ref::TypeRef;
pub use types::{
    AliasItem, ConstantItem, EnumItem, FieldItem, PositionItem, Presence, StructItem, TupleForm, TupleItem, TypeItem,
    UnionItem, UnionVariant, VariantItem,
};

/// A crate, before it is text.
#[derive(Debug)]
pub struct Crate {
    /// Docs of the crate.
    pub docs: DocComment,
    /// Shared and nested types, by name.
    pub types: Vec<TypeItem>,
    /// Payloads of messages, by name.
    pub payloads: Vec<TypeItem>,
    /// Types that another crate declares, by name.
    pub shared: Vec<TypeItem>,
    /// That crate, where there are such types.
    pub shared_crate: Option<Name>,
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
    pub derives: Vec<TypeRef>,
    /// Whether it is for a connection, and not only for types that other crates need.
    pub connects: bool,
}

/// Types of the runtime that printed types mention.
pub const RUNTIME: [&str; 7] = ["Erased", "Json", "JsonObject", "Maybe", "Number", "Timestamp", "UnknownFields"];

/// The type of an object whose member names are data.
pub const MAP: &str = "BTreeMap";

/// Decides the items of a crate.
#[must_use]
pub fn lower(api: &Api, names: &Names, config: &Config) -> Crate {
    let date_time = config.types.date_time;
    let tables = &rules::names(api, names);
    let Declared { types, payloads, shared } =
        Lowering { api, names, date_time, scope: PathScope::Types, tables }.types();
    let shared_crate = config.shared.as_ref().filter(|_| !shared.is_empty());
    let lowering = Lowering { api, names, date_time, scope: PathScope::Root, tables };
    Crate {
        docs: doc::package(api, config),
        types,
        payloads,
        shared,
        shared_crate: shared_crate.map(|shared| Name::new(&shared.crate_name())),
        sets: lowering.sets(),
        operations: lowering.operations(),
        replies: lowering.replies(),
        messages: lowering.messages(),
        connections: lowering.connections(),
        examples: lowering.examples(),
        rules: lowering.rules(),
        ascii: names.is_ascii(),
        schemas: config.types.schemars,
        derives: config.types.derive.iter().filter_map(|path| path.parse().ok()).map(TypeRef::of_tokens).collect(),
        connects: true,
    }
}

/// A use of a type as other crates write it: paths of the document's types begin at the root of the generated crate.
#[must_use]
pub(crate) fn type_ref(api: &Api, names: &Names, config: &Config, used: &Type) -> TypeRef {
    Lowering { api, names, date_time: config.types.date_time, scope: PathScope::Root, tables: &[] }.type_ref(used)
}

/// The examples of one message.
#[derive(Debug)]
pub struct ExampleItem {
    /// The test that reads them.
    pub name: Name,
    /// The type of the message's payload.
    pub payload: TypeRef,
    /// The payloads, as JSON.
    pub payloads: Vec<String>,
}

/// What lowering looks things up in.
struct Lowering<'a> {
    api: &'a Api,
    names: &'a Names,
    date_time: DateTime,
    scope: PathScope,
    /// The names of the tables of rules.
    tables: &'a [Name],
}

/// Where a type is mentioned, which decides how it is written.
#[derive(Debug, Clone, Copy)]
enum PathScope {
    /// Among the types: by name.
    Types,
    /// Elsewhere in the crate: by module and name, so that `Event` can be both a type of the document and the enum.
    Root,
}

impl Lowering<'_> {
    /// The messages that have examples.
    fn examples(&self) -> Vec<ExampleItem> {
        let messages = self.api.messages.iter().filter(|message| !message.examples.is_empty()).enumerate();
        let item = |(index, message): (usize, &eventwire_document::ir::Message)| ExampleItem {
            // Messages of different channels may share a key.
            name: Name::new(&crate::name::snake(&format!("{}_{}", message.key, index + 1))),
            payload: self.type_ref(&message.payload),
            payloads: message.examples.clone(),
        };
        messages.map(item).collect()
    }

    /// The path of a type from the prelude or the runtime where it is mentioned: files other than those of types import
    /// neither the document's types nor the runtime's.
    fn path(&self, name: &'static str) -> &'static str {
        match self.scope {
            PathScope::Types => path(self.names, name),
            PathScope::Root if RUNTIME.contains(&name) || name == MAP => full(name),
            PathScope::Root => name,
        }
    }
}

/// The path of a type from the prelude or the runtime, in full where the document has a type of the same name.
fn path(names: &Names, name: &'static str) -> &'static str {
    if names.shadows(name) { full(name) } else { name }
}

/// The full path of a type from the prelude or the runtime.
fn full(name: &'static str) -> &'static str {
    match name {
        "Erased" => "eventwire::Erased",
        "UnknownFields" => "eventwire::UnknownFields",
        "Json" => "eventwire::Json",
        "JsonObject" => "eventwire::JsonObject",
        "Maybe" => "eventwire::Maybe",
        "Number" => "eventwire::Number",
        "Timestamp" => "eventwire::Timestamp",
        MAP => "std::collections::BTreeMap",
        "Option" => "::core::option::Option",
        "String" => "::std::string::String",
        "Vec" => "::std::vec::Vec",
        _ => "::std::boxed::Box",
    }
}
