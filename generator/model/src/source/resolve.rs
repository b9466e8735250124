//! Following a `$ref`.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::diagnostic::{Code, Diagnostic, FileId, Span};

use super::node::{Kind, Node};
use super::pointer::{Location, Pointer, percent_decode};
use super::reference::{Reference, ReferencedDocument};
use super::{AccessDenied, FileFailure, Sources};

/// How many other references the way to a target may pass.
const MAX_PASSED: usize = 64;

/// What a `$ref` leads to.
#[derive(Clone, Debug)]
pub struct Target<'s> {
    /// The value. It may be a `$ref` in turn.
    pub node: &'s Node,
    /// Where it really is: if the way to it passes another `$ref`, that one's target is on it.
    pub location: Location,
    /// What to point at: the key that holds it, or the value itself where it has none.
    pub span: Span,
}

/// Why a `$ref` leads to nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResolveError {
    /// What failed.
    pub kind: ResolveErrorKind,
    /// The reference that failed.
    pub reference: String,
    /// Whether that is another reference, which the one to be resolved passes.
    pub passed: bool,
}

/// The kinds of [`ResolveError`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ResolveErrorKind {
    /// There is no such file.
    FileMissing {
        /// Its path.
        path: String,
    },
    /// The file cannot be read, or no tree can be made of it.
    FileUnreadable {
        /// Its path.
        path: String,
        /// Continues a sentence that starts with the path.
        reason: String,
        /// The place where reading failed.
        at: Option<Span>,
    },
    /// The file is outside of the folders that may be read.
    Outside {
        /// Its path.
        path: String,
        /// The folder of the document.
        folder: String,
    },
    /// A URL has no entry in `[vendor]`.
    NotVendored {
        /// The URL without fragment.
        url: String,
    },
    /// What follows `#` is not a JSON pointer.
    Fragment,
    /// The file has no such value.
    TargetMissing(Box<MissingTarget>),
    /// The way leads back to itself.
    Cycle,
}

/// How far a reference leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MissingTarget {
    /// The longest beginning of the way that exists.
    pub found: Location,
    /// Where that is.
    pub at: Span,
    /// The kind of value there, with its article.
    pub kind: &'static str,
    /// The key or index that is not there.
    pub segment: String,
    /// The way as it may have been meant.
    pub suggestion: Option<Pointer>,
    /// Whether that leads through a key with `/`, of which the reference has no more than the beginning as a segment.
    pub unescaped: bool,
    /// The keys that are there, if they are few.
    pub keys: Vec<String>,
}

impl Sources {
    /// Returns what a `$ref` in a file leads to.
    ///
    /// Where the way passes an object that is itself a `$ref`, it continues in what that leads to: many documents refer
    /// to `#/channels/a/messages/b` although `a` is a reference.
    ///
    /// # Errors
    ///
    /// When the file could not be read, or when it has no such value.
    pub fn resolve<'s>(&'s self, from: FileId, reference: &str) -> Result<Target<'s>, ResolveError> {
        self.follow(from, reference, &mut 0)
    }

    fn follow<'s>(&'s self, from: FileId, reference: &str, passed: &mut usize) -> Result<Target<'s>, ResolveError> {
        let inner = *passed > 0;
        let error = |kind| ResolveError { kind, reference: reference.to_owned(), passed: inner };
        if *passed > MAX_PASSED {
            return Err(error(ResolveErrorKind::Cycle));
        }
        let parts = Reference::parse(reference);
        let file = self.find(from, &parts).map_err(error)?;
        let Some(pointer) = Pointer::from_fragment(parts.fragment) else {
            return Err(error(ResolveErrorKind::Fragment));
        };
        let mut walk = PointerWalk::start(self, file, &pointer);
        let mut rest = pointer.segments();
        while let Some(segment) = rest.next() {
            while !walk.step(&segment) {
                *passed += 1;
                match walk.node.get("$ref").and_then(Node::as_str) {
                    Some(other) => walk.jump(self.follow(walk.from.file, other, passed)?),
                    None => return Err(error(walk.missing(&segment, rest))),
                }
            }
        }
        Ok(Target { node: walk.node, location: walk.location(), span: walk.at })
    }

    fn find(&self, from: FileId, reference: &Reference<'_>) -> Result<FileId, ResolveErrorKind> {
        if matches!(reference.document, ReferencedDocument::Same) {
            return self.readable(from);
        }
        let from = &self.files[from.index()].path;
        let path = match self.access.path(from, &reference.document) {
            Ok(path) => path,
            Err(AccessDenied::Outside(path)) => return Err(self.outside(path)),
            Err(AccessDenied::NotVendored(url)) => return Err(ResolveErrorKind::NotVendored { url }),
        };
        match self.by_path.get(&path) {
            Some(Ok(file)) => self.readable(*file),
            Some(Err(FileFailure::Outside)) => Err(self.outside(path)),
            Some(Err(FileFailure::Unreadable(reason))) => {
                Err(ResolveErrorKind::FileUnreadable { path, reason: reason.clone(), at: None })
            }
            // A reference that no file contains was not tried.
            Some(Err(FileFailure::Missing)) | None => Err(ResolveErrorKind::FileMissing { path }),
        }
    }

    fn outside(&self, path: String) -> ResolveErrorKind {
        let folder = self.access.folders.first().cloned().unwrap_or_default();
        ResolveErrorKind::Outside { path, folder }
    }

    fn readable(&self, id: FileId) -> Result<FileId, ResolveErrorKind> {
        let file = &self.files[id.index()];
        match &file.fault {
            None => Ok(id),
            Some(fault) => Err(ResolveErrorKind::FileUnreadable {
                path: file.path.clone(),
                reason: format!("cannot be read: {}", fault.message),
                at: fault.primary.as_ref().map(|label| label.span),
            }),
        }
    }
}

