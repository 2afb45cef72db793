//! Everything that travels, as the published packages made it: opened, verified, sealed again.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::*;
use serde::Deserialize;
use serde_json::Value;
use tessera_core_types::Address;
use tessera_crypto::{
    aead,
    channel::{ReceiveState, RelationshipSecrets, RequestSecrets, TransmitState},
    encoding, hash, hazmat, kdf,
    objects::{
        Cipher, ExchangeKeypair, HashAlgorithm, RelationshipPublicRequest,
        RelationshipPublicResponse, SecretKey, Signature, SignaturePrivateKey, SignaturePublicKey,
    },
    sign,
};

fn envelope(name: &str) -> Value {
    vectors("crypto.json")["envelopes"][name].clone()
}

fn passed(name: &str, count: usize) {
    println!("crypto.json, envelopes.{name}: {count} cases passed");
}

fn public_key(case: &Value, name: &str) -> SignaturePublicKey {
    SignaturePublicKey::from_bytes(array(case, name))
}

/// Opens `base64`, compares with `plaintext`, and seals to the same again.
fn opens_to(key: &SecretKey, base64: &str, nonce: [u8; 24], plaintext: &[u8]) {
    let cipher = Cipher::from_base64(base64).unwrap();
    assert_eq!(aead::open(key, &cipher).unwrap().as_slice(), plaintext);
    let sealed = hazmat::seal_with_nonce(key, &nonce, plaintext).unwrap();
    assert_eq!(sealed.to_base64(), base64);
}

#[test]
fn vectors_envelope_registration() {
    let case = envelope("registration");
    let key = signature_key(&case, "identityPrivateKeyHex");
    let public = key.public_key();
    assert_eq!(public.to_base64(), text(&case, "identityPublicKey"));
    let address = Address::of_key(public.as_bytes(), text(&case, "hostname"));
    assert_eq!(address.as_str(), text(&case, "address"));
    let signed = &case["signedChallenge"];
    let challenge = text(signed, "challenge");
    assert_eq!(challenge, text(&case, "challenge"));
    let signature = sign::sign(&key, challenge.as_bytes(), HashAlgorithm::Sha512).unwrap();
    assert_eq!(signature.to_base64(), text(signed, "signature"));
    let verbose = text(&case["signedChallengeVerbose"], "signature");
    assert_eq!(Signature::from_base64(verbose), Ok(signature));
    passed("registration", 1);
}

#[test]
fn vectors_envelope_template() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Signed {
        device_signature: Signature,
        serialized_template: String,
    }

    let case = envelope("template");
    let key = SecretKey::from_json(text(&case, "secretKey")).unwrap();
    let plaintext = text(&case, "signed");
    opens_to(
        &key,
        text(&case, "content"),
        array(&case, "nonceHex"),
        plaintext.as_bytes(),
    );
    let signed: Signed = serde_json::from_str(plaintext).unwrap();
    assert_eq!(
        signed.serialized_template,
        text(&case, "serializedTemplate")
    );
    assert_eq!(text(&case, "signedWith"), "identity key");
    let message = signed.serialized_template.as_bytes();
    let identity = public_key(&case, "identityPublicKeyHex");
    let verified = sign::verify(&identity, message, &signed.device_signature);
    assert_eq!(verified, Ok(true));
    passed("template", 1);
}

/// The property names of creation and acceptance differ, their form does not.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignedTwice {
    device_signature: Signature,
    relationship_signature: Signature,
    #[serde(alias = "serializedCreationResponseContent")]
    serialized_creation_content: String,
}

#[test]
fn vectors_envelope_creation() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Outer {
        cipher: Cipher,
        public_creation_content_crypto: RelationshipPublicRequest,
    }

    let case = envelope("creation");
    let outer_text = text(&case, "outer");
    assert_eq!(
        encoding::to_b64u(outer_text.as_bytes()),
        text(&case, "creationContent")
    );
    let outer: Outer = serde_json::from_str(outer_text).unwrap();
    let public = &outer.public_creation_content_crypto;
    let secrets = RequestSecrets::from_stored_json(text(&case, "requestSecrets")).unwrap();
    assert_eq!(*secrets.to_stored_json(), text(&case, "requestSecrets"));
    assert_eq!(&secrets.public_request(), public);
    let key = secret_key(&case, "requestSecretKeyHex");
    assert_eq!(secrets.request_key(), &key);

    let template_key = exchange_pair(&case, "templatePrivateKeyHex");
    let templator =
        RelationshipSecrets::templator(&template_key, public, &Given::new(&[&[7; 88]])).unwrap();
    assert_eq!(templator.request_key(), &key);

    let plaintext = text(&case, "signed");
    let base64 = outer.cipher.to_base64();
    opens_to(
        &key,
        &base64,
        array(&case, "nonceHex"),
        plaintext.as_bytes(),
    );
    let signed: SignedTwice = serde_json::from_str(plaintext).unwrap();
    let message = signed.serialized_creation_content.as_bytes();
    assert_eq!(message, text(&case, "serializedCreationContent").as_bytes());
    let device = public_key(&case, "devicePublicKeyHex");
    let relationship = public_key(&case, "relationshipPublicKeyHex");
    assert_eq!(templator.peer_signature(), &relationship);
    for (key, signature) in [
        (device, &signed.device_signature),
        (relationship, &signed.relationship_signature),
    ] {
        assert_eq!(sign::verify(&key, message, signature), Ok(true));
    }
    let own = secrets.signature().private();
    let again = sign::sign(own, message, HashAlgorithm::Sha256);
    assert_eq!(again, Ok(signed.relationship_signature));

    assert_eq!(
        outer_text,
        format!(
            r#"{{"@type":"RelationshipCreationContentCipher","cipher":{},"publicCreationContentCrypto":{}}}"#,
            outer.cipher.to_json(false),
            public.to_json(false)
        )
    );
    passed("creation", 1);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Acceptance {
    cipher: Cipher,
    public_creation_response_content_crypto: RelationshipPublicResponse,
}

