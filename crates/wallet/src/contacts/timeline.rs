//! A contact's dossier: what happened with it, and which Relationships there were.

use tessera_content::{Attribute, MessageContent, ResponseItemResult};
use tessera_core_types::Address;

use crate::{
    Result, Wallet,
    model::{
        AuditLogReason, DeletionStatus, LocalAttribute, LocalRequest, LocalResponseSource,
        Relationship, ShareDirection,
    },
    store::{
        self, StoreError, Transaction,
        attributes::Shares,
        timeline::{Happened, Share, What},
    },
    views::{
        DataChange, HistoryEvent, RelationshipRecord, TimelineEntry, TimelineEvent, TimelinePage,
        TimelineSearch,
    },
};

/// How many entries a page has at most.
const LARGEST_PAGE: u32 = 200;

impl Wallet {
    /// What happened with somebody, the newest first, whether they are a contact (still) or not:
    /// every Relationship's audit log, Requests and answers both ways, Messages, what was given and
    /// received and what became of it, what failed and what was refused. What was deleted with a
    /// contact is there as far as the history knows it.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn timeline(&self, search: TimelineSearch) -> Result<TimelinePage> {
        self.expire_due().await?;
        let me = self.inner.me.address.clone();
        self.inner
            .store
            .read(move |transaction| {
                let limit = search.limit.min(LARGEST_PAGE);
                // One more than wanted says whether there are more.
                let mut happened = store::timeline::page(
                    transaction,
                    &search.peer,
                    search.kind,
                    search.after.as_ref(),
                    limit + 1,
                )?;
                let has_more = happened.len() > limit as usize;
                happened.truncate(limit as usize);
                let next = happened.last().map(|last| last.place.clone());
                let newest = store::relationships::newest_with(transaction, &search.peer)?;
                let mut entries = Vec::new();
                for one in happened {
                    let at = one.at;
                    let event = event(transaction, (&me, &search.peer), newest.as_ref(), one)?;
                    entries.push(TimelineEntry { at, event });
                }
                Ok(TimelinePage {
                    entries,
                    next: next.filter(|_| has_more),
                })
            })
            .await
    }

    /// Every Relationship that there was or is with somebody, the newest first: with how it stands or
    /// ended. Of those that this side has deleted the history knows when, and who asked.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn relationships_with(&self, peer: &Address) -> Result<Vec<RelationshipRecord>> {
        let (me, peer) = (self.inner.me.address.clone(), peer.clone());
        self.inner
            .store
            .read(move |transaction| {
                let mut records = Vec::new();
                for relationship in store::relationships::by_peer(transaction, &peer)? {
                    records.push(record_of(transaction, &me, relationship)?);
                }
                for forgotten in store::timeline::forgotten(transaction, &peer)? {
                    records.push(RelationshipRecord {
                        id: forgotten.id,
                        is_own: forgotten.is_own,
                        began_at: forgotten.began_at,
                        status: None,
                        reason: AuditLogReason::Decomposition,
                        by_me: true,
                        changed_at: forgotten.ended_at,
                        request_id: None,
                        receipt: None,
                    });
                }
                records.sort_by_key(|record| std::cmp::Reverse(record.began_at));
                Ok(records)
            })
            .await
    }
}

fn record_of(
    transaction: &Transaction<'_>,
    me: &Address,
    relationship: Relationship,
) -> Result<RelationshipRecord> {
    let last = relationship.audit_log.last();
    let answered = store::requests::by_source(transaction, relationship.template_id.as_str())?;
    let request = answered.into_iter().find(|request| {
        let source = request
            .response
            .as_ref()
            .and_then(|one| one.source.as_ref());
        matches!(source, Some(LocalResponseSource::Relationship { reference })
            if *reference == relationship.id)
    });
    let receipt = match &request {
        Some(request) => store::receipts::number_of(transaction, &request.id)?,
        None => None,
    };
    Ok(RelationshipRecord {
        is_own: relationship.is_own,
        began_at: relationship.created_at,
        status: Some(relationship.status),
        reason: last.map_or(AuditLogReason::Creation, |entry| entry.reason),
        by_me: last.map_or(relationship.is_own, |entry| entry.created_by == *me),
        changed_at: last.map_or(relationship.created_at, |entry| entry.created_at),
        request_id: request.map(|request| request.id),
        receipt,
        id: relationship.id,
    })
}

