//! What the published packages read and refuse, with their codes.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::*;
use tessera_crypto::{
    CryptoError,
    objects::{Cipher, ExchangePublicKey, PublicState, SecretKey, Signature, SignaturePublicKey},
};

/// Reads text as an object of that `@type` and writes it again, verbose.
fn rewrite(kind: &str, text: &str) -> Result<String, CryptoError> {
    Ok(match kind {
        Cipher::TYPE => Cipher::from_json(text)?.to_json(true),
        SecretKey::TYPE => SecretKey::from_json(text)?.to_json(true).to_string(),
        Signature::TYPE => Signature::from_json(text)?.to_json(true),
        SignaturePublicKey::TYPE => SignaturePublicKey::from_json(text)?.to_json(true),
        ExchangePublicKey::TYPE => ExchangePublicKey::from_json(text)?.to_json(true),
        PublicState::TYPE => PublicState::from_json(text)?.to_json(true),
        other => panic!("no such type: {other}"),
    })
}

#[test]
fn vectors_parse() {
    each("parse", &vectors("crypto.json")["parse"], |case| {
        let outcome = rewrite(text(case, "type"), &case["input"].to_string());
        same_outcome(case, outcome, "json");
    });
}

#[test]
fn vectors_parse_base64() {
    each(
        "parseBase64",
        &vectors("crypto.json")["parseBase64"],
        |case| {
            let outcome = Cipher::from_base64(text(case, "text"));
            same_outcome(case, outcome.map(|cipher| cipher.to_json(true)), "json");
        },
    );
}
