//! The typed client of `tessera-backbone-api` against the real server.

use std::collections::BTreeMap;

use tempfile::NamedTempFile;
use tessera_backbone_api::{
    Bytes, SecretText,
    client::{
        AuthenticatedClient, BackboneClient, ClientError, ClientSettings, Credentials, FileFault,
        NewFile, RetryPolicy,
    },
    deletion_processes::{DeletionProcessStatus, StartDeletionProcessRequest},
    error_codes,
    limits::MAX_FILE_BYTES,
    messages::{SendMessageRecipient, SendMessageRequest},
    notifications::SendNotificationRequest,
    relationships::{RelationshipAction, RelationshipStatus},
};
use tessera_core_types::{Address, FileId, RelationshipId, Username};

use crate::common::{Identity, PASSWORD, Server};

/// The typed client of an identity, with a login of its own.
pub fn client(server: &Server, identity: &Identity) -> AuthenticatedClient {
    let settings = ClientSettings {
        retry: RetryPolicy::NONE,
        ..ClientSettings::new(server.backbone.base_url(), "test", "test")
    };
    let username = Username::parse(&identity.username).unwrap();
    BackboneClient::new(settings)
        .unwrap()
        .log_in_as(Credentials::new(username, PASSWORD))
}

fn address(identity: &Identity) -> Address {
    Address::parse(&identity.address).unwrap()
}

fn new_file(server: &Server) -> NewFile {
    NewFile {
        cipher_hash: Bytes(vec![1, 2, 3]),
        owner_signature: Bytes(vec![4, 5, 6]),
        expires_at: server.now().plus(chrono::TimeDelta::days(1)),
        encrypted_properties: Bytes(b"sealed name".to_vec()),
    }
}

/// Bytes in which nothing repeats within any buffer.
fn cipher(length: usize) -> Vec<u8> {
    (0..length as u32)
        .flat_map(|number| (number / 4).wrapping_mul(2_654_435_761).to_le_bytes())
        .take(length)
        .collect()
}

#[tokio::test]
async fn a_file_goes_up_from_memory_or_from_a_path_and_comes_down_in_pieces() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let (ada, bob) = (client(&server, &ada), client(&server, &bob));
    let bytes = cipher(3_000_001);
    let path = NamedTempFile::new().unwrap();
    std::fs::write(path.path(), &bytes).unwrap();

    let file = new_file(&server);
    let from_memory = ada.upload_file(&file, bytes.clone()).await.unwrap();
    let from_path = ada
        .upload_file(&file, path.path().to_path_buf())
        .await
        .unwrap();
    for uploaded in [&from_memory, &from_path] {
        assert_eq!(uploaded.cipher_size, 3_000_001);
        let mut download = bob.download_file(&uploaded.id).await.unwrap();
        assert_eq!(download.announced_bytes(), Some(3_000_001));
        let mut pieces = Vec::new();
        while let Some(piece) = download.chunk().await.unwrap() {
            pieces.push(piece);
        }
        assert!(pieces.len() > 1);
        assert_eq!(pieces.concat(), bytes);
        let metadata = bob.file_metadata(&uploaded.id).await.unwrap();
        assert_eq!(metadata.cipher_hash, file.cipher_hash);
        assert_eq!(metadata.owner_signature, file.owner_signature);
        assert_eq!(metadata.encrypted_properties, file.encrypted_properties);
        assert_eq!(metadata.expires_at, file.expires_at);
    }
    let all = ada.all_files().await.unwrap();
    assert_eq!(all.len(), 2);
    let one = ada
        .files(std::slice::from_ref(&from_path.id))
        .await
        .unwrap();
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].id, from_path.id);
    assert!(bob.all_files().await.unwrap().is_empty());
    let unknown = FileId::parse("FILaaaaaaaaaaaaaaaaa").unwrap();
    let missing = bob.download_file(&unknown).await.unwrap_err();
    assert!(missing.is_record_not_found());
}

