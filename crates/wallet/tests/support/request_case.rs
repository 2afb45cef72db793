//! A case of `requests.json` as a situation and a Decision.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tessera_content::{BackboneUrl, Decision, Request};
use tessera_core_types::{Address, CoreDate, RequestId};
use tessera_wallet::{
    model::{
        LocalAttribute, LocalRequest, LocalRequestSource, PeerDeletionStatus, RelationshipStatus,
    },
    requests::{
        Arrival, FileFact, FileOffer, Holdings, LoadedFile, Lookup, NotReceived, ReceivedRequest,
        Situation, Verdict, file_offers, needed, receive,
    },
};

use super::v7;

/// One case, in its world.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The case.
    pub json: &'a Value,
    /// What all cases share.
    pub world: &'a Value,
}

impl<'a> Case<'a> {
    /// Its name.
    pub fn id(self) -> &'a str {
        self.json["id"].as_str().unwrap()
    }

    /// Its level of conformance; `None` for "exactly this".
    pub fn level(self) -> Option<&'a str> {
        self.json["conformance"]["level"].as_str()
    }

    /// Something that is expected.
    pub fn expected(self, name: &str) -> Option<&'a Value> {
        self.json["expected"].get(name)
    }

    fn address(self, name: &str) -> Address {
        let address = self.world["addresses"][name].as_str().unwrap();
        Address::parse(address).unwrap()
    }

    fn list(self, name: &str) -> Vec<Value> {
        let list = &self.json["setup"][name];
        list.as_array().cloned().unwrap_or_default()
    }

    fn relationships(self) -> Vec<(Address, RelationshipStatus)> {
        self.list("relationships")
            .iter()
            .map(|one| {
                let peer = Address::parse(one["peer"].as_str().unwrap()).unwrap();
                (peer, serde_json::from_value(one["status"].clone()).unwrap())
            })
            .collect()
    }

    /// The status of the newest Relationship with the peer.
    pub fn relationship(self) -> Option<RelationshipStatus> {
        let peer = self.address("peer");
        let relationships = self.relationships();
        let with_peer = relationships.iter().rfind(|(other, _)| *other == peer);
        with_peer.map(|(_, status)| *status)
    }

    /// The Request arrives.
    pub fn arrives(self, content: Request) -> Result<LocalRequest, NotReceived> {
        let source = &self.json["source"];
        let reference = source["reference"].as_str().unwrap();
        let received = ReceivedRequest {
            peer: self.address(if source["isOwn"] == true {
                "me"
            } else {
                "peer"
            }),
            source: match source["type"].as_str().unwrap() {
                "Message" => LocalRequestSource::Message {
                    reference: reference.parse().unwrap(),
                },
                "RelationshipTemplate" => LocalRequestSource::RelationshipTemplate {
                    reference: reference.parse().unwrap(),
                },
                other => panic!("{}: a source of the type {other}", self.id()),
            },
            template_expires_at: source
                .get("expiresAt")
                .map(|date| CoreDate::parse(date.as_str().unwrap()).unwrap()),
            content,
        };
        let stored = self.json["setup"].get("alreadyReceivedRequestId");
        let is_id_taken = stored.is_some_and(|id| *id == json!(received.content.id));
        receive(
            received,
            &Arrival {
                me: &self.address("me"),
                now: now(),
                relationship: self.relationship(),
                is_id_taken,
                new_id: RequestId::parse("REQmadeHere000000001").unwrap(),
            },
        )
    }

    /// The situation in which it is decided, with no more Attributes at hand than are asked for.
    pub fn situation(self, request: LocalRequest) -> Situation {
        let peer_deletion = self
            .list("relationships")
            .iter()
            .rfind(|one| one["peer"] == json!(request.peer))
            .and_then(|one| one.get("peerDeletionStatus"))
            .map(|status| serde_json::from_value::<PeerDeletionStatus>(status.clone()).unwrap());
        let (_, decision) = self.decision();
        Situation {
            me: self.address("me"),
            now: now(),
            today: now().to_utc().date_naive(),
            relationship: self.relationship(),
            peer_deletion,
            established: self
                .relationships()
                .into_iter()
                .filter(|(_, status)| {
                    matches!(
                        status,
                        RelationshipStatus::Active
                            | RelationshipStatus::Terminated
                            | RelationshipStatus::DeletionProposed
                    )
                })
                .map(|(peer, _)| peer)
                .collect(),
            holdings: at_hand(
                &self.attributes(),
                &needed(&request.content, &request.peer, Some(&decision)),
            ),
            files: self.files(&request.content),
            tags: Some(serde_json::from_value(self.world["tagCollection"].clone()).unwrap()),
            sets_defaults: self.json["setup"]["setDefaultOwnIdentityAttributes"] == true,
            request,
        }
    }

    fn attributes(self) -> Vec<LocalAttribute> {
        let mut attributes: Vec<_> = self
            .list("localAttributes")
            .iter()
            .map(v7::read_attribute)
            .collect();
        for details in self.list("forwardingDetails") {
            let share = v7::read_forwarding_details(&details);
            let mut of_it = attributes.iter_mut();
            let attribute = of_it.find(|attribute| attribute.id == share.attribute_id);
            attribute.unwrap().share_info.push(share);
        }
        attributes
    }

    /// What the Backbone says about the offered Files.
    fn files(self, request: &Request) -> BTreeMap<FileOffer, FileFact> {
        let stored = self.list("files");
        let backbone = self.world["backboneBaseUrl"].as_str().unwrap();
        let fact = |offer: &FileOffer| {
            let Some(file) = stored
                .iter()
                .find(|file| file["reference"] == json!(offer.file_reference))
            else {
                return FileFact::NotLoaded {
                    code: "error.platform.recordNotFound".into(),
                };
            };
            let text = |name: &str| file[name].as_str().unwrap();
            FileFact::Loaded(Box::new(LoadedFile {
                owner: Address::parse(text("owner")).unwrap(),
                backbone: BackboneUrl::parse(backbone).unwrap(),
                is_token_valid: file["ownershipToken"] == json!(offer.ownership_token),
                title: None,
                description: None,
                filename: "file".to_owned(),
                filesize: 1,
                mimetype: "application/octet-stream".to_owned(),
                expires_at: CoreDate::parse(text("expiresAt")).unwrap(),
                tags: serde_json::from_value(file["tags"].clone()).unwrap(),
            }))
        };
        file_offers(request)
            .into_iter()
            .map(|offer| (offer.clone(), fact(&offer)))
            .collect()
    }

    /// What is decided.
    pub fn decision(self) -> (Verdict, Decision) {
        let decide = &self.json["decide"];
        let verdict = if decide["accept"] == true {
            Verdict::Accept
        } else {
            Verdict::Reject
        };
        (verdict, Decision::parse(decide).unwrap())
    }
}

fn now() -> CoreDate {
    CoreDate::parse("2026-01-01T12:00:00.000Z").unwrap()
}

/// What lookups find, as a store would: with older and newer versions.
fn at_hand(attributes: &[LocalAttribute], lookups: &[Lookup]) -> Holdings {
    let all: Holdings = attributes.iter().cloned().collect();
    let mut found: Vec<&LocalAttribute> = all
        .iter()
        .filter(|attribute| lookups.iter().any(|lookup| lookup.finds(attribute)))
        .collect();
    let mut at = 0;
    while let Some(attribute) = found.get(at) {
        let versions = [&attribute.succeeds, &attribute.succeeded_by];
        for version in versions.into_iter().flatten().filter_map(|id| all.get(id)) {
            if !found.iter().any(|known| known.id == version.id) {
                found.push(version);
            }
        }
        at += 1;
    }
    found.into_iter().cloned().collect()
}
