//! Many calls at once: what reads does not wait for what writes, and what fails harms no other.

use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::{
    common::{Server, bytes, text},
    coverage::required,
    every_endpoint::Belongings,
};

#[tokio::test]
async fn what_only_reads_is_answered_while_something_is_being_written() {
    let server = Server::start().await;
    let ours = Belongings::new(&server).await;
    let challenge = ours.owner.post("Challenges", Value::Null).await.created();
    // Somebody else is in the middle of writing, so that the server cannot write now.
    let data = server.folder.path().join("data").join("backbone.sqlite");
    let data = Connection::open(data).unwrap();
    data.execute_batch("BEGIN IMMEDIATE; UPDATE identities SET tier_id = 'TIR'")
        .unwrap();
    let writer = server.anonymous();
    let writing = tokio::spawn(async move { writer.post("Challenges", Value::Null).await });
    tokio::task::yield_now().await;
    let mut count = 0;
    for endpoint in required().into_keys() {
        let (method, path) = endpoint.split_once(' ').unwrap();
        // An event stream never ends.
        if method != "GET" || path.ends_with("/sse") {
            continue;
        }
        let id = match ours.id(path) {
            "" => challenge["id"].as_str().unwrap(),
            id => id,
        };
        let filled = path
            .replace("{id}", id)
            .replace("{referenceId}", ours.id("Tokens"))
            .replace("{address}", &ours.owner.address);
        let by = match path.contains("DeletionProcesses") {
            true => &ours.peer,
            false => &ours.owner,
        };
        let query = format!(
            "ids={id}&language=en&username={}&peer={}",
            ours.peer.username, ours.peer.address
        );
        let filled = format!("{filled}?{query}");
        let reply = by.send(Method::GET, &filled, Value::Null).await;
        let expected = if path.contains(".well-known") {
            404
        } else {
            200
        };
        assert_eq!(reply.status, expected, "{filled}: {reply:?}");
        count += 1;
    }
    assert!(count > 25, "{count}");
    assert!(!writing.is_finished());
    data.execute_batch("ROLLBACK").unwrap();
    writing.await.unwrap().created();
}

#[tokio::test]
async fn of_many_changes_at_once_those_that_fail_harm_no_other() {
    let server = Server::start().await;
    let (ada, bob) = (
        server.identity_with_datawallet().await,
        server.identity_with_datawallet().await,
    );
    bob.connect(&ada).await;
    ada.sync().await;
    bob.sync().await;
    let nobody = "did:e:localhost:dids:3a29ae5c1f591bbd9a2aaa";
    let message = |number: usize| {
        // Every third one has a second recipient that is refused, after the first was looked at.
        let refused = number.is_multiple_of(3).then_some(nobody);
        let recipients = [Some(bob.address.as_str()), refused].into_iter().flatten();
        json!({
            "recipients": recipients.map(|address| {
                json!({"address": address, "encryptedKey": bytes(&"k".repeat(40))})
            }).collect::<Value>(),
            "body": bytes(&number.to_string()),
        })
    };
    let sending = (0..24).map(|number| ada.post("Messages", message(number)));
    let replies = futures_util::future::join_all(sending).await;
    let mut sent = Vec::new();
    for (number, reply) in replies.into_iter().enumerate() {
        if number.is_multiple_of(3) {
            let code = "validation.message.noRelationshipToRecipientExists";
            assert_eq!(reply.error(), (400, code), "{number}");
        } else {
            sent.push(text(&reply.created()["id"]));
        }
    }
    let events = bob.sync().await;
    let mut received: Vec<_> = events
        .iter()
        .map(|event| text(&event["payload"]["id"]))
        .collect();
    received.sort();
    sent.sort();
    assert_eq!(received, sent);
}
