//! What holds for every call.

use reqwest::Method;
use serde_json::{Value, json};
use tessera_core_types::CoreDate;

use crate::common::{Server, bytes, http, text};

const NOT_FOUND: &str = "Token not found. Make sure the ID exists and the record is not expired. \
    If a password is required to fetch the record, make sure you passed the correct one.";

#[tokio::test]
async fn an_error_has_exactly_the_form_that_clients_read() {
    let server = Server::start().await;
    let reply = server.anonymous().get("Tokens/TOKabc").await;
    assert_eq!(reply.status, 404);
    assert_eq!(
        reply.headers["content-type"],
        "application/json; charset=utf-8"
    );
    let error = reply.body["error"].as_object().unwrap();
    let names: Vec<&String> = error.keys().collect();
    assert_eq!(names, ["id", "code", "message", "docs", "time", "data"]);
    assert_eq!(error["code"], "error.platform.recordNotFound");
    assert_eq!(error["message"], NOT_FOUND);
    assert_eq!((&error["docs"], &error["data"]), (&json!(""), &Value::Null));
    assert_eq!(
        CoreDate::parse(&text(&error["time"])).unwrap(),
        server.now()
    );
    let id = text(&error["id"]);
    assert_eq!((id.len(), &id[..3]), (20, "ERR"));
    let again = server.anonymous().get("Tokens/TOKabc").await;
    assert_ne!(again.body["error"]["id"], error["id"]);
}

#[tokio::test]
async fn ids_of_the_wrong_form_are_told_from_ids_that_do_not_exist() {
    let server = Server::start().await;
    let reply = server.anonymous().get("Tokens/abc").await;
    assert_eq!(reply.error(), (400, "validation.invalidPropertyValue"));
    let message =
        "'id': The ID or Address is not valid. Check length, prefix and the used characters.";
    assert_eq!(reply.message(), message);
}

#[tokio::test]
async fn who_is_not_logged_in_gets_401_without_a_body_before_anything_else_is_looked_at() {
    let server = Server::start().await;
    for (method, path, body) in [
        (Method::GET, "Devices/Self", Value::Null),
        (Method::GET, "RelationshipTemplates/not-an-id", Value::Null),
        (Method::POST, "RelationshipTemplates", json!("nonsense")),
        (Method::POST, "Relationships", json!({})),
        (Method::POST, "SyncRuns", json!({})),
        (Method::GET, "Datawallet", Value::Null),
        (Method::POST, "Messages", json!({})),
        (Method::DELETE, "Tokens/TOKabc", Value::Null),
        (Method::GET, "Announcements", Value::Null),
        (Method::GET, "sse", Value::Null),
        (
            Method::GET,
            "/api/poc/PublicRelationshipTemplateReferences",
            Value::Null,
        ),
    ] {
        let reply = server.anonymous().send(method, path, body).await;
        assert_eq!((reply.status, &reply.body), (401, &Value::Null), "{path}");
    }
}

#[tokio::test]
async fn both_versions_serve_the_same_data_and_differ_in_their_number() {
    let server = Server::start().await;
    let ada = server.identity().await;
    assert_eq!(
        ada.get("/api/v2/Version").await.ok(),
        json!({"majorVersion": "7"})
    );
    assert_eq!(
        ada.get("/api/v1/Version").await.ok(),
        json!({"majorVersion": "6"})
    );
    let v2 = ada.get("/api/v2/Devices/Self").await.ok();
    assert_eq!(ada.get("/api/v1/Devices/Self").await.ok(), v2);
    for path in ["/api/v3/Version", "/api/v2/Nothing", "/nothing", "/"] {
        let reply = ada.get(path).await;
        assert_eq!((reply.status, &reply.body), (404, &Value::Null), "{path}");
    }
}

#[tokio::test]
async fn paths_and_queries_are_read_without_regard_to_case_but_ids_are_not() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let id = ada.template().await;
    ada.get(&format!("/API/V2/RELATIONSHIPTEMPLATES/{id}"))
        .await
        .ok();
    ada.get(&format!("/api/v2/relationshiptemplates/{id}"))
        .await
        .ok();
    let listed = ada
        .get(&format!("RelationshipTemplates?IDS={id}"))
        .await
        .ok();
    assert_eq!(listed[0]["id"], id);
    let other = format!("RLT{}", id[3..].to_lowercase());
    if other != id {
        let reply = ada.get(&format!("RelationshipTemplates/{other}")).await;
        assert_eq!(reply.error(), (404, "recordNotFound"));
    }
}

