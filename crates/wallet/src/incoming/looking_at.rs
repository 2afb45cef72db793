//! Looking at a received Request with everything that decides what can be answered, within one
//! transaction.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tessera_content::Decision;
use tessera_core_types::{Address, AttributeId, CoreDate, RequestId};

use super::last_look::Fetched;
use crate::{
    Result, Wallet, WalletError,
    expiry::is_due,
    file_transfer::Freshness,
    model::{AttributeKind, LocalAttribute, LocalRequest},
    requests::{self, FileFact, FileOffer, Holdings, Lookup, Situation},
    store::{self, Transaction},
};

/// With so many Attributes at hand no more are fetched for conditions.
const MAX_HOLDINGS: usize = 5_000;

/// Requests of so many items are checked where the call is made, if nothing has to be read for it:
/// that takes less than to ask another thread.
const CHECKED_AT_ONCE: usize = 100;

/// What is known about the Files that a Request hands over.
pub(crate) type Files = BTreeMap<FileOffer, FileFact>;

/// What a Request is looked at for.
#[derive(Debug, Clone)]
pub(super) struct Looking {
    /// What is tried or made; `None` to show all that could be chosen.
    decision: Option<Decision>,
    /// How well the Files have to be known that it hands over.
    freshness: Freshness,
    /// What is known about them; `None` if that has to be found out.
    files: Option<Files>,
    /// What becomes of the Decision.
    purpose: Purpose,
}

/// What becomes of a Decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// It is looked at.
    Trying,
    /// It is kept, and carried out later.
    Keeping,
    /// It is carried out.
    Making,
}

impl Looking {
    /// To show it.
    pub fn to_show(freshness: Freshness) -> Self {
        Self {
            decision: None,
            freshness,
            files: None,
            purpose: Purpose::Trying,
        }
    }

    /// To find out what a Decision would lead to.
    pub fn to_try(decision: &Decision) -> Self {
        Self {
            decision: Some(decision.clone()),
            ..Self::to_show(Freshness::AsShown)
        }
    }

    /// To keep a Decision that is carried out later.
    pub fn to_keep(decision: &Decision) -> Self {
        Self {
            purpose: Purpose::Keeping,
            ..Self::to_try(decision)
        }
    }

    /// To make a Decision.
    pub fn to_decide(decision: &Decision) -> Self {
        Self {
            purpose: Purpose::Making,
            ..Self::to_try(decision)
        }
    }

    /// With this knowledge of the Files that it hands over.
    pub fn with_files(self, files: Files) -> Self {
        Self {
            files: Some(files),
            ..self
        }
    }
}

/// What came of a look: usually what was looked for, else `look` is given back for another try.
enum Looked<T, L> {
    Done(T),
    /// First what is due has to expire.
    ExpireFirst(L),
    /// First the Files have to be looked at that this Request hands over.
    FilesFirst(L, Arc<LocalRequest>),
}

impl Wallet {
    /// Everything that decides whether a Request can be accepted like this, if all of it was kept of
    /// the last look and nothing was written since. Then there is nothing to wait for: a form is
    /// checked with every key that a person presses. `None` as well for a Request of many items, whose
    /// check is better made where it keeps nobody else waiting.
    pub(super) fn kept_situation(&self, id: &RequestId, decision: &Decision) -> Option<Situation> {
        let (inner, now) = (&self.inner, self.now());
        let state = inner.store.state()?;
        inner.last_look.with(state, id, |fetched| {
            let content = &fetched.request.content;
            let is_expiring = fetched.next_expiry.is_some_and(|at| at < now);
            let is_long = content.all_items().count() > CHECKED_AT_ONCE;
            if is_expiring || is_long || has_offers(&fetched.request) {
                return None;
            }
            let holdings = gather(&fetched.request, Some(decision), |lookup, found| {
                found.extend_from_slice(fetched.found(&lookup).ok_or(())?);
                Ok::<_, ()>(())
            });
            let holdings = holdings.ok()?;
            let established = fetched.established(&holdings)?;
            let me = inner.me.address.clone();
            Some(situation(fetched, me, now, holdings, established))
        })
    }

