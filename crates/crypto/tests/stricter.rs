//! Where this crate refuses what the published packages let through, and how secrets are kept.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::Given;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tessera_crypto::{
    CryptoError,
    channel::{RelationshipSecrets, RequestSecrets},
    encoding,
    objects::{
        ExchangeKeypair, ExchangePrivateKey, ExchangePublicKey, PublicState, SecretKey,
        SignatureKeypair, SignaturePrivateKey, SignaturePublicKey, TemplatePublicKey,
    },
};

fn object(name: &str, bytes: &[u8], algorithm: u32) -> String {
    json!({name: encoding::to_b64u(bytes), "alg": algorithm}).to_string()
}

/// The published packages read the numbers 1 and 2, which mean other curves, and then use the
/// bytes as Ed25519 or X25519 all the same.
#[test]
fn keys_of_other_curves_are_refused() {
    let signature = SignaturePrivateKey::generate(&Given::new(&[&[1; 32]]));
    let prv = signature.to_bytes();
    for algorithm in [0, 1, 2, 4] {
        let public = SignaturePublicKey::from_json(&object("pub", &[2; 32], algorithm));
        assert_eq!(public, Err(CryptoError::WrongSignatureAlgorithm));
        let private = SignaturePrivateKey::from_json(&object("prv", &*prv, algorithm));
        assert_eq!(private, Err(CryptoError::WrongSignatureAlgorithm));
        let public = ExchangePublicKey::from_json(&object("pub", &[2; 32], algorithm));
        assert_eq!(public, Err(CryptoError::WrongExchangeAlgorithm));
        let private = ExchangePrivateKey::from_json(&object("prv", &[2; 32], algorithm));
        assert_eq!(private, Err(CryptoError::WrongExchangeAlgorithm));
    }
}

/// The published packages read these and fail with the same codes when using them.
#[test]
fn keys_and_channel_nonces_of_useless_lengths_are_refused() {
    for length in [31, 33] {
        let bytes = vec![2; length];
        let public = SignaturePublicKey::from_json(&object("pub", &bytes, 3));
        assert_eq!(public, Err(CryptoError::SignatureVerify));
        let public = ExchangePublicKey::from_json(&object("pub", &bytes, 3));
        assert_eq!(public, Err(CryptoError::KeyDerivation));
        let private = ExchangePrivateKey::from_json(&object("prv", &bytes, 3));
        assert_eq!(private, Err(CryptoError::KeyDerivation));
        let private = SignaturePrivateKey::from_json(&object("prv", &bytes, 3));
        assert_eq!(private, Err(CryptoError::WrongKeyLength));
    }
    let state = json!({"nnc": encoding::to_b64u(&[0; 12]), "alg": 3, "typ": 2}).to_string();
    let state = PublicState::from_json(&state);
    assert_eq!(state, Err(CryptoError::WrongSerializedBuffer));
}

#[test]
fn halves_that_do_not_belong_together_are_refused() {
    let [one, two] = [1, 2].map(|seed| SignatureKeypair::generate(&Given::new(&[&[seed; 32]])));
    let mixed = json!({"pub": one.public(), "prv": two.private()}).to_string();
    assert_eq!(
        SignatureKeypair::from_json(&mixed),
        Err(CryptoError::KeypairMismatch)
    );
    let mut bytes = one.private().to_bytes();
    bytes[32..].copy_from_slice(two.public().as_bytes());
    assert_eq!(
        SignaturePrivateKey::from_slice(&*bytes),
        Err(CryptoError::KeypairMismatch)
    );
    let [one, two] = [1, 2].map(|seed| ExchangeKeypair::generate(&Given::new(&[&[seed; 32]])));
    let mixed = json!({"pub": one.public(), "prv": two.private()}).to_string();
    assert_eq!(
        ExchangeKeypair::from_json(&mixed),
        Err(CryptoError::KeypairMismatch)
    );
}

