//! `eventwire generate`: what it takes, what it writes and what it leaves alone.

use std::fs;
use std::process::{Command, Stdio};

use crate::{DOCUMENT, Run, TestFolder, builds, files, sources};

#[test]
fn a_document_without_settings() {
    let place = TestFolder::with_document();
    place.run(&["generate", "spec/chat.yaml"]).ends_with(0).says("no chat.toml or eventwire.toml beside the document");
    assert!(place.read("spec/our-chat/Cargo.toml").contains("name = \"our-chat\""));
    place
        .run(&["generate", "spec/chat.yaml", "--out", "out", "--name", "talk"])
        .ends_with(0)
        .says("wrote out/Cargo.toml");
    assert!(place.read("out/Cargo.toml").contains("name = \"talk\""));
    place.run(&["check", "spec/chat.yaml", "--out", "out", "--name", "talk"]).ends_with(0).says("all fresh");
    place.run(&["generate", "spec/chat.yaml", "--name", "a b"]).ends_with(2).says("`a b` is not the name of a package");
}

#[test]
fn settings_beside_the_document_decide() {
    let place = TestFolder::with_document();
    place.write("spec/chat.toml", "document = 'chat.yaml'\noutput = '../talk'\npackage.name = 'talk'\n");
    place.run(&["generate", "spec/chat.yaml"]).ends_with(0).says("using spec/chat.toml").says("wrote talk/Cargo.toml");
    place.run(&["check", "spec/chat.toml"]).ends_with(0).says("all fresh");
    let refused = place.run(&["generate", "spec/chat.yaml", "--name", "x"]).ends_with(2);
    refused.says("say `package.name` in spec/chat.toml");
    place.run(&["generate", "spec/chat.toml", "--out", "elsewhere"]).ends_with(0);
    assert_eq!(files(&place.path("talk")), files(&place.path("elsewhere")), "flags change no file");
}

#[test]
fn settings_are_found_from_below() {
    let place =
        TestFolder::new(&[("eventwire.toml", "document = 'chat.yaml'\noutput = 'talk'\n"), ("chat.yaml", DOCUMENT)]);
    place.run(&["generate"]).ends_with(0).says("wrote talk/Cargo.toml");
}

#[test]
fn files_of_somebody_else_stay() {
    let place = TestFolder::with_document();
    place.write("out/Cargo.toml", "[package]\nname = 'mine'\n");
    let refused = place.run(&["generate", "spec/chat.yaml", "--out", "out"]).ends_with(2);
    refused.says("`Cargo.toml` is not a generated file");
    assert_eq!(files(&place.path("out")).len(), 1);
}

#[test]
fn a_checkout_with_other_line_ends_is_fresh() {
    let place = TestFolder::with_document();
    place.run(&["init", "spec/chat.yaml", "--crate", "talk"]).ends_with(0);
    place.commit();
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(place.0.path()).output().unwrap();
        Run::from(output).ends_with(0).stdout
    };
    git(&["clone", "--quiet", "-c", "core.autocrlf=true", ".", "copy"]);
    assert!(place.read("copy/talk/src/lib.rs").contains("\r\n") && place.read("copy/spec/chat.toml").contains("\r\n"));
    place.run(&["check", "copy/spec/chat.toml"]).ends_with(0).says("all fresh");
    place.run(&["generate", "copy/spec/chat.toml"]).ends_with(0).says(" 0 changed");
    assert_eq!(git(&["-C", "copy", "status", "--porcelain"]), "");
    place.write("copy/talk/src/lib.rs", &place.read("copy/talk/src/lib.rs").replacen("mod codec;", "mod c;", 1));
    let stale = place.run(&["check", "copy/spec/chat.toml"]).ends_with(1).stdout;
    // Two lines name the file, and two are the change.
    assert_eq!(stale.lines().filter(|line| line.starts_with(['-', '+'])).count(), 4, "{stale}");
}

#[test]
fn several_commands_at_once_write_one_crate() {
    let place = TestFolder::with_document();
    for round in 0..4 {
        let _ = fs::remove_dir_all(place.path("out"));
        let mut running: Vec<_> = (0..4)
            .map(|_| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_eventwire"));
                command.args(["generate", "spec/chat.yaml", "--out", "out"]).current_dir(place.0.path());
                command.stderr(Stdio::null()).spawn().unwrap()
            })
            .collect();
        assert!(running.iter_mut().all(|child| child.wait().unwrap().success()), "round {round}");
    }
    place.run(&["check", "spec/chat.yaml", "--out", "out"]).ends_with(0).says("9 files, all fresh");
    assert_eq!(files(&place.path("out")).len(), 9);
}

