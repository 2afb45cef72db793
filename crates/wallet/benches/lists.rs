//! Every list of a wallet after a long life (`stage/crowd.rs`): its first page, one in the middle and
//! its last, what is found while somebody types, and the counts that stand beside the places.
//!
//! Prints a table. "first" is the time of the first try, when nothing of the list is in memory yet;
//! the others are of thirty more. The floor is what it takes in the same run to read as many rows
//! of the list's table one by one by their primary keys, from the same encrypted file.
//! `TESSERA_BENCH_SCALE` divides how much there is of everything (1). `TESSERA_BENCH_WALLET` is the folder
//! of a wallet that is filled, if it is new, and stays; `TESSERA_BENCH_PASSWORD` opens it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

mod stage;

use std::{future::Future, time::Instant};

use stage::{
    Stage,
    crowd::{self, Crowd},
};
use tessera_wallet::{
    Environment, Wallet,
    keys::{self, Unlock},
    store::{FolderLock, Store, StoreError, contacts},
    views::{
        AttributeOrder, AttributeSearch, ContactFilter, ContactOrder, ContactSearch, GivenOrder,
        GivenSearch, MessageSearch, ReceiptSearch, RequestSearch, SentSearch, TimelineSearch,
    },
};

const ROUNDS: usize = 30;
const PAGE: u32 = 100;

fn since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// What opens a wallet that stays.
fn kept_elsewhere() -> Unlock {
    Unlock::Passphrase(std::env::var("TESSERA_BENCH_PASSWORD").unwrap().into())
}

/// What one measurement needs.
struct Measured<'a> {
    wallet: &'a Wallet,
    floors: &'a [(&'static str, f64)],
}

impl<'a> Measured<'a> {
    /// Does something again and again; `work` says how many rows it gave.
    async fn time<F: Future<Output = usize>>(
        &self,
        name: &str,
        table: &str,
        work: impl Fn(&'a Wallet) -> F,
    ) {
        let start = Instant::now();
        let rows = work(self.wallet).await;
        let first = since(start);
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let start = Instant::now();
            work(self.wallet).await;
            times.push(since(start));
        }
        times.sort_by(f64::total_cmp);
        let (median, worst) = (times[ROUNDS / 2], times[ROUNDS - 1]);
        let floor = self.floors.iter().find(|(of, _)| *of == table).unwrap().1;
        let floor = floor * rows.max(1) as f64;
        println!(
            "{name:<52} {rows:>5} {first:>9.2} {median:>9.2} {worst:>9.2} {floor:>9.3} {:>7.1}",
            median / floor
        );
    }
}

/// Milliseconds for one row of each table, read by its primary key.
async fn floors(store: &Store, crowd: Crowd) -> Vec<(&'static str, f64)> {
    let mut floors = Vec::new();
    for (table, key, count) in [
        ("contact", "id", crowd.contacts),
        ("message", "number", crowd.messages),
        ("own_attribute", "id", crowd.attributes),
        ("given", "id", crowd.contacts * crowd.shares_each),
        ("receipt", "number", crowd.requests),
        ("outbox", "id", crowd.sent),
        ("search_entry", "id", crowd.contacts),
    ] {
        let sql = format!("SELECT * FROM {table} WHERE {key} = ?1");
        let time = store
            .read(move |transaction| {
                let mut times = Vec::new();
                for round in 0..ROUNDS {
                    let start = Instant::now();
                    for row in 0..PAGE as usize {
                        let id = 1 + (count / 2 + row + round) % count;
                        let mut statement = transaction.prepare_cached(&sql)?;
                        let columns = statement.column_count();
                        let read = statement.query_row([id as i64], |row| {
                            (0..columns).try_for_each(|column| row.get_ref(column).map(drop))
                        });
                        read.unwrap();
                    }
                    times.push(since(start) / f64::from(PAGE));
                }
                times.sort_by(f64::total_cmp);
                Ok::<_, StoreError>(times[ROUNDS / 2])
            })
            .await
            .unwrap();
        floors.push((table, time));
    }
    floors
}

