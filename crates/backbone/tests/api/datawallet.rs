//! The datawallet.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Actor, Identity, Server, bytes, text};

fn modification(object: &str, category: Option<&str>, payload: &str) -> Value {
    json!({
        "type": "Update",
        "objectIdentifier": object,
        "collection": "Attributes",
        "payloadCategory": category,
        "encryptedPayload": bytes(payload),
        "datawalletVersion": 1,
    })
}

async fn push(by: &Actor, local_index: Option<i64>, modifications: Value) -> String {
    let body = json!({"localIndex": local_index, "modifications": modifications});
    by.post("Datawallet/Modifications", body).await.summary()
}

async fn start_upgrade(by: &Actor) -> String {
    let body = json!({"type": "DatawalletVersionUpgrade"});
    text(&by.post("SyncRuns", body).await.created()["syncRun"]["id"])
}

async fn upgrade(by: &Identity, version: i64, modifications: Value) -> Value {
    let run = start_upgrade(by).await;
    let path = format!("SyncRuns/{run}/FinalizeDatawalletVersionUpgrade");
    let body = json!({"newDatawalletVersion": version, "datawalletModifications": modifications});
    by.put(&path, body).await.ok()
}

#[tokio::test]
async fn the_first_upgrade_makes_the_datawallet() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let none = ada.get("Datawallet").await;
    assert_eq!(none.error(), (404, "recordNotFound"));
    assert!(none.message().starts_with("Datawallet not found. "));
    assert_eq!(ada.get("Datawallet/Modifications").await.ok(), json!([]));
    assert_eq!(
        push(&ada, None, json!([modification("a", None, "1")])).await,
        "404 recordNotFound"
    );

    let empty = upgrade(&ada, 1, json!([])).await;
    assert_eq!(
        empty,
        json!({"newDatawalletModificationIndex": null, "datawalletModifications": []})
    );
    assert_eq!(ada.get("Datawallet").await.ok(), json!({"version": 1}));
    let again = upgrade(&ada, 1, json!([modification("a", None, "1")])).await;
    assert_eq!(again["newDatawalletModificationIndex"], 0);
    assert_eq!(again["datawalletModifications"][0]["index"], 0);
}

#[tokio::test]
async fn an_upgrade_never_goes_down_and_its_version_binds_clients() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let with_header = async |method: Method, path: &str, body: Value, version: &str| {
        let headers = [("X-Supported-Datawallet-Version", version)];
        ada.send_with(method, path, body, &headers).await.summary()
    };
    upgrade(&ada, 3, json!([])).await;
    let insufficient = "400 insufficientSupportedDatawalletVersion";
    let (post, get) = (Method::POST, Method::GET);
    let body = json!({"modifications": [modification("a", None, "1")]});
    for (method, path, body) in [
        (get.clone(), "Datawallet/Modifications", Value::Null),
        (post.clone(), "Datawallet/Modifications", body.clone()),
        (post.clone(), "SyncRuns", json!({})),
        (
            post.clone(),
            "SyncRuns",
            json!({"type": "DatawalletVersionUpgrade"}),
        ),
    ] {
        assert_eq!(
            with_header(method, path, body, "2").await,
            insufficient,
            "{path}"
        );
    }
    let invalid = "400 invalidPropertyValue";
    assert_eq!(
        with_header(post.clone(), "SyncRuns", json!({}), "0").await,
        invalid
    );
    assert_eq!(
        with_header(post.clone(), "Datawallet/Modifications", body, "0").await,
        invalid
    );
    let parse = "400 inputCannotBeParsed";
    for version in ["x", "-1", "65536"] {
        assert_eq!(
            with_header(post.clone(), "SyncRuns", json!({}), version).await,
            parse
        );
    }
    let none = ada
        .send_with(post.clone(), "SyncRuns", json!({}), &[])
        .await;
    assert_eq!(none.summary(), invalid);

    let headers = [("X-Supported-Datawallet-Version", "3")];
    let run = json!({"type": "DatawalletVersionUpgrade"});
    let run = ada
        .send_with(post, "SyncRuns", run, &headers)
        .await
        .created();
    let path = format!(
        "SyncRuns/{}/FinalizeDatawalletVersionUpgrade",
        text(&run["syncRun"]["id"])
    );
    let down = ada.put(&path, json!({"newDatawalletVersion": 2})).await;
    assert_eq!(down.error(), (400, "datawallet.cannotDowngrade"));
    let zero = ada.put(&path, json!({"newDatawalletVersion": 0})).await;
    assert_eq!(zero.summary(), invalid);
    ada.put(&path, json!({"newDatawalletVersion": 3}))
        .await
        .ok();
}

