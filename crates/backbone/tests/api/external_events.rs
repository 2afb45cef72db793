//! Which event comes when: those that wait for a relationship, and those that it takes away.

use serde_json::json;

use crate::common::{Identity, Server, bytes, text};

async fn send(by: &Identity, to: &Identity) -> String {
    let recipient = json!({"address": to.address, "encryptedKey": bytes(&"k".repeat(40))});
    let body = json!({"recipients": [recipient], "body": bytes("hello")});
    text(&by.post("Messages", body).await.created()["id"])
}

async fn act(by: &Identity, relationship: &str, action: &str) {
    by.put(&format!("Relationships/{relationship}/{action}"), json!({}))
        .await
        .ok();
}

async fn two(server: &Server) -> (Identity, Identity) {
    (
        server.identity_with_datawallet().await,
        server.identity_with_datawallet().await,
    )
}

#[tokio::test]
async fn a_message_in_a_pending_relationship_waits_for_its_acceptance() {
    let server = Server::start().await;
    let (ada, bob) = two(&server).await;
    let relationship = bob.request_relationship(&ada).await;
    let message = send(&bob, &ada).await;
    assert_eq!(ada.new_events().await, ["RelationshipStatusChanged"]);
    act(&ada, &relationship, "Accept").await;
    let events = ada.sync().await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["type"], "MessageReceived");
    assert_eq!(events[0]["payload"], json!({"id": message}));
    // Its index is that of when it was sent.
    assert_eq!(events[0]["index"], 1);
}

#[tokio::test]
async fn a_message_in_a_relationship_that_is_rejected_or_revoked_never_comes() {
    let server = Server::start().await;
    for (action, by_ada) in [("Reject", true), ("Revoke", false)] {
        let (ada, bob) = two(&server).await;
        let relationship = bob.request_relationship(&ada).await;
        send(&bob, &ada).await;
        send(&ada, &bob).await;
        let (actor, other) = if by_ada { (&ada, &bob) } else { (&bob, &ada) };
        other.sync().await;
        act(actor, &relationship, action).await;
        assert_eq!(
            other.new_events().await,
            ["RelationshipStatusChanged"],
            "{action}"
        );
        // A later relationship of the two does not bring it either.
        actor.sync().await;
        bob.connect(&ada).await;
        assert_eq!(
            ada.new_events().await,
            ["RelationshipStatusChanged"],
            "{action}"
        );
    }
}

#[tokio::test]
async fn a_message_in_a_terminated_relationship_waits_for_its_reactivation() {
    let server = Server::start().await;
    let (ada, bob) = two(&server).await;
    let relationship = bob.connect(&ada).await;
    ada.sync().await;
    act(&bob, &relationship, "Terminate").await;
    send(&bob, &ada).await;
    assert_eq!(ada.new_events().await, ["RelationshipStatusChanged"]);
    act(&bob, &relationship, "Reactivate").await;
    assert_eq!(
        ada.new_events().await,
        ["RelationshipReactivationRequested"]
    );
    act(&ada, &relationship, "Reactivate/Accept").await;
    assert_eq!(ada.new_events().await, ["MessageReceived"]);
}

#[tokio::test]
async fn who_decomposes_gets_no_more_messages_of_the_relationship_but_other_events() {
    let server = Server::start().await;
    let (ada, bob) = two(&server).await;
    let relationship = bob.connect(&ada).await;
    send(&bob, &ada).await;
    act(&bob, &relationship, "Terminate").await;
    send(&bob, &ada).await;
    act(&ada, &relationship, "Decompose").await;
    assert_eq!(
        ada.new_events().await,
        ["RelationshipStatusChanged", "RelationshipStatusChanged"]
    );
}

#[tokio::test]
async fn events_are_there_before_the_answer_that_caused_them() {
    let server = Server::start().await;
    let (ada, bob) = two(&server).await;
    bob.connect(&ada).await;
    for _ in 0..20 {
        ada.sync().await;
        send(&bob, &ada).await;
        assert_eq!(ada.new_events().await, ["MessageReceived"]);
        // Fetch it, so that there is no limit in the way.
        ada.get("Messages").await.ok();
    }
}
