//! How the messages of a set are told apart.

use super::{Direction, FieldValue, Message, MessageSet, Shape, Tell, Type, TypeDef};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Decides how a frame is told to be one member of the set.
pub(super) fn decide(
    set: &MessageSet,
    messages: &[Message],
    types: &[TypeDef],
    diagnostics: &mut Diagnostics,
) -> Tell {
    if set.members.len() == 1 && set.fallback.is_none() {
        return Tell::Only;
    }
    let constants: Vec<Vec<(&str, &str)>> =
        set.members.iter().map(|index| constants(&messages[*index].payload, types)).collect();
    let candidates = constants.first().into_iter().flatten().map(|(property, _)| *property);
    for property in candidates {
        let tags: Vec<&str> = constants.iter().filter_map(|known| value(known, property)).collect();
        if tags.len() == constants.len() && distinct(&tags) {
            return Tell::Tag {
                property: property.to_owned(),
                tags: tags.into_iter().map(str::to_owned).collect(),
            };
        }
    }
    if set.direction == Direction::Received {
        diagnostics.push(indistinct(set, messages));
    }
    Tell::Only
}

/// The constant members of a payload.
fn constants<'a>(payload: &Type, types: &'a [TypeDef]) -> Vec<(&'a str, &'a str)> {
    let Type::Named(id) = payload else { return Vec::new() };
    match &types[id.0].shape {
        Shape::Struct(object) => object
            .fields
            .iter()
            .filter_map(|field| match &field.value {
                FieldValue::Constant(value) => Some((field.wire.as_str(), value.as_str())),
                FieldValue::Required(_) | FieldValue::Optional(_) => None,
            })
            .collect(),
        Shape::Alias(inner) => constants(inner, types),
        Shape::Enum(_) => Vec::new(),
    }
}

fn value<'a>(constants: &[(&'a str, &'a str)], property: &str) -> Option<&'a str> {
    constants.iter().find(|(name, _)| *name == property).map(|(_, value)| *value)
}

fn distinct(tags: &[&str]) -> bool {
    let mut sorted = tags.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair[0] != pair[1])
}

fn indistinct(set: &MessageSet, messages: &[Message]) -> Diagnostic {
    let mut members = set.members.iter().map(|index| &messages[*index]);
    let diagnostic = Diagnostic::new(Code::IndistinctMessages, "the messages of a channel cannot be told apart")
        .help("give every payload a required property with one `const` value of its own, such as `type`");
    match (members.next(), members.next()) {
        (Some(first), Some(second)) => diagnostic
            .at(second.origin.span, format!("`{}` has no constant that sets it apart", second.key))
            .and(first.origin.span, format!("from `{}`", first.key)),
        _ => diagnostic,
    }
}
