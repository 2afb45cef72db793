//! Envelopes as enmeshed's published packages recorded them: opened, compared, made again byte for
//! byte where the recording tells every key and nonce, and refused where they must be.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod transport_support;

use std::{collections::VecDeque, sync::Mutex};

use serde_json::Value;
use tessera_backbone_api::{
    challenges::{Challenge, SignedChallenge},
    identities::{CreateIdentityRequest, CreateIdentityResponse},
    relationship_templates::RelationshipTemplate,
    relationships::Relationship,
};
use tessera_core_types::{Address, Randomness, RelationshipId, RelationshipTemplateId};
use tessera_crypto::{
    channel::{RelationshipSecrets, RequestSecrets},
    encoding::from_b64u,
    objects::{
        Cipher, CipherNonce, ExchangeKeypair, SecretKey, SignaturePrivateKey, SignaturePublicKey,
    },
    password,
};
use tessera_wallet::envelopes::{
    EnvelopeError, acceptance, challenge, challenge::ChallengeType, creation, datawallet,
    secret_container, template, token, token::TokenContent,
};
use transport_support::{address, bytes, json, list, passed, secret_key, text, vectors};

/// Gives recorded bytes instead of random ones, in order.
struct Recorded(Mutex<VecDeque<u8>>);

impl Recorded {
    fn new(parts: &[Vec<u8>]) -> Self {
        Self(Mutex::new(parts.concat().into()))
    }

    fn nonce_of(cipher: &Cipher) -> Self {
        match cipher.nonce() {
            CipherNonce::Nonce(nonce) => Self::new(std::slice::from_ref(nonce)),
            CipherNonce::Counter(_) => panic!("a random nonce is wanted"),
        }
    }
}

impl Randomness for Recorded {
    fn fill(&self, bytes: &mut [u8]) {
        let mut recorded = self.0.lock().unwrap();
        for byte in bytes {
            *byte = recorded.pop_front().expect("enough recorded bytes");
        }
    }
}

#[test]
fn vectors_account_creation() {
    let vectors = vectors();
    let account = &vectors["accountCreation"];
    let identity_key =
        SignaturePrivateKey::from_json(&account["identityPrivateKey"].to_string()).unwrap();
    let challenge: Challenge =
        serde_json::from_value(account["challengeResponse"].clone()).unwrap();
    let recorded = &account["createIdentityRequest"];
    let request: CreateIdentityRequest = serde_json::from_value(recorded.clone()).unwrap();

    let signed = challenge::answer(&challenge, ChallengeType::Identity, &identity_key).unwrap();
    assert_eq!(signed, request.signed_challenge);
    assert_eq!(
        serde_json::to_value(&signed).unwrap(),
        recorded["signedChallenge"]
    );
    assert_eq!(
        identity_key.public_key().to_base64(),
        text(recorded, "identityPublicKey")
    );
    let response: CreateIdentityResponse =
        serde_json::from_value(account["createIdentityResponse"].clone()).unwrap();
    let hostname = text(&vectors, "hostname");
    let computed = Address::of_key(identity_key.public_key().as_bytes(), hostname);
    assert_eq!(computed, response.address);

    // The first modifications of the datawallet, made again byte for byte.
    let synchronisation = &account["local"]["deviceSecrets"]["identity_synchronization_master"];
    let key = SecretKey::from_json(text(synchronisation, "plaintextUtf8")).unwrap();
    let upgrade = list(account, "requestSequence")
        .iter()
        .find(|request| request["body"]["newDatawalletVersion"] == 1)
        .unwrap();
    let mut cases = 1;
    for (index, modification) in (0..).zip(list(&upgrade["body"], "datawalletModifications")) {
        let recorded = bytes(modification, "encryptedPayload");
        let payload = datawallet::open(&key, index, &recorded).unwrap();
        let cipher = Cipher::from_base64(text(modification, "encryptedPayload")).unwrap();
        let again = datawallet::seal(
            &key,
            index,
            &Value::Object(payload),
            &Recorded::nonce_of(&cipher),
        );
        assert_eq!(again.unwrap(), recorded);
        assert!(datawallet::open(&key, index + 1, &recorded).is_err());
        cases += 1;
    }
    passed("accountCreation", cases);
}

