//! Messages, files, what the later life of a Relationship leaves behind, the datawallet and events, as
//! enmeshed's published packages recorded them: opened, compared, and refused where they must be.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod transport_support;

use serde_json::Value;
use tessera_backbone_api::{external_events::ExternalEventContent, messages::Message};
use tessera_core_types::CoreDate;
use tessera_crypto::{
    channel::{ReceiveState, RelationshipSecrets},
    encoding::from_b64u,
    objects::{SecretKey, SignaturePublicKey},
};
use tessera_wallet::{
    envelopes::{EnvelopeError, datawallet, file, message},
    model::{AuditLogEntry, PeerDeletionInfo},
};
use transport_support::{address, bytes, json, list, passed, secret_key, text, vectors};

#[test]
fn vectors_audit_logs() {
    // What the later life of a Relationship leaves behind is read and written without loss. How it
    // comes about is lived again in `vectors_relationship_life.rs`.
    let vectors = vectors();
    let deletion = &vectors["identityDeletion"];
    let mut cases = 0;
    for log in [
        &vectors["relationshipLifecycle"]["auditLogBeforeDecomposition"],
        &deletion["peerDocumentWhileDeletionIsRunning"]["auditLog"],
        &deletion["peerDocumentAfterCancellation"]["auditLog"],
    ] {
        let read: Vec<AuditLogEntry> = serde_json::from_value(log.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), *log);
        cases += read.len();
    }
    let info = &deletion["peerDocumentWhileDeletionIsRunning"]["peerDeletionInfo"];
    let read: PeerDeletionInfo = serde_json::from_value(info.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), *info);
    passed(
        "relationshipLifecycle and identityDeletion, what is stored",
        cases + 1,
    );
}

/// The channel on which a recipient reads, and the key that signs on it.
fn reading_end(recipient: &Value) -> (ReceiveState, SignaturePublicKey) {
    let channel = &recipient["recipientChannel"];
    let key = from_b64u(text(channel, "receiveKey")).unwrap();
    let nonce = from_b64u(text(channel, "receiveNonce")).unwrap();
    (
        ReceiveState::new(
            SecretKey::from_slice(&key).unwrap(),
            nonce.try_into().unwrap(),
        ),
        SignaturePublicKey::from_json(&channel["senderSignatureKey"].to_string()).unwrap(),
    )
}

#[test]
fn vectors_messages() {
    let vectors = vectors();
    let mut cases = 0;
    for case in list(&vectors, "messages") {
        let sent = &case["backboneRequest"];
        let signed: Value = json(text(case, "signedUtf8"));
        for recipient in list(case, "recipients") {
            // A recipient gets the sender's record with its own entry alone.
            let own = address(recipient, "address");
            let entries = list(sent, "recipients").iter();
            let mut record = case["backboneGetResponse"].clone();
            record["body"] = sent["body"].clone();
            record["recipients"] = entries
                .filter(|entry| entry["address"] == recipient["address"])
                .map(|entry| {
                    let mut entry = entry.clone();
                    entry["receivedAt"] = Value::Null;
                    entry["receivedByDevice"] = Value::Null;
                    entry
                })
                .collect();
            let record: Message = serde_json::from_value(record).unwrap();
            let (channel, signer) = reading_end(recipient);
            let opened = message::open(&record, &own, &channel, &signer).unwrap();
            assert_eq!(opened.content, signed["content"]);
            assert_eq!(opened.created_at.to_string(), text(&signed, "createdAt"));
            assert_eq!(opened.attachments, list(&signed, "attachments"));
            assert_eq!(opened.recipients.len(), list(&signed, "recipients").len());
            assert!(opened.key == secret_key(&case["messageKey"]));
            cases += 1;
        }
    }
    passed("messages", cases);
}

