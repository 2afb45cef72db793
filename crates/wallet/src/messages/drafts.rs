//! Mails that are being written: kept as they are, and sent as a whole.

use tessera_content::{Mail, MailBodyFormat, MessageContent};

use super::{check, enqueue_with_files};
use crate::{
    Changed, Result, Wallet, WalletError,
    model::Message,
    store::{self, StoreError},
    views::{KeptDraft, MailDraft},
};

/// How many bytes a draft may have as JSON: somebody may write too much and shorten it, but it is
/// no place to put things.
const LARGEST_DRAFT: usize = 1024 * 1024;

impl Wallet {
    /// The Mails that are being written, what was changed last first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn mail_drafts(&self) -> Result<Vec<KeptDraft>> {
        Ok(self
            .inner
            .store
            .read(|transaction| store::mail_drafts::list(transaction))
            .await?)
    }

    /// One of them.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`] when it was sent or thrown away.
    pub async fn mail_draft(&self, id: i64) -> Result<KeptDraft> {
        self.inner
            .store
            .read(move |transaction| {
                store::mail_drafts::by_id(transaction, id)?.ok_or(WalletError::NotFound("draft"))
            })
            .await
    }

    /// Keeps a Mail that is being written, on the disk when it returns; its id. `id` is the one of
    /// the draft that it takes the place of, `None` for a new one.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`] when that was sent or thrown away, [`WalletError::DraftRefused`]
    /// when it is larger than 1 MiB.
    pub async fn keep_mail_draft(&self, id: Option<i64>, draft: MailDraft) -> Result<i64> {
        let size = serde_json::to_vec(&draft)
            .map_err(|_| StoreError::Internal)?
            .len();
        if size > LARGEST_DRAFT {
            return Err(WalletError::DraftRefused);
        }
        let now = self.now();
        let id = self
            .inner
            .store
            .write(move |transaction| match id {
                None => Ok(store::mail_drafts::add(transaction, &draft, now)?),
                Some(id) => match store::mail_drafts::set(transaction, id, &draft, now) {
                    Err(StoreError::Missing(what)) => Err(WalletError::NotFound(what)),
                    result => Ok(result.map(|()| id)?),
                },
            })
            .await?;
        self.tell(Changed::Messages);
        Ok(id)
    }

    /// Throws a draft away; a second time changes nothing.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn discard_mail_draft(&self, id: i64) -> Result<()> {
        self.inner
            .store
            .write(move |transaction| store::mail_drafts::remove(transaction, id))
            .await?;
        self.tell(Changed::Messages);
        Ok(())
    }

    /// Sends a Mail; the draft it was, if it was one, goes in the same transaction. Being offline is
    /// no error: it waits. Who is named under `to` and under `cc` gets it once.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`] when the draft was sent already, and as
    /// [`Wallet::send_message_with_files`]. Then the draft is still there.
    pub async fn send_mail(&self, mail: MailDraft, draft: Option<i64>) -> Result<Message> {
        let MailDraft {
            to,
            cc,
            subject,
            body,
            attachments,
        } = mail;
        let cc: Vec<_> = cc.into_iter().filter(|one| !to.contains(one)).collect();
        let recipients: Vec<_> = to.iter().chain(&cc).cloned().collect();
        let content = MessageContent::Mail(Mail {
            to,
            cc,
            subject,
            body,
            body_format: MailBodyFormat::PlainText,
        });
        check(&recipients, &content)?;
        self.send_now(move |transaction, sender| {
            if let Some(id) = draft {
                store::mail_drafts::by_id(transaction, id)?
                    .ok_or(WalletError::NotFound("draft"))?;
                store::mail_drafts::remove(transaction, id)?;
            }
            enqueue_with_files(
                transaction,
                sender,
                &recipients,
                content,
                None,
                &attachments,
            )
        })
        .await
    }
}
