//! Making Messages ready to be sent.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_backbone_api::messages::SendMessageRequest;
use tessera_content::{MessageContent, ProtocolVersion, ResponseWrapper, with_v6_names};
use tessera_core_types::{Address, CoreDate, DeviceId, FileId, Randomness, RequestId};
use tessera_crypto::channel::RelationshipSecrets;

use super::attachments::Attached;
use crate::{
    Result, Wallet, WalletError,
    envelopes::message::{self, NewMessage},
    keys::SecretText,
    model::{
        HistoryEvent, HistoryRecord, Identity, LocalRequest, Message, MessageKind,
        MessageRecipient, MessageState, NewOutboxOperation, OutboxKind, PeerDeletionStatus,
        Relationship, RelationshipStatus,
    },
    relationships,
    store::{self, Transaction, counters::TransmitCounters},
    templates::shared_randomness,
};

/// Who sends, and when: everything of a wallet that a transaction needs for it.
#[derive(Clone)]
pub(crate) struct Sender {
    /// The own identity.
    pub me: Identity,
    /// This device.
    pub device: DeviceId,
    /// For keys, nonces and ids.
    pub randomness: Arc<dyn Randomness>,
    /// Now.
    pub now: CoreDate,
}

impl Wallet {
    /// This wallet as it sends now.
    pub(crate) fn sender(&self) -> Sender {
        Sender {
            me: self.inner.me.clone(),
            device: self.inner.device.id.clone(),
            randomness: shared_randomness(self),
            now: self.now(),
        }
    }
}

/// What is needed to send a Message.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessagePayload {
    /// The number of the stored Message.
    pub number: i64,
    /// What is sent.
    pub request: SendMessageRequest,
    /// The Request that it carries or answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
}

/// Seals a Message for everybody it is for, stores it and queues it; its number. What is sealed is
/// what every try sends.
///
/// `about` is the Request that the Message carries or answers.
///
/// # Errors
///
/// [`WalletError::NoRelationshipToRecipient`], [`WalletError::NoActiveRelationship`],
/// [`WalletError::RecipientInDeletion`] and [`WalletError::RecipientDeleted`] (enmeshed: Notifications may travel along a terminated
/// Relationship and to somebody who is about to go, nothing else may).
pub(crate) fn enqueue(
    transaction: &Transaction<'_>,
    sender: &Sender,
    recipients: &[Address],
    content: MessageContent,
    about: Option<&RequestId>,
) -> Result<i64> {
    enqueue_with_files(transaction, sender, recipients, content, about, &[])
}

/// The same with Files that are known here.
///
/// # Errors
///
/// As [`enqueue`], and what [`Attached::load`] says.
pub(super) fn enqueue_with_files(
    transaction: &Transaction<'_>,
    sender: &Sender,
    recipients: &[Address],
    content: MessageContent,
    about: Option<&RequestId>,
    files: &[FileId],
) -> Result<i64> {
    let attached = Attached::load(transaction, files, sender.now)?;
    let is_notification = matches!(content, MessageContent::Notification(_));
    let mut seen = BTreeSet::new();
    let mut channels: Vec<(Relationship, RelationshipSecrets)> = Vec::new();
    for address in recipients {
        if !seen.insert(address) {
            return Err(WalletError::InvalidMessage("a recipient is named twice"));
        }
        let relationship = way_to(transaction, address, is_notification)?;
        let secrets = relationships::secrets(transaction, &relationship)?;
        channels.push((relationship, secrets));
    }
    if channels.is_empty() {
        return Err(WalletError::InvalidMessage("it has no recipient"));
    }
    let mut ends = Vec::new();
    for (relationship, secrets) in &channels {
        ends.push(message::Recipient {
            address: relationship.peer.address.clone(),
            secrets,
            counter: secrets
                .transmit()
                .reserve(&sender.device, &mut TransmitCounters(transaction))?,
        });
    }
    let sealed = message::seal(
        NewMessage {
            content: &written(transaction, recipients, &content)?,
            attachments: &attached.references,
            created_at: sender.now,
        },
        ends,
        &*sender.randomness,
    )?;
    let number = store::messages::insert(
        transaction,
        &Message {
            number: 0,
            id: None,
            state: MessageState::Queued,
            created_by: sender.me.address.clone(),
            created_by_device: sender.device.clone(),
            created_at: sender.now,
            recipients: channels
                .iter()
                .map(|(relationship, _)| MessageRecipient {
                    address: relationship.peer.address.clone(),
                    relationship_id: Some(relationship.id.clone()),
                })
                .collect(),
            kind: MessageKind::from(&content),
            content,
            attachments: attached.references.clone(),
            was_read_at: None,
            fault: None,
        },
    )?;
    attached.remember(transaction, number)?;
    let payload = MessagePayload {
        number,
        request: SendMessageRequest {
            recipients: sealed.recipients,
            body: sealed.body.into(),
            attachments: attached.named(),
        },
        request_id: about.cloned(),
    };
    let payload = serde_json::to_string(&payload).map_err(|_| store::StoreError::Internal)?;
    store::outbox::add(
        transaction,
        &NewOutboxOperation {
            kind: OutboxKind::SendMessage,
            subject: about.map_or_else(|| number.to_string(), RequestId::to_string),
            peers: recipients.to_vec(),
            payload: SecretText::from(payload),
            created_at: sender.now,
        },
    )?;
    Ok(number)
}

