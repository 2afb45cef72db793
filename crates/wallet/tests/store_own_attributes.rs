//! The list of own attributes: searched, filtered, sorted, page by page.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use serde_json::json;
use store_support::{at, identity_attribute, me, peer, tell};
use tessera_content::Attribute;
use tessera_wallet::{
    model::LocalAttribute,
    store::{
        StoreError, Transaction, attributes,
        own_attributes::{self, Wanted},
    },
    views::{AttributeOrder, AttributeSearch},
};

fn tagged(value_type: &str, value: &str, tags: &[&str], minutes: i64) -> LocalAttribute {
    let content = json!({
        "@type": "IdentityAttribute",
        "owner": me(),
        "value": { "@type": value_type, "value": value },
        "tags": tags,
    });
    LocalAttribute {
        content: Attribute::parse(&content).unwrap(),
        ..identity_attribute(value_type, value, minutes)
    }
}

/// What is found, by its values.
fn found(tx: &Transaction<'_>, search: &AttributeSearch) -> Result<Vec<String>, StoreError> {
    let mut values = Vec::new();
    let wanted = Wanted::of(tx, search)?;
    for id in wanted.page(wanted.count()?)? {
        let attribute = attributes::by_id(tx, &id)?.unwrap();
        let json = attribute.content.value().to_json();
        let text = json["value"].as_str().or(json["city"].as_str());
        values.push(text.unwrap().to_owned());
    }
    Ok(values)
}

fn for_text(text: &str) -> AttributeSearch {
    AttributeSearch {
        text: text.to_owned(),
        order: AttributeOrder::NewestFirst,
        ..AttributeSearch::default()
    }
}

fn some(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let mut default = tagged("GivenName", "Zoë Änne", &["x:legal"], 0);
    default.is_default = true;
    attributes::insert(tx, &default)?;
    attributes::insert(tx, &tagged("GivenName", "Ada", &["x:pen", "x:legal"], 2))?;
    attributes::insert(tx, &tagged("EMailAddress", "ada@example.org", &[], 1))?;
    let mut address = identity_attribute("GivenName", "unused", 3);
    address.content = Attribute::parse(&json!({
        "@type": "IdentityAttribute",
        "owner": me(),
        "value": {
            "@type": "StreetAddress", "recipient": "Ada Lovelace", "street": "Hauptstraße",
            "houseNo": "1", "zipCode": "10115", "city": "Berlin", "country": "DE",
        },
    }))
    .unwrap();
    attributes::insert(tx, &address)
}

#[test]
fn words_are_found_by_their_beginning_whatever_their_case_and_marks() {
    tell(|tx| {
        some(tx)?;
        for (text, wanted) in [
            ("ada", &["Berlin", "Ada", "ada@example.org"][..]),
            ("ADA exam", &["ada@example.org"]),
            ("ada@example.org", &["ada@example.org"]),
            ("zoe", &["Zoë Änne"]),
            ("änne", &["Zoë Änne"]),
            ("berl haupt 101", &["Berlin"]),
            ("pen", &["Ada"]),
            ("erlin", &[]),
            ("ada nobody", &[]),
            ("\" XOR \"", &[]),
            ("*", &["Berlin", "Ada", "ada@example.org", "Zoë Änne"]),
            ("", &["Berlin", "Ada", "ada@example.org", "Zoë Änne"]),
        ] {
            assert_eq!(found(tx, &for_text(text))?, wanted, "{text}");
            let count = Wanted::of(tx, &for_text(text))?.count()?;
            assert_eq!(count as usize, wanted.len(), "{text}");
        }
        Ok(())
    })
    .unwrap();
}

