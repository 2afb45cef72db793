//! Feature flags, notifications and quotas.

use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::common::{Identity, Reply, Server, bytes, text};

const FLAGS: &str = "Identities/Self/FeatureFlags";

async fn set_flags(by: &Identity, flags: Value) -> Reply {
    by.send(Method::PATCH, FLAGS, flags).await
}

async fn flags(by: &Identity, of: &Identity) -> Reply {
    by.get(&format!("Identities/{}/FeatureFlags", of.address))
        .await
}

fn many(from: usize, to: usize) -> Value {
    let flags = (from..to).map(|index| (format!("flag{index}"), json!(true)));
    Value::Object(flags.collect::<Map<_, _>>())
}

#[tokio::test]
async fn feature_flags_are_added_and_changed_and_seen_by_those_whom_they_concern() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let bob = server.identity_with_datawallet().await;
    let eve = server.identity_with_datawallet().await;
    bob.connect(&ada).await;
    let path = format!("RelationshipTemplates/{}", ada.template().await);
    eve.get(&path).await.ok();
    for identity in [&ada, &bob] {
        identity.sync().await;
    }
    let body = json!({"MyFlag": true, "other": false});
    set_flags(&ada, body).await.no_content();
    set_flags(&ada, json!({"other": true})).await.no_content();
    let expected = json!({"myFlag": true, "other": true});
    for reader in [&ada, &bob, &eve] {
        assert_eq!(flags(reader, &ada).await.ok(), expected);
    }
    assert_eq!(flags(&ada, &bob).await.ok(), json!({}));
    for interested in [&bob, &eve] {
        let events = interested.sync().await;
        assert_eq!(events.len(), 2);
        assert_eq!(events[0]["type"], "PeerFeatureFlagsChanged");
        assert_eq!(events[0]["payload"], json!({"peerAddress": ada.address}));
    }
    assert_eq!(ada.new_events().await, [""; 0]);

    let stranger = server.identity().await;
    let reply = flags(&stranger, &ada).await;
    assert_eq!(reply.summary(), "404 recordNotFound");
    assert!(reply.message().starts_with("Identity not found."));
    let escaped = ada.address.replace(':', "%3A");
    let path = format!("Identities/{escaped}/FeatureFlags");
    assert_eq!(bob.get(&path).await.ok(), expected);
    let reply = bob.get("Identities/x/FeatureFlags").await;
    assert_eq!(reply.summary(), "400 invalidPropertyValue");
}

#[tokio::test]
async fn there_are_only_so_many_feature_flags() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let invalid = "400 invalidPropertyValue";
    assert_eq!(set_flags(&ada, json!({"": true})).await.summary(), invalid);
    let long = json!({"x".repeat(201): true});
    assert_eq!(set_flags(&ada, long).await.summary(), invalid);
    let reply = set_flags(&ada, json!({"flag": "yes"})).await;
    assert_eq!(reply.summary(), "400 inputCannotBeParsed");
    let reply = set_flags(&ada, many(0, 201)).await;
    assert_eq!(reply.summary(), "400 maxNumberOfFeatureFlagsExceeded");
    set_flags(&ada, many(0, 200)).await.no_content();
    // Changing them is possible, adding one more is not, and nothing of that stays.
    set_flags(&ada, many(0, 200)).await.no_content();
    let reply = set_flags(&ada, many(199, 201)).await;
    assert_eq!(reply.summary(), "400 maxNumberOfFeatureFlagsExceeded");
    let all = flags(&ada, &ada).await.ok();
    assert_eq!(all.as_object().unwrap().len(), 200);
}

#[tokio::test]
async fn a_notification_goes_to_peers_and_has_a_known_code() {
    let codes = vec!["TestCode".to_owned(), "Other".to_owned()];
    let server = Server::start_with(|settings| settings.notification_codes = codes).await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let (over, stranger) = (server.identity().await, server.identity().await);
    bob.connect(&ada).await;
    let rejected = over.request_relationship(&ada).await;
    let path = format!("Relationships/{rejected}/Reject");
    ada.put(&path, json!({})).await.ok();
    let to = |recipients: &[&Identity]| -> Value {
        recipients.iter().map(|to| to.address.clone()).collect()
    };
    let too_many: Value = (0..101).map(|_| bob.address.clone()).collect();
    let invalid = "400 invalidPropertyValue";
    for (recipients, code, expected) in [
        (to(&[&bob]), "TestCode", "204"),
        (to(&[]), "TestCode", invalid),
        (too_many, "TestCode", invalid),
        (json!(["x"]), "TestCode", invalid),
        (to(&[&bob]), "", invalid),
        (
            to(&[&bob, &stranger]),
            "TestCode",
            "400 noRelationshipToOneOrMoreRecipientsExists",
        ),
        (
            to(&[&over, &stranger]),
            "TestCode",
            "400 noRelationshipToOneOrMoreRecipientsExists",
        ),
        (
            to(&[&over]),
            "Unknown",
            "400 relationshipToRecipientIsNotInCorrectStatus",
        ),
        (to(&[&bob]), "Unknown", "400 codeDoesNotExist"),
    ] {
        let body = json!({"recipients": recipients, "code": code});
        let reply = ada.post("Notifications", body.clone()).await;
        assert_eq!(reply.summary(), expected, "{body}");
        if expected.ends_with("codeDoesNotExist") {
            let message = "The given message code does not exist. \
                Valid message codes are: TestCode, Other";
            assert_eq!(reply.message(), message);
        }
    }
}

#[tokio::test]
async fn there_are_no_quotas_but_for_an_identity_that_is_to_be_deleted() {
    let server = Server::start().await;
    let ada = server.identity().await;
    assert_eq!(ada.get("Quotas").await.ok(), json!([]));
    ada.template().await;
    let body = json!({"content": bytes("x"), "expiresAt": server.in_seconds(100)});
    text(&ada.post("Tokens", body).await.created()["id"]);
    ada.post("Identities/Self/DeletionProcesses", Value::Null)
        .await
        .created();
    let quotas = ada.get("Quotas").await.ok();
    assert_eq!(quotas.as_array().unwrap().len(), 6);
    assert_eq!(
        quotas[4],
        json!({
            "metricKey": "NumberOfTokens",
            "quotas": [{
                "source": "Tier",
                "metricKey": "NumberOfTokens",
                "max": 0,
                "usage": 1,
                "period": "Total",
            }],
        })
    );
    assert_eq!(server.anonymous().get("Quotas").await.status, 401);
}
