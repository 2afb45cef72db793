//! Contacts that speak v6 ask for a part of a value, or for several put together: what was made of what
//! stays known.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use flow_support::*;
use serde_json::{Value, json};
use tessera_content::{Decision, Request};
use tessera_core_types::AttributeId;
use tessera_wallet::{
    Wallet, WalletError, attributes::AttributeError, model::LocalAttribute, views::DerivationEntry,
};

/// The library asks for a value type that only v6 knows; Ada answers with an Attribute she has, or with
/// what the form offers first.
async fn asked_for(library: &Wallet, ada: &Wallet, value_type: &str, with: Option<&AttributeId>) {
    let request = Request::parse(&json!({ "items": [{
        "@type": "ReadAttributeRequestItem", "mustBeAccepted": true,
        "query": { "@type": "IdentityAttributeQuery", "valueType": value_type },
    }] }))
    .unwrap();
    let sent = library.send_request(ada.address(), request).await.unwrap();
    ada.sync().await.unwrap();
    let decision = match with {
        Some(id) => {
            let item = json!({ "accept": true, "existingAttributeId": id });
            Decision::parse(&json!({ "items": [item] })).unwrap()
        }
        None => ada.default_decision(&sent.id).await.unwrap(),
    };
    ada.accept(&sent.id, &decision).await.unwrap();
    library.sync().await.unwrap();
}

async fn add(wallet: &Wallet, value: Value) -> LocalAttribute {
    wallet.add_attribute(value, None).await.unwrap()
}

fn address(house: &str, city: &str) -> Value {
    json!({ "@type": "StreetAddress", "recipient": "Ada", "street": "Square", "houseNo": house,
        "zipCode": "W1", "city": city, "country": "GB" })
}

/// What an Attribute was made of, each with whether it has a newer version since.
async fn sources(wallet: &Wallet, id: &AttributeId) -> Vec<(AttributeId, bool)> {
    let found = wallet.derivation(id).await.unwrap();
    assert!(!found.are_more_sources);
    brief(found.sources)
}

/// What was made of it, each with whether that was an older version of it.
async fn made_of(wallet: &Wallet, id: &AttributeId) -> Vec<(AttributeId, bool)> {
    let found = wallet.derivation(id).await.unwrap();
    assert!(!found.are_more_derived);
    brief(found.derived)
}

