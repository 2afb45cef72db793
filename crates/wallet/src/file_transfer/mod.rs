//! Files at the Backbone: giving them there, fetching them, and taking over those that a Request
//! hands over.

mod facts;
mod offers;
mod uploading;

pub use tessera_backbone_api::client::UploadProgress;
use tessera_backbone_api::limits;
use tessera_content::{Reference, ReferenceId};
use tessera_core_types::{CoreDate, FileId};
use zeroize::Zeroizing;

pub(crate) use offers::{Freshness, claimed, list_taken_over};
pub(crate) use uploading::Unsettled;

pub use crate::envelopes::file::{FileDescription, FileMetadata};
use crate::{
    Result, Wallet, WalletError, envelopes,
    keys::SecretText,
    store::{self, files::KnownFile},
    views::ListedFile,
};

/// What is told how many bytes of a File have come, and how many there are.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

/// A File that was given to the Backbone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// Its id.
    pub id: FileId,
    /// Where it is and what opens it.
    pub truncated_reference: SecretText,
    /// Who has it may take the File over.
    pub ownership_token: SecretText,
    /// When the Backbone deletes it.
    pub expires_at: CoreDate,
}

/// A File as it is shared: whoever has one of these can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLink {
    /// As a link, which a QR code holds.
    pub url: SecretText,
    /// The short form, which older apps read too.
    pub truncated_reference: SecretText,
}

impl Wallet {
    /// A File that was given to the Backbone here, as [`Wallet::upload_file`] gave it back.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`] for any other.
    pub async fn given_file(&self, id: &FileId) -> Result<UploadedFile> {
        let known = self.known_file(id).await?;
        Ok(UploadedFile {
            id: id.clone(),
            truncated_reference: SecretText::from(known.reference.truncated().as_str()),
            ownership_token: known.ownership_token.ok_or(WalletError::NotFound("File"))?,
            expires_at: known.facts.expires_at,
        })
    }

    /// Where a File is and what opens it: one that was given to the Backbone here, or that is passed
    /// on.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn file_reference(&self, id: &FileId) -> Result<SecretText> {
        let known = self.known_file(id).await?;
        Ok(SecretText::from(known.reference.truncated().as_str()))
    }

    /// Fetches a File and opens it: what its owner says about it, and its content.
    ///
    /// # Errors
    ///
    /// [`WalletError::WrongKind`] for a reference to something else, [`WalletError::ForeignBackbone`],
    /// [`WalletError::Gone`], [`WalletError::FileTooLarge`] for one that no Backbone would take, and
    /// [`WalletError::Envelope`] when it is not what its owner put there.
    pub async fn download_file(
        &self,
        reference: &Reference,
    ) -> Result<(FileMetadata, Zeroizing<Vec<u8>>)> {
        self.download_file_telling(reference, &|_, _| {}).await
    }

    /// The same, and tells how many bytes have come, and of how many.
    ///
    /// # Errors
    ///
    /// As [`Wallet::download_file`].
    pub async fn download_file_telling(
        &self,
        reference: &Reference,
        tell: Progress<'_>,
    ) -> Result<(FileMetadata, Zeroizing<Vec<u8>>)> {
        let id = self.file_id(reference)?;
        let (record, metadata) = self.describe_file(id, reference).await?;
        let mut download = self.client().download_file(id).await.map_err(gone)?;
        let mut sealed = Vec::new();
        while let Some(mut chunk) = download.chunk().await? {
            // More than a Backbone takes was never uploaded.
            if sealed.len() + chunk.len() > limits::MAX_FILE_BYTES {
                return Err(WalletError::FileTooLarge);
            }
            sealed.append(&mut chunk);
            let come = u64::try_from(sealed.len()).unwrap_or(u64::MAX);
            tell(come, record.cipher_size.max(come));
        }
        let content =
            envelopes::file::open_content(&sealed, record.cipher_hash.as_slice(), &metadata)?;
        Ok((metadata, content))
    }

    /// The reference of a File that was given to the Backbone here, or that a peer attached and the
    /// person passes on, as a link. Whoever has it can read the File.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`], [`WalletError::AttachmentExpired`].
    pub async fn file_link(&self, id: &FileId) -> Result<FileLink> {
        let known = self.known_file(id).await?;
        if known.facts.expires_at <= self.now() {
            return Err(WalletError::AttachmentExpired);
        }
        let url = known.reference.url(None);
        let url = url.map_err(|_| store::StoreError::Internal)?;
        Ok(FileLink {
            url: SecretText::from(url.as_str()),
            truncated_reference: SecretText::from(known.reference.truncated().as_str()),
        })
    }

    /// The Files that were given to the Backbone here, those that were taken over, and those that a
    /// peer attached and the person passes on; the newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn files(&self) -> Result<Vec<ListedFile>> {
        let files = self.inner.store.read(|it| store::files::list(it));
        Ok(files.await?)
    }

    async fn known_file(&self, id: &FileId) -> Result<KnownFile> {
        let id = id.clone();
        self.inner
            .store
            .read(move |transaction| {
                store::files::by_id(transaction, &id)?.ok_or(WalletError::NotFound("File"))
            })
            .await
    }

    /// The File that a reference names, at this profile's Backbone.
    fn file_id<'a>(&self, reference: &'a Reference) -> Result<&'a FileId> {
        let ReferenceId::File(id) = &reference.id else {
            return Err(WalletError::WrongKind("thing that is no file"));
        };
        match reference.foreign_backbone(&self.backbone_url()?) {
            Some(other) => Err(WalletError::ForeignBackbone {
                host: crate::wallet::shown_host(other),
            }),
            None => Ok(id),
        }
    }

    /// What the Backbone and its owner say about a File.
    async fn describe_file(
        &self,
        id: &FileId,
        reference: &Reference,
    ) -> Result<(tessera_backbone_api::files::FileMetadata, FileMetadata)> {
        let record = self.client().file_metadata(id).await.map_err(gone)?;
        let sealed = record.encrypted_properties.as_slice();
        let metadata = envelopes::file::open_metadata(sealed, &reference.key)?;
        Ok((record, metadata))
    }
}

fn gone(error: tessera_backbone_api::client::ClientError) -> WalletError {
    if error.is_record_not_found() {
        WalletError::Gone
    } else {
        error.into()
    }
}
