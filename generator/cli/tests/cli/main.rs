//! The command line as people and programs use it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test prepares must succeed")]

mod check;
mod diff;
mod folder;
mod list;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

const DOCUMENT: &str = "\
asyncapi: 2.6.0
info:
  title: Our Chat
  version: 1.0.0
channels:
  /chat:
    subscribe:
      operationId: listen
      message:
        oneOf:
          - $ref: '#/components/messages/Said'
          - $ref: '#/components/messages/Left'
    publish:
      operationId: say
      message:
        $ref: '#/components/messages/Say'
components:
  messages:
    Said:
      payload:
        type: object
        required: [type, text]
        properties:
          type: {const: said}
          text: {type: string}
    Left:
      payload:
        type: object
        required: [type]
        properties:
          type: {const: left}
    Say:
      payload:
        type: object
        required: [text]
        properties:
          text: {type: string}
";

/// A folder with files, in which commands run.
struct Place(TempDir);

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            place.write(path, text);
        }
        place
    }

    /// Makes a repository of the folder, with one commit.
    fn commit(&self) {
        for arguments in [
            &["init", "--quiet"][..],
            &["add", "--all"],
            &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "first"],
        ] {
            let done = Command::new("git").args(arguments).current_dir(self.0.path()).status().unwrap();
            assert!(done.success());
        }
    }

    fn with_document() -> Self {
        Self::new(&[("spec/chat.yaml", DOCUMENT)])
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eventwire"));
        command.args(arguments).current_dir(self.0.path()).env_remove("CLICOLOR_FORCE").env("NO_COLOR", "1");
        Run::from(command.output().unwrap())
    }
}

struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().expect("not ended by a signal");
        Self { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Run {
    #[track_caller]
    fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "{text:?} is not in {}", self.stderr);
        self
    }

    /// Standard output as one JSON object a line.
    #[track_caller]
    fn objects(&self) -> Vec<serde_json::Value> {
        assert_eq!(self.stderr, "", "programs read standard output only");
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Every file below a folder with its text.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push((path.strip_prefix(folder).unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_document_without_settings() {
    let place = Place::with_document();
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
    let place = Place::with_document();
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
    let place = Place::new(&[("eventwire.toml", "document = 'chat.yaml'\noutput = 'talk'\n"), ("chat.yaml", DOCUMENT)]);
    place.run(&["generate"]).ends_with(0).says("wrote talk/Cargo.toml");
}

/// A command that goes on, with the lines it says.
struct Running {
    child: std::process::Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Running {
    fn new(place: &Place, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eventwire"));
        command.args(arguments).current_dir(place.0.path()).stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = std::sync::mpsc::channel();
        let news = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || news.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        Self { child, lines }
    }

    /// Everything that is said until the command waits again.
    #[track_caller]
    fn round(&self) -> String {
        let mut said = String::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.starts_with("watching ") => return said + &line,
                Ok(line) => said += &(line + "\n"),
                Err(error) => panic!("{error} after {said}"),
            }
        }
    }

    /// Rounds until one says a text: a slow machine may make two of one save.
    #[track_caller]
    fn says(&self, text: &str) {
        while !self.round().contains(text) {}
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn watching_generates_on_every_save_and_recovers_from_mistakes() {
    let parts = "components:\n  schemas:\n    Text: {type: string}\n";
    let whole = DOCUMENT.replace(
        "          text: {type: string}\n",
        "          text: {$ref: 'parts/parts.yaml#/components/schemas/Text'}\n",
    );
    let settings = "document = 'chat.yaml'\noutput = '../out'\n";
    let place =
        Place::new(&[("spec/chat.yaml", &whole), ("spec/chat.toml", settings), ("spec/parts/parts.yaml", parts)]);
    let running = Running::new(&place, &["generate", "spec/chat.toml", "--watch"]);
    let first = running.round();
    assert!(first.contains("wrote out/src/lib.rs") && first.contains("watching 3 files"), "{first}");

    place.write("spec/chat.yaml", "asyncapi: [");
    running.says("error[EW0102]");
    place.write("spec/chat.yaml", &whole.replace("type: {const: left}", "type: {const: gone}"));
    running.says("wrote out/src/");
    assert!(files(&place.path("out")).iter().any(|(_, text)| text.contains("\"gone\"")));

    place.write("spec/parts/parts.yaml", &parts.replace("string", "integer"));
    running.says("wrote out/src/");
    assert!(place.read("out/src/messages.rs").contains("i64"));

    fs::remove_file(place.path("spec/parts/parts.yaml")).unwrap();
    running.says("error[EW0120]");
    place.write("spec/parts/parts.yaml", parts);
    running.says("wrote out/src/");

    place.write("spec/chat.toml", "document = 1");
    running.says("error[EW0412]");
    // As editors do that never leave half a file.
    place.write("spec/.new", &settings.replace("../out", "../other"));
    fs::rename(place.path("spec/.new"), place.path("spec/chat.toml")).unwrap();
    running.says("wrote other/src/lib.rs");
}

#[test]
fn watching_has_to_begin_somewhere_and_print_at_once() {
    let place = Place::with_document();
    place.run(&["generate", "--watch"]).ends_with(2).says("no eventwire.toml here");
    place
        .run(&["generate", "spec/chat.yaml", "--watch", "--format", "sarif"])
        .ends_with(2)
        .says("`--watch` has no end");
}

#[test]
fn files_of_somebody_else_stay() {
    let place = Place::with_document();
    place.write("out/Cargo.toml", "[package]\nname = 'mine'\n");
    let refused = place.run(&["generate", "spec/chat.yaml", "--out", "out"]).ends_with(2);
    refused.says("`Cargo.toml` is not a generated file");
    assert_eq!(files(&place.path("out")).len(), 1);
}

#[test]
fn a_checkout_with_other_line_ends_is_fresh() {
    let place = Place::with_document();
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
    let place = Place::with_document();
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
fn exit_codes_tell_mistakes_from_misuse() {
    let place = Place::with_document();
    place.write("broken.yaml", "asyncapi: [");
    place.write("broken.toml", "document = 'spec/chat.yaml'\nrole = 'klient'\n");
    place.run(&["generate", "broken.yaml"]).ends_with(1).says("error[EW0102]").says("--> broken.yaml:1:11");
    place.run(&["generate", "broken.toml"]).ends_with(1).says("error[EW0412]").says("--> broken.toml:2:8");
    place.run(&["generate", "gone.yaml"]).ends_with(2).says("gone.yaml: ");
    place.run(&["generate", "gone.toml"]).ends_with(2).says("gone.toml: ");
    place.run(&["generate"]).ends_with(2).says("no eventwire.toml here or in a folder above");
    place.run(&["generate", "a.yaml", "b.yaml"]).ends_with(2).says("Usage:");
    place.run(&["explain", "EW0000"]).ends_with(2).says("EW0101");
    place.run(&["check", "spec/chat.yaml"]).ends_with(1).says("files differ");
}

#[test]
fn denied_warnings_keep_a_crate_from_being_written() {
    let place = Place::with_document();
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
fn programs_get_one_object_a_line() {
    let place = Place::with_document();
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
    let place = Place::with_document();
    place.write(".git/HEAD", "");
    place.write("spec/chat.yaml", &format!("{DOCUMENT}x-odd: !odd |\n  text\n"));
    let warned = place.run(&["generate", "spec/chat.yaml", "--out", "out", "--format", "github"]).ends_with(0);
    let expected =
        "::warning file=spec/chat.yaml,line=38,col=8,endLine=38,endColumn=11,title=EW0111%3A a tag is not known::";
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
    let place = Place::with_document();
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
    let place = Place::with_document();
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

#[test]
fn what_cannot_be_a_folder_is_named() {
    let place = Place::with_document();
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

/// Text of a document cannot command a terminal.
#[test]
fn special_characters_of_a_document_are_visible() {
    const ODD: &str = r"\e[2J\u202e\u009b";
    let odd =
        |text: &str| text.replace("Said:", &format!("\"Sa{ODD}id\":")).replace("Said'", "Sa%1B%5B2J%E2%80%AE%C2%9Bid'");
    let place = Place::new(&[
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
    let place = Place::new(&[("broken.yaml", "asyncapi: [")]);
    for (color, escapes) in [("always", true), ("never", false), ("auto", false)] {
        let run = place.run(&["generate", "broken.yaml", "--color", color]).ends_with(1);
        assert_eq!(run.stderr.contains('\u{1b}'), escapes, "{color}");
    }
}

#[test]
fn explains_how_messages_are_told_apart() {
    let place = Place::with_document();
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
    let place = Place::new(&[]);
    let run = place.run(&["explain", "ew0401"]).ends_with(0);
    assert!(run.stdout.starts_with("warning[EW0401]: two places come to one Rust name\n\n"), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.len() <= 80), "{}", run.stdout);
    let object = &place.run(&["explain", "EW0303", "--format", "json"]).ends_with(0).objects()[0];
    assert_eq!((&object["id"], &object["level"]), (&"EW0303".into(), &"warning".into()));
}

#[test]
fn what_is_no_code_and_no_file_is_answered() {
    let place = Place::with_document();
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
    let place = Place::with_document();
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
            ("nowhere/chat.yaml", "nowhere/chat.yaml: "),
        ] {
            let run = place.run(&[command, input]).ends_with(2).says(expected);
            assert_eq!(run.stderr.contains("did you mean"), expected.starts_with("did"), "{}", run.stderr);
        }
    }
    place.run(&["diff", "main.yaml", "spec/chat"]).ends_with(2).says("did you mean `spec/chat.yaml`?");
}

#[test]
fn init_writes_settings_once() {
    let place = Place::with_document();
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
fn init_says_whose_side_the_crate_takes() {
    let place = Place::with_document();
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
        let place = Place::new(&[("chat.yaml", text)]);
        let refused = place.run(&["init", "chat.yaml", "--crate", "talk", "--force"]).ends_with(1);
        refused.says(code).says("nothing was written");
        assert_eq!(files(place.0.path()).len(), 1, "{text}");
    }
    // Settings are where a conflict of names is settled, so those mistakes do not keep them from being written.
    let document = DOCUMENT.replace("    Left:", "    said:\n      payload: {type: objekt}\n    Left:");
    let place = Place::new(&[("chat.yaml", &document)]);
    place.run(&["generate", "chat.yaml"]).ends_with(1).says("error[");
    place.run(&["init", "chat.yaml"]).ends_with(0).says("wrote chat.toml");
}

#[test]
fn init_writes_no_settings_without_their_crate() {
    let place = Place::with_document();
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
    let place = Place::with_document();
    let run = place.run(&["init", "spec/chat.yaml", "--crate", "crates/talk", "--name", "talk"]).ends_with(0);
    run.says("wrote spec/chat.toml").says("wrote crates/talk/src/lib.rs");
    assert!(place.read("spec/chat.toml").contains("output = \"../crates/talk\""));
    assert!(place.read("crates/talk/Cargo.toml").contains("name = \"talk\""));
    place.run(&["check", "spec/chat.toml"]).ends_with(0);
}

#[test]
fn init_refuses_sources_that_are_not_there() {
    let place = Place::with_document();
    let refused = place.run(&["init", "spec/chat.yaml", "--crate", "talk", "--sources", "nowhere"]).ends_with(2);
    refused.says("`nowhere` has no sources of Eventwire");
    assert!(!place.path("spec/chat.toml").exists());
}

#[test]
fn init_makes_a_crate_with_a_build_script() {
    let place = Place::with_document();
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

/// The folder with the sources of Eventwire.
fn sources() -> &'static str {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_str().unwrap()
}

/// Compiles a crate that depends on the sources.
fn builds(place: &Place, folder: &str, features: &[&str]) {
    fs::copy(Path::new(sources()).join("Cargo.lock"), place.path(folder).join("Cargo.lock")).unwrap();
    let built = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline", "--target-dir"])
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("init"))
        .args(features)
        .current_dir(place.path(folder))
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .unwrap();
    Run::from(built).ends_with(0);
}

/// The types compile without the connection, and with it.
#[test]
fn the_crate_that_init_makes_builds() {
    let place = Place::with_document();
    place.run(&["init", "spec/chat.yaml", "--crate", "talk", "--sources", sources()]).ends_with(0);
    builds(&place, "talk", &["--no-default-features"]);
    builds(&place, "talk", &[]);
    // Settings alone say it too, for the crate that is generated from them.
    place.run(&["init", "spec/chat.yaml", "--name", "other", "--sources", sources(), "--force"]).ends_with(0);
    place.run(&["generate", "spec/chat.toml"]).ends_with(0).says("wrote spec/other/Cargo.toml");
    builds(&place, "spec/other", &["--no-default-features"]);
}

#[test]
fn a_document_without_settings_can_take_the_sources() {
    let place = Place::with_document();
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
    let place = Place::with_document();
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
    let place = Place::with_document();
    let generated = |emit: &str| {
        place.write("spec/chat.toml", &format!("document = 'chat.yaml'\noutput = 'out'\nemit = {emit}"));
        let _ = fs::remove_dir_all(place.path("spec/out"));
        place.run(&["generate", "spec/chat.toml"]).ends_with(0);
        let paths = files(&place.path("spec/out")).into_iter().map(|(path, _)| path);
        paths.map(|path| path.to_string_lossy().replace('\\', "/")).collect::<Vec<_>>()
    };
    let types = ["src/codec/facts.rs", "src/codec/messages.rs", "src/codec/mod.rs", "src/lib.rs", "src/messages.rs"];
    assert_eq!(generated("['types']"), types);
    let with_manifest = generated("['types', 'manifest']");
    assert_eq!(with_manifest, [&["Cargo.toml"], types.as_slice()].concat());
    assert!(generated("['types', 'events', 'operations']").contains(&"src/operations.rs".to_owned()));
    assert!(generated("['connect']").iter().all(|path| !path.contains("messages") && !path.contains("events")));
}

#[test]
fn prints_the_schema_and_completions() {
    let place = Place::new(&[]);
    let schema = place.run(&["schema"]).ends_with(0).stdout;
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.schema.json");
    assert_eq!(schema, fs::read_to_string(published).unwrap());
    let schema = place.run(&["schema", "--list"]).ends_with(0).stdout;
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/list.schema.json");
    assert_eq!(schema, fs::read_to_string(published).unwrap());
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = place.run(&["completions", shell]).ends_with(0).stdout;
        assert!(script.contains("eventwire") && script.contains("build-script"), "{shell}");
    }
}

#[test]
fn help_teaches_by_example() {
    let place = Place::new(&[]);
    let help = place.run(&["--help"]).ends_with(0).stdout;
    assert!(help.contains("Examples:") && help.contains("Exit codes:"), "{help}");
    for command in ["generate", "check", "init", "explain", "completions"] {
        let help = place.run(&[command, "--help"]).ends_with(0).stdout;
        assert!(help.contains(&format!("eventwire {command} ")), "{help}");
    }
}

#[test]
fn examples_become_tests_on_request() {
    let document =
        DOCUMENT.replace("    Left:\n", "      examples: [{payload: {type: said, text: hello}}]\n    Left:\n");
    let place = Place::new(&[("chat.yaml", &document)]);
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
fn a_document_without_settings_says_whose_side_is_taken() {
    let place = Place::new(&[("chat.yaml", DOCUMENT)]);
    let line = "no chat.toml or eventwire.toml beside the document: using the defaults; the crate ";
    let talks = format!("{line}talks to the described application (`role = \"client\"`)\n");
    place.run(&["explain", "chat.yaml"]).ends_with(0).says(&talks);
    place.run(&["generate", "chat.yaml"]).ends_with(0).says(&talks);
    place.write("chat.yaml", "asyncapi: 3.0.0\ninfo: {title: Our Chat, version: 1.0.0}\n");
    let is = format!("{line}is the described application itself (`role = \"application\"`)\n");
    place.run(&["explain", "chat.yaml"]).says(&is);
}

#[test]
fn init_writes_what_names_around_channels_begin_with() {
    let place = Place::with_document();
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
