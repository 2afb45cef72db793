//! Files: the encrypted bytes, what is known about them, and handing them over.

use std::{convert::Infallible, fmt, path::PathBuf, sync::Arc};

use futures_util::stream;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use tessera_core_types::{CoreDate, FileId};

use super::super::{
    AuthenticatedClient, ClientError, FileDownload, FileFault,
    call::{Body, Call},
};
use crate::{
    Bytes, SecretText,
    files::{
        FileMetadata, NewOwnershipToken, OwnershipTokenRequest, UploadedFile,
        ValidateOwnershipTokenResponse, form,
    },
    limits::MAX_FILE_BYTES,
};

/// A file to be: everything but its cipher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The hash of the cipher, 1 to [`MAX_CIPHER_HASH_BYTES`](crate::limits::MAX_CIPHER_HASH_BYTES)
    /// bytes.
    pub cipher_hash: Bytes,
    /// The owner's signature of that hash, 1 to
    /// [`MAX_OWNER_SIGNATURE_BYTES`](crate::limits::MAX_OWNER_SIGNATURE_BYTES) bytes.
    pub owner_signature: Bytes,
    /// Until when the file can be read; in the future.
    pub expires_at: CoreDate,
    /// The cipher of what a reader wants to know before the download, at most
    /// [`MAX_ENCRYPTED_PROPERTIES_BYTES`](crate::limits::MAX_ENCRYPTED_PROPERTIES_BYTES) bytes.
    pub encrypted_properties: Bytes,
}

/// Where the cipher of an upload is; 1 to [`MAX_FILE_BYTES`] bytes.
///
/// An upload is made twice when the access token turns out to be over, so it must be possible to
/// read the cipher twice: it can't be a stream that is used up by reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// In memory.
    Bytes(Arc<Vec<u8>>),
    /// In a file of this computer, which is read bit by bit while it is sent.
    Path(PathBuf),
}

impl From<Vec<u8>> for FileContent {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Arc::new(bytes))
    }
}

impl From<PathBuf> for FileContent {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

/// What is told how many bytes of a cipher were handed to the connection, and how many there are. A
/// second attempt begins at 0 again.
#[derive(Clone)]
pub struct UploadProgress(Arc<dyn Fn(u64, u64) + Send + Sync>);

impl UploadProgress {
    /// One that calls this.
    pub fn new(tell: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }
}

impl fmt::Debug for UploadProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadProgress")
    }
}

/// So many bytes are handed to the connection at a time.
const PIECE: usize = 64 * 1024;

/// The bytes piece by piece, so that they stand in memory once however often they are sent.
fn pieces(bytes: Arc<Vec<u8>>, progress: Option<UploadProgress>) -> reqwest::Body {
    let all = bytes.len() as u64;
    reqwest::Body::wrap_stream(stream::unfold(0, move |at| {
        let piece = bytes
            .get(at..bytes.len().min(at + PIECE))
            .map(<[u8]>::to_vec);
        let progress = progress.clone();
        async move {
            let piece = piece.filter(|piece| !piece.is_empty())?;
            let end = at + piece.len();
            if let Some(UploadProgress(tell)) = progress {
                tell(end as u64, all);
            }
            Some((Ok::<_, Infallible>(piece), end))
        }
    }))
}

