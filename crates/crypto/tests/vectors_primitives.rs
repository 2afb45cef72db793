//! The recorded results of the published packages: encodings, hashes, ciphers, signatures, keys.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use argon2::{Algorithm, Argon2, Params, Version};
use common::*;
use serde_json::{Value, json};
use tessera_crypto::{
    CryptoError, aead,
    channel::{ReceiveState, TransmitState},
    encoding, hash, hazmat, kdf, kx,
    objects::{
        Cipher, CipherNonce, ExchangePublicKey, HashAlgorithm, SecretKey, Signature,
        SignatureKeypair, SignaturePublicKey,
    },
    password, sign,
};

/// The four recorded forms of an object against `to_json` and `to_base64`, and the way back.
macro_rules! same_forms {
    ($type:ty, $object:expr, $case:expr) => {{
        let (object, case): (&$type, &Value) = ($object, $case);
        assert_eq!(&*object.to_json(true), text(case, "json"));
        assert_eq!(&*object.to_json(false), text(case, "jsonPlain"));
        assert_eq!(&*object.to_base64(), text(case, "base64"));
        assert_eq!(
            serde_json::to_string(object).unwrap(),
            text(case, "jsonPlain")
        );
        for form in ["json", "jsonPlain"] {
            assert_eq!(&<$type>::from_json(text(case, form)).unwrap(), object);
            assert_eq!(
                &serde_json::from_str::<$type>(text(case, form)).unwrap(),
                object
            );
        }
        for form in ["base64", "base64Plain"] {
            assert_eq!(&<$type>::from_base64(text(case, form)).unwrap(), object);
        }
    }};
}

#[test]
fn vectors_encoding() {
    let vectors = vectors("crypto.json");
    let encoding = &vectors["encoding"];
    each("encoding.base64url", &encoding["base64url"], |case| {
        let bytes = bytes(case, "hex");
        assert_eq!(encoding::to_b64u(&bytes), text(case, "base64url"));
        assert_eq!(encoding::to_b64(&bytes), text(case, "base64"));
    });
    each("encoding.decode", &encoding["decode"], |case| {
        let decoded = match text(case, "variant") {
            "base64url" => encoding::from_b64u(text(case, "text")),
            "base64" => encoding::from_b64(text(case, "text")),
            other => panic!("{other}"),
        };
        assert_eq!(decoded.is_ok(), case["ok"] == true, "{case}");
        if let Ok(bytes) = decoded {
            assert_eq!(hex(&bytes), text(case, "hex"));
        }
    });
    each("encoding.utf8", &encoding["utf8"], |case| {
        let bytes = bytes(case, "hex");
        let read = encoding::utf8(&bytes);
        assert_eq!(read.ok(), case["text"].as_str(), "{case}");
        assert_eq!(read.is_ok(), case["ok"] == true, "{case}");
    });
}

#[test]
fn vectors_hash() {
    each("hash", &vectors("crypto.json")["hash"], |case| {
        let input = bytes(case, "inputHex");
        assert_eq!(hex(&hash::sha256(&input)), text(case, "sha256Hex"));
        assert_eq!(hex(&hash::sha512(&input)), text(case, "sha512Hex"));
    });
}

#[test]
fn vectors_aead() {
    let vectors = vectors("crypto.json");
    each("aead", &vectors["aead"], |case| {
        let key = secret_key(case, "keyHex");
        assert_eq!(&*key.to_json(true), text(case, "keyJson"));
        let (nonce, plaintext) = (array(case, "nonceHex"), bytes(case, "plaintextHex"));
        let cipher = hazmat::seal_with_nonce(&key, &nonce, &plaintext).unwrap();
        assert_eq!(hex(cipher.ciphertext()), text(case, "cipherHex"));
        assert_eq!(*aead::open(&key, &cipher).unwrap(), plaintext);
        same_forms!(Cipher, &cipher, case);
        let drawn = aead::seal(&key, &plaintext, &Given::new(&[&nonce])).unwrap();
        assert_eq!(drawn, cipher);
    });
    each("aeadDecrypt", &vectors["aeadDecrypt"], |case| {
        let key = secret_key(case, "keyHex");
        let opened = Cipher::from_json(&case["cipher"].to_string())
            .and_then(|cipher| aead::open(&key, &cipher));
        same_outcome(case, opened.map(|plain| hex(&plain)), "plaintextHex");
    });
}

#[test]
fn vectors_aead_counter() {
    let vectors = vectors("crypto.json");
    each("aeadCounter", &vectors["aeadCounter"], |case| {
        let (nonce, plaintext) = (array(case, "nonceHex"), bytes(case, "plaintextHex"));
        let counter = u32::try_from(case["counter"].as_u64().unwrap()).unwrap();
        let effective = aead::counter_nonce(&nonce, counter);
        assert_eq!(hex(&effective), text(case, "effectiveNonceHex"));
        let transmit = TransmitState::new(secret_key(case, "keyHex"), nonce);
        let receive = ReceiveState::new(secret_key(case, "keyHex"), nonce);
        let cipher = hazmat::seal_with_counter(&transmit, counter, &plaintext).unwrap();
        assert_eq!(hex(cipher.ciphertext()), text(case, "cipherHex"));
        assert_eq!(*receive.open(&cipher).unwrap(), plaintext);
        same_forms!(Cipher, &cipher, case);
    });
}

