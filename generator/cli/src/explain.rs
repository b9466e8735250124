//! `explain`: how messages are distinguished, or what a code means.

use std::path::Path;
use std::process::ExitCode;

use eventwire_codegen::diagnostic::{Code, Level, visible};
use eventwire_codegen::{List, Project};
use serde_json::json;

use crate::input::{announce_defaults, each};
use crate::path::shown;
use crate::report::{Failure, Reporter};

pub(crate) fn explain(what: Option<&str>, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let Some(what) = what else { return explain_documents(None, reporter) };
    match Code::from_id(&code_in(what)) {
        Some(code) => explain_code(code, reporter),
        None if Path::new(what).exists() => explain_documents(Some(Path::new(what)), reporter),
        None => match meant(what) {
            Some(code) => Err(format!("no diagnostic has the code `{what}`; did you mean `{}`?", code.id()).into()),
            None if looks_like_a_code(what) => {
                Err(format!("no diagnostic has the code `{what}`; there are {} to {}", first(), last()).into())
            }
            None if Path::new(what).components().count() <= 1 && !what.contains('.') && what != "-" => {
                Err(format!("`{what}` is neither a file nor the code of a diagnostic, such as `{}`", last()).into())
            }
            None => explain_documents(Some(Path::new(what)), reporter),
        },
    }
}

/// The code in what was copied, such as `error[EW0301]:`.
fn code_in(what: &str) -> String {
    what.rsplit('[').next().unwrap_or_default().trim_end_matches([':', ']']).to_ascii_uppercase()
}

/// The code whose letters or zeros were left out.
fn meant(what: &str) -> Option<Code> {
    let digits = what.trim_start_matches(['E', 'W', 'e', 'w', '-', ' ']);
    Code::from_id(&format!("EW{digits:0>4}"))
}

fn looks_like_a_code(what: &str) -> bool {
    let digits = what.get(..2).filter(|letters| letters.eq_ignore_ascii_case("ew")).map(|_| &what[2..]);
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn first() -> &'static str {
    Code::ALL.first().map_or("none", |code| code.id())
}

fn last() -> &'static str {
    Code::ALL.last().map_or("none", |code| code.id())
}

fn explain_code(code: Code, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let (id, level, title, explanation) = (code.id(), code.level().name(), code.title(), code.explanation());
    let object = json!({ "result": "explained", "id": id, "level": level, "title": title, "explanation": explanation });
    reporter.result(&format!("{level}[{id}]: {title}\n\n{}\n", wrapped(explanation)), &object)?;
    Ok(ExitCode::SUCCESS)
}

/// Text in lines of at most 80 characters.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 80 => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// One document, or each of a list below its name.
fn explain_documents(input: Option<&Path>, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let several = List::locate(input)?.inputs.len() > 1;
    each(input, reporter, |input, reporter| explain_document(input, several, reporter))
}

fn explain_document(input: &Path, several: bool, reporter: &mut Reporter) -> Result<ExitCode, Failure> {
    let project = Project::locate(input)?;
    announce_defaults(&project, input, reporter);
    let (explanation, compiled) = project.explain();
    reporter.diagnostics(&compiled)?;
    let Some(text) = explanation else { return Ok(reporter.mistakes("the document cannot be read")?) };
    let input = shown(input);
    let object = json!({ "result": "explained", "input": input, "text": text });
    let text = if several { format!("# {input}\n\n{text}\n") } else { text };
    reporter.result(&visible(&text), &object)?;
    Ok(if compiled.count(Level::Error) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