#[test]
fn vectors_address() {
    let vectors = vectors();
    let section = &vectors["address"];
    let mut cases = 0;
    for check in list(section, "checks") {
        let key = check["publicKey"]
            .as_str()
            .map(|key| from_b64u(key).unwrap());
        let fits = Address::parse(text(check, "address")).is_ok_and(|address| {
            address.hostname() == text(check, "hostname")
                && key.is_none_or(|key| address.belongs_to(&key))
        });
        // Upstream takes a host name of which the given one is only the beginning.
        let is_prefix_only = text(check, "name").contains("prefix");
        let expected = check["upstreamResult"] == true && !is_prefix_only;
        assert_eq!(fits, expected, "{check}");
        cases += 1;
    }
    let pseudonym = &section["pseudonymForRemovedPeers"];
    let [of_runtime, _] = Address::of_deleted_identity(text(pseudonym, "hostname"));
    assert_eq!(of_runtime, address(pseudonym, "address"));
    passed("address", cases + 1);
}

#[test]
fn vectors_challenges() {
    let vectors = vectors();
    let identity_key = vectors["accountCreation"]["identityPrivateKey"].to_string();
    let device_key = text(
        &vectors["accountCreation"]["local"]["deviceSecrets"]["device_signature"],
        "plaintextUtf8",
    );
    let mut cases = 0;
    for (name, private, kind) in [
        ("Identity", identity_key.as_str(), ChallengeType::Identity),
        ("Device", device_key, ChallengeType::Device),
    ] {
        let case = &vectors["challenges"][name];
        let key = SignaturePublicKey::from_json(&case["signer"].to_string()).unwrap();
        for form in ["signedChallengeVerbose", "signedChallengeTerse"] {
            let signed: SignedChallenge = serde_json::from_value(case[form].clone()).unwrap();
            let read = challenge::verify(&signed, &key).unwrap();
            assert_eq!(read.kind, kind);
            let given = Challenge {
                id: read.id.clone(),
                expires_at: read.expires_at,
                created_by: read.created_by.clone(),
                created_by_device: read.created_by_device.clone(),
            };
            let private = SignaturePrivateKey::from_json(private).unwrap();
            assert_eq!(challenge::answer(&given, kind, &private).unwrap(), signed);

            let mut other = signed.clone();
            other.challenge = other.challenge.replace("Z\"", "0Z\"");
            assert!(matches!(
                challenge::verify(&other, &key),
                Err(EnvelopeError::SignatureNotValid { .. })
            ));
            cases += 1;
        }
    }
    passed("challenges", cases);
}

#[test]
fn vectors_relationship_templates() {
    let vectors = vectors();
    let hostname = text(&vectors, "hostname");
    let templates = list(&vectors, "relationshipTemplates");
    for case in templates {
        let answer: RelationshipTemplate =
            serde_json::from_value(case["backboneGetResponse"].clone()).unwrap();
        let key = secret_key(&case["secretKey"]);
        let open = |created_by, hostname| {
            template::open(answer.content.as_slice(), &key, created_by, hostname)
        };
        let opened = open(&answer.created_by, hostname).unwrap();
        assert_eq!(opened.content, case["expectedContent"]);
        let local = &case["localDocument"];
        assert_eq!(opened.address, address(&local["identity"], "address"));
        assert_eq!(
            json(&opened.public_key.to_json(false)),
            local["identity"]["publicKey"]
        );
        assert_eq!(
            json(&opened.template_key.to_json(false)),
            local["templateKey"]
        );
        let pair = ExchangeKeypair::from_json(&case["templateKeyPrivate"].to_string()).unwrap();
        assert_eq!(*pair.public(), opened.template_key.key);

        // Somebody else's template, or one of another Backbone, is refused although it opens.
        let stranger = Address::of_key(&[7; 32], hostname);
        assert!(open(&stranger, hostname).unwrap_err().is_suspicious());
        assert!(
            open(&answer.created_by, "backbone")
                .unwrap_err()
                .is_suspicious()
        );

        if let Some(protection) = case["backboneRequest"]["password"].as_str() {
            let salt = from_b64u(text(&local["passwordProtection"], "salt")).unwrap();
            let typed = text(&local["passwordProtection"], "password");
            let hash = password::hash_base64(typed, &salt).unwrap();
            assert_eq!(hash.as_str(), protection);
        }
    }
    passed("relationshipTemplates", templates.len());
}

