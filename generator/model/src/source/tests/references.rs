use super::*;
use crate::source::reference::{folder, is_inside, join};

/// Resolves a reference from the root and returns the path, the pointer and the value, or the text of the error.
fn resolve(sources: &Sources, reference: &str) -> Result<(String, String, Value), String> {
    match sources.resolve(sources.root_file(), reference) {
        Ok(Target { node, location, .. }) => {
            assert!(node.same(sources.at(&location).unwrap()));
            let path = sources.path(location.file).to_owned();
            Ok((path, location.pointer.to_string(), node.to_json()))
        }
        Err(error) => {
            let span = sources.root().span;
            Err(render(&[error.to_diagnostic(span)], sources, false))
        }
    }
}

#[test]
fn within_a_file() {
    let sources = tree("a/b:\n  c~d: [x, {'': y}]\n  é %: z\n200: w\n");
    let cases = [
        ("#", ""),
        ("", ""),
        ("root.yaml", ""),
        ("./root.yaml#", ""),
        ("x/../root.yaml#/200", "/200"),
        ("#/a~1b/c~0d/0", "/a~1b/c~0d/0"),
        ("#/a~1b/c~0d/1/", "/a~1b/c~0d/1/"),
        ("#/a~1b/%C3%A9%20%25", "/a~1b/é %"),
        ("#/a%7E1b/c~0d", "/a~1b/c~0d"),
    ];
    for (reference, expected) in cases {
        let (path, pointer, value) = resolve(&sources, reference).unwrap();
        assert_eq!((path.as_str(), pointer.as_str()), ("root.yaml", expected), "{reference}");
        assert_eq!(value, sources.root().pointer(expected).unwrap().to_json());
    }
    for reference in ["#/a~1b/c~0d/2", "#/a~1b/c~0d/00", "#/a~1b/c~0d/-", "#/a~1b/c~0d/0/x", "#/a"] {
        assert!(resolve(&sources, reference).unwrap_err().contains("EW0124"), "{reference}");
    }
    for reference in ["#a", "#/a~2", "#/a~", "#/%zz", "#/%C3"] {
        assert!(resolve(&sources, reference).unwrap_err().contains("EW0125"), "{reference}");
    }
}

#[test]
fn across_files() {
    let files = [
        ("root.yaml", "a: {$ref: 'lib/one.yaml#/x'}\nb: {$ref: 'sp%20ace.json'}\n"),
        ("lib/one.yaml", "x: {$ref: two.yaml}\ny: {$ref: ../root.yaml#/b}\n"),
        ("lib/two.yaml", "$ref: ./one.yaml#/y\n"),
        ("sp ace.json", "{\"found\": true}"),
        ("unused.yaml", "x: 1"),
    ];
    let (sources, diagnostics) = read(&files, &SourceOptions::default());
    let sources = sources.unwrap();
    assert!(diagnostics.is_empty());
    let paths: Vec<&str> = sources.files().map(|(_, path)| path).collect();
    assert_eq!(paths, ["root.yaml", "lib/one.yaml", "sp ace.json", "lib/two.yaml"]);
    let (path, _, value) = resolve(&sources, "lib/one.yaml#/x").unwrap();
    assert_eq!((path.as_str(), value), ("lib/one.yaml", json!({"$ref": "two.yaml"})));
    let one = sources.resolve(sources.root_file(), "lib/one.yaml").unwrap().location.file;
    let two = sources.resolve(one, "two.yaml").unwrap();
    assert_eq!(sources.path(two.location.file), "lib/two.yaml");
}

#[test]
fn through_other_references() {
    let files = [
        ("root.yaml", "a: {$ref: 'b.yaml#/c'}\nd: {$ref: '#/a'}\ne: {$ref: '#/d/f/g'}\nh: {$ref: '#/h'}\n"),
        ("b.yaml", "c: {$ref: '#/real'}\nreal: {f: {g: {i: 1}}}\n"),
    ];
    let (sources, _) = read(&files, &SourceOptions::default());
    let sources = sources.unwrap();
    for reference in ["#/a/f/g/i", "#/d/f/g/i", "#/e/i", "b.yaml#/c/f/g/i"] {
        let expected = ("b.yaml".to_owned(), "/real/f/g/i".to_owned(), json!(1));
        assert_eq!(resolve(&sources, reference), Ok(expected), "{reference}");
    }
    assert!(resolve(&sources, "#/h/x").unwrap_err().contains("EW0126"));
    assert!(resolve(&sources, "#/e/i/j").unwrap_err().contains("EW0124"));
    let inner = tree("a: {$ref: '#/none'}\n");
    let text = resolve(&inner, "#/a/b").unwrap_err();
    assert!(text.contains("passes another one, `#/none`"), "{text}");
}

