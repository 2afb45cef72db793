//! What each kind of bad answer becomes, and how often it is asked again.

use std::time::Duration;

use tessera_backbone_api::{
    client::{
        AnswerFault, BackboneClient, ClientError, ClientSettings, Generation, NetworkFailure,
        RetryPolicy,
    },
    relationships::CreateRelationshipRequest,
};
use tessera_core_types::{RelationshipId, RelationshipTemplateId};

use crate::server::{Server, answer, client, device, raw, settings};

fn relationship_id() -> RelationshipId {
    RelationshipId::parse("RELaaaaaaaaaaaaaaaaa").unwrap()
}

fn new_relationship() -> CreateRelationshipRequest {
    CreateRelationshipRequest {
        relationship_template_id: RelationshipTemplateId::parse("RLTaaaaaaaaaaaaaaaaa").unwrap(),
        creation_content: None,
    }
}

#[tokio::test]
async fn every_bad_answer_has_its_code_and_is_asked_for_as_often_as_it_makes_sense() {
    let record_not_found = r#"{"error":{"id":"ERR1","code":"error.platform.recordNotFound","message":"Relationship not found. …","docs":"","time":"2026-08-20T09:00:00.1234567Z","data":null}}"#;
    let quota = r#"{"error":{"code":"error.platform.quotaExhausted","message":"…","data":[{"metricKey":"NumberOfTokens","isExhaustedUntil":"9999-12-31T23:59:59.9999999Z"}]}}"#;
    for (bad, code, calls) in [
        (
            answer(404, record_not_found),
            "error.platform.recordNotFound",
            1,
        ),
        (answer(404, ""), "error.transport.request.notFound", 1),
        (answer(403, ""), "error.platform.forbidden", 1),
        (
            answer(400, "<html>"),
            "error.transport.request.badRequest",
            1,
        ),
        (answer(500, ""), "error.platform.unexpected", 1),
        (answer(502, ""), "error.platform.unexpected", 3),
        (answer(503, "down"), "error.platform.unexpected", 3),
        (answer(504, ""), "error.platform.unexpected", 3),
        (answer(429, quota), "error.platform.quotaExhausted", 1),
        (answer(429, ""), "error.platform.unexpected", 3),
        (
            answer(429, "").with("retry-after", "0"),
            "error.platform.unexpected",
            3,
        ),
        (
            answer(429, "").with("retry-after", "3600"),
            "error.platform.unexpected",
            1,
        ),
        (
            answer(200, "nonsense"),
            "error.transport.request.unknown",
            1,
        ),
        (
            answer(200, "\u{0}\u{1}"),
            "error.transport.request.unknown",
            1,
        ),
        (
            answer(200, r#"{"result":{"#),
            "error.transport.request.unknown",
            1,
        ),
        (
            answer(200, r#"{"result":{"id":7}}"#),
            "error.transport.request.unknown",
            1,
        ),
        (
            answer(200, r#"{"result":null}"#),
            "error.transport.request.resultUndefined",
            1,
        ),
        (
            answer(200, "{}"),
            "error.transport.request.resultUndefined",
            1,
        ),
        (answer(200, ""), "error.transport.request.unknown", 1),
        (answer(204, ""), "error.transport.request.unknown", 1),
    ] {
        let told = format!("{} {:?}", bad.status, bad.body);
        let server = Server::with([bad]).await;
        let error = server
            .device()
            .relationship(&relationship_id())
            .await
            .unwrap_err();
        assert_eq!(error.code(), code, "{told}");
        assert_eq!(server.asked().len(), calls, "{told}");
    }
}

#[tokio::test]
async fn a_long_wish_to_be_left_alone_is_reported() {
    let server = Server::with([answer(429, "").with("retry-after", "3600")]).await;
    let error = server
        .device()
        .relationship(&relationship_id())
        .await
        .unwrap_err();
    let ClientError::TooManyRequests { retry_after, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!(retry_after, Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn a_server_that_recovers_is_not_noticed() {
    let good = r#"{"result":{"majorVersion":"7"}}"#;
    let server = Server::with([answer(503, ""), answer(429, ""), answer(200, good)]).await;
    assert_eq!(server.client().generation().await.unwrap(), 7);
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn what_changes_something_is_never_sent_twice() {
    for status in [429, 500, 502, 503, 504] {
        let server = Server::with([answer(status, "")]).await;
        let device = server.device();
        device
            .create_relationship(&new_relationship())
            .await
            .unwrap_err();
        device
            .accept_relationship(&relationship_id(), None)
            .await
            .unwrap_err();
        assert_eq!(server.asked().len(), 2, "{status}");
    }
    // The connection breaks after the request was read.
    let (base_url, connections) = raw(Some(b"")).await;
    let error = post_that_changes_something(&base_url).await;
    assert_eq!(
        error,
        ClientError::Network {
            kind: NetworkFailure::Aborted
        }
    );
    assert!(error.is_outcome_unknown());
    assert_eq!(*connections.lock().unwrap(), 1);
}

/// A `POST` without login that must not be repeated.
async fn post_that_changes_something(base_url: &str) -> ClientError {
    let request = serde_json::from_str(r#"{"expiresAt":"2026-08-20T09:00:00.000Z"}"#).unwrap();
    client(base_url).create_token(&request).await.unwrap_err()
}

#[tokio::test]
async fn half_a_body_is_no_answer() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"result\":{\"majorVersion\":";
    let (base_url, connections) = raw(Some(half)).await;
    let error = client(&base_url).generation().await.unwrap_err();
    assert_eq!(
        error,
        ClientError::UnexpectedAnswer {
            what: AnswerFault::CutOff
        }
    );
    assert_eq!(*connections.lock().unwrap(), 3, "asked again twice");
}

#[tokio::test]
async fn something_that_is_not_http_is_no_backbone() {
    let (base_url, _) = raw(Some(b"SSH-2.0-OpenSSH_9.2\r\n")).await;
    let error = client(&base_url).generation().await.unwrap_err();
    assert_eq!(
        error,
        ClientError::UnexpectedAnswer {
            what: AnswerFault::NotHttp
        }
    );
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_after_a_while() {
    let (base_url, connections) = raw(None).await;
    let client = BackboneClient::new(ClientSettings {
        timeout: Duration::from_millis(150),
        ..settings(&base_url)
    })
    .unwrap();
    let error = client.generation().await.unwrap_err();
    assert_eq!(
        error,
        ClientError::Network {
            kind: NetworkFailure::Timeout
        }
    );
    assert_eq!(error.code(), "error.transport.request.aborted");
    assert_eq!(
        *connections.lock().unwrap(),
        1,
        "no second wait of the same length"
    );
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    let good = answer(200, r#"{"result":{"majorVersion":"6"}}"#);
    let server = Server::with([good.after(Duration::from_millis(200))]).await;
    assert_eq!(server.client().generation().await.unwrap(), 6);
}

#[tokio::test]
async fn nobody_there_is_told_after_some_attempts_also_for_what_changes_something() {
    // A port that was free a moment ago.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let connect = ClientError::Network {
        kind: NetworkFailure::Connect,
    };
    assert_eq!(client(&base_url).generation().await.unwrap_err(), connect);
    let error = device(&client(&base_url)).log_in().await.unwrap_err();
    assert_eq!(error, connect);
    assert!(!error.is_outcome_unknown());
    assert_eq!(error.code(), "error.transport.request.network");
}

#[tokio::test]
async fn a_host_without_address_is_told() {
    // By its name this one never exists.
    let mut settings = settings("http://backbone.invalid");
    settings.retry = RetryPolicy::NONE;
    let error = BackboneClient::new(settings)
        .unwrap()
        .generation()
        .await
        .unwrap_err();
    let ClientError::Network { kind } = error else {
        panic!("{error:?}");
    };
    // A resolver without a network may rather time out.
    assert!(
        matches!(kind, NetworkFailure::Dns | NetworkFailure::Timeout),
        "{kind:?}"
    );
}

#[tokio::test]
async fn an_unencrypted_server_behind_https_is_a_tls_failure() {
    let server = Server::with([answer(200, "")]).await;
    let base_url = server.base_url.replace("http://", "https://");
    let error = client(&base_url).generation().await.unwrap_err();
    assert_eq!(
        error,
        ClientError::Network {
            kind: NetworkFailure::Tls
        }
    );
}

#[tokio::test]
async fn answers_that_are_too_large_are_not_read_to_their_end() {
    let large = format!(
        r#"{{"result":{{"majorVersion":"{}"}}}}"#,
        "7".repeat(10_000)
    );
    let announced = format!("content-length: {}\r\n\r\n{large}", large.len());
    let chunked = format!(
        "transfer-encoding: chunked\r\n\r\n{:x}\r\n{large}\r\n0\r\n\r\n",
        large.len()
    );
    let until_the_end = format!("\r\n{large}");
    for rest in [announced, chunked, until_the_end] {
        let answer = format!("HTTP/1.1 200 OK\r\n{rest}");
        let (base_url, _) = raw(Some(answer.leak().as_bytes())).await;
        let limited = |max_answer_bytes| {
            BackboneClient::new(ClientSettings {
                max_answer_bytes,
                ..settings(&base_url)
            })
            .unwrap()
        };
        let error = limited(large.len() - 1).generation().await.unwrap_err();
        assert_eq!(error.code(), "error.transport.request.bodyLengthExceeded");
        // With the room it needs it is read, and is no number that fits.
        let error = limited(large.len()).generation().await.unwrap_err();
        assert_eq!(
            error,
            ClientError::UnexpectedAnswer {
                what: AnswerFault::Form
            }
        );
    }
}

#[tokio::test]
async fn generations_out_of_range_are_told_apart() {
    let version = |number: &str| {
        answer(
            200,
            format!(r#"{{"result":{{"majorVersion":"{number}"}}}}"#),
        )
    };
    for (answer, expected) in [
        (answer(404, ""), Some(Generation::TooOld)),
        (version("5"), Some(Generation::TooOld)),
        (version("8"), Some(Generation::TooNew)),
        (version("seven"), None),
    ] {
        let server = Server::with([answer]).await;
        let error = server.client().generation().await.unwrap_err();
        match expected {
            Some(generation) => assert_eq!(error, ClientError::WrongGeneration { generation }),
            None => assert_eq!(
                error,
                ClientError::UnexpectedAnswer {
                    what: AnswerFault::Form
                }
            ),
        }
    }
}

#[tokio::test]
async fn redirects_are_followed_on_the_same_host_only() {
    let good = answer(200, r#"{"result":{"majorVersion":"7"}}"#);
    let server = Server::with([answer(307, "").with("location", "/elsewhere"), good.clone()]).await;
    assert_eq!(server.client().generation().await.unwrap(), 7);
    assert_eq!(server.asked()[1].path, "/elsewhere");

    let other = Server::with([good]).await;
    let location = format!("{}/api/v2/Version", other.base_url);
    let server = Server::with([answer(302, "").with("location", location)]).await;
    let error = server.client().generation().await.unwrap_err();
    assert_eq!(
        error,
        ClientError::UnexpectedAnswer {
            what: AnswerFault::Redirect
        }
    );
    assert!(other.asked().is_empty());

    let server = Server::with([answer(302, "").with("location", "/round")]).await;
    server.client().generation().await.unwrap_err();
    assert_eq!(server.asked().len(), 11, "ten redirects and no more");
}
