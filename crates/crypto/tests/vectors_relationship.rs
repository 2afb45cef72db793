//! Whole Relationships as the published packages made them: keys, channels, stored secrets.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::*;
use serde_json::Value;
use tessera_crypto::{
    aead,
    channel::{RelationshipSecrets, RequestSecrets},
    hazmat,
    objects::{
        Cipher, CipherNonce, HashAlgorithm, RelationshipPublicRequest, RelationshipPublicResponse,
        Signature, SignaturePublicKey, TemplatePublicKey,
    },
    sign,
};

/// The requestor's and the templator's secrets, made with the recorded keys as randomness.
struct Parties {
    request: RequestSecrets,
    requestor: RelationshipSecrets,
    templator: RelationshipSecrets,
}

fn meet(case: &Value) -> Parties {
    let keys = &case["requestorKeys"];
    let request = RequestSecrets::new(
        TemplatePublicKey::from_json(text(&case["templateKey"], "json")).unwrap(),
        SignaturePublicKey::from_json(text(&case["templatorIdentity"], "publicKeyJson")).unwrap(),
        &Given::new(&[
            &bytes(keys, "exchangePrivateKeyHex"),
            &bytes(keys, "ephemeralPrivateKeyHex"),
            &bytes(keys, "signaturePrivateKeyHex")[..32],
            &bytes(keys, "nonceHex"),
        ]),
    )
    .unwrap();
    let keys = &case["templatorKeys"];
    let templator = RelationshipSecrets::templator(
        &exchange_pair(&case["templateKey"], "privateKeyHex"),
        &request.public_request(),
        &Given::new(&[
            &bytes(keys, "exchangePrivateKeyHex"),
            &bytes(keys, "signaturePrivateKeyHex")[..32],
            &bytes(keys, "nonceHex"),
        ]),
    )
    .unwrap();
    Parties {
        requestor: RelationshipSecrets::requestor(&request, &templator.public_response()).unwrap(),
        request,
        templator,
    }
}

#[test]
fn vectors_relationship() {
    let vectors = vectors("crypto.json");
    each("relationship", &vectors["relationship"], |case| {
        let parties = meet(case);
        what_is_shown(case, &parties);
        what_is_stored(case, &parties);
        what_is_sent(case, &parties);
    });
}

fn what_is_shown(case: &Value, parties: &Parties) {
    let key = TemplatePublicKey::from_json(text(&case["templateKey"], "jsonPlain")).unwrap();
    assert_eq!(key.to_json(true), text(&case["templateKey"], "json"));
    assert_eq!(key.to_json(false), text(&case["templateKey"], "jsonPlain"));

    let (request, recorded) = (parties.request.public_request(), &case["publicRequest"]);
    assert_eq!(request.to_json(true), text(recorded, "json"));
    assert_eq!(request.to_json(false), text(recorded, "jsonPlain"));
    assert_eq!(request.to_base64(), text(recorded, "base64"));
    for form in ["base64", "base64Plain"] {
        let read = RelationshipPublicRequest::from_base64(text(recorded, form));
        assert_eq!(read.as_ref(), Ok(&request));
    }

    let (response, recorded) = (parties.templator.public_response(), &case["publicResponse"]);
    assert_eq!(response.to_json(true), text(recorded, "json"));
    assert_eq!(response.to_json(false), text(recorded, "jsonPlain"));
    assert_eq!(response.to_base64(), text(recorded, "base64"));
    for form in ["base64", "base64Plain"] {
        let read = RelationshipPublicResponse::from_base64(text(recorded, form));
        assert_eq!(read.as_ref(), Ok(&response));
    }
}

fn what_is_stored(case: &Value, parties: &Parties) {
    let stored = &case["stored"];
    assert_eq!(
        *parties.request.to_stored_json(),
        text(stored, "requestSecrets")
    );
    let read = RequestSecrets::from_stored_json(text(stored, "requestSecrets"));
    assert_eq!(read.as_ref(), Ok(&parties.request));

    for (secrets, name) in [
        (&parties.requestor, "requestorSecretsAtStart"),
        (&parties.templator, "templatorSecretsAtStart"),
    ] {
        assert_eq!(*secrets.to_stored_json(), text(stored, name));
        let read = RelationshipSecrets::from_stored_json(text(stored, name));
        assert_eq!(read.as_ref(), Ok(secrets));
    }
    // A counter that somebody else stored is written back as it was.
    let after = text(stored, "requestorSecretsAfter");
    let read = RelationshipSecrets::from_stored_json(after).unwrap();
    assert_eq!(*read.to_stored_json(), after);
    assert_eq!(case["parsedEqual"], true);
}

fn what_is_sent(case: &Value, parties: &Parties) {
    let Parties {
        request,
        requestor,
        templator,
    } = parties;
    let request_key = secret_key(&case["derived"], "requestSecretKeyHex");
    assert_eq!(request.request_key(), &request_key);
    assert_eq!(requestor.request_key(), &request_key);
    assert_eq!(templator.request_key(), &request_key);

    let cipher = Cipher::from_json(text(&case["creationContent"], "cipher")).unwrap();
    let plaintext = bytes(&case["creationContent"], "plaintextHex");
    assert_eq!(
        *aead::open(templator.request_key(), &cipher).unwrap(),
        plaintext
    );
    let CipherNonce::Nonce(nonce) = cipher.nonce() else {
        panic!("a nonce travels with the creation content");
    };
    let nonce = nonce.as_slice().try_into().unwrap();
    let sealed = hazmat::seal_with_nonce(request.request_key(), &nonce, &plaintext);
    assert_eq!(sealed, Ok(cipher));

    for message in case["messages"].as_array().unwrap() {
        let (sender, receiver) = match text(message, "from") {
            "requestor" => (requestor, templator),
            "templator" => (templator, requestor),
            other => panic!("{other}"),
        };
        let plaintext = bytes(message, "plaintextHex");
        let counter = u32::try_from(message["counter"].as_u64().unwrap()).unwrap();
        let cipher = hazmat::seal_with_counter(sender.transmit(), counter, &plaintext).unwrap();
        assert_eq!(cipher.to_json(true), text(message, "cipher"));
        assert_eq!(*receiver.receive().open(&cipher).unwrap(), plaintext);
        // What one party sealed, it cannot open itself: each direction has its own key.
        assert!(sender.receive().open(&cipher).is_err());

        let key = sender.signature().private();
        let signature = sign::sign(key, &plaintext, HashAlgorithm::Sha256).unwrap();
        assert_eq!(signature.to_json(true), text(message, "signature"));
        let signature = Signature::from_json(text(message, "signature")).unwrap();
        let verified = sign::verify(receiver.peer_signature(), &plaintext, &signature);
        assert_eq!(verified, Ok(true));
    }

    // The one recorded refusal that is not ours (see "Stricter" in the crate's documentation): a
    // receiver must open any counter, so there is no strict order to violate.
    assert_eq!(
        case["skippedCounterInStrictMode"]["code"],
        "error.crypto.state.orderDoesNotMatch"
    );
    let skipped = case["messages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|message| message["counter"] == 1 && message["from"] == "requestor")
        .unwrap();
    let cipher = Cipher::from_json(text(skipped, "cipher")).unwrap();
    let fresh = meet(case).templator;
    assert_eq!(
        *fresh.receive().open(&cipher).unwrap(),
        bytes(skipped, "plaintextHex")
    );
}