    /// Looks at a Request within one transaction, one that writes if a Decision is
    /// made or kept. What has to
    /// be done before is seldom to be done, and shows only there.
    ///
    /// # Errors
    ///
    /// [`crate::WalletError::NotFound`], those of finding out about Files, and those of `look`.
    pub(super) async fn look_at<T, L>(
        &self,
        id: &RequestId,
        looking: Looking,
        mut look: L,
    ) -> Result<T>
    where
        T: Send + 'static,
        L: FnOnce(&Transaction<'_>, Situation) -> Result<T> + Send + 'static,
    {
        let now = self.now();
        let mut may_expire = true;
        let mut files = looking.files;
        loop {
            let (id, inner, known) = (id.clone(), Arc::clone(&self.inner), files.clone());
            let (decision, purpose) = (looking.decision.clone(), looking.purpose);
            let before = inner.store.state();
            let work = move |transaction: &Transaction<'_>| {
                if may_expire && is_due(transaction, now)? {
                    return Ok(Looked::ExpireFirst(look));
                }
                let state = match purpose {
                    Purpose::Trying => before.filter(|_| inner.store.state() == before),
                    Purpose::Keeping | Purpose::Making => Some(inner.store.state_to_write()),
                };
                let mut fetched = inner.last_look.take(transaction, state, &id)?;
                let files = match known {
                    Some(files) => files,
                    None if has_offers(&fetched.request) => {
                        return Ok(Looked::FilesFirst(look, fetched.request));
                    }
                    None => Files::new(),
                };
                let holdings = holdings(transaction, &mut fetched, decision.as_ref())?;
                let established = fetched.establish(transaction, &holdings)?;
                let me = inner.me.address.clone();
                let situation = Situation {
                    files,
                    ..situation(&fetched, me, now, holdings, established)
                };
                // A Decision that is made changes the state: then this only keeps it from being freed
                // while somebody waits.
                inner.last_look.keep(state, fetched);
                look(transaction, situation).map(Looked::Done)
            };
            let looked = match looking.purpose {
                Purpose::Trying => self.inner.store.read(work).await?,
                Purpose::Keeping | Purpose::Making => self.inner.store.write(work).await?,
            };
            match looked {
                Looked::Done(value) => return Ok(value),
                Looked::ExpireFirst(again) => {
                    self.expire_due().await?;
                    may_expire = false;
                    look = again;
                }
                Looked::FilesFirst(again, request) => {
                    files = Some(match &looking.decision {
                        Some(decision) if looking.purpose == Purpose::Making => {
                            self.take_over_files(&request, decision).await?
                        }
                        _ => self.offered_files(&request, looking.freshness).await?,
                    });
                    look = again;
                }
            }
        }
    }
}

/// What is known about a Request, but for the Files that it hands over.
fn situation(
    fetched: &Fetched,
    me: Address,
    now: CoreDate,
    holdings: Holdings,
    established: BTreeSet<Address>,
) -> Situation {
    Situation {
        me,
        now,
        today: now.to_utc().with_timezone(&chrono::Local).date_naive(),
        request: LocalRequest::clone(&fetched.request),
        relationship: fetched.relationship,
        peer_deletion: fetched.peer_deletion,
        established,
        holdings,
        files: Files::new(),
        tags: fetched.tags.clone(),
        sets_defaults: true,
    }
}

/// Whether Files have to be looked at before a Request is.
fn has_offers(request: &LocalRequest) -> bool {
    request.is_decidable() && !requests::file_offers(&request.content).is_empty()
}

/// The Attributes that decide what can be answered.
fn holdings(
    transaction: &Transaction<'_>,
    fetched: &mut Fetched,
    decision: Option<&Decision>,
) -> Result<Holdings> {
    let request = Arc::clone(&fetched.request);
    let mut holdings = gather(&request, decision, |lookup, found| {
        found.extend_from_slice(fetched.find(transaction, lookup)?);
        Ok::<_, WalletError>(())
    })?;
    if decision.is_none() {
        let own: Vec<AttributeId> = holdings
            .iter()
            .filter(|attribute| attribute.kind == AttributeKind::OwnIdentityAttribute)
            .map(|attribute| attribute.id.clone())
            .collect();
        for id in own {
            let holders = store::share_info::count_holders(transaction, &id)?;
            holdings.set_holders(id, holders);
        }
    }
    Ok(holdings)
}

/// The Attributes that decide what can be answered, as `find` adds them for each lookup.
fn gather<E>(
    request: &LocalRequest,
    decision: Option<&Decision>,
    mut find: impl FnMut(Lookup, &mut Vec<Arc<LocalAttribute>>) -> Result<(), E>,
) -> Result<Holdings, E> {
    let mut found = Vec::new();
    for lookup in requests::needed(&request.content, &request.peer, decision) {
        // A Request may have many conditions; what they may find altogether is bounded as well.
        if !lookup.is_of_condition() || found.len() < MAX_HOLDINGS {
            find(lookup, &mut found)?;
        }
    }
    Ok(found.into_iter().collect())
}
