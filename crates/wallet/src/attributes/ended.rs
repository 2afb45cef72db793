//! What the end of a Relationship means for what was shared along it. Nobody is told: both sides
//! know.

use tessera_core_types::{Address, CoreDate};

use super::AttributeError;
use crate::{
    Result,
    model::RelationshipStatus,
    store::{self, Transaction},
};

/// How a Relationship ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationshipEnd {
    /// It was rejected or revoked: it never came about.
    NeverWas,
    /// This side has decomposed it.
    Decomposed,
    /// The peer has decomposed it, at this time.
    DecomposedByPeer(CoreDate),
}

impl RelationshipEnd {
    fn fits(self, status: RelationshipStatus) -> Result<(), AttributeError> {
        match self {
            Self::NeverWas
                if !matches!(
                    status,
                    RelationshipStatus::Rejected | RelationshipStatus::Revoked
                ) =>
            {
                Err(AttributeError::NeitherRejectedNorRevoked)
            }
            Self::DecomposedByPeer(_) if status != RelationshipStatus::DeletionProposed => {
                Err(AttributeError::NotDeletionProposed)
            }
            _ => Ok(()),
        }
    }
}

/// Takes over that the newest Relationship with `peer`, which has this status now, has ended. What
/// was shared along one that never was, or that this side has decomposed, is deleted on this side,
/// own IdentityAttributes apart. What the peer has decomposed is marked as deleted by it; what was
/// promised or deleted before stays marked so.
///
/// # Errors
///
/// [`AttributeError::NeitherRejectedNorRevoked`], [`AttributeError::NotDeletionProposed`] when it
/// has not ended like this; when the database fails.
pub fn relationship_ended(
    transaction: &Transaction<'_>,
    peer: &Address,
    status: RelationshipStatus,
    end: RelationshipEnd,
) -> Result<()> {
    end.fits(status)?;
    match end {
        RelationshipEnd::NeverWas | RelationshipEnd::Decomposed => {
            store::ended::forget_shared_with(transaction, peer)?;
        }
        RelationshipEnd::DecomposedByPeer(at) => {
            store::ended::mark_deleted_by(transaction, peer, at)?;
        }
    }
    Ok(())
}
