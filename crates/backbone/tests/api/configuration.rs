//! What the configuration of a Backbone changes.

use reqwest::Method;
use serde_json::{Value, json};
use tessera_backbone::{Backbone, Configuration};

use crate::common::{Reply, Server, bytes, new_key, settings};

fn configuration(json: Value) -> Configuration {
    serde_json::from_value(json).unwrap()
}

async fn server(json: Value) -> Server {
    Server::start_with(|settings| settings.configuration = configuration(json)).await
}

fn quota(metric: &str, max: u64, period: &str) -> Value {
    json!({"quotas": [{"metricKey": metric, "max": max, "period": period}]})
}

fn exhausted(reply: &Reply) -> &Value {
    assert_eq!(reply.error(), (429, "quotaExhausted"));
    &reply.body["error"]["data"]
}

#[tokio::test]
async fn tags_are_those_of_the_configuration_and_have_a_version_of_their_own() {
    let tags = json!({
        "supportedLanguages": ["de", "en"],
        "tagsForAttributeValueTypes": {
            "PhoneNumber": {"Home": {
                "displayNames": {"de": "Privat", "en": "At home"},
                "children": {"Mobile": {"displayNames": {"en": "Mobile"}, "children": {}}},
            }},
        },
    });
    let server = server(json!({"tags": tags})).await;
    let reply = server.anonymous().get("Tags").await;
    let version = reply.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(reply.ok(), tags);
    let plain = Server::start().await.anonymous().get("Tags").await;
    assert_ne!(plain.headers["etag"].to_str().unwrap(), version);
    let headers = [("if-none-match", version.as_str())];
    let again = server.anonymous();
    let again = again
        .send_with(Method::GET, "Tags", Value::Null, &headers)
        .await;
    assert_eq!((again.status, &again.body), (304, &Value::Null));
    assert_eq!(again.headers["etag"].to_str().unwrap(), version);
}

#[tokio::test]
async fn app_links_are_told_to_phones_when_there_are_any() {
    const PATHS: [&str; 2] = [
        "/.well-known/apple-app-site-association",
        "/.well-known/assetlinks.json",
    ];
    let none = Server::start().await;
    for path in PATHS {
        let reply = none.anonymous().get(path).await;
        assert_eq!((reply.status, &reply.body), (404, &Value::Null), "{path}");
    }
    let server = server(json!({"appLinks": {
        "appleAppIds": ["TEAM.org.example.app"],
        "androidApps": [{"packageName": "org.example.app", "sha256CertFingerprints": ["AB:CD"]}],
    }}))
    .await;
    let apple = server.anonymous().get(PATHS[0]).await.body;
    let details = &apple["applinks"]["details"][0];
    assert_eq!(details["appIDs"], json!(["TEAM.org.example.app"]));
    assert_eq!(details["components"][0]["/"], "/r/*");
    let android = server.anonymous().get(PATHS[1]).await.body;
    let expected = json!([{
        "relation": ["delegate_permission/common.handle_all_urls"],
        "target": {
            "namespace": "android_app",
            "package_name": "org.example.app",
            "sha256_cert_fingerprints": ["AB:CD"],
        },
    }]);
    assert_eq!(android, expected);
}

#[tokio::test]
async fn public_templates_are_offered_to_everybody() {
    const PATH: &str = "/api/poc/PublicRelationshipTemplateReferences";
    let offered = json!([{"title": "Library", "description": "Cards", "truncatedReference": "x"}]);
    let server = server(json!({"publicRelationshipTemplateReferences": offered})).await;
    assert_eq!(server.identity().await.get(PATH).await.ok(), offered);
    let plain = Server::start().await;
    assert_eq!(plain.identity().await.get(PATH).await.ok(), json!([]));
}

#[tokio::test]
async fn a_device_registers_for_a_push_service_only_where_there_is_one() {
    let server = server(json!({"pushAppIds": ["org.example.app"]})).await;
    let ada = server.identity().await;
    for (platform, app, expected) in [
        ("fcm", "org.example.app", "200"),
        ("fcm", "org.example.other", "400 unsupportedAppId"),
        ("apns", "org.example.other", "400 unsupportedAppId"),
        ("dummy", "org.example.other", "200"),
        ("sse", "org.example.other", "200"),
    ] {
        let body = json!({"platform": platform, "handle": "0123456789", "appId": app});
        let reply = ada.put("Devices/Self/PushNotifications", body).await;
        assert_eq!(reply.summary(), expected, "{platform} {app}");
    }
}

