//! AsyncAPI 2.0 to 2.6.

use super::{Action, Channel, Document, Info, Operation, Reader, Server, Version};
use crate::cursor::Cursor;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn read(reader: &mut Reader<'_, '_>, root: &Cursor<'_>, version: Version, info: Info) -> Document {
    reader.payloads.content_type = root.string("defaultContentType", reader.diagnostics());
    let components = root.object("components", reader.diagnostics());
    let security_schemes = components.as_ref().map(|at| reader.security_schemes(at)).unwrap_or_default();
    // Components first: a message or schema that has a name there keeps it.
    let mut schemas = Vec::new();
    if let Some(components) = &components {
        if let Some(object) = components.object("schemas", reader.diagnostics()) {
            for (name, cursor) in object.members() {
                schemas.push((name.to_owned(), reader.schemas.read(&cursor)));
            }
        }
        if let Some(object) = components.object("messages", reader.diagnostics()) {
            for (name, cursor) in object.members() {
                reader.message(cursor, Some(name));
            }
        }
    }
    let mut servers = Vec::new();
    if let Some(object) = root.object("servers", reader.diagnostics()) {
        for (name, cursor) in object.members() {
            let Some(cursor) = reader.resolve(cursor) else { continue };
            let security = reader.requirements(&cursor, &security_schemes);
            servers.push(server(reader, name, &cursor, security));
        }
    }
    let mut channels = Vec::new();
    let mut operations = Vec::new();
    if let Some(object) = root.object("channels", reader.diagnostics()) {
        for (name, cursor) in object.members() {
            let Some(cursor) = reader.resolve(cursor) else { continue };
            let index = channels.len();
            let own = [("subscribe", Action::Send), ("publish", Action::Receive)]
                .into_iter()
                .filter_map(|(key, action)| operation(reader, &cursor, key, action, index));
            let own: Vec<_> = own.collect();
            channels.push(channel(reader, name, &cursor, &servers, &own));
            operations.extend(own);
        }
    }
    Document {
        version,
        info,
        servers,
        channels,
        operations,
        messages: std::mem::take(&mut reader.messages),
        schemas,
        security_schemes,
    }
}

fn server<'n, 's: 'n>(reader: &mut Reader<'s, '_>, name: &str, at: &Cursor<'n>, security: Vec<Vec<String>>) -> Server {
    let url = reader.mandatory(at, "url");
    let (host, pathname) = split_url(&url);
    let query = reader.ws_binding(at).query;
    if query.is_some() {
        let diagnostic = Diagnostic::new(Code::MisplacedBinding, "`query` of the `ws` binding stands on a server")
            .at(at.span, "on this server")
            .help("move it to `bindings.ws.query` of the channel, where the binding specification puts it");
        reader.diagnostics().push(diagnostic);
    }
    Server {
        name: name.to_owned(),
        location: at.location.clone(),
        span: at.span,
        host,
        pathname,
        protocol: reader.mandatory(at, "protocol"),
        description: at.string("description", reader.diagnostics()),
        variables: reader.variables(at, "variables"),
        security,
        query,
    }
}

/// `scheme://host:port/path` into host and path; the scheme is said by `protocol`.
fn split_url(url: &str) -> (String, String) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    match rest.find('/') {
        Some(slash) => (rest[..slash].to_owned(), rest[slash..].trim_end_matches('/').to_owned()),
        None => (rest.to_owned(), String::new()),
    }
}

fn channel<'n, 's: 'n>(
    reader: &mut Reader<'s, '_>,
    name: &str,
    at: &Cursor<'n>,
    servers: &[Server],
    operations: &[Operation],
) -> Channel {
    let mut messages: Vec<usize> = Vec::new();
    for message in operations.iter().flat_map(|operation| &operation.messages) {
        if !messages.contains(message) {
            messages.push(*message);
        }
    }
    let listed = reader.strings(at, "servers");
    let binding = reader.ws_binding(at);
    Channel {
        name: name.to_owned(),
        location: at.location.clone(),
        span: at.span,
        address: Some(name.to_owned()),
        description: at.string("description", reader.diagnostics()),
        parameters: reader.variables(at, "parameters"),
        servers: listed.iter().filter_map(|name| servers.iter().position(|server| server.name == *name)).collect(),
        messages,
        query: binding.query,
        headers: binding.headers,
    }
}

fn operation<'n, 's: 'n>(
    reader: &mut Reader<'s, '_>,
    channel: &Cursor<'n>,
    key: &str,
    action: Action,
    index: usize,
) -> Option<Operation> {
    let at = channel.object(key, reader.diagnostics())?;
    let traits: Vec<_> = at
        .array("traits", reader.diagnostics())
        .into_iter()
        .filter_map(|patch| reader.resolve(patch))
        .map(|patch| patch.node)
        .collect();
    let merged = super::with_traits(at.node, &traits);
    let merged = Cursor { node: &merged, ..at.clone() };
    Some(Operation {
        id: merged.string("operationId", reader.diagnostics()),
        location: at.location.clone(),
        span: at.span,
        action,
        channel: index,
        messages: messages(reader, &at),
        summary: merged.string("summary", reader.diagnostics()),
        description: merged.string("description", reader.diagnostics()),
    })
}

/// `message`: one, or `oneOf` several.
fn messages<'n, 's: 'n>(reader: &mut Reader<'s, '_>, at: &Cursor<'n>) -> Vec<usize> {
    let Some(message) = at.object("message", reader.diagnostics()) else { return Vec::new() };
    let alternatives = match message.member("oneOf") {
        Some(_) => message.array("oneOf", reader.diagnostics()),
        None => vec![message],
    };
    let mut messages = Vec::new();
    for alternative in alternatives {
        if let Some(index) = reader.message(alternative, None).filter(|index| !messages.contains(index)) {
            messages.push(index);
        }
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::split_url;

    #[test]
    fn urls_are_split_at_the_path() {
        for (url, host, path) in [
            ("chat.example.com", "chat.example.com", ""),
            ("wss://chat.example.com/v1/", "chat.example.com", "/v1"),
            ("{host}:8080/{base}", "{host}:8080", "/{base}"),
        ] {
            assert_eq!(split_url(url), (host.to_owned(), path.to_owned()), "{url}");
        }
    }
}