/// References that fan out must not multiply.
#[test]
fn passing_is_bounded() {
    let levels = (0..40).map(|level| format!("a{level}: {{$ref: '#/a{}/x/x/x/x'}}\n", level + 1));
    let levels: Vec<String> = levels.collect();
    let sources = tree(&(levels.concat() + "a40: {$ref: '#/a0/x'}\n"));
    assert!(resolve(&sources, "#/a0/x").unwrap_err().contains("EW0126"));
}

#[test]
fn a_segment_that_is_nearly_right() {
    let keys = "schemas: {User: {id: 1}, userName: 2, 100%: 3, a: 4, b: 5}";
    let cases = [
        ("#/schemas/Usr/id", Some("#/schemas/User/id")),
        ("#/schemas/user", Some("#/schemas/User")),
        ("#/schema/User", Some("#/schemas/User")),
        ("root.yaml#/schemas/username", Some("root.yaml#/schemas/userName")),
        ("#/schemas/100", Some("#/schemas/100%25")),
        ("#/schemas/Account", None),
    ];
    let sources = tree(keys);
    for (reference, expected) in cases {
        let text = resolve(&sources, reference).unwrap_err();
        let suggestion = text.split_once("did you mean `").map(|(_, rest)| rest);
        let suggestion = suggestion.and_then(|rest| rest.split('`').next());
        assert_eq!(suggestion.map(str::trim_end), expected, "{text}");
    }
}

#[test]
fn a_key_with_a_slash_that_is_not_escaped() {
    let sources = tree("messages: {v1/tick: {id: 1}, v1/tock: 2, v2/a: 3, v2/a/b: 4, v3: 5, 50%/x: 6}");
    for (reference, expected) in [
        ("#/messages/v1/tick", Some("#/messages/v1~1tick")),
        ("#/messages/v1/tick/id", Some("#/messages/v1~1tick/id")),
        ("#/messages/v1%2Ftick", Some("#/messages/v1~1tick")),
        ("root.yaml#/messages/v1/tokc", Some("root.yaml#/messages/v1~1tock")),
        ("#/messages/v1", Some("#/messages/v1~1tick")),
        ("#/messages/v2/a", Some("#/messages/v2~1a")),
        ("#/messages/v2/a/b", Some("#/messages/v2~1a~1b")),
        ("#/messages/50%25/x", Some("#/messages/50%25~1x")),
        ("#/messages/v3/a", None),
        ("#/messages/v4", None),
    ] {
        let text = resolve(&sources, reference).unwrap_err();
        let hint = text.split_once("in a pointer `/` in a key is written `~1`: `").map(|(_, rest)| rest);
        assert_eq!(hint.and_then(|rest| rest.split('`').next()), expected, "{text}");
    }
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let files = [
        ("spec/root.yaml", "{}"),
        ("spec/in.yaml", "in"),
        ("out.yaml", "out"),
        ("special/x.yaml", "out"),
        ("vendor/a.yaml", "{$ref: b.yaml}"),
        ("vendor/b.yaml", "b"),
    ];
    let read = |references: &[&str], options: &SourceOptions| {
        let mut loader: MemoryLoader = files.into_iter().collect();
        let list: Vec<Value> = references.iter().map(|each| json!({"$ref": each})).collect();
        loader.0.insert("spec/root.yaml".to_owned(), json!(list).to_string());
        Sources::read("spec/root.yaml", &loader, options, &mut Diagnostics::default()).unwrap()
    };
    let outside =
        ["../out.yaml", "x/../../out.yaml", "/etc/hosts", "../special/x.yaml", "..%2Fout.yaml", "..\\out.yaml"];
    let sources = read(&outside, &SourceOptions::default());
    assert_eq!(sources.files().count(), 1);
    for reference in outside {
        let text = resolve(&sources, reference).unwrap_err();
        assert!(text.contains("EW0122") && text.contains("`spec`"), "{text}");
    }
    let allowed = SourceOptions { allow_outside: true, ..SourceOptions::default() };
    assert!(resolve(&read(&outside, &allowed), "../out.yaml").is_ok());

    let url = "https://example.com/a.yaml";
    let vendor = [(url.to_owned(), "../vendor/a.yaml".to_owned())].into();
    let vendored = SourceOptions { vendor, ..SourceOptions::default() };
    let sources = read(&[url, "https://example.com/b.yaml"], &vendored);
    let (path, ..) = resolve(&sources, &format!("{url}#")).unwrap();
    assert_eq!(path, "vendor/a.yaml");
    assert!(sources.files().any(|(_, path)| path == "vendor/b.yaml"));
    assert!(resolve(&sources, "https://example.com/b.yaml").unwrap_err().contains("EW0123"));
    assert!(resolve(&sources, "//example.com/b.yaml").unwrap_err().contains("EW0123"));
}

