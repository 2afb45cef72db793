//! Messages: who sees them.

use serde_json::{Value, json};

use crate::common::{Identity, Server, bytes, text};

fn to(recipients: &[&Identity]) -> Value {
    let recipients = recipients
        .iter()
        .map(|to| json!({"address": to.address, "encryptedKey": bytes(&"k".repeat(40))}));
    json!({"recipients": recipients.collect::<Vec<_>>(), "body": bytes("body")})
}

async fn send(by: &Identity, recipients: &[&Identity]) -> String {
    text(&by.post("Messages", to(recipients)).await.created()["id"])
}

#[tokio::test]
async fn the_sender_sees_all_recipients_and_a_recipient_only_itself() {
    let server = Server::start().await;
    let (ada, bob, eve) = (
        server.identity().await,
        server.identity().await,
        server.identity().await,
    );
    bob.connect(&ada).await;
    eve.connect(&ada).await;
    let mut body = to(&[&bob, &eve]);
    body["attachments"] = json!([{"id": "FILaaaaaaaaaaaaaaaaa"}]);
    let sent = ada.post("Messages", body).await.created();
    let path = format!("Messages/{}", text(&sent["id"]));

    let seen = bob.get(&path).await.ok();
    let recipient = &seen["recipients"][0];
    assert_eq!(
        seen,
        json!({
            "id": sent["id"],
            "createdAt": sent["createdAt"],
            "createdBy": ada.address,
            "createdByDevice": ada.device,
            "body": bytes("body"),
            "attachments": [{"id": "FILaaaaaaaaaaaaaaaaa"}],
            "recipients": [{
                "address": bob.address,
                "encryptedKey": bytes(&"k".repeat(40)),
                "receivedAt": recipient["receivedAt"],
                "receivedByDevice": bob.device,
            }],
        })
    );
    let seen = ada.get(&path).await.ok();
    assert_eq!(seen["recipients"][0], *recipient);
    assert_eq!(seen["recipients"][1]["address"], eve.address);
    assert_eq!(seen["recipients"][1]["receivedAt"], Value::Null);

    let stranger = server.identity().await;
    let reply = stranger.get(&path).await;
    assert_eq!(reply.error(), (404, "recordNotFound"));
    assert!(reply.message().starts_with("Message not found. "));
    assert_eq!(stranger.get("Messages").await.ok(), json!([]));
    assert_eq!(eve.get("Messages").await.ok().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn impossible_messages_are_refused() {
    let server = Server::start_with(|settings| settings.max_message_recipients = 2).await;
    let (ada, bob, eve) = (
        server.identity().await,
        server.identity().await,
        server.identity().await,
    );
    let relationship = bob.connect(&ada).await;
    let invalid = "400 invalidPropertyValue";
    let short_key = json!({"address": bob.address, "encryptedKey": bytes("k")});
    let files: Vec<Value> = (0..21)
        .map(|_| json!({"id": "FILaaaaaaaaaaaaaaaaa"}))
        .collect();
    let with = |property: &str, value: Value| {
        let mut body = to(&[&bob]);
        body[property] = value;
        body
    };
    for (body, expected) in [
        (to(&[]), invalid),
        (to(&[&bob, &bob]), invalid),
        (to(&[&bob, &eve, &ada]), invalid),
        (with("recipients", json!([short_key])), invalid),
        (with("body", json!("")), invalid),
        (with("attachments", json!(files)), invalid),
        (to(&[&bob, &eve]), "400 noRelationshipToRecipientExists"),
        (to(&[&ada]), "400 noRelationshipToRecipientExists"),
    ] {
        assert_eq!(ada.post("Messages", body).await.summary(), expected);
    }
    bob.put(
        &format!("Relationships/{relationship}/Terminate"),
        Value::Null,
    )
    .await
    .ok();
    send(&ada, &[&bob]).await;
    bob.put(
        &format!("Relationships/{relationship}/Decompose"),
        Value::Null,
    )
    .await
    .ok();
    let reply = ada.post("Messages", to(&[&bob])).await;
    assert_eq!(reply.summary(), "400 relationshipToRecipientNotActive");
}

#[tokio::test]
async fn only_so_many_messages_wait_for_a_recipient() {
    let server = Server::start_with(|settings| settings.max_unreceived_messages = 2).await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    bob.connect(&ada).await;
    send(&ada, &[&bob]).await;
    send(&ada, &[&bob]).await;
    let reply = ada.post("Messages", to(&[&bob])).await;
    assert_eq!(reply.summary(), "400 maxNumberOfUnreceivedMessagesReached");
    bob.get("Messages").await.ok();
    send(&ada, &[&bob]).await;
}

#[tokio::test]
async fn decomposing_takes_messages_away_side_by_side() {
    let server = Server::start().await;
    let (ada, bob, eve) = (
        server.identity().await,
        server.identity().await,
        server.identity().await,
    );
    let with_bob = bob.connect(&ada).await;
    eve.connect(&ada).await;
    let both = format!("Messages/{}", send(&ada, &[&bob, &eve]).await);
    let alone = format!("Messages/{}", send(&ada, &[&bob]).await);
    ada.put(&format!("Relationships/{with_bob}/Terminate"), Value::Null)
        .await
        .ok();

    ada.put(&format!("Relationships/{with_bob}/Decompose"), Value::Null)
        .await
        .ok();
    assert_eq!(ada.get(&alone).await.error(), (404, "recordNotFound"));
    let seen = ada.get(&both).await.ok();
    let pseudonym = "did:e:localhost:dids:3a29ae5c1f591bbd9a2aaa";
    assert_eq!(seen["recipients"][0]["address"], pseudonym);
    assert_eq!(seen["recipients"][1]["address"], eve.address);
    assert_eq!(
        bob.get(&alone).await.ok()["recipients"][0]["address"],
        bob.address
    );

    bob.put(&format!("Relationships/{with_bob}/Decompose"), Value::Null)
        .await
        .ok();
    for path in [&alone, &both] {
        assert_eq!(bob.get(path).await.error(), (404, "recordNotFound"));
    }
    eve.get(&both).await.ok();
    assert_eq!(ada.get("Messages").await.ok().as_array().unwrap().len(), 1);
}
