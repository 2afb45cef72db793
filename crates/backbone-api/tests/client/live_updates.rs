//! Listening to a Backbone.

use tessera_backbone_api::client::{AnswerFault, ClientError, LiveUpdate};

use crate::server::{Answer, Server, answer};

fn events(text: &str) -> Answer {
    answer(200, text).with("content-type", "text/event-stream; charset=utf-8")
}

#[tokio::test]
async fn updates_come_in_their_order_and_unknown_ones_do_no_harm() {
    let server = Server::with([events(
        "event: ConnectionOpened\ndata: _\n\n\
        event: ExternalEventCreated\r\ndata: _\r\n\r\n\
        : a comment\n\n\
        event: keep-alive\ndata: _\n\n\
        event: DatawalletModificationsCreated\ndata: _\n\n",
    )])
    .await;
    let mut updates = server.device().live_updates().await.unwrap();
    let mut seen = Vec::new();
    while let Some(update) = updates.next().await.unwrap() {
        seen.push(update);
    }
    assert_eq!(
        seen,
        [
            LiveUpdate::ConnectionOpened,
            LiveUpdate::ExternalEventCreated,
            LiveUpdate::Other,
            LiveUpdate::DatawalletModificationsCreated
        ]
    );
    let asked = server.asked();
    assert_eq!(asked[0].path, "/api/v2/sse");
    assert_eq!(asked[0].bearer.as_deref(), Some("Bearer token-1"));
}

#[tokio::test]
async fn what_is_no_stream_of_events_is_refused() {
    let missing = Server::with([answer(404, "")]).await;
    let error = missing.device().live_updates().await.unwrap_err();
    assert!(matches!(error, ClientError::Backbone { status: 404, .. }));

    let page = answer(200, "<html>Hello</html>").with("content-type", "text/html");
    let page = Server::with([page]).await;
    assert_eq!(
        page.device().live_updates().await.unwrap_err(),
        ClientError::UnexpectedAnswer {
            what: AnswerFault::Form
        }
    );
}

#[tokio::test]
async fn an_event_without_end_is_not_read_to_its_end() {
    for endless in [
        format!("data: {}", "x".repeat(100_000)),
        "data: _\n".repeat(20_000),
    ] {
        let server = Server::with([events(&endless)]).await;
        let mut updates = server.device().live_updates().await.unwrap();
        assert_eq!(
            updates.next().await.unwrap_err(),
            ClientError::UnexpectedAnswer {
                what: AnswerFault::Form
            }
        );
    }
}
