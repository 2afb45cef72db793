//! The wallet and enmeshed's TypeScript runtime 7 at the same work in the same run: to build the
//! form of a Request, to check a Decision, and to accept it. Prints a table with the ratios.
//!
//! The wallet works on its encrypted database on the disk. "accept" ends when the answer and all it
//! shares are on the disk, "delivered" when the Backbone has it. The runtime works on the database
//! that it comes with, in memory; "accept" ends there when the answer is in memory, and "saved"
//! when it is in the file. `TESSERA_BENCH_ATTRIBUTES` sets how many own Attributes there are
//! (10,000), `TESSERA_BENCH_ITEMS` the largest Request (1,000 items), `TESSERA_BENCH_ROUNDS` how often one
//! of each size is accepted (3), and `TESSERA_BENCH_RUNTIME=no` leaves the runtime out. The last line is
//! the floor: what this disk needs to keep as many bytes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

mod stage;

use std::{collections::BTreeMap, fs::File, io::Write, path::Path, pin::pin, time::Instant};

use stage::{Stage, runtime::Peer};
use tessera_core_types::RequestId;
use tessera_wallet::{Changed, Wallet, WalletEvent};

const ITEMS: [usize; 3] = [10, 100, 1_000];

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// What was measured of one kind of work.
#[derive(Default)]
struct Times(BTreeMap<&'static str, Vec<f64>>);

impl Times {
    fn add(&mut self, name: &'static str, milliseconds: f64) {
        self.0.entry(name).or_default().push(milliseconds);
    }

    fn median(&mut self, name: &str) -> Option<f64> {
        self.0.get_mut(name).map(|times| median(times))
    }
}

/// One Request, from its form to its answer.
async fn decide(person: &Wallet, request: &RequestId, mine: &mut Times) {
    let decision = person.default_decision(request).await.unwrap();
    for _ in 0..3 {
        let start = Instant::now();
        person.form(request).await.unwrap();
        mine.add("form", since(start));
        let start = Instant::now();
        assert!(person.check(request, &decision).await.unwrap().is_success);
        mine.add("check", since(start));
    }
    // The page is told as soon as it is on the disk.
    let mut events = person.subscribe();
    let start = Instant::now();
    let mut accepting = pin!(person.accept(request, &decision));
    let told = tokio::select! {
        told = events.recv() => told.unwrap(),
        _ = &mut accepting => panic!("nobody was told"),
    };
    mine.add("accept", since(start));
    assert_eq!(
        told,
        WalletEvent::Changed {
            what: Changed::Requests
        }
    );
    accepting.await.unwrap();
    mine.add("delivered", since(start));
}

/// What the disk needs to keep so many bytes.
fn floor(folder: &Path, bytes: usize) -> f64 {
    let path = folder.join("floor");
    let mut times: Vec<f64> = (0..20)
        .map(|_| {
            let mut file = File::options()
                .create(true)
                .append(true)
                .open(&path)
                .unwrap();
            let start = Instant::now();
            file.write_all(&vec![42; bytes]).unwrap();
            file.sync_data().unwrap();
            since(start)
        })
        .collect();
    median(&mut times)
}

#[tokio::main]
async fn main() {
    // `cargo test --benches` only wants to know whether it runs.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let setting = |name: &str, usual: usize| {
        std::env::var(format!("TESSERA_BENCH_{name}")).map_or(usual, |text| text.parse().unwrap())
    };
    let attributes = setting("ATTRIBUTES", 10_000);
    let rounds = setting("ROUNDS", 3);
    let mut stage = Stage::new(attributes).await;
    let runtime_folder = stage.person_folder().with_file_name("runtime");
    let is_alone = std::env::var("TESSERA_BENCH_RUNTIME").is_ok_and(|text| text == "no");
    let mut peer = (!is_alone).then(|| Peer::start(stage.base_url(), attributes, &runtime_folder));
    println!("{attributes} own Attributes; medians in milliseconds: wallet, runtime 7, ratio");
    let most = setting("ITEMS", 1_000);
    for items in ITEMS.into_iter().filter(|items| *items <= most) {
        let (mut mine, mut theirs) = (Times::default(), Times::default());
        for round in 0..rounds {
            // Each Request starts a Relationship, and there is one with each.
            stage
                .change_organisation(&format!("{items} items, {round}"))
                .await;
            let reference = stage.offered(items, None).await;
            if let Some(peer) = &mut peer {
                let times = peer.decide(&reference);
                for name in ["form", "check", "accept", "saved"] {
                    theirs.add(name, times[name].as_f64().unwrap());
                }
            }
            let request = stage.load(&reference, None).await;
            decide(&stage.person, &request, &mut mine).await;
        }
        for (name, other) in [
            ("form", "form"),
            ("check", "check"),
            ("accept", "accept"),
            ("accept", "saved"),
            ("delivered", ""),
        ] {
            let my_time = mine.median(name).unwrap();
            print!("{items:>5} items, {name:<9} {my_time:>9.2}");
            match theirs.median(other) {
                Some(its) => println!(" {its:>9.2} {:>7.1}  ({other})", its / my_time),
                None => println!(),
            }
        }
    }
    println!(
        "floor: 32 KiB to the disk {:.2}",
        floor(&stage.person_folder(), 32 << 10)
    );
}
