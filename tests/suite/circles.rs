//! No files of the runtime or the generator use each other in a circle.
//!
//! A file uses another one when a path in its code leads to an item that is defined there; re-exports are followed. A module
//! and its own children count as one, so a child may use what its module defines. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Item, UseTree};

/// Which module of a crate, counted from the root.
type Id = usize;

/// The segments of a path in code.
type Segments = Vec<String>;

/// A module, with what its names mean.
struct Module {
    file: PathBuf,
    parent: Option<Id>,
    children: BTreeMap<String, Id>,
    /// Items that are defined here.
    items: BTreeSet<String>,
    /// Names that are imported or exported again, and where they lead; `*` for all names there.
    imports: Vec<(String, Segments)>,
    /// All paths in its code.
    paths: Vec<Segments>,
}

/// The modules of one crate; the first is its root.
struct Crate {
    modules: Vec<Module>,
}

impl Crate {
    fn read(root: &Path) -> Self {
        let mut this = Self { modules: Vec::new() };
        let text = fs::read_to_string(root).unwrap();
        this.add(root.to_owned(), root.parent().unwrap(), None, syn::parse_file(&text).unwrap().items);
        this
    }

    /// Adds a module whose children are files in `folder`.
    fn add(&mut self, file: PathBuf, folder: &Path, parent: Option<Id>, items: Vec<Item>) -> Id {
        let id = self.modules.len();
        self.modules.push(Module {
            file,
            parent,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            imports: Vec::new(),
            paths: Vec::new(),
        });
        for item in items {
            if attributes(&item).iter().any(is_test) {
                continue;
            }
            match item {
                Item::Mod(module) => {
                    let name = module.ident.to_string();
                    let within = folder.join(&name);
                    let child = if let Some((_, items)) = module.content {
                        self.add(self.modules[id].file.clone(), &within, Some(id), items)
                    } else {
                        let files = [folder.join(format!("{name}.rs")), within.join("mod.rs")];
                        let file = files.into_iter().find(|file| file.exists()).unwrap();
                        let items = syn::parse_file(&fs::read_to_string(&file).unwrap()).unwrap().items;
                        self.add(file, &within, Some(id), items)
                    };
                    self.modules[id].children.insert(name, child);
                }
                Item::Use(import) => {
                    if import.leading_colon.is_none() {
                        self.import(id, &mut Vec::new(), &import.tree);
                    }
                }
                item => {
                    if let Some(name) = defined(&item) {
                        let exported =
                            attributes(&item).iter().any(|attribute| attribute.path().is_ident("macro_export"));
                        self.modules[if exported { 0 } else { id }].items.insert(name);
                    }
                    paths(item.into_token_stream(), &[], &mut self.modules[id].paths);
                }
            }
        }
        id
    }

