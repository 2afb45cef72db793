//! Opening the list of who has what with 100,000 entries: 10,000 contacts with ten attributes each.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod stage;

use criterion::{Criterion, criterion_group, criterion_main};
use stage::Stage;
use tessera_core_types::{
    Address, AttributeForwardingDetailsId, CoreDate, RequestId, SystemRandomness,
};
use tessera_wallet::{
    Environment, Wallet,
    keys::{self, Unlock},
    model::{LocalAttributeShareInfo, ShareDirection, ShareReference},
    store::{FolderLock, Store, StoreError, share_info},
    views::{GivenOrder, GivenSearch},
};
use tokio::runtime::Runtime;

const ATTRIBUTES: usize = 1_000;
const CONTACTS: u32 = 10_000;
const EACH: usize = 10;

/// A person whose contacts have so much.
async fn person() -> (Stage, Wallet) {
    let stage = Stage::new(ATTRIBUTES).await;
    let own = stage.person.attributes().await.unwrap();
    stage.person.close().await.unwrap();
    let folder = stage.person_folder();
    let unlock = Unlock::Keyring(stage.keyring.clone());
    let key = keys::open(&folder, &unlock).unwrap();
    let store = Store::open(FolderLock::acquire(&folder).unwrap(), &key)
        .ok()
        .unwrap();
    let start = CoreDate::parse("2026-01-01").unwrap();
    let random = SystemRandomness;
    store
        .write(move |transaction| {
            for contact in 0..CONTACTS {
                let mut seed = [0; 32];
                seed[..4].copy_from_slice(&contact.to_be_bytes());
                let peer = Address::of_key(&seed, "localhost");
                for number in 0..EACH {
                    let which = (contact as usize * 7 + number) % own.len();
                    let shared_at = start.plus(chrono::TimeDelta::seconds(i64::from(contact)));
                    share_info::insert(
                        transaction,
                        [&LocalAttributeShareInfo {
                            attribute_id: own[which].id.clone(),
                            direction: ShareDirection::Forwarded,
                            peer: peer.clone(),
                            source_reference: ShareReference::Request(RequestId::generate(&random)),
                            shared_at: Some(shared_at),
                            initial_attribute_peer: None,
                            deletion_info: None,
                            forwarding_details_id: Some(AttributeForwardingDetailsId::generate(
                                &random,
                            )),
                            wire_attribute_id: own[which].id.clone(),
                        }],
                    )?;
                }
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    store.close().await.unwrap();
    let wallet = Wallet::open(&folder, unlock, Environment::system())
        .await
        .unwrap();
    (stage, wallet)
}

fn given(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let (_stage, wallet) = runtime.block_on(person());
    let everything = GivenSearch::default();
    let first = runtime.block_on(wallet.given(everything.clone())).unwrap();
    assert_eq!(first.total as usize, CONTACTS as usize * EACH);
    let last = first.entries.last().unwrap();
    let mut group = criterion.benchmark_group("who has what, 100,000 entries");
    for (name, search) in [
        ("open", everything.clone()),
        (
            "open by value",
            GivenSearch {
                order: GivenOrder::ByValue,
                ..everything.clone()
            },
        ),
        (
            "the next page",
            GivenSearch {
                after: Some(last.place.clone()),
                ..everything.clone()
            },
        ),
        (
            "one contact",
            GivenSearch {
                peer: Some(last.peer.clone()),
                ..everything.clone()
            },
        ),
        (
            "one attribute",
            GivenSearch {
                attribute: Some(last.attribute_id.clone()),
                ..everything.clone()
            },
        ),
        (
            "a word of one attribute",
            GivenSearch {
                text: "ada778".to_owned(),
                ..everything
            },
        ),
    ] {
        group.bench_function(name, |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| async { wallet.given(search.clone()).await.unwrap() });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = given
}
criterion_main!(benches);