#[tokio::test]
async fn modifications_come_back_in_order_as_they_were_pushed() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let second = ada.second_device(&server).await;
    let mut delete = modification("b", None, "");
    delete["type"] = json!("Delete");
    delete["encryptedPayload"] = Value::Null;
    let body = json!({"modifications": [modification("a", Some("Content"), "1"), delete]});
    let pushed = ada.post("Datawallet/Modifications", body).await.created();
    assert_eq!(pushed["newIndex"], 1);
    let refs = &pushed["modifications"];

    let listed = second.get("Datawallet/Modifications").await.ok();
    assert_eq!(
        listed,
        json!([
            {
                "id": refs[0]["id"],
                "index": 0,
                "datawalletVersion": 1,
                "objectIdentifier": "a",
                "collection": "Attributes",
                "payloadCategory": "Content",
                "type": "Update",
                "encryptedPayload": bytes("1"),
                "createdAt": refs[0]["createdAt"],
                "createdByDevice": ada.device,
            },
            {
                "id": refs[1]["id"],
                "index": 1,
                "datawalletVersion": 1,
                "objectIdentifier": "b",
                "collection": "Attributes",
                "payloadCategory": null,
                "type": "Delete",
                "encryptedPayload": null,
                "createdAt": refs[1]["createdAt"],
                "createdByDevice": ada.device,
            },
        ])
    );
    let later = second
        .get("Datawallet/Modifications?localIndex=0")
        .await
        .ok();
    assert_eq!(later, json!([listed[1]]));
    assert_eq!(
        second
            .get("Datawallet/Modifications?localIndex=1")
            .await
            .ok(),
        json!([])
    );
}

#[tokio::test]
async fn who_does_not_know_the_newest_modification_cannot_push() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let one = |object| json!([modification(object, None, "x")]);
    // An empty log takes any index.
    assert_eq!(push(&ada, Some(17), one("a")).await, "201");
    for local_index in [None, Some(-1), Some(1), Some(17)] {
        assert_eq!(
            push(&ada, local_index, one("b")).await,
            "400 datawalletNotUpToDate"
        );
    }
    assert_eq!(push(&ada, Some(0), one("b")).await, "201");
    assert_eq!(
        ada.get("Datawallet/Modifications")
            .await
            .ok()
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn of_two_pushes_at_once_exactly_one_wins() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let second = ada.second_device(&server).await;
    assert_eq!(
        push(&ada, None, json!([modification("a", None, "0")])).await,
        "201"
    );
    for index in 0..10 {
        let (one, other) = tokio::join!(
            push(&ada, Some(index), json!([modification("one", None, "x")])),
            push(
                &second,
                Some(index),
                json!([modification("other", None, "x")])
            ),
        );
        let mut outcomes = [one, other];
        outcomes.sort();
        assert_eq!(outcomes, ["201", "400 datawalletNotUpToDate"]);
    }
}

#[tokio::test]
async fn only_the_newest_of_equal_modifications_is_delivered() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let mut create = modification("a", Some("Content"), "created");
    create["type"] = json!("Create");
    let all = json!([
        create,
        modification("a", Some("Content"), "old"),
        modification("a", None, "old"),
        modification("b", Some("Content"), "only"),
        modification("a", Some("Metadata"), "only"),
        modification("a", Some("Content"), "new"),
        modification("a", None, "new"),
    ]);
    assert_eq!(push(&ada, None, all).await, "201");
    let listed = ada.get("Datawallet/Modifications").await.ok();
    let indices: Vec<i64> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["index"].as_i64().unwrap())
        .collect();
    assert_eq!(indices, [0, 3, 4, 5, 6]);
    // Dropped ones leave gaps; their indices are not used again.
    assert_eq!(
        push(&ada, Some(6), json!([modification("a", None, "newer")])).await,
        "201"
    );
    let last = ada.get("Datawallet/Modifications?localIndex=5").await.ok();
    assert_eq!(last.as_array().unwrap().len(), 1);
    assert_eq!(last[0]["index"], 7);
}

