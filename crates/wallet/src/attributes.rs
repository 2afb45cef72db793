//! Own Attributes: listing them, adding one, and making a new version of one.

use serde_json::Value;
use tessera_content::{Attribute, AttributeValue, IdentityAttribute, ValueKind};
use tessera_core_types::{AttributeId, CoreDate};

use crate::{
    Changed, Result, Wallet, WalletError,
    contacts::version_numbers,
    model::{AttributeKind, LocalAttribute, ShareDirection},
    store::{self, Transaction},
    tags::stored_tags,
    templates::shared_randomness,
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

    /// Adds an own identity attribute. `value` has its `@type`. The first of its value type
    /// becomes the default.
    ///
    /// # Errors
    ///
    /// [`WalletError::Content`] for a value that is not valid, forbidden characters or tags;
    /// [`WalletError::DuplicateAttribute`] when there is one with this value.
    pub async fn add_attribute(
        &self,
        value: Value,
        tags: Option<Vec<String>>,
    ) -> Result<LocalAttribute> {
        let content = self.own_content(&value, tags)?;
        let now = self.now();
        let randomness = shared_randomness(self);
        let attribute = self
            .inner
            .store
            .write(move |transaction| {
                check(transaction, &content)?;
                let value_type = content.value.value_type();
                let same_type = store::attributes::by_type(transaction, OWN, value_type)?;
                let is_there = same_type.iter().any(|other| {
                    other.succeeded_by.is_none() && *other.content.value() == content.value
                });
                if is_there {
                    return Err(WalletError::DuplicateAttribute);
                }
                let has_default = store::attributes::default_of(transaction, value_type)?.is_some();
                let attribute = LocalAttribute {
                    id: AttributeId::generate(&*randomness),
                    kind: OWN,
                    content: Attribute::Identity(content),
                    created_at: now,
                    succeeds: None,
                    succeeded_by: None,
                    is_default: !has_default,
                    was_viewed_at: Some(now),
                    share_info: Vec::new(),
                };
                store::attributes::insert(transaction, &attribute)?;
                Ok(attribute)
            })
            .await?;
        self.tell(Changed::Attributes);
        Ok(attribute)
    }

    /// Makes a new version of an own identity attribute. The old one stays: peers may have it.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`]; [`WalletError::Content`]; [`WalletError::Succession`] when it is
    /// no own identity attribute, not the newest version, of another value type, or the same.
    pub async fn succeed_attribute(
        &self,
        id: &AttributeId,
        value: Value,
        tags: Option<Vec<String>>,
    ) -> Result<LocalAttribute> {
        let content = self.own_content(&value, tags)?;
        let (id, now) = (id.clone(), self.now());
        let randomness = shared_randomness(self);
        let attribute = self
            .inner
            .store
            .write(move |transaction| {
                let old = store::attributes::by_id(transaction, &id)?
                    .ok_or(WalletError::NotFound("Attribute"))?;
                check_succession(transaction, &old, &content)?;
                let successor = LocalAttribute {
                    id: AttributeId::generate(&*randomness),
                    kind: OWN,
                    content: Attribute::Identity(content),
                    created_at: now,
                    succeeds: Some(old.id),
                    succeeded_by: None,
                    is_default: old.is_default,
                    was_viewed_at: Some(now),
                    share_info: Vec::new(),
                };
                store::attributes::succeed(transaction, &successor)?;
                Ok::<_, WalletError>(successor)
            })
            .await?;
        self.tell(Changed::Attributes);
        Ok(attribute)
    }

    /// Makes an own identity attribute the default of its value type.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`]; [`WalletError::Succession`] when it is another kind or not the
    /// newest version.
    pub async fn set_default_attribute(&self, id: &AttributeId) -> Result<()> {
        let id = id.clone();
        self.inner
            .store
            .write(move |transaction| {
                let attribute = store::attributes::by_id(transaction, &id)?
                    .ok_or(WalletError::NotFound("Attribute"))?;
                check_own_newest(&attribute, "error.runtime.attributes.hasSuccessor")?;
                Ok::<_, WalletError>(store::attributes::set_default(transaction, &id)?)
            })
            .await?;
        self.tell(Changed::Attributes);
        Ok(())
    }

    /// An own identity attribute with this value, trimmed as it is stored.
    fn own_content(&self, value: &Value, tags: Option<Vec<String>>) -> Result<IdentityAttribute> {
        let json = serde_json::json!({
            "@type": "IdentityAttribute",
            "owner": self.inner.me.address,
            "value": value,
        });
        // With the rules of values that a person may have; then the tags, by theirs.
        AttributeValue::parse(ValueKind::Identity, value)?;
        let mut content = IdentityAttribute::parse(&json)?;
        if let Some(tags) = tags {
            let mut json = content.to_json();
            json["tags"] = tags.into();
            content = IdentityAttribute::parse(&json)?;
        }
        Ok(content.trimmed())
    }
}

/// Characters and tags.
fn check(transaction: &Transaction<'_>, content: &IdentityAttribute) -> Result<()> {
    let attribute = Attribute::Identity(content.clone());
    attribute.check_characters()?;
    attribute.check_tags(stored_tags(transaction)?.as_ref())?;
    Ok(())
}

fn check_own_newest(attribute: &LocalAttribute, code: &'static str) -> Result<()> {
    if attribute.kind != OWN {
        return Err(WalletError::Succession {
            code: "error.runtime.attributes.isNotOwnIdentityAttribute",
            what: "it is no own identity attribute",
        });
    }
    if attribute.succeeded_by.is_some() {
        return Err(WalletError::Succession {
            code,
            what: "it is not the newest version",
        });
    }
    Ok(())
}

/// enmeshed's rules for a new version, in its order.
fn check_succession(
    transaction: &Transaction<'_>,
    old: &LocalAttribute,
    new: &IdentityAttribute,
) -> Result<()> {
    let refuse = |code, what| Err(WalletError::Succession { code, what });
    if old.kind != OWN {
        return check_own_newest(old, "");
    }
    let attribute = Attribute::Identity(new.clone());
    attribute.check_tags(stored_tags(transaction)?.as_ref())?;
    check_own_newest(
        old,
        "error.consumption.attributes.cannotSucceedAttributesWithASuccessor",
    )?;
    if old.content == attribute {
        return refuse(
            "error.consumption.attributes.successionMustChangeContent",
            "the new version is the same",
        );
    }
    if old.content.value_type() != new.value.value_type() {
        return refuse(
            "error.consumption.attributes.successionMustNotChangeValueType",
            "the new version is of another value type",
        );
    }
    attribute.check_characters()?;
    Ok(())
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
