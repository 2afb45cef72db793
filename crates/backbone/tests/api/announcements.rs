//! Announcements, and the Admin API with which they are made.

use serde_json::{Value, json};
use tessera_backbone::AdminSettings;
use tessera_backbone_api::SecretText;

use crate::common::{Server, text};

const KEY: &str = "let-me-in";

async fn server() -> Server {
    Server::start_with(|settings| {
        settings.admin = Some(AdminSettings {
            port: None,
            api_key: SecretText::from(KEY),
        });
    })
    .await
}

/// The status, the token and the cookie.
async fn xsrf(server: &Server, key: &str) -> (u16, String, String) {
    let url = format!("{}/api/v1/xsrf", server.backbone.admin_url().unwrap());
    let request = server.http.get(url).header("x-api-key", key);
    let response = request.send().await.unwrap();
    let cookie = response.headers().get("set-cookie");
    let cookie = cookie.map_or("", |value| value.to_str().unwrap());
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let status = response.status().as_u16();
    (status, response.text().await.unwrap(), cookie)
}

async fn announce(server: &Server, body: &Value) -> (u16, Value) {
    let (_, token, cookie) = xsrf(server, KEY).await;
    post(server, body, KEY, &token, &cookie).await
}

async fn post(server: &Server, body: &Value, key: &str, token: &str, cookie: &str) -> (u16, Value) {
    let url = format!(
        "{}/api/v1/Announcements",
        server.backbone.admin_url().unwrap()
    );
    let request = server.http.post(url).json(body).header("x-api-key", key);
    let request = request.header("x-xsrf-token", token);
    let response = request.header("cookie", cookie).send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

fn announcement() -> Value {
    json!({
        "severity": "High",
        "isSilent": false,
        "texts": [
            {"language": "en", "title": "Title", "body": "Body"},
            {"language": "DE", "title": "Titel", "body": "Text"},
        ],
        "actions": [{"displayName": {"EN": "More", "de": "Mehr"}, "link": "https://example.com"}],
    })
}

#[tokio::test]
async fn an_announcement_reaches_everybody_in_their_language() {
    let server = server().await;
    let ada = server.identity().await;
    let mut body = announcement();
    body["expiresAt"] = json!(server.in_seconds(60));
    let (status, created) = announce(&server, &body).await;
    assert_eq!(status, 201, "{created}");
    let created = &created["result"];
    let expected = |title: &str, body: &str, action: &str| {
        json!([{
            "id": created["id"],
            "createdAt": created["createdAt"],
            "expiresAt": server.in_seconds(60),
            "severity": "High",
            "title": title,
            "body": body,
            "actions": [{"displayName": action, "link": "https://example.com", "iqlQuery": null}],
            "iqlQuery": null,
        }])
    };
    let english = expected("Title", "Body", "More");
    let german = expected("Titel", "Text", "Mehr");
    for (language, expected) in [("en", &english), ("de", &german), ("fr", &english)] {
        let path = format!("Announcements?language={language}");
        assert_eq!(ada.get(&path).await.ok(), *expected, "{language}");
    }
    // An expired one is still told.
    server.clock.advance(100);
    assert_eq!(ada.get("Announcements?language=en").await.ok(), english);
    assert_eq!(
        ada.get("Announcements?language=xx").await.summary(),
        "400 invalidPropertyValue"
    );
    assert_eq!(
        ada.get("Announcements").await.summary(),
        "400 inputCannotBeParsed"
    );
}

#[tokio::test]
async fn an_announcement_for_some_reaches_only_them() {
    let server = server().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let mut body = announcement();
    body["recipients"] = json!([ada.address]);
    body["isSilent"] = json!(true);
    body["iqlQuery"] = json!("GivenName");
    assert_eq!(announce(&server, &body).await.0, 201);
    let seen = ada.get("Announcements?language=en").await.ok();
    assert_eq!(seen[0]["iqlQuery"], "GivenName");
    assert_eq!(bob.get("Announcements?language=en").await.ok(), json!([]));
}

#[tokio::test]
async fn impossible_announcements_are_refused() {
    let server = server().await;
    let invalid = "error.platform.validation.invalidPropertyValue";
    let unparsable = "error.platform.inputCannotBeParsed";
    let german = json!([{"language": "de", "title": "Titel", "body": "Text"}]);
    let untitled = json!([{"language": "en", "title": "", "body": "Body"}]);
    let unknown = json!([announcement()["texts"][0],
        {"language": "xx", "title": "Title", "body": "Body"}]);
    let address = server.identity().await.address;
    let nobody_knows = json!([{"displayName": {"de": "Mehr"}, "link": "https://example.com"}]);
    let long = json!([{"displayName": {"en": "More"}, "link": "x".repeat(301)}]);
    for (property, value, code) in [
        ("severity", json!("Huge"), unparsable),
        ("isSilent", Value::Null, unparsable),
        ("texts", json!([]), invalid),
        ("texts", german, invalid),
        ("texts", untitled, invalid),
        ("texts", unknown, invalid),
        ("recipients", json!(vec![address; 101]), invalid),
        ("recipients", json!(["x"]), invalid),
        ("iqlQuery", json!("GivenName"), invalid),
        ("actions", nobody_knows, invalid),
        ("actions", long, invalid),
    ] {
        let mut body = announcement();
        body[property] = value;
        let (status, reply) = announce(&server, &body).await;
        let found = (status, &reply["error"]["code"]);
        assert_eq!(found, (400, &json!(code)), "{property}: {}", body[property]);
    }
}

#[tokio::test]
async fn the_admin_api_needs_its_key_and_a_token_that_goes_with_the_cookie() {
    let server = server().await;
    for key in ["", "wrong"] {
        let (status, token, cookie) = xsrf(&server, key).await;
        assert_eq!((status, token.as_str(), cookie.as_str()), (401, "", ""));
    }
    let (_, token, cookie) = xsrf(&server, KEY).await;
    let (_, other, _) = xsrf(&server, KEY).await;
    for (key, token, cookie, expected) in [
        ("wrong", token.as_str(), cookie.as_str(), 401),
        (KEY, "", cookie.as_str(), 400),
        (KEY, token.as_str(), "", 400),
        (KEY, other.as_str(), cookie.as_str(), 400),
        (KEY, token.as_str(), cookie.as_str(), 201),
    ] {
        let (status, _) = post(&server, &announcement(), key, token, cookie).await;
        assert_eq!(status, expected);
    }
    // It is not on the port of the API, and the API is not on its port.
    let reply = server.anonymous().get("/api/v1/xsrf").await;
    assert_eq!(reply.status, 404);
    let url = format!("{}/api/v2/Version", server.backbone.admin_url().unwrap());
    assert_eq!(server.http.get(url).send().await.unwrap().status(), 404);
    let ada = server.identity().await;
    let seen = ada.get("Announcements?language=en").await.ok();
    assert_eq!(text(&seen[0]["title"]), "Title");
}

#[tokio::test]
async fn there_is_no_admin_api_unless_it_is_switched_on_and_none_without_a_key() {
    let server = Server::start().await;
    assert_eq!(server.backbone.admin_url(), None);
    let folder = tempfile::tempdir().unwrap();
    let (mut settings, _) = crate::common::settings(&folder);
    settings.admin = Some(AdminSettings {
        port: None,
        api_key: SecretText::from(""),
    });
    let error = tessera_backbone::Backbone::start(settings).await.err();
    let code = error.map(|error| error.code());
    assert_eq!(code, Some("error.tessera.backbone.invalidSetting"));
}
