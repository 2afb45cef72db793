//! What was decided stays readable, whatever becomes of the contact.

use serde_json::Value;

use crate::stage::{PIN, Stage, answer, library_card, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_leaves_a_receipt_that_is_listed_shown_and_exported() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let mail = ada.knows("EMailAddress", "ada@example.org");
    let template = library.offers(&library_card(), &["--pin", PIN]);
    let request = ada.is_asked(&template);
    assert_eq!(ada.succeeds(&["receipt", "list"])["total"], 0);
    ada.decides(&request, &answer(&ada.address(), &mail));

    let with = ["receipt", "list", "--with", &library.address()];
    let list = ada.succeeds(&with);
    assert_eq!(list["total"], 1);
    assert_eq!(list["receipts"][0]["requestId"], request.as_str());
    assert_eq!(list["receipts"][0]["outcome"]["kind"], "delivered");
    let first = ada.succeeds(&["receipt", "list", "--before", "1", "--limit", "1"]);
    assert_eq!(first["receipts"], Value::Array(Vec::new()));

    let shown = ada.succeeds(&["receipt", "show", "1"]);
    assert_eq!(shown["@type"], "TesseraConsentReceipt");
    assert!(text(&shown, "note").contains("not a signature"));
    assert_eq!(shown["result"], "Accepted");
    assert_eq!(shown["request"]["id"], request.as_str());
    let given = &shown["response"]["items"][0]["attribute"]["value"]["value"];
    assert_eq!(given, "ada@example.org");

    let out = ada.path("receipt.json");
    let export = ["receipt", "export", "1", "--out", out.to_str().unwrap()];
    ada.succeeds(&export);
    let written: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(written, shown);
    assert_eq!(ada.fails(&export).code, "error.tessera.cli.fileUnwritable");
    let told = ada.fails(&["receipt", "show", "2"]);
    assert_eq!(told.code, "error.transport.recordNotFound");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_what_is_listed_and_written_as_a_table() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    assert_eq!(ada.succeeds(&["given"]), Value::Array(Vec::new()));
    let mail = ada.knows("EMailAddress", "ada@example.org");
    let template = library.offers(&library_card(), &["--pin", PIN]);
    let request = ada.is_asked(&template);
    ada.decides(&request, &answer(&ada.address(), &mail));

    let given = ada.succeeds(&["given", "--with", &library.address(), "--text", "EXAMPLE"]);
    assert_eq!(given[0]["attributeId"], mail.as_str());
    assert_eq!(given[0]["requestId"], request.as_str());
    assert_eq!(
        (given[0]["receipt"].clone(), &given[1]),
        (1.into(), &Value::Null)
    );
    assert_eq!(
        ada.succeeds(&["given", "--stale"]),
        Value::Array(Vec::new())
    );

    let out = ada.path("given.csv");
    let written = ada.succeeds(&["given", "--csv", out.to_str().unwrap()]);
    assert_eq!(written["rows"], 2, "the address and the name");
    let csv = std::fs::read_to_string(&out).unwrap();
    assert!(csv.starts_with("peer,peerName,valueType,value,"));
    assert!(csv.contains(",EMailAddress,ada@example.org,"));
    assert_eq!(csv.lines().count(), 3);
    stage.stop().await;
}
