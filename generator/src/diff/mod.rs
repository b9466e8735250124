//! What changed between two documents: on the wire, and for code that uses the generated crate.
//!
//! Comes in: two [`Side`]s, each a document that was read, named and lowered. Goes out: a [`Diff`], a list of [`Change`]s
//! with places in both documents and two verdicts. The wire verdict follows from the IR: `pair` finds what corresponds
//! to what, `reads` says whether a reader of one document takes what a writer of the other sends. The source verdict
//! follows from the lowered items: `surface` lists everything of a crate's public API that code can rely on, and what of
//! the old list the new crate does not have is a [`Break`]. Texts are never compared, so prose, order, files and
//! formatting are not changes.

mod api_part;
mod change_kind;
mod comparison;
mod compatibility;
mod condition;
mod connect;
mod constraint;
mod git;
mod join;
mod key;
mod label;
mod matching;
mod message;
mod pair;
mod report;
mod signature;
mod surface;
mod union;
mod values;
mod version;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use eventwire_document::config::Config;
use eventwire_document::diagnostic::{FileId, Files, Position, Positions, Span};
use eventwire_document::ir::{Api, Shape, TypeId};
use eventwire_document::source::{DisplayRoot, Sources};

use crate::name::Names;
use crate::rust::Crate;

pub use api_part::{ApiPart, Meaning};
pub use change_kind::ChangeKind;
#[doc(inline)]
pub use eventwire_document::ir::Usage;
pub use git::{GitError, GitLoader};
pub use version::Bump;

use comparison::FoundChange;
use key::Entity;
use signature::Item;
use values::Tags;

/// A document that was read, with everything that is decided about its crate.
#[derive(Debug)]
pub struct Side {
    api: Api,
    names: Names,
    items: Crate,
    config: Config,
    files: Texts,
    /// The types by their names.
    by_name: BTreeMap<String, TypeId>,
    /// Tables of rules of declared types, which are compared separately.
    declared: BTreeSet<usize>,
    /// The tags and names of the sets, and the tags of the unions.
    set_tags: Vec<Tags>,
    set_names: BTreeSet<String>,
    union_tags: BTreeMap<TypeId, Tags>,
}

/// The files of a side, by [`FileId`].
#[derive(Debug, Clone, Default)]
struct Texts {
    /// The path and the text of each; the document is the first.
    files: Vec<(String, String)>,
    /// Whether they are those of a commit.
    committed: bool,
}

impl Files for Texts {
    fn path(&self, file: FileId) -> &str {
        self.files.get(file.index()).map_or("", |(path, _)| path)
    }

    fn text(&self, file: FileId) -> &str {
        self.files.get(file.index()).map_or("", |(_, text)| text)
    }
}

impl Side {
    /// Creates a side from a lowered crate; `base` is the folder that paths are relative to.
    pub(crate) fn new(
        api: Api,
        names: Names,
        mut items: Crate,
        config: Config,
        sources: &Sources,
        base: &DisplayRoot,
    ) -> Self {
        // The crate re-exports shared types.
        items.types.append(&mut items.shared);
        let ids = || (0..api.types.len()).map(TypeId);
        let shapes = || ids().map(|id| (id, &api.get(id).shape));
        let declared = shapes().filter(|(_, shape)| !matches!(shape, Shape::Alias(_)));
        let tables = declared.filter_map(|(id, _)| api.rules.types.get(id.0).copied().flatten());
        let unions = shapes().filter_map(|(id, shape)| match shape {
            Shape::Union(union) => Some((id, Tags::of(&union.dispatch))),
            Shape::Struct(_) | Shape::Enum(_) | Shape::Tuple(_) | Shape::Alias(_) | Shape::Newtype(_) => None,
        });
        let files = sources.files();
        let files = files.map(|(id, path)| (base.path(path), sources.text(id).to_owned()));
        Self {
            files: Texts { files: files.collect(), committed: base.is_committed() },
            by_name: ids().map(|id| (names.type_name(id).to_owned(), id)).collect(),
            declared: tables.collect(),
            set_tags: api.sets.iter().map(|set| Tags::of(&set.dispatch)).collect(),
            set_names: (0..api.sets.len()).map(|index| names.set(index).to_owned()).collect(),
            union_tags: unions.collect(),
            api,
            names,
            items,
            config,
        }
    }
}

