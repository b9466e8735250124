//! Alternatives: `oneOf`, `anyOf`, lists of types; and arrays by position.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::{Branch, Literal, Origin, Position, Scalar, Shape, Tuple, Type, TypeId, Union, finalize, shape};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::schema::{Additional, Intersection, IntersectionItems, JsonType, SchemaId, Spanned, TypeSet, UnionGroup};

/// What gives a branch its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamedBy {
    /// Something in it, or its key.
    Content,
    /// The kind of value that it is, or the only member that it must have.
    Kind,
    /// Its position among others of its kind.
    Position,
}

impl Builder<'_> {
    /// The type of a union that has one branch besides `null`; `None` when it has more.
    pub(super) fn only_branch(&mut self, intersection: &Intersection, parent: TypeId, member: &str) -> Option<Type> {
        let [group] = intersection.unions.as_slice() else {
            return self.several_groups(intersection);
        };
        let mut real = Vec::new();
        let mut null = false;
        for branch in &group.branches {
            let inner = self.schemas.flatten(&[*branch], self.diagnostics);
            if shape::is_null(&inner) { null = true } else { real.push(*branch) }
        }
        let [only] = real.as_slice() else { return None };
        let used = self.branch(intersection, group, *only, parent, member);
        Some(if null { make_nullable(used) } else { used })
    }

    /// Whether a union has several branches besides `null`.
    pub(super) fn has_branches(&mut self, intersection: &Intersection) -> bool {
        let [group] = intersection.unions.as_slice() else { return false };
        let flattened = group.branches.iter().map(|branch| self.schemas.flatten(&[*branch], self.diagnostics));
        flattened.filter(|branch| !shape::is_null(branch)).count() != 1
    }

    /// Two unions that apply at once have no Rust type; what is sent stays raw JSON.
    fn several_groups(&mut self, intersection: &Intersection) -> Option<Type> {
        let owner = intersection.unions.last()?.owner;
        let diagnostic = Diagnostic::new(Code::RawJson, "several `oneOf` or `anyOf` apply at once")
            .at(self.schemas.get(owner).span, "kept as raw JSON")
            .help("nothing is lost: read it with `eventwire::Json::decode`, or list the combinations in one `oneOf`");
        self.diagnostics.push(diagnostic);
        Some(Type::Scalar(Scalar::Json))
    }

    /// The type of one branch, together with what stands beside the union.
    fn branch(
        &mut self,
        intersection: &Intersection,
        group: &UnionGroup,
        branch: SchemaId,
        parent: TypeId,
        member: &str,
    ) -> Type {
        let beside = self.schemas.flatten_without(&intersection.parts, &[group.owner], self.diagnostics);
        if self.is_vacuous_branch(&beside) {
            return self.use_of(&[branch], parent, member);
        }
        let parts: Vec<SchemaId> = intersection.parts.iter().copied().chain([branch]).collect();
        let mut merged = self.schemas.flatten_without(&parts, &[group.owner], self.diagnostics);
        // The branch says what it is; the union's own words are on the union.
        merged.annotations = self.schemas.flatten(&[branch], self.diagnostics).annotations;
        self.declare_inline(&merged, branch, parent, member)
    }

    /// Whether what stands beside a union is no more than its type.
    fn is_vacuous_branch(&self, beside: &Intersection) -> bool {
        beside.properties.is_empty()
            && beside.required.is_empty()
            && beside.patterns.is_empty()
            && beside.values.is_none()
            && beside.items == IntersectionItems::Unstated
            && beside.unions.is_empty()
            && matches!(self.schemas.additional(beside), Additional::Unstated | Additional::Any)
    }

    pub(super) fn union(&mut self, intersection: &Intersection, target: TypeId) -> Shape {
        let Some(group) = intersection.unions.first().cloned() else { return Shape::Alias(Type::Scalar(Scalar::Json)) };
        let mut branches: Vec<Branch> = Vec::new();
        let mut null = false;
        let names = self.inline_names(&group.branches);
        for (branch, inline) in group.branches.iter().zip(names) {
            let key = self.schemas.definition(&[*branch]).and_then(|definition| self.key(definition));
            let (name, by) = key.map_or(inline, |key| (key, NamedBy::Content));
            let inner = self.schemas.flatten(&[*branch], self.diagnostics);
            if shape::is_null(&inner) {
                null = true;
                continue;
            }
            let value = self.branch(intersection, &group, *branch, target, &name);
            if branches.iter().any(|known| known.value == value) {
                continue;
            }
            if value == Type::Named(target) {
                let diagnostic = Diagnostic::new(Code::ReferenceCycle, "an alternative is the union that contains it")
                    .at(self.schemas.get(*branch).span, "this is the union itself")
                    .help("remove this alternative: it allows nothing that the others do not");
                self.diagnostics.push(diagnostic);
                continue;
            }
            let tag = intersection.discriminator.as_ref().and_then(|property| self.tag(&property.value, *branch));
            let (name, by) = named_after(&value).map_or((name, by), |name| (name.to_owned(), NamedBy::Content));
            let origin = self.origin(*branch);
            if by == NamedBy::Position && origin.name.is_none() {
                self.report_positional(&name, &origin);
            }
            branches.push(Branch { name, unnamed: by != NamedBy::Content, origin, value, tag });
        }
        if null {
            let value = Type::Scalar(Scalar::Null);
            let name = "Null".to_owned();
            branches.push(Branch { name, unnamed: false, origin: self.origin(group.owner), value, tag: None });
        }
        Shape::Union(Union { branches, dispatch: finalize::UNDECIDED })
    }

    fn report_positional(&mut self, name: &str, origin: &Origin) {
        let pointer = origin.location.pointer.as_str();
        if self.config.rename.contains_key(pointer) {
            return;
        }
        let diagnostic = Diagnostic::new(Code::PositionalName, "an alternative has no name")
            .at(origin.span, format!("it is `{name}`, after its position"))
            .help("give it a `title`, or move it to `components.schemas`")
            .help(format!("or name it in the settings:\n[rename]\n{pointer:?} = \"…\""));
        self.diagnostics.push(diagnostic);
    }

    /// The discriminator of a branch and its value: by the specification, the name of the schema.
    fn tag(&self, property: &str, branch: SchemaId) -> Option<(String, Literal)> {
        let key = self.schemas.definition(&[branch]).and_then(|definition| self.key(definition))?;
        Some((property.to_owned(), Literal::Text(key)))
    }

    /// Words for the branches of a union, apart from their keys: what names one, or what kind of value it is.
    pub(super) fn inline_names(&self, branches: &[SchemaId]) -> Vec<(String, NamedBy)> {
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        let name = |(index, branch): (usize, &SchemaId)| {
            if let Some(named) = self.inner_name(*branch) {
                return named;
            }
            let intersection = self.schemas.flatten(&[*branch], &mut Diagnostics::default());
            let Some(word) = shape::word(&intersection) else {
                return (format!("Variant{}", index + 1), NamedBy::Position);
            };
            if self.schemas.get(*branch).reference.is_some() {
                return (word.to_owned(), NamedBy::Kind);
            }
            let count = kinds.entry(word).or_default();
            *count += 1;
            if *count == 1 { (word.to_owned(), NamedBy::Kind) } else { (format!("{word}{count}"), NamedBy::Position) }
        };
        branches.iter().enumerate().map(name).collect()
    }

    /// The name that something in a branch gives to it.
    fn inner_name(&self, branch: SchemaId) -> Option<(String, NamedBy)> {
        // What is wrong with the branch is reported where it becomes a type.
        let mut silent = Diagnostics::default();
        let intersection = self.schemas.flatten(&[branch], &mut silent);
        if let Some(title) = &intersection.annotations.title {
            return Some((title.clone(), NamedBy::Content));
        }
        let constant = intersection.properties.iter().find_map(|property| {
            let inner = self.schemas.flatten(&property.schemas, &mut silent);
            match shape::constant(&inner) {
                Some(Literal::Text(text)) => Some(text),
                Some(Literal::Integer(_) | Literal::Bool(_)) | None => None,
            }
        });
        // An object around one member is how many tools write a variant.
        let only = || match (intersection.properties.as_slice(), intersection.required.as_slice()) {
            ([property], [required]) if property.name == required.value => Some((property.name.clone(), NamedBy::Kind)),
            _ => None,
        };
        constant.map(|constant| (constant, NamedBy::Content)).or_else(only)
    }

    /// A union of JSON types.
    pub(super) fn types(&mut self, intersection: &Intersection, target: TypeId) -> Union {
        let span = intersection.types.as_ref().map(|types| types.span);
        let mut branches: Vec<Branch> = Vec::new();
        let types = shape::stated(intersection).without(JsonType::Null);
        for json_type in types.iter() {
            let mut one = intersection.clone();
            let own_span = span.unwrap_or(self.types[target.0].origin.span);
            one.types = Some(Spanned { value: TypeSet::default().with(json_type), span: own_span });
            one.nullable = false;
            one.values = None;
            let Some(origin) = intersection.parts.last() else { continue };
            let name = json_type.name().to_owned();
            let value = self.declare_inline(&one, *origin, target, &name);
            branches.push(Branch { name, unnamed: false, origin: self.origin(*origin), value, tag: None });
        }
        Union { branches, dispatch: finalize::UNDECIDED }
    }

    pub(super) fn tuple(&mut self, intersection: &Intersection, target: TypeId) -> Shape {
        let IntersectionItems::Tuple { positions, rest } = &intersection.items else {
            return Shape::Alias(Type::Scalar(Scalar::Json));
        };
        let bound = |keyword: &str| {
            let found = intersection
                .constraints
                .iter()
                .filter(|(name, _)| name == keyword)
                .filter_map(|(_, value)| value.as_u64());
            found.max().and_then(|bound| usize::try_from(bound).ok())
        };
        let least = bound("minItems").unwrap_or(0);
        let most = bound("maxItems").unwrap_or(usize::MAX);
        let mut listed = Vec::new();
        for (index, id) in positions.iter().enumerate() {
            let inner = self.schemas.flatten(&[*id], self.diagnostics);
            let optional = index >= least;
            let constant = shape::constant(&inner).filter(|_| !optional);
            // A constant needs no type of its own.
            let value = match &constant {
                Some(Literal::Text(_)) => Type::Scalar(Scalar::String),
                Some(Literal::Integer(_)) => Type::Scalar(Scalar::I64),
                Some(Literal::Bool(_)) => Type::Scalar(Scalar::Bool),
                None => self.use_of(&[*id], target, &format!("item{}", index + 1)),
            };
            listed.push(Position { value, optional, constant });
        }
        let closed = rest.is_some_and(|rest| self.schemas.get(rest).never) || most <= positions.len();
        let rest = match rest {
            _ if closed => None,
            Some(rest) => Some(self.use_of(&[*rest], target, "rest")),
            None => Some(Type::Scalar(Scalar::Json)),
        };
        Shape::Tuple(Tuple { positions: listed, rest })
    }
}

