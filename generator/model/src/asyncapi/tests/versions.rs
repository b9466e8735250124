//! Versions, and that all of them give the same shape.

use super::{outline, read_files, read_one, warned};
use crate::asyncapi::read;
use crate::diagnostic::Diagnostics;
use crate::source::{MemoryLoader, SourceOptions, Sources};

const V2: &str = "
asyncapi: 2.6.0
info: {title: Rooms, version: 1.0.0}
defaultContentType: application/json
servers:
  live:
    url: '{region}.example.com/v1'
    protocol: wss
    variables: {region: {enum: [eu, us], default: eu}}
    security: [{token: []}]
channels:
  /rooms/{room}:
    servers: [live]
    parameters: {room: {schema: {type: string, enum: [a, b]}}}
    subscribe:
      operationId: sendEvent
      message: {oneOf: [{$ref: '#/components/messages/joined'}, {$ref: '#/components/messages/left'}]}
    publish:
      operationId: receiveCommand
      security: [{token: []}]
      traits: [{$ref: '#/components/operationTraits/common'}]
      message: {$ref: '#/components/messages/join'}
components:
  operationTraits: {common: {description: d}}
  messageTraits: {common: {headers: {type: object}}}
  securitySchemes: {token: {type: httpApiKey, name: token, in: query}}
  messages:
    joined: {payload: {type: string}, traits: [{$ref: '#/components/messageTraits/common'}]}
    left: {payload: {type: integer}, contentType: application/vnd.left+json}
    join: {}
";

const V3: &str = "
asyncapi: 3.0.0
info: {title: Rooms, version: 1.0.0}
defaultContentType: application/json
servers:
  live:
    host: '{region}.example.com'
    pathname: /v1
    protocol: wss
    variables: {region: {enum: [eu, us], default: eu}}
    security: [{$ref: '#/components/securitySchemes/token'}]
channels:
  /rooms/{room}:
    address: /rooms/{room}
    servers: [{$ref: '#/servers/live'}]
    parameters: {room: {enum: [a, b]}}
    messages:
      joined: {$ref: '#/components/messages/joined'}
      left: {$ref: '#/components/messages/left'}
      join: {$ref: '#/components/messages/join'}
operations:
  sendEvent:
    action: send
    channel: {$ref: '#/channels/~1rooms~1{room}'}
    messages: [{$ref: '#/channels/~1rooms~1{room}/messages/joined'}, {$ref: '#/channels/~1rooms~1{room}/messages/left'}]
  receiveCommand:
    action: receive
    channel: {$ref: '#/channels/~1rooms~1{room}'}
    security: [{$ref: '#/components/securitySchemes/token'}]
    traits: [{$ref: '#/components/operationTraits/common'}]
    messages: [{$ref: '#/channels/~1rooms~1{room}/messages/join'}]
components:
  operationTraits: {common: {description: d}}
  messageTraits: {common: {headers: {type: object}}}
  securitySchemes: {token: {type: httpApiKey, name: token, in: query}}
  messages:
    joined: {payload: {type: string}, traits: [{$ref: '#/components/messageTraits/common'}]}
    left: {payload: {type: integer}, contentType: application/vnd.left+json}
    join: {}
";

