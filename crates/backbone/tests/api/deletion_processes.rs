//! The deletion of an identity: started, cancelled, and carried out.

use serde_json::{Value, json};

use crate::common::{Identity, PASSWORD, Server, bytes, text};

const PATH: &str = "Identities/Self/DeletionProcesses";
const PSEUDONYM: &str = "did:e:localhost:dids:3a29ae5c1f591bbd9a2aaa";

async fn server() -> Server {
    Server::start_with(|settings| settings.has_test_hooks = true).await
}

async fn start(by: &Identity, days: f64) -> Value {
    let body = json!({"lengthOfGracePeriodInDays": days});
    by.post(PATH, body).await.created()
}

async fn run_deletion_job(server: &Server) {
    server
        .anonymous()
        .post("/__test/runDeletionJob", Value::Null)
        .await
        .no_content();
}

/// Starts a deletion without a grace period and carries it out.
async fn delete(server: &Server, identity: &Identity) {
    start(identity, 0.0).await;
    run_deletion_job(server).await;
}

#[tokio::test]
async fn a_deletion_can_be_cancelled_until_its_grace_period_ends() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let process = start(&ada, 0.5).await;
    let id = text(&process["id"]);
    let expected = json!({
        "id": id,
        "status": "Active",
        "createdAt": process["createdAt"],
        "createdByDevice": ada.device,
        "approvedAt": process["createdAt"],
        "approvedByDevice": ada.device,
        "gracePeriodEndsAt": process["gracePeriodEndsAt"],
        "gracePeriodReminder1SentAt": null,
        "gracePeriodReminder2SentAt": null,
        "gracePeriodReminder3SentAt": null,
    });
    assert_eq!(process, expected);
    let start_of = |date: &Value| text(date)[..16].to_owned();
    let end = server.in_seconds(43_200);
    assert_eq!(start_of(&process["gracePeriodEndsAt"]), end[..16]);
    assert_eq!(ada.get(&format!("{PATH}/{id}")).await.ok(), process);
    assert_eq!(ada.get(PATH).await.ok(), json!([process]));
    let own = ada.get("Identities/Self").await.ok();
    assert_eq!(own["status"], "ToBeDeleted");
    assert_eq!(own["tierId"], "TIR00000000000000001");
    let again = ada.post(PATH, json!({})).await;
    assert_eq!(again.summary(), "400 onlyOneActiveDeletionProcessAllowed");

    // Version 1 has another name for the state.
    let old = ada.get(&format!("/api/v1/{PATH}/{id}")).await.ok();
    assert_eq!(old["status"], "Approved");
    let old = ada.get(&format!("/api/v1/{PATH}")).await.ok();
    assert_eq!(old[0]["status"], "Approved");

    let cancelled = ada
        .put(&format!("{PATH}/{id}/Cancel"), json!({}))
        .await
        .ok();
    assert_eq!(cancelled["status"], "Cancelled");
    assert_eq!(cancelled["gracePeriodEndsAt"], Value::Null);
    let again = ada.put(&format!("{PATH}/{id}/Cancel"), json!({})).await;
    assert_eq!(again.summary(), "400 deletionProcessIsNotInRequiredStatus");
    let own = ada.get("Identities/Self").await.ok();
    assert_eq!(own["status"], "Active");
    assert_eq!(own["deletionGracePeriodEndsAt"], Value::Null);
    assert_ne!(own["tierId"], "TIR00000000000000001");
    // It makes things again, and can start anew.
    ada.template().await;
    start(&ada, 1.0).await;
}

#[tokio::test]
async fn a_deletion_lasts_a_fortnight_when_nothing_is_asked_for() {
    let server = Server::start().await;
    for body in [
        Value::Null,
        json!({}),
        json!({"lengthOfGracePeriodInDays": null}),
    ] {
        let ada = server.identity().await;
        let process = ada.post(PATH, body).await.created();
        let end = server.in_seconds(14 * 86_400);
        assert_eq!(text(&process["gracePeriodEndsAt"])[..16], end[..16]);
    }
    let ada = server.identity().await;
    for (days, expected) in [
        (json!(-1), "400 invalidPropertyValue"),
        (json!(36_501), "400 invalidPropertyValue"),
        (json!("one"), "400 inputCannotBeParsed"),
    ] {
        let body = json!({"lengthOfGracePeriodInDays": days});
        assert_eq!(ada.post(PATH, body).await.summary(), expected, "{days}");
    }
}

#[tokio::test]
async fn a_deletion_is_nobody_elses_business_and_cannot_be_cancelled_too_late() {
    let server = Server::start().await;
    let (ada, eve) = (server.identity().await, server.identity().await);
    let process = start(&ada, 0.001).await;
    let path = format!("{PATH}/{}", text(&process["id"]));
    assert_eq!(eve.get(&path).await.summary(), "404 recordNotFound");
    let cancel = format!("{path}/Cancel");
    assert_eq!(
        eve.put(&cancel, json!({})).await.summary(),
        "404 recordNotFound"
    );
    assert_eq!(eve.get(PATH).await.ok(), json!([]));
    let reply = ada.get(&format!("{PATH}/TOKa")).await;
    assert_eq!(reply.summary(), "400 invalidPropertyValue");
    server.clock.advance(87);
    assert_eq!(
        ada.put(&cancel, json!({})).await.summary(),
        "400 gracePeriodHasAlreadyExpired"
    );
}