/// How far a reference was followed.
struct PointerWalk<'s, 'p> {
    node: &'s Node,
    /// The key that led here, or the value if there was none.
    at: Span,
    /// What the reference says.
    pointer: &'p Pointer,
    /// The root of the file, or where another reference led to.
    from: Location,
    /// How many segments of the pointer were followed, and how many of them on the way to `from`.
    followed: usize,
    before: usize,
}

impl<'s, 'p> PointerWalk<'s, 'p> {
    fn start(sources: &'s Sources, file: FileId, pointer: &'p Pointer) -> Self {
        let node = sources.tree(file);
        Self { node, at: node.span, pointer, from: Location::root(file), followed: 0, before: 0 }
    }

    /// Where this is.
    fn location(&self) -> Location {
        let segments = self.pointer.segments();
        let at_root = self.before == 0 && self.from.pointer == Pointer::root();
        if at_root && segments.clone().count() == self.followed {
            // What most references come to.
            return Location { file: self.from.file, pointer: self.pointer.clone() };
        }
        let since = segments.take(self.followed).skip(self.before);
        since.fold(self.from.clone(), |here, segment| here.child(segment))
    }

    fn jump(&mut self, target: Target<'s>) {
        self.node = target.node;
        self.at = self.node.span;
        self.from = target.location;
        self.before = self.followed;
    }

    fn step(&mut self, segment: &str) -> bool {
        let (next, at) = match &self.node.kind {
            Kind::Object(object) => match object.member(segment) {
                Some(member) => (&member.value, member.key_span),
                None => return false,
            },
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => {
                match self.node.step(segment) {
                    Some(element) => (element, element.span),
                    None => return false,
                }
            }
        };
        (self.node, self.at) = (next, at);
        self.followed += 1;
        true
    }

    fn missing<'r>(self, segment: &str, rest: impl Iterator<Item = Cow<'r, str>>) -> ResolveErrorKind {
        let keys: Vec<&str> = match &self.node.kind {
            Kind::Object(object) => object.keys().collect(),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => Vec::new(),
        };
        let found = self.location();
        let rest: Vec<Cow<'_, str>> = rest.collect();
        let unescaped = with_slash(segment, &rest, &keys);
        // How many segments the key stands for.
        let meant = match unescaped {
            Some(key) => Some((key, key.matches('/').count())),
            None => closest(segment, &keys).map(|key| (key, 0)),
        };
        let suggestion = meant.map(|(key, more)| {
            let walk = found.pointer.child(key);
            rest.iter().skip(more).fold(walk, |walk, segment| walk.child(segment))
        });
        let few = keys.len() <= 8;
        ResolveErrorKind::TargetMissing(Box::new(MissingTarget {
            at: self.at,
            kind: self.node.kind_name(),
            segment: segment.to_owned(),
            suggestion,
            unescaped: unescaped.is_some(),
            keys: (keys.into_iter().filter(|_| few)).map(str::to_owned).collect(),
            found,
        }))
    }
}

/// Returns the key with `/` that a segment and those after it were probably meant to be, the longest one of several.
fn with_slash<'k>(segment: &str, rest: &[Cow<'_, str>], keys: &[&'k str]) -> Option<&'k str> {
    let begun = keys.iter().filter(|key| key.strip_prefix(segment).is_some_and(|more| more.starts_with('/')));
    begun.copied().min_by_key(|key| {
        let slashes = key.matches('/').count();
        let written = rest.iter().take(slashes).fold(segment.to_owned(), |written, next| written + "/" + next);
        (strsim::damerau_levenshtein(&written, key), Reverse(slashes))
    })
}

/// Returns the key that a segment was probably meant to be.
#[must_use]
pub fn closest<'k>(segment: &str, keys: &[&'k str]) -> Option<&'k str> {
    let distance = |key: &str| {
        let folded = strsim::damerau_levenshtein(&segment.to_lowercase(), &key.to_lowercase());
        (folded, strsim::damerau_levenshtein(segment, key))
    };
    let limit = segment.chars().count().max(3) / 3;
    keys.iter()
        .map(|&key| (distance(key), key))
        .filter(|((folded, _), _)| *folded <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, key)| key)
}

