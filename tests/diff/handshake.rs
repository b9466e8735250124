//! Code that opens every connection of a generated crate in several ways, read out of its `connect.rs`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use eventwire_codegen::Output;
use quote::ToTokens as _;
use syn::{Attribute, Expr, Fields, ImplItem, Item, Lit, Meta};

/// What `connect.rs` has.
pub(crate) struct Connections {
    /// The requests, in the order of the file.
    connects: Vec<Connect>,
    structs: BTreeMap<String, Vec<Member>>,
    enums: BTreeMap<String, Vec<(String, Vec<Member>)>>,
    /// The types of credentials, in the order of the requests.
    credentials: Vec<String>,
}

struct Connect {
    name: String,
    /// The channel, as the docs call it.
    channel: String,
}

/// A field.
#[derive(Clone)]
struct Member {
    name: String,
    kind: String,
    /// The values that the docs list.
    listed: Vec<String>,
}

/// The variant for what the document does not list.
const CUSTOM: &str = "Custom";

impl Connections {
    /// `None` for a crate that connects to nothing.
    pub(crate) fn of(output: &Output) -> Option<Self> {
        let file = syn::parse_file(output.files.get("src/connect.rs")?).unwrap();
        let mut found =
            Self { connects: Vec::new(), structs: BTreeMap::new(), enums: BTreeMap::new(), credentials: Vec::new() };
        for item in &file.items {
            found.item(item);
        }
        Some(found)
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Struct(item) => {
                let name = item.ident.to_string();
                if let Some(channel) = docs(&item.attrs).strip_prefix("A connection to `") {
                    let channel = channel.split('`').next().unwrap().to_owned();
                    self.connects.push(Connect { name: name.clone(), channel });
                }
                self.structs.insert(name, members(&item.fields));
            }
            Item::Enum(item) => {
                let variants =
                    item.variants.iter().map(|variant| (variant.ident.to_string(), members(&variant.fields)));
                self.enums.insert(item.ident.to_string(), variants.collect());
            }
            Item::Impl(item) => {
                for part in &item.items {
                    if let ImplItem::Type(kind) = part
                        && kind.ident == "Credentials"
                    {
                        self.credentials.push(kind.ty.to_token_stream().to_string());
                    }
                }
            }
            _ => {}
        }
    }

    /// A module that shows what the handshakes of the crate at `root` are. With another crate, what only this one knows is
    /// left alone, where there is something else to choose.
    pub(crate) fn code(&self, root: &str, other: Option<&Self>) -> String {
        let mut code = format!(
            "use {root} as own;\n\nfn request(handshake: &eventwire::Handshake) -> String {{\n    \
             let headers: Vec<(&str, &str)> = handshake.headers().collect();\n    \
             serde_json::json!({{ \"url\": handshake.url(), \"headers\": headers }}).to_string()\n}}\n\n\
             pub fn show() -> Vec<String> {{\n    let mut shown = Vec::new();\n"
        );
        let maker = Maker { own: self, other };
        for (connect, credentials) in self.connects.iter().zip(&self.credentials) {
            let is_known = |other: &Self| other.connects.iter().any(|known| known.channel == connect.channel);
            if other.is_some_and(|other| self.connects.len() > 1 && !is_known(other)) {
                continue;
            }
            let requests = maker.values(&Member::of(&connect.name));
            let credentials = match credentials.as_str() {
                "()" => vec!["()".to_owned()],
                name => maker.values(&Member::of(name)),
            };
            for (request, given) in varied(&[requests, credentials]).iter().map(|pair| (&pair[0], &pair[1])) {
                writeln!(
                    code,
                    "    {{ let mut handshake = {request}.handshake(); \
                     handshake.set_credentials(&eventwire::Credentials::into_list({given})); \
                     shown.push(request(&handshake)); }}"
                )
                .unwrap();
            }
        }
        code.push_str("    shown\n}\n");
        code
    }
}

impl Member {
    fn of(kind: &str) -> Self {
        Self { name: String::new(), kind: kind.to_owned(), listed: Vec::new() }
    }
}

/// Makes expressions for values.
struct Maker<'a> {
    own: &'a Connections,
    other: Option<&'a Connections>,
}