#[tokio::test]
async fn peers_are_told_of_a_deletion_and_its_end_once_per_relationship() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let bob = server.identity_with_datawallet().await;
    let eve = server.identity_with_datawallet().await;
    let rejected = server.identity_with_datawallet().await;
    let with_bob = bob.connect(&ada).await;
    let with_eve = ada.request_relationship(&eve).await;
    let with_rejected = rejected.request_relationship(&ada).await;
    ada.put(&format!("Relationships/{with_rejected}/Reject"), json!({}))
        .await
        .ok();
    for peer in [&ada, &bob, &eve, &rejected] {
        peer.sync().await;
    }
    let process = start(&ada, 1.0).await;
    for (peer, relationship) in [(&bob, &with_bob), (&eve, &with_eve)] {
        let events = peer.sync().await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0]["type"], "PeerToBeDeleted");
        let payload = json!({
            "relationshipId": relationship,
            "deletionDate": process["gracePeriodEndsAt"],
        });
        assert_eq!(events[0]["payload"], payload);
    }
    let path = format!("{PATH}/{}/Cancel", text(&process["id"]));
    ada.put(&path, Value::Null).await.ok();
    for (peer, relationship) in [(&bob, &with_bob), (&eve, &with_eve)] {
        let events = peer.sync().await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0]["type"], "PeerDeletionCancelled");
        assert_eq!(
            events[0]["payload"],
            json!({"relationshipId": relationship})
        );
    }
    assert_eq!(rejected.new_events().await, [""; 0]);
    assert_eq!(ada.new_events().await, [""; 0]);
}

