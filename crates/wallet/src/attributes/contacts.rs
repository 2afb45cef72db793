//! Who can be told something.

use std::collections::BTreeMap;

use tessera_core_types::Address;

use crate::model::{PeerDeletionStatus, Relationship, RelationshipStatus};

/// How it stands with a peer: its newest Relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// The status of the newest Relationship.
    pub status: RelationshipStatus,
    /// That the peer's identity is deleted or will be.
    pub peer_deletion: Option<PeerDeletionStatus>,
}

/// How it stands with peers. One without a Relationship is not among them.
pub type Contacts = BTreeMap<Address, Contact>;

impl Contact {
    /// Whether a Notification can be sent: over an Active Relationship, or over a Terminated one,
    /// where it waits for the reactivation. Somebody who is deleted hears nothing.
    #[must_use]
    pub fn can_be_told(self) -> bool {
        self.is_alive()
            && matches!(
                self.status,
                RelationshipStatus::Active | RelationshipStatus::Terminated
            )
    }

    /// Whether telling has to wait for a decision about the Relationship.
    #[must_use]
    pub fn is_pending(self) -> bool {
        self.is_alive() && self.status == RelationshipStatus::Pending
    }

    fn is_alive(self) -> bool {
        self.peer_deletion != Some(PeerDeletionStatus::Deleted)
    }
}

impl From<&Relationship> for Contact {
    fn from(relationship: &Relationship) -> Self {
        Self {
            status: relationship.status,
            peer_deletion: relationship
                .peer_deletion_info
                .map(|info| info.deletion_status),
        }
    }
}
