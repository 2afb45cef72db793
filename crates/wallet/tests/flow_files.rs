//! Files: given to the Backbone, fetched, and handed over.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod flow_support;

use std::sync::{Arc, Mutex};

use flow_support::*;
use serde_json::{Value, json};
use tessera_content::{Decision, Reference, Request};
use tessera_core_types::RequestId;
use tessera_wallet::{
    FileDescription, UploadProgress, UploadedFile, Wallet, WalletError,
    views::{Ask, ConsentForm, FormNode, Found, LocalRequestStatus},
};

const CLAIM: &str = "/api/v2/Files/";
const FILES: &str = "/api/v2/Files";

struct Scene {
    world: World,
    library: Wallet,
    ada: Wallet,
    _homes: [Home; 2],
}

async fn scene() -> Scene {
    let world = World::new().await;
    let (library_home, library) = world.somebody("Library").await;
    let (ada_home, ada_wallet) = world.somebody("Ada").await;
    connect(&world, &ada_wallet, &library).await;
    Scene {
        world,
        library,
        ada: ada_wallet,
        _homes: [library_home, ada_home],
    }
}

fn certificate() -> FileDescription {
    FileDescription {
        filename: "certificate.txt".to_owned(),
        mimetype: "text/plain".to_owned(),
        title: Some("Certificate".to_owned()),
        ..FileDescription::default()
    }
}

impl Scene {
    async fn upload(&self) -> UploadedFile {
        let content = "You have read it all.".as_bytes();
        let description = certificate();
        self.library
            .upload_file(content, &description, None)
            .await
            .unwrap()
    }

    /// The library hands a File over; the Request as Ada has it.
    async fn offer(&self, file: &UploadedFile, token: &str) -> RequestId {
        let request = Request::parse(&json!({ "items": [{
            "@type": "TransferFileOwnershipRequestItem",
            "mustBeAccepted": true,
            "fileReference": file.truncated_reference.expose(),
            "ownershipToken": token,
        }] }))
        .unwrap();
        let to = self.ada.address();
        let sent = self.library.send_request(to, request).await.unwrap();
        self.ada.sync().await.unwrap();
        sent.id
    }

    async fn files_of_ada(&self) -> Vec<Value> {
        let attributes = self.ada.attributes().await.unwrap();
        attributes
            .into_iter()
            .map(|attribute| attribute.value)
            .filter(|value| value["@type"] == "IdentityFileReference")
            .collect()
    }
}

fn yes() -> Decision {
    Decision::parse(&json!({ "items": [{ "accept": true }] })).unwrap()
}

