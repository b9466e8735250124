use std::fs;
use std::path::Path;

use super::Project;

const DOCUMENT: &str = "asyncapi: 2.6.0\ninfo: {title: Our Chat, version: 1.0.0}\nchannels: {}\n";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The settings that are found for `chat.yaml`, by file name.
fn found(files: &[(&str, &str)]) -> Option<String> {
    let folder = folder(&[&[("chat.yaml", DOCUMENT)], files].concat());
    let project = Project::locate(&folder.path().join("chat.yaml")).unwrap();
    project.settings().map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
}

#[test]
fn settings_are_found_beside_the_document() {
    assert_eq!(found(&[]), None);
    assert_eq!(found(&[("chat.toml", "document = 'chat.yaml'")]).as_deref(), Some("chat.toml"));
    assert_eq!(found(&[("eventwire.toml", "document = './chat.yaml'")]).as_deref(), Some("eventwire.toml"));
    let both = [("eventwire.toml", "document = 'chat.yaml'"), ("chat.toml", "document = 'chat.yaml'")];
    assert_eq!(found(&both).as_deref(), Some("chat.toml"));
}

#[test]
fn files_that_are_no_settings_for_the_document_are_not_taken() {
    assert_eq!(found(&[("chat.toml", "[package]\nname = 'x'")]), None);
    assert_eq!(found(&[("chat.toml", "{")]), None);
    assert_eq!(found(&[("chat.toml", "document = 'other.yaml'")]), None);
    assert_eq!(found(&[("other.yaml", DOCUMENT), ("eventwire.toml", "document = 'other.yaml'")]), None);
}

#[test]
fn settings_with_mistakes_are_not_passed_over() {
    let folder = folder(&[("chat.yaml", DOCUMENT), ("eventwire.toml", "{")]);
    let error = Project::locate(&folder.path().join("chat.yaml")).unwrap_err();
    assert!(error.config().is_some(), "{error}");
}

#[test]
fn the_output_folder_comes_from_the_settings() {
    let folder = folder(&[
        ("spec/chat.yaml", DOCUMENT),
        ("spec/a.toml", "document = 'chat.yaml'\noutput = '../out'"),
        ("spec/b.toml", "document = 'chat.yaml'\npackage.name = 'b'"),
        ("spec/c.toml", "document = 'chat.yaml'"),
    ]);
    let spec = folder.path().join("spec");
    let output = |name: &str| Project::open(&spec.join(name)).unwrap().output_folder();
    assert_eq!(output("a.toml"), spec.join("../out"));
    assert_eq!(output("b.toml"), spec.join("b"));
    assert_eq!(output("c.toml"), spec.join("our-chat"));
    assert_eq!(Project::open(&spec.join("a.toml")).unwrap().with_output("x").output_folder(), Path::new("x"));
}

#[test]
fn the_working_folder_changes_no_file() {
    let folder = folder(&[("chat.yaml", DOCUMENT), ("chat.toml", "document = 'chat.yaml'\noutput = 'out'")]);
    let project = Project::open(&folder.path().join("chat.toml")).unwrap();
    let here = project.compile().output.unwrap();
    assert_eq!(here, project.with_output("elsewhere").compile().output.unwrap());
    let defaults = Project::for_document(&folder.path().join("chat.yaml")).unwrap();
    assert_eq!(here, defaults.compile().output.unwrap(), "settings that say nothing are the defaults");
}

#[test]
fn paths_in_messages_begin_where_the_user_stands() {
    let broken = "asyncapi: 2.6.0\nasyncapi: 2.6.0\ninfo: {title: Our Chat, version: 1.0.0}\nchannels: {}\n";
    let folder = folder(&[("spec/chat.yaml", broken), ("spec/none.toml", "document = 'nothing.yaml'")]);
    let spec = folder.path().join("spec");
    let shown = spec.to_string_lossy().replace('\\', "/");
    let compiled = Project::locate(&spec.join("chat.yaml")).unwrap().compile();
    assert!(
        compiled.to_lines()[0].starts_with(&format!("{shown}/chat.yaml:2:1: error[EW0105]")),
        "{:?}",
        compiled.to_lines()
    );
    assert_eq!(compiled.inputs(), [format!("{shown}/chat.yaml")]);
    let compiled = Project::open(&spec.join("none.toml")).unwrap().compile();
    assert!(
        compiled.to_lines()[0].starts_with(&format!("{shown}/none.toml:1:12: error[EW0101]")),
        "{:?}",
        compiled.to_lines()
    );
}

#[test]
fn a_name_has_to_be_one() {
    let folder = folder(&[("chat.yaml", DOCUMENT)]);
    let project = Project::for_document(&folder.path().join("chat.yaml")).unwrap();
    assert!(project.clone().with_name("a b").unwrap_err().to_string().contains("`a b`"));
    let output = project.with_name("our-events").unwrap().compile().output.unwrap();
    assert!(output.files["Cargo.toml"].contains("name = \"our-events\""));
}