#[tokio::test]
async fn a_call_that_names_another_host_is_not_served() {
    let server = Server::start().await;
    let headers = [("host", "evil.example")];
    let reply = server
        .anonymous()
        .send_with(Method::GET, "Version", Value::Null, &headers)
        .await;
    assert_eq!((reply.status, &reply.body), (421, &Value::Null));
}

#[tokio::test]
async fn answers_say_when_and_how_long_and_echo_the_correlation_id() {
    let server = Server::start().await;
    let anonymous = server.anonymous();
    let correlation = format!("  {}  ", "c".repeat(120));
    for path in ["Version", "Devices/Self", "Tokens/abc", "/nothing"] {
        let headers = [("X-Correlation-ID", correlation.as_str())];
        let reply = anonymous
            .send_with(Method::GET, path, Value::Null, &headers)
            .await;
        let header = |name: &str| reply.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("x-correlation-id"), "c".repeat(100), "{path}");
        assert_eq!(
            CoreDate::parse(&header("x-request-time")).unwrap(),
            server.now()
        );
        assert_eq!(
            CoreDate::parse(&header("x-response-time")).unwrap(),
            server.now()
        );
        header("x-response-duration-ms").parse::<u64>().unwrap();
        assert!(!header("x-trace-id").is_empty());
    }
    let reply = anonymous.get("Version").await;
    assert!(!reply.headers["x-correlation-id"].is_empty());
}

#[tokio::test]
async fn lists_have_pages_only_when_there_is_more_than_one() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(ada.template().await);
    }
    let list = format!("RelationshipTemplates?ids={}", ids.join("&ids="));
    let whole = ada.get(&list).await;
    assert!(whole.body.get("pagination").is_none());
    let all = whole.ok();

    let second = ada.get(&format!("{list}&pageSize=2&PageNumber=2")).await;
    assert_eq!(
        second.body["pagination"],
        json!({"pageNumber": 2, "pageSize": 2, "totalPages": 2, "totalRecords": 3})
    );
    assert_eq!(second.ok(), json!([all[2]]));
    let beyond = ada.get(&format!("{list}&pageSize=2&pageNumber=9")).await;
    assert_eq!(beyond.ok(), json!([]));
    for size in ["0", "201"] {
        let reply = ada.get(&format!("{list}&pageSize={size}")).await;
        assert_eq!(
            reply.error(),
            (400, "validation.pagination.invalidPageSize")
        );
    }
}

#[tokio::test]
async fn bodies_that_are_too_long_or_not_json_are_refused() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let url = server.url("RelationshipTemplates");
    let post = async |body: Vec<u8>| {
        let token = ada.token.clone().unwrap();
        let request = http().post(&url).bearer_auth(token).body(body);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        (status, text(&body["error"]["code"]))
    };
    let large = (400, "error.platform.requestBodyTooLarge".to_owned());
    assert_eq!(post(vec![b' '; 20 * 1024 * 1024 + 1]).await, large);
    let unreadable = (400, "error.platform.inputCannotBeParsed".to_owned());
    for body in [
        "",
        "{",
        "[]",
        "null",
        "7",
        "\"text\"",
        "\u{0}",
        "{\"content\":7}",
    ] {
        assert_eq!(post(body.into()).await, unreadable, "{body}");
    }
    assert_eq!(post(vec![0xff, 0xfe]).await, unreadable);
    assert_eq!(post("[".repeat(1_000_000).into()).await, unreadable);
}

#[tokio::test]
async fn contents_come_back_as_base64url_however_they_were_written() {
    let server = Server::start().await;
    let ada = server.identity().await;
    for content in ["-__-AQ", "-__-AQ==", "+//+AQ", "+//+AQ=="] {
        let body = json!({"CONTENT": content, "unknown": {"x": 1}, "expiresAt": null});
        let created = ada.post("RelationshipTemplates", body).await.created();
        let path = format!("RelationshipTemplates/{}", text(&created["id"]));
        assert_eq!(ada.get(&path).await.ok()["content"], "-__-AQ");
    }
    let reply = ada
        .post("RelationshipTemplates", json!({"content": "no base64!"}))
        .await;
    assert_eq!(reply.error(), (400, "inputCannotBeParsed"));
    assert!(reply.message().starts_with("'content': "));
}