/// Secrets of a Relationship whose every random byte is 7.
fn secrets() -> (RequestSecrets, RelationshipSecrets) {
    let template = ExchangeKeypair::generate(&Given::new(&[&[7; 32]]));
    let key = TemplatePublicKey {
        id: "TRPRTKabcdefghijklmn".parse().unwrap(),
        key: *template.public(),
    };
    let identity = SignaturePublicKey::from_bytes([8; 32]);
    let request = RequestSecrets::new(key, identity, &Given::new(&[&[7; 120]])).unwrap();
    let given = Given::new(&[&[7; 88]]);
    let relationship =
        RelationshipSecrets::templator(&template, &request.public_request(), &given).unwrap();
    (request, relationship)
}

#[test]
fn secrets_print_nothing_but_their_name() {
    let key = SecretKey::from_slice(&[7; 32]).unwrap();
    assert_eq!(format!("{key:?}"), "SecretKey");
    let pair = SignatureKeypair::generate(&Given::new(&[&[7; 32]]));
    assert_eq!(format!("{:?}", pair.private()), "SignaturePrivateKey");
    assert!(format!("{pair:?}").ends_with("private: SignaturePrivateKey }"));
    let pair = ExchangeKeypair::generate(&Given::new(&[&[7; 32]]));
    assert_eq!(format!("{:?}", pair.private()), "ExchangePrivateKey");
    assert!(format!("{pair:?}").ends_with("private: ExchangePrivateKey }"));
    let (request, relationship) = secrets();
    assert_eq!(format!("{request:?}"), "RequestSecrets");
    assert_eq!(format!("{relationship:?}"), "RelationshipSecrets");
    assert_eq!(format!("{:?}", relationship.transmit()), "TransmitState");
    assert_eq!(format!("{:?}", relationship.receive()), "ReceiveState");
}

#[test]
fn an_error_about_a_secret_does_not_repeat_it() {
    let secret = encoding::to_b64u(&[7; 31]);
    let text = format!(r#"{{"key":"{secret}","alg":3}}"#);
    let error = serde_json::from_str::<SecretKey>(&text).unwrap_err();
    assert!(!error.to_string().contains(&secret), "{error}");
    let error = SecretKey::from_json(&text).unwrap_err();
    assert!(!format!("{error} {error:?}").contains(&secret));
}

#[test]
fn stored_states_with_the_ends_exchanged_are_refused() {
    let stored = secrets().1.to_stored_json();
    let exchanged = stored
        .replace("\"rx\"", "\"?\"")
        .replace("\"tx\"", "\"rx\"");
    let exchanged = exchanged.replace("\"?\"", "\"tx\"");
    assert_eq!(
        RelationshipSecrets::from_stored_json(&exchanged),
        Err(CryptoError::WrongStateType)
    );
    let neither = stored.replace("\"typ\":1}", "\"typ\":3}");
    assert_eq!(
        RelationshipSecrets::from_stored_json(&neither),
        Err(CryptoError::WrongRelationshipType)
    );
}

#[test]
fn objects_are_fields_of_other_structures_in_their_plain_form() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Content {
        public_key: SignaturePublicKey,
        #[serde(skip_serializing_if = "Option::is_none")]
        template_key: Option<TemplatePublicKey>,
    }

    let (request, _) = secrets();
    let content = Content {
        public_key: *request.peer_identity_key(),
        template_key: None,
    };
    let text = serde_json::to_string(&content).unwrap();
    let key = encoding::to_b64u(&[8; 32]);
    assert_eq!(
        text,
        format!(r#"{{"publicKey":{{"pub":"{key}","alg":3}}}}"#)
    );
    assert_eq!(serde_json::from_str::<Content>(&text).unwrap(), content);
    let verbose = format!(
        r#"{{"publicKey":{{"@type":"CryptoSignaturePublicKey","more":[{{}}],"pub":"{key}","alg":3}}}}"#
    );
    assert_eq!(serde_json::from_str::<Content>(&verbose).unwrap(), content);
}
