//! Questions that Ada answers in a form field or in words of her own.

use super::*;
use crate::{
    requests::{code, default_decision, form},
    views::{Ask, FieldSettings, FormItem, FormNode},
};

fn field(settings: &Value) -> Value {
    json!({
        "@type": "FormFieldRequestItem", "mustBeAccepted": true, "title": "A field",
        "settings": settings,
    })
}

fn item(situation: &Situation) -> FormItem {
    let shown = form(situation, summary(situation));
    let FormNode::Item(item) = &shown.nodes[0] else {
        panic!("{shown:?}");
    };
    item.clone()
}

#[test]
fn every_kind_of_field_is_shown_and_takes_what_fits() {
    let long = "a".repeat(4096);
    let too_long = "a".repeat(4097);
    for (settings, shown, good, bad) in [
        (
            json!({ "@type": "StringFormFieldSettings", "allowNewlines": true, "max": 4096 }),
            FieldSettings::String {
                allow_newlines: true,
                min: None,
                max: Some(4096),
            },
            vec![json!("one\ntwo"), json!(long)],
            vec![json!(""), json!(too_long), json!(5), json!(["a"])],
        ),
        (
            json!({ "@type": "IntegerFormFieldSettings", "unit": "kWh", "min": 0, "max": 9 }),
            FieldSettings::Integer {
                unit: Some("kWh".to_owned()),
                min: Some(0),
                max: Some(9),
            },
            vec![json!(0), json!(9), json!(2.0)],
            vec![json!(-1), json!(10), json!(1.5), json!("1"), json!(true)],
        ),
        (
            json!({ "@type": "DoubleFormFieldSettings", "min": 0.5 }),
            FieldSettings::Double {
                unit: None,
                min: Some(0.5),
                max: None,
            },
            vec![json!(0.5), json!(7)],
            vec![json!(0.4), json!("0.5")],
        ),
        (
            json!({ "@type": "BooleanFormFieldSettings" }),
            FieldSettings::Boolean,
            vec![json!(true), json!(false)],
            vec![json!("true"), json!(1)],
        ),
        (
            json!({ "@type": "DateFormFieldSettings" }),
            FieldSettings::Date,
            vec![json!("2024-02-29"), json!("2026-06-01T12:00:00+02:00")],
            vec![json!("2023-02-29"), json!("tomorrow"), json!(2024)],
        ),
        (
            json!({ "@type": "SelectionFormFieldSettings", "options": ["red", "green"] }),
            FieldSettings::Selection {
                options: vec!["red".to_owned(), "green".to_owned()],
                allow_multiple_selection: false,
            },
            vec![json!("green")],
            vec![json!("blue"), json!(["green"])],
        ),
        (
            json!({ "@type": "SelectionFormFieldSettings", "options": ["red", "green"],
                    "allowMultipleSelection": true }),
            FieldSettings::Selection {
                options: vec!["red".to_owned(), "green".to_owned()],
                allow_multiple_selection: true,
            },
            vec![json!(["green"]), json!(["green", "red"])],
            vec![
                json!("green"),
                json!([]),
                json!(["red", "red"]),
                json!(["blue"]),
            ],
        ),
        (
            json!({ "@type": "RatingFormFieldSettings", "maxRating": 5 }),
            FieldSettings::Rating { max_rating: 5 },
            vec![json!(1), json!(5)],
            vec![json!(0), json!(6), json!(2.5), json!("5")],
        ),
    ] {
        let situation = asked(json!([field(&settings)]));
        let form_item = item(&situation);
        assert_eq!(form_item.ask, Ask::FormField { settings: shown });
        assert!(form_item.can_be_accepted);
        let given = |response: &Value| {
            accept(
                &situation,
                json!([{ "accept": true, "response": response }]),
            )
        };
        for response in good {
            let decided = given(&response).unwrap();
            let answer = &decided.response.to_json()["items"][0];
            assert_eq!(answer["@type"], "FormFieldAcceptResponseItem");
            assert_eq!(answer["response"].as_f64(), response.as_f64());
            assert_eq!(decided.changes, []);
        }
        for response in bad {
            let error = given(&response).unwrap_err();
            assert_eq!(error.code(), code::BAD_PARAMETERS, "{response}");
            assert!(!error.to_string().contains("green"), "tells no answer");
        }
        for response in [json!({}), Value::Null] {
            assert_eq!(given(&response).unwrap_err().code(), code::UNREADABLE);
        }
        // What the person has to enter is not preselected, even if it is required.
        assert_eq!(
            default_decision(&situation).to_json()["items"],
            json!([{ "accept": false }])
        );
    }
}

#[test]
fn a_field_that_no_answer_fits_can_only_be_rejected() {
    for settings in [
        json!({ "@type": "StringFormFieldSettings", "max": 0 }),
        json!({ "@type": "StringFormFieldSettings", "min": 3, "max": 2 }),
        json!({ "@type": "IntegerFormFieldSettings", "min": 1, "max": 0 }),
        json!({ "@type": "DoubleFormFieldSettings", "min": 0.2, "max": 0.1 }),
        json!({ "@type": "SelectionFormFieldSettings", "options": [] }),
    ] {
        let situation = asked(json!([field(&settings)]));
        assert!(!item(&situation).can_be_accepted, "{settings}");
    }
}

#[test]
fn an_older_version_is_answered_in_free_words() {
    let situation = asked(json!([
        { "@type": "FreeTextRequestItem", "mustBeAccepted": true, "freeText": "Why?" },
    ]));
    let shown = item(&situation);
    assert_eq!(
        shown.ask,
        Ask::FreeText {
            free_text: "Why?".to_owned()
        }
    );
    let given = |text: Value| accept(&situation, json!([{ "accept": true, "freeText": text }]));
    let decided = given(json!("Because.")).unwrap();
    assert_eq!(
        decided.response.to_json()["items"][0],
        json!({ "@type": "FreeTextAcceptResponseItem", "result": "Accepted",
                "freeText": "Because." })
    );
    assert_eq!(given(json!("")).unwrap_err().code(), code::BAD_PARAMETERS);
    assert_eq!(given(json!(7)).unwrap_err().code(), code::UNREADABLE);
    let missing = accept(&situation, json!([{ "accept": true }])).unwrap_err();
    assert_eq!(missing.code(), code::UNREADABLE);
}
