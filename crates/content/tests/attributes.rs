//! Attributes: values, tags, forms, and which of them answer which query.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use chrono::NaiveDate;
use serde_json::{Value, json};
use tessera_content::{
    Attribute, AttributeQuery, AttributeValue, InputKind, QueryParties, RelationshipAttributeQuery,
    TagCollection, ValueKind, ValueType, ValueTypeDescription, check_tags, countries,
    find_forbidden_character, js_trim, languages, normalize_input,
};
use tessera_core_types::Address;

fn address(name: &str) -> Address {
    Address::of_key(name.as_bytes(), "localhost")
}

fn identity(value: Value) -> Value {
    json!({"@type": "IdentityAttribute", "owner": "", "value": value})
}

fn name(text: &str) -> AttributeValue {
    AttributeValue::parse(
        ValueKind::Identity,
        &json!({"@type": "GivenName", "value": text}),
    )
    .unwrap()
}

#[test]
fn the_table_is_whole() {
    assert_eq!(ValueType::all(ValueKind::Identity).len(), 29);
    assert_eq!(ValueType::all(ValueKind::Relationship).len(), 14);
    // Fifteen component types and PersonName.
    assert_eq!(ValueType::all(ValueKind::V6).len(), 16);
    assert_eq!((countries().len(), languages().len()), (249, 183));
    for kind in [ValueKind::Identity, ValueKind::Relationship, ValueKind::V6] {
        for value_type in ValueType::all(kind) {
            let description = ValueTypeDescription::of(value_type.name(), None).unwrap();
            assert!(!description.parts.is_empty(), "{}", value_type.name());
        }
    }
    assert!(!ValueType::named("SchematizedXML").unwrap().is_editable());
    assert!(!ValueType::named("PersonName").unwrap().is_editable());
}

#[test]
fn equal_values_are_equal_however_they_were_written() {
    let read = |json: Value| AttributeValue::parse(ValueKind::Identity, &json).unwrap();
    let plain = read(json!({"@type": "BirthDate", "day": 1, "month": 2, "year": 1990}));
    let other = read(json!({
        "year": {"@type": "BirthYear", "value": 1990}, "month": 2.0, "day": 1, "more": "?",
        "@type": "BirthDate"
    }));
    assert_eq!(plain, other);
    assert_eq!(
        other.to_json().to_string(),
        r#"{"@type":"BirthDate","day":1,"month":2,"year":1990}"#
    );
    assert_ne!(name("Ada"), name("ada"));
    assert_ne!(name("Ada"), name("Ada "));
    assert_eq!(name("Ada"), name(" \u{FEFF}Ada\u{A0}").trimmed());
}

#[test]
fn trimming_is_that_of_javascript() {
    assert_eq!(js_trim("\t\u{FEFF}\u{2003} a b \u{3000}\u{2029}"), "a b");
    assert_eq!(js_trim("\u{85}a\u{200B}"), "\u{85}a\u{200B}");
    let relationship = json!({"@type": "ProprietaryString", "title": " t ", "value": " v "});
    let value = AttributeValue::parse(ValueKind::Relationship, &relationship).unwrap();
    assert_eq!(value.trimmed(), value);
}

#[test]
fn a_birth_date_may_be_today() {
    let value = json!({"@type": "BirthDate", "day": 29, "month": 2, "year": 2024});
    let value = AttributeValue::parse(ValueKind::Identity, &value).unwrap();
    let day = |day| NaiveDate::from_ymd_opt(2024, 2, day).unwrap();
    assert!(value.check_date(day(29)).is_ok());
    assert!(value.check_date(day(28)).is_err());
    assert!(name("Ada").check_date(day(1)).is_ok());
}

#[test]
fn account_numbers_have_their_country_s_form() {
    let account =
        |iban: &str| json!({"@type": "BankAccount", "accountHolder": "Ada", "iban": iban});
    for iban in [
        "DE89370400440532013000",
        "GB29NWBK60161331926819",
        "FR1420041010050500013M02606",
        "NO9386011117947",
        "XK051212012345678906",
        "MT84MALT011000012345MTLCAST001S",
        "CH9300762011623852957",
    ] {
        assert!(
            AttributeValue::parse(ValueKind::Identity, &account(iban)).is_ok(),
            "{iban}"
        );
    }
    for iban in [
        "DE8937040044053201300",
        "DE893704004405320130000",
        "GB29NWBK6016133192681X",
        "US89370400440532013000",
        "DEX9370400440532013000",
        "D€89370400440532013000",
    ] {
        assert!(
            AttributeValue::parse(ValueKind::Identity, &account(iban)).is_err(),
            "{iban}"
        );
    }
}