#[test]
fn every_version_gives_the_same_shape() {
    let expected = "\
server live wss {region}.example.com /v1 (region:eu|us=eu) [[\"token\"]]
channel /rooms/{room} at /rooms/{room} (room:a|b) on [live] [joined left join]
sendEvent: Send /rooms/{room} [joined left] []
receiveCommand: Receive /rooms/{room} [join] [[\"token\"]]
message joined application/json payload headers
message left application/vnd.left+json payload
message join application/json
";
    for text in [V2, V3] {
        let reading = read_one(text);
        assert_eq!(reading.codes, Vec::<&str>::new());
        assert_eq!(outline(&reading.document), expected);
    }
}

#[test]
fn json_is_read_like_yaml() {
    for text in [V2, V3] {
        let json: serde_json::Value = serde_yaml::from_str(text).unwrap();
        let json = read_files(&[("document.json", &json.to_string())]);
        let mut told: Vec<_> = outline(&json.document).lines().map(str::to_owned).collect();
        let mut expected: Vec<_> = outline(&read_one(text).document).lines().map(str::to_owned).collect();
        // `serde_json` sorts keys.
        let sort = |lines: &mut Vec<String>| {
            for line in lines.iter_mut() {
                let mut words: Vec<&str> = line.split([' ', '[', ']']).collect();
                words.sort_unstable();
                *line = words.concat();
            }
            lines.sort();
        };
        sort(&mut told);
        sort(&mut expected);
        assert_eq!(told, expected);
    }
}

#[test]
fn versions_are_understood() {
    for (written, understood, codes) in [
        ("2.0.0", Some((2, 0)), &[][..]),
        ("2.6.0", Some((2, 6)), &[]),
        ("'2.6'", Some((2, 6)), &[]),
        ("3.0.0", Some((3, 0)), &[]),
        ("3.1.0-rc.1", Some((3, 1)), &[]),
        ("2.7.0", Some((2, 6)), &["EW0217"]),
        ("3.9.0", Some((3, 1)), &["EW0217"]),
        ("1.2.0", None, &["EW0202"]),
        ("4.0.0", None, &["EW0202"]),
        ("latest", None, &["EW0202"]),
        ("~", None, &["EW0202"]),
    ] {
        let text = format!("asyncapi: {written}\ninfo: {{title: T, version: '1'}}\n");
        let loader: MemoryLoader = [("d.yaml", text)].into_iter().collect();
        let mut diagnostics = Diagnostics::default();
        let sources = Sources::read("d.yaml", &loader, &SourceOptions::default(), &mut diagnostics).unwrap();
        let version = read(&sources, &mut diagnostics).map(|(document, _)| document.version);
        assert_eq!(version.map(|version| (version.major, version.minor)), understood, "{written}");
        let found: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code.id()).collect();
        assert_eq!(found, codes, "{written}");
    }
}

#[test]
fn nothing_at_all_is_still_a_document() {
    for (version, rest) in [
        ("2.6.0", ""),
        ("3.0.0", ""),
        ("2.6.0", "servers:\nchannels:\ncomponents:\ntags:\n"),
        ("3.0.0", "servers:\nchannels:\noperations:\ncomponents: {schemas: ~, messages: ~, securitySchemes: ~}\n"),
        ("2.6.0", "channels: {a: ~, b: {publish: ~, subscribe: {message: ~, traits: ~, tags: ~, bindings: ~}}}"),
        ("3.0.0", "channels: {a: ~, b: {address: ~, messages: ~, servers: ~, parameters: ~, bindings: ~}}"),
    ] {
        let (document, codes) = warned(version, rest);
        assert_eq!(codes, Vec::<&str>::new(), "{rest}");
        assert!(document.messages.is_empty());
    }
}

/// A document's only diagnostic: its message, what is pointed at, and the help.
fn refused(path: &str, text: &str) -> [String; 3] {
    let loader: MemoryLoader = [(path, text)].into_iter().collect();
    let mut diagnostics = Diagnostics::default();
    let sources = Sources::read(path, &loader, &SourceOptions::default(), &mut diagnostics).unwrap();
    if sources.is_readable() {
        assert!(read(&sources, &mut diagnostics).is_none(), "{text}");
    }
    let found: Vec<_> = diagnostics.iter().collect();
    let [found] = found.as_slice() else { panic!("{text}: {diagnostics:?}") };
    assert_eq!(found.code.id(), "EW0201", "{text}");
    let span = found.primary.as_ref().unwrap().span;
    let place = &text[span.start as usize..span.end as usize];
    [found.message.clone(), place.to_owned(), found.help.concat()]
}

#[test]
fn a_file_of_another_kind_is_recognized() {
    for (path, text, kind, place, help) in [
        (
            "api/shop.yaml",
            "openapi: 3.1.0\nwebhooks: {}\ncomponents: {schemas: {a/b: {}}}",
            "an OpenAPI document (`openapi: 3.1.0`)",
            "openapi",
            "`payload: {$ref: 'shop.yaml#/components/schemas/a~1b'}`; write each of its `webhooks`",
        ),
        (
            "shop.json",
            r#"{"swagger": "2.0", "definitions": {"Pet": {}}}"#,
            "an OpenAPI document (`swagger: 2.0`)",
            r#""swagger""#,
            "'shop.json#/definitions/Pet'",
        ),
        ("d.yaml", "openapi: 3.0.3\npaths: {}", "an OpenAPI document", "openapi", "#/components/schemas/Name'"),
        ("d.yaml", "arazzo: 1.0.1\nworkflows: []", "an Arazzo document", "arazzo", "`sourceDescriptions`"),
        ("d.yaml", "overlay: 1.0.0\nactions: []", "an Overlay document", "overlay", "apply it to"),
        ("d.json", r#"{"info": {"_postman_id": "1"}, "item": []}"#, "a Postman collection", r#""info""#, "messages"),
        ("d.yaml", "apiVersion: v1\nkind: ConfigMap", "a Kubernetes manifest", "apiVersion", "name an AsyncAPI"),
        ("d.json", "{$defs: {a: {}}}", "a JSON Schema", "$defs", "`payload: {$ref: 'd.json'}`"),
        ("d.json", "{type: string}", "a JSON Schema", "type", "`payload: {$ref: 'd.json'}`"),
        ("d.avsc", "{type: record, name: A, fields: []}", "an Avro schema", "type", "schema: {$ref: 'd.avsc'}}`"),
        (
            "d",
            "// A: b\nsyntax = \"proto3\";\nmessage A {}\n",
            "a Protobuf file",
            "syntax = \"proto3\";",
            "JSON Schema",
        ),
        ("d.graphql", "enum A { b: c }", "a GraphQL schema", "enum A { b: c }", "JSON Schema"),
        ("d.yaml", "\n<!DOCTYPE html>\n<title>404: gone</title>", "a web page", "<!DOCTYPE html>", "the raw file"),
        ("README.md", "# Chat\n\nA chat: [yes]\n- no", "Markdown", "A chat: [yes]", "name an AsyncAPI document"),
    ] {
        let [message, at, advice] = refused(path, text);
        assert!(message.starts_with(&format!("this is {kind}")), "{message}");
        assert!(message.ends_with(", not an AsyncAPI document"), "{message}");
        assert_eq!(at, place, "{text}");
        assert!(advice.contains(help), "{advice}");
    }
}

#[test]
fn a_document_without_a_version_is_pointed_at_its_first_key() {
    for (text, place, help) in [
        ("asyncApi: 3.0.0\ninfo: {}", "asyncApi", "did you mean `asyncapi`?"),
        ("info: {}\nasync-api: 3.0.0", "async-api", "did you mean `asyncapi`?"),
        ("info: {}\nchannels: {a: {subscribe: {}}}", "info", "`asyncapi: 2.6.0`"),
        ("info: {}\nchannels: {a: {address: a}}", "info", "`asyncapi: 3.0.0`"),
        ("type: a\nspecversion: '1.0'", "type", "`asyncapi: 3.0.0`"),
        ("- a\n- b", "- a\n- b", "`asyncapi: 3.0.0`"),
        ("hello", "hello", "`asyncapi: 3.0.0`"),
    ] {
        let [message, at, advice] = refused("d.yaml", text);
        assert_eq!((message.as_str(), at.as_str()), ("this is not an AsyncAPI document", place));
        assert!(advice.contains(help), "{advice}");
    }
}
