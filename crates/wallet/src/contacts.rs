//! Contacts, and what happened: views made of what is stored.

use std::collections::HashSet;

use tessera_content::ResponseResult;
use tessera_core_types::{Address, CoreDate};

use crate::{
    Result, Wallet, WalletError,
    attributes::attribute_view,
    model::{
        HistoryRecord, LocalRequest, LocalRequestSource, LocalRequestStatus, LocalResponseSource,
        Relationship, ShareDirection,
    },
    names::{NAMES, name_among},
    store::{self, Transaction},
    views::{AttributeView, ContactDetail, ContactView, HistoryEntry, PeerView},
};

/// How many entries a history shows at most.
const MAX_HISTORY: u32 = 1000;

impl Wallet {
    /// The contacts: one line for each peer, what changed last first. A peer whose Relationship
    /// still waits to be sent is among them.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn contacts(&self) -> Result<Vec<ContactView>> {
        self.expire_due().await?;
        self.inner
            .store
            .read(|transaction| {
                let mut contacts = Vec::new();
                let mut seen = HashSet::new();
                // A waiting answer is newer than whatever Relationship was there before.
                let decided = store::requests::by_status(transaction, LocalRequestStatus::Decided)?;
                for request in decided
                    .iter()
                    .filter(|request| starts_relationship(request))
                {
                    if seen.insert(request.peer.clone()) {
                        contacts.push(waiting_contact(transaction, request)?);
                    }
                }
                for relationship in store::relationships::list(transaction)? {
                    if seen.insert(relationship.peer.address.clone()) {
                        contacts.push(contact_view(transaction, &relationship)?);
                    }
                }
                contacts.sort_by_key(|contact| std::cmp::Reverse(contact.changed_at));
                Ok(contacts)
            })
            .await
    }

    /// A contact with everything known about it.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`] for somebody there was never a Relationship with, nor one that
    /// waits to be sent.
    pub async fn contact(&self, peer: &Address) -> Result<ContactDetail> {
        let contact = self
            .contacts()
            .await?
            .into_iter()
            .find(|contact| contact.peer.address == *peer)
            .ok_or(WalletError::NotFound("contact"))?;
        let (peer, now) = (peer.clone(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                let with = |direction| {
                    let shared = store::attributes::by_peer(transaction, &peer, direction)?;
                    Ok::<_, WalletError>(shared)
                };
                let mut given = Vec::new();
                for attribute in with(ShareDirection::Forwarded)? {
                    if attribute.living_forward_to(&peer).is_some() {
                        given.push(attribute);
                    }
                }
                let mut received = with(ShareDirection::Received)?;
                for attribute in with(ShareDirection::Relationship)? {
                    // Both have it; it is shown where its owner is.
                    let is_theirs = attribute.content.owner() == Some(&peer);
                    if is_theirs {
                        received.push(attribute);
                    } else {
                        given.push(attribute);
                    }
                }
                let history = store::history::by_peer(transaction, &peer)?;
                let views = |attributes: Vec<_>| {
                    let newest = attributes
                        .iter()
                        .map(|one| attribute_view(transaction, one, now));
                    newest.collect::<Result<Vec<AttributeView>>>()
                };
                Ok(ContactDetail {
                    contact,
                    given: newest_first(views(given)?),
                    received: newest_first(views(received)?),
                    history: history.into_iter().map(entry).collect(),
                })
            })
            .await
    }

    /// What happened, the newest first, at most a thousand entries.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn history(&self) -> Result<Vec<HistoryEntry>> {
        let records = self
            .inner
            .store
            .read(|transaction| store::history::newest(transaction, None, MAX_HISTORY))
            .await?;
        Ok(records
            .into_iter()
            .map(|(_, record)| entry(record))
            .collect())
    }
}

fn newest_first(mut views: Vec<AttributeView>) -> Vec<AttributeView> {
    views.sort_by_key(|view| std::cmp::Reverse(view.created_at));
    views
}

/// Whether a decided Request starts a Relationship when its answer is delivered.
fn starts_relationship(request: &LocalRequest) -> bool {
    let accepted = request
        .response
        .as_ref()
        .is_some_and(|response| response.content.result == ResponseResult::Accepted);
    let from_template = matches!(
        request.source,
        Some(LocalRequestSource::RelationshipTemplate { .. })
    );
    !request.is_own && accepted && from_template
}

fn waiting_contact(transaction: &Transaction<'_>, request: &LocalRequest) -> Result<ContactView> {
    let decided_at = request
        .response
        .as_ref()
        .map_or(request.created_at, |response| response.created_at);
    Ok(ContactView {
        relationship_id: None,
        request_id: Some(request.id.clone()),
        peer: peer_view(transaction, &request.peer, request.created_at)?,
        status: None,
        is_own: true,
        created_at: decided_at,
        changed_at: decided_at,
    })
}

fn contact_view(transaction: &Transaction<'_>, relationship: &Relationship) -> Result<ContactView> {
    let requests = store::requests::by_peer(transaction, &relationship.peer.address)?;
    let request = requests.into_iter().find(|request| {
        let delivered_with = request
            .response
            .as_ref()
            .and_then(|response| response.source.as_ref());
        !request.is_own
            && delivered_with
                == Some(&LocalResponseSource::Relationship {
                    reference: relationship.id.clone(),
                })
    });
    let peer = &relationship.peer.address;
    Ok(ContactView {
        relationship_id: Some(relationship.id.clone()),
        request_id: request.map(|request| request.id),
        peer: peer_view(transaction, peer, relationship.created_at)?,
        status: Some(relationship.status),
        is_own: relationship.is_own,
        created_at: relationship.created_at,
        changed_at: relationship.changed_at(),
    })
}

/// A peer; `met_at` in case nobody wrote down when this wallet first met it.
pub(crate) fn peer_view(
    transaction: &Transaction<'_>,
    address: &Address,
    met_at: CoreDate,
) -> Result<PeerView> {
    let peer = store::peers::by_address(transaction, address)?;
    let relationship = store::relationships::newest_with(transaction, address)?;
    // What it gave counts; else what it offered when it was met.
    let received = store::attributes::newest_received(transaction, address, &NAMES)?;
    let offered = peer.as_ref().and_then(|peer| peer.name.clone());
    Ok(PeerView {
        address: address.clone(),
        name: name_among(received.iter(), address).or(offered),
        first_seen_at: peer.map_or(met_at, |peer| peer.first_seen_at),
        relationship_id: relationship.map(|relationship| relationship.id),
    })
}

fn entry(record: HistoryRecord) -> HistoryEntry {
    HistoryEntry {
        at: record.at,
        event: record.event,
        relationship_id: record.relationship_id,
        request_id: record.request_id,
        attribute_id: record.attribute_id,
        code: record.code,
    }
}
