//! Asking a contact: what can be asked, where it stands, what came back, and what each side has.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::{World, connect};
use serde_json::{Value, json};
use tessera_content::{Decision, Reference, ReferenceKind, Request};
use tessera_core_types::{Address, RequestId};
use tessera_wallet::{
    FileDescription, Wallet, WalletError,
    model::DeletionStatus,
    views::{DecisionCheck, RelationshipStep, RequestSearch, SentSearch, SentState},
};

/// Ada, who gave the library her name and her favourite shelf.
async fn ada_and_library(
    world: &World,
) -> (flow_support::Home, flow_support::Home, Wallet, Wallet) {
    let (ada_home, ada) = world.somebody("Ada").await;
    let (library_home, library) = world.somebody("Library").await;
    connect(world, &ada, &library).await;
    (ada_home, library_home, ada, library)
}

fn request(items: &Value) -> Request {
    Request::parse(&json!({ "items": items })).unwrap()
}

fn read(value_type: &str) -> Value {
    json!({ "@type": "ReadAttributeRequestItem", "mustBeAccepted": true,
            "query": { "@type": "IdentityAttributeQuery", "valueType": value_type } })
}

fn delete(id: &tessera_core_types::AttributeId) -> Value {
    json!({ "@type": "DeleteAttributeRequestItem", "mustBeAccepted": false, "attributeId": id })
}

async fn check(wallet: &Wallet, peer: &Address, request: &Request) -> DecisionCheck {
    wallet
        .check_request(peer, &request.to_json())
        .await
        .unwrap()
}

/// The one Request that waits for somebody.
async fn received(wallet: &Wallet) -> RequestId {
    wallet.sync().await.unwrap();
    let open = wallet
        .search_requests(RequestSearch::default())
        .await
        .unwrap();
    assert_eq!((open.total, open.waiting), (1, 1));
    open.requests[0].id.clone()
}

async fn state(wallet: &Wallet, id: &RequestId) -> SentState {
    wallet.sent_request(id).await.unwrap().summary.state
}

#[tokio::test]
async fn what_is_asked_is_sent_waits_and_is_answered() {
    let world = World::new().await;
    let (_homes, _library_home, ada, library) = ada_and_library(&world).await;

    let asked = request(&json!([read("EMailAddress")]));
    let check = check(&ada, library.address(), &asked).await;
    assert!(check.is_success, "{check:?}");

    world.proxy.offline();
    let id = ada.send_request(library.address(), asked).await.unwrap().id;
    assert_eq!(state(&ada, &id).await, SentState::ToBeSent);
    world.proxy.online();
    world.clock.forward(60);
    ada.sync().await.unwrap();
    assert_eq!(state(&ada, &id).await, SentState::Waiting);

    let question = received(&library).await;
    let decision = Decision::parse(&json!({ "items": [{ "accept": true, "newAttribute": {
        "@type": "IdentityAttribute", "owner": "",
        "value": { "@type": "EMailAddress", "value": "desk@example.org" } } }] }));
    library.accept(&question, &decision.unwrap()).await.unwrap();
    ada.sync().await.unwrap();

    let sent = ada.sent_request(&id).await.unwrap();
    assert_eq!(sent.summary.state, SentState::Answered);
    assert_eq!(sent.summary.accepted, Some(true));
    assert!(sent.summary.answered_at.is_some());
    assert_eq!(
        sent.summary.item_type.as_deref(),
        Some("ReadAttributeRequestItem")
    );
    let answer = sent.response.unwrap();
    assert_eq!(
        answer["items"][0]["attribute"]["value"]["value"],
        "desk@example.org"
    );

    let own = ada
        .search_sent_requests(SentSearch::default())
        .await
        .unwrap();
    assert_eq!(own.total, 1);
    assert_eq!(own.requests[0].id, id);
    // What was received is none of the own ones.
    let foreign = library.sent_request(&question).await;
    assert!(matches!(foreign, Err(WalletError::NotFound(_))));
}

#[tokio::test]
async fn what_is_not_answered_in_time_expires() {
    let world = World::new().await;
    let (_homes, _library_home, ada, library) = ada_and_library(&world).await;
    let mut asked = request(&json!([read("Surname"), read("BirthDate")]));
    asked.expires_at = Some(world.now().plus(chrono::TimeDelta::minutes(10)));
    let id = ada.send_request(library.address(), asked).await.unwrap().id;
    assert_eq!(state(&ada, &id).await, SentState::Waiting);
    world.clock.forward(11);
    let summary = ada.sent_request(&id).await.unwrap().summary;
    assert_eq!(
        (summary.state, summary.accepted),
        (SentState::Expired, None)
    );
    assert_eq!((summary.item_type, summary.item_count), (None, 2));
}

