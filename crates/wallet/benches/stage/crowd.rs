//! A wallet after a long life: 10,000 contacts, 100,000 Messages, 100,000 values, 100,000 shares,
//! 10,000 Requests with their receipts, and an outbox. All of it is stored by the wallet's own
//! functions; only the Backbone has never heard of it.

use chrono::TimeDelta;
use serde_json::json;
use tessera_content::{Attribute, MessageContent, ResponseResult};
use tessera_core_types::{
    Address, AttributeForwardingDetailsId, AttributeId, CoreDate, DeviceId, MessageId,
    RelationshipId, RelationshipSecretId, RelationshipTemplateId, RequestId, SystemRandomness,
};
use tessera_crypto::objects::SignaturePublicKey;
use tessera_wallet::{
    model::{
        AttributeKind, AuditLogEntry, AuditLogReason, HistoryEvent, HistoryRecord, Identity,
        LocalAttribute, LocalAttributeShareInfo, LocalRequest, LocalRequestSource,
        LocalRequestStatus, LocalResponse, Message, MessageKind, MessageRecipient, MessageState,
        NewOutboxOperation, OutboxKind, Relationship, RelationshipStatus, ShareDirection,
        ShareReference, StatusLogEntry,
    },
    store::{
        Store, StoreError, Transaction, attributes, contact_notes, history, messages, outbox,
        peers, profile, receipts, relationships, requests, share_info,
    },
    views::{ReceiptContent, ReceiptDelivery, ReceiptPeer, ReceiptRequest},
};

const RANDOM: SystemRandomness = SystemRandomness;

/// How much there is of everything.
#[derive(Debug, Clone, Copy)]
pub struct Crowd {
    pub contacts: usize,
    pub messages: usize,
    pub attributes: usize,
    /// What each contact has of the person's.
    pub shares_each: usize,
    /// Decided ones, each with its receipt.
    pub requests: usize,
    /// Those that wait for a decision.
    pub waiting: usize,
    /// Own ones.
    pub asked: usize,
    /// What was sent; a tenth of it failed, and as much waits.
    pub sent: usize,
}

impl Crowd {
    pub const LARGE: Self = Self {
        contacts: 10_000,
        messages: 100_000,
        attributes: 100_000,
        shares_each: 10,
        requests: 10_000,
        waiting: 50,
        asked: 2_000,
        sent: 5_000,
    };
}

/// Every hundredth value is one that many contacts have.
const SHARED_BY_MANY: usize = 5;

const FIRST_NAMES: [&str; 20] = [
    "Maike", "Mara", "Ada", "Änne", "Jürgen", "Zoë", "Magda", "Lin", "Omar", "Ben", "Sofía", "Ivo",
    "Karim", "Noor", "Pia", "Ravi", "Tess", "Uwe", "Vera", "Yuki",
];
const LAST_NAMES: [&str; 16] = [
    "Maier", "Müller", "Lovelace", "Hopper", "Okafor", "Tanaka", "Silva", "Novak", "Berg", "Rossi",
    "Kowalski", "Haddad", "Lund", "Petrov", "Moreau", "Weiß",
];
const WORDS: [&str; 24] = [
    "mail",
    "meeting",
    "about",
    "the",
    "library",
    "card",
    "invoice",
    "May",
    "maintenance",
    "garden",
    "please",
    "answer",
    "until",
    "Monday",
    "address",
    "change",
    "contract",
    "rent",
    "thanks",
    "regards",
    "number",
    "receipt",
    "appointment",
    "maybe",
];
const TYPES: [&str; 8] = [
    "GivenName",
    "Surname",
    "DisplayName",
    "EMailAddress",
    "JobTitle",
    "PhoneNumber",
    "Nationality",
    "Website",
];

/// Stores all of it.
///
/// # Errors
///
/// When the database fails, or holds no profile.
pub async fn fill(store: &Store, crowd: Crowd) -> Result<(), StoreError> {
    let me = store
        .read(|transaction| profile::get(transaction))
        .await?
        .ok_or(StoreError::NotFound)?
        .address;
    let told = Told { me };
    let values: Vec<AttributeId> = (0..crowd.attributes)
        .map(|_| AttributeId::generate(&RANDOM))
        .collect();
    let values = std::sync::Arc::new(values);
    let known = values.clone();
    told.each(store, crowd.attributes, move |told, tx, n| {
        told.value(tx, &known, n)
    })
    .await?;
    told.each(store, crowd.contacts, move |told, tx, n| {
        told.contact(tx, n)?;
        for share in 0..crowd.shares_each {
            told.share(tx, &values, n, share)?;
        }
        Ok(())
    })
    .await?;
    told.each(store, crowd.messages, move |told, tx, n| {
        told.message(tx, n, crowd.contacts)
    })
    .await?;
    told.each(store, crowd.requests, move |told, tx, n| {
        told.decided(tx, n, crowd.contacts)
    })
    .await?;
    told.each(store, crowd.waiting, move |told, tx, n| {
        let mut request = told.request(n, n % crowd.contacts);
        log(&mut request, LocalRequestStatus::ManualDecisionRequired);
        requests::put(tx, &request)
    })
    .await?;
    told.each(store, crowd.asked, move |told, tx, n| {
        let mut request = told.request(n, n % crowd.contacts);
        request.is_own = true;
        request.source = Some(LocalRequestSource::Message {
            reference: MessageId::generate(&RANDOM),
        });
        requests::put(tx, &request)
    })
    .await?;
    told.each(store, crowd.sent, move |told, tx, n| {
        told.sent(tx, n, crowd.contacts)
    })
    .await
}