fn event(
    transaction: &Transaction<'_>,
    (me, peer): (&Address, &Address),
    newest: Option<&Relationship>,
    happened: Happened,
) -> Result<TimelineEvent> {
    // Thousands may have an Attribute.
    let shares = Shares::With(peer);
    match happened.what {
        What::Log(id, position) => {
            let relationship = there(store::relationships::by_id(transaction, &id)?)?;
            let position = usize::try_from(position).unwrap_or(usize::MAX);
            let entry = there(relationship.audit_log.get(position))?;
            Ok(TimelineEvent::Relationship {
                reason: entry.reason,
                by_me: entry.created_by == *me,
                status: entry.new_status,
                is_newest: newest.is_some_and(|newest| newest.id == id),
                relationship_id: id,
            })
        }
        What::RequestCame(id) => {
            let request = there(store::requests::by_id(transaction, &id)?)?;
            let mut item_types: Vec<String> = Vec::new();
            for item in request.content.all_items() {
                if !item_types.iter().any(|one| one == item.type_name()) {
                    item_types.push(item.type_name().to_owned());
                }
            }
            Ok(TimelineEvent::RequestCame {
                id,
                is_own: request.is_own,
                title: request.content.title,
                item_types,
            })
        }
        What::RequestAnswered(id) => {
            let request = there(store::requests::by_id(transaction, &id)?)?;
            answered(transaction, request)
        }
        What::RequestExpired(id, position) => {
            let request = there(store::requests::by_id(transaction, &id)?)?;
            let position = usize::try_from(position).unwrap_or(usize::MAX);
            let entry = request.status_log.get(position);
            Ok(TimelineEvent::RequestExpired {
                id,
                is_own: request.is_own,
                title: request.content.title,
                code: entry.and_then(|entry| entry.code.clone()),
            })
        }
        What::Message(number) => {
            let message = there(store::messages::by_number(transaction, number)?)?;
            let subject = match message.content {
                MessageContent::Mail(mail) => Some(mail.subject),
                _ => None,
            };
            Ok(TimelineEvent::Message {
                number,
                kind: message.kind,
                state: message.state,
                subject,
                files: u32::try_from(message.attachments.len()).unwrap_or(u32::MAX),
            })
        }
        What::Shared(id, number) => {
            let attribute = there(store::attributes::by_id_with(transaction, &id, shares)?)?;
            let share = there(store::timeline::share(transaction, number)?)?;
            let is_mine = attribute.content.owner() == Some(me);
            Ok(data(attribute, of_share(share, is_mine)))
        }
        What::Deletion(id, number) => {
            let attribute = there(store::attributes::by_id_with(transaction, &id, shares)?)?;
            let share = there(store::timeline::share(transaction, number)?)?;
            Ok(data(attribute, of_deletion(there(share.deletion)?)))
        }
        What::Recorded(number) => {
            let record = there(store::history::by_number(transaction, number)?)?;
            let receipt = match &record.request_id {
                Some(request) if is_decision(record.event) => {
                    store::receipts::number_of(transaction, request)?
                }
                _ => None,
            };
            let request_id = match record.request_id {
                Some(id) => store::requests::by_id(transaction, &id)?.map(|request| request.id),
                None => None,
            };
            Ok(TimelineEvent::Recorded {
                event: record.event,
                code: record.code,
                request_id,
                receipt,
            })
        }
    }
}

/// What was found a moment ago in the same transaction.
fn there<T>(found: Option<T>) -> Result<T, StoreError> {
    found.ok_or(StoreError::Missing("entry of a timeline"))
}

fn answered(transaction: &Transaction<'_>, request: LocalRequest) -> Result<TimelineEvent> {
    let response = there(request.response)?.content;
    let accepted = response
        .all_items()
        .filter(|item| item.result() == Some(ResponseItemResult::Accepted));
    let receipt = if request.is_own {
        None
    } else {
        store::receipts::number_of(transaction, &request.id)?
    };
    Ok(TimelineEvent::RequestAnswered {
        is_own: request.is_own,
        result: response.result,
        accepted: count(accepted),
        items: count(request.content.all_items()),
        receipt,
        title: request.content.title,
        id: request.id,
    })
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn data(attribute: LocalAttribute, change: DataChange) -> TimelineEvent {
    let value_type = attribute.content.value_type().to_owned();
    let key = match attribute.content {
        Attribute::Relationship(one) => Some(one.key),
        Attribute::Identity(_) => None,
    };
    TimelineEvent::Data {
        attribute_id: attribute.id,
        value_type,
        key,
        change,
    }
}

fn of_share(share: Share, is_mine: bool) -> DataChange {
    // What belongs to the Relationship was given by its owner.
    let is_given = match share.direction {
        ShareDirection::Forwarded => true,
        ShareDirection::Received => false,
        ShareDirection::Relationship => is_mine,
    };
    match (is_given, share.is_new_version) {
        (true, false) => DataChange::Given,
        (true, true) => DataChange::NewVersionGiven,
        (false, false) => DataChange::Received,
        (false, true) => DataChange::NewVersionReceived,
    }
}

fn of_deletion(status: DeletionStatus) -> DataChange {
    match status {
        DeletionStatus::DeletionRequestSent => DataChange::DeletionAsked,
        DeletionStatus::DeletionRequestRejected => DataChange::DeletionRefused,
        DeletionStatus::ToBeDeletedByRecipient => DataChange::DeletionPromised,
        DeletionStatus::DeletedByRecipient => DataChange::DeletedByPeer,
        DeletionStatus::ToBeDeleted => DataChange::DeletionPromisedByMe,
        DeletionStatus::DeletedByEmitter => DataChange::DeletedByOwner,
    }
}

fn is_decision(event: HistoryEvent) -> bool {
    matches!(
        event,
        HistoryEvent::RequestAccepted | HistoryEvent::RequestRejected
    )
}
