#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;
use serde_json::{Value, json};
use tessera_content::{Attribute, Notification, ProtocolVersion};
use tessera_core_types::{Address, AttributeId, CoreDate};

use super::*;
use crate::{
    model::{
        AttributeKind, DeletionStatus, LocalAttribute, LocalAttributeShareInfo, ShareDirection,
        ShareReference,
    },
    requests::Holdings,
};

fn address(number: u8) -> Address {
    Address::of_key(&[number; 32], "localhost")
}

fn id(number: u32) -> AttributeId {
    AttributeId::parse(&format!("ATTtessera{number:010}")).unwrap()
}

fn now() -> CoreDate {
    CoreDate::parse("2030-01-01").unwrap()
}

const KINDS: [AttributeKind; 5] = [
    AttributeKind::OwnIdentityAttribute,
    AttributeKind::PeerIdentityAttribute,
    AttributeKind::OwnRelationshipAttribute,
    AttributeKind::PeerRelationshipAttribute,
    AttributeKind::ThirdPartyRelationshipAttribute,
];

/// One of each kind, with the peer where a kind has one, and forwarded to it where it can be. The
/// peer knows each by a number that is 100 higher.
fn stored(number: u32, kind: AttributeKind) -> LocalAttribute {
    let is_identity = matches!(
        kind,
        AttributeKind::OwnIdentityAttribute | AttributeKind::PeerIdentityAttribute
    );
    let is_own = matches!(
        kind,
        AttributeKind::OwnIdentityAttribute | AttributeKind::OwnRelationshipAttribute
    );
    let owner = address(if is_own { 1 } else { 2 });
    let content = if is_identity {
        json!({ "@type": "IdentityAttribute", "owner": owner,
                "value": { "@type": "GivenName", "value": "Ada" } })
    } else {
        json!({ "@type": "RelationshipAttribute", "owner": owner, "key": "k",
                "confidentiality": "public",
                "value": { "@type": "ProprietaryString", "title": "T", "value": "v" } })
    };
    let share = |direction, peer: u8| LocalAttributeShareInfo {
        attribute_id: id(number),
        direction,
        peer: address(peer),
        source_reference: ShareReference::Request("REQtessera0000000001".parse().unwrap()),
        shared_at: Some(now()),
        initial_attribute_peer: None,
        deletion_info: None,
        forwarding_details_id: (direction == ShareDirection::Forwarded)
            .then(|| format!("ATTFDtessera{number:08}").parse().unwrap()),
        wire_attribute_id: id(number + 100),
    };
    let share_info = match kind {
        AttributeKind::OwnIdentityAttribute => vec![share(ShareDirection::Forwarded, 2)],
        AttributeKind::OwnRelationshipAttribute | AttributeKind::PeerRelationshipAttribute => {
            vec![share(ShareDirection::Relationship, 2)]
        }
        _ => vec![share(ShareDirection::Received, 2)],
    };
    LocalAttribute {
        id: id(number),
        kind,
        content: Attribute::parse(&content).unwrap(),
        created_at: now(),
        succeeds: None,
        succeeded_by: None,
        is_default: false,
        was_viewed_at: None,
        share_info,
    }
}

fn everything() -> Holdings {
    (0..)
        .zip(KINDS)
        .map(|(number, kind)| stored(number, kind))
        .collect()
}

fn told(items: &[Value]) -> Notification {
    let json = json!({ "id": "NOTtessera0000000001", "items": items });
    Notification::parse(&json).unwrap()
}

fn receive(items: &[Value], peer: u8) -> Result<Processed, NotificationError> {
    let (peer, notification, holdings) = (address(peer), told(items), everything());
    process(Received {
        peer: &peer,
        notification: &notification,
        holdings: &holdings,
        now: now(),
    })
}

