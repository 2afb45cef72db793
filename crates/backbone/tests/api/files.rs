//! Files: who reads them, and how they are handed over.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::common::{Actor, Identity, Reply, Server, bytes, text};

const FIELDS: [&str; 5] = [
    "content",
    "cipherHash",
    "ownerSignature",
    "expiresAt",
    "encryptedProperties",
];
const INVALID: &str = "400 invalidPropertyValue";
const GONE: &str = "404 recordNotFound";
const FORBIDDEN: &str = "403 forbidden";

/// The form of a file that expires in 100 seconds, with one field changed or left out.
fn form(server: &Server, changed: &str, to: Option<Vec<u8>>) -> Form {
    let mut form = Form::new();
    for name in FIELDS {
        let value = match name {
            "content" => b"cipher".to_vec(),
            "expiresAt" => server.in_seconds(100).into_bytes(),
            _ => bytes(name).into_bytes(),
        };
        let value = if name == changed {
            to.clone()
        } else {
            Some(value)
        };
        let Some(value) = value else { continue };
        let part = Part::bytes(value);
        let part = if name == "content" {
            part.file_name("cipher.bin")
        } else {
            part
        };
        form = form.part(name, part);
    }
    form
}

async fn send(server: &Server, by: &Actor, form: Form) -> Reply {
    let mut request = server.http.post(server.url("Files")).multipart(form);
    if let Some(token) = &by.token {
        request = request.bearer_auth(token);
    }
    let reply = Reply::read(request.send().await.unwrap()).await;
    crate::coverage::note(&Method::POST, "Files", &reply);
    reply
}

async fn upload(server: &Server, by: &Actor, form: Form) -> (u16, Value) {
    let reply = send(server, by, form).await;
    (reply.status, reply.body)
}

/// Tries to upload a file.
pub async fn try_file(server: &Server, by: &Identity) -> Reply {
    send(server, by, form(server, "", None)).await
}

/// Uploads a file and gives its id and ownership token.
pub async fn file(server: &Server, by: &Identity) -> (String, String) {
    let (status, body) = upload(server, by, form(server, "", None)).await;
    assert_eq!(status, 201, "{body}");
    let file = &body["result"];
    (text(&file["id"]), text(&file["ownershipToken"]))
}

async fn patch(by: &Identity, id: &str, action: &str, token: &str) -> Reply {
    let body = json!({"ownershipToken": token});
    by.send(Method::PATCH, &format!("Files/{id}/{action}"), body)
        .await
}

async fn is_valid(by: &Identity, id: &str, token: &str) -> Value {
    let path = format!("Files/{id}/ValidateOwnershipToken");
    let answer = by.post(&path, json!({"ownershipToken": token})).await;
    answer.ok()["isValid"].clone()
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_uploaded_to_whoever_knows_its_id() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let (status, body) = upload(&server, &ada, form(&server, "", None)).await;
    assert_eq!(status, 201, "{body}");
    let created = &body["result"];
    let token = text(&created["ownershipToken"]);
    assert_eq!(token.len(), 20);
    let expected = json!({
        "id": created["id"],
        "createdAt": created["createdAt"],
        "createdBy": ada.address,
        "createdByDevice": ada.device,
        "modifiedAt": created["createdAt"],
        "modifiedBy": ada.address,
        "deletedAt": null,
        "deletedBy": null,
        "owner": ada.address,
        "ownerSignature": bytes("ownerSignature"),
        "ownershipToken": token,
        "cipherSize": 6,
        "cipherHash": bytes("cipherHash"),
        "expiresAt": server.in_seconds(100),
    });
    assert_eq!(*created, expected);

    let id = text(&created["id"]);
    let metadata = json!({
        "id": id,
        "createdAt": created["createdAt"],
        "createdBy": ada.address,
        "createdByDevice": ada.device,
        "modifiedAt": created["createdAt"],
        "modifiedBy": ada.address,
        "modifiedByDevice": ada.device,
        "deletedAt": null,
        "deletedBy": null,
        "deletedByDevice": null,
        "owner": ada.address,
        "ownerSignature": bytes("ownerSignature"),
        "ownershipIsLocked": false,
        "cipherSize": 6,
        "cipherHash": bytes("cipherHash"),
        "expiresAt": server.in_seconds(100),
        "encryptedProperties": bytes("encryptedProperties"),
    });
    for reader in [&ada, &bob] {
        // The runtime writes this path so.
        let path = format!("Files/{id}/metadata");
        assert_eq!(reader.get(&path).await.ok(), metadata);
        let download = reader.get(&format!("Files/{id}")).await;
        assert_eq!(download.headers["content-type"], "application/octet-stream");
        assert_eq!(download.body, "cipher");
    }
    assert_eq!(ada.get("Files").await.ok(), json!([metadata]));
    assert_eq!(bob.get("Files").await.ok(), json!([]));
    assert_eq!(
        server.anonymous().get(&format!("Files/{id}")).await.status,
        401
    );
}

