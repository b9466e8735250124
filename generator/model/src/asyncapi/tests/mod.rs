//! The smallest documents for each part, read and described in a few lines.

mod faults;
mod messages;
mod operations;
mod schemas;
mod versions;

use std::fmt::Write;

use super::{Document, Server, Variable, read};
use crate::diagnostic::{Diagnostics, Level};
use crate::schema::Schemas;
use crate::source::{MemoryLoader, SourceOptions, Sources};

/// What became of a document.
struct Reading {
    document: Document,
    schemas: Schemas,
    /// Codes of what was reported, in the order of the text.
    codes: Vec<&'static str>,
}

/// Reads a document of several files; the first is the document itself.
fn read_files(files: &[(&str, &str)]) -> Reading {
    let loader: MemoryLoader = files.iter().copied().collect();
    let mut diagnostics = Diagnostics::default();
    let sources = Sources::read(files[0].0, &loader, &SourceOptions::default(), &mut diagnostics).unwrap();
    let (document, schemas) = read(&sources, &mut diagnostics).unwrap();
    let codes = diagnostics.into_sorted().iter().map(|diagnostic| diagnostic.code.id()).collect();
    Reading { document, schemas, codes }
}

fn read_one(text: &str) -> Reading {
    read_files(&[("document.yaml", text)])
}

/// Reads the rest of a document that follows a version, and expects nothing to be reported.
fn clean(version: &str, rest: &str) -> Document {
    let text = format!("asyncapi: {version}\ninfo: {{title: T, version: '1'}}\n{rest}");
    let reading = read_one(&text);
    assert_eq!(reading.codes, Vec::<&str>::new(), "{text}");
    reading.document
}

/// Reads the rest of a document that follows a version; what is reported must be warnings.
fn warned(version: &str, rest: &str) -> (Document, Vec<&'static str>) {
    let text = format!("asyncapi: {version}\ninfo: {{title: T, version: '1'}}\n{rest}");
    let loader: MemoryLoader = [("document.yaml", text.as_str())].into_iter().collect();
    let mut diagnostics = Diagnostics::default();
    let sources = Sources::read("document.yaml", &loader, &SourceOptions::default(), &mut diagnostics).unwrap();
    let (document, _) = read(&sources, &mut diagnostics).unwrap();
    let sorted = diagnostics.into_sorted();
    assert!(sorted.iter().all(|diagnostic| diagnostic.level() == Level::Warning), "{text}\n{sorted:#?}");
    (document, sorted.iter().map(|diagnostic| diagnostic.code.id()).collect())
}

/// A document in a few lines, as far as versions share it.
fn outline(document: &Document) -> String {
    let mut text = String::new();
    let keys = |messages: &[usize]| {
        let keys = messages.iter().filter_map(|index| document.messages[*index].key.as_deref());
        keys.collect::<Vec<_>>().join(" ")
    };
    for server in &document.servers {
        writeln!(text, "{}", server_line(server)).unwrap();
    }
    for channel in &document.channels {
        let address = channel.address.as_deref().unwrap_or("?");
        let servers: Vec<&str> = channel.servers.iter().map(|index| document.servers[*index].name.as_str()).collect();
        let parameters = variables(&channel.parameters);
        let messages = keys(&channel.messages);
        writeln!(text, "channel {} at {address} ({parameters}) on [{}] [{messages}]", channel.name, servers.join(" "))
            .unwrap();
    }
    for operation in &document.operations {
        let (id, channel) = (operation.id.as_deref().unwrap_or("-"), &document.channels[operation.channel].name);
        let (action, messages) = (operation.action, keys(&operation.messages));
        writeln!(text, "{id}: {action:?} {channel} [{messages}] {:?}", operation.security).unwrap();
    }
    for message in &document.messages {
        let has = |there: bool, word| if there { word } else { "" };
        let content = message.content_type.as_deref().unwrap_or("-");
        let parts = [has(message.payload.is_some(), " payload"), has(message.headers.is_some(), " headers")].concat();
        writeln!(text, "message {} {content}{parts}", message.key.as_deref().unwrap_or("?")).unwrap();
    }
    text
}

fn server_line(server: &Server) -> String {
    let Server { name, protocol, host, pathname, security, .. } = server;
    format!("server {name} {protocol} {host} {pathname} ({}) {security:?}", variables(&server.variables))
}

fn variables(variables: &[Variable]) -> String {
    let one = |variable: &Variable| {
        let default = variable.default.as_ref().map(|default| format!("={default}")).unwrap_or_default();
        let values = if variable.values.is_empty() { String::new() } else { format!(":{}", variable.values.join("|")) };
        format!("{}{values}{default}", variable.name)
    };
    variables.iter().map(one).collect::<Vec<_>>().join(" ")
}