/// The mark that an item leaves on what the peer knows by this number.
fn mark(item: &str, number: u32) -> Result<DeletionStatus, NotificationProblem> {
    let item = json!({ "@type": item, "attributeId": id(number + 100) });
    let processed = receive(&[item], 2).map_err(|error| error.problem)?;
    let [crate::requests::Change::UpdateShareInfo(share)] = processed.changes.as_slice() else {
        panic!("{processed:?}");
    };
    assert_eq!(share.attribute_id, id(number));
    Ok(share.deletion_info.unwrap().deletion_status)
}

#[test]
fn words_of_v6_mean_what_the_attribute_makes_them_mean() {
    use DeletionStatus::{DeletedByEmitter, DeletedByRecipient};
    let by_peer = "PeerSharedAttributeDeletedByPeerNotificationItem";
    assert_eq!(mark(by_peer, 0), Ok(DeletedByRecipient));
    assert_eq!(mark(by_peer, 2), Ok(DeletedByRecipient));
    let wrong = Err(NotificationProblem::WrongTypeOfAttribute);
    assert_eq!(mark(by_peer, 1), wrong);
    for third_party in [
        "ThirdPartyRelationshipAttributeDeletedByPeerNotificationItem",
        "ThirdPartyOwnedRelationshipAttributeDeletedByPeerNotificationItem",
    ] {
        assert_eq!(mark(third_party, 4), Ok(DeletedByEmitter));
        assert_eq!(mark(third_party, 0), Ok(DeletedByRecipient));
        assert_eq!(mark(third_party, 1), wrong);
    }
    let by_owner = "OwnSharedAttributeDeletedByOwnerNotificationItem";
    for number in [1, 3, 4] {
        assert_eq!(mark(by_owner, number), Ok(DeletedByEmitter));
    }
    assert_eq!(mark(by_owner, 0), wrong);
}

/// The v6 word for a deletion here of what the peer knows by this number.
fn told_in_v6(item: &str, number: u32, holdings: &Holdings) -> String {
    let item = json!({ "@type": item, "attributeId": id(number + 100) });
    let v6 = Some(ProtocolVersion::V6);
    let told = in_words_of(v6, told(&[item]), &address(2), holdings);
    let json = told.to_json_in(ProtocolVersion::V6);
    assert_eq!(json["items"][0]["attributeId"], json!(id(number + 100)));
    assert_eq!(Notification::parse(&json).unwrap(), told);
    json["items"][0]["@type"].as_str().unwrap().to_owned()
}

#[test]
fn whoever_speaks_v6_is_told_in_its_words() {
    let all = everything();
    let by_owner = "OwnAttributeDeletedByOwnerNotificationItem";
    for own in [0, 2] {
        assert_eq!(
            told_in_v6(by_owner, own, &all),
            "OwnSharedAttributeDeletedByOwnerNotificationItem"
        );
    }
    let by_peer = "PeerSharedAttributeDeletedByPeerNotificationItem";
    let forwarded = "ForwardedAttributeDeletedByPeerNotificationItem";
    let of_relationship = "PeerRelationshipAttributeDeletedByPeerNotificationItem";
    let third_party = "ThirdPartyRelationshipAttributeDeletedByPeerNotificationItem";
    assert_eq!(told_in_v6(forwarded, 1, &all), by_peer);
    assert_eq!(told_in_v6(forwarded, 4, &all), third_party);
    assert_eq!(told_in_v6(of_relationship, 3, &all), by_peer);
    // Of the Relationship with somebody else, and passed on to the peer.
    let mut passed_on = stored(3, AttributeKind::PeerRelationshipAttribute);
    let mut forward = stored(3, AttributeKind::OwnIdentityAttribute).share_info;
    passed_on.share_info[0].peer = address(3);
    passed_on.share_info[0].wire_attribute_id = id(3);
    passed_on.share_info.append(&mut forward);
    let holdings: Holdings = [passed_on].into_iter().collect();
    assert_eq!(told_in_v6(of_relationship, 3, &holdings), third_party);

    let content = stored(0, AttributeKind::OwnIdentityAttribute).content;
    let succeeded = json!({ "@type": "PeerAttributeSucceededNotificationItem",
        "predecessorId": id(100), "successorId": id(7), "successorContent": content });
    let notification = told(&[succeeded]);
    let json = notification.to_json_in(ProtocolVersion::V6);
    assert_eq!(
        json["items"][0]["@type"],
        "PeerSharedAttributeSucceededNotificationItem"
    );
    assert_eq!(Notification::parse(&json).unwrap(), notification);

    // Whoever speaks v7, or showed nothing yet, is told in the words of v7.
    let item = json!({ "@type": forwarded, "attributeId": id(104) });
    for version in [None, Some(ProtocolVersion::V7)] {
        let same = in_words_of(
            version,
            told(std::slice::from_ref(&item)),
            &address(2),
            &all,
        );
        assert_eq!(same.to_json()["items"][0]["@type"], forwarded);
    }
}