/// What a branch without a declaration of its own is called.
fn named_after(value: &Type) -> Option<&'static str> {
    match value {
        Type::Named(_) | Type::External(_) => None,
        Type::Boxed(_, inner) | Type::Nullable(inner) => named_after(inner),
        Type::Array(_) => Some("Array"),
        Type::Map(_) => Some("Map"),
        Type::Scalar(scalar) => Some(match scalar {
            Scalar::Null => "Null",
            Scalar::Bool => "Boolean",
            Scalar::I8
            | Scalar::I16
            | Scalar::I32
            | Scalar::I64
            | Scalar::U8
            | Scalar::U16
            | Scalar::U32
            | Scalar::U64 => "Integer",
            Scalar::Number => "Number",
            Scalar::String => "String",
            Scalar::Timestamp => "Timestamp",
            Scalar::JsonObject => "Object",
            Scalar::Json => "Json",
        }),
    }
}

pub(super) fn make_nullable(used: Type) -> Type {
    match used {
        Type::Nullable(_) | Type::Scalar(Scalar::Null | Scalar::Json) => used,
        Type::Named(_) | Type::Boxed(..) | Type::Array(_) | Type::Map(_) | Type::Scalar(_) | Type::External(_) => {
            Type::Nullable(Box::new(used))
        }
    }
}
