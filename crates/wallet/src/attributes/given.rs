//! Who has what of the person's: the list over all contacts and Attributes.

use std::collections::BTreeMap;

use tessera_core_types::{Address, CoreDate};

use super::{Contact, listing::deletion_view};
use crate::{
    Result, Wallet,
    contacts::peer_view,
    model::{DeletionStatus, RelationshipStatus},
    store::{
        self, Transaction,
        given::{Given, Wanted},
    },
    views::{GivenEntry, GivenPage, GivenSearch, without_keys},
};

/// How many a page has at most.
const LARGEST_PAGE: u32 = 500;

/// What is shown of a contact, and what can be done with it.
struct Who {
    name: Option<String>,
    can_be_told: bool,
    can_be_asked: bool,
}

impl Wallet {
    /// Who has what of the person's, or had: own Attributes and those that were passed on, one entry
    /// for each contact and Attribute, at most 500 at a time. The next page comes after the
    /// [`GivenEntry::place`] of the last entry.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn given(&self, mut search: GivenSearch) -> Result<GivenPage> {
        search.limit = search.limit.min(LARGEST_PAGE);
        let now = self.now();
        self.inner
            .store
            .read_indexed(move |transaction| {
                let wanted = Wanted::of(transaction, &search)?;
                let total = wanted.count()?;
                let mut contacts = BTreeMap::new();
                let mut entries = Vec::new();
                for given in wanted.page(total)? {
                    let who = match contacts.entry(given.peer.clone()) {
                        std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                        std::collections::btree_map::Entry::Vacant(new) => {
                            let who = who(transaction, &given.peer, given.since)?;
                            new.insert(who)
                        }
                    };
                    entries.push(entry(given, who, now));
                }
                Ok(GivenPage { entries, total })
            })
            .await
    }

    /// The same as a whole, for an export: whatever the page of `search`.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn all_given(&self, mut search: GivenSearch) -> Result<Vec<GivenEntry>> {
        search.limit = LARGEST_PAGE;
        search.after = None;
        search.offset = 0;
        let mut entries: Vec<GivenEntry> = Vec::new();
        loop {
            let page = self.given(search.clone()).await?.entries;
            let is_last = page.len() < LARGEST_PAGE as usize;
            entries.extend(page);
            if is_last {
                return Ok(entries);
            }
            search.after = entries.last().map(|last| last.place.clone());
        }
    }
}

fn who(transaction: &Transaction<'_>, peer: &Address, met_at: CoreDate) -> Result<Who> {
    let relationship = store::relationships::newest_with(transaction, peer)?;
    let contact = relationship.as_ref().map(Contact::from);
    Ok(Who {
        name: peer_view(transaction, peer, met_at)?.name,
        can_be_told: contact.is_some_and(Contact::can_be_told),
        can_be_asked: contact.is_some_and(Contact::can_be_told)
            && relationship.is_some_and(|one| one.status == RelationshipStatus::Active),
    })
}

fn entry(given: Given, who: &Who, now: CoreDate) -> GivenEntry {
    let is_going = given.deletion.is_some_and(|deletion| {
        matches!(
            deletion.deletion_status,
            DeletionStatus::ToBeDeletedByRecipient | DeletionStatus::DeletedByRecipient
        )
    });
    let value = given.content.get("value").cloned().unwrap_or_default();
    let value_type = value.get("@type").and_then(|name| name.as_str());
    GivenEntry {
        place: given.place,
        peer: given.peer,
        peer_name: who.name.clone(),
        attribute_id: given.attribute_id,
        newest_id: given.newest_id,
        version: given.version,
        value_type: value_type.unwrap_or_default().to_owned(),
        value: without_keys(value),
        key: given.key,
        label: given.label,
        since: given.since,
        request_id: given.request_id,
        notification_id: given.notification_id,
        receipt: given.receipt,
        is_stale: given.is_stale,
        can_be_told: given.is_stale && who.can_be_told,
        can_be_asked_back: who.can_be_asked && !is_going,
        deletion: deletion_view(given.deletion, now),
    }
}