#[test]
fn vectors_relationship_templates_are_made_again() {
    // The recording does not tell the templator's identity key, so the signature is the only
    // part that can't be made again; everything else is read back from what is made.
    let vectors = vectors();
    let hostname = text(&vectors, "hostname");
    let own_key = SignaturePrivateKey::from_json(
        &vectors["accountCreation"]["identityPrivateKey"].to_string(),
    )
    .unwrap();
    let own = Address::of_key(own_key.public_key().as_bytes(), hostname);
    let templates = list(&vectors, "relationshipTemplates");
    for case in templates {
        let key = secret_key(&case["secretKey"]);
        let recorded = template::open(
            &bytes(&case["backboneRequest"], "content"),
            &key,
            &address(&case["backboneGetResponse"], "createdBy"),
            hostname,
        )
        .unwrap();
        let cipher = Cipher::from_json(&case["cipher"].to_string()).unwrap();
        let made = template::seal(
            &recorded.content,
            &own,
            &own_key,
            &recorded.template_key,
            &key,
            &Recorded::nonce_of(&cipher),
        )
        .unwrap();
        let length = |bytes: &[u8]| {
            Cipher::from_json(std::str::from_utf8(bytes).unwrap())
                .unwrap()
                .ciphertext()
                .len()
        };
        assert_eq!(length(&made), cipher.ciphertext().len());
        let opened = template::open(&made, &key, &own, hostname).unwrap();
        assert_eq!(opened.content, recorded.content);
        assert_eq!(opened.address, own);
    }
    passed("relationshipTemplates, made again", templates.len());
}

#[test]
fn vectors_relationship_templates_negative() {
    let vectors = vectors();
    let hostname = text(&vectors, "hostname");
    let mut cases = 0;
    let mut elsewhere = 0;
    for case in list(&vectors, "relationshipTemplatesNegative") {
        if case.get("content").is_none() {
            // Refused before anything is opened, or by the Backbone: the tests of the wallet.
            elsewhere += 1;
            continue;
        }
        let outcome = template::open(
            &bytes(case, "content"),
            &secret_key(&case["secretKey"]),
            &address(case, "createdBy"),
            hostname,
        );
        let name = text(case, "name");
        match (case["mustReject"] == true, name) {
            (true, "unknown content type") => {
                let content = outcome.unwrap().content;
                assert!(tessera_wallet::read_template_content(&content).is_err());
            }
            (true, _) => {
                let error = outcome.expect_err(name);
                assert_eq!(error.code(), "error.transport.signatureNotValid", "{name}");
            }
            (false, _) => {
                let content = outcome.expect(name).content;
                assert!(tessera_wallet::read_template_content(&content).is_ok());
            }
        }
        cases += 1;
    }
    passed("relationshipTemplatesNegative", cases);
    println!(
        "transport.json, relationshipTemplatesNegative: {elsewhere} need a Backbone, see flow_templates"
    );
}

/// Opens what a requestor sent with the keys the templator drew, and compares.
fn open_creation(
    content: &[u8],
    template_key: &Value,
    expected: creation::Expected<'_>,
    templator: &Value,
) -> (creation::OpenedCreation, RelationshipSecrets) {
    let recorded = RelationshipSecrets::from_stored_json(&templator.to_string()).unwrap();
    let drawn = Recorded::new(&[
        from_b64u(text(&templator["exc"]["prv"], "prv")).unwrap(),
        from_b64u(text(&templator["sig"]["prv"], "prv")).unwrap()[..32].to_vec(),
        from_b64u(text(&templator["tx"], "nnc")).unwrap(),
    ]);
    let pair = ExchangeKeypair::from_json(&template_key.to_string()).unwrap();
    let opened = creation::open(content, &pair, expected, &drawn).unwrap();
    assert!(opened.secrets == recorded, "the templator's secrets differ");
    (opened, recorded)
}

