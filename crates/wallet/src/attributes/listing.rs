//! Attributes as they are shown.

use tessera_core_types::{AttributeId, CoreDate};

use crate::{
    Result, Wallet, WalletError,
    contacts::version_numbers,
    model::{AttributeKind, LocalAttribute, ShareDirection},
    store::{self, Transaction},
    views::{AttributeView, ShareView},
};

const OWN: AttributeKind = AttributeKind::OwnIdentityAttribute;

impl Wallet {
    /// The newest versions of the own identity attributes, by value type, defaults first, then the
    /// newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn attributes(&self) -> Result<Vec<AttributeView>> {
        self.inner
            .store
            .read(|transaction| {
                let all = store::attributes::by_kind(transaction, OWN)?;
                let versions = version_numbers(&all);
                let mut views = Vec::new();
                for attribute in all.iter().filter(|one| one.succeeded_by.is_none()) {
                    let version = versions.get(&attribute.id).copied().unwrap_or(1);
                    views.push(view(transaction, attribute, version)?);
                }
                views.sort_by(|one, other| {
                    one.value_type
                        .cmp(&other.value_type)
                        .then(other.is_default.cmp(&one.is_default))
                        .then(other.created_at.cmp(&one.created_at))
                });
                Ok(views)
            })
            .await
    }

    /// All versions of an Attribute, the oldest first.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn attribute_versions(&self, id: &AttributeId) -> Result<Vec<LocalAttribute>> {
        let id = id.clone();
        let versions = self
            .inner
            .store
            .read(move |transaction| store::attributes::versions(transaction, &id))
            .await?;
        if versions.is_empty() {
            return Err(WalletError::NotFound("Attribute"));
        }
        Ok(versions)
    }
}

/// An Attribute as it is shown, with the number of its version looked up.
pub(crate) fn attribute_view(
    transaction: &Transaction<'_>,
    attribute: &LocalAttribute,
) -> Result<AttributeView> {
    let versions = store::attributes::versions(transaction, &attribute.id)?;
    let place = versions.iter().position(|one| one.id == attribute.id);
    let version = u32::try_from(place.unwrap_or_default() + 1).unwrap_or(u32::MAX);
    view(transaction, attribute, version)
}

fn view(
    transaction: &Transaction<'_>,
    attribute: &LocalAttribute,
    version: u32,
) -> Result<AttributeView> {
    let owner = attribute
        .content
        .owner()
        .cloned()
        .ok_or(store::StoreError::Damaged)?;
    let mut shared_with = Vec::new();
    for share in &attribute.share_info {
        let is_with_peer = match share.direction {
            ShareDirection::Forwarded => !share.is_deleted_by_recipient(),
            ShareDirection::Relationship => true,
            ShareDirection::Received => false,
        };
        if is_with_peer {
            let shared_at: CoreDate = share.shared_at.unwrap_or(attribute.created_at);
            let peer = crate::contacts::peer_view(transaction, &share.peer, shared_at)?;
            shared_with.push(ShareView {
                peer: peer.address,
                peer_name: peer.name,
                relationship_id: peer.relationship_id,
                shared_at,
            });
        }
    }
    Ok(AttributeView {
        id: attribute.id.clone(),
        owner,
        value_type: attribute.content.value_type().to_owned(),
        value: attribute.content.value().to_json(),
        tags: attribute.content.tags().to_vec(),
        key: attribute
            .content
            .as_relationship()
            .map(|content| content.key.clone()),
        is_default: attribute.is_default,
        created_at: attribute.created_at,
        version,
        shared_with,
    })
}