    fn import(&mut self, id: Id, before: &mut Segments, tree: &UseTree) {
        let mut add = |name: String, path: Segments| {
            self.modules[id].paths.push(path.clone());
            self.modules[id].imports.push((name, path));
        };
        let with = |last: &syn::Ident| [&**before, &[last.to_string()]].concat();
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(id, before, &path.tree);
                before.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(id, before, tree)),
            UseTree::Name(name) if name.ident == "self" => {
                add(before.last().cloned().unwrap_or_default(), before.clone());
            }
            UseTree::Name(name) => add(name.ident.to_string(), with(&name.ident)),
            UseTree::Rename(rename) => add(rename.rename.to_string(), with(&rename.ident)),
            UseTree::Glob(_) => add("*".to_owned(), before.clone()),
        }
    }

    /// The module that defines what a path in a module leads to, unless that is outside of the crate.
    fn resolve(&self, module: Id, path: &[String], seen: &mut BTreeSet<(Id, usize)>) -> Option<Id> {
        let Some((first, rest)) = path.split_first() else { return Some(module) };
        match first.as_str() {
            "crate" => self.find(0, rest, seen),
            "self" => self.find(module, rest, seen),
            "super" => self.resolve(self.modules[module].parent?, rest, seen),
            _ => self.find(module, path, seen),
        }
    }

    /// The same for a path that begins with a name in the module.
    fn find(&self, module: Id, path: &[String], seen: &mut BTreeSet<(Id, usize)>) -> Option<Id> {
        let Some((first, rest)) = path.split_first() else { return Some(module) };
        let Module { children, items, imports, .. } = &self.modules[module];
        if let Some(child) = children.get(first) {
            return self.find(*child, rest, seen).or(Some(*child));
        }
        if items.contains(first) {
            return Some(module);
        }
        imports.iter().enumerate().find_map(|(number, (name, target))| {
            // Names of other crates are imported under themselves: such an import would be followed for ever.
            if name != "*" && name != first || !seen.insert((module, number)) {
                return None;
            }
            if name == "*" {
                let target = self.resolve(module, target, seen)?;
                return self.find(target, path, seen);
            }
            self.resolve(module, &[target, rest].concat(), seen)
        })
    }

    /// Which files each file uses, itself and the module that it is a child of left out.
    fn uses(&self) -> BTreeMap<&Path, BTreeSet<&Path>> {
        let mut uses: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
        for (id, module) in self.modules.iter().enumerate() {
            let mut above = Vec::new();
            let mut next = Some(id);
            while let Some(ancestor) = next {
                above.push(&*self.modules[ancestor].file);
                next = self.modules[ancestor].parent;
            }
            let found = module.paths.iter().filter_map(|path| self.resolve(id, path, &mut BTreeSet::new()));
            let found = found.map(|found| &*self.modules[found].file);
            let found = found.filter(|file| !above.contains(file));
            uses.entry(&module.file).or_default().extend(found);
        }
        uses
    }

    /// The module below the root that a module is in.
    fn room(&self, module: Id) -> Option<&str> {
        let parent = self.modules[module].parent?;
        let mut named = self.modules[parent].children.iter();
        if parent == 0 {
            named.find(|(_, id)| **id == module).map(|(name, _)| name.as_str())
        } else {
            self.room(parent)
        }
    }

    /// Files that use each other, directly or by others.
    fn circles(&self) -> Vec<Vec<&Path>> {
        let uses = self.uses();
        let reached: BTreeMap<&Path, BTreeSet<&Path>> = uses
            .keys()
            .map(|file| {
                let mut reached = BTreeSet::new();
                let mut open = vec![*file];
                while let Some(next) = open.pop() {
                    open.extend(uses[next].iter().copied().filter(|file| reached.insert(*file)));
                }
                (*file, reached)
            })
            .collect();
        let mut circles = BTreeSet::new();
        for (file, reaches) in &reached {
            if reaches.contains(file) {
                circles.insert(reaches.iter().copied().filter(|other| reached[other].contains(file)).collect());
            }
        }
        circles.into_iter().collect()
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") && attribute.meta.to_token_stream().to_string().contains("(test)")
}

