//! What a person does with their Attributes, in the database.

use std::collections::BTreeSet;

use serde_json::Value;
use tessera_content::{AttributeValue, MessageContent, ValueKind, normalize_input};
use tessera_core_types::{Address, AttributeId, CoreDate};

use super::{AttributeError, Contact, Contacts, Keeping, Kept};
use crate::{
    Changed, Result, Wallet,
    incoming::apply,
    messages::{Sender, enqueue},
    model::LocalAttribute,
    notifications::in_words_of,
    requests::{Change, Holdings, IdSource, RandomIds},
    store::{self, Transaction},
    tags::stored_tags,
};

impl Wallet {
    /// Adds an own IdentityAttribute. `value` has its `@type`; what was typed is brought to
    /// Unicode NFC and trimmed. The first of its value type becomes the default.
    ///
    /// # Errors
    ///
    /// [`AttributeError::Duplicate`] when there is one with this value, whose id it names: it can
    /// be used instead. [`AttributeError::Content`] for a value, characters or tags that are not
    /// valid.
    pub async fn add_attribute(
        &self,
        value: Value,
        tags: Option<Vec<String>>,
    ) -> Result<LocalAttribute> {
        let (value, tags) = (typed(value), given(tags));
        let kept = self
            .keep(
                move |transaction| Ok((look_for_new(transaction, &value)?, (value, tags))),
                |keeping, (value, tags), ids| keeping.create(value, tags.as_deref(), ids),
            )
            .await?;
        created(kept)
    }

    /// Adds several own IdentityAttributes without tags, as [`Wallet::add_attribute`]: all of them
    /// or none; how many they are.
    ///
    /// # Errors
    ///
    /// Those of [`Wallet::add_attribute`] for the first that can't be added.
    pub async fn add_attributes(&self, values: Vec<Value>) -> Result<usize> {
        let sender = self.sender();
        let added = self
            .inner
            .store
            .write(move |transaction| {
                let count = values.len();
                for value in values {
                    let value = typed(value);
                    let known = look_for_new(transaction, &value)?;
                    perform(transaction, &sender, known, |keeping, ids| {
                        keeping.create(&value, None, ids)
                    })?;
                }
                Ok::<_, crate::WalletError>(count)
            })
            .await?;
        self.tell(Changed::Attributes);
        Ok(added)
    }

    /// Makes a new version of an own IdentityAttribute; tags that are not given again are gone.
    /// The old version stays: peers may have it. Nobody is told, see
    /// [`Wallet::notify_about_succession`].
    ///
    /// # Errors
    ///
    /// [`AttributeError::PredecessorNotFound`], [`AttributeError::NotOwnIdentityAttribute`],
    /// [`AttributeError::InvalidSuccessor`], [`AttributeError::Succession`] for the first of
    /// enmeshed's rules that is broken.
    pub async fn succeed_attribute(
        &self,
        id: &AttributeId,
        value: Value,
        tags: Option<Vec<String>>,
    ) -> Result<LocalAttribute> {
        let (id, value, tags) = (id.clone(), typed(value), given(tags));
        let kept = self
            .keep(
                move |transaction| {
                    let versions = store::attributes::versions(transaction, &id)?;
                    Ok((versions, (id, value, tags)))
                },
                |keeping, (id, value, tags), ids| {
                    keeping.succeed_identity(id, value, tags.as_deref(), ids)
                },
            )
            .await?;
        created(kept)
    }

    /// Makes a new version of an own RelationshipAttribute: only its value changes, title and
    /// description included. Its peer is told in the same transaction; third parties that have it
    /// are not.
    ///
    /// # Errors
    ///
    /// As [`Wallet::succeed_attribute`]; [`AttributeError::NotOwnRelationshipAttribute`],
    /// [`AttributeError::CannotBeTold`].
    pub async fn succeed_relationship_attribute(
        &self,
        id: &AttributeId,
        value: Value,
    ) -> Result<LocalAttribute> {
        let (id, value) = (id.clone(), typed(value));
        let kept = self
            .keep(
                move |transaction| {
                    let versions = store::attributes::versions(transaction, &id)?;
                    Ok((versions, (id, value)))
                },
                |keeping, (id, value), ids| keeping.succeed_relationship(id, value, ids),
            )
            .await?;
        created(kept)
    }