#[test]
fn vectors_messages_crafted() {
    let vectors = vectors();
    let own = address(&vectors, "messagesReceiverAddress");
    // All of them come from the requestor on the recorded Relationship.
    let stored = vectors["relationship"]["templator"]["relationshipSecrets"].to_string();
    let secrets = RelationshipSecrets::from_stored_json(&stored).unwrap();
    let cases = list(&vectors, "messagesCrafted");
    for case in cases {
        let record: Message = serde_json::from_value(case["backboneGetResponse"].clone()).unwrap();
        let opened = message::open(&record, &own, secrets.receive(), secrets.peer_signature());
        if case["mustReject"] == Value::Bool(true) {
            let code = opened.unwrap_err().code();
            assert_eq!(
                code,
                text(&case["upstreamResult"], "code"),
                "{}",
                case["name"]
            );
        } else {
            opened.unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
        }
    }
    passed("messagesCrafted", cases.len());
}

#[test]
fn vectors_file() {
    let vectors = vectors();
    let case = &vectors["file"];
    let properties = bytes(&case["uploadFields"], "encryptedProperties");
    let metadata = file::open_metadata(&properties, &secret_key(&case["metadataKey"])).unwrap();
    let document = &case["localDocument"];
    assert_eq!(metadata.filename, text(document, "filename"));
    assert_eq!(Value::from(metadata.filesize), document["filesize"]);
    assert_eq!(metadata.mimetype, text(document, "mimetype"));
    assert_eq!(metadata.title.as_deref(), document["title"].as_str());
    assert_eq!(
        metadata.description.as_deref(),
        document["description"].as_str()
    );
    assert_eq!(
        metadata.tags.as_deref(),
        document["tags"].as_array().map(Vec::as_slice)
    );
    assert_eq!(
        metadata
            .filemodified
            .map(|date| date.to_string())
            .as_deref(),
        document["filemodified"].as_str()
    );
    assert!(metadata.secret_key == secret_key(&case["fileKey"]));

    let uploaded = text(case, "uploadedContentUtf8").as_bytes();
    let cipher_hash = bytes(&case["uploadFields"], "cipherHash");
    let content = file::open_content(uploaded, &cipher_hash, &metadata).unwrap();
    assert_eq!(
        *content,
        from_b64u(text(case, "plaintextBase64Url")).unwrap()
    );

    // A changed upload, and a content that is not the one the owner described.
    let code = |result: Result<_, EnvelopeError>| result.err().map(|error| error.code());
    let shorter = &uploaded[..uploaded.len() - 1];
    assert_eq!(
        code(file::open_content(shorter, &cipher_hash, &metadata)),
        Some("error.transport.files.cipherMismatch")
    );
    let mut other = metadata.clone();
    other.plaintext_hash = tessera_crypto::encoding::to_b64u(&[0; 64]);
    assert_eq!(
        code(file::open_content(uploaded, &cipher_hash, &other)),
        Some("error.transport.files.plaintextHashMismatch")
    );
    passed("file", 3);
}

#[test]
fn vectors_datawallet_payloads() {
    let vectors = vectors();
    let key = secret_key(&vectors["datawallet"]["synchronizationKey"]);
    let mut cases = 0;
    for case in list(&vectors["datawallet"], "modifications") {
        let Some(plain) = case["payloadUtf8"].as_str() else {
            assert_eq!(case["type"], "Delete");
            cases += 1;
            continue;
        };
        let index = u32::try_from(case["index"].as_u64().unwrap()).unwrap();
        let payload = datawallet::open(&key, index, &bytes(case, "encryptedPayload")).unwrap();
        assert_eq!(Value::Object(payload), json(plain));
        cases += 1;
    }
    passed("datawallet, payloads", cases);
}

#[test]
fn vectors_backbone_events() {
    let vectors = vectors();
    let mut cases = 0;
    for (_, events) in vectors["backboneEvents"].as_object().unwrap() {
        for event in events.as_array().unwrap() {
            CoreDate::parse(text(event, "createdAt")).unwrap();
            let content = ExternalEventContent::from_parts(
                text(event, "type").to_owned(),
                event["payload"].clone(),
            );
            assert!(
                !matches!(content, ExternalEventContent::Unknown { .. }),
                "{event}"
            );
            let (kind, payload) = content.into_parts();
            assert_eq!(kind, text(event, "type"));
            for (name, value) in event["payload"].as_object().unwrap() {
                assert_eq!(payload[name], *value, "{event}");
            }
            cases += 1;
        }
    }
    passed("backboneEvents", cases);
}
