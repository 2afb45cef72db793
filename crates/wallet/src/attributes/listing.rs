//! Attributes as they are shown.

use tessera_content::utf16_length;
use tessera_core_types::{AttributeId, CoreDate};

use super::AttributeError;
use crate::{
    Changed, Result, Wallet, WalletError,
    contacts::peer_view,
    model::{DeletionInfo, DeletionStatus, LocalAttribute, ShareDirection},
    store::{self, Transaction, attributes::Shares, own_attributes::Wanted},
    views::{AttributePage, AttributeSearch, AttributeView, DeletionView, ShareView},
};

/// How many a page has at most.
const LARGEST_PAGE: u32 = 500;
/// Who has an Attribute is named where it is looked at by itself, but not thousands.
pub(super) const NAMED: Shares<'_> = Shares::First(10);
/// The longest label, in UTF-16 code units.
const LONGEST_LABEL: usize = 100;

impl Wallet {
    /// The newest versions of all own IdentityAttributes, by value type, defaults first, then the
    /// newest first. For many of them see [`Wallet::search_attributes`].
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn attributes(&self) -> Result<Vec<AttributeView>> {
        let now = self.now();
        self.inner
            .store
            .read(move |transaction| {
                let everything = AttributeSearch {
                    limit: u32::MAX,
                    ..AttributeSearch::default()
                };
                let wanted = Wanted::of(transaction, &everything)?;
                listed(transaction, &wanted, u32::MAX, now)
            })
            .await
    }

    /// Those of the own IdentityAttributes that are looked for, at most 500 at a time.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn search_attributes(&self, mut search: AttributeSearch) -> Result<AttributePage> {
        search.limit = search.limit.min(LARGEST_PAGE);
        let now = self.now();
        self.inner
            .store
            .read(move |transaction| {
                let wanted = Wanted::of(transaction, &search)?;
                let total = wanted.count()?;
                Ok(AttributePage {
                    attributes: listed(transaction, &wanted, total, now)?,
                    total,
                })
            })
            .await
    }

    /// The tags that are in use among own IdentityAttributes, sorted.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn attribute_tags(&self) -> Result<Vec<String>> {
        Ok(self
            .inner
            .store
            .read(|transaction| store::own_attributes::tags(transaction))
            .await?)
    }

    /// An Attribute, own or received, of whatever version, with the first ten of those who have it.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`].
    pub async fn attribute(&self, id: &AttributeId) -> Result<AttributeView> {
        let (id, now) = (id.clone(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                let attribute = store::attributes::by_id_with(transaction, &id, NAMED)?
                    .ok_or(AttributeError::NotFound)?;
                attribute_view(transaction, &attribute, now)
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

    /// Gives an Attribute a word of the person's own, or none. It goes over to new versions, and is
    /// never sent.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`], [`AttributeError::LabelTooLong`] beyond 100 UTF-16 code units.
    pub async fn set_attribute_label(&self, id: &AttributeId, label: Option<&str>) -> Result<()> {
        let label = label.map(str::trim).filter(|label| !label.is_empty());
        if label.is_some_and(|label| utf16_length(label) > LONGEST_LABEL) {
            return Err(AttributeError::LabelTooLong(LONGEST_LABEL).into());
        }
        let (id, label) = (id.clone(), label.map(str::to_owned));
        self.inner
            .store
            .write(move |transaction| {
                store::attributes::by_id(transaction, &id)?.ok_or(AttributeError::NotFound)?;
                store::own_attributes::set_label(transaction, &id, label.as_deref())?;
                Ok::<_, WalletError>(())
            })
            .await?;
        self.tell(Changed::Attributes);
        Ok(())
    }

    /// Remembers that the person has looked at an Attribute; only the first time counts.
    ///
    /// # Errors
    ///
    /// [`store::StoreError::Missing`].
    pub async fn mark_attribute_as_viewed(&self, id: &AttributeId) -> Result<()> {
        let (id, now) = (id.clone(), self.now());
        self.inner
            .store
            .write(move |transaction| store::attributes::set_viewed(transaction, &id, now))
            .await?;
        self.tell(Changed::Attributes);
        Ok(())
    }
}

fn listed(
    transaction: &Transaction<'_>,
    wanted: &Wanted<'_>,
    total: u32,
    now: CoreDate,
) -> Result<Vec<AttributeView>> {
    let mut views = Vec::new();
    for id in wanted.page(total)? {
        if let Some(attribute) = store::attributes::by_id_with(transaction, &id, Shares::Origin)? {
            views.push(attribute_view(transaction, &attribute, now)?);
        }
    }
    Ok(views)
}

/// An Attribute as it is shown, with the number of its version looked up. Whom it is shared with is
/// said of the acts that it comes with.
pub(crate) fn attribute_view(
    transaction: &Transaction<'_>,
    attribute: &LocalAttribute,
    now: CoreDate,
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
            let peer = peer_view(transaction, &share.peer, shared_at)?;
            shared_with.push(ShareView {
                peer: peer.address,
                peer_name: peer.name,
                relationship_id: peer.relationship_id,
                shared_at,
            });
        }
    }
    let relationship = attribute.content.as_relationship();
    let origin = attribute.origin();
    let is_of_relationship =
        origin.is_some_and(|origin| origin.direction == ShareDirection::Relationship);
    let living = store::share_info::count_holders(transaction, &attribute.id)?;
    Ok(AttributeView {
        id: attribute.id.clone(),
        owner,
        value_type: attribute.content.value_type().to_owned(),
        value: attribute.content.value().to_json(),
        tags: attribute.content.tags().to_vec(),
        key: relationship.map(|content| content.key.clone()),
        is_default: attribute.is_default,
        created_at: attribute.created_at,
        version: store::attributes::version_number(transaction, attribute)?,
        shared_with,
        shared_count: living.saturating_add(u32::from(is_of_relationship)),
        label: store::own_attributes::label(transaction, &attribute.id)?,
        peer: origin.map(|origin| origin.peer.clone()),
        third_party: origin.and_then(|origin| origin.initial_attribute_peer.clone()),
        confidentiality: relationship.map(|content| content.confidentiality),
        is_technical: relationship.is_some_and(|content| content.is_technical),
        deletion: origin.and_then(|origin| deletion_view(origin.deletion_info, now)),
    })
}

/// What became of something that was shared.
pub(super) fn deletion_view(info: Option<DeletionInfo>, now: CoreDate) -> Option<DeletionView> {
    let info = info?;
    let is_promised = matches!(
        info.deletion_status,
        DeletionStatus::ToBeDeleted | DeletionStatus::ToBeDeletedByRecipient
    );
    Some(DeletionView {
        status: info.deletion_status,
        date: info.deletion_date,
        is_overdue: is_promised && now > info.deletion_date,
    })
}
