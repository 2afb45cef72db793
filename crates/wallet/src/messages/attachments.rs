//! Attached Files. A Message holds references to them, and those hold their keys; everybody outside
//! names an attachment by the Message and the id of the File.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tessera_backbone_api::{limits::MAX_ATTACHMENTS, messages::MessageAttachment};
use tessera_content::{BackboneUrl, Reference, ReferenceId};
use tessera_core_types::{CoreDate, FileId};
use tessera_crypto::objects::SecretKey;
use zeroize::Zeroizing;

use super::by_number;
use crate::{
    FileMetadata, Progress, Result, Wallet, WalletError,
    model::Message,
    store::{self, StoreError, Transaction, files::KnownFile},
    views::{AttachmentView, FileFacts},
};

/// The Files of a Message that is going to be sent.
pub(super) struct Attached {
    /// Their references, as they are written into the Message.
    pub references: Vec<Value>,
    files: Vec<(FileId, FileFacts)>,
}

impl Attached {
    /// Looks up Files that are known here.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`] for one that is not, [`WalletError::AttachmentExpired`],
    /// [`WalletError::InvalidMessage`] for more than 20 and for one that is named twice.
    pub fn load(transaction: &Transaction<'_>, ids: &[FileId], now: CoreDate) -> Result<Self> {
        if ids.len() > MAX_ATTACHMENTS {
            return Err(WalletError::InvalidMessage("it has too many attachments"));
        }
        let mut seen = BTreeSet::new();
        let mut references = Vec::new();
        let mut files = Vec::new();
        for id in ids {
            if !seen.insert(id) {
                return Err(WalletError::InvalidMessage("an attachment is named twice"));
            }
            let file =
                store::files::by_id(transaction, id)?.ok_or(WalletError::NotFound("File"))?;
            if file.facts.expires_at <= now {
                return Err(WalletError::AttachmentExpired);
            }
            references.push(to_json(id, &file.reference)?);
            files.push((id.clone(), file.facts));
        }
        Ok(Self { references, files })
    }

    /// What the Backbone is told of them.
    pub fn named(&self) -> Option<Vec<MessageAttachment>> {
        let ids = self
            .files
            .iter()
            .map(|(id, _)| MessageAttachment { id: id.clone() });
        (!self.files.is_empty()).then(|| ids.collect())
    }

    /// Remembers with the Message what they say about themselves.
    pub fn remember(&self, transaction: &Transaction<'_>, number: i64) -> Result<(), StoreError> {
        for (id, facts) in &self.files {
            store::files::put_facts(transaction, number, id, facts)?;
        }
        Ok(())
    }
}

/// A reference as it stands in a Message.
fn to_json(id: &FileId, reference: &Reference) -> Result<Value> {
    let key = Zeroizing::new(reference.key.to_json(false));
    let key: Value = serde_json::from_str(&key).map_err(|_| StoreError::Internal)?;
    let mut json = json!({ "id": id, "key": key });
    if let (Some(url), Some(object)) = (&reference.backbone_base_url, json.as_object_mut()) {
        object.insert("backboneBaseUrl".to_owned(), json!(url.as_str()));
        // Written in the order of their names, as everything that is sealed.
        object.sort_keys();
    }
    Ok(json)
}

/// Which File something attached is; `None` when it names none.
fn file_id(attached: &Value) -> Option<FileId> {
    FileId::parse(attached.get("id")?.as_str()?).ok()
}

/// The reference that stands in a Message.
fn reference(attached: &Value) -> Option<Reference> {
    let key = Zeroizing::new(attached.get("key")?.to_string());
    let url = match attached.get("backboneBaseUrl") {
        None | Some(Value::Null) => None,
        Some(url) => Some(BackboneUrl::parse(url.as_str()?).ok()?),
    };
    Some(Reference {
        id: ReferenceId::File(file_id(attached)?),
        backbone_base_url: url,
        key: SecretKey::from_json(&key).ok()?,
        for_identity_truncated: None,
        password_protection: None,
    })
}

/// The attached Files of a Message: what names no File is left out, and more than can be sent, too.
pub(super) fn attachment_ids(message: &Message) -> Vec<FileId> {
    let mut seen = BTreeSet::new();
    let ids = message.attachments.iter().filter_map(file_id);
    ids.filter(|id| seen.insert(id.clone()))
        .take(MAX_ATTACHMENTS)
        .collect()
}

/// The attached Files of a Message as they are shown.
pub(super) fn attachment_views(
    transaction: &Transaction<'_>,
    message: &Message,
) -> Result<Vec<AttachmentView>> {
    attachment_ids(message)
        .into_iter()
        .map(|file_id| {
            let facts = store::files::facts(transaction, message.number, &file_id)?;
            Ok(AttachmentView { file_id, facts })
        })
        .collect()
}

