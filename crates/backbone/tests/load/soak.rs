//! Modest mixed load for long: the memory of the program must stay bounded.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    person,
    program::Place,
    setting,
    worker::{Stop, Worker},
};

/// How long unless `TESSERA_BACKBONE_SOAK_SECONDS` says something else.
const SECONDS: u64 = 3;
/// How many steps a second all people do together.
const STEPS_PER_SECOND: u64 = 8;
const WORKERS: u64 = 4;
/// What the program may need beyond what it needed after its first tenth, in KiB.
const ROOM: u64 = 64 * 1024;

#[tokio::test]
async fn its_memory_stays_bounded() {
    let seconds = setting("TESSERA_BACKBONE_SOAK_SECONDS", SECONDS);
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path());
    let program = place.start(&[]);
    let client = person::client(&place.base_url());
    let mut workers = Vec::new();
    for number in 0..WORKERS {
        workers.push(Worker::new(client.clone(), number).await);
    }
    let began = Instant::now();
    let mut timer = tokio::time::interval(Duration::from_millis(1000 / STEPS_PER_SECOND));
    let mut early = 0;
    let mut steps = 0_u64;
    println!("seconds,steps,resident_kib,peak_kib,data_bytes,cpu_seconds");
    while began.elapsed().as_secs() < seconds {
        timer.tick().await;
        let worker = usize::try_from(steps % WORKERS).unwrap();
        match workers[worker].step().await {
            Ok(()) => steps += 1,
            Err(Stop::Gone) => panic!("the connection broke"),
            Err(Stop::Wrong(what)) => panic!("{what}"),
        }
        let resident = memory(program.id(), "VmRSS:");
        if began.elapsed().as_secs() <= seconds / 10 {
            early = early.max(resident);
        }
        assert!(resident < early + ROOM, "{resident} KiB after {early} KiB");
        if steps % (STEPS_PER_SECOND * 60) == 1 {
            println!(
                "{},{steps},{resident},{},{},{:.1}",
                began.elapsed().as_secs(),
                memory(program.id(), "VmHWM:"),
                std::fs::metadata(&place.data).unwrap().len(),
                processor_seconds(program.id())
            );
        }
    }
    for worker in &mut workers {
        worker.check(true).await;
    }
}

/// A line of `/proc/<id>/status`, in KiB; 0 where there is no such thing.
fn memory(id: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// How long the processor worked for the program; a hundred ticks are a second.
fn processor_seconds(id: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u32 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u32>().ok())
        .sum();
    f64::from(ticks) / 100.0
}
