//! Looking at a received Request with everything that decides what can be answered, within one
//! transaction.

use std::collections::BTreeMap;

use tessera_content::Decision;
use tessera_core_types::{Address, CoreDate, RequestId};

use super::{established, load_request, look_up};
use crate::{
    Result, Wallet,
    expiry::is_due,
    file_transfer::Freshness,
    model::LocalRequest,
    requests::{self, FileFact, FileOffer, Holdings, Situation},
    store::{self, Transaction},
    tags::stored_tags,
};

/// With so many Attributes at hand no more are fetched for conditions.
const MAX_HOLDINGS: usize = 5_000;

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
    FilesFirst(L, Box<LocalRequest>),
}

impl Wallet {
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
            let (id, me, known) = (id.clone(), self.inner.me.address.clone(), files.clone());
            let decision = looking.decision.clone();
            let work = move |transaction: &Transaction<'_>| {
                if may_expire && is_due(transaction, now)? {
                    return Ok(Looked::ExpireFirst(look));
                }
                let request = load_request(transaction, &id)?;
                let files = match known {
                    Some(files) => files,
                    None if has_offers(&request) => {
                        return Ok(Looked::FilesFirst(look, Box::new(request)));
                    }
                    None => Files::new(),
                };
                let situation = situation(transaction, me, now, request, decision, files)?;
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

/// Whether Files have to be looked at before a Request is.
fn has_offers(request: &LocalRequest) -> bool {
    request.is_decidable() && !requests::file_offers(&request.content).is_empty()
}

/// Everything that decides what can be answered.
fn situation(
    transaction: &Transaction<'_>,
    me: Address,
    now: CoreDate,
    request: LocalRequest,
    decision: Option<Decision>,
    files: Files,
) -> Result<Situation> {
    let relationship = store::relationships::newest_with(transaction, &request.peer)?;
    let mut holdings = Vec::new();
    for lookup in requests::needed(&request.content, &request.peer, decision.as_ref()) {
        // A Request may have many conditions; what they may find altogether is bounded as well.
        if !lookup.is_of_condition() || holdings.len() < MAX_HOLDINGS {
            holdings.extend(look_up(transaction, &lookup)?);
        }
    }
    Ok(Situation {
        me,
        now,
        today: now.to_utc().with_timezone(&chrono::Local).date_naive(),
        relationship: relationship
            .as_ref()
            .map(|relationship| relationship.status),
        peer_deletion: relationship
            .and_then(|relationship| relationship.peer_deletion_info)
            .map(|info| info.deletion_status),
        request,
        established: established(transaction)?,
        holdings: holdings.into_iter().collect::<Holdings>(),
        files,
        tags: stored_tags(transaction)?,
        sets_defaults: true,
    })
}
