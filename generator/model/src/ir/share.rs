//! Which types of different documents are the same: those that are made of the same schemas of the same files.

use super::TypeDef;
use super::shape::stated;
use crate::diagnostic::Diagnostics;
use crate::schema::{SchemaId, Schemas, TypeSet};
use crate::source::Sources;

/// The schemas that a type is made of, by file and JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    parts: Vec<SchemaLocation>,
    unions: Vec<SchemaLocation>,
    types: TypeSet,
}

/// The path of a file, and a JSON pointer.
type SchemaLocation = (String, String);

/// Returns the identity of a type whose schemas all stand in shared files; `None` for any other.
#[must_use]
pub fn identity(definition: &TypeDef, schemas: &Schemas, sources: &Sources) -> Option<Identity> {
    // What only refers to a schema stands for it.
    let ids = schemas.definition(&definition.schemas).map_or_else(|| definition.schemas.clone(), |only| vec![only]);
    let shared = |id: &SchemaId| sources.is_shared(schemas.get(*id).location.file);
    if ids.is_empty() || !ids.iter().all(shared) {
        return None;
    }
    let intersection = schemas.flatten_without(&ids, &definition.without_unions, &mut Diagnostics::default());
    let place = |id: SchemaId| {
        let location = &schemas.get(id).location;
        (sources.path_of(location.file).to_owned(), location.pointer.to_string())
    };
    Some(Identity {
        parts: intersection.parts.iter().map(|id| place(*id)).collect(),
        unions: intersection.unions.iter().map(|group| place(group.owner)).collect(),
        types: stated(&intersection),
    })
}