impl ResolveError {
    /// Returns the diagnostic for the user; `reference` is the place of the `$ref`'s value.
    #[must_use]
    pub fn to_diagnostic(&self, reference: Span) -> Diagnostic {
        let diagnostic = self.explain(reference);
        if self.passed {
            diagnostic.note(format!("the reference passes another one, `{}`", self.reference))
        } else {
            diagnostic
        }
    }

    fn explain(&self, reference: Span) -> Diagnostic {
        match &self.kind {
            ResolveErrorKind::FileMissing { path } => {
                Diagnostic::new(Code::ReferenceFileMissing, format!("`{path}` does not exist"))
                    .at(reference, "this names the file")
                    .note("the path is relative to the folder of the file that contains it")
            }
            ResolveErrorKind::FileUnreadable { path, reason, at } => {
                let message = format!("`{path}` {reason}");
                let diagnostic =
                    Diagnostic::new(Code::ReferenceFileUnreadable, message).at(reference, "this names the file");
                match at {
                    Some(at) => diagnostic.and(*at, "reading fails here"),
                    None => diagnostic,
                }
            }
            ResolveErrorKind::Outside { path, folder } => outside(path, folder, reference),
            ResolveErrorKind::NotVendored { url } => {
                let message = format!("there is no local copy of `{url}`");
                Diagnostic::new(Code::ReferenceNotVendored, message)
                    .at(reference, "nothing is fetched from the network")
                    .help(vendor_entry(url))
            }
            ResolveErrorKind::Fragment => {
                let message = format!("`{}` has no JSON pointer after `#`", self.reference);
                let diagnostic = Diagnostic::new(Code::ReferenceFragment, message);
                match percent_decode(Reference::parse(&self.reference).fragment) {
                    None => diagnostic
                        .at(reference, "here `%` does not begin a percent-encoded character of UTF-8")
                        .help("write two hexadecimal digits after each `%`, and `%25` for `%` itself"),
                    Some(pointer) if pointer.starts_with('/') => diagnostic
                        .at(reference, "here `~` is followed by neither `0` nor `1`")
                        .help("write `~0` for `~` itself, and `~1` for a `/` in a key"),
                    Some(_) => diagnostic.at(reference, "expected `#/`, then keys separated by `/`"),
                }
            }
            ResolveErrorKind::TargetMissing(target) => self.target_missing(target, reference),
            ResolveErrorKind::Cycle => Diagnostic::new(Code::ReferenceCycle, "the reference leads back to itself")
                .at(reference, "this never reaches a value"),
        }
    }

    fn target_missing(&self, target: &MissingTarget, reference: Span) -> Diagnostic {
        let MissingTarget { found, at, kind, segment, suggestion, unescaped, keys } = target;
        let found = match found.pointer.to_string() {
            root if root.is_empty() => "the document".to_owned(),
            pointer => format!("`{pointer}`"),
        };
        let message = format!("`{}` does not exist", self.reference);
        let diagnostic = Diagnostic::new(Code::ReferenceTargetMissing, message)
            .at(reference, format!("{found} has no `{segment}`"))
            .and(*at, format!("{found} is here, {kind}"));
        match suggestion {
            Some(pointer) => {
                let file = self.reference.split('#').next().unwrap_or_default();
                // The pointer becomes a fragment, where `%` starts an encoded character.
                let fragment = pointer.to_string().replace('%', "%25");
                let help = if *unescaped {
                    format!("in a pointer `/` in a key is written `~1`: `{file}#{fragment}`")
                } else {
                    format!("did you mean `{file}#{fragment}`?")
                };
                diagnostic.help(help)
            }
            None if keys.is_empty() => diagnostic,
            None => {
                let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
                diagnostic.note(format!("it has {}", keys.join(", ")))
            }
        }
    }
}

/// Returns the lines of the settings that map a URL to a local copy.
#[must_use]
pub fn vendor_entry(url: &str) -> String {
    let path = url.split_once("://").map_or(url, |(_, path)| path);
    let path = path.split('?').next().unwrap_or(path).trim_end_matches('/');
    format!("save the file and map its URL to it in the settings:\n[vendor]\n\"{url}\" = \"vendor/{path}\"")
}

fn outside(path: &str, folder: &str, reference: Span) -> Diagnostic {
    let folder = match folder {
        "" => "the folder of the document".to_owned(),
        folder => format!("`{folder}`, the folder of the document"),
    };
    let message = format!("`{path}` is outside of {folder}");
    Diagnostic::new(Code::ReferenceOutside, message)
        .at(reference, "this names the file")
        .help("move the file into the folder, or write `allow-outside = true` in the settings")
}