/// Everything that is made up, the same each time but for ids.
#[derive(Clone)]
struct Told {
    me: Address,
}

impl Told {
    async fn each(
        &self,
        store: &Store,
        count: usize,
        one: impl Fn(&Self, &Transaction<'_>, usize) -> Result<(), StoreError> + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        let one = std::sync::Arc::new(one);
        for start in (0..count).step_by(5_000) {
            let (told, one) = (self.clone(), one.clone());
            store
                .write(move |tx| {
                    // What is filled is walked all over.
                    tx.pragma_update(None, "cache_size", -200_000)?;
                    (start..count.min(start + 5_000)).try_for_each(|n| one(&told, tx, n))
                })
                .await?;
        }
        Ok(())
    }

    fn value(&self, tx: &Transaction<'_>, ids: &[AttributeId], n: usize) -> Result<(), StoreError> {
        let value_type = TYPES[n % TYPES.len()];
        let value = match value_type {
            "EMailAddress" => json!(format!("{}{n}@example.org", pick(&LAST_NAMES, n))),
            "PhoneNumber" => json!(format!("+49 30 {n:07}")),
            "Nationality" => json!(["DE", "FR", "IT", "PL"][n % 4]),
            "Website" => json!(format!("https://example.org/{n}")),
            _ => json!(format!("{} {n}", pick(&FIRST_NAMES, n))),
        };
        let tags: Vec<String> = n
            .is_multiple_of(20)
            .then(|| format!("x:tag{}", n % 7))
            .into_iter()
            .collect();
        let content = json!({
            "@type": "IdentityAttribute", "owner": self.me, "tags": tags,
            "value": { "@type": value_type, "value": value },
        });
        attributes::insert(
            tx,
            &LocalAttribute {
                id: ids[n].clone(),
                kind: AttributeKind::OwnIdentityAttribute,
                content: Attribute::parse(&content).map_err(|_| StoreError::Damaged)?,
                created_at: at(n),
                succeeds: None,
                succeeded_by: None,
                is_default: n < TYPES.len(),
                was_viewed_at: None,
                share_info: Vec::new(),
            },
        )
    }

    fn contact(&self, tx: &Transaction<'_>, n: usize) -> Result<(), StoreError> {
        let (peer, name) = (peer(n), name(n));
        peers::meet(tx, &peer, at(n), Some(&name))?;
        let (status, is_own) = match n % 50 {
            0 => (RelationshipStatus::Pending, true),
            1 => (RelationshipStatus::Pending, false),
            2 | 3 => (RelationshipStatus::Terminated, true),
            4 => (RelationshipStatus::Rejected, true),
            _ => (RelationshipStatus::Active, !n.is_multiple_of(3)),
        };
        let entry = |old_status, new_status, reason, later| AuditLogEntry {
            created_at: at(n + later),
            created_by: peer.clone(),
            created_by_device: Some(DeviceId::generate(&RANDOM)),
            reason,
            old_status,
            new_status,
        };
        let mut audit_log = vec![entry(
            None,
            RelationshipStatus::Pending,
            AuditLogReason::Creation,
            0,
        )];
        if status != RelationshipStatus::Pending {
            let reason = AuditLogReason::AcceptanceOfCreation;
            let pending = Some(RelationshipStatus::Pending);
            audit_log.push(entry(pending, status, reason, 1));
        }
        relationships::put(
            tx,
            &Relationship {
                id: RelationshipId::generate(&RANDOM),
                is_own,
                status,
                peer: Identity {
                    address: peer.clone(),
                    public_key: SignaturePublicKey::from_bytes(seed(n)),
                },
                template_id: RelationshipTemplateId::generate(&RANDOM),
                secret_id: RelationshipSecretId::generate(&RANDOM),
                creation_content: None,
                audit_log,
                peer_deletion_info: None,
                created_at: at(n),
            },
        )?;
        let id = AttributeId::generate(&RANDOM);
        let content = json!({
            "@type": "IdentityAttribute", "owner": peer,
            "value": { "@type": "DisplayName", "value": name },
        });
        attributes::insert(
            tx,
            &LocalAttribute {
                id: id.clone(),
                kind: AttributeKind::PeerIdentityAttribute,
                content: Attribute::parse(&content).map_err(|_| StoreError::Damaged)?,
                created_at: at(n),
                succeeds: None,
                succeeded_by: None,
                is_default: false,
                was_viewed_at: None,
                share_info: vec![LocalAttributeShareInfo {
                    attribute_id: id.clone(),
                    direction: ShareDirection::Received,
                    peer: peer.clone(),
                    source_reference: ShareReference::Request(RequestId::generate(&RANDOM)),
                    shared_at: None,
                    initial_attribute_peer: None,
                    deletion_info: None,
                    forwarding_details_id: None,
                    wire_attribute_id: id,
                }],
            },
        )?;
        if n.is_multiple_of(10) {
            let tags = vec![["work", "family", "offices"][n % 3].to_owned()];
            let title = n
                .is_multiple_of(20)
                .then(|| format!("My {}", pick(&WORDS, n)));
            contact_notes::put(tx, &peer, title.as_deref(), Some(&text(n, 12)), &tags)?;
        }
        if n % 40 == 7 {
            contact_notes::set_archived(tx, &peer, Some(at(n)))?;
        }
        for event in [
            HistoryEvent::TemplateLoaded,
            HistoryEvent::RequestAccepted,
            HistoryEvent::RelationshipActivated,
        ] {
            let mut record = HistoryRecord::new(at(n), event);
            record.peer = Some(peer.clone());
            history::add(tx, &record)?;
        }
        Ok(())
    }

    /// Half of what a contact has is what many have.
    fn share(
        &self,
        tx: &Transaction<'_>,
        ids: &[AttributeId],
        contact: usize,
        number: usize,
    ) -> Result<(), StoreError> {
        let which = if number < SHARED_BY_MANY {
            number * 100
        } else {
            (contact * 7 + number * 13 + 1_000) % ids.len()
        };
        let id = ids[which % ids.len()].clone();
        share_info::insert(
            tx,
            &[LocalAttributeShareInfo {
                attribute_id: id.clone(),
                direction: ShareDirection::Forwarded,
                peer: peer(contact),
                source_reference: ShareReference::Request(RequestId::generate(&RANDOM)),
                shared_at: Some(at(contact)),
                initial_attribute_peer: None,
                deletion_info: None,
                forwarding_details_id: Some(AttributeForwardingDetailsId::generate(&RANDOM)),
                wire_attribute_id: id,
            }],
        )
    }

    /// One contact has written a tenth of all.
    fn message(&self, tx: &Transaction<'_>, n: usize, contacts: usize) -> Result<(), StoreError> {
        let other = peer(if n.is_multiple_of(10) {
            5
        } else {
            n % contacts
        });
        let is_own = n.is_multiple_of(3);
        let content = match n % 20 {
            0 => json!({
                "@type": "ResponseWrapper", "requestId": RequestId::generate(&RANDOM),
                "requestSourceReference": MessageId::generate(&RANDOM),
                "requestSourceType": "Message",
                "response": { "@type": "Response", "result": "Accepted",
                    "requestId": RequestId::generate(&RANDOM),
                    "items": [{ "@type": "AcceptResponseItem", "result": "Accepted" }] },
            }),
            _ => json!({
                "@type": "Mail", "subject": text(n, 4), "body": text(n, 60),
                "to": [if is_own { &other } else { &self.me }],
            }),
        };
        let content = MessageContent::parse(&content).map_err(|_| StoreError::Damaged)?;
        messages::insert(
            tx,
            &Message {
                number: 0,
                id: Some(MessageId::generate(&RANDOM)),
                state: if is_own {
                    MessageState::Sent
                } else {
                    MessageState::Received
                },
                created_by: if is_own {
                    self.me.clone()
                } else {
                    other.clone()
                },
                created_by_device: DeviceId::generate(&RANDOM),
                created_at: at(n),
                recipients: vec![MessageRecipient {
                    address: if is_own { other } else { self.me.clone() },
                    relationship_id: None,
                }],
                kind: MessageKind::from(&content),
                content,
                attachments: Vec::new(),
                was_read_at: (!n.is_multiple_of(25)).then(|| at(n + 1)),
                fault: None,
            },
        )?;
        Ok(())
    }

    fn request(&self, n: usize, contact: usize) -> LocalRequest {
        let content = json!({
            "@type": "Request", "title": text(n, 3),
            "items": [{
                "@type": "ReadAttributeRequestItem", "mustBeAccepted": true,
                "description": text(n, 8),
                "query": { "@type": "IdentityAttributeQuery", "valueType": TYPES[n % TYPES.len()] },
            }],
        });
        LocalRequest {
            id: RequestId::generate(&RANDOM),
            is_own: false,
            peer: peer(contact),
            created_at: at(n),
            content: serde_json::from_value(content).unwrap(),
            source: Some(LocalRequestSource::Message {
                reference: MessageId::generate(&RANDOM),
            }),
            response: None,
            status: LocalRequestStatus::Open,
            status_log: Vec::new(),
            was_automatically_decided: false,
        }
    }

    fn decided(&self, tx: &Transaction<'_>, n: usize, contacts: usize) -> Result<(), StoreError> {
        let mut request = self.request(n, n % contacts);
        let response = json!({
            "@type": "Response", "result": "Rejected", "requestId": request.id,
            "items": [{ "@type": "RejectResponseItem", "result": "Rejected" }],
        });
        request.response = Some(LocalResponse {
            created_at: at(n + 1),
            content: serde_json::from_value(response.clone()).unwrap(),
            source: None,
        });
        log(&mut request, LocalRequestStatus::ManualDecisionRequired);
        log(&mut request, LocalRequestStatus::Decided);
        requests::put(tx, &request)?;
        let contact = n % contacts;
        receipts::add(
            tx,
            &ReceiptContent {
                schema_version: 1,
                decided_at: at(n + 1),
                result: ResponseResult::Rejected,
                was_automatically_decided: false,
                delivery: ReceiptDelivery::Message,
                program: "Tessera".to_owned(),
                identity: self.me.clone(),
                backbone_url: "http://localhost".to_owned(),
                peer: ReceiptPeer {
                    address: peer(contact),
                    name: Some(name(contact)),
                    is_name_verified: false,
                    first_seen_at: at(contact),
                },
                relationship_id: None,
                request: ReceiptRequest {
                    id: request.id.clone(),
                    received_at: request.created_at,
                    source: request.source.clone(),
                    content: request.content.to_json(),
                },
                response,
                named: Vec::new(),
                files: Vec::new(),
            },
        )?;
        log(&mut request, LocalRequestStatus::Completed);
        requests::put(tx, &request)
    }

    fn sent(&self, tx: &Transaction<'_>, n: usize, contacts: usize) -> Result<(), StoreError> {
        let number = outbox::add(
            tx,
            &NewOutboxOperation {
                kind: OutboxKind::SendMessage,
                subject: (n + 1).to_string(),
                peers: vec![peer(n % contacts)],
                payload: "{}".into(),
                created_at: at(n),
            },
        )?;
        // What waits for a long time yet, so that nobody tries to send it.
        let later = CoreDate::from_millis(4_102_444_800_000).ok_or(StoreError::Damaged)?;
        match n % 10 {
            0 => outbox::fail(tx, number, "error.transport.messages.tooManyRecipients"),
            1 => {
                outbox::claim(tx, at(n))?;
                outbox::retry(tx, number, "error.transport.offline", later)
            }
            _ => {
                outbox::claim(tx, at(n))?;
                outbox::complete(tx, number)
            }
        }
    }
}

/// Minute after minute.
fn at(n: usize) -> CoreDate {
    let minutes = TimeDelta::minutes(i64::try_from(n).unwrap_or_default());
    CoreDate::from_millis(1_767_225_600_000)
        .unwrap_or_else(|| CoreDate::parse("2026-01-01").unwrap())
        .plus(minutes)
}

fn seed(n: usize) -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&n.to_be_bytes());
    seed
}

/// The address of a contact.
pub fn peer(n: usize) -> Address {
    Address::of_key(&seed(n), "localhost")
}

fn name(n: usize) -> String {
    format!(
        "{} {} {n}",
        pick(&FIRST_NAMES, n),
        pick(&LAST_NAMES, n / 20)
    )
}

fn text(n: usize, words: usize) -> String {
    let words: Vec<&str> = (0..words)
        .map(|word| pick(&WORDS, n * 31 + word * 7))
        .collect();
    format!("{} {n}", words.join(" "))
}

fn pick<'a>(of: &[&'a str], n: usize) -> &'a str {
    of[n % of.len()]
}

fn log(request: &mut LocalRequest, status: LocalRequestStatus) {
    request.status_log.push(StatusLogEntry {
        created_at: request.created_at,
        old_status: request.status,
        new_status: status,
        data: None,
        code: None,
    });
    request.status = status;
}
