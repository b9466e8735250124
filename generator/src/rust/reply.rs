//! What answers operations.

use eventwire_document::asyncapi::{MessagePart, RuntimeExpression};
use eventwire_document::ir::{Direction, Operation, Reply, ReplyRoute, Type};

use super::{DocComment, Lowering, Name, Repeat, TypeRef, doc};
use crate::name::snake;

/// The replies to one operation.
#[derive(Debug)]
pub enum ReplyItem {
    /// A trait for requests that wait for their replies.
    Call(CallItem),
    /// A trait for those who reply.
    Answer(AnswerItem),
    /// Where replies go that do not come over the connection of the request.
    Address(AddressItem),
}

/// A trait for requests that wait for their replies.
#[derive(Debug)]
pub struct CallItem {
    /// Its name.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// The enum of what is sent.
    pub command: Name,
    /// The enum of what is received.
    pub event: Name,
    /// The fieldless enum beside it.
    pub kind: Name,
    /// What a call returns.
    pub returned: Returned,
    /// The events that can be the reply, each with the way to the value that it repeats from the request.
    pub answers: Vec<(Name, Option<String>)>,
    /// A method per request.
    pub methods: Vec<CallMethod>,
    /// Whether its methods carry `#[deprecated]`.
    pub deprecated: bool,
}

/// A request.
#[derive(Debug)]
pub struct CallMethod {
    /// The method.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// The variant of the request.
    pub variant: Name,
    /// The type of its payload.
    pub payload: TypeRef,
    /// Whether the enum holds it behind a pointer.
    pub boxed: bool,
    /// The way to the value that the reply repeats.
    pub correlation: Option<String>,
}

/// What a reply is in Rust.
#[derive(Debug)]
pub enum Returned {
    /// The payload of the only message.
    Payload {
        /// The type.
        payload: TypeRef,
        /// The variant of the message in the enum of its channel.
        variant: Name,
        /// Whether that enum holds it behind a pointer.
        boxed: bool,
    },
    /// An enum of several messages.
    Set {
        /// The enum.
        name: Name,
        /// Its variants.
        variants: Vec<Name>,
    },
}

/// A trait for those who reply.
#[derive(Debug)]
pub struct AnswerItem {
    /// Its name.
    pub name: Name,
    /// The wrapper that drives an implementation.
    pub wrapper: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// The enum of what is sent.
    pub command: Name,
    /// The enum of what is received.
    pub event: Name,
    /// What a method returns.
    pub returned: Returned,
    /// A method per request.
    pub methods: Vec<AnswerMethod>,
    /// Whether its methods carry `#[deprecated]`.
    pub deprecated: bool,
}

/// A method that answers a request.
#[derive(Debug)]
pub struct AnswerMethod {
    /// Its name.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// The variant of the request.
    pub variant: Name,
    /// The type of its payload.
    pub payload: TypeRef,
    /// Whether the enum holds it behind a pointer.
    pub boxed: bool,
    /// What each of the replies repeats from it.
    pub repeats: Vec<Option<Repeat>>,
}

/// Where replies go that do not come over the connection of the request.
#[derive(Debug)]
pub struct AddressItem {
    /// The type that says it.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// Where.
    pub target: ReplyTarget,
}

/// An address for replies.
#[derive(Debug)]
pub enum ReplyTarget {
    /// A channel of the document, with its address if that is known.
    Channel(String, Option<String>),
    /// A value in the request, with the type of the headers or payload that it stands in, if that is the same for every
    /// request.
    Request(RuntimeExpression, Option<TypeRef>),
}

impl ReplyItem {
    /// Returns the enums that it mentions.
    pub(crate) fn sets(&self) -> Vec<&Name> {
        match self {
            Self::Call(call) => {
                [&call.command, &call.event, &call.kind].into_iter().chain(call.returned.set()).collect()
            }
            Self::Answer(answer) => [&answer.command, &answer.event].into_iter().chain(answer.returned.set()).collect(),
            Self::Address(_) => Vec::new(),
        }
    }

    /// Returns the types of payloads and headers that it mentions.
    pub(crate) fn payloads(&self) -> Vec<&TypeRef> {
        match self {
            Self::Call(call) => {
                call.methods.iter().map(|method| &method.payload).chain(call.returned.payload()).collect()
            }
            Self::Answer(answer) => {
                answer.methods.iter().map(|method| &method.payload).chain(answer.returned.payload()).collect()
            }
            Self::Address(address) => match &address.target {
                ReplyTarget::Channel(..) => Vec::new(),
                ReplyTarget::Request(_, carrier) => carrier.iter().collect(),
            },
        }
    }
}

impl Returned {
    fn set(&self) -> Option<&Name> {
        match self {
            Self::Payload { .. } => None,
            Self::Set { name, .. } => Some(name),
        }
    }

    fn payload(&self) -> Option<&TypeRef> {
        match self {
            Self::Payload { payload, .. } => Some(payload),
            Self::Set { .. } => None,
        }
    }
}