#[tokio::test]
async fn the_job_deletes_only_those_whose_grace_period_is_over_and_only_where_it_is_switched_on() {
    let server = server().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    start(&ada, 0.0).await;
    start(&bob, 1.0).await;
    server.clock.advance(1);
    let is_deleted = async |identity: &Identity| {
        let path = format!("Identities/IsDeleted?username={}", identity.username);
        server.anonymous().get(&path).await.ok()
    };
    assert_eq!(is_deleted(&ada).await["isDeleted"], true);
    assert_eq!(server.login_as(&ada.username, PASSWORD).await.status, 400);
    run_deletion_job(&server).await;
    assert_eq!(is_deleted(&ada).await["isDeleted"], true);
    assert_ne!(is_deleted(&ada).await["deletionDate"], Value::Null);
    assert_eq!(is_deleted(&bob).await["isDeleted"], false);
    assert_eq!(server.login_as(&ada.username, PASSWORD).await.status, 400);
    // Its access token ended, too.
    assert_eq!(ada.get("Identities/Self").await.status, 401);
    bob.get("Identities/Self").await.ok();
    run_deletion_job(&server).await;

    let usual = Server::start().await;
    let anonymous = usual.anonymous();
    let reply = anonymous.post("/__test/runDeletionJob", Value::Null).await;
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn a_deletion_decomposes_every_relationship_and_takes_the_name_out_of_it() {
    let server = server().await;
    let ada = server.identity_with_datawallet().await;
    let bob = server.identity_with_datawallet().await;
    let eve = server.identity_with_datawallet().await;
    let active = bob.connect(&ada).await;
    let pending = ada.request_relationship(&eve).await;
    bob.sync().await;
    eve.sync().await;
    delete(&server, &ada).await;

    for (peer, id, before) in [(&bob, &active, "Active"), (&eve, &pending, "Pending")] {
        let events = peer.new_events().await;
        let expected = [
            "PeerToBeDeleted",
            "PeerDeleted",
            "RelationshipStatusChanged",
        ];
        assert_eq!(events, expected);
        let relationship = peer.get(&format!("Relationships/{id}")).await.ok();
        assert_eq!(relationship["status"], "DeletionProposed");
        let log = relationship["auditLog"].as_array().unwrap();
        let last = log.last().unwrap();
        assert_eq!(last["reason"], "DecompositionDueToIdentityDeletion");
        assert_eq!(last["createdByDevice"], Value::Null);
        assert_eq!(last["createdBy"], PSEUDONYM);
        assert_eq!(last["oldStatus"], before);
        assert!(!relationship.to_string().contains(&ada.address));
        // The peer ends it.
        let decompose = format!("Relationships/{id}/Decompose");
        let done = peer.put(&decompose, json!({})).await.ok();
        assert_eq!(done["status"], "ReadyForDeletion");
    }
    let reply = bob
        .get(&format!("Relationships/CanCreate?peer={}", ada.address))
        .await;
    assert_eq!(reply.summary(), "404 recordNotFound");
    assert!(reply.message().starts_with("Identity not found."));
}

#[tokio::test]
async fn a_relationship_that_the_peer_left_before_is_over_without_a_further_event() {
    let server = server().await;
    let ada = server.identity_with_datawallet().await;
    let bob = server.identity_with_datawallet().await;
    let id = bob.connect(&ada).await;
    for action in ["Terminate", "Decompose"] {
        let path = format!("Relationships/{id}/{action}");
        bob.put(&path, json!({})).await.ok();
    }
    bob.sync().await;
    delete(&server, &ada).await;
    assert_eq!(bob.new_events().await, [""; 0]);
    let list = bob.get(&format!("Relationships?ids={id}")).await.ok();
    assert_eq!(list[0]["status"], "ReadyForDeletion");
    // After a month it is forgotten.
    server.clock.advance(31 * 86_400);
    run_deletion_job(&server).await;
    let token = server.token(&bob.username, PASSWORD).await;
    let mut bob = server.anonymous();
    bob.token = Some(token);
    let list = bob.get(&format!("Relationships?ids={id}")).await.ok();
    assert_eq!(list, json!([]));
}

#[tokio::test]
async fn peers_keep_their_messages_under_the_name_of_all_deleted_identities() {
    let server = server().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    bob.connect(&ada).await;
    let send = async |from: &Identity, to: &Identity| {
        let recipient = json!({"address": to.address, "encryptedKey": bytes(&"k".repeat(40))});
        let body = json!({"recipients": [recipient], "body": bytes("x")});
        text(&from.post("Messages", body).await.created()["id"])
    };
    let received = send(&ada, &bob).await;
    let sent = send(&bob, &ada).await;
    delete(&server, &ada).await;
    let message = bob.get(&format!("Messages/{received}")).await.ok();
    assert_eq!(message["createdBy"], PSEUDONYM);
    assert_eq!(message["recipients"][0]["address"], bob.address);
    let message = bob.get(&format!("Messages/{sent}")).await.ok();
    assert_eq!(message["recipients"][0]["address"], PSEUDONYM);
    // When the peer goes, too, nothing is left.
    delete(&server, &bob).await;
    let file = server.folder.path().join("data").join("backbone.sqlite");
    let left: i64 = rusqlite::Connection::open(file)
        .unwrap()
        .query_row("SELECT count(*) FROM messages", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn what_belongs_to_a_deleted_identity_goes_and_what_belongs_to_others_stays() {
    let server = server().await;
    let ada = server.identity_with_datawallet().await;
    let (bob, eve) = (server.identity().await, server.identity().await);
    let second = ada.second_device(&server).await;
    let own_template = ada.template().await;
    let relationship = bob.request_relationship(&ada).await;
    let body = json!({"content": bytes("x"), "expiresAt": server.in_seconds(100)});
    let own_token = text(&ada.post("Tokens", body.clone()).await.created()["id"]);
    let others_token = text(&bob.post("Tokens", body).await.created()["id"]);
    ada.get(&format!("Tokens/{others_token}")).await.ok();
    let limited = json!({"content": bytes("x"), "maxNumberOfAllocations": 2});
    let limited = bob.post("RelationshipTemplates", limited).await.created();
    let limited = format!("RelationshipTemplates/{}", text(&limited["id"]));
    let personal = json!({"content": bytes("x"), "forIdentity": ada.address});
    let personal = bob.post("RelationshipTemplates", personal).await.created();
    let personal = format!("RelationshipTemplates/{}", text(&personal["id"]));
    ada.get(&limited).await.ok();
    eve.get(&limited).await.ok();
    start(&eve, 0.0).await;
    delete(&server, &ada).await;

    let gone = "404 recordNotFound";
    for path in [
        format!("RelationshipTemplates/{own_template}"),
        format!("Tokens/{own_token}"),
    ] {
        assert_eq!(bob.get(&path).await.summary(), gone);
    }
    let path = format!("Relationships/{relationship}");
    let left = bob.get(&path).await.ok();
    assert_eq!(left["relationshipTemplateId"], Value::Null);
    bob.get(&format!("Tokens/{others_token}")).await.ok();
    assert_eq!(bob.get(&personal).await.ok()["forIdentity"], PSEUDONYM);
    // The allocations of both go on counting.
    let late = server.identity().await;
    let reply = late.get(&limited).await;
    assert_eq!(reply.summary(), "400 maxNumberOfAllocationsExhausted");
    assert_eq!(second.get("Devices").await.status, 401);
    // The same key makes a new identity with the same address.
    let reply = server.create_identity(&ada.key).await;
    assert_eq!(reply.created()["address"], ada.address);
}

#[tokio::test]
async fn a_deletion_whose_time_came_while_the_backbone_was_off_is_made_up_for() {
    let server = server().await;
    let ada = server.identity().await;
    start(&ada, 0.0).await;
    let Server {
        backbone,
        clock,
        folder,
        http,
    } = server;
    backbone.stop().await;
    let (mut settings, _) = crate::common::settings(&folder);
    settings.clock = clock.clone();
    clock.advance(60);
    let server = Server {
        backbone: tessera_backbone::Backbone::start(settings).await.unwrap(),
        clock,
        folder,
        http,
    };
    // It is done beside everything else: wait until the key is free again.
    for _ in 0..600 {
        if server.create_identity(&ada.key).await.status == 201 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the identity was never deleted");
}