#[test]
fn denied_warnings_keep_a_crate_from_being_written() {
    let place = TestFolder::with_document();
    place.write("spec/chat.yaml", &format!("{DOCUMENT}x-odd: !odd 1\n"));
    let settings = "document = 'chat.yaml'\noutput = 'out'\n";
    place.write("spec/chat.toml", settings);
    place.run(&["generate", "spec/chat.toml"]).ends_with(0).says("warning[EW0111]");
    place.write("spec/chat.toml", &format!("{settings}lint.EW0111 = 'allow'\n"));
    let quiet = place.run(&["check", "spec/chat.toml"]).ends_with(0);
    assert!(!quiet.stderr.contains("EW0111"), "{}", quiet.stderr);
    place.write("spec/chat.toml", &format!("{settings}lint.EW0111 = 'deny'\n"));
    let denied = place.run(&["check", "spec/chat.toml"]).ends_with(1);
    denied.says("error[EW0111]").says("an error because of `lint.EW0111` in the settings");
}

#[test]
fn what_cannot_be_a_folder_is_named() {
    let place = TestFolder::with_document();
    place.write("file", "mine");
    let mut outputs =
        vec![("file", "file is a file"), ("file/a/b", "file is a file"), ("spec/chat.yaml", "chat.yaml is a file")];
    if cfg!(unix) {
        #[cfg(unix)]
        std::os::unix::fs::symlink("nowhere", place.path("dangling")).unwrap();
        outputs.push(("dangling", "dangling is a symbolic link that does not lead to a folder"));
    }
    // The document has mistakes, and is not looked at.
    place.write("broken.yaml", "a: [");
    for (folder, expected) in outputs {
        for arguments in [
            ["generate", "broken.yaml", "--out"],
            ["check", "broken.yaml", "--out"],
            ["init", "spec/chat.yaml", "--crate"],
            ["init", "spec/chat.yaml", "--build-script"],
        ] {
            let run = place.run(&[&arguments[..], &[folder]].concat()).ends_with(2).says(expected);
            assert!(!run.stderr.contains("EW0"), "{}", run.stderr);
            assert!(!place.path("spec/chat.toml").exists(), "{arguments:?} {folder}");
        }
    }
    place.run(&["init", "spec/chat.yaml", "--settings", "file/chat.toml"]).ends_with(2).says("file is a file");
    place.run(&["init", "spec/chat.yaml", "--settings", "spec", "--force"]).ends_with(2).says("spec is a folder");
    // Inside of the folder likewise.
    place.write("one/src", "mine");
    place
        .run(&["generate", "spec/chat.yaml", "--out", "one"])
        .ends_with(2)
        .says("one/src is a file where a folder is to be");
    place.write("two/src/lib.rs/mine", "");
    place
        .run(&["generate", "spec/chat.yaml", "--out", "two"])
        .ends_with(2)
        .says("two/src/lib.rs is a folder where a file is to be");
    assert_eq!((files(&place.path("one")).len(), files(&place.path("two")).len()), (1, 1));
}

#[test]
fn a_document_without_settings_can_take_the_sources() {
    let place = TestFolder::with_document();
    let generate = ["generate", "spec/chat.yaml", "--out", "talk", "--sources"];
    place.run(&[&generate[..], &[sources()]].concat()).ends_with(0);
    builds(&place, "talk", &["--no-default-features"]);
    place.run(&["check", "spec/chat.yaml", "--out", "talk", "--sources", sources()]).ends_with(0);
    let refused = place.run(&[&generate[..], &["nowhere"]].concat()).ends_with(2);
    refused.says("`nowhere` has no sources of Eventwire");
    place.run(&["init", "spec/chat.yaml"]).ends_with(0);
    let refused = place.run(&[&generate[..], &[sources()]].concat()).ends_with(2);
    refused.says("say `runtime.path` in spec/chat.toml");
}

