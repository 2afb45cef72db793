//! How an own Request lives: what sending it changes, and until when an answer counts.

use tessera_content::{Request, RequestItem};
use tessera_core_types::{Address, AttributeId, CoreDate};

use crate::{
    attributes::{Earlier, mark_given, mark_origin},
    model::{
        AttributeKind, DeletionInfo, DeletionStatus, LocalAttribute, LocalRequest,
        LocalRequestStatus,
    },
    requests::{Change, Holdings},
};

/// What sending a Request changes: what the peer is asked to delete, with all older versions, is
/// marked so.
#[must_use]
pub fn sent(request: &Request, peer: &Address, holdings: &Holdings, now: CoreDate) -> Vec<Change> {
    let info = DeletionInfo {
        deletion_status: DeletionStatus::DeletionRequestSent,
        deletion_date: now,
    };
    let mut holdings = holdings.clone();
    let mut changes = Vec::new();
    for item in request.all_items() {
        if let RequestItem::DeleteAttribute(item) = item {
            let marks = mark(&holdings, &item.attribute_id, peer, info);
            for change in &marks {
                holdings.apply(change);
            }
            changes.extend(marks);
        }
    }
    changes
}

/// Marks what a peer was asked to delete, with all older versions. What it has deleted, or has
/// promised to, stays marked so. One that is not here means nothing.
pub(crate) fn mark(
    holdings: &Holdings,
    id: &AttributeId,
    peer: &Address,
    info: DeletionInfo,
) -> Vec<Change> {
    let Some(attribute) = holdings.known_to(peer, id).or_else(|| holdings.get(id)) else {
        return Vec::new();
    };
    if belongs_to(attribute, peer) {
        mark_origin(holdings, &attribute.id, info, Earlier::Stays)
    } else {
        mark_given(holdings, &attribute.id, peer, info, Earlier::Stays)
    }
}

/// Whether it is an own RelationshipAttribute of the Relationship to this peer.
fn belongs_to(attribute: &LocalAttribute, peer: &Address) -> bool {
    attribute.kind == AttributeKind::OwnRelationshipAttribute
        && attribute
            .origin()
            .is_some_and(|origin| origin.peer == *peer)
}

/// Whether an answer of `sender`, given at `answered_at`, completes this Request: it was asked of
/// the sender, is not answered yet, and its time was not over then. One that has expired since can
/// still be completed.
#[must_use]
pub fn can_be_completed(request: &LocalRequest, sender: &Address, answered_at: CoreDate) -> bool {
    let in_time = request
        .content
        .expires_at
        .is_none_or(|end| answered_at <= end);
    let is_waiting = match request.status {
        LocalRequestStatus::Open => true,
        LocalRequestStatus::Expired => in_time,
        _ => false,
    };
    request.is_own && request.peer == *sender && is_waiting
}