/// How a reader reads what a writer sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// It is what the reader's document describes.
    Understood,
    /// It decodes, but the reader's document does not describe it: an unknown message, a value that is not listed, a
    /// constraint that is not kept. A peer that checks more than the generated crate may refuse it.
    Tolerated,
    /// It does not decode.
    Refused,
}

impl Reading {
    /// Returns the word for it in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Understood => "understood",
            Self::Tolerated => "tolerated",
            Self::Refused => "refused",
        }
    }
}

/// The wire verdict of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wire {
    /// How a reader of the old document reads what the new one describes.
    pub old_reads_new: Reading,
    /// How a reader of the new document reads what the old one describes.
    pub new_reads_old: Reading,
}

impl Wire {
    const SAME: Self = Self { old_reads_new: Reading::Understood, new_reads_old: Reading::Understood };

    /// Returns the worse of both.
    #[must_use]
    pub fn worst(self) -> Reading {
        self.old_reads_new.max(self.new_reads_old)
    }

    /// The worse of two for each reader.
    fn max(self, other: Self) -> Self {
        Self::new(self.old_reads_new.max(other.old_reads_new), self.new_reads_old.max(other.new_reads_old))
    }

    const fn new(old_reads_new: Reading, new_reads_old: Reading) -> Self {
        Self { old_reads_new, new_reads_old }
    }
}

/// A place in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLocation {
    /// The file, as the user knows it.
    pub path: String,
    /// The JSON pointer in it.
    pub pointer: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    span: Span,
}

impl SourceLocation {
    fn new(entity: &Entity, files: &Texts, positions: &mut Positions<'_, Texts>) -> Self {
        let Entity { location, span, .. } = entity;
        // If the span is in another file than the location, it is that of a reference; the span is shown to users.
        let Position { line, column } = positions.start(*span);
        let (path, pointer) = (files.path(span.file).to_owned(), location.pointer.to_string());
        Self { path, pointer, line, column, span: *span }
    }
}

/// Something of the old crate's public API that the new one does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The path of the item from the crate root: `Message::new`.
    pub item: ApiPart,
    /// What it was.
    pub was: Meaning,
    /// What it is now; `None` where it was removed.
    pub is: Option<Meaning>,
    /// The same as a sentence. Many changes can share a break, so it is written once.
    sentence: String,
}

impl Break {
    fn new(item: ApiPart, was: Meaning, is: Option<Meaning>) -> Self {
        let sentence = report::source(&item, &was, is.as_ref());
        Self { item, was, is, sentence }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of change it is.
    pub rule: ChangeKind,
    /// What changed, in a line.
    pub message: String,
    /// Where it stands in the old document; `None` for what is new.
    pub old: Option<SourceLocation>,
    /// Where it stands in the new document; `None` for what is gone.
    pub new: Option<SourceLocation>,
    /// For what is gone: what it was a part of, in the new document, where that is still there.
    pub around: Option<SourceLocation>,
    /// Its directions, from the point of view of the generated crate; neither, if no message uses it.
    pub directions: Usage,
    /// What it means for peers.
    pub wire: Wire,
    /// What it breaks in code that uses the crate.
    pub source: Vec<Arc<Break>>,
}

impl Change {
    /// Returns whether some peer fails on what another sends.
    #[must_use]
    pub fn breaks_wire(&self) -> bool {
        self.wire.worst() == Reading::Refused && (self.directions.received || self.directions.sent)
    }

    /// Returns whether code against the old crate may not compile against the new one.
    #[must_use]
    pub fn breaks_source(&self) -> bool {
        !self.source.is_empty()
    }