/// An upload that is not sent yet.
#[derive(Debug)]
pub(in super::super) struct Upload {
    fields: [(&'static str, String); 4],
    content: FileContent,
    progress: Option<UploadProgress>,
}

impl Upload {
    /// The form as it is sent, made anew for each attempt.
    pub(in super::super) async fn form(&self) -> Result<Form, ClientError> {
        let (bytes, part) = match &self.content {
            FileContent::Bytes(bytes) => {
                let length = bytes.len() as u64;
                let body = pieces(bytes.clone(), self.progress.clone());
                (length, Part::stream_with_length(body, length))
            }
            FileContent::Path(path) => {
                let unreadable = |error: std::io::Error| ClientError::File {
                    what: FileFault::NotReadable(error.kind()),
                };
                let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
                let length = file.metadata().await.map_err(unreadable)?.len();
                (length, Part::stream_with_length(file, length))
            }
        };
        if bytes > MAX_FILE_BYTES as u64 {
            return Err(ClientError::File {
                what: FileFault::TooLarge,
            });
        }
        let mut form = Form::new();
        for (name, value) in &self.fields {
            form = form.text(*name, value.clone());
        }
        Ok(form.part(form::CONTENT, part.file_name("cipher.bin")))
    }
}

impl AuthenticatedClient {
    /// `POST Files`: uploads a cipher. Not repeated when it may have reached the server. May take
    /// as long as [`transfer_timeout`](super::super::ClientSettings::transfer_timeout).
    ///
    /// # Errors
    ///
    /// [`ClientError`]; [`ClientError::File`] when the cipher can't be read or is longer than the
    /// API allows, before anything is sent.
    pub async fn upload_file(
        &self,
        file: &NewFile,
        content: impl Into<FileContent>,
    ) -> Result<UploadedFile, ClientError> {
        self.upload(file, content.into(), None).await
    }

    /// The same, and tells how much of it is on its way; not of a file that is read from this
    /// computer's disk.
    ///
    /// # Errors
    ///
    /// As [`upload_file`](Self::upload_file).
    pub async fn upload_file_telling(
        &self,
        file: &NewFile,
        content: impl Into<FileContent>,
        progress: UploadProgress,
    ) -> Result<UploadedFile, ClientError> {
        self.upload(file, content.into(), Some(progress)).await
    }

    async fn upload(
        &self,
        file: &NewFile,
        content: FileContent,
        progress: Option<UploadProgress>,
    ) -> Result<UploadedFile, ClientError> {
        let mut call = Call::post("Files", &[]).transfer();
        call.body = Body::Upload(Upload {
            fields: [
                (form::CIPHER_HASH, file.cipher_hash.to_text()),
                (form::OWNER_SIGNATURE, file.owner_signature.to_text()),
                (form::EXPIRES_AT, file.expires_at.to_string()),
                (
                    form::ENCRYPTED_PROPERTIES,
                    file.encrypted_properties.to_text(),
                ),
            ],
            content,
            progress,
        });
        self.channel.result(call).await
    }

    /// `GET Files/{id}`: the cipher, as it arrives. Whoever knows the id may read it. May take as
    /// long as [`transfer_timeout`](super::super::ClientSettings::transfer_timeout) until its last
    /// byte.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; [`is_record_not_found`](ClientError::is_record_not_found) also when it has
    /// expired.
    pub async fn download_file(&self, id: &FileId) -> Result<FileDownload, ClientError> {
        let call = Call::get("Files/{}", &[id.as_str()]).transfer();
        FileDownload::begin(&self.channel, call).await
    }

    /// `GET Files/{id}/Metadata`. Whoever knows the id may read it.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; [`is_record_not_found`](ClientError::is_record_not_found) also when it has
    /// expired.
    pub async fn file_metadata(&self, id: &FileId) -> Result<FileMetadata, ClientError> {
        let call = Call::get("Files/{}/Metadata", &[id.as_str()]);
        self.channel.result(call).await
    }

    /// `GET Files`: those of the given ones that the identity created and that have not expired,
    /// also those that belong to somebody else by now.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn files(&self, ids: &[FileId]) -> Result<Vec<FileMetadata>, ClientError> {
        let call = |part: &[FileId]| {
            part.iter()
                .fold(Call::get("Files", &[]), |call, id| call.query("ids", id))
        };
        self.channel.list_by_ids(ids, call).await
    }

    /// `GET Files` without ids: all that the identity created and that have not expired.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn all_files(&self) -> Result<Vec<FileMetadata>, ClientError> {
        self.channel.list(|| Call::get("Files", &[])).await
    }

    /// `DELETE Files/{id}`: only for who created it; owning it is not enough.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn delete_file(&self, id: &FileId) -> Result<(), ClientError> {
        let call = Call::delete("Files/{}", &[id.as_str()]);
        self.channel.done(call).await
    }

    /// `PATCH Files/{id}/RegenerateOwnershipToken`: a new ownership token for an own file, which
    /// also unlocks it. Not repeated when it may have reached the server; the old token may or may
    /// not be good afterwards.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn regenerate_ownership_token(
        &self,
        id: &FileId,
    ) -> Result<NewOwnershipToken, ClientError> {
        let path = "Files/{}/RegenerateOwnershipToken";
        let call = Call::new(Method::PATCH, path, &[id.as_str()]);
        self.channel.result(call).await
    }

    /// `POST Files/{id}/ValidateOwnershipToken`: whether the file could be taken over with that
    /// token. A wrong one locks the file, unless it is the caller's own.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn validate_ownership_token(
        &self,
        id: &FileId,
        ownership_token: &SecretText,
    ) -> Result<ValidateOwnershipTokenResponse, ClientError> {
        // Asking twice is as good as once, also with a wrong token: it is locked by the first.
        let call = Call::post("Files/{}/ValidateOwnershipToken", &[id.as_str()]).harmless();
        let call = with_token(call, ownership_token);
        self.channel.result(call).await
    }

    /// `PATCH Files/{id}/ClaimOwnership`: takes a file over. A wrong token locks it. Not repeated
    /// when it may have reached the server.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; [`FORBIDDEN`](crate::error_codes::FORBIDDEN) for a wrong token and for a
    /// locked file.
    pub async fn claim_file_ownership(
        &self,
        id: &FileId,
        ownership_token: &SecretText,
    ) -> Result<NewOwnershipToken, ClientError> {
        let path = "Files/{}/ClaimOwnership";
        let call = Call::new(Method::PATCH, path, &[id.as_str()]);
        self.channel.result(with_token(call, ownership_token)).await
    }
}

fn with_token(call: Call, ownership_token: &SecretText) -> Call {
    call.hiding(ownership_token.expose())
        .json(&OwnershipTokenRequest {
            ownership_token: ownership_token.clone(),
        })
}
