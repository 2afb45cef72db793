//! An organisation and a person meet.

use serde_json::{Value, json};

use crate::stage::{
    PIN, Stage, Tessera, answer, asks, exists, library_card, reads, reference, text, values,
};

/// The person answers what the organisation asks; returns the id of the Relationship.
fn pending(organisation: &Tessera, person: &Tessera) -> String {
    let template = organisation.offers(&library_card(), &["--pin", PIN]);
    let mail = person.knows("EMailAddress", "ada@example.org");
    let request = person.is_asked(&template);
    person.decides(&request, &answer(&person.address(), &mail));
    let relationship = person.relationship();
    assert_eq!(relationship["status"], "Pending");
    text(&relationship, "id")
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_picture_of_a_code_to_an_active_relationship() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");

    // The organisation makes a template and a picture of its code.
    let picture = library.path("code.png");
    let picture = picture.to_str().unwrap();
    let template = library.offers(
        &library_card(),
        &[
            "--pin",
            PIN,
            "--max-allocations",
            "5",
            "--expires-at",
            "2999-01-01",
            "--qr",
            picture,
        ],
    );
    assert_eq!(template["isOwn"], true);
    assert_eq!(template["createdBy"], library.address());
    assert_eq!(template["maxNumberOfAllocations"], 5);
    assert_eq!(template["expiresAt"], "2999-01-01T00:00:00.000Z");
    assert_eq!(
        template["content"]["onNewRelationship"]["items"],
        library_card()["onNewRelationship"]["items"]
    );
    assert_eq!(
        template["truncatedReference"],
        template["reference"]["truncated"]
    );
    assert!(reference(&template).starts_with(&format!("{}/r/RLT", stage.url())));
    assert_eq!(
        template["passwordProtection"],
        json!({ "passwordType": "pin4", "passwordIsPin": true }),
        "the PIN itself is not shown"
    );

    // The person scans it and types the PIN.
    let loaded = ada.succeeds(&["template", "load", "--qr", picture, "--pin", PIN]);
    assert_eq!(loaded["id"], template["id"]);
    assert_eq!(loaded["isOwn"], false);
    assert_eq!(loaded["createdBy"], library.address());
    assert_eq!(loaded["content"], template["content"]);
    assert_eq!(loaded["outcome"], "request");
    let request = text(&loaded, "requestId");

    // Once more changes nothing: it is the same Request.
    let again = ada.succeeds(&["template", "load", &reference(&template), "--pin", PIN]);
    assert_eq!(again["requestId"], loaded["requestId"]);
    assert_eq!(again["outcome"], "nonCompletedRequestExists");

    // They read the form.
    let shown = ada.succeeds(&["request", "show", &request]);
    assert_eq!(shown["status"], "ManualDecisionRequired");
    assert_eq!(shown["isOwn"], false);
    assert_eq!(shown["peer"], library.address());
    assert_eq!(shown["form"]["createsRelationship"], true);
    assert_eq!(shown["form"]["nodes"].as_array().unwrap().len(), 4);

    // They answer.
    let mail = ada.knows("EMailAddress", "ada@example.org");
    let decision = ada.json(&answer(&ada.address(), &mail));
    let check = ada.succeeds(&["request", "check", &request, "--decision", &decision]);
    assert_eq!(check["isSuccess"], true);
    let accepted = ada.succeeds(&["request", "accept", &request, "--decision", &decision]);
    assert_eq!(accepted["id"], *request);
    assert_eq!(accepted["response"]["content"]["result"], "Accepted");
    let relationship = ada.relationship();
    assert_eq!(relationship["status"], "Pending");
    assert_eq!(relationship["isOwn"], true);
    assert_eq!(relationship["peer"], library.address());
    assert_eq!(relationship["templateId"], template["id"]);
    let id = text(&relationship, "id");

    // The organisation receives the answer, and accepts.
    library.syncs();
    let received = library.relationship();
    assert_eq!(received["id"], *id);
    assert_eq!(received["status"], "Pending");
    assert_eq!(received["isOwn"], false);
    assert_eq!(received["peer"], ada.address());
    let response = &received["creationContent"]["response"];
    assert_eq!(response["result"], "Accepted");
    assert_eq!(response["requestId"], *request);
    assert_eq!(
        response["items"][0]["attribute"]["value"]["value"],
        "ada@example.org"
    );
    let active = library.succeeds(&["relationship", "accept", &id]);
    assert_eq!(active["status"], "Active");

    // The person hears of it.
    let report = ada.syncs();
    assert_eq!(report["changedRelationships"], json!([id]));
    let active = ada.succeeds(&["relationship", "show", &id]);
    assert_eq!(active["status"], "Active");
    assert_eq!(
        values(&active["auditLog"], "/reason"),
        ["Creation", "AcceptanceOfCreation"]
    );
    assert_eq!(
        ada.succeeds(&["request", "show", &request])["status"],
        "Completed"
    );

    // Both say the same about what was given, under the same ids.
    let given = ada.succeeds(&["attribute", "list"]);
    let had = library.succeeds(&["attribute", "list", "--all"]);
    for (value_type, value) in [("EMailAddress", "ada@example.org"), ("GivenName", "Ada")] {
        let find = |list: &Value| {
            let mut list = list.as_array().unwrap().iter();
            let found = list.find(|it| it["content"]["value"]["@type"] == value_type);
            found.unwrap_or_else(|| panic!("{value_type}")).clone()
        };
        let (own, theirs) = (find(&given), find(&had));
        assert_eq!(own["@type"], "OwnIdentityAttribute");
        assert_eq!(own["content"]["value"]["value"], value);
        assert_eq!(own["shareInfo"][0]["peer"], library.address());
        assert_eq!(own["shareInfo"].as_array().unwrap().len(), 1);
        assert_eq!(theirs["@type"], "PeerIdentityAttribute");
        assert_eq!(theirs["id"], own["id"]);
        assert_eq!(theirs["content"], own["content"]);
    }
    assert_eq!(
        library.succeeds(&["attribute", "list"]),
        json!([]),
        "they are not its own"
    );

    // And what happened is written down, the newest first.
    let history = ada.succeeds(&["history"]);
    let events = values(&history, "/event");
    let position = |event: &str| {
        events
            .iter()
            .position(|it| *it == event)
            .unwrap_or_else(|| panic!("{event} in {events:?}"))
    };
    let order = [
        "relationshipActivated",
        "relationshipSent",
        "requestAccepted",
        "requestReceived",
        "profileCreated",
    ];
    assert!(order.map(position).is_sorted(), "{events:?}");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_decision_what_the_form_shows_at_first_is_accepted() {
    let stage = Stage::new().await;
    let library = stage.wallet("Library");
    let ada = stage.wallet("Ada");
    let mail = ada.knows("EMailAddress", "ada@example.org");
    let template = library.offers(
        &asks(&[reads("EMailAddress", true), reads("PhoneNumber", false)]),
        &["--pin", PIN],
    );
    let request = ada.is_asked(&template);

    assert_eq!(
        ada.succeeds(&["request", "check", &request])["isSuccess"],
        true
    );
    let accepted = ada.succeeds(&["request", "accept", &request]);
    let items = &accepted["response"]["content"]["items"];
    assert_eq!(items[0]["attributeId"], *mail);
    assert_eq!(items[1]["@type"], "RejectResponseItem");
    assert_eq!(ada.relationship()["status"], "Pending");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_organisation_rejects() {
    let stage = Stage::new().await;
    let (library, ada) = (stage.wallet("Library"), stage.wallet("Ada"));
    let id = pending(&library, &ada);
    library.syncs();
    assert_eq!(
        library.succeeds(&["relationship", "reject", &id])["status"],
        "Rejected"
    );
    ada.syncs();
    assert_eq!(ada.relationship()["status"], "Rejected");
    let shared = ada.succeeds(&["attribute", "list"]);
    assert!(
        values(&shared, "/shareInfo")
            .iter()
            .all(|it| **it == json!([])),
        "{shared}"
    );

    // Too late for everything else.
    let code = "error.transport.relationships.wrongRelationshipStatus";
    assert_eq!(library.refuses(&["relationship", "accept", &id]).code, code);
    assert_eq!(ada.refuses(&["relationship", "revoke", &id]).code, code);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_takes_the_question_back() {
    let stage = Stage::new().await;
    let (library, ada) = (stage.wallet("Library"), stage.wallet("Ada"));
    let id = pending(&library, &ada);
    library.syncs();

    // Each side has its own part.
    let code = "error.transport.relationships.operationOnlyAllowedForPeer";
    assert_eq!(ada.refuses(&["relationship", "accept", &id]).code, code);
    assert_eq!(ada.refuses(&["relationship", "reject", &id]).code, code);
    assert_eq!(library.refuses(&["relationship", "revoke", &id]).code, code);

    assert_eq!(
        ada.succeeds(&["relationship", "revoke", &id])["status"],
        "Revoked"
    );
    library.syncs();
    assert_eq!(library.relationship()["status"], "Revoked");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_rejects_the_request() {
    let stage = Stage::new().await;
    let (library, ada) = (stage.wallet("Library"), stage.wallet("Ada"));
    let template = library.offers(&library_card(), &["--pin", PIN]);
    let request = ada.is_asked(&template);
    let rejected = ada.succeeds(&["request", "reject", &request]);
    assert_eq!(rejected["response"]["content"]["result"], "Rejected");
    assert_eq!(ada.succeeds(&["relationship", "list"]), json!([]));
    library.syncs();
    assert_eq!(
        library.succeeds(&["relationship", "list"]),
        json!([]),
        "nobody is told"
    );
    // It was decided once and for all.
    ada.refuses(&["request", "accept", &request]);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_without_a_connection_decides_and_delivers_later() {
    let stage = Stage::new().await;
    let (library, ada) = (stage.wallet("Library"), stage.wallet("Ada"));
    let template = library.offers(&library_card(), &["--pin", PIN]);
    let mail = ada.knows("EMailAddress", "ada@example.org");
    let request = ada.is_asked(&template);
    let _folder = stage.stop().await;
    let decided = ada.decides(&request, &answer(&ada.address(), &mail));
    assert_eq!(decided["status"], "Decided");
    assert!(
        ada.fails(&["sync"])
            .code
            .starts_with("error.transport.request.")
    );
    assert_eq!(
        ada.succeeds(&["request", "show", &request])["status"],
        "Decided"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_is_private_and_the_picture_is_whole() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new().await;
    let ada = stage.wallet("Ada");
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&ada.data()), 0o700);
    for file in std::fs::read_dir(ada.data()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }

    // Where the picture can't be written no template is made.
    let nowhere = ada.path("nowhere").join("code.png");
    let content = ada.json(&library_card());
    let told = ada.refuses(&[
        "template",
        "create",
        "--content",
        &content,
        "--qr",
        nowhere.to_str().unwrap(),
    ]);
    assert_eq!(told.code, "error.tessera.cli.fileUnwritable");
    assert!(!exists(&nowhere));
    stage.stop().await;
}
