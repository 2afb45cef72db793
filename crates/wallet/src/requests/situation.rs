//! What is known when a Request is decided.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::NaiveDate;
use tessera_content::{QueryParties, TagCollection};
use tessera_core_types::{Address, CoreDate};

use super::{FileFact, FileOffer, Holdings};
use crate::model::{LocalRequest, LocalRequestSource, PeerDeletionStatus, RelationshipStatus};

/// Everything that decides what can be answered to a received Request, and what that means.
/// The rules in this module are functions of this alone.
#[derive(Debug, Clone)]
pub struct Situation {
    /// This identity: the recipient of the Request.
    pub me: Address,
    /// Now.
    pub now: CoreDate,
    /// The day where the person is: birth dates may not lie after it.
    pub today: NaiveDate,
    /// The Request; its `peer` is who asks.
    pub request: LocalRequest,
    /// The status of the newest Relationship to the peer, whatever it is; `None` without one.
    pub relationship: Option<RelationshipStatus>,
    /// That the peer's identity is deleted or will be.
    pub peer_deletion: Option<PeerDeletionStatus>,
    /// Those with whom there is a Relationship that is Active, Terminated or DeletionProposed, as
    /// far as Attributes at hand belong to it: only such Attributes are shown to others.
    pub established: BTreeSet<Address>,
    /// The Attributes it touches: what [`super::needed`] asks for.
    pub holdings: Holdings,
    /// What was found out about the Files that it hands over: for each of
    /// [`super::file_offers`]. One that is missing here counts as not loaded yet.
    pub files: BTreeMap<FileOffer, FileFact>,
    /// The Backbone's tags; `None` if they were never loaded.
    pub tags: Option<Arc<TagCollection>>,
    /// Whether the first Attribute of a value type becomes its default (a person's wallet does
    /// that, a program without a person does not).
    pub sets_defaults: bool,
}

impl Situation {
    /// Who asks.
    #[must_use]
    pub fn peer(&self) -> &Address {
        &self.request.peer
    }

    /// Whether accepting starts a Relationship: a template's Request without an active one.
    #[must_use]
    pub fn creates_relationship(&self) -> bool {
        matches!(
            self.request.source,
            Some(LocalRequestSource::RelationshipTemplate { .. })
        ) && self.relationship != Some(RelationshipStatus::Active)
    }

    pub(super) fn parties(&self) -> QueryParties<'_> {
        QueryParties {
            me: &self.me,
            peer: &self.request.peer,
        }
    }
}