    /// Tells these peers about a version of an own IdentityAttribute of which they have an older
    /// one: all of them, or none.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`], [`AttributeError::NotOwnIdentityAttribute`], and for the first
    /// peer that can't be told [`AttributeError::PeerHasNoOlderVersion`],
    /// [`AttributeError::PeerHasThisVersion`], [`AttributeError::PeerHasNewerVersion`] or
    /// [`AttributeError::CannotBeTold`].
    pub async fn notify_about_succession(&self, id: &AttributeId, peers: &[Address]) -> Result<()> {
        let (id, peers) = (id.clone(), peers.iter().cloned().collect::<BTreeSet<_>>());
        self.keep(
            move |transaction| {
                let versions = store::attributes::versions(transaction, &id)?;
                Ok((versions, (id, peers)))
            },
            |keeping, (id, peers), ids| {
                let mut all = Kept::default();
                for peer in peers {
                    let kept = keeping.tell_of_succession(id, peer, ids)?;
                    all.changes.extend(kept.changes);
                    all.notifications.extend(kept.notifications);
                }
                Ok(all)
            },
        )
        .await?;
        Ok(())
    }

    /// Deletes an Attribute, own or received, with all of its older versions; newer ones stay.
    /// Whoever has to be told is told in the same transaction. A default passes to the youngest
    /// other one of its value type.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`]; [`AttributeError::RelationshipPending`] when somebody who had
    /// to be told can't be yet.
    pub async fn delete_attribute(&self, id: &AttributeId) -> Result<()> {
        let id = id.clone();
        self.keep(
            move |transaction| {
                let attributes = look_for_deletion(transaction, &id)?;
                Ok((attributes, id))
            },
            |keeping, id, ids| keeping.delete(id, ids),
        )
        .await?;
        Ok(())
    }

    /// Makes an own IdentityAttribute the default of its value type.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`], [`AttributeError::NotOwnIdentityAttribute`],
    /// [`AttributeError::HasSuccessor`] for an old version.
    pub async fn set_default_attribute(&self, id: &AttributeId) -> Result<()> {
        let id = id.clone();
        self.keep(
            move |transaction| {
                let attribute = store::attributes::by_id(transaction, &id)?;
                Ok((attribute.into_iter().collect(), id))
            },
            |keeping, id, _| keeping.set_default(id),
        )
        .await?;
        Ok(())
    }

    /// Does something with Attributes in one transaction: `look` brings the Attributes and what is
    /// to be done with them, `act` says what that means.
    async fn keep<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Transaction<'_>) -> Result<(Vec<LocalAttribute>, T)> + Send + 'static,
        act: impl FnOnce(&Keeping<'_>, &T, &mut dyn IdSource) -> Result<Kept, AttributeError>
        + Send
        + 'static,
    ) -> Result<Kept> {
        let kept = self.keep_quietly(look, act).await?;
        if !kept.notifications.is_empty() {
            self.deliver_now().await;
        }
        Ok(kept)
    }

    /// The same, without trying to deliver what has to be told.
    pub(super) async fn keep_quietly<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Transaction<'_>) -> Result<(Vec<LocalAttribute>, T)> + Send + 'static,
        act: impl FnOnce(&Keeping<'_>, &T, &mut dyn IdSource) -> Result<Kept, AttributeError>
        + Send
        + 'static,
    ) -> Result<Kept> {
        let sender = self.sender();
        let kept = self
            .inner
            .store
            .write(move |transaction| {
                let (attributes, what) = look(transaction)?;
                perform(transaction, &sender, attributes, |keeping, ids| {
                    act(keeping, &what, ids)
                })
            })
            .await?;
        self.tell(Changed::Attributes);
        if !kept.notifications.is_empty() {
            self.tell(Changed::Messages);
        }
        Ok(kept)
    }
}

