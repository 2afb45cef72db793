//! Creating and reading relationships.

use serde_json::{Value, json};

use crate::common::{Identity, Server, bytes, text};

#[tokio::test]
async fn a_relationship_goes_from_a_template_to_active() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let bob = server.identity_with_datawallet().await;
    let template = ada.template().await;
    let body = json!({"relationshipTemplateId": template, "creationContent": bytes("creation")});
    let created = bob.post("Relationships", body).await.created();
    let names: Vec<&String> = created.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "id",
            "relationshipTemplateId",
            "from",
            "to",
            "createdAt",
            "status",
            "auditLog"
        ]
    );
    assert_eq!(created["from"], bob.address);
    assert_eq!(created["to"], ada.address);
    assert_eq!(created["status"], "Pending");
    assert_eq!(
        created["auditLog"],
        json!([{
            "createdAt": created["createdAt"],
            "createdBy": bob.address,
            "createdByDevice": bob.device,
            "reason": "Creation",
            "oldStatus": null,
            "newStatus": "Pending",
        }])
    );
    let path = format!("Relationships/{}", text(&created["id"]));
    let events = ada.sync().await;
    assert_eq!(events[0]["type"], "RelationshipStatusChanged");
    assert_eq!(
        events[0]["payload"],
        json!({"relationshipId": created["id"]})
    );
    assert!(bob.sync().await.is_empty());
    let seen = ada.get(&path).await.ok();
    assert_eq!(seen["creationContent"], bytes("creation"));
    assert_eq!(seen["creationResponseContent"], Value::Null);

    let body = json!({"creationResponseContent": bytes("response")});
    let accepted = ada.put(&format!("{path}/Accept"), body).await.ok();
    assert_eq!(accepted["status"], "Active");
    assert_eq!(accepted["auditLog"][1]["reason"], "AcceptanceOfCreation");
    assert_eq!(accepted["auditLog"][1]["oldStatus"], "Pending");
    assert!(accepted.get("creationContent").is_none());
    assert_eq!(bob.new_events().await, ["RelationshipStatusChanged"]);
    let seen = bob.get(&path).await.ok();
    assert_eq!(seen["creationResponseContent"], bytes("response"));
    assert_eq!(seen["auditLog"].as_array().unwrap().len(), 2);
    assert!(text(&seen["auditLog"][0]["createdAt"]) < text(&seen["auditLog"][1]["createdAt"]));
}

#[tokio::test]
async fn whether_a_relationship_can_be_created_depends_on_the_others_between_the_two() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let can_create = async |by: &Identity, peer: &Identity| {
        let path = format!("Relationships/CanCreate?peer={}", peer.address);
        let answer = by.get(&path).await.ok();
        let code = answer["code"]
            .as_str()
            .map(|code| code.rsplit('.').next().unwrap().to_owned());
        (answer["canCreate"].as_bool().unwrap(), code)
    };
    let yes = (true, None);
    let no = (false, Some("relationshipToTargetAlreadyExists".to_owned()));
    assert_eq!(can_create(&bob, &ada).await, yes);
    let first = bob.request_relationship(&ada).await;
    assert_eq!(can_create(&bob, &ada).await, no);
    assert_eq!(can_create(&ada, &bob).await, no);
    bob.put(&format!("Relationships/{first}/Revoke"), json!({}))
        .await
        .ok();
    assert_eq!(can_create(&bob, &ada).await, yes);

    // Decomposed by one side it is in the way, decomposed by both it is not.
    bob.put(&format!("Relationships/{first}/Decompose"), Value::Null)
        .await
        .ok();
    assert_eq!(can_create(&bob, &ada).await, no);
    let body = json!({"relationshipTemplateId": bob.template().await});
    let reply = ada.post("Relationships", body).await;
    assert_eq!(reply.summary(), "400 relationshipToTargetAlreadyExists");
    ada.put(&format!("Relationships/{first}/Decompose"), Value::Null)
        .await
        .ok();
    assert_eq!(can_create(&ada, &bob).await, yes);
    ada.connect(&bob).await;
    assert_eq!(can_create(&ada, &bob).await, no);
}

#[tokio::test]
async fn a_peer_that_does_not_exist_is_told_with_the_text_that_the_runtime_looks_for() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let peer = "did:e:localhost:dids:3a29ae5c1f591bbd9a2aaa";
    let reply = ada
        .get(&format!("Relationships/CanCreate?peer={peer}"))
        .await;
    assert_eq!(reply.error(), (404, "recordNotFound"));
    assert!(reply.message().starts_with("Identity not found. "));
    let missing = ada.get("Relationships/CanCreate").await;
    assert_eq!(missing.error(), (400, "inputCannotBeParsed"));
    let malformed = ada.get("Relationships/CanCreate?peer=ada").await;
    assert_eq!(malformed.error(), (400, "validation.invalidPropertyValue"));
}

