//! What the test files share: the recorded vectors and randomness that is not random.
#![allow(dead_code, reason = "no test file uses all of it")]

use std::{collections::VecDeque, env, fs, path::PathBuf, sync::Mutex};

use serde_json::Value;
use tessera_core_types::Randomness;
use tessera_crypto::{
    CryptoError,
    objects::{ExchangeKeypair, ExchangePrivateKey, SecretKey, SignaturePrivateKey},
};

/// A file of vectors out of `tests/vectors`, or out of the folder that `TESSERA_VECTORS` names.
pub fn vectors(file: &str) -> Value {
    let folder = env::var_os("TESSERA_VECTORS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors"),
        PathBuf::from,
    );
    let text = fs::read_to_string(folder.join(file)).expect("the vectors can be read");
    serde_json::from_str(&text).expect("the vectors are JSON")
}

/// Runs `check` on every case of a list and says how many there were.
pub fn each(section: &str, cases: &Value, mut check: impl FnMut(&Value)) {
    let cases = cases.as_array().expect("a list of cases");
    assert!(!cases.is_empty(), "{section} has no cases");
    for case in cases {
        check(case);
    }
    println!("crypto.json, {section}: {} cases passed", cases.len());
}

pub fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {case}"))
}

pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).expect("hex"))
        .collect()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of a property in hex.
pub fn bytes(case: &Value, name: &str) -> Vec<u8> {
    unhex(text(case, name))
}

/// The same, of a fixed length.
pub fn array<const N: usize>(case: &Value, name: &str) -> [u8; N] {
    bytes(case, name).try_into().expect("the wanted length")
}

pub fn secret_key(case: &Value, name: &str) -> SecretKey {
    SecretKey::from_slice(&bytes(case, name)).expect("a secret key")
}

pub fn signature_key(case: &Value, name: &str) -> SignaturePrivateKey {
    SignaturePrivateKey::from_slice(&bytes(case, name)).expect("a signature key")
}

pub fn exchange_pair(case: &Value, name: &str) -> ExchangeKeypair {
    ExchangePrivateKey::from_slice(&bytes(case, name))
        .expect("an exchange key")
        .into()
}

/// Compares what happened with what was recorded: the value, or the error's code. Errors that
/// were recorded without a code have one of ours.
pub fn same_outcome(case: &Value, outcome: Result<String, CryptoError>, recorded: &str) {
    match outcome {
        Ok(value) => {
            assert_eq!(case["ok"], true, "accepted, but was refused: {case}");
            assert_eq!(value, text(case, recorded), "{case}");
        }
        Err(error) => {
            assert_eq!(case["ok"], false, "refused with {error:?}: {case}");
            same_error(case, error);
        }
    }
}

pub fn same_error(case: &Value, error: CryptoError) {
    if case["error"]["class"] == "CryptoError" {
        assert_eq!(error.code(), case["error"]["code"], "{case}");
    } else {
        assert!(error.code().starts_with("error.tessera.crypto."), "{case}");
    }
}

/// Gives exactly these bytes, in order, and panics when asked for more.
pub struct Given(Mutex<VecDeque<u8>>);

impl Given {
    pub fn new(parts: &[&[u8]]) -> Self {
        Self(Mutex::new(parts.concat().into()))
    }
}

impl Randomness for Given {
    fn fill(&self, bytes: &mut [u8]) {
        let mut given = self.0.lock().expect("no test panicked here");
        for byte in bytes {
            *byte = given.pop_front().expect("more bytes drawn than given");
        }
    }
}
