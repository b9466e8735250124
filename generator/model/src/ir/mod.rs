//! The language-neutral model of the crate: types, the sets of messages that travel together, operations and the way a
//! connection is opened.
//!
//! Comes in: a [`Document`](crate::asyncapi::Document) with its schemas, and the settings. Goes out: an [`Api`]. Not done
//! here: names (the name module decides them, as `Names`) and anything a Rust keyword appears in.

mod ambiguity;
mod api;
mod build;
mod builder;
mod connect;
mod connection;
mod credential;
mod decide;
mod declare;
mod depth;
mod dispatch;
mod docs;
mod finalize;
mod fingerprint;
mod key;
mod literal;
mod message;
mod operation;
mod reply;
mod rules;
mod shape;
mod share;
mod types;
mod union;

pub use api::Api;
pub use build::{build, default_role};
pub use connection::{
    AddressPart, Connection, Credential, CredentialLocation, CredentialSet, Parameter, ParameterValue, Server,
};
pub use dispatch::{ConstantAt, Dispatch, Fingerprint, ValuePath};
pub use docs::{DocNote, Documentation, Origin};
pub use literal::Literal;
pub use message::{DEFAULT_CONTENT_TYPE, Fallback, Message, MessageSet};
pub use operation::{Answer, Direction, Operation, Reply, ReplyRoute};
pub use rules::{Choice, CountLimit, Format, Limit, NumberLimit, Rule, RuleSubject, RuleTable, Rules};
pub use share::{Identity, identity};
pub use types::{
    AdditionalProperties, Branch, Enum, EnumValue, Field, FieldValue, Indirection, NameSource, Position, Scalar, Shape,
    Struct, Tuple, Type, TypeDef, TypeId, TypeRole, Union, Usage,
};
