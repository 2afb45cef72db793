//! Whatever is sent, the server answers with a client's error and stays whole.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Server, bytes};

const PATHS: [(&str, &[&str]); 8] = [
    (
        "POST",
        &[
            "Challenges",
            "Identities",
            "Devices",
            "RelationshipTemplates",
            "Relationships",
            "Messages",
            "Tokens",
            "Tokens/ID/UpdateContent",
            "Datawallet/Modifications",
            "SyncRuns",
            "/connect/token",
        ],
    ),
    (
        "PUT",
        &[
            "Devices/Self",
            "Devices/Self/Password",
            "Devices/Self/PushNotifications",
            "Relationships/ID/Accept",
            "Relationships/ID/Decompose",
            "SyncRuns/ID/FinalizeExternalEventSync",
            "SyncRuns/ID/FinalizeDatawalletVersionUpgrade",
            "SyncRuns/ID/RefreshExpirationTime",
        ],
    ),
    (
        "GET",
        &[
            "Challenges/ID",
            "Devices?ids=ID",
            "Identities/IsDeleted?username=ID",
            "RelationshipTemplates/ID?password=ID",
            "RelationshipTemplates?ids=ID&templates.0.id=ID&templates.0.password=ID",
            "Relationships/CanCreate?peer=ID",
            "Relationships/ID",
            "Relationships?ids=ID",
            "Messages/ID",
            "Messages?ids=ID&pageNumber=ID",
            "Tokens/ID?password=ID",
            "Tokens?tokens.0.id=ID",
            "Datawallet/Modifications?localIndex=ID",
            "SyncRuns/ID",
            "SyncRuns/ID/ExternalEvents?pageSize=ID",
            "/r/ID",
        ],
    ),
    (
        "DELETE",
        &["Devices/ID", "RelationshipTemplates/ID", "Tokens/ID"],
    ),
    ("PATCH", &["Tokens/ID", "Identities"]),
    ("HEAD", &["Version", "Tokens/ID"]),
    ("OPTIONS", &["Version", "Tokens/ID"]),
    ("TRACE", &["Version"]),
];

fn bodies() -> Vec<Value> {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let hostile = [
        json!(true),
        json!(-1),
        json!(1e308),
        json!(9_223_372_036_854_775_807_u64),
        json!("\u{0}\u{202e}\u{ffff}"),
        json!("'; DROP TABLE identities; --"),
        json!("x".repeat(100_000)),
        json!([]),
        json!([[], {}, null]),
        json!({"": ""}),
        deep,
    ];
    let names = [
        "content",
        "password",
        "expiresAt",
        "forIdentity",
        "maxNumberOfAllocations",
        "relationshipTemplateId",
        "creationContent",
        "creationResponseContent",
        "recipients",
        "body",
        "attachments",
        "newContent",
        "localIndex",
        "modifications",
        "type",
        "duration",
        "externalEventResults",
        "datawalletModifications",
        "newDatawalletVersion",
        "clientId",
        "clientSecret",
        "identityPublicKey",
        "identityVersion",
        "devicePassword",
        "signedChallenge",
        "communicationLanguage",
        "oldPassword",
        "newPassword",
        "platform",
        "handle",
        "appId",
    ];
    let everywhere = hostile.iter().map(|value| {
        let pairs = names.iter().map(|name| ((*name).to_owned(), value.clone()));
        Value::Object(pairs.collect())
    });
    let key = bytes(r#"{"pub":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#);
    let signature = bytes(&format!(r#"{{"sig":"{}"}}"#, "A".repeat(86)));
    let zero_key = json!({
        "clientId": "test", "clientSecret": "test", "identityPublicKey": key, "identityVersion": 1,
        "devicePassword": "x",
        "signedChallenge": {"challenge": "{\"id\":\"CHLx\"}", "signature": signature},
    });
    let mut all: Vec<Value> = everywhere.chain([zero_key, Value::Null]).collect();
    all.extend(hostile);
    all
}

#[tokio::test]
async fn no_input_makes_the_server_fail() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let ids = [
        "TOKaaaaaaaaaaaaaaaaa",
        "RLTaaaaaaaaaaaaaaaaa",
        "%00",
        "%2e%2e%2f",
        "%F0%9F%92%A9",
        "%FF",
        "-1",
        "99999999999999999999",
        "'%20OR%201=1",
        "did:e:localhost:dids:3a29ae5c1f591bbd9a2aaa",
    ];
    for (method, paths) in PATHS {
        let method: Method = method.parse().unwrap();
        for path in paths {
            for id in ids {
                let path = path.replace("ID", id);
                let reply = ada.send(method.clone(), &path, Value::Null).await;
                assert!(reply.status < 500, "{method} {path}: {reply:?}");
            }
            if method != Method::POST && method != Method::PUT {
                continue;
            }
            let path = path.replace("ID", "RELaaaaaaaaaaaaaaaaa");
            for body in bodies() {
                let reply = ada.send(method.clone(), &path, body.clone()).await;
                assert!(reply.status < 500, "{method} {path} {body}: {reply:?}");
            }
        }
    }
    // It is still what it was.
    ada.get("Devices/Self").await.ok();
    ada.template().await;
}
