//! `eventwire diff`: what is compared with what, and the forms in which it is told.

use serde_json::Value;

use crate::{DOCUMENT, TestFolder};

#[test]
fn a_document_is_compared_with_that_of_a_commit() {
    let place = TestFolder::new(&[
        (
            "spec/chat.yaml",
            &DOCUMENT.replace("type: {const: said}", "type: {const: said}\n          who: {$ref: 'parts.yaml#/who'}"),
        ),
        ("spec/parts.yaml", "who: {type: string}\n"),
        ("spec/chat.toml", "document = \"chat.yaml\"\n"),
    ]);
    place.commit();
    let same = place.run(&["diff", "--base", "HEAD", "spec/chat.toml", "--deny", "wire,source"]).ends_with(0);
    assert_eq!((same.stdout.as_str(), same.stderr.as_str()), ("", "no change\n"));
    place.write("spec/parts.yaml", "who: {type: integer}\n");
    let other = place.run(&["diff", "--base", "HEAD", "spec/chat.toml"]).ends_with(0);
    assert!(
        other.stdout.starts_with("breaking[type-changed]: `who` of `SaidPayload` was a string and is an integer\n")
    );
    assert!(other.stdout.contains("HEAD:spec/chat.yaml"), "{}", other.stdout);
    for (denied, broken) in [("wire", "peers"), ("source", "code")] {
        let run = place.run(&["diff", "--base", "HEAD", "spec/chat.yaml", "--deny", denied]).ends_with(1);
        run.says(&format!("\nerror: 1 change breaks {broken}, which `--deny {denied}` forbids\n"));
    }
    let markdown = place.run(&["diff", "--base", "HEAD", "spec/chat.yaml", "--markdown"]).ends_with(0).stdout;
    assert!(markdown.starts_with("**1 change: 1 breaks peers, 1 breaks code; version 0.1.0 should become 0.2.0**\n"));
    for (version, said) in [
        ("0.1.1", "version 0.1.0 became 0.1.1 and should become 0.2.0"),
        ("1.0.0", "version 0.1.0 became 1.0.0, which is enough"),
    ] {
        place.write("spec/chat.toml", &format!("document = \"chat.yaml\"\npackage.version = \"{version}\"\n"));
        place.run(&["diff", "--base", "HEAD", "spec/chat.toml"]).ends_with(0).says(said);
    }
    let markdown = place.run(&["diff", "--base", "HEAD", "spec/chat.toml", "--markdown"]).ends_with(0).stdout;
    assert!(
        markdown.contains("\n## 1.0.0\n"),
        "the entry of the changelog is of the version that was chosen: {markdown}"
    );
    let missing = place.run(&["diff", "--base", "nowhere", "spec/chat.yaml"]).ends_with(2);
    assert_eq!(missing.stderr, "error: there is no revision `nowhere`\n");
}

#[test]
fn a_folder_outside_of_repositories_has_no_revisions() {
    let place = TestFolder::with_document();
    let refused = place.run(&["diff", "--base", "main", "spec/chat.yaml"]).ends_with(2);
    assert_eq!(
        refused.stderr.lines().last(),
        Some("error: `spec` is in no git repository, so there is no revision `main` to read")
    );
}

/// A repository whose first commit has two documents in a list.
fn folder_with_list() -> TestFolder {
    let place = TestFolder::new(&[
        ("eventwire.toml", "documents = [\"spec/chat.toml\", \"spec/game.yaml\"]\n"),
        ("spec/chat.yaml", DOCUMENT),
        ("spec/chat.toml", "document = \"chat.yaml\"\n"),
        ("spec/game.yaml", DOCUMENT),
    ]);
    place.commit();
    place
}

