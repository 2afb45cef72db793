//! Every target with its seeds, with changes to them, and with what once went wrong.
//!
//! `TESSERA_FUZZ_ROUNDS=100` makes a hundred times as many changes, other ones in each round.
#![allow(missing_docs)]

use std::{collections::BTreeSet, fs, path::Path};

use tessera_fuzz::{TARGETS, Target};

/// How many changed inputs a target gets, about. The slow ones get fewer.
const CHANGED: usize = 4000;

/// Numbers that look random and are always the same.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

/// An input with a few things done to it; `other` is another one.
fn changed(input: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        let to = (at + random.below(24)).min(bytes.len());
        match random.below(7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..to)),
            2 => {
                let again = bytes[at..to].to_vec();
                bytes.splice(at..at, again);
            }
            3 => {
                let from = random.below(other.len() + 1);
                let part = &other[from..(from + random.below(64)).min(other.len())];
                bytes.splice(at..to, part.iter().copied());
            }
            4 => bytes.splice(at..to, *b"\xff\xff").for_each(drop),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
        }
    }
    bytes
}

fn replay(name: &str, count: usize) {
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        unreachable!("a target without a name");
    };
    let seeds = (target.seeds)();
    assert!(seeds.len() >= 10, "{name} has hardly a seed");
    seeds.iter().for_each(|seed| (target.run)(seed));
    let rounds = std::env::var("TESSERA_FUZZ_ROUNDS").ok();
    let rounds: usize = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    let mut random = Random(1);
    for _ in 0..count * rounds {
        let (input, other) = (random.below(seeds.len()), random.below(seeds.len()));
        (target.run)(&changed(&seeds[input], &seeds[other], &mut random));
    }
    let found = found(target);
    found.iter().for_each(|input| (target.run)(input));
    let (count, seeds, found) = (count * rounds, seeds.len(), found.len());
    println!("{name}: {seeds} seeds, {count} changed, {found} found before");
}

/// What fuzzing has found before.
fn found(target: &Target) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("found")
        .join(target.name);
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter_map(|file| fs::read(file.path()).ok())
        .collect()
}

#[test]
fn content() {
    replay("content", CHANGED);
}

#[test]
fn decision() {
    replay("decision", CHANGED);
}

#[test]
fn envelope() {
    replay("envelope", CHANGED / 2);
}

#[test]
fn frame() {
    replay("frame", CHANGED / 40);
}

#[test]
fn incoming() {
    replay("incoming", CHANGED);
}

#[test]
fn picture() {
    replay("picture", CHANGED / 80);
}

#[test]
fn reference() {
    replay("reference", CHANGED);
}

#[test]
fn request() {
    replay("request", CHANGED);
}

#[test]
fn every_target_has_a_program_and_a_test_of_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let programs = fs::read_dir(folder.join("targets"))
        .into_iter()
        .flatten()
        .flatten();
    let programs: BTreeSet<String> = programs
        .filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    let targets: BTreeSet<String> = TARGETS
        .iter()
        .map(|target| target.name.to_owned())
        .collect();
    assert_eq!(programs, targets);
    let tests = include_str!("replay.rs");
    for target in TARGETS {
        let called = format!("replay(\"{}\"", target.name);
        assert!(tests.contains(&called), "{}", target.name);
    }
}
