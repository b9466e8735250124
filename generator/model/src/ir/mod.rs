//! What is generated, said without Rust: types, the sets of messages that travel together, operations and the way a
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
mod declare;
mod depth;
mod dispatch;
mod docs;
mod key;
mod literal;
mod message;
mod operation;
mod outline;
mod reply;
mod rules;
mod settle;
mod shape;
mod share;
mod tell;
mod types;
mod union;

pub use api::Api;
pub use build::{build, usual_role};
pub use connection::{
    AddressPart, Connection, Credential, CredentialPlace, CredentialSet, Parameter, ParameterValue, Server,
};
pub use dispatch::{Fixed, Outline, Place, Tell};
pub use docs::{Docs, Fact, Origin};
pub use literal::Literal;
pub use message::{DEFAULT_CONTENT_TYPE, Fallback, Message, MessageSet};
pub use operation::{Answer, Direction, Operation, Reply, ReplyWay};
pub use rules::{Choice, CountLimit, Format, NumberLimit, Rule, RuleSubject, RuleTable, Rules};
pub use share::{Identity, identity};
pub use types::{
    Branch, Enum, EnumValue, Field, FieldValue, NameSource, Pointer, Position, Rest, Scalar, Shape, Struct, Tuple,
    Type, TypeDef, TypeId, TypeRole, Union, Usage,
};