impl Wallet {
    /// What an attached File says about itself; asked of the Backbone the first time. Nobody
    /// vouches for it but who attached it.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`], [`WalletError::AttachmentUnreadable`],
    /// [`WalletError::AttachmentExpired`], and as [`Wallet::download_file`].
    pub async fn attachment_facts(&self, number: i64, id: &FileId) -> Result<FileFacts> {
        let wanted = id.clone();
        let known = self
            .inner
            .store
            .read(move |transaction| store::files::facts(transaction, number, &wanted))
            .await?;
        match known {
            Some(facts) => Ok(facts),
            None => Ok(self.look_at_attachment(number, id).await?.facts),
        }
    }

    /// Fetches an attached File: what it says about itself, and its content. `tell` is told how many
    /// bytes of it have come.
    ///
    /// # Errors
    ///
    /// As [`Wallet::attachment_facts`].
    pub async fn download_attachment(
        &self,
        number: i64,
        id: &FileId,
        tell: Progress<'_>,
    ) -> Result<(FileMetadata, Zeroizing<Vec<u8>>)> {
        let reference = self.attached(number, id).await?;
        let fetched = self.download_file_telling(&reference, tell);
        fetched.await.map_err(expired)
    }

    /// Makes an attached File one that can be attached to an own Message: the reference is passed
    /// on, the File stays where it is. It is looked at first, so that a key that does not open it
    /// is not passed on.
    ///
    /// # Errors
    ///
    /// As [`Wallet::attachment_facts`].
    pub async fn pass_on_attachment(&self, number: i64, id: &FileId) -> Result<FileFacts> {
        let file = self.look_at_attachment(number, id).await?;
        let (id, facts, now) = (id.clone(), file.facts.clone(), self.now());
        self.inner
            .store
            .write(move |transaction| store::files::put(transaction, &id, &file, now))
            .await?;
        Ok(facts)
    }

    /// What a File says about itself that can be attached.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn attachable_file(&self, id: &FileId) -> Result<FileFacts> {
        let id = id.clone();
        self.inner
            .store
            .read(move |transaction| {
                let known = store::files::by_id(transaction, &id)?;
                known
                    .map(|file| file.facts)
                    .ok_or(WalletError::NotFound("File"))
            })
            .await
    }

    async fn look_at_attachment(&self, number: i64, id: &FileId) -> Result<KnownFile> {
        let reference = self.attached(number, id).await?;
        let facts = self.file_facts(&reference).await.map_err(expired)?;
        let (wanted, found) = (id.clone(), facts.clone());
        self.inner
            .store
            .write(move |transaction| store::files::put_facts(transaction, number, &wanted, &found))
            .await?;
        Ok(KnownFile {
            reference,
            facts,
            ownership_token: None,
        })
    }

    /// The reference of an attached File.
    async fn attached(&self, number: i64, id: &FileId) -> Result<Reference> {
        let wanted = id.clone();
        self.inner
            .store
            .read(move |transaction| {
                let message = by_number(transaction, number)?;
                let attached = message
                    .attachments
                    .iter()
                    .find(|one| file_id(one).as_ref() == Some(&wanted))
                    .ok_or(WalletError::NotFound("File"))?;
                reference(attached).ok_or(WalletError::AttachmentUnreadable)
            })
            .await
    }
}

/// A File without a password can only be gone because its time is over or its owner deleted it.
fn expired(error: WalletError) -> WalletError {
    match error {
        WalletError::Gone => WalletError::AttachmentExpired,
        error => error,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const KEY: &str = "BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ";

    #[test]
    fn a_reference_is_read_as_it_was_written() {
        let id = FileId::parse("FILaaaaaaaaaaaaaaaaa").unwrap();
        for url in [None, Some("http://localhost:8090")] {
            let written = Reference {
                id: ReferenceId::File(id.clone()),
                backbone_base_url: url.map(|url| BackboneUrl::parse(url).unwrap()),
                key: SecretKey::from_slice(&[4; 32]).unwrap(),
                for_identity_truncated: None,
                password_protection: None,
            };
            let json = to_json(&id, &written).unwrap();
            let expected = match url {
                None => json!({ "id": id, "key": { "key": KEY, "alg": 3 } }),
                Some(url) => {
                    json!({ "backboneBaseUrl": url, "id": id, "key": { "key": KEY, "alg": 3 } })
                }
            };
            assert_eq!(json, expected);
            let read = reference(&json).unwrap();
            assert_eq!(*read.truncated(), *written.truncated());
        }
    }

    #[test]
    fn what_is_no_reference_opens_nothing() {
        let id = "FILaaaaaaaaaaaaaaaaa";
        for nonsense in [
            json!(null),
            json!("FILaaaaaaaaaaaaaaaaa"),
            json!([]),
            json!({ "id": id }),
            json!({ "id": 1, "key": { "key": KEY, "alg": 3 } }),
            json!({ "id": "RLTaaaaaaaaaaaaaaaaa", "key": { "key": KEY, "alg": 3 } }),
            json!({ "id": id, "key": { "key": "AAAA", "alg": 3 } }),
            json!({ "id": id, "key": { "key": KEY, "alg": 1 } }),
            json!({ "id": id, "key": KEY }),
            json!({ "id": id, "key": { "key": KEY, "alg": 3 }, "backboneBaseUrl": 7 }),
        ] {
            assert!(reference(&nonsense).is_none(), "{nonsense}");
        }
    }
}
