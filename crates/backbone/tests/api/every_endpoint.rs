//! What holds for every endpoint: who is not logged in, and who is somebody else, gets nothing; ids,
//! pages and bodies that can't be are refused with the right code.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    common::{Actor, Identity, Reply, Server, bytes, text},
    coverage::required,
};

const INVALID: &str = "400 validation.invalidPropertyValue";
const UNPARSABLE: &str = "400 inputCannotBeParsed";
const PAGE_SIZE: &str = "400 validation.pagination.invalidPageSize";
const NOBODY: &str = "did:e:localhost:dids:3a29ae5c1f591bbd9a2aaa";

/// The beginning of the ids that a path takes.
fn prefix(path: &str) -> &'static str {
    for (part, prefix) in [
        ("Challenges", "CHL"),
        ("DeletionProcesses", "IDP"),
        ("Devices", "DVC"),
        ("RelationshipTemplates", "RLT"),
        ("Relationships", "REL"),
        ("Messages", "MSG"),
        ("Tokens", "TOK"),
        ("Files", "FIL"),
        ("SyncRuns", "SYR"),
    ] {
        if path.contains(part) {
            return prefix;
        }
    }
    ""
}

/// The endpoints that give this answer: method, and path with an id that does not exist.
fn giving(answer: &str) -> Vec<(Method, String)> {
    let endpoints = required().into_iter();
    let giving = endpoints.filter(|(_, answers)| answers.contains(answer));
    giving
        .map(|(endpoint, _)| {
            let (method, path) = endpoint.split_once(' ').unwrap();
            let id = format!("{}aaaaaaaaaaaaaaaaa", prefix(path));
            let path = path.replace("{id}", &id).replace("{address}", NOBODY);
            (method.parse().unwrap(), path)
        })
        .collect()
}

fn full(reply: &Reply) -> String {
    let (status, code) = reply.error();
    format!("{status} {code}")
}

