//! Reading the recorded vectors.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::{env, fs, path::PathBuf};

use serde_json::Value;

/// The vectors of a file, from the folder that `TESSERA_VECTORS` names or the project's own.
pub fn vectors(file: &str) -> Value {
    let folder = env::var_os("TESSERA_VECTORS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors"),
        PathBuf::from,
    );
    let text = fs::read_to_string(folder.join(file)).expect("the vectors can be read");
    serde_json::from_str(&text).expect("the vectors are JSON")
}

/// A list among the vectors.
pub fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().expect("a list")
}

/// A text among the vectors.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().expect("a text")
}