/// The first page, one in the middle and the last.
fn places(total: usize) -> [(&'static str, u32); 3] {
    let total = u32::try_from(total).unwrap();
    [
        ("first page", 0),
        ("middle", total / 2),
        ("end", total.saturating_sub(PAGE)),
    ]
}

async fn people(measured: &Measured<'_>, crowd: Crowd) {
    for (order_name, order) in [
        ("by name", ContactOrder::ByName),
        ("newest first", ContactOrder::NewestFirst),
    ] {
        for (filter_name, filter, total) in [
            ("all", ContactFilter::All, crowd.contacts * 39 / 40),
            ("waiting", ContactFilter::Waiting, crowd.contacts / 25),
            ("active", ContactFilter::Active, crowd.contacts * 9 / 10),
            ("ended", ContactFilter::Ended, crowd.contacts * 3 / 50),
            ("archived", ContactFilter::Archived, crowd.contacts / 40),
        ] {
            for (place, offset) in places(total) {
                let search = ContactSearch {
                    filter,
                    order,
                    offset,
                    ..ContactSearch::default()
                };
                let name = format!("contacts, {filter_name}, {order_name}: {place}");
                measured
                    .time(&name, "contact", |wallet| {
                        let search = search.clone();
                        async move { wallet.search_contacts(search).await.unwrap().contacts.len() }
                    })
                    .await;
            }
        }
    }
    for (name, search) in [
        (
            "contacts with a tag",
            ContactSearch {
                tag: Some("work".to_owned()),
                ..ContactSearch::default()
            },
        ),
        (
            "contacts that \"m\" finds",
            ContactSearch {
                text: "m".to_owned(),
                ..ContactSearch::default()
            },
        ),
        (
            "contacts that \"maike lov\" finds",
            ContactSearch {
                text: "maike lov".to_owned(),
                ..ContactSearch::default()
            },
        ),
    ] {
        measured
            .time(name, "contact", |wallet| {
                let search = search.clone();
                async move { wallet.search_contacts(search).await.unwrap().contacts.len() }
            })
            .await;
    }
    for (name, contact) in [
        ("the page of a contact", 1_234 % crowd.contacts),
        ("the page of one who writes much", 5),
    ] {
        measured
            .time(name, "contact", |wallet| async move {
                wallet.contact(&crowd::peer(contact)).await.unwrap();
                1
            })
            .await;
        measured
            .time(
                &format!("{name}: what it has"),
                "given",
                |wallet| async move {
                    let peer = crowd::peer(contact);
                    wallet.given_to(&peer).await.unwrap().len()
                },
            )
            .await;
        measured
            .time(
                &format!("{name}: what happened"),
                "message",
                |wallet| async move {
                    let search = TimelineSearch {
                        peer: crowd::peer(contact),
                        kind: None,
                        after: None,
                        limit: PAGE,
                    };
                    wallet.timeline(search).await.unwrap().entries.len()
                },
            )
            .await;
    }
}

async fn messages(measured: &Measured<'_>, crowd: Crowd) {
    for (name, search, total) in [
        (
            "messages",
            MessageSearch::default(),
            crowd.messages * 19 / 20,
        ),
        (
            "messages, only mail",
            MessageSearch {
                only_mail: true,
                ..MessageSearch::default()
            },
            crowd.messages * 19 / 20,
        ),
        (
            "messages, only unread",
            MessageSearch {
                only_unread: true,
                ..MessageSearch::default()
            },
            crowd.messages / 50,
        ),
        (
            "messages with one who writes much",
            MessageSearch {
                peer: Some(crowd::peer(5)),
                ..MessageSearch::default()
            },
            crowd.messages / 20,
        ),
    ] {
        for (place, offset) in places(total) {
            let search = MessageSearch {
                offset,
                limit: PAGE,
                ..search.clone()
            };
            measured
                .time(&format!("{name}: {place}"), "message", |wallet| {
                    let search = search.clone();
                    async move { wallet.mailbox(&search).await.unwrap().messages.len() }
                })
                .await;
        }
    }
}

async fn given(measured: &Measured<'_>, crowd: Crowd) {
    let total = crowd.contacts * crowd.shares_each;
    for (order_name, order) in [
        ("newest first", GivenOrder::NewestFirst),
        ("by value", GivenOrder::ByValue),
    ] {
        for (place, offset) in places(total) {
            let search = GivenSearch {
                order,
                offset,
                ..GivenSearch::default()
            };
            let name = format!("who has what, {order_name}: {place}");
            measured
                .time(&name, "given", |wallet| {
                    let search = search.clone();
                    async move { wallet.given(search).await.unwrap().entries.len() }
                })
                .await;
        }
    }
    for text in ["m", "ma", "mai", "maike"] {
        let search = GivenSearch {
            text: text.to_owned(),
            ..GivenSearch::default()
        };
        measured
            .time(&format!("who has what, {text:?}"), "given", |wallet| {
                let search = search.clone();
                async move { wallet.given(search).await.unwrap().entries.len() }
            })
            .await;
    }
}

async fn data(measured: &Measured<'_>, crowd: Crowd) {
    for (order_name, order) in [
        ("by type", AttributeOrder::ByType),
        ("newest first", AttributeOrder::NewestFirst),
        ("oldest first", AttributeOrder::OldestFirst),
        ("by value", AttributeOrder::ByValue),
    ] {
        for (place, offset) in places(crowd.attributes) {
            let search = AttributeSearch {
                order,
                offset,
                ..AttributeSearch::default()
            };
            let name = format!("my data, {order_name}: {place}");
            attributes(measured, &name, search).await;
        }
        let types = AttributeSearch {
            order,
            value_types: vec!["EMailAddress".to_owned(), "Website".to_owned()],
            offset: u32::try_from(crowd.attributes / 8).unwrap(),
            ..AttributeSearch::default()
        };
        let name = format!("my data, {order_name}, two types: middle");
        attributes(measured, &name, types).await;
        let tagged = AttributeSearch {
            order,
            tags: vec!["x:tag1".to_owned()],
            ..AttributeSearch::default()
        };
        let name = format!("my data, {order_name}, a tag: first page");
        attributes(measured, &name, tagged).await;
        for text in ["m", "ma", "mai", "maike 12"] {
            let search = AttributeSearch {
                text: text.to_owned(),
                order,
                ..AttributeSearch::default()
            };
            let name = format!("my data, {order_name}, {text:?}: first page");
            attributes(measured, &name, search).await;
        }
    }
}

async fn attributes(measured: &Measured<'_>, name: &str, search: AttributeSearch) {
    measured
        .time(name, "own_attribute", |wallet| {
            let search = search.clone();
            async move {
                wallet
                    .search_attributes(search)
                    .await
                    .unwrap()
                    .attributes
                    .len()
            }
        })
        .await;
}

async fn records(measured: &Measured<'_>, crowd: Crowd) {
    measured
        .time(
            "who has one value that all have",
            "given",
            |wallet| async move {
                let values = wallet.search_attributes(AttributeSearch {
                    order: AttributeOrder::OldestFirst,
                    limit: 1,
                    ..AttributeSearch::default()
                });
                let id = values.await.unwrap().attributes.remove(0).id;
                wallet.attribute(&id).await.unwrap();
                wallet.attribute_history(&id).await.unwrap();
                wallet.holders(&id).await.unwrap().newest.len()
            },
        )
        .await;
    for (place, offset) in places(crowd.requests) {
        let search = ReceiptSearch {
            offset,
            ..ReceiptSearch::default()
        };
        measured
            .time(&format!("receipts: {place}"), "receipt", |wallet| {
                let search = search.clone();
                async move { wallet.receipts(&search).await.unwrap().receipts.len() }
            })
            .await;
    }
    measured
        .time("outbox", "outbox", |wallet| async move {
            wallet.outbox_entries().await.unwrap().len()
        })
        .await;
    for (name, is_closed, total) in [
        ("Requests that wait", false, crowd.waiting),
        ("Requests that are closed", true, crowd.requests),
    ] {
        for (place, offset) in places(total) {
            let search = RequestSearch {
                is_closed,
                offset,
                ..RequestSearch::default()
            };
            measured
                .time(&format!("{name}: {place}"), "receipt", |wallet| {
                    let search = search.clone();
                    async move { wallet.search_requests(search).await.unwrap().requests.len() }
                })
                .await;
        }
    }
    for (place, offset) in places(crowd.asked) {
        let search = SentSearch {
            offset,
            ..SentSearch::default()
        };
        measured
            .time(&format!("own Requests: {place}"), "receipt", |wallet| {
                let search = search.clone();
                async move {
                    let page = wallet.search_sent_requests(search).await.unwrap();
                    page.requests.len()
                }
            })
            .await;
    }
}

async fn finding(measured: &Measured<'_>) {
    for text in [
        "m",
        "ma",
        "mai",
        "maie",
        "maike",
        "maike lov",
        "mail about",
        "zzz",
    ] {
        measured
            .time(
                &format!("find {text:?}"),
                "search_entry",
                |wallet| async move { wallet.find(text, 20).await.unwrap().len() },
            )
            .await;
    }
}

async fn counts(measured: &Measured<'_>) {
    measured
        .time("count: unread Messages", "message", |wallet| async move {
            wallet.unread_messages().await.unwrap();
            1
        })
        .await;
    measured
        .time(
            "count: what waits to be sent",
            "outbox",
            |wallet| async move {
                wallet.sync_status().await.unwrap();
                1
            },
        )
        .await;
}

#[tokio::main]
async fn main() {
    let scale = std::env::var("TESSERA_BENCH_SCALE").map_or(1, |text| text.parse().unwrap());
    let whole = Crowd::LARGE;
    let crowd = Crowd {
        contacts: whole.contacts / scale,
        messages: whole.messages / scale,
        attributes: whole.attributes / scale,
        requests: whole.requests / scale,
        asked: whole.asked / scale,
        sent: whole.sent / scale,
        ..whole
    };
    let only = std::env::args()
        .skip(1)
        .find(|text| !text.starts_with("--"));
    let wants = |name: &str| {
        only.as_ref()
            .is_none_or(|only| name.contains(only.as_str()))
    };

    let stage = Stage::new(0).await;
    stage.person.close().await.unwrap();
    let (folder, unlock) = match std::env::var_os("TESSERA_BENCH_WALLET") {
        Some(folder) => (folder.into(), kept_elsewhere()),
        None => (
            stage.person_folder(),
            Unlock::Keyring(stage.keyring.clone()),
        ),
    };
    let open = || {
        let key = keys::open(&folder, &unlock).unwrap();
        Store::open(FolderLock::acquire(&folder).unwrap(), &key)
    };
    let store = open().ok().unwrap();
    let known = store
        .read(|transaction| contacts::Wanted::of(transaction, &ContactSearch::default())?.count());
    if known.await.unwrap() < 10 {
        let start = Instant::now();
        crowd::fill(&store, crowd).await.unwrap();
        println!(
            "filled in {:.0} s: {crowd:?}",
            start.elapsed().as_secs_f64()
        );
    }
    store.close().await.unwrap();
    // Opened anew, as a program finds it.
    let store = open().ok().unwrap();
    let floors = floors(&store, crowd).await;
    store.close().await.unwrap();
    let wallet = Wallet::open(&folder, unlock.clone(), Environment::system())
        .await
        .unwrap();

    println!(
        "{:<52} {:>5} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "[ms]", "rows", "first", "median", "worst", "floor", "ratio"
    );
    let measured = Measured {
        wallet: &wallet,
        floors: &floors,
    };
    if wants("contacts") {
        people(&measured, crowd).await;
    }
    if wants("messages") {
        messages(&measured, crowd).await;
    }
    if wants("given") {
        given(&measured, crowd).await;
    }
    if wants("data") {
        data(&measured, crowd).await;
    }
    if wants("records") {
        records(&measured, crowd).await;
    }
    if wants("find") {
        finding(&measured).await;
    }
    if wants("counts") {
        counts(&measured).await;
    }
}
