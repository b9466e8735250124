//! `eventwire explain`.

use crate::{DOCUMENT, TestFolder};

#[test]
fn explains_how_messages_are_distinguished() {
    let place = TestFolder::with_document();
    insta::assert_snapshot!(place.run(&["explain", "spec/chat.yaml"]).ends_with(0).stdout, @r"
    ChatEvent: 2 messages received on `/chat`
      by the property `type`:
        `said`  Said
        `left`  Left

    ChatCommand: 1 message sent on `/chat`
      everything is Say
    ");
    let alike = DOCUMENT.replace("type: {const: said}", "type: {type: string}");
    place.write(
        "spec/chat.yaml",
        &alike.replace("type: {const: left}", "type: {type: string}\n          text: {type: string}"),
    );
    let unclear = place.run(&["explain", "spec/chat.yaml"]).stdout;
    insta::assert_snapshot!(unclear);
}

#[test]
fn explains_codes() {
    let place = TestFolder::new(&[]);
    let run = place.run(&["explain", "ew0401"]).ends_with(0);
    assert!(run.stdout.starts_with("warning[EW0401]: two places have the same Rust name\n\n"), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.len() <= 80), "{}", run.stdout);
    let object = &place.run(&["explain", "EW0303", "--format", "json"]).ends_with(0).objects()[0];
    assert_eq!((&object["id"], &object["level"]), (&"EW0303".into(), &"warning".into()));
}

#[test]
fn what_is_no_code_and_no_file_is_answered() {
    let place = TestFolder::with_document();
    for copied in ["ew0401", "error[EW0401]", "warning[EW0401]:", "EW0401:"] {
        let run = place.run(&["explain", copied]).ends_with(0);
        assert!(run.stdout.starts_with("warning[EW0401]"), "{}", run.stdout);
    }
    for (what, expected) in [
        ("EW9999", "no diagnostic has the code `EW9999`; there are EW0101 to "),
        ("EW401", "did you mean `EW0401`?"),
        ("e0401", "did you mean `EW0401`?"),
        ("401", "did you mean `EW0401`?"),
        ("nonsense", "`nonsense` is neither a file nor the code of a diagnostic, such as `EW0"),
        ("ewé", "`ewé` is neither a file nor the code"),
        ("", "`` is neither a file nor the code"),
        ("gone.yaml", "gone.yaml: "),
        ("spec/gone", "spec/gone: "),
    ] {
        place.run(&["explain", what]).ends_with(2).says(expected);
    }
}

#[test]
fn what_is_not_there_is_answered_with_what_may_be_meant() {
    let place = TestFolder::with_document();
    place.write("main.yaml", DOCUMENT);
    for command in ["generate", "check", "explain", "init"] {
        for (input, expected) in [
            (
                "https://example.com/chat.yaml",
                "nothing is fetched from the network: save the document and name the file",
            ),
            ("-", "standard input is not read: save the document and name the file"),
            ("spec/chat", "did you mean `spec/chat.yaml`?"),
            ("spec/chat.yml", "did you mean `spec/chat.yaml`?"),
            ("spec/caht.yaml", "did you mean `spec/chat.yaml`?"),
            ("spec/CHAT.YAML", "did you mean `spec/chat.yaml`?"),
            ("mian.yaml", "did you mean `main.yaml`?"),
            ("spec/other.toml", "spec/other.toml: "),
            // Nothing but the ending is alike.
            ("nope.yaml", "nope.yaml: "),
            ("nowhere/chat.yaml", "nowhere/chat.yaml: "),
        ] {
            let run = place.run(&[command, input]).ends_with(2).says(expected);
            assert_eq!(run.stderr.contains("did you mean"), expected.starts_with("did"), "{}", run.stderr);
        }
    }
    place.run(&["diff", "main.yaml", "spec/chat"]).ends_with(2).says("did you mean `spec/chat.yaml`?");
}

/// The lines of the help are settings: they stand for the channel whose messages are alike, not for all channels.
#[test]
fn the_settings_in_the_help_can_be_pasted() {
    let place = TestFolder::new(&[]);
    place.write(
        "api.yaml",
        "asyncapi: 2.6.0
info: {title: Lamps, version: 1.0.0}
channels:
  /lamp:
    subscribe: {message: {oneOf: [{name: lit, payload: {type: object}}, {name: dark, payload: {type: object}}]}}
  level:
    subscribe: {message: {oneOf: [{name: text, payload: {type: string}}, {name: count, payload: {type: integer}}]}}
",
    );
    let warned = place.run(&["generate", "api.yaml", "--out", "a"]).ends_with(0).says("EW0402");
    let help = warned.stderr.split_once("the property that distinguishes them:\n").unwrap().1;
    let lines: Vec<&str> = help.lines().take(3).map(str::trim_start).collect();
    let settings = lines.join("\n").replacen('…', "lit", 1).replacen('…', "dark", 1);
    place.write("api.toml", &format!("document = \"api.yaml\"\noutput = \"b\"\n{settings}\n"));
    let run = place.run(&["generate", "api.toml"]).ends_with(0);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}