#[test]
fn vectors_relationship() {
    let vectors = vectors();
    let hostname = text(&vectors, "hostname");
    let section = &vectors["relationship"];
    let answer: Relationship =
        serde_json::from_value(section["backboneRelationship"].clone()).unwrap();
    let template_id = answer.relationship_template_id.clone().unwrap();
    let creation_content = answer.creation_content.clone().unwrap().into_vec();
    let expected = creation::Expected {
        from: &answer.from,
        template_id: &template_id,
        hostname,
    };
    let (opened, _) = open_creation(
        &creation_content,
        &section["templateKeyPrivate"],
        expected,
        &section["templator"]["relationshipSecrets"],
    );
    assert_eq!(opened.content, section["creation"]["expectedContent"]);
    assert_eq!(
        json(&opened.public_key.to_json(false)),
        section["requestor"]["identity"]["publicKey"]
    );

    // Made again, byte for byte: the requestor is the identity whose keys were recorded.
    let request_json = section["requestor"]["requestSecrets"].to_string();
    let request = RequestSecrets::from_stored_json(&request_json).unwrap();
    let device = &vectors["accountCreation"]["local"]["deviceSecrets"]["device_signature"];
    let device_key = SignaturePrivateKey::from_json(text(device, "plaintextUtf8")).unwrap();
    let cipher = Cipher::from_json(&section["creation"]["outer"]["cipher"].to_string()).unwrap();
    let signed: Value = json(text(&section["creation"], "signedUtf8"));
    let made = creation::seal(
        &signed["content"],
        creation::Requestor {
            address: &answer.from,
            public_key: &opened.public_key,
            device_key: &device_key,
        },
        &template_id,
        &request,
        &Recorded::nonce_of(&cipher),
    )
    .unwrap();
    assert_eq!(
        String::from_utf8(made).unwrap(),
        String::from_utf8(creation_content.clone()).unwrap()
    );

    // The requestor opens the acceptance.
    let accepted = answer.creation_response_content.unwrap().into_vec();
    let secrets = acceptance::open(&accepted, &request, &answer.id).unwrap();
    assert_eq!(
        json(&secrets.to_stored_json()),
        section["requestor"]["relationshipSecrets"]
    );

    // What does not fit is refused.
    let pair = ExchangeKeypair::from_json(&section["templateKeyPrivate"].to_string()).unwrap();
    let refuse = |expected| {
        creation::open(
            &creation_content,
            &pair,
            expected,
            &tessera_core_types::SystemRandomness,
        )
        .unwrap_err()
        .code()
    };
    let other_template = RelationshipTemplateId::parse("RLTother000000000000").unwrap();
    for wrong in [
        creation::Expected {
            from: &answer.to,
            ..expected
        },
        creation::Expected {
            hostname: "other.example",
            ..expected
        },
        creation::Expected {
            template_id: &other_template,
            ..expected
        },
    ] {
        assert_eq!(refuse(wrong), "error.transport.signatureNotValid");
    }
    let other_id = RelationshipId::parse("RELother000000000000").unwrap();
    assert!(
        acceptance::open(&accepted, &request, &other_id)
            .unwrap_err()
            .is_suspicious()
    );
    let mut changed = accepted;
    let place = changed
        .windows(7)
        .position(|part| part == b"\"cph\":\"")
        .map_or(40, |at| at + 12);
    changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
    assert!(acceptance::open(&changed, &request, &answer.id).is_err());
    passed("relationship", 4);
}

#[test]
fn vectors_interop() {
    let vectors = vectors();
    let hostname = text(&vectors, "hostname");
    let pairs = list(&vectors, "interop");
    for case in pairs {
        let templator = address(&case["templatorIdentity"], "address");
        let requestor = address(&case["requestorIdentity"], "address");
        let opened = template::open(
            &bytes(&case["templateRequest"], "content"),
            &secret_key(&case["templateSecretKey"]),
            &templator,
            hostname,
        )
        .unwrap();
        assert_eq!(opened.address, templator);
        let template_id =
            RelationshipTemplateId::parse(text(&case["creation"], "relationshipTemplateId"))
                .unwrap();
        let (created, secrets) = open_creation(
            &bytes(&case["creation"], "creationContent"),
            &case["templateKeyPrivate"],
            creation::Expected {
                from: &requestor,
                template_id: &template_id,
                hostname,
            },
            &case["templatorSecrets"],
        );
        assert_eq!(
            json(&created.public_key.to_json(false)),
            case["requestorIdentity"]["publicKey"]
        );
        // The recording keeps the requestor's final secrets only: what they are made of is in
        // them, and the acceptance opens with their channel.
        let final_secrets =
            RelationshipSecrets::from_stored_json(&case["requestorSecrets"].to_string()).unwrap();
        let outer: Value =
            serde_json::from_slice(&bytes(&case["acceptance"], "creationResponseContent")).unwrap();
        let cipher = Cipher::from_json(&outer["cipher"].to_string()).unwrap();
        let plain = final_secrets.receive().open(&cipher).unwrap();
        assert!(
            std::str::from_utf8(&plain)
                .unwrap()
                .contains("relationshipSignature")
        );
        assert_eq!(final_secrets.peer_signature(), secrets.signature().public());
    }
    passed("interop: template, creation, acceptance", pairs.len());
}

