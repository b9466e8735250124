//! Faults that leave the meaning clear are warnings, and what goes in circles ends.

use super::{read_one, warned};
use crate::asyncapi::read;
use crate::diagnostic::Diagnostics;
use crate::source::{MemoryLoader, SourceOptions, Sources};

#[test]
fn harmless_faults_are_warnings() {
    let channel = "channels: {c: {messages: {m: {}}}}\n";
    for (version, rest, codes) in [
        ("2.6.0", "channels: {'/{a}': {}}", &["EW0213"][..]),
        ("2.6.0", "channels: {/a: {parameters: {b: {schema: {type: string}}}}}", &["EW0214"]),
        ("3.0.0", "channels: {a: {address: '/{a}', parameters: {b: {}}}}", &["EW0213", "EW0214"]),
        ("3.0.0", "channels: {a: {parameters: {b: {}}}}", &[]),
        ("2.6.0", "servers: {s: {url: '{a}', protocol: ws}}", &["EW0213"]),
        ("2.6.0", "servers: {s: {protocol: ws}}", &["EW0204"]),
        ("3.0.0", "servers: {s: {host: h}}", &["EW0204"]),
        ("2.6.0", "servers: {s: text}", &["EW0212"]),
        ("2.6.0", "channels: {c: {servers: [nowhere]}}", &["EW0215"]),
        ("3.0.0", "channels: {c: {servers: [{$ref: '#/servers/nowhere'}]}}", &["EW0215"]),
        ("2.6.0", "servers: {s: {url: u, protocol: ws, security: [{nobody: []}]}}", &["EW0205"]),
        ("3.0.0", "servers: {s: {host: u, protocol: ws, security: [nobody]}}", &["EW0205"]),
        ("2.6.0", "servers: {s: {url: u, protocol: ws, security: {nobody: []}}}", &["EW0212", "EW0205"]),
        ("2.6.0", "components: {securitySchemes: {s: {}}}", &["EW0204"]),
        ("2.6.0", "components: {messages: {m: {correlationId: {location: '$request#/a'}}}}", &["EW0216"]),
        ("2.6.0", "components: {messages: {m: {correlationId: {}}}}", &["EW0204"]),
        ("2.6.0", "components: {messages: {m: {examples: {payload: 1}}}}", &["EW0212"]),
        ("2.6.0", "components: {messages: {m: {examples: [{a: 1}]}}}", &["EW0212"]),
        ("2.6.0", "components: {messages: {m: {tags: [{name: []}], bindings: x}}}", &["EW0212", "EW0212"]),
        ("2.6.0", "components: {messages: {m: {description: [], deprecated: soon}, n: text}}", &["EW0212", "EW0212"]),
        ("2.6.0", "components: {messages: {m: {contentType: text/plain, payload: {}}}}", &["EW0207"]),
        ("2.6.0", "channels: {c: {publish: {message: [{name: a}]}}}", &["EW0212"]),
        ("3.0.0", "channels: {c: {messages: [{name: a}]}}", &["EW0212"]),
        ("3.0.0", "operations: {o: {action: send}}", &["EW0204"]),
        ("3.0.0", "operations: {o: {action: send, channel: x}}", &["EW0212"]),
        ("3.0.0", "operations: {o: text}", &["EW0212"]),
        ("2.6.0", "unheard: {of: 1}\nx-own: []", &[]),
    ] {
        assert_eq!(warned(version, rest).1, codes, "{rest}");
    }
    for (operation, codes) in [
        ("action: send, channel: c", &["EW0212"][..]),
        ("channel: {$ref: '#/channels/c'}", &["EW0204"]),
        ("action: [send], channel: {$ref: '#/channels/c'}", &["EW0212"]),
        ("action: send, channel: {$ref: '#/channels/c'}, messages: [{$ref: '#/channels/c/messages/m'}]", &[]),
        ("action: send, channel: {$ref: '#/channels/c'}, messages: [m]", &[]),
        ("action: send, channel: {$ref: '#/channels/c'}, messages: [{$ref: '#/channels/c/messages/n'}]", &["EW0218"]),
        ("action: send, channel: {$ref: '#/channels/c'}, messages: [{$ref: '#/components/messages/e'}]", &["EW0218"]),
        ("action: send, channel: {$ref: '#/channels/c'}, messages: [{name: inline}]", &["EW0218"]),
        ("action: send, channel: {$ref: '#/components/channels/d'}", &[]),
    ] {
        let rest = format!(
            "{channel}operations: {{o: {{{operation}}}}}\ncomponents: {{messages: {{e: {{}}}}, channels: {{d: {{address: d}}}}}}"
        );
        assert_eq!(warned("3.0.0", &rest).1, codes, "{operation}");
    }
}

#[test]
fn words_that_are_not_known_are_errors() {
    for (rest, help) in [
        ("operations: {o: {action: recieve, channel: {$ref: '#/channels/c'}}}", "did you mean `receive`?"),
        ("operations: {o: {action: sing, channel: {$ref: '#/channels/c'}}}", "it is one of `send`, `receive`"),
        ("components: {securitySchemes: {s: {type: htttp, scheme: bearer}}}", "did you mean `http`?"),
        ("components: {securitySchemes: {s: {type: httpApiKey, name: k, in: qurey}}}", "did you mean `query`?"),
    ] {
        let text = format!("asyncapi: 3.0.0\ninfo: {{title: T, version: '1'}}\nchannels: {{c: {{}}}}\n{rest}");
        let loader: MemoryLoader = [("d.yaml", text)].into_iter().collect();
        let mut diagnostics = Diagnostics::default();
        let sources = Sources::read("d.yaml", &loader, &SourceOptions::default(), &mut diagnostics).unwrap();
        read(&sources, &mut diagnostics).unwrap();
        let found: Vec<_> = diagnostics.iter().map(|one| (one.code.id(), one.help.join(""))).collect();
        assert_eq!(found, [("EW0221", help.to_owned())], "{rest}");
    }
}