#[tokio::test]
async fn creating_checks_the_template_first_and_leaves_nothing_behind_when_it_fails() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let (bob, eve) = (server.identity().await, server.identity().await);
    let create = async |by: &Identity, template: &str| {
        let body = json!({"relationshipTemplateId": template});
        by.post("Relationships", body).await.summary()
    };
    assert_eq!(
        create(&bob, "RLTaaaaaaaaaaaaaaaaa").await,
        "404 recordNotFound"
    );
    assert_eq!(create(&bob, "nothing").await, "400 invalidPropertyValue");

    let mut body = json!({"content": bytes("x"), "password": "AAAA"});
    let secret = ada
        .post("RelationshipTemplates", body.clone())
        .await
        .created();
    let secret = text(&secret["id"]);
    assert_eq!(create(&bob, &secret).await, "404 recordNotFound");
    bob.get(&format!("RelationshipTemplates/{secret}?password=AAAA"))
        .await
        .ok();
    assert_eq!(create(&bob, &secret).await, "201");
    assert_eq!(
        create(&ada, &ada.template().await).await,
        "400 cannotCreateRelationshipWithYourself"
    );

    // A refused creation does not use the template up.
    body = json!({"content": bytes("x"), "maxNumberOfAllocations": 1});
    let single = text(&ada.post("RelationshipTemplates", body).await.created()["id"]);
    assert_eq!(
        create(&bob, &single).await,
        "400 relationshipToTargetAlreadyExists"
    );
    assert_eq!(create(&eve, &single).await, "201");
    let other = server.identity().await;
    assert_eq!(
        create(&other, &single).await,
        "400 maxNumberOfAllocationsExhausted"
    );

    let too_long = bytes(&"x".repeat(10 * 1024 * 1024 + 1));
    let body = json!({"relationshipTemplateId": ada.template().await, "creationContent": too_long});
    let reply = other.post("Relationships", body).await;
    assert_eq!(reply.summary(), "400 invalidPropertyValue");
}

#[tokio::test]
async fn of_two_relationships_at_once_exactly_one_comes_into_being() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let (of_ada, of_bob) = (ada.template().await, bob.template().await);
    let create = async |by: &Identity, template: &str| {
        let body = json!({"relationshipTemplateId": template});
        by.post("Relationships", body).await.status
    };
    let (one, other) = tokio::join!(create(&ada, &of_bob), create(&bob, &of_ada));
    assert_eq!((one.min(other), one.max(other)), (201, 400));
}

#[tokio::test]
async fn others_neither_see_nor_change_a_relationship() {
    let server = Server::start().await;
    let (ada, bob, eve) = (
        server.identity().await,
        server.identity().await,
        server.identity().await,
    );
    let id = bob.request_relationship(&ada).await;
    let path = format!("Relationships/{id}");
    let reply = eve.get(&path).await;
    assert_eq!(reply.error(), (404, "recordNotFound"));
    assert!(reply.message().starts_with("Relationship not found. "));
    for action in [
        "Accept",
        "Reject",
        "Revoke",
        "Terminate",
        "Reactivate",
        "Reactivate/Accept",
        "Reactivate/Reject",
        "Reactivate/Revoke",
        "Decompose",
    ] {
        let reply = eve.put(&format!("{path}/{action}"), json!({})).await;
        assert_eq!(reply.error(), (404, "recordNotFound"), "{action}");
    }
    assert_eq!(
        eve.get(&format!("Relationships?ids={id}")).await.ok(),
        json!([])
    );
    let listed = ada
        .get(&format!("Relationships?ids={id}&ids=RELunknown"))
        .await
        .ok();
    assert_eq!(listed, json!([ada.get(&path).await.ok()]));
    assert_eq!(
        ada.get("Relationships").await.summary(),
        "400 invalidPropertyValue"
    );
}

#[tokio::test]
async fn accepting_rejecting_and_revoking_need_a_body() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let id = bob.request_relationship(&ada).await;
    for (who, action) in [(&ada, "Accept"), (&ada, "Reject"), (&bob, "Revoke")] {
        let reply = who
            .put(&format!("Relationships/{id}/{action}"), Value::Null)
            .await;
        assert_eq!(reply.error(), (400, "inputCannotBeParsed"), "{action}");
    }
}

#[tokio::test]
async fn who_decomposed_cannot_read_the_relationship_but_still_lists_it() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let bob = server.identity_with_datawallet().await;
    let id = bob.connect(&ada).await;
    let path = format!("Relationships/{id}");
    ada.put(&format!("{path}/Terminate"), Value::Null)
        .await
        .ok();
    bob.sync().await;
    ada.put(&format!("{path}/Decompose"), Value::Null)
        .await
        .ok();
    assert_eq!(
        ada.get(&path).await.summary(),
        "400 relationshipAlreadyDecomposed"
    );
    assert_eq!(bob.get(&path).await.ok()["status"], "DeletionProposed");
    assert_eq!(
        ada.get(&format!("Relationships?ids={id}")).await.ok()[0]["id"],
        id
    );
    assert_eq!(bob.new_events().await, ["RelationshipStatusChanged"]);
    // The second one tells nobody.
    ada.sync().await;
    let after = bob
        .put(&format!("{path}/Decompose"), Value::Null)
        .await
        .ok();
    assert_eq!(after["status"], "ReadyForDeletion");
    assert!(ada.new_events().await.is_empty());
}
