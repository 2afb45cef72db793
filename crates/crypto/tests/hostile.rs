//! Whatever a peer or a server sends, it is an error or an object, never a panic.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::Given;
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use tessera_core_types::SystemRandomness;
use tessera_crypto::{
    CryptoError, aead,
    channel::{ReceiveState, RelationshipSecrets, RequestSecrets},
    encoding, kx,
    objects::{
        Cipher, CipherNonce, ExchangeKeypair, ExchangePrivateKey, ExchangePublicKey, HashAlgorithm,
        PublicState, RelationshipPublicRequest, RelationshipPublicResponse, SecretKey, Signature,
        SignatureKeypair, SignaturePrivateKey, SignaturePublicKey, TemplatePublicKey,
    },
    sign,
};

/// Reads `text` as everything there is. What can be read can be written and read again.
fn read_as_everything(text: &str) {
    macro_rules! round_trip {
        ($($type:ty)*) => {$(
            let _ = <$type>::from_base64(text);
            let _ = serde_json::from_str::<$type>(text);
            if let Ok(object) = <$type>::from_json(text) {
                for verbose in [false, true] {
                    let again = <$type>::from_json(&object.to_json(verbose));
                    assert_eq!(again.as_ref(), Ok(&object));
                }
            }
        )*};
    }
    round_trip! {
        Cipher ExchangeKeypair ExchangePrivateKey ExchangePublicKey PublicState
        RelationshipPublicRequest RelationshipPublicResponse SecretKey Signature SignatureKeypair
        SignaturePrivateKey SignaturePublicKey TemplatePublicKey
    }
    if let Ok(secrets) = RequestSecrets::from_stored_json(text) {
        let again = RequestSecrets::from_stored_json(&secrets.to_stored_json());
        assert_eq!(again, Ok(secrets));
    }
    if let Ok(secrets) = RelationshipSecrets::from_stored_json(text) {
        let again = RelationshipSecrets::from_stored_json(&secrets.to_stored_json());
        assert_eq!(again, Ok(secrets));
    }
    let _ = encoding::from_b64(text);
    if let Ok(bytes) = encoding::from_b64u(text) {
        assert_eq!(encoding::to_b64u(&bytes), text);
        let _ = encoding::utf8(&bytes);
    }
}

fn b64u() -> impl Strategy<Value = Value> {
    let length = select(vec![0_usize, 1, 2, 12, 19, 24, 31, 32, 33, 64, 101]);
    length
        .prop_flat_map(|length| vec(any::<u8>(), length))
        .prop_map(|bytes| json!(encoding::to_b64u(&bytes)))
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        5 => b64u(),
        5 => Just(json!(3)),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => Just(json!("TRPRTKabcdefghijklmn")),
        1 => Just(json!([1, "two", []])),
    ];
    leaf.prop_recursive(3, 30, 10, |inner| {
        vec(option::of(inner), NAMES.len()).prop_map(|values| {
            let named = NAMES.iter().zip(values);
            let object: Map<_, _> = named
                .filter_map(|(name, value)| Some(((*name).to_owned(), value?)))
                .collect();
            Value::Object(object)
        })
    })
}

const NAMES: &[&str] = &[
    "@type", "alg", "cnt", "cph", "eph", "exc", "id", "key", "nnc", "pik", "prv", "psk", "ptk",
    "pub", "pxk", "rsk", "rx", "sig", "sta", "tx", "typ",
];

fn stored_secrets() -> [String; 2] {
    let template = ExchangeKeypair::from(ExchangePrivateKey::from_slice(&[7; 32]).unwrap());
    let key = TemplatePublicKey {
        id: "TRPRTKabcdefghijklmn".parse().unwrap(),
        key: *template.public(),
    };
    let identity = SignaturePublicKey::from_bytes([8; 32]);
    let request = RequestSecrets::new(key, identity, &Given::new(&[&[9; 120]])).unwrap();
    let public = request.public_request();
    let secrets =
        RelationshipSecrets::templator(&template, &public, &Given::new(&[&[5; 88]])).unwrap();
    [request.to_stored_json(), secrets.to_stored_json()].map(|text| text.to_string())
}