/// The requestor's secrets after the acceptance.
fn requestor() -> RelationshipSecrets {
    let request = envelope("creation");
    let request = RequestSecrets::from_stored_json(text(&request, "requestSecrets")).unwrap();
    let outer: Acceptance = serde_json::from_str(text(&envelope("acceptance"), "outer")).unwrap();
    RelationshipSecrets::requestor(&request, &outer.public_creation_response_content_crypto)
        .unwrap()
}

#[test]
fn vectors_envelope_acceptance() {
    let case = envelope("acceptance");
    let outer_text = text(&case, "outer");
    assert_eq!(
        encoding::to_b64u(outer_text.as_bytes()),
        text(&case, "creationResponseContent")
    );
    let outer: Acceptance = serde_json::from_str(outer_text).unwrap();
    let secrets = requestor();
    let plaintext = text(&case, "signed");
    let opened = secrets.receive().open(&outer.cipher).unwrap();
    assert_eq!(opened.as_slice(), plaintext.as_bytes());

    let channel = TransmitState::new(
        secret_key(&case, "templatorTransmitKeyHex"),
        array(&case, "templatorNonceHex"),
    );
    let counter = u32::try_from(case["counter"].as_u64().unwrap()).unwrap();
    let sealed = hazmat::seal_with_counter(&channel, counter, plaintext.as_bytes());
    assert_eq!(sealed.as_ref(), Ok(&outer.cipher));

    let signed: SignedTwice = serde_json::from_str(plaintext).unwrap();
    let message = signed.serialized_creation_content.as_bytes();
    let key = public_key(&case, "relationshipPublicKeyHex");
    assert_eq!(secrets.peer_signature(), &key);
    let verified = sign::verify(&key, message, &signed.relationship_signature);
    assert_eq!(verified, Ok(true));

    assert_eq!(
        outer_text,
        format!(
            r#"{{"@type":"RelationshipCreationResponseContentCipher","cipher":{},"publicCreationResponseContentCrypto":{}}}"#,
            outer.cipher.to_json(false),
            outer.public_creation_response_content_crypto.to_json(false)
        )
    );
    passed("acceptance", 1);
}

#[test]
fn vectors_envelope_message() {
    #[derive(Deserialize)]
    struct Signed {
        message: String,
        signatures: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        signature: String,
    }

    let case = envelope("message");
    let cipher = Cipher::from_base64(text(&case, "encryptedKey")).unwrap();
    let (key, nonce) = (
        secret_key(&case, "receiveKeyHex"),
        array(&case, "receiveNonceHex"),
    );
    let opened = ReceiveState::new(key.clone(), nonce).open(&cipher).unwrap();
    let key_text = text(&case, "keyPlaintext");
    assert_eq!(opened.as_slice(), key_text.as_bytes());
    assert_eq!(*requestor().receive().open(&cipher).unwrap(), *opened);
    let counter = u32::try_from(case["counter"].as_u64().unwrap()).unwrap();
    let channel = TransmitState::new(key, nonce);
    let sealed = hazmat::seal_with_counter(&channel, counter, key_text.as_bytes()).unwrap();
    assert_eq!(sealed.to_base64(), text(&case, "encryptedKey"));

    let message_key = SecretKey::from_json(key_text).unwrap();
    assert_eq!(*message_key.to_json(false), key_text);
    let plaintext = text(&case, "signed");
    opens_to(
        &message_key,
        text(&case, "body"),
        array(&case, "nonceHex"),
        plaintext.as_bytes(),
    );
    let signed: Signed = serde_json::from_str(plaintext).unwrap();
    assert_eq!(signed.message, text(&case, "message"));
    let peer = public_key(&case, "peerSignatureKeyHex");
    assert!(!signed.signatures.is_empty());
    for entry in &signed.signatures {
        let signature = Signature::from_json(&entry.signature).unwrap();
        assert_eq!(signature.to_json(false), entry.signature);
        let verified = sign::verify(&peer, signed.message.as_bytes(), &signature);
        assert_eq!(verified, Ok(true));
    }
    passed("message", 1);
}

