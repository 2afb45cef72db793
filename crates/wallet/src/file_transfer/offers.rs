//! Files that a Request hands over: what is known of them, and taking them over.
//!
//! Taking a File over happens at the Backbone before the answer is stored, because it can fail. If
//! the program ends in between, the File is this identity's and the Request is still open: so it is
//! written down first which File is about to be taken over for which Request, and the next try goes
//! on from there.

use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use serde_json::json;
use tessera_content::{Reference, ReferenceId, ReferenceKind};
use tessera_core_types::{CoreDate, FileId, RequestId};

use super::FileMetadata;
use crate::{
    Result, Wallet, WalletError,
    attributes::AttributeError,
    keys::SecretText,
    model::LocalRequest,
    requests::{FileClaim, FileFact, FileOffer, LoadedFile, file_offers, own_reference},
    store::{self, StoreError, Transaction, files::KnownFile},
};

/// The Files that are being taken over.
const CLAIMING: &str = "files.claiming";

/// A File that is being taken over for a Request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claiming {
    file_id: FileId,
    request_id: RequestId,
}

/// How well a File has to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// As it was when the form was drawn: for checking what is entered.
    AsShown,
    /// As it is now: for drawing the form.
    Now,
    /// As it is now, and whether the token is right. That is only asked when the person decides: a
    /// wrong one locks the File.
    Deciding,
}

impl Wallet {
    /// What is known of the Files that a Request hands over.
    ///
    /// # Errors
    ///
    /// When the database fails. A File that can't be loaded is a fact like another.
    pub(crate) async fn offered_files(
        &self,
        request: &LocalRequest,
        freshness: Freshness,
    ) -> Result<BTreeMap<FileOffer, FileFact>> {
        let claiming = self.inner.store.read(claiming).await?;
        let mut facts = BTreeMap::new();
        for offer in file_offers(&request.content) {
            if freshness == Freshness::AsShown
                && let Some(fact) = self.shown_offers().get(&offer)
            {
                facts.insert(offer, fact.clone());
                continue;
            }
            let is_deciding = freshness == Freshness::Deciding;
            let loaded = self.load_offer(&offer, is_deciding).await;
            let fact = match loaded {
                Ok((file_id, mut file)) => {
                    let is_begun = claiming
                        .iter()
                        .any(|one| one.file_id == file_id && one.request_id == request.id);
                    if is_begun && file.owner == self.inner.me.address {
                        file.owner = request.peer.clone();
                        file.is_token_valid = true;
                    }
                    FileFact::Loaded(Box::new(file))
                }
                Err(error) => FileFact::NotLoaded {
                    code: error.code().into_owned().into(),
                },
            };
            self.shown_offers().insert(offer.clone(), fact.clone());
            facts.insert(offer, fact);
        }
        Ok(facts)
    }

    fn shown_offers(&self) -> MutexGuard<'_, BTreeMap<FileOffer, FileFact>> {
        let offers = self.inner.shown_offers.lock();
        offers.unwrap_or_else(PoisonError::into_inner)
    }

    async fn load_offer(
        &self,
        offer: &FileOffer,
        is_deciding: bool,
    ) -> Result<(FileId, LoadedFile)> {
        let reference = Reference::parse_as(ReferenceKind::File, &offer.file_reference)
            .map_err(|_| WalletError::WrongKind("thing that can't be read"))?;
        let id = self.file_id(&reference)?.clone();
        let (record, metadata) = self.describe_file(&id, &reference).await?;
        let is_own = record.owner == self.inner.me.address;
        let is_token_valid = match &offer.ownership_token {
            Some(token) if is_deciding && !is_own => {
                let token = SecretText::from(token.as_str());
                let client = self.client();
                client.validate_ownership_token(&id, &token).await?.is_valid
            }
            Some(_) => true,
            None => false,
        };
        let FileMetadata {
            filename,
            filesize,
            mimetype,
            title,
            description,
            tags,
            ..
        } = metadata;
        let tags = tags.map(|tags| {
            let texts = tags.iter().filter_map(|tag| tag.as_str());
            texts.map(str::to_owned).collect()
        });
        let file = LoadedFile {
            owner: record.owner,
            backbone: self.backbone_url()?,
            is_token_valid,
            title,
            description,
            filename,
            filesize,
            mimetype,
            expires_at: record.expires_at,
            tags,
        };
        Ok((id, file))
    }

    /// Takes over the Files of a Decision. What is this identity's already is left as it is.
    ///
    /// # Errors
    ///
    /// [`WalletError::FileNotClaimed`] when the Backbone refuses, and when it can't be reached. A
    /// later try goes on from there.
    pub(crate) async fn claim_files(&self, id: &RequestId, claims: Vec<FileClaim>) -> Result<()> {
        for claim in claims {
            let begun = Claiming {
                file_id: claim.file_id.clone(),
                request_id: id.clone(),
            };
            self.inner
                .store
                .write(move |transaction| {
                    let mut all = claiming(transaction)?;
                    if !all.contains(&begun) {
                        all.push(begun);
                    }
                    store::settings::set(transaction, CLAIMING, &all)
                })
                .await?;
            let token = SecretText::from(claim.ownership_token.as_str());
            let client = self.client();
            let claimed = client.claim_file_ownership(&claim.file_id, &token).await;
            if let Err(error) = claimed {
                // It may be this identity's for all that: an earlier try, or a lost answer.
                let record = client.file_metadata(&claim.file_id).await;
                match record {
                    Ok(record) if record.owner == self.inner.me.address => {}
                    Ok(_) if !error.is_outcome_unknown() => {
                        return Err(WalletError::FileNotClaimed);
                    }
                    _ => return Err(error.into()),
                }
            }
        }
        Ok(())
    }
}

