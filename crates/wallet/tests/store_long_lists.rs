//! A list that words narrow says the same, however much of it they find and however it is read.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use std::collections::BTreeMap;

use store_support::{address, forward, identity_attribute, tell};
use tessera_core_types::AttributeId;
use tessera_wallet::{
    store::{StoreError, Transaction, attributes, given, indexing, own_attributes, share_info},
    views::{AttributeOrder, AttributeSearch, GivenOrder, GivenSearch},
};

/// Enough for a word to find too many to be sorted.
const MANY: usize = 700;

/// Values of which most, few or none have a word; each is given to somebody.
fn values(tx: &Transaction<'_>) -> Result<BTreeMap<AttributeId, String>, StoreError> {
    let mut texts = BTreeMap::new();
    for number in 0..MANY {
        let word = match number % 50 {
            0 => "Rare",
            1..=10 => "Other",
            _ => "Many",
        };
        let (value_type, text) = match number % 7 {
            0 => ("Surname", format!("{word} {}", number * 37 % MANY)),
            _ => ("GivenName", format!("{} {word}", number * 37 % MANY)),
        };
        // Many were stored at the same moment.
        let minutes = i64::try_from(number / 10).unwrap();
        let value = identity_attribute(value_type, &text, minutes);
        attributes::insert(tx, &value)?;
        let holder = address(u8::try_from(number % 5).unwrap());
        share_info::insert(tx, [&forward(&value.id, &holder, minutes)])?;
        texts.insert(value.id, format!("{value_type} {text}"));
    }
    Ok(texts)
}

/// Some places of a list: its beginning, its middle, its end, and beyond.
fn offsets(total: usize) -> [u32; 5] {
    [0, 3, total / 2, total.saturating_sub(5), total + 3].map(|place| u32::try_from(place).unwrap())
}

fn part(whole: &[AttributeId], offset: u32) -> Vec<AttributeId> {
    let (offset, limit) = (offset as usize, 10);
    whole.iter().skip(offset).take(limit).cloned().collect()
}

#[test]
fn own_values_are_found_whatever_the_share_of_them() {
    tell(|tx| {
        let texts = values(tx)?;
        for order in [
            AttributeOrder::ByType,
            AttributeOrder::NewestFirst,
            AttributeOrder::OldestFirst,
            AttributeOrder::ByValue,
        ] {
            for value_types in [vec![], vec!["GivenName".to_owned()]] {
                let search = AttributeSearch {
                    value_types,
                    order,
                    limit: u32::MAX,
                    ..AttributeSearch::default()
                };
                let everything = own_attributes::Wanted::of(tx, &search)?.page(u32::MAX)?;
                for word in ["Many", "Other", "Rare", "Nobody"] {
                    let fits = everything.iter().filter(|id| texts[id].contains(word));
                    let expected: Vec<AttributeId> = fits.cloned().collect();
                    for offset in offsets(expected.len()) {
                        let search = AttributeSearch {
                            text: word.to_lowercase(),
                            offset,
                            limit: 10,
                            ..search.clone()
                        };
                        let wanted = own_attributes::Wanted::of(tx, &search)?;
                        let total = wanted.count()?;
                        assert_eq!(total as usize, expected.len(), "{search:?}");
                        let expected = part(&expected, offset);
                        assert_eq!(wanted.page(total)?, expected, "{search:?}");
                    }
                }
            }
        }
        Ok(())
    })
    .unwrap();
}

#[test]
fn who_has_what_is_found_whatever_the_share_of_it() {
    tell(|tx| {
        let texts = values(tx)?;
        indexing::catch_up(tx)?;
        let ids = |wanted: &given::Wanted<'_>, total| -> Result<Vec<AttributeId>, StoreError> {
            let entries = wanted.page(total)?.into_iter();
            Ok(entries.map(|entry| entry.attribute_id).collect())
        };
        for order in [
            GivenOrder::NewestFirst,
            GivenOrder::OldestFirst,
            GivenOrder::ByValue,
            GivenOrder::ByValueDescending,
        ] {
            for peer in [None, Some(address(2))] {
                let search = GivenSearch {
                    peer,
                    order,
                    limit: u32::MAX,
                    ..GivenSearch::default()
                };
                let everything = ids(&given::Wanted::of(tx, &search)?, u32::MAX)?;
                // What is of a type that the words name fits as well.
                for (word, value_type) in [
                    ("Many", None),
                    ("Rare", None),
                    ("Rare", Some("Surname")),
                    ("Other", Some("GivenName")),
                    ("Nobody", None),
                ] {
                    let fits = everything.iter().filter(|id| {
                        let text = &texts[id];
                        text.contains(word) || value_type.is_some_and(|one| text.contains(one))
                    });
                    let expected: Vec<AttributeId> = fits.cloned().collect();
                    for offset in offsets(expected.len()) {
                        let search = GivenSearch {
                            text: word.to_lowercase(),
                            value_types: value_type.map(str::to_owned).into_iter().collect(),
                            offset,
                            limit: 10,
                            ..search.clone()
                        };
                        let wanted = given::Wanted::of(tx, &search)?;
                        let total = wanted.count()?;
                        assert_eq!(total as usize, expected.len(), "{search:?}");
                        let expected = part(&expected, offset);
                        assert_eq!(ids(&wanted, total)?, expected, "{search:?}");
                    }
                }
            }
        }
        Ok(())
    })
    .unwrap();
}
