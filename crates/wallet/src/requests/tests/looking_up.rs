//! The store finds what the engine asks for.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{
    arbitrary::{answers, holdings, situation},
    *,
};
use crate::{
    WalletError,
    incoming::look_up,
    keys::DatabaseKey,
    requests::{Holdings, LookedUpValue, Lookup, lookup::own_by_value, needed},
    store::{
        FolderLock, Store,
        attributes::{self, Shares},
    },
};

/// What a store with these Attributes finds.
fn found(holdings: &Holdings, lookups: Vec<Lookup>) -> Vec<(Lookup, Vec<LocalAttribute>)> {
    let folder = tempfile::tempdir().unwrap();
    let key = DatabaseKey::from_slice(&[42; 32]).unwrap();
    let store = Store::create(FolderLock::acquire(folder.path()).unwrap(), &key).unwrap();
    let holdings = holdings.clone();
    let work = store.write(move |transaction| {
        for attribute in holdings.iter() {
            attributes::insert(transaction, attribute)?;
        }
        let look =
            |lookup: Lookup| Ok((lookup.clone(), look_up(transaction, &lookup, Shares::All)?));
        lookups
            .into_iter()
            .map(look)
            .collect::<Result<_, WalletError>>()
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(work).unwrap()
}

fn ids<'a>(attributes: impl IntoIterator<Item = &'a LocalAttribute>) -> BTreeSet<&'a str> {
    attributes.into_iter().map(|one| one.id.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_asked_for_is_found(
        situation in situation(),
        holdings in holdings(),
        given in answers(),
        name in prop_oneof![Just("Ada"), Just("King")],
    ) {
        let decision = Decision::parse(&json!({ "items": given })).unwrap();
        let mut lookups = needed(&situation.request.content, &energy(), Some(&decision));
        lookups.extend([
            Lookup::OwnOfType(None),
            Lookup::OwnOfType(Some("Surname".to_owned())),
            Lookup::OwnWithTag("x:a".to_owned()),
        ]);
        own_by_value(&own(9, given_name(name)).content, &mut lookups);
        for (lookup, found) in found(&holdings, lookups) {
            let wanted: Vec<&LocalAttribute> =
                holdings.iter().filter(|attribute| lookup.finds(attribute)).collect();
            let (found_ids, wanted_ids) = (ids(&found), ids(wanted));
            match lookup {
                // One of the same value is enough, but with all of its versions.
                Lookup::OwnOfValue(_) => {
                    prop_assert_eq!(found.is_empty(), wanted_ids.is_empty());
                    let is_wanted = |one: &&LocalAttribute| wanted_ids.contains(one.id.as_str());
                    if let Some(newest) = found.iter().find(is_wanted) {
                        let older = ids(holdings.older_versions(&newest.id));
                        prop_assert_eq!(found_ids.len(), older.len() + 1);
                        prop_assert!(older.is_subset(&found_ids));
                    }
                }
                // Further versions and kinds do no harm.
                Lookup::Attribute(_) | Lookup::RelationshipKey { .. } | Lookup::ReceivedFrom { .. } => {
                    prop_assert!(wanted_ids.is_subset(&found_ids));
                }
                _ => prop_assert_eq!(found_ids, wanted_ids),
            }
            // With their records of sharing.
            for attribute in &found {
                let shares = holdings.get(&attribute.id).map(|known| known.share_info.len());
                prop_assert_eq!(Some(attribute.share_info.len()), shares);
            }
        }
    }
}

#[test]
fn json_is_found_however_it_is_written() {
    let of = |n, value: Value| own(n, json!({ "@type": "SchematizedJSON", "value": value }));
    let known = of(1, json!({ "a": 1, "b": { "c": 2, "d": 3 } }));
    let again = of(2, json!({ "b": { "d": 3, "c": 2 }, "a": 1 }));
    let value = LookedUpValue::of(again.content.value());
    let holdings = [known].into_iter().collect();
    let found = found(&holdings, vec![Lookup::OwnOfValue(value)]);
    assert_eq!(found[0].1[0].id, attribute_id(1));
}

#[test]
fn of_many_candidates_enough_are_found_the_default_among_them() {
    let many = u32::try_from(Lookup::ENOUGH).unwrap() + 5;
    let mut all: Vec<LocalAttribute> = (0..many)
        .map(|n| own(n, given_name(&format!("Name {n}"))))
        .collect();
    all[0].is_default = true;
    let lookup = Lookup::Candidates {
        value_type: "GivenName".to_owned(),
        tags: vec![],
    };
    let found: BTreeMap<AttributeId, bool> = found(&all.into_iter().collect(), vec![lookup])
        .remove(0)
        .1
        .into_iter()
        .map(|attribute| (attribute.id, attribute.is_default))
        .collect();
    assert_eq!(found.len(), Lookup::ENOUGH);
    assert_eq!(found.get(&attribute_id(0)), Some(&true), "the default");
    assert!(found.contains_key(&attribute_id(many - 1)), "the newest");
}

#[test]
fn of_many_that_a_condition_may_find_the_newest_are_looked_through_and_a_text_is_found_among_all() {
    let many = u32::try_from(Lookup::LOOKED_THROUGH).unwrap() + 5;
    let mut all: Vec<LocalAttribute> = (1..many)
        .map(|n| own(n, given_name(&format!("Name {n}"))))
        .collect();
    let tagged = own(0, given_name("Ada-Augusta King")).with_tags(&["x:first"]);
    all.push(tagged.made_default());
    let text = |value_type: Option<&str>, text: &str| Lookup::OwnWithText {
        value_type: value_type.map(str::to_owned),
        text: text.to_owned(),
    };
    let lookups = vec![
        Lookup::OwnOfType(None),
        Lookup::OwnOfType(Some("GivenName".to_owned())),
        Lookup::OwnWithTag("x:first".to_owned()),
        text(None, "Ada-Augusta King"),
        text(Some("GivenName"), "Ada-Augusta King"),
        text(Some("Surname"), "Ada-Augusta King"),
    ];
    let found: Vec<Vec<AttributeId>> = found(&all.into_iter().collect(), lookups)
        .into_iter()
        .map(|(_, found)| found.into_iter().map(|one| one.id).collect())
        .collect();
    for bounded in &found[..2] {
        assert_eq!(bounded.len(), Lookup::LOOKED_THROUGH);
        assert!(bounded.contains(&attribute_id(many - 1)), "the newest");
    }
    assert!(found[1].contains(&attribute_id(0)), "the default");
    for one in &found[2..5] {
        assert_eq!(one, &[attribute_id(0)]);
    }
    assert!(found[5].is_empty());
}
