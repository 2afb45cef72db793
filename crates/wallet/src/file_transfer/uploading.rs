//! Giving Files to the Backbone.
//!
//! The Backbone makes a new File whenever it is asked. When its answer to an upload gets lost, it may
//! have one that nobody here knows of: so the next try of the same upload looks for it first, by the
//! hash of its cipher, which no other File has.

use std::sync::PoisonError;

use tessera_backbone_api::client::{ClientError, NewFile};
use tessera_content::{Reference, ReferenceId};
use tessera_core_types::{CoreDate, FileId};
use tessera_crypto::{hash, objects::SecretKey};

use super::{FileDescription, UploadProgress, UploadedFile};
use crate::{
    Result, Wallet, WalletError,
    envelopes::{self, file::MAX_FILE_BYTES},
    keys::SecretText,
    store::{self, files::KnownFile},
    templates::shared_randomness,
    views::FileFacts,
    wallet::device_keys,
};

/// How enmeshed writes that something never expires.
const NEVER: &str = "9999-12-31T00:00:00.000Z";
/// How many uploads are remembered of which nobody knows whether they arrived.
const MOST_UNSETTLED: usize = 16;

/// An upload of which nobody knows yet whether it arrived.
pub(crate) struct Unsettled {
    what: What,
    cipher_hash: Vec<u8>,
    metadata_key: SecretKey,
}

/// What tells one upload from another.
#[derive(Clone, PartialEq, Eq)]
struct What {
    content_hash: Vec<u8>,
    description: FileDescription,
    expires_at: CoreDate,
}

/// A File at the Backbone, and what opens it.
struct Given {
    id: FileId,
    ownership_token: SecretText,
    expires_at: CoreDate,
    metadata_key: SecretKey,
}

impl Wallet {
    /// Encrypts a File and gives it to the Backbone. It is remembered, so that it can be attached to
    /// Messages by its id.
    ///
    /// When it fails and nobody knows whether the File arrived, the same call again finds it there
    /// if it did: no second one is made, as long as the wallet stays open.
    ///
    /// * `content`: at most 7 MiB, so that its cipher fits into what a Backbone accepts.
    /// * `expires_at`: when the Backbone deletes it; `None` for never.
    ///
    /// # Errors
    ///
    /// [`WalletError::FileTooLarge`], and when the Backbone can't be reached or refuses.
    pub async fn upload_file(
        &self,
        content: &[u8],
        description: &FileDescription,
        expires_at: Option<CoreDate>,
    ) -> Result<UploadedFile> {
        let nobody = UploadProgress::new(|_, _| {});
        self.upload_file_telling(content, description, expires_at, nobody)
            .await
    }

    /// The same, and tells how many bytes of the cipher are on their way, and of how many.
    ///
    /// # Errors
    ///
    /// As [`Wallet::upload_file`].
    pub async fn upload_file_telling(
        &self,
        content: &[u8],
        description: &FileDescription,
        expires_at: Option<CoreDate>,
        progress: UploadProgress,
    ) -> Result<UploadedFile> {
        if content.len() > MAX_FILE_BYTES {
            return Err(WalletError::FileTooLarge);
        }
        let expires_at = match expires_at {
            Some(date) => date,
            None => CoreDate::parse(NEVER).map_err(|_| store::StoreError::Internal)?,
        };
        let what = What {
            content_hash: hash::sha512(content).to_vec(),
            description: description.clone(),
            expires_at,
        };
        let given = match self.arrived(&what).await? {
            Some(given) => given,
            None => self.give(content, what, progress).await?,
        };
        let reference = Reference {
            id: ReferenceId::File(given.id.clone()),
            backbone_base_url: Some(self.backbone_url()?),
            key: given.metadata_key,
            for_identity_truncated: None,
            password_protection: None,
        };
        let result = UploadedFile {
            id: given.id.clone(),
            truncated_reference: SecretText::from(reference.truncated().as_str()),
            ownership_token: given.ownership_token,
            expires_at: given.expires_at,
        };
        let facts = FileFacts {
            title: description.title.clone(),
            description: description.description.clone(),
            filename: description.filename.clone(),
            filesize: u64::try_from(content.len()).unwrap_or(u64::MAX),
            mimetype: description.mimetype.clone(),
            expires_at: given.expires_at,
            tags: description.tags.clone(),
        };
        let known = KnownFile {
            reference,
            facts,
            ownership_token: Some(result.ownership_token.clone()),
        };
        let now = self.now();
        self.inner
            .store
            .write(move |transaction| store::files::put(transaction, &given.id, &known, now))
            .await?;
        Ok(result)
    }

    /// Encrypts and sends. Until it is known what came of it, it is unsettled: also when whoever
    /// waits for it stops waiting.
    async fn give(&self, content: &[u8], what: What, progress: UploadProgress) -> Result<Given> {
        let keys = self.inner.store.read(device_keys).await?;
        let randomness = shared_randomness(self);
        let private = keys.signature.private();
        let sealed = envelopes::file::seal(content, &what.description, private, &*randomness)?;
        let cipher_hash = sealed.cipher_hash.clone();
        let new = NewFile {
            cipher_hash: sealed.cipher_hash.into(),
            owner_signature: sealed.owner_signature.into(),
            expires_at: what.expires_at,
            encrypted_properties: sealed.encrypted_properties.into(),
        };
        self.unsettled(|all| {
            all.push(Unsettled {
                what,
                cipher_hash: cipher_hash.clone(),
                metadata_key: sealed.metadata_key.clone(),
            });
            let too_many = all.len().saturating_sub(MOST_UNSETTLED);
            all.drain(..too_many);
        });
        let client = self.client();
        let answer = client
            .upload_file_telling(&new, sealed.cipher, progress)
            .await;
        if !answer.as_ref().is_err_and(ClientError::is_outcome_unknown) {
            self.unsettled(|all| all.retain(|one| one.cipher_hash != cipher_hash));
        }
        let uploaded = answer?;
        Ok(Given {
            id: uploaded.id,
            ownership_token: uploaded.ownership_token,
            expires_at: uploaded.expires_at,
            metadata_key: sealed.metadata_key,
        })
    }

    /// The File of an upload that arrived although nobody heard of it. Its token was in the answer
    /// that got lost, so it gets a new one.
    async fn arrived(&self, what: &What) -> Result<Option<Given>> {
        let begun = self.unsettled(|all| {
            let same = all.iter().filter(|one| one.what == *what);
            same.map(|one| (one.cipher_hash.clone(), one.metadata_key.clone()))
                .collect::<Vec<_>>()
        });
        if begun.is_empty() {
            return Ok(None);
        }
        let client = self.client();
        let there = client.all_files().await?;
        for (cipher_hash, metadata_key) in begun {
            let found = there
                .iter()
                .find(|one| one.cipher_hash.as_slice() == cipher_hash);
            if let Some(file) = found {
                let token = client.regenerate_ownership_token(&file.id).await?;
                self.unsettled(|all| all.retain(|one| one.what != *what));
                return Ok(Some(Given {
                    id: file.id.clone(),
                    ownership_token: token.new_ownership_token,
                    expires_at: file.expires_at,
                    metadata_key,
                }));
            }
        }
        self.unsettled(|all| all.retain(|one| one.what != *what));
        Ok(None)
    }

    fn unsettled<T>(&self, work: impl FnOnce(&mut Vec<Unsettled>) -> T) -> T {
        let all = self.inner.unsettled_uploads.lock();
        work(&mut all.unwrap_or_else(PoisonError::into_inner))
    }
}
