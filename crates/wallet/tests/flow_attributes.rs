//! What a person does with their Attributes, and what those who have them learn of it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::{Value, json};
use tessera_content::{Decision, Request, RequestItem};
use tessera_core_types::AttributeId;
use tessera_wallet::{
    AttributeError, Wallet, WalletError,
    model::{DeletionStatus, LocalAttribute, RelationshipStatus},
    views::{AttributeSearch, AttributeView, HolderView},
};

/// A library and a reader whose Relationship is active: the library has her name, and something
/// of hers that belongs to the Relationship.
struct Scene {
    world: World,
    library: Wallet,
    ada: Wallet,
    _homes: (Home, Home),
}

async fn scene() -> Scene {
    let scene = pending_scene().await;
    let id = scene.library.relationships().await.unwrap().remove(0).id;
    scene.library.accept_relationship(&id).await.unwrap();
    scene.ada.sync().await.unwrap();
    let status = scene.ada.relationship(&id).await.unwrap().status;
    assert_eq!(status, RelationshipStatus::Active);
    scene
}

async fn pending_scene() -> Scene {
    let world = World::new().await;
    let (library_home, library) = world.somebody("Library").await;
    let (ada_home, wallet) = world.somebody("Ada").await;
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&wallet, &template).await;
    wallet.accept(&request, &ada()).await.unwrap();
    library.sync().await.unwrap();
    Scene {
        world,
        library,
        ada: wallet,
        _homes: (library_home, ada_home),
    }
}

impl Scene {
    /// Ada's name, as she has it.
    async fn name(&self) -> AttributeView {
        let all = self.ada.attributes().await.unwrap();
        all.into_iter()
            .find(|one| one.value_type == "GivenName")
            .unwrap()
    }

    /// Who has which version of Ada's name.
    async fn holder(&self, id: &AttributeId) -> HolderView {
        let mut holders = self.ada.holders(id).await.unwrap();
        assert_eq!((holders.newest.len(), holders.total), (1, 1));
        let holder = holders.newest.remove(0);
        let can_be_told = holder.is_stale && holder.can_be_told;
        assert_eq!(holders.tellable.contains(&holder), can_be_told);
        holder
    }

    /// What the library has of Ada, of this value type, the newest first.
    async fn at_the_library(&self, value_type: &str) -> Vec<AttributeView> {
        let contact = self.library.contact(self.ada.address()).await.unwrap();
        let of_type = contact.received.into_iter();
        of_type.filter(|one| one.value_type == value_type).collect()
    }
}

fn given_name(name: &str) -> Value {
    json!({ "@type": "GivenName", "value": name })
}

fn texts(attributes: &[AttributeView]) -> Vec<&str> {
    let text = |one| -> &str {
        let one: &AttributeView = one;
        one.value["value"].as_str().unwrap()
    };
    attributes.iter().map(text).collect()
}

