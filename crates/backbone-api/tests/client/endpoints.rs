//! Method, path, query and body of the calls.

use tessera_backbone_api::{
    Bytes, SecretText,
    challenges::SignedChallenge,
    client::NewIdentity,
    relationships::RelationshipAction,
    sync_runs::{StartSyncRunRequest, StartSyncRunStatus, SyncRunType},
};
use tessera_core_types::{Address, MessageId, RelationshipId, SyncRunId, TokenId, Username};

use crate::server::{Server, answer};

#[tokio::test]
async fn calls_go_where_they_should() {
    let server = Server::with([answer(404, "")]).await;
    let device = server.device();
    let client = server.client();
    let relationship = RelationshipId::parse("RELaaaaaaaaaaaaaaaaa").unwrap();
    let run = SyncRunId::parse("SYRaaaaaaaaaaaaaaaaa").unwrap();
    let token = TokenId::parse("TOKaaaaaaaaaaaaaaaaa").unwrap();
    let message = MessageId::parse("MSGaaaaaaaaaaaaaaaaa").unwrap();
    let username = Username::parse("USRaaaaaaaaaaaaaaaaa").unwrap();
    let peer = Address::of_key(&[1; 32], "localhost");

    let _ = client.is_healthy().await;
    let _ = client.create_challenge().await;
    let _ = client.is_identity_deleted(&username).await;
    let _ = client.token(&token, None).await;
    let _ = device.token(&token, None).await;
    let _ = device.can_create_relationship(&peer).await;
    for action in RelationshipAction::ALL {
        let _ = device.change_relationship(&relationship, action).await;
    }
    let content = Some(Bytes(vec![0xff, 0xfe]));
    let _ = device.accept_relationship(&relationship, content).await;
    let _ = device
        .relationships(&[relationship.clone(), relationship])
        .await;
    let _ = device.messages(&[message]).await;
    let _ = device.external_events(&run).await;
    let _ = device.refresh_sync_run(&run).await;
    let _ = device.public_relationship_template_references().await;

    let encoded = peer.as_str().replace(':', "%3A");
    let action = "PUT /api/v2/Relationships/RELaaaaaaaaaaaaaaaaa";
    let expected = [
        "GET /health".to_owned(),
        "POST /api/v2/Challenges".to_owned(),
        "GET /api/v2/Identities/IsDeleted?username=USRaaaaaaaaaaaaaaaaa".to_owned(),
        "GET /api/v2/Tokens/TOKaaaaaaaaaaaaaaaaa".to_owned(),
        "GET /api/v2/Tokens/TOKaaaaaaaaaaaaaaaaa as token-1".to_owned(),
        format!("GET /api/v2/Relationships/CanCreate?peer={encoded} as token-1"),
        format!("{action}/Accept as token-1 {{}}"),
        format!("{action}/Reject as token-1 {{}}"),
        format!("{action}/Revoke as token-1 {{}}"),
        format!("{action}/Terminate as token-1"),
        format!("{action}/Reactivate as token-1"),
        format!("{action}/Reactivate/Accept as token-1"),
        format!("{action}/Reactivate/Reject as token-1"),
        format!("{action}/Reactivate/Revoke as token-1"),
        format!("{action}/Decompose as token-1"),
        format!(r#"{action}/Accept as token-1 {{"creationResponseContent":"__4"}}"#),
        "GET /api/v2/Relationships?ids=RELaaaaaaaaaaaaaaaaa&ids=RELaaaaaaaaaaaaaaaaa&pageSize=200 as token-1".to_owned(),
        "GET /api/v2/Messages?ids=MSGaaaaaaaaaaaaaaaaa&pageSize=200 as token-1".to_owned(),
        "GET /api/v2/SyncRuns/SYRaaaaaaaaaaaaaaaaa/ExternalEvents?pageSize=200 as token-1 v1".to_owned(),
        "PUT /api/v2/SyncRuns/SYRaaaaaaaaaaaaaaaaa/RefreshExpirationTime as token-1 v1".to_owned(),
        "GET /api/poc/PublicRelationshipTemplateReferences as token-1".to_owned(),
    ];
    let asked: Vec<String> = server
        .asked()
        .into_iter()
        .map(|asked| {
            let mut text = format!("{} {}", asked.method, asked.path);
            if !asked.query.is_empty() {
                text += &format!("?{}", asked.query);
            }
            if let Some(bearer) = asked.bearer {
                text += &bearer.replace("Bearer", " as");
            }
            if let Some(version) = asked.datawallet_version {
                text += &format!(" v{version}");
            }
            if !asked.body.is_empty() {
                text += &format!(" {}", asked.body);
            }
            text
        })
        .collect();
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn an_identity_is_made_with_the_credentials_of_the_app() {
    let address = Address::of_key(&[1; 32], "localhost");
    let created = format!(
        r#"{{"result":{{"address":"{address}","createdAt":"2026-08-20T09:00:00.000Z","device":{{"id":"DVCaaaaaaaaaaaaaaaaa","username":"USRaaaaaaaaaaaaaaaaa","createdAt":"2026-08-20T09:00:00.000Z"}}}}}}"#
    );
    let server = Server::with([answer(201, created)]).await;
    let new = NewIdentity {
        identity_public_key: Bytes(vec![1, 2, 3]),
        device_password: SecretText::from("Password-1"),
        device_communication_language: None,
        signed_challenge: SignedChallenge {
            challenge: "{}".to_owned(),
            signature: Bytes(vec![4]),
        },
    };
    let identity = server.client().create_identity(new).await.unwrap();
    assert_eq!(identity.address, address);
    assert_eq!(
        server.asked()[0].body,
        r#"{"clientId":"test","clientSecret":"App-Secret-77","identityPublicKey":"AQID","identityVersion":1,"devicePassword":"Password-1","signedChallenge":{"challenge":"{}","signature":"BA"}}"#
    );
}

#[tokio::test]
async fn sync_runs_and_their_absence() {
    let server = Server::with([answer(
        200,
        r#"{"result":{"status":"NoNewEvents","syncRun":null}}"#,
    )])
    .await;
    let request = StartSyncRunRequest {
        r#type: Some(SyncRunType::ExternalEventSync),
        duration: None,
    };
    let started = server.device().start_sync_run(&request).await.unwrap();
    assert_eq!(started.status, StartSyncRunStatus::NoNewEvents);
    assert_eq!(started.sync_run, None);
    assert_eq!(server.asked()[0].body, r#"{"type":"ExternalEventSync"}"#);
}

#[tokio::test]
async fn no_datawallet_is_none_and_no_error() {
    let body =
        r#"{"error":{"code":"error.platform.recordNotFound","message":"Datawallet not found. …"}}"#;
    let server = Server::with([
        answer(404, body),
        answer(200, r#"{"result":{"version":1}}"#),
    ])
    .await;
    let device = server.device();
    assert_eq!(device.datawallet().await.unwrap(), None);
    assert_eq!(device.datawallet().await.unwrap().unwrap().version, 1);
}

#[tokio::test]
async fn unchanged_tags_are_not_sent_again() {
    let tags = r#"{"result":{"supportedLanguages":["en"],"tagsForAttributeValueTypes":{}}}"#;
    let server = Server::with([
        answer(200, tags).with("etag", "\"abc\""),
        answer(304, "").with("etag", "\"abc\""),
        answer(500, ""),
    ])
    .await;
    let client = server.client();
    let (tags, etag) = client.tags(None).await.unwrap().unwrap();
    assert_eq!(tags.supported_languages, ["en"]);
    assert_eq!(client.tags(etag.as_deref()).await.unwrap(), None);
    assert_eq!(client.tags(None).await.unwrap_err().status(), Some(500));
}
