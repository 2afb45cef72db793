//! Files that the energy company hands over to Ada.

use std::collections::BTreeMap;

use tessera_content::{BackboneUrl, Reference, ReferenceId, ReferenceKind};
use tessera_core_types::FileId;
use tessera_crypto::objects::SecretKey;

use super::*;
use crate::{
    requests::{
        Change, FileFact, FileOffer, LoadedFile, check, code, default_decision, file_offers, form,
        rejection,
    },
    views::{Ask, FileFacts, FormNode},
};

/// Hands over a File, with its own token or with none.
pub fn file_item(n: u8, has_token: bool) -> Value {
    let reference = Reference {
        id: ReferenceId::File(FileId::parse(&format!("FILexample{n:010}")).unwrap()),
        backbone_base_url: None,
        key: SecretKey::from_slice(&[n; 32]).unwrap(),
        for_identity_truncated: None,
        password_protection: None,
    };
    let mut item = json!({
        "@type": "TransferFileOwnershipRequestItem", "mustBeAccepted": true,
        "fileReference": *reference.truncated(),
    });
    if has_token {
        item["ownershipToken"] = json!(format!("token {n}"));
    }
    item
}

fn certificate() -> LoadedFile {
    LoadedFile {
        owner: energy(),
        backbone: BackboneUrl::parse("https://tessera.example").unwrap(),
        is_token_valid: true,
        title: Some("Certificate".to_owned()),
        description: None,
        filename: "certificate.pdf".to_owned(),
        filesize: 4711,
        mimetype: "application/pdf".to_owned(),
        expires_at: date("2027-01-01T00:00:00.000Z"),
        tags: None,
    }
}

/// Every offered File but the last sort is there.
pub fn files(request: &Request) -> BTreeMap<FileOffer, FileFact> {
    file_offers(request)
        .into_iter()
        .filter(|offer| offer.ownership_token.as_deref() != Some("token 3"))
        .map(|offer| (offer, FileFact::Loaded(Box::new(certificate()))))
        .collect()
}

/// Ada is asked to take over one File, about which this is known.
fn handed_over(fact: Option<FileFact>) -> Situation {
    let mut situation = asked(json!([file_item(1, true)]));
    let offers = file_offers(&situation.request.content);
    situation.files = offers
        .into_iter()
        .filter_map(|offer| Some((offer, fact.clone()?)))
        .collect();
    situation
}

fn loaded(change: impl FnOnce(&mut LoadedFile)) -> Situation {
    let mut file = certificate();
    change(&mut file);
    handed_over(Some(FileFact::Loaded(Box::new(file))))
}

/// What is shown of the File, why it can't be taken over, and whether it can.
fn shown(situation: &Situation) -> (Option<FileFacts>, Option<String>, bool) {
    let shown = form(situation, summary(situation));
    let FormNode::Item(item) = &shown.nodes[0] else {
        panic!("{shown:?}");
    };
    let Ask::TransferFileOwnership { file, problem_code } = &item.ask else {
        panic!("{item:?}");
    };
    (file.clone(), problem_code.clone(), item.can_be_accepted)
}

#[test]
fn a_file_is_claimed_and_becomes_the_persons_own() {
    let situation = loaded(|file| file.tags = Some(vec!["x:school".to_owned()]));
    let (file, problem, can_be_accepted) = shown(&situation);
    assert_eq!(file.unwrap().filename, "certificate.pdf");
    assert_eq!((problem, can_be_accepted), (None, true));
    let decision = default_decision(&situation).to_json();
    assert_eq!(decision["items"], json!([{ "accept": true }]));

    let decided = accept(&situation, json!([{ "accept": true }])).unwrap();
    let [claim] = decided.claims.as_slice() else {
        panic!("{} claims", decided.claims.len());
    };
    assert_eq!(claim.file_id.as_str(), "FILexample0000000001");
    assert_eq!(claim.ownership_token, "token 1");
    let [Change::CreateAttribute(own), Change::CreateShareInfo(share)] = decided.changes.as_slice()
    else {
        panic!("{:?}", decided.changes);
    };
    assert_eq!(own.kind, AttributeKind::OwnIdentityAttribute);
    assert!(own.is_default, "the first of its type");
    assert_eq!(own.content.tags(), ["x:school"]);
    assert_eq!((&share.attribute_id, &share.peer), (&own.id, &energy()));
    let reference = own.content.value().text("value").unwrap();
    let reference = Reference::parse_as(ReferenceKind::File, reference).unwrap();
    assert_eq!(reference.id.as_str(), "FILexample0000000001");
    let backbone = reference.backbone_base_url.unwrap();
    assert_eq!(
        backbone,
        certificate().backbone,
        "its own Backbone is named"
    );
    let answer = &decided.response.to_json()["items"][0];
    assert_eq!(answer["@type"], "TransferFileOwnershipAcceptResponseItem");
    assert_eq!(answer["attributeId"], json!(own.id));
}

