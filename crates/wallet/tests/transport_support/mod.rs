//! Reading the recorded envelopes of `transport.json`.

// Not every test file uses all of it.
#![allow(dead_code)]

use std::{env, fs, path::PathBuf};

use serde_json::Value;
use tessera_backbone_api::Bytes;
use tessera_core_types::Address;
use tessera_crypto::objects::SecretKey;

pub fn vectors() -> Value {
    let folder = env::var_os("TESSERA_VECTORS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors"),
        PathBuf::from,
    );
    let text = fs::read_to_string(folder.join("transport.json")).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    file["vectors"]["hostname"] = file["meta"]["addressHostname"].clone();
    file["vectors"].take()
}

pub fn passed(section: &str, cases: usize) {
    assert!(cases > 0, "no cases in {section}");
    println!("transport.json, {section}: {cases} cases passed");
}

pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no text {name}"))
}

pub fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name]
        .as_array()
        .unwrap_or_else(|| panic!("no list {name}"))
}

/// Bytes as they stand in the recorded bodies.
pub fn bytes(value: &Value, name: &str) -> Vec<u8> {
    Bytes::from_text(text(value, name)).unwrap().into_vec()
}

pub fn secret_key(value: &Value) -> SecretKey {
    SecretKey::from_json(&value.to_string()).unwrap()
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

pub fn address(value: &Value, name: &str) -> Address {
    Address::parse(text(value, name)).unwrap()
}