/// Does something with these Attributes, and tells whoever has to be told.
fn perform(
    transaction: &Transaction<'_>,
    sender: &Sender,
    attributes: Vec<LocalAttribute>,
    act: impl FnOnce(&Keeping<'_>, &mut dyn IdSource) -> Result<Kept, AttributeError>,
) -> Result<Kept> {
    let contacts = contacts_of(transaction, &attributes)?;
    let holdings: Holdings = attributes.into_iter().collect();
    let tags = stored_tags(transaction)?;
    let keeping = Keeping {
        me: &sender.me.address,
        now: sender.now,
        today: today(sender.now),
        holdings: &holdings,
        contacts: &contacts,
        tags: tags.as_ref(),
        sets_defaults: true,
    };
    let kept = act(&keeping, &mut RandomIds(&*sender.randomness))?;
    for told in &kept.notifications {
        let known = store::peers::by_address(transaction, &told.peer)?;
        let notification = in_words_of(
            known.and_then(|peer| peer.protocol_version),
            told.notification.clone(),
            &told.peer,
            &holdings,
        );
        let content = MessageContent::Notification(notification);
        let recipients = std::slice::from_ref(&told.peer);
        enqueue(transaction, sender, recipients, content, None)?;
    }
    apply(transaction, &kept.changes)?;
    Ok(kept)
}

/// The day where the person is.
pub(super) fn today(now: CoreDate) -> chrono::NaiveDate {
    now.to_utc().with_timezone(&chrono::Local).date_naive()
}

/// How it stands with everybody who has one of these or gave it.
pub(super) fn contacts_of(
    transaction: &Transaction<'_>,
    attributes: &[LocalAttribute],
) -> Result<Contacts> {
    let peers: BTreeSet<&Address> = attributes
        .iter()
        .flat_map(|attribute| &attribute.share_info)
        .map(|share| &share.peer)
        .collect();
    let mut contacts = Contacts::new();
    for peer in peers {
        if let Some(relationship) = store::relationships::newest_with(transaction, peer)? {
            contacts.insert(peer.clone(), Contact::from(&relationship));
        }
    }
    Ok(contacts)
}

/// What decides whether a new one is new, and whether it becomes the default.
fn look_for_new(transaction: &Transaction<'_>, value: &Value) -> Result<Vec<LocalAttribute>> {
    // What can't be read is refused by the rules.
    let Ok(value) = AttributeValue::parse(ValueKind::Identity, value) else {
        return Ok(Vec::new());
    };
    let value = value.trimmed();
    let same = store::own_attributes::of_value(transaction, &value)?;
    let default = store::attributes::default_of(transaction, value.value_type())?;
    Ok(same.into_iter().chain(default).collect())
}

/// All versions, and who becomes the default instead.
pub(super) fn look_for_deletion(
    transaction: &Transaction<'_>,
    id: &AttributeId,
) -> Result<Vec<LocalAttribute>> {
    let mut attributes = store::attributes::versions(transaction, id)?;
    let default = attributes
        .iter()
        .find(|one| one.is_default && one.id == *id);
    if let Some(default) = default {
        let value_type = default.content.value_type();
        attributes.extend(store::own_attributes::youngest_but(
            transaction,
            value_type,
            id,
        )?);
    }
    Ok(attributes)
}

/// What an action made.
fn created(kept: Kept) -> Result<LocalAttribute> {
    let made = kept.changes.into_iter().find_map(|change| match change {
        Change::CreateAttribute(attribute) | Change::SucceedAttribute(attribute) => Some(attribute),
        _ => None,
    });
    Ok(made.ok_or(store::StoreError::Internal)?)
}

/// No tags and an empty list of tags are the same to a person.
fn given(tags: Option<Vec<String>>) -> Option<Vec<String>> {
    tags.filter(|tags| !tags.is_empty())
}

/// What a person typed, in Unicode NFC: some keyboards write letters in parts, which are not
/// allowed in Attributes.
fn typed(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(normalize_input(&text)),
        Value::Array(list) => list.into_iter().map(typed).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, typed(value)))
            .collect(),
        other => other,
    }
}