#[tokio::test]
async fn a_long_log_comes_in_pages() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let many: Vec<Value> = (0..120)
        .map(|number| modification(&format!("o{number}"), None, "x"))
        .collect();
    assert_eq!(push(&ada, None, json!(many)).await, "201");
    let mut indices = Vec::new();
    for page in 1..=3 {
        let path = format!("Datawallet/Modifications?localIndex=9&pageNumber={page}");
        let reply = ada.get(&path).await;
        let pagination =
            json!({"pageNumber": page, "pageSize": 50, "totalPages": 3, "totalRecords": 110});
        assert_eq!(reply.body["pagination"], pagination);
        indices.extend(
            reply
                .ok()
                .as_array()
                .unwrap()
                .iter()
                .map(|m| m["index"].as_i64().unwrap()),
        );
    }
    assert_eq!(indices, (10..120).collect::<Vec<_>>());
}

#[tokio::test]
async fn nothing_can_be_pushed_while_a_sync_run_is_open_even_an_expired_one() {
    let server = Server::start().await;
    let mut ada = server.identity_with_datawallet().await;
    let run = start_upgrade(&ada).await;
    let one = json!([modification("a", None, "x")]);
    let refused = "400 cannotPushDatawalletModificationsDuringActiveSyncRun";
    assert_eq!(push(&ada, None, one.clone()).await, refused);
    server.clock.advance(3600);
    ada.log_in_again(&server).await;
    assert_eq!(push(&ada, None, one.clone()).await, refused);
    let path = format!("SyncRuns/{run}/FinalizeDatawalletVersionUpgrade");
    ada.put(&path, json!({"newDatawalletVersion": 1}))
        .await
        .ok();
    assert_eq!(push(&ada, None, one).await, "201");
}

#[tokio::test]
async fn impossible_modifications_are_refused_and_nothing_of_the_push_stays() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let invalid = "400 invalidPropertyValue";
    assert_eq!(push(&ada, None, json!([])).await, invalid);
    for (property, value, expected) in [
        ("objectIdentifier", json!("x".repeat(101)), invalid),
        ("collection", json!("x".repeat(51)), invalid),
        ("payloadCategory", json!("x".repeat(51)), invalid),
        (
            "datawalletVersion",
            json!(2),
            "400 datawalletVersionOfModificationTooHigh",
        ),
        ("type", json!("Rename"), "400 inputCannotBeParsed"),
        ("collection", Value::Null, "400 inputCannotBeParsed"),
    ] {
        let mut bad = modification("b", None, "x");
        bad[property] = value;
        let all = json!([modification("a", None, "x"), bad]);
        assert_eq!(push(&ada, None, all).await, expected, "{property}");
    }
    assert_eq!(ada.get("Datawallet/Modifications").await.ok(), json!([]));
    let mut longest = modification(&"ä".repeat(100), Some(&"ä".repeat(50)), "x");
    longest["collection"] = json!("ä".repeat(50));
    longest["type"] = json!("CacheChanged");
    assert_eq!(push(&ada, None, json!([longest])).await, "201");
}

#[tokio::test]
async fn datawallets_of_different_identities_do_not_mix() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let bob = server.identity_with_datawallet().await;
    let same = json!([modification("same", None, "of Ada")]);
    assert_eq!(push(&ada, None, same).await, "201");
    assert_eq!(bob.get("Datawallet/Modifications").await.ok(), json!([]));
    let same = json!([modification("same", None, "of Bob")]);
    assert_eq!(push(&bob, None, same).await, "201");
    let of_ada = ada.get("Datawallet/Modifications").await.ok();
    assert_eq!(of_ada[0]["encryptedPayload"], bytes("of Ada"));
}
