//! Structs, enums and aliases.

use eventwire_document::config::DateTime;
use eventwire_document::ir::{
    AdditionalProperties, Branch, Dispatch, Enum, FieldValue, Indirection, Literal, NameSource, Scalar, Shape, Struct,
    Tuple, Type, TypeDef, TypeId, TypeRole, Union,
};

use super::{DocComment, Lowering, MAP, Name, PathScope, TypeRef, doc, path};
use crate::name::{UNKNOWN, UNRECOGNIZED, shouting};

/// A type of the document.
#[derive(Debug)]
pub enum TypeItem {
    /// A struct.
    Struct(StructItem),
    /// An open enum of strings.
    Enum(EnumItem),
    /// An enum of types.
    Union(UnionItem),
    /// A tuple struct.
    Tuple(TupleItem),
    /// A type alias.
    Alias(AliasItem),
}

impl TypeItem {
    /// Returns its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        match self {
            Self::Struct(item) => &item.name,
            Self::Enum(item) => &item.name,
            Self::Union(item) => &item.name,
            Self::Tuple(item) => &item.name,
            Self::Alias(item) => &item.name,
        }
    }
}

/// A struct.
#[derive(Debug)]
pub struct StructItem {
    /// Its name.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// Whether users only receive it.
    pub received_only: bool,
    /// Members with one possible value.
    pub constants: Vec<ConstantItem>,
    /// The other members.
    pub fields: Vec<FieldItem>,
    /// The type of the field that keeps members the document does not name; `None` when there are none to keep.
    pub extra: Option<TypeRef>,
    /// The type that those members must have, where the document says so.
    pub rest: Option<TypeRef>,
}

/// A member with one possible value.
#[derive(Debug)]
pub struct ConstantItem {
    /// The associated constant.
    pub name: Name,
    /// Its name on the wire.
    pub wire: String,
    /// Its value.
    pub value: Literal,
}

/// A field of a struct.
#[derive(Debug)]
pub struct FieldItem {
    /// Its name.
    pub name: Name,
    /// Its name on the wire.
    pub wire: String,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// The type of its value, without what its presence adds.
    pub value: TypeRef,
    /// The declared type.
    pub declared: TypeRef,
    /// Whether it can be missing or `null`.
    pub presence: Presence,
    /// The only value that the document lists for it, where it can be missing: what a new struct has there.
    pub initial: Option<TypeRef>,
}

/// Whether a field can be missing or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always there.
    Required,
    /// Can be missing; a `null` is remembered beside the unknown members.
    Optional,
    /// Can be missing and can be `null`.
    Maybe,
}

/// An open enum of strings.
#[derive(Debug)]
pub struct EnumItem {
    /// Its name.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// Whether users only receive it.
    pub received_only: bool,
    /// The listed values.
    pub variants: Vec<VariantItem>,
    /// The variant for values that are not listed.
    pub unrecognized: Name,
    /// What that variant holds.
    pub text: TypeRef,
}

/// One value of an enum.
#[derive(Debug)]
pub struct VariantItem {
    /// Its name.
    pub name: Name,
    /// The string on the wire.
    pub wire: String,
}

/// An enum of types.
#[derive(Debug)]
pub struct UnionItem {
    /// Its name.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// Whether users only receive it.
    pub received_only: bool,
    /// Its variants.
    pub variants: Vec<UnionVariant>,
    /// How they are distinguished.
    pub dispatch: Dispatch,
    /// The variant for tags that the document does not list, and what it holds; only for dispatch by a tag.
    pub unknown: Option<(Name, TypeRef)>,
}

/// One type of a union.
#[derive(Debug)]
pub struct UnionVariant {
    /// Its name.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// What it holds.
    pub value: TypeRef,
    /// A type that converts into it: the value without its pointer, if no other variant has it.
    pub from: Option<TypeRef>,
    /// The pointer that it holds the value behind.
    pub pointer: Option<&'static str>,
}

/// A tuple struct: an array by position, or a type around another.
#[derive(Debug)]
pub struct TupleItem {
    /// Its name.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// Its form on the wire.
    pub form: TupleForm,
}

