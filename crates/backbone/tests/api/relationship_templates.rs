//! RelationshipTemplates: who sees them.

use serde_json::{Value, json};

use crate::common::{Identity, Server, bytes, text};

const PASSWORD: &str = "+//+AQ==";
const PASSWORD_IN_QUERY: &str = "%2B%2F%2F%2BAQ%3D%3D";

async fn template(by: &Identity, mut body: Value) -> String {
    body["content"] = json!(bytes("content"));
    text(&by.post("RelationshipTemplates", body).await.created()["id"])
}

async fn load(by: &Identity, id: &str, password: Option<&str>) -> String {
    let query = password.map_or(String::new(), |password| format!("?password={password}"));
    let path = format!("RelationshipTemplates/{id}{query}");
    by.get(&path).await.summary()
}

#[tokio::test]
async fn a_template_comes_back_as_it_was_made() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let body = json!({
        "content": bytes("content"),
        "expiresAt": "2026-08-21T11:00:00.000+02:00",
        "maxNumberOfAllocations": 3,
        "forIdentity": bob.address,
        "password": PASSWORD,
    });
    let created = ada.post("RelationshipTemplates", body).await.created();
    let names: Vec<&String> = created.as_object().unwrap().keys().collect();
    assert_eq!(names, ["id", "createdAt"]);
    let path = format!("RelationshipTemplates/{}", text(&created["id"]));
    let expected = json!({
        "id": created["id"],
        "createdBy": ada.address,
        "createdByDevice": ada.device,
        "maxNumberOfAllocations": 3,
        "expiresAt": "2026-08-21T09:00:00.000Z",
        "content": bytes("content"),
        "createdAt": created["createdAt"],
        "forIdentity": bob.address,
    });
    assert_eq!(ada.get(&path).await.ok(), expected);
    let with_password = format!("{path}?password={PASSWORD_IN_QUERY}");
    assert_eq!(bob.get(&with_password).await.ok(), expected);

    let bare = ada.template().await;
    let bare = ada.get(&format!("RelationshipTemplates/{bare}")).await.ok();
    for property in ["maxNumberOfAllocations", "expiresAt", "forIdentity"] {
        assert_eq!(bare[property], Value::Null, "{property}");
    }
}

#[tokio::test]
async fn impossible_templates_are_refused() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let invalid = "400 invalidPropertyValue";
    let parse = "400 inputCannotBeParsed";
    let too_long = bytes(&"x".repeat(201));
    for (property, value, expected) in [
        ("expiresAt", json!(server.in_seconds(0)), invalid),
        ("expiresAt", json!("yesterday"), parse),
        ("expiresAt", json!("9999-12-31T00:00:00.000Z"), "201"),
        ("maxNumberOfAllocations", json!(0), invalid),
        ("maxNumberOfAllocations", json!(1), "201"),
        ("maxNumberOfAllocations", json!(1.5), parse),
        ("forIdentity", json!("did:e:localhost:dids:x"), invalid),
        ("forIdentity", json!(ada.address), "201"),
        ("password", json!(""), invalid),
        ("password", json!(too_long), invalid),
        ("password", json!("AA"), "201"),
    ] {
        let mut body = json!({"content": bytes("content")});
        body[property] = value.clone();
        let reply = ada.post("RelationshipTemplates", body).await;
        assert_eq!(reply.summary(), expected, "{property} = {value}");
    }
    let content = bytes(&"x".repeat(10 * 1024 * 1024));
    let post = async |content: &str| {
        let reply = ada
            .post("RelationshipTemplates", json!({"content": content}))
            .await;
        reply.summary()
    };
    assert_eq!(post(&content).await, "201");
    assert_eq!(post(&(content + "AAAA")).await, invalid);
}

/// Who asks, with which password, and what comes of it.
#[tokio::test]
async fn who_sees_a_template_follows_the_table() {
    let server = Server::start().await;
    let (ada, bob, eve) = (
        server.identity().await,
        server.identity().await,
        server.identity().await,
    );
    let gone = "404 recordNotFound";
    let open = json!({});
    let secret = json!({"password": PASSWORD});
    let personal = json!({"forIdentity": bob.address});
    let both = json!({"forIdentity": bob.address, "password": PASSWORD});
    let right = Some(PASSWORD_IN_QUERY);
    let wrong = Some("AAAA");
    for (properties, who, password, expected) in [
        (&open, &ada, None, "200"),
        (&open, &bob, None, "200"),
        (&open, &bob, wrong, "200"),
        (&secret, &ada, None, "200"),
        (&secret, &bob, None, gone),
        (&secret, &bob, wrong, gone),
        (&secret, &bob, Some(""), gone),
        (&secret, &bob, right, "200"),
        (&secret, &bob, Some("-__-AQ"), "200"),
        (&personal, &ada, None, "200"),
        (&personal, &bob, None, "200"),
        (&personal, &eve, None, gone),
        (&both, &bob, None, gone),
        (&both, &bob, right, "200"),
        (&both, &eve, right, gone),
    ] {
        let id = template(&ada, properties.clone()).await;
        let got = load(who, &id, password).await;
        assert_eq!(
            got, expected,
            "{properties} by {} with {password:?}",
            who.address
        );
    }
}

