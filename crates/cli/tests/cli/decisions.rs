//! Decisions that can't be made: each is refused with its place, and changes nothing.

use serde_json::{Value, json};

use crate::stage::{PIN, Stage, Tessera, answer, library_card};

const REQUIRED: &str = "error.consumption.requests.decide.validation.mustBeAcceptedItemNotAccepted";
const NUMBER: &str = "error.consumption.requests.decide.validation.invalidNumberOfItems";
const INHERITED: &str = "error.consumption.requests.validation.inheritedFromItem";

const PARAMETERS: &str = "error.consumption.requests.servalErrorDuringRequestItemProcessing";
const MISMATCH: &str = "error.consumption.requests.attributeQueryMismatch";

/// A Request like a library card, and the id of a fitting e-mail address.
fn asked(stage: &Stage) -> (Tessera, String, String) {
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let mail = ada.knows("EMailAddress", "ada@example.org");
    let template = library.offers(&library_card(), &["--pin", PIN]);
    let request = ada.is_asked(&template);
    (ada, request, mail)
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_without_a_decision_says_what_is_missing() {
    let stage = Stage::new().await;
    let (ada, request, _) = asked(&stage);
    let told = ada.refuses(&["request", "accept", &request]);
    assert_eq!(told.code, REQUIRED);
    assert!(told.message.contains("item 1.0"), "{}", told.message);
    let check = &told.error["check"];
    assert_eq!(check["isSuccess"], false);
    assert_eq!(check["code"], INHERITED);
    // The name is what is missing: the e-mail address is there, and nothing else needs one.
    assert_eq!(check["items"][0]["isSuccess"], true);
    assert_eq!(check["items"][1]["items"][0]["code"], REQUIRED);
    assert_eq!(check["items"][1]["items"][1]["isSuccess"], true);
    assert_eq!(check["items"][2]["isSuccess"], true);
    assert_eq!(check["items"][3]["isSuccess"], true);
    // `check` prints the same tree as a document: asking is no failure.
    assert_eq!(ada.succeeds(&["request", "check", &request]), *check);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_does_not_fit_is_refused_with_its_place() {
    let stage = Stage::new().await;
    let (ada, request, mail) = asked(&stage);
    let good = answer(&ada.address(), &mail);
    let somebody = ada.succeeds(&["request", "show", &request])["peer"].take();
    let phone = ada.knows("PhoneNumber", "+49 30 123456");
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut decision = good.clone();
        change(&mut decision["items"]);
        decision
    };
    let cases: &[(&str, Value, &str)] = &[
        (
            "too few items",
            json!({ "items": [{ "accept": true }] }),
            NUMBER,
        ),
        ("no items at all", json!({ "items": [] }), NUMBER),
        (
            "too few items in a group",
            changed(&|items| items[1] = json!({ "items": [{ "accept": true }] })),
            NUMBER,
        ),
        (
            "a required item is rejected",
            changed(&|items| items[0] = json!({ "accept": false })),
            REQUIRED,
        ),
        (
            "a required item of a group is rejected",
            changed(&|items| {
                items[1] = json!({ "items": [{ "accept": false }, { "accept": false }] })
            }),
            REQUIRED,
        ),
        (
            "a group is answered as an item",
            changed(&|items| items[1] = json!({ "accept": true })),
            "error.consumption.requests.decide.validation.requestItemGroupAnsweredAsRequestItem",
        ),
        (
            "an item is answered as a group",
            changed(&|items| items[0] = json!({ "items": [] })),
            "error.consumption.requests.decide.validation.requestItemAnsweredAsRequestItemGroup",
        ),
        (
            "an existing and a new attribute",
            changed(&|items| {
                items[0]["newAttribute"] = good["items"][1]["items"][0]["newAttribute"].clone()
            }),
            PARAMETERS,
        ),
        (
            "neither an existing nor a new attribute",
            changed(&|items| items[0] = json!({ "accept": true })),
            PARAMETERS,
        ),
        (
            "an attribute of another type",
            changed(&|items| items[0]["existingAttributeId"] = json!(phone)),
            MISMATCH,
        ),
        (
            "an attribute that is not there",
            changed(&|items| items[0]["existingAttributeId"] = json!("ATT00000000000000000")),
            "error.transport.recordNotFound",
        ),
        (
            "an id that is none",
            changed(&|items| items[0]["existingAttributeId"] = json!("nonsense")),
            PARAMETERS,
        ),
        (
            "a new attribute of somebody else",
            changed(&|items| items[1]["items"][0]["newAttribute"]["owner"] = somebody.clone()),
            MISMATCH,
        ),
        (
            "a new attribute that is not valid",
            changed(&|items| {
                items[1]["items"][0]["newAttribute"]["value"] =
                    json!({ "@type": "GivenName", "value": 7 })
            }),
            PARAMETERS,
        ),
    ];
    for (what, decision, code) in cases {
        let file = ada.json(decision);
        let told = ada.refuses(&["request", "accept", &request, "--decision", &file]);
        assert_eq!(told.code, *code, "{what}: {}", told.message);
        assert_eq!(told.error["check"]["isSuccess"], false, "{what}");
        assert!(!told.message.contains("ada@example.org"), "{what}");
    }
    // After all of that it can still be answered.
    assert_eq!(
        ada.decides(&request, &good)["response"]["content"]["result"],
        "Accepted"
    );
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_decision_is_refused_before_the_request_is_looked_at() {
    let stage = Stage::new().await;
    let (ada, request, _) = asked(&stage);
    for (content, code) in [
        ("", "error.tessera.content.notJson"),
        ("{\"items\":[", "error.tessera.content.notJson"),
        ("[]", "error.tessera.content.malformed"),
        ("{}", "error.tessera.content.malformed"),
        ("{\"items\":7}", "error.tessera.content.malformed"),
        ("{\"items\":[{}]}", "error.tessera.content.malformed"),
        (
            "{\"items\":[{\"accept\":\"yes\"}]}",
            "error.tessera.content.malformed",
        ),
    ] {
        let file = ada.file(content);
        for command in ["check", "accept", "reject"] {
            let told = ada.refuses(&["request", command, &request, "--decision", &file]);
            assert_eq!(told.code, code, "{content}: {}", told.message);
            assert!(told.message.contains(&file), "{}", told.message);
        }
    }
    let told = ada.refuses(&["request", "accept", &request, "--decision", "nowhere.json"]);
    assert_eq!(told.code, "error.tessera.cli.fileUnreadable");
    stage.stop().await;
}