impl Maker<'_> {
    /// Expressions for the values of a field.
    fn values(&self, member: &Member) -> Vec<String> {
        let kind = member.kind.replace(' ', "");
        if let Some(inner) = kind.strip_prefix("Option<").and_then(|kind| kind.strip_suffix('>')) {
            let inner = Member { kind: inner.to_owned(), name: String::new(), listed: member.listed.clone() };
            let some = self.values(&inner).into_iter().map(|value| format!("Some({value})"));
            return std::iter::once("None".to_owned()).chain(some).collect();
        }
        match kind.as_str() {
            "String" if !member.listed.is_empty() => member.listed.iter().map(|text| owned(text)).collect(),
            "String" => vec![owned("a & ü/b"), owned("7x")],
            "i64" => vec!["-7".to_owned(), "12".to_owned()],
            "bool" => vec!["true".to_owned(), "false".to_owned()],
            "eventwire::Secret" => vec!["eventwire::Secret::from(\"hush\")".to_owned()],
            "(String,eventwire::Secret)" => vec![format!("({}, eventwire::Secret::from(\"hush\"))", owned("me"))],
            name => match (self.own.structs.get(name), self.own.enums.get(name)) {
                (Some(members), _) => {
                    let others = self.other.and_then(|other| other.structs.get(name));
                    self.with(&format!("own::{name}"), members, others)
                }
                (None, Some(variants)) => self.variants(name, variants),
                (None, None) => panic!("no values of `{kind}` are known"),
            },
        }
    }

    /// Values of a struct or variant: everything first, then one field after another with its other values.
    fn with(&self, path: &str, members: &[Member], others: Option<&Vec<Member>>) -> Vec<String> {
        if members.is_empty() {
            return vec![path.to_owned()];
        }
        let known = |member: &Member| {
            let other = others.into_iter().flatten().find(|other| other.name == member.name);
            let both = |other: &Member| {
                let both = member.listed.iter().filter(|text| other.listed.contains(text));
                Some(both.cloned().collect::<Vec<_>>()).filter(|both| !both.is_empty())
            };
            other.and_then(both).unwrap_or_else(|| member.listed.clone())
        };
        let chosen = |member: &Member| self.values(&Member { listed: known(member), ..member.clone() });
        let values: Vec<Vec<String>> = members.iter().map(chosen).collect();
        let fields = |values: &Vec<String>| {
            let fields = members.iter().zip(values).map(|(member, value)| format!("{}: {value}", member.name));
            format!("{path} {{ {} }}", fields.collect::<Vec<_>>().join(", "))
        };
        varied(&values).iter().map(fields).collect()
    }

    fn variants(&self, name: &str, variants: &[(String, Vec<Member>)]) -> Vec<String> {
        let other = self.other.and_then(|other| other.enums.get(name));
        let members_of =
            |variant: &str| other.into_iter().flatten().find(|(known, _)| known == variant).map(|(_, members)| members);
        let known = |variant: &str| other.is_none() || members_of(variant).is_some();
        let listed: Vec<_> = variants.iter().filter(|(variant, _)| variant != CUSTOM).collect();
        let both: Vec<_> = listed.iter().copied().filter(|(variant, _)| known(variant)).collect();
        let chosen = if both.is_empty() { listed } else { both };
        let values = |(variant, members): &&(String, Vec<Member>)| {
            self.with(&format!("own::{name}::{variant}"), members, members_of(variant))
        };
        chosen.iter().flat_map(values).collect()
    }
}

/// Combinations: the first of everything, and each other value beside the first of the others and beside their last.
fn varied(values: &[Vec<String>]) -> Vec<Vec<String>> {
    let firsts: Vec<String> = values.iter().map(|values| values[0].clone()).collect();
    let lasts: Vec<String> = values.iter().map(|values| values[values.len() - 1].clone()).collect();
    let mut all = vec![firsts.clone()];
    for (index, values) in values.iter().enumerate() {
        for value in values {
            for others in [&firsts, &lasts] {
                let mut one = others.clone();
                one[index].clone_from(value);
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        }
    }
    all
}

fn owned(text: &str) -> String {
    format!("String::from({text:?})")
}

fn members(fields: &Fields) -> Vec<Member> {
    let member = |field: &syn::Field| {
        let docs = docs(&field.attrs);
        let list = docs.split_once("One of ").map_or("", |(_, list)| list.split(". ").next().unwrap_or(list));
        let listed = list.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let name = field.ident.as_ref().unwrap().to_string();
        Member { name, kind: field.ty.to_token_stream().to_string(), listed }
    };
    fields.iter().map(member).collect()
}

fn docs(attributes: &[Attribute]) -> String {
    let text = |attribute: &Attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    attributes.iter().filter_map(text).collect::<Vec<_>>().join(" ")
}
