//! Logging in: when, how often, and what a refusal means.

use std::time::Duration;

use tessera_backbone_api::client::{AnswerFault, ClientError};

use crate::server::{Server, answer, token};

const DEVICE: &str = r#"{"result":{"id":"DVCaaaaaaaaaaaaaaaaa","username":"USRaaaaaaaaaaaaaaaaa","createdAt":"2026-08-20T09:00:00.000Z","createdByDevice":"DVCaaaaaaaaaaaaaaaaa","lastLogin":null,"communicationLanguage":"en","isBackupDevice":false}}"#;

#[tokio::test]
async fn a_token_is_used_until_it_has_less_than_ten_seconds_left() {
    let server = Server::with([answer(200, DEVICE)]).await;
    let device = server.device();
    for _ in 0..3 {
        device.own_device().await.unwrap();
    }
    assert_eq!(server.logins(), 1);
    let bearers: Vec<_> = server
        .asked()
        .into_iter()
        .map(|asked| asked.bearer)
        .collect();
    assert_eq!(bearers, vec![Some("Bearer token-1".to_owned()); 3]);

    let short = [token("first", 9), token("second", 9), token("third", 300)];
    let server = Server::with_logins(short, [answer(200, DEVICE)]).await;
    let device = server.device();
    for _ in 0..4 {
        device.own_device().await.unwrap();
    }
    let bearers: Vec<_> = server
        .asked()
        .into_iter()
        .filter_map(|asked| asked.bearer)
        .collect();
    assert_eq!(
        bearers,
        [
            "Bearer first",
            "Bearer second",
            "Bearer third",
            "Bearer third"
        ]
    );
}

#[tokio::test]
async fn calls_in_parallel_share_one_login() {
    let slow = token("shared", 300).after(Duration::from_millis(100));
    let server = Server::with_logins([slow], [answer(200, DEVICE)]).await;
    let device = server.device();
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let device = device.clone();
            tokio::spawn(async move { device.own_device().await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.logins(), 1);
    assert_eq!(server.asked().len(), 10);
}

#[tokio::test]
async fn calls_in_parallel_share_a_refused_login_too() {
    let refusal = answer(400, r#"{"error":"invalid_grant","error_description":"…"}"#)
        .after(Duration::from_millis(100));
    let server = Server::with_logins([refusal], [answer(200, DEVICE)]).await;
    let device = server.device();
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let device = device.clone();
            tokio::spawn(async move { device.own_device().await })
        })
        .collect();
    for call in calls {
        assert_eq!(
            call.await.unwrap().unwrap_err(),
            ClientError::NotAuthorizedGrant
        );
    }
    assert_eq!(
        server.logins(),
        1,
        "three wrong passwords would lock the device"
    );
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_401_means_a_new_login_and_one_more_try() {
    let server = Server::with([answer(401, ""), answer(200, DEVICE)]).await;
    server.device().own_device().await.unwrap();
    let bearers: Vec<_> = server
        .asked()
        .into_iter()
        .filter_map(|asked| asked.bearer)
        .collect();
    assert_eq!(bearers, ["Bearer token-1", "Bearer token-2"]);

    let server = Server::with([answer(401, "")]).await;
    let error = server.device().own_device().await.unwrap_err();
    assert_eq!(error, ClientError::Unauthorized);
    assert_eq!(error.code(), "error.platform.unauthorized");
    assert_eq!((server.asked().len(), server.logins()), (2, 2));
}

#[tokio::test]
async fn a_401_repeats_what_changes_something_as_well() {
    // The server did nothing, it did not even know who asked.
    let created =
        r#"{"result":{"id":"TOKaaaaaaaaaaaaaaaaa","createdAt":"2026-08-20T09:00:00.000Z"}}"#;
    let server = Server::with([answer(401, ""), answer(201, created)]).await;
    let request = serde_json::from_str(r#"{"expiresAt":"2026-08-20T09:00:00.000Z"}"#).unwrap();
    server.device().create_token(&request).await.unwrap();
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn each_refused_login_is_told_and_not_tried_again() {
    let locked = r#"{"error":"access_denied","error_description":"The user is temporarily locked out, please try again in a few minutes."}"#;
    for (refusal, expected, code, logins) in [
        (
            answer(400, r#"{"error":"invalid_grant"}"#),
            ClientError::NotAuthorizedGrant,
            "error.transport.request.noAuthGrant",
            1,
        ),
        (
            answer(400, locked),
            ClientError::Locked,
            "error.tessera.backbone.deviceLocked",
            1,
        ),
        (
            answer(401, r#"{"error":"invalid_client"}"#),
            ClientError::NoAuthPossible { status: 401 },
            "error.transport.request.noAuthPossible",
            1,
        ),
        (
            answer(500, ""),
            ClientError::NoAuthPossible { status: 500 },
            "error.transport.request.noAuthPossible",
            1,
        ),
        (
            answer(503, ""),
            ClientError::NoAuthPossible { status: 503 },
            "error.transport.request.noAuthPossible",
            3,
        ),
        (
            answer(200, "nonsense"),
            ClientError::UnexpectedAnswer {
                what: AnswerFault::NotJson,
            },
            "error.transport.request.unknown",
            1,
        ),
        (
            token(r"a\nb: c", 300),
            ClientError::UnexpectedAnswer {
                what: AnswerFault::Form,
            },
            "error.transport.request.unknown",
            1,
        ),
    ] {
        let server = Server::with_logins([refusal], [answer(200, DEVICE)]).await;
        let error = server.device().own_device().await.unwrap_err();
        assert_eq!((&error, error.code()), (&expected, code));
        assert_eq!(server.logins(), logins, "{expected:?}");
        assert!(server.asked().is_empty());
    }
}

#[tokio::test]
async fn somebody_who_gives_up_waiting_does_not_disturb_the_others() {
    let slow = token("slow", 300).after(Duration::from_millis(400));
    let server = Server::with_logins([slow], [answer(200, DEVICE)]).await;
    let device = server.device();
    let impatient = tokio::time::timeout(Duration::from_millis(10), device.own_device()).await;
    assert!(impatient.is_err());
    device.own_device().await.unwrap();
    assert_eq!(server.asked().len(), 1);
}