/// Content as its readers understand it. Only the words of Notifications exclude each other; they go
/// to one reader. In everything else the words of both generations stand side by side.
fn written(
    transaction: &Transaction<'_>,
    recipients: &[Address],
    content: &MessageContent,
) -> Result<Value> {
    if let (MessageContent::Notification(notification), [reader]) = (content, recipients) {
        let known = store::peers::by_address(transaction, reader)?;
        let version = known.and_then(|peer| peer.protocol_version);
        return Ok(notification.to_json_in(version.unwrap_or(ProtocolVersion::V7)));
    }
    Ok(with_v6_names(content.to_json()))
}

/// The Relationship along which a Message to this address travels: the newest one.
pub(crate) fn way_to(
    transaction: &Transaction<'_>,
    address: &Address,
    is_notification: bool,
) -> Result<Relationship> {
    let relationship = store::relationships::newest_with(transaction, address)?
        .ok_or(WalletError::NoRelationshipToRecipient)?;
    match relationship.status {
        RelationshipStatus::Active => {}
        RelationshipStatus::Terminated if is_notification => {}
        RelationshipStatus::Terminated => return Err(WalletError::NoActiveRelationship),
        _ => return Err(WalletError::NoRelationshipToRecipient),
    }
    let deletion = relationship.peer_deletion_info.as_ref();
    match deletion.map(|info| info.deletion_status) {
        Some(PeerDeletionStatus::Deleted) => Err(WalletError::RecipientDeleted),
        Some(PeerDeletionStatus::ToBeDeleted) if !is_notification => {
            Err(WalletError::RecipientInDeletion)
        }
        _ => Ok(relationship),
    }
}

/// Queues the answer to a received Request that is given along the Relationship.
///
/// # Errors
///
/// As [`enqueue`].
pub(crate) fn queue_answer(
    transaction: &Transaction<'_>,
    sender: &Sender,
    request: &LocalRequest,
    answer: ResponseWrapper,
) -> Result<()> {
    let recipients = std::slice::from_ref(&request.peer);
    let content = MessageContent::Response(answer);
    enqueue(transaction, sender, recipients, content, Some(&request.id))?;
    Ok(())
}

/// Writes down what happened with a Message, once for everybody it concerns.
pub(crate) fn record(
    transaction: &Transaction<'_>,
    event: HistoryEvent,
    peers: impl IntoIterator<Item = Address>,
    about: Option<&RequestId>,
    code: Option<&str>,
    now: CoreDate,
) -> Result<()> {
    for peer in peers {
        let mut record = HistoryRecord::new(now, event);
        record.peer = Some(peer);
        record.request_id = about.cloned();
        record.code = code.map(str::to_owned);
        store::history::add(transaction, &record)?;
    }
    Ok(())
}