/// What a tuple struct is on the wire.
#[derive(Debug)]
pub enum TupleForm {
    /// The value that it holds.
    Newtype(TypeRef),
    /// An array.
    Array {
        /// What stands at each position.
        positions: Vec<PositionItem>,
        /// What may follow.
        rest: Option<TypeRef>,
        /// The declared types of the fields.
        fields: Vec<TypeRef>,
    },
}

/// One position of an array.
#[derive(Debug)]
pub enum PositionItem {
    /// Always the same.
    Constant(Literal),
    /// A value of this type.
    Required(TypeRef),
    /// A value of this type, or the end of the array.
    Optional(TypeRef),
}

/// A type alias.
#[derive(Debug)]
pub struct AliasItem {
    /// Its name.
    pub name: Name,
    /// Its docs, a line each.
    pub docs: DocComment,
    /// What it stands for.
    pub target: TypeRef,
}

/// Whether users receive a type and never make one: then more may be added to it.
fn is_received_only(definition: &TypeDef) -> bool {
    definition.usage.received && !definition.usage.sent
}

/// The module that has the types of a role.
fn module(role: TypeRole) -> &'static str {
    match role {
        TypeRole::Nested => "types",
        TypeRole::Payload => "messages",
    }
}

/// Types by the file, or the crate, that declares them; each list is sorted by name.
pub(super) struct Declared {
    pub(super) types: Vec<TypeItem>,
    pub(super) payloads: Vec<TypeItem>,
    pub(super) shared: Vec<TypeItem>,
}

