//! Promises to delete something that was received: kept when their date has come.

use std::collections::BTreeSet;

use tessera_core_types::AttributeId;

use super::{AttributeError, actions::look_for_deletion};
use crate::{Result, Wallet, WalletError, model::DeletionStatus, store};

/// What came of promises whose date has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueDeletions {
    /// What was deleted, with older versions.
    pub deleted: Vec<AttributeId>,
    /// What waits, because whoever gave it can't be told yet.
    pub waiting: Vec<AttributeId>,
}

impl Wallet {
    /// Deletes what was received and is promised to be deleted by now, and tells whoever gave it.
    /// (enmeshed keeps the promise and never acts on it.) To be called when the wallet is opened
    /// and at least daily; when nothing is due it writes nothing. What it queues is delivered with
    /// the next synchronisation.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn delete_due_attributes(&self) -> Result<DueDeletions> {
        let now = self.now();
        let due: BTreeSet<AttributeId> = self
            .inner
            .store
            .read(move |transaction| {
                let promised = DeletionStatus::ToBeDeleted;
                let due = store::share_info::due(transaction, promised, now)?;
                Ok::<_, WalletError>(due.into_iter().map(|share| share.attribute_id).collect())
            })
            .await?;
        let mut outcome = DueDeletions::default();
        for id in due {
            let wanted = id.clone();
            let deleted = self
                .keep_quietly(
                    move |transaction| {
                        let attributes = look_for_deletion(transaction, &wanted)?;
                        Ok((attributes, wanted))
                    },
                    |keeping, id, ids| keeping.delete(id, ids),
                )
                .await;
            match deleted {
                Ok(_) => outcome.deleted.push(id),
                // Went with a newer version.
                Err(WalletError::Attribute(AttributeError::NotFound)) => {}
                Err(WalletError::Attribute(AttributeError::RelationshipPending)) => {
                    outcome.waiting.push(id);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(outcome)
    }
}
