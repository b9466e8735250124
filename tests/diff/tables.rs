//! What the tables of a generated crate give its users. `eventwire::__private` has the macros that expand them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote};
use syn::{ItemImpl, Macro};

/// The implementations that stand for a table, with what is public in them; bodies are left empty.
pub(crate) fn uses(table: &Macro) -> Vec<ItemImpl> {
    let arguments = split(table.tokens.clone());
    let at = |index: usize| &arguments[index];
    let rows = || arguments.last().map(|last| split(group(last))).unwrap_or_default();
    let impls = match table.path.to_token_stream().to_string().as_str() {
        "object" => vec![object(at(0), &rows())],
        "string" => string(at(0)),
        "union" => rows().iter().filter_map(converted).map(|from| conversion(at(0), &from)).collect(),
        "array" | "newtype" => Vec::new(),
        "events" => events(&arguments, &rows()),
        "handler" => {
            let (handler, operation, set) = (at(0), at(1), at(2));
            vec![quote!(impl<H: #operation> eventwire::Handler<#set> for #handler<H> {})]
        }
        "message" => vec![message(&arguments)],
        other => panic!("`{other}!` is a table without uses"),
    };
    impls.into_iter().map(|text| syn::parse2(text).unwrap()).collect()
}

fn object(name: &TokenStream, rows: &[TokenStream]) -> TokenStream {
    let mut constants = Vec::new();
    let mut parameters = Vec::new();
    for row in rows {
        let is_constant = row.clone().into_iter().next().is_some_and(|first| first.to_string() == "const");
        let (_, described) = cut(row, "=>").unwrap();
        if is_constant {
            let (field, value) = cut(&described, ":").unwrap();
            let (kind, _) = cut(&value, "=").unwrap();
            let kind = if kind.to_string() == "str" { quote!(&'static str) } else { kind };
            constants.push(quote!(pub const #field: #kind = 0;));
        } else if let Some(TokenTree::Group(argument)) = described.into_iter().nth(2) {
            let (local, argument) = (format_ident!("a{}", parameters.len()), argument.stream());
            parameters.push(quote!(#local: #argument));
        }
    }
    quote!(impl #name { #(#constants)* pub fn new(#(#parameters),*) -> Self {} })
}

fn string(name: &TokenStream) -> Vec<TokenStream> {
    vec![
        quote!(impl #name { pub const LISTED: &'static [Self] = 0; pub fn as_str(&self) -> &str {} }),
        conversion(name, &quote!(&str)),
    ]
}

fn events(arguments: &[TokenStream], rows: &[TokenStream]) -> Vec<TokenStream> {
    let [set, kind, direction, how, _] = arguments else { panic!("`events!` has five arguments") };
    let name = if direction.to_string() == "sent" { quote!(&'static str) } else { quote!(&str) };
    // By a tag, whose properties stand in parentheses, or in another way, which is a word.
    let has_tag = !group(how).is_empty();
    let from_tag = has_tag.then(|| {
        quote!(
            pub fn from_tag(tag: &str) -> Option<Self> {}
        )
    });
    let mut impls = vec![
        quote!(impl #kind { pub const ALL: &'static [Self] = 0; pub fn name(self) -> &'static str {} #from_tag }),
        quote! {
            impl #set {
                pub fn from_json(text: &str) -> Result<Self, eventwire::DecodeError> {}
                pub fn name(&self) -> #name {}
                pub fn kind(&self) -> Option<#kind> {}
                pub fn to_json(&self) -> Result<String, eventwire::EncodeError> {}
            }
        },
    ];
    impls.extend(rows.iter().filter_map(converted).map(|from| conversion(set, &from)));
    impls
}

fn message(arguments: &[TokenStream]) -> TokenStream {
    let (_, payload) = cut(&arguments[0], "=>").unwrap();
    let headers = arguments.iter().find_map(|argument| {
        let mut tokens = argument.clone().into_iter();
        (tokens.next()?.to_string() == "headers").then(|| tokens.collect())
    });
    let headers: TokenStream = headers.unwrap_or_else(|| quote!(()));
    quote!(impl eventwire::Message for #payload { type Headers = #headers; })
}

/// What converts into the variant of a row: what stands behind `:`, without pointer and rules.
fn converted(row: &TokenStream) -> Option<TokenStream> {
    let (_, described) = cut(row, "=>")?;
    let (_, from) = cut(&described, ":")?;
    let from = cut(&from, "=").map_or(from, |(from, _)| from);
    Some(cut(&from, "as").map_or(from, |(from, _)| from))
}

fn conversion(name: &TokenStream, from: &TokenStream) -> TokenStream {
    quote!(impl core::convert::From<#from> for #name {})
}

/// What is in the only group of tokens.
fn group(tokens: &TokenStream) -> TokenStream {
    match tokens.clone().into_iter().next() {
        Some(TokenTree::Group(group)) if group.delimiter() != Delimiter::None => group.stream(),
        _ => TokenStream::new(),
    }
}

/// The parts between commas, but for those between the arguments of a type.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let (mut parts, mut part) = (Vec::new(), TokenStream::new());
    let (mut depth, mut arrow) = (0, false);
    for token in tokens {
        match token.to_string().as_str() {
            "<" => depth += 1,
            ">" if !arrow => depth -= 1,
            "," if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        arrow = token.to_string() == "=";
        part.extend([token]);
    }
    parts.push(part);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The tokens before and behind the first occurrence of a mark, which is not a part of a path.
fn cut(tokens: &TokenStream, mark: &str) -> Option<(TokenStream, TokenStream)> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        // `::` and `=>` are two tokens each.
        let pair =
            tokens.get(at + 1).map(|next| format!("{}{next}", tokens[at])).filter(|pair| pair == "::" || pair == "=>");
        let (found, length) = pair.map_or_else(|| (tokens[at].to_string(), 1), |pair| (pair, 2));
        if found == mark {
            return Some((tokens[..at].iter().cloned().collect(), tokens[at + length..].iter().cloned().collect()));
        }
        at += length;
    }
    None
}
