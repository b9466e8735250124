//! The part of what a client receives that carries certain values.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::events::Events;
use super::handle::Handle;
use super::subscription::{self, Subscription};
use eventwire_core::{Api, EventSet, Expression, Json, MemberOf, MessagePart};

/// The events of a client that have certain values, such as those of one channel. Made by
/// [`Client::filter`](crate::client::Client::filter).
///
/// Events with other values, or none, are not decoded.
pub struct Filtered<A: Api> {
    handle: Arc<Handle>,
    conditions: Vec<MemberCondition>,
    api: PhantomData<fn() -> A>,
}

impl<A: Api> Filtered<A> {
    pub(crate) fn new(handle: Arc<Handle>, place: Expression, value: Json) -> Self {
        Self { handle, conditions: vec![MemberCondition { place, value }], api: PhantomData }
    }

    /// Returns those events that have another value too.
    #[must_use]
    pub fn filter(&self, place: Expression, value: impl Into<Json>) -> Self {
        let mut narrower = self.clone();
        narrower.conditions.push(MemberCondition { place, value: value.into() });
        narrower
    }

    /// Returns a stream of these events, and of every change of the connection, from now on.
    #[must_use]
    pub fn events(&self) -> Events<A::Event> {
        let conditions = self.conditions.clone();
        Events::wanted(&self.handle, move |text| conditions.iter().all(|condition| condition.is_met_by(text)))
    }

    /// Returns a stream of these events of some kinds, like [`events`](Self::events).
    #[must_use]
    pub fn events_of_kinds(&self, kinds: &[<A::Event as EventSet>::Kind]) -> Events<A::Event> {
        let (kinds, conditions) = (kinds.to_vec(), self.conditions.clone());
        Events::wanted(&self.handle, move |text| {
            A::Event::kind_of(text).is_some_and(|kind| kinds.contains(&kind))
                && conditions.iter().all(|condition| condition.is_met_by(text))
        })
    }

    /// Calls a function for these events of one type, like [`Client::on`](crate::client::Client::on).
    pub fn on<T: MemberOf<A::Event>>(&self, react: impl FnMut(T) + Send + 'static) -> Subscription {
        subscription::start(self.events_of_kinds(&[T::KIND]), subscription::of_type(react))
    }

    /// Calls a function for these events of one kind, like [`Client::on_kind`](crate::client::Client::on_kind).
    pub fn on_kind<F>(&self, kind: <A::Event as EventSet>::Kind, react: F) -> Subscription
    where
        F: FnMut(A::Event) + Send + 'static,
    {
        subscription::start(self.events_of_kinds(&[kind]), react)
    }

    /// Calls a function for these events, like [`Client::on_event`](crate::client::Client::on_event).
    pub fn on_event<F>(&self, react: F) -> Subscription
    where
        F: FnMut(A::Event) + Send + 'static,
    {
        subscription::start(self.events(), react)
    }
}

impl<A: Api> Clone for Filtered<A> {
    fn clone(&self) -> Self {
        Self { handle: Arc::clone(&self.handle), conditions: self.conditions.clone(), api: PhantomData }
    }
}

impl<A: Api> fmt::Debug for Filtered<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").field("api", &A::TITLE).field("conditions", &self.conditions).finish_non_exhaustive()
    }
}

/// A value that an event must carry.
#[derive(Debug, Clone)]
struct MemberCondition {
    place: Expression,
    value: Json,
}

impl MemberCondition {
    fn is_met_by(&self, text: &str) -> bool {
        // What carries no headers meets no condition on them.
        self.place.part() == MessagePart::Payload && self.place.is_at(text, &self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_match_values_at_their_path() {
        let is_met = |place, value: Json, text| MemberCondition { place, value }.is_met_by(text);
        let id = Expression::payload("/id");
        assert!(is_met(id, "a:b".into(), r#"{"x":{"id":"c"},"id":"a\u003ab"}"#));
        assert!(is_met(Expression::payload("/x/id"), 7.into(), r#"{"x":{"id":7},"id":"c"}"#));
        for (place, text) in [
            (id, r#"{"x":{"id":"a:b"},"id":"c"}"#),
            (id, r#"{"id":["a:b"]}"#),
            (id, "{}"),
            (id, "a:b"),
            (Expression::header("/id"), r#"{"id":"a:b"}"#),
        ] {
            assert!(!is_met(place, "a:b".into(), text), "{text}");
        }
    }
}
