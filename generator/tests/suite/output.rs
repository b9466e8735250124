//! The whole crate of a small document, file by file, beside the document.

use crate::{assert_beside, compile_folder, package_folder};

#[test]
fn every_file() {
    let folder = package_folder().join("tests/output");
    let compiled = compile_folder(&folder).unwrap();
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.render(false));
    let output = compiled.output.unwrap();
    let files: Vec<&str> = output.files.keys().map(String::as_str).collect();
    assert_beside(&folder, "files", &files.join("\n"));
    for (path, text) in &output.files {
        assert_beside(&folder, &path.replace('/', "-"), text);
    }
}
