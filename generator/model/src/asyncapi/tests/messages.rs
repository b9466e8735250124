//! Messages: which are the same, what they are called, and what they carry.

use super::{clean, outline, read_files, warned};
use crate::asyncapi::MessagePart;

fn keys(document: &super::Document) -> Vec<&str> {
    document.messages.iter().map(|message| message.key.as_deref().unwrap()).collect()
}

#[test]
fn a_message_is_one_however_it_is_reached() {
    let document = clean(
        "3.0.0",
        "
channels:
  a: {messages: {x: {$ref: '#/components/messages/m'}, y: {$ref: '#/channels/b/messages/n'}}}
  b: {messages: {n: {}, z: {$ref: '#/components/messages/alias'}}}
operations:
  o: {action: send, channel: {$ref: '#/channels/a'}, messages: [{$ref: '#/channels/a/messages/x'}]}
components: {messages: {m: {}, alias: {$ref: '#/components/messages/m'}}}
",
    );
    let expected = "\
channel a at ? () on [] [m n]
channel b at ? () on [] [n m]
o: Send a [m] []
message m -
message n -
";
    assert_eq!(outline(&document), expected);
}

#[test]
fn keys_come_from_the_nearest_name() {
    for (message, key, codes) in [
        ("{$ref: '#/components/messages/component'}", "component", &[][..]),
        ("{messageId: id, name: name}", "id", &[]),
        ("{name: name}", "name", &[]),
        ("{title: Title}", "op", &["EW0209"]),
        ("{messageId: '///'}", "op", &["EW0209"]),
        ("{oneOf: [{title: Title}]}", "Title", &["EW0209"]),
        ("{oneOf: [{payload: {$ref: '#/components/schemas/S'}}]}", "S", &["EW0209"]),
        ("{oneOf: [{}]}", "op-1", &["EW0209"]),
    ] {
        let rest = format!(
            "channels: {{/c: {{publish: {{operationId: op, message: {message}}}}}}}
components: {{schemas: {{S: {{type: string}}}}, messages: {{component: {{name: n, messageId: i}}}}}}"
        );
        let (document, found) = warned("2.6.0", &rest);
        let operation = &document.operations[0];
        assert_eq!(document.messages[operation.messages[0]].key.as_deref(), Some(key), "{message}");
        assert_eq!(found, codes, "{message}");
    }
}

#[test]
fn unnamed_messages_are_named_after_their_position() {
    let (document, codes) = warned("2.0.0", "channels: {'/c/{d}': {publish: {message: {}}, parameters: {d: {}}}}");
    assert_eq!((keys(&document), codes), (vec!["/c/{d}-publish"], vec!["EW0209"]));
}

#[test]
fn messages_in_files_are_called_after_them() {
    let document = "
asyncapi: 2.6.0
info: {title: T, version: '1'}
channels:
  a: {publish: {message: {$ref: messages/signed-up.yaml}}}
  b: {publish: {message: {$ref: 'all.yaml#/left'}}}
  c: {publish: {message: {$ref: 'all.yaml#/components/messages/deep'}}}
";
    let reading = read_files(&[
        ("document.yaml", document),
        ("messages/signed-up.yaml", "payload: {type: string}"),
        ("all.yaml", "{left: {}, components: {messages: {deep: {}}}}"),
    ]);
    assert_eq!(keys(&reading.document), ["signed-up", "left", "deep"]);
    assert_eq!(reading.codes, Vec::<&str>::new());
}

#[test]
fn shared_keys_say_where_they_stand() {
    let three = "
channels: {a: {messages: {m: {}, n: {}}}, b: {messages: {M: {}}}}
components: {messages: {n: {}}}
";
    assert_eq!(keys(&clean("3.0.0", three)), ["n", "a-m", "a-n", "b-M"]);
    let two = "
channels:
  a: {publish: {operationId: x, message: {oneOf: [{name: e}, {name: e}]}}}
  b: {publish: {message: {name: e}}}
";
    assert_eq!(keys(&clean("2.6.0", two)), ["x-1", "x-2", "b-publish-e"]);
}

#[test]
fn alternatives_may_be_nested_in_components() {
    let document = clean(
        "2.6.0",
        "
channels: {c: {publish: {message: {oneOf: [{$ref: '#/components/messages/all'}, {$ref: '#/components/messages/a'}]}}}}
components: {messages: {all: {oneOf: [{$ref: '#/components/messages/a'}, {$ref: '#/components/messages/b'}]}, a: {}, b: {}}}
",
    );
    assert_eq!(outline(&document), "channel c at c () on [] [a b]\n-: Receive c [a b] []\nmessage a -\nmessage b -\n");
}

#[test]
fn message_traits_are_merged() {
    let common = "
components:
  messageTraits:
    common:
      contentType: application/trait+json
      headers: {properties: {a: {type: string}}}
      correlationId: {$ref: '#/components/correlationIds/id'}
      examples: [{name: e, payload: 1}]
  correlationIds: {id: {description: d, location: '$message.header#/a/b'}}
  messages:
    m: {contentType: application/json, traits: [{$ref: '#/components/messageTraits/common'}]}
    n: {headers: {properties: {b: {type: string}}}, traits: [{$ref: '#/components/messageTraits/common'}]}
";
    for (version, content) in [("2.6.0", "application/trait+json"), ("3.0.0", "application/json")] {
        let document = clean(version, common);
        let [m, n] = document.messages.as_slice() else { panic!("two messages") };
        assert_eq!(m.content_type.as_deref(), Some(content), "{version}");
        let id = m.correlation_id.as_ref().unwrap();
        assert_eq!((id.expression.part, id.expression.pointer.to_string()), (MessagePart::Header, "/a/b".to_owned()));
        assert_eq!(m.examples.len(), 1);
        assert!(m.headers.is_some() && n.headers.is_some() && m.headers != n.headers);
    }
}

#[test]
fn headers_of_a_trait_are_one_schema() {
    let document = clean(
        "3.0.0",
        "
components:
  messageTraits: {t: {headers: {type: object}}}
  messages: {a: {traits: [{$ref: '#/components/messageTraits/t'}]}, b: {traits: [{$ref: '#/components/messageTraits/t'}]}}
",
    );
    assert_eq!(document.messages[0].headers, document.messages[1].headers);
}

#[test]
fn examples_tags_and_links_are_kept() {
    let document = clean(
        "2.6.0",
        "
components:
  messages:
    m:
      tags: [{name: a}, b]
      externalDocs: {url: 'https://example.com', description: d}
      examples: [{name: n, summary: s, payload: {x: 1}, headers: {h: 2}}, {payload: ~}]
",
    );
    let message = &document.messages[0];
    assert_eq!(message.tags, ["a", "b"]);
    assert_eq!(message.external_docs.as_ref().map(|docs| docs.url.as_str()), Some("https://example.com"));
    let [first, second] = message.examples.as_slice() else { panic!("two examples") };
    assert_eq!((first.name.as_deref(), first.summary.as_deref()), (Some("n"), Some("s")));
    assert_eq!(first.headers.as_ref().map(crate::source::Node::to_json), Some(serde_json::json!({"h": 2})));
    assert!(second.payload.as_ref().is_some_and(crate::source::Node::is_null));
}
