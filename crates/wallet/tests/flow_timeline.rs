//! What happened with somebody, as one list; and whether a Relationship can be created.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::{Value, json};
use tessera_content::{Decision, Request};
use tessera_core_types::Address;
use tessera_wallet::{
    Wallet,
    model::AuditLogReason,
    views::{
        MailDraft, RelationshipStatus, TimelineEntry, TimelineKind, TimelinePage, TimelineSearch,
    },
};

async fn page(wallet: &Wallet, search: TimelineSearch) -> TimelinePage {
    wallet.timeline(search).await.unwrap()
}

fn all_of(peer: &Wallet) -> TimelineSearch {
    TimelineSearch {
        peer: peer.address().clone(),
        kind: None,
        after: None,
        limit: 200,
    }
}

async fn timeline(wallet: &Wallet, peer: &Wallet) -> Vec<TimelineEntry> {
    page(wallet, all_of(peer)).await.entries
}

async fn of_kind(wallet: &Wallet, peer: &Wallet, kind: TimelineKind) -> Vec<String> {
    let search = TimelineSearch {
        kind: Some(kind),
        ..all_of(peer)
    };
    words(&page(wallet, search).await.entries)
}

/// Each entry in a word or two.
fn words(entries: &[TimelineEntry]) -> Vec<String> {
    let word = |entry: &TimelineEntry| {
        let event = serde_json::to_value(&entry.event).unwrap();
        let of = |key: &str| event[key].as_str().map(str::to_owned);
        let more = ["reason", "change", "event", "result", "subject"];
        let more = more.iter().find_map(|key| of(key));
        let by_me = ["byMe", "isOwn"]
            .iter()
            .find_map(|key| event[key].as_bool());
        let whose = by_me.map(|by_me| if by_me { "mine" } else { "theirs" });
        [of("type"), more, whose.map(str::to_owned)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    };
    entries.iter().map(word).collect()
}

async fn obstacles(wallet: &Wallet, peer: &Address) -> Vec<String> {
    let check = wallet.check_relationship(peer).await.unwrap();
    assert_eq!(check.not_asked, None);
    check.obstacles.into_iter().map(|one| one.code).collect()
}

const EXISTS: &str = "error.transport.relationships.relationshipCurrentlyExists";

#[tokio::test(flavor = "multi_thread")]
async fn a_life_with_a_contact_is_told_in_its_order() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_ada_home, ada) = world.somebody("Ada").await;

    // The library refuses her first.
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&ada, &template).await;
    assert!(obstacles(&ada, library.address()).await.is_empty());
    ada.accept(&request, &flow_support::ada()).await.unwrap();
    library.sync().await.unwrap();
    let [asked] = library.relationships().await.unwrap().try_into().unwrap();
    world.clock.forward(1);
    library.reject_relationship(&asked.id).await.unwrap();
    ada.sync().await.unwrap();
    world.clock.forward(1);
    assert!(obstacles(&ada, library.address()).await.is_empty());

    // Then they become contacts, and much happens, a minute at a time.
    connect(&world, &ada, &library).await;
    assert_eq!(obstacles(&ada, library.address()).await, [EXISTS]);
    world.clock.forward(1);
    let name = ada.attributes().await.unwrap();
    let name = name
        .iter()
        .find(|one| one.value_type == "GivenName")
        .unwrap();
    let value = json!({ "@type": "GivenName", "value": "Augusta" });
    let newer = ada.succeed_attribute(&name.id, value, None).await.unwrap();
    ada.notify_about_succession(&newer.id, &[library.address().clone()])
        .await
        .unwrap();
    world.clock.forward(1);
    let mail = MailDraft {
        to: vec![ada.address().clone()],
        subject: "Welcome".to_owned(),
        body: "!".to_owned(),
        ..MailDraft::default()
    };
    library.send_mail(mail, None).await.unwrap();
    ada.sync().await.unwrap();
    world.clock.forward(1);
    let consent = json!({ "items": [{ "@type": "ConsentRequestItem", "mustBeAccepted": true,
                                      "consent": "We may write to you." }] });
    let request = Request::parse(&consent).unwrap();
    library.send_request(ada.address(), request).await.unwrap();
    ada.sync().await.unwrap();
    let open = ada.requests().await.unwrap();
    let open = open.iter().find(|one| one.is_decidable()).unwrap();
    world.clock.forward(1);
    let yes = Decision::parse(&json!({ "items": [{ "accept": true }] })).unwrap();
    ada.accept(&open.id, &yes).await.unwrap();

    let entries = timeline(&ada, &library).await;
    assert_eq!(
        words(&entries),
        [
            "requestAnswered Accepted theirs",
            "requestCame theirs",
            "message Welcome",
            "data newVersionGiven",
            "relationship AcceptanceOfCreation theirs",
            "relationship Creation mine",
            "data given",
            "data given",
            "requestAnswered Accepted theirs",
            "requestCame theirs",
            "recorded templateLoaded",
            "relationship RejectionOfCreation theirs",
            "relationship Creation mine",
            "requestAnswered Accepted theirs",
            "requestCame theirs",
            "recorded templateLoaded",
        ]
    );
    assert!(entries.is_sorted_by_key(|entry| std::cmp::Reverse(entry.at)));
    let answered = json!(entries[0]);
    assert_eq!(answered["event"]["receipt"], 3);
    assert_eq!(
        (&answered["event"]["accepted"], &answered["event"]["items"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(json!(entries[5])["event"]["isNewest"], true);
    assert_eq!(json!(entries[11])["event"]["isNewest"], false);
    assert_eq!(
        of_kind(&ada, &library, TimelineKind::Messages).await,
        ["message Welcome"]
    );
    assert_eq!(
        of_kind(&ada, &library, TimelineKind::Files).await,
        Vec::<String>::new()
    );
    assert_eq!(of_kind(&ada, &library, TimelineKind::Data).await.len(), 3);
    assert_eq!(
        of_kind(&ada, &library, TimelineKind::Requests).await.len(),
        8
    );
    assert_eq!(
        of_kind(&ada, &library, TimelineKind::Relationships)
            .await
            .len(),
        4
    );

    // Page by page it is the same, also where several things happened at the same time.
    let mut paged = Vec::new();
    let mut search = TimelineSearch {
        limit: 3,
        ..all_of(&library)
    };
    loop {
        let part = page(&ada, search.clone()).await;
        assert!(part.entries.len() <= 3);
        paged.extend(part.entries);
        match part.next {
            Some(next) => search.after = Some(next),
            None => break,
        }
    }
    assert_eq!(paged, entries);

    // What the other side sees is the same life from the other end.
    library.sync().await.unwrap();
    let theirs = words(&timeline(&library, &ada).await);
    assert!(
        theirs.contains(&"data newVersionReceived".to_owned()),
        "{theirs:?}"
    );
    assert!(theirs.contains(&"relationship RejectionOfCreation mine".to_owned()));
    assert!(theirs.contains(&"requestAnswered Accepted mine".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_with_a_contact_stays_as_far_as_the_history_knows_it() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let first = connect(&world, &ada, &library).await;
    world.clock.forward(1);
    ada.terminate_relationship(&first).await.unwrap();
    let check = ada.check_relationship(library.address()).await.unwrap();
    assert_eq!(
        check.obstacles[0].status,
        Some(RelationshipStatus::Terminated)
    );
    world.clock.forward(1);
    ada.decompose_relationship(&first).await.unwrap();

    let entries = timeline(&ada, &library).await;
    let told = words(&entries);
    assert_eq!(told[0], "recorded relationshipDecomposed");
    assert!(
        told.contains(&"recorded relationshipActivated".to_owned()),
        "{told:?}"
    );
    let accepted = told
        .iter()
        .position(|one| one == "recorded requestAccepted");
    let accepted: Value = json!(entries[accepted.unwrap()]);
    assert_eq!(
        accepted["event"]["receipt"], 1,
        "the receipt outlives the contact"
    );
    assert_eq!(accepted["event"]["requestId"], Value::Null);
    let [was] = ada
        .relationships_with(library.address())
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!((was.id, was.status), (first.clone(), None));
    assert_eq!(
        (was.reason, was.by_me, was.is_own),
        (AuditLogReason::Decomposition, true, true)
    );
    assert!(was.began_at < was.changed_at);

    // The other side has not deleted it yet, and the Backbone says so.
    assert_eq!(
        obstacles(&ada, library.address()).await,
        ["error.transport.relationships.relationshipNotYetDecomposedByPeer"]
    );
    library.sync().await.unwrap();
    library.decompose_relationship(&first).await.unwrap();
    assert!(obstacles(&ada, library.address()).await.is_empty());

    let second = connect(&world, &ada, &library).await;
    let both = ada.relationships_with(library.address()).await.unwrap();
    let ids: Vec<_> = both.iter().map(|one| &one.id).collect();
    assert_eq!(ids, [&second, &first]);
    assert_eq!(both[0].status, Some(RelationshipStatus::Active));
    assert!(both[0].receipt.is_some() && both[0].request_id.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reason_why_a_request_can_not_start_a_relationship_is_named() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("Library").await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    let template = library
        .create_template(template_of(&world, library_card()))
        .await
        .unwrap();
    let request = load(&ada, &template).await;
    let codes = async || {
        let check = ada.check_relationship_of(&request).await.unwrap();
        let codes = check.obstacles.iter().map(|one| one.code.clone());
        (codes.collect::<Vec<_>>(), check.not_asked)
    };
    assert_eq!(codes().await, (vec![], None));
    world.clock.forward(60 * 48);
    let expired = [
        "error.transport.relationships.relationshipTemplateIsExpired".to_owned(),
        "error.tessera.requests.answerExpired".to_owned(),
    ];
    assert_eq!(codes().await, (expired.to_vec(), None));
    world.clock.forward(-60 * 48);

    world.proxy.offline();
    let (none, not_asked) = codes().await;
    assert!(none.is_empty() && not_asked.is_some(), "{not_asked:?}");
    ada.accept(&request, &flow_support::ada()).await.unwrap();
    let (none, _) = codes().await;
    assert!(none.is_empty(), "an answer is not in its own way: {none:?}");
    let check = ada.check_relationship(library.address()).await.unwrap();
    assert_eq!(
        check.obstacles[0].code,
        "error.tessera.relationships.answerWaits"
    );

    world.proxy.online();
    world.clock.forward(60);
    ada.sync().await.unwrap();
    assert_eq!(codes().await, (vec![EXISTS.to_owned()], None));
}
