//! What was fetched for the Request that was looked at last. Its form is checked with every change
//! that a person makes to it, and then the Decision is made: as long as nothing was written in
//! between, all of them see the same.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use tessera_content::TagCollection;
use tessera_core_types::{Address, CoreDate, RequestId};

use super::{load_request, look_up};
use crate::{
    Result,
    model::{LocalAttribute, LocalRequest, PeerDeletionStatus, RelationshipStatus},
    requests::{Holdings, Lookup},
    store::{self, State, Transaction, attributes::Shares},
    tags::stored_tags,
};

/// What is kept of a look, for the next one.
#[derive(Default)]
pub(crate) struct LastLook(Mutex<Option<(State, Fetched)>>);

impl LastLook {
    /// What is known about a Request in this state of the database: what was kept of the last look,
    /// else what every look needs. `state` is `None` when it is not sure.
    pub(super) fn take(
        &self,
        transaction: &Transaction<'_>,
        state: Option<State>,
        id: &RequestId,
    ) -> Result<Fetched> {
        let kept = self.lock().take();
        match kept.zip(state) {
            Some(((of, fetched), state)) if of == state && fetched.request.id == *id => Ok(fetched),
            _ => Fetched::new(transaction, id),
        }
    }

    /// What `work` makes of what was kept of the last look at a Request in this state; `None` when
    /// nothing was kept of that.
    pub(super) fn with<T>(
        &self,
        state: State,
        id: &RequestId,
        work: impl FnOnce(&Fetched) -> Option<T>,
    ) -> Option<T> {
        let kept = self.lock();
        let (of, fetched) = kept.as_ref()?;
        (*of == state && fetched.request.id == *id)
            .then(|| work(fetched))
            .flatten()
    }

    /// Keeps what is known in this state.
    pub(super) fn keep(&self, state: Option<State>, fetched: Fetched) {
        *self.lock() = state.map(|state| (state, fetched));
    }

    /// Keeps nothing.
    pub(crate) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(State, Fetched)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was fetched for one Request.
pub(super) struct Fetched {
    pub request: Arc<LocalRequest>,
    /// Of the newest Relationship to the peer.
    pub relationship: Option<RelationshipStatus>,
    pub peer_deletion: Option<PeerDeletionStatus>,
    pub tags: Option<Arc<TagCollection>>,
    /// With whom there is a Relationship whose Attributes may be shown to others, and with whom not:
    /// as far as it was found out.
    established: BTreeMap<Address, bool>,
    /// When the first Request expires.
    pub next_expiry: Option<CoreDate>,
    found: HashMap<Lookup, Vec<Arc<LocalAttribute>>>,
}

impl Fetched {
    fn new(transaction: &Transaction<'_>, id: &RequestId) -> Result<Self> {
        let request = load_request(transaction, id)?;
        let relationship = store::relationships::newest_with(transaction, &request.peer)?;
        Ok(Self {
            request: Arc::new(request),
            relationship: relationship
                .as_ref()
                .map(|relationship| relationship.status),
            peer_deletion: relationship
                .and_then(|relationship| relationship.peer_deletion_info)
                .map(|info| info.deletion_status),
            tags: stored_tags(transaction)?.map(Arc::new),
            established: BTreeMap::new(),
            next_expiry: store::requests::next_expiry(transaction)?,
            found: HashMap::new(),
        })
    }

    /// What a lookup found; `None` if it was not made.
    pub fn found(&self, lookup: &Lookup) -> Option<&[Arc<LocalAttribute>]> {
        self.found.get(lookup).map(Vec::as_slice)
    }

    /// With whom of those to whose Relationships these Attributes belong there is one whose Attributes
    /// may be shown to others.
    pub fn establish(
        &mut self,
        transaction: &Transaction<'_>,
        holdings: &Holdings,
    ) -> Result<BTreeSet<Address>> {
        for peer in holdings.relationship_peers() {
            if !self.established.contains_key(peer) {
                let is = store::relationships::is_established_with(transaction, peer)?;
                self.established.insert(peer.clone(), is);
            }
        }
        Ok(self.established(holdings).unwrap_or_default())
    }

    /// The same from what was found out; `None` if that is not all.
    pub fn established(&self, holdings: &Holdings) -> Option<BTreeSet<Address>> {
        let mut established = BTreeSet::new();
        for peer in holdings.relationship_peers() {
            if *self.established.get(peer)? {
                established.insert(peer.clone());
            }
        }
        Some(established)
    }

    /// What a lookup finds, fetched once. Own IdentityAttributes come with the records of sharing
    /// them with the peer.
    pub fn find(
        &mut self,
        transaction: &Transaction<'_>,
        lookup: Lookup,
    ) -> Result<&[Arc<LocalAttribute>]> {
        if !self.found.contains_key(&lookup) {
            let shares = Shares::With(&self.request.peer);
            let found = look_up(transaction, &lookup, shares)?;
            let found = found.into_iter().map(Arc::new).collect();
            self.found.insert(lookup.clone(), found);
        }
        Ok(self.found.get(&lookup).map_or(&[], Vec::as_slice))
    }
}
