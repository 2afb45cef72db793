//! The same case in another order, wherever order means nothing.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Numbers that look random and are the same for the same seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// What the same things at hand are in another order: the Attributes, what was shared of them, the
/// Files, the Relationships of different peers (of one peer the last one counts), and the names in
/// every object, those of the Request and of the Decision included.
pub fn shuffled(case: &Value, seed: u64) -> Value {
    let mut numbers = Numbers(seed);
    let mut case = with_other_names_first(case, &mut numbers);
    for name in ["localAttributes", "forwardingDetails", "files"] {
        if let Some(Value::Array(list)) = case["setup"].get_mut(name) {
            numbers.shuffle(list);
        }
    }
    if let Some(Value::Array(list)) = case["setup"].get_mut("relationships") {
        let peers: BTreeSet<String> = list.iter().map(|one| one["peer"].to_string()).collect();
        if peers.len() == list.len() {
            numbers.shuffle(list);
        }
    }
    case
}

fn with_other_names_first(json: &Value, numbers: &mut Numbers) -> Value {
    match json {
        Value::Array(list) => list
            .iter()
            .map(|one| with_other_names_first(one, numbers))
            .collect(),
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map
                .iter()
                .map(|(name, value)| (name.clone(), with_other_names_first(value, numbers)))
                .collect();
            numbers.shuffle(&mut entries);
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}