#[tokio::test]
async fn who_asked_reads_why_each_item_was_rejected() {
    let world = World::new().await;
    let (_homes, _library_home, ada, library) = ada_and_library(&world).await;
    let asked = request(&json!([read("Surname"), read("BirthDate")]));
    let id = ada.send_request(library.address(), asked).await.unwrap().id;
    let question = received(&library).await;
    let no = Decision::parse(&json!({ "items": [
        { "accept": false, "message": "You know it" }, { "accept": false }] }));
    library.reject_with(&question, &no.unwrap()).await.unwrap();
    ada.sync().await.unwrap();
    let sent = ada.sent_request(&id).await.unwrap();
    assert_eq!(sent.summary.accepted, Some(false));
    let items = &sent.response.unwrap()["items"];
    assert_eq!(items[0]["message"], "You know it");
    assert_eq!(items[1].get("message"), None);
}

#[tokio::test]
async fn the_check_says_why_an_item_can_not_be_asked() {
    let world = World::new().await;
    let (_homes, _library_home, ada, library) = ada_and_library(&world).await;
    let given = ada.given_to(library.address()).await.unwrap();
    let name = given
        .iter()
        .find(|one| one.attribute.value_type == "GivenName")
        .unwrap();
    let asked = request(&json!([
        read("GivenName"),
        { "@type": "ShareAttributeRequestItem", "mustBeAccepted": false,
          "attributeId": name.attribute.id, "attribute": { "@type": "IdentityAttribute",
          "owner": ada.address(), "value": name.attribute.value } },
        { "@type": "FormFieldRequestItem", "mustBeAccepted": false, "title": "Age",
          "settings": { "@type": "IntegerFormFieldSettings", "min": 5, "max": 4 } },
    ]));
    let check = check(&ada, library.address(), &asked).await;
    let reasons: Vec<_> = check
        .items
        .unwrap()
        .into_iter()
        .map(|one| one.root_code)
        .collect();
    assert_eq!(
        reasons,
        [
            None,
            Some("error.tessera.ownRequest.alreadyThere".to_owned()),
            Some("error.tessera.ownRequest.cannotBeAnswered".to_owned()),
        ]
    );
    let stranger: Address = Address::of_key(&[9; 32], "localhost");
    let asked = request(&json!([read("GivenName")]));
    let code = self::check(&ada, &stranger, &asked).await.code;
    assert_eq!(
        code.as_deref(),
        Some("error.consumption.requests.missingRelationship")
    );
}

#[tokio::test]
async fn what_is_shared_is_named_by_its_id_alone() {
    let world = World::new().await;
    let (_homes, _library_home, ada, library) = ada_and_library(&world).await;
    let value = json!({ "@type": "Surname", "value": "Lovelace" });
    let surname = ada.add_attribute(value, Some(Vec::new())).await.unwrap();
    let share = |id: &str| {
        json!({ "items": [{ "@type": "ShareAttributeRequestItem", "mustBeAccepted": true,
                            "attributeId": id }] })
    };
    let request = ada
        .read_own_request(&share(surname.id.as_str()))
        .await
        .unwrap();
    let id = ada
        .send_request(library.address(), request)
        .await
        .unwrap()
        .id;
    let question = received(&library).await;
    let decision = library.default_decision(&question).await.unwrap();
    library.accept(&question, &decision).await.unwrap();
    ada.sync().await.unwrap();
    assert_eq!(state(&ada, &id).await, SentState::Answered);
    let received = library.contact(ada.address()).await.unwrap().received;
    assert!(received.iter().any(|one| one.value["value"] == "Lovelace"));

    // What is not here, and what can't be read, is named at its item.
    let broken = json!({ "items": [
        read("GivenName"),
        share("ATTthatIsNotHereAtAl")["items"][0],
        { "@type": "ReadAttributeRequestItem", "mustBeAccepted": true,
          "query": { "@type": "IQLQuery", "queryString": "a||b" } },
    ] });
    let check = ada.check_request(library.address(), &broken).await.unwrap();
    let wrong = check.items.unwrap().into_iter().map(|one| !one.is_success);
    assert_eq!(wrong.collect::<Vec<_>>(), [false, true, true]);
}