#[test]
fn the_character_at_fault_is_named() {
    let found = find_forbidden_character("Zoë 😀").unwrap();
    assert_eq!((found.character, found.position), ('😀', 4));
    // A sequence is allowed as such; its second half alone is not.
    assert_eq!(find_forbidden_character("C\u{300}"), None);
    assert_eq!(find_forbidden_character("C\u{328}").unwrap().position, 1);
    assert_eq!(find_forbidden_character("u\u{308}").unwrap().position, 1);
    assert_eq!(find_forbidden_character(&normalize_input("u\u{308}")), None);
}

#[test]
fn an_error_or_a_log_tells_no_value() {
    let value = name("Geheim");
    assert!(!format!("{value:?}").contains("Geheim"));
    let wrong = json!({"@type": "EMailAddress", "value": "geheim"});
    let error = AttributeValue::parse(ValueKind::Identity, &wrong).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("geheim"));
    assert_eq!(error.path(), Some("value"));
}

#[test]
fn tags_need_a_known_prefix() {
    let collection: TagCollection = serde_json::from_value(json!({
        "supportedLanguages": ["en"],
        "tagsForAttributeValueTypes": {"PhoneNumber": {"emergency": {
            "displayNames": {"en": "Emergency"},
            "children": {"first": {"displayNames": {"en": "First"}}}
        }, "private": {"displayNames": {"en": "Private"}}}}
    }))
    .unwrap();
    let valid = |tag: &str, with: bool| {
        check_tags(
            &[tag.to_owned()],
            "PhoneNumber",
            with.then_some(&collection),
        )
        .is_ok()
    };
    for tag in [
        "x:",
        "X:mine",
        "urn:isbn:1",
        "language:de",
        "mimetype:image/png",
        "mimetype:*/*",
    ] {
        assert!(valid(tag, false), "{tag}");
    }
    for tag in ["bkb:private", "BKB:private", "bkb:emergency:first"] {
        assert!(valid(tag, true) && !valid(tag, false), "{tag}");
    }
    for tag in [
        "",
        "mine",
        "URN:x",
        "language:sh",
        "language:DE",
        "mimetype:video/mp4",
        "mimetype:image",
        "bkb:",
        "bkb:emergency",
        "bkb:emergency:",
        "bkb:private:first",
        "bkb:unknown",
        "foo:bar",
    ] {
        assert!(!valid(tag, true), "{tag}");
    }
}

#[test]
fn an_attribute_answers_a_query_or_not() {
    let (me, peer, third) = (address("me"), address("peer"), address("third"));
    let parties = QueryParties {
        me: &me,
        peer: &peer,
    };
    let given = |owner: &Address| {
        let mut json = identity(json!({"@type": "GivenName", "value": "Ada"}));
        json["owner"] = json!(owner);
        json["tags"] = json!(["x:a"]);
        json
    };
    let number = |owner: &Address, confidentiality: &str| {
        json!({"@type": "RelationshipAttribute", "owner": owner, "key": "no", "isTechnical": false,
               "confidentiality": confidentiality,
               "value": {"@type": "ProprietaryString", "title": "No.", "value": "1"}})
    };
    let by_type = |value_type: &str, tags: Value| json!({"@type": "IdentityAttributeQuery", "valueType": value_type, "tags": tags});
    let own = |owner: &str, title: &str| {
        json!({"@type": "RelationshipAttributeQuery", "owner": owner, "key": "no",
               "attributeCreationHints": {"title": title, "valueType": "ProprietaryString",
                                          "confidentiality": "public"}})
    };
    let other = |owner: &str, party: &str| {
        json!({"@type": "ThirdPartyRelationshipAttributeQuery", "owner": owner, "key": "no",
               "thirdParty": [party]})
    };
    let iql = json!({"@type": "IQLQuery", "queryString": "Surname"});
    let table: Vec<(Value, Value, Option<&str>)> = vec![
        (by_type("GivenName", json!([])), given(&me), None),
        (
            by_type("GivenName", json!(["x:b", "x:a"])),
            given(&me),
            None,
        ),
        (
            by_type("GivenName", json!(["x:b"])),
            given(&me),
            Some("tags"),
        ),
        (
            by_type("Surname", json!([])),
            given(&me),
            Some("value type"),
        ),
        (
            by_type("GivenName", json!([])),
            given(&peer),
            Some("somebody else"),
        ),
        (
            by_type("GivenName", json!([])),
            number(&me, "public"),
            Some("kind"),
        ),
        (iql.clone(), given(&me), None),
        (iql.clone(), given(&peer), Some("somebody else")),
        (iql, number(&me, "public"), Some("kind")),
        (own("", "No."), number(&me, "public"), None),
        (
            own("", "No."),
            number(&peer, "public"),
            Some("somebody else"),
        ),
        (own(peer.as_str(), "No."), number(&peer, "public"), None),
        (own("", "Number"), number(&me, "public"), Some("title")),
        (
            own("", "No."),
            number(&me, "private"),
            Some("confidentiality"),
        ),
        (
            other("recipient", third.as_str()),
            number(&me, "public"),
            None,
        ),
        (
            other("recipient", third.as_str()),
            number(&third, "public"),
            Some("somebody else"),
        ),
        (
            other("thirdParty", third.as_str()),
            number(&third, "public"),
            None,
        ),
        (other("thirdParty", ""), number(&third, "protected"), None),
        (
            other("thirdParty", ""),
            number(&me, "public"),
            Some("somebody else"),
        ),
        (
            other("thirdParty", peer.as_str()),
            number(&peer, "public"),
            Some("somebody else"),
        ),
        (other("", ""), number(&me, "public"), None),
        (other("", ""), number(&third, "public"), None),
        (
            other("", third.as_str()),
            number(&third, "private"),
            Some("private"),
        ),
    ];
    for (query, attribute, mismatch) in table {
        let answer = AttributeQuery::parse(&query)
            .unwrap()
            .check_answer(&Attribute::parse(&attribute).unwrap(), parties);
        match (answer, mismatch) {
            (Ok(()), None) => {}
            (Err(error), Some(why)) => {
                assert!(
                    error.to_string().contains(why),
                    "{error} for {query} and {attribute}"
                );
                assert_eq!(
                    error.code(),
                    "error.consumption.requests.attributeQueryMismatch"
                );
            }
            (answer, _) => panic!("{answer:?} for {query} and {attribute}"),
        }
    }
}

