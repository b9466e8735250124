//! `eventwire init`.

use crate::{DOCUMENT, TestFolder, builds, files, sources};

#[test]
fn init_writes_settings_once() {
    let place = TestFolder::with_document();
    place.run(&["init", "spec/chat.yaml"]).ends_with(0).says("wrote spec/chat.toml");
    let written = place.read("spec/chat.toml");
    assert!(written.contains("document = \"chat.yaml\"") && written.contains("name = \"our-chat\""), "{written}");
    place.run(&["generate", "spec/chat.yaml"]).ends_with(0).says("using spec/chat.toml");
    place.write("spec/chat.toml", "document = 'chat.yaml' # mine");
    place.run(&["init", "spec/chat.yaml"]).ends_with(2).says("spec/chat.toml exists; nothing was written");
    assert_eq!(place.read("spec/chat.toml"), "document = 'chat.yaml' # mine");
    place.run(&["init", "spec/chat.yaml", "--force"]).ends_with(0).says("overwrote spec/chat.toml");
    assert_eq!(place.read("spec/chat.toml"), written);
    place.run(&["init", "gone.yaml"]).ends_with(2).says("gone.yaml");
}

#[test]
fn init_reports_the_role() {
    let place = TestFolder::with_document();
    place.write("new.yaml", "asyncapi: 3.0.0\ninfo: { title: New, version: 1.0.0 }\n");
    for (document, settings, role) in
        [("spec/chat.yaml", "spec/chat.toml", "client"), ("new.yaml", "new.toml", "application")]
    {
        let line = format!("role = \"{role}\"");
        place.run(&["init", document]).ends_with(0).says(&line);
        assert!(place.read(settings).lines().any(|written| written == line), "{document}");
    }
}

#[test]
fn init_writes_nothing_for_what_is_no_document() {
    for (text, code) in [("", "EW0103"), ("a: [", "EW0102"), ("hello", "EW0201"), ("asyncapi: 9.0.0", "EW0202")] {
        let place = TestFolder::new(&[("chat.yaml", text)]);
        let refused = place.run(&["init", "chat.yaml", "--crate", "talk", "--force"]).ends_with(1);
        refused.says(code).says("nothing was written");
        assert_eq!(files(place.0.path()).len(), 1, "{text}");
    }
    // Settings are where a conflict of names is settled, so those mistakes do not keep them from being written.
    let document = DOCUMENT.replace("    Left:", "    said:\n      payload: {type: objekt}\n    Left:");
    let place = TestFolder::new(&[("chat.yaml", &document)]);
    place.run(&["generate", "chat.yaml"]).ends_with(1).says("error[");
    place.run(&["init", "chat.yaml"]).ends_with(0).says("wrote chat.toml");
}

#[test]
fn init_writes_no_settings_without_their_crate() {
    let place = TestFolder::with_document();
    place.write("spec/broken.yaml", &DOCUMENT.replace("{const: left}", "{type: objekt}"));
    let run = place.run(&["init", "spec/broken.yaml", "--crate", "talk"]).ends_with(1);
    run.says("EW0302").says("nothing was written; without `--crate`, the settings alone are");
    assert!(!place.path("spec/broken.toml").exists() && !place.path("talk").exists());
    let object = place.run(&["init", "spec/broken.yaml", "--crate", "talk", "--format", "json"]).ends_with(1).objects();
    assert_eq!(object.last().unwrap()["result"], "failed");
    place.run(&["init", "spec/broken.yaml"]).ends_with(0).says("wrote spec/broken.toml");
    // Neither where a file of the crate cannot be written.
    place.write("mine/src/lib.rs", "// mine");
    place.run(&["init", "spec/chat.yaml", "--crate", "mine"]).ends_with(2).says("`src/lib.rs` is not a generated file");
    assert!(!place.path("spec/chat.toml").exists());
}