#[tokio::test]
async fn an_upload_survives_an_access_token_that_is_over() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let ada = client(&server, &ada);
    ada.log_in().await.unwrap();
    // Only the server's clock knows.
    server.clock.advance(301);
    let path = NamedTempFile::new().unwrap();
    std::fs::write(path.path(), cipher(100_000)).unwrap();
    let uploaded = ada
        .upload_file(&new_file(&server), path.path().to_path_buf())
        .await
        .unwrap();
    let download = ada.download_file(&uploaded.id).await.unwrap();
    assert_eq!(download.read().await.unwrap(), cipher(100_000));
    assert_eq!(ada.all_files().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_sent_is_refused_before_anything_is_sent() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let ada = client(&server, &ada);
    let folder = tempfile::tempdir().unwrap();
    let file = new_file(&server);
    let gone = ada.upload_file(&file, folder.path().join("gone")).await;
    let not_found = FileFault::NotReadable(std::io::ErrorKind::NotFound);
    let error = gone.unwrap_err();
    assert_eq!(error, ClientError::File { what: not_found });
    assert_eq!(error.code(), "error.tessera.backbone.fileNotReadable");
    let path = folder.path().join("huge");
    let huge = std::fs::File::create(&path).unwrap();
    huge.set_len(MAX_FILE_BYTES as u64 + 1).unwrap();
    let error = ada.upload_file(&file, path).await.unwrap_err();
    assert_eq!(error.code(), "error.transport.files.maxFileSizeExceeded");
    let huge = vec![0; MAX_FILE_BYTES + 1];
    let error = ada.upload_file(&file, huge).await.unwrap_err();
    assert_eq!(error.code(), "error.transport.files.maxFileSizeExceeded");
    // What only the server refuses has the server's code.
    let error = ada.upload_file(&file, Vec::new()).await.unwrap_err();
    assert_eq!(error.code(), error_codes::INCLUSIVE_BETWEEN_VALIDATOR);
    assert!(ada.all_files().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_file_changes_hands_and_goes_away() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let bobs_address = address(&bob);
    let (ada, bob) = (client(&server, &ada), client(&server, &bob));
    let file = ada
        .upload_file(&new_file(&server), cipher(10))
        .await
        .unwrap();
    let (id, token) = (&file.id, &file.ownership_token);
    let own = ada.claim_file_ownership(id, token).await.unwrap_err();
    assert_eq!(own.code(), error_codes::CANNOT_CLAIM_OWNERSHIP_OF_OWN_FILE);
    let answer = bob.validate_ownership_token(id, token).await.unwrap();
    assert!(answer.is_valid);
    let new = bob.claim_file_ownership(id, token).await.unwrap();
    let metadata = ada.file_metadata(id).await.unwrap();
    assert_eq!(metadata.owner, bobs_address);

    // The old token is worth nothing; trying it locks the file until the owner makes a new one.
    let refused = ada.claim_file_ownership(id, token).await.unwrap_err();
    assert_eq!(refused.code(), error_codes::FORBIDDEN);
    let current = &new.new_ownership_token;
    let answer = bob.validate_ownership_token(id, current).await.unwrap();
    assert!(!answer.is_valid);
    assert!(bob.file_metadata(id).await.unwrap().ownership_is_locked);
    let refused = ada.regenerate_ownership_token(id).await.unwrap_err();
    assert_eq!(refused.code(), error_codes::FORBIDDEN);
    let newest = bob.regenerate_ownership_token(id).await.unwrap();
    let newest = newest.new_ownership_token;
    ada.claim_file_ownership(id, &newest).await.unwrap();
    // A token that can't be one is not even looked at.
    let space = SecretText::from("with space");
    let wrong = bob.validate_ownership_token(id, &space).await.unwrap_err();
    assert_eq!(wrong.code(), error_codes::INVALID_PROPERTY_VALUE);

    assert_eq!(
        bob.delete_file(id).await.unwrap_err().code(),
        error_codes::FORBIDDEN
    );
    ada.delete_file(id).await.unwrap();
    assert!(
        ada.file_metadata(id)
            .await
            .unwrap_err()
            .is_record_not_found()
    );
}

#[tokio::test]
async fn a_relationship_is_lived_to_its_end() {
    use RelationshipAction as Do;
    use RelationshipStatus as Is;
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    let id = RelationshipId::parse(&bob.connect(&ada).await).unwrap();
    let (ada, bob) = (client(&server, &ada), client(&server, &bob));
    for (who, action, then) in [
        (&ada, Do::Terminate, Is::Terminated),
        (&bob, Do::RequestReactivation, Is::Terminated),
        (&bob, Do::RevokeReactivation, Is::Terminated),
        (&bob, Do::RequestReactivation, Is::Terminated),
        (&ada, Do::RejectReactivation, Is::Terminated),
        (&ada, Do::RequestReactivation, Is::Terminated),
        (&bob, Do::AcceptReactivation, Is::Active),
        (&bob, Do::Terminate, Is::Terminated),
        (&ada, Do::Decompose, Is::DeletionProposed),
        (&bob, Do::Decompose, Is::ReadyForDeletion),
    ] {
        let changed = who.change_relationship(&id, action).await.unwrap();
        assert_eq!(changed.status, then, "{action:?}");
    }
    let gone = ada.relationship(&id).await.unwrap_err();
    assert_eq!(gone.code(), error_codes::RELATIONSHIP_ALREADY_DECOMPOSED);
    let again = ada.change_relationship(&id, Do::Decompose).await;
    assert_eq!(
        again.unwrap_err().code(),
        error_codes::RELATIONSHIP_ALREADY_DECOMPOSED
    );
}

#[tokio::test]
async fn messages_are_read_one_by_one_by_name_or_all_at_once() {
    let server = Server::start().await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    bob.connect(&ada).await;
    let request = SendMessageRequest {
        recipients: vec![SendMessageRecipient {
            address: address(&bob),
            encrypted_key: Bytes(vec![0; 30]),
        }],
        body: Bytes(b"sealed".to_vec()),
        attachments: None,
    };
    let (ada, bob) = (client(&server, &ada), client(&server, &bob));
    let first = ada.send_message(&request).await.unwrap().id;
    let second = ada.send_message(&request).await.unwrap().id;
    let all = bob.all_messages().await.unwrap();
    let named = [first.clone(), second.clone()];
    assert_eq!(bob.messages(&named).await.unwrap(), all);
    let ids: Vec<_> = all.into_iter().map(|message| message.id).collect();
    assert_eq!(ids, [first.clone(), second.clone()]);
    let named = bob.messages(std::slice::from_ref(&second)).await.unwrap();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0], bob.message(&second).await.unwrap());
    assert!(bob.messages(&[]).await.unwrap().is_empty());
    let seen = ada.message(&first).await.unwrap();
    assert!(seen.recipients[0].received_at.is_some());
}

