//! The state of building types.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Documentation, NameSource, Origin, Scalar, Shape, Type, TypeDef, TypeId, TypeRole, Usage};
use crate::asyncapi::Document;
use crate::config::Config;
use crate::diagnostic::Diagnostics;
use crate::schema::{Intersection, SchemaId, Schemas, TypeSet};
use crate::source::{Pointer, Sources};

/// The state of building types.
pub(super) struct Builder<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) types: Vec<TypeDef>,
    pub(super) document: &'a Document,
    pub(super) sources: &'a Sources,
    pub(super) config: &'a Config,
    pub(super) replaced: BTreeSet<&'a str>,
    pub(super) components: BTreeMap<SchemaId, TypeId>,
    pub(super) known: BTreeMap<SchemaId, Type>,
    /// The messages that give payloads and headers their names, whether or not something else refers to these as well.
    pub(super) parts: BTreeMap<SchemaId, NameSource>,
    /// Types without a key, by the schemas that they are the intersection of.
    pub(super) anonymous: BTreeMap<(Vec<SchemaId>, Vec<SchemaId>, TypeSet), Type>,
    pub(super) referenced: BTreeSet<SchemaId>,
    /// Types that references lead to and that are still to be declared: chains of them are longer than a stack is deep.
    pub(super) open: VecDeque<(TypeId, Intersection)>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        document: &'a Document,
        schemas: &'a Schemas,
        sources: &'a Sources,
        config: &'a Config,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            sources,
            config,
            replaced: BTreeSet::new(),
            schemas,
            diagnostics,
            types: Vec::new(),
            document,
            components: BTreeMap::new(),
            known: BTreeMap::new(),
            parts: BTreeMap::new(),
            anonymous: BTreeMap::new(),
            referenced: schemas.referenced(),
            open: VecDeque::new(),
        }
    }

    /// The Rust type that the settings, or else the document, put in the place of a schema.
    pub(super) fn replacement(&mut self, id: SchemaId) -> Option<Type> {
        let schema = self.schemas.get(id);
        let pointer = schema.location.pointer.as_str();
        if let Some(shared) = self.config.shared.as_ref().filter(|_| self.sources.is_shared(schema.location.file)) {
            let path = shared.config.replace.get(pointer).or(schema.rare().rust_type.as_ref());
            return path.cloned().map(Type::External);
        }
        let Some((known, path)) = self.config.replace.get_key_value(pointer) else {
            return schema.rare().rust_type.clone().map(Type::External);
        };
        self.replaced.insert(known);
        Some(Type::External(path.clone()))
    }

    /// Reports the replacements that no schema asked for.
    pub(super) fn report_unused(&mut self) {
        for pointer in self.config.replace.keys().filter(|pointer| !self.replaced.contains(pointer.as_str())) {
            let known = self.document.schemas.iter().map(|(_, id)| self.schemas.get(*id).location.pointer.as_str());
            self.diagnostics.push(self.config.unused_setting(&["replace", pointer], "schema that is used", known));
        }
    }

    pub(super) fn reserve(&mut self, id: SchemaId, name: NameSource) -> TypeId {
        self.types.push(TypeDef {
            origin: self.origin(id),
            name,
            docs: Documentation::default(),
            shape: Shape::Alias(Type::Scalar(Scalar::Json)),
            usage: Usage::default(),
            role: TypeRole::Nested,
            schemas: Vec::new(),
            without_unions: Vec::new(),
            shared: false,
        });
        TypeId(self.types.len() - 1)
    }

    pub(super) fn origin(&self, id: SchemaId) -> Origin {
        let schema = self.schemas.get(id);
        // At a property, a name in lower case is the field's.
        let is_type = |name: &&String| name.starts_with(char::is_uppercase) || !is_property(&schema.location.pointer);
        let name = schema.rare().rust_name.as_ref().filter(is_type).cloned();
        Origin { location: schema.location.clone(), span: schema.span, name }
    }
}

/// Whether a place is that of a property's schema.
pub(super) fn is_property(pointer: &Pointer) -> bool {
    pointer.parent().is_some_and(|parent| parent.last().is_some_and(|key| key == "properties"))
}
