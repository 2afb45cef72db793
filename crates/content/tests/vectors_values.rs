//! The recorded values, and the IQL queries.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use chrono::NaiveDate;
use common::{list, text, vectors};
use serde_json::{Value, json};
use tessera_content::{
    AttributeValue, ContentError, IdentityAttribute, IqlExpression, IqlFeature, ValueKind,
};

/// The cases only use days before 2021 and after 2097.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2050, 1, 1).unwrap()
}

fn read(kind: ValueKind, value: &Value) -> Result<AttributeValue, ContentError> {
    let value = AttributeValue::parse(kind, value)?;
    value.check_date(today())?;
    Ok(value)
}

#[test]
fn vectors_values() {
    let vectors = vectors("requests-values.json");
    let cases = list(&vectors, "cases");
    for case in cases {
        let kind = match text(case, "kind") {
            "identity" => ValueKind::Identity,
            "relationship" => ValueKind::Relationship,
            other => panic!("{other}"),
        };
        let read = read(kind, &case["value"]);
        assert_eq!(json!(read.is_ok()), case["parses"], "{read:?} for {case}");
        let Ok(value) = read else {
            continue;
        };
        if let Some(becomes) = case.get("becomes") {
            assert_eq!(value.to_json(), *becomes, "{case}");
        }
        if let Some(allowed) = case.get("charactersAllowed") {
            assert_eq!(json!(value.check_characters().is_ok()), *allowed, "{case}");
        }
        let again = AttributeValue::parse(kind, &value.to_json()).unwrap();
        assert_eq!(again, value, "{case}");
    }
    println!("requests-values.json: {} cases passed", cases.len());
}

#[test]
fn vectors_iql() {
    let vectors = vectors("requests-iql.json");
    let attributes: Vec<IdentityAttribute> = list(&vectors, "attributes")
        .iter()
        .map(|attribute| IdentityAttribute::parse(attribute).unwrap())
        .collect();
    let cases = list(&vectors, "cases");
    for case in cases {
        match IqlExpression::parse(text(case, "query")) {
            Ok(query) => {
                assert_eq!(case["isValid"], json!(true), "{case}");
                let found: Vec<usize> = (0..attributes.len())
                    .filter(|at| query.matches(&attributes[*at]))
                    .collect();
                assert_eq!(json!(found), case["matches"], "{case}");
                // Whatever it finds can be looked up by what it can't do without.
                let Some(necessary) = query.condition().necessary() else {
                    continue;
                };
                for at in found {
                    let found = &attributes[at];
                    let has_one = necessary.iter().any(|feature| match feature {
                        IqlFeature::ValueType(name) => found.value.value_type() == *name,
                        IqlFeature::Tag(tag) => {
                            found.tags.iter().flatten().any(|known| known == tag)
                        }
                        IqlFeature::Text(value_type, text) => {
                            value_type.is_none_or(|name| found.value.value_type() == name)
                                && found.value.to_json().to_string().contains(text)
                        }
                    });
                    assert!(has_one, "{case}: {necessary:?}");
                }
            }
            Err(ContentError::InvalidIql { column, .. }) => {
                assert_eq!(case["isValid"], json!(false), "{case}");
                assert_eq!(json!(column), case["errorColumn"], "{case}");
            }
            Err(error) => panic!("{error} for {case}"),
        }
    }
    println!("requests-iql.json: {} cases passed", cases.len());
}
