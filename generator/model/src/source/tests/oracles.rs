//! Other readers must find the same in every fixture.

use std::path::PathBuf;

use super::*;

/// Where we differ on purpose: fixture, reader, JSON pointer, and why.
const DIFFERENCES: &[(&str, &str, &str, &str)] = &[
    ("anchors.yaml", "serde_yaml", "/now", "it loses an anchor that is defined again"),
    ("anchors.yaml", "serde_yaml", "/key", "it loses an anchor that is defined again"),
    ("escapes.json", "serde_yaml", "", "it refuses surrogate pairs"),
    ("scalars.yaml", "serde-saphyr", "/strings/10", "it takes `_` in numbers, as YAML 1.1 does"),
    ("scalars.yaml", "serde-saphyr", "/strings/11", "it takes binary numbers, as YAML 1.1 does"),
    ("scalars.yaml", "serde_yaml", "/strings/11", "it takes binary numbers, as YAML 1.1 does"),
    ("tags.yaml", "serde_yaml", "/float", "it writes a fraction; the number is the same"),
    ("tags.yaml", "serde-saphyr", "/float", "it writes a fraction; the number is the same"),
];

pub(super) fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source/fixtures");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

type Reader = fn(&str) -> Result<Value, String>;

fn serde_yaml_reads(text: &str) -> Result<Value, String> {
    let read = || -> Result<_, serde_yaml::Error> {
        let mut value: serde_yaml::Value = serde_yaml::from_str(text)?;
        value.apply_merge()?;
        Ok(from_serde_yaml(value))
    };
    read().map_err(|error| error.to_string())
}

/// `serde_json` refuses some of the keys that we take as text.
fn from_serde_yaml(value: serde_yaml::Value) -> Value {
    match value {
        serde_yaml::Value::Mapping(members) => members
            .into_iter()
            .map(|(key, value)| {
                let key = match key {
                    serde_yaml::Value::String(key) => key,
                    key => serde_yaml::to_string(&key).unwrap().trim().to_owned(),
                };
                (key, from_serde_yaml(value))
            })
            .collect(),
        serde_yaml::Value::Sequence(elements) => elements.into_iter().map(from_serde_yaml).collect(),
        serde_yaml::Value::Tagged(tagged) => from_serde_yaml(tagged.value),
        scalar => serde_json::to_value(scalar).unwrap(),
    }
}

fn serde_saphyr_reads(text: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| error.to_string())
}

/// Lists the pointers to all values that differ.
fn differences(ours: &Value, theirs: &Value, at: &Pointer, found: &mut Vec<(String, String)>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(key, value)| differences(value, &b[key], &at.child(key), found));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b).enumerate();
            pairs.for_each(|(index, (a, b))| differences(a, b, &at.child(index), found));
        }
        (a, b) if a == b => {}
        (a, b) => found.push((at.to_string(), format!("ours {a}, theirs {b}"))),
    }
}

#[test]
fn every_fixture_reads_the_same() {
    let readers: [(&str, Reader); 2] = [("serde_yaml", serde_yaml_reads), ("serde-saphyr", serde_saphyr_reads)];
    let mut unexpected = Vec::new();
    let mut expected: BTreeSet<_> = DIFFERENCES.iter().map(|&(f, r, p, _)| (f, r, p)).collect();
    for path in fixtures() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let ours = tree(&text).root().to_json();
        for (reader, read) in readers {
            let mut found = Vec::new();
            match read(&text) {
                Ok(theirs) => differences(&ours, &theirs, &Pointer::root(), &mut found),
                Err(error) => found.push((String::new(), error)),
            }
            for (pointer, what) in found {
                let known = expected.iter().find(|known| **known == (name, reader, &pointer));
                match known.copied() {
                    Some(known) => drop(expected.remove(&known)),
                    None => unexpected.push(format!("{name} {reader} {pointer}: {what}")),
                }
            }
        }
    }
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    assert!(expected.is_empty(), "no longer different: {expected:#?}");
}

/// `serde_json` stops at 128 levels, too.
#[test]
fn deep_json_reads_as_json() {
    let text = format!("{}1{}", "{\"a\": [".repeat(60), "]}".repeat(60));
    let theirs: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(tree(&text).root().to_json(), theirs);
}

#[test]
fn json_reads_as_json() {
    let json = fixtures().into_iter().filter(|path| path.extension().unwrap() == "json");
    for path in json {
        let text = std::fs::read_to_string(path).unwrap();
        let theirs: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(tree(&text).root().to_json(), theirs);
        for compact in [theirs.to_string(), serde_json::to_string_pretty(&theirs).unwrap()] {
            assert_eq!(tree(&compact).root().to_json(), theirs);
        }
    }
}