#[tokio::test]
async fn a_client_makes_only_so_many_identities() {
    let server = server(json!({"maxIdentitiesPerClient": 2})).await;
    server.identity().await;
    let key = new_key();
    assert_eq!(server.create_identity(&key).await.status, 201);
    // Said before the key is looked at.
    for key in [key, new_key()] {
        let reply = server.create_identity(&key).await;
        assert_eq!(reply.summary(), "400 clientReachedIdentitiesLimit");
    }
}

#[tokio::test]
async fn a_quota_is_used_up_until_its_period_is_over() {
    let server = server(quota("NumberOfTokens", 2, "Day")).await;
    let mut ada = server.identity().await;
    let bob = server.identity().await;
    let token = json!({"content": bytes("x"), "expiresAt": "9999-12-31T00:00:00.000Z"});
    for _ in 0..2 {
        ada.post("Tokens", token.clone()).await.created();
    }
    let refused = ada.post("Tokens", token.clone()).await;
    let expected =
        json!([{"metricKey": "NumberOfTokens", "isExhaustedUntil": "2026-08-21T00:00:00Z"}]);
    assert_eq!(*exhausted(&refused), expected);
    let quotas = ada.get("Quotas").await.ok();
    let expected = json!([{"metricKey": "NumberOfTokens", "quotas": [{
        "source": "Tier", "metricKey": "NumberOfTokens", "max": 2, "usage": 2, "period": "Day",
    }]}]);
    assert_eq!(quotas, expected);
    // Everybody has a quota of their own, and nobody else's calls count.
    bob.post("Tokens", token.clone()).await.created();
    let anonymous = json!({"expiresAt": server.in_seconds(60)});
    server.anonymous().post("Tokens", anonymous).await.created();
    server.clock.advance(15 * 60 * 60);
    ada.log_in_again(&server).await;
    assert_eq!(ada.get("Quotas").await.ok()[0]["quotas"][0]["usage"], 0);
    ada.post("Tokens", token).await.created();
}

#[tokio::test]
async fn each_metric_stops_what_it_counts() {
    for metric in [
        "NumberOfSentMessages",
        "NumberOfRelationships",
        "NumberOfRelationshipTemplates",
        "NumberOfFiles",
        "UsedFileStorageSpace",
    ] {
        let server = server(quota(metric, 1, "Total")).await;
        let (ada, bob) = (server.identity().await, server.identity().await);
        bob.connect(&ada).await;
        let refused = match metric {
            "NumberOfSentMessages" => {
                let message = json!({
                    "recipients": [{"address": bob.address, "encryptedKey": bytes(&"k".repeat(40))}],
                    "body": bytes("x"),
                });
                ada.post("Messages", message.clone()).await.created();
                ada.post("Messages", message).await
            }
            "NumberOfRelationships" => {
                // Who was asked has one, too, and cannot accept a second one.
                let eve = server.identity().await;
                let asked = eve.request_relationship(&ada).await;
                let accepted = ada
                    .put(&format!("Relationships/{asked}/Accept"), json!({}))
                    .await;
                exhausted(&accepted);
                let rejected = ada
                    .put(&format!("Relationships/{asked}/Reject"), json!({}))
                    .await;
                assert_eq!(rejected.status, 200);
                let body = json!({"relationshipTemplateId": eve.template().await});
                ada.post("Relationships", body).await
            }
            "NumberOfRelationshipTemplates" => {
                ada.post("RelationshipTemplates", json!({"content": bytes("x")}))
                    .await
            }
            _ => {
                crate::files::file(&server, &bob).await;
                crate::files::try_file(&server, &bob).await
            }
        };
        let data = exhausted(&refused);
        assert_eq!(data[0]["metricKey"], metric);
        assert_eq!(data[0]["isExhaustedUntil"], "9999-12-31T23:59:59.9999999Z");
    }
}

#[tokio::test]
async fn what_cannot_be_configured_is_refused() {
    for wrong in [
        json!({"quota": []}),
        json!({"quotas": [{"metricKey": "NumberOfTokens", "max": -1, "period": "Day"}]}),
        json!({"quotas": [{"metricKey": "NumberOfTokens", "max": 1, "period": "Decade"}]}),
        json!({"appLinks": {"appleAppIds": "x"}}),
    ] {
        assert!(
            serde_json::from_value::<Configuration>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut settings, _) = settings(&folder);
    settings.configuration = configuration(quota("NumberOfWishes", 3, "Total"));
    let error = Backbone::start(settings).await.err().unwrap();
    assert_eq!(error.code(), "error.tessera.backbone.invalidSetting");
}