#[test]
fn an_answer_is_made_of_the_query_and_what_was_entered() {
    let query = RelationshipAttributeQuery::parse(&json!({
        "owner": "", "key": "no",
        "attributeCreationHints": {"title": "No.", "description": "On the card.",
            "valueType": "ProprietaryInteger", "confidentiality": "protected",
            "valueHints": {"min": 1, "max": 9}}
    }))
    .unwrap();
    let entered = json!({"value": 7});
    let attribute = query.new_attribute(entered.as_object().unwrap()).unwrap();
    assert_eq!(
        attribute.to_canonical_json(),
        r#"{"@type":"RelationshipAttribute","confidentiality":"protected","isTechnical":false,"key":"no","owner":"","value":{"@type":"ProprietaryInteger","description":"On the card.","title":"No.","value":7}}"#
    );
    let wrong = json!({"value": "seven"});
    assert!(query.new_attribute(wrong.as_object().unwrap()).is_err());
    // Hints are written with their types and with empty property hints.
    assert_eq!(
        query.to_json()["attributeCreationHints"]["valueHints"],
        json!({"@type": "ValueHints", "max": 9, "min": 1, "propertyHints": {}})
    );
    let form = ValueTypeDescription::of(
        "ProprietaryInteger",
        query.attribute_creation_hints.value_hints.as_ref(),
    )
    .unwrap();
    assert_eq!(
        (form.parts[0].min, form.parts[0].max),
        (Some(1.0), Some(9.0))
    );
}

#[test]
fn a_form_knows_its_widgets() {
    let inputs = |value_type: &str| {
        let form = ValueTypeDescription::of(value_type, None).unwrap();
        form.parts
            .iter()
            .map(|part| (part.name.clone(), part.input, part.is_required))
            .collect::<Vec<_>>()
    };
    let one = |value_type: &str| inputs(value_type)[0].1;
    assert_eq!(one("GivenName"), InputKind::Text);
    assert_eq!(one("EMailAddress"), InputKind::EMail);
    assert_eq!(one("PhoneNumber"), InputKind::Phone);
    assert_eq!(one("Website"), InputKind::Url);
    assert_eq!(one("Sex"), InputKind::Radio);
    assert_eq!(one("Nationality"), InputKind::SearchableSelect);
    assert_eq!(one("IdentityFileReference"), InputKind::File);
    assert_eq!(one("ProprietaryBoolean"), InputKind::Checkbox);
    assert_eq!(one("ProprietaryFloat"), InputKind::Number);
    assert_eq!(one("ProprietaryHEXColor"), InputKind::Color);
    assert_eq!(one("SchematizedJSON"), InputKind::Json);
    assert_eq!(one("VerifiableCredential"), InputKind::ReadOnly);
    let street = inputs("StreetAddress");
    let names: Vec<&str> = street.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "recipient",
            "street",
            "houseNo",
            "zipCode",
            "city",
            "country",
            "state"
        ]
    );
    assert_eq!(street[5].1, InputKind::SearchableSelect);
    assert!(street[5].2 && !street[6].2);
    assert!(ValueTypeDescription::of("BirthDate", None).unwrap().is_date);
    let e_mail = ValueTypeDescription::of("EMailAddress", None).unwrap();
    assert_eq!(
        (e_mail.parts[0].min_length, e_mail.parts[0].max_length),
        (Some(3), Some(254))
    );
}