#[test]
fn every_document_of_a_list_is_compared() {
    let place = folder_with_list();
    let same = place.run(&["diff", "--base", "HEAD", "--deny", "wire,source"]).ends_with(0);
    assert_eq!(same.stdout, "spec/chat.toml: no change\n\nspec/game.yaml: no change\n\n");
    place.write("spec/game.yaml", &DOCUMENT.replacen("text: {type: string}", "text: {type: integer}", 1));
    let text = place.run(&["diff", "--base", "HEAD"]).ends_with(0).stdout;
    let (chat, game) = text.split_once("spec/game.yaml: 1 change: 1 breaks peers, 1 breaks code; ").unwrap();
    assert_eq!(chat, "spec/chat.toml: no change\n\n");
    assert!(game.contains("breaking[type-changed]: `text` of"), "{game}");
    assert_eq!(text, place.run(&["diff", "--base", "HEAD", "eventwire.toml", "--deny", "wire"]).ends_with(1).stdout);
    let markdown = place.run(&["diff", "--base", "HEAD", "--markdown"]).ends_with(0).stdout;
    assert!(
        markdown.starts_with("### `spec/chat.toml`\n\n**No change**\n\n### `spec/game.yaml`\n\n**1 "),
        "{markdown}"
    );
    let json = place.run(&["diff", "--base", "HEAD", "--format", "json"]).ends_with(0).stdout;
    let inputs: Vec<Value> =
        json.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["input"].clone()).collect();
    assert_eq!(inputs, ["spec/chat.toml", "spec/game.yaml"]);
    // A document with mistakes does not keep the others from being compared.
    place.write("spec/chat.yaml", "{");
    place.run(&["diff", "--base", "HEAD"]).ends_with(1).says("error[");
}

#[test]
fn documents_can_be_new_and_dropped() {
    let place = folder_with_list();
    place.write("eventwire.toml", "documents = [\"spec/chat.toml\", \"spec/new.yaml\"]\n");
    place.write("spec/new.yaml", DOCUMENT);
    let run = place.run(&["diff", "--base", "HEAD", "--deny", "wire"]).ends_with(0);
    assert_eq!(
        run.stderr,
        "spec/new.yaml: new since `HEAD`\nspec/game.yaml: in the list of `HEAD` and not in that of now\n"
    );
    let denied = place.run(&["diff", "--base", "HEAD", "--deny", "source"]).ends_with(1);
    denied.says("error: spec/game.yaml: its crate was removed, which `--deny source` forbids\n");
    let markdown = place.run(&["diff", "--base", "HEAD", "--markdown"]).ends_with(0).stdout;
    assert!(markdown.contains("### `spec/new.yaml`\n\n**New since `HEAD`**\n"), "{markdown}");
    let run = place.run(&["diff", "--base", "HEAD", "spec/new.yaml"]).ends_with(0);
    assert_eq!(run.stderr, "spec/new.yaml: new since `HEAD`\n");
    // Settings for a document that had none are not a new document.
    place.write("spec/game.toml", "document = \"game.yaml\"\n");
    place.run(&["diff", "--base", "HEAD", "spec/game.toml"]).ends_with(0).says("no change\n");
    place.write("eventwire.toml", "documents = [\"spec/game.toml\", \"spec/chat.toml\"]\n");
    let run = place.run(&["diff", "--base", "HEAD", "--deny", "source"]).ends_with(0);
    assert_eq!((run.stdout.matches("no change").count(), run.stderr.as_str()), (2, ""), "{}", run.stdout);
}

