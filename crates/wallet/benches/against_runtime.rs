//! The wallet and enmeshed's TypeScript runtime 7 at the same work in the same run: to build the
//! form of a Request, to check a Decision, and to accept it. Prints a table with the ratios.
//!
//! The wallet works on its encrypted database on the disk, and its acceptance is committed and
//! delivered to the Backbone; the runtime works on its database in memory, and its acceptance is
//! stored only. So the ratios are lower bounds. `TESSERA_BENCH_ATTRIBUTES` sets how many own
//! Attributes there are (10,000).
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

mod stage;

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use stage::Stage;

const ITEMS: [usize; 3] = [10, 100, 1_000];

/// The runtime in a process of its own.
struct Peer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    fn start(base_url: &str, attributes: usize) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/runtime.cjs");
        let mut child = Command::new("node")
            .arg(script)
            .args([base_url, &attributes.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut peer = Self {
            child,
            input,
            output,
        };
        assert_eq!(peer.line(), json!({ "ready": true }));
        peer
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert!(answer.get("failed").is_none(), "{answer}");
        answer
    }

    /// How many milliseconds each step takes.
    fn decide(&mut self, reference: &str) -> Value {
        writeln!(self.input, "{}", json!({ "reference": reference })).unwrap();
        self.line()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

#[tokio::main]
async fn main() {
    // `cargo test --benches` only wants to know whether it runs.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let attributes =
        std::env::var("TESSERA_BENCH_ATTRIBUTES").map_or(10_000, |text| text.parse().unwrap());
    let mut stage = Stage::new(attributes).await;
    let mut peer = Peer::start(stage.base_url(), attributes);
    println!("{attributes} own Attributes; milliseconds: wallet, runtime 7, ratio");
    for items in ITEMS {
        // Each Request starts a Relationship, and there is one with each.
        stage.change_organisation(&format!("{items} items")).await;
        let reference = stage.offered(items, None).await;
        let theirs = peer.decide(&reference.url(None).unwrap());
        let request = stage.load(&reference, None).await;
        let person = &stage.person;
        let decision = person.default_decision(&request).await.unwrap();
        let (mut form, mut check) = (Vec::new(), Vec::new());
        for _ in 0..7 {
            let start = Instant::now();
            person.form(&request).await.unwrap();
            form.push(start.elapsed());
            let start = Instant::now();
            assert!(person.check(&request, &decision).await.unwrap().is_success);
            check.push(start.elapsed());
        }
        let start = Instant::now();
        person.accept(&request, &decision).await.unwrap();
        let accept = vec![start.elapsed()];
        for (name, times) in [("form", form), ("check", check), ("accept", accept)] {
            let (mine, its) = (median(times), theirs[name].as_f64().unwrap());
            println!(
                "{items:>5} items, {name:<6} {mine:>9.1} {its:>9.1} {:>7.1}",
                its / mine
            );
        }
    }
}