impl Lowering<'_> {
    /// All types.
    pub(super) fn types(&self) -> Declared {
        let (mut types, mut payloads, mut shared) = (Vec::new(), Vec::new(), Vec::new());
        for (index, definition) in self.api.types.iter().enumerate() {
            let items = match (definition.shared, definition.role) {
                (true, _) => &mut shared,
                (false, TypeRole::Nested) => &mut types,
                (false, TypeRole::Payload) => &mut payloads,
            };
            items.push(self.type_item(TypeId(index), definition));
        }
        for items in [&mut types, &mut payloads, &mut shared] {
            items.sort_by(|left, right| left.name().cmp(right.name()));
        }
        shared.dedup_by(|left, right| left.name() == right.name());
        // An alias of a shared type that has its name too is that type.
        types.retain(|item| shared.iter().all(|shared| shared.name() != item.name()));
        Declared { types, payloads, shared }
    }

    fn type_item(&self, id: TypeId, definition: &TypeDef) -> TypeItem {
        let name = Name::new(self.names.type_name(id));
        let place = match (definition.origin.location.pointer.as_str(), &definition.name) {
            // A file that is a schema.
            ("", NameSource::Key { key, .. }) => key,
            (pointer, _) => pointer,
        };
        let target = match &definition.shape {
            Shape::Alias(target) | Shape::Newtype(target) => Some(target),
            Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Union(_) => None,
        };
        let docs = doc::item(&definition.docs, target, place);
        match &definition.shape {
            Shape::Struct(object) => TypeItem::Struct(self.structure(id, definition, object, name, docs)),
            Shape::Enum(list) => TypeItem::Enum(EnumItem {
                name,
                docs,
                deprecated: definition.docs.deprecated,
                received_only: is_received_only(definition),
                variants: self.variants(id, list),
                unrecognized: Name::new(UNRECOGNIZED),
                text: TypeRef::new(path(self.names, "String")),
            }),
            Shape::Alias(target) => TypeItem::Alias(AliasItem { name, docs, target: self.type_ref(target) }),
            Shape::Newtype(inner) => {
                let form = TupleForm::Newtype(self.type_ref(inner));
                TypeItem::Tuple(TupleItem { name, docs, deprecated: definition.docs.deprecated, form })
            }
            Shape::Tuple(tuple) => {
                let form = self.array(tuple);
                TypeItem::Tuple(TupleItem { name, docs, deprecated: definition.docs.deprecated, form })
            }
            Shape::Union(union) => TypeItem::Union(UnionItem {
                name,
                docs,
                deprecated: definition.docs.deprecated,
                received_only: is_received_only(definition),
                variants: self.branches(id, union),
                dispatch: union.dispatch.clone(),
                unknown: match &union.dispatch {
                    Dispatch::Tag { .. } => Some((Name::new(UNKNOWN), TypeRef::new(path(self.names, "Json")))),
                    Dispatch::Single | Dispatch::Structural { .. } => None,
                },
            }),
        }
    }

    fn array(&self, tuple: &Tuple) -> TupleForm {
        let positions = tuple.positions.iter().map(|position| match &position.constant {
            Some(constant) => PositionItem::Constant(constant.clone()),
            None if position.optional => PositionItem::Optional(self.type_ref(&position.value)),
            None => PositionItem::Required(self.type_ref(&position.value)),
        });
        let positions: Vec<PositionItem> = positions.collect();
        let rest = tuple.rest.as_ref().map(|rest| self.type_ref(rest));
        let declared = positions.iter().filter_map(|position| match position {
            PositionItem::Constant(_) => None,
            PositionItem::Required(value) => Some(value.clone()),
            PositionItem::Optional(value) => Some(TypeRef::generic(path(self.names, "Option"), &[value])),
        });
        let fields =
            declared.chain(rest.iter().map(|rest| TypeRef::generic(path(self.names, "Vec"), &[rest]))).collect();
        TupleForm::Array { positions, rest, fields }
    }

    fn branches(&self, id: TypeId, union: &Union) -> Vec<UnionVariant> {
        let variant = |(index, branch): (usize, &Branch)| {
            let (bare, pointer) = match &branch.value {
                Type::Boxed(Indirection::Plain, inner) => (inner.as_ref(), Some("Box")),
                Type::Boxed(Indirection::Erased, inner) => (inner.as_ref(), Some("Erased")),
                other => (other, None),
            };
            let same =
                union.branches.iter().filter(|other| self.behind(&other.value) == self.behind(&branch.value)).count();
            UnionVariant {
                name: Name::new(self.names.value(id, index)),
                docs: self.branch_docs(&branch.value),
                value: self.type_ref(&branch.value),
                from: (same == 1).then(|| self.type_ref(bare)),
                pointer,
            }
        };
        union.branches.iter().enumerate().map(variant).collect()
    }

    /// What a use of a type stands for once pointers and aliases are looked through.
    pub(super) fn behind<'t>(&'t self, used: &'t Type) -> &'t Type {
        match used {
            Type::Boxed(_, inner) => self.behind(inner),
            Type::Named(id) => match &self.api.get(*id).shape {
                Shape::Alias(inner) => self.behind(inner),
                Shape::Struct(_) | Shape::Enum(_) | Shape::Union(_) | Shape::Tuple(_) | Shape::Newtype(_) => used,
            },
            Type::Nullable(_) | Type::Array(_) | Type::Map(_) | Type::Scalar(_) | Type::External(_) => used,
        }
    }

    /// The declared type that a use of a type stands for.
    pub(super) fn declared(&self, used: &Type) -> Option<TypeId> {
        if let Type::Named(id) = self.behind(used) { Some(*id) } else { None }
    }

    fn branch_docs(&self, value: &Type) -> DocComment {
        let named = |id| doc::summary(&self.api.get(id).docs, self.names.type_name(id));
        self.declared(value).map_or_else(|| doc::kind(self.behind(value)), named)
    }

    fn variants(&self, id: TypeId, list: &Enum) -> Vec<VariantItem> {
        let variant = |(index, value): (usize, &eventwire_document::ir::EnumValue)| VariantItem {
            name: Name::new(self.names.value(id, index)),
            wire: value.wire.clone(),
        };
        list.values.iter().enumerate().map(variant).collect()
    }

    fn structure(&self, id: TypeId, definition: &TypeDef, object: &Struct, name: Name, docs: DocComment) -> StructItem {
        let (extra, rest) = match &object.rest {
            AdditionalProperties::Any => (Some(TypeRef::new(path(self.names, "UnknownFields"))), None),
            AdditionalProperties::Typed(value) => {
                (Some(TypeRef::new(path(self.names, "UnknownFields"))), Some(self.type_ref(value)))
            }
            AdditionalProperties::None => (None, None),
        };
        let fixed = object.fields.iter().filter(|field| matches!(field.value, FieldValue::Constant(_))).count();
        let mut constants = Vec::with_capacity(fixed);
        let mut fields = Vec::with_capacity(object.fields.len() - fixed);
        for (index, field) in object.fields.iter().enumerate() {
            let own = self.names.field(id, index);
            let (value, presence) = match &field.value {
                FieldValue::Constant(value) => {
                    constants.push(ConstantItem {
                        name: Name::new(&shouting(own.trim_start_matches("r#"))),
                        wire: field.wire.clone(),
                        value: value.clone(),
                    });
                    continue;
                }
                FieldValue::Required(value) => (value, Presence::Required),
                FieldValue::Optional(Type::Nullable(value)) => (value.as_ref(), Presence::Maybe),
                FieldValue::Optional(value) => (value, Presence::Optional),
            };
            let docs = doc::field(&field.docs, Some(value), &field.wire, own);
            let value = self.type_ref(value);
            let declared = match presence {
                Presence::Required => value.clone(),
                Presence::Optional => TypeRef::generic(path(self.names, "Option"), &[&value]),
                Presence::Maybe => TypeRef::generic(path(self.names, "Maybe"), &[&value]),
            };
            fields.push(FieldItem {
                name: Name::new(own),
                wire: field.wire.clone(),
                docs,
                deprecated: field.docs.deprecated,
                value,
                declared,
                presence,
                initial: self.initial(&field.value),
            });
        }
        let received_only = is_received_only(definition);
        StructItem { name, docs, deprecated: definition.docs.deprecated, received_only, constants, fields, extra, rest }
    }

    /// The only value of an optional field: a tag that the document does not require is still to be sent.
    fn initial(&self, value: &FieldValue) -> Option<TypeRef> {
        let FieldValue::Optional(used @ Type::Named(id)) = value else { return None };
        let Shape::Enum(list) = &self.api.get(*id).shape else { return None };
        let [_] = list.values.as_slice() else { return None };
        Some(TypeRef::new(format!("{}::{}", self.type_ref(used), self.names.value(*id, 0))))
    }

    /// A use of a type.
    pub(super) fn type_ref(&self, used: &Type) -> TypeRef {
        let mut text = String::new();
        self.write(used, &mut text);
        TypeRef::new(text)
    }

    fn write(&self, used: &Type, text: &mut String) {
        match used {
            Type::Named(id) => {
                if matches!(self.scope, PathScope::Root) {
                    text.extend([module(self.api.get(*id).role), "::"]);
                }
                text.push_str(self.names.type_name(*id));
            }
            Type::Boxed(Indirection::Plain, inner) => self.generic("Box", inner, text),
            Type::Boxed(Indirection::Erased, inner) => self.generic("Erased", inner, text),
            Type::Nullable(inner) => self.generic("Option", inner, text),
            Type::Array(inner) => self.generic("Vec", inner, text),
            Type::Map(inner) => {
                text.extend([self.path(MAP), "<", self.path("String"), ", "]);
                self.write(inner, text);
                text.push('>');
            }
            Type::Scalar(scalar) => text.push_str(self.scalar(*scalar)),
            // The settings were checked to hold a path.
            Type::External(path) => text.push_str(TypeRef::of_tokens(path.parse().unwrap_or_default()).as_str()),
        }
    }

    fn generic(&self, name: &'static str, inner: &Type, text: &mut String) {
        text.extend([self.path(name), "<"]);
        self.write(inner, text);
        text.push('>');
    }

    fn date_time(&self) -> &'static str {
        match self.date_time {
            DateTime::Eventwire => self.path("Timestamp"),
            DateTime::Text => self.path("String"),
            DateTime::Jiff => "eventwire::jiff::Timestamp",
            DateTime::Chrono => "eventwire::chrono::DateTime<eventwire::chrono::FixedOffset>",
            DateTime::Time => "eventwire::time::OffsetDateTime",
        }
    }

    fn scalar(&self, scalar: Scalar) -> &'static str {
        match scalar {
            Scalar::Null => "()",
            Scalar::Bool => "bool",
            Scalar::I8 => "i8",
            Scalar::I16 => "i16",
            Scalar::I32 => "i32",
            Scalar::I64 => "i64",
            Scalar::U8 => "u8",
            Scalar::U16 => "u16",
            Scalar::U32 => "u32",
            Scalar::U64 => "u64",
            Scalar::String => self.path("String"),
            Scalar::Number => self.path("Number"),
            Scalar::Timestamp => self.date_time(),
            Scalar::JsonObject => self.path("JsonObject"),
            Scalar::Json => self.path("Json"),
        }
    }
}
