//! Tokens: who sees them, and when they lock.

use serde_json::{Value, json};

use crate::common::{Actor, Identity, Server, bytes, text};

const PASSWORD: &str = "+//+AQ==";
const PASSWORD_IN_QUERY: &str = "%2B%2F%2F%2BAQ%3D%3D";

async fn token(server: &Server, by: &Actor, mut body: Value) -> String {
    if body.get("content").is_none() {
        body["content"] = json!(bytes("content"));
    }
    if body.get("expiresAt").is_none() {
        body["expiresAt"] = json!(server.in_seconds(100));
    }
    text(&by.post("Tokens", body).await.created()["id"])
}

async fn load(by: &Actor, id: &str, password: Option<&str>) -> String {
    let query = password.map_or(String::new(), |password| format!("?password={password}"));
    by.get(&format!("Tokens/{id}{query}")).await.summary()
}

#[tokio::test]
async fn a_token_comes_back_as_it_was_made_also_without_a_login() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let body = json!({"content": bytes("content"), "expiresAt": server.in_seconds(100)});
    let created = ada.post("Tokens", body).await.created();
    let path = format!("Tokens/{}", text(&created["id"]));
    let expected = json!({
        "id": created["id"],
        "createdBy": ada.address,
        "createdByDevice": ada.device,
        "forIdentity": null,
        "createdAt": created["createdAt"],
        "expiresAt": server.in_seconds(100),
        "content": bytes("content"),
        "isPasswordProtected": false,
    });
    assert_eq!(server.anonymous().get(&path).await.ok(), expected);
    assert_eq!(ada.get(&path).await.ok(), expected);
}

#[tokio::test]
async fn impossible_tokens_are_refused() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let anonymous = server.anonymous();
    let invalid = "400 invalidPropertyValue";
    let content = json!(bytes("content"));
    let soon = |seconds: i64| json!(server.in_seconds(seconds));
    for (who, content, expires_at, expected) in [
        (&*ada, content.clone(), soon(0), invalid),
        (
            &*ada,
            content.clone(),
            Value::Null,
            "400 inputCannotBeParsed",
        ),
        (
            &*ada,
            content.clone(),
            json!("9999-12-31T00:00:00.000Z"),
            "201",
        ),
        (&*ada, Value::Null, soon(86_400), "201"),
        (&anonymous, content, soon(100), invalid),
        (&anonymous, Value::Null, soon(301), invalid),
        (&anonymous, Value::Null, soon(290), "201"),
    ] {
        let body = json!({"content": content, "expiresAt": expires_at});
        let reply = who.post("Tokens", body.clone()).await;
        assert_eq!(reply.summary(), expected, "{body}");
    }
}

/// Who asks, with which password, and what comes of it.
#[tokio::test]
async fn who_sees_a_token_follows_the_table() {
    let server = Server::start().await;
    let (ada, bob, eve) = (
        server.identity().await,
        server.identity().await,
        server.identity().await,
    );
    let anonymous = server.anonymous();
    let gone = "404 recordNotFound";
    let open = json!({});
    let secret = json!({"password": PASSWORD});
    let personal = json!({"forIdentity": bob.address});
    let both = json!({"forIdentity": bob.address, "password": PASSWORD});
    let right = Some(PASSWORD_IN_QUERY);
    for (properties, who, password, expected) in [
        (&open, &anonymous, None, "200"),
        (&open, &*bob, None, "200"),
        (&secret, &*ada, None, "200"),
        (&secret, &anonymous, None, gone),
        (&secret, &anonymous, Some("AAAA"), gone),
        (&secret, &anonymous, right, "200"),
        (&secret, &*bob, right, "200"),
        (&personal, &*ada, None, "200"),
        (&personal, &*bob, None, "200"),
        (&personal, &*eve, None, gone),
        (&personal, &anonymous, None, gone),
        (&both, &*bob, None, gone),
        (&both, &*bob, right, "200"),
        (&both, &*eve, right, gone),
    ] {
        let id = token(&server, &ada, properties.clone()).await;
        assert_eq!(
            load(who, &id, password).await,
            expected,
            "{properties} with {password:?}"
        );
    }
    assert_eq!(load(&ada, "TOKaaaaaaaaaaaaaaaaa", None).await, gone);
}

