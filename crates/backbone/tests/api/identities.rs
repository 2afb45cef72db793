//! Identities: whoever proves to have a key gets one, once.

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use tessera_core_types::Address;

use crate::common::{PASSWORD, Server, new_key, sign, text};

async fn refused(
    server: &Server,
    key: &SigningKey,
    change: impl FnOnce(&mut Value),
) -> (u16, String) {
    let mut body = server.identity_body(key).await;
    change(&mut body);
    let reply = server.anonymous().post("Identities", body).await;
    let (status, code) = reply.error();
    (status, code.to_owned())
}

#[tokio::test]
async fn an_identity_gets_the_address_of_its_key_and_a_device_made_by_itself() {
    let server = Server::start().await;
    let key = new_key();
    let created = server.create_identity(&key).await.created();

    let address = Address::of_key(key.verifying_key().as_bytes(), "localhost");
    assert_eq!(created["address"], address.as_str());
    assert_eq!(created["createdAt"], created["device"]["createdAt"]);
    let names: Vec<&String> = created.as_object().unwrap().keys().collect();
    assert_eq!(names, ["address", "createdAt", "device"]);

    let mut device = server.anonymous();
    let username = text(&created["device"]["username"]);
    device.token = Some(server.token(&username, PASSWORD).await);
    let own = device.get("Devices/Self").await.ok();
    assert_eq!(own["id"], created["device"]["id"]);
    assert_eq!(own["createdByDevice"], created["device"]["id"]);
    assert_eq!(own["communicationLanguage"], "de");
    assert_eq!(own["isBackupDevice"], false);

    let own = device.get("Identities/Self").await.ok();
    assert_eq!(own["address"], address.as_str());
    assert_eq!(own["status"], "Active");
    assert_eq!(own["identityVersion"], 1);
    assert_eq!(own["deletionGracePeriodEndsAt"], Value::Null);
}

#[tokio::test]
async fn a_key_has_one_identity_only() {
    let server = Server::start().await;
    let key = new_key();
    server.create_identity(&key).await.created();
    let again = server.create_identity(&key).await;
    assert_eq!(
        again.error(),
        (400, "validation.device.addressAlreadyExists")
    );
}

#[tokio::test]
async fn a_signature_of_another_key_makes_no_identity() {
    let server = Server::start().await;
    let key = new_key();
    let challenge = server.signed_challenge(&new_key()).await;
    let wrong = (400, "validation.device.invalidSignature".to_owned());
    let reply = refused(&server, &key, |body| body["signedChallenge"] = challenge).await;
    assert_eq!(reply, wrong);

    // Signed was another text than the one that is sent.
    let reply = refused(&server, &key, |body| {
        let challenge = text(&body["signedChallenge"]["challenge"]);
        body["signedChallenge"]["challenge"] = json!(challenge + " ");
    })
    .await;
    assert_eq!(reply, wrong);
}

