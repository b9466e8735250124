//! Whatever text stands in a document, the crate compiles, its docs have no warning, and no text of it is compiled or run.

use std::fmt::Write as _;

use eventwire_codegen::{Config, MemoryLoader, compile};

use crate::cases::Crate;

/// A document with text at every place that takes one. `@` stands for the text, `%` for the text in a pointer.
const DOCUMENT: &str = r##"{
  "asyncapi": "3.0.0",
  "info": {
    "title": "@", "version": "@", "description": "@",
    "tags": [{ "name": "@" }],
    "externalDocs": { "url": "http://x.example/@", "description": "@" }
  },
  "servers": {
    "s@": {
      "host": "{host}.example", "protocol": "ws", "title": "@", "description": "@",
      "variables": { "host": { "enum": ["a@", "b"], "default": "b", "description": "@" } },
      "security": [{ "$ref": "#/components/securitySchemes/scheme%" }]
    }
  },
  "channels": {
    "room@": {
      "address": "/r/{kind}", "title": "@", "summary": "@", "description": "@",
      "parameters": { "kind": { "enum": ["a@", "b"], "description": "@" } },
      "bindings": { "ws": {
        "query": { "type": "object", "properties": {
          "q@": { "type": "string", "enum": ["x@", "y"], "description": "@" },
          "d": { "type": "string", "default": "@" }
        } },
        "headers": { "type": "object", "properties": { "h@": { "type": "string", "const": "c@" } } }
      } },
      "messages": { "m@": { "$ref": "#/components/messages/M" }, "n@": { "$ref": "#/components/messages/N" } }
    }
  },
  "operations": {
    "receive@": {
      "action": "receive", "title": "@", "summary": "@", "description": "@", "tags": [{ "name": "@" }],
      "channel": { "$ref": "#/channels/room%" }
    },
    "ask@": {
      "action": "send", "channel": { "$ref": "#/channels/room%" },
      "messages": [{ "$ref": "#/channels/room%/messages/n%" }],
      "reply": {
        "channel": { "$ref": "#/channels/room%" }, "messages": [{ "$ref": "#/channels/room%/messages/m%" }]
      }
    }
  },
  "components": {
    "securitySchemes": { "scheme@": { "type": "httpApiKey", "in": "query", "name": "k@", "description": "@" } },
    "messages": {
      "M": {
        "name": "@", "title": "@", "summary": "@", "description": "@",
        "payload": {
          "type": "object", "title": "@", "description": "@", "required": ["t@", "p@"],
          "properties": {
            "t@": { "const": "m@" },
            "p@": { "type": "string", "title": "@", "description": "@", "format": "f@", "default": "@" },
            "e": { "enum": ["@", "other@"], "description": "@" },
            "mixed": { "enum": [1, "@", null, { "@": "@" }] },
            "object": { "const": { "@": "@" } },
            "pair": { "type": "array", "items": [{ "const": "@" }, { "type": "string" }] },
            "alias": { "$ref": "#/components/schemas/Alias%" },
            "one": { "oneOf": [
              { "title": "@", "type": "object", "required": ["k"], "properties": { "k": { "const": "1@" } } },
              { "description": "@", "type": "object", "required": ["k"], "properties": { "k": { "const": "2@" } } }
            ] }
          },
          "dependencies": { "e": ["@"] }
        }
      },
      "N": {
        "correlationId": { "location": "$message.payload#/id%", "description": "@" },
        "headers": { "type": "object", "properties": { "h@": { "type": "string", "description": "@" } } },
        "payload": {
          "type": "object", "required": ["t@"], "properties": { "id@": { "type": "string" }, "t@": { "const": "n@" } }
        }
      }
    },
    "schemas": { "Alias@": { "type": "array", "title": "@", "description": "@", "items": { "type": "string" } } }
  }
}"##;

/// What breaks out of Rust source, of its comments, of Markdown or of a doctest.
const PIECES: [&str; 30] = [
    "```\npanic!(\"run\")\n```\n",
    "```rust\n",
    "~~~\n",
    "```",
    "``",
    "`",
    "    panic!()\n",
    "\n\n    panic!()\n",
    "- ```\n  panic!()\n",
    "> panic!()\n",
    "\r",
    "\r\n",
    "\0",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{2028}",
    "*/",
    "/*!",
    "//!",
    "\"#",
    "\\",
    "[Self]",
    "[a]: b",
    "<script>",
    "http://x.example",
    "{}",
    "#![doc]",
    "| a `|` b |\n|---|---|\n",
];

/// How many texts are tried. `EVENTWIRE_HOSTILE` takes another number of them.
const TEXTS: usize = 14;

#[test]
fn no_text_of_a_document_becomes_source() {
    let texts = std::env::var("EVENTWIRE_HOSTILE").map_or(TEXTS, |number| number.parse().unwrap());
    let mut random = fastrand::Rng::with_seed(1);
    // Each piece stands at the start of a text once in a while, and beside others.
    let text = |index: usize| -> String {
        let others = (0..random.usize(..4)).map(|_| PIECES[random.usize(..PIECES.len())]);
        [PIECES[index * 7 % PIECES.len()]].into_iter().chain(others).collect()
    };
    let texts: Vec<String> = (0..texts).map(text).collect();
    let mut target = Crate::new("hostile");
    let mut modules = String::new();
    for (index, text) in texts.into_iter().enumerate() {
        let mut config = Config::for_document(format!("{}.json", text.replace(['/', '\\'], "")));
        config.package.regenerate = Some(text.clone());
        let quoted = serde_json::to_string(&text).unwrap();
        let document = DOCUMENT.replace('@', quoted.trim_matches('"')).replace('%', &pointer(&text));
        let loader: MemoryLoader = [(config.document.as_str(), document.as_str())].into_iter().collect();
        let compiled = compile(&config, &loader);
        let output = compiled.output.as_ref().unwrap_or_else(|| panic!("{text:?}:\n{}", compiled.render(false)));
        let module = format!("document_{index}");
        target.module(&module, output);
        writeln!(modules, "pub mod {module};").unwrap();
    }
    target.root(&modules);
    target.is_clean();
}

/// A text as a part of a pointer in a fragment.
fn pointer(text: &str) -> String {
    let escaped = text.replace('~', "~0").replace('/', "~1");
    escaped.bytes().fold(String::new(), |mut all, byte| {
        if byte.is_ascii_alphanumeric() {
            all.push(char::from(byte));
        } else {
            write!(all, "%{byte:02X}").unwrap();
        }
        all
    })
}

/// Docs with a text in them are written from values of the type `DocComment` alone.
#[test]
fn documentation_is_written_in_one_place() {
    let mut written = Vec::new();
    let mut open = vec![eventwire_tests::folder().join("../generator/src")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if std::fs::read_to_string(&path).unwrap().contains("[doc = #") {
                written.push(path.file_name().unwrap().to_owned());
            }
        }
    }
    assert_eq!(written, ["mod.rs"], "write a `DocComment` instead");
}
