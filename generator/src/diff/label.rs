//! What people call what the documents hold.

use eventwire_document::ir::{Field, Literal, Scalar, Type, TypeId};

use super::Side;
use super::values::ResolvedType;

impl Side {
    /// A set.
    pub(super) fn set_label(&self, set: usize) -> String {
        format!("`{}`", self.names.set(set))
    }

    /// A member.
    pub(super) fn member_label(&self, owner: TypeId, field: &Field) -> String {
        format!("`{}` of `{}`", field.wire, self.type_path(owner))
    }

    /// A type.
    pub(super) fn spelled(&self, used: &Type) -> String {
        let resolved = self.resolve(used);
        let bare = match resolved.base {
            ResolvedType::Named(id) => format!("`{}`", self.type_path(id)),
            ResolvedType::Array(inner) => format!("a list of {}", self.spelled(inner)),
            ResolvedType::Map(inner) => format!("a map of {}", self.spelled(inner)),
            ResolvedType::Scalar(scalar) => word(scalar).to_owned(),
            ResolvedType::External(path) => format!("`{path}`"),
        };
        if resolved.nullable { format!("{bare} or `null`") } else { bare }
    }
}

/// A scalar in words.
fn word(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Null => "`null`",
        Scalar::Bool => "a boolean",
        Scalar::I8 => "an integer of 8 bits",
        Scalar::I16 => "an integer of 16 bits",
        Scalar::I32 => "an integer of 32 bits",
        Scalar::I64 => "an integer",
        Scalar::U8 => "an unsigned integer of 8 bits",
        Scalar::U16 => "an unsigned integer of 16 bits",
        Scalar::U32 => "an unsigned integer of 32 bits",
        Scalar::U64 => "an unsigned integer of 64 bits",
        Scalar::Number => "a number",
        Scalar::String => "a string",
        Scalar::Timestamp => "a time",
        Scalar::JsonObject => "an object",
        Scalar::Json => "anything",
    }
}

/// Text of a document as code: it cannot end it, and nothing in it is invisible.
pub(super) fn quoted(text: &str) -> String {
    let mut code = String::from('`');
    for c in text.chars() {
        match c {
            '`' => code.push('\''),
            '"' | '\'' | '\\' => code.push(c),
            c => code.extend(c.escape_debug()),
        }
    }
    code.push('`');
    code
}

/// A constant.
pub(super) fn shown(literal: &Literal) -> String {
    quoted(&literal.to_text())
}
