//! Servers, channels and operations.

use serde_json::json;

use super::{clean, outline, server_line, warned};
use crate::asyncapi::{Action, SecurityKind};

#[test]
fn servers_of_both_kinds() {
    for (version, server, line) in [
        ("2.6.0", "url: wss://a.b/c/, protocol: wss", "wss a.b /c/ () []"),
        ("2.6.0", "url: 'a.b:{port}', protocol: ws, variables: {port: {default: '80'}}", "ws a.b:{port}  (port=80) []"),
        ("3.0.0", "host: a.b, protocol: wss", "wss a.b  () []"),
        ("3.0.0", "host: a.b, pathname: c, protocol: wss", "wss a.b /c () []"),
        ("3.0.0", "host: wss://a.b/c, pathname: /d/, protocol: wss", "wss a.b /c/d () []"),
        ("3.0.0", "url: wss://a.b/c", "wss a.b /c () []"),
        ("2.6.0", "host: a.b, pathname: /c, protocol: mqtt", "mqtt a.b /c () []"),
    ] {
        let document = clean(version, &format!("servers: {{s: {{{server}}}}}"));
        assert_eq!(server_line(&document.servers[0]), format!("server s {line}"), "{server}");
    }
}

#[test]
fn referenced_servers_are_the_same_server() {
    let document = clean(
        "3.0.0",
        "
servers: {s: {$ref: '#/components/servers/t'}, u: {host: u, protocol: ws, tags: [{name: n}]}}
channels:
  a: {servers: [{$ref: '#/servers/s'}]}
  b: {servers: [{$ref: '#/components/servers/t'}, {$ref: '#/servers/s'}]}
  c: {}
components:
  servers: {t: {host: t, protocol: ws, variables: {}}}
  tags: {}
",
    );
    let servers: Vec<_> = document.channels.iter().map(|channel| channel.servers.clone()).collect();
    assert_eq!(servers, [vec![0], vec![0], vec![]]);
    assert_eq!(document.servers[1].tags, ["n"]);
}

#[test]
fn security_names_schemes() {
    let schemes = "
components:
  securitySchemes:
    key: {type: httpApiKey, name: k, in: header}
    openapi: {type: apiKey, name: k, in: cookie}
    user: {type: apiKey, in: user}
    basic: {type: http, scheme: Basic}
";
    let document = clean(
        "2.6.0",
        &format!("servers: {{s: {{url: a, protocol: ws, security: [{{key: [], basic: []}}, {{}}]}}}}{schemes}"),
    );
    assert_eq!(document.servers[0].security, [vec!["key", "basic"], vec![]]);
    let kinds: Vec<_> = document.security_schemes.into_iter().map(|scheme| scheme.kind).collect();
    let expected = [
        SecurityKind::Header("k".to_owned()),
        SecurityKind::Cookie("k".to_owned()),
        SecurityKind::Other("apiKey".to_owned()),
        SecurityKind::Basic,
    ];
    assert_eq!(kinds, expected);
    let inline = "security: [{$ref: '#/components/securitySchemes/key'}, {type: http, scheme: bearer}, {basic: []}]";
    let document = clean("3.0.0", &format!("servers: {{s: {{host: a, protocol: ws, {inline}}}}}{schemes}"));
    assert_eq!(document.servers[0].security, [["key"], ["s-http"], ["basic"]]);
    assert_eq!(document.security_schemes.last().map(|scheme| &scheme.kind), Some(&SecurityKind::Bearer));
}

#[test]
fn channels_may_be_references() {
    let document = clean(
        "3.0.0",
        "
channels:
  a: {$ref: '#/components/channels/shared'}
  b: {address: b, messages: {m: {}}}
operations:
  one: {action: send, channel: {$ref: '#/channels/a'}, messages: [{$ref: '#/channels/a/messages/m'}]}
  two: {action: receive, channel: {$ref: '#/components/channels/shared'}}
  three: {action: send, channel: {$ref: '#/channels/b'}, messages: []}
  four: {$ref: '#/components/operations/four'}
components:
  channels: {shared: {address: s, messages: {m: {}}}}
  operations: {four: {action: send, channel: {$ref: '#/channels/b'}}}
",
    );
    let expected = "\
channel a at s () on [] [shared-m]
channel b at b () on [] [b-m]
one: Send a [shared-m] []
two: Receive a [shared-m] []
three: Send b [] []
four: Send b [b-m] []
message shared-m -
message b-m -
";
    assert_eq!(outline(&document), expected);
}

#[test]
fn two_x_channels_may_be_references() {
    let document = clean(
        "2.6.0",
        "
channels: {/a: {$ref: '#/components/channels/c'}}
components: {channels: {c: {publish: {operationId: o, message: {messageId: m}}}}}
",
    );
    assert_eq!(outline(&document), "channel /a at /a () on [] [m]\no: Receive /a [m] []\nmessage m -\n");
}