impl Wallet {
    /// Settles what became of Files whose taking over was begun for a Request that was then not
    /// accepted: rejected, or expired. One that is this identity's by now can't be given back, so it
    /// is kept among its Attributes, where the person sees it; nobody is told. Nothing is asked when
    /// there is none.
    ///
    /// # Errors
    ///
    /// When the Backbone can't be reached, or the database fails; a later try goes on from there.
    pub(crate) async fn settle_files(&self) -> Result<()> {
        'files: for begun in self.inner.store.read(claiming).await? {
            let request = match self.request(&begun.request_id).await {
                Ok(request) if request.is_decidable() => continue,
                Ok(request) => Some(request),
                Err(WalletError::NotFound(_)) => None,
                Err(error) => return Err(error),
            };
            let offers = request.iter().flat_map(|one| file_offers(&one.content));
            for offer in offers {
                let reference = Reference::parse_as(ReferenceKind::File, &offer.file_reference);
                let is_meant = reference
                    .as_ref()
                    .is_ok_and(|one| one.id == ReferenceId::File(begun.file_id.clone()));
                if !is_meant {
                    continue;
                }
                match self.load_offer(&offer, false).await {
                    Ok((_, file)) if file.owner == self.inner.me.address => {
                        self.keep_file(&offer, &file).await?;
                    }
                    Ok(_) | Err(WalletError::Gone) => {}
                    Err(error) if error.is_offline() => return Err(error),
                    // Nothing that synchronising can mend: nothing else waits for it.
                    Err(_) => continue 'files,
                }
            }
            self.inner
                .store
                .write(move |transaction| {
                    let mut all = claiming(transaction)?;
                    all.retain(|one| *one != begun);
                    store::settings::set(transaction, CLAIMING, &all)
                })
                .await?;
        }
        Ok(())
    }

    async fn keep_file(&self, offer: &FileOffer, file: &LoadedFile) -> Result<()> {
        let Some(reference) = own_reference(&offer.file_reference, file) else {
            return Ok(());
        };
        let value = json!({ "@type": "IdentityFileReference", "value": *reference.truncated() });
        let (listed, now) = (taken_over(reference, file), self.now());
        self.inner
            .store
            .write(move |transaction| list(transaction, listed, now))
            .await?;
        let kept = self.add_attribute(value.clone(), file.tags.clone()).await;
        match kept {
            // Its owner gave it tags that are not valid; the File counts.
            Err(WalletError::Attribute(AttributeError::Content(_))) => {
                self.add_attribute(value, None).await.map(|_| ())
            }
            Err(WalletError::Attribute(AttributeError::Duplicate { .. })) => Ok(()),
            kept => kept.map(|_| ()),
        }
    }
}

/// Puts the Files that a Decision takes over into the list of Files, where they are found.
///
/// # Errors
///
/// When the database fails.
pub(crate) fn list_taken_over(
    transaction: &Transaction<'_>,
    files: &BTreeMap<FileOffer, FileFact>,
    claims: &[FileClaim],
    now: CoreDate,
) -> Result<(), StoreError> {
    for (offer, fact) in files {
        let FileFact::Loaded(file) = fact else {
            continue;
        };
        let Some(reference) = own_reference(&offer.file_reference, file) else {
            continue;
        };
        let is_claimed =
            |claim: &FileClaim| reference.id == ReferenceId::File(claim.file_id.clone());
        if claims.iter().any(is_claimed) {
            list(transaction, taken_over(reference, file), now)?;
        }
    }
    Ok(())
}

/// A File that is this identity's now. The Backbone made a new token for it, which is nobody's yet.
fn taken_over(reference: Reference, file: &LoadedFile) -> KnownFile {
    KnownFile {
        reference,
        facts: file.shown(),
        ownership_token: None,
    }
}

fn list(transaction: &Transaction<'_>, file: KnownFile, now: CoreDate) -> Result<(), StoreError> {
    match &file.reference.id {
        ReferenceId::File(id) => store::files::put(transaction, id, &file, now),
        _ => Ok(()),
    }
}

/// The answer is stored: nothing is left to take over for a Request.
pub(crate) fn claimed(transaction: &Transaction<'_>, id: &RequestId) -> Result<(), StoreError> {
    let mut all = claiming(transaction)?;
    let before = all.len();
    all.retain(|one| one.request_id != *id);
    if all.len() == before {
        return Ok(());
    }
    store::settings::set(transaction, CLAIMING, &all)
}

fn claiming(transaction: &Transaction<'_>) -> Result<Vec<Claiming>, StoreError> {
    Ok(store::settings::get(transaction, CLAIMING)?.unwrap_or_default())
}
