//! What happened with a contact, and whether somebody can become one.

use serde_json::Value;

use crate::stage::{PIN, Stage, answer, library_card};

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_is_told_page_by_page_and_what_is_in_the_way_before() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let address = library.address();
    let mail = ada.knows("EMailAddress", "ada@example.org");
    let template = library.offers(&library_card(), &["--pin", PIN]);
    let request = ada.is_asked(&template);
    let nothing = serde_json::json!({ "obstacles": [], "notAsked": null });
    assert_eq!(ada.succeeds(&["contact", "check", &address]), nothing);
    assert_eq!(ada.succeeds(&["request", "obstacles", &request]), nothing);
    ada.decides(&request, &answer(&ada.address(), &mail));

    let exists = "error.transport.relationships.relationshipCurrentlyExists";
    let check = ada.succeeds(&["contact", "check", &address]);
    assert_eq!(check["obstacles"][0]["code"], exists);
    let first = ["contact", "timeline", &address, "--limit", "1"];
    let newest = ada.succeeds(&first);
    assert_eq!(newest["entries"][0]["event"]["type"], "relationship");
    let next = newest["next"].to_string();
    let older = ada.succeeds(&[&first[..], &["--after", &next]].concat());
    assert_ne!(older["entries"][0], newest["entries"][0]);
    let data = ada.succeeds(&["contact", "timeline", &address, "--kind", "data"]);
    assert_eq!(data["entries"][0]["event"]["change"], "given");
    assert_eq!(data["next"], Value::Null);
    let records = ada.succeeds(&["contact", "relationships", &address]);
    assert_eq!(records[0]["requestId"], request.as_str());
    let told = ada.fails(&[&first[..], &["--after", "{}"]].concat());
    assert_eq!(told.code, "error.tessera.cli.usage");
    stage.stop().await;
}
