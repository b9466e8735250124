//! What does not matter in a document does not matter in the crate: the order of maps, and whether it is YAML or JSON.

use std::fs;

use eventwire_codegen::{Config, MemoryLoader, Output, compile};
use serde_yaml::{Mapping, Value};

use crate::package_folder;

/// Maps whose order says nothing, apart from schemas.
const UNORDERED: [&str; 6] =
    ["/info", "/components", "/components/schemas", "/components/messages", "/components/securitySchemes", "/servers"];
/// Keywords whose value is one schema.
const ONE: [&str; 4] = ["items", "additionalProperties", "not", "payload"];
/// Keywords whose value is a list of schemas.
const LIST: [&str; 3] = ["allOf", "oneOf", "anyOf"];
/// Keywords whose value is a map of schemas in an order of their own.
const MAP: [&str; 1] = ["properties"];

fn stream_chat() -> (Config, Value) {
    let spec = package_folder().join("../spec");
    let settings = fs::read_to_string(spec.join("stream-chat.toml")).unwrap();
    let document = fs::read_to_string(spec.join("stream-chat.yaml")).unwrap();
    (Config::from_toml(&settings).unwrap(), serde_yaml::from_str(&document).unwrap())
}

fn generate(config: &Config, document: String) -> Output {
    let loader: MemoryLoader = [(config.document.clone(), document)].into_iter().collect();
    let compiled = compile(config, &loader);
    compiled.output.clone().unwrap_or_else(|| panic!("{}", compiled.render(false)))
}

fn assert_same(left: &Output, right: &Output) {
    assert_eq!(left.files.keys().collect::<Vec<_>>(), right.files.keys().collect::<Vec<_>>());
    for (path, text) in &left.files {
        let mut lines = text.lines().zip(right.files[path].lines()).enumerate();
        let first = lines.find(|(_, (left, right))| left != right);
        assert_eq!(first, None, "{path}");
        assert_eq!(*text, right.files[path], "{path}");
    }
}

fn at<'v>(document: &'v mut Value, pointer: &str) -> Option<&'v mut Value> {
    pointer.split('/').skip(1).try_fold(document, |value, key| value.get_mut(key))
}

fn reverse(map: &mut Mapping) {
    let mut members: Vec<(Value, Value)> = std::mem::take(map).into_iter().collect();
    members.reverse();
    map.extend(members);
}

/// Turns the keywords of a schema and of all schemas inside it round.
fn reverse_schema(schema: &mut Value) {
    let Some(keywords) = schema.as_mapping_mut() else { return };
    reverse(keywords);
    for (keyword, value) in keywords {
        let keyword = keyword.as_str().unwrap_or_default();
        if ONE.contains(&keyword) {
            reverse_schema(value);
        } else if LIST.contains(&keyword) {
            value.as_sequence_mut().into_iter().flatten().for_each(reverse_schema);
        } else if MAP.contains(&keyword) {
            value.as_mapping_mut().into_iter().flat_map(Mapping::values_mut).for_each(reverse_schema);
        }
    }
}

#[test]
fn the_order_of_maps_does_not_matter() {
    let (config, document) = stream_chat();
    let mut turned = document.clone();
    for pointer in UNORDERED {
        reverse(at(&mut turned, pointer).and_then(Value::as_mapping_mut).unwrap());
    }
    for pointer in ["/components/schemas", "/components/messages"] {
        let members = at(&mut turned, pointer).and_then(Value::as_mapping_mut).unwrap();
        members.values_mut().for_each(reverse_schema);
    }
    reverse(turned.as_mapping_mut().unwrap());
    let [straight, turned] = [document, turned].map(|value| serde_yaml::to_string(&value).unwrap());
    assert_ne!(straight, turned);
    assert_same(&generate(&config, straight), &generate(&config, turned));
}

#[test]
fn yaml_and_json_are_the_same() {
    let (config, document) = stream_chat();
    let yaml = fs::read_to_string(package_folder().join("../spec/stream-chat.yaml")).unwrap();
    let from_yaml = generate(&config, yaml);
    assert_same(&from_yaml, &generate(&config, serde_json::to_string(&document).unwrap()));
    assert_same(&from_yaml, &generate(&config, serde_json::to_string_pretty(&document).unwrap()));
}