/// Cargo takes the package without a complaint; that it compiles is shown above.
#[test]
fn a_described_crate_can_be_packaged() {
    let place = TestFolder::with_document();
    let package = "name = 'talk'\nversion = '1.2.0'\ndescription = 'Events'\nlicense = 'MIT'\nrepository = 'https://example.com'\n\
                   readme = 'README.md'\nkeywords = ['chat', 'events']\ncategories = ['api-bindings']\n";
    place.write("spec/chat.toml", &format!("document = 'chat.yaml'\noutput = '../talk'\n[package]\n{package}"));
    place.write("talk/README.md", "# Talk\n");
    place.write("talk/CHANGELOG.md", "# Changelog\n");
    place.run(&["generate", "spec/chat.toml"]).ends_with(0);
    // The runtime is in no registry that a test could reach, so nothing is resolved.
    let packaged = Command::new(env!("CARGO"))
        .args(["package", "--offline", "--no-verify", "--allow-dirty", "--exclude-lockfile", "--target-dir", "target"])
        .current_dir(place.path("talk"))
        .output()
        .unwrap();
    let packaged = Run::from(packaged).ends_with(0);
    assert!(!packaged.stderr.contains("warning"), "{}", packaged.stderr);
    assert!(place.path("talk/target/package/talk-1.2.0.crate").exists());
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--no-deps", "--format-version", "1"])
        .current_dir(place.path("talk"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let talk = &metadata["packages"][0];
    assert_eq!(talk["readme"], "README.md");
    assert_eq!(talk["keywords"], serde_json::json!(["chat", "events"]));
    assert_eq!(talk["categories"], serde_json::json!(["api-bindings"]));
    assert_eq!(talk["metadata"]["docs"]["rs"]["all-features"], true);
    let list = Command::new(env!("CARGO"))
        .args(["package", "--offline", "--allow-dirty", "--list"])
        .current_dir(place.path("talk"))
        .output()
        .unwrap();
    let list = Run::from(list).ends_with(0).stdout;
    for file in ["Cargo.toml", "README.md", "CHANGELOG.md", "src/lib.rs", "src/codec/mod.rs"] {
        assert!(list.lines().any(|line| line == file), "{file} is not in {list}");
    }
}

#[test]
fn parts_can_be_left_out() {
    let place = TestFolder::with_document();
    let generated = |emit: &str| {
        place.write("spec/chat.toml", &format!("document = 'chat.yaml'\noutput = 'out'\nemit = {emit}"));
        let _ = fs::remove_dir_all(place.path("spec/out"));
        place.run(&["generate", "spec/chat.toml"]).ends_with(0);
        let paths = files(&place.path("spec/out")).into_iter().map(|(path, _)| path);
        paths.map(|path| path.to_string_lossy().replace('\\', "/")).collect::<Vec<_>>()
    };
    let types = ["src/codec/messages.rs", "src/codec/metadata.rs", "src/codec/mod.rs", "src/lib.rs", "src/messages.rs"];
    assert_eq!(generated("['types']"), types);
    let with_manifest = generated("['types', 'manifest']");
    assert_eq!(with_manifest, [&["Cargo.toml"], types.as_slice()].concat());
    assert!(generated("['types', 'events', 'operations']").contains(&"src/operations.rs".to_owned()));
    assert!(generated("['connect']").iter().all(|path| !path.contains("messages") && !path.contains("events")));
}

#[test]
fn examples_become_tests_on_request() {
    let document =
        DOCUMENT.replace("    Left:\n", "      examples: [{payload: {type: said, text: hello}}]\n    Left:\n");
    let place = TestFolder::new(&[("chat.yaml", &document)]);
    place.run(&["generate", "chat.yaml", "--out", "plain"]).ends_with(0);
    assert!(!place.path("plain/tests/examples.rs").exists());
    place.run(&["generate", "chat.yaml", "--out", "tested", "--tests"]).ends_with(0);
    let tests = place.read("tested/tests/examples.rs");
    assert!(tests.contains(r#"check::<messages::SaidPayload>("{\"text\":\"hello\",\"type\":\"said\"}");"#), "{tests}");
    assert!(place.read("tested/Cargo.toml").contains("[dev-dependencies.serde_json]"));
    // Without the request the file is left over, and goes.
    place.run(&["generate", "chat.yaml", "--out", "tested"]).ends_with(0);
    assert!(!place.path("tested/tests/examples.rs").exists());
    place.write("chat.toml", "document = \"chat.yaml\"\n[package]\nname = \"chat\"\n");
    place.run(&["generate", "chat.yaml", "--tests"]).ends_with(2).says("say `tests = true`");
}

#[test]
fn generate_without_settings_reports_the_default_role() {
    let place = TestFolder::new(&[("chat.yaml", DOCUMENT)]);
    let line = "no chat.toml or eventwire.toml beside the document: using the defaults; the crate ";
    let talks = format!("{line}talks to the described application (`role = \"client\"`)\n");
    place.run(&["explain", "chat.yaml"]).ends_with(0).says(&talks);
    place.run(&["generate", "chat.yaml"]).ends_with(0).says(&talks);
    place.write("chat.yaml", "asyncapi: 3.0.0\ninfo: {title: Our Chat, version: 1.0.0}\n");
    let is = format!("{line}is the described application itself (`role = \"application\"`)\n");
    place.run(&["explain", "chat.yaml"]).says(&is);
}