#[test]
fn vectors_envelope_tokens() {
    each("envelopes.tokens", &envelope("tokens"), |case| {
        let key = SecretKey::from_json(text(case, "secretKey")).unwrap();
        let plaintext = text(case, "plaintext").as_bytes();
        opens_to(
            &key,
            text(case, "content"),
            array(case, "nonceHex"),
            plaintext,
        );
    });
}

#[test]
fn vectors_envelope_file() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Metadata {
        plaintext_hash: String,
        secret_key: SecretKey,
    }

    let case = envelope("file");
    let metadata_text = text(&case, "metadata");
    opens_to(
        &SecretKey::from_json(text(&case, "metadataKey")).unwrap(),
        text(&case, "encryptedProperties"),
        array(&case, "metadataNonceHex"),
        metadata_text.as_bytes(),
    );
    let metadata: Metadata = serde_json::from_str(metadata_text).unwrap();

    let uploaded = text(&case, "uploadedBytesUtf8");
    let cipher_hash = encoding::to_b64u(&hash::sha512(uploaded.as_bytes()));
    assert_eq!(cipher_hash, text(&case, "cipherHash"));
    let plaintext = bytes(&case, "plaintextHex");
    let cipher = Cipher::from_json(uploaded).unwrap();
    let opened = aead::open(&metadata.secret_key, &cipher).unwrap();
    assert_eq!(*opened, plaintext);
    let nonce = array(&case, "contentNonceHex");
    let sealed = hazmat::seal_with_nonce(&metadata.secret_key, &nonce, &plaintext).unwrap();
    assert_eq!(sealed.to_json(true), uploaded);

    let plaintext_hash = hash::sha512(&plaintext);
    let recorded = text(&case, "plaintextHash");
    assert_eq!(encoding::to_b64u(&plaintext_hash), recorded);
    assert_eq!(metadata.plaintext_hash, recorded);
    let owner = public_key(&case, "devicePublicKeyHex");
    let signature = Signature::from_base64(text(&case, "ownerSignature")).unwrap();
    assert_eq!(sign::verify(&owner, &plaintext_hash, &signature), Ok(true));
    passed("file", 1);
}

#[test]
fn vectors_envelope_datawallet() {
    let case = envelope("datawallet");
    let base = SecretKey::from_json(text(&case, "synchronizationKey")).unwrap();
    each("envelopes.datawallet", &case["modifications"], |case| {
        let index = u32::try_from(case["index"].as_u64().unwrap()).unwrap();
        let key = kdf::derive(&base, index, kdf::DATA_SYNC).unwrap();
        assert_eq!(key, secret_key(case, "derivedKeyHex"));
        let plaintext = text(case, "plaintext").as_bytes();
        let payload = text(case, "encryptedPayload");
        opens_to(&key, payload, array(case, "nonceHex"), plaintext);
    });
}

#[test]
fn vectors_envelope_secrets() {
    let case = envelope("secrets");
    let base = SecretKey::from_json(text(&case, "baseKey")).unwrap();
    each("envelopes.secrets", &case["items"], |case| {
        let key_id = u32::try_from(case["keyId"].as_u64().unwrap()).unwrap();
        let key = kdf::derive(&base, key_id, text(case, "context")).unwrap();
        assert_eq!(key, secret_key(case, "derivedKeyHex"));
        let plaintext = text(case, "plaintext");
        let sealed =
            hazmat::seal_with_nonce(&key, &array(case, "nonceHex"), plaintext.as_bytes()).unwrap();
        assert_eq!(sealed.to_json(false), text(case, "cipher"));
        let cipher = Cipher::from_json(text(case, "cipher")).unwrap();
        let opened = aead::open(&key, &cipher).unwrap();
        assert_eq!(opened.as_slice(), plaintext.as_bytes());
        assert_eq!(store_again(plaintext), plaintext);
    });
}

/// Reads a stored secret by its `@type` and writes it again. Credentials are not ours.
fn store_again(plaintext: &str) -> String {
    let object: Value = serde_json::from_str(plaintext).unwrap();
    match text(&object, "@type") {
        SecretKey::TYPE => SecretKey::from_json(plaintext).unwrap().to_json(true),
        ExchangeKeypair::TYPE => ExchangeKeypair::from_json(plaintext).unwrap().to_json(true),
        SignaturePrivateKey::TYPE => SignaturePrivateKey::from_json(plaintext)
            .unwrap()
            .to_json(true),
        RequestSecrets::TYPE => RequestSecrets::from_stored_json(plaintext)
            .unwrap()
            .to_stored_json(),
        RelationshipSecrets::TYPE => RelationshipSecrets::from_stored_json(plaintext)
            .unwrap()
            .to_stored_json(),
        "DeviceSecretCredentials" => return plaintext.to_owned(),
        other => panic!("{other}"),
    }
    .to_string()
}