#[test]
fn two_lists_are_compared_as_since_a_commit() {
    let listed = "documents = [\"spec/chat.toml\", \"spec/game.yaml\", \"spec/gone.yaml\"]\n";
    let shared = "documents = [\"spec/new.yaml\", \"spec/game.toml\", \"spec/chat.toml\"]\n";
    let place = TestFolder::new(&[
        ("old/eventwire.toml", listed),
        ("old/spec/chat.yaml", DOCUMENT),
        ("old/spec/chat.toml", "document = \"chat.yaml\"\n"),
        ("old/spec/game.yaml", DOCUMENT),
        ("old/spec/gone.yaml", DOCUMENT),
        ("new/eventwire.toml", shared),
        ("new/spec/chat.yaml", &DOCUMENT.replacen("text: {type: string}", "text: {type: integer}", 1)),
        ("new/spec/chat.toml", "document = \"chat.yaml\"\n"),
        ("new/spec/game.yaml", DOCUMENT),
        ("new/spec/game.toml", "document = \"game.yaml\"\n"),
        ("new/spec/new.yaml", DOCUMENT),
    ]);
    let lists = ["diff", "old/eventwire.toml", "new/eventwire.toml"];
    let run = place.run(&[&lists[..], &["--deny", "wire,source"]].concat()).ends_with(1);
    assert_eq!(
        run.stderr,
        "new/spec/new.yaml: not in the old list\n\
         error: new/spec/chat.toml: 1 change breaks peers, which `--deny wire` forbids\n\
         error: new/spec/chat.toml: 1 change breaks code, which `--deny source` forbids\n\
         old/spec/gone.yaml: no longer in the list\n\
         error: old/spec/gone.yaml: its crate was removed, which `--deny source` forbids\n"
    );
    assert!(
        run.stdout.starts_with("new/spec/game.toml: no change\n\nnew/spec/chat.toml: 1 change: "),
        "{}",
        run.stdout
    );
    let run = place.run(&["diff", "old/eventwire.toml", "new/spec/chat.toml"]).ends_with(2);
    assert_eq!(
        run.stderr,
        "error: `old/eventwire.toml` is a list of documents, but `new/spec/chat.toml` is not: name a document of the \
         list, or compare two lists\n"
    );
    // Types that documents share are compared too.
    for (side, kind) in [("old", "string"), ("new", "integer")] {
        let list =
            "documents = ['spec/chat.toml']\nshared = { files = ['common.yaml'], all = true, output = 'common' }\n";
        place.write(&format!("{side}/eventwire.toml"), list);
        place.write(
            &format!("{side}/common.yaml"),
            &format!("definitions: {{Tag: {{type: object, properties: {{a: {{type: {kind}}}}}}}}}\n"),
        );
        place.write(&format!("{side}/spec/chat.yaml"), DOCUMENT);
    }
    let run = place.run(&[&lists[..], &["--deny", "source"]].concat()).ends_with(1);
    assert!(
        run.stdout.starts_with("new/spec/chat.toml: no change\n\nnew/eventwire.toml: 1 change: "),
        "{}",
        run.stdout
    );
    // What is missing is told with both ways to say it.
    place.run(&["diff", "old/eventwire.toml"]).ends_with(2).says("--base <REV>");
}

#[test]
fn services_show_changes_at_their_lines() {
    let place = folder_with_list();
    let changed = DOCUMENT.replacen("text: {type: string}", "text: {type: integer}", 1);
    place.write("spec/chat.yaml", &changed);
    let line = changed.lines().position(|line| line.contains("text: {type: integer}")).unwrap() + 1;
    for (denied, level) in [(&[][..], "warning"), (&["--deny", "source"], "error")] {
        let run = place.run(&[&["diff", "--base", "HEAD", "spec/chat.toml", "--format", "github"], denied].concat());
        let wanted = format!("::{level} file=spec/chat.yaml,line={line},");
        assert!(run.stdout.lines().any(|line| line.starts_with(&wanted)), "{}", run.stdout);
    }
    // What is gone is told where it was a part of something that is still there.
    let shorter = DOCUMENT.replace("[type, text]", "[type]").replacen("          text: {type: string}\n", "", 1);
    place.write("spec/chat.yaml", &shorter);
    let sarif = place.run(&["diff", "--base", "HEAD", "spec/chat.toml", "--format", "sarif"]).ends_with(0).stdout;
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&"required-removed".into(), &"warning".into()), "{sarif:#}");
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "spec/chat.yaml");
    let payload = DOCUMENT.lines().position(|line| line.contains("payload:")).unwrap() + 1;
    assert_eq!(location["region"]["startLine"], payload);
    let old = format!("note: before: HEAD:spec/chat.yaml:{line}");
    assert!(result["message"]["text"].as_str().unwrap().ends_with(&old), "{result:#}");
}

#[test]
fn two_documents_share_the_settings_beside_one_of_them() {
    let settings =
        |document: &str| format!("document = \"{document}\"\n[rename]\n\"/components/messages/Said\" = \"Uttered\"\n");
    for (name, document) in [("new.toml", "new.yaml"), ("old.toml", "old.yaml"), ("eventwire.toml", "new.yaml")] {
        let place = TestFolder::new(&[("old.yaml", DOCUMENT), ("new.yaml", DOCUMENT), (name, &settings(document))]);
        let run = place.run(&["diff", "old.yaml", "new.yaml", "--deny", "wire,source"]).ends_with(0);
        assert_eq!((run.stdout, run.stderr), (String::new(), format!("using {name} for both documents\nno change\n")));
    }
    let place = TestFolder::new(&[("old.yaml", DOCUMENT), ("new.yaml", DOCUMENT), ("new.toml", &settings("new.yaml"))]);
    place.write("old.toml", "document = \"old.yaml\"\n");
    let run = place.run(&["diff", "old.yaml", "new.yaml", "--deny", "source"]).ends_with(1);
    assert!(run.stderr.starts_with("using old.toml and new.toml\n"), "{}", run.stderr);
}