#[test]
fn vectors_transport_channel_counters() {
    let vectors = vectors("transport.json");
    let cases = vectors["vectors"]["channelCounters"].as_array().unwrap();
    for case in cases {
        let unb64u = |name| encoding::from_b64u(text(case, name)).unwrap();
        let nonce = unb64u("baseNonce").try_into().unwrap();
        let counter = u32::try_from(case["counter"].as_u64().unwrap()).unwrap();
        let effective = aead::counter_nonce(&nonce, counter);
        assert_eq!(effective.as_slice(), unb64u("effectiveNonce"));
        let key = SecretKey::from_slice(&unb64u("key")).unwrap();
        let plaintext = text(case, "plaintextUtf8").as_bytes();
        let cipher = Cipher::from_json(&case["cipher"].to_string()).unwrap();
        assert_eq!(cipher.nonce(), &CipherNonce::Counter(counter));
        let transmit = TransmitState::new(key.clone(), nonce);
        assert_eq!(
            hazmat::seal_with_counter(&transmit, counter, plaintext),
            Ok(cipher.clone())
        );
        let opened = ReceiveState::new(key, nonce).open(&cipher).unwrap();
        assert_eq!(opened.as_slice(), plaintext);
    }
    assert!(!cases.is_empty());
    println!(
        "transport.json, channelCounters: {} cases passed",
        cases.len()
    );
}

#[test]
fn vectors_signatures() {
    let vectors = vectors("crypto.json");
    each("signatures", &vectors["signatures"], |case| {
        let key = signature_key(case, "privateKeyHex");
        let message = bytes(case, "messageHex");
        let algorithm = match case["algorithm"].as_u64() {
            Some(1) => HashAlgorithm::Sha256,
            Some(2) => HashAlgorithm::Sha512,
            Some(3) => HashAlgorithm::Blake2b,
            other => panic!("{other:?}"),
        };
        let signature = sign::sign(&key, &message, algorithm).unwrap();
        assert_eq!(hex(signature.as_bytes()), text(case, "signatureHex"));
        let public = key.public_key();
        assert_eq!(hex(public.as_bytes()), text(case, "publicKeyHex"));
        assert_eq!(sign::verify(&public, &message, &signature), Ok(true));
        same_forms!(Signature, &signature, case);
        same_forms!(SignaturePublicKey, &public, &case["publicKey"]);
        same_forms!(
            tessera_crypto::objects::SignaturePrivateKey,
            &key,
            &case["privateKey"]
        );
        let seed = Given::new(&[&bytes(case, "seedHex")]);
        let pair = SignatureKeypair::generate(&seed);
        assert_eq!(pair, SignatureKeypair::from(key));
        same_forms!(SignatureKeypair, &pair, &case["keypair"]);
    });
    each("signatureVerify", &vectors["signatureVerify"], |case| {
        let b64u = |name| encoding::to_b64u(&bytes(case, name));
        let verified = SignaturePublicKey::from_json(
            &json!({"pub": b64u("publicKeyHex"), "alg": 3}).to_string(),
        )
        .and_then(|key| {
            let signature = json!({"sig": b64u("signatureHex"), "alg": 2}).to_string();
            let signature = Signature::from_json(&signature)?;
            sign::verify(&key, &bytes(case, "messageHex"), &signature)
        });
        assert_eq!(verified.is_ok(), case["ok"] == true, "{case}");
        match verified {
            Ok(valid) => assert_eq!(case["valid"], valid, "{case}"),
            Err(error) => same_error(case, error),
        }
    });
    let key = signature_key(&vectors["signatures"][0], "privateKeyHex");
    let error = sign::sign(&key, b"", HashAlgorithm::Sha512).unwrap_err();
    same_error(&vectors["signEmptyMessage"], error);
    println!("crypto.json, signEmptyMessage: 1 case passed");
}