#[test]
fn a_file_that_cannot_be_taken_over_says_why_and_can_be_rejected() {
    let mine = ada();
    let far_away = format!("https://{}.example", "backbone".repeat(20));
    for (situation, problem) in [
        (handed_over(None), None),
        (
            handed_over(Some(FileFact::NotLoaded {
                code: "error.platform.recordNotFound".into(),
            })),
            Some("error.platform.recordNotFound"),
        ),
        (
            loaded(|file| file.expires_at = date("2026-06-01T11:59:59.999Z")),
            Some(code::FILE_EXPIRED),
        ),
        (loaded(|file| file.owner = mine), Some(code::FILE_IS_OWN)),
        (
            loaded(|file| file.owner = library()),
            Some(code::FILE_OF_SOMEBODY_ELSE),
        ),
        (
            loaded(|file| file.is_token_valid = false),
            Some(code::FILE_TOKEN_NOT_VALID),
        ),
        (
            loaded(|file| file.tags = Some(vec!["school".to_owned()])),
            Some(code::FILE_NOT_USABLE),
        ),
        (
            loaded(|file| file.tags = Some((0..21).map(|n| format!("x:{n}")).collect())),
            Some(code::FILE_NOT_USABLE),
        ),
        (
            loaded(|file| file.backbone = BackboneUrl::parse(&far_away).unwrap()),
            Some(code::FILE_NOT_USABLE),
        ),
    ] {
        let (_, found, can_be_accepted) = shown(&situation);
        assert_eq!(found.as_deref(), problem);
        assert!(!can_be_accepted);
        let error = accept(&situation, json!([{ "accept": true }])).unwrap_err();
        assert_eq!(error.code(), code::BAD_ITEM);
        assert!(check(&situation, Verdict::Reject, &rejection(&situation)).is_success);
    }
}

#[test]
fn a_file_at_its_last_moment_can_be_taken_over() {
    let (_, problem, can_be_accepted) = shown(&loaded(|file| file.expires_at = now()));
    assert_eq!((problem, can_be_accepted), (None, true));
}

#[test]
fn a_file_of_an_older_version_comes_without_a_token_and_stays_where_it_is() {
    let mut situation = asked(json!([file_item(1, false)]));
    situation.files = files(&situation.request.content);
    let (_, problem, can_be_accepted) = shown(&situation);
    assert_eq!(problem.as_deref(), Some(code::FILE_TOKEN_NOT_VALID));
    assert!(!can_be_accepted);
}

#[test]
fn what_is_no_reference_to_a_file_of_this_backbone_is_refused() {
    let template = "UkxUdGVzc2VyYTAwMDAwMDAwMDE";
    for reference in ["nonsense", template] {
        let mut situation = asked(json!([{
            "@type": "TransferFileOwnershipRequestItem", "mustBeAccepted": true,
            "fileReference": reference, "ownershipToken": "token" }]));
        situation.files = files(&situation.request.content);
        let (_, problem, _) = shown(&situation);
        assert_eq!(problem.as_deref(), Some(code::FILE_NOT_USABLE));
    }
}

#[test]
fn the_same_file_is_handed_over_once() {
    let mut situation = asked(json!([file_item(1, true), file_item(1, true)]));
    situation.files = files(&situation.request.content);
    assert_eq!(situation.files.len(), 1, "asked about once");
    let both = json!([{ "accept": true }, { "accept": true }]);
    let error = accept(&situation, both).unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.path),
        (code::BAD_ITEM, vec![1])
    );
}

#[test]
fn neither_keys_nor_tokens_are_printed() {
    let situation = loaded(|_| {});
    let decided = accept(&situation, json!([{ "accept": true }])).unwrap();
    let printed = format!("{:?} {:?}", situation.files, decided.claims);
    assert!(!printed.contains("token 1"));
    assert!(!printed.contains("RklM"), "{printed}");
}
