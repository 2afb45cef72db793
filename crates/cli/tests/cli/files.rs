//! Files that were given to the Backbone.

use serde_json::{Value, json};

use crate::stage::{Stage, text};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_uploaded_is_listed_without_what_opens_it() {
    let stage = Stage::new().await;
    let ada = stage.wallet("Ada");
    let list = ["file", "list"];
    assert_eq!(ada.succeeds(&list), json!([]));
    let path = ada.file("You have read it all.");
    let upload = [
        "file",
        "upload",
        &path,
        "--mimetype",
        "text/plain",
        "--title",
        "Certificate",
        "--expires-at",
        "2999-01-01",
    ];
    let uploaded = ada.succeeds(&upload);

    let files = ada.succeeds(&list);
    assert_eq!(files.as_array().map(Vec::len), Some(1));
    assert_eq!(files[0]["id"], uploaded["id"]);
    assert_eq!(files[0]["facts"]["title"], "Certificate");
    assert_eq!(files[0]["facts"]["mimetype"], "text/plain");
    assert_eq!(files[0]["facts"]["filesize"], 21);
    assert_eq!(files[0]["facts"]["expiresAt"], "2999-01-01T00:00:00.000Z");
    assert_ne!(files[0]["addedAt"], Value::Null);
    let shown = files.to_string();
    assert!(!shown.contains(&text(&uploaded, "truncatedReference")));
    assert!(!shown.contains(&text(&uploaded, "ownershipToken")));
    stage.stop().await;
}
