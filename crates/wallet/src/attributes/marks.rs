//! Marks of deletion on what was given and what was received, throughout a chain of versions.

use tessera_core_types::{Address, AttributeId};

use crate::{
    model::{
        AttributeKind, DeletionInfo, DeletionStatus, LocalAttribute, LocalAttributeShareInfo,
        ShareDirection,
    },
    requests::{Change, Holdings},
};

/// What a new mark does to one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Earlier {
    /// What is deleted, or promised to be, stays marked so.
    Stays,
    /// The new mark counts: whoever says that it deleted something knows.
    IsReplaced,
}

/// Marks a version and all before it as given to `peer`. Versions that the peer never had are
/// left out. (Upstream stops at the first of them, half done.)
pub(crate) fn mark_given(
    holdings: &Holdings,
    id: &AttributeId,
    peer: &Address,
    info: DeletionInfo,
    earlier: Earlier,
) -> Vec<Change> {
    with_older(holdings, id)
        .filter_map(|version| given_to(version, peer))
        .filter_map(|share| marked(share, info, earlier))
        .collect()
}

/// Marks a version that came from a peer, or belongs to a Relationship, and all before it.
pub(crate) fn mark_origin(
    holdings: &Holdings,
    id: &AttributeId,
    info: DeletionInfo,
    earlier: Earlier,
) -> Vec<Change> {
    with_older(holdings, id)
        .filter_map(LocalAttribute::origin)
        .filter_map(|share| marked(share, info, earlier))
        .collect()
}

/// The record of a peer's having a version: of the Relationship itself for an own
/// RelationshipAttribute, else of forwarding it. One that the peer has deleted counts if there is
/// no other.
pub(crate) fn given_to<'a>(
    attribute: &'a LocalAttribute,
    peer: &Address,
) -> Option<&'a LocalAttributeShareInfo> {
    let own = attribute.origin().filter(|origin| {
        attribute.kind == AttributeKind::OwnRelationshipAttribute && origin.peer == *peer
    });
    own.or_else(|| attribute.living_forward_to(peer))
        .or_else(|| {
            attribute
                .share_info
                .iter()
                .rev()
                .find(|share| share.direction == ShareDirection::Forwarded && share.peer == *peer)
        })
}

fn with_older<'a>(
    holdings: &'a Holdings,
    id: &AttributeId,
) -> impl Iterator<Item = &'a LocalAttribute> {
    holdings
        .get(id)
        .into_iter()
        .chain(holdings.older_versions(id))
}

fn marked(share: &LocalAttributeShareInfo, info: DeletionInfo, earlier: Earlier) -> Option<Change> {
    let is_final = share.deletion_info.is_some_and(|info| {
        !matches!(
            info.deletion_status,
            DeletionStatus::DeletionRequestSent | DeletionStatus::DeletionRequestRejected
        )
    });
    if is_final && earlier == Earlier::Stays {
        return None;
    }
    Some(Change::UpdateShareInfo(LocalAttributeShareInfo {
        deletion_info: Some(info),
        ..share.clone()
    }))
}
