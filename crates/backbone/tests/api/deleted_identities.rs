//! What an identity that is to be deleted can still do, and what others can do with it. Its state
//! is written into the data file here.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::common::{Identity, PASSWORD, Server, bytes, text};

fn to_be_deleted(server: &Server, identity: &Identity, in_seconds: i64) {
    let file = server.folder.path().join("data").join("backbone.sqlite");
    let end = server
        .now()
        .plus(chrono::TimeDelta::seconds(in_seconds))
        .millis();
    let changed = Connection::open(file)
        .unwrap()
        .execute(
            "UPDATE identities SET status = 'ToBeDeleted', grace_period_ends_at = ?2
             WHERE address = ?1",
            (&identity.address, end),
        )
        .unwrap();
    assert_eq!(changed, 1);
}

#[tokio::test]
async fn an_identity_that_is_to_be_deleted_makes_nothing_new() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let (bob, eve) = (server.identity().await, server.identity().await);
    bob.connect(&ada).await;
    let pending = eve.request_relationship(&ada).await;
    let other = server.identity().await.template().await;
    to_be_deleted(&server, &ada, 1000);

    let recipient = json!({"address": bob.address, "encryptedKey": bytes(&"k".repeat(40))});
    let in_a_minute = server.in_seconds(60);
    for (path, body, metric) in [
        (
            "RelationshipTemplates",
            json!({"content": bytes("x")}),
            "NumberOfRelationshipTemplates",
        ),
        (
            "Relationships",
            json!({"relationshipTemplateId": other}),
            "NumberOfRelationships",
        ),
        (
            "Messages",
            json!({"recipients": [recipient], "body": bytes("x")}),
            "NumberOfSentMessages",
        ),
        (
            "Tokens",
            json!({"content": bytes("x"), "expiresAt": in_a_minute}),
            "NumberOfTokens",
        ),
    ] {
        let reply = ada.post(path, body).await;
        assert_eq!(reply.error(), (429, "quotaExhausted"), "{path}");
        assert_eq!(reply.body["error"]["data"][0]["metricKey"], metric);
    }
    let reply = ada
        .put(&format!("Relationships/{pending}/Accept"), json!({}))
        .await;
    assert_eq!(reply.error(), (429, "quotaExhausted"));
    let reply = ada.post("SyncRuns", json!({})).await;
    assert_eq!(
        reply.summary(),
        "400 cannotStartSyncRunWhileIdentityIsToBeDeleted"
    );

    // Reading, rejecting and logging in go on.
    ada.put(&format!("Relationships/{pending}/Reject"), json!({}))
        .await
        .ok();
    let own = ada.get("Identities/Self").await.ok();
    assert_eq!(own["status"], "ToBeDeleted");
    assert_eq!(own["deletionGracePeriodEndsAt"], server.in_seconds(1000));
    server.token(&ada.username, PASSWORD).await;
    let path = format!("Identities/IsDeleted?username={}", ada.username);
    let answer = server.anonymous().get(&path).await.ok();
    assert_eq!(answer, json!({"isDeleted": false, "deletionDate": null}));
}

#[tokio::test]
async fn others_cannot_begin_a_relationship_with_an_identity_that_is_to_be_deleted() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let template = ada.template().await;
    to_be_deleted(&server, &ada, 1000);
    let path = format!("Relationships/CanCreate?peer={}", ada.address);
    let answer = bob.get(&path).await.ok();
    let code = "error.platform.validation.relationship.peerIsToBeDeleted";
    assert_eq!(answer, json!({"canCreate": false, "code": code}));
    let body = json!({"relationshipTemplateId": template});
    let reply = bob.post("Relationships", body).await;
    assert_eq!(reply.summary(), "400 peerIsToBeDeleted");
}

#[tokio::test]
async fn after_the_grace_period_there_is_no_login_any_more() {
    let server = Server::start().await;
    let ada = server.identity().await;
    to_be_deleted(&server, &ada, 1000);
    let end = server.in_seconds(1000);
    server.clock.advance(1000);
    let reply = server.login_as(&ada.username, PASSWORD).await;
    assert_eq!(
        (reply.status, &reply.body["error"]),
        (400, &json!("invalid_grant"))
    );
    let path = format!("Identities/IsDeleted?username={}", ada.username);
    let answer = server.anonymous().get(&path).await.ok();
    assert_eq!(answer["isDeleted"], true);
    assert_eq!(text(&answer["deletionDate"]), end);
    assert_ne!(answer["deletionDate"], Value::Null);
}
