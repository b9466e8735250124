//! What the command says, to people and to programs.

use std::process::{Command, Stdio};

use crate::{DOCUMENT, Run, TestFolder};

#[test]
fn programs_get_one_object_a_line() {
    let place = TestFolder::with_document();
    place.write("spec/chat.yaml", &format!("{DOCUMENT}x-odd: !odd 1\n"));
    let generated =
        place.run(&["generate", "spec/chat.yaml", "--out", "out", "--format", "json"]).ends_with(0).objects();
    assert_eq!(generated[0]["code"], "EW0111");
    assert_eq!((&generated[0]["file"], &generated[0]["line"]), (&"spec/chat.yaml".into(), &38.into()));
    assert_eq!((&generated[1]["result"], &generated[1]["folder"]), (&"generated".into(), &"out".into()));
    let changed = generated[1]["changed"].as_array().unwrap();
    assert!(changed.contains(&"src/lib.rs".into()) && generated[1]["files"] == changed.len(), "{generated:?}");

    place.write("out/src/lib.rs", &format!("{}// edited\n", place.read("out/src/lib.rs")));
    let checked = place.run(&["check", "spec/chat.yaml", "--out", "out", "--format", "json"]).ends_with(1).objects();
    let drifts = checked.last().unwrap()["drifts"].as_array().unwrap();
    assert_eq!((drifts.len(), &drifts[0]["path"], &drifts[0]["kind"]), (1, &"src/lib.rs".into(), &"changed".into()));
    assert!(drifts[0]["diff"].as_str().unwrap().contains("-// edited"));

    let failed = place.run(&["generate", "gone.yaml", "--format", "json"]).ends_with(2).objects();
    assert_eq!((failed.len(), &failed[0]["result"]), (1, &"failed".into()));
    place.write("bad.toml", "document = 1");
    let bad = place.run(&["generate", "bad.toml", "--format", "json"]).ends_with(1).objects();
    assert_eq!((&bad[0]["code"], &bad[0]["file"]), (&"EW0412".into(), &"bad.toml".into()));
    assert_eq!((bad.len(), &bad[1]["result"]), (2, &"failed".into()));
    place.write("broken.yaml", "asyncapi: [");
    for command in ["generate", "check", "explain", "init"] {
        let broken = place.run(&[command, "broken.yaml", "--format", "json"]).ends_with(1).objects();
        assert_eq!((&broken[0]["code"], broken[0]["endColumn"].as_u64()), (&"EW0102".into(), Some(12)), "{command}");
        assert_eq!((broken.len(), &broken[1]["result"]), (2, &"failed".into()), "{command}");
    }
}

#[test]
fn github_gets_commands_and_nothing_that_only_looks_like_one() {
    let place = TestFolder::with_document();
    place.write(".git/HEAD", "");
    place.write("spec/chat.yaml", &format!("{DOCUMENT}x-odd: !odd |\n  text\n"));
    let warned = place.run(&["generate", "spec/chat.yaml", "--out", "out", "--format", "github"]).ends_with(0);
    let expected = "::warning file=spec/chat.yaml,line=38,col=8,endLine=38,endColumn=11,title=EW0111%3A unknown tag::";
    assert!(commands(&warned.stdout)[0].starts_with(expected), "{}", warned.stdout);

    let edited = place.read("out/src/lib.rs").replace("pub mod", "::error::not a command\npub mod");
    let line = edited.lines().position(|line| line.starts_with("::error::")).unwrap() + 1;
    place.write("out/src/lib.rs", &edited);
    let run = place.run(&["check", "spec/chat.yaml", "--out", "out", "--format", "github"]).ends_with(1);
    let commands = commands(&run.stdout);
    assert_eq!(commands.len(), 2, "{}", run.stdout);
    assert!(commands[1].starts_with(&format!("::error file=out/src/lib.rs,line={line},")), "{}", commands[1]);
    assert!(run.stdout.contains("-::error::not a command"), "the diff is shown too: {}", run.stdout);

    let broken = "asyncapi: [";
    place.write("spec/broken.yaml", broken);
    let mut command = Command::new(env!("CARGO_BIN_EXE_eventwire"));
    command.args(["explain", "broken.yaml", "--format", "github"]).current_dir(place.path("spec"));
    let below = Run::from(command.output().unwrap()).ends_with(1);
    assert!(
        below.stdout.contains("::error file=spec/broken.yaml,line=1,"),
        "paths begin at the repository: {}",
        below.stdout
    );
    let gone = place.run(&["check", "gone.yaml", "--format", "github"]).ends_with(2);
    assert!(gone.stdout.starts_with("::error::gone.yaml"), "{}", gone.stdout);
}

/// The lines that GitHub takes for commands.
fn commands(stdout: &str) -> Vec<&str> {
    let mut end: Option<String> = None;
    let mut commands = Vec::new();
    for line in stdout.lines() {
        match (&end, line.strip_prefix("::stop-commands::")) {
            (None, Some(word)) => end = Some(format!("::{word}::")),
            (None, None) if line.trim_start().starts_with("::") => commands.push(line),
            (Some(word), _) if line == word => end = None,
            (None | Some(_), _) => {}
        }
    }
    assert_eq!(end, None, "what stops commands has to end");
    commands
}

