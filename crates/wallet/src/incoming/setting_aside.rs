//! Requests that wait, or that nobody can answer: drafts, and putting them away.

use serde_json::Value;
use tessera_core_types::RequestId;

use super::{is_dismissible, load_request};
use crate::{Changed, Result, Wallet, WalletError, store};

impl Wallet {
    /// Puts a received Request away that can't be answered: one that this version does not
    /// understand, or whose time is over. Nothing is sent. `false` takes it up again.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`], and [`WalletError::NotDismissible`] for one that can be answered.
    pub async fn dismiss_request(&self, id: &RequestId, dismissed: bool) -> Result<()> {
        self.expire_due().await?;
        let (id, now) = (id.clone(), self.now());
        self.inner
            .store
            .write(move |transaction| {
                let request = load_request(transaction, &id)?;
                if !is_dismissible(&request) {
                    return Err(WalletError::NotDismissible);
                }
                let at = dismissed.then_some(now);
                Ok(store::requests::set_dismissed(transaction, &id, at)?)
            })
            .await?;
        self.tell(Changed::Requests);
        Ok(())
    }

    /// Keeps what the person has entered into the form of a Request that waits for them, until it
    /// is decided or expires. `draft` is the page's own, up to 256 KiB of JSON.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`], [`WalletError::DraftRefused`].
    pub async fn save_draft(&self, id: &RequestId, draft: Value) -> Result<()> {
        const MOST: usize = 256 * 1024;
        if draft.to_string().len() > MOST {
            return Err(WalletError::DraftRefused);
        }
        self.expire_due().await?;
        let (id, now) = (id.clone(), self.now());
        self.inner
            .store
            .write(move |transaction| {
                if !load_request(transaction, &id)?.is_decidable() {
                    return Err(WalletError::DraftRefused);
                }
                Ok(store::drafts::put(transaction, &id, &draft, now)?)
            })
            .await
    }

    /// What [`Wallet::save_draft`] kept.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn draft(&self, id: &RequestId) -> Result<Option<Value>> {
        let id = id.clone();
        Ok(self
            .inner
            .store
            .read(move |transaction| store::drafts::get(transaction, &id))
            .await?)
    }
}
