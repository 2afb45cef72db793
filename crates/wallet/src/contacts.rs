//! Contacts, and what happened: views made of what is stored.

mod error;
mod notes;
mod sender;
mod timeline;

use tessera_core_types::{Address, CoreDate};

pub use error::ContactError;

use crate::{
    Result, Wallet, WalletError,
    attributes::attribute_view,
    model::{HistoryRecord, ShareDirection},
    names::{NAMES, name_among},
    store::{self, Transaction},
    views::{
        AttributeView, ContactDetail, ContactPage, ContactSearch, ContactView, HistoryEntry,
        PeerView,
    },
};

/// How many entries a history shows at most.
const MAX_HISTORY: u32 = 1000;
/// How many contacts a page has at most.
const LARGEST_PAGE: u32 = 500;

impl Wallet {
    /// All contacts: one line for each peer, what changed last first. A peer whose Relationship
    /// still waits to be sent is among them. For many of them see [`Wallet::search_contacts`].
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn contacts(&self) -> Result<Vec<ContactView>> {
        self.expire_due().await?;
        Ok(self
            .inner
            .store
            .read(|transaction| store::contacts::list(transaction))
            .await?)
    }

    /// Those of the contacts that are looked for, at most 500 at a time.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn search_contacts(&self, mut search: ContactSearch) -> Result<ContactPage> {
        search.limit = search.limit.min(LARGEST_PAGE);
        self.expire_due().await?;
        self.inner
            .store
            .read_indexed(move |transaction| {
                let wanted = store::contacts::Wanted::of(transaction, &search)?;
                let total = wanted.count()?;
                Ok(ContactPage {
                    contacts: wanted.page(total)?,
                    total,
                    tags: store::contact_notes::all_tags(transaction)?,
                })
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
        self.expire_due().await?;
        let (peer, now) = (peer.clone(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                let contact = store::contacts::by_peer(transaction, &peer)?
                    .ok_or(WalletError::NotFound("contact"))?;
                let with = |direction| {
                    let shared = store::attributes::between(transaction, &peer, direction)?;
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
                let views = |attributes: Vec<_>| {
                    let newest = attributes
                        .iter()
                        .map(|one| attribute_view(transaction, one, now));
                    newest.collect::<Result<Vec<AttributeView>>>()
                };
                Ok(ContactDetail {
                    contact,
                    note: store::contact_notes::get(transaction, &peer)?,
                    given: newest_first(views(given)?),
                    received: newest_first(views(received)?),
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

/// A peer; `met_at` in case nobody wrote down when this wallet first met it.
pub(crate) fn peer_view(
    transaction: &Transaction<'_>,
    address: &Address,
    met_at: CoreDate,
) -> Result<PeerView> {
    if let Some(known) = store::contacts::peer(transaction, address)? {
        return Ok(known);
    }
    let peer = store::peers::by_address(transaction, address)?;
    let relationship = store::relationships::newest_with(transaction, address)?;
    // What it gave counts; else what it offered when it was met.
    let received = store::attributes::newest_received(transaction, address, &NAMES)?;
    let offered = peer.as_ref().and_then(|peer| peer.name.clone());
    Ok(PeerView {
        address: address.clone(),
        name: name_among(received.iter(), address).or(offered),
        title: store::contact_notes::title(transaction, address)?,
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