#[test]
fn files_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("spec/root.yaml", b"[{$ref: in.yaml}, {$ref: latin.yaml}, {$ref: none.yaml}, {$ref: .}, {$ref: link.yaml}]");
    write("spec/in.yaml", b"in");
    write("spec/latin.yaml", b"a: 1\nb: caf\xe9\n");
    write("out.yaml", b"out");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../out.yaml", folder.path().join("spec/link.yaml")).unwrap();
    let loader = FileLoader::new(folder.path());
    let mut diagnostics = Diagnostics::default();
    let mut read = |path| Sources::read(path, &loader, &SourceOptions::default(), &mut diagnostics);

    let sources = read("./spec/root.yaml").unwrap();
    assert_eq!(resolve(&sources, "in.yaml").unwrap().2, json!("in"));
    let latin = resolve(&sources, "latin.yaml").unwrap_err();
    assert!(latin.contains("`spec/latin.yaml` is not UTF-8 (line 2)"), "{latin}");
    assert!(resolve(&sources, "none.yaml").unwrap_err().contains("EW0120"));
    assert!(resolve(&sources, ".").is_err());
    #[cfg(unix)]
    assert!(resolve(&sources, "link.yaml").unwrap_err().contains("EW0122"));

    write("utf16.yaml", b"\xff\xfea\0");
    write("picture.yaml", b"\x89PNG\0");

    for path in ["none.yaml", "spec/latin.yaml", "utf16.yaml", "picture.yaml"] {
        assert!(read(path).is_none());
    }
    let messages: Vec<String> = diagnostics.into_iter().map(|each| each.message).collect();
    let expected = [
        "`none.yaml` does not exist",
        "`spec/latin.yaml` is not UTF-8 (line 2)",
        "`utf16.yaml` is in UTF-16: convert it to UTF-8",
        "`picture.yaml` is a binary file, not a text in UTF-8",
    ];
    assert_eq!(messages, expected);
}

#[test]
fn paths() {
    let joined = [
        ("", "a.yaml", "a.yaml"),
        ("", "./a//b/./c", "a/b/c"),
        ("a/b", "../c", "a/c"),
        ("a", "../../c", "../c"),
        ("..", "../c", "../../c"),
        ("/a", "b", "/a/b"),
        ("/a", "../../b", "/b"),
        ("a", "/b", "/b"),
        ("/", "b", "/b"),
    ];
    for (base, path, expected) in joined {
        assert_eq!(join(base, path), expected, "{base} {path}");
    }
    assert_eq!(["a/b/c", "c", "/c", "/a/c"].map(folder), ["a/b", "", "/", "/a"]);
    let inside = [("", "a"), ("", "a/b"), ("a", "a/b"), ("..", "../a"), ("/", "/a"), ("/a", "/a/b")];
    let outside = [("", "../a"), ("", "/a"), ("", ".."), ("a", "ab/c"), ("a", "b"), ("..", "../../a"), ("/a", "/ab")];
    assert!(inside.iter().all(|(folder, path)| is_inside(folder, path)));
    assert!(!outside.iter().any(|(folder, path)| is_inside(folder, path)));
}

#[test]
fn pointers() {
    let pointer = Pointer::root().child("a/b").child("~").child(0);
    assert_eq!(pointer.to_string(), "/a~1b/~0/0");
    assert_eq!(Pointer::parse("/a~1b/~0/0").unwrap(), pointer);
    assert_eq!(pointer.last().as_deref(), Some("0"));
    assert_eq!(pointer.parent().unwrap().to_string(), "/a~1b/~0");
    assert_eq!(pointer.segments().collect::<Vec<_>>(), ["a/b", "~", "0"]);
    assert_eq!(Pointer::root().parent(), None);
    assert_eq!(Pointer::parse("a"), None);
    assert_eq!(Pointer::from_fragment("/%7E01").unwrap().last().as_deref(), Some("~1"));
}
