//! The recorded addresses, ids and dates of the published packages.

#![allow(clippy::panic)]

use std::{env, fs, path::PathBuf};

use serde_json::Value;
use tessera_core_types::{Address, CoreDate, is_id};

fn vectors(file: &str) -> Value {
    let folder = env::var_os("TESSERA_VECTORS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors"),
        PathBuf::from,
    );
    let text = fs::read_to_string(folder.join(file)).expect("the vectors can be read");
    serde_json::from_str(&text).expect("the vectors are JSON")
}

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {case}"))
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name]
        .as_array()
        .unwrap_or_else(|| panic!("{name} is a list"))
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).expect("hex"))
        .collect()
}

#[test]
fn vectors_addresses() {
    let vectors = vectors("addresses.json");
    let mut passed = 0;
    for case in list(&vectors, "create") {
        let address = Address::of_key(&unhex(text(case, "publicKeyHex")), text(case, "hostname"));
        assert_eq!(address.as_str(), text(case, "address"));
        assert_eq!(address.truncated(), text(case, "forIdentityTruncated"));
        assert_eq!(Address::parse(address.as_str()).as_ref(), Ok(&address));
        passed += 1;
    }
    for case in list(&vectors, "check") {
        let valid = Address::parse(text(case, "address")).is_ok_and(|address| {
            let key = case.get("publicKeyHex").and_then(Value::as_str).map(unhex);
            address.hostname() == text(case, "hostname")
                && key.is_none_or(|key| address.belongs_to(&key))
        });
        assert_eq!(Some(valid), case["tesseraValid"].as_bool(), "{case}");
        passed += 1;
    }
    for case in list(&vectors, "deletedIdentity") {
        let [runtime, server] = Address::of_deleted_identity(text(case, "hostname"));
        assert_eq!(runtime.as_str(), text(case, "runtimeAddress"));
        assert_eq!(server.as_str(), text(case, "serverAddress"));
        passed += 1;
    }
    println!("addresses.json: {passed} cases passed");
}

#[test]
fn vectors_ids() {
    let vectors = vectors("references.json");
    let cases = list(&vectors, "coreId");
    for case in cases {
        let valid = is_id(text(case, "prefix"), text(case, "id"));
        assert_eq!(Some(valid), case["tesseraValid"].as_bool(), "{case}");
    }
    println!("references.json, coreId: {} cases passed", cases.len());
}

#[test]
fn vectors_dates() {
    let vectors = vectors("references.json");
    let cases = list(&vectors, "coreDate");
    for case in cases {
        let read = CoreDate::parse(text(case, "input"))
            .map(|date| date.to_string())
            .ok();
        assert_eq!(read.as_deref(), case["upstream"]["iso"].as_str(), "{case}");
    }
    println!("references.json, coreDate: {} cases passed", cases.len());
}
