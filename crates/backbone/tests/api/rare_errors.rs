//! Errors that no client provokes as long as it is in order.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{PASSWORD, Server, bytes, new_key, sign, text};

#[tokio::test]
async fn a_device_is_made_with_a_good_challenge_language_and_password_only() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let good = server.signed_challenge(&ada.key).await;
    let unknown = json!({"id": "CHLaaaaaaaaaaaaaaaaa", "expiresAt": server.in_seconds(600), "type": "Identity"});
    let device = |password: &str, challenge: &Value, language: &str| json!({"devicePassword": password, "signedChallenge": challenge, "communicationLanguage": language});
    for (body, expected) in [
        (device("", &good, "en"), "400 invalidPropertyValue"),
        (device("weak", &good, "en"), "400 registrationFailed"),
        (
            device(PASSWORD, &good, "xx"),
            "400 invalidDeviceCommunicationLanguage",
        ),
        (
            device(PASSWORD, &sign(&new_key(), &unknown.to_string()), "en"),
            "400 invalidSignature",
        ),
        (
            device(PASSWORD, &sign(&ada.key, &unknown.to_string()), "en"),
            "404 recordNotFound",
        ),
    ] {
        assert_eq!(
            ada.post("Devices", body.clone()).await.summary(),
            expected,
            "{body}"
        );
    }
    server.clock.advance(601);
    let mut ada = ada;
    ada.log_in_again(&server).await;
    let reply = ada.post("Devices", device(PASSWORD, &good, "en")).await;
    assert_eq!(reply.summary(), "400 challengeHasExpired");
    assert_eq!(ada.get("Devices").await.ok().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_new_password_must_not_be_empty() {
    let server = Server::start().await;
    let ada = server.identity().await;
    for (old, new) in [("", PASSWORD), (PASSWORD, "")] {
        let body = json!({"oldPassword": old, "newPassword": new});
        let reply = ada.put("Devices/Self/Password", body).await;
        assert_eq!(
            reply.summary(),
            "400 invalidPropertyValue",
            "{old:?} {new:?}"
        );
    }
}

#[tokio::test]
async fn an_attachment_without_the_id_of_a_file_has_a_code_of_its_own() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    bob.connect(&ada).await;
    let message = |attachment: &str| {
        json!({
            "recipients": [{"address": bob.address, "encryptedKey": bytes(&"k".repeat(40))}],
            "body": bytes("x"),
            "attachments": [{"id": attachment}],
        })
    };
    for wrong in ["x", "TOKaaaaaaaaaaaaaaaaa", ""] {
        let reply = ada.post("Messages", message(wrong)).await;
        assert_eq!(reply.error(), (400, "PredicateValidator"), "{wrong}");
    }
    // It is not looked up.
    ada.post("Messages", message("FILaaaaaaaaaaaaaaaaa"))
        .await
        .created();
}

#[tokio::test]
async fn files_that_do_not_exist_have_no_ownership() {
    let server = Server::start().await;
    let ada = server.identity().await;
    for (method, action) in [
        (Method::PATCH, "RegenerateOwnershipToken"),
        (Method::PATCH, "ClaimOwnership"),
        (Method::POST, "ValidateOwnershipToken"),
    ] {
        let path = format!("Files/FILaaaaaaaaaaaaaaaaa/{action}");
        let reply = ada
            .send(method, &path, json!({"ownershipToken": "abc"}))
            .await;
        assert_eq!(reply.summary(), "404 recordNotFound", "{action}");
        assert!(reply.message().starts_with("File not found. "));
    }
}

#[tokio::test]
async fn a_token_that_a_hundred_wrong_passwords_locked_is_not_filled_either() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let body = json!({"content": null, "expiresAt": server.in_seconds(1000), "password": "AAAA"});
    let token = text(&ada.post("Tokens", body).await.created()["id"]);
    let path = format!("Tokens/{token}/UpdateContent");
    let fill = json!({"newContent": bytes("x"), "password": "AAAB"});
    for attempt in 1..=101 {
        let reply = bob.post(&path, fill.clone()).await;
        let expected = if attempt < 100 {
            "404 recordNotFound"
        } else {
            "400 tooManyFailedPasswordAttempts"
        };
        assert_eq!(reply.summary(), expected, "{attempt}");
    }
    let right = json!({"newContent": bytes("x"), "password": "AAAA"});
    let reply = bob.post(&path, right).await;
    assert_eq!(reply.summary(), "400 tooManyFailedPasswordAttempts");
}

#[tokio::test]
async fn a_sync_run_is_ended_once_by_its_device_as_what_it_is() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let second = ada.second_device(&server).await;
    let bob = server.identity().await;
    bob.request_relationship(&ada).await;
    let events = ada
        .post("SyncRuns", json!({"duration": 1000}))
        .await
        .created();
    let events = text(&events["syncRun"]["id"]);
    let as_upgrade = format!("SyncRuns/{events}/FinalizeDatawalletVersionUpgrade");
    let as_events = |run: &str| format!("SyncRuns/{run}/FinalizeExternalEventSync");
    let refresh = |run: &str| format!("SyncRuns/{run}/RefreshExpirationTime");
    let version = json!({"newDatawalletVersion": 1});
    let reply = ada.put(&as_upgrade, version.clone()).await;
    assert_eq!(reply.summary(), "400 unexpectedSyncRunType");
    ada.put(&as_events(&events), json!({})).await.ok();
    let reply = ada.put(&refresh(&events), Value::Null).await;
    assert_eq!(reply.summary(), "400 syncRunAlreadyFinalized");

    let body = json!({"type": "DatawalletVersionUpgrade", "duration": 1000});
    let upgrade = ada.post("SyncRuns", body).await.created();
    let upgrade = text(&upgrade["syncRun"]["id"]);
    let path = format!("SyncRuns/{upgrade}/FinalizeDatawalletVersionUpgrade");
    let too_new = json!({"newDatawalletVersion": 1, "datawalletModifications": [{
        "type": "Create", "objectIdentifier": "o", "collection": "c", "datawalletVersion": 2,
    }]});
    let reply = ada.put(&as_events(&upgrade), json!({})).await;
    assert_eq!(reply.summary(), "400 unexpectedSyncRunType");
    let reply = second.put(&path, version.clone()).await;
    assert_eq!(
        reply.summary(),
        "400 cannotFinalizeSyncRunStartedByAnotherDevice"
    );
    let reply = ada.put(&path, too_new).await;
    assert_eq!(
        reply.summary(),
        "400 datawalletVersionOfModificationTooHigh"
    );
    ada.put(&path, version.clone()).await.ok();
    let reply = ada.put(&path, version.clone()).await;
    assert_eq!(reply.summary(), "400 syncRunAlreadyFinalized");

    let none = "SYRaaaaaaaaaaaaaaaaa";
    let path = format!("SyncRuns/{none}/FinalizeDatawalletVersionUpgrade");
    assert_eq!(
        ada.put(&path, version).await.summary(),
        "404 recordNotFound"
    );
    let reply = ada.put(&refresh(none), Value::Null).await;
    assert_eq!(reply.summary(), "404 recordNotFound");
}
