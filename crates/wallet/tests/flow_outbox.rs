//! What leaves the wallet is seen on its way: held, waiting, sent, or finally refused.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod flow_support;

use std::time::Duration;

use flow_support::*;
use serde_json::json;
use tessera_content::MessageContent;
use tessera_core_types::Address;
use tessera_wallet::{
    Wallet, WalletError,
    requests::Verdict,
    views::{OutboxAbout, OutboxEntry, OutboxEntryState, RelationshipStep},
};

fn mail(subject: &str, to: &[&Address]) -> MessageContent {
    let mail = json!({ "@type": "Mail", "to": to, "subject": subject, "body": "Soon." });
    MessageContent::parse(&mail).unwrap()
}

async fn entries(wallet: &Wallet) -> Vec<OutboxEntry> {
    wallet.outbox_entries().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_seen_from_being_held_to_being_sent() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (home, ada_wallet) = world.somebody("Ada").await;
    let template = template_of(&world, library_card());
    let template = library.create_template(template).await.unwrap();
    let request = load(&ada_wallet, &template).await;
    assert_eq!(entries(&ada_wallet).await, []);

    let time = Duration::from_secs(5);
    ada_wallet
        .hold(&request, Verdict::Accept, &ada(), time)
        .await
        .unwrap();
    let [held] = entries(&ada_wallet).await.try_into().unwrap();
    assert_eq!((held.state, held.number), (OutboxEntryState::Held, None));
    let answer = OutboxAbout::Answer {
        request_id: request,
        verdict: Verdict::Accept,
    };
    assert_eq!(held.about, answer);
    assert_eq!(held.title.as_deref(), Some("Become a reader"));
    assert_eq!(held.peers[0].address, *library.address());

    // Without a connection it waits, and says why; also after a restart.
    world.proxy.offline();
    world.clock.forward(1);
    ada_wallet.carry_out_due().await.unwrap();
    let ada_wallet = home.restart(&world, ada_wallet).await;
    let [queued] = entries(&ada_wallet).await.try_into().unwrap();
    assert_eq!(queued.state, OutboxEntryState::Queued);
    assert_eq!((&queued.about, queued.attempts), (&answer, 1));
    assert_eq!(queued.since, world.now());
    let code = queued.error_code.unwrap();
    assert!(code.starts_with("error.transport.request."), "{code}");
    assert!(queued.next_attempt_at.unwrap() > world.now());

    // Trying again before its time.
    ada_wallet.retry_now(queued.number.unwrap()).await.unwrap();
    assert_eq!(entries(&ada_wallet).await[0].attempts, 2);
    world.proxy.online();
    ada_wallet.retry_now(queued.number.unwrap()).await.unwrap();
    let [sent] = entries(&ada_wallet).await.try_into().unwrap();
    assert_eq!((sent.state, &sent.about), (OutboxEntryState::Sent, &answer));
    assert_eq!((sent.error_code, sent.next_attempt_at), (None, None));
    let again = ada_wallet.retry_now(queued.number.unwrap()).await;
    assert!(matches!(again, Err(WalletError::NotFound(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn trying_one_again_tries_what_has_to_go_before_it() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_choir_home, choir) = world.somebody("Choir").await;
    let (_home, ada) = world.somebody("Ada").await;
    let at_library = connect(&world, &ada, &library).await;
    connect(&world, &ada, &choir).await;
    let (one, other) = (library.address(), choir.address());

    world.proxy.offline();
    for (subject, to) in [
        ("to one", &[one][..]),
        ("to both", &[one, other]),
        ("to the other", &[other]),
    ] {
        let recipients: Vec<Address> = to.iter().map(|address| (*address).clone()).collect();
        ada.send_message(&recipients, mail(subject, to))
            .await
            .unwrap();
    }
    ada.terminate_relationship(&at_library).await.unwrap();
    let waiting: Vec<OutboxEntry> = entries(&ada)
        .await
        .into_iter()
        .filter(|entry| entry.state != OutboxEntryState::Sent)
        .collect();
    let titles: Vec<_> = waiting.iter().map(|entry| entry.title.as_deref()).collect();
    assert_eq!(
        titles,
        [Some("to one"), Some("to both"), Some("to the other"), None]
    );
    // The connection broke under the first one: nobody knows yet whether it arrived.
    assert_eq!(waiting[0].state, OutboxEntryState::Sending);
    assert_eq!(waiting[1].state, OutboxEntryState::Queued);
    assert_eq!(waiting[1].peers.len(), 2);
    let step = OutboxAbout::Step {
        relationship_id: at_library,
        step: RelationshipStep::Terminate,
    };
    assert_eq!(waiting[3].about, step);

    // The third one is asked for: the first two go out before it.
    world.proxy.online();
    ada.retry_now(waiting[2].number.unwrap()).await.unwrap();
    library.sync().await.unwrap();
    choir.sync().await.unwrap();
    let subjects = async |wallet: &Wallet| -> Vec<String> {
        let mut messages = wallet.messages().await.unwrap();
        messages.sort_by_key(|message| message.number);
        let mails = messages.into_iter().filter_map(|one| match one.content {
            MessageContent::Mail(mail) => Some(mail.subject),
            _ => None,
        });
        mails.collect()
    };
    assert_eq!(subjects(&library).await, ["to one", "to both"]);
    assert_eq!(subjects(&choir).await, ["to both", "to the other"]);
}