#[test]
fn the_list_is_filtered_sorted_and_taken_page_by_page() {
    tell(|tx| {
        some(tx)?;
        let search = AttributeSearch::default();
        let all = ["ada@example.org", "Zoë Änne", "Ada", "Berlin"];
        assert_eq!(found(tx, &search)?, all, "by type, the default first");
        let by = |order| AttributeSearch {
            order,
            ..AttributeSearch::default()
        };
        let oldest = found(tx, &by(AttributeOrder::OldestFirst))?;
        assert_eq!(oldest, ["Zoë Änne", "ada@example.org", "Ada", "Berlin"]);
        let by_value = found(tx, &by(AttributeOrder::ByValue))?;
        assert_eq!(by_value, ["Ada", "ada@example.org", "Berlin", "Zoë Änne"]);
        let page = AttributeSearch {
            offset: 1,
            limit: 2,
            ..search.clone()
        };
        assert_eq!(found(tx, &page)?, all[1..3]);
        assert_eq!(Wanted::of(tx, &page)?.count()?, 4);
        let names = AttributeSearch {
            value_types: vec!["GivenName".to_owned(), "Surname".to_owned()],
            ..search.clone()
        };
        assert_eq!(found(tx, &names)?, ["Zoë Änne", "Ada"]);
        let legal = AttributeSearch {
            tags: vec!["x:pen".to_owned(), "x:none".to_owned()],
            ..search
        };
        assert_eq!(found(tx, &legal)?, ["Ada"]);
        assert_eq!(own_attributes::tags(tx)?, ["x:legal", "x:pen"]);
        Ok(())
    })
    .unwrap();
}

#[test]
fn only_newest_own_versions_are_listed_and_what_is_gone_is_gone() {
    tell(|tx| {
        let mut first = tagged("GivenName", "Ada", &["x:old"], 0);
        first.is_default = true;
        attributes::insert(tx, &first)?;
        attributes::insert(tx, &store_support::relationship_attribute("number", 1))?;
        own_attributes::set_label(tx, &first.id, Some("Pen name"))?;
        let mut second = tagged("GivenName", "Augusta", &[], 2);
        second.succeeds = Some(first.id.clone());
        attributes::succeed(tx, &second)?;
        attributes::set_default(tx, &second.id)?;
        assert_eq!(found(tx, &for_text(""))?, ["Augusta"]);
        assert_eq!(found(tx, &for_text("ada"))?, [""; 0]);
        assert_eq!(
            found(tx, &for_text("pen"))?,
            ["Augusta"],
            "the label moved along"
        );
        assert_eq!(own_attributes::tags(tx)?, [""; 0]);
        let label = own_attributes::label(tx, &second.id)?;
        assert_eq!(label.as_deref(), Some("Pen name"));
        let value = second.content.value();
        let same = own_attributes::of_value(tx, value)?.unwrap();
        assert_eq!(same.id, second.id);
        assert_eq!(own_attributes::of_value(tx, first.content.value())?, None);

        let youngest = own_attributes::youngest_but(tx, "GivenName", &second.id)?;
        assert_eq!(youngest, None);
        attributes::delete(tx, &second.id)?;
        assert_eq!(found(tx, &for_text("augusta"))?, [""; 0]);
        let missing = attributes::delete(tx, &second.id);
        assert_eq!(missing, Err(StoreError::Missing("Attribute")));
        let left = attributes::by_id(tx, &first.id)?.unwrap();
        assert_eq!(left.succeeded_by, Some(second.id.clone()));
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_version_in_the_middle_is_cut_out_of_its_chain() {
    tell(|tx| {
        let first = identity_attribute("GivenName", "A", 0);
        attributes::insert(tx, &first)?;
        let mut second = identity_attribute("GivenName", "B", 1);
        second.succeeds = Some(first.id.clone());
        attributes::succeed(tx, &second)?;
        let mut third = identity_attribute("GivenName", "C", 2);
        third.succeeds = Some(second.id.clone());
        attributes::succeed(tx, &third)?;
        assert_eq!(attributes::version_number(tx, &third)?, 3);
        attributes::delete(tx, &second.id)?;
        let third = attributes::by_id(tx, &third.id)?.unwrap();
        assert_eq!((third.succeeds.clone(), third.created_at), (None, at(2)));
        assert_eq!(attributes::version_number(tx, &third)?, 1);
        assert!(attributes::by_wire_id(tx, &second.id, &peer())?.is_none());
        Ok(())
    })
    .unwrap();
}
