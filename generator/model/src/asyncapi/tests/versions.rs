//! Versions, and that all of them give the same shape.

use super::{outline, read_files, read_one, warned};
use crate::asyncapi::read;
use crate::diagnostic::Diagnostics;
use crate::source::{MemoryLoader, Options, Sources};

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
        let sources = Sources::read("d.yaml", &loader, &Options::default(), &mut diagnostics).unwrap();
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