#[test]
fn vectors_exchange() {
    let vectors = vectors("crypto.json");
    each("exchange", &vectors["exchange"], |case| {
        let pair = |party: &str| {
            let pair = exchange_pair(&case[party], "privateKeyHex");
            let public = pair.public().as_bytes();
            assert_eq!(hex(public), text(&case[party], "publicKeyHex"));
            let forms = |name| &case[party][name];
            same_forms!(
                tessera_crypto::objects::ExchangeKeypair,
                &pair,
                forms("keypair")
            );
            same_forms!(ExchangePublicKey, pair.public(), forms("publicKey"));
            same_forms!(
                tessera_crypto::objects::ExchangePrivateKey,
                pair.private(),
                forms("privateKey")
            );
            pair
        };
        let (requestor, templator) = (pair("requestor"), pair("templator"));
        let same_keys = |keys: &kx::SessionKeys, name: &str| {
            let recorded = &case[name];
            assert_eq!(keys.receive, secret_key(recorded, "receivingKeyHex"));
            assert_eq!(keys.transmit, secret_key(recorded, "transmissionKeyHex"));
        };
        let keys = kx::requestor(&requestor, templator.public()).unwrap();
        same_keys(&keys, "requestorSecrets");
        let keys = kx::templator(&templator, requestor.public()).unwrap();
        same_keys(&keys, "templatorSecrets");
    });
    each("exchangeEdge", &vectors["exchangeEdge"], |case| {
        let own = exchange_pair(case, "ownPrivateKeyHex");
        let peer = encoding::to_b64u(&bytes(case, "peerPublicKeyHex"));
        let keys = ExchangePublicKey::from_json(&json!({"pub": peer, "alg": 3}).to_string())
            .and_then(|peer| match text(case, "role") {
                "requestor" => kx::requestor(&own, &peer),
                "templator" => kx::templator(&own, &peer),
                other => panic!("{other}"),
            });
        let hexed = |key: fn(&kx::SessionKeys) -> &SecretKey| {
            keys.as_ref()
                .map(|keys| hex(key(keys).as_bytes()))
                .map_err(|error| *error)
        };
        same_outcome(case, hexed(|keys| &keys.receive), "receivingKeyHex");
        same_outcome(case, hexed(|keys| &keys.transmit), "transmissionKeyHex");
    });
}

#[test]
fn vectors_kdf() {
    let vectors = vectors("crypto.json");
    each("kdf", &vectors["kdf"], |case| {
        let key_id = u32::try_from(case["keyId"].as_u64().unwrap()).unwrap();
        let base = secret_key(case, "baseKeyHex");
        let derived = kdf::derive(&base, key_id, text(case, "context")).unwrap();
        assert_eq!(derived, secret_key(case, "derivedKeyHex"), "{case}");
    });
    each("kdfRejected", &vectors["kdfRejected"], |case| {
        assert_eq!(case["ok"], false);
        // Negative and fractional ids and keys of another length have no value of our types.
        let Some(key_id) = case["keyId"].as_u64() else {
            return;
        };
        let derived = SecretKey::from_slice(&bytes(case, "baseKeyHex"))
            .and_then(|base| kdf::derive(&base, key_id.try_into().unwrap(), text(case, "context")));
        let expected = match text(case, "id") {
            "context of 7 characters" | "context of 9 characters" => CryptoError::WrongContext,
            "key of 31 bytes" => CryptoError::WrongSecretKey,
            "id 2^31" => CryptoError::WrongKeyId,
            other => panic!("{other}"),
        };
        assert_eq!(derived, Err(expected), "{case}");
    });
}

#[test]
fn vectors_password() {
    let vectors = vectors("crypto.json");
    each("password", &vectors["password"], |case| {
        let (password, salt) = (text(case, "password"), bytes(case, "saltHex"));
        assert_eq!(hex(password.as_bytes()), text(case, "passwordUtf8Hex"));
        assert_eq!(encoding::to_b64(&salt), text(case, "saltBase64"));
        let hash = password::hash(password, &salt).unwrap();
        assert_eq!(hex(&*hash), text(case, "hashHex"));
        let body = password::hash_base64(password, &salt).unwrap();
        assert_eq!(*body, text(case, "jsonBody"));
        let query = body
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D");
        assert_eq!(query, text(case, "queryValue"));
        let key = SecretKey::from_slice(&*hash).unwrap();
        assert_eq!(*key.to_json(true), text(case, "keyJson"));
    });
    each("passwordRejected", &vectors["passwordRejected"], |case| {
        assert_eq!(text(case, "id"), "salt of 15 bytes");
        let refused = password::hash("password", &[0; 15]);
        assert_eq!(refused, Err(CryptoError::WrongSalt));
    });
    // Parameters that enmeshed never uses: the library beneath agrees with libsodium there too.
    each("passwordLowLevel", &vectors["passwordLowLevel"], |case| {
        let algorithm = Algorithm::new(text(case, "algorithm")).unwrap();
        let number = |name: &str| u32::try_from(case[name].as_u64().unwrap()).unwrap();
        let memory = number("memlimitBytes") / 1024;
        let params = Params::new(memory, number("opslimit"), 1, Some(32)).unwrap();
        let mut derived = [0; 32];
        Argon2::new(algorithm, Version::V0x13, params)
            .hash_password_into(
                text(case, "password").as_bytes(),
                &bytes(case, "saltHex"),
                &mut derived,
            )
            .unwrap();
        assert_eq!(hex(&derived), text(case, "derivedKeyHex"));
    });
}