#[tokio::test]
async fn impossible_files_are_refused() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let unparsable = "error.platform.inputCannotBeParsed";
    let invalid = "error.platform.validation.invalidPropertyValue";
    let size = "InclusiveBetweenValidator";
    let of = |length: usize| Some(bytes(&"x".repeat(length)).into_bytes());
    for (changed, to, code) in [
        ("content", None, unparsable),
        ("content", Some(Vec::new()), size),
        ("content", Some(vec![0; 10 * 1024 * 1024 + 1]), size),
        ("cipherHash", None, unparsable),
        ("cipherHash", Some(b"*".to_vec()), unparsable),
        ("cipherHash", of(0), invalid),
        ("cipherHash", of(129), invalid),
        ("ownerSignature", None, unparsable),
        ("ownerSignature", of(513), invalid),
        ("expiresAt", None, unparsable),
        ("expiresAt", Some(b"tomorrow".to_vec()), unparsable),
        (
            "expiresAt",
            Some(server.in_seconds(0).into_bytes()),
            invalid,
        ),
        ("encryptedProperties", None, unparsable),
        ("encryptedProperties", Some(vec![0xff]), unparsable),
        ("encryptedProperties", of(1024 * 1024 + 1), invalid),
    ] {
        let length = to.as_ref().map(Vec::len);
        let (status, body) = upload(&server, &ada, form(&server, changed, to)).await;
        let found = (status, &body["error"]["code"]);
        assert_eq!(found, (400, &json!(code)), "{changed} of {length:?}");
    }
    // No form at all.
    let reply = ada.post("Files", json!({})).await;
    assert_eq!(reply.summary(), "400 inputCannotBeParsed");
    // The longest cipher goes through.
    let longest = form(&server, "content", Some(vec![0; 10 * 1024 * 1024]));
    assert_eq!(upload(&server, &ada, longest).await.0, 201);
    let (status, _) = upload(&server, &server.anonymous(), form(&server, "", None)).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn an_expired_file_is_gone() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let (id, token) = file(&server, &ada).await;
    server.clock.advance(100);
    for path in [format!("Files/{id}"), format!("Files/{id}/Metadata")] {
        let reply = ada.get(&path).await;
        assert_eq!(reply.summary(), GONE);
        assert!(reply.message().starts_with("File not found. "));
    }
    assert_eq!(ada.get("Files").await.ok(), json!([]));
    let bob = server.identity().await;
    assert_eq!(
        patch(&bob, &id, "ClaimOwnership", &token).await.summary(),
        GONE
    );
}

#[tokio::test]
async fn only_its_creator_deletes_and_lists_a_file() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let (first, token) = file(&server, &ada).await;
    let (second, _) = file(&server, &ada).await;
    patch(&bob, &first, "ClaimOwnership", &token).await.ok();

    let ids = |list: Value| -> Vec<String> {
        let files = list.as_array().unwrap().iter();
        files.map(|file| text(&file["id"])).collect()
    };
    let all = ids(ada.get("Files").await.ok());
    assert_eq!(all, [first.clone(), second.clone()]);
    let named = ada.get(&format!("Files?ids={second}&ids=FILa")).await.ok();
    assert_eq!(ids(named), std::slice::from_ref(&second));
    assert_eq!(bob.get("Files").await.ok(), json!([]));
    assert_eq!(ada.get("Files?ids=TOKa").await.summary(), INVALID);

    let path = format!("Files/{first}");
    assert_eq!(bob.delete(&path).await.summary(), FORBIDDEN);
    ada.delete(&path).await.no_content();
    assert_eq!(ada.delete(&path).await.summary(), GONE);
    assert_eq!(ada.delete("Files/x").await.summary(), INVALID);
}