fn asked(form: &ConsentForm) -> &Ask {
    match &form.nodes[0] {
        FormNode::Item(item) => &item.ask,
        FormNode::Group { .. } => panic!("a group"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_what_it_was() {
    let scene = scene().await;
    let file = scene.upload().await;
    let reference = Reference::parse(file.truncated_reference.expose()).unwrap();
    let (metadata, content) = scene.ada.download_file(&reference).await.unwrap();
    assert_eq!(&**content, b"You have read it all.");
    assert_eq!(metadata.filename, "certificate.txt");
    assert_eq!(metadata.title.as_deref(), Some("Certificate"));
    // One byte of the key, and it does not open.
    let mut wrong = reference.clone();
    wrong.key = tessera_crypto::objects::SecretKey::from_slice(&[7; 32]).unwrap();
    let error = scene.ada.download_file(&wrong).await.unwrap_err();
    assert!(
        error.code().starts_with("error.crypto."),
        "{}",
        error.code()
    );
    let huge = vec![0; tessera_wallet::MAX_FILE_BYTES + 1];
    let error = scene.library.upload_file(&huge, &certificate(), None).await;
    assert_eq!(
        error.unwrap_err().code(),
        "error.transport.files.maxFileSizeExceeded"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gave_a_file_away_names_it_by_its_id() {
    let scene = scene().await;
    let file = scene.upload().await;
    assert_eq!(scene.library.given_file(&file.id).await.unwrap(), file);
    let reference = scene.library.file_reference(&file.id).await.unwrap();
    assert_eq!(reference, file.truncated_reference);
    // Nobody else knows it by that.
    let unknown = [
        scene.ada.given_file(&file.id).await.unwrap_err(),
        scene.ada.file_reference(&file.id).await.unwrap_err(),
    ];
    assert_eq!(unknown, [const { WalletError::NotFound("File") }; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_backbone_takes_is_not_fetched_to_its_end() {
    let scene = scene().await;
    let file = scene.upload().await;
    let reference = Reference::parse(file.truncated_reference.expose()).unwrap();
    let content = format!("/api/v2/Files/{}", file.id);
    scene.world.proxy.rule(move |seen| {
        if seen.method == "GET" && seen.path == content {
            Action::Answer(200, "x".repeat(10 * 1024 * 1024 + 1))
        } else {
            Action::Pass
        }
    });
    let error = scene.ada.download_file(&reference).await.unwrap_err();
    assert_eq!(error, WalletError::FileTooLarge);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_file_fits() {
    let scene = scene().await;
    let content: Vec<u8> = (0..tessera_wallet::MAX_FILE_BYTES)
        .map(|at| u8::try_from(at % 251).unwrap())
        .collect();
    let description = certificate();
    let uploaded = scene.library.upload_file(&content, &description, None);
    let uploaded = uploaded.await.unwrap();
    let reference = Reference::parse(uploaded.truncated_reference.expose()).unwrap();
    let (_, fetched) = scene.ada.download_file(&reference).await.unwrap();
    assert!(*fetched == content);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_shown_taken_over_and_kept() {
    let scene = scene().await;
    let file = scene.upload().await;
    let id = scene.offer(&file, file.ownership_token.expose()).await;
    let form = scene.ada.form(&id).await.unwrap();
    let Ask::TransferFileOwnership {
        file: Some(shown),
        problem_code: None,
    } = asked(&form)
    else {
        panic!("{:?}", asked(&form));
    };
    assert_eq!(shown.filename, "certificate.txt");
    assert!(scene.ada.check(&id, &yes()).await.unwrap().is_success);
    let done = scene.ada.accept(&id, &yes()).await.unwrap();
    assert_eq!(done.status, LocalRequestStatus::Completed);
    let files = scene.files_of_ada().await;
    assert_eq!(files.len(), 1);
    let reference = Reference::parse(files[0]["value"].as_str().unwrap()).unwrap();
    let (_, content) = scene.ada.download_file(&reference).await.unwrap();
    assert_eq!(&**content, b"You have read it all.");
    // It stands among her files, and is found there.
    let listed = scene.ada.files().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0].id, &listed[0].facts), (&file.id, shown));
    let found = scene.ada.find("certif", 10).await.unwrap();
    assert!(
        found
            .iter()
            .any(|one| matches!(one, Found::File { id, .. } if *id == file.id)),
        "{found:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_the_senders_to_give_is_refused_and_nothing_changes() {
    let scene = scene().await;
    let file = scene.upload().await;
    let id = scene.offer(&file, "notTheOwnershipToken").await;
    let before = everything(&scene.ada).await;
    let error = scene.ada.accept(&id, &yes()).await.unwrap_err();
    assert_eq!(
        error.code(),
        "error.consumption.requests.invalidRequestItem"
    );
    assert_eq!(everything(&scene.ada).await, before);
    // Asking with it has locked the File, so the right token is of no use any more.
    let id = scene.offer(&file, file.ownership_token.expose()).await;
    let error = scene.ada.accept(&id, &yes()).await.unwrap_err();
    assert_eq!(
        error.code(),
        "error.consumption.requests.invalidRequestItem"
    );
    assert!(scene.files_of_ada().await.is_empty());
    // It can still be rejected.
    scene.ada.reject(&id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_whose_answer_got_lost_does_not_lose_the_file() {
    let scene = scene().await;
    let file = scene.upload().await;
    let id = scene.offer(&file, file.ownership_token.expose()).await;
    // The Backbone hands the File over, and nobody hears of it; then the network is gone.
    let mut is_gone = false;
    scene.world.proxy.rule(move |seen| {
        if is_gone {
            Action::Refuse
        } else if seen.is("PATCH", CLAIM) {
            is_gone = true;
            Action::LoseAnswer
        } else {
            Action::Pass
        }
    });
    let before = everything(&scene.ada).await;
    assert!(scene.ada.accept(&id, &yes()).await.is_err());
    let mut after = everything(&scene.ada).await;
    after["waiting"] = before["waiting"].clone();
    assert_eq!(after, before);
    scene.world.proxy.online();
    // The next try goes on from there.
    let done = scene.ada.accept(&id, &yes()).await.unwrap();
    assert_eq!(done.status, LocalRequestStatus::Completed);
    assert_eq!(scene.files_of_ada().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_taken_over_for_a_request_that_is_rejected_stays_in_sight() {
    let scene = scene().await;
    let file = scene.upload().await;
    let id = scene.offer(&file, file.ownership_token.expose()).await;
    let mut is_gone = false;
    scene.world.proxy.rule(move |seen| {
        if is_gone {
            Action::Refuse
        } else if seen.is("PATCH", CLAIM) {
            is_gone = true;
            Action::LoseAnswer
        } else {
            Action::Pass
        }
    });
    assert!(scene.ada.accept(&id, &yes()).await.is_err());
    // Without the network it is rejected all the same.
    scene.ada.reject(&id).await.unwrap();
    assert!(scene.files_of_ada().await.is_empty());
    scene.world.proxy.online();
    scene.ada.sync().await.unwrap();
    let files = scene.files_of_ada().await;
    assert_eq!(files.len(), 1, "it is hers, and she sees it");
    let reference = Reference::parse(files[0]["value"].as_str().unwrap()).unwrap();
    assert!(scene.ada.download_file(&reference).await.is_ok());
    let own = scene.ada.attributes().await.unwrap();
    let file = own.iter().find(|one| one.value == files[0]).unwrap();
    assert_eq!(file.shared_count, 0, "nobody was told");
    assert_eq!(scene.ada.files().await.unwrap().len(), 1);
    // Once.
    scene.ada.sync().await.unwrap();
    assert_eq!(scene.files_of_ada().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_says_how_far_it_is_and_its_link_opens_it() {
    let scene = scene().await;
    let content = vec![7_u8; 300_000];
    let told = Arc::new(Mutex::new(Vec::new()));
    let seen = told.clone();
    let progress = UploadProgress::new(move |bytes, of| seen.lock().unwrap().push((bytes, of)));
    let uploaded = scene
        .library
        .upload_file_telling(&content, &certificate(), None, progress)
        .await
        .unwrap();
    let told = told.lock().unwrap().clone();
    assert!(told.len() > 3, "{told:?}");
    assert!(told.is_sorted());
    let (bytes, of) = told[told.len() - 1];
    assert!(
        bytes == of && of > 300_000,
        "the cipher is a little longer: {told:?}"
    );

    let link = scene.library.file_link(&uploaded.id).await.unwrap();
    let reference = Reference::parse(link.url.expose()).unwrap();
    let (metadata, opened) = scene.ada.download_file(&reference).await.unwrap();
    assert_eq!(metadata.filename, certificate().filename);
    assert_eq!(*opened, content);
    let short = Reference::parse(link.truncated_reference.expose()).unwrap();
    assert_eq!(scene.ada.download_file(&short).await.unwrap().1, opened);
    let unknown = scene.ada.file_link(&uploaded.id).await;
    assert!(
        matches!(unknown, Err(WalletError::NotFound(_))),
        "{unknown:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_that_were_given_are_listed_the_newest_first() {
    let scene = scene().await;
    assert!(scene.library.files().await.unwrap().is_empty());
    let older = scene.upload().await;
    let before = scene.world.now();
    scene.world.clock.forward(5);
    let newer = scene.upload().await;
    let files = scene.library.files().await.unwrap();
    let ids: Vec<_> = files.iter().map(|file| &file.id).collect();
    assert_eq!(ids, [&newer.id, &older.id]);
    assert_eq!(files[1].added_at, Some(before));
    assert_eq!(files[1].facts.title.as_deref(), Some("Certificate"));
    assert_eq!(files[1].facts.expires_at, older.expires_at);
    // What is shown of a file opens none.
    let shown = serde_json::to_string(&files).unwrap();
    assert!(!shown.contains(older.truncated_reference.expose()));
    assert!(!shown.contains(older.ownership_token.expose()));
    assert!(scene.ada.files().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_answer_got_lost_is_found_by_the_next_try() {
    let scene = scene().await;
    let description = certificate();
    let upload = |until| scene.library.upload_file(b"All.", &description, until);
    let until = Some(scene.world.now().plus(chrono::TimeDelta::days(30)));
    scene.world.proxy.rule(|seen| match seen.is("POST", FILES) {
        true => Action::LoseAnswer,
        false => Action::Pass,
    });
    assert!(upload(until).await.is_err());
    assert!(scene.library.files().await.unwrap().is_empty());
    // While the Backbone can't be asked, nothing is given to it a second time.
    scene.world.proxy.offline();
    assert!(upload(until).await.is_err());
    scene.world.proxy.online();
    let file = upload(until).await.unwrap();
    assert_eq!(scene.world.proxy.count("POST", FILES), 1);
    assert_eq!(Some(file.expires_at), until);
    assert_eq!(scene.library.files().await.unwrap().len(), 1);
    // It is whole: it opens, and can be handed over.
    let id = scene.offer(&file, file.ownership_token.expose()).await;
    scene.ada.accept(&id, &yes()).await.unwrap();
    let reference = Reference::parse(file.truncated_reference.expose()).unwrap();
    let (_, content) = scene.ada.download_file(&reference).await.unwrap();
    assert_eq!(&**content, b"All.");
    // What arrived is settled: the same file given on purpose once more is another one.
    let again = upload(until).await.unwrap();
    assert_ne!(again.id, file.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_never_arrived_is_made_again() {
    let scene = scene().await;
    let mut is_first = true;
    scene.world.proxy.rule(move |seen| {
        if seen.is("POST", FILES) && std::mem::take(&mut is_first) {
            Action::Answer(502, "{}".to_owned())
        } else {
            Action::Pass
        }
    });
    let description = certificate();
    let upload = || scene.library.upload_file(b"All.", &description, None);
    assert!(upload().await.is_err());
    let file = upload().await.unwrap();
    assert_eq!(scene.library.given_file(&file.id).await.unwrap(), file);
    assert_eq!(scene.library.files().await.unwrap().len(), 1);
}
