//! Sync runs: one device at a time turns events into modifications.

use serde_json::{Value, json};

use crate::common::{Actor, Identity, Server, bytes, text};

/// Two connected identities would have events; this gives Ada that many from Bob.
async fn with_events(server: &Server, count: usize) -> Identity {
    let ada = server.identity_with_datawallet().await;
    for _ in 0..count {
        let bob = server.identity().await;
        bob.request_relationship(&ada).await;
    }
    ada
}

async fn start(by: &Actor) -> Value {
    by.post("SyncRuns", json!({})).await.created()["syncRun"].clone()
}

fn path(run: &Value, rest: &str) -> String {
    format!("SyncRuns/{}/{rest}", text(&run["id"]))
}

async fn events(by: &Actor, run: &Value) -> Vec<Value> {
    let events = by.get(&path(run, "ExternalEvents")).await.ok();
    events.as_array().unwrap().clone()
}

async fn finalize(by: &Actor, run: &Value, results: Value) -> Value {
    let body = json!({"externalEventResults": results, "datawalletModifications": []});
    by.put(&path(run, "FinalizeExternalEventSync"), body)
        .await
        .ok()
}

#[tokio::test]
async fn without_events_there_is_no_run() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let reply = ada
        .post("SyncRuns", json!({"type": "ExternalEventSync"}))
        .await;
    assert_eq!(
        reply.ok(),
        json!({"status": "NoNewEvents", "syncRun": null})
    );
    let bob = server.identity().await;
    let reply = bob.post("SyncRuns", json!({})).await;
    assert_eq!(reply.error(), (404, "recordNotFound"));
    let reply = ada.post("SyncRuns", Value::Null).await;
    assert_eq!(reply.error(), (400, "inputCannotBeParsed"));
}

#[tokio::test]
async fn a_run_holds_all_events_until_it_is_finalized() {
    let server = Server::start().await;
    let ada = with_events(&server, 2).await;
    let reply = ada
        .post("SyncRuns", json!({"duration": 30}))
        .await
        .created();
    assert_eq!(reply["status"], "Created");
    let run = &reply["syncRun"];
    assert_eq!(
        *run,
        json!({
            "id": run["id"],
            "type": "ExternalEventSync",
            // The first run made the datawallet.
            "index": 1,
            "expiresAt": run["expiresAt"],
            "createdAt": run["createdAt"],
            "createdBy": ada.address,
            "createdByDevice": ada.device,
            "eventCount": 2,
        })
    );
    assert_eq!(
        ada.get(path(run, "").trim_end_matches('/')).await.ok(),
        *run
    );
    let events = events(&ada, run).await;
    let names: Vec<&String> = events[0].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "id",
            "type",
            "index",
            "createdAt",
            "syncErrorCount",
            "payload"
        ]
    );
    let indices: Vec<&Value> = events.iter().map(|event| &event["index"]).collect();
    assert_eq!(indices, [0, 1]);
    assert_eq!(events[0]["syncErrorCount"], 0);

    let body = json!({
        "externalEventResults": [
            {"externalEventId": events[0]["id"]},
            {"externalEventId": events[1]["id"], "errorCode": null},
        ],
        "datawalletModifications": [{
            "type": "Create",
            "objectIdentifier": "o",
            "collection": "c",
            "encryptedPayload": bytes("x"),
            "datawalletVersion": 1,
        }],
    });
    let done = ada
        .put(&path(run, "FinalizeExternalEventSync"), body.clone())
        .await
        .ok();
    assert_eq!(done["newDatawalletModificationIndex"], 0);
    assert_eq!(done["datawalletModifications"][0]["index"], 0);
    assert_eq!(done["newUnsyncedExternalEventsExist"], false);
    let again = ada.put(&path(run, "FinalizeExternalEventSync"), body).await;
    assert_eq!(again.summary(), "400 syncRunAlreadyFinalized");
    let late = ada.get(&path(run, "ExternalEvents")).await;
    assert_eq!(late.summary(), "400 syncRunAlreadyFinalized");
    assert_eq!(
        ada.post("SyncRuns", json!({})).await.ok()["status"],
        "NoNewEvents"
    );
}

#[tokio::test]
async fn both_lists_of_a_result_may_be_missing() {
    let server = Server::start().await;
    let ada = with_events(&server, 1).await;
    let run = start(&ada).await;
    let done = ada
        .put(&path(&run, "FinalizeExternalEventSync"), json!({}))
        .await
        .ok();
    assert_eq!(
        done,
        json!({
            "newDatawalletModificationIndex": null,
            "datawalletModifications": [],
            // What failed is not new.
            "newUnsyncedExternalEventsExist": false,
        })
    );
}

#[tokio::test]
async fn only_one_run_at_a_time_also_of_the_same_device() {
    let server = Server::start().await;
    let ada = with_events(&server, 1).await;
    let second = ada.second_device(&server).await;
    let run = start(&ada).await;
    for device in [&*ada, &second] {
        for body in [json!({}), json!({"type": "DatawalletVersionUpgrade"})] {
            let reply = device.post("SyncRuns", body).await;
            assert_eq!(
                reply.summary(),
                "400 cannotStartSyncRunWhenAnotherSyncRunIsRunning"
            );
        }
    }
    let other = "400 cannotFinalizeSyncRunStartedByAnotherDevice";
    let reply = second
        .put(&path(&run, "FinalizeExternalEventSync"), json!({}))
        .await;
    assert_eq!(reply.summary(), other);
    let reply = second.get(&path(&run, "ExternalEvents")).await;
    let code = "400 cannotReadExternalEventsOfASyncRunStartedByAnotherDevice";
    assert_eq!(reply.summary(), code);
    let reply = second
        .put(&path(&run, "RefreshExpirationTime"), Value::Null)
        .await;
    let code = "400 cannotRefreshExpirationTimeOfSyncRunStartedByAnotherDevice";
    assert_eq!(reply.summary(), code);
    let body = json!({"newDatawalletVersion": 1});
    let reply = ada
        .put(&path(&run, "FinalizeDatawalletVersionUpgrade"), body)
        .await;
    assert_eq!(reply.summary(), "400 unexpectedSyncRunType");

    let bob = server.identity_with_datawallet().await;
    for rest in ["ExternalEvents", ""] {
        let reply = bob.get(path(&run, rest).trim_end_matches('/')).await;
        assert_eq!(reply.error(), (404, "recordNotFound"));
    }
    let reply = bob
        .put(&path(&run, "FinalizeExternalEventSync"), json!({}))
        .await;
    assert_eq!(reply.error(), (404, "recordNotFound"));
}

