//! What an own Attribute was made of, and what was made of it.

use tessera_core_types::{AttributeId, CoreDate};

use super::{
    AttributeError,
    listing::{NAMED, attribute_view},
};
use crate::{
    Result, Wallet,
    store::{self, Transaction, sources::Tie},
    views::{DerivationEntry, DerivationView},
};

/// How many are named.
const MOST: u32 = 50;

impl Wallet {
    /// What an Attribute was made of, and what was made of it to answer somebody who asked for a part
    /// of it or for several put together; `id` is any of its versions.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`].
    pub async fn derivation(&self, id: &AttributeId) -> Result<DerivationView> {
        let (id, now) = (id.clone(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                store::attributes::by_id_with(transaction, &id, NAMED)?
                    .ok_or(AttributeError::NotFound)?;
                // One more tells whether there are more.
                let sources = store::sources::of(transaction, &id, MOST + 1)?;
                let derived = store::sources::derived(transaction, &id, MOST + 1)?;
                let are_more = |ties: &[Tie]| ties.len() > MOST as usize;
                Ok(DerivationView {
                    are_more_sources: are_more(&sources),
                    are_more_derived: are_more(&derived),
                    sources: entries(transaction, sources, now)?,
                    derived: entries(transaction, derived, now)?,
                })
            })
            .await
    }
}

fn entries(
    transaction: &Transaction<'_>,
    ties: Vec<Tie>,
    now: CoreDate,
) -> Result<Vec<DerivationEntry>> {
    ties.into_iter()
        .take(MOST as usize)
        .map(|tie| {
            let attribute = store::attributes::by_id_with(transaction, &tie.attribute, NAMED)?
                .ok_or(store::StoreError::Damaged)?;
            Ok(DerivationEntry {
                attribute: attribute_view(transaction, &attribute, now)?,
                is_of_older_version: tie.is_of_older_version,
            })
        })
        .collect()
}