    /// Returns what it means for peers and code together.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let travels = self.directions.received || self.directions.sent;
        if self.breaks_wire() || self.breaks_source() {
            Verdict::Breaking
        } else if travels && self.wire.worst() == Reading::Tolerated {
            Verdict::Tolerated
        } else {
            Verdict::Compatible
        }
    }
}

/// The overall verdict of a change, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Peers or code fail on it.
    Breaking,
    /// Peers decode what their document does not describe.
    Tolerated,
    /// Nobody has to know of it.
    Compatible,
}

impl Verdict {
    /// Returns the word for it in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Tolerated => "tolerated",
            Self::Compatible => "compatible",
        }
    }
}

/// What changed between two documents.
#[derive(Debug, Clone, Default)]
pub struct Diff {
    /// The changes: those of messages and types in the order of the new document, then the others.
    pub changes: Vec<Change>,
    /// The version of the old crate.
    pub version: String,
    /// The version of the new crate.
    pub new_version: String,
    old: Texts,
    new: Texts,
}

impl Diff {
    /// Compares two documents.
    ///
    /// ```
    /// use eventwire_codegen::diff::Diff;
    /// use eventwire_codegen::{Config, MemoryLoader, Workspace};
    ///
    /// let side = |payload: &str| {
    ///     let document = format!(
    ///         "asyncapi: 2.6.0\ninfo: {{ title: Chat, version: '1' }}\nchannels:\n  room:\n    subscribe:\n      message:\n        \
    ///          name: said\n        payload: {payload}\n"
    ///     );
    ///     let loader: MemoryLoader = [("chat.yaml", document)].into_iter().collect();
    ///     Workspace::new(&Config::for_document("chat.yaml"), &loader).side().0
    /// };
    /// let old = side("{ type: object, properties: { text: { type: string } } }").unwrap();
    /// let new = side("{ type: object, properties: { text: { type: integer } } }").unwrap();
    /// let diff = Diff::new(&old, &new);
    /// assert!(diff.changes[0].breaks_wire() && diff.changes[0].breaks_source());
    /// assert!(Diff::new(&old, &old).changes.is_empty());
    /// ```
    #[must_use]
    pub fn new(old: &Side, new: &Side) -> Self {
        let found = pair::changes(old, new);
        let breaks = surface::breaks(old, new, &found.renames);
        let changes = join::join(old, found.changes, breaks);
        let mut positions = (Positions::new(&old.files), Positions::new(&new.files));
        let changes = changes.into_iter().map(|found| Change::placed(found, old, new, &mut positions)).collect();
        let [version, new_version] = [old, new].map(|side| side.config.package.version.clone());
        Self { changes, version, new_version, old: old.files.clone(), new: new.files.clone() }
    }

    /// Returns whether some change breaks peers.
    #[must_use]
    pub fn breaks_wire(&self) -> bool {
        self.changes.iter().any(Change::breaks_wire)
    }

    /// Returns whether some change breaks code.
    #[must_use]
    pub fn breaks_source(&self) -> bool {
        self.changes.iter().any(Change::breaks_source)
    }
}

impl Change {
    /// Looks up the places of a change.
    fn placed(
        found: FoundChange,
        old: &Side,
        new: &Side,
        (before, now): &mut (Positions<'_, Texts>, Positions<'_, Texts>),
    ) -> Change {
        let FoundChange {
            rule,
            message,
            source,
            directions,
            wire,
            around,
            old: old_anchor,
            new: new_anchor,
            explains: _,
        } = found;
        let around = around.map(|entity| SourceLocation::new(&entity, &new.files, now));
        let old = old_anchor.map(|entity| SourceLocation::new(&entity, &old.files, before));
        let new = new_anchor.map(|entity| SourceLocation::new(&entity, &new.files, now));
        Change { rule, message, old, new, around, directions, wire, source }
    }
}

/// Renamed items: the old item and the new one.
type ItemRenames = BTreeMap<Item, Item>;
