//! Who has which version of an Attribute.

use tessera_core_types::{Address, AttributeId, CoreDate};

use super::{AttributeError, Contact, Keeping, listing::deletion_view, marks::given_to};
use crate::{
    Result, Wallet,
    contacts::peer_view,
    model::{AttributeKind, LocalAttribute, ShareReference},
    requests::Holdings,
    store::{
        self, Transaction,
        attributes::Shares,
        given::{Given, Wanted},
    },
    views::{GivenSearch, HolderView, HoldersView, PeerView},
};

/// How many are named.
const MOST: u32 = 50;

impl Wallet {
    /// Who has which version of an own Attribute, or of one that was passed on, and since when: one
    /// entry for each peer, with the newest version it has. Those who have deleted it come with
    /// that. `id` is any of its versions.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`].
    pub async fn holders(&self, id: &AttributeId) -> Result<HoldersView> {
        let (id, now) = (id.clone(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                let attribute = store::attributes::by_id_with(transaction, &id, Shares::Origin)?
                    .ok_or(AttributeError::NotFound)?;
                let search = GivenSearch {
                    attribute: Some(id.clone()),
                    limit: MOST,
                    ..GivenSearch::default()
                };
                let given = Wanted::of(transaction, &search)?;
                let mut total = given.count()?;
                let mut newest = Vec::new();
                // Whose it is has it, too; to them it was not given.
                if attribute.kind == AttributeKind::PeerRelationshipAttribute
                    && let Some(origin) = attribute.origin()
                {
                    let shares = Shares::With(&origin.peer);
                    let versions = store::attributes::versions_with(transaction, &id, shares)?;
                    newest.extend(holder(transaction, &versions, &origin.peer, now)?);
                    total = total.saturating_add(1);
                }
                for given in given.page(total)? {
                    newest.push(holder_of(transaction, given, now)?);
                }
                let (tellable, are_more_tellable) = tellable(transaction, search, now)?;
                Ok(HoldersView {
                    newest,
                    total,
                    tellable,
                    are_more_tellable,
                })
            })
            .await
    }

    /// Who will be told when this Attribute is deleted.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`]; [`AttributeError::RelationshipPending`]: then it can't be
    /// deleted now.
    pub async fn told_of_deletion(&self, id: &AttributeId) -> Result<Vec<PeerView>> {
        let (id, now) = (id.clone(), self.now());
        let me = self.inner.me.address.clone();
        self.inner
            .store
            .read(move |transaction| {
                let versions = store::attributes::versions(transaction, &id)?;
                let contacts = super::actions::contacts_of(transaction, &versions)?;
                let holdings: Holdings = versions.into_iter().collect();
                let attribute = holdings.get(&id).ok_or(AttributeError::NotFound)?;
                let keeping = Keeping {
                    me: &me,
                    now,
                    today: super::actions::today(now),
                    holdings: &holdings,
                    contacts: &contacts,
                    tags: None,
                    sets_defaults: true,
                };
                let told = keeping.audience(attribute)?;
                told.iter()
                    .map(|(peer, _)| peer_view(transaction, peer, now))
                    .collect()
            })
            .await
    }
}

/// The first of those who can be told of the newest version, and whether there are more.
fn tellable(
    transaction: &Transaction<'_>,
    mut search: GivenSearch,
    now: CoreDate,
) -> Result<(Vec<HolderView>, bool)> {
    search.stale_only = true;
    let mut tellable = Vec::new();
    loop {
        let page = Wanted::of(transaction, &search)?.page(u32::MAX)?;
        search.after = page.last().map(|last| last.place.clone());
        for given in page {
            let holder = holder_of(transaction, given, now)?;
            if holder.can_be_told {
                if tellable.len() == MOST as usize {
                    return Ok((tellable, true));
                }
                tellable.push(holder);
            }
        }
        if search.after.is_none() {
            return Ok((tellable, false));
        }
    }
}

fn holder_of(transaction: &Transaction<'_>, given: Given, now: CoreDate) -> Result<HolderView> {
    let shown = peer_view(transaction, &given.peer, given.since)?;
    let relationship = store::relationships::newest_with(transaction, &given.peer)?;
    Ok(HolderView {
        peer: shown.address,
        peer_name: shown.name,
        relationship_id: shown.relationship_id,
        attribute_id: given.attribute_id,
        version: given.version,
        since: given.since,
        request_id: given.request_id,
        notification_id: given.notification_id,
        is_stale: given.is_stale,
        can_be_told: relationship
            .as_ref()
            .is_some_and(|relationship| Contact::from(relationship).can_be_told()),
        deletion: deletion_view(given.deletion, now),
    })
}

/// The newest version that a peer has and has not deleted; else the newest that it had.
pub(super) fn holder(
    transaction: &Transaction<'_>,
    versions: &[LocalAttribute],
    peer: &Address,
    now: CoreDate,
) -> Result<Option<HolderView>> {
    let given = versions
        .iter()
        .enumerate()
        .rev()
        .filter_map(|(index, version)| Some((index, version, given_to(version, peer)?)));
    let (living, gone): (Vec<_>, Vec<_>) =
        given.partition(|(_, _, share)| !share.is_deleted_by_recipient());
    let Some((index, version, share)) = living.first().or(gone.first()).copied() else {
        return Ok(None);
    };
    let since = share.shared_at.unwrap_or(version.created_at);
    let shown = peer_view(transaction, peer, since)?;
    let relationship = store::relationships::newest_with(transaction, peer)?;
    let is_newest = index + 1 == versions.len();
    Ok(Some(HolderView {
        peer: shown.address,
        peer_name: shown.name,
        relationship_id: shown.relationship_id,
        attribute_id: version.id.clone(),
        version: u32::try_from(index + 1).unwrap_or(u32::MAX),
        since,
        request_id: match &share.source_reference {
            ShareReference::Request(id) => Some(id.clone()),
            ShareReference::Notification(_) => None,
        },
        notification_id: match &share.source_reference {
            ShareReference::Request(_) => None,
            ShareReference::Notification(id) => Some(id.clone()),
        },
        is_stale: !is_newest && !share.is_deleted_by_recipient(),
        can_be_told: relationship
            .as_ref()
            .is_some_and(|relationship| Contact::from(relationship).can_be_told()),
        deletion: deletion_view(share.deletion_info, now),
    }))
}