fn refusal(result: Result<impl Sized, WalletError>) -> AttributeError {
    match result {
        Err(WalletError::Attribute(error)) => error,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("is refused"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_is_named_and_typed_letters_are_put_together() {
    let world = World::new().await;
    let (_home, ada) = world.somebody("Ada").await;
    let first = ada.add_attribute(given_name("Zoë"), None).await.unwrap();
    // The same name, its last letter typed as e and two dots, with blanks around.
    let again = ada
        .add_attribute(given_name(" Zoe\u{308} "), Some(vec![]))
        .await;
    assert_eq!(
        refusal(again),
        AttributeError::Duplicate {
            existing: first.id.clone()
        }
    );
    let unchanged = ada
        .succeed_attribute(&first.id, given_name("Zoe\u{308}"), Some(vec![]))
        .await;
    let code = refusal(unchanged).code();
    assert_eq!(
        code,
        "error.consumption.attributes.successionMustChangeContent"
    );
    let json = json!({ "@type": "SchematizedJSON", "value": { "b": 1, "a": [2] } });
    ada.add_attribute(json, None).await.unwrap();
    let reordered = json!({ "@type": "SchematizedJSON", "value": { "a": [2], "b": 1 } });
    let twice = ada.add_attribute(reordered, None).await;
    assert!(matches!(refusal(twice), AttributeError::Duplicate { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_reaches_those_whom_the_person_chooses() {
    let scene = scene().await;
    let old = scene.name().await;
    let new = scene
        .ada
        .succeed_attribute(&old.id, given_name("Augusta"), None)
        .await
        .unwrap();
    scene.library.sync().await.unwrap();
    assert_eq!(texts(&scene.at_the_library("GivenName").await), ["Ada"]);
    let holder = scene.holder(&new.id).await;
    assert!(holder.is_stale && holder.can_be_told);
    assert_eq!((&holder.attribute_id, holder.version), (&old.id, 1));
    assert!(holder.request_id.is_some());

    let stranger = scene.world.somebody("Stranger").await.1;
    let peers = [scene.library.address().clone(), stranger.address().clone()];
    let told = scene.ada.notify_about_succession(&new.id, &peers).await;
    assert_eq!(refusal(told), AttributeError::PeerHasNoOlderVersion);
    assert!(scene.holder(&new.id).await.is_stale, "all of them, or none");

    scene.world.clock.forward(1);
    scene
        .ada
        .notify_about_succession(&new.id, &peers[..1])
        .await
        .unwrap();
    let holder = scene.holder(&old.id).await;
    assert!(!holder.is_stale);
    assert_eq!((&holder.attribute_id, holder.version), (&new.id, 2));
    assert_eq!(holder.since, scene.world.now());
    assert!(holder.notification_id.is_some());

    scene.library.sync().await.unwrap();
    let names = scene.at_the_library("GivenName").await;
    assert_eq!(texts(&names), ["Augusta", "Ada"]);
    assert_eq!((&names[0].id, names[0].version), (&new.id, 2));
    let again = scene
        .ada
        .notify_about_succession(&new.id, &peers[..1])
        .await;
    assert_eq!(refusal(again), AttributeError::PeerHasThisVersion);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_finally_could_not_be_told_has_the_old_version() {
    let scene = scene().await;
    let old = scene.name().await;
    let new = scene
        .ada
        .succeed_attribute(&old.id, given_name("Augusta"), None)
        .await
        .unwrap();
    scene.world.proxy.rule(|seen| {
        if seen.is("POST", "/api/v2/Messages") {
            let code = "error.platform.validation.message.maxNumberReached";
            let error = json!({ "error": { "id": "ERR1", "code": code, "message": "no" } });
            Action::Answer(400, error.to_string())
        } else {
            Action::Pass
        }
    });
    let peers = [scene.library.address().clone()];
    scene
        .ada
        .notify_about_succession(&new.id, &peers)
        .await
        .unwrap();
    let holder = scene.holder(&new.id).await;
    assert!(holder.is_stale);
    assert_eq!(holder.attribute_id, old.id);
    scene.world.proxy.online();
    scene
        .ada
        .notify_about_succession(&new.id, &peers)
        .await
        .unwrap();
    scene.library.sync().await.unwrap();
    // Both came at the same instant of the standing clock, so in no order.
    let names = scene.at_the_library("GivenName").await;
    let mut names = texts(&names);
    names.sort_unstable();
    assert_eq!(names, ["Ada", "Augusta"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_a_relationship_is_renewed_on_both_sides_at_once() {
    let scene = scene().await;
    let contact = scene.ada.contact(scene.library.address()).await.unwrap();
    let shelf = contact
        .given
        .into_iter()
        .find(|one| one.key.as_deref() == Some("shelfMark"))
        .unwrap();
    let value = json!({
        "@type": "ProprietaryString", "title": "Favourite shelf", "value": "Mathematics",
    });
    scene.world.clock.forward(1);
    let new = scene
        .ada
        .succeed_relationship_attribute(&shelf.id, value)
        .await
        .unwrap();
    scene.library.sync().await.unwrap();
    let theirs = scene.at_the_library("ProprietaryString").await;
    assert_eq!(theirs[0].id, new.id);
    assert_eq!(theirs[0].value["value"], "Mathematics");
    // They may not renew what is hers.
    let value = json!({ "@type": "ProprietaryString", "title": "Shelf", "value": "Prose" });
    let refused = scene
        .library
        .succeed_relationship_attribute(&new.id, value)
        .await;
    assert_eq!(
        refusal(refused),
        AttributeError::NotOwnRelationshipAttribute
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_something_learns_that_it_is_deleted() {
    let scene = scene().await;
    let name = scene.name().await;
    let told = scene.ada.told_of_deletion(&name.id).await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].address, *scene.library.address());
    let other = scene
        .ada
        .add_attribute(given_name("Augusta"), None)
        .await
        .unwrap();
    assert!(!other.is_default);
    scene.ada.delete_attribute(&name.id).await.unwrap();
    let left = scene.name().await;
    assert!(
        left.id == other.id && left.is_default,
        "the default passes on"
    );
    scene.library.sync().await.unwrap();
    let theirs = scene.at_the_library("GivenName").await;
    let deletion = theirs[0].deletion.unwrap();
    assert_eq!(deletion.status, DeletionStatus::DeletedByEmitter);
    let gone = scene.ada.delete_attribute(&name.id).await;
    assert_eq!(refusal(gone), AttributeError::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_relationship_is_pending_nothing_shared_is_deleted() {
    let scene = pending_scene().await;
    let name = scene.name().await;
    let told = scene.ada.told_of_deletion(&name.id).await;
    assert_eq!(refusal(told), AttributeError::RelationshipPending);
    let deleted = scene.ada.delete_attribute(&name.id).await;
    assert_eq!(refusal(deleted), AttributeError::RelationshipPending);
    assert_eq!(scene.name().await, name);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_asked_to_delete_promises_it_and_keeps_the_promise() {
    let scene = scene().await;
    let name = scene.name().await;
    let item = json!({
        "@type": "DeleteAttributeRequestItem", "mustBeAccepted": true, "attributeId": name.id,
    });
    let question = Request::parse(&json!({ "items": [item] })).unwrap();
    let sent = scene
        .ada
        .send_request(scene.library.address(), question.clone())
        .await
        .unwrap();
    let deletion = scene.holder(&name.id).await.deletion.unwrap();
    assert_eq!(deletion.status, DeletionStatus::DeletionRequestSent);

    scene.library.sync().await.unwrap();
    let promised = scene.world.now().plus(chrono::TimeDelta::days(2));
    let decision = Decision::parse(&json!({ "items": [
        { "accept": true, "deletionDate": promised },
    ] }))
    .unwrap();
    scene.library.accept(&sent.id, &decision).await.unwrap();
    let due = scene.library.delete_due_attributes().await.unwrap();
    assert!(due.deleted.is_empty(), "its date has not come");
    scene.ada.sync().await.unwrap();
    let deletion = scene.holder(&name.id).await.deletion.unwrap();
    assert_eq!(deletion.status, DeletionStatus::ToBeDeletedByRecipient);
    assert_eq!((deletion.date, deletion.is_overdue), (promised, false));
    let twice = scene
        .ada
        .send_request(scene.library.address(), question)
        .await;
    let Err(WalletError::OwnRequest(error)) = twice else {
        panic!("{twice:?}");
    };
    assert_eq!(error.code, "error.consumption.requests.invalidRequestItem");
    assert_eq!(error.path, [0]);

    scene.world.clock.forward(3 * 24 * 60);
    let deletion = scene.holder(&name.id).await.deletion.unwrap();
    assert!(deletion.is_overdue);
    scene.library.sync().await.unwrap();
    assert!(scene.at_the_library("GivenName").await.is_empty());
    let again = scene.library.delete_due_attributes().await.unwrap();
    assert!(again.deleted.is_empty() && again.waiting.is_empty());
    scene.ada.sync().await.unwrap();
    let holder = scene.holder(&name.id).await;
    let deletion = holder.deletion.unwrap();
    assert_eq!(deletion.status, DeletionStatus::DeletedByRecipient);
    assert!(!holder.is_stale);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_calls_something_stays_here() {
    let scene = scene().await;
    let name = scene.name().await;
    let label = "only mine";
    scene
        .ada
        .set_attribute_label(&name.id, Some(label))
        .await
        .unwrap();
    let new: LocalAttribute = scene
        .ada
        .succeed_attribute(&name.id, given_name("Augusta"), None)
        .await
        .unwrap();
    let shown = scene.name().await;
    assert_eq!((&shown.id, shown.label.as_deref()), (&new.id, Some(label)));
    let peers = [scene.library.address().clone()];
    scene
        .ada
        .notify_about_succession(&new.id, &peers)
        .await
        .unwrap();
    let item = json!({
        "@type": "ShareAttributeRequestItem", "mustBeAccepted": true,
        "attributeId": new.id, "attribute": new.content,
    });
    let item = RequestItem::parse(&item).unwrap();
    assert!(!item.to_json().to_string().contains(label));
    let messages = scene.ada.messages().await.unwrap();
    assert!(!messages.is_empty());
    let sent = serde_json::to_string(&messages).unwrap();
    assert!(!sent.contains(label));
    scene.library.sync().await.unwrap();
    assert_eq!(scene.at_the_library("GivenName").await[0].label, None);

    let found = |text: &str| {
        let search = AttributeSearch {
            text: text.to_owned(),
            ..AttributeSearch::default()
        };
        let ada = scene.ada.clone();
        async move { ada.search_attributes(search).await.unwrap().total }
    };
    assert_eq!(found("MINE").await, 1);
    let too_long = "x".repeat(101);
    let refused = scene
        .ada
        .set_attribute_label(&new.id, Some(&too_long))
        .await;
    assert_eq!(refusal(refused), AttributeError::LabelTooLong(100));
    scene
        .ada
        .set_attribute_label(&new.id, Some(" "))
        .await
        .unwrap();
    assert_eq!(scene.name().await.label, None);
    assert_eq!(found("mine").await, 0);
}