#[tokio::test]
async fn who_has_the_ownership_token_takes_the_file_over_once() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let (bob, eve) = (server.identity().await, server.identity().await);
    let (id, token) = file(&server, &ada).await;
    let own = patch(&ada, &id, "ClaimOwnership", &token).await;
    assert_eq!(own.summary(), "400 cannotClaimOwnershipOfOwnFile");
    assert_eq!(is_valid(&bob, &id, &token).await, json!(true));

    let claimed = patch(&bob, &id, "ClaimOwnership", &token).await.ok();
    let new_token = text(&claimed["newOwnershipToken"]);
    let metadata = ada.get(&format!("Files/{id}/Metadata")).await.ok();
    assert_eq!(metadata["owner"], bob.address);
    assert_eq!(metadata["createdBy"], ada.address);
    let events = ada.sync().await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["type"], "FileOwnershipClaimed");
    let payload = json!({"fileId": id, "newOwnerAddress": bob.address});
    assert_eq!(events[0]["payload"], payload);

    assert_eq!(is_valid(&bob, &id, &token).await, json!(false));
    assert_eq!(is_valid(&bob, &id, &new_token).await, json!(true));
    let regenerate = patch(&ada, &id, "RegenerateOwnershipToken", "").await;
    assert_eq!(regenerate.summary(), FORBIDDEN);
    patch(&eve, &id, "ClaimOwnership", &new_token).await.ok();
}

#[tokio::test]
async fn a_wrong_ownership_token_locks_a_file_until_its_owner_makes_a_new_one() {
    let server = Server::start().await;
    let ada = server.identity_with_datawallet().await;
    let bob = server.identity().await;
    for by_asking in [false, true] {
        let (id, token) = file(&server, &ada).await;
        // A wrong guess of the owner does nothing.
        assert_eq!(is_valid(&ada, &id, "wrong").await, json!(false));
        assert_eq!(is_valid(&ada, &id, &token).await, json!(true));
        if by_asking {
            assert_eq!(is_valid(&bob, &id, "wrong").await, json!(false));
        } else {
            let claim = patch(&bob, &id, "ClaimOwnership", "wrong").await;
            assert_eq!(claim.summary(), FORBIDDEN);
        }
        let events = ada.sync().await;
        assert_eq!(events.len(), 1, "by asking: {by_asking}");
        assert_eq!(events[0]["type"], "FileOwnershipLocked");
        assert_eq!(events[0]["payload"], json!({"fileId": id}));
        let metadata = bob.get(&format!("Files/{id}/Metadata")).await.ok();
        assert_eq!(metadata["ownershipIsLocked"], true);
        assert_eq!(is_valid(&ada, &id, &token).await, json!(false));
        let claim = patch(&bob, &id, "ClaimOwnership", &token).await;
        assert_eq!(claim.summary(), FORBIDDEN);
        // A locked file raises no more events.
        assert_eq!(ada.new_events().await, [""; 0]);

        let new = patch(&ada, &id, "RegenerateOwnershipToken", "").await.ok();
        let new = text(&new["newOwnershipToken"]);
        assert_ne!(new, token);
        assert_eq!(is_valid(&ada, &id, &new).await, json!(true));
        patch(&bob, &id, "ClaimOwnership", &new).await.ok();
        ada.sync().await;
    }
}

#[tokio::test]
async fn impossible_ownership_tokens_are_refused_without_locking_anything() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let (id, token) = file(&server, &ada).await;
    for wrong in ["", "with space", "aaaaaaaaaaaaaaaaaaaaa", "ä"] {
        let reply = patch(&bob, &id, "ClaimOwnership", wrong).await;
        assert_eq!(reply.summary(), INVALID, "{wrong}");
    }
    let path = format!("Files/{id}/ValidateOwnershipToken");
    let reply = bob.post(&path, json!({})).await;
    assert_eq!(reply.summary(), "400 inputCannotBeParsed");
    let reply = bob.post(&path, json!({"ownershipToken": " "})).await;
    assert_eq!(reply.summary(), INVALID);
    assert_eq!(is_valid(&bob, &id, &token).await, json!(true));
    let none = patch(&bob, "FILaaaaaaaaaaaaaaaaa", "ClaimOwnership", &token).await;
    assert_eq!(none.summary(), GONE);
}