#[test]
fn an_id_means_nothing_in_the_mouth_of_somebody_else() {
    for item in [
        "OwnAttributeDeletedByOwnerNotificationItem",
        "PeerRelationshipAttributeDeletedByPeerNotificationItem",
        "ForwardedAttributeDeletedByPeerNotificationItem",
    ] {
        for number in 0..5 {
            // As the peer knows it: somebody else names nothing by that.
            let item = |id| json!({ "@type": item, "attributeId": id });
            let processed = receive(&[item(id(number + 100))], 3).unwrap();
            assert_eq!(processed, Processed::default());
            assert!(receive(&[item(id(number))], 3).is_err());
        }
    }
}

fn items() -> impl Strategy<Value = Vec<Value>> {
    let names = prop_oneof![
        Just("PeerAttributeSucceededNotificationItem"),
        Just("OwnAttributeDeletedByOwnerNotificationItem"),
        Just("PeerRelationshipAttributeDeletedByPeerNotificationItem"),
        Just("ForwardedAttributeDeletedByPeerNotificationItem"),
        Just("PeerSharedAttributeDeletedByPeerNotificationItem"),
        Just("ThirdPartyRelationshipAttributeDeletedByPeerNotificationItem"),
        Just("UnheardOfNotificationItem"),
    ];
    let item = (names, 0_u32..7, 0_u32..12, 0_u32..5, "[a-zΘ ]{0,3}").prop_map(
        |(name, attribute, successor, content, text)| {
            let mut content = stored(content, KINDS[content as usize]).content.to_json();
            content["value"]["value"] = json!(text);
            json!({ "@type": name, "attributeId": id(attribute + 100),
                    "predecessorId": id(attribute + 100), "successorId": id(successor),
                    "successorContent": content })
        },
    );
    prop::collection::vec(item, 1..6)
}

proptest! {
    /// Whatever is told: a refusal changes nothing (there is nothing to change it with), what is
    /// the person's own stays, nothing is deleted, and only what the sender has to do with changes.
    #[test]
    fn whatever_is_told_is_sound(items in items(), peer in 2_u8..4) {
        let before = everything();
        let Ok(processed) = receive(&items, peer) else { return Ok(()) };
        let mut after = before.clone();
        for change in &processed.changes {
            after.apply(change);
        }
        for attribute in before.iter() {
            let now = after.get(&attribute.id).unwrap();
            prop_assert_eq!(&attribute.content, &now.content);
            let is_own = attribute.content.owner() == Some(&address(1));
            prop_assert!(!is_own || now.succeeded_by.is_none());
        }
        for attribute in after.iter() {
            let is_new = before.get(&attribute.id).is_none();
            prop_assert!(!is_new || attribute.content.owner() == Some(&address(peer)));
            let branches = after.iter().filter(|other| other.succeeds.as_ref() == Some(&attribute.id));
            prop_assert!(branches.count() <= 1);
        }
        prop_assert!(peer == 2 || processed.changes.is_empty());
    }
}
