//! What of one Relationship can be shared with the contact of another.

use tessera_content::{ItemFrame, Request, RequestItem, RequestNode, ShareAttributeRequestItem};
use tessera_core_types::{Address, AttributeId};

use super::tried;
use crate::{
    Result, Wallet,
    attributes::attribute_view,
    contacts::peer_view,
    model::LocalAttribute,
    store::{
        self, Transaction,
        attributes::Shares,
        search::{self, EntryKind},
    },
    views::{PassableEntries, PassableEntry},
};

/// How many entries are looked through. More are found by words.
const LOOKED_THROUGH: u32 = 200;
/// How many are given at most.
const LARGEST_PAGE: u32 = 100;

impl Wallet {
    /// The RelationshipAttributes, own ones and those of the other sides, that can be shared with a
    /// contact now: newest versions of other Relationships that are not private and that it does not
    /// have. Every word of `text` must be the beginning of a word of key, title or value; a text
    /// without any letter or digit finds all. At most `limit`, and 100.
    ///
    /// Whatever is found, [`Wallet::check_request`] finds nothing wrong with sharing it. None is
    /// found while the contact can't be asked anything.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn passable_entries(
        &self,
        peer: &Address,
        text: &str,
        limit: u32,
    ) -> Result<PassableEntries> {
        let (me, now) = (self.inner.me.address.clone(), self.now());
        let (peer, text) = (peer.clone(), text.to_owned());
        let limit = limit.min(LARGEST_PAGE) as usize;
        self.inner
            .store
            .read_indexed(move |transaction| {
                let (candidates, is_cut) = candidates(transaction, &text)?;
                let request = Request {
                    id: None,
                    items: candidates.iter().map(share).collect(),
                    title: None,
                    description: None,
                    metadata: None,
                    expires_at: None,
                };
                let check = tried(transaction, &me, Some(&peer), &request, now)?;
                let checks = check.items.unwrap_or_default();
                let mut entries = Vec::new();
                let mut has_more = is_cut;
                for (attribute, check) in candidates.iter().zip(checks) {
                    let Some(origin) = attribute.origin().filter(|_| check.is_success) else {
                        continue;
                    };
                    if entries.len() == limit {
                        has_more = true;
                        break;
                    }
                    entries.push(PassableEntry {
                        with: peer_view(transaction, &origin.peer, attribute.created_at)?,
                        attribute: attribute_view(transaction, attribute, now)?,
                    });
                }
                Ok(PassableEntries { entries, has_more })
            })
            .await
    }
}

/// What is looked through for a text, and whether there may be more.
fn candidates(transaction: &Transaction<'_>, text: &str) -> Result<(Vec<LocalAttribute>, bool)> {
    let ids: Vec<AttributeId> = if text.contains(char::is_alphanumeric) {
        search::find(transaction, EntryKind::Value, text, LOOKED_THROUGH)?
            .iter()
            .filter_map(|entry| AttributeId::parse(&entry.target).ok())
            .collect()
    } else {
        store::attributes::not_private(transaction, LOOKED_THROUGH)?
    };
    let is_cut = ids.len() >= LOOKED_THROUGH as usize;
    let mut found = Vec::new();
    for id in ids {
        let attribute = store::attributes::by_id_with(transaction, &id, Shares::Origin)?;
        found.extend(attribute.filter(|one| one.content.as_relationship().is_some()));
    }
    Ok((found, is_cut))
}

fn share(attribute: &LocalAttribute) -> RequestNode {
    RequestNode::Item(RequestItem::ShareAttribute(ShareAttributeRequestItem {
        frame: ItemFrame::default(),
        attribute: attribute.content.clone(),
        attribute_id: Some(attribute.id.clone()),
        source_attribute_id: None,
        initial_attribute_peer: attribute.origin().map(|origin| origin.peer.clone()),
    }))
}