#[tokio::test]
async fn every_kind_of_absence_looks_the_same() {
    let server = Server::start().await;
    let (ada, eve) = (server.identity().await, server.identity().await);
    let unknown = eve.get("RelationshipTemplates/RLTaaaaaaaaaaaaaaaaa").await;
    let secret = template(&ada, json!({"password": PASSWORD})).await;
    let secret = eve.get(&format!("RelationshipTemplates/{secret}")).await;
    assert_eq!(unknown.error(), secret.error());
    assert_eq!(unknown.message(), secret.message());
    assert!(
        unknown
            .message()
            .starts_with("RelationshipTemplate not found. Make sure")
    );
}

#[tokio::test]
async fn wrong_passwords_are_not_counted() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let id = template(&ada, json!({"password": PASSWORD})).await;
    for _ in 0..120 {
        assert_eq!(load(&bob, &id, Some("AAAA")).await, "404 recordNotFound");
    }
    assert_eq!(load(&bob, &id, Some(PASSWORD_IN_QUERY)).await, "200");
}

#[tokio::test]
async fn a_template_is_used_up_by_those_who_load_it_and_its_creator_is_told() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let (bob, eve) = (server.identity().await, server.identity().await);
    let id = template(
        &ada,
        json!({"maxNumberOfAllocations": 1, "password": PASSWORD}),
    )
    .await;
    assert_eq!(load(&ada, &id, None).await, "200");
    assert!(ada.new_events().await.is_empty());
    assert_eq!(load(&bob, &id, Some(PASSWORD_IN_QUERY)).await, "200");
    assert_eq!(
        load(&eve, &id, Some(PASSWORD_IN_QUERY)).await,
        "400 maxNumberOfAllocationsExhausted"
    );
    // Who has it keeps it, and needs no password any more.
    assert_eq!(load(&bob, &id, None).await, "200");
    let events = ada.sync().await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        events[0]["type"],
        "RelationshipTemplateAllocationsExhausted"
    );
    assert_eq!(events[0]["payload"], json!({"relationshipTemplateId": id}));
}

#[tokio::test]
async fn an_expired_template_is_gone_also_for_its_creator_unless_a_relationship_uses_it() {
    let server = Server::start().await;
    let (mut ada, mut bob, mut eve) = (
        server.identity().await,
        server.identity().await,
        server.identity().await,
    );
    let expires = json!({"expiresAt": server.in_seconds(100)});
    let unused = template(&ada, expires.clone()).await;
    let used = template(&ada, expires).await;
    load(&eve, &used, None).await;
    bob.post("Relationships", json!({"relationshipTemplateId": used}))
        .await
        .created();
    server.clock.advance(101);
    for identity in [&mut ada, &mut bob, &mut eve] {
        identity.log_in_again(&server).await;
    }
    assert_eq!(load(&ada, &unused, None).await, "404 recordNotFound");
    assert_eq!(load(&ada, &used, None).await, "200");
    assert_eq!(load(&bob, &used, None).await, "200");
    assert_eq!(load(&eve, &used, None).await, "404 recordNotFound");
}

#[tokio::test]
async fn a_list_leaves_out_what_is_not_visible_and_uses_nothing_up() {
    let server = Server::start().await;
    let (ada, bob, eve) = (
        server.identity().await,
        server.identity().await,
        server.identity().await,
    );
    let open = template(&ada, json!({"maxNumberOfAllocations": 1})).await;
    let secret = template(&ada, json!({"password": PASSWORD})).await;
    let personal = template(&ada, json!({"forIdentity": eve.address})).await;
    let list = format!(
        "RelationshipTemplates?templates.0.id={secret}&templates.0.password={PASSWORD_IN_QUERY}\
         &templates.1.id={open}&templates.2.id={personal}&templates.4.id={secret}"
    );
    let found = bob.get(&list).await.ok();
    let found: Vec<String> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|t| text(&t["id"]))
        .collect();
    assert_eq!(found, [open.clone(), secret.clone()]);
    assert_eq!(load(&eve, &open, None).await, "200");
    assert_eq!(load(&bob, &secret, None).await, "404 recordNotFound");
    let without = bob.get("RelationshipTemplates").await;
    assert_eq!(without.error(), (400, "validation.invalidPropertyValue"));
}

#[tokio::test]
async fn only_its_creator_deletes_a_template_and_relationships_outlive_it() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let id = template(&ada, json!({"password": PASSWORD})).await;
    let path = format!("RelationshipTemplates/{id}");
    assert_eq!(bob.delete(&path).await.error(), (404, "recordNotFound"));
    assert_eq!(load(&bob, &id, Some(PASSWORD_IN_QUERY)).await, "200");
    assert_eq!(bob.delete(&path).await.error(), (403, "forbidden"));
    let body = json!({"relationshipTemplateId": id});
    let relationship = bob.post("Relationships", body).await.created();
    assert_eq!(relationship["relationshipTemplateId"], id);
    ada.delete(&path).await.no_content();
    assert_eq!(ada.delete(&path).await.error(), (404, "recordNotFound"));
    let relationship = format!("Relationships/{}", text(&relationship["id"]));
    let relationship = bob.get(&relationship).await.ok();
    assert_eq!(relationship["relationshipTemplateId"], Value::Null);
}

#[tokio::test]
async fn passwords_do_not_stand_in_the_file() {
    let server = Server::start().await;
    let ada = server.identity().await;
    template(&ada, json!({"password": bytes("a-password-to-be-found")})).await;
    let folder = server.folder.path().join("data");
    server.backbone.stop().await;
    for entry in std::fs::read_dir(folder).unwrap() {
        let content = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in ["a-password-to-be-found", crate::common::PASSWORD] {
            let found = content
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{secret}");
        }
    }
}
