//! Fetching what external events are about: together, where there are several.

use std::collections::BTreeMap;

use tessera_backbone_api::{
    client::ClientError,
    external_events::{ExternalEvent, ExternalEventContent},
    messages::Message,
    relationships::Relationship,
};
use tessera_core_types::{MessageId, RelationshipId};

use super::is_gone;
use crate::{Result, Wallet, store};

/// What the Backbone said of a record; `None` when it is gone.
type Answer<T> = Result<Option<T>, ClientError>;

/// What a batch of events is about.
#[derive(Default)]
pub(super) struct Fetched {
    messages: BTreeMap<MessageId, Answer<Message>>,
    relationships: BTreeMap<RelationshipId, Answer<Relationship>>,
}

impl Fetched {
    /// A Message; `None` when it was known before, or is gone. Given once: whoever asks again for the
    /// same has taken it over already.
    ///
    /// # Errors
    ///
    /// Why it could not be fetched.
    pub fn take_message(&mut self, id: &MessageId) -> Result<Option<Message>> {
        Ok(self.messages.remove(id).transpose()?.flatten())
    }

    /// A Relationship, given once as well.
    ///
    /// # Errors
    ///
    /// Why it could not be fetched.
    pub fn take_relationship(&mut self, id: &RelationshipId) -> Result<Option<Relationship>> {
        Ok(self.relationships.remove(id).transpose()?.flatten())
    }
}

impl Wallet {
    /// Fetches what these events are about and is not known yet.
    ///
    /// # Errors
    ///
    /// When the Backbone can't be reached, and when the database fails. Whatever else is wrong with a
    /// record is told by [`Fetched`] when it is asked for.
    pub(super) async fn fetch(&self, events: &[ExternalEvent]) -> Result<Fetched> {
        let (mut messages, mut relationships) = (Vec::new(), Vec::new());
        for event in events {
            match &event.content {
                ExternalEventContent::MessageReceived { id } => push_new(&mut messages, id),
                ExternalEventContent::RelationshipStatusChanged {
                    relationship_id: id,
                }
                | ExternalEventContent::RelationshipReactivationRequested {
                    relationship_id: id,
                }
                | ExternalEventContent::RelationshipReactivationCompleted {
                    relationship_id: id,
                } => {
                    push_new(&mut relationships, id);
                }
                _ => {}
            }
        }
        let messages = self.unknown(messages).await?;
        Ok(Fetched {
            messages: self.fetch_messages(messages).await?,
            relationships: self.fetch_relationships(relationships).await?,
        })
    }

    async fn fetch_messages(
        &self,
        ids: Vec<MessageId>,
    ) -> Result<BTreeMap<MessageId, Answer<Message>>> {
        let client = self.client();
        if ids.len() > 1
            && let Some(found) = together(client.messages(&ids).await)?
        {
            return Ok(by_id(ids, found, |message| &message.id));
        }
        let mut fetched = BTreeMap::new();
        for id in ids {
            let answer = alone(client.message(&id).await)?;
            fetched.insert(id, answer);
        }
        Ok(fetched)
    }

    async fn fetch_relationships(
        &self,
        ids: Vec<RelationshipId>,
    ) -> Result<BTreeMap<RelationshipId, Answer<Relationship>>> {
        let client = self.client();
        if ids.len() > 1
            && let Some(found) = together(client.relationships(&ids).await)?
        {
            return Ok(by_id(ids, found, |relationship| &relationship.id));
        }
        let mut fetched = BTreeMap::new();
        for id in ids {
            let answer = alone(client.relationship(&id).await)?;
            fetched.insert(id, answer);
        }
        Ok(fetched)
    }

    /// Those Messages that were not opened yet.
    async fn unknown(&self, ids: Vec<MessageId>) -> Result<Vec<MessageId>> {
        if ids.is_empty() {
            return Ok(ids);
        }
        self.inner
            .store
            .read(move |transaction| {
                let mut unknown = Vec::new();
                for id in ids {
                    if store::messages::is_new(transaction, &id)? {
                        unknown.push(id);
                    }
                }
                Ok(unknown)
            })
            .await
    }
}

fn push_new<I: Clone + PartialEq>(ids: &mut Vec<I>, id: &I) {
    if !ids.contains(id) {
        ids.push(id.clone());
    }
}

/// Several records at once; `None` when they can't be had so, and each has to be fetched by itself: one
/// that can't be read must not keep the others back.
fn together<T>(answer: Result<Vec<T>, ClientError>) -> Result<Option<Vec<T>>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error @ ClientError::Network { .. }) => Err(error.into()),
        Err(error) => {
            tracing::debug!(code = error.code(), "fetched one by one");
            Ok(None)
        }
    }
}

/// A single record. A connection that is gone ends everything; other failures are this record's.
fn alone<T>(answer: Result<T, ClientError>) -> Result<Answer<T>> {
    match answer {
        Ok(record) => Ok(Ok(Some(record))),
        // Of a Relationship that is gone by now.
        Err(error) if is_gone(&error) => Ok(Ok(None)),
        Err(error @ ClientError::Network { .. }) => Err(error.into()),
        Err(error) => Ok(Err(error)),
    }
}

/// What was found of what was asked for. What was not asked for is not looked at.
fn by_id<I: Clone + Ord, T>(
    ids: Vec<I>,
    found: Vec<T>,
    id_of: impl Fn(&T) -> &I,
) -> BTreeMap<I, Answer<T>> {
    let mut fetched: BTreeMap<I, Answer<T>> = ids.into_iter().map(|id| (id, Ok(None))).collect();
    for record in found {
        if let Some(place) = fetched.get_mut(id_of(&record)) {
            *place = Ok(Some(record));
        }
    }
    fetched
}