#[test]
fn vectors_tokens() {
    let vectors = vectors();
    let tokens = list(&vectors, "tokens");
    for case in tokens {
        let key = secret_key(&case["secretKey"]);
        let recorded = bytes(&case["backboneRequest"], "content");
        let plain = json(text(case, "plaintextUtf8"));
        match token::open(&recorded, &key).unwrap() {
            TokenContent::File {
                file_id,
                secret_key,
            } => {
                assert_eq!(file_id.as_str(), text(&plain, "fileId"));
                assert_eq!(json(&secret_key.to_json(false)), plain["secretKey"]);
            }
            TokenContent::RelationshipTemplate(template) => {
                assert_eq!(template.template_id.as_str(), text(&plain, "templateId"));
                let cipher =
                    Cipher::from_base64(text(&case["backboneRequest"], "content")).unwrap();
                let made =
                    token::seal_template(&template, &key, &Recorded::nonce_of(&cipher)).unwrap();
                assert_eq!(made, recorded);
            }
            TokenContent::Other(content) => assert_eq!(content, plain),
            TokenContent::DeviceSharedSecret => panic!("none of these is one"),
        }
        let other = SecretKey::generate(&tessera_core_types::SystemRandomness);
        assert_eq!(
            token::open(&recorded, &other).unwrap_err().code(),
            "error.crypto.encryption.decrypt"
        );
    }
    // Secrets for another device are recognised and not read.
    let onboarding = &vectors["deviceOnboarding"]["token"];
    let empty = &vectors["emptyTokenOnboarding"];
    for (content, key) in [
        (
            bytes(&onboarding["backboneRequest"], "content"),
            &onboarding["secretKey"],
        ),
        (
            bytes(&empty["updateRequest"], "newContent"),
            &empty["secretKey"],
        ),
    ] {
        let opened = token::open(&content, &secret_key(key)).unwrap();
        assert_eq!(opened, TokenContent::DeviceSharedSecret);
    }
    passed("tokens", tokens.len());
    passed(
        "deviceOnboarding and emptyTokenOnboarding, the token alone",
        2,
    );
}

#[test]
fn vectors_secret_containers() {
    let vectors = vectors();
    let key = secret_key(&vectors["datawallet"]["sharedBaseKey"]);
    let containers = list(&vectors, "secretContainers");
    for case in containers {
        let cipher = Cipher::from_json(&case["cipher"].to_string()).unwrap();
        let nonce = case["nonce"]
            .as_u64()
            .map(|nonce| u32::try_from(nonce).unwrap());
        let plain = secret_container::open(&key, nonce, &cipher).unwrap();
        assert_eq!(plain.as_str(), text(case, "plaintextUtf8"));
        let again = secret_container::seal(
            &key,
            nonce.unwrap_or_default(),
            &plain,
            &Recorded::nonce_of(&cipher),
        );
        assert_eq!(again.unwrap(), cipher);
        match text(&json(&plain), "@type") {
            RequestSecrets::TYPE => {
                let secrets = RequestSecrets::from_stored_json(&plain).unwrap();
                assert_eq!(secrets.to_stored_json(), plain);
            }
            RelationshipSecrets::TYPE => {
                let secrets = RelationshipSecrets::from_stored_json(&plain).unwrap();
                assert_eq!(secrets.to_stored_json(), plain);
            }
            other => panic!("{other}"),
        }
    }
    passed("secretContainers", containers.len());
}