#[tokio::test]
async fn what_was_given_is_asked_back() {
    let world = World::new().await;
    let (_homes, _library_home, ada, library) = ada_and_library(&world).await;
    let given = ada.given_to(library.address()).await.unwrap();
    let mut types: Vec<_> = given
        .iter()
        .map(|one| one.attribute.value_type.as_str())
        .collect();
    types.sort_unstable();
    assert_eq!(types, ["GivenName", "ProprietaryString"]);
    assert!(
        given
            .iter()
            .all(|one| one.can_be_asked_back && one.holder.deletion.is_none())
    );

    // A newer version does not hide that the library has the old one.
    let name = given
        .into_iter()
        .find(|one| one.attribute.key.is_none())
        .unwrap()
        .attribute;
    let value = json!({ "@type": "GivenName", "value": "Augusta" });
    let newer = ada.succeed_attribute(&name.id, value, None).await.unwrap();
    let of_name = |given: Vec<tessera_wallet::views::GivenAttribute>| {
        given
            .into_iter()
            .find(|one| one.attribute.key.is_none())
            .unwrap()
    };
    let held = of_name(ada.given_to(library.address()).await.unwrap());
    assert_eq!((&held.attribute.id, held.holder.is_stale), (&name.id, true));
    assert_eq!(held.newest_id, newer.id);
    let history = ada.attribute_history(&name.id).await.unwrap();
    let versions: Vec<_> = history
        .iter()
        .map(|one| (one.version, one.id.clone()))
        .collect();
    assert_eq!(versions, [(2, newer.id), (1, name.id.clone())]);

    let asked = request(&json!([delete(&name.id)]));
    let id = ada.send_request(library.address(), asked).await.unwrap().id;
    let held = of_name(ada.given_to(library.address()).await.unwrap());
    let status = held.holder.deletion.unwrap().status;
    assert_eq!(status, DeletionStatus::DeletionRequestSent);
    let sent = ada.sent_request(&id).await.unwrap();
    assert_eq!(
        sent.attributes
            .iter()
            .map(|one| &one.id)
            .collect::<Vec<_>>(),
        [&name.id]
    );

    let question = received(&library).await;
    let date = world.now().plus(chrono::TimeDelta::days(3));
    let decision = Decision::parse(&json!({ "items": [{ "accept": true, "deletionDate": date }] }));
    library.accept(&question, &decision.unwrap()).await.unwrap();
    ada.sync().await.unwrap();
    let held = of_name(ada.given_to(library.address()).await.unwrap());
    let deletion = held.holder.deletion.unwrap();
    assert_eq!(deletion.status, DeletionStatus::ToBeDeletedByRecipient);
    assert_eq!((deletion.date, held.can_be_asked_back), (date, false));
    let again = request(&json!([delete(&name.id)]));
    let check = check(&ada, library.address(), &again).await;
    let reason = check.items.unwrap().remove(0).root_code;
    assert_eq!(reason.as_deref(), Some("error.tessera.ownRequest.notThere"));
}

#[tokio::test]
async fn each_side_is_offered_the_steps_it_can_take() {
    use RelationshipStep as Step;
    let world = World::new().await;
    let (_home, ada) = world.somebody("Ada").await;
    let (_library_home, library) = world.somebody("Library").await;
    let id = connect(&world, &ada, &library).await;
    let steps = async |wallet: &Wallet| wallet.standing(&id).await.unwrap();

    assert_eq!(steps(&ada).await.steps, [Step::Terminate]);
    ada.terminate_relationship(&id).await.unwrap();
    library.sync().await.unwrap();
    let mine = steps(&ada).await;
    assert_eq!(mine.steps, [Step::RequestReactivation, Step::Decompose]);
    assert_eq!(
        (mine.ended_by_me, mine.reactivation_asked_by_me),
        (Some(true), None)
    );
    assert_eq!(steps(&library).await.ended_by_me, Some(false));

    ada.request_reactivation(&id).await.unwrap();
    library.sync().await.unwrap();
    assert_eq!(
        steps(&ada).await.steps,
        [Step::RevokeReactivation, Step::Decompose]
    );
    let theirs = steps(&library).await;
    assert_eq!(
        theirs.steps,
        [
            Step::AcceptReactivation,
            Step::RejectReactivation,
            Step::Decompose
        ]
    );
    assert_eq!(theirs.reactivation_asked_by_me, Some(false));

    // Offline the step waits, and no other can be taken.
    world.proxy.offline();
    library.accept_reactivation(&id).await.unwrap();
    let waiting = steps(&library).await;
    assert_eq!(
        (waiting.waiting, waiting.steps),
        (Some(Step::AcceptReactivation), vec![])
    );
    world.proxy.online();
    world.clock.forward(60);
    library.sync().await.unwrap();
    assert_eq!(steps(&library).await.steps, [Step::Terminate]);
}

#[tokio::test]
async fn a_file_says_what_it_is_before_it_is_fetched() {
    let world = World::new().await;
    let (_home, ada) = world.somebody("Ada").await;
    let description = FileDescription {
        filename: "card.pdf".to_owned(),
        mimetype: "application/pdf".to_owned(),
        title: Some("Library card".to_owned()),
        ..FileDescription::default()
    };
    let uploaded = ada
        .upload_file(b"a card", &description, None)
        .await
        .unwrap();
    let text = uploaded.truncated_reference.expose();
    let reference = Reference::parse_as(ReferenceKind::File, text).unwrap();
    let facts = ada.file_facts(&reference).await.unwrap();
    assert_eq!(facts.filename, "card.pdf");
    assert_eq!(
        (facts.filesize, facts.title.as_deref()),
        (6, Some("Library card"))
    );
}