/// The name of the item.
fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Adds the paths in code, also those within macros and in imports within functions. In the braces of an import, all
/// begin with what stands before them.
fn paths(code: TokenStream, before: &[String], found: &mut Vec<Segments>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let is_colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    let colons = |at: usize| is_colon(at) && is_colon(at + 1);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let begins = at < 2 || !colons(at - 2);
        at += 1;
        match token {
            TokenTree::Group(group) => paths(group.stream(), &[], found),
            TokenTree::Ident(first) if begins => {
                let mut path = before.to_vec();
                path.extend((first != "self" || before.is_empty()).then(|| first.to_string()));
                while colons(at) {
                    let Some(TokenTree::Ident(next)) = tokens.get(at + 2) else { break };
                    path.push(next.to_string());
                    at += 3;
                }
                match tokens.get(at + 2) {
                    Some(TokenTree::Group(group)) if colons(at) && group.delimiter() == Delimiter::Brace => {
                        paths(group.stream(), &path, found);
                        at += 3;
                    }
                    _ if path.len() > 1 => found.push(path),
                    _ => {}
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The packages whose files are looked at, by their folders.
const PACKAGES: [&str; 8] = [
    "generator/model",
    "generator",
    "generator/cli",
    "runtime/core",
    "runtime/websocket",
    "runtime/stream-chat",
    "runtime/testing",
    "runtime",
];

/// The root of each crate of a package.
fn roots(source: &Path) -> Vec<PathBuf> {
    ["lib.rs", "main.rs"].map(|file| source.join(file)).into_iter().filter(|file| file.exists()).collect()
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let repository = eventwire_tests::folder().parent().unwrap();
    let mut found = BTreeSet::new();
    for package in PACKAGES {
        let source = repository.join(package).join("src");
        for root in roots(&source) {
            let read = Crate::read(&root);
            found.extend(read.circles().into_iter().map(|circle| {
                let names = circle.iter().map(|file| file.strip_prefix(&source).unwrap().to_str().unwrap());
                (package, names.map(|name| name.replace('\\', "/")).collect::<Vec<_>>())
            }));
        }
    }
    assert_eq!(found, BTreeSet::new());
}

#[test]
fn modules_of_the_connection_use_only_those_before_them() {
    let repository = eventwire_tests::folder().parent().unwrap();
    let page = fs::read_to_string(repository.join("docs/architecture.md")).unwrap();
    let section = page.split("### Modules of the connection").nth(1).unwrap().split("\n#").next().unwrap();
    let rooms: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let read = Crate::read(&repository.join("runtime/websocket/src/lib.rs"));
    let known: BTreeSet<&str> = read.modules[0].children.keys().map(String::as_str).collect();
    assert_eq!(rooms.iter().copied().collect::<BTreeSet<_>>(), known, "left: docs/architecture.md");
    let place = |module: Id| read.room(module).and_then(|room| rooms.iter().position(|known| *known == room));
    for (id, module) in read.modules.iter().enumerate().skip(1) {
        for path in &module.paths {
            if let Some(used) = read.resolve(id, path, &mut BTreeSet::new()) {
                assert!(place(used) <= place(id), "{} uses {}", module.file.display(), path.join("::"));
            }
        }
    }
}

#[test]
fn circles_are_found_through_every_kind_of_path() {
    let folder = tempfile::tempdir().unwrap();
    let circles = |files: &[(&str, &str)]| -> Vec<Vec<String>> {
        let _ = fs::remove_dir_all(folder.path());
        for (file, text) in files {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let read = Crate::read(&folder.path().join("lib.rs"));
        let name = |file: &&Path| file.strip_prefix(folder.path()).unwrap().to_str().unwrap().replace('\\', "/");
        read.circles().iter().map(|circle| circle.iter().map(name).collect()).collect()
    };
    let root = ("lib.rs", "mod a; mod b; use a::A; pub(crate) use b::*; fn shared() {}");
    for path in [
        "use crate::a::A;",
        "use crate::{shared, a::{self, A as Other}};",
        "use super::A;",
        "use crate::a::*;",
        "fn f(x: super::a::A) {}",
        "fn f() { vec![crate::a::A::new()]; }",
        "fn f() { use crate::{a::{A}}; }",
        "mod inner { use super::super::a; fn f() -> a::A { a::A } }",
    ] {
        let b = format!("{path} pub struct B;");
        let found = circles(&[root, ("a.rs", "pub struct A; impl From<crate::B> for A {}"), ("b.rs", &b)]);
        assert_eq!(found, [["a.rs", "b.rs"]], "{path}");
        assert!(circles(&[root, ("a.rs", "pub struct A; use crate::shared;"), ("b.rs", &b)]).is_empty(), "{path}");
    }
    let child = ("a/mod.rs", "mod c; pub struct A; fn f() -> c::C { c::C }");
    let files =
        [root, child, ("a/c.rs", "use super::A; pub struct C;"), ("b.rs", "use crate::a::A; #[cfg(test)] mod t;")];
    assert!(circles(&files).is_empty(), "a module and its child");
}
