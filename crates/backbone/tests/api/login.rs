//! Logging in.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::common::{PASSWORD, Server};

const LOCKED: &str = "The user is temporarily locked out, please try again in a few minutes.";

#[tokio::test]
async fn a_login_gives_a_bearer_token_for_five_minutes() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let reply = server.login_as(&ada.username, PASSWORD).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["token_type"], "Bearer");
    assert_eq!(reply.body["expires_in"], 300);
    let token = reply.body["access_token"].as_str().unwrap();
    let claims = token.split('.').nth(1).unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let now = server.now().millis() / 1000;
    let expected = json!({
        "nmshd_address": ada.address, "device_id": ada.device, "iat": now, "exp": now + 300,
    });
    assert_eq!(claims, expected);

    server.clock.advance(299);
    ada.get("Devices/Self").await.ok();
    server.clock.advance(2);
    let expired = ada.get("Devices/Self").await;
    assert_eq!(expired.status, 401);
    assert!(expired.body.is_null());
    assert_eq!(expired.headers["www-authenticate"], "Bearer");
}

#[tokio::test]
async fn user_names_are_trimmed_and_read_without_regard_to_case() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let name = format!(" {} ", ada.username.to_lowercase());
    assert_eq!(server.login_as(&name, PASSWORD).await.status, 200);
}

#[tokio::test]
async fn refusals_are_oauth_errors() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let good = [
        ("grant_type", "password"),
        ("client_id", "test"),
        ("client_secret", "test"),
        ("username", ada.username.as_str()),
        ("password", PASSWORD),
    ];
    for (field, value, status, error) in [
        ("password", "wrong", 400, "invalid_grant"),
        ("username", "USRaaaaaaaaaaaaaaaaa", 400, "invalid_grant"),
        ("client_secret", "wrong", 401, "invalid_client"),
        ("client_id", "nobody", 401, "invalid_client"),
        (
            "grant_type",
            "client_credentials",
            400,
            "unsupported_grant_type",
        ),
    ] {
        let fields = good.map(|(name, old)| (name, if name == field { value } else { old }));
        let reply = server.login(&fields).await;
        assert_eq!(reply.status, status, "{field}");
        assert_eq!(reply.body["error"], error, "{field}");
        assert!(reply.body["error_description"].is_string(), "{field}");
        assert_eq!(
            reply.headers.contains_key("www-authenticate"),
            status == 401
        );
    }
    for missing in ["username", "password"] {
        let fields: Vec<_> = good
            .into_iter()
            .filter(|(name, _)| *name != missing)
            .collect();
        let reply = server.login(&fields).await;
        assert_eq!(
            (reply.status, &reply.body["error"]),
            (400, &json!("invalid_request"))
        );
    }
    let wrong = server.login_as(&ada.username, "wrong").await;
    let text = "The username/password couple is invalid.";
    assert_eq!(wrong.body["error_description"], text);
}

#[tokio::test]
async fn three_wrong_passwords_in_a_row_lock_the_device_for_ten_minutes() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let login = async |password: &str| {
        let reply = server.login_as(&ada.username, password).await;
        reply.body["error"].as_str().unwrap_or("ok").to_owned()
    };
    assert_eq!(login("wrong").await, "invalid_grant");
    assert_eq!(login("wrong").await, "invalid_grant");
    assert_eq!(login(PASSWORD).await, "ok");

    // The count began anew; the third one in a row locks.
    assert_eq!(login("wrong").await, "invalid_grant");
    assert_eq!(login("wrong").await, "invalid_grant");
    assert_eq!(login("wrong").await, "access_denied");
    let locked = server.login_as(&ada.username, PASSWORD).await;
    assert_eq!(locked.body["error"], "access_denied");
    assert_eq!(locked.body["error_description"], LOCKED);

    server.clock.advance(601);
    assert_eq!(login("wrong").await, "invalid_grant");
    assert_eq!(login(PASSWORD).await, "ok");
}

#[tokio::test]
async fn many_tries_at_once_get_no_more_than_three() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let tries = (0..12).map(|_| server.login_as(&ada.username, "wrong"));
    let replies = futures_util::future::join_all(tries).await;
    let refused = replies
        .iter()
        .filter(|reply| reply.body["error"] == "invalid_grant");
    assert_eq!(refused.count(), 2);
    let locked = server.login_as(&ada.username, PASSWORD).await;
    assert_eq!(locked.body["error"], "access_denied");
}

#[tokio::test]
async fn only_a_whole_and_known_token_counts() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let token = ada.token.clone().unwrap();
    for wrong in ["", "x", &token[1..], &format!("{token}x")] {
        let mut actor = server.anonymous();
        actor.token = Some(wrong.to_owned());
        assert_eq!(actor.get("Devices/Self").await.status, 401);
        // Where no login is needed, a wrong token counts as none.
        let challenge = actor.post("Challenges", json!(null)).await.created();
        assert!(challenge["createdBy"].is_null());
    }
}

#[tokio::test]
async fn the_token_of_another_server_does_not_count() {
    let (here, there) = (Server::start().await, Server::start().await);
    let ada = here.identity().await;
    let mut actor = there.anonymous();
    actor.token = ada.token.clone();
    assert_eq!(actor.get("Devices/Self").await.status, 401);
}

#[tokio::test]
async fn a_device_that_gets_locked_cannot_go_on_with_its_token() {
    let server = Server::start_with(|settings| settings.access_token_seconds = 3600).await;
    let ada = server.identity().await;
    let second = ada.second_device(&server).await;
    for _ in 0..3 {
        server.login_as(&ada.username, "wrong").await;
    }
    assert_eq!(ada.get("Devices/Self").await.status, 401);
    // The others of the identity can, and this one again when the time is over.
    second.get("Devices/Self").await.ok();
    server.clock.advance(601);
    ada.get("Devices/Self").await.ok();
}