#[tokio::test]
async fn a_challenge_must_be_known_and_fresh_but_may_be_used_twice() {
    let server = Server::start().await;
    let (key, other) = (new_key(), new_key());
    let unknown = sign(
        &key,
        r#"{"expiresAt":"2030-01-01T00:00:00.000Z","id":"CHLaaaaaaaaaaaaaaaaa","type":"Identity"}"#,
    );
    let reply = refused(&server, &key, |body| body["signedChallenge"] = unknown).await;
    assert_eq!(reply, (404, "recordNotFound".to_owned()));

    let body = server.identity_body(&key).await;
    let challenge = text(&body["signedChallenge"]["challenge"]);
    server.anonymous().post("Identities", body).await.created();
    let mut second = server.identity_body(&other).await;
    second["signedChallenge"] = sign(&other, &challenge);
    server
        .anonymous()
        .post("Identities", second)
        .await
        .created();

    let third = new_key();
    let body = server.identity_body(&third).await;
    server.clock.advance(601);
    let reply = server.anonymous().post("Identities", body).await;
    assert_eq!(
        reply.error(),
        (400, "validation.device.challengeHasExpired")
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_in_the_order_of_the_real_server() {
    let server = Server::start().await;
    let key = new_key();
    let is = |status: u16, code: &str| (status, code.to_owned());
    let parse = is(400, "inputCannotBeParsed");
    let invalid = is(400, "validation.invalidPropertyValue");
    let cases: Vec<(&str, Value, (u16, String))> = vec![
        ("clientSecret", json!("wrong"), is(400, "unauthorized")),
        ("clientId", json!("nobody"), is(400, "unauthorized")),
        ("clientId", Value::Null, parse.clone()),
        ("identityVersion", json!(256), parse.clone()),
        ("identityVersion", json!("1"), parse.clone()),
        ("identityPublicKey", json!(""), invalid.clone()),
        ("identityPublicKey", json!("AAAA"), parse.clone()),
        ("identityPublicKey", json!("§"), parse.clone()),
        ("devicePassword", json!(""), invalid.clone()),
        (
            "signedChallenge",
            json!({"challenge": "", "signature": "AAAA"}),
            invalid.clone(),
        ),
        (
            "signedChallenge",
            json!({"challenge": "{}", "signature": ""}),
            invalid,
        ),
        (
            "signedChallenge",
            json!({"challenge": "{}", "signature": "AAAA"}),
            parse.clone(),
        ),
        ("signedChallenge", sign(&key, "not JSON"), parse),
        (
            "devicePassword",
            json!("tooweak"),
            is(400, "validation.device.registrationFailed"),
        ),
        (
            "deviceCommunicationLanguage",
            json!("xx"),
            is(400, "validation.invalidDeviceCommunicationLanguage"),
        ),
    ];
    for (property, value, expected) in cases {
        let reply = refused(&server, &key, |body| body[property] = value.clone()).await;
        assert_eq!(reply, expected, "{property} = {value}");
    }
    // Nothing of all that came into being.
    server.create_identity(&key).await.created();
}

#[tokio::test]
async fn a_challenge_can_be_read_by_any_identity_until_an_hour_after_its_end() {
    let server = Server::start().await;
    let mut ada = server.identity().await;
    let anonymous = server
        .anonymous()
        .post("Challenges", Value::Null)
        .await
        .created();
    assert_eq!(anonymous["createdBy"], Value::Null);
    assert_eq!(anonymous["createdByDevice"], Value::Null);
    let own = ada.post("Challenges", Value::Null).await.created();
    assert_eq!(own["createdBy"], ada.address);
    assert_eq!(own["createdByDevice"], ada.device);

    let path = format!("Challenges/{}", text(&anonymous["id"]));
    assert_eq!(ada.get(&path).await.ok(), anonymous);
    assert_eq!(server.anonymous().get(&path).await.status, 401);
    server.clock.advance(600 + 3590);
    ada.log_in_again(&server).await;
    ada.get(&path).await.ok();
    server.clock.advance(20);
    assert_eq!(ada.get(&path).await.error(), (404, "recordNotFound"));
    assert!(
        ada.get(&path)
            .await
            .message()
            .starts_with("Challenge not found.")
    );
}

#[tokio::test]
async fn names_that_never_existed_are_not_deleted() {
    let server = Server::start().await;
    let ada = server.identity().await;
    for name in [ada.username.as_str(), "USRaaaaaaaaaaaaaaaaa"] {
        let path = format!("Identities/IsDeleted?username={name}");
        let answer = server.anonymous().get(&path).await.ok();
        assert_eq!(answer, json!({"isDeleted": false, "deletionDate": null}));
    }
    let missing = server.anonymous().get("Identities/IsDeleted").await;
    assert_eq!(missing.error(), (400, "inputCannotBeParsed"));
    let malformed = server
        .anonymous()
        .get("Identities/IsDeleted?username=ada")
        .await;
    assert_eq!(malformed.error(), (400, "validation.invalidPropertyValue"));
}