#[tokio::test]
async fn an_expired_run_can_be_finalized_until_somebody_takes_over() {
    let server = Server::start().await;
    let ada = with_events(&server, 1).await;
    let run = start(&ada).await;
    server.clock.advance(11);
    let event = &events(&ada, &run).await[0];
    finalize(&ada, &run, json!([{"externalEventId": event["id"]}])).await;

    let ada = with_events(&server, 1).await;
    let second = ada.second_device(&server).await;
    let run = start(&ada).await;
    server.clock.advance(11);
    let taken = start(&second).await;
    let reply = ada
        .put(&path(&run, "FinalizeExternalEventSync"), json!({}))
        .await;
    assert_eq!(reply.summary(), "400 syncRunAlreadyFinalized");
    let events = events(&second, &taken).await;
    assert_eq!((events.len(), &events[0]["syncErrorCount"]), (1, &json!(1)));
}

#[tokio::test]
async fn a_run_can_be_given_more_time() {
    let server = Server::start().await;
    let ada = with_events(&server, 1).await;
    let run = start(&ada).await;
    server.clock.advance(9);
    let longer = ada
        .put(&path(&run, "RefreshExpirationTime"), Value::Null)
        .await
        .ok();
    assert_eq!(longer["expiresAt"], server.in_seconds(10));
    server.clock.advance(9);
    let reply = ada.post("SyncRuns", json!({})).await;
    assert_eq!(
        reply.summary(),
        "400 cannotStartSyncRunWhenAnotherSyncRunIsRunning"
    );
}

#[tokio::test]
async fn an_event_that_fails_comes_three_times_in_all() {
    let server = Server::start().await;
    let ada = with_events(&server, 3).await;
    for count in 0..3 {
        let run = start(&ada).await;
        let events = events(&ada, &run).await;
        assert_eq!(events.len(), if count == 0 { 3 } else { 2 });
        for event in &events[events.len() - 2..] {
            assert_eq!(event["syncErrorCount"], count);
        }
        // The first one succeeds, the second one fails, of the third one nothing is said.
        let mut results = vec![json!({
            "externalEventId": events[events.len() - 2]["id"],
            "errorCode": "error.transport.whatever",
        })];
        if count == 0 {
            results.push(json!({"externalEventId": events[0]["id"]}));
        }
        let done = finalize(&ada, &run, json!(results)).await;
        assert_eq!(done["newUnsyncedExternalEventsExist"], false);
    }
    assert_eq!(
        ada.post("SyncRuns", json!({})).await.ok()["status"],
        "NoNewEvents"
    );
}

#[tokio::test]
async fn events_that_come_during_a_run_are_for_the_next_one() {
    let server = Server::start().await;
    let ada = with_events(&server, 1).await;
    let run = start(&ada).await;
    let bob = server.identity().await;
    bob.request_relationship(&ada).await;
    let held = events(&ada, &run).await;
    assert_eq!(held.len(), 1);
    let done = finalize(&ada, &run, json!([{"externalEventId": held[0]["id"]}])).await;
    assert_eq!(done["newUnsyncedExternalEventsExist"], true);
    let run = start(&ada).await;
    assert_eq!(events(&ada, &run).await[0]["index"], 1);
}

#[tokio::test]
async fn the_events_of_a_run_come_in_pages() {
    let server = Server::start().await;
    let ada = with_events(&server, 5).await;
    let run = start(&ada).await;
    let page = ada
        .get(&path(&run, "ExternalEvents?pageSize=2&pageNumber=3"))
        .await;
    assert_eq!(
        page.body["pagination"],
        json!({"pageNumber": 3, "pageSize": 2, "totalPages": 3, "totalRecords": 5})
    );
    assert_eq!(page.ok()[0]["index"], 4);
}

#[tokio::test]
async fn a_wrong_result_ends_nothing() {
    let server = Server::start().await;
    let ada = with_events(&server, 1).await;
    let run = start(&ada).await;
    let event = events(&ada, &run).await[0]["id"].clone();
    let modification = json!({
        "type": "Create", "objectIdentifier": "o", "collection": "c", "datawalletVersion": 2,
    });
    let long = json!([{"externalEventId": event, "errorCode": "x".repeat(101)}]);
    for (body, expected) in [
        (
            json!({"externalEventResults": long}),
            "400 MaximumLengthValidator",
        ),
        (
            json!({"externalEventResults": [{"externalEventId": "x"}]}),
            "400 invalidPropertyValue",
        ),
        (
            json!({"datawalletModifications": [modification]}),
            "400 datawalletVersionOfModificationTooHigh",
        ),
    ] {
        let reply = ada
            .put(&path(&run, "FinalizeExternalEventSync"), body)
            .await;
        assert_eq!(reply.summary(), expected);
    }
    finalize(&ada, &run, json!([{"externalEventId": event}])).await;
    assert!(ada.sync().await.is_empty());
}