#[tokio::test]
async fn an_expired_token_stays_visible_to_its_creator_and_to_who_loaded_it() {
    let server = Server::start().await;
    let (ada, bob, eve) = (
        server.identity().await,
        server.identity().await,
        server.identity().await,
    );
    let id = token(&server, &ada, json!({"password": PASSWORD})).await;
    assert_eq!(load(&bob, &id, Some(PASSWORD_IN_QUERY)).await, "200");
    server.clock.advance(101);
    assert_eq!(load(&ada, &id, None).await, "200");
    assert_eq!(load(&bob, &id, None).await, "200");
    assert_eq!(
        load(&eve, &id, Some(PASSWORD_IN_QUERY)).await,
        "404 recordNotFound"
    );
    let anonymous = server.anonymous();
    assert_eq!(
        load(&anonymous, &id, Some(PASSWORD_IN_QUERY)).await,
        "404 recordNotFound"
    );

    let list = async |by: &Identity| by.get(&format!("Tokens?ids={id}")).await.ok();
    assert_eq!(list(&ada).await[0]["id"], id);
    assert_eq!(list(&bob).await[0]["isPasswordProtected"], true);
    assert_eq!(list(&eve).await, json!([]));
    let numbered = format!("Tokens?tokens.0.id={id}&tokens.0.password=AAAA");
    assert_eq!(bob.get(&numbered).await.ok()[0]["id"], id);
    assert_eq!(
        ada.get("Tokens").await.summary(),
        "400 invalidPropertyValue"
    );
}

#[tokio::test]
async fn the_hundredth_wrong_password_locks_a_token_for_good_and_tells_its_creator() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let (bob, eve) = (server.identity().await, server.identity().await);
    let id = token(&server, &ada, json!({"password": PASSWORD})).await;
    assert_eq!(load(&bob, &id, Some(PASSWORD_IN_QUERY)).await, "200");
    let locked = "400 tooManyFailedPasswordAttempts";
    for attempt in 1..=100 {
        let expected = if attempt < 100 {
            "404 recordNotFound"
        } else {
            locked
        };
        assert_eq!(
            load(&server.anonymous(), &id, Some("AAAA")).await,
            expected,
            "{attempt}"
        );
    }
    assert_eq!(load(&eve, &id, Some(PASSWORD_IN_QUERY)).await, locked);
    assert_eq!(load(&ada, &id, None).await, "200");
    assert_eq!(load(&bob, &id, None).await, "200");
    let events = ada.sync().await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["type"], "TokenLocked");
    assert_eq!(events[0]["payload"], json!({"tokenId": id}));
}

#[tokio::test]
async fn an_empty_token_is_filled_once_and_belongs_to_who_fills_it() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let anonymous = server.anonymous();
    let body = json!({"content": null, "password": PASSWORD});
    let id = token(&server, &anonymous, body).await;
    // Whoever asks without a login counts as its creator as long as it is empty.
    let empty = anonymous.get(&format!("Tokens/{id}")).await.ok();
    assert_eq!(
        (&empty["content"], &empty["createdBy"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(empty["isPasswordProtected"], true);

    let fill = async |by: &Identity, password: Value, content: &str| {
        let body = json!({"id": id, "newContent": content, "password": password});
        by.post(&format!("Tokens/{id}/UpdateContent"), body).await
    };
    let content = bytes("filled");
    assert_eq!(
        fill(&ada, Value::Null, &content).await.summary(),
        "404 recordNotFound"
    );
    assert_eq!(
        fill(&ada, json!("AAAA"), &content).await.summary(),
        "404 recordNotFound"
    );
    assert_eq!(
        fill(&ada, json!(PASSWORD), "").await.summary(),
        "400 invalidPropertyValue"
    );
    let filled = fill(&ada, json!(PASSWORD), &content).await.ok();
    assert_eq!(
        filled,
        json!({
            "id": id,
            "createdBy": ada.address,
            "createdByDevice": ada.device,
            "forIdentity": null,
            "createdAt": empty["createdAt"],
            "expiresAt": empty["expiresAt"],
            "isPasswordProtected": true,
        })
    );
    let again = fill(&bob, json!(PASSWORD), &content).await;
    assert_eq!(
        again.error(),
        (
            400,
            "token.contentUpdateNotPossibleBecauseContentAlreadyExists"
        )
    );
    assert_eq!(load(&anonymous, &id, None).await, "404 recordNotFound");
    let path = format!("Tokens/{id}?password={PASSWORD_IN_QUERY}");
    assert_eq!(anonymous.get(&path).await.ok()["content"], content);

    // Nobody fills what is for somebody else, or over.
    let body = json!({"content": null, "forIdentity": bob.address});
    let id = token(&server, &ada, body).await;
    let path = format!("Tokens/{id}/UpdateContent");
    let eve = server.identity().await;
    let body = json!({"newContent": content});
    assert_eq!(
        eve.post(&path, body.clone()).await.error(),
        (404, "recordNotFound")
    );
    server.clock.advance(101);
    assert_eq!(bob.post(&path, body).await.error(), (404, "recordNotFound"));
}

#[tokio::test]
async fn only_its_creator_deletes_a_token() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let id = token(&server, &ada, json!({})).await;
    load(&bob, &id, None).await;
    let path = format!("Tokens/{id}");
    assert_eq!(bob.delete(&path).await.error(), (403, "forbidden"));
    assert_eq!(server.anonymous().delete(&path).await.status, 401);
    ada.delete(&path).await.no_content();
    for who in [&ada, &bob] {
        assert_eq!(who.get(&path).await.error(), (404, "recordNotFound"));
        assert_eq!(who.delete(&path).await.error(), (404, "recordNotFound"));
    }
}