#[test]
fn keys_that_are_nearly_known_are_reported() {
    for (version, rest, found) in [
        ("2.6.0", "components: {schemas: {S: {typ: string, propertys: {}, requried: [a]}}}", 3),
        ("2.6.0", "components: {schemas: {S: {id: a, kind: b, x-typ: c, count: 1, type: string, typ: d}}}", 0),
        ("2.6.0", "components: {schemas: {S: {properties: {typ: {}}, enum: [{typ: 1}], default: {typ: 1}}}}", 0),
        ("2.6.0", "components: {messages: {m: {payloads: {}, contenttype: a, tag: b}}}", 3),
        ("2.6.0", "servers: {s: {url: u, protocol: ws, protocolversion: '1', vriables: {}, port: 1}}", 2),
        ("2.6.0", "channels: {c: {subscibe: {}, parameter: {}, publish: {messages: {}, operationID: o}}}", 4),
        ("3.0.0", "channels: {c: {adress: a, message: {}}}", 2),
    ] {
        let codes = warned(version, rest).1;
        assert_eq!(codes.iter().filter(|code| **code == "EW0222").count(), found, "{rest}: {codes:?}");
    }
}

#[test]
fn what_follows_from_a_fault_is_not_reported_again() {
    let reading = read_one(
        "
asyncapi: 3.0.0
info: {title: T, version: '1'}
channels: {c: {messages: {m: {$ref: '#/components/messages/none'}}}}
operations:
  o: {action: send, channel: {$ref: '#/channels/c'}, messages: [{$ref: '#/channels/c/messages/m'}]}
  p: {action: send, channel: {$ref: '#/channels/c'}}
",
    );
    assert_eq!(reading.codes, ["EW0124"]);
    assert!(reading.document.operations.iter().all(|operation| operation.named && operation.messages.is_empty()));
}

#[test]
fn a_foreign_message_joins_the_channel() {
    let (document, _) = warned(
        "3.0.0",
        "
channels: {c: {}}
operations: {o: {action: send, channel: {$ref: '#/channels/c'}, messages: [{$ref: '#/components/messages/e'}]}}
components: {messages: {e: {}}}
",
    );
    assert_eq!(document.channels[0].messages, document.operations[0].messages);
}

#[test]
fn missing_info_is_replaced() {
    for text in
        ["asyncapi: 2.6.0", "{asyncapi: 3.0.0, info: {}}", "{asyncapi: 3.0.0, info: {title: ' ', version: '1'}}"]
    {
        let reading = read_one(text);
        assert_eq!(reading.document.info.title, "Api");
        assert!(reading.codes.iter().all(|code| *code == "EW0204"), "{text}");
    }
}

/// Circles that no document should have, and that must neither hang nor panic.
#[test]
fn circles_end() {
    for (version, rest) in [
        ("2.6.0", "channels: {a: {$ref: '#/channels/b'}, b: {$ref: '#/channels/a'}}"),
        (
            "3.0.0",
            "channels: {a: {$ref: '#/channels/a'}}\noperations: {o: {action: send, channel: {$ref: '#/channels/a'}}}",
        ),
        ("3.0.0", "channels: {a: {messages: {m: {$ref: '#/channels/a/messages/m'}}}}"),
        ("2.6.0", "components: {messages: {m: {traits: [{$ref: '#/components/messages/m'}]}}}"),
        (
            "3.0.0",
            "components: {messages: {m: {traits: [{$ref: '#/components/messageTraits/t'}]}}, messageTraits: {t: {$ref: '#/components/messageTraits/t'}}}",
        ),
        (
            "2.6.0",
            "components: {messages: {m: {oneOf: [{$ref: '#/components/messages/m'}]}, n: {oneOf: [{$ref: '#/components/messages/o'}]}, o: {oneOf: [{$ref: '#/components/messages/n'}]}}}",
        ),
        ("3.0.0", "servers: {s: {$ref: '#/servers/s'}}\nchannels: {a: {servers: [{$ref: '#/servers/s'}]}}"),
        (
            "3.0.0",
            "components: {schemas: {S: {schemaFormat: application/schema+json, schema: {$ref: '#/components/schemas/S'}}}}",
        ),
        (
            "3.0.0",
            "components: {messages: {m: {payload: {schemaFormat: application/vnd.apache.avro, schema: {$ref: '#/components/messages/m/payload/schema'}}}}}",
        ),
        (
            "3.0.0",
            "operations: {o: {$ref: '#/operations/o'}}\ncomponents: {securitySchemes: {s: {$ref: '#/components/securitySchemes/s'}}}",
        ),
        ("2.6.0", "channels: {a: &a {publish: {message: *a}}}"),
    ] {
        let text = format!("asyncapi: {version}\ninfo: {{title: T, version: '1'}}\n{rest}");
        let loader: MemoryLoader = [("d.yaml", text)].into_iter().collect();
        let mut diagnostics = Diagnostics::default();
        let sources = Sources::read("d.yaml", &loader, &SourceOptions::default(), &mut diagnostics).unwrap();
        assert!(read(&sources, &mut diagnostics).is_some(), "{rest}");
    }
}