#[test]
fn init_makes_a_crate_that_stays_fresh() {
    let place = TestFolder::with_document();
    let run = place.run(&["init", "spec/chat.yaml", "--crate", "crates/talk", "--name", "talk"]).ends_with(0);
    run.says("wrote spec/chat.toml").says("wrote crates/talk/src/lib.rs");
    assert!(place.read("spec/chat.toml").contains("output = \"../crates/talk\""));
    assert!(place.read("crates/talk/Cargo.toml").contains("name = \"talk\""));
    place.run(&["check", "spec/chat.toml"]).ends_with(0);
}

#[test]
fn init_refuses_sources_that_are_not_there() {
    let place = TestFolder::with_document();
    let refused = place.run(&["init", "spec/chat.yaml", "--crate", "talk", "--sources", "nowhere"]).ends_with(2);
    refused.says("`nowhere` has no sources of Eventwire");
    assert!(!place.path("spec/chat.toml").exists());
}

#[test]
fn init_makes_a_crate_with_a_build_script() {
    let place = TestFolder::with_document();
    place.write("ours/src/lib.rs", "// mine");
    let refused = place.run(&["init", "spec/chat.yaml", "--build-script", "ours"]).ends_with(2);
    refused.says("ours/src/lib.rs exists; nothing was written");
    assert!(!place.path("spec/chat.toml").exists());
    let run = place.run(&["init", "spec/chat.yaml", "--build-script", "talk", "--format", "json"]).ends_with(0);
    let written = &run.objects()[0]["written"];
    assert_eq!(*written, serde_json::json!(["spec/chat.toml", "talk/Cargo.toml", "talk/build.rs", "talk/src/lib.rs"]));
    assert!(place.read("talk/build.rs").contains("eventwire_codegen::build(\"../spec/chat.toml\")"));
    place.run(&["init", "spec/chat.yaml", "--build-script", "a", "--crate", "b"]).ends_with(2);
}

/// The types compile without the connection, and with it.
#[test]
fn the_crate_that_init_makes_builds() {
    let place = TestFolder::with_document();
    place.run(&["init", "spec/chat.yaml", "--crate", "talk", "--sources", sources()]).ends_with(0);
    builds(&place, "talk", &["--no-default-features"]);
    builds(&place, "talk", &[]);
    // Settings alone say it too, for the crate that is generated from them.
    place.run(&["init", "spec/chat.yaml", "--name", "other", "--sources", sources(), "--force"]).ends_with(0);
    place.run(&["generate", "spec/chat.toml"]).ends_with(0).says("wrote spec/other/Cargo.toml");
    builds(&place, "spec/other", &["--no-default-features"]);
}

#[test]
fn init_writes_what_names_around_channels_begin_with() {
    let place = TestFolder::with_document();
    place.run(&["init", "spec/chat.yaml", "--crate", "talk"]).ends_with(0);
    assert!(place.read("spec/chat.toml").contains("[names.channels]\n\"/chat\" = \"\"\n"));
    assert!(place.read("talk/src/events.rs").contains("pub enum Event {"));
    let more = "  aside:\n    subscribe: { message: { name: hint, payload: { type: object } } }\n";
    let (old, new) = (DOCUMENT.to_owned(), DOCUMENT.replace("channels:\n", &format!("channels:\n{more}")));
    place.write("spec/old.yaml", &old);
    place.write("spec/chat.yaml", &new);
    let diff = place.run(&["diff", "spec/old.yaml", "spec/chat.yaml"]).ends_with(0).stdout;
    assert!(diff.contains("`AsideEvent` is new") && !diff.contains("breaking["), "{diff}");
    place.run(&["init", "spec/chat.yaml", "--force"]).ends_with(0);
    let settings = place.read("spec/chat.toml");
    assert!(settings.contains("[names.channels]\n\"aside\" = \"Aside\"\n\"/chat\" = \"Chat\"\n"), "{settings}");
}