#[tokio::test]
async fn tags_are_sent_again_only_when_they_changed() {
    let server = Server::start().await;
    let anonymous = server.anonymous();
    let first = anonymous.get("Tags").await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let tags = json!({"supportedLanguages": ["en"], "tagsForAttributeValueTypes": {}});
    assert_eq!(first.ok(), tags);
    for (known, status) in [
        (tag.clone(), 304),
        (format!("\"other\", W/{tag}"), 304),
        ("\"other\"".to_owned(), 200),
        ("*".to_owned(), 200),
    ] {
        let headers = [("If-None-Match", known.as_str())];
        let reply = anonymous
            .send_with(Method::GET, "Tags", Value::Null, &headers)
            .await;
        assert_eq!(reply.status, status, "{known}");
        assert_eq!(reply.headers["etag"], tag.as_str());
        assert_eq!(reply.body.is_null(), status == 304);
    }
}

#[tokio::test]
async fn there_are_no_announcements_and_no_public_templates() {
    let server = Server::start().await;
    let ada = server.identity().await;
    assert_eq!(ada.get("Announcements?language=de").await.ok(), json!([]));
    let path = "/api/poc/PublicRelationshipTemplateReferences";
    assert_eq!(ada.get(path).await.ok(), json!([]));
    assert_eq!(
        ada.get("Announcements").await.error(),
        (400, "inputCannotBeParsed")
    );
    let reply = ada.get("Announcements?language=xx").await;
    assert_eq!(reply.error(), (400, "validation.invalidPropertyValue"));
}

#[tokio::test]
async fn the_page_of_a_reference_is_plain_html_that_loads_nothing_from_elsewhere() {
    let server = Server::start().await;
    let anonymous = server.anonymous();
    assert_eq!(anonymous.get("/health").await.body, "Healthy");
    for (language, heading) in [
        (
            "de-DE,de;q=0.9",
            "<h1>Diesen Link mit der Wallet öffnen</h1>",
        ),
        ("fr", "<h1>Open this link with your wallet</h1>"),
    ] {
        let headers = [("accept-language", language)];
        let path = "/r/RLTabc?app=x";
        let reply = anonymous
            .send_with(Method::GET, path, Value::Null, &headers)
            .await;
        assert_eq!(reply.status, 200);
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"));
        let page = text(&reply.body);
        assert!(page.contains(heading), "{page}");
        assert!(
            !page.contains(['{', '}']) && !page.contains("RLTabc"),
            "{page}"
        );
        for own in ["/assets/reference.js", "/assets/reference.css"] {
            assert!(page.contains(own));
            assert_eq!(anonymous.get(own).await.status, 200);
        }
    }
}

#[tokio::test]
async fn a_listening_wallet_hears_at_once_that_there_is_something() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let bob = server.identity_with_datawallet().await;
    let request = http()
        .get(server.url("sse"))
        .bearer_auth(ada.token.clone().unwrap());
    let mut stream = request.send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut heard = String::new();
    while !heard.contains("ConnectionOpened\ndata: _\n\n") {
        heard += std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap();
    }
    bob.request_relationship(&ada).await;
    while !heard.ends_with("event: ExternalEventCreated\ndata: _\n\n") {
        heard += std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap();
    }
    // The stream ends with the server, which does not wait for it.
    server.backbone.stop().await;
    assert!(matches!(stream.chunk().await, Ok(None)));
}

#[tokio::test]
async fn what_an_error_says_never_repeats_a_secret() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let body = json!({"content": bytes("x"), "password": "my secret password!"});
    let reply = ada.post("RelationshipTemplates", body).await;
    assert_eq!(reply.error(), (400, "inputCannotBeParsed"));
    assert_eq!(reply.message(), "'password': not base64");
    let body = json!({"oldPassword": ["my secret"], "newPassword": 7});
    let reply = ada.put("Devices/Self/Password", body).await;
    assert_eq!(reply.error(), (400, "inputCannotBeParsed"));
    assert!(!reply.message().contains("secret"), "{}", reply.message());
}
