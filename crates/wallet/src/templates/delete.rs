//! Deleting own templates: from then on nobody can open them.

use tessera_core_types::RelationshipTemplateId;

use crate::{Changed, Result, Wallet, WalletError, store};

impl Wallet {
    /// Deletes an own template, at the Backbone first. Relationships that began with it stay; what
    /// was answered to it before is fetched before.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`] if there is no such own template; no connection: then nothing is
    /// deleted.
    pub async fn delete_template(&self, id: &RelationshipTemplateId) -> Result<()> {
        if !self.template(id).await?.is_own {
            return Err(WalletError::NotFound("template"));
        }
        // The Backbone no longer says which template a Relationship came of once that is deleted,
        // and then nothing can be done with it.
        self.sync().await?;
        match self.client().delete_relationship_template(id).await {
            // It is gone there already, or too old to be seen.
            Err(error) if error.is_record_not_found() => {}
            done => done?,
        }
        let own = id.clone();
        self.inner
            .store
            .write(move |transaction| store::templates::delete_own(transaction, &own))
            .await?;
        self.tell(Changed::Templates);
        Ok(())
    }
}
