//! Mails, what became of them, and the links of Files.

use serde_json::{Value, json};

use crate::{
    proxy::{Action, Proxy},
    stage::{PIN, Stage, Tessera, answer, library_card, text},
};

/// Makes Ada a reader of the library.
fn become_reader(library: &Tessera, ada: &Tessera) {
    let mail = ada.knows("EMailAddress", "ada@example.org");
    let template = library.offers(&library_card(), &["--pin", PIN]);
    let request = ada.is_asked(&template);
    ada.decides(&request, &answer(&ada.address(), &mail));
    library.syncs();
    let id = text(&library.relationship(), "id");
    library.succeeds(&["relationship", "accept", &id]);
    ada.syncs();
}

fn mails(from: &Tessera, to: &str, subject: &str) -> Value {
    let mail =
        json!({ "@type": "Mail", "to": [to], "cc": [], "subject": subject, "body": "Please." });
    from.succeeds(&[
        "message",
        "send",
        "--to",
        to,
        "--content",
        &from.json(&mail),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn sent_is_not_delivered_until_somebody_has_fetched_it() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    become_reader(&library, &ada);
    let sent = mails(&library, &ada.address(), "Overdue");
    assert_eq!(sent["state"], "sent");
    let number = sent["number"].to_string();
    let deliveries = ["message", "deliveries", &number];
    let waiting = library.succeeds(&deliveries);
    assert_eq!(waiting.as_array().map(Vec::len), Some(1));
    assert_eq!(waiting[0]["peer"]["address"], ada.address().as_str());
    assert_eq!(waiting[0]["receivedAt"], Value::Null);

    ada.syncs();
    let delivered = library.succeeds(&deliveries);
    assert_ne!(delivered[0]["receivedAt"], Value::Null);
    // Who got it sent nothing, and nobody knows of another.
    let received = &ada.succeeds(&["message", "list"])[0];
    let number = received["number"].to_string();
    assert_eq!(ada.succeeds(&["message", "deliveries", &number]), json!([]));
    let told = library.refuses(&["message", "deliveries", "99"]);
    assert_eq!(told.code, "error.transport.recordNotFound");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_finally_not_be_sent_is_sent_again_once() {
    let stage = Stage::new().await;
    let proxy = Proxy::start(&stage.url()).await;
    let library = stage.wallet_at("Library", &proxy.url());
    let ada = stage.wallet_at("Ada", &proxy.url());
    become_reader(&library, &ada);
    let sent = mails(&library, &ada.address(), "Overdue")["number"].to_string();
    let told = library.refuses(&["message", "again", &sent]);
    assert_eq!(
        told.code, "error.tessera.messages.invalid",
        "it did not fail"
    );

    proxy.rule(|seen| {
        let refusal = json!({ "error": { "id": "ERR", "message": "No.", "docs": "",
            "code": "error.platform.validation.invalidPropertyValue",
            "time": "2026-03-01T12:00:00Z" } });
        match seen.is("POST", "/api/v2/Messages") {
            true => Action::Answer(400, refusal.to_string()),
            false => Action::Pass,
        }
    });
    let failed = mails(&library, &ada.address(), "Overdue since long");
    assert_eq!(failed["state"], "failed");
    let number = failed["number"].to_string();
    proxy.online();
    let again = library.succeeds(&["message", "again", &number]);
    assert_eq!(again["state"], "sent");
    assert_eq!(again["content"], failed["content"]);
    assert_ne!(again["number"], failed["number"]);
    ada.syncs();
    let subjects = ada.succeeds(&["message", "list"]);
    let subjects = subjects.as_array().unwrap().iter();
    let got = subjects.filter(|one| one["content"]["subject"] == "Overdue since long");
    assert_eq!(got.count(), 1);
    let told = library.refuses(&["message", "again", &number]);
    assert_eq!(told.code, "error.tessera.messages.sentAgain");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_link_of_a_file_can_read_it() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let path = library.file("You have read it all.");
    let file = text(&library.succeeds(&["file", "upload", &path]), "id");
    let link = library.succeeds(&["file", "link", &file]);
    for (name, form) in [("long", "url"), ("short", "truncatedReference")] {
        let out = ada.path(name);
        let reference = text(&link, form);
        let out_text = out.to_str().unwrap();
        ada.succeeds(&["file", "download", &reference, "--out", out_text]);
        let read = std::fs::read_to_string(&out).unwrap();
        assert_eq!(read, "You have read it all.");
    }
    // Its id alone is worth nothing.
    let told = ada.refuses(&["file", "link", &file]);
    assert_eq!(told.code, "error.transport.recordNotFound");
    stage.stop().await;
}
