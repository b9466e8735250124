//! Whether a schema certainly accepts or rejects a form, without writing its rules.

use super::view::{Form, View, always, value};
use crate::ir::{AdditionalProperties, Literal, Scalar, Shape, TypeDef};
use crate::schema::{JsonType, Schema, SchemaId, Schemas, TypeSet};
use crate::source::Node;

/// How deep properties are followed: differences between types are usually near the root.
const DEEPEST: usize = 6;

/// Looks things up.
#[derive(Clone, Copy)]
pub(super) struct Excluder<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) types: &'a [TypeDef],
}

impl Excluder<'_> {
    /// Whether no value of a view satisfies a schema.
    pub(super) fn refuses(self, id: SchemaId, view: &View) -> bool {
        self.refuses_all(id, view, DEEPEST)
    }

    fn refuses_all(self, id: SchemaId, view: &View, depth: usize) -> bool {
        let null = !view.null || self.null(id, depth) == Some(false);
        depth > 0 && null && view.forms.iter().all(|form| self.refuses_form(id, form, depth - 1))
    }

    fn refuses_form(self, id: SchemaId, form: &Form, depth: usize) -> bool {
        let schema = self.schemas.get(id);
        let only = View::only(form.clone());
        let own = schema.never
            || !schema.nullable && schema.types.as_ref().is_some_and(|types| disjoint(form, types.value))
            || schema.rare().values.as_ref().is_some_and(|values| is_other(form, &values.value))
            || self.lacks(schema, form, depth);
        let mut parts = schema.reference.iter().chain(&schema.all_of);
        let none = |branches: &[SchemaId]| {
            !branches.is_empty() && branches.iter().all(|branch| self.refuses_all(*branch, &only, depth))
        };
        own || parts.any(|part| self.refuses_all(*part, &only, depth))
            || none(&schema.rare().one_of)
            || none(&schema.rare().any_of)
    }

    /// Whether a member that all values of a struct have, or that none has, is not what a schema asks for.
    fn lacks(self, schema: &Schema, form: &Form, depth: usize) -> bool {
        let Form::Struct(id) = form else { return false };
        let Shape::Struct(object) = &self.types[id.0].shape else { return false };
        let has = |name: &str| object.fields.iter().any(|field| field.wire == name);
        let missing = object.rest == AdditionalProperties::None && schema.required.iter().any(|name| !has(&name.value));
        missing
            || schema.properties.iter().any(|property| {
                always(object, &property.name)
                    .is_some_and(|held| self.refuses_all(property.schema, &value(held, object, self.types), depth))
            })
    }

    /// Whether a schema accepts `null`, where that is known.
    pub(super) fn takes_null(self, id: SchemaId) -> Option<bool> {
        self.null(id, DEEPEST)
    }

    fn null(self, id: SchemaId, depth: usize) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        let schema = self.schemas.get(id);
        if schema.nullable {
            return Some(true);
        }
        let types = schema.types.as_ref().is_none_or(|types| types.value.contains(JsonType::Null));
        let values = schema.rare().values.as_ref().is_none_or(|values| values.value.iter().any(Node::is_null));
        if schema.never || !types || !values {
            return Some(false);
        }
        let parts: Vec<Option<bool>> =
            schema.reference.iter().chain(&schema.all_of).map(|part| self.null(*part, depth)).collect();
        if parts.contains(&Some(false)) {
            return Some(false);
        }
        for branches in [&schema.rare().one_of, &schema.rare().any_of] {
            if !branches.is_empty() && branches.iter().all(|branch| self.null(*branch, depth) == Some(false)) {
                return Some(false);
            }
        }
        let plain =
            schema.rare().one_of.is_empty() && schema.rare().any_of.is_empty() && schema.rare().conditions.is_empty();
        (plain && !parts.contains(&None)).then_some(true)
    }
}

/// Whether values of a form have none of the types.
fn disjoint(form: &Form, types: TypeSet) -> bool {
    form.types().is_some_and(|own| {
        let number = |set: TypeSet| set.contains(JsonType::Number) || set.contains(JsonType::Integer);
        let shared = own.iter().any(|json_type| types.contains(json_type));
        !(shared || number(own) && number(types))
    })
}

/// Whether a form is one value, and not one of these; or of another type than all of these.
fn is_other(form: &Form, values: &[Node]) -> bool {
    match form {
        Form::Literal(literal) => !values.iter().any(|value| is(literal, value)),
        Form::Scalar(Scalar::Json) | Form::Any => false,
        Form::Scalar(_) | Form::Struct(_) | Form::Tuple(_) | Form::Array(_) | Form::Map(_) => {
            let types: TypeSet = values.iter().map(crate::schema::json_type).collect();
            disjoint(form, types)
        }
    }
}

/// Whether a literal is a value.
pub(super) fn is(literal: &Literal, value: &Node) -> bool {
    match literal {
        Literal::Text(text) => value.as_str() == Some(text),
        Literal::Integer(number) => value.as_i64() == Some(*number),
        Literal::Bool(flag) => value.as_bool() == Some(*flag),
    }
}