proptest! {
    #[test]
    fn any_text(text in any::<String>()) {
        read_as_everything(&text);
        read_as_everything(&encoding::to_b64u(text.as_bytes()));
    }

    #[test]
    fn any_json_with_the_known_properties(value in any_value()) {
        let text = value.to_string();
        read_as_everything(&text);
        read_as_everything(&encoding::to_b64u(text.as_bytes()));
    }

    #[test]
    fn stored_secrets_with_a_changed_place(
        which in 0..2_usize, place in any::<prop::sample::Index>(), with in ".{0,3}",
    ) {
        let text = &stored_secrets()[which];
        let (start, rest) = text.split_at(place.index(text.len()));
        read_as_everything(&format!("{start}{with}{}", &rest[1..]));
        read_as_everything(start);
    }

    #[test]
    fn any_ciphertext(bytes in vec(any::<u8>(), 2..200), nonce in vec(any::<u8>(), 12..=24)) {
        let key = SecretKey::from_slice(&[1; 32]).unwrap();
        let b64u = encoding::to_b64u;
        let text = json!({"cph": b64u(&bytes), "alg": 3, "nnc": b64u(&nonce)});
        let cipher: Cipher = serde_json::from_value(text).unwrap();
        prop_assert_eq!(aead::open(&key, &cipher), Err(CryptoError::Decrypt));
        let text = json!({"cph": b64u(&bytes), "alg": 3, "cnt": 77});
        let cipher: Cipher = serde_json::from_value(text).unwrap();
        prop_assert_eq!(aead::open(&key, &cipher), Err(CryptoError::WrongNonce));
        let receive = ReceiveState::new(key, [0; 24]);
        prop_assert_eq!(receive.open(&cipher), Err(CryptoError::Decrypt));
    }

    #[test]
    fn any_public_key(bytes in any::<[u8; 32]>()) {
        let own = ExchangeKeypair::generate(&SystemRandomness);
        let peer = ExchangePublicKey::from_bytes(bytes);
        let _ = (kx::requestor(&own, &peer), kx::templator(&own, &peer));
        let signer = SignatureKeypair::generate(&SystemRandomness);
        let signature = sign::sign(signer.private(), b"text", HashAlgorithm::Sha256).unwrap();
        let other = SignaturePublicKey::from_bytes(bytes);
        prop_assert_eq!(sign::verify(&other, b"text", &signature), Ok(false));
    }

    #[test]
    fn a_changed_bit_does_not_go_unnoticed(
        text in vec(any::<u8>(), 1..100), place in any::<prop::sample::Index>(), bit in 0..8_u32,
    ) {
        let key = SecretKey::generate(&SystemRandomness);
        let cipher = aead::seal(&key, &text, &SystemRandomness).unwrap();
        let opened = aead::open(&key, &cipher).unwrap();
        prop_assert_eq!(opened.as_slice(), text.as_slice());
        let mut bytes = cipher.ciphertext().to_vec();
        let place_in_cipher = place.index(bytes.len());
        bytes[place_in_cipher] ^= 1_u8 << bit;
        let CipherNonce::Nonce(nonce) = cipher.nonce() else { panic!("{cipher:?}") };
        let b64u = encoding::to_b64u;
        let changed = json!({"cph": b64u(&bytes), "alg": 3, "nnc": b64u(nonce)}).to_string();
        let changed = Cipher::from_json(&changed).unwrap();
        prop_assert_eq!(aead::open(&key, &changed), Err(CryptoError::Decrypt));

        let signer = SignatureKeypair::generate(&SystemRandomness);
        let signature = sign::sign(signer.private(), &text, HashAlgorithm::Sha512).unwrap();
        prop_assert_eq!(sign::verify(signer.public(), &text, &signature), Ok(true));
        let mut other = text.clone();
        let place_in_text = place.index(other.len());
        other[place_in_text] ^= 1_u8 << bit;
        prop_assert_eq!(sign::verify(signer.public(), &other, &signature), Ok(false));
    }
}

#[test]
fn json_nested_beyond_reason_is_refused() {
    for open in ["[", "{\"pub\":"] {
        let text = open.repeat(100_000);
        assert_eq!(
            SignatureKeypair::from_json(&text),
            Err(CryptoError::NotJson)
        );
        read_as_everything(&text);
    }
}

#[test]
fn of_a_property_given_twice_the_last_counts_as_in_javascript() {
    let key = encoding::to_b64u(&[1; 32]);
    let text = format!(r#"{{"key":"AA","alg":1,"key":"{key}","alg":3}}"#);
    let read = SecretKey::from_json(&text).unwrap();
    assert_eq!(read.as_bytes(), &[1; 32]);
}

#[test]
fn more_than_readers_accept_is_not_sealed() {
    let key = SecretKey::generate(&SystemRandomness);
    let plaintext = vec![0; 100 * 1024 * 1024 - 15];
    assert_eq!(
        aead::seal(&key, &plaintext, &SystemRandomness),
        Err(CryptoError::WrongSerializedBuffer)
    );
}