impl Lowering<'_> {
    pub(super) fn replies(&self) -> Vec<ReplyItem> {
        let operations = self.api.operations.iter().enumerate();
        operations
            .filter_map(|(index, operation)| Some(self.reply(index, operation, operation.reply.as_ref()?)))
            .collect()
    }

    fn reply(&self, index: usize, operation: &Operation, reply: &Reply) -> ReplyItem {
        let name = self.names.operation(index);
        let pointer = operation.origin.location.pointer.as_str();
        let target = match &reply.route {
            ReplyRoute::Connection { set } => {
                let docs = doc::reply(&operation.docs, operation.direction, pointer);
                return match operation.direction {
                    Direction::Sent => ReplyItem::Call(self.call(name, docs, operation, reply, *set)),
                    Direction::Received => ReplyItem::Answer(self.answer(name, docs, operation, reply, *set)),
                };
            }
            ReplyRoute::Channel { key, address } => ReplyTarget::Channel(key.clone(), address.clone()),
            ReplyRoute::Dynamic(expression) => {
                ReplyTarget::Request(expression.clone(), self.carrier(operation, expression))
            }
        };
        let docs = doc::reply_address(pointer);
        ReplyItem::Address(AddressItem { name: Name::new(&format!("{name}ReplyAddress")), docs, target })
    }

    fn call(&self, name: &str, docs: DocComment, operation: &Operation, reply: &Reply, set: usize) -> CallItem {
        let event = Name::new(self.names.set(set));
        let answers = self.api.answers(reply, &self.api.sets[set]).into_iter();
        let methods = operation.messages.iter().map(|index| {
            let (message, variant) = (&self.api.messages[*index], self.names.message(*index));
            CallMethod {
                name: Name::new(&snake(&format!("request_{variant}"))),
                docs: doc::method(&message.docs, variant),
                variant: Name::new(variant),
                payload: self.type_ref(&message.payload),
                boxed: self.is_boxed(&message.payload),
                correlation: message.payload_correlation(),
            }
        });
        CallItem {
            name: Name::new(&format!("{name}Caller")),
            docs,
            command: Name::new(self.names.set(operation.set)),
            kind: event.with_end("Kind"),
            event,
            returned: self.returned(reply),
            answers: answers
                .map(|answer| (Name::new(self.names.message(answer.message)), answer.correlation))
                .collect(),
            methods: methods.collect(),
            deprecated: operation.docs.deprecated,
        }
    }

    fn answer(&self, name: &str, docs: DocComment, operation: &Operation, reply: &Reply, set: usize) -> AnswerItem {
        let places: Option<Vec<String>> =
            reply.messages.iter().map(|index| self.api.messages[*index].payload_correlation()).collect();
        let methods = operation.messages.iter().map(|index| {
            let (message, variant) = (&self.api.messages[*index], self.names.message(*index));
            let docs = doc::method(&message.docs, variant);
            let request = message.payload_correlation();
            let repeats: Vec<Option<Repeat>> =
                reply.messages.iter().map(|index| self.repeat(message, &self.api.messages[*index])).collect();
            let is_done = repeats.iter().all(Option::is_some);
            AnswerMethod {
                name: Name::new(&snake(&format!("answer_{variant}"))),
                docs: doc::answering(docs, request.as_deref(), places.as_deref().unwrap_or_default(), is_done),
                repeats,
                variant: Name::new(variant),
                payload: self.type_ref(&message.payload),
                boxed: self.is_boxed(&message.payload),
            }
        });
        AnswerItem {
            name: Name::new(&format!("{name}Responder")),
            wrapper: Name::new(&format!("{name}Answers")),
            docs,
            command: Name::new(self.names.set(set)),
            event: Name::new(self.names.set(operation.set)),
            returned: self.returned(reply),
            methods: methods.collect(),
            deprecated: operation.docs.deprecated,
        }
    }

    fn returned(&self, reply: &Reply) -> Returned {
        let variants: Vec<Name> = reply.messages.iter().map(|index| Name::new(self.names.message(*index))).collect();
        match (reply.set, variants.as_slice(), reply.messages.as_slice()) {
            (None, [variant], [only]) => {
                let payload = &self.api.messages[*only].payload;
                let boxed = self.is_boxed(payload);
                Returned::Payload { payload: self.type_ref(payload), variant: variant.clone(), boxed }
            }
            (Some(set), ..) => Returned::Set { name: Name::new(self.names.set(set)), variants },
            (None, ..) => unreachable!("several replies have a set of their own"),
        }
    }

    /// The type of the headers or payload that an address stands in, if it is one for all requests.
    fn carrier(&self, operation: &Operation, expression: &RuntimeExpression) -> Option<TypeRef> {
        let mut types = operation.messages.iter().map(|index| {
            let message = &self.api.messages[*index];
            match expression.part {
                MessagePart::Header => message.headers.as_ref(),
                MessagePart::Payload => Some(&message.payload),
            }
        });
        let first: &Type = types.next()??;
        types.all(|other| other == Some(first)).then(|| self.type_ref(first))
    }
}
