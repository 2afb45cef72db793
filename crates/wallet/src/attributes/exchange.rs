//! What a contact has of the person, and the versions of an Attribute.

use std::collections::BTreeSet;

use tessera_core_types::{Address, AttributeId};

use super::{
    AttributeError,
    holders::holder,
    listing::{NAMED, attribute_view},
};
use crate::{
    Result, Wallet, WalletError,
    model::{AttributeKind, DeletionStatus, ShareDirection},
    store::{self, attributes::Shares},
    views::{AttributeView, GivenAttribute},
};

impl Wallet {
    /// What a contact has of this person, or had: one entry for each Attribute, whatever its
    /// versions, what was given last first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn given_to(&self, peer: &Address) -> Result<Vec<GivenAttribute>> {
        let (peer, now) = (peer.clone(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                let by = |direction| store::attributes::between(transaction, &peer, direction);
                let mut shared = by(ShareDirection::Forwarded)?;
                shared.extend(
                    by(ShareDirection::Relationship)?
                        .into_iter()
                        .filter(|one| one.kind == AttributeKind::OwnRelationshipAttribute),
                );
                let mut seen: BTreeSet<AttributeId> = BTreeSet::new();
                let mut given = Vec::new();
                for attribute in shared {
                    if seen.contains(&attribute.id) {
                        continue;
                    }
                    let versions = store::attributes::versions_with(
                        transaction,
                        &attribute.id,
                        Shares::With(&peer),
                    )?;
                    seen.extend(versions.iter().map(|version| version.id.clone()));
                    let Some(holder) = holder(transaction, &versions, &peer, now)? else {
                        continue;
                    };
                    let held = versions.iter().find(|one| one.id == holder.attribute_id);
                    let (Some(held), Some(newest)) = (held, versions.last()) else {
                        continue;
                    };
                    let is_going = holder.deletion.is_some_and(|deletion| {
                        matches!(
                            deletion.status,
                            DeletionStatus::ToBeDeletedByRecipient
                                | DeletionStatus::DeletedByRecipient
                        )
                    });
                    given.push(GivenAttribute {
                        attribute: attribute_view(transaction, held, now)?,
                        newest_id: newest.id.clone(),
                        can_be_asked_back: !is_going,
                        holder,
                    });
                }
                given.sort_by_key(|one| std::cmp::Reverse(one.holder.since));
                Ok::<_, WalletError>(given)
            })
            .await
    }

    /// All versions of an Attribute as they are shown, the newest first, each with the first ten of
    /// those who have it.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`].
    pub async fn attribute_history(&self, id: &AttributeId) -> Result<Vec<AttributeView>> {
        let (id, now) = (id.clone(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                let versions = store::attributes::versions_with(transaction, &id, NAMED)?;
                if versions.is_empty() {
                    return Err(AttributeError::NotFound.into());
                }
                versions
                    .iter()
                    .rev()
                    .map(|version| attribute_view(transaction, version, now))
                    .collect()
            })
            .await
    }
}
