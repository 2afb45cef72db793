//! No room for more data: while it runs, and at the start.

use rusqlite::Connection;
use serde_json::{Value, json};
use tessera_backbone::{Backbone, BackboneError};
use tessera_backbone_api::client::{ClientError, NewFile};

use crate::{
    common::{Server, bytes, http, settings, text},
    typed_client::client,
};

const FULL: (u16, &str) = (507, "error.tessera.backbone.diskFull");
const MIB: u64 = 1024 * 1024;

/// Everything there is, but for what reading changes.
fn contents(server: &Server) -> Vec<(String, i64)> {
    let file = server.folder.path().join("data").join("backbone.sqlite");
    let data = Connection::open(file).unwrap();
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut statement = data.prepare(names).unwrap();
    let names = statement.query_map([], |row| row.get::<_, String>(0));
    let count = |name: String| {
        let sql = format!("SELECT count(*) FROM {name}");
        let count = data.query_row(&sql, [], |row| row.get(0)).unwrap();
        (name, count)
    };
    names.unwrap().map(|name| count(name.unwrap())).collect()
}

#[tokio::test]
async fn a_call_that_finds_no_room_says_so_and_leaves_nothing_behind() {
    let mut server = Server::start_with(|settings| {
        settings.max_data_bytes = Some(MIB);
        settings.max_unreceived_messages = 1000;
    })
    .await;
    let (ada, bob) = (
        server.identity_with_datawallet().await,
        server.identity_with_datawallet().await,
    );
    bob.connect(&ada).await;
    let message = json!({
        "recipients": [{"address": bob.address, "encryptedKey": bytes(&"k".repeat(40))}],
        "body": bytes(&"x".repeat(100_000)),
    });
    let mut sent = Vec::new();
    let refusal = loop {
        let reply = ada.post("Messages", message.clone()).await;
        match reply.status {
            201 => sent.push(text(&reply.result["id"])),
            _ => break reply,
        }
        assert!(sent.len() < 20, "there is room for ever");
    };
    assert_eq!(refusal.error(), FULL);
    assert!(!sent.is_empty());
    let before = contents(&server);
    for (path, body) in [
        ("Messages", message.clone()),
        (
            "RelationshipTemplates",
            json!({"content": bytes(&"x".repeat(2_000_000))}),
        ),
        (
            "Tokens",
            json!({"content": bytes(&"x".repeat(2_000_000)), "expiresAt": server.in_seconds(9)}),
        ),
        (
            "Datawallet/Modifications",
            json!({"localIndex": null, "modifications": (0..40).map(|number| json!({
                "type": "Create", "objectIdentifier": number.to_string(), "collection": "c",
                "encryptedPayload": bytes(&"x".repeat(50_000)), "datawalletVersion": 1,
            })).collect::<Value>()}),
        ),
    ] {
        let reply = ada.post(path, body).await;
        assert_eq!(reply.error(), FULL, "{path}");
    }
    let typed = client(&server, &ada);
    let file = NewFile {
        cipher_hash: vec![1].into(),
        owner_signature: vec![1].into(),
        expires_at: server.now().plus(chrono::TimeDelta::days(1)),
        encrypted_properties: vec![1].into(),
    };
    let error = typed
        .upload_file(&file, vec![7; 2_000_000])
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ClientError::Backbone { status: 507, .. }),
        "{error}"
    );
    assert!(!error.is_outcome_unknown());
    assert_eq!(contents(&server), before);
    // Reading goes on, and there is exactly one event for each message.
    assert_eq!(
        ada.get("Messages").await.ok().as_array().unwrap().len(),
        sent.len()
    );

    // With room again, everything goes on where it was.
    let (mut roomy, _) = settings(&server.folder);
    roomy.max_unreceived_messages = 1000;
    server.backbone.stop().await;
    server.backbone = Backbone::start(roomy).await.unwrap();
    server.http = http();
    let (mut ada, mut bob) = (ada, bob);
    for identity in [&mut ada, &mut bob] {
        identity.move_to(&server);
        identity.log_in_again(&server).await;
    }
    ada.post("Messages", message).await.created();
    let events = bob.sync().await;
    let received = events
        .iter()
        .filter(|event| event["type"] == "MessageReceived");
    assert_eq!(received.count(), sent.len() + 1);
}

#[tokio::test]
async fn a_file_for_which_there_is_no_room_at_all_is_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (mut settings, _) = settings(&folder);
    settings.max_data_bytes = Some(20_000);
    let error = Backbone::start(settings.clone()).await.err().unwrap();
    assert!(matches!(error, BackboneError::DiskFull { .. }), "{error}");
    assert_eq!(error.code(), "error.tessera.backbone.diskFull");
    assert!(error.to_string().starts_with("no space left"), "{error}");
    // What was begun is finished as soon as there is room.
    settings.max_data_bytes = None;
    Backbone::start(settings).await.unwrap().stop().await;
}