fn brief(entries: Vec<DerivationEntry>) -> Vec<(AttributeId, bool)> {
    let brief = |entry: DerivationEntry| (entry.attribute.id, entry.is_of_older_version);
    entries.into_iter().map(brief).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_knows_who_was_given_its_city_and_the_city_whence_it_came() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    connect(&world, &ada, &library).await;
    let home = add(&ada, address("12", "London")).await.id;
    assert!(made_of(&ada, &home).await.is_empty());

    asked_for(&library, &ada, "City", None).await;
    let found = ada.derivation(&home).await.unwrap();
    let [made] = found.derived.as_slice() else {
        panic!("{found:?}");
    };
    assert!(found.sources.is_empty());
    let city = made.attribute.id.clone();
    assert_eq!(
        made.attribute.value,
        json!({ "@type": "City", "value": "London" })
    );
    assert_eq!(made.attribute.shared_count, 1);
    assert_eq!(made.attribute.shared_with[0].peer, *library.address());
    assert_eq!(sources(&ada, &city).await, [(home.clone(), false)]);
    // On the other side it was made of nothing.
    assert!(sources(&library, &city).await.is_empty());

    // The same is remembered once, and another address with the same city beside it.
    asked_for(&library, &ada, "City", Some(&home)).await;
    assert_eq!(made_of(&ada, &home).await, [(city.clone(), false)]);
    world.clock.forward(1);
    let office = add(&ada, address("1", "London")).await.id;
    asked_for(&library, &ada, "City", Some(&office)).await;
    let both = [(office.clone(), false), (home.clone(), false)];
    assert_eq!(sources(&ada, &city).await, both);

    // A new version does not change what the city was made of.
    world.clock.forward(1);
    let moved = ada.succeed_attribute(&home, address("13", "London"), None);
    let moved = moved.await.unwrap().id;
    let from_before = [(office.clone(), false), (home.clone(), true)];
    assert_eq!(sources(&ada, &city).await, from_before);
    for version in [&home, &moved] {
        assert_eq!(made_of(&ada, version).await, [(city.clone(), true)]);
    }
    asked_for(&library, &ada, "City", Some(&moved)).await;
    let since = [(moved.clone(), false), (office.clone(), false)];
    assert_eq!(sources(&ada, &city).await, since);
    assert_eq!(made_of(&ada, &home).await, [(city.clone(), false)]);

    // What is deleted is forgotten as a source; the city stays.
    ada.delete_attribute(&moved).await.unwrap();
    assert_eq!(sources(&ada, &city).await, [(office.clone(), false)]);
    assert_eq!(ada.attribute(&city).await.unwrap().shared_count, 1);
    ada.delete_attribute(&city).await.unwrap();
    assert!(made_of(&ada, &office).await.is_empty());
    assert!(matches!(
        ada.derivation(&city).await,
        Err(WalletError::Attribute(AttributeError::NotFound))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_made_of_the_names_that_are_offered_first() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    connect(&world, &ada, &library).await;
    let own = ada.attributes().await.unwrap();
    let given = own
        .iter()
        .find(|one| one.value_type == "GivenName")
        .unwrap();
    let last = add(&ada, json!({ "@type": "Surname", "value": "Lovelace" }))
        .await
        .id;
    let other = add(&ada, json!({ "@type": "Surname", "value": "King" }))
        .await
        .id;

    asked_for(&library, &ada, "PersonName", None).await;
    let [(name, _)] = made_of(&ada, &given.id).await.try_into().unwrap();
    let shown = ada.attribute(&name).await.unwrap();
    assert_eq!(shown.value["surname"], "Lovelace");
    let of = [(given.id.clone(), false), (last.clone(), false)];
    assert_eq!(sources(&ada, &name).await, of);
    assert_eq!(made_of(&ada, &last).await, [(name, false)]);
    assert!(made_of(&ada, &other).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_very_many_sources_the_first_are_named() {
    let world = World::new().await;
    let (_library_home, library) = world.somebody("City library").await;
    let (_ada_home, ada) = world.somebody("Ada").await;
    connect(&world, &ada, &library).await;
    let houses = (1..=51).map(|house: u32| address(&house.to_string(), "London"));
    ada.add_attributes(houses.collect()).await.unwrap();
    let own = ada.attributes().await.unwrap();
    let homes = own.iter().filter(|one| one.value_type == "StreetAddress");
    let answers: Vec<Value> = homes
        .map(|home| json!({ "accept": true, "existingAttributeId": home.id }))
        .collect();
    assert_eq!(answers.len(), 51);
    let item = json!({ "@type": "ReadAttributeRequestItem", "mustBeAccepted": true,
        "query": { "@type": "IdentityAttributeQuery", "valueType": "City" } });
    let request = Request::parse(&json!({ "items": vec![item; 51] })).unwrap();
    let sent = library.send_request(ada.address(), request).await.unwrap();
    ada.sync().await.unwrap();
    let decision = Decision::parse(&json!({ "items": answers })).unwrap();
    ada.accept(&sent.id, &decision).await.unwrap();

    let own = ada.attributes().await.unwrap();
    let cities: Vec<_> = own.iter().filter(|one| one.value_type == "City").collect();
    assert_eq!(cities.len(), 1, "it is made once");
    let found = ada.derivation(&cities[0].id).await.unwrap();
    assert_eq!(found.sources.len(), 50);
    assert!(found.are_more_sources && !found.are_more_derived);
}