#[test]
fn parameters_locate_their_values() {
    let document = clean(
        "3.0.0",
        "
channels:
  c:
    address: '{a}/{b}'
    parameters:
      a: {description: d, default: x, examples: [x, y], location: '$message.header#/a'}
      b: {$ref: '#/components/parameters/b'}
components: {parameters: {b: {enum: [1, true, z]}}}
",
    );
    let [a, b] = document.channels[0].parameters.as_slice() else { panic!("two parameters") };
    assert_eq!((a.default.as_deref(), a.examples.as_slice()), (Some("x"), &["x".to_owned(), "y".to_owned()][..]));
    assert_eq!(a.expression.as_ref().map(|found| found.pointer.to_string()), Some("/a".to_owned()));
    assert_eq!(b.values, ["1", "true", "z"]);
}

#[test]
fn replies_have_channels_addresses_and_messages() {
    let document = clean(
        "3.0.0",
        "
channels:
  c: {messages: {ask: {}, answer: {}}}
  d: {address: ~, messages: {late: {}}}
operations:
  all: {action: send, channel: {$ref: '#/channels/c'}, reply: {channel: {$ref: '#/channels/d'}}}
  some:
    action: send
    channel: {$ref: '#/channels/c'}
    reply: {channel: {$ref: '#/channels/c'}, messages: [{$ref: '#/channels/c/messages/answer'}]}
  somewhere: {action: send, channel: {$ref: '#/channels/c'}, reply: {$ref: '#/components/replies/r'}}
components:
  replies: {r: {address: {$ref: '#/components/replyAddresses/a'}}}
  replyAddresses: {a: {location: '$message.header#/replyTo'}}
",
    );
    let replies: Vec<_> = document.operations.iter().map(|operation| operation.reply.as_ref().unwrap()).collect();
    let shapes: Vec<_> = replies.iter().map(|reply| (reply.channel, reply.messages.clone())).collect();
    assert_eq!(shapes, [(Some(1), vec![2]), (Some(0), vec![1]), (None, vec![])]);
    let address = replies[2].address.as_ref().map(|address| address.expression.pointer.to_string());
    assert_eq!(address.as_deref(), Some("/replyTo"));
}

#[test]
fn operation_traits_win_in_two_and_lose_in_three() {
    let traits = "{summary: first, description: first}, {$ref: '#/components/operationTraits/second'}";
    let second = "components: {operationTraits: {second: {description: second, tags: [{name: t}]}}}";
    let two = format!("channels: {{c: {{publish: {{summary: own, traits: [{traits}]}}}}}}\n{second}");
    let three = format!(
        "channels: {{c: {{}}}}\noperations: {{o: {{action: send, channel: {{$ref: '#/channels/c'}}, summary: own, traits: [{traits}]}}}}\n{second}"
    );
    for (version, rest, summary) in [("2.6.0", two, "first"), ("3.0.0", three, "own")] {
        let document = clean(version, &rest);
        let operation = &document.operations[0];
        assert_eq!(operation.summary.as_deref(), Some(summary), "{version}");
        assert_eq!(operation.description.as_deref(), Some("second"), "{version}");
        assert_eq!(operation.tags, ["t"], "{version}");
    }
}

#[test]
fn bindings_are_kept() {
    let document = clean(
        "2.6.0",
        "
channels:
  c:
    bindings: {$ref: '#/components/channelBindings/b'}
    publish:
      bindings: {http: {type: request, method: POST, query: {type: object}}}
      message: {messageId: m, bindings: {http: {headers: {type: object}, statusCode: 201}}}
components:
  channelBindings:
    b: {ws: {method: GET, query: {type: object}, headers: {type: object}}, kafka: {partitions: 3}, mqtt: ~}
",
    );
    let channel = &document.channels[0];
    assert!(channel.query.is_some() && channel.headers.is_some());
    assert_eq!(channel.bindings.ws.as_ref().and_then(|ws| ws.method.as_deref()), Some("GET"));
    let others: Vec<_> =
        channel.bindings.protocols.iter().map(|(name, node)| (name.as_str(), node.to_json())).skip(1).collect();
    assert_eq!(others, [("kafka", json!({"partitions": 3})), ("mqtt", json!(null))]);
    let http = document.operations[0].bindings.http.as_ref().unwrap();
    assert!(http.method.as_deref() == Some("POST") && http.query.is_some() && http.headers.is_none());
    let http = document.messages[0].bindings.http.as_ref().unwrap();
    assert!(http.headers.is_some() && http.status == Some(201));
}

#[test]
fn a_query_on_a_server_is_read_with_a_warning() {
    let rest = "servers: {s: {url: a, protocol: ws, bindings: {ws: {query: {type: object}}}}}";
    let (document, codes) = warned("2.6.0", rest);
    assert!(document.servers[0].query.is_some());
    assert_eq!(codes, ["EW0208"]);
}

#[test]
fn obsolete_operations_keep_their_old_meaning() {
    let (document, codes) = warned(
        "3.0.0",
        "
channels:
  c: {messages: {m: {}}, subscribe: {operationId: old, message: {messageId: n}}}
operations:
  odd: {action: publish, channel: {$ref: '#/channels/c'}}
",
    );
    let actions: Vec<_> =
        document.operations.iter().map(|operation| (operation.id.as_deref(), operation.action)).collect();
    assert_eq!(actions, [(Some("old"), Action::Send), (Some("odd"), Action::Receive)]);
    assert_eq!(codes, ["EW0219", "EW0219"]);
}