#[tokio::test]
async fn a_deletion_is_started_looked_at_and_cancelled() {
    let server = Server::start().await;
    let ada = server.identity().await;
    let ada = client(&server, &ada);
    let in_one_day = StartDeletionProcessRequest {
        length_of_grace_period_in_days: Some(1.0),
    };
    let started = ada.start_deletion_process(&in_one_day).await.unwrap();
    assert_eq!(started.status, DeletionProcessStatus::Active);
    let days = started.grace_period_ends_at.unwrap().millis() - started.created_at.millis();
    assert_eq!(days, 24 * 60 * 60 * 1000);
    assert_eq!(ada.deletion_process(&started.id).await.unwrap(), started);
    let quotas = ada.quotas().await.unwrap();
    assert!(quotas.iter().all(|group| group.quotas[0].max == 0));
    let refused = ada.upload_file(&new_file(&server), cipher(1)).await;
    assert!(matches!(
        refused.unwrap_err(),
        ClientError::TooManyRequests { quotas, .. } if quotas[0].metric_key == "NumberOfFiles"
    ));
    let cancelled = ada.cancel_deletion_process(&started.id).await.unwrap();
    assert_eq!(cancelled.status, DeletionProcessStatus::Cancelled);
    assert_eq!(ada.deletion_processes().await.unwrap(), [cancelled]);
    assert!(ada.quotas().await.unwrap().is_empty());

    let default = StartDeletionProcessRequest::default();
    let second = ada.start_deletion_process(&default).await.unwrap();
    let again = ada.start_deletion_process(&default).await.unwrap_err();
    assert_eq!(
        again.code(),
        error_codes::ONLY_ONE_ACTIVE_DELETION_PROCESS_ALLOWED
    );
    server.clock.advance(15 * 24 * 60 * 60);
    // Nobody logs in any more, so it can't be cancelled either.
    let late = ada.cancel_deletion_process(&second.id).await.unwrap_err();
    assert_eq!(late, ClientError::NotAuthorizedGrant);
}

#[tokio::test]
async fn small_things_have_typed_calls_too() {
    let codes = vec!["TestCode".to_owned()];
    let server = Server::start_with(|settings| settings.notification_codes = codes).await;
    let (ada, bob) = (server.identity().await, server.identity().await);
    bob.connect(&ada).await;
    let (at_ada, at_bob) = (address(&ada), address(&bob));
    let (ada, bob) = (client(&server, &ada), client(&server, &bob));
    let mut request = SendNotificationRequest {
        recipients: vec![at_bob],
        code: "TestCode".to_owned(),
    };
    ada.send_notification(&request).await.unwrap();
    request.code = "Other".to_owned();
    let error = ada.send_notification(&request).await.unwrap_err();
    assert_eq!(error.code(), error_codes::CODE_DOES_NOT_EXIST);

    let flags = BTreeMap::from([("first".to_owned(), true), ("second".to_owned(), false)]);
    ada.set_feature_flags(&flags).await.unwrap();
    assert_eq!(bob.feature_flags(&at_ada).await.unwrap(), flags);
    ada.send_test_push().await.unwrap();

    let anonymous = ada.anonymous();
    let (tags, version) = anonymous.tags(None).await.unwrap().unwrap();
    assert_eq!(tags.supported_languages, ["en"]);
    assert_eq!(anonymous.tags(version.as_deref()).await.unwrap(), None);
    assert_eq!(ada.announcements("de").await.unwrap(), []);
}