#[test]
fn services_get_one_sarif_log() {
    let place = TestFolder::with_document();
    place.write("spec/chat.yaml", &format!("{DOCUMENT}x-odd: !odd 1\n"));
    let log = |arguments: &[&str], code: i32| -> serde_json::Value {
        let run = place.run(&[arguments, &["--format", "sarif"]].concat()).ends_with(code);
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout))
    };
    let stale = log(&["check", "spec/chat.yaml", "--out", "out"], 1);
    let results = stale["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results[0]["ruleId"], "EW0111");
    let region = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(
        (&region["artifactLocation"]["uri"], &region["region"]["startLine"]),
        (&"spec/chat.yaml".into(), &38.into())
    );
    assert!(results.len() > 2 && results[1..].iter().all(|result| result["ruleId"] == "stale"), "{results:?}");

    log(&["generate", "spec/chat.yaml", "--out", "out"], 0);
    let fresh = log(&["check", "spec/chat.yaml", "--out", "out"], 0);
    assert_eq!(fresh["runs"][0]["results"].as_array().unwrap().len(), 1, "the warning alone");
    assert_eq!(log(&["explain", "spec/chat.yaml"], 0)["runs"][0]["results"].as_array().unwrap().len(), 1);
    place.write("bad.toml", "document = 1");
    assert_eq!(log(&["generate", "bad.toml"], 1)["runs"][0]["results"][0]["ruleId"], "EW0412");
    let gone = &log(&["generate", "gone.yaml"], 2)["runs"][0]["invocations"][0];
    assert_eq!(gone["executionSuccessful"], false);
    assert!(gone["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap().starts_with("gone.yaml"));
}

#[test]
fn whoever_stops_reading_has_read_enough() {
    let place = TestFolder::with_document();
    place.write("bad.toml", "document = 1");
    for (arguments, code) in [
        (&["explain", "spec/chat.yaml"][..], 0),
        (&["explain", "EW0301"], 0),
        (&["schema"], 0),
        (&["completions", "bash"], 0),
        (&["generate", "spec/chat.yaml", "--out", "out", "--format", "json"], 0),
        (&["generate", "bad.toml", "--format", "json"], 1),
        (&["generate", "gone.yaml", "--format", "json"], 2),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eventwire"));
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let (reader, news) = std::io::pipe().unwrap();
        drop(reader);
        command.args(arguments).current_dir(place.0.path()).stdin(Stdio::null()).stdout(writer).stderr(news);
        assert_eq!(command.status().unwrap().code(), Some(code), "{arguments:?}");
    }
}

/// Text of a document cannot command a terminal.
#[test]
fn special_characters_of_a_document_are_visible() {
    const ODD: &str = r"\e[2J\u202e\u009b";
    let odd =
        |text: &str| text.replace("Said:", &format!("\"Sa{ODD}id\":")).replace("Said'", "Sa%1B%5B2J%E2%80%AE%C2%9Bid'");
    let place = TestFolder::new(&[
        ("a.yaml", &odd(DOCUMENT).replace("{const: said}", &format!("{{const: \"sa{ODD}id\"}}"))),
        ("b.yaml", &odd(DOCUMENT).replace("{const: said}", &format!("{{const: \"x{ODD}\"}}"))),
        ("broken.yaml", &odd(DOCUMENT).replace("{const: left}", &format!("{{type: \"o{ODD}\"}}"))),
    ]);
    for arguments in [
        &["explain", "a.yaml"][..],
        &["generate", "broken.yaml"],
        &["generate", "broken.yaml", "--format", "github"],
        &["diff", "a.yaml", "b.yaml"],
        &["diff", "a.yaml", "b.yaml", "--markdown"],
        &["generate", "go\u{1b}[2J\u{202e}\u{9b}ne.yaml"],
    ] {
        let run = place.run(arguments);
        let text = run.stdout + &run.stderr;
        assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{arguments:?}: {text:?}");
        assert!(text.contains("\\u{1b}[2J\\u{202e}\\u{9b}"), "{arguments:?}: {text}");
    }
    let object = &place.run(&["explain", "a.yaml", "--format", "json"]).ends_with(0).objects()[0];
    assert!(object["text"].as_str().unwrap().contains("sa\u{1b}[2J\u{202e}\u{9b}id"), "{object}");
}

#[test]
fn colour_is_asked_for() {
    let place = TestFolder::new(&[("broken.yaml", "asyncapi: [")]);
    for (color, escapes) in [("always", true), ("never", false), ("auto", false)] {
        let run = place.run(&["generate", "broken.yaml", "--color", color]).ends_with(1);
        assert_eq!(run.stderr.contains('\u{1b}'), escapes, "{color}");
    }
}
