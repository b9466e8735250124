//! `eventwire generate --watch`.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::{DOCUMENT, TestFolder, files};

/// A command that continues, with the lines it says.
pub(crate) struct Running {
    child: std::process::Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Running {
    pub(crate) fn new(place: &TestFolder, arguments: &[&str]) -> Self {
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
    pub(crate) fn round(&self) -> String {
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
    pub(crate) fn says(&self, text: &str) {
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
        TestFolder::new(&[("spec/chat.yaml", &whole), ("spec/chat.toml", settings), ("spec/parts/parts.yaml", parts)]);
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

/// The output of the command may be written to a file in the folder that it watches.
#[test]
fn a_file_that_grows_is_no_missing_file() {
    let place = TestFolder::new(&[("chat.yaml", "asyncapi: ["), ("log", "")]);
    let running = Running::new(&place, &["generate", "chat.yaml", "--out", "out", "--watch"]);
    assert!(running.round().contains("error[EW0102]"));
    for length in 1..4 {
        fs::write(place.path("log"), "a line\n".repeat(length)).unwrap();
        std::thread::sleep(Duration::from_millis(100));
    }
    place.write("chat.yaml", DOCUMENT);
    loop {
        let round = running.round();
        assert!(!round.contains("log was changed"), "{round}");
        if round.contains("wrote out/src/lib.rs") {
            break;
        }
    }
}

#[test]
fn watching_has_to_begin_somewhere_and_print_at_once() {
    let place = TestFolder::with_document();
    place.run(&["generate", "--watch"]).ends_with(2).says("no eventwire.toml here");
    place
        .run(&["generate", "spec/chat.yaml", "--watch", "--format", "sarif"])
        .ends_with(2)
        .says("`--watch` has no end");
}
