//! Values that a reply repeats from its request, as fields of both payloads.

use eventwire_document::ir::{FieldValue, Message, Scalar, Shape, Type};

use super::types::Presence;
use super::{Lowering, Name};

/// A value that a reply repeats from its request.
#[derive(Debug)]
pub struct Repeat {
    /// The way to it in the request.
    pub request: Vec<FieldStep>,
    /// The way to it in the reply; only the last step can be absent.
    pub reply: Vec<FieldStep>,
    /// Whether the value is copied rather than cloned.
    pub copy: bool,
}

/// A field on the way to a value.
#[derive(Debug)]
pub struct FieldStep {
    /// The field.
    pub field: Name,
    /// Whether something is there.
    pub presence: Presence,
}

impl Lowering<'_> {
    /// What a reply repeats from a request; nothing where either says no place, or the place is not a field of one type
    /// in both. Members around the reply's place that can be absent are not made up.
    pub(super) fn repeat(&self, request: &Message, reply: &Message) -> Option<Repeat> {
        let (from, value) = self.find_path(&request.payload, &request.payload_correlation()?)?;
        let (to, same) = self.find_path(&reply.payload, &reply.payload_correlation()?)?;
        let (_, around) = to.split_last()?;
        let is_there = around.iter().all(|step| step.presence == Presence::Required);
        (is_there && value == same).then(|| Repeat { request: from, reply: to, copy: is_copy(value) })
    }

    /// The fields on the way to a place in a payload, and the type there.
    fn find_path<'t>(&'t self, payload: &'t Type, pointer: &str) -> Option<(Vec<FieldStep>, &'t Type)> {
        let mut steps = Vec::new();
        let mut here = self.behind(payload);
        let mut is_boxed = false;
        for segment in pointer.split('/').skip(1) {
            let wire = segment.replace("~1", "/").replace("~0", "~");
            let Type::Named(id) = here else { return None };
            let Shape::Struct(object) = &self.api.get(*id).shape else { return None };
            let index = object.fields.iter().position(|field| field.wire == wire)?;
            let (presence, value) = match &object.fields[index].value {
                FieldValue::Constant(_) => return None,
                FieldValue::Required(Type::Nullable(value)) => (Presence::Optional, value.as_ref()),
                FieldValue::Required(value) => (Presence::Required, value),
                FieldValue::Optional(Type::Nullable(value)) => (Presence::Maybe, value.as_ref()),
                FieldValue::Optional(value) => (Presence::Optional, value),
            };
            steps.push(FieldStep { field: Name::new(self.names.field(*id, index)), presence });
            is_boxed = matches!(value, Type::Boxed(..));
            here = self.behind(value);
        }
        (!steps.is_empty() && !is_boxed).then_some((steps, here))
    }
}

fn is_copy(value: &Type) -> bool {
    matches!(value, Type::Scalar(Scalar::Null | Scalar::Bool))
        || matches!(value, Type::Scalar(scalar) if scalar.range().is_some())
}