#[tokio::test]
async fn who_is_not_logged_in_gets_401_from_every_endpoint_that_needs_a_login() {
    let server = Server::start().await;
    let endpoints = giving("401");
    assert!(endpoints.len() > 50);
    let mut with_nonsense = server.anonymous();
    with_nonsense.token = Some("nonsense".to_owned());
    for (method, path) in endpoints {
        for actor in [&server.anonymous(), &with_nonsense] {
            if path == "/connect/token" {
                continue;
            }
            let reply = actor.send(method.clone(), &path, Value::Null).await;
            assert_eq!(
                (reply.status, &reply.body),
                (401, &Value::Null),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn an_id_that_cannot_be_one_is_refused_by_every_endpoint_that_takes_one() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let mut count = 0;
    for (method, path) in giving(INVALID) {
        let id = format!("{}aaaaaaaaaaaaaaaaa", prefix(&path));
        let wrong = if path.contains(&id) {
            path.replace(&id, "x")
        } else if path.contains(NOBODY) {
            path.replace(NOBODY, "x")
        } else if method == Method::GET
            && !path.contains("IsDeleted")
            && !path.contains("CanCreate")
        {
            format!("{path}?ids=x")
        } else {
            continue;
        };
        if wrong.contains("Announcements") {
            continue;
        }
        let reply = ada.send(method.clone(), &wrong, json!({})).await;
        if full(&reply) != UNPARSABLE {
            assert_eq!(full(&reply), INVALID, "{method} {wrong}");
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
    for (path, expected) in [
        ("Identities/IsDeleted?username=x", INVALID),
        ("Identities/IsDeleted", UNPARSABLE),
        ("Relationships/CanCreate?peer=x", INVALID),
        ("Relationships/CanCreate", UNPARSABLE),
        ("Announcements?language=xx", INVALID),
        ("Announcements", UNPARSABLE),
        ("Datawallet/Modifications?localIndex=x", UNPARSABLE),
        ("Tokens/TOKaaaaaaaaaaaaaaaaa?password=*", UNPARSABLE),
        (
            "RelationshipTemplates/RLTaaaaaaaaaaaaaaaaa?password=*",
            UNPARSABLE,
        ),
    ] {
        assert_eq!(full(&ada.get(path).await), expected, "{path}");
    }
}

#[tokio::test]
async fn a_page_size_that_cannot_be_is_refused_by_every_list() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let mut lists = giving(PAGE_SIZE);
    lists.retain(|(_, path)| !path.contains("ExternalEvents"));
    assert_eq!(lists.len(), 7);
    for (method, path) in lists {
        for size in ["0", "201", "-1"] {
            let path = format!(
                "{path}?ids={}aaaaaaaaaaaaaaaaa&pageSize={size}",
                prefix(&path)
            );
            let reply = ada.send(method.clone(), &path, Value::Null).await;
            assert_eq!(full(&reply), PAGE_SIZE, "{path}");
        }
    }
    let run = "SyncRuns/SYRaaaaaaaaaaaaaaaaa/ExternalEvents?pageSize=201";
    assert_eq!(full(&ada.get(run).await), PAGE_SIZE);
}

#[tokio::test]
async fn a_body_that_is_not_what_is_expected_is_refused_by_every_endpoint_that_takes_one() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let mut count = 0;
    for (method, path) in giving(UNPARSABLE) {
        if method == Method::GET {
            continue;
        }
        let test_push = path.contains("SendTestNotification");
        let body = if test_push { Value::Null } else { json!(7) };
        let reply = ada.send(method.clone(), &path, body).await;
        assert_eq!(full(&reply), UNPARSABLE, "{method} {path}");
        count += 1;
    }
    assert!(count > 20, "{count}");
    let any = json!({"anything": "goes"});
    let path = "Devices/Self/PushNotifications/SendTestNotification";
    ada.post(path, any).await.no_content();
}

/// What an identity has that nobody else may touch.
pub struct Belongings {
    pub owner: Identity,
    device: String,
    pub peer: Identity,
    relationship: String,
    template: String,
    token: String,
    file: String,
    message: String,
    process: String,
    run: String,
}

impl Belongings {
    pub async fn new(server: &Server) -> Self {
        let owner = server.identity_with_datawallet().await;
        let peer = server.identity_with_datawallet().await;
        let relationship = peer.connect(&owner).await;
        let closed = json!({"content": bytes("closed"), "password": "AAAA"});
        let template = owner
            .post("RelationshipTemplates", closed.clone())
            .await
            .created();
        let mut closed = closed;
        closed["expiresAt"] = json!(server.in_seconds(1000));
        let token = owner.post("Tokens", closed).await.created();
        let (file, _) = crate::files::file(server, &owner).await;
        let message = json!({
            "recipients": [{"address": peer.address, "encryptedKey": bytes(&"k".repeat(40))}],
            "body": bytes("between us"),
        });
        let message = owner.post("Messages", message).await.created();
        let body = json!({"lengthOfGracePeriodInDays": 1});
        let process = peer
            .post("Identities/Self/DeletionProcesses", body)
            .await
            .created();
        let run = owner
            .post("SyncRuns", json!({"duration": 1000}))
            .await
            .created();
        Self {
            device: owner.device.clone(),
            relationship,
            template: text(&template["id"]),
            token: text(&token["id"]),
            file,
            message: text(&message["id"]),
            process: text(&process["id"]),
            run: text(&run["syncRun"]["id"]),
            owner,
            peer,
        }
    }

    /// The id of theirs that a path takes; empty when it takes none.
    pub fn id(&self, path: &str) -> &str {
        match prefix(path) {
            "IDP" => &self.process,
            "DVC" => &self.device,
            "RLT" => &self.template,
            "REL" => &self.relationship,
            "MSG" => &self.message,
            "TOK" => &self.token,
            "FIL" => &self.file,
            "SYR" => &self.run,
            _ => "",
        }
    }

    /// Everything that the owner and the peer see.
    async fn seen(&self) -> Vec<Value> {
        let mut seen = Vec::new();
        for (who, path) in [
            (&self.owner, "Devices".to_owned()),
            (&self.owner, format!("Relationships/{}", self.relationship)),
            (
                &self.owner,
                format!("RelationshipTemplates/{}", self.template),
            ),
            (&self.owner, format!("Tokens/{}", self.token)),
            (&self.owner, format!("Files/{}/Metadata", self.file)),
            (&self.owner, format!("Messages/{}", self.message)),
            (
                &self.peer,
                format!("Identities/Self/DeletionProcesses/{}", self.process),
            ),
            (&self.owner, format!("SyncRuns/{}", self.run)),
            (&self.owner, format!("SyncRuns/{}/ExternalEvents", self.run)),
            (&self.owner, "Datawallet/Modifications".to_owned()),
            (&self.owner, "Identities/Self".to_owned()),
        ] {
            seen.push(who.get(&path).await.ok());
        }
        seen
    }
}

#[tokio::test]
async fn with_somebody_elses_credentials_no_endpoint_shows_or_changes_anything() {
    let server = Server::start().await;
    let ours = Belongings::new(&server).await;
    let eve = server.identity_with_datawallet().await;
    let before = ours.seen().await;
    let mut count = 0;
    for endpoint in required().into_keys() {
        let (method, path) = endpoint.split_once(' ').unwrap();
        // Whoever knows the id of a file may read it; its cipher is sealed.
        let is_open = path.starts_with("/api/v2/Files/{id}") && method == "GET";
        // A challenge is anybody's.
        let is_open = is_open || path.contains("/Challenges/");
        if !path.contains('{') || path.starts_with("/r/") || is_open {
            continue;
        }
        let path = path
            .replace("{id}", ours.id(path))
            .replace("{address}", &ours.owner.address);
        let expected: &[&str] = match (method, path.rsplit('/').next().unwrap()) {
            // Where the id is known to exist for sure, upstream says that it is not the caller's.
            ("DELETE", _) if path.contains("/Devices/") => {
                &["400 validation.device.deviceCannotBeDeleted"]
            }
            ("DELETE", _) if path.contains("/Tokens/") || path.contains("/Files/") => {
                &["403 forbidden"]
            }
            (_, "RegenerateOwnershipToken") => &["403 forbidden"],
            // A wrong token; that it locks the file is the rule.
            (_, "ClaimOwnership" | "ValidateOwnershipToken") => continue,
            _ => &["404 recordNotFound"],
        };
        for body in bodies(path.as_str()) {
            let reply = eve.send(method.parse().unwrap(), &path, body).await;
            assert!(
                expected.contains(&full(&reply).as_str()),
                "{method} {path}: {reply:?}"
            );
            count += 1;
        }
    }
    assert!(count > 25, "{count}");
    // Lists hold nothing of others, whatever is asked for.
    for (list, id) in [
        ("Devices", &ours.device),
        ("Files", &ours.file),
        ("Messages", &ours.message),
        ("Relationships", &ours.relationship),
        ("RelationshipTemplates", &ours.template),
        ("Tokens", &ours.token),
    ] {
        let reply = eve.get(&format!("{list}?ids={id}")).await;
        assert_eq!(reply.ok(), json!([]), "{list}");
    }
    let all = eve.get("Messages").await.ok();
    assert_eq!(all, json!([]));
    assert_eq!(
        eve.get("Identities/Self/DeletionProcesses").await.ok(),
        json!([])
    );
    assert_eq!(ours.seen().await, before);
}

/// A body with which the owner would succeed.
fn bodies(path: &str) -> Vec<Value> {
    match path.rsplit('/').next().unwrap() {
        "UpdateContent" => vec![json!({"newContent": bytes("mine")})],
        "FinalizeExternalEventSync" => vec![json!({})],
        "FinalizeDatawalletVersionUpgrade" => vec![json!({"newDatawalletVersion": 2})],
        _ => vec![json!({})],
    }
}

#[tokio::test]
async fn wallets_that_listen_are_told_at_once() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    bob.connect(&ada).await;
    let mut stream = listen(&server, &bob).await;
    assert_eq!(next(&mut stream).await, "ConnectionOpened");
    let message = json!({
        "recipients": [{"address": bob.address, "encryptedKey": bytes(&"k".repeat(40))}],
        "body": bytes("x"),
    });
    ada.post("Messages", message).await.created();
    assert_eq!(next(&mut stream).await, "ExternalEventCreated");
    // Any number of them, and nobody else's events.
    let mut second = listen(&server, &bob).await;
    let mut others = listen(&server, &ada).await;
    assert_eq!(next(&mut second).await, "ConnectionOpened");
    assert_eq!(next(&mut others).await, "ConnectionOpened");
    let template = bob.template().await;
    let body = json!({"relationshipTemplateId": template});
    let eve = server.identity().await;
    eve.post("Relationships", body).await.created();
    for stream in [&mut stream, &mut second] {
        assert_eq!(next(stream).await, "ExternalEventCreated");
    }
    let nothing = std::time::Duration::from_millis(100);
    assert!(tokio::time::timeout(nothing, others.chunk()).await.is_err());
}

async fn listen(server: &Server, by: &Actor) -> reqwest::Response {
    let request = server.http.get(server.url("sse"));
    let stream = request.bearer_auth(by.token.as_ref().unwrap()).send();
    let stream = stream.await.unwrap();
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    crate::coverage::note_answer("GET", "sse", "200");
    stream
}

/// The name of the next event.
async fn next(stream: &mut reqwest::Response) -> String {
    let chunk = stream.chunk().await.unwrap().unwrap();
    let text = String::from_utf8(chunk.to_vec()).unwrap();
    let name = text
        .strip_prefix("event: ")
        .and_then(|rest| rest.strip_suffix("\ndata: _\n\n"));
    name.unwrap_or_else(|| panic!("{text:?}")).to_owned()
}
