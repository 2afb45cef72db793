//! No password, access token or query string gets into an error or a debug text.

use tessera_backbone_api::{
    PasswordBytes,
    client::{ClientError, RetryPolicy},
};
use tessera_core_types::{RelationshipTemplateId, TokenId};

use crate::server::{
    Answer, CLIENT_SECRET, PASSWORD, Server, answer, client, device, raw, settings, token,
};

const SECRET_TOKEN: &str = "secret-access-token";

fn pin() -> PasswordBytes {
    PasswordBytes::new(vec![0xfb, 0xef, 0xbe, 0x01, 0x02])
}

fn template_id() -> RelationshipTemplateId {
    RelationshipTemplateId::parse("RLTaaaaaaaaaaaaaaaaa").unwrap()
}

fn assert_harmless(error: &ClientError) {
    let shown = format!("{error} {error:?} {}", error.code());
    for secret in [
        PASSWORD,
        CLIENT_SECRET,
        SECRET_TOKEN,
        "++++AQI=",
        "%2B%2B%2B%2BAQI%3D",
        "password=",
        "http://127",
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

/// An error whose message repeats everything that was sent.
fn echo(status: u16) -> Answer {
    let texts = [
        format!("'password': {}", pin().to_text().as_str()),
        format!("Bearer {SECRET_TOKEN}"),
        PASSWORD.to_owned(),
        CLIENT_SECRET.to_owned(),
    ];
    answer(
        status,
        serde_json::json!({"error": {"code": "error.platform.inputCannotBeParsed", "message": texts.join(" ")}})
            .to_string(),
    )
}

#[tokio::test]
async fn a_server_that_repeats_what_it_got_is_not_quoted() {
    for status in [400, 404, 429, 500] {
        let server = Server::with_logins([token(SECRET_TOKEN, 300)], [echo(status)]).await;
        let error = server
            .device()
            .relationship_template(&template_id(), Some(&pin()))
            .await
            .unwrap_err();
        assert_eq!(error.code(), "error.platform.inputCannotBeParsed");
        assert_harmless(&error);
        let server = Server::with_logins([echo(status)], [answer(200, "{}")]).await;
        assert_harmless(&server.device().log_in().await.unwrap_err());
    }
}

#[tokio::test]
async fn broken_connections_do_not_quote_the_question() {
    let nobody = "http://127.0.0.1:1".to_owned();
    for base_url in [
        nobody,
        raw(Some(b"")).await.0,
        raw(Some(b"nonsense\r\n\r\n")).await.0,
        raw(Some(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"))
            .await
            .0,
    ] {
        let mut settings = settings(&base_url);
        settings.retry = RetryPolicy::NONE;
        let client = client(&base_url);
        let id = TokenId::parse("TOKaaaaaaaaaaaaaaaaa").unwrap();
        assert_harmless(&client.token(&id, Some(&pin())).await.unwrap_err());
        let device = device(&client);
        assert_harmless(&device.log_in().await.unwrap_err());
        let shown = format!("{settings:?} {client:?} {device:?}");
        assert!(!shown.contains(CLIENT_SECRET) && !shown.contains(PASSWORD));
    }
}

#[tokio::test]
async fn an_answer_of_the_wrong_form_is_not_quoted() {
    let body = format!(r#"{{"result":"{}"}}"#, pin().to_text().as_str());
    let server = Server::with([answer(200, body)]).await;
    let error = server
        .device()
        .relationship_template(&template_id(), Some(&pin()))
        .await
        .unwrap_err();
    assert_harmless(&error);
}

#[tokio::test]
async fn passwords_travel_as_standard_base64_percent_encoded() {
    let server = Server::with([answer(404, "")]).await;
    let device = server.device();
    let _ = device
        .relationship_template(&template_id(), Some(&pin()))
        .await;
    let _ = device.relationship_template(&template_id(), None).await;
    let _ = device
        .relationship_templates(&[(template_id(), None), (template_id(), Some(pin()))])
        .await;
    let asked = server.asked();
    assert_eq!(
        asked[0].path,
        "/api/v2/RelationshipTemplates/RLTaaaaaaaaaaaaaaaaa"
    );
    assert_eq!(asked[0].query, "password=%2B%2B%2B%2BAQI%3D");
    assert_eq!(asked[1].query, "");
    assert_eq!(
        asked[2].query,
        "templates.0.id=RLTaaaaaaaaaaaaaaaaa&templates.1.id=RLTaaaaaaaaaaaaaaaaa&templates.1.password=%2B%2B%2B%2BAQI%3D&pageSize=200"
    );
}
